"""Reads a PDF: its lines joined to paragraphs, its ruled tables as grids, page by page.

A table that goes on over a page is one table; numbers of pages and what stands on every page at
the same height are left out.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, Any, NamedTuple

from reportgen.model import limits
from reportgen.model.reading import (
    ReadBlock,
    ReadCell,
    Reading,
    ReadParagraph,
    ReadTable,
    Unread,
)
from reportgen.model.source import SourceSpan
from reportgen.project.foreign_files import ForeignFileError
from reportgen.reading.page_breaks import ENDS, joined, numbered
from reportgen.reading.text import heading_level

if TYPE_CHECKING:
    from pdfplumber.page import Page
    from pdfplumber.table import Table

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
_AMOUNT = re.compile(r"-?[0-9][0-9,]*(?:\.[0-9]+)?%?|[-—]")
_LEAST_PIECES, _LEAST_AMOUNTS, _LEAST_ROWS = 3, 2, 3
"""What lines of a table without rules have at least: pieces, numbers among them, such lines."""
_FULL = 2.0
"""Characters that are missing at the end of a line of a cell that is full."""


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
    unread: list[Unread] = []
    pages: list[list[_Line | _Grid]] = []
    with pdfplumber.open(io.BytesIO(data)) as pdf:
        if len(pdf.pages) > most_pages:
            raise ForeignFileError("@too_many_pages", size=len(pdf.pages), limit=most_pages)
        for page in pdf.pages:
            span = SourceSpan(name, 0, 0, place=f"g{page.page_number}")
            pages.append(_read_page(page, span, unread))
    repeated = _repeated(pages)
    for number, parts in enumerate(pages, 1):
        blocks += _placed(name, number, _without(parts, repeated))
    return Reading(name, "pdf", numbered(name, joined(blocks)), tuple(unread))


def _read_page(page: Page, span: SourceSpan, unread: list[Unread]) -> list[_Line | _Grid]:
    """Return the lines and tables of a page from the top; notes what of it was not read."""
    size = _content_size(page)
    if size > limits.PDF_PAGE_BYTES:
        params = {"size": size, "limit": int(limits.PDF_PAGE_BYTES)}
        unread.append(Unread("@large_page", span, params))
        return []
    if page.images and not page.chars:
        unread.append(Unread("@scanned_page", span))
    parts = _parts(page, _tables(page, span, unread))
    page.close()
    if _is_table_without_rules([part for part in parts if isinstance(part, _Line)]):
        unread.append(Unread("@no_rules", span))
    return parts


def _content_size(page: Page) -> int:
    """Return how many bytes the streams of a page unpack to."""
    from pdfminer.pdftypes import resolve1  # noqa: PLC0415 - an extra

    return sum(len(resolve1(stream).get_data()) for stream in page.page_obj.contents)


def _tables(page: Page, span: SourceSpan, unread: list[Unread]) -> list[Table]:
    """Return the ruled tables of a page; none where it draws too much, a map or a chart."""
    drawn = len(page.lines) + len(page.curves) + 4 * len(page.rects)
    if drawn > limits.PDF_RULES:
        params = {"size": drawn, "limit": int(limits.PDF_RULES)}
        unread.append(Unread("@many_rules", span, params))
        return []
    return [table for table in page.find_tables() if len(table.cells) > 1]


def _is_table_without_rules(lines: Sequence[_Line]) -> bool:
    """Return whether lines that follow each other are rows: three pieces, two of them numbers."""
    rows = 0
    for line in lines:
        pieces = line.text.split(" ")
        numbers = sum(1 for piece in pieces if _AMOUNT.fullmatch(piece))
        rows = rows + 1 if len(pieces) >= _LEAST_PIECES and numbers >= _LEAST_AMOUNTS else 0
        if rows == _LEAST_ROWS:
            return True
    return False


def _parts(page: Page, found: Sequence[Table]) -> list[_Line | _Grid]:
    """Return the lines and tables of a page from the top."""
    boxes = [table.bbox for table in found]
    inside: list[list[dict[str, Any]]] = [[] for _ in boxes]
    outside: list[dict[str, Any]] = []
    for char in page.chars:
        index = _box_of(char, boxes)
        (outside if index is None else inside[index]).append(char)
    parts: list[tuple[float, _Line | _Grid]] = [(line.top, line) for line in _lines(outside)]
    for table, chars in zip(found, inside, strict=True):
        parts.append((table.bbox[1], _grid(table.cells, chars)))
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
    return is_short and (before.text[-1] in ENDS or heading_level(before.text) > 0)
