"""Where each figure of a report lives in a workbook: one cell a key, that all others refer to.

The lines of a table stand on a data sheet with its fields in columns; all other facts, and what is
worked out, stand in lists. Nothing is written yet.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from reportgen.features.spreadsheet.grid import column_letters
from reportgen.formula.lookup import is_typed
from reportgen.formula.names import MEASURES, PRIOR
from reportgen.model.figures import Figure, Ledger
from reportgen.model.frozen import frozen
from reportgen.model.units import ONE, Unit

FIRST_ROW = 3
"""The row, from 1, below the header of a sheet."""
BUDGET = "收支与经费"
FACTS, OTHER_FACTS, METRICS = "事实", "上年和报告", "指标"
"""The lists: facts of the year, those of the year before and of the report, what is worked out."""
VALUE_COLUMN = {FACTS: 3, OTHER_FACTS: 3, METRICS: 4}
"""The column, from 1, of the values in a list."""

_TABLE_TITLES = {"funds": "资金与项目", "economic": "支出经济分类", "ratings": "绩效指标"}
_BUDGET_SECTIONS = ("income", "expenditure", "three_public", "operating")
_FIELD_TITLES = {"id": "标识", "name": "名称", "category": "类别", "source": "资金来源"}
_FIELD_TITLES |= {"owner": "使用单位", "group": "归组", **MEASURES}
_FIRST_FIELDS = ("level1", "level2", "category", "source", "owner", "group", "target", "actual")
_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")
MAX_SHEET_NAME = 31


class SheetNames:
    """Gives the sheets of a workbook names as Excel allows them, each name once."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def add(self, name: str) -> str:
        """Return a name for a new sheet that is to be called `name`."""
        plain = _FORBIDDEN.sub(" ", name).strip()[:MAX_SHEET_NAME] or "Sheet"
        unique, number = plain, 2
        while unique.lower() in self._taken:
            unique = f"{plain[:27]} {number}"
            number += 1
        self._taken.add(unique.lower())
        return unique


def sheet_reference(name: str) -> str:
    """Return the name of a sheet as formulas write it."""
    return "'" + name.replace("'", "''") + "'"


def cell_factor(unit: Unit) -> Fraction:
    """Return how many base units one in a cell counts; a percentage is kept as a ratio."""
    return Fraction(1) if unit.symbol == "%" else unit.factor


def cell_decimals(unit: Unit, decimals: int) -> int:
    """Return the decimals of a number in its cell: a ratio has two more than its percentage."""
    return decimals + 2 if unit.symbol == "%" else decimals


@frozen
class FigureCell:
    """A cell: the sheet, row and column from 1, and how many base units one of it counts."""

    sheet: str
    row: int
    column: int
    factor: Fraction

    @property
    def reference(self) -> str:
        """Return the cell as formulas of any sheet name it."""
        return f"{sheet_reference(self.sheet)}!{column_letters(self.column - 1)}{self.row}"


@frozen
class DataSheet:
    """A data sheet: its name, the names of its rows by key, the titles of its columns by field.

    `derived` are the fields that are worked out; `units` are those that a whole column has.
    """

    name: str
    rows: Mapping[str, str]
    columns: Mapping[str, str]
    derived: frozenset[str]
    units: Mapping[str, Unit] = field(default_factory=dict)

    @property
    def tables(self) -> tuple[str, ...]:
        """Return the keys of the tables whose rows stand in the sheet."""
        return tuple(dict.fromkeys(key.rpartition(".")[0] for key in self.rows))

    @property
    def holds_values(self) -> bool:
        """Return whether there are rows, and columns beside their ids and names."""
        return bool(self.rows) and len(self.columns) > 2

    def rows_of(self, table: str) -> list[str]:
        """Return the keys of the rows of a table."""
        return [key for key in self.rows if _table_of(key) == table]

    def range_of(self, table: str, name: str) -> str:
        """Return the cells of a field in the rows of a table, which stand together."""
        keys, rows = list(self.rows), self.rows_of(table)
        first, last = keys.index(rows[0]) + FIRST_ROW, keys.index(rows[-1]) + FIRST_ROW
        column = column_letters(list(self.columns).index(name))
        return f"{sheet_reference(self.name)}!${column}${first}:${column}${last}"

    def column_label(self, name: str) -> str:
        """Return the label of a column with the unit of its numbers."""
        title, unit = self.columns[name], self.units.get(name, ONE)
        return f"{title}（{unit}）" if unit.symbol and unit.symbol != "%" else title


