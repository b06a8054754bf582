"""What a PDF says: on its pages (PDFium), in its structure and of itself (qpdf)."""

from __future__ import annotations

import ctypes
import io
import re
from collections.abc import Iterator
from functools import cached_property
from threading import Lock
from typing import NamedTuple

import pikepdf
import pypdfium2
from pypdfium2 import raw

from reportgen.model import limits
from reportgen.model.frozen import frozen
from reportgen.project.foreign_files import ForeignFileError, inflated
from reportgen.verify.pdf_tree import PdfNode, StructureTree
from reportgen.verify.readback import Grid, Readback

_SUBSET = re.compile(r"^/(?:[A-Z]{6}\+)?")
_PDFIUM = Lock()
"""PDFium may be used by one thread at a time."""
_WIDE = ctypes.POINTER(raw.FPDF_WCHAR)
_HYPHEN_AT_LINE_END = "\x02"
"""What PDFium gives for it, because the word may have been parted there."""
_EDGE = 0.5
"""Points by which a character may stand over the edge of the page: what its box has around it."""


class TextObject(NamedTuple):
    """A text object: its page from 0, its marked content or -1, whether it is inside the page."""

    page: int
    content: int
    text: str
    inside: bool


class PdfPages(NamedTuple):
    """What stands on pages: each text object, and the text of each page as it is read."""

    objects: tuple[TextObject, ...]
    texts: tuple[str, ...]


class WrittenObject(NamedTuple):
    """An object of a PDF, and its dictionary or value as it is written."""

    node: PdfNode
    written: bytes


class PdfFile:
    """A PDF, each side of it opened and read once.

    Its properties raise `ValueError` where the file cannot be read.
    """

    def __init__(self, data: bytes) -> None:
        self.data = data

    @cached_property
    def document(self) -> pikepdf.Pdf:
        """Return the file as qpdf opens it. Nobody may change it."""
        try:
            document = pikepdf.open(io.BytesIO(self.data))
        except (pikepdf.PdfError, pikepdf.PasswordError) as error:
            raise ValueError(str(error)) from error
        _check_size(document)
        return document

    @cached_property
    def objects(self) -> tuple[WrittenObject, ...]:
        """Return all indirect objects; of a stream only the dictionary is written."""
        return tuple(WrittenObject(node, _written(node)) for node in self.document.objects)

    @cached_property
    def pages(self) -> PdfPages:
        """Return what stands on the pages."""
        assert self.document.pages is not None  # it unpacks within the limits
        with _PDFIUM:
            return _read_pages(self.data)

    @cached_property
    def _tree(self) -> StructureTree:
        """Return the tags with the text that they mark."""
        pieces: dict[tuple[int, int], list[str]] = {}
        for text in self.pages.objects:
            pieces.setdefault((text.page, text.content), []).append(text.text)
        marked = {key: "".join(texts) for key, texts in pieces.items()}
        return StructureTree(self.document, marked)

    @cached_property
    def blocks(self) -> tuple[str | Grid, ...]:
        """Return the paragraphs and the tables in logical order."""
        return tuple(self._tree.blocks())

    def readback(self) -> Readback:
        """Return the text of a tagged PDF in logical order.

        Page numbers and heads of tables that are repeated are not in it.
        """
        texts = tuple(block for block in self.blocks if isinstance(block, str))
        return Readback(
            format="pdf",
            texts=tuple(filter(None, texts)),
            tables=tuple(block for block in self.blocks if not isinstance(block, str)),
            stream="".join(self.logical_texts()),
            items=tuple(self._tree.items),
            pictures=tuple(self._tree.pictures),
        )

    def logical_texts(self) -> Iterator[str]:
        """Yield the text of each paragraph and cell in logical order."""
        for block in self.blocks:
            if isinstance(block, str):
                yield block
            else:
                for cell in block:
                    yield cell.text

    @cached_property
    def facts(self) -> PdfFacts:
        """Return what the file says about itself."""
        metadata = _metadata(self.document)
        return PdfFacts(
            title=str(self.document.docinfo.get("/Title", "")),
            language=str(self.document.Root.get("/Lang", "")),
            archival=_property(metadata, "pdfaid:part") + _property(metadata, "pdfaid:conformance"),
            accessible=_property(metadata, "pdfuaid:part"),
            tagged=_is_set(self.document, "/MarkInfo", "/Marked"),
            titled=_is_set(self.document, "/ViewerPreferences", "/DisplayDocTitle"),
        )

    @cached_property
    def fonts(self) -> dict[str, bool]:
        """Return the fonts by their names without the tag of the subset: whether it is embedded."""
        fonts: dict[str, bool] = {}
        for node, written in self.objects:
            if b"/FontDescriptor" in written and _is_font(node):
                name = str(node.get("/FontName", ""))
                fonts[_SUBSET.sub("", name)] = _is_embedded(node)
        return fonts

    def nonconformities(self) -> Iterator[str]:
        """Yield what keeps the file from being PDF/A-2a and PDF/UA-1, in words.

        The exporter validates, but before its tags are completed. This looks at what the file
        says of itself, at its fonts, for text over the edge of a page, and at what the tags of
        headings and of cells lead to.
        """
        yield from _missing_statements(self.facts)
        for name, embedded in sorted(self.fonts.items()):
            if not embedded:
                yield f"{name}: not embedded"
        for name in self.document.attachments:
            yield f"{name}: attached"
        for text in self.pages.objects:
            if not text.inside:
                yield f"page {text.page + 1}: “{text.text}” outside"
        if self.blocks:
            yield from self._tree.faults


