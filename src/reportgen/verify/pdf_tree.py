"""The logical structure of a tagged PDF: what a screen reader speaks, and in which order.

Page numbers and repeated heads of tables are artifacts: they are not in the tree.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any, NamedTuple

from pikepdf import Array, Dictionary, Pdf

from reportgen.model.grid import address
from reportgen.verify.readback import Grid, GridCell, SpannedText, grid_cells, squeeze

PdfNode = Any
"""An object of a PDF: an element of the tree, a list of them, or a reference to content."""
_Places = dict[tuple[int, int], GridCell]
"""The cells of a grid by each row and column that they cover."""
MarkedTexts = Mapping[tuple[int, int], str]
"""Text by page, from 0, and by the id of the marked content that it belongs to."""

_REFERENCES = frozenset(["/MCR", "/OBJR"])
_PARAGRAPHS = frozenset(["/P", "/Title", "/Caption", "/LI", "/Note"])
_PARTS_OF_TABLES = frozenset(["/Caption", "/TR"])
_FIGURES = frozenset(["/Figure"])
_CELLS = frozenset(["/TH", "/TD"])
_QUOTED = 40
"""How many characters of a cell a fault quotes."""
_HEADS = {"/Row": "row", "/Column": "col", "/Both": "both"}
"""What a header cell of each scope heads."""


class StructureTree:
    """The structure tree of `pdf` with the text of its leaves.

    What a node may lack is asked for with `in`: to `get` what is missing costs ten times as much.

    Each method takes a node and the page of the element above it, which holds unless the node
    names its own. While `blocks` are read, `items` collects the entries of lists, `pictures` what
    is said of each figure, and `faults` what a screen reader cannot follow.
    """

    def __init__(self, pdf: Pdf, marked: MarkedTexts) -> None:
        self._root: PdfNode = pdf.Root.get("/StructTreeRoot", Dictionary())
        self._marked = marked
        self._depth = 0
        self.items: list[str] = []
        self.pictures: list[str] = []
        self.faults: list[str] = []
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
            self._check_heading(kind)
            text = squeeze(self._text(element, page))
            if kind == "/LI":
                self.items.append(text)
            yield text
        elif kind == "/Table":
            yield from self._table(element, page)
        elif kind == "/Figure":
            self.pictures.append(str(element.get("/Alt", "")))
        else:
            yield from self._blocks(element.get("/K"), self._page(element, page))

    def _check_heading(self, kind: str) -> None:
        """Find fault with a heading that leaves out a level (ISO 14289-1, 7.4.2)."""
        if kind[2:].isdigit():
            depth = int(kind[2:])
            if depth > self._depth + 1:
                self.faults.append(f"H{self._depth} → H{depth}")
            self._depth = depth

    def _text(self, node: PdfNode, page: int) -> str:
        """Return the text at and below `node`: a piece of marked content, an element, or many."""
        if isinstance(node, int):
            return self._marked.get((page, node), "")
        if isinstance(node, Array):
            return "".join([self._text(kid, page) for kid in node])
        page = self._page(node, page)
        if _is_reference(node):  # to marked content, or to a link, which says nothing
            return self._marked.get((page, int(node["/MCID"])), "") if "/MCID" in node else ""
        return self._text(node["/K"], page) if "/K" in node else ""

    def _page(self, element: PdfNode, page: int) -> int:
        """Return the page that `element` names, or else `page`, that of the element above."""
        if "/Pg" not in element:
            return page
        return self._pages.get(element["/Pg"].objgen, page)

    def _table(self, table: PdfNode, page: int) -> Iterator[str | Grid]:
        """Yield the text of each caption of `table`, then its cells."""
        rows: list[list[SpannedText]] = []
        links: list[_HeaderLinks] = []
        head_rows = 0
        for kind, element, at in self._elements(table, page, _PARTS_OF_TABLES):
            if kind == "/TR":
                head_rows += element["/P"].get("/S") == "/THead" and head_rows == len(rows)
                rows.append(list(self._cells(element, at, links)))
            else:
                yield squeeze(self._text(element, at))
        grid = tuple(grid_cells(rows))
        self.faults += _unfollowed_headers(grid, links, head_rows)
        yield grid

    def _cells(self, row: PdfNode, page: int, links: list[_HeaderLinks]) -> Iterator[SpannedText]:
        """Yield the cells of a row; add to `links` which headers each names."""
        for kind, cell, at in self._elements(row, page, _CELLS):
            attributes = _table_attributes(cell)
            heads = _HEADS.get(attributes.scope, "?") if kind == "/TH" else ""
            name = str(cell["/ID"]) if "/ID" in cell else ""
            links.append(_HeaderLinks(name, attributes.headers))
            text = squeeze(self._text(cell, at))
            for _, figure, _ in self._elements(cell, at, _FIGURES):
                self.pictures.append(str(figure.get("/Alt", "")))
            yield SpannedText(attributes.rowspan, attributes.colspan, text, heads)

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


class _TableAttributes(NamedTuple):
    """What a cell says of itself: its spans, its scope, the names of its headers."""

    rowspan: int = 1
    colspan: int = 1
    scope: str = ""
    headers: tuple[str, ...] = ()


def _table_attributes(cell: PdfNode) -> _TableAttributes:
    """Return the attributes of `cell` that are those of tables."""
    if "/A" in cell:
        attributes = cell["/A"]
        for owner in attributes if isinstance(attributes, Array) else [attributes]:
            if isinstance(owner, Dictionary) and owner.get("/O") == "/Table":
                return _read_attributes(owner)
    return _TableAttributes()


def _read_attributes(owner: PdfNode) -> _TableAttributes:
    return _TableAttributes(
        int(owner["/RowSpan"]) if "/RowSpan" in owner else 1,
        int(owner["/ColSpan"]) if "/ColSpan" in owner else 1,
        str(owner["/Scope"]) if "/Scope" in owner else "",
        tuple(map(str, owner["/Headers"])) if "/Headers" in owner else (),
    )


class _HeaderLinks(NamedTuple):
    """The name of a cell, if it has one, and the names of those that it says are its headers."""

    name: str
    headers: tuple[str, ...]


def _unfollowed_headers(grid: Grid, links: list[_HeaderLinks], head_rows: int) -> Iterator[str]:
    """Yield the cells of a table of which one cannot tell what they are of.

    A header must be one, above its cells or to their left. Every other cell has the nearest
    header of its row, and one of its column where the `head_rows` of the table have one.
    """
    named = {link.name: cell for cell, link in zip(grid, links, strict=True) if link.name}
    places = _places(grid)
    for cell, link in zip(grid, links, strict=True):
        headers = [named[name] for name in link.headers if name in named]
        is_sound = len(headers) == len(link.headers) and _all_head(headers, cell)
        if not is_sound or _lacks_header(headers, cell, places, head_rows):
            yield f"{address(cell.row, cell.column)} “{cell.text[:_QUOTED]}”: Headers"


def _places(grid: Grid) -> _Places:
    """Return the cell at every place of a grid."""
    places: _Places = {}
    for cell in grid:
        rows = range(cell.row, cell.row + cell.rowspan)
        columns = range(cell.column, cell.column + cell.colspan)
        places.update(dict.fromkeys(product(rows, columns), cell))
    return places


def _heads(header: GridCell, cell: GridCell) -> bool:
    """Return whether `header` can be one of `cell`."""
    if header.heads == "row":
        return header.column < cell.column and header.row < cell.row + cell.rowspan
    beside = header.column + header.colspan <= cell.column
    return header.heads == "col" and header.row < cell.row and not beside


def _all_head(headers: list[GridCell], cell: GridCell) -> bool:
    return all(_heads(each, cell) for each in headers)


def _lacks_header(headers: list[GridCell], cell: GridCell, places: _Places, head_rows: int) -> bool:
    """Return whether a cell that is no header itself has fewer `headers` than it should."""
    if cell.heads:
        return False
    if _lacks_header_of_row(headers, cell, places):
        return True
    return _lacks_header_of_column(headers, cell, places, head_rows)


def _lacks_header_of_row(headers: list[GridCell], cell: GridCell, places: _Places) -> bool:
    to_the_left = [(cell.row, column) for column in range(cell.column)]
    labels = _headers_at(to_the_left, places, "row")
    return bool(labels) and labels[-1] not in headers


def _lacks_header_of_column(
    headers: list[GridCell], cell: GridCell, places: _Places, head_rows: int
) -> bool:
    if any(header.heads == "col" for header in headers):
        return False
    in_the_head = [(row, cell.column) for row in range(min(head_rows, cell.row))]
    return bool(_headers_at(in_the_head, places, "col"))


def _headers_at(way: list[tuple[int, int]], places: _Places, kind: str) -> list[GridCell]:
    """Return the headers of `kind` among the places of `way`."""
    cells = [places[place] for place in way if place in places]
    return [cell for cell in cells if cell.heads == kind]
