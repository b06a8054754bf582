"""What a file is, and what is told of one that cannot be read; nothing ends in a traceback."""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import Path
from typing import get_args

import docx
import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.features.audit.files import AuditRequest, audit_file, files_of
from reportgen.findings import Diagnostics
from reportgen.reading import opening
from reportgen.reading.kinds import ForeignKind, kind_of
from reportgen.reading.opening import open_document


def zipped(**members: bytes) -> bytes:
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), data)
    return output.getvalue()


def word() -> bytes:
    document = docx.Document()
    document.add_paragraph("全年支出2851万元。")
    output = io.BytesIO()
    document.save(output)
    return output.getvalue()


def locked_pdf() -> bytes:
    output = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(output, encryption=pikepdf.Encryption(owner="a", user="b"))
    return output.getvalue()


def blank_pdf() -> bytes:
    output = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(output)
    return output.getvalue()


def compound(stream: str, start: bytes = b"") -> bytes:
    """Return a compound file of old with a stream of a name, which begins in the third sector."""
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\0")
    return head + f"{stream}\0".encode("utf-16-le").ljust(512, b"\0") + start.ljust(512, b"\0")


FIB = b"\xec\xa5\xc1\0" + bytes(6)
BOF = b"\x09\x08\x10\0" + bytes(16)


def odt(manifest: bytes) -> bytes:
    kind = b"application/vnd.oasis.opendocument.text"
    return zipped(mimetype=kind, **{"META-INF__manifest_xml": manifest})


LOCKED = [
    ("a.docx", compound("EncryptedPackage")),
    ("a.xlsx", compound("EncryptionInfo")),
    ("a.doc", compound("WordDocument", FIB + b"\0\x11")),
    ("a.wps", compound("WordDocument", FIB + b"\xf0\x13")),
    ("a.xls", compound("Workbook", BOF + b"\x2f\0\x36\0")),
    ("a.xls", compound("Workbook", BOF + b"\x86\0\0\0\x2f\0\x36\0")),
    ("a.odt", odt(b"<manifest><encryption-data/></manifest>")),
]
"""Files that open with a password only: [MS-OFFCRYPTO] 2.3, [MS-DOC] 2.5.2, [MS-XLS] 2.4.117."""


@pytest.mark.parametrize(("name", "data"), LOCKED)
def test_a_password_is_told_whatever_it_locks(name: str, data: bytes, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    log = Diagnostics()
    assert open_document(path, log) is None
    assert [(each.code, each.params["detail"]) for each in log] == [("A501", "@password")]


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("a.doc", compound("WordDocument", FIB + b"\0\x12"), "office"),
        ("a.xls", compound("Workbook", BOF + b"\x42\0"), "sheet"),
        ("a.xls", compound("Book"), "sheet"),
        ("a.odt", odt(b"<manifest/>"), "office"),
    ],
)
def test_what_no_password_locks_is_of_its_kind(name: str, data: bytes, kind: str) -> None:
    assert kind_of(data) == kind


def test_an_old_workbook_is_told_as_one_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "a.xls"
    path.write_bytes(compound("Unknown"))
    log = Diagnostics()
    assert open_document(path, log) is None
    assert [(each.code, each.params["kind"]) for each in log] == [("A502", "@kind_sheet")]


def test_what_office_leaves_beside_a_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "~$报告.docx"
    path.write_bytes(b"\x05clerk".ljust(162, b"\0"))
    log = Diagnostics()
    assert open_document(path, log) is None
    assert ("A501", "@lock_file") in [(each.code, each.params.get("detail")) for each in log]


