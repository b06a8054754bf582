"""Documents that nobody can read, sent to audit, adopt and import: told as one, nothing written.

A row gives the name of a file, what makes its bytes, and what each command tells of it.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import NamedTuple

import pikepdf
import pytest

from odd_word_files import changed, rewritten, word
from small_project import UNIT, SmallProject, reportgen

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\0")
ENTITY = b'<!DOCTYPE x [<!ENTITY a "b">]><w:document'
LOCKED = pikepdf.Encryption(owner="a", user="b")


class Sent(NamedTuple):
    """A file as it was sent, and the code by which each command tells it."""

    name: str
    made: Callable[[], bytes]
    audit: str
    imported: str


def stream(name: str, start: bytes = b"") -> bytes:
    """Return a compound file of old with a stream that begins in its third sector."""
    return OLE + f"{name}\0".encode("utf-16-le").ljust(512, b"\0") + start.ljust(512, b"\0")


def pdf(pages: int = 1, **options: object) -> bytes:
    """Return a PDF of pages without text, as scans are."""
    document, output = pikepdf.new(), io.BytesIO()
    for _ in range(pages):
        document.add_blank_page()
    document.save(output, **options)
    return output.getvalue()


FIB_LOCKED = b"\xec\xa5\xc1\0" + bytes(6) + b"\0\x13"
BOF_LOCKED = b"\x09\x08\x10\0" + bytes(16) + b"\x2f\0\x36\0"
FILES = {
    "scan": Sent("报告.pdf", pdf, "A503", "A503"),
    "locked PDF": Sent("报告.pdf", lambda: pdf(encryption=LOCKED), "A501", "A501"),
    "cut-off PDF": Sent("报告.pdf", lambda: pdf()[:200], "A501", "A501"),
    "PDF of 2,000 pages": Sent("报告.pdf", lambda: pdf(2000), "A501", "A501"),
    "locked Word": Sent("报告.docx", lambda: stream("EncryptedPackage"), "A501", "X103"),
    "locked old Word": Sent("报告.doc", lambda: stream("WordDocument", FIB_LOCKED), "A501", "X103"),
    "locked workbook": Sent("表.xlsx", lambda: stream("EncryptedPackage"), "A501", "X103"),
    "locked old workbook": Sent("表.xls", lambda: stream("Workbook", BOF_LOCKED), "A501", "X103"),
    "old workbook": Sent("表.xls", lambda: stream("Workbook"), "A502", "X102"),
    "cut-off Word": Sent("报告.docx", lambda: word()[:-300], "A501", "A501"),
    "Word with a document type": Sent(
        "报告.docx",
        lambda: changed(word(), "word/document.xml", b"<w:document", ENTITY),
        "A501",
        "A501",
    ),
    "bomb": Sent(
        "报告.docx", lambda: rewritten(word(), {}, word__media=bytes(60_000_000)), "A501", "A501"
    ),
    "picture called Word": Sent("报告.docx", lambda: b"\x89PNG\r\n\x1a\n" * 9, "A502", "A502"),
    "archive called PDF": Sent("报告.pdf", lambda: b"Rar!\x1a\x07" * 9, "A502", "A502"),
    "nothing": Sent("报告.docx", bytes, "A501", "X131"),
    "what Office leaves": Sent("~$报告.docx", lambda: b"\5clerk".ljust(162, b"\0"), "A501", "X130"),
}
COMMANDS = {
    "audit": (),
    "adopt": ("--pack", "small", "--unit", UNIT, "--year", "2022"),
    "import": ("--unit", UNIT, "--year", "2023"),
}


def state(project: SmallProject) -> dict[str, bytes]:
    """Return every file of a project by its path."""
    files = (path for path in sorted(project.root.rglob("*")) if path.is_file())
    return {path.relative_to(project.root).as_posix(): path.read_bytes() for path in files}


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("sent", FILES.values(), ids=FILES)
def test_a_file_that_cannot_be_read_is_told_and_nothing_written(
    small: SmallProject, sent: Sent, command: str
) -> None:
    (small.root / sent.name).write_bytes(sent.made())
    before = state(small)
    code = sent.imported if command == "import" else sent.audit
    options = () if command == "audit" else ("--root", small.root)
    for lang in ("zh", "en"):
        run = reportgen(
            command, small.root / sent.name, *options, *COMMANDS[command], "--lang", lang
        )
        assert run.code == 1
        assert "internal error" not in run.out + run.err
        (found,) = re.findall(rf"error\[{code}\] (.*)", run.out)
        assert bool(re.search("[一-鿿]{2}", found.replace("报告", ""))) == (lang == "zh")
        assert re.search("^(?:提示|help): .", run.out, re.MULTILINE)
    assert state(small) == before
