"""The logical structure of a tagged PDF: what a screen reader speaks, and in which order.

Page numbers and repeated heads of tables are artifacts: they are not in the tree.
"""

from __future__ import annotations

import ctypes
import io
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import Any, NamedTuple

import pikepdf
import pypdfium2
from pikepdf import Array, Dictionary, Pdf
from pypdfium2 import raw

from reportgen.verify.expected import squeeze
from reportgen.verify.readback import GridCell, Readback

PdfNode = Any
"""An object of a PDF: an element of the tree, a list of them, or a reference to content."""
MarkedTexts = Mapping[tuple[int, int], str]
"""Text by page, from 0, and by the id of the marked content that it belongs to."""

_PARAGRAPHS = frozenset(["/P", "/Title", "/Caption", "/Lbl", "/LBody", "/Note"])
_PARTS = frozenset(["/Caption", "/TR"])
_CELLS = frozenset(["/TH", "/TD"])


class Tree:
    """The structure tree of `pdf` with the text of its leaves."""

    def __init__(self, pdf: Pdf, marked: MarkedTexts) -> None:
        self._root: PdfNode = pdf.Root.get("/StructTreeRoot", Dictionary())
        self._marked = marked
        self._pages = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}

    def blocks(self) -> Iterator[str | tuple[GridCell, ...]]:
        """Yield the text of each heading, paragraph and caption, and the cells of each table."""
        yield from self._blocks(self._root.get("/K"), -1)

    def _blocks(self, kid: PdfNode, page: int) -> Iterator[str | tuple[GridCell, ...]]:
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

    def _text(self, kid: PdfNode, page: int) -> str:
        """Return the text at and below `kid`: a piece of marked content, an element, or many."""
        if isinstance(kid, int):
            return self._marked.get((page, kid), "")
        if isinstance(kid, Array):
            return "".join([self._text(each, page) for each in kid])
        page = self._page(kid, page)
        if _is_content(kid):
            return self._marked.get((page, int(kid.get("/MCID", -1))), "")
        return self._text(kid["/K"], page) if "/K" in kid else ""

    def _page(self, element: PdfNode, page: int) -> int:
        """Return the page that `element` names, or else `page`, that of the element above."""
        named = element.get("/Pg")
        return page if named is None else self._pages.get(named.objgen, page)

    def _table(self, table: PdfNode, page: int) -> Iterator[str | tuple[GridCell, ...]]:
        """Yield the text of each caption of `table`, then its cells."""
        parts = list(self._elements(table, page, _PARTS))
        for element, at in parts:
            if element.get("/S") == "/Caption":
                yield squeeze(self._text(element, at))
        yield tuple(self._cells([part for part in parts if part[0].get("/S") == "/TR"]))

    def _cells(self, rows: list[tuple[PdfNode, int]]) -> Iterator[GridCell]:
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
        self, element: PdfNode, page: int, kinds: frozenset[str]
    ) -> Iterator[tuple[PdfNode, int]]:
        """Yield the nearest elements of `kinds` below `element`, each with its page."""
        kids = element.get("/K")
        page = self._page(element, page)
        for kid in kids if isinstance(kids, Array) else [kids]:
            if isinstance(kid, Dictionary) and not _is_content(kid):
                if str(kid.get("/S")) in kinds:
                    yield kid, self._page(kid, page)
                else:
                    yield from self._elements(kid, page, kinds)


def _is_content(kid: PdfNode) -> bool:
    """Return whether `kid` refers to content and is no structure element."""
    return kid.get("/Type") in ("/MCR", "/OBJR")


def _is_paragraph(element: PdfNode) -> bool:
    kind = str(element.get("/S"))
    return kind in _PARAGRAPHS or (kind.startswith("/H") and kind[2:].isdigit())


def _spans(cell: PdfNode) -> tuple[int, int]:
    """Return the numbers of rows and columns that `cell` spans."""
    attributes = cell.get("/A", Array())
    rowspan = colspan = 1
    for each in attributes if isinstance(attributes, Array) else [attributes]:
        if isinstance(each, Dictionary):
            rowspan = int(each.get("/RowSpan", rowspan))
            colspan = int(each.get("/ColSpan", colspan))
    return rowspan, colspan