@frozen
class PdfFacts:
    """What a PDF says about itself: of its parts of PDF/A and PDF/UA as in `2A` and `1`.

    It may be `tagged`, and have windows show its title instead of its name (`titled`).
    """

    title: str
    language: str
    archival: str
    accessible: str
    tagged: bool
    titled: bool


def read_pdf(data: bytes) -> Readback:
    """Return the text of a tagged PDF. Raises `ValueError` when it cannot be read."""
    return PdfFile(data).readback()


def _written(node: PdfNode) -> bytes:
    """Return an object as it is written; numbers that stand alone are none of the library's."""
    value = node.stream_dict if isinstance(node, pikepdf.Stream) else node
    if not isinstance(value, pikepdf.Object):
        return str(value).encode()
    written: bytes = value.unparse(resolved=True)
    return written


def _missing_statements(facts: PdfFacts) -> Iterator[str]:
    """Yield what a file must say about itself and does not."""
    if facts.archival != "2A":
        yield f"PDF/A {facts.archival or '—'}, not 2A"
    if facts.accessible != "1":
        yield f"PDF/UA {facts.accessible or '—'}, not 1"
    said = {
        "/Title": facts.title,
        "/Lang": facts.language,
        "/MarkInfo /Marked": facts.tagged,
        "/DisplayDocTitle": facts.titled,
    }
    yield from (name for name, value in said.items() if not value)


def _is_set(pdf: pikepdf.Pdf, group: str, name: str) -> bool:
    """Return whether the catalog of `pdf` says yes to `name` in a `group` (ISO 14289-1, 7.1)."""
    return bool(pdf.Root.get(group, pikepdf.Dictionary()).get(name, False))


def _is_font(node: PdfNode) -> bool:
    return isinstance(node, pikepdf.Dictionary) and node.get("/Type") == "/FontDescriptor"


def _is_embedded(font: PdfNode) -> bool:
    return any(key in font for key in ("/FontFile", "/FontFile2", "/FontFile3"))


def _metadata(pdf: pikepdf.Pdf) -> str:
    """Return the XMP packet, empty if there is none."""
    return pdf.Root.Metadata.read_bytes().decode() if "/Metadata" in pdf.Root else ""


