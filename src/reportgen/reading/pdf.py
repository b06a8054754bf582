"""Reads a PDF: its lines joined to paragraphs, its ruled tables as grids, page by page.

A table that goes on over a page is one table; numbers of pages and what stands on every page at
the same height are left out.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, Any, NamedTuple

from reportgen.model.reading import ReadBlock, ReadCell, Reading, ReadParagraph, ReadTable
from reportgen.model.source import SourceSpan
from reportgen.project.foreign_files import ForeignFileError
from reportgen.reading.text import heading_level

if TYPE_CHECKING:
    from pdfplumber.page import Page

_PAGE_NUMBER = re.compile(
    r"[-—–\s]*(?:第\s*)?[0-9]{1,4}(?:\s*页)?(?:\s*[/／共]\s*[0-9]{1,4}\s*页?)?[-—–\s]*"
)
_EDGE = 2.5
"""Points within which two rules are one edge of a grid."""
_LINE = 0.5
"""Parts of its height by which characters of one line may be shifted."""
_INDENT = 1.2
"""Characters by which the first line of a paragraph is indented at least."""
_SHORT = 2.5
"""Characters that are missing at the end of a line that ends a paragraph."""
_HEAD = 12
_LEAST_CUT = 15
"""Characters of a cell without an end from which its row may have been cut by the page."""
_FULL = 2.0
"""Characters that are missing at the end of a line of a cell that is full."""
_ENDS = "。！？；：!?:;"


class _Line(NamedTuple):
    """A line of text with its edges in points from the upper left corner of the page."""

    text: str
    left: float
    right: float
    top: float
    bottom: float
    size: float


class _Grid(NamedTuple):
    """A table of one page: its cells (text, row, column, rowspan, colspan) and its edges."""

    cells: list[tuple[str, int, int, int, int]]
    columns: list[float]
    rows: list[float]


def read_pdf(name: str, data: bytes, most_pages: int) -> Reading:
    """Return the text and tables of a PDF, of at most so many pages.

    Raises `ForeignFileError` for more, `PdfminerException` for what is none or is locked.
    """
    import pdfplumber  # noqa: PLC0415 - an extra, loaded when a PDF is read

    blocks: list[ReadBlock] = []
    with pdfplumber.open(io.BytesIO(data)) as pdf:
        if len(pdf.pages) > most_pages:
            raise ForeignFileError("@too_many_pages", size=len(pdf.pages), limit=most_pages)
        pages = [_read_page(page) for page in pdf.pages]
    repeated = _repeated(pages)
    for number, page in enumerate(pages, 1):
        blocks += _placed(name, number, _without(page, repeated))
    return Reading(name, "pdf", _numbered(name, _joined(blocks)))


def _read_page(page: Page) -> list[_Line | _Grid]:
    """Return the lines and tables of a page from the top."""
    found = [table for table in page.find_tables() if len(table.cells) > 1]
    boxes = [table.bbox for table in found]
    inside: list[list[dict[str, Any]]] = [[] for _ in boxes]
    outside: list[dict[str, Any]] = []
    for char in page.chars:
        index = _box_of(char, boxes)
        (outside if index is None else inside[index]).append(char)
    parts: list[tuple[float, _Line | _Grid]] = [(line.top, line) for line in _lines(outside)]
    for table, chars in zip(found, inside, strict=True):
        parts.append((table.bbox[1], _grid(table.cells, chars)))
    page.close()
    return [part for _, part in sorted(parts, key=_first)]


def _first(part: tuple[float, Any]) -> float:
    return part[0]


def _box_of(char: dict[str, Any], boxes: Sequence[tuple[float, ...]]) -> int | None:
    """Return which box the middle of a character stands in."""
    across, down = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
    for index, (left, top, right, bottom) in enumerate(boxes):
        if left <= across <= right and top <= down <= bottom:
            return index
    return None


def _lines(chars: Iterable[dict[str, Any]]) -> Iterator[_Line]:
    """Yield the lines that characters stand in, from the top, each from the left."""
    line: list[dict[str, Any]] = []
    for char in sorted(chars, key=_middle):
        if line and _middle(char) - _middle(line[-1]) > _LINE * char["size"]:
            yield from _line(line)
            line = []
        line.append(char)
    yield from _line(line)


def _middle(char: dict[str, Any]) -> float:
    return float(char["top"] + char["bottom"]) / 2


def _line(chars: list[dict[str, Any]]) -> Iterator[_Line]:
    """Yield the line of some characters unless it says nothing."""
    ordered = sorted(chars, key=lambda char: char["x0"])
    text = "".join(_spaced(ordered)).strip()
    if text:
        left, right = ordered[0]["x0"], ordered[-1]["x1"]
        top, bottom = min(char["top"] for char in chars), max(char["bottom"] for char in chars)
        yield _Line(text, left, right, top, bottom, median(char["size"] for char in chars))


def _spaced(chars: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Yield the characters of a line, with a space where there is room for one."""
    before: dict[str, Any] | None = None
    for char in chars:
        if before is not None and char["x0"] - before["x1"] > before["size"] * 0.8:
            yield " "
        yield char["text"]
        before = char


