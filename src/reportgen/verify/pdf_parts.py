"""Every part of a PDF: text of pages and tags, strings of all objects, all streams decoded."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from urllib.parse import unquote_to_bytes

import pikepdf

from reportgen.verify.part import Blob, Part, UnreadableError
from reportgen.verify.pdf import PdfNode, logical_texts, page_texts

_SPOKEN = re.compile(
    rb"/(?:ActualText|Alt|E|Contents|Title|T|TU)\s*(\((?:\\.|[^\\()])*\)|<[^<>]*>)"
)
_KEYED = re.compile(rb"(?:(/[^\s/<>\[\]()]+)\s*)?(\((?:\\.|[^\\()])*\)|<[0-9a-fA-F]+>)", re.DOTALL)
_NAME = re.compile(rb"/([^\s/<>\[\]()]+)")
_MARKS = ("/ID", "/CheckSum", "/Panose", "/O", "/U", "/OE", "/UE", "/Perms")
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
    """Yield the strings of all objects, by what holds them, their names, and all streams."""
    said: dict[str, list[str]] = {}
    names: set[bytes] = set()
    info = pdf.trailer.get("/Info", pikepdf.Dictionary())
    for each in (*pdf.objects, info):
        stream = isinstance(each, pikepdf.Stream)
        written = (each.stream_dict if stream else each).unparse(resolved=True)
        names.update(_NAME.findall(written))
        kind = "/Info" if each is info else _kind(each) if b"(" in written or stream else ""
        for key, text in _strings(written):
            said.setdefault(f"{kind or _kind(each)} {key}".rstrip(), []).append(text)
        if stream:
            yield from _stream(f"{before}{kind} {each.objgen[0]} 0 R", each)
    for key, texts in said.items():
        yield Part.of(before + key, dict.fromkeys(texts))
    yield Part.of(f"{before}/…", sorted(map(_plain_name, names)))


def _kind(each: PdfNode) -> str:
    """Return what an object is, by the word the format has for it."""
    if not isinstance(each, pikepdf.Dictionary | pikepdf.Stream):
        return str(type(each).__name__)
    if "/Parent" in each and "/Title" in each:
        return "/Outlines"
    if "/S" in each and "/P" in each:
        return "/StructElem"
    return str(each.get("/Type", each.get("/Subtype", "/Object")))


def _strings(written: bytes) -> Iterator[tuple[str, str]]:
    """Yield the texts in an object as it is written, each with the key that it stands at."""
    for match in _KEYED.finditer(written):
        key = (match[1] or b"").decode()
        if key not in _MARKS:
            yield key, str(pikepdf.Object.parse(match[2]))


def _plain_name(name: bytes) -> str:
    """Return a name with its escapes resolved (ISO 32000-1, 7.3.5)."""
    return unquote_to_bytes(name.replace(b"%", b"%25").replace(b"#", b"%")).decode(
        "utf-8", "replace"
    )


def _stream(where: str, stream: PdfNode) -> Iterator[Part | Blob]:
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
