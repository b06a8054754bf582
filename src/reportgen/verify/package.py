"""The files in a zip package and what it says beside them, and the texts in pictures.

The texts of PNG are packed, those of other pictures stand in them as they are.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator

from reportgen.model import limits
from reportgen.project.foreign_files import DAMAGED_ARCHIVE, ForeignFileError, inflated
from reportgen.verify.opened import OpenedFile
from reportgen.verify.part import Blob, Part, UnreadableError

_PNG = b"\x89PNG\r\n\x1a\n"
_PACKED_TEXTS = (b"zTXt", b"iTXt", b"iCCP")
PICTURES = (_PNG, b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*", b"RIFF", b"\x01\0\0\0")
"""How files of pictures begin whose texts stand in them as they are, or that we unpack."""


def read_picture(where: str, file: OpenedFile) -> Iterator[Blob]:
    """Yield the bytes of a picture, and the packed texts of a PNG as their own."""
    yield Blob(where, file.data)
    if not file.data.startswith(_PNG):
        return
    try:
        for kind, content in _chunks(file.data):
            if kind in _PACKED_TEXTS:
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
        return keyword + b"\0" + _inflated(rest[1:])
    packed, rest = rest[0], rest[2:]
    language, _, rest = rest.partition(b"\0")
    title, _, text = rest.partition(b"\0")
    return b"\0".join((keyword, language, title, _inflated(text) if packed else text))


def _inflated(packed: bytes) -> bytes:
    """Return what a packed text unpacks to; raises `zlib.error`, as `inflated` passes over it."""
    text = inflated(packed, limits.PICTURE_TEXT)
    if not text and packed:
        raise zlib.error("damaged")
    return text


_LOCAL = struct.Struct("<4s5H3I2H")
_ENCRYPTED, _DESCRIPTOR = 0x1, 0x8
_CENTRAL, _END = 46, 22
"""Bytes of an entry of the directory, and of the record at the end, without names and comments."""


def read_package(where: str, file: OpenedFile) -> Iterator[Part | Blob | tuple[str, OpenedFile]]:
    """Yield what a package says beside its files, then each file as (where, file).

    Raises `UnreadableError` for what is encrypted or damaged, and for bytes that no file, header
    or comment accounts for: nobody can tell what they hold.
    """
    before = f"{where}/" if where else ""
    try:
        entries = file.package.infolist()
        yield Part.of(f"{before}*", [entry.filename for entry in entries])
        yield Blob(f"{before}zip", _headers(where or "zip", file))
        yield from _files(before, file)
    except ForeignFileError as error:
        part = before + str(error.params.get("member", "")) or "zip"
        raise UnreadableError(part, **error.params) from error
    except DAMAGED_ARCHIVE as error:
        raise UnreadableError(where or "zip", str(error)) from error


def _files(before: str, file: OpenedFile) -> Iterator[tuple[str, OpenedFile]]:
    for entry in file.package.infolist():
        name = before + entry.filename
        if entry.flag_bits & _ENCRYPTED:
            raise UnreadableError(name, "@encrypted")
        if not entry.is_dir():
            yield name, file.member(entry)


def _headers(where: str, file: OpenedFile) -> bytes:
    """Return all headers with their extra fields and comments, once nothing else is left over."""
    archive = file.package
    headers, at = archive.comment, 0
    for entry in sorted(archive.infolist(), key=lambda entry: entry.header_offset):
        headers += b"\0" + entry.comment + b"\0" + entry.extra
        if entry.header_offset != at:
            raise UnreadableError(where, f"{entry.header_offset - at} bytes before a file")
        names, content = _name_and_content(file.data, at)
        headers += b"\0" + file.data[names:content]
        at = _end_of_entry(file.data, entry, content)
    if archive.start_dir != at:
        raise UnreadableError(where, f"{archive.start_dir - at} bytes after the files")
    left = len(file.data) - at - _directory_size(archive)
    if left:
        raise UnreadableError(where, f"{left} bytes after the end")
    return headers


def _name_and_content(data: bytes, at: int) -> tuple[int, int]:
    """Return where the name in the header at `at` begins, and where the content does."""
    *_, name_length, extra_length = _LOCAL.unpack_from(data, at)
    names = at + _LOCAL.size
    return names, names + name_length + extra_length


def _end_of_entry(data: bytes, entry: zipfile.ZipInfo, content: int) -> int:
    """Return where an entry whose content begins at `content` ends, its descriptor included."""
    end = content + entry.compress_size
    if not entry.flag_bits & _DESCRIPTOR:
        return end
    return end + (16 if data[end : end + 4] == b"PK\x07\x08" else 12)


def _directory_size(archive: zipfile.ZipFile) -> int:
    """Return the bytes of the central directory and the record at the end."""
    size = _END + len(archive.comment)
    for entry in archive.infolist():
        name = entry.orig_filename.encode()
        size += _CENTRAL + len(name) + len(entry.extra) + len(entry.comment)
    return size
