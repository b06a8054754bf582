"""Where each figure of a report lives in a workbook: one cell a key, that all others refer to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from reportgen.features.spreadsheet.grid import column_letters
from reportgen.formula.names import MEASURES, PRIOR
from reportgen.model.figures import Figure, Ledger
from reportgen.model.units import ONE, Unit

FIRST_ROW = 3
"""The row, from 1, below the head of a data sheet."""


@dataclass(frozen=True, slots=True)
class FigureCell:
    """A cell: the sheet, row and column from 1, and how many base units one of it counts."""

    sheet: str
    row: int
    column: int
    factor: Fraction

    @property
    def cell(self) -> str:
        """Return the cell without its sheet: F12."""
        return f"{column_letters(self.column - 1)}{self.row}"

    @property
    def ref(self) -> str:
        """Return the cell as formulas of any sheet name it."""
        return f"{sheet_ref(self.sheet)}!{self.cell}"


def sheet_ref(name: str) -> str:
    """Return the name of a sheet as formulas write it."""
    return "'" + name.replace("'", "''") + "'"


def factor(unit: Unit) -> Fraction:
    """Return how many base units one in a cell counts; a percentage is kept as a ratio."""
    return Fraction(1) if unit.symbol == "%" else unit.factor


@dataclass(frozen=True, slots=True)
class DataSheet:
    """A data sheet: its name, the rows (key and name), and the columns: field and head.

    `derived` are the fields that are worked out. `tables` are the keys of the tables in it.
    """

    name: str
    rows: tuple[tuple[str, str], ...]
    columns: tuple[tuple[str, str], ...]
    derived: frozenset[str]
    units: Mapping[str, Unit] = field(default_factory=dict)

    def ranges(self, prefix: str, name: str) -> str:
        """Return the cells of a field in the rows of table `prefix`, which stand together."""
        rows = [n for n, (key, _) in enumerate(self.rows) if key.rpartition(".")[0] == prefix]
        column = column_letters([each for each, _ in self.columns].index(name))
        first, last = rows[0] + FIRST_ROW, rows[-1] + FIRST_ROW
        return f"{sheet_ref(self.name)}!${column}${first}:${column}${last}"


_TITLES = {"funds": "资金与项目", "economic": "支出经济分类", "ratings": "绩效指标"}
_LINES = ("income", "expenditure", "three_public", "operating")
_WORDS = {"id": "标识", "name": "名称", "category": "类别", "source": "资金来源"}
_WORDS |= {"owner": "使用单位", "group": "归组", **MEASURES}
_FIRST = ("name", "level1", "level2", "category", "source", "owner", "group", "target", "actual")
BUDGET = "收支与经费"


def data_tables(ledger: Ledger) -> tuple[DataSheet, ...]:
    """Return the data sheets of a ledger: budget lines on one, each other table on its own."""
    tables = [_budget(ledger)]
    for key, rows in ledger.tables.items():
        if key.startswith((PRIOR, "report.", "unit.")) or key in _LINES or "." in key:
            continue
        found = _table(ledger, _TITLES.get(key, key), [f"{key}.{row}" for row in rows])
        tables.append(found)
    return tuple(each for each in tables if each.rows and len(each.columns) > 2)


def _budget(ledger: Ledger) -> DataSheet:
    keys = [f"{t}.{row}" for t in _LINES for row in ledger.tables.get(t, ())]
    return _table(ledger, BUDGET, [*keys, "procurement"], tuple(MEASURES))


def _table(ledger: Ledger, name: str, keys: Iterable[str], only: tuple[str, ...] = ()) -> DataSheet:
    rows = tuple(keys)
    fields: dict[str, str] = {}
    derived: set[str] = set()
    units: dict[str, set[Unit]] = {}
    for row in rows:
        for full, figure in _inside(ledger, row):
            field_name = full.removeprefix(f"{row}.")
            if "." in field_name or (only and field_name not in only):
                continue
            last = figure.title.rpartition("·")[2] if figure else field_name
            fields.setdefault(field_name, _WORDS.get(field_name, last))
            if figure is not None and figure.value is not None:
                units.setdefault(field_name, set()).add(figure.unit)
            if figure is not None and figure.inputs:
                derived.add(field_name)
    blank = {f for f in fields if f not in {*MEASURES, *units} and not _has_words(ledger, rows, f)}
    fields = {f: title for f, title in fields.items() if f not in blank}
    order = [f for f in _FIRST if f in fields and f != "name"]
    order += [f for f in MEASURES if f in fields and f not in derived]
    order += [f for f in fields if f not in {*order, "id", "name"} and f not in derived]
    order += [f for f in fields if f in derived]
    columns = (("id", "标识"), ("name", "名称"), *((f, fields[f]) for f in order))
    common = {f: next(iter(each)) for f, each in units.items() if len(each) == 1}
    named = tuple((row, _row_name(ledger, row)) for row in rows if list(_inside(ledger, row)))
    return DataSheet(name, named, columns, frozenset(derived), common)


def _inside(ledger: Ledger, row: str) -> Iterable[tuple[str, Figure | None]]:
    prefix = f"{row}."
    for key, figure in ledger.figures.items():
        if key.startswith(prefix):
            yield key, figure
    for key in ledger.texts:
        if key.startswith(prefix):
            yield key, None


def _has_words(ledger: Ledger, rows: tuple[str, ...], name: str) -> bool:
    texts = (ledger.texts.get(f"{row}.{name}") for row in rows)
    return any(text is not None and text.value for text in texts)


def _row_name(ledger: Ledger, row: str) -> str:
    text = ledger.texts.get(f"{row}.name")
    if text is not None and text.value is not None:
        return str(text.value)
    figures = (figure for _, figure in _inside(ledger, row) if figure)
    titles = (figure.title.rpartition("·")[0] for figure in figures)
    return next(titles, row).rpartition("·")[2]


def head(table: DataSheet, name: str, title: str) -> str:
    """Return the head of a column with the unit of its numbers."""
    unit = table.units.get(name, ONE)
    return f"{title}（{unit}）" if unit.symbol and unit.symbol != "%" else title