@frozen
class FigureList:
    """A sheet that lists figures, one a row: `kind` is what it was called before it got `name`."""

    kind: str
    name: str
    figures: tuple[Figure, ...]


@frozen
class Layout:
    """The sheets behind the forms of a report, and the cell of each figure by key."""

    cells: Mapping[str, FigureCell]
    sheets: tuple[DataSheet, ...]
    lists: tuple[FigureList, ...]

    def sheets_by_table(self) -> dict[str, DataSheet]:
        """Return the data sheets by the keys of the tables in them."""
        sheets: dict[str, DataSheet] = {}
        for sheet in self.sheets:
            for table in sheet.tables:
                sheets[table] = sheet
        return sheets


def lay_out(ledger: Ledger, folder: str, names: SheetNames) -> Layout:
    """Return where the figures of a ledger live; `folder` is that of the year's files.

    Last year's figures are there as far as this year's are worked out from them.
    """
    cells: dict[str, FigureCell] = {}
    sheets: list[DataSheet] = []
    for table in _data_sheets(ledger):
        sheet = replace(table, name=names.add(table.name))
        for figure, row, column in _placed(ledger, sheet):
            cells[figure.key] = FigureCell(sheet.name, row, column, cell_factor(figure.unit))
        sheets.append(sheet)
    lists: list[FigureList] = []
    for kind, figures in _listed(ledger, folder).items():
        name = names.add(kind)
        for row, figure in enumerate(figures, FIRST_ROW):
            cell = FigureCell(name, row, VALUE_COLUMN[kind], cell_factor(figure.unit))
            cells.setdefault(figure.key, cell)
        lists.append(FigureList(kind, name, tuple(figures)))
    return Layout(cells, tuple(sheets), tuple(lists))


def _placed(ledger: Ledger, sheet: DataSheet) -> Iterator[tuple[Figure, int, int]]:
    """Yield the figures of a data sheet with their row and column."""
    for row, key in enumerate(sheet.rows, FIRST_ROW):
        for column, name in enumerate(sheet.columns, 1):
            figure = ledger.figures.get(f"{key}.{name}")
            if figure is not None and name not in {"id", "name"}:
                yield figure, row, column


# Lists


def _listed(ledger: Ledger, folder: str) -> dict[str, list[Figure]]:
    """Return the figures of each list; of the blanks in a table, which its sheet shows, none."""
    rows = _rows_of_tables(ledger)
    lists: dict[str, list[Figure]] = {METRICS: [], FACTS: [], OTHER_FACTS: []}
    for figure in _needed(ledger):
        is_blank_in_table = figure.value is None and _table_of(figure.key) in rows
        if not (_is_fact(figure) and is_blank_in_table):
            lists[_list_of(figure, folder)].append(figure)
    return lists


def _is_fact(figure: Figure) -> bool:
    return is_typed(figure) and figure.kind != "derived"


def _list_of(figure: Figure, folder: str) -> str:
    if not _is_fact(figure):
        return METRICS
    return FACTS if _is_of_year(figure, folder) else OTHER_FACTS


def _rows_of_tables(ledger: Ledger) -> set[str]:
    rows: set[str] = set()
    for table, ids in ledger.tables.items():
        rows.update(f"{table}.{row_id}" for row_id in ids)
    return rows


def _is_of_year(figure: Figure, folder: str) -> bool:
    """Return whether a fact stands in a file of the year itself, not of a report or another."""
    return _folder_of(figure) == folder and not figure.key.startswith(PRIOR)


def _folder_of(figure: Figure) -> str:
    return figure.span.path.rpartition("/")[0]


def _table_of(key: str) -> str:
    return key.rpartition(".")[0]


def _needed(ledger: Ledger) -> list[Figure]:
    """Return this year's figures and those that they are worked out from."""
    keys = {key for key in ledger.figures if not key.startswith(PRIOR)}
    open_keys = list(keys)
    while open_keys:
        inputs = ledger.figures[open_keys.pop()].inputs
        new = ledger.figures.keys() & set(inputs) - keys
        keys |= new
        open_keys += new
    return [figure for key, figure in ledger.figures.items() if key in keys]


# Data sheets


