"""The tables of a year or report that a sheet may be imported into: all that the schema knows.

Lists of groups are tables, groups of budget lines are rows of one, lists of texts are numbered
lines; with them go the author's own tables, and every single value by its key.
"""

from __future__ import annotations

import typing
from collections.abc import Iterator
from collections.abc import Mapping as Mappings
from dataclasses import replace

from reportgen.features.spreadsheet.grid import normalized
from reportgen.features.spreadsheet.tables import ALIASES, FREE, YearRow, YearTable
from reportgen.findings import Diagnostics
from reportgen.load.groups import (
    GroupField,
    KeyGroup,
    LeafType,
    bare,
    fields_of,
    inside,
    is_model,
    leaf_type,
)
from reportgen.load.reading import with_names
from reportgen.load.schema import BudgetLine, Fund, Named, Rating
from reportgen.model.frozen import frozen
from reportgen.model.units import ONE, Unit, find_unit
from reportgen.project.source_files import SourceFiles
from reportgen.project.yaml_nodes import Mapping, Scalar, Sequence, YamlNode
from reportgen.project.yaml_reader import read_yaml

MEASURES = tuple(fields_of(BudgetLine))
"""The fields of a line that hold money, in the order of the schema."""
_ONE_AMOUNT = ("金额", "数额", "支出")
"""What the column of amounts is called where a table has but one."""
_ID_PREFIXES: Mappings[str, str] = {"funds": "fund", "ratings": "indicator"}
"""What the ids of new rows begin with, where it is not `item`."""


@frozen
class YearFiles:
    """The files of the year as they stand: text and root node by path."""

    texts: Mappings[str, str]
    roots: Mappings[str, Mapping]

    def find(self, key: str) -> tuple[str, YamlNode | None]:
        """Return the path of the file with the section `key`, and the value of that."""
        for path, root in self.roots.items():
            value = _value_of(root, key)
            if value is not None:
                return path, value
        return "", None


def read_year(files: SourceFiles, base: str, model: type[KeyGroup], log: Diagnostics) -> YearFiles:
    """Return the YAML files of the folder `base`, without those that cannot be read.

    It is the folder of a year or that of a report, whose `model` names their keys.
    """
    texts: dict[str, str] = {}
    roots: dict[str, Mapping] = {}
    for path in files.names(base, ".yaml"):
        text = files.text(path, log)
        if text is None:
            continue
        node, findings = read_yaml(path, text)
        log.extend(findings)
        if isinstance(node, Mapping):
            root = with_names(node, model, Diagnostics())
            assert isinstance(root, Mapping)
            texts[path], roots[path] = text, root
    return YearFiles(texts, roots)


def tables_of(model: type[KeyGroup], files: YearFiles) -> tuple[YearTable, ...]:
    """Return every table that the files of `model`, a year or report, have or may have.

    The budget lines of all sections are one table, as in the forms.
    """
    tables: list[YearTable] = []
    lines: list[YearRow] = []
    for name, info in _stated(model):
        held = bare(info.annotation)
        if is_model(held):
            lines += _budget_rows(name, info.title, held, files)
        else:
            tables += _tables_of_list(name, info, files)
    budget = [_budget_table(lines)] if lines else []
    return (*tables, *budget, *_free_tables(files), _facts_table(model, files))


def _tables_of_list(name: str, info: GroupField, files: YearFiles) -> Iterator[YearTable]:
    """Yield the table that a list is: of rows with names, or of texts."""
    held = _held(info.annotation)
    if is_model(held) and issubclass(held, Named):
        yield _list_table(name, info.title, held, files)
    elif held is not None:
        yield _texts_table(name, info.title, held, files)


def _stated(model: type[KeyGroup]) -> Iterator[tuple[str, GroupField]]:
    """Yield the fields of a model that hold facts."""
    for name, info in fields_of(model).items():
        if name not in model.unlisted:
            yield name, info


def _held(annotation: object) -> object:
    """Return what a list holds, None for what is no list of groups or texts."""
    outer = bare(annotation)
    if typing.get_origin(outer) is not list:
        return None
    item: object = typing.get_args(outer)[0]
    return item if leaf_type(item) or is_model(bare(item)) else None


