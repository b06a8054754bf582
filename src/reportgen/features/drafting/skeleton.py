"""Blank files with comments, made from the schema: what a drafter fills in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, cast

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from reportgen.load.schema import BudgetLine
from reportgen.load.shape import bare, inside, is_model
from reportgen.load.unconfirmed import FILL

PLACEHOLDER = "待填写"
"""What stands where the schema takes no blank; a report that prints it is refused (P208)."""


def blank_section(model: type[BaseModel], name: str) -> Iterator[str]:
    """Yield the lines of the field `name` of `model`, blank, each with its label."""
    field = model.model_fields[name]
    inner: Any = bare(field.annotation)
    if is_model(inner):
        yield f"{name}:   # {_label(field)}"
        yield from _group(inner, "  ")
    elif getattr(inner, "__origin__", None) is list:
        yield from _listed(name, field)
    else:
        yield _leaf(name, field)


def _group(model: type[BaseModel], indent: str) -> Iterator[str]:
    for name, field in model.model_fields.items():
        inner: Any = bare(field.annotation)
        if inner is BudgetLine:
            cells = ", ".join(f"{cell}: " for cell in BudgetLine.model_fields)
            yield f"{indent}{name}: {{{cells}}}   # {_label(field)} {FILL}"
        elif is_model(inner):
            yield f"{indent}{name}:   # {_label(field)}"
            yield from _group(inner, f"{indent}  ")
        elif getattr(inner, "__origin__", None) is list:
            yield from (f"{indent}{line}" for line in _listed(name, field))
        else:
            yield indent + _leaf(name, field)


def blank_row(model: type[BaseModel], name: str) -> Iterator[str]:
    """Yield a row of a list with the id `name`, a fact a line, its own lists left out."""
    yield f"  - id: {name}"
    for key, field in model.model_fields.items():
        if key != "id" and getattr(bare(field.annotation), "__origin__", None) is not list:
            yield f"    {_leaf(key, field)}"


def _leaf(name: str, field: FieldInfo) -> str:
    value = f" {PLACEHOLDER}" if field.is_required() and not _is_amount(field) else ""
    return f"{name}:{value}   # {_label(field)} {FILL}"


def _listed(name: str, field: FieldInfo) -> Iterator[str]:
    """Yield an empty list with one row as an example in a comment."""
    row = bare(inside(cast("Any", field.annotation), 0))
    yield f"{name}: []   # {_label(field)}：删去 []，照下面的样子一行一项 {FILL}"
    if is_model(row):
        cells = ", ".join(f"{n}: {_example(n, f)}" for n, f in row.model_fields.items())
        yield f"#   - {{{cells}}}"
        yield f"#   {'，'.join(f'{n} {_label(f)}' for n, f in row.model_fields.items())}"
    else:
        yield "#   - 第一项"


def _example(name: str, field: FieldInfo) -> str:
    return "example" if name == "id" else str(field.title) if field.is_required() else ""


@dataclass(frozen=True, slots=True)
class BlankTable:
    """A table to fill in: the columns, beside id and name, and ids of rows that must be there."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[str, ...] = ()


def blank_facts(facts: Iterable[tuple[str, bool]]) -> Iterator[str]:
    """Yield a group of named facts, blank; each with whether it is a list."""
    yield "facts:   # 照平常的写法填，带单位，如 434.43亿元、80余次"
    for name, listed in facts:
        yield f"  {name}: []   # 删去 []，一行一项 {FILL}" if listed else f"  {name}:   # {FILL}"
        if listed:
            yield "  #   - 第一项"


def blank_tables(tables: Iterable[BlankTable]) -> Iterator[str]:
    """Yield tables, empty or with the rows that they must have, with an example of a row."""
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


def _label(field: FieldInfo) -> str:
    extra = _unit(field)
    told = "，".join(part for part in (field.description or "", extra) if part)
    return f"{field.title}（{told}）" if told else str(field.title)


def _schemas(field: FieldInfo) -> Iterator[dict[str, Any]]:
    arguments = getattr(field.annotation, "__args__", ())
    metadata = (m for a in arguments for m in getattr(a, "__metadata__", ()))
    for each in (*field.metadata, *metadata):
        schema = getattr(each, "schema", None)
        if isinstance(schema, dict):
            yield schema


def _unit(field: FieldInfo) -> str:
    return next((str(s["description"]) for s in _schemas(field) if "description" in s), "")


def _is_amount(field: FieldInfo) -> bool:
    return bool(_unit(field))
