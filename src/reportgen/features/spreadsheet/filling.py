"""Makes a workbook to fill in, with what is worked out beside the values it is made of.

A figure of a row stands in the row, any other below the sheet that its first input stands in;
each is a live formula over the cells of the sheets where it has a counterpart there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Mapping as Mappings
from dataclasses import field, replace
from itertools import zip_longest

from reportgen.derive.ledger import derive
from reportgen.features.spreadsheet.exporting import LiveFormula, live_formulas
from reportgen.features.spreadsheet.fill_layout import (
    FIRST_FILL_ROW,
    VALUE,
    FillColumns,
    FillFolder,
    FillRow,
    FillSheet,
    columns_of,
    unit_of,
)
from reportgen.features.spreadsheet.fill_record import FillRecord
from reportgen.features.spreadsheet.fill_sheets import (
    fill_folders,
    fill_sheets,
    instructions,
)
from reportgen.features.spreadsheet.fill_workbook import FillBookWriter
from reportgen.features.spreadsheet.grid import column_letters
from reportgen.features.spreadsheet.layout import (
    DataSheet,
    FigureCell,
    Layout,
    cell_factor,
    sheet_reference,
)
from reportgen.features.spreadsheet.year_tables import YearFiles, read_year
from reportgen.findings import Diagnostics, finding
from reportgen.formula.names import PRIOR
from reportgen.load.inputs import load
from reportgen.load.offices import Assignment, office_of
from reportgen.load.schema import ReportingUnit
from reportgen.model.figures import Figure, Ledger
from reportgen.model.frozen import frozen
from reportgen.model.rules import Rules
from reportgen.model.source import SourceSpan
from reportgen.model.units import ONE, Unit
from reportgen.project.extras import missing_extra
from reportgen.project.source_files import SourceFiles
from reportgen.project.yaml_nodes import Mapping, Scalar, walk


@frozen
class FillTable(DataSheet):
    """A table of a sheet to fill in: the numbers of its rows, and the letters of its columns."""

    places: Mappings[str, int] = field(default_factory=dict)
    letters: Mappings[str, str] = field(default_factory=dict)

    def range_of(self, table: str, name: str) -> str:
        """Return the cells of a field in the rows of a table, those to be added among them."""
        rows = [self.places[key] for key in self.rows_of(table)]
        letters = self.letters[name]
        cells = f"${letters}${min(rows)}:${letters}${max(rows)}"
        return f"{sheet_reference(self.name)}!{cells}"


@frozen
class SheetFigures:
    """What is worked out for a sheet: in its rows by key, in columns by field, and below them."""

    fill: FillSheet
    columns: dict[str, str] = field(default_factory=dict)
    in_rows: dict[str, Figure] = field(default_factory=dict)
    below: list[Figure] = field(default_factory=list)
    formulas: dict[str, LiveFormula] = field(default_factory=dict)

    @property
    def first_row(self) -> int:
        """Return the row of the first figure below."""
        return FIRST_FILL_ROW + len(self.fill.rows) + 3

    @property
    def last_row(self) -> int:
        """Return the row of the last figure below."""
        return self.first_row + len(self.below) - 1

    def has(self, row: FillRow, name: str) -> bool:
        """Return whether a field of a row is worked out."""
        key = row.ledger_key
        return f"{key}.{name}" in self.in_rows or (name == VALUE and key in self.in_rows)

    def cells(self) -> dict[str, FigureCell]:
        """Return the cells of what stands in the sheet, by key."""
        columns = columns_of(self.fill, self.columns)
        cells: dict[str, FigureCell] = {}
        for number, row in enumerate(self.fill.rows, FIRST_FILL_ROW):
            if row.row is not None:
                cells |= self._cells_of(row, number, columns) | self._derived(row, number, columns)
        for number, figure in enumerate(self.below, self.first_row):
            cells[figure.key] = self._cell(number, 3, figure.unit)
        return cells

    def _cell(self, row: int, column: int, unit: Unit | None) -> FigureCell:
        return FigureCell(self.fill.name, row, column, cell_factor(unit or ONE))

    def _derived(self, row: FillRow, number: int, columns: FillColumns) -> dict[str, FigureCell]:
        """Return the cells of what is worked out in columns of a row."""
        cells: dict[str, FigureCell] = {}
        for name in self.columns:
            figure = self.in_rows.get(f"{row.ledger_key}.{name}")
            if figure is not None:
                at = columns.number(f"={name}")
                cells[figure.key] = self._cell(number, at, figure.unit)
        return cells

    def _cells_of(self, row: FillRow, number: int, columns: FillColumns) -> dict[str, FigureCell]:
        """Return the cells of the values of a row, and of last year's beside them."""
        cells: dict[str, FigureCell] = {}
        for column in self.fill.columns:
            key, earlier = self.fill.ledger_key(row, column), self.fill.earlier(row, column.field)
            unit, before = row.unit(column, earlier), f"^{column.field}"
            cells[key] = self._cell(number, columns.number(column.field), unit)
            if earlier and before in columns.titles:
                unit = unit_of(earlier) or column.unit
                cells[f"{PRIOR}{key}"] = self._cell(number, columns.number(before), unit)
        return cells

    def table(self) -> FillTable:
        """Return the rows of the sheet as formulas name them."""
        titles = {column.field: column.title for column in self.fill.columns} | {"id": ""}
        places = self._places()
        labels, none = dict.fromkeys(places, ""), frozenset[str]()
        return FillTable(self.fill.name, labels, titles, none, {}, places, self._letters())

    def _places(self) -> dict[str, int]:
        """Return the numbers of the rows by key, those to be added among their tables."""
        rows: dict[str, int] = {}
        for number, row in enumerate(self.fill.rows, FIRST_FILL_ROW):
            is_new = row.row is None
            rows[f"{row.ledger_key.lstrip('+')}.+{number}" if is_new else row.ledger_key] = number
        return rows

    def _letters(self) -> dict[str, str]:
        """Return the letters of the columns by field; what says which row it is counts as id."""
        columns = columns_of(self.fill, self.columns)
        letters = {name: column_letters(columns.number(name) - 1) for name in columns.titles}
        return {"id": letters.get("name", "B"), **letters}


