"""Every part of a PDF: text of pages and tags, strings of all objects, all streams decoded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote_to_bytes

import pikepdf

from reportgen.verify.opened import OpenedFile
from reportgen.verify.part import Blob, Part, UnreadableError
from reportgen.verify.pdf import WrittenObject
from reportgen.verify.pdf_tree import PdfNode

_SPOKEN = re.compile(
    rb"/(?:ActualText|Alt|E|Contents|Title|T|TU)\s*(\((?:\\.|[^\\()])*\)|<[^<>]*>)"
)
_KEYED = re.compile(rb"(?:(/[^\s/<>\[\]()]+)\s*)?(\((?:\\.|[^\\()])*\)|<[0-9a-fA-F]+>)", re.DOTALL)
_NAME = re.compile(rb"/([^\s/<>\[\]()]+)")
_BYTES = ("/ID", "/CheckSum", "/Panose", "/O", "/U", "/OE", "/UE", "/Perms")
"""Keys of strings that are bytes, not text."""
_PICTURES = frozenset(["/DCTDecode", "/JPXDecode", "/CCITTFaxDecode", "/JBIG2Decode"])
_END = b"%%EOF"


def read_pdf_parts(where: str, file: OpenedFile) -> Iterator[Part | Blob | tuple[str, OpenedFile]]:
    """Yield the parts of a PDF, then each file attached to it as (where, file).

    Raises `UnreadableError` for a file that is damaged or encrypted, holds states of before, or
    a stream that cannot be decoded.
    """
    before = f"{where} " if where else ""
    _require_one_state(where, file.data)
    try:
        if file.pdf.document.is_encrypted:
            raise UnreadableError(where or "PDF", "encrypted")
        yield from _texts(before, file)
        yield from _objects(before, file)
        for name, attached in file.pdf.document.attachments.items():
            data = attached.get_file().read_bytes()
            yield f"{before}EmbeddedFiles {name}", OpenedFile(data)
    except UnreadableError:
        raise
    except (pikepdf.PdfError, ValueError) as error:
        raise UnreadableError(where or "PDF", _detail(error)) from error
    yield Blob(f"{before}PDF", file.data, whole=True)


def _detail(error: Exception) -> str:
    """Return what `error` says, but not where in memory the file stands."""
    return re.sub(r"(?:stream )?<_io[^>]*> *", "", str(error))


def _require_one_state(where: str, data: bytes) -> None:
    """Refuse what hides in a file that was saved more than once, or goes on after its end."""
    states = data.count(b"startxref")
    if states != 1:
        raise UnreadableError(where or "PDF", f"{states} × startxref")
    _, end, rest = data.rpartition(_END)
    left = rest.strip()
    if end and left:
        raise UnreadableError(where or "PDF", f"{len(left)} bytes after %%EOF")


def _texts(before: str, file: OpenedFile) -> Iterator[Part]:
    """Yield the text of each page, and that of the tags."""
    for number, text in enumerate(file.pdf.pages.texts, 1):
        yield Part.of(f"{before}p. {number}", text.splitlines())
    yield Part.of(f"{before}StructTreeRoot", file.pdf.logical_texts())


def _objects(before: str, file: OpenedFile) -> Iterator[Part | Blob]:
    """Yield all streams, the strings of all objects, by what holds them, and their names."""
    texts: dict[str, dict[str, None]] = {}
    names: set[bytes] = set()
    for node, written in file.pdf.objects:
        names.update(_NAME.findall(written))
        strings = list(_strings(written))
        is_stream = isinstance(node, pikepdf.Stream)
        if not strings and not is_stream:
            continue
        kind = _kind(node)
        for key, text in strings:
            texts.setdefault(f"{kind} {key}".rstrip(), {})[text] = None
        if is_stream:
            yield from _stream(f"{before}{kind} {node.objgen[0]} 0 R", node)
    info = _info(file)
    names.update(_NAME.findall(info.written))
    for key, text in _strings(info.written):
        texts.setdefault(f"/Info {key}".rstrip(), {})[text] = None
    for where, said in texts.items():
        yield Part.of(before + where, said)
    yield Part.of(f"{before}/…", sorted(_plain_name(name) for name in names))


def _info(file: OpenedFile) -> WrittenObject:
    """Return what the trailer says of the file."""
    node = file.pdf.document.trailer.get("/Info", pikepdf.Dictionary())
    return WrittenObject(node, node.unparse(resolved=True))


def _kind(node: PdfNode) -> str:
    """Return what an object is, by the word the format has for it."""
    if not isinstance(node, pikepdf.Dictionary | pikepdf.Stream):
        return str(type(node).__name__)
    if "/Parent" in node and "/Title" in node:
        return "/Outlines"
    if "/S" in node and "/P" in node:
        return "/StructElem"
    return str(node.get("/Type", node.get("/Subtype", "/Object")))


def _strings(written: bytes) -> Iterator[tuple[str, str]]:
    """Yield the texts in an object as it is written, each with the key that it stands at."""
    for key, string in _KEYED.findall(written):
        name = key.decode()
        if name not in _BYTES:
            yield name, str(pikepdf.Object.parse(string))


def _plain_name(name: bytes) -> str:
    """Return a name with its escapes resolved (ISO 32000-1, 7.3.5)."""
    return unquote_to_bytes(name.replace(b"%", b"%25").replace(b"#", b"%")).decode(
        "utf-8", "replace"
    )


def _stream(where: str, stream: PdfNode) -> Iterator[Part | Blob]:
    """Yield a stream decoded: its bytes, and what it says in the place of glyphs."""
    if _filters(stream) & _PICTURES:
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
    spoken = [str(pikepdf.Object.parse(string)) for string in _SPOKEN.findall(data)]
    yield Part.of(f"{where} ActualText", spoken)


def _filters(stream: PdfNode) -> frozenset[str]:
    filters = stream.get("/Filter", ())
    if isinstance(filters, pikepdf.Array):
        return frozenset(str(name) for name in filters)
    return frozenset([str(filters)])
