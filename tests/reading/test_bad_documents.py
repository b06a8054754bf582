"""Files that nobody can read, or that are not what they say: each is told, and none takes long.

A row gives the name of a file, what makes its bytes, and what is told of it: codes with the label
that says what is wrong.
"""

from __future__ import annotations

import base64
import io
import zlib
from pathlib import Path

import pikepdf
import pytest

from odd_word_files import (
    BROUGHT_ALONG,
    PARAGRAPH,
    Made,
    cell,
    changed,
    cut,
    related,
    rewritten,
    table,
    without,
    word,
    zipped,
)
from reportgen.features.audit.files import AuditRequest, audit_file
from reportgen.model import limits
from reportgen.model.limit import Limit

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SENTENCE = "支出100万元，比上年80万元减少20万元。"


def pdf(content: bytes = b"", pages: int = 1, **options: object) -> bytes:
    """Return a PDF with a line of text on each page, or other content."""
    document, output = pikepdf.new(), io.BytesIO()
    font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1)
    font.BaseFont = pikepdf.Name.Helvetica
    for _ in range(pages):
        page = document.add_blank_page()
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        stream = pikepdf.Stream(document, content or b"BT /F1 12 Tf 72 700 Td (Total 1) Tj ET")
        page.Contents = document.make_indirect(stream)
    document.save(output, **options)
    return output.getvalue()


def filtered(data: bytes, *filters: str) -> bytes:
    """Return a PDF whose page holds bytes that filters make the content of."""
    document, output = pikepdf.new(), io.BytesIO()
    stream = pikepdf.Stream(document, data)
    stream.Filter = pikepdf.Array([pikepdf.Name(f"/{name}") for name in filters])
    document.add_blank_page().Contents = document.make_indirect(stream)
    document.save(output, compress_streams=False)
    return output.getvalue()


def scan() -> bytes:
    document, output = pikepdf.new(), io.BytesIO()
    page = document.add_blank_page()
    picture = pikepdf.Stream(document, bytes(300))
    picture.Type, picture.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
    picture.Width = picture.Height = 10
    picture.ColorSpace, picture.BitsPerComponent = pikepdf.Name.DeviceRGB, 8
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(P=picture))
    content = pikepdf.Stream(document, b"q 500 0 0 700 0 0 cm /P Do Q")
    page.Contents = document.make_indirect(content)
    document.save(output)
    return output.getvalue()


def rows_without_rules() -> bytes:
    rows = [b"BT /F1 12 Tf %d %d Td (%d) Tj ET" % (72 + 90 * x, 700 - 20 * y, 100 * x + y)
            for y in range(4) for x in range(4)]  # fmt: skip
    return pdf(b"\n".join(rows))


DEEP = "<div>" * 2000
LOCKED = pikepdf.Encryption(owner="a", user="b")
OWNED = pikepdf.Encryption(owner="a", user="")
ENTITY = b'<!DOCTYPE x [<!ENTITY a "b">]><w:document'
SPAN = '<w:gridSpan w:val="{}"/>'
INSERTED = '<w:p><w:ins w:id="1" w:author="甲"><w:r><w:t>新增12万元</w:t></w:r></w:ins></w:p>'
TURNED = PARAGRAPH.format("支出\u202e12万元\u202c")
NESTED = table(f"<w:tc>{PARAGRAPH.format('甲')}{table(cell('1') + cell('2'))}<w:p/></w:tc>")
EXTERNAL = b' TargetMode="External"'

