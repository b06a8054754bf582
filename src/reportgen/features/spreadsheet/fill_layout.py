"""What a workbook to fill in holds: sheets, rows, columns, cells, and the record of them.

Whoever writes one and whoever reads one that came back know it from here: which hidden row and
column say what a cell is for, and as what its content is recorded, so that it is known again
whatever program has saved the workbook.
"""

from __future__ import annotations

import re
from collections.abc import Mapping as Mappings
from typing import Literal

from reportgen.features.spreadsheet.fill_record import LABEL, TO_DELETE
from reportgen.features.spreadsheet.tables import YearRow, YearTable
from reportgen.features.spreadsheet.year_tables import YearFiles
from reportgen.load.schema import ReportFile, Year
from reportgen.load.unconfirmed import plain_remark, unit_to_fill
from reportgen.model.frozen import frozen
from reportgen.model.quantity import QuantityError, parse_quantity
from reportgen.model.source import NOWHERE
from reportgen.model.units import ONE, Unit, find_unit

FillKind = Literal["amount", "free", "date", "text"]
"""What is typed into a column: numbers, values as people write them, days, words."""

VALUE = "value"
"""The field of a single value, and of a text in a list."""
ABOUT_ROW, FIELDS_ROW, HEAD_ROW, FIRST_FILL_ROW = 2, 3, 4, 5
_TAG = re.compile(r"\{\{|\{%")


@frozen
class FillFolder:
    """The files of a year, or of the report `report` of it, and the tables in them."""

    report: str
    path: str
    model: type[Year | ReportFile]
    files: YearFiles
    tables: tuple[YearTable, ...]
    earlier: Mappings[str, str]


@frozen
class FillColumn:
    """A column to fill in; of its `choices` one is meant, and if `is_closed` nothing else."""

    field: str
    title: str
    kind: FillKind
    unit: Unit | None = None
    choices: tuple[str, ...] = ()
    is_closed: bool = False


@frozen
class FillRow:
    """A row: of a table, one to be added to it where `row` is None; a heading has no table."""

    label: str
    table: YearTable | None = None
    row: YearRow | None = None
    remark: str = ""

    @property
    def note(self) -> str:
        """Return what a file remarks of a row, without that it is to be filled in."""
        return "；".join(filter(None, map(plain_remark, self.remark.split("；"))))

    @property
    def key(self) -> str:
        """Return what a workbook records as the row; of one to be added the list, with a plus."""
        if self.row is not None:
            return self.row.key
        return f"+{self.table.key}" if self.table is not None else ""

    @property
    def path(self) -> str:
        """Return the file that the row stands in, or is to stand in."""
        if self.row is not None:
            return next(iter(self.row.spans), NOWHERE).path
        return self.table.path if self.table is not None else ""

    @property
    def ledger_key(self) -> str:
        """Return the key of the row as formulas know it."""
        return self.key.removeprefix("tables.").replace("+tables.", "+")

    def text(self, name: str) -> str:
        """Return what stands in a field."""
        return self.row.text(name) if self.row is not None else ""

    def is_bound(self, name: str) -> bool:
        """Return whether the text of a field cites figures, so that nobody types over it."""
        return _TAG.search(self.text(name)) is not None

    def unit(self, column: FillColumn, earlier: str) -> Unit | None:
        """Return in what a number counts here: as the file, its remark or last year has it."""
        own = self.row.type if self.row is not None else None
        if own is not None and own.unit:
            return find_unit(own.unit)
        if column.kind not in {"amount", "free"}:
            return None
        units = (
            unit_of(self.text(column.field)),
            find_unit(unit_to_fill(self.remark) or "?"),
            unit_of(earlier),
        )
        return next(filter(None, units), column.unit)


