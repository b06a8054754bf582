"""Skeletons of files, made from the schema: every key with a comment, and a blank to fill in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, cast

from reportgen.load.groups import GroupField, KeyGroup, bare, fields_of, inside, is_model, leaf_type
from reportgen.load.needs import TableNeed
from reportgen.load.schema import BudgetLine
from reportgen.load.unconfirmed import CONFIRM, FILL, PLACEHOLDER


def section_skeleton(model: type[KeyGroup], name: str) -> Iterator[str]:
    """Yield the lines of the field `name` of `model`, blank, each with its label."""
    field = fields_of(model)[name]
    inner: Any = bare(field.annotation)
    if is_model(inner):
        yield from _group(name, field, inner)
    else:
        yield from _field(name, field)


def row_skeleton(model: type[KeyGroup], name: str) -> Iterator[str]:
    """Yield a row of a list with the id `name`, a fact a line, its own lists left out."""
    yield f"  - id: {name}"
    for key, field in fields_of(model).items():
        if key != "id" and not _is_list(field):
            yield f"    {_value(key, field)}"


def _group(name: str, field: GroupField, model: type[KeyGroup]) -> Iterator[str]:
    yield f"{name}:   # {_label(field)}"
    for key, inner_field in fields_of(model).items():
        for line in _field(key, inner_field):
            yield f"  {line}"


def _field(name: str, field: GroupField) -> Iterator[str]:
    """Yield the lines of a field in a group: a line of a budget stands on one line."""
    inner: Any = bare(field.annotation)
    if inner is BudgetLine:
        cells = ", ".join(f"{cell}: " for cell in fields_of(BudgetLine))
        yield f"{name}: {{{cells}}}   # {_label(field)} {FILL}"
    elif is_model(inner):
        yield from _group(name, field, inner)
    elif _is_list(field):
        yield from _list(name, field)
    else:
        yield _value(name, field)


def _is_list(field: GroupField) -> bool:
    return getattr(bare(field.annotation), "__origin__", None) is list


def _value(name: str, field: GroupField) -> str:
    needs_text = field.required and not _unit(field)
    value = f" {PLACEHOLDER}" if needs_text else ""
    return f"{name}:{value}   # {_label(field)} {FILL}"


def _list(name: str, field: GroupField) -> Iterator[str]:
    """Yield an empty list with one row as an example in a comment."""
    row = bare(inside(cast("Any", field.annotation), 0))
    yield f"{name}: []   # {_label(field)}：删去 []，照下面的样子一行一项 {FILL}"
    if not is_model(row):
        yield "#   - 第一项"
        return
    cells: list[str] = []
    labels: list[str] = []
    for key, cell in fields_of(row).items():
        cells.append(f"{key}: {_example(key, cell)}")
        labels.append(f"{key} {_label(cell)}")
    yield f"#   - {{{', '.join(cells)}}}"
    yield f"#   {'，'.join(labels)}"


def _example(name: str, field: GroupField) -> str:
    if name == "id":
        return "example"
    return str(field.title) if field.required else ""


def facts_skeleton(names: Iterable[str], lists: frozenset[str]) -> Iterator[str]:
    """Yield a group of named facts, blank; those in `lists` are lists."""
    yield "facts:   # 照平常的写法填，带单位，如 434.43亿元、80余次"
    for name in names:
        if name in lists:
            yield f"  {name}: []   # 删去 []，一行一项 {FILL}"
            yield "  #   - 第一项"
        else:
            yield f"  {name}:   # {FILL}"


def tables_skeleton(tables: Iterable[TableNeed]) -> Iterator[str]:
    """Yield tables, empty or with the rows that they must have, with an example of a row.

    Below them stand the units of their columns as far as they are known: those of amounts.
    """
    tables = list(tables)
    yield "tables:   # 表：一行一项，id 用小写英文，name 是名称"
    for table in tables:
        cells = "".join(f", {column}: " for column in table.columns)
        if table.rows:
            yield f"  {table.name}:"
            for row in table.rows:
                yield f"    - {{id: {row}, name: {PLACEHOLDER}{cells}}}   # {FILL}"
        else:
            yield f"  {table.name}: []   # 删去 []，照下面的样子一行一项 {FILL}"
            yield f"  #   - {{id: example, name: 名称{cells}}}"
    yield from _units_skeleton(tables)


def _units_skeleton(tables: Iterable[TableNeed]) -> Iterator[str]:
    lines: list[str] = []
    for table in tables:
        amounts = [column for column in table.columns if column in fields_of(BudgetLine)]
        if amounts:
            cells = ", ".join(f"{column}: 万元" for column in amounts)
            lines.append(f"  {table.name}: {{{cells}}}   # {CONFIRM}")
    if lines:
        yield "units:   # 列单位：不写单位的数按它计；别的列照样添上，如 projects: 个"
        yield from lines


def _label(field: GroupField) -> str:
    """Return the title of a field with what is said about it in parentheses."""
    explanations = list(filter(None, (field.description, _unit(field))))
    if not explanations:
        return str(field.title)
    return f"{field.title}（{'，'.join(explanations)}）"


def _unit(field: GroupField) -> str:
    """Return what the type of a field says about the unit of its amount, `` for no amount."""
    leaf = leaf_type(field.annotation)
    return str(leaf.schema.get("description", "")) if leaf else ""