def _grid(cells: Sequence[tuple[float, ...]], chars: Iterable[dict[str, Any]]) -> _Grid:
    """Return the grid that the boxes of some cells make, with the characters in them."""
    lefts, tops, rights, bottoms = zip(*cells, strict=True)
    columns, rows = _edges((*lefts, *rights)), _edges((*tops, *bottoms))
    within: list[list[dict[str, Any]]] = [[] for _ in cells]
    for char in chars:
        index = _box_of(char, cells)
        if index is not None:
            within[index].append(char)
    found: list[tuple[str, int, int, int, int]] = []
    for (left, top, right, bottom), its in zip(cells, within, strict=True):
        row, column = _nearest(rows, top), _nearest(columns, left)
        text = _cell_text(list(_lines(its)), right)
        rowspan, colspan = _nearest(rows, bottom) - row, _nearest(columns, right) - column
        found.append((text, row, column, max(rowspan, 1), max(colspan, 1)))
    return _Grid(found, columns, rows)


def _cell_text(lines: Sequence[_Line], right: float) -> str:
    """Return the lines of a cell as a text: one that fills the cell goes on in the next."""
    text = ""
    for line in lines:
        is_full = right - line.right < _FULL * line.size
        text += line.text if is_full or line is lines[-1] else f"{line.text}\n"
    return text


def _edges(values: Iterable[float]) -> list[float]:
    """Return edges in order, those that are one as one."""
    edges: list[float] = []
    for value in sorted(values):
        if not edges or value - edges[-1] > _EDGE:
            edges.append(value)
    return edges


def _nearest(edges: Sequence[float], value: float) -> int:
    return min(range(len(edges)), key=lambda index: abs(edges[index] - value))


def _repeated(pages: Sequence[Sequence[_Line | _Grid]]) -> frozenset[str]:
    """Return the lines that stand first or last on most pages: headers and footers."""
    counted: Counter[str] = Counter()
    for page in pages:
        lines = [part.text for part in page if isinstance(part, _Line)]
        counted.update({*lines[:1], *lines[-1:]})
    return frozenset(text for text, count in counted.items() if count > max(2, len(pages) / 2))


def _without(page: Sequence[_Line | _Grid], repeated: frozenset[str]) -> Iterator[_Line | _Grid]:
    """Yield what a page says, without its number and what all pages say."""
    for index, part in enumerate(page):
        if isinstance(part, _Line):
            at_edge = index in {0, len(page) - 1}
            if part.text in repeated or (at_edge and _PAGE_NUMBER.fullmatch(part.text)):
                continue
        yield part


