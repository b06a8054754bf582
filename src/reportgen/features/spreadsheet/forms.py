"""The sheets of prescribed forms: as they are printed, their figures live where they can be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import accumulate, pairwise
from math import ceil

from openpyxl.worksheet.worksheet import Worksheet

from reportgen.features.spreadsheet.book import Book, CellStyle, number_format, printed
from reportgen.features.spreadsheet.grid import column_letters
from reportgen.features.spreadsheet.homes import FigureCell, factor
from reportgen.features.spreadsheet.live import Live, stated_in
from reportgen.features.spreadsheet.parts import LONGEST, quoted
from reportgen.findings.excerpt import width
from reportgen.model.document import (
    Annex,
    Block,
    Break,
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
from reportgen.model.figures import Figure
from reportgen.model.grid import place_cells
from reportgen.model.units import ONE

PORTRAIT, LANDSCAPE = 92.0, 138.0
"""Width of a page in characters of a column."""
LINE = 15.0
"""Height of a line in points."""
TALLEST = 400.0

_BOX = CellStyle(align="center", border=False)


class Forms:
    """Writes tables into sheets; `figures` and `homes` by key, none for the public."""

    def __init__(
        self, book: Book, figures: Mapping[str, Figure], homes: Mapping[str, FigureCell]
    ) -> None:
        self.book = book
        self.live = Live(figures, homes)

    def write(self, document: Document) -> None:
        """Write the tables of the body, a sheet each group, then the annexes, a sheet each."""
        for tables in _groups(document.blocks):
            self._sheet(tables[0].caption or tables[0].name, "", tables, landscape=False)
        for annex in document.annexes:
            if any(isinstance(block, Table) for block in annex.blocks):
                name = f"{annex.label} {plain(annex.title)}"
                self._sheet(name, plain(annex.title), _annex(annex), landscape=annex.landscape)

    def _sheet(self, name: str, title: str, blocks: Iterable[Block], *, landscape: bool) -> None:
        shown = list(blocks)
        sheet = self.book.sheet(name.replace("\n", " "))
        edges = _edges(shown)
        room = LANDSCAPE if landscape else PORTRAIT
        spans = [float(b - a) * room for a, b in pairwise(edges)]
        for column, merged in enumerate(spans, 1):
            sheet.column_dimensions[column_letters(column - 1)].width = max(1.5, round(merged, 2))
        row, repeat = 1, ""
        if title:
            row = self._line(
                sheet, row, title, len(spans), CellStyle("center", bold=True, border=False, size=16)
            )
        for block in shown:
            if isinstance(block, Table):
                head = sum(1 for each in block.rows if each.head)
                if head and not repeat:
                    first = row + block.show_caption
                    repeat = f"{first}:{first + head - 1}"
                row = self._table(sheet, row, block, edges, spans)
            elif isinstance(block, Paragraph | Heading):
                align = {"center": "center", "right": "right"}.get(
                    getattr(block, "role", ""), "left"
                )
                text = plain(block.inlines)
                row = self._line(sheet, row, text, len(spans), CellStyle(align, border=False), room)
        printed(sheet, landscape=landscape, repeat=repeat)

    def _line(
        self, sheet: Worksheet, row: int, text: str, columns: int, look: CellStyle, room: float = 0
    ) -> int:
        """Write a line across the sheet; return the row below it."""
        self.book.put(sheet, row, 1, text, look)
        sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=columns)
        lines = ceil(width(text) / room) if room else 1
        sheet.row_dimensions[row].height = max(lines * LINE + 4, look.size * 1.8)
        return row + 1

    def _table(
        self, sheet: Worksheet, top: int, table: Table, edges: list[Fraction], spans: list[float]
    ) -> int:
        """Write a table below `top`; return the row below it."""
        if table.show_caption:
            look = CellStyle("center", bold=True, border=False)
            top = self._line(sheet, top, table.caption, len(spans), look)
        whole = sum(table.widths)
        own = [Fraction(part, whole) for part in accumulate(table.widths, initial=0)]
        heights = [LINE + 4] * len(table.rows)
        for at in place_cells(table):
            cell = at.cell
            first = edges.index(own[at.column])
            last = edges.index(own[at.column + cell.colspan]) - 1
            look = CellStyle(
                "center" if cell.vertical else cell.align,
                bold=cell.header == "col",
                fill="F2F2F2" if cell.header == "col" else "",
                indent=cell.indent if cell.align == "left" else 0,
            )
            row = top + at.row
            for r in range(row, row + cell.rowspan):
                for c in range(first + 1, last + 2):
                    self.book.style(sheet, r, c, look)
            self._cell(sheet, (row, first + 1), cell.lines, look)
            if cell.rowspan > 1 or last > first:
                end = (row + cell.rowspan - 1, last + 1)
                sheet.merge_cells(
                    start_row=row, start_column=first + 1, end_row=end[0], end_column=end[1]
                )
            room = max(2.0, sum(spans[first : last + 1]) - 1.5 - 2 * look.indent)
            lines = sum(max(1, ceil(width(plain(line)) / room)) for line in cell.lines)
            each = (lines * LINE + 4) / cell.rowspan
            for number_ in range(at.row, at.row + cell.rowspan):
                heights[number_] = max(heights[number_], each)
        for number_, height in enumerate(heights):
            sheet.row_dimensions[top + number_].height = min(TALLEST, height)
        return top + len(table.rows)

    def _cell(
        self, sheet: Worksheet, at: tuple[int, int], lines: tuple[Inlines, ...], look: CellStyle
    ) -> None:
        pieces = list(_flat(lines))
        values = [piece for piece in pieces if isinstance(piece, Value)]
        if len(pieces) == 1 and values and self._number(sheet, at, values[0], look):
            return
        text = "".join(p.text if isinstance(p, Value) else p for p in pieces)
        if any(self.live.of(value) for value in values):
            parts = [self.live.words(p) if isinstance(p, Value) else quoted(p) for p in pieces if p]
            formula = "=" + "&".join(parts)
            if len(formula) <= LONGEST:
                self.book.calculate(sheet, at, formula, text, look)
                return
        self.book.put(sheet, *at, text, look)

    def _number(self, sheet: Worksheet, at: tuple[int, int], value: Value, look: CellStyle) -> bool:
        """Write a cell that holds one number and nothing else; say whether it is such a cell."""
        live = self.live.of(value)
        stated = live[0] if live else stated_in(value.text, ONE)
        if stated is None:
            return False
        unit, shape = stated.unit, stated.shape
        if shape.before or shape.after or shape.about:
            return False
        percent = unit.symbol == "%"
        bare = not value.text.endswith(unit.symbol)  # the head of the column names it
        fmt = number_format(unit, shape, stated.value, named=bare)
        result = stated.value / factor(unit)
        if live is None:
            self.book.put(sheet, *at, result, look, fmt)
            return True
        places = shape.decimals + 2 * percent
        ref = live[1].ref
        formula = f'=IF({ref}="","",ROUND({live[2]},{places}))'
        if live[3].shape.strip and not percent and not shape.thousands:
            fmt = "General" if bare or not unit.symbol else f'General"{unit.symbol}"'
        self.book.calculate(sheet, at, formula, result, look, fmt)
        return True


def _flat(lines: tuple[Inlines, ...]) -> Iterator[Value | str]:
    """Yield the figures and the texts between them; a line ends with a line feed."""
    for number_, line in enumerate(lines):
        if number_:
            yield "\n"
        yield from _pieces(line)


def _pieces(inlines: Inlines) -> Iterator[Value | str]:
    for inline in inlines:
        match inline:
            case Text(text):
                if text:
                    yield text
            case Value():
                yield inline
            case Strong(inner):
                yield from _pieces(inner)
            case Break():
                yield "\n"


def _edges(blocks: Iterable[Block]) -> list[Fraction]:
    """Return the column borders of all tables together, as shares of the width."""
    edges = {Fraction(0), Fraction(1)}
    for block in blocks:
        if isinstance(block, Table):
            whole = sum(block.widths)
            edges |= {Fraction(part, whole) for part in accumulate(block.widths)}
    return sorted(edges)


def _groups(blocks: Iterable[Block]) -> Iterator[list[Table]]:
    """Yield the tables of the body, those joined to the one before them with it."""
    group: list[Table] = []
    for block in blocks:
        if isinstance(block, Table):
            if group and not block.joined:
                yield group
                group = []
            group.append(block)
    if group:
        yield group


def _annex(annex: Annex) -> list[Block]:
    return [b for b in annex.blocks if isinstance(b, Table | Paragraph | Heading)]
