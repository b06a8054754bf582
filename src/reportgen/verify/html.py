"""What a web page says, read by lxml: a reader that shares no code with the writer.

A text is whatever stands between two borders of blocks, so text in an element that nobody
foresaw is read too. Navigation and the notes of figures are no content.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml.etree import _Element as Element
from lxml.html import HTMLParser, document_fromstring

from reportgen.verify.readback import GridCell, Readback

_INLINE = frozenset(
    "a abbr b bdi br cite code data em i mark q s small span strong sub sup time u wbr".split()
)
_NO_CONTENT = frozenset(["nav", "aside", "footer", "script", "style", "template"])


def read_html(data: bytes) -> Readback:
    """Return what stands in the <main> of a page.

    Captions of tables are not among the texts, blank figures not among the figures.
    Raises `ValueError` when the page has no <main>.
    """
    main = _parsed(data).find(".//main")
    if main is None:
        raise ValueError("the page has no <main>")
    return _read(main, "html")


def read_fragment(data: bytes) -> Readback:
    """Return what stands in a page without a frame, as `read_html` does; it marks no figures."""
    return _read(_parsed(data), "fragment.html")


def _parsed(data: bytes) -> Element:
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    return document_fromstring(data, parser)


def _read(main: Element, name: str) -> Readback:
    for element in list(main.iter()):
        if element.tag in _NO_CONTENT or element.get("role") == "tooltip":
            tail = element.tail
            element.clear()
            element.tail = tail
    texts: list[str] = []
    tables: list[tuple[GridCell, ...]] = []
    run: list[str] = []
    for piece in _flow(main):
        if isinstance(piece, str):
            run.append(piece)
            continue
        texts.append(_solid(run))
        run.clear()
        if piece is not None:
            tables.append(tuple(_cells(piece)))
    figures = [_text(figure) for figure in main.iter("data")]
    return Readback(
        format=name,
        texts=tuple(filter(None, texts)),
        tables=tuple(tables),
        figures=tuple(filter(None, figures)),
    )


def _flow(element: Element) -> Iterator[str | Element | None]:
    """Yield the texts below `element` and its tables in order, and None at borders of blocks.

    A title has a text each line, so a line break in it is a border.
    """
    border = element.tag not in _INLINE or (element.tag == "br" and _is_in_title(element))
    if border:
        yield None
    if element.tag == "table":
        yield element
    else:
        yield element.text or ""
        for child in element:
            yield from _flow(child)
            yield child.tail or ""
    if border:
        yield None


def _is_in_title(element: Element) -> bool:
    return next(element.iterancestors("h1"), None) is not None


def _cells(table: Element) -> Iterator[GridCell]:
    """Yield the cells of a table, row by row, where a browser would place them.

    A span ends with its row group at the latest (HTML, "forming a table").
    """
    top = 0
    for rows in _row_groups(table):
        taken: set[tuple[int, int]] = set()
        for row, line in enumerate(rows):
            column = 0
            for cell in line.iterchildren("td", "th"):
                while (row, column) in taken:
                    column += 1
                rowspan = min(int(cell.get("rowspan", "1")), len(rows) - row)
                colspan = int(cell.get("colspan", "1"))
                down, right = range(row, row + rowspan), range(column, column + colspan)
                taken.update((r, c) for r in down for c in right)
                yield GridCell(top + row, column, rowspan, colspan, _text(cell))
        top += len(rows)


def _row_groups(table: Element) -> Iterator[list[Element]]:
    """Yield the rows of each row group; rows outside of groups are one."""
    yield table.findall("tr")
    for group in table.iterchildren("thead", "tbody", "tfoot"):
        yield group.findall("tr")


def _text(element: Element) -> str:
    """Return all text of a cell or a figure without white space."""
    return _solid([piece for piece in _flow(element) if isinstance(piece, str)])


def _solid(pieces: list[str]) -> str:
    return "".join("".join(pieces).split())
