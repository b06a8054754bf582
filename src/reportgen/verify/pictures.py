"""What pictures say beside what they show: the texts of PNG are packed, those of others plain."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

from reportgen.verify.part import Blob, UnreadableError

_PNG = b"\x89PNG\r\n\x1a\n"
KNOWN = (_PNG, b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*", b"RIFF", b"\x01\0\0\0")
"""How files of pictures begin whose texts stand in them as they are, or that we unpack."""


def read_picture(where: str, data: bytes) -> Iterator[Blob]:
    """Yield the bytes of a picture, and the packed texts of a PNG as their own."""
    yield Blob(where, data)
    if not data.startswith(_PNG):
        return
    try:
        for kind, content in _chunks(data):
            if kind in (b"zTXt", b"iTXt", b"iCCP"):
                yield Blob(f"{where} {kind.decode()}", _unpacked(kind, content))
    except (struct.error, zlib.error, ValueError) as error:
        raise UnreadableError(where, str(error)) from error


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(_PNG)
    while at < len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        yield kind, data[at + 8 : at + 8 + length]
        at += 12 + length


def _unpacked(kind: bytes, content: bytes) -> bytes:
    """Return a text of PNG (PNG 1.2, 4.2.3) with its keyword, packed or not."""
    keyword, _, rest = content.partition(b"\0")
    if kind != b"iTXt":
        return keyword + b"\0" + zlib.decompress(rest[1:])
    packed, rest = rest[0], rest[2:]
    language, _, rest = rest.partition(b"\0")
    title, _, text = rest.partition(b"\0")
    return b"\0".join((keyword, language, title, zlib.decompress(text) if packed else text))