_PDFIUM = Lock()
"""PDFium may be used by one thread at a time."""
_TREE = Lock()
"""Who comes second waits for what the first has read."""
_WIDE = ctypes.POINTER(raw.FPDF_WCHAR)
_HYPHEN_AT_LINE_END = "\x02"
"""What PDFium gives for it, because the word may have been parted there."""
_EDGE = 0.5
"""Points by which a character may stand over the edge of the page: what its box has around it."""


@dataclass(frozen=True, slots=True)
class PdfFacts:
    """What a PDF says about itself. A bookmark is its depth, from 1, and its title."""

    title: str
    language: str
    archival: str
    accessible: str
    pages: int
    bookmarks: tuple[tuple[int, str], ...]
    fonts: tuple[str, ...]
    loose_fonts: tuple[str, ...]
    attachments: tuple[str, ...]


class TextObject(NamedTuple):
    """A text object: its page from 0, its marked content or -1, whether it is inside the page."""

    page: int
    content: int
    text: str
    inside: bool


class PdfPages(NamedTuple):
    """What stands on pages: each text object, and the text of each page as it is read."""

    shown: tuple[TextObject, ...]
    texts: tuple[str, ...]


def read_pdf(data: bytes) -> Readback:
    """Return the text of a tagged PDF in logical order.

    Page numbers and heads of tables that are repeated are not in it. Raises `ValueError`
    when the file cannot be read.
    """
    texts: list[str] = []
    tables = []
    stream: list[str] = []
    for block in _logical(data):
        if isinstance(block, str):
            texts.append(block)
            stream.append(block)
        else:
            tables.append(block)
            stream.extend([cell.text for cell in block])
    return Readback(
        format="pdf",
        texts=tuple(filter(None, texts)),
        tables=tuple(tables),
        stream="".join(stream),
    )


def read_facts(data: bytes) -> PdfFacts:
    """Return what a PDF says about itself. Raises `ValueError` when it cannot be read."""
    with _opened(data) as pdf:
        metadata = _metadata(pdf)
        conformance = _property(metadata, "pdfaid:conformance")
        with pdf.open_outline() as outline:
            bookmarks = tuple(_bookmarks(outline.root, 1))
        fonts = dict(_fonts(pdf))
        return PdfFacts(
            title=str(pdf.docinfo.get("/Title", "")),
            language=str(pdf.Root.get("/Lang", "")),
            archival=_property(metadata, "pdfaid:part") + conformance,
            accessible=_property(metadata, "pdfuaid:part"),
            pages=len(pdf.pages),
            bookmarks=bookmarks,
            fonts=tuple(sorted(fonts)),
            loose_fonts=tuple(sorted(name for name, embedded in fonts.items() if not embedded)),
            attachments=tuple(pdf.attachments),
        )


def nonconformities(data: bytes) -> tuple[str, ...]:
    """Return what keeps a PDF from being PDF/A-2a and PDF/UA-1, in words.

    The exporter validates; this looks at what the file says of itself, at its fonts, and for
    text over the edge of a page.
    """
    facts = read_facts(data)
    wrong = []
    if facts.archival != "2A":
        wrong.append(f"PDF/A {facts.archival or '—'}, not 2A")
    if facts.accessible != "1":
        wrong.append(f"PDF/UA {facts.accessible or '—'}, not 1")
    if not facts.title:
        wrong.append("/Title")
    if not facts.language:
        wrong.append("/Lang")
    wrong += [f"{name}: not embedded" for name in facts.loose_fonts]
    wrong += [f"{name}: attached" for name in facts.attachments]
    wrong += [f"page {s.page + 1}: “{s.text}” outside" for s in _shown(data) if not s.inside]
    return tuple(wrong)


def page_texts(data: bytes) -> tuple[str, ...]:
    """Return the text of each page in lines. Raises `ValueError` when it cannot be read."""
    return _pages(data).texts


def logical_texts(data: bytes) -> Iterator[str]:
    """Yield the text of each paragraph and cell in logical order, as `read_pdf` finds them."""
    for block in _logical(data):
        yield from (block,) if isinstance(block, str) else (cell.text for cell in block)