def _property(metadata: str, name: str) -> str:
    """Return a simple property of the XMP packet, as an element or as an attribute."""
    match = re.search(rf"<{name}>([^<]*)<|{name}=[\"']([^\"']*)", metadata)
    return (match[1] or match[2] or "") if match else ""


def _check_size(document: pikepdf.Pdf) -> None:
    """Raise `ForeignFileError` for a file whose streams unpack to more than a report has."""
    left = int(limits.PDF_UNPACKED)
    for node in document.objects:
        if isinstance(node, pikepdf.Stream):
            left -= _unpacked_size(node, left)
    if left < 0:
        raise ForeignFileError("@unpacks_to_much", limit=limits.PDF_UNPACKED)


def _unpacked_size(stream: pikepdf.Stream, most: int) -> int:
    """Return how many bytes a stream unpacks to; of filters only deflation makes much of little."""
    content = stream.read_raw_bytes()
    filters = stream.get("/Filter", ())
    names = [filters] if isinstance(filters, pikepdf.Name) else list(filters)
    for name in names:
        if name == "/FlateDecode":
            content = inflated(content, max(most, 0))
    return len(content)


def _read_pages(data: bytes) -> PdfPages:
    try:
        pdf = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise ValueError(str(error)) from error
    try:
        objects: list[TextObject] = []
        texts: list[str] = []
        for number, page in enumerate(pdf):
            words = page.get_textpage()
            objects += _text_objects(number, page, words)
            texts.append(words.get_text_range().replace(_HYPHEN_AT_LINE_END, "-"))
        return PdfPages(tuple(objects), tuple(texts))
    finally:
        pdf.close()


def _text_objects(
    number: int, page: pypdfium2.PdfPage, words: pypdfium2.PdfTextPage
) -> Iterator[TextObject]:
    size = page.get_size()
    count = raw.FPDFPage_CountObjects(page.raw)
    if count > limits.PDF_OBJECTS:
        raise ForeignFileError("@too_many_objects", size=count, limit=limits.PDF_OBJECTS)
    for index in range(count):
        item = raw.FPDFPage_GetObject(page.raw, index)
        if raw.FPDFPageObj_GetType(item) == raw.FPDF_PAGEOBJ_TEXT:
            content = raw.FPDFPageObj_GetMarkedContentID(item)
            text = _object_text(item, words.raw)
            yield TextObject(number, content, text, _is_inside(item, *size))


_LEFT, _BOTTOM, _RIGHT, _TOP = (ctypes.c_float() for _ in range(4))
"""Take the bounds of one object after the other."""


def _is_inside(item: PdfNode, width: float, height: float) -> bool:
    """Return whether an object stands inside its page."""
    raw.FPDFPageObj_GetBounds(item, _LEFT, _BOTTOM, _RIGHT, _TOP)
    least, right, top = min(_LEFT.value, _BOTTOM.value), _RIGHT.value, _TOP.value
    return least > -_EDGE and right < width + _EDGE and top < height + _EDGE


_LONGEST = 1024
_BUFFER = ctypes.create_string_buffer(_LONGEST)
"""Takes the text of one object after the other; PDFium says where it is too short."""
_BUFFER_START = ctypes.cast(_BUFFER, _WIDE)


def _object_text(item: PdfNode, words: PdfNode) -> str:
    """Return the text of one text object of the page whose text is `words`."""
    length = raw.FPDFTextObj_GetText(item, words, _BUFFER_START, _LONGEST)
    encoded = ctypes.string_at(_BUFFER, min(length, _LONGEST))
    if length > _LONGEST:
        buffer = ctypes.create_string_buffer(length)
        raw.FPDFTextObj_GetText(item, words, ctypes.cast(buffer, _WIDE), length)
        encoded = buffer.raw
    text = encoded.decode("utf-16-le", "replace").rstrip("\0")
    return text.replace(_HYPHEN_AT_LINE_END, "-")