class FillFigures:
    """What is worked out of the values of some sheets, each beside the values it is made of."""

    def __init__(
        self, sheets: Iterable[FillSheet], ledgers: Mappings[str, tuple[Ledger, Rules]]
    ) -> None:
        self.by_sheet = {sheet.name: SheetFigures(sheet) for sheet in sheets}
        for report, (ledger, rules) in ledgers.items():
            self._place_all(report, ledger)
            self._translate(report, ledger, rules)

    def _of_report(self, report: str) -> list[SheetFigures]:
        """Return the sheets that a report is made of, its own before those of the year."""
        sheets = [each for each in self.by_sheet.values() if each.fill.folder.report == report]
        return sheets + [each for each in self.by_sheet.values() if not each.fill.folder.report]

    def _place_all(self, report: str, ledger: Ledger) -> None:
        rows = self._rows_of(report)
        for key, figure in ledger.figures.items():
            if figure.kind == "derived" and not key.startswith(PRIOR):
                _place(figure, ledger, rows)

    def _rows_of(self, report: str) -> dict[str, SheetFigures]:
        """Return the sheets that a report is made of, by the keys of their rows."""
        rows: dict[str, SheetFigures] = {}
        for sheet in reversed(self._of_report(report)):
            rows |= dict.fromkeys((row.ledger_key for row in sheet.fill.rows if row.row), sheet)
        return rows

    def _translate(self, report: str, ledger: Ledger, rules: Rules) -> None:
        """Make formulas of what is worked out for a report."""
        cells: dict[str, FigureCell] = {}
        sheets = self._of_report(report)
        for sheet in reversed(sheets):
            cells |= sheet.cells()
        tables = tuple(sheet.table() for sheet in sheets if sheet.fill.rows)
        formulas = live_formulas(ledger, rules, Layout(cells, tables, ()))
        for sheet in sheets:
            for key, formula in formulas.items():
                sheet.formulas.setdefault(key, formula)


def _place(figure: Figure, ledger: Ledger, rows: Mappings[str, SheetFigures]) -> None:
    """Give a figure its place: in a row, or below the sheet that its first input stands in."""
    row, _, name = figure.key.rpartition(".")
    home = rows.get(figure.key) or rows.get(row)
    is_placed = home is not None and _is_placed_in(home, figure, name, is_row=figure.key in rows)
    if not is_placed:
        _place_below(figure, ledger, rows)


def _is_placed_in(home: SheetFigures, figure: Figure, name: str, *, is_row: bool) -> bool:
    """Place a figure in its row of a sheet; return whether the sheet has a place there."""
    if is_row or _stands_in_row(home, name):
        home.in_rows.setdefault(figure.key, figure)
    elif home.fill.takes_rows:
        _place_in_column(figure, name, home)
    else:
        return False
    return True


def _place_in_column(figure: Figure, name: str, home: SheetFigures) -> None:
    """Put a figure in a column of its own, but for one that only repeats last year's."""
    if not all(key.startswith(PRIOR) for key in figure.inputs):
        home.columns.setdefault(name, figure.title.rpartition("·")[2])
        home.in_rows.setdefault(figure.key, figure)


def _stands_in_row(sheet: SheetFigures, name: str) -> bool:
    return any(column.field == name for column in sheet.fill.columns)


def _place_below(figure: Figure, ledger: Ledger, rows: Mappings[str, SheetFigures]) -> None:
    """Put a figure below the sheet where the first value that it is worked out from stands."""
    for key in _typed_inputs(figure, ledger):
        home = rows.get(key) or rows.get(key.rpartition(".")[0])
        if home is not None:
            if all(figure.key != other.key for other in home.below):
                home.below.append(figure)
            return


