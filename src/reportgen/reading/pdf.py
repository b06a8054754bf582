"""Reads a PDF: its lines joined to paragraphs, its ruled tables as grids, page by page.

A table that goes on over a page is one table; numbers of pages and what stands on every page at
the same height are left out. It is read in a process of its own, which ends when it takes too long
or too much memory: what a file of some kilobytes unpacks to, nobody knows before it is tried.
"""

from __future__ import annotations

import io
import logging
import multiprocessing
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any

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
from reportgen.project.foreign_files import ForeignFileError, inflated, reason
from reportgen.reading.page_breaks import ENDS, joined, numbered
from reportgen.reading.page_parts import (
    PageCell,
    PageGrid,
    PageLine,
    PagePart,
    chars_by_box,
    grid_of,
    lines_of,
    rule_alike,
)
from reportgen.reading.properties import page_properties, pdf_properties
from reportgen.reading.text import heading_level

if TYPE_CHECKING:
    from multiprocessing.context import SpawnContext

    from pdfplumber.page import Page
    from pdfplumber.table import Table

_PAGE_NUMBER = re.compile(
    r"[-—–\s]*(?:第\s*)?[0-9]{1,4}(?:\s*页)?(?:\s*[/／共]\s*[0-9]{1,4}\s*页?)?[-—–\s]*"
)
_INDENT = 1.2
"""Characters by which the first line of a paragraph is indented at least."""
_SHORT = 2.5
"""Characters that are missing at the end of a line that ends a paragraph."""
_HEAD = 12
_UNIT_LINE = re.compile(r"[（(]?(?:金额|计量|货币)?单位\s*[:：]\s*\S{1,6}$")
"""A line of its own above a table, by whatever it is placed there: 单位：万元."""
_AMOUNT = re.compile(r"-?[0-9][0-9,]*(?:\.[0-9]+)?%?|[-—]")
_LEAST_PIECES, _LEAST_AMOUNTS, _LEAST_ROWS = 3, 2, 3
"""What lines of a table without rules have at least: pieces, numbers among them, such lines."""
_STREAM = re.compile(rb"(?<!end)stream\r?\n(?=\x78|\x58|\x48|\x68)")
"""Where a deflated stream of a PDF begins: behind the word, with a header of zlib."""


def read_pdf_apart(name: str, data: bytes) -> Reading:
    """Return the text and tables of a PDF; raises `ForeignFileError` with what is wrong with it."""
    _refuse_dense_streams(data)
    context = _context()
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_run, args=(sender, name, data), daemon=False)
    process.start()
    sender.close()
    try:
        return _received(receiver)
    finally:
        process.kill()
        process.join()
        receiver.close()


def _context() -> SpawnContext:
    """Return how the process starts: where it may be forked, modules are loaded only once."""
    method: Any = "fork" if sys.platform == "linux" else "spawn"
    context: SpawnContext = multiprocessing.get_context(method)
    return context


def _received(receiver: Connection) -> Reading:
    """Return what a process read; raises `ForeignFileError` for why it did not."""
    if not receiver.poll(limits.PDF_SECONDS):
        raise ForeignFileError("@too_slow", limit=limits.PDF_SECONDS)
    try:
        found = receiver.recv()
    except EOFError:
        raise ForeignFileError("@no_memory") from None
    if isinstance(found, Reading):
        return found
    raise ForeignFileError(**found)


def _run(sender: Connection, name: str, data: bytes) -> None:
    """Read a PDF within bounds, and send what it says or why it cannot be read."""
    _bound_memory()
    logging.getLogger("pdfminer").setLevel(logging.CRITICAL)  # it warns on the terminal
    sender.send(_read(name, data))


def _bound_memory() -> None:
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - not on every system

    most = int(limits.PDF_MEMORY) + _held_pages() * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _held_pages() -> int:
    """Return the pages of memory that a process has as data: a fork has those of its parent."""
    try:
        return int(Path("/proc/self/statm").read_text("ascii").split()[5])
    except OSError:  # elsewhere it is not forked
        return 0


