"""Every part of a PDF: text of pages and tags, strings of all objects, all streams decoded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from urllib.parse import unquote_to_bytes

import pikepdf

from reportgen.verify.opened import OpenedFile
from reportgen.verify.part import Blob, Part, UnreadableError, without_escapes
from reportgen.verify.pdf_tree import PdfNode

_SPOKEN = re.compile(
    rb"/(?:ActualText|Alt|E|Contents|Title|T|TU)\s*(\((?:\\.|[^\\()])*\)|<[^<>]*>)"
)
_KEYED = re.compile(rb"(?:(/[^\s/<>\[\]()]+)\s*)?(\((?:\\.|[^\\()])*\)|<[0-9a-fA-F]+>)", re.DOTALL)
_NAME = re.compile(rb"/([^\s/<>\[\]()]+)")
_BYTES = ("/ID", "/CheckSum", "/Panose", "/O", "/U", "/OE", "/UE", "/Perms")
"""Keys of strings that are bytes, not text."""
_PICTURES = frozenset(["/DCTDecode", "/JPXDecode", "/CCITTFaxDecode", "/JBIG2Decode"])
_SAVED = re.compile(rb"startxref\s+(\d+)\s+%%EOF")
"""Where a file ended when it was saved; at 0 the first page of one laid out for the web does."""

_MADE_ID = re.compile(
    r"(<(xmpMM:(?:Document|Instance)ID|stEvt:instanceID)>)[A-Za-z0-9+/]{21}[AQgw]==(?:_source)?(?=</\2>)"
)
"""An identifier that the engine works out, 16 bytes in letters that by chance name an account."""

_KeyedStrings = list[tuple[bytes, bytes]]
"""Strings as they are written, each with its key."""
_TextsByKind = dict[str, dict[str, None]]
"""Texts, each once, by the kind of what holds them and the key that they stand at."""


def read_pdf_parts(where: str, file: OpenedFile) -> Iterator[Part | Blob | tuple[str, OpenedFile]]:
    """Yield the parts of a PDF, then each file in it as (where, file): attached, or its last state.

    Raises `UnreadableError` for a file that is damaged or encrypted, or a stream that cannot be
    decoded.
    """
    before = f"{where} " if where else ""
    try:
        _require_readable(file)
        yield from _texts(before, file)
        yield from _objects(before, file)
        yield from _attachments(before, file)
        for state in islice(saved_before(file), 1):
            yield f"{before}%%EOF", state
    except UnreadableError as error:
        raise UnreadableError(error.where or where or "PDF", error.detail) from error
    except (pikepdf.PdfError, ValueError) as error:
        raise UnreadableError(where or "PDF", _detail(error)) from error
    yield Blob(f"{before}PDF", file.data, whole=True)


def _detail(error: Exception) -> str:
    """Return what `error` says, but not where in memory the file stands."""
    return re.sub(r"(?:stream )?<_io[^>]*> *", "", str(error))


def saved_before(file: OpenedFile) -> Iterator[OpenedFile]:
    """Yield a PDF as it was saved before, the newest first: who signs one adds to its end."""
    *earlier, _ = _ends(file.data)
    for end in reversed(earlier):
        yield OpenedFile(file.data[:end])


def _ends(data: bytes) -> list[int]:
    """Return where a file ended each time that it was saved, once at least."""
    saved = _SAVED.finditer(data)
    return [match.end() for match in saved if int(match[1])] or [len(data)]


def _require_readable(file: OpenedFile) -> None:
    """Refuse what is encrypted, or holds something behind its end or an end that is none."""
    marks = file.data.count(b"startxref")
    if marks != len(_SAVED.findall(file.data)):
        raise UnreadableError("", f"{marks} × startxref")
    left = file.data[_ends(file.data)[-1] :].strip()
    if left:
        raise UnreadableError("", f"{len(left)} bytes after %%EOF")
    if file.pdf.document.is_encrypted:
        raise UnreadableError("", "@encrypted")


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
        strings = _KEYED.findall(written)
        if b"/ByteRange" in written and "/Contents" in node:
            yield Blob(f"{before}/Sig /Contents", bytes(node.Contents))
            strings = [each for each in strings if each[0] != b"/Contents"]
        if strings:
            _add_texts(strings, _kind(node), texts)
        if isinstance(node, pikepdf.Stream):
            yield from _stream(f"{before}{_kind(node)} {node.objgen[0]} 0 R", node)
    info = _written_info(file)
    names.update(_NAME.findall(info))
    _add_texts(_KEYED.findall(info), "/Info", texts)
    for kind, texts_of_kind in texts.items():
        yield Part.of(before + kind, texts_of_kind)
    yield Part.of(f"{before}/…", sorted(map(_plain_name, names)))


def _written_info(file: OpenedFile) -> bytes:
    """Return what the trailer says of the file, as it is written."""
    info: PdfNode = file.pdf.document.trailer.get("/Info", pikepdf.Dictionary())
    written: bytes = info.unparse(resolved=True)
    return written


def _add_texts(strings: _KeyedStrings, kind: str, texts: _TextsByKind) -> None:
    """Add the texts in an object as it is written, each with the key that it stands at."""
    for key, string in strings:
        name = key.decode()
        if name not in _BYTES:
            text = str(pikepdf.Object.parse(string))
            told = texts.setdefault(f"{kind} {name}".rstrip(), {})
            told[text] = None
            if name == "/URI":
                told[without_escapes(text)] = None


def _attachments(before: str, file: OpenedFile) -> Iterator[tuple[str, OpenedFile]]:
    for name, attached in file.pdf.document.attachments.items():
        yield f"{before}EmbeddedFiles {name}", OpenedFile(attached.get_file().read_bytes())


def _kind(node: PdfNode) -> str:
    """Return what an object is, by the word the format has for it."""
    if not isinstance(node, pikepdf.Dictionary | pikepdf.Stream):
        return str(type(node).__name__)
    if "/Parent" in node and "/Title" in node:
        return "/Outlines"
    if "/S" in node and "/P" in node:
        return "/StructElem"
    return str(node.get("/Type", node.get("/Subtype", "/Object")))


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
        packet = _MADE_ID.sub(r"\1", data.decode("utf-8", "replace"))
        yield Part.of(where, re.split(r"[<>]", packet))
        return
    yield Blob(where, data)
    spoken = [str(pikepdf.Object.parse(string)) for string in _SPOKEN.findall(data)]
    yield Part.of(f"{where} ActualText", spoken)


def _filters(stream: PdfNode) -> frozenset[str]:
    filters = stream.get("/Filter", ())
    if isinstance(filters, pikepdf.Array):
        return frozenset(map(str, filters))
    return frozenset([str(filters)])
