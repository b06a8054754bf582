"""What a PDF says, read by PDFium and qpdf: readers that share no code with the writer."""

from __future__ import annotations

import ctypes
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import NamedTuple

import pikepdf
import pypdfium2
from pypdfium2 import raw

from reportgen.model.readback import GridCell, Readback
from reportgen.verify.tags import Node, Tree

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


class Shown(NamedTuple):
    """A text object: its page from 0, its marked content or -1, whether it is inside the page."""

    page: int
    content: int
    text: str
    inside: bool


class Pages(NamedTuple):
    """What stands on pages: each text object, and the text of each page as it is read."""

    shown: tuple[Shown, ...]
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


def _shown(data: bytes) -> tuple[Shown, ...]:
    return _pages(data).shown


def _pages(data: bytes) -> Pages:
    """Return the pages of a PDF, read once. Raises `ValueError` when they cannot be read."""
    with _PDFIUM:
        return _read_pages(data)


@lru_cache(maxsize=1)
def _read_pages(data: bytes) -> Pages:
    try:
        pdf = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise ValueError(str(error)) from error
    try:
        shown: list[Shown] = []
        texts: list[str] = []
        for number, page in enumerate(pdf):
            words = page.get_textpage()
            shown += _on_page(number, page, words)
            texts.append(words.get_text_range().replace(_HYPHEN_AT_LINE_END, "-"))
        return Pages(tuple(shown), tuple(texts))
    finally:
        pdf.close()


def _on_page(number: int, page: pypdfium2.PdfPage, words: pypdfium2.PdfTextPage) -> Iterator[Shown]:
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
            yield Shown(number, content, _text(item, words.raw), inside)


def _text(item: Node, words: Node) -> str:
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
