"""Reads a page of a site: its body without navigation, headings, paragraphs, tables as grids."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product

from lxml import etree, html

from reportgen.model import limits
from reportgen.model.reading import ReadBlock, ReadCell, Reading, ReadParagraph, ReadTable
from reportgen.model.source import SourceSpan
from reportgen.project.foreign_files import ForeignFileError
from reportgen.reading.text import decoded, encoding_of, heading_level
from reportgen.wordfile.tables import local

_LEFT_OUT = frozenset(
    "head script style noscript template nav header footer aside form button svg".split()
)
_BLOCKS = frozenset(
    "body p div li dd dt section article main h1 h2 h3 h4 h5 h6 blockquote pre summary".split()
)
_HIDING = frozenset("hidden hide d-none sr-only visually-hidden".split())
"""Classes by which common style sheets hide what has them."""
_NOT_SHOWN = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_MENU = re.compile(r"nav|menu|crumb|sidebar|footer|header|share|related|copyright|position")
_DECLARED = re.compile(
    r"\s*<\?xml[^>]*>|<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>", re.DOTALL | re.IGNORECASE
)
"""What stands before a page: it is in characters already, and nothing it declares is used."""
_DEPTH = 256
"""How deep libxml2 reads elements within each other."""
_HEADING = re.compile("h([1-4])$")
_LEAST_BODY = 0.6
"""The part of the text of a page that its body holds at least."""


@dataclass(slots=True)
class _Page:
    """What has been read of a page so far."""

    name: str
    blocks: list[ReadBlock] = field(default_factory=list)
    tables: int = 0

    def place(self) -> SourceSpan:
        """Return the place of a paragraph that comes next."""
        number = sum(1 for block in self.blocks if isinstance(block, ReadParagraph)) + 1
        return SourceSpan(self.name, len(self.blocks) + 1, place=f"p{number}")


def read_html(name: str, data: bytes) -> Reading:
    """Return the text of a page; raises `ValueError` for what is none."""
    parser = html.HTMLParser(huge_tree=False)
    root = html.document_fromstring(_DECLARED.sub("", _text(data)) or "<p></p>", parser=parser)
    if any("depth" in error.message for error in parser.error_log):
        raise ForeignFileError("@too_deep", limit=_DEPTH)
    _drop_hidden(root)
    page = _Page(name)
    _read(_body(root), page)
    return Reading(name, "html", tuple(page.blocks))


def _drop_hidden(root: html.HtmlElement) -> None:
    for element in list(root.iter()):
        if isinstance(element, html.HtmlElement) and _is_hidden(element):
            element.drop_tree()


def _is_hidden(element: html.HtmlElement) -> bool:
    """Return whether a page does not show an element, as our pages do not show their notes."""
    classes = set(element.get("class", "").split())
    return (
        element.get("hidden") is not None
        or element.get("role") == "tooltip"
        or not classes.isdisjoint(_HIDING)
        or _NOT_SHOWN.search(element.get("style", "")) is not None
    )


def _text(data: bytes) -> str:
    """Return the text of a page in the encoding that it declares, else in one of the field."""
    if encoding_of(data[:2048]).startswith("utf-16"):
        return decoded(data)
    match = re.search(rb"charset\s*=\s*[\"']?\s*([\w-]{2,20})", data[:2048], re.IGNORECASE)
    if match is not None:
        try:
            return data.decode(match[1].decode("ascii"))
        except (LookupError, UnicodeError):
            return decoded(data)
    return decoded(data)


def _body(root: etree._Element) -> etree._Element:
    """Return the innermost element that holds most of the text of a page."""
    least = _LEAST_BODY * _length(root)
    body, found = root, [root]
    while found and _length(found[0]) >= least and _has_all_tables(found[0], body):
        body = found[0]
        inner = [child for child in body if _is_read(child) and child.tag in _OUTER]
        found = sorted(inner, key=_length, reverse=True)
    return body


def _has_all_tables(inner: etree._Element, body: etree._Element) -> bool:
    """Return whether no table of `body` stands outside `inner`, as those of annexes may."""
    return len(inner.findall(".//table")) == len(body.findall(".//table"))


_OUTER = frozenset("html body div section article main form center".split())


def _length(element: etree._Element) -> int:
    """Return how much text there is in an element."""
    return sum(map(len, map(str, element.itertext())))


def _is_read(element: etree._Element) -> bool:
    """Return whether an element holds text of the document, not of the site around it."""
    if local(element) in {"", *_LEFT_OUT}:
        return False
    named = f"{element.get('class', '')} {element.get('id', '')} {element.get('role', '')}"
    return _MENU.search(named.lower()) is None


def _read(element: etree._Element, page: _Page) -> None:
    """Read an element and what it holds, in order."""
    text = element.text or ""
    for child in element:
        if local(child) in {"table", *_BLOCKS}:
            _add(text, element, page)
            text = ""
            if _is_read(child):
                _read_block(child, page)
        elif _is_read(child):
            text += _inline(child)
        text += child.tail or ""
    _add(text, element, page)


def _read_block(element: etree._Element, page: _Page) -> None:
    if element.tag == "table":
        _read_table(element, page)
    else:
        _read(element, page)


def _inline(element: etree._Element) -> str:
    """Return the text of an element within a line, without scripts."""
    if element.tag == "br":
        return "\n"
    text = element.text or ""
    for child in element:
        text += (_inline(child) if _is_read(child) else "") + (child.tail or "")
    return text


def _add(text: str, element: etree._Element, page: _Page) -> None:
    """Add the paragraphs of a text, a line each, unless it says nothing."""
    for line in text.split("\n"):
        said = re.sub(r"[\s\u3000\xa0]+", " ", line).strip()
        if said:
            match = _HEADING.match(element.tag)
            level = int(match[1]) if match is not None else heading_level(said)
            page.blocks.append(ReadParagraph(said, page.place(), level))


def _read_table(element: etree._Element, page: _Page) -> None:
    """Read a table: one that only lays out a page as what its cells hold."""
    rows = [row for row in element.iter("tr") if next(row.iterancestors("table")) is element]
    if element.find(".//table") is not None:
        for row in rows:
            for cell in row:
                _read(cell, page)
        return
    page.tables += 1
    cells = tuple(_cells(rows, page))
    width = max((cell.column + cell.colspan for cell in cells), default=0)
    span = SourceSpan(page.name, len(page.blocks) + 1, place=f"t{page.tables}r1c1")
    if cells:
        page.blocks.append(ReadTable(cells, len(rows), width, span))


def _lines_in(cell: etree._Element) -> str:
    """Return the texts of a cell, a line each."""
    parts = [str(part).strip() for part in cell.itertext()]
    return "\n".join(filter(None, parts))


def _cells(rows: list[etree._Element], page: _Page) -> Iterator[ReadCell]:
    """Yield the cells of some rows with their places in the grid."""
    taken: set[tuple[int, int]] = set()
    for number, row in enumerate(rows):
        column = 0
        for cell in row.iterchildren("td", "th"):
            while (number, column) in taken:
                column += 1
            rowspan, colspan = _span(cell, "rowspan"), _span(cell, "colspan")
            rowspan = min(rowspan, len(rows) - number)
            down, across = range(number, number + rowspan), range(column, column + colspan)
            taken.update(product(down, across))
            place = f"t{page.tables}r{number + 1}c{column + 1}"
            span = SourceSpan(page.name, len(page.blocks) + 1, place=place)
            text = _lines_in(cell)
            yield ReadCell(text, number, column, span, rowspan, colspan)
            column += colspan


def _span(cell: etree._Element, name: str) -> int:
    text = cell.get(name, "1")
    return min(max(int(text), 1), limits.SPAN) if text.isdigit() else 1