CASES: list[tuple[str, Made, set[str]]] = [
    # Word
    ("cut-off.docx", lambda: word()[:-200], {"A501 @no_word_file"}),
    ("no-archive.docx", lambda: b"PK\x03\x04broken", {"A501 @no_word_file"}),
    ("no-body.docx", without("word/document.xml"), {"A501 @no_word_file"}),
    ("no-types.docx", without("[Content_Types].xml"), {"A501 @no_word_file"}),
    ("no-relations.docx", without("_rels/.rels"), set()),
    ("half-body.docx", cut("word/document.xml"), {"A501 @no_word_file"}),
    ("half-styles.docx", cut("word/styles.xml"), {"A501 @no_word_file"}),
    ("half-relations.docx", cut("word/_rels/document.xml.rels"), {"A501 @no_word_file"}),
    (
        "half-notes.docx",
        related(b"footnotes", b"footnotes.xml", word__footnotes_xml=b"<w:foot"),
        {"A501 @no_word_file"},
    ),
    (
        "document-type.docx",
        lambda: changed(word(), "word/document.xml", b"<w:document", ENTITY),
        {"A501 @document_type"},
    ),
    (
        "bomb.docx",
        lambda: rewritten(word(), {}, word__media=bytes(60_000_000)),
        {"A501 @too_dense"},
    ),
    (
        "tags.docx",
        lambda: rewritten(word(), {}, word__x_xml=b"<a>" + b"<b/>" * 5_000_000),
        {"A501 @too_many_tags"},
    ),
    ("deep.docx", lambda: word("<w:p>" * 5000 + "</w:p>" * 5000), {"A501 @no_word_file"}),
    ("blank.docx", lambda: word(text=""), {"A503 @no_text_docx"}),
    ("nested.docx", lambda: word(NESTED), {"A506 @nested_table"}),
    ("turned.docx", lambda: word(TURNED), {"A508"}),
    (
        "wide.docx",
        lambda: word(table(cell("甲", SPAN.format(999_999_999)) + cell("乙"), cell("丙"))),
        set(),
    ),
    ("negative.docx", lambda: word(table(cell("甲", SPAN.format(-3)), cell("乙"))), set()),
    ("merged-with-none.docx", lambda: word(table(cell("甲", "<w:vMerge/>"))), set()),
    ("no-rows.docx", lambda: word("<w:tbl></w:tbl><w:tbl><w:tr/></w:tbl>"), set()),
    ("sheet.docx", lambda: zipped(xl__workbook_xml=b"<a/>"), {"A502 @kind_sheet", "A507"}),
    ("slides.docx", lambda: zipped(ppt__a_xml=b"<a/>"), {"A502 @kind_slides", "A507"}),
    ("archive.docx", lambda: zipped(a=b"x"), {"A502 @kind_archive", "A507"}),
    ("rar.docx", lambda: b"Rar!\x1a\x07\x00", {"A502 @kind_archive", "A507"}),
    ("locked.docx", lambda: OLE + "EncryptedPackage\0".encode("utf-16-le"), {"A501 @password"}),
    ("workbook.doc", lambda: OLE + "Workbook\0".encode("utf-16-le"), {"A502 @kind_sheet", "A507"}),
    ("program.docx", lambda: b"MZ" + bytes(200), {"A502 @kind_unknown", "A507"}),
    ("empty.docx", bytes, {"A501 @empty"}),
    ("mail.doc", lambda: b"MIME-Version: 1.0\n\nx", {"A502 @kind_mail", "A507"}),
    ("old.doc", lambda: OLE + bytes(600), {"A504"}),
    ("rich.wps", lambda: rb"{\rtf1 100}", {"A504"}),
    ("document.ofd", lambda: zipped(OFD_xml=b"<a/>"), {"A502 @kind_ofd"}),
    # PDF
    ("empty.pdf", bytes, {"A501 @empty"}),
    ("picture.pdf", lambda: b"\xff\xd8\xff\xe0" + bytes(9), {"A502 @kind_image", "A507"}),
    ("garbage.pdf", lambda: b"%PDF-1.7\n" + bytes(range(256)), {"A501 @no_pdf"}),
    ("cut-off.pdf", lambda: pdf()[:-400], {"A501 @no_pdf"}),
    ("locked.pdf", lambda: pdf(encryption=LOCKED), {"A501 @password"}),
    ("owned.pdf", lambda: pdf(encryption=OWNED), set()),
    (
        "object-streams.pdf",
        lambda: pdf(object_stream_mode=pikepdf.ObjectStreamMode.generate),
        set(),
    ),
    ("long.pdf", lambda: pdf(pages=600), {"A501 @too_many_pages"}),
    ("scan.pdf", scan, {"A503 @no_text_pdf"}),
    ("rows.pdf", rows_without_rules, {"A506 @no_rules"}),
    (
        "rules.pdf",
        lambda: pdf(b"BT /F1 9 Tf (1) Tj ET 0 0 5 5 re S\n" * 3_000),
        {"A506 @many_rules"},
    ),
    (
        "operators.pdf",
        lambda: filtered(zlib.compress(b"BT (a) Tj ET\n" * 1_000_000), "FlateDecode"),
        {"A503 @large_page"},
    ),
    (
        "flate.pdf",
        lambda: filtered(zlib.compress(bytes(210_000_000), 1), "FlateDecode"),
        {"A501 @unpacks_to_much"},
    ),
    (
        "flate-twice.pdf",
        lambda: filtered(
            zlib.compress(zlib.compress(bytes(900_000_000), 1)), "FlateDecode", "FlateDecode"
        ),
        {"A501 @no_memory"},
    ),
    (
        "run-length.pdf",
        lambda: filtered(b"\x81 " * 2_000_000, "RunLengthDecode"),
        {"A501 @no_memory"},
    ),
    (
        "ascii.pdf",
        lambda: filtered(
            base64.a85encode(zlib.compress(bytes(900_000_000), 1)) + b"~>",
            "ASCII85Decode",
            "FlateDecode",
        ),
        {"A501 @no_memory"},
    ),
    # text and pages
    ("empty.txt", bytes, {"A501 @empty"}),
    ("blank.txt", lambda: b"\n \n", {"A503 @no_text_text"}),
    ("no-text.txt", lambda: b"\xff\xff\xff\x81", {"A501 @no_text"}),
    ("endless.txt", lambda: b"a" * 3_000_001, {"A501 @too_much_text"}),
    ("marked.txt", lambda: SENTENCE.encode("utf-16"), {"A113"}),
    ("unmarked.txt", lambda: SENTENCE.encode("utf-16-le"), {"A113"}),
    ("unmarked-be.txt", lambda: SENTENCE.encode("utf-16-be"), {"A113"}),
    ("gb.txt", lambda: SENTENCE.encode("gb18030"), {"A113"}),
    ("utf-16.html", lambda: f"<html><p>{SENTENCE}</p></html>".encode("utf-16"), {"A113"}),
    (
        "wrong-charset.html",
        lambda: f"<html><meta charset=utf-8><p>{SENTENCE}</p></html>".encode("gb18030"),
        {"A113"},
    ),
    (
        "script.html",
        f"<html><nav>{SENTENCE}</nav><script>{SENTENCE}</script><p>甲</p></html>".encode,
        set(),
    ),
    ("script-only.html", lambda: b"<html><script>x</script></html>", {"A503 @no_text_html"}),
    ("deep.html", f"<html>{DEEP}{SENTENCE}".encode, {"A501 @too_deep"}),
    (
        "entity.html",
        f'<!DOCTYPE html [<!ENTITY a "b">]><html><p>{SENTENCE}</p>'.encode,
        {"A113"},
    ),
    (
        "xhtml.html",
        f'<?xml version="1.0"?><html><p>{SENTENCE}</p></html>'.encode,
        {"A113"},
    ),
    (
        "spans.html",
        lambda: b"<table><tr><td colspan=99999 rowspan=99999>1</td></tr><tr></tr></table>",
        set(),
    ),
    ("page.doc", f"<html><p>{SENTENCE}</p></html>".encode, {"A113", "A507"}),
]


