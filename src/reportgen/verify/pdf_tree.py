"""The logical structure of a tagged PDF: what a screen reader speaks, and in which order.

Page numbers and repeated heads of tables are artifacts: they are not in the tree.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pikepdf import Array, Dictionary, Pdf

from reportgen.verify.readback import Grid, SpannedText, grid_cells, squeeze

PdfNode = Any
"""An object of a PDF: an element of the tree, a list of them, or a reference to content."""
MarkedTexts = Mapping[tuple[int, int], str]
"""Text by page, from 0, and by the id of the marked content that it belongs to."""

_REFERENCES = frozenset(["/MCR", "/OBJR"])
_PARAGRAPHS = frozenset(["/P", "/Title", "/Caption", "/Lbl", "/LBody", "/Note"])
_PARTS_OF_TABLES = frozenset(["/Caption", "/TR"])
_CELLS = frozenset(["/TH", "/TD"])


class StructureTree:
    """The structure tree of `pdf` with the text of its leaves.

    What a node may lack is asked for with `in`: to `get` what is missing costs ten times as much.

    Each method takes a node and the page of the element above it, which holds unless the node
    names its own.
    """

    def __init__(self, pdf: Pdf, marked: MarkedTexts) -> None:
        self._root: PdfNode = pdf.Root.get("/StructTreeRoot", Dictionary())
        self._marked = marked
        self._pages = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}

    def blocks(self) -> Iterator[str | Grid]:
        """Yield the text of each heading, paragraph and caption, and the cells of each table."""
        yield from self._blocks(self._root.get("/K"), -1)

    def _blocks(self, node: PdfNode, page: int) -> Iterator[str | Grid]:
        if node is None:
            return
        if isinstance(node, Array):
            for kid in node:
                yield from self._blocks(kid, page)
        elif isinstance(node, int) or _is_reference(node):
            yield squeeze(self._text(node, page))
        else:
            yield from self._element_blocks(node, page)

    def _element_blocks(self, element: PdfNode, page: int) -> Iterator[str | Grid]:
        kind = str(element.get("/S"))
        if _is_paragraph(kind):
            yield squeeze(self._text(element, page))
        elif kind == "/Table":
            yield from self._table(element, page)
        else:
            yield from self._blocks(element.get("/K"), self._page(element, page))

    def _text(self, node: PdfNode, page: int) -> str:
        """Return the text at and below `node`: a piece of marked content, an element, or many."""
        if isinstance(node, int):
            return self._marked.get((page, node), "")
        if isinstance(node, Array):
            return "".join([self._text(kid, page) for kid in node])
        page = self._page(node, page)
        if _is_reference(node):
            return self._marked.get((page, int(node.get("/MCID", -1))), "")
        return self._text(node["/K"], page) if "/K" in node else ""

    def _page(self, element: PdfNode, page: int) -> int:
        """Return the page that `element` names, or else `page`, that of the element above."""
        if "/Pg" not in element:
            return page
        return self._pages.get(element["/Pg"].objgen, page)

    def _table(self, table: PdfNode, page: int) -> Iterator[str | Grid]:
        """Yield the text of each caption of `table`, then its cells."""
        rows: list[tuple[PdfNode, int]] = []
        for kind, element, at in self._elements(table, page, _PARTS_OF_TABLES):
            if kind == "/TR":
                rows.append((element, at))
            else:
                yield squeeze(self._text(element, at))
        yield tuple(grid_cells(self._cells(row, at) for row, at in rows))

    def _cells(self, row: PdfNode, page: int) -> Iterator[SpannedText]:
        for _, cell, at in self._elements(row, page, _CELLS):
            rowspan, colspan = _spans(cell)
            yield SpannedText(rowspan, colspan, squeeze(self._text(cell, at)))

    def _elements(
        self, element: PdfNode, page: int, kinds: frozenset[str]
    ) -> Iterator[tuple[str, PdfNode, int]]:
        """Yield the nearest elements of `kinds` below `element`, each with its kind and page."""
        kids = element.get("/K")
        page = self._page(element, page)
        for kid in kids if isinstance(kids, Array) else [kids]:
            if not isinstance(kid, Dictionary) or _is_reference(kid):
                continue
            kind = str(kid.get("/S"))
            if kind in kinds:
                yield kind, kid, self._page(kid, page)
            else:
                yield from self._elements(kid, page, kinds)


def _is_reference(node: PdfNode) -> bool:
    """Return whether `node` refers to content and is no structure element."""
    return "/Type" in node and str(node["/Type"]) in _REFERENCES


def _is_paragraph(kind: str) -> bool:
    return kind in _PARAGRAPHS or (kind.startswith("/H") and kind[2:].isdigit())


def _spans(cell: PdfNode) -> tuple[int, int]:
    """Return the numbers of rows and columns that `cell` spans."""
    if "/A" not in cell:
        return 1, 1
    attributes = cell["/A"]
    spans = {"/RowSpan": 1, "/ColSpan": 1}
    for owner in attributes if isinstance(attributes, Array) else [attributes]:
        if isinstance(owner, Dictionary):
            spans.update((key, int(owner[key])) for key in spans if key in owner)
    return spans["/RowSpan"], spans["/ColSpan"]
