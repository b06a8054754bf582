"""All parts of any file, told by how it begins; what nobody can read is refused."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reportgen.verify.markup import read_html, read_xml
from reportgen.verify.package import KNOWN, read_package, read_picture
from reportgen.verify.part import Blob, Part, UnreadableError
from reportgen.verify.pdf_parts import read_pdf_parts

_DEEPEST = 8
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*<", re.ASCII)
_XML = re.compile(rb"(?:\xef\xbb\xbf)?\s*<\?xml", re.ASCII)
_NAMED_XML = (".xml", ".rels", ".svg", ".vml")
_WIDE = (b"\xff\xfe", b"\xfe\xff")
_TEXT = frozenset(range(32, 256)) | {9, 10, 12, 13}


def parts(where: str, data: bytes, depth: int = 0) -> Iterator[Part | Blob]:
    """Yield every part of `data`, the files in it included.

    Raises `UnreadableError` for a part that is encrypted, damaged or of no known kind.
    """
    if depth > _DEEPEST:
        raise UnreadableError(where, "too deep")
    for found in _read(where, data):
        if isinstance(found, tuple):
            yield from parts(*found, depth + 1)
        else:
            yield found


def _read(where: str, data: bytes) -> Iterator[Part | Blob | tuple[str, bytes]]:
    if data.startswith(b"%PDF"):
        return read_pdf_parts(where, data)
    if data.startswith(b"PK"):
        return read_package(where, data)
    if data.startswith(KNOWN):
        return read_picture(where, data)
    if _XML.match(data) or (where.endswith(_NAMED_XML) and data):
        return read_xml(where, data)
    if _MARKUP.match(data):
        return read_html(where, data)
    return _text(where, data)


def _text(where: str, data: bytes) -> Iterator[Part | tuple[str, bytes]]:
    """Yield plain text. Raises `UnreadableError` for bytes that are no text."""
    for encoding in ("utf-16",) if data.startswith(_WIDE) else ("utf-8", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if set(data) <= _TEXT or encoding == "utf-16":
            yield Part.of(where, text.splitlines())
            # A page without a tag at its head is still a page.
            if "<" in text:
                yield from read_html(where, text.encode())
            return
    raise UnreadableError(where, f"{data[:4].hex(' ')} …")