def _data_sheets(ledger: Ledger) -> list[DataSheet]:
    """Return the data sheets of a ledger: budget lines on one, each other table on its own."""
    sheets = [_budget_sheet(ledger)]
    for key, ids in ledger.tables.items():
        is_nested = "." in key  # of an earlier year, of the report, or within a row
        if not is_nested and key not in _BUDGET_SECTIONS:
            rows = [f"{key}.{row_id}" for row_id in ids]
            sheets.append(_data_sheet(ledger, _TABLE_TITLES.get(key, key), rows))
    return [sheet for sheet in sheets if sheet.holds_values]


def _budget_sheet(ledger: Ledger) -> DataSheet:
    rows: list[str] = []
    for section in _BUDGET_SECTIONS:
        rows.extend(f"{section}.{row_id}" for row_id in ledger.tables.get(section, ()))
    return _data_sheet(ledger, BUDGET, [*rows, "procurement"], frozenset(MEASURES))


@dataclass(slots=True)
class _Fields:
    """The fields of the rows of a table: their titles, the units of their numbers, the derived."""

    titles: dict[str, str] = field(default_factory=dict)
    units: dict[str, set[Unit]] = field(default_factory=dict)
    derived: set[str] = field(default_factory=set)

    def add(self, name: str, figure: Figure | None) -> None:
        """Add what a row holds in a field: a figure, or a text where that is None."""
        title = figure.title.rpartition("·")[2] if figure else name
        self.titles.setdefault(name, _FIELD_TITLES.get(name, title))
        if figure is not None and figure.value is not None:
            self.units.setdefault(name, set()).add(figure.unit)
        if figure is not None and figure.inputs:
            self.derived.add(name)

    @property
    def common_units(self) -> dict[str, Unit]:
        """Return the units that all numbers of a field have."""
        return {name: next(iter(units)) for name, units in self.units.items() if len(units) == 1}

    def rank(self, name: str) -> tuple[int, int]:
        """Return what sorts the columns: words, measures, other fields, what is worked out."""
        if name in _FIRST_FIELDS:
            return 0, _FIRST_FIELDS.index(name)
        if name in self.derived:
            return 3, 0
        return (1, list(MEASURES).index(name)) if name in MEASURES else (2, 0)


def _data_sheet(
    ledger: Ledger, name: str, rows: Iterable[str], only: frozenset[str] = frozenset()
) -> DataSheet:
    """Return the sheet of `rows` with all their fields, or with those in `only`."""
    fields = _Fields()
    names: dict[str, str] = {}
    for row in rows:
        values = dict(_values_of(ledger, row))
        if values:
            names[row] = _row_name(ledger, row)
        plain = {field for field in values if "." not in field}
        for name_in_row in sorted(plain & (only or plain), key=list(values).index):
            fields.add(name_in_row, values[name_in_row])
    return DataSheet(
        name, names, _columns(ledger, fields, names), frozenset(fields.derived), fields.common_units
    )


def _columns(ledger: Ledger, fields: _Fields, rows: Iterable[str]) -> dict[str, str]:
    """Return the titles of the columns by field, in order."""
    columns = {"id": "标识", "name": "名称"}
    for name in sorted(fields.titles, key=fields.rank):
        if _is_shown(ledger, fields, rows, name):
            columns.setdefault(name, fields.titles[name])
    return columns


def _values_of(ledger: Ledger, row: str) -> Iterator[tuple[str, Figure | None]]:
    """Yield what stands in a row by its name there: a figure, or None for a text."""
    prefix = f"{row}."
    for key, figure in ledger.figures.items():
        if key.startswith(prefix):
            yield key.removeprefix(prefix), figure
    for key in ledger.texts:
        if key.startswith(prefix):
            yield key.removeprefix(prefix), None


def _is_shown(ledger: Ledger, fields: _Fields, rows: Iterable[str], name: str) -> bool:
    """Return whether a field gets a column: a measure, or where any row holds a value."""
    if name in MEASURES or name in fields.units:
        return True
    texts = (ledger.texts.get(f"{row}.{name}") for row in rows)
    return any(text is not None and text.value for text in texts)


def _row_name(ledger: Ledger, row: str) -> str:
    """Return what a row is called: its own name, else what stands before · in its titles."""
    text = ledger.texts.get(f"{row}.name")
    if text is not None and text.value is not None:
        return str(text.value)
    for _, figure in _values_of(ledger, row):
        if figure is not None:
            return figure.title.rpartition("·")[0].rpartition("·")[2]
    return row.rpartition("·")[2]