def _typed_inputs(figure: Figure, ledger: Ledger) -> Iterator[str]:
    """Yield the keys of what was typed that a figure is worked out from."""
    seen, keys = {figure.key}, list(figure.inputs)
    while keys:
        key = keys.pop(0)
        inputs = ledger.figures[key].inputs if key in ledger.figures else ()
        if not inputs:
            yield key
        keys += [other for other in inputs if other not in seen]
        seen |= set(inputs)


def ledgers_of(
    files: SourceFiles, unit: str, year: int, names: Iterable[str]
) -> dict[str, tuple[Ledger, Rules]]:
    """Return what is worked out for the reports of a year, as far as they can be loaded."""
    ledgers: dict[str, tuple[Ledger, Rules]] = {}
    for name in names:
        inputs = load(files, unit, year, name, Diagnostics())
        if inputs is not None:
            formats = inputs.pack.formats
            ledger = derive(inputs.facts, inputs.prior, inputs.rules, formats, Diagnostics())
            ledgers[name] = (ledger, inputs.rules)
    return ledgers


def fill_book(
    files: SourceFiles, unit: str, year: int, names: tuple[str, ...], office: str, log: Diagnostics
) -> bytes | None:
    """Return the workbook of what a year and some of its reports need, or None; the log says why.

    With an `office` it holds what that fills in, and nothing else.
    """
    log.extend(filter(None, [missing_extra("excel")]))
    folders = fill_folders(files, unit, year, log, names)
    sheets = fill_sheets(folders)
    if office:
        sheets = sheets_of_office(folders, sheets, office, log)
    if log.blocked:
        return None
    ledgers = ledgers_of(files, unit, year, names)
    title = f"{year}年度绩效自评填报表　{_unit_name(files, unit)}　{office}".strip()
    writer = FillBookWriter(FillRecord(unit, year, office), FillFigures(sheets, ledgers))
    return writer.write(title, sheets, instructions(folders))


def _unit_name(files: SourceFiles, unit: str) -> str:
    """Return what a unit is called, its folder where its file does not say."""
    log = Diagnostics()
    _, name = read_year(files, f"data/{unit}", ReportingUnit, log).find("name")
    return name.text if isinstance(name, Scalar) else unit


# Who fills in what


def sheets_of_office(
    folders: tuple[FillFolder, ...], sheets: tuple[FillSheet, ...], office: str, log: Diagnostics
) -> tuple[FillSheet, ...]:
    """Return what an office fills in; X161 where the files of the year give it nothing."""
    assignments = list(_assignments(folders[0].files))
    own = [_of_office(sheet, assignments, office) for sheet in sheets]
    kept = tuple(filter(_has_rows, own))
    if not kept:
        known = "、".join(dict.fromkeys(each.office for each in assignments)) or "—"
        log.add(finding("X161", SourceSpan(folders[0].path, 0, 0), office=office, known=known))
    return kept


def _has_rows(sheet: FillSheet) -> bool:
    """Return whether a sheet has rows beside headings."""
    return any(row.table is not None for row in sheet.rows)


def _assignments(files: YearFiles) -> Iterator[Assignment]:
    """Yield which office fills in what, as the files of a year say."""
    _, stated = files.find("offices")
    for entry in stated.entries if isinstance(stated, Mapping) else ():
        for place in walk(entry.value):
            if isinstance(place, Scalar):
                yield Assignment(entry.key, place.text, place.span)


def _of_office(sheet: FillSheet, assignments: list[Assignment], office: str) -> FillSheet:
    """Return a sheet with the rows of an office, and with headings that have rows below them."""
    rows: list[FillRow] = []
    shut: set[tuple[str, str]] = set()
    for row in sheet.rows:
        own, others = _fields_by_owner(sheet, row, assignments, office)
        if own or row.table is None:
            rows.append(row)
            shut |= {(row.key, name) for name in others}
    return replace(sheet, rows=tuple(_with_rows_below(rows)), shut=frozenset(shut))


def _fields_by_owner(
    sheet: FillSheet, row: FillRow, assignments: list[Assignment], office: str
) -> tuple[list[str], list[str]]:
    """Return the fields of a row that an office fills in, and those that others do."""
    own: list[str] = []
    others: list[str] = []
    for column in sheet.columns if row.table is not None else ():
        key = sheet.ledger_key(row, column).lstrip("+")
        owner = office_of(assignments, _file_of(sheet, row), key)
        (own if owner == office else others).append(column.field)
    return own, others


def _file_of(sheet: FillSheet, row: FillRow) -> str:
    """Return the file of a row, below the folder of the year."""
    return f"{sheet.folder.report}/{row.path.rpartition('/')[2]}".lstrip("/")


def _with_rows_below(rows: list[FillRow]) -> Iterator[FillRow]:
    """Yield rows without the headings that nothing stands below."""
    for row, below in zip_longest(rows, rows[1:]):
        if row.table is not None or (below and below.table is not None):
            yield row