@pytest.fixture(autouse=True)
def no_libreoffice_and_little_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    memory = limits.PDF_MEMORY
    less = Limit(800_000_000, memory.unit, memory.codes, memory.subject, memory.reason)
    monkeypatch.setattr(limits, "PDF_MEMORY", less)
    monkeypatch.setattr("reportgen.reading.opening.shutil.which", lambda _name: None)


@pytest.mark.parametrize(("name", "made", "expected"), CASES, ids=[case[0] for case in CASES])
def test_what_cannot_be_read_is_told(
    name: str, made: Made, expected: set[str], tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(made())
    audited = audit_file(AuditRequest(path, name, "zh", page=True, word=True))
    told = set()
    for found in audited.findings:
        params = found.params
        if params.get("kind") in BROUGHT_ALONG:
            continue
        what = params.get("detail") or params.get("why") or params.get("what") or params.get("kind")
        told.add(f"{found.code} {what}" if what and found.code != "A507" else found.code)
    assert told == expected
    unread = any(label.startswith(("A501", "A502", "A503", "A504")) for label in expected)
    assert unread == (audited.page == "") == (audited.word == b"")


def test_what_the_program_itself_holds_does_not_count_as_memory_of_a_pdf(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    less = Limit(200_000_000, limits.PDF_MEMORY.unit, (), "", "")
    monkeypatch.setattr(limits, "PDF_MEMORY", less)
    held = bytearray(400_000_000)
    path = tmp_path / "small.pdf"
    path.write_bytes(scan())
    audited = audit_file(AuditRequest(path, path.name, "zh", page=True, word=True))
    assert [found.code for found in audited.findings] == ["A503"]
    assert len(held) == 400_000_000
