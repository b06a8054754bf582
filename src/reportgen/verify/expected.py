"""What a faithful file must say: the Document as an independent reader would find it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from typing import assert_never

from reportgen.model.document import (
    AttachmentList,
    Block,
    Chart,
    Cover,
    Document,
    Heading,
    Inlines,
    Items,
    PageBreak,
    Paragraph,
    SignOff,
    Table,
    Title,
    plain,
    values,
)
from reportgen.model.grid import place_cells
from reportgen.model.locations import located_texts
from reportgen.verify.readback import Grid, GridCell, Readback, squeeze


class ExpectedContent:
    """What every reader must find in a faithful output of `document`, worked out once."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._pieces: list[str | Table] = [*document.title]
        self._add(document.blocks)
        for annex in document.annexes:
            self._pieces += [annex.label, plain(annex.title)]
            self._add(annex.blocks)
        self._tables = [piece for piece in self._pieces if isinstance(piece, Table)]

    def _add(self, blocks: tuple[Block, ...]) -> None:
        for block in blocks:
            if isinstance(block, Table):
                self._pieces.append(block)
            else:
                self._pieces.extend(_texts(block))

    @cached_property
    def grids(self) -> tuple[Grid, ...]:
        """Return the cells of every table."""
        return tuple(_grid(table) for table in self._tables)

    @cached_property
    def readback(self) -> Readback:
        """Return the texts outside tables, the tables and the figures."""
        texts = [squeeze(piece) for piece in self._pieces if isinstance(piece, str)]
        return Readback(
            format="document",
            texts=tuple(text for text in texts if text),
            tables=self.grids,
            figures=tuple(figure for figure in self._figures() if figure),
        )

    def _figures(self) -> Iterator[str]:
        for text in located_texts(self._document):
            for value in () if text.unmarked else values(text.inlines):
                yield squeeze(value.text)

    @cached_property
    def captions(self) -> tuple[str, ...]:
        """Return the captions that are printed above tables, in order."""
        return tuple(squeeze(table.caption) for table in self._tables if table.show_caption)

    @cached_property
    def sequence(self) -> tuple[str, ...]:
        """Return every text in reading order, cells row by row, white space removed."""
        sequence: list[str] = []
        grids = iter(self.grids)
        for piece in self._pieces:
            if isinstance(piece, str):
                sequence.append(squeeze(piece))
                continue
            if piece.show_caption:
                sequence.append(squeeze(piece.caption))
            sequence.extend(cell.text for cell in next(grids))
        return tuple(sequence)

    @cached_property
    def cut_grids(self) -> tuple[Grid, ...]:
        """Return the cells of every table, those that span from head rows into others in pieces.

        Typst repeats head rows on each page, so no cell can leave them: its text stays in the
        first piece, the others are empty.
        """
        pairs = zip(self._tables, self.grids, strict=True)
        return tuple(_cut_grid(table, grid) for table, grid in pairs)


def _grid(table: Table) -> Grid:
    cells = []
    for placed in place_cells(table):
        cell = placed.cell
        text = squeeze("".join(plain(line) for line in cell.lines))
        cells.append(GridCell(placed.row, placed.column, cell.rowspan, cell.colspan, text))
    return tuple(cells)


def _cut_grid(table: Table, grid: Grid) -> Grid:
    pieces: list[GridCell] = []
    for cell in grid:
        if cell.rowspan == 1:
            pieces.append(cell)
        else:
            pieces.extend(_cut_cell(table, cell))
    return tuple(sorted(pieces, key=lambda piece: (piece.row, piece.column)))


def _cut_cell(table: Table, cell: GridCell) -> Iterator[GridCell]:
    """Yield the pieces of a cell: each ends where head rows end or the cell does."""
    start, end = cell.row, cell.row + cell.rowspan
    for row in range(start + 1, end + 1):
        if row == end or table.rows[row].head != table.rows[start].head:
            text = cell.text if start == cell.row else ""
            yield replace(cell, row=start, rowspan=row - start, text=text)
            start = row


def _texts(block: Block) -> Iterator[str]:
    """Yield the texts of a block outside tables, each as it is printed."""
    match block:
        case Heading(number=number, inlines=inlines):
            yield number + plain(inlines)
        case Paragraph(inlines):
            yield plain(inlines)
        case Items():
            yield from _item_texts(block)
        case AttachmentList(titles):
            yield from _attachment_texts(titles)
        case SignOff(lines):
            yield from map(plain, lines)
        case Cover():
            yield from _cover_texts(block)
        case Title(lines):
            yield from lines
        case Table() | Chart() | PageBreak():
            return
        case _:
            assert_never(block)


def _item_texts(items: Items) -> Iterator[str]:
    for item in items.items:
        yield item.label + plain(item.inlines)


def _attachment_texts(titles: tuple[Inlines, ...]) -> Iterator[str]:
    """Yield the lines of a list of attachments; a single one has no number."""
    for number, title in enumerate(titles, 1):
        heading = "附件：" if number == 1 else ""
        label = f"{number}." if len(titles) > 1 else ""
        yield heading + label + plain(title)


def _cover_texts(cover: Cover) -> Iterator[str]:
    for label, value in cover.fields:
        yield label + plain(value)
    yield plain(cover.foot)
