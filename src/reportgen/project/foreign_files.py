"""Files that others made: read whole or not at all, within the limits, whatever they say they are.

What the command line names may be a device, a file of any size, an archive that unpacks to more
than a machine holds, JSON of any depth. What an archive says of itself is never believed: its
files are counted as they are unpacked.
"""

from __future__ import annotations

import io
import json
import lzma
import re
import stat
import struct
import sys
import zipfile
import zlib
from pathlib import Path
from typing import Any

from reportgen.model import limits
from reportgen.project.memory import ran_out_of_memory

DAMAGED_ARCHIVE = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error),
    *(EOFError, OSError, RuntimeError),
)
"""What `zipfile` raises: each packer has its own errors, bzip2 OSError, and RuntimeError (with
NotImplementedError) stands for passwords and for what the module does not know."""

_JSON_BRACKET = re.compile(r'(?>(?:[^"\[\]{}]+|"[^"\\]*(?>\\.[^"\\]*)*"?)*)([\[\]{}])', re.DOTALL)
"""The next bracket of JSON that stands in no string."""
_PIECE = 1 << 16
_ENCRYPTED = 0x1
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\s\0]*<")
_TYPE = b"<!doctype"


class ForeignFileError(ValueError):
    """A file passes a limit or is none that may be read; `params` are for the finding.

    Among them is `detail`, a label of codes.yaml that takes the others.
    """

    def __init__(self, detail: str, **params: object) -> None:
        super().__init__(detail, params)
        self.params: dict[str, Any] = {"detail": detail, **params}

    def __str__(self) -> str:
        """Return the label with what it takes, for those who see no finding."""
        return " ".join(map(str, self.params.values()))


def reason(error: Exception) -> dict[str, Any]:
    """Return the parameters of the finding that tells why a file could not be read."""
    match error:
        case ForeignFileError():
            return error.params
        case RecursionError():
            return {"detail": "@too_deep", "limit": sys.getrecursionlimit()}
        case OSError(strerror=str(text)):
            return {"detail": text}
    if ran_out_of_memory(error):
        return {"detail": "@no_memory"}
    return {"detail": str(error) or type(error).__name__}


def read_foreign(path: Path, most: int) -> bytes:
    """Return the bytes of the file at `path`, at most so many.

    Raises `OSError` where the system refuses it, `ForeignFileError` for what is no file, such as
    a device or a pipe, which may never end, and for one that is too large.
    """
    status = path.stat()
    if stat.S_ISDIR(status.st_mode):
        path.read_bytes()  # raises what the system says of a folder
    if not stat.S_ISREG(status.st_mode):
        raise ForeignFileError("@no_file")
    with path.open("rb") as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise ForeignFileError("@too_large", size=max(status.st_size, len(data)), limit=most)
    return data


def read_json(path: Path) -> Any:  # noqa: ANN401 - whatever stands in the file
    """Return what a JSON file holds; raises `OSError`, or `ForeignFileError` for what is none."""
    try:
        return parsed_json(read_foreign(path, limits.JSON_BYTES))
    except ForeignFileError:
        raise
    except ValueError:
        raise ForeignFileError("@no_json") from None


def parsed_json(data: bytes) -> Any:  # noqa: ANN401
    """Return what JSON says; raises `ValueError` for what is none, or of too many levels."""
    text = data.decode("utf-8")
    _refuse_deep(text)
    return json.loads(text)


def _refuse_deep(text: str) -> None:
    """Raise `ForeignFileError` for JSON of more levels than any of ours has."""
    depth, bracket = 0, _JSON_BRACKET.match(text)
    while bracket:
        depth += 1 if bracket[1] in "[{" else -1
        if depth > limits.JSON_DEPTH:
            raise ForeignFileError("@too_deep", limit=limits.JSON_DEPTH)
        bracket = _JSON_BRACKET.match(text, bracket.end())


def inflated(packed: bytes, most: int) -> bytes:
    """Return what deflated bytes unpack to, at most so many; what is damaged ends where it is.

    Raises `ForeignFileError` for more.
    """
    unpacking = zlib.decompressobj()
    try:
        content = unpacking.decompress(packed, most + 1)
    except zlib.error:
        return b""
    if len(content) > most:
        raise ForeignFileError("@unpacks_to_much", limit=most)
    return content


def open_archive(data: bytes, most: int) -> zipfile.ZipFile:
    """Return a zip archive once all of it has been unpacked, to `most` bytes, and thrown away.

    Raises `DAMAGED_ARCHIVE`, and `ForeignFileError` for what passes a limit and for a document
    type, by which a few bytes of XML stand for any number.
    """
    archive = zipfile.ZipFile(io.BytesIO(data))
    members = archive.infolist()
    if len(members) > limits.ARCHIVE_MEMBERS:
        raise ForeignFileError("@too_many_files", size=len(members), limit=limits.ARCHIVE_MEMBERS)
    left, tags = most, 0
    for member in members:
        if member.flag_bits & _ENCRYPTED:
            continue  # nobody can unpack it, which its readers tell
        size, its_tags = _unpacked_size(archive, member, left)
        left -= size
        tags += its_tags
        if tags > limits.ARCHIVE_TAGS:
            raise ForeignFileError("@too_many_tags", limit=limits.ARCHIVE_TAGS)
        _refuse_dense(member, size)
        if left < 0:
            raise ForeignFileError("@unpacks_to_much", limit=most)
    return archive


def _refuse_dense(member: zipfile.ZipInfo, size: int) -> None:
    """Raise `ForeignFileError` for a large file that was packed better than any text is."""
    limit = limits.ARCHIVE_RATIO
    if size > limit * max(member.compress_size, _PIECE):
        raise ForeignFileError("@too_dense", member=member.filename, limit=limit)


def _unpacked_size(archive: zipfile.ZipFile, member: zipfile.ZipInfo, most: int) -> tuple[int, int]:
    """Return how many bytes and tags a file unpacks to, as soon as there are more than `most`."""
    size, tags, text = 0, 0, b""
    with archive.open(member) as file:
        piece = file.read(_PIECE)
        is_markup = _MARKUP.match(piece) is not None
        while piece and size <= most:
            size += len(piece)
            if is_markup:
                tags += piece.count(b"<")
                text = text[-len(_TYPE) :] + piece.replace(b"\0", b"").lower()
            if _TYPE in text:
                raise ForeignFileError("@document_type", member=member.filename)
            piece = file.read(_PIECE)
    return size, tags
