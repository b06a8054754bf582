"""What a faithful file must say: the Document as an independent reader would find it."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from itertools import chain, takewhile
from operator import attrgetter
from typing import Any

from reportgen.model.document import (
    AttachmentList,
    Block,
    Chart,
    Document,
    Items,
    Paragraph,
    Table,
    Title,
    plain,
    values,
)
from reportgen.model.grid import by_form, place_cells, word_tables
from reportgen.model.locations import located_texts, paragraphs_of
from reportgen.model.word_form import FilledForm, PartKind
from reportgen.verify.filled import in_any_order, parted
from reportgen.verify.frame_texts import FrameTexts, texts_of_frame
from reportgen.verify.readback import Grid, GridCell, Readback, squeeze

_PARTS: tuple[PartKind, ...] = ("header", "main", "footnote", "endnote", "footer")


class ExpectedContent:
    """What every reader must find in a faithful output of `document`, worked out once.

    A Word file has what its `frame` says, too.
    """

    def __init__(self, document: Document, frame: bytes = b"") -> None:
        self.document = document
        self._frame = b"" if document.form is not None else frame
        self._pieces: list[str | Table] = [*document.title]
        self._add(document.blocks)
        for annex in document.annexes:
            self._pieces += [annex.label, plain(annex.title)]
            self._add(annex.blocks)
        self._pages = [document.blocks, *(annex.blocks for annex in document.annexes)]
        self._blocks = list(chain.from_iterable(self._pages))
        self._tables = [piece for piece in self._pieces if isinstance(piece, Table)]

    def _add(self, blocks: tuple[Block, ...]) -> None:
        for block in blocks:
            if isinstance(block, Table):
                if block.aside:
                    self._pieces.append(block.caption)
                self._pieces.append(block)
                continue
            for paragraph in paragraphs_of(block):
                self._pieces.append(paragraph.lead + plain(paragraph.inlines))

    @cached_property
    def grids(self) -> tuple[Grid, ...]:
        """Return the cells of every table."""
        return tuple(map(_grid, self._tables))

    @cached_property
    def readback(self) -> Readback:
        """Return the texts outside tables, and the tables."""
        texts = [squeeze(piece) for piece in self._pieces if isinstance(piece, str)]
        return Readback(
            format="document",
            texts=tuple(filter(None, texts)),
            tables=self.grids,
        )

    def _figures(self) -> Iterator[str]:
        """Yield the figures that a page marks, white space removed."""
        for text in located_texts(self.document):
            for value in () if text.unmarked else values(text.inlines):
                if squeeze(value.text):
                    yield squeeze(value.text)

    @cached_property
    def pictures(self) -> tuple[str, ...]:
        """Return what is said of each chart and picture to those who cannot see it, in order."""
        said: list[str] = []
        for block in self._blocks:
            if isinstance(block, Chart):
                said.append(block.alt)
            elif isinstance(block, Table):
                said.extend(picture.alt for picture in block.pictures)
        return tuple(said)

    def items_of(self, name: str) -> tuple[str, ...]:
        """Return the entries of lists as the format `name` marks them, white space removed."""
        kinds = {"pdf": (Items,), "html": (Items, AttachmentList)}.get(name, ())
        lists = [block for block in self._blocks if isinstance(block, kinds)]
        items = chain.from_iterable(map(paragraphs_of, lists))
        return tuple(squeeze(item.lead + plain(item.inlines)) for item in items)

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
    def frame(self) -> FrameTexts | None:
        """Return what the author of the Word frame wrote into it, None for nothing."""
        return texts_of_frame(self._frame) if self._frame else None

    def wanted(self, name: str) -> Readback:
        """Return what the format `name` should say; a form in Word in the order of its parts."""
        if name == "docx" and self.document.form is not None:
            return replace(self.readback, **self._of_form(self.document.form))
        figures = tuple(self._figures()) if name == "html" else ()
        wanted = replace(self.readback, tables=self.grids_of(name), figures=figures)
        return self._in_word(wanted) if name == "docx" else wanted

    def _in_word(self, wanted: Readback) -> Readback:
        """Return what Word should say: with the texts of its frame, and as its forms are read."""
        if self.frame:
            wanted = self.frame.around(wanted, self.document)
        elif self.document.placed:
            lines = sum(map(bool, map(str.strip, self.document.title)))
            texts = ("".join(wanted.texts[:lines]), *wanted.texts[lines:])
            wanted = replace(wanted, texts=texts)
        if self.document.placed:
            wanted = replace(wanted, tables=tuple(map(_form_grid, wanted.tables)))
        return wanted

    def _of_form(self, form: FilledForm) -> dict[str, Any]:
        """Return the texts and the tables of a form: headers, bodies, notes, footers."""
        items: dict[PartKind, list[str | Grid]] = defaultdict(list)
        grids = iter(self.grids)
        kind: PartKind = "main"
        kinds = _kinds_of_texts(form)
        for origin, piece in _in_order(self.document, form):
            kind = kinds.get(origin, kind)
            if isinstance(piece, Table):
                items[kind].append(_form_grid(next(grids)))
            elif squeeze(piece):
                items[kind].append(squeeze(piece))
        said: list[str | Grid] = []
        for part in _PARTS:
            within = items[part]
            said += in_any_order(within) if part in {"header", "footer"} else within
        texts, tables = parted(said)
        return {"texts": texts, "tables": tables}

    def grids_of(self, name: str) -> tuple[Grid, ...]:
        """Return the cells of every table as the format `name` can hold them."""
        if name == "pdf":
            return self.cut_grids
        if name == "docx":
            return tuple(_word_grid(table, _grid(table)) for table in self._word_tables())
        return tuple(map(_page_grid, self.grids))

    def _word_tables(self) -> list[Table]:
        """Return the tables that Word has of every form: those that are joined share a grid."""
        tables: list[Table] = []
        for group in chain.from_iterable(map(by_form, self._pages)):
            form = [block for block in group if isinstance(block, Table)]
            tables += word_tables(form) if form else ()
        return tables

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
        text = squeeze("".join(map(plain, cell.lines)))
        heads = cell.header if text else ""
        cells.append(GridCell(placed.row, placed.column, cell.rowspan, cell.colspan, text, heads))
    return tuple(cells)


def _kinds_of_texts(form: FilledForm) -> dict[int, PartKind]:
    """Return in which kind of part each text of a form stands, by its number."""
    kinds: dict[int, PartKind] = {}
    for sheet in form.sheets:
        for number, text in enumerate(sheet.texts, sheet.first):
            kinds[number] = form.kinds[text.paragraphs[0][0]]
    return kinds


def _in_order(document: Document, form: FilledForm) -> Iterator[tuple[int, str | Table]]:
    """Yield the texts and tables of a document, the title where the form has it, if it does."""
    lines = document.title if len(form.title) > 1 else ("".join(document.title),)
    waiting = list(zip(form.title, lines, strict=False))
    for block in document.blocks:
        origin = _first_origin(block)
        while waiting and waiting[0][0] < origin:
            yield waiting.pop(0)
        yield from ((origin, piece) for piece in _pieces(block))
    yield from waiting


def _pieces(block: Block) -> Iterator[str | Table]:
    """Yield a table, or the texts of the paragraphs of a block."""
    if isinstance(block, Table):
        yield block
    else:
        for paragraph in paragraphs_of(block):
            yield paragraph.lead + plain(paragraph.inlines)


def _first_origin(block: Block) -> int:
    """Return the number of the first text of a block in its form, -1 without any."""
    match block:
        case Paragraph(origin=origin):
            return origin
        case Title(origins=(origin, *_)):
            return origin
        case Table(rows=rows):
            cells = chain.from_iterable(map(attrgetter("cells"), rows))
            return next(chain.from_iterable(map(attrgetter("origins"), cells)), -1)
    return -1


def _form_grid(grid: Grid) -> Grid:
    """Return the cells of a table of a form, of which nobody knows what they head."""
    return tuple([cell._replace(heads="") if cell.heads else cell for cell in grid])


def _word_grid(table: Table, grid: Grid) -> Grid:
    """Return the cells of a table with what Word can say that they head.

    It knows head rows at the top of a table, and a first column that heads its rows.
    """
    head_rows = sum(1 for _ in takewhile(attrgetter("head"), table.rows))
    labels = {cell.heads for cell in grid if _is_label(cell, table)}
    cells: list[GridCell] = []
    for cell in grid:
        of_row = "row" if labels == {"row"} and not cell.column else ""
        cells.append(cell._replace(heads="col" if cell.row < head_rows else of_row))
    return tuple(cells)


def _is_label(cell: GridCell, table: Table) -> bool:
    """Return whether a cell stands in the first column, below the heads, and says anything."""
    return bool(cell.text) and not cell.column and not table.rows[cell.row].head


def _page_grid(grid: Grid) -> Grid:
    """Return the cells of a table without rows and columns in which none of them begins.

    HTML forbids those (4.9.12, "table model errors").
    """
    rows = sorted({cell.row for cell in grid})
    columns = sorted({cell.column for cell in grid})
    cells: list[GridCell] = []
    for cell in grid:
        row, rowspan = _counted(rows, cell.row, cell.rowspan)
        column, colspan = _counted(columns, cell.column, cell.colspan)
        cells.append(cell._replace(row=row, rowspan=rowspan, column=column, colspan=colspan))
    return tuple(cells)


def _counted(kept: list[int], start: int, span: int) -> tuple[int, int]:
    """Return how many of the `kept` rows or columns stand before `start`, and in its `span`."""
    before = bisect_left(kept, start)
    return before, bisect_left(kept, start + span) - before


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
            piece = cell._replace(row=start, rowspan=row - start)
            yield piece if start == cell.row else piece._replace(text="", heads="")
            start = row
