from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from logged import write
from reportgen.findings import blocks
from reportgen.model.document import Cell, Document, Heading, Paragraph, Row, Table, Text, Value
from reportgen.model.edition import FORMATS, Edition
from reportgen.write import writers
from reportgen.write.writers import ENGINES, engines

SHARED = Path(__file__).resolve().parents[2] / "templates" / "shared"
EDITION = Edition(
    frame=(SHARED / "frame.docx").read_bytes(),
    page=(SHARED / "page.html.j2").read_text("utf-8"),
    css=(SHARED / "report.css").read_text("utf-8"),
    typst=(SHARED / "report.typ").read_text("utf-8"),
)
DOCUMENT = Document(
    ("题",), "zh-CN", "主题", "某局", "2024-06-28", "internal",
    (Heading(1, "一、", (Text("甲"),), "s1"), Paragraph((Value("1万元", "1", "k"),))),
)  # fmt: skip
MAGIC = {"docx": b"PK\x03\x04", "html": b"<!doctype html>", "pdf": b"%PDF-"}


def told(document=DOCUMENT, edition=EDITION, formats=FORMATS):
    """Return the codes and details of what failed; nothing may be written then."""
    files, findings = write(document, edition, formats)
    failed = [f for f in findings if f.severity == "error"]
    assert bool(failed) != bool(files)
    return [(each.code, each.params["detail"]) for each in failed]


def test_formats_come_in_the_order_of_the_table():
    assert FORMATS == ("docx", "html", "pdf")
    files, findings = write(DOCUMENT, EDITION, ("pdf", "docx", "html"))
    assert tuple(files) == FORMATS
    assert not blocks(findings)
    for name, data in files.items():
        assert data.lower().startswith(MAGIC[name].lower())


@pytest.mark.parametrize("name", FORMATS)
def test_only_what_is_asked_for_is_written(name):
    files, _ = write(DOCUMENT, EDITION, (name,))
    assert tuple(files) == (name,)


def test_fonts_are_spoken_of_with_a_pdf_only():
    _, findings = write(DOCUMENT, EDITION, ("docx", "html"))
    assert findings == ()


def frame(change):
    """Return the Word frame after `change` of its parts."""
    with zipfile.ZipFile(io.BytesIO(EDITION.frame)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    change(parts)
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as package:
        for name, part in parts.items():
            package.writestr(name, part)
    return data.getvalue()


def without_styles(parts):
    parts["word/styles.xml"] = re.sub(
        b"<w:style .*?</w:style>", b"", parts["word/styles.xml"], flags=re.DOTALL
    )


def without_body(parts):
    parts["word/document.xml"] = parts["word/document.xml"].replace(b"body }}", b"}}")


def without_tail(parts):
    del parts["word/document.xml"]


@pytest.mark.parametrize("change", [without_styles, without_body, without_tail])
def test_unfit_word_frame_is_a_finding(change):
    ((code, detail),) = told(edition=replace(EDITION, frame=frame(change)))
    assert code == "W104"
    assert detail


@pytest.mark.parametrize("data", [b"", b"no zip", EDITION.frame[:999]])
def test_word_frame_that_is_no_word_file_is_a_finding(data):
    ((code, _),) = told(edition=replace(EDITION, frame=data))
    assert code == "W104"


PAGES = [
    ("甲\n{{ document.title", "page.html.j2:2: "),
    ("甲\n\n{% for x in contents %}", "page.html.j2:3: "),
    ("甲\n{{ nobody }}", "page.html.j2:2: 'nobody' is undefined"),
    ("甲\n{{ document.nothing }}", "page.html.j2:2: "),
    ("甲\n\n{{ contents | upper | nix }}", "page.html.j2:3: No filter named 'nix'"),
    ("甲\n{{ 1 / 0 }}", "page.html.j2:2: division by zero"),
    ("甲\n{{ 1 + '1' }}", "page.html.j2:2: unsupported operand"),
    ("甲\n{{ document.__class__.__mro__ }}", "page.html.j2:2: access to attribute '__class__'"),
    ("甲\n{{ body() }}", "page.html.j2:2: "),
]


@pytest.mark.parametrize(("page", "detail"), PAGES)
def test_slip_in_the_page_template_is_a_finding_with_its_line(page, detail):
    ((code, found),) = told(edition=replace(EDITION, page=page))
    assert code == "W105"
    assert found.startswith(detail)


@pytest.mark.parametrize("source", ["#let x =", "#nobody", '#read("/etc/hosts")', "#panic()"])
def test_slip_in_the_pdf_template_is_a_finding(source):
    ((code, detail),) = told(edition=replace(EDITION, typst=source))
    assert code == "W103"
    assert detail


def test_every_writer_that_fails_is_told():
    broken = replace(EDITION, frame=b"", page="{{", typst="#")
    assert [code for code, _ in told(edition=broken)] == ["W104", "W105", "W103"]


def test_table_whose_spans_do_not_fit_is_a_finding():
    table = Table("f", "名", (1, 1), (Row((Cell(((Text("1"),),), colspan=3),)),))
    document = replace(DOCUMENT, blocks=(table,))
    assert told(document, formats=("docx",)) == [("W104", "overflow r1c1")]
    assert told(document, formats=("pdf",)) == [("W103", "overflow r1c1")]


@pytest.mark.parametrize(("name", "code"), [("docx", "W104"), ("html", "W105")])
def test_character_that_a_format_cannot_hold_is_a_finding(name, code):
    document = replace(DOCUMENT, title=("甲\x01",))
    ((found, detail),) = told(document, formats=(name,))
    assert found == code
    assert "U+0001" in detail


def test_character_without_a_glyph_is_told_before_any_format_is_published():
    files, findings = write(replace(DOCUMENT, title=("\U0001f9ff",)), EDITION, FORMATS)
    assert files == {}
    assert [(f.code, f.params["codepoint"]) for f in findings if f.severity == "error"] == [
        ("W102", "U+1F9FF")
    ]


def test_lost_glyph_does_not_hide_what_other_writers_say():
    document, broken = replace(DOCUMENT, title=("\U0001f9ff",)), replace(EDITION, frame=b"")
    _, findings = write(document, broken, FORMATS)
    assert [f.code for f in findings if f.severity == "error"] == ["W104", "W102"]


def test_fault_of_the_program_is_not_taken_for_a_fault_of_the_templates(monkeypatch):
    def broken(*_arguments):
        raise AssertionError

    monkeypatch.setattr(writers, "WRITERS", (("docx", broken, "W104"),))
    with pytest.raises(AssertionError):
        write(DOCUMENT, EDITION, ("docx",))


def test_engines_are_those_that_shape_the_bytes():
    found = engines(EDITION, FORMATS)
    assert {*ENGINES, "zlib"} == found["packages"].keys()
    assert all(re.match(r"\d+\.\d+", number) for number in found["packages"].values())
    assert {font["family"] for font in found["fonts"]} >= {"Libertinus Serif"}
    assert engines(EDITION, ("docx", "html"))["fonts"] == []
