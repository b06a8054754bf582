"""The tables of a year that a sheet may be imported into: their columns, and the rows there are.

Labels are the titles of the schema and of the forms; `ALIASES` adds what bureaus write instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Mapping as Mappings
from dataclasses import field

from reportgen.features.spreadsheet.grid import normalized
from reportgen.findings import Diagnostics
from reportgen.load.groups import KeyGroup, bare, fields_of, is_model
from reportgen.load.reading import with_names
from reportgen.load.schema import BudgetLine, EconomicItem, Fund, Named, Year
from reportgen.model.frozen import frozen
from reportgen.model.units import ONE, UNITS, Unit, find_unit
from reportgen.project.source_files import SourceFiles
from reportgen.project.yaml_nodes import Mapping, Scalar, Sequence, YamlNode
from reportgen.project.yaml_reader import read_yaml

ALIASES: Mappings[str, tuple[str, ...]] = {
    "id": ("标识", "键", "id"),
    "name": tuple(
        "名称 项目名称 项目 资金名称 专项名称 专项资金名称 资金项目 资金项目名称 科目 科目名称 "
        "支出项目 预算项目 预算项目名称 专项资金项目".split()
    ),
    "category": tuple("类别 类 分类 项目类别 资金类别 支出类别 项目分类 支出经济分类".split()),
    "source": tuple("资金来源 来源 资金性质 经费来源".split()),
    "owner": tuple("使用单位 项目单位 实施单位 资金使用单位".split()),
    "group": ("归组",),
    "initial": tuple("年初预算数 年初预算 年初数 年初预算金额 年初批复数 年初批复预算数".split()),
    "budget": tuple("全年预算数 全年预算 调整后预算数 调整后预算 调整后全年预算数".split()),
    "received": tuple(
        "到位数 到位资金 实际到位 实际到位数 到位金额 资金到位数 实际到位资金".split()
    ),
    "outturn": tuple(
        "决算数 决算 决算金额 执行数 全年执行数 实际执行数 执行金额 支出数 实际支出 "
        "实际支出数 全年支出数 支出金额".split()
    ),
    "value": tuple("数值 值 数 数据 实际数".split()),
    "unit": ("单位", "计量单位"),
}
"""What the columns of bureaus' sheets are called, by field."""

TEN_THOUSAND_YUAN = Unit("万元", UNITS["元"].dimension, 10_000 * UNITS["元"].factor)
"""The unit in which amounts without a unit count."""

MEASURES = tuple(fields_of(BudgetLine))
"""The fields of a line that hold money, in the order of the schema."""
_SECTIONS = ("income", "expenditure", "three_public", "operating")
_LISTS: Mappings[str, tuple[type[Named], str]] = {
    "funds": (Fund, "fund"),
    "economic": (EconomicItem, "item"),
}
"""The lists of the schema: the model of a row, and what the ids of new rows begin with."""

_LABEL_NUMBER = re.compile(
    r"^(?:其中:)?"
    r"(?:\(?[一二三四五六七八九十]{1,3}[)、.,]|\(?\d{1,3}[)、]|\d{1,3}[.,](?!\d)|[①-⑳])*"
)
_EXPENSE = re.compile(r"(?<=.)(?:经费|费用|费)$")


def plain_name(text: str) -> str:
    """Return a name as rows are matched by: without spaces, numbering and 其中：."""
    label = normalized(text)
    return _LABEL_NUMBER.sub("", label) or label


@frozen
class YearRow:
    """A row that the files hold, or that the schema provides for, by its full key.

    `cells` are its values by field; `node` is the group that holds them, None where there is none.
    """

    key: str
    name: str
    cells: Mappings[str, Scalar] = field(default_factory=dict)
    node: Mapping | None = None

    @property
    def id(self) -> str:
        """Return the last part of the key, by which the row is known in its table."""
        return self.key.rpartition(".")[2]

    def text(self, name: str) -> str:
        """Return the text of a field, empty where it is blank or not there."""
        cell = self.cells.get(name)
        return "" if cell is None or cell.blank else cell.text