CASES = [
    ("a.docx", word, []),
    ("a.doc", word, []),
    ("a.pdf", word, ["A507"]),
    ("a.txt", "全年支出2851万元。".encode, []),
    ("a.docx", "<html><body><p>全年支出</p></body></html>".encode, ["A507"]),
    ("a.pdf", locked_pdf, ["A501"]),
    ("a.pdf", blank_pdf, ["A503"]),
    ("a.pdf", lambda: b"%PDF-1.7 broken", ["A501"]),
    ("a.PDF", lambda: b"garbage", ["A507", "A501"]),
    ("a.doc", "全年支出2851万元。".encode, ["A507"]),
    ("a.docx", lambda: b"PK\x03\x04broken", ["A501"]),
    ("a.docx", lambda: zipped(a_xml=b"<a/>"), ["A507", "A502"]),
    ("a.ofd", lambda: zipped(OFD_xml=b"<a/>"), ["A502"]),
    ("a.png", lambda: b"\x89PNG\r\n\x1a\n", ["A502"]),
    ("a.bin", lambda: bytes(range(256)), ["A502"]),
    ("a.txt", lambda: b"\xff\xff\xff\x81", ["A501"]),
    ("a.txt", lambda: b"\n \n", ["A503"]),
]


@pytest.mark.parametrize(("name", "made", "codes"), CASES)
def test_each_file_is_read_or_told(name: str, made, codes: list[str], tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(made())
    log = Diagnostics()
    reading = open_document(path, log)
    assert [finding.code for finding in log] == codes
    assert (reading is None) == any(code != "A507" for code in codes)


def test_a_file_that_is_not_there_and_a_folder_are_told(tmp_path: Path) -> None:
    for path in (tmp_path / "none.docx", tmp_path):
        log = Diagnostics()
        assert open_document(path, log) is None
        assert [finding.code for finding in log] == ["A501"]


def test_an_old_word_file_needs_libreoffice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening.shutil, "which", lambda _name: None)
    path = tmp_path / "a.doc"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512))
    log = Diagnostics()
    assert open_document(path, log) is None
    assert [finding.code for finding in log] == ["A504"]


@given(
    st.binary(max_size=60),
    st.sampled_from([b"", b"PK\x03\x04", b"%PDF-1.4\n", b"<html>", b"{\\rtf"]),
)
@settings(max_examples=100, deadline=None)
def test_any_bytes_are_of_some_kind(data: bytes, start: bytes) -> None:
    assert kind_of(start + data) in get_args(ForeignKind)


def test_control_characters_reach_no_file_that_is_made_of_a_document(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    page = "<html><body><p>支出100万元&#1;&#11;，比上年80万元减少20万元。</p></body></html>"
    path.write_text(page, "utf-8")
    audited = audit_file(AuditRequest(path, path.name, "zh", page=True, word=True))
    assert [finding.code for finding in audited.findings] == ["A113"]
    assert docx.Document(io.BytesIO(audited.word)).paragraphs


def test_files_of_one_name_are_told_apart(tmp_path: Path) -> None:
    for folder in ("甲局", "乙局"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "报告.txt").write_text("支出100万元。", "utf-8")
    names = [name for _, name in files_of([tmp_path / "甲局", tmp_path / "乙局"])]
    assert len(set(names)) == 2
    assert all(
        name.endswith(f"{folder}/报告.txt")
        for name, folder in zip(names, ("甲局", "乙局"), strict=True)
    )


def test_a_pdf_that_unpacks_to_more_than_the_limit_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening.limits, "PDF_UNPACKED", 100_000)
    packed = zlib.compress(bytes(200_000))
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF-1.4\n1 0 obj<<>>stream\n" + packed + b"\nendstream endobj")
    log = Diagnostics()
    assert open_document(path, log) is None
    assert [finding.params["detail"] for finding in log] == ["@unpacks_to_much"]


def test_a_page_whose_box_is_no_box_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(
        blank_pdf().replace(b"/MediaBox [ 0 0 612 792 ]", b"/MediaBox [ 0 0 /a /bbb ]")
    )
    log = Diagnostics()
    assert open_document(path, log) is None
    assert [finding.code for finding in log] == ["A501"]
