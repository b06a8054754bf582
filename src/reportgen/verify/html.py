"""What a web page says, read by lxml: a reader that shares no code with the writer.

A text is whatever stands between two borders of blocks, so text in an element that nobody
foresaw is read too. Navigation and the notes of figures are no content.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from reportgen.model import limits
from reportgen.verify.opened import OpenedFile, is_element
from reportgen.verify.readback import Grid, Readback, SpannedText, grid_cells, squeeze

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

INLINE = frozenset(
    "a abbr b bdi br cite code data em i mark q s small span strong sub sup time u wbr".split()
)
"""Elements within a line of text."""
_NO_CONTENT = frozenset(["nav", "aside", "footer", "script", "style", "template"])


def read_html(data: bytes) -> Readback:
    """Return what stands in the <main> of a page, as `read_page` does."""
    return read_page(OpenedFile(data))


def read_page(file: OpenedFile) -> Readback:
    """Return what stands in the <main> of a page.

    Captions of tables are not among the texts, blank figures not among the figures.
    Raises `ValueError` when the page has no <main>.
    """
    main = file.page.find(".//main")
    if main is None:
        raise ValueError("the page has no <main>")
    return _read(main, "html")


def read_fragment(file: OpenedFile) -> Readback:
    """Return what stands in a page without a frame, as `read_page` does; it marks no figures."""
    return _read(file.page, "fragment.html")


def printed_captions(file: OpenedFile) -> Iterator[str]:
    """Yield the captions of a page that are not there for screen readers alone."""
    for caption in file.page.iter("caption"):
        for span in caption:
            if span.get("class") != "unseen":
                yield _all_text(span)


def all_captions(file: OpenedFile) -> Iterator[str]:
    """Yield the captions of a page without a frame, which holds none that are not printed."""
    for caption in file.page.iter("caption"):
        yield _all_text(caption)


def _all_text(element: Element) -> str:
    return squeeze("".join(map(str, element.itertext())))


def _read(main: Element, name: str) -> Readback:
    content = _Content()
    content.read(main)
    content.end_text()
    figures: list[str] = []
    items: list[str] = []
    _add_marked(main, "data", figures)
    _add_marked(main, "li", items)
    return Readback(
        format=name,
        texts=tuple(content.texts),
        tables=tuple(content.tables),
        figures=tuple(filter(None, figures)),
        items=tuple(items),
        pictures=tuple(picture.get("alt", "") for picture in main.iter("img")),
    )


class _Content:
    """The texts and the tables of a page as they are read, one element after the other."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.tables: list[Grid] = []
        self._pieces: list[str] = []

    def read(self, element: Element) -> None:
        """Add what stands in `element`, a table as its cells."""
        if _is_border(element):
            self.end_text()
        if _is_content(element):
            if element.tag == "table":
                self.tables.append(tuple(grid_cells(_rows(element))))
            else:
                self._read_inside(element)
        if _is_border(element):
            self.end_text()

    def _read_inside(self, element: Element) -> None:
        self._pieces.append(element.text or "")
        for child in element:
            self.read(child)
            self._pieces.append(child.tail or "")

    def end_text(self) -> None:
        """Take what was read since the last border of a block for a text, if it is any."""
        text = squeeze("".join(self._pieces))
        self._pieces.clear()
        if text:
            self.texts.append(text)


def _is_border(element: Element) -> bool:
    """Return whether a text ends at `element`: a block, or a line of a title."""
    if not is_element(element):
        return False
    if element.tag == "br":
        return next(element.iterancestors("h1"), None) is not None
    return element.tag not in INLINE


def _is_content(element: Element) -> bool:
    """Return whether `element` holds text of the document."""
    if not is_element(element):
        return False
    return element.tag not in _NO_CONTENT and element.get("role") != "tooltip"


def _add_marked(element: Element, tag: str, texts: list[str]) -> None:
    """Add the text of each element of `tag` at and below `element`, those of notes left out."""
    if not _is_content(element):
        return
    if element.tag == tag:
        texts.append(_text(element))
    for child in element:
        _add_marked(child, tag, texts)


def _rows(table: Element) -> Iterator[Iterator[SpannedText]]:
    """Yield the rows of a table, those of each row group together as a browser places them.

    A span ends with its row group at the latest (HTML, "forming a table").
    """
    for rows in _row_groups(table):
        for number, row in enumerate(rows):
            yield _cells(row, most_rows=len(rows) - number)


def _row_groups(table: Element) -> Iterator[list[Element]]:
    """Yield the rows of each row group; rows outside of groups are one."""
    yield table.findall("tr")
    for group in table.iterchildren("thead", "tbody", "tfoot"):
        yield group.findall("tr")


def _cells(row: Element, *, most_rows: int) -> Iterator[SpannedText]:
    for cell in row.iterchildren("td", "th"):
        rowspan = min(_span(cell, "rowspan"), most_rows)
        yield SpannedText(rowspan, _span(cell, "colspan"), _text(cell), _heads(cell))


def _span(cell: Element, name: str) -> int:
    """Return a span as a browser reads it: 1 for what is no number, and never endless."""
    text = cell.get(name, "1")
    number = int(text[:9]) if text[:9].isdecimal() else 1
    return min(max(number, 1), limits.SPAN)


def _heads(cell: Element) -> str:
    """Return what a cell says that it heads: a group of rows or columns is some of them."""
    if cell.tag != "th":
        return ""
    return cell.get("scope", "?").removesuffix("group")


def _text(element: Element) -> str:
    """Return all text of a cell or a figure without white space, that of tables in it left out."""
    pieces: list[str] = []
    _add_text(element, pieces)
    return squeeze("".join(pieces))


def _add_text(element: Element, pieces: list[str]) -> None:
    if element.tag == "table" or not _is_content(element):
        return
    pieces.append(element.text or "")
    for child in element:
        _add_text(child, pieces)
        pieces.append(child.tail or "")