def _by_label(titles: Mappings[str, str]) -> dict[str, str]:
    """Return fields by normalized label: their names, their titles, their aliases."""
    fields: dict[str, str] = {}
    for name, title in titles.items():
        fields.setdefault(normalized(name), name)
        fields[normalized(title)] = name
    for name in titles:
        for alias in ALIASES.get(name, ()):
            fields.setdefault(normalized(alias), name)
    return fields


def _titles(model: type[KeyGroup]) -> dict[str, str]:
    """Return the titles of the fields that hold one value."""
    titles: dict[str, str] = {}
    for name, info in fields_of(model).items():
        if leaf_type(info.annotation) is not None:
            titles[name] = info.title
    return titles


def _types(model: type[KeyGroup]) -> dict[str, LeafType]:
    types: dict[str, LeafType] = {}
    for name, info in fields_of(model).items():
        leaf = leaf_type(info.annotation)
        if leaf is not None:
            types[name] = leaf
    return types


def _default_units(types: Mappings[str, LeafType]) -> dict[str, Unit]:
    """Return the units of the fields that hold numbers."""
    units: dict[str, Unit] = {}
    for name, leaf in types.items():
        if leaf.unit:
            units[name] = find_unit(leaf.unit) or ONE
    return units


# The lists of the schema


def _list_table(key: str, title: str, model: type[KeyGroup], files: YearFiles) -> YearTable:
    titles, types = _titles(model), _types(model)
    path, value = files.find(key)
    node = value if isinstance(value, Sequence) else None
    amounts = [name for name in MEASURES if name in titles]
    labels = _by_label(titles)
    if len(amounts) == 1:
        labels |= {label: labels.get(label, amounts[0]) for label in _ONE_AMOUNT}
    words = [name for name in titles if name not in {"id", "name", *MEASURES}]
    return YearTable(
        key,
        title,
        labels,
        tuple(_rows_of(node, key)),
        types,
        _default_units(types),
        required=tuple(name for name, info in fields_of(model).items() if info.required),
        id_prefix=_ID_PREFIXES.get(key, "item"),
        order=("id", "name", *words, *amounts),
        path=path,
        node=node,
    )


def _rows_of(node: Sequence | None, key: str) -> Iterator[YearRow]:
    """Yield the rows of a list; one without id is known by its number."""
    for number, item in enumerate(node.items if node else (), 1):
        if isinstance(item, Mapping):
            yield _row_of(item, key, str(number))


def _row_of(item: Mapping, table: str, number: str) -> YearRow:
    cells = _cells(item)
    row_id = cells["id"].text if "id" in cells else number
    name = cells["name"].text if "name" in cells else ""
    return YearRow(f"{table}.{row_id}", name, cells, item)


def _cells(group: Mapping) -> dict[str, Scalar]:
    cells: dict[str, Scalar] = {}
    for entry in group.entries:
        if isinstance(entry.value, Scalar):
            cells[entry.key] = entry.value
    return cells


def _texts_table(key: str, title: str, item: object, files: YearFiles) -> YearTable:
    """Return a list of texts as a table of numbered lines."""
    path, value = files.find(key)
    return _lines_table(key, title, leaf_type(item), path, value)


def _lines_table(
    key: str, title: str, leaf: LeafType | None, path: str, value: YamlNode | None
) -> YearTable:
    node = value if isinstance(value, Sequence) else None
    rows: list[YearRow] = []
    for number, text in enumerate(node.items if node else (), 1):
        if isinstance(text, Scalar):
            rows.append(YearRow(f"{key}.{number}", str(number), {"value": text}))
    fields = {**_by_label({"id": "序号", "value": title}), "编号": "id"}
    types = {"value": leaf} if leaf else {}
    return YearTable(key, title, fields, tuple(rows), types, order=("value",), path=path, node=node)


def fact_lists(year: YearFiles) -> Iterator[YearTable]:
    """Yield the facts that are lists, each as a table of numbered lines."""
    for path, root in year.roots.items():
        facts = _value_of(root, "facts")
        for entry in facts.entries if isinstance(facts, Mapping) else ():
            if isinstance(entry.value, Sequence):
                yield _lines_table(entry.key, entry.key, FREE, path, entry.value)


# The tables of the authors' own


def _free_tables(year: YearFiles) -> Iterator[YearTable]:
    for path, root in year.roots.items():
        tables = _value_of(root, "tables")
        for entry in tables.entries if isinstance(tables, Mapping) else ():
            if isinstance(entry.value, Sequence):
                units = _units_of(entry.key, year)
                yield _free_table(entry.key, path, entry.value, units)


