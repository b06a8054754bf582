"""The sheets of prescribed forms: as they are printed, their figures live where they can be.

Tables that stand on one sheet share its columns: the borders of all of them together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import accumulate, pairwise
from math import ceil
from typing import TYPE_CHECKING

from reportgen.features.spreadsheet.formulas import MAX_FORMULA
from reportgen.features.spreadsheet.grid import column_letters
from reportgen.features.spreadsheet.layout import SheetNames, cell_decimals, cell_factor
from reportgen.features.spreadsheet.printed import PrintedFigures, stated_quantity
from reportgen.features.spreadsheet.workbook import (
    LINE_HEIGHT,
    CellStyle,
    WorkbookWriter,
    number_format,
    set_page,
)
from reportgen.findings.excerpt import width
from reportgen.model.document import (
    Annex,
    Block,
    Break,
    Cell,
    Document,
    Heading,
    Inlines,
    Paragraph,
    Strong,
    Table,
    Text,
    Value,
    plain,
)
from reportgen.model.grid import PlacedCell, place_cells
from reportgen.model.quantity import Shape
from reportgen.model.units import ONE

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

PORTRAIT, LANDSCAPE = 92.0, 138.0
"""Width of a page in characters of a column."""
MIN_COLUMN, MIN_CELL = 1.5, 2.0
CELL_PADDING = 1.5
LINE_PADDING = 4
MAX_ROW_HEIGHT = 400.0
LABEL_FILL = "F2F2F2"

_TITLE = CellStyle("center", bold=True, border=False, size=16)
_CAPTION = CellStyle("center", bold=True, border=False)


class FormWriter:
    """Writes the tables of a document into sheets of a workbook."""

    def __init__(self, writer: WorkbookWriter, names: SheetNames, printed: PrintedFigures) -> None:
        self.writer = writer
        self.names = names
        self.printed = printed

    def write(self, document: Document) -> None:
        """Write the tables of the body, a sheet each group, then the annexes, a sheet each."""
        for tables in _joined_tables(document.blocks):
            name = tables[0].caption or tables[0].name
            self._sheet(name, tables, PORTRAIT).write("")
        for annex in document.annexes:
            if any(isinstance(block, Table) for block in annex.blocks):
                self._write_annex(annex)

    def _write_annex(self, annex: Annex) -> None:
        title = plain(annex.title)
        room = LANDSCAPE if annex.landscape else PORTRAIT
        self._sheet(f"{annex.label} {title}", _blocks(annex), room).write(title)

    def _sheet(self, name: str, blocks: Iterable[Block], room: float) -> _FormSheet:
        sheet = self.writer.add_sheet(self.names.add(name.replace("\n", " ")))
        return _FormSheet(self.writer, sheet, self.printed, list(blocks), room)


class _FormSheet:
    """A sheet of a form, as wide as a page: `row` is the next to be written."""

    def __init__(
        self,
        writer: WorkbookWriter,
        sheet: Worksheet,
        printed: PrintedFigures,
        blocks: list[Block],
        room: float,
    ) -> None:
        self.writer = writer
        self.sheet = sheet
        self.printed = printed
        self.blocks = blocks
        self.room = room
        self.edges = _edges(blocks)
        self.widths = [float(right - left) * room for left, right in pairwise(self.edges)]
        self.row = 1
        self.repeated_rows = ""

    def write(self, title: str) -> None:
        for column, characters in enumerate(self.widths):
            dimension = self.sheet.column_dimensions[column_letters(column)]
            dimension.width = max(MIN_COLUMN, round(characters, 2))
        if title:
            self._write_line(title, _TITLE)
        for block in self.blocks:
            self._write_block(block)
        is_landscape = self.room == LANDSCAPE
        set_page(self.sheet, landscape=is_landscape, repeat=self.repeated_rows)

    def _write_block(self, block: Block) -> None:
        if isinstance(block, Table):
            self._write_table(block)
        elif isinstance(block, Paragraph | Heading):
            text = plain(block.inlines)
            lines = ceil(width(text) / self.room)
            self._write_line(text, CellStyle(_alignment(block), border=False), lines)

    def _write_line(self, text: str, style: CellStyle, lines: int = 1) -> None:
        """Write a line across the sheet."""
        self.writer.put(self.sheet, (self.row, 1), text, style)
        self._merge((self.row, 1), (self.row, len(self.widths)))
        height = max(lines * LINE_HEIGHT + LINE_PADDING, style.size * 1.8)
        self.sheet.row_dimensions[self.row].height = height
        self.row += 1

    def _merge(self, first: tuple[int, int], last: tuple[int, int]) -> None:
        self.sheet.merge_cells(
            start_row=first[0], start_column=first[1], end_row=last[0], end_column=last[1]
        )

    def _write_table(self, table: Table) -> None:
        if table.show_caption:
            self._write_line(table.caption, _CAPTION)
        self._repeat_head(table)
        borders = _borders(table)
        heights = [LINE_HEIGHT + LINE_PADDING] * len(table.rows)
        for placed in place_cells(table):
            last = placed.column + placed.cell.colspan
            columns = range(
                self.edges.index(borders[placed.column]), self.edges.index(borders[last])
            )
            self._write_cell(placed, columns)
            height = self._height(placed.cell, columns)
            for row in range(placed.row, placed.row + placed.cell.rowspan):
                heights[row] = max(heights[row], height)
        for row, height in enumerate(heights, self.row):
            self.sheet.row_dimensions[row].height = min(MAX_ROW_HEIGHT, height)
        self.row += len(table.rows)

    def _repeat_head(self, table: Table) -> None:
        """Repeat the head of the first table that has one on every page."""
        head = sum(1 for row in table.rows if row.head)
        if head and not self.repeated_rows:
            self.repeated_rows = f"{self.row}:{self.row + head - 1}"

    def _write_cell(self, placed: PlacedCell, columns: range) -> None:
        """Write a cell over `columns` of the sheet, which count from 0."""
        cell, style = placed.cell, _cell_style(placed.cell)
        top = self.row + placed.row
        for row in range(top, top + cell.rowspan):
            for column in columns:
                self.writer.style(self.sheet, (row, column + 1), style)
        first = (top, columns.start + 1)
        self._write_content(first, cell.lines, style)
        if cell.rowspan > 1 or len(columns) > 1:
            self._merge(first, (top + cell.rowspan - 1, columns.stop))

    def _height(self, cell: Cell, columns: range) -> float:
        """Return the height that each row of a cell needs."""
        indent = 2 * _cell_style(cell).indent
        room = max(MIN_CELL, sum(self.widths[columns.start : columns.stop]) - CELL_PADDING - indent)
        lines = sum(max(1, ceil(width(plain(line)) / room)) for line in cell.lines)
        return (lines * LINE_HEIGHT + LINE_PADDING) / cell.rowspan

    def _write_content(
        self, at: tuple[int, int], lines: tuple[Inlines, ...], style: CellStyle
    ) -> None:
        """Write what a cell prints: a number, a formula of its text, or its text."""
        pieces = list(_pieces(lines))
        only = pieces[0] if len(pieces) == 1 else ""
        if isinstance(only, Value) and self._write_number(at, only, style):
            return
        text = "".join(map(_text, pieces))
        formula = self.printed.formula(pieces)
        if formula and len(formula) <= MAX_FORMULA:
            self.writer.put_formula(self.sheet, at, formula, text, style)
        else:
            self.writer.put(self.sheet, at, text, style)

    def _write_number(self, at: tuple[int, int], value: Value, style: CellStyle) -> bool:
        """Write a cell that holds one number and nothing else; return whether it is such a cell."""
        printed = self.printed.find(value)
        stated = printed.stated if printed else stated_quantity(value.text, ONE)
        if stated is None or _has_words(stated.shape):
            return False
        unit, shape = stated.unit, stated.shape
        is_named = not value.text.endswith(unit.symbol)  # the label of the column names it
        result = stated.value / cell_factor(unit)
        code = number_format(unit, shape, stated.value, named=is_named)
        if printed is None:
            self.writer.put(self.sheet, at, result, style, code)
            return True
        places = cell_decimals(unit, shape.decimals)
        reference = printed.cell.reference
        formula = f'=IF({reference}="","",ROUND({printed.number},{places}))'
        self.writer.put_formula(self.sheet, at, formula, result, style, code)
        return True


def _has_words(shape: Shape) -> bool:
    return bool(shape.before or shape.after or shape.about)


def _alignment(block: Paragraph | Heading) -> str:
    role = block.role if isinstance(block, Paragraph) else ""
    return role if role in {"center", "right"} else "left"


def _cell_style(cell: Cell) -> CellStyle:
    is_label = cell.header == "col"
    return CellStyle(
        "center" if cell.vertical else cell.align,
        bold=is_label,
        fill=LABEL_FILL if is_label else "",
        indent=cell.indent if cell.align == "left" else 0,
    )


# What stands in a document


def _pieces(lines: tuple[Inlines, ...]) -> Iterator[Value | str]:
    """Yield the figures and the texts between them; a line ends with a line feed."""
    for number, line in enumerate(lines):
        if number:
            yield "\n"
        yield from _pieces_of_line(line)


def _pieces_of_line(inlines: Inlines) -> Iterator[Value | str]:
    for inline in inlines:
        match inline:
            case Text(text):
                if text:
                    yield text
            case Value():
                yield inline
            case Strong(inner):
                yield from _pieces_of_line(inner)
            case Break():
                yield "\n"


def _text(piece: Value | str) -> str:
    return piece if isinstance(piece, str) else piece.text


def _borders(table: Table) -> list[Fraction]:
    """Return the borders of the columns of a table, as shares of its width."""
    whole = sum(table.widths)
    return [Fraction(part, whole) for part in accumulate(table.widths, initial=0)]


def _edges(blocks: Iterable[Block]) -> list[Fraction]:
    """Return the column borders of all tables together."""
    edges = {Fraction(0), Fraction(1)}
    for block in blocks:
        if isinstance(block, Table):
            edges.update(_borders(block))
    return sorted(edges)


def _joined_tables(blocks: Iterable[Block]) -> Iterator[list[Table]]:
    """Yield the tables of the body, those joined to the one before them with it."""
    tables: list[Table] = []
    for block in blocks:
        if not isinstance(block, Table):
            continue
        if tables and not block.joined:
            yield tables
            tables = []
        tables.append(block)
    if tables:
        yield tables


def _blocks(annex: Annex) -> Iterator[Block]:
    for block in annex.blocks:
        if isinstance(block, Table | Paragraph | Heading):
            yield block