@frozen
class YearTable:
    """A table of the year: `key` as typed after --into, its fields by label, its rows.

    `amounts` are the fields that hold money; `free` says that any value is read as people write
    it, and `units` in which its numbers without unit count. `required` are the fields that a new
    row needs, `id_prefix` begins the id proposed for one; without `id_prefix` no row can be added.
    `order` is that of the fields in a row. The list stands at `node` in the file `path`; None and
    empty where there is none yet.
    """

    key: str
    title: str
    fields: Mappings[str, str]
    rows: tuple[YearRow, ...]
    amounts: tuple[str, ...] = MEASURES
    free: bool = False
    units: Mappings[str, Unit] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    id_prefix: str = ""
    order: tuple[str, ...] = ()
    path: str = ""
    node: Sequence | None = None

    def is_amount(self, name: str) -> bool:
        """Return whether a field holds numbers."""
        return name in self.amounts or (self.free and name not in {"id", "name"})

    def default_unit(self, name: str) -> Unit | None:
        """Return the unit in which numbers without unit of a field count, None where none do."""
        return TEN_THOUSAND_YUAN if name in self.amounts else self.units.get(name)

    def title_of(self, name: str) -> str:
        """Return what a field is called in the forms."""
        return next(label for label, field in self.fields.items() if field == name != label)

    def rows_with_key(self, key: str) -> tuple[YearRow, ...]:
        """Return the rows that `key` means: an id, or the key of the whole year."""
        return tuple(row for row in self.rows if row.key in {key, f"{self.key}.{key}"})

    def rows_named(self, name: str) -> tuple[YearRow, ...]:
        """Return the rows called `name`.

        Lines of the budget are found with and without 费: budgets write 公务接待 or 公务接待费.
        """
        plain = plain_name(name)
        named = tuple(row for row in self.rows if plain_name(row.name) == plain)
        if named or self.id_prefix:
            return named
        plain = _without_expense(plain)
        return tuple(row for row in self.rows if _without_expense(plain_name(row.name)) == plain)


def _without_expense(name: str) -> str:
    return _EXPENSE.sub("", name)


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


def own_tables(files: YearFiles) -> tuple[YearTable, ...]:
    """Return the author's own tables and facts, which are all that a report has of its own."""
    return (*_free_tables(files), _facts_table(files))


def year_tables(year: YearFiles) -> tuple[YearTable, ...]:
    """Return every table of a year that a sheet can be imported into."""
    tables = [_list_table(key, year) for key in _LISTS]
    return (*tables, _budget_table(year), *own_tables(year))


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


def _titles(model: type[Named | BudgetLine]) -> dict[str, str]:
    return {name: str(info.title) for name, info in fields_of(model).items()}


# The lists of the schema


def _list_table(key: str, year: YearFiles) -> YearTable:
    model, id_prefix = _LISTS[key]
    titles = _titles(model)
    path, value = year.find(key)
    node = value if isinstance(value, Sequence) else None
    amounts = tuple(name for name in MEASURES if name in titles)
    words = tuple(name for name in titles if name not in {"id", "name", *MEASURES})
    return YearTable(
        key,
        str(fields_of(Year)[key].title),
        _by_label(titles),
        tuple(_rows_of(node, key)),
        amounts,
        required=tuple(name for name, info in fields_of(model).items() if info.required),
        id_prefix=id_prefix,
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
    known = _titles(BudgetLine) | _titles(Named)
    titles: dict[str, str] = {}
    for row in rows:
        for field_name in row.cells:
            titles[field_name] = known.get(field_name, field_name)
    return YearTable(
        key,
        name,
        _by_label(titles),
        rows,
        amounts=(),
        free=True,
        units=units,
        required=("id",) if "id" in titles else (),
        id_prefix="row",
        order=tuple(titles),
        path=path,
        node=node,
    )


# The lines of the budget


def _budget_table(year: YearFiles) -> YearTable:
    rows: list[YearRow] = []
    for section in _SECTIONS:
        model = bare(fields_of(Year)[section].annotation)
        assert is_model(model)
        assert issubclass(model, KeyGroup)
        _, group = year.find(section)
        for name, info in fields_of(model).items():
            rows.append(_budget_row(f"{section}.{name}", info.title, _value_of(group, name)))
    _, group = year.find("procurement")
    rows.append(_budget_row("procurement", fields_of(Year)["procurement"].title, group))
    fields = _by_label({"id": "标识", "name": "名称", **_titles(BudgetLine)})
    return YearTable("budget", "收支与经费", fields, tuple(rows), order=MEASURES)


def _budget_row(key: str, title: str | None, node: YamlNode | None) -> YearRow:
    if isinstance(node, Mapping):
        return YearRow(key, str(title), _cells(node), node)
    return YearRow(key, str(title))


# Every single value


def _facts_table(year: YearFiles) -> YearTable:
    rows: list[YearRow] = []
    for root in year.roots.values():
        for key, scalar in _scalars(root, ""):
            rows.append(YearRow(key, key.rpartition(".")[2], {"value": scalar}))
    fields = _by_label({"id": "键", "name": "名称", "value": "数值", "unit": "单位"})
    return YearTable("facts", "事实", fields, tuple(rows), amounts=(), free=True)


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