def _placed(name: str, page: int, parts: Iterable[_Line | _Grid]) -> list[ReadBlock]:
    """Return the paragraphs and tables of a page; each knows its page only."""
    span = SourceSpan(name, 0, 0, place=f"g{page}")
    blocks: list[ReadBlock] = []
    lines: list[_Line] = []
    for part in parts:
        if isinstance(part, _Grid):
            blocks += _paragraphs(lines, span)
            lines = []
            blocks.append(_table(part, span))
        else:
            lines.append(part)
    return [*blocks, *_paragraphs(lines, span)]


def _table(grid: _Grid, span: SourceSpan) -> ReadTable:
    cells = tuple(
        ReadCell(text, row, column, span, rowspan, colspan)
        for text, row, column, rowspan, colspan in sorted(grid.cells, key=lambda cell: cell[1:3])
    )
    return ReadTable(cells, len(grid.rows) - 1, len(grid.columns) - 1, span)


def _paragraphs(lines: Sequence[_Line], span: SourceSpan) -> Iterator[ReadParagraph]:
    """Yield lines joined to paragraphs: one begins at an indent, or where the last is short."""
    if not lines:
        return
    left, right = min(line.left for line in lines), max(line.right for line in lines)
    text = lines[0].text
    for before, line in pairwise(lines):
        if _begins(before, line, left, right):
            yield ReadParagraph(text, span, heading_level(text))
            text = line.text
        else:
            text += line.text
    yield ReadParagraph(text, span, heading_level(text))


def _begins(before: _Line, line: _Line, left: float, right: float) -> bool:
    """Return whether a paragraph begins with `line`."""
    if line.left - left > _INDENT * line.size or abs(line.size - before.size) > 1:
        return True
    if heading_level(line.text[:_HEAD]) in {1, 2}:
        return True
    if line.top - before.bottom > 1.5 * line.size:
        return True
    is_short = right - before.right > _SHORT * before.size
    return is_short and (before.text[-1] in _ENDS or heading_level(before.text) > 0)


def _joined(blocks: Sequence[ReadBlock]) -> Iterator[ReadBlock]:
    """Yield the blocks of all pages: tables and paragraphs that go on over a page as one."""
    held: ReadBlock | None = None
    for block in blocks:
        together = _together(held, block) if held is not None else None
        if together is not None:
            held = together
            continue
        if held is not None:
            yield held
        held = block
    if held is not None:
        yield held


def _together(before: ReadBlock, block: ReadBlock) -> ReadBlock | None:
    """Return two blocks of different pages as one, None where they are two."""
    if before.span == block.span:
        return None
    if isinstance(before, ReadTable) and isinstance(block, ReadTable):
        return _longer(before, block) if before.width == block.width else None
    if isinstance(before, ReadParagraph) and isinstance(block, ReadParagraph):
        goes_on = not before.level and not block.level and before.text[-1] not in _ENDS
        return replace(before, text=before.text + block.text) if goes_on else None
    return None


def _longer(before: ReadTable, block: ReadTable) -> ReadTable:
    """Return a table with the rows of its next page, without the head that is repeated there.

    Cells that the page has cut in two, by their rows or by their text, are one again.
    """
    repeated = _repeated_rows(before, block)
    cut = _CutCells({cell.column: cell for cell in before.cells if _ends_at(cell, before.height)})
    first = [cell for cell in block.cells if cell.row == repeated]
    cut_row = _is_cut_row(cut.bottoms, first)
    for cell in first:
        cut.join(cell, cut_row=cut_row)
    moved = before.height - repeated - (1 if cut_row else 0)
    cells = [cut.whole.get(cell, cell) for cell in before.cells]
    rest = block.cells[_count_above(block, repeated) :]
    cells += [replace(cell, row=cell.row + moved) for cell in rest if cell not in cut.left_out]
    return replace(before, cells=tuple(cells), height=block.height + moved)


