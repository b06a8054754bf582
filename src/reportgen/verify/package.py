"""Every part of a zipped package: its files, what its headers say, bytes that belong to none."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator

from reportgen.verify.part import Blob, Part, UnreadableError

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
