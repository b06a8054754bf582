"""Writes the workbook to fill in: sheets with what is worked out beside them, and the record.

What may be typed is open, and coloured while it is blank; all else is locked, without a password.
Figures are live formulas over the cells of the sheets, so that sums are seen while one types.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Mapping as Mappings
from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING

from reportgen.features.spreadsheet.exporting import cell_value
from reportgen.features.spreadsheet.fill_layout import (
    ABOUT_ROW,
    FIELDS_ROW,
    FIRST_FILL_ROW,
    HEAD_ROW,
    VALUE,
    FillColumn,
    FillRow,
    FillSheet,
    columns_of,
    kind_in_row,
)
from reportgen.features.spreadsheet.fill_record import (
    DELETED,
    FILL_MARK,
    FILL_RECORD,
    LABEL,
    LOCKED,
    OWN_ROW,
    TO_DELETE,
    FillRecord,
    content_of,
    text_mark,
)
from reportgen.features.spreadsheet.grid import column_letters
from reportgen.features.spreadsheet.layout import (
    sheet_reference,
)
from reportgen.features.spreadsheet.workbook import (
    LINE_HEIGHT,
    CellStyle,
    WorkbookValue,
    WorkbookWriter,
    colour_where,
    link_to,
    number_format,
    offer,
    protect,
    set_page,
    set_widths,
    show_decimals,
)
from reportgen.findings.excerpt import width
from reportgen.model.figures import Figure
from reportgen.model.source import NOWHERE
from reportgen.project.yaml_nodes import Scalar

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

    from reportgen.features.spreadsheet.filling import FillFigures

_LISTS_COLUMN = 8
"""The first column of the record that holds the words of a drop-down list."""
_TITLE = CellStyle(bold=True, border=False, size=14, wrap=False)
_ABOUT = CellStyle(grey=True, border=False, size=10)
_HEAD = CellStyle(align="center", bold=True, fill="DCE6F1")
_SECTION = CellStyle(bold=True, fill="F2F2F2")
_LABEL = CellStyle(fill="F7F7F7")
_LOCKED = CellStyle(grey=True, fill="F2F2F2", indent=1)
_LOCKED_NUMBER = CellStyle(align="right", grey=True, fill="F2F2F2")
_WORDS = CellStyle(grey=True, fill="F2F2F2", wrap=False, border=False)
_TEXT = CellStyle(locked=False)
_STYLES = {
    (False, False): _TEXT,
    (True, False): CellStyle(align="right", locked=False),
    (False, True): CellStyle(locked=False, fill="EEF6EA"),
    (True, True): CellStyle(align="right", locked=False, fill="EEF6EA"),
}
"""How a cell to fill in looks: of a number or not, of a row to be added or not."""
_FIGURE_HEADS = ("由系统计算（不用填）", "现在的数", "算法和依据")
_PLAIN = CellStyle(border=False, size=11)
_BLANK_FILL = "FFF2CC"
_WIDTHS: Mappings[str, float] = {"amount": 15, "free": 18, "date": 14, "text": 22}
_NAMED_WIDTHS: Mappings[str, float] = {
    LABEL: 40,
    "name": 34,
    VALUE: 40,
    "?": 40,
    "#": 9,
    TO_DELETE: 6,
}


def _width_of(name: str, column: FillColumn | None) -> float:
    """Return the width of a column in characters; `column` is what it holds, None for others."""
    if name == VALUE and column is not None and column.kind == "text":
        return 92
    kind = column.kind if column is not None else "amount"
    return _NAMED_WIDTHS.get(name, _WIDTHS[kind])


class FillBookWriter:
    """Writes the sheets of a workbook to fill in, and its record."""

    def __init__(self, record: FillRecord, figures: FillFigures) -> None:
        self.writer = WorkbookWriter()
        self.record = record
        self.figures = figures
        self._lists: dict[tuple[str, ...], str] = {}

    def write(self, title: str, sheets: Iterable[FillSheet], words: Iterable[str]) -> bytes:
        """Return the workbook: what to do, the sheets, the record."""
        first = self.writer.add_sheet("填写说明")
        places = [_SheetToFill(self, sheet).write() for sheet in sheets]
        self._write_first(first, title, words, places)
        self._write_record()
        return self.writer.packed(title, f"{self.record.year}-12-31", category="")

    def list_reference(self, words: tuple[str, ...]) -> str:
        """Return the cells that hold the words of a drop-down list."""
        column = column_letters(_LISTS_COLUMN + len(self._lists) - 1)
        reference = f"{FILL_RECORD}!${column}$1:${column}${len(words)}"
        return self._lists.setdefault(words, reference)

    def _write_first(
        self, sheet: Worksheet, title: str, words: Iterable[str], places: list[tuple[str, str, str]]
    ) -> None:
        self.writer.put(sheet, (1, 1), title, _TITLE)
        row = 2
        for text in words:
            self.writer.put(sheet, (row, 1), text, _PLAIN)
            sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=3)
            row += 1
        head = row + 1
        for column, text in enumerate(("工作表", "还空着", "内容"), 1):
            self.writer.put(sheet, (head, column), text, _HEAD)
        for line, (name, blanks, about) in enumerate(places, head + 1):
            self.writer.put(sheet, (line, 1), name, _LABEL)
            link_to(sheet.cell(line, 1), f"{sheet_reference(name)}!B1")
            self.writer.put_formula(sheet, (line, 2), blanks, None, _LOCKED_NUMBER)
            self.writer.put(sheet, (line, 3), about, _LOCKED)
        set_widths(sheet, {1: 32.0, 2: 10.0, 3: 76.0})
        for line in range(2, row):
            text = str(sheet.cell(line, 1).value)
            sheet.row_dimensions[line].height = LINE_HEIGHT * ceil(width(text) / 108) + 6
        sheet.row_dimensions[1].height = 30
        sheet.sheet_view.showGridLines = False
        set_page(sheet, landscape=True)
        protect(sheet)

    def _write_record(self) -> None:
        sheet = self.writer.add_sheet(FILL_RECORD)
        for row, line in enumerate(self.record.lines(), 1):
            for column, text in enumerate(line, 1):
                self.writer.put(sheet, (row, column), text, _PLAIN)
        for column, words in enumerate(self._lists, _LISTS_COLUMN):
            for row, text in enumerate(words, 1):
                self.writer.put(sheet, (row, column), text, _PLAIN)
        sheet.sheet_state = "veryHidden"
        protect(sheet)


class _SheetToFill:
    """Writes one sheet."""

    def __init__(self, book: FillBookWriter, fill: FillSheet) -> None:
        self.book = book
        self.fill = fill
        self.figures = book.figures.by_sheet[fill.name]
        self.columns = columns_of(fill, self.figures.columns)
        self.sheet = book.writer.add_sheet(fill.name)

    @property
    def last(self) -> int:
        """Return the last row that may be filled in."""
        return FIRST_FILL_ROW + len(self.fill.rows) - 1

    def write(self) -> tuple[str, str, str]:
        """Write the sheet; return its name, the formula that counts its blanks, its subject."""
        self._write_head()
        for number, row in enumerate(self.fill.rows, FIRST_FILL_ROW):
            self._write_row(number, row)
        self._write_sums()
        set_widths(self.sheet, {1: 60, **dict(self._widths())})
        self._write_figures()
        self._set_up()
        for column in self.fill.columns:
            self._add_choices(column)
            self._colour_blanks(column)
        if self.fill.takes_rows:
            letters = column_letters(self.columns.number(TO_DELETE) - 1)
            cells = f"{letters}{FIRST_FILL_ROW}:{letters}{self.last}"
            offer(self.sheet, cells, f'"{DELETED}"', only=True)
        blanks = "+".join(map(self._blanks_of, self.fill.columns))
        return self.fill.name, f"={blanks}", self.fill.about or self.fill.title

    def _put(
        self, at: tuple[int, int], value: WorkbookValue, style: CellStyle, code: str = ""
    ) -> None:
        self.book.writer.put(self.sheet, at, value, style, code)
        if code:
            self.sheet.cell(*at).number_format = code

    def _write_head(self) -> None:
        self._put((1, 2), self.fill.title, _TITLE)
        self._put((ABOUT_ROW, 2), self.fill.about or None, _ABOUT)
        self._put((FIELDS_ROW, 1), FILL_MARK, _PLAIN)
        self._put((HEAD_ROW, 1), OWN_ROW, _PLAIN)
        for number, (name, title) in enumerate(self.columns.titles.items(), 2):
            self._put((FIELDS_ROW, number), name, _PLAIN)
            self._put((HEAD_ROW, number), title, _HEAD)

    def _write_row(self, number: int, row: FillRow) -> None:
        if row.table is None:
            self._put((number, 1), OWN_ROW, _PLAIN)
            for at in range(2, len(self.columns.titles) + 2):
                self._put((number, at), row.label if at == 2 else None, _SECTION)
            return
        self._put((number, 1), self.fill.record_key(row), _PLAIN)
        for name in self.columns.titles:
            self._put((number, self.columns.number(name)), self._beside(row, name), _LOCKED)
        if LABEL in self.columns.titles:
            self._record(row, LOCKED + LABEL, row.label, text_mark(row.label))
        for column in self.fill.columns:
            self._write_field(number, row, column)
        for derived in self.figures.columns:
            self._put_figure((number, self.columns.number(f"={derived}")), row, derived)
        if self.fill.may_go(row):
            self._put((number, self.columns.number(TO_DELETE)), None, _TEXT)

    def _beside(self, row: FillRow, name: str) -> str | None:
        """Return the words that stand in a column beside the values."""
        match name:
            case "*":
                return row.label
            case "?":
                return row.note
            case "#":
                unit = row.unit(self.fill.columns[0], self.fill.earlier(row, VALUE))
                return unit.symbol if unit is not None else None
        return None

    def _write_field(self, number: int, row: FillRow, column: FillColumn) -> None:
        """Write the cell of a field, with last year's beside it, and record it."""
        at, earlier = (
            (number, self.columns.number(column.field)),
            self.fill.earlier(row, column.field),
        )
        self._write_earlier(number, row, column)
        if self._is_locked(row, column):
            if not self._put_figure(at, row, column.field):
                text = row.text(column.field) or "（系统计算）"
                self._put(at, text, _LOCKED)
                self._record(row, LOCKED + column.field, text, text_mark(text))
            return
        kind, unit = kind_in_row(column, row), row.unit(column, earlier)
        scalar = row.row.cells.get(column.field) if row.row is not None else None
        content = content_of(scalar, kind, unit, named=column.kind == "amount")
        is_number = kind == "amount" or isinstance(content.value, Fraction)
        self._put(at, content.value, _STYLES[is_number, row.row is None], content.number_format)
        symbol = unit.symbol if unit is not None else ""
        self._record(row, column.field, row.text(column.field), content.mark, symbol)

    def _record(self, row: FillRow, name: str, text: str, mark: str, symbol: str = "") -> None:
        self.book.record.add(self.fill.record_key(row), name, text, mark, symbol)

    def _is_locked(self, row: FillRow, column: FillColumn) -> bool:
        """Return whether nothing is to be typed: what is worked out, cites figures, or is an id."""
        if column.field == "id" or (row.key, column.field) in self.fill.shut:
            return row.row is not None
        is_derived = not row.text(column.field) and self.figures.has(row, column.field)
        return row.is_bound(column.field) or is_derived

    def _write_earlier(self, number: int, row: FillRow, column: FillColumn) -> None:
        """Write last year's value beside this year's."""
        name, text = f"^{column.field}", self.fill.earlier(row, column.field)
        if name in self.columns.titles and text:
            kind = kind_in_row(column, row)
            content = content_of(Scalar(text, NOWHERE), kind, column.unit, named=kind == "amount")
            style = _LOCKED_NUMBER if isinstance(content.value, Fraction) else _LOCKED
            at = (number, self.columns.number(name))
            self._put(at, content.value, style, content.number_format)

    def _put_figure(self, at: tuple[int, int], row: FillRow, name: str) -> bool:
        """Write what is worked out for a field of a row; return whether anything is."""
        figure = self.figures.in_rows.get(f"{row.ledger_key}.{name}") or self.figures.in_rows.get(
            row.ledger_key
        )
        if figure is not None:
            self._write_figure(at, figure)
        return figure is not None

    def _write_figure(self, at: tuple[int, int], figure: Figure) -> None:
        code = number_format(figure.unit, figure.shape, figure.value, named=False)
        formula = self.figures.formulas.get(figure.key)
        if formula is None:
            self._put(at, cell_value(figure), _LOCKED_NUMBER, code)
        else:
            value = cell_value(figure)
            self.book.writer.put_formula(self.sheet, at, formula.text, value, _LOCKED_NUMBER, code)

    def _write_sums(self) -> None:
        """Write the sums of the columns of money below a list."""
        row = self.last + 1
        for column in self.fill.columns if self.fill.takes_rows else ():
            number = self.columns.number(column.field)
            if column.kind == "amount":
                cells = self._cells(column)
                self._put((row, 1), OWN_ROW, _PLAIN)
                self._put((row, 2), "合计（随填随算）", _SECTION)
                self.book.writer.put_formula(
                    self.sheet, (row, number), f"=SUM({cells})", None, _LOCKED_NUMBER, "General"
                )

    def _write_figures(self) -> None:
        """Write what is worked out of the values of the sheet, with its formula and basis."""
        row = self.figures.first_row
        if self.figures.below:
            self._put((row - 1, 1), OWN_ROW, _PLAIN)
            for column, text in enumerate(_FIGURE_HEADS, 2):
                self._put((row - 1, column), text, _HEAD)
            self._widen(row - 1, "", "")
        for number, figure in enumerate(self.figures.below, row):
            self._put((number, 1), OWN_ROW, _PLAIN)
            self._put((number, 2), figure.title, _LOCKED)
            self._write_figure((number, 3), figure)
            words = figure.reading or figure.formula
            basis = f"（{figure.basis}）" if figure.basis else ""
            self._put((number, 4), f"{words}{basis}", _LOCKED)
            self._widen(number, f"{words}{basis}", figure.title)

    def _widen(self, row: int, words: str, label: str) -> None:
        """Give words all the columns from the fourth on, and their row its height."""
        last = max(5, len(self.columns.titles) + 1)
        self.sheet.merge_cells(start_row=row, start_column=4, end_row=row, end_column=last)
        widths = dict(self._widths())
        room = sum(widths.get(number, 13) for number in range(4, last + 1))
        lines = max(ceil(width(words) / (room - 2)), ceil(width(label) / (widths[2] - 2)), 1)
        self.sheet.row_dimensions[row].height = LINE_HEIGHT * lines + 3

    # Looks

    def _widths(self) -> Iterator[tuple[int, float]]:
        """Yield the width of each column that is seen, by number."""
        kinds = {column.field: column for column in self.fill.columns}
        for name in self.columns.titles:
            column = kinds.get(name.lstrip("^"))
            is_number = name == LABEL and self.fill.is_of_texts
            yield self.columns.number(name), 14 if is_number else _width_of(name, column)

    def _set_up(self) -> None:
        """Hide the row and the column of names, freeze the head, set up the page."""
        sheet = self.sheet
        sheet.column_dimensions["A"].hidden = True
        sheet.row_dimensions[FIELDS_ROW].hidden = True
        sheet.freeze_panes = f"C{FIRST_FILL_ROW}"
        last = len(self.columns.titles) + 1
        sheet.merge_cells(start_row=ABOUT_ROW, start_column=2, end_row=ABOUT_ROW, end_column=last)
        total = sum(width for _, width in self._widths())
        lines = ceil(width(self.fill.about) / (total - 2)) or 1
        sheet.row_dimensions[1].height = 26
        sheet.row_dimensions[ABOUT_ROW].height = LINE_HEIGHT * lines + 3
        set_page(sheet, landscape=True, repeat=f"{HEAD_ROW}:{HEAD_ROW}")
        sheet.print_area = (
            f"B1:{column_letters(last - 1)}{max(self.figures.last_row, self.last + 1)}"
        )
        protect(sheet)

    def _cells(self, column: FillColumn, sheet: str = "") -> str:
        """Return the cells of a column to fill in."""
        letters = column_letters(self.columns.number(column.field) - 1)
        return f"{sheet}{letters}{FIRST_FILL_ROW}:{sheet and ''}{letters}{self.last}"

    def _blanks_of(self, column: FillColumn) -> str:
        """Return a formula that counts the blank cells of a column in the rows that there are."""
        name = sheet_reference(self.fill.name) + "!"
        keys = f"{name}$A${FIRST_FILL_ROW}:$A${self.last}"
        there = f'ISNUMBER(FIND("/",{keys}))*ISERROR(FIND("/+",{keys}))'
        return f"SUMPRODUCT({there}*ISBLANK({self._cells(column, name)}))"

    def _add_choices(self, column: FillColumn) -> None:
        """Offer the words of a column in a drop-down list."""
        if column.choices:
            words = self.book.list_reference(column.choices)
            offer(self.sheet, self._cells(column), words, only=column.is_closed)

    def _colour_blanks(self, column: FillColumn) -> None:
        """Colour what is still blank, and show the decimals of percentages that are typed."""
        cells = self._cells(column)
        cell, key = cells.partition(":")[0], f"$A{FIRST_FILL_ROW}"
        there = f'ISNUMBER(FIND("/",{key})),ISERROR(FIND("/+",{key}))'
        colour_where(self.sheet, cells, f"AND(ISBLANK({cell}),{there})", _BLANK_FILL)
        if column.kind == "free":
            show_decimals(self.sheet, cells)