@dataclass(slots=True)
class _CutCells:
    """Cells at the foot of a page by column, and those at the head of the next that belong to them.

    `whole` holds the cells at the foot with what was joined to them, `left_out` what was joined.
    """

    bottoms: dict[int, ReadCell]
    whole: dict[ReadCell, ReadCell] = field(default_factory=dict)
    left_out: set[ReadCell] = field(default_factory=set)

    def join(self, cell: ReadCell, *, cut_row: bool) -> None:
        """Join a cell to that above it, if its row is cut or it is the rest of a label."""
        bottom = self.bottoms.get(cell.column)
        if bottom is not None and (cut_row or _is_same_label(bottom, cell)):
            self.whole[bottom] = _one_cell(bottom, cell, cut_row)
            self.left_out.add(cell)


def _count_above(table: ReadTable, row: int) -> int:
    """Return how many cells begin above a row; they stand in order."""
    return sum(1 for cell in table.cells if cell.row < row)


def _ends_at(cell: ReadCell, height: int) -> bool:
    """Return whether a cell goes as far down as its table."""
    return cell.row + cell.rowspan == height


def _is_cut_row(bottoms: Mapping[int, ReadCell], first: Sequence[ReadCell]) -> bool:
    """Return whether the first row of a page goes on with the texts of the last row before it.

    One of them is long and has no end, and none of the others says that it does not.
    """
    above = [(_text_above(bottoms, cell), cell.text) for cell in first if cell.text]
    is_cut = any(len(before) > _LEAST_CUT and before[-1] not in _ENDS for before, _ in above)
    return is_cut and all(before and not text[0].isdigit() for before, text in above)


def _text_above(bottoms: Mapping[int, ReadCell], cell: ReadCell) -> str:
    """Return the text of the cell above the page break that stands over `cell`."""
    bottom = bottoms.get(cell.column)
    return bottom.text if bottom is not None else ""


def _is_same_label(bottom: ReadCell, cell: ReadCell) -> bool:
    """Return whether a cell is the rest of a label that goes over several rows."""
    is_high = bottom.rowspan > 1 or cell.rowspan > 1
    return is_high and cell.colspan == bottom.colspan and cell.text in {"", bottom.text}


def _one_cell(bottom: ReadCell, cell: ReadCell, cut_row: bool) -> ReadCell:
    """Return two parts of a cell as one; of a row that was cut, one row is the same."""
    rows = bottom.rowspan + cell.rowspan - (1 if cut_row else 0)
    text = bottom.text if cell.text in {"", bottom.text} else bottom.text + cell.text
    return replace(bottom, rowspan=rows, text=text)


def _repeated_rows(before: ReadTable, block: ReadTable) -> int:
    """Return how many rows at the top of two tables say the same."""
    count = 0
    while count < min(before.height, block.height) and _row(before, count) == _row(block, count):
        count += 1
    return count if count < block.height else 0


def _row(table: ReadTable, row: int) -> list[str]:
    return [cell.text for cell in table.cells if cell.row == row]


def _numbered(name: str, blocks: Iterable[ReadBlock]) -> tuple[ReadBlock, ...]:
    """Return blocks with their places: page and paragraph, table and cell, counted from 1."""
    numbered: list[ReadBlock] = []
    paragraphs = tables = 0
    page = ""
    for position, block in enumerate(blocks, 1):
        if block.span.place != page:
            page, paragraphs = block.span.place, 0
        if isinstance(block, ReadParagraph):
            paragraphs += 1
            span = SourceSpan(name, position, place=f"{page} p{paragraphs}")
            numbered.append(replace(block, span=span))
        else:
            tables += 1
            numbered.append(_numbered_table(name, block, position, tables))
    return tuple(numbered)


def _numbered_table(name: str, table: ReadTable, position: int, number: int) -> ReadTable:
    """Return a table whose cells know the page they stand on, and their row and column."""
    cells: list[ReadCell] = []
    for cell in table.cells:
        place = f"{cell.span.place} t{number}r{cell.row + 1}c{cell.column + 1}"
        cells.append(replace(cell, span=SourceSpan(name, position, place=place)))
    own = SourceSpan(name, position, place=f"{table.span.place} t{number}r1c1")
    return replace(table, cells=tuple(cells), span=own)