def _read(name: str, data: bytes) -> Reading | dict[str, Any]:
    """Return what a PDF says, or the parameters of the finding that tells why it cannot be read."""
    from pdfminer.pdfdocument import PDFPasswordIncorrect  # noqa: PLC0415 - an extra

    try:
        return read_pdf(name, data, limits.PDF_PAGES)
    except (ForeignFileError, MemoryError, RecursionError) as error:
        return reason(error)
    except Exception as error:  # noqa: BLE001 - of a damaged file pdfminer raises anything
        is_locked = any(isinstance(part, PDFPasswordIncorrect) for part in error.args)
        return {"detail": "@password" if is_locked else "@no_pdf"}


def _refuse_dense_streams(data: bytes) -> None:
    """Raise `ForeignFileError` for a PDF whose deflated streams unpack to more than any has."""
    left = int(limits.PDF_UNPACKED)
    for match in _STREAM.finditer(data):
        end = data.find(b"endstream", match.end())
        left -= len(inflated(data[match.end() : end if end > 0 else None], left))


def read_pdf(name: str, data: bytes, most_pages: int) -> Reading:
    """Return the text and tables of a PDF, of at most so many pages.

    Raises `ForeignFileError` for more, `PdfminerException` for what is none or is locked.
    """
    import pdfplumber  # noqa: PLC0415 - an extra, loaded when a PDF is read

    blocks: list[ReadBlock] = []
    unread: list[Unread] = []
    pages: list[list[PagePart]] = []
    with pdfplumber.open(io.BytesIO(data)) as pdf:
        properties = list(pdf_properties(name, pdf))
        if len(pdf.pages) > most_pages:
            raise ForeignFileError("@too_many_pages", size=len(pdf.pages), limit=most_pages)
        for page in pdf.pages:
            span = SourceSpan(name, 0, 0, place=f"g{page.page_number}")
            properties += page_properties(page.annots, span)
            pages.append(_read_page(page, span, unread))
    repeated = _repeated(pages)
    said = [list(_without(page, repeated)) for page in pages]
    rule_alike(said)
    for number, parts in enumerate(said, 1):
        blocks += _placed(name, number, parts)
    return Reading(name, "pdf", numbered(name, joined(blocks)), tuple(unread), tuple(properties))


def _read_page(page: Page, span: SourceSpan, unread: list[Unread]) -> list[PagePart]:
    """Return the lines and tables of a page from the top; notes what of it was not read."""
    size = _content_size(page)
    if size > limits.PDF_PAGE_BYTES:
        params = {"size": size, "limit": int(limits.PDF_PAGE_BYTES)}
        unread.append(Unread("@large_page", span, params))
        return []
    parts = _parts(page, _tables(page, span, unread))
    unread += _unread(page, parts, span)
    page.close()
    return parts


def _unread(page: Page, parts: Iterable[PagePart], span: SourceSpan) -> Iterator[Unread]:
    """Yield what of a page was not read as what it is: a picture of a page, rows without rules."""
    if page.images and not page.chars:
        yield Unread("@scanned_page", span)
    if _is_table_without_rules([part for part in parts if isinstance(part, PageLine)]):
        yield Unread("@no_rules", span)


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


def _is_table_without_rules(lines: Sequence[PageLine]) -> bool:
    """Return whether lines that follow each other are rows: three pieces, two of them numbers."""
    rows = 0
    for line in lines:
        pieces = line.text.split(" ")
        numbers = sum(1 for piece in pieces if _AMOUNT.fullmatch(piece))
        rows = rows + 1 if len(pieces) >= _LEAST_PIECES and numbers >= _LEAST_AMOUNTS else 0
        if rows == _LEAST_ROWS:
            return True
    return False


