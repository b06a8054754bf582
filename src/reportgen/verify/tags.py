"""The logical structure of a tagged PDF: what a screen reader speaks, and in which order.

Page numbers and repeated heads of tables are artifacts: they are not in the tree.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pikepdf import Array, Dictionary, Pdf

from reportgen.model.readback import GridCell
from reportgen.verify.expected import squeeze

Node = Any
"""An object of a PDF: an element of the tree, a list of them, or a reference to content."""
Marked = Mapping[tuple[int, int], str]
"""Text by page, from 0, and by the id of the marked content that it belongs to."""

_PARAGRAPHS = frozenset(["/P", "/Title", "/Caption", "/Lbl", "/LBody", "/Note"])
_PARTS = frozenset(["/Caption", "/TR"])
_CELLS = frozenset(["/TH", "/TD"])


class Tree:
    """The structure tree of `pdf` with the text of its leaves."""

    def __init__(self, pdf: Pdf, marked: Marked) -> None:
        self._root: Node = pdf.Root.get("/StructTreeRoot", Dictionary())
        self._marked = marked
        self._pages = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}

    def blocks(self) -> Iterator[str | tuple[GridCell, ...]]:
        """Yield the text of each heading, paragraph and caption, and the cells of each table."""
        yield from self._blocks(self._root.get("/K"), -1)

    def _blocks(self, kid: Node, page: int) -> Iterator[str | tuple[GridCell, ...]]:
        if kid is None:
            return
        if isinstance(kid, Array):
            for each in kid:
                yield from self._blocks(each, page)
        elif isinstance(kid, int) or _is_content(kid) or _is_paragraph(kid):
            yield squeeze(self._text(kid, page))
        elif kid.get("/S") == "/Table":
            yield from self._table(kid, page)
        else:
            yield from self._blocks(kid.get("/K"), self._page(kid, page))

    def _text(self, kid: Node, page: int) -> str:
        """Return the text at and below `kid`: a piece of marked content, an element, or many."""
        if isinstance(kid, int):
            return self._marked.get((page, kid), "")
        if isinstance(kid, Array):
            return "".join([self._text(each, page) for each in kid])
        page = self._page(kid, page)
        if _is_content(kid):
            return self._marked.get((page, int(kid.get("/MCID", -1))), "")
        return self._text(kid["/K"], page) if "/K" in kid else ""

    def _page(self, element: Node, page: int) -> int:
        """Return the page that `element` names, or else `page`, that of the element above."""
        named = element.get("/Pg")
        return page if named is None else self._pages.get(named.objgen, page)

    def _table(self, table: Node, page: int) -> Iterator[str | tuple[GridCell, ...]]:
        """Yield the text of each caption of `table`, then its cells."""
        parts = list(self._elements(table, page, _PARTS))
        for element, at in parts:
            if element.get("/S") == "/Caption":
                yield squeeze(self._text(element, at))
        yield tuple(self._cells([part for part in parts if part[0].get("/S") == "/TR"]))

    def _cells(self, rows: list[tuple[Node, int]]) -> Iterator[GridCell]:
        """Yield the cells of `rows` with their places, which follow from the spans."""
        taken: set[tuple[int, int]] = set()
        for row, (element, at) in enumerate(rows):
            column = 0
            for cell, where in self._elements(element, at, _CELLS):
                rowspan, colspan = _spans(cell)
                while (row, column) in taken:
                    column += 1
                if rowspan > 1 or colspan > 1:
                    taken |= {(row + i, column + j) for i in range(rowspan) for j in range(colspan)}
                else:
                    taken.add((row, column))
                yield GridCell(row, column, rowspan, colspan, squeeze(self._text(cell, where)))

    def _elements(
        self, element: Node, page: int, kinds: frozenset[str]
    ) -> Iterator[tuple[Node, int]]:
        """Yield the nearest elements of `kinds` below `element`, each with its page."""
        kids = element.get("/K")
        page = self._page(element, page)
        for kid in kids if isinstance(kids, Array) else [kids]:
            if isinstance(kid, Dictionary) and not _is_content(kid):
                if str(kid.get("/S")) in kinds:
                    yield kid, self._page(kid, page)
                else:
                    yield from self._elements(kid, page, kinds)


def _is_content(kid: Node) -> bool:
    """Return whether `kid` refers to content and is no structure element."""
    return kid.get("/Type") in ("/MCR", "/OBJR")


def _is_paragraph(element: Node) -> bool:
    kind = str(element.get("/S"))
    return kind in _PARAGRAPHS or (kind.startswith("/H") and kind[2:].isdigit())


def _spans(cell: Node) -> tuple[int, int]:
    """Return the numbers of rows and columns that `cell` spans."""
    attributes = cell.get("/A", Array())
    rowspan = colspan = 1
    for each in attributes if isinstance(attributes, Array) else [attributes]:
        if isinstance(each, Dictionary):
            rowspan = int(each.get("/RowSpan", rowspan))
            colspan = int(each.get("/ColSpan", colspan))
    return rowspan, colspan
