"""What pictures say beside what they show: the texts of PNG are packed, those of others plain."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator

from reportgen.verify.part import Blob, Part, UnreadableError

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


_LOCAL = struct.Struct("<4s5H3I2H")
_ENCRYPTED, _DESCRIPTOR = 0x1, 0x8
_END = 22
"""Bytes of the record at the end of a zip file that has no comment."""


def read_package(where: str, data: bytes) -> Iterator[Part | Blob | tuple[str, bytes]]:
    """Yield what a package says beside its files, then each file as (where, bytes).

    Raises `UnreadableError` for what is encrypted or damaged, and for bytes that no file, header
    or comment accounts for: nobody can tell what they hold.
    """
    before = f"{where}/" if where else ""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            yield Part.of(f"{before}*", [entry.filename for entry in entries])
            yield Blob(f"{before}zip", _accounted(where, data, archive))
            for entry in entries:
                name = before + entry.filename
                if entry.flag_bits & _ENCRYPTED:
                    raise UnreadableError(name, "encrypted")
                if not entry.is_dir():
                    yield name, archive.read(entry)
    except (zipfile.BadZipFile, NotImplementedError, zlib.error, EOFError, struct.error) as error:
        raise UnreadableError(where or "zip", str(error)) from error


def _accounted(where: str, data: bytes, archive: zipfile.ZipFile) -> bytes:
    """Return all headers with their extra fields and comments, once nothing else is left over."""
    said, at = archive.comment, 0
    for entry in sorted(archive.infolist(), key=lambda each: each.header_offset):
        said += b"\0" + entry.comment + b"\0" + entry.extra
        if entry.header_offset != at:
            raise UnreadableError(where or "zip", f"{entry.header_offset - at} bytes before a file")
        header = _LOCAL.unpack_from(data, at)
        names = at + _LOCAL.size + header[-2]
        said += b"\0" + data[names - header[-2] : names + header[-1]]
        at = names + header[-1] + entry.compress_size
        if entry.flag_bits & _DESCRIPTOR:
            at += 16 if data[at : at + 4] == b"PK\x07\x08" else 12
    if archive.start_dir != at:
        raise UnreadableError(where or "zip", f"{archive.start_dir - at} bytes after the files")
    size = sum(
        46 + len(entry.orig_filename.encode()) + len(entry.extra) + len(entry.comment)
        for entry in archive.infolist()
    )
    left = len(data) - at - size - _END - len(archive.comment)
    if left:
        raise UnreadableError(where or "zip", f"{left} bytes after the end")
    return said