@frozen
class FillSheet:
    """A sheet: its name, its title, what its files say of it, columns and rows.

    `shut` are the fields of rows that others fill in, shown and locked.
    """

    folder: FillFolder
    name: str
    title: str
    about: str
    columns: tuple[FillColumn, ...]
    rows: tuple[FillRow, ...]
    shut: frozenset[tuple[str, str]] = frozenset()

    @property
    def is_named(self) -> bool:
        """Return whether its rows have names of their own, which may be changed."""
        return any(column.field == "name" for column in self.columns)

    @property
    def is_of_texts(self) -> bool:
        """Return whether it is a list of texts."""
        return self.columns[0].field == VALUE and self.columns[0].kind == "text"

    @property
    def is_of_values(self) -> bool:
        """Return whether it is a list of single values, each with its own unit."""
        return self.columns[0].field == VALUE and self.columns[0].kind == "free"

    @property
    def takes_rows(self) -> bool:
        """Return whether rows may be added, and taken out."""
        return any(row.key.startswith("+") for row in self.rows)

    def record_key(self, row: FillRow) -> str:
        """Return how the workbook records a row."""
        return f"{self.folder.report}/{row.key}"

    def ledger_key(self, row: FillRow, column: FillColumn) -> str:
        """Return the key of a value as formulas know it."""
        is_single = column.field == VALUE and not self.is_named
        return row.ledger_key if is_single else f"{row.ledger_key}.{column.field}"

    def may_go(self, row: FillRow) -> bool:
        """Return whether a row may be taken out: one of a list that takes rows, and all its own."""
        if row.row is None or row.table is None or any(key == row.key for key, _ in self.shut):
            return False
        return any(other.key == f"+{row.table.key}" for other in self.rows)

    def earlier(self, row: FillRow, name: str) -> str:
        """Return what a field held last year, empty where nothing did."""
        return self.folder.earlier.get(f"{row.key}.{name}", "")

    def shows_earlier(self, column: FillColumn) -> bool:
        """Return whether last year's values of a column are worth a column of their own."""
        if column.kind == "text" or column.field in {"name", "unit"}:
            return False
        return any(self.earlier(row, column.field) for row in self.rows if row.row is not None)


def unit_of(text: str) -> Unit | None:
    """Return the unit of a number as it is written, None for what is none or has none."""
    try:
        unit = parse_quantity(text).unit
    except QuantityError:
        return None
    return None if unit is ONE else unit


def kind_in_row(column: FillColumn, row: FillRow) -> FillKind:
    """Return what is typed in a cell: the type of a single value is its own."""
    own = row.row.type if row.row is not None else None
    if own is None:
        return column.kind
    if own.unit:
        return "amount"
    return "date" if own.is_of_days else "text"


# Columns


@frozen
class FillColumns:
    """The columns of a sheet, from 2: what each holds by its hidden name, in order.

    `*` is what a row is called, `^x` last year's x, `=x` what is worked out in each row, `#` the
    unit, `?` the remarks.
    """

    titles: Mappings[str, str]

    def number(self, name: str) -> int:
        """Return the number of a column, from 1, where the hidden one is the first."""
        return list(self.titles).index(name) + 2


def columns_of(sheet: FillSheet, derived: dict[str, str]) -> FillColumns:
    """Return the columns of a sheet; `derived` are the titles of what is worked out in each row."""
    titles: dict[str, str] = {}
    if not sheet.is_named:
        titles[LABEL] = "序号" if sheet.is_of_texts else "项目"
    for column in sheet.columns:
        titles |= _titles_of(sheet, column)
    for name, title in derived.items():
        titles[f"={name}"] = title
    return FillColumns(titles | _titles_beside(sheet))


def _titles_of(sheet: FillSheet, column: FillColumn) -> dict[str, str]:
    """Return the titles of a column, with its unit, and of last year's values beside it."""
    titles = {column.field: column.title}
    if column.kind == "amount":
        titles[column.field] = f"{column.title}（{column.unit}）"
    if sheet.shows_earlier(column):
        titles[f"^{column.field}"] = "上年数" if column.field == VALUE else f"上年{column.title}"
    return titles


def _titles_beside(sheet: FillSheet) -> dict[str, str]:
    """Return the titles of what stands behind the values of a row."""
    titles: dict[str, str] = {}
    if sheet.is_of_values:
        titles["#"] = "单位"
    if any(row.note for row in sheet.rows):
        titles["?"] = "说明"
    if sheet.takes_rows:
        titles[TO_DELETE] = "删去"
    return titles