def _parts(page: Page, found: Sequence[Table]) -> list[PagePart]:
    """Return the lines and tables of a page from the top."""
    inside, outside = chars_by_box(page.chars, [table.bbox for table in found])
    parts: list[tuple[float, PagePart]] = [(line.top, line) for line in lines_of(outside)]
    for table, chars in zip(found, inside, strict=True):
        parts.append((table.bbox[1], grid_of(table.cells, chars)))
    return [part for _, part in sorted(parts, key=_first)]


def _first(part: tuple[float, Any]) -> float:
    return part[0]


def _repeated(pages: Sequence[Sequence[PagePart]]) -> frozenset[str]:
    """Return the lines that stand first or last on most pages: headers and footers."""
    counted: Counter[str] = Counter()
    for page in pages:
        lines = [part.text for part in page if isinstance(part, PageLine)]
        counted.update({*lines[:1], *lines[-1:]})
    return frozenset(text for text, count in counted.items() if count > max(2, len(pages) / 2))


def _without(page: Sequence[PagePart], repeated: frozenset[str]) -> Iterator[PagePart]:
    """Yield what a page says, without its number and what all pages say."""
    for index, part in enumerate(page):
        if isinstance(part, PageLine):
            at_edge = index in {0, len(page) - 1}
            if part.text in repeated or (at_edge and _PAGE_NUMBER.fullmatch(part.text)):
                continue
        yield part


def _placed(name: str, page: int, parts: Iterable[PagePart]) -> list[ReadBlock]:
    """Return the paragraphs and tables of a page; each knows its page only."""
    span = SourceSpan(name, 0, 0, place=f"g{page}")
    blocks: list[ReadBlock] = []
    lines: list[PageLine] = []
    for part in parts:
        if isinstance(part, PageGrid):
            blocks += _paragraphs(lines, span)
            lines = []
            blocks.append(_table(part, span))
        else:
            lines.append(part)
    return [*blocks, *_paragraphs(lines, span)]


def _table(grid: PageGrid, span: SourceSpan) -> ReadTable:
    cells: list[ReadCell] = []
    for text, row, column, rowspan, colspan, full in sorted(grid.cells, key=_corner):
        cells.append(ReadCell(text, row, column, span, rowspan, colspan, full))
    return ReadTable(tuple(cells), len(grid.rows) - 1, len(grid.columns) - 1, span)


def _corner(cell: PageCell) -> tuple[int, int]:
    return cell.row, cell.column


def _paragraphs(lines: Sequence[PageLine], span: SourceSpan) -> Iterator[ReadParagraph]:
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
    yield ReadParagraph(text, span, 0 if _is_cut_line(lines, right) else heading_level(text))


def _is_cut_line(lines: Sequence[PageLine], right: float) -> bool:
    """Return whether the last line of a page is full, as others are: it is no heading."""
    full = [line for line in lines if right - line.right < line.size]
    return len(full) > 1 and full[-1] is lines[-1]


def _begins(before: PageLine, line: PageLine, left: float, right: float) -> bool:
    """Return whether a paragraph begins with `line`."""
    if _is_set_apart(before, line, left) or _ends_paragraph(before, right):
        return True
    return heading_level(line.text[:_HEAD]) in {1, 2} or bool(_UNIT_LINE.match(line.text))


def _is_set_apart(before: PageLine, line: PageLine, left: float) -> bool:
    """Return whether a line is indented, of another size than the one before, or far below it."""
    if line.left - left > _INDENT * line.size:
        return True
    return abs(line.size - before.size) > 1 or line.top - before.bottom > 1.5 * line.size


def _ends_paragraph(line: PageLine, right: float) -> bool:
    """Return whether a line stops before the margin, with a sentence or as a heading."""
    is_short = right - line.right > _SHORT * line.size
    return is_short and (line.text[-1] in ENDS or heading_level(line.text) > 0)
