"""Every part of a PDF: text of pages and tags, strings of all objects, all streams decoded."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import pikepdf

from reportgen.verify.part import Blob, Part, UnreadableError
from reportgen.verify.pdf import logical_texts, page_texts
from reportgen.verify.tags import Node

_SPOKEN = re.compile(
    rb"/(?:ActualText|Alt|E|Contents|Title|T|TU)\s*(\((?:\\.|[^\\()])*\)|<[^<>]*>)"
)
_MARKS = ("/ID", "/CheckSum", "/Panose", "/CIDSet", "/O", "/U", "/ByteRange")
"""Keys of strings that are bytes, not text."""
_PICTURES = ("/DCTDecode", "/JPXDecode", "/CCITTFaxDecode", "/JBIG2Decode")


def read_pdf_parts(where: str, data: bytes) -> Iterator[Part | Blob | tuple[str, bytes]]:
    """Yield the parts of a PDF, then each file attached to it as (where, bytes).

    Raises `UnreadableError` for a file that is damaged or encrypted, holds states of before, or
    a stream that cannot be decoded.
    """
    before = f"{where} " if where else ""
    _complete(where, data)
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            if pdf.is_encrypted:
                raise UnreadableError(where or "PDF", "encrypted")
            for number, text in enumerate(page_texts(data), 1):
                yield Part.of(f"{before}p. {number}", text.splitlines())
            yield Part.of(f"{before}StructTreeRoot", logical_texts(data))
            yield from _objects(before, pdf)
            for name, attached in pdf.attachments.items():
                yield f"{before}EmbeddedFiles {name}", attached.get_file().read_bytes()
    except (pikepdf.PdfError, pikepdf.PasswordError, ValueError) as error:
        if isinstance(error, UnreadableError):
            raise
        raise UnreadableError(where or "PDF", _detail(error)) from error
    yield Blob(f"{before}PDF", data, whole=True)


def _detail(error: Exception) -> str:
    """Return what `error` says, but not where in memory the file stands."""
    return re.sub(r"(?:stream )?<_io[^>]*> *", "", str(error))


def _complete(where: str, data: bytes) -> None:
    """Refuse what hides in a file that was saved more than once, or goes on after its end."""
    if data.count(b"startxref") != 1:
        raise UnreadableError(where or "PDF", f"{data.count(b'startxref')} × startxref")
    left = data[data.rindex(b"%%EOF") + 5 :].strip() if b"%%EOF" in data else b""
    if left:
        raise UnreadableError(where or "PDF", f"{len(left)} bytes after %%EOF")


def _objects(before: str, pdf: pikepdf.Pdf) -> Iterator[Part | Blob]:
    """Yield the strings of all objects, by what holds them, and all streams."""
    said: dict[str, list[str]] = {}
    for key, text in _strings(pdf.trailer.get("/Info", pikepdf.Dictionary()), "/Info"):
        said.setdefault(key, []).append(text)
    for each in pdf.objects:
        for key, text in _strings(each, _kind(each)):
            said.setdefault(key, []).append(text)
        if isinstance(each, pikepdf.Stream):
            yield from _stream(f"{before}{_kind(each)} {each.objgen[0]} 0 R", each)
    for key, texts in said.items():
        yield Part.of(before + key, dict.fromkeys(texts))


def _kind(each: Node) -> str:
    """Return what an object is, by the word the format has for it."""
    if not isinstance(each, pikepdf.Dictionary | pikepdf.Stream):
        return str(type(each).__name__)
    if "/Parent" in each and "/Title" in each:
        return "/Outlines"
    if "/S" in each and "/P" in each:
        return "/StructElem"
    return str(each.get("/Type", each.get("/Subtype", "/Object")))


def _strings(each: Node, where: str, depth: int = 0) -> Iterator[tuple[str, str]]:
    """Yield the texts in an object and in what it holds; other objects come in their own turn."""
    if isinstance(each, pikepdf.String):
        if not where.endswith(_MARKS):
            yield where, str(each)
    elif isinstance(each, pikepdf.Name):
        yield f"{where.partition(' ')[0]} /…", str(each)[1:]
    elif isinstance(each, pikepdf.Array):
        for item in each:
            if not getattr(item, "is_indirect", False):
                yield from _strings(item, where, depth + 1)
    elif isinstance(each, pikepdf.Dictionary | pikepdf.Stream):
        held = each.stream_dict if isinstance(each, pikepdf.Stream) else each
        for key, item in held.items():
            yield f"{where.partition(' ')[0]} /…", key[1:]
            if not getattr(item, "is_indirect", False):
                yield from _strings(item, f"{where.partition(' ')[0]} {key}", depth + 1)


def _stream(where: str, stream: Node) -> Iterator[Part | Blob]:
    """Yield a stream decoded: its bytes, and what it says in the place of glyphs."""
    filters = stream.get("/Filter", ())
    names = (
        [str(each) for each in filters] if isinstance(filters, pikepdf.Array) else [str(filters)]
    )
    if any(name in _PICTURES for name in names):
        yield Blob(where, stream.read_raw_bytes())
        return
    try:
        data = stream.read_bytes()
    except pikepdf.PdfError as error:
        raise UnreadableError(where, _detail(error)) from error
    if str(stream.get("/Type")) == "/Metadata" or str(stream.get("/Subtype")) == "/XML":
        yield Part.of(where, re.split(r"[<>]", data.decode("utf-8", "replace")))
        return
    yield Blob(where, data)
    spoken = [str(pikepdf.Object.parse(match[1])) for match in _SPOKEN.finditer(data)]
    yield Part.of(f"{where} ActualText", spoken)