def _logical(data: bytes) -> tuple[str | tuple[GridCell, ...], ...]:
    with _TREE:
        return _read_tree(data)


@lru_cache(maxsize=1)
def _read_tree(data: bytes) -> tuple[str | tuple[GridCell, ...], ...]:
    with _opened(data) as pdf:
        return tuple(Tree(pdf, _marked_texts(data)).blocks())


@contextmanager
def _opened(data: bytes) -> Iterator[pikepdf.Pdf]:
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            yield pdf
    except pikepdf.PdfError as error:
        raise ValueError(str(error)) from error


def _marked_texts(data: bytes) -> dict[tuple[int, int], str]:
    """Return the text of every piece of marked content, by page and id."""
    marked: dict[tuple[int, int], str] = {}
    for shown in _shown(data):
        place = (shown.page, shown.content)
        marked[place] = marked.get(place, "") + shown.text
    return marked


def _shown(data: bytes) -> tuple[TextObject, ...]:
    return _pages(data).shown


def _pages(data: bytes) -> PdfPages:
    """Return the pages of a PDF, read once. Raises `ValueError` when they cannot be read."""
    with _PDFIUM:
        return _read_pages(data)


@lru_cache(maxsize=1)
def _read_pages(data: bytes) -> PdfPages:
    try:
        pdf = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise ValueError(str(error)) from error
    try:
        shown: list[TextObject] = []
        texts: list[str] = []
        for number, page in enumerate(pdf):
            words = page.get_textpage()
            shown += _on_page(number, page, words)
            texts.append(words.get_text_range().replace(_HYPHEN_AT_LINE_END, "-"))
        return PdfPages(tuple(shown), tuple(texts))
    finally:
        pdf.close()


def _on_page(
    number: int, page: pypdfium2.PdfPage, words: pypdfium2.PdfTextPage
) -> Iterator[TextObject]:
    width, height = page.get_size()
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    for index in range(raw.FPDFPage_CountObjects(page.raw)):
        item = raw.FPDFPage_GetObject(page.raw, index)
        if raw.FPDFPageObj_GetType(item) == raw.FPDF_PAGEOBJ_TEXT:
            raw.FPDFPageObj_GetBounds(item, left, bottom, right, top)
            inside = min(left.value, bottom.value) > -_EDGE and (
                right.value < width + _EDGE and top.value < height + _EDGE
            )
            content = raw.FPDFPageObj_GetMarkedContentID(item)
            yield TextObject(number, content, _text(item, words.raw), inside)


def _text(item: PdfNode, words: PdfNode) -> str:
    """Return the text of one text object of the page whose text is `words`."""
    length = raw.FPDFTextObj_GetText(item, words, None, 0)
    buffer = ctypes.create_string_buffer(length)
    raw.FPDFTextObj_GetText(item, words, ctypes.cast(buffer, _WIDE), length)
    text = buffer.raw.decode("utf-16-le", "replace").rstrip("\0")
    return text.replace(_HYPHEN_AT_LINE_END, "-")


def _metadata(pdf: pikepdf.Pdf) -> str:
    """Return the XMP packet, empty if there is none."""
    return pdf.Root.Metadata.read_bytes().decode() if "/Metadata" in pdf.Root else ""


def _property(metadata: str, name: str) -> str:
    """Return a simple property of the XMP packet, as an element or as an attribute."""
    found = re.search(rf"<{name}>([^<]*)<|{name}=[\"']([^\"']*)", metadata)
    return (found[1] or found[2] or "") if found else ""


def _bookmarks(items: list[pikepdf.OutlineItem], depth: int) -> Iterator[tuple[int, str]]:
    for item in items:
        yield depth, item.title
        yield from _bookmarks(item.children, depth + 1)


def _fonts(pdf: pikepdf.Pdf) -> Iterator[tuple[str, bool]]:
    """Yield every font by its name without the tag of the subset, and whether it is embedded."""
    for each in pdf.objects:
        if isinstance(each, pikepdf.Dictionary) and each.get("/Type") == "/FontDescriptor":
            embedded = any(key in each for key in ("/FontFile", "/FontFile2", "/FontFile3"))
            yield re.sub(r"^/(?:[A-Z]{6}\+)?", "", str(each.get("/FontName", ""))), embedded
