"""Says what a file of others is, by what it begins with, and reads it or tells why it cannot."""

from __future__ import annotations

import io
import logging
import re
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Literal

from reportgen.findings import Diagnostics, finding
from reportgen.model import limits
from reportgen.model.reading import ReadBlock, Reading, ReadParagraph
from reportgen.model.source import SourceSpan
from reportgen.project.extras import missing_extra
from reportgen.project.foreign_files import ForeignFileError, inflated, read_foreign, reason

ForeignKind = Literal["docx", "pdf", "html", "text", "office", "ofd", "image", "unknown"]
_BEGINNINGS: tuple[tuple[ForeignKind, re.Pattern[bytes]], ...] = (
    ("pdf", re.compile(rb"(?s:.{0,1024}?)%PDF-")),
    ("office", re.compile(rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1|\{\\rtf")),
    ("image", re.compile(rb"\x89PNG|\xff\xd8\xff|GIF8|II\*\0|MM\0\*|BM(?=.{4}\0)", re.DOTALL)),
    (
        "html",
        re.compile(
            rb"(?:\xef\xbb\xbf)?\s*(?:<!--.*?-->\s*)?"
            rb"<(?:!doctype\s+html|html|head|body|meta|div|table|p)\b",
            re.IGNORECASE | re.DOTALL,
        ),
    ),
    ("text", re.compile(rb"\xff\xfe|\xfe\xff")),
    ("unknown", re.compile(rb"(?s:.{0,4096}?)\0")),
)
"""How files of each kind begin, in the order in which they are tried."""
_ODF = b"application/vnd.oasis.opendocument"
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
"""What XML 1.0 has no characters for, with those that move a terminal."""
_STREAM = re.compile(rb"(?<!end)stream\r?\n(?=\x78|\x58|\x48|\x68)")
"""Where a deflated stream of a PDF begins: behind the word, with a header of zlib."""
_SECONDS = 120
"""How long LibreOffice may take for one file."""


def open_document(path: Path, log: Diagnostics, name: str = "") -> Reading | None:
    """Return the document in a file; tells A501 to A507 of one that cannot be read."""
    name = name or path.name
    span = SourceSpan(name, 0)
    try:
        data = read_foreign(path, limits.FOREIGN_DOCUMENT)
    except (OSError, ForeignFileError) as error:
        log.add(finding("A501", span, **reason(error)))
        return None
    kind = kind_of(data)
    _tell_other_name(path, kind, span, log)
    reading = _read(name, data, kind, log)
    return _printable(reading) if reading is not None else None


def _printable(reading: Reading) -> Reading:
    """Return a document without control characters, which no file that is made of it may hold."""
    return replace(reading, blocks=tuple(map(_printable_block, reading.blocks)))


def _printable_block(block: ReadBlock) -> ReadBlock:
    if isinstance(block, ReadParagraph):
        return replace(block, text=_CONTROL.sub(" ", block.text))
    cells = tuple(replace(cell, text=_CONTROL.sub(" ", cell.text)) for cell in block.cells)
    return replace(block, cells=cells)


def kind_of(data: bytes) -> ForeignKind:
    """Return what a file is, whatever its name says."""
    if data.startswith(b"PK"):
        return _kind_of_archive(data)
    for kind, pattern in _BEGINNINGS:
        if pattern.match(data):
            return kind
    return "text"


def _kind_of_archive(data: bytes) -> ForeignKind:
    try:
        names = frozenset(zipfile.ZipFile(io.BytesIO(data)).namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return "docx"  # its reader says what is wrong with it
    if "OFD.xml" in names:
        return "ofd"
    return "office" if "mimetype" in names and _ODF in data[:200] else "docx"


_NAMES: Mapping[str, frozenset[ForeignKind]] = {
    ".docx": frozenset(["docx"]),
    ".docm": frozenset(["docx"]),
    ".doc": frozenset(["office", "docx"]),
    ".wps": frozenset(["office", "docx"]),
    ".pdf": frozenset(["pdf"]),
    ".html": frozenset(["html"]),
    ".htm": frozenset(["html"]),
    ".txt": frozenset(["text"]),
}
"""What files of a name hold; a .doc may be saved as .docx under its old name."""


def _tell_other_name(path: Path, kind: ForeignKind, span: SourceSpan, log: Diagnostics) -> None:
    """Tell A507 of a file that is of another kind than its name says."""
    known = _NAMES.get(path.suffix.lower())
    if known is not None and kind not in known:
        log.add(finding("A507", span, suffix=path.suffix, kind=f"@kind_{kind}"))


def _read(name: str, data: bytes, kind: ForeignKind, log: Diagnostics) -> Reading | None:
    """Return the document in `data`, which is of a `kind`."""
    span = SourceSpan(name, 0)
    if kind == "office":
        return _converted(name, data, log)
    reader = _READERS.get(kind)
    if reader is None:
        log.add(finding("A502", span, kind=f"@kind_{kind}"))
        return None
    return reader(name, data, log)


def _read_docx(name: str, data: bytes, log: Diagnostics) -> Reading | None:
    from reportgen.reading.docx import read_docx  # noqa: PLC0415 - loaded for a file of its kind

    try:
        return read_docx(name, data)
    except ForeignFileError as error:
        log.add(finding("A501", SourceSpan(name, 0), **reason(error)))
        return None


def _read_pdf(name: str, data: bytes, log: Diagnostics) -> Reading | None:
    span = SourceSpan(name, 0)
    missing = missing_extra("audit")
    if missing is not None:
        log.add(missing)
        return None
    from pdfminer.pdfdocument import PDFPasswordIncorrect  # noqa: PLC0415 - an extra

    from reportgen.reading.pdf import read_pdf  # noqa: PLC0415 - loads the extra

    logging.getLogger("pdfminer").setLevel(logging.CRITICAL)  # it warns on the terminal
    try:
        _refuse_dense_streams(data)
        reading = read_pdf(name, data, limits.PDF_PAGES)
    except ForeignFileError as error:
        log.add(finding("A501", span, **reason(error)))
        return None
    except Exception as error:  # noqa: BLE001 - of a damaged file pdfminer raises anything
        is_locked = any(isinstance(part, PDFPasswordIncorrect) for part in error.args)
        detail = "@password" if is_locked else "@no_pdf"
        log.add(finding("A501", span, detail=detail))
        return None
    if not reading.blocks:
        log.add(finding("A503", span))
        return None
    return reading


def _refuse_dense_streams(data: bytes) -> None:
    """Raise `ForeignFileError` for a PDF whose deflated streams unpack to more than any has."""
    left = int(limits.PDF_UNPACKED)
    for match in _STREAM.finditer(data):
        end = data.find(b"endstream", match.end())
        left -= len(inflated(data[match.end() : end if end > 0 else None], left))


def _read_html(name: str, data: bytes, log: Diagnostics) -> Reading | None:
    from reportgen.reading.html import read_html  # noqa: PLC0415 - loaded for a file of its kind

    return _decoded(name, data, log, read_html)


def _read_text(name: str, data: bytes, log: Diagnostics) -> Reading | None:
    from reportgen.reading.text import read_text  # noqa: PLC0415 - as the others

    return _decoded(name, data, log, read_text)


def _decoded(
    name: str, data: bytes, log: Diagnostics, read: Callable[[str, bytes], Reading]
) -> Reading | None:
    try:
        reading = read(name, data)
    except ValueError:  # of which UnicodeError is one
        log.add(finding("A501", SourceSpan(name, 0), detail="@no_text"))
        return None
    if not reading.blocks:
        log.add(finding("A503", SourceSpan(name, 0)))
        return None
    return reading


_READERS: Mapping[ForeignKind, Callable[[str, bytes, Diagnostics], Reading | None]] = {
    "docx": _read_docx,
    "pdf": _read_pdf,
    "html": _read_html,
    "text": _read_text,
}


def _converted(name: str, data: bytes, log: Diagnostics) -> Reading | None:
    """Return an old Word, WPS or OpenDocument file that LibreOffice turned into .docx."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        log.add(finding("A504", SourceSpan(name, 0)))
        return None
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "document.doc")
        source.write_bytes(data)
        profile = Path(folder, "profile").as_uri()
        command = [
            program,
            f"-env:UserInstallation={profile}",
            "--headless",
            "--convert-to",
            "docx",
        ]
        try:
            subprocess.run(  # noqa: S603 - a program of the machine, on a file of our own
                [*command, "--outdir", folder, str(source)],
                capture_output=True,
                check=False,
                timeout=_SECONDS,
            )
        except (OSError, subprocess.TimeoutExpired):
            log.add(finding("A505", SourceSpan(name, 0)))
            return None
        result = source.with_suffix(".docx")
        if not result.exists():
            log.add(finding("A505", SourceSpan(name, 0)))
            return None
        return _read_docx(name, result.read_bytes(), log)
