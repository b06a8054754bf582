"""Reads a file of others by what it is, or tells why it cannot be read."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path, PurePath

from reportgen.findings import Diagnostics, Finding, finding
from reportgen.model import limits
from reportgen.model.reading import ReadBlock, Reading, ReadParagraph
from reportgen.model.source import SourceSpan
from reportgen.project.extras import missing_extra
from reportgen.project.foreign_files import ForeignFileError, read_foreign, reason
from reportgen.reading.kinds import NAMES, ForeignKind, kind_of

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
"""What XML 1.0 has no characters for, with those that move a terminal."""
_TURNED = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""What turns the direction of a text, by which 21 may be shown where 12 stands (UAX #9)."""
_SHOWN = 30
_PDF = ".pdf"
_LOCK_FILE = "~$"
_SECONDS = 120
"""How long LibreOffice may take for one file."""


def open_document(path: Path, log: Diagnostics, name: str = "") -> Reading | None:
    """Return the document in a file; tells A501 to A507 of one that cannot be read."""
    name = name or path.name
    try:
        data = read_foreign(path, limits.FOREIGN_DOCUMENT)
    except (OSError, ForeignFileError) as error:
        log.add(finding("A501", SourceSpan(name, 0), **reason(error)))
        return None
    return read_document(name, data, log)


def read_document(name: str, data: bytes, log: Diagnostics) -> Reading | None:
    """Return the document that `data` holds, the bytes of the file `name`; tells A501 to A508."""
    kind = _kind_of(name, data)
    if data:
        tell_other_name(name, kind, SourceSpan(name, 0), log)
    reading = _read(name, data, kind, log)
    if reading is None:
        return None
    for unread in reading.unread:
        log.add(finding("A506", unread.span, what=unread.what, **unread.params))
    return replace(reading, blocks=tuple(_printable(block, log) for block in reading.blocks))


def _kind_of(name: str, data: bytes) -> ForeignKind:
    """Return what a file is; of an old compound file without a known stream what its name says."""
    kind = kind_of(data)
    is_book = "sheet" in NAMES.get(PurePath(name).suffix.lower(), frozenset())
    return "sheet" if kind == "office" and is_book else kind


def _printable(block: ReadBlock, log: Diagnostics) -> ReadBlock:
    """Return a block without characters that no file made of it may hold; tells A508 of some."""
    if isinstance(block, ReadParagraph):
        return replace(block, text=_printed(block.text, block.span, log))
    cells = [replace(cell, text=_printed(cell.text, cell.span, log)) for cell in block.cells]
    return replace(block, cells=tuple(cells))


def _printed(text: str, span: SourceSpan, log: Diagnostics) -> str:
    """Return a text as it is printed, in the order of its characters."""
    if _TURNED.search(text):
        log.add(finding("A508", span, text=_TURNED.sub("", text)[:_SHOWN]))
    return _TURNED.sub("", _CONTROL.sub(" ", text))


def is_lock_file(name: str) -> bool:
    """Return whether a file is the one by which Office marks another one as open."""
    return PurePath(name).name.startswith(_LOCK_FILE)


def tell_other_name(name: str, kind: ForeignKind, span: SourceSpan, log: Diagnostics) -> None:
    """Tell A507 of a file that is of another kind than its name says."""
    suffix = PurePath(name).suffix
    known = NAMES.get(suffix.lower())
    if known is not None and kind not in known:
        log.add(finding("A507", span, suffix=suffix, kind=f"@kind_{kind}"))


def _why_closed(name: str, data: bytes, kind: ForeignKind) -> str:
    """Return why a file cannot be opened whatever its kind, "" where it may be."""
    if not data:
        return "@empty"
    if is_lock_file(name):
        return "@lock_file"
    if kind == "text" and PurePath(name).suffix.lower() == _PDF:
        return "@no_pdf"  # nobody keeps a text under this name: it is what is left of a PDF
    return "@password" if kind == "locked" else ""


def _read(name: str, data: bytes, kind: ForeignKind, log: Diagnostics) -> Reading | None:
    """Return the document in `data`, which is of a `kind`."""
    span = SourceSpan(name, 0)
    why = _why_closed(name, data, kind)
    if why:
        log.add(finding("A501", span, detail=why))
        return None
    if kind == "office":
        return _converted(name, data, log)
    reader = _READERS.get(kind)
    if reader is None:
        log.add(finding("A502", span, kind=f"@kind_{kind}"))
        return None
    return reader(name, data, log)


def _read_docx(name: str, data: bytes, log: Diagnostics) -> Reading | None:
    from reportgen.reading.docx import read_docx  # noqa: PLC0415 - loaded for a file of its kind

    return _told(name, data, log, read_docx)


def _read_pdf(name: str, data: bytes, log: Diagnostics) -> Reading | None:
    missing = missing_extra("audit")
    if missing is not None:
        log.add(missing)
        return None
    from reportgen.reading.pdf import read_pdf_apart  # noqa: PLC0415 - loads the extra

    return _told(name, data, log, read_pdf_apart)


def _read_html(name: str, data: bytes, log: Diagnostics) -> Reading | None:
    from reportgen.reading.html import read_html  # noqa: PLC0415 - loaded for a file of its kind

    return _told(name, data, log, read_html)


def _read_text(name: str, data: bytes, log: Diagnostics) -> Reading | None:
    from reportgen.reading.text import read_text  # noqa: PLC0415 - as the others

    return _told(name, data, log, read_text)


def _told(
    name: str, data: bytes, log: Diagnostics, read: Callable[[str, bytes], Reading]
) -> Reading | None:
    """Return what a reader makes of a file; tells A501 of one that it cannot read, A503 of none."""
    span = SourceSpan(name, 0)
    try:
        reading = read(name, data)
    except ForeignFileError as error:
        log.add(finding("A501", span, **reason(error)))
        return None
    except ValueError:  # of which UnicodeError is one
        log.add(finding("A501", span, detail="@no_text"))
        return None
    if not reading.blocks:
        log.add(_without_text(reading, span))
        return None
    size = sum(map(_length, reading.blocks))
    if size > limits.DOCUMENT_CHARACTERS:
        limit = limits.DOCUMENT_CHARACTERS
        log.add(finding("A501", span, detail="@too_much_text", size=size, limit=limit))
        return None
    return reading


def _without_text(reading: Reading, span: SourceSpan) -> Finding:
    """Return why a document has no text: what of it was not read, else what is likely."""
    for unread in reading.unread:
        if unread.what != "@scanned_page":
            return finding("A503", span, why=unread.what, **unread.params)
    return finding("A503", span, why=f"@no_text_{reading.format}")


def _length(block: ReadBlock) -> int:
    """Return how many characters a block has."""
    if isinstance(block, ReadParagraph):
        return len(block.text)
    return sum(len(cell.text) for cell in block.cells)


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