def _units_of(table: str, year: YearFiles) -> dict[str, Unit]:
    """Return the units that the year states for the columns of a table."""
    units: dict[str, Unit] = {}
    for root in year.roots.values():
        columns = _value_of(_value_of(root, "units"), table)
        if isinstance(columns, Mapping):
            units |= {name: find_unit(cell.text) or ONE for name, cell in _cells(columns).items()}
    return units


def _free_table(name: str, path: str, node: Sequence, units: Mappings[str, Unit]) -> YearTable:
    key = f"tables.{name}"
    rows = tuple(_rows_of(node, key))
    known = _titles(Rating) | _titles(Fund)
    titles: dict[str, str] = {}
    for row in rows:
        for field_name in row.cells:
            titles[field_name] = known.get(field_name, field_name)
    assert FREE is not None
    return YearTable(
        key,
        name,
        _by_label(titles),
        rows,
        dict.fromkeys(titles, FREE),
        units,
        required=("id",) if "id" in titles else (),
        id_prefix="row",
        order=tuple(titles),
        path=path,
        node=node,
    )


# The lines of the budget


def _budget_rows(
    section: str, title: str, model: type[KeyGroup], files: YearFiles
) -> Iterator[YearRow]:
    """Yield the budget lines of a section, which may be a line itself."""
    _, group = files.find(section)
    if model is BudgetLine:
        yield _budget_row(section, title, group)
        return
    for name, info in fields_of(model).items():
        if bare(info.annotation) is BudgetLine:
            row = _budget_row(f"{section}.{name}", info.title, _value_of(group, name))
            yield replace(row, section=group if isinstance(group, Mapping) else None)


def _budget_table(rows: list[YearRow]) -> YearTable:
    types = _types(BudgetLine)
    fields = _by_label({"id": "标识", "name": "名称", **_titles(BudgetLine)})
    units = _default_units(types)
    return YearTable("budget", "收支与经费", fields, tuple(rows), types, units, order=MEASURES)


def _budget_row(key: str, title: str, node: YamlNode | None) -> YearRow:
    if isinstance(node, Mapping):
        return YearRow(key, title, _cells(node), node)
    return YearRow(key, title)


# Every single value


def _facts_table(model: type[KeyGroup], year: YearFiles) -> YearTable:
    rows: list[YearRow] = []
    for root in year.roots.values():
        for key, scalar in _scalars(root, ""):
            name, leaf = _known_value(model, key)
            rows.append(YearRow(key, name, {"value": scalar}, type=leaf))
    fields = _by_label({"id": "键", "name": "名称", "value": "数值", "unit": "单位"})
    assert FREE is not None
    return YearTable("facts", "事实", fields, tuple(rows), {"value": FREE})


def _known_value(model: type[KeyGroup], key: str) -> tuple[str, LeafType | None]:
    """Return what the forms call a value, and its type; of one of the author's own its name."""
    annotation: object = model
    title = key.rpartition(".")[2]
    for part in key.split("."):
        outer = bare(annotation)
        if is_model(outer) and part in fields_of(outer):
            title = fields_of(outer)[part].title or title
        annotation = inside(annotation, part)
    return title, leaf_type(annotation) if annotation is not None else None


def _scalars(node: YamlNode, key: str) -> Iterator[tuple[str, Scalar]]:
    """Yield every value below `node` with the key under which formulas know it."""
    if isinstance(node, Scalar):
        yield key, node
    for inner_key, inner in _values_below(node, key):
        yield from _scalars(inner, inner_key)


def _values_below(node: YamlNode, key: str) -> Iterator[tuple[str, YamlNode]]:
    if isinstance(node, Mapping):
        for entry in node.entries:
            yield _key_below(key, entry.key), entry.value
    elif isinstance(node, Sequence):
        for number, item in enumerate(node.items, 1):
            own_id = _value_of(item, "id")
            name = own_id.text if isinstance(own_id, Scalar) else str(number)
            yield f"{key}.{name}", item


def _key_below(key: str, name: str) -> str:
    """Return the key of `name` below `key`; facts and tables stand at the top of a year."""
    if key:
        return f"{key}.{name}"
    return "" if name in {"facts", "tables"} else name


def _value_of(node: YamlNode | None, key: str) -> YamlNode | None:
    for entry in node.entries if isinstance(node, Mapping) else ():
        if entry.key == key:
            return entry.value
    return None
