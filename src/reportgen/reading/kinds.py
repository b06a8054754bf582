"""Says what a file of others is, by what it begins with, whatever its name says."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Collection, Mapping
from typing import Literal

from reportgen.project.foreign_files import DAMAGED_ARCHIVE
from reportgen.reading.text import encoding_of

ForeignKind = Literal[
    "docx",
    "pdf",
    "html",
    "text",
    "office",
    "ofd",
    "image",
    "sheet",
    "slides",
    "archive",
    "mail",
    "locked",
    "unknown",
]
_BEGINNINGS: tuple[tuple[ForeignKind, re.Pattern[bytes]], ...] = (
    ("pdf", re.compile(rb"(?s:.{0,1024}?)%PDF-")),
    ("office", re.compile(rb"\{\\rtf|\s*<\?xml[^>]*>\s*<\?mso-application progid=.Word")),
    ("image", re.compile(rb"\x89PNG|\xff\xd8\xff|GIF8|II\*\0|MM\0\*|BM(?=.{4}\0)", re.DOTALL)),
    ("archive", re.compile(rb"Rar!|7z\xbc\xaf|\x1f\x8b|BZh|\xfd7zXZ")),
    ("mail", re.compile(rb"MIME-Version:", re.IGNORECASE)),
    (
        "html",
        re.compile(
            rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)?"
            rb"<(?:!doctype\s+html|html|head|body|meta|div|table|p)\b",
            re.IGNORECASE | re.DOTALL,
        ),
    ),
)
"""How files of each kind begin, in the order in which they are tried."""
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How the compound files of old begin, in which Office also keeps what it encrypts."""
_STREAMS: tuple[tuple[ForeignKind, tuple[str, ...]], ...] = (
    ("locked", ("EncryptedPackage", "EncryptionInfo")),
    ("sheet", ("Workbook", "Book")),
    ("slides", ("PowerPoint Document",)),
)
"""Names of streams in a compound file, by what only such a file holds."""
_SECTOR = 512
"""Bytes from one place of a compound file on which a stream may begin to the next."""
_MOST_SECTORS = 20_000
_ODD = b"[" + b"".join(re.escape(bytes([number])) for number in range(1, 256, 2)) + b"]"
_LOCKED_START = re.compile(
    rb"\xec\xa5.{9}" + _ODD + rb"|\x09\x08\x10\0.{16}(?:\x86\0\0\0)?\x2f\0", re.DOTALL
)
"""How a Word document of old begins whose FibBase says fEncrypted ([MS-DOC] 2.5.2), and a workbook
whose first record is FilePass ([MS-XLS] 2.4.117)."""
_MANIFEST, _MANIFEST_BYTES = "META-INF/manifest.xml", 1 << 20
_ODF = b"application/vnd.oasis.opendocument"
_PARTS: tuple[tuple[ForeignKind, str], ...] = (
    ("ofd", "OFD.xml"),
    ("sheet", "xl/"),
    ("slides", "ppt/"),
    ("docx", "word/"),
    ("docx", "[Content_Types].xml"),
)
"""Files, or folders, of an archive by what only such an archive holds."""
NAMES: Mapping[str, frozenset[ForeignKind]] = {
    ".docx": frozenset(["docx", "locked"]),
    ".docm": frozenset(["docx", "locked"]),
    ".doc": frozenset(["office", "docx", "locked"]),
    ".wps": frozenset(["office", "docx", "locked"]),
    ".pdf": frozenset(["pdf"]),
    ".html": frozenset(["html"]),
    ".htm": frozenset(["html"]),
    ".txt": frozenset(["text"]),
    ".csv": frozenset(["text"]),
    ".xlsx": frozenset(["sheet", "locked"]),
    ".odt": frozenset(["office", "locked"]),
    ".xls": frozenset(["sheet", "locked"]),
    ".et": frozenset(["sheet", "locked"]),
}
"""What files of a name hold; a .doc may be saved as .docx under its old name."""
_MARKUP_BYTES = 4_096
"""So many bytes say what a file is."""


def kind_of(data: bytes) -> ForeignKind:
    """Return what a file is, whatever its name says."""
    if data.startswith(b"PK"):
        return _kind_of_archive(data)
    if data.startswith(_OLE):
        return _kind_of_compound(data)
    start = data[:_MARKUP_BYTES]
    kind = _kind_by_beginning(start)
    if kind != "text":
        return kind
    text = _single_bytes(start)
    return "unknown" if b"\0" in text else _kind_by_beginning(text)


def _kind_by_beginning(start: bytes) -> ForeignKind:
    """Return what begins with some bytes: text if it is nothing else."""
    for kind, pattern in _BEGINNINGS:
        if pattern.match(start):
            return kind
    return "text"


def _single_bytes(start: bytes) -> bytes:
    """Return the beginning of a text in UTF-16 as UTF-8, and all else as it is."""
    encoding = encoding_of(start)
    return start.decode(encoding, "ignore").encode() if encoding.startswith("utf-16") else start


def archive_names(data: bytes) -> frozenset[str] | None:
    """Return the names of the files in an archive, None where none can be opened."""
    try:
        return frozenset(zipfile.ZipFile(io.BytesIO(data)).namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):  # all that damage raises
        return None


def _kind_of_archive(data: bytes) -> ForeignKind:
    names = archive_names(data)
    if names is None:
        return "docx"  # its reader says what is wrong with it
    if "mimetype" in names and _ODF in data[:200]:
        return "locked" if _is_locked(data) else "office"
    return _kind_by_parts(names)


def _kind_by_parts(names: Collection[str]) -> ForeignKind:
    """Return the kind of an archive by the files in it."""
    for kind, part in _PARTS:
        if any(name.startswith(part) for name in names):
            return kind
    return "archive"


def _is_locked(data: bytes) -> bool:
    """Return whether the list of files of an OpenDocument file says that it is encrypted."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open(_MANIFEST) as listed:
            return b"encryption-data" in listed.read(_MANIFEST_BYTES)
    except (KeyError, *DAMAGED_ARCHIVE):
        return False


def _kind_of_compound(data: bytes) -> ForeignKind:
    """Return what a compound file holds, by the names of its streams in UTF-16."""
    starts = range(_SECTOR, min(len(data), _MOST_SECTORS * _SECTOR), _SECTOR)
    if any(_LOCKED_START.match(data, start) for start in starts):
        return "locked"
    for kind, names in _STREAMS:
        if any(f"{name}\0".encode("utf-16-le") in data for name in names):
            return kind
    return "office"
