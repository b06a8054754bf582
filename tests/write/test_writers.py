from __future__ import annotations

import io
import re
import subprocess
import sys
import zipfile
from dataclasses import replace
from fractions import Fraction
from itertools import combinations
from pathlib import Path
from threading import Barrier
from typing import get_args

import lxml.html
import pytest

from logged import write
from reportgen.findings import Diagnostics, blocks
from reportgen.model.document import (
    AttachmentList,
    Block,
    Cell,
    Chart,
    Cover,
    Document,
    Heading,
    Items,
    ListItem,
    PageBreak,
    Paragraph,
    Row,
    SignOff,
    Table,
    Text,
    Title,
    Value,
)
from reportgen.model.edition import FORMATS, Edition
from reportgen.verify.outputs import verify
from reportgen.write import writers
from reportgen.write.writers import ENGINES, Writer, engines, formats_to_write

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


def written(document=DOCUMENT, edition=EDITION, formats=FORMATS):
    """Return the files and the findings."""
    return write(document, edition, formats)


def failures(document=DOCUMENT, edition=EDITION, formats=FORMATS):
    """Return the codes and details of what failed; nothing may be written then."""
    files, findings = written(document, edition, formats)
    failed = [f for f in findings if f.severity == "error"]
    assert bool(failed) != bool(files)
    return [(each.code, each.params["detail"]) for each in failed]


def test_formats_come_in_the_order_of_the_table():
    assert FORMATS == ("docx", "html", "pdf")
    files, findings = written(formats=("pdf", "docx", "html"))
    assert tuple(files) == FORMATS
    assert not blocks(findings)
    for name, data in files.items():
        assert data.lower().startswith(MAGIC[name].lower())


def test_each_format_is_handed_over_when_it_is_written():
    handed = {}
    files = writers.write(DOCUMENT, EDITION, FORMATS, Diagnostics(), handed.__setitem__)
    assert handed == files


@pytest.mark.parametrize("name", FORMATS)
def test_only_what_is_asked_for_is_written(name):
    files, _ = written(formats=(name,))
    assert tuple(files) == (name,)


def test_fonts_are_spoken_of_with_a_pdf_only():
    _, findings = written(formats=("docx", "html"))
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
    ((code, detail),) = failures(edition=replace(EDITION, frame=frame(change)))
    assert code == "W104"
    assert detail


@pytest.mark.parametrize("data", [b"", b"no zip", EDITION.frame[:999]])
def test_word_frame_that_is_no_word_file_is_a_finding(data):
    ((code, _),) = failures(edition=replace(EDITION, frame=data))
    assert code == "W104"


@pytest.mark.parametrize("packer", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_word_frame_damaged_in_any_packing_is_a_finding(packer):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", packer) as package:
        package.writestr("[Content_Types].xml", str(list(range(9999))))
    data = packed.getvalue()
    damaged = data[:70] + bytes(byte ^ 0x5A for byte in data[70:99]) + data[99:]
    ((code, _),) = failures(edition=replace(EDITION, frame=damaged))
    assert code == "W104"


PAGES = [
    ("甲\n{{ document.title", "page.html.j2:2: "),
    ("甲\n\n{% for x in contents %}", "page.html.j2:3: "),
    ("甲\n{{ nobody }}", "page.html.j2:2: 'nobody' is undefined"),
    ("甲\n{{ document.nothing }}", "page.html.j2:2: "),
    ("甲\n\n{{ contents | upper | nix }}", "page.html.j2:3: No filter named 'nix'"),
    ("甲\n{{ 1 / 0 }}", "page.html.j2:2: a template does not calculate: /"),
    ("甲\n{{ 1 + 2 }}", "page.html.j2:2: a template does not calculate: +"),
    ("甲\n{{ document.__class__.__mro__ }}", "page.html.j2:2: access to attribute '__class__'"),
    ("甲\n{{ body() }}", "page.html.j2:2: "),
]


@pytest.mark.parametrize(("page", "detail"), PAGES)
def test_slip_in_the_page_template_is_a_finding_with_its_line(page, detail):
    ((code, found),) = failures(edition=replace(EDITION, page=page))
    assert code == "W105"
    assert found.startswith(detail)


@pytest.mark.parametrize("source", ["#let x =", "#nobody", '#read("/etc/hosts")', "#panic()"])
def test_slip_in_the_pdf_template_is_a_finding(source):
    ((code, detail),) = failures(edition=replace(EDITION, typst=source))
    assert code == "W103"
    assert detail


def test_every_writer_that_fails_is_told():
    broken = replace(EDITION, frame=b"", page="{{", typst="#")
    assert [code for code, _ in failures(edition=broken)] == ["W104", "W105", "W103"]


def test_table_whose_spans_do_not_fit_is_a_finding():
    table = Table("f", "名", (1, 1), (Row((Cell(((Text("1"),),), colspan=3),)),))
    document = replace(DOCUMENT, blocks=(table,))
    assert failures(document, formats=("docx",)) == [("W104", "overflow r1c1")]
    assert failures(document, formats=("pdf",)) == [("W103", "overflow r1c1")]


@pytest.mark.parametrize(("name", "code"), [("docx", "W104"), ("html", "W105")])
def test_character_that_a_format_cannot_hold_is_a_finding(name, code):
    document = replace(DOCUMENT, title=("甲\x01",))
    ((found, detail),) = failures(document, formats=(name,))
    assert found == code
    assert "U+0001" in detail


def test_character_without_a_glyph_is_told_before_any_format_is_published():
    files, findings = written(replace(DOCUMENT, title=("\U0001f9ff",)))
    assert files == {}
    assert [(f.code, f.params["codepoint"]) for f in findings if f.severity == "error"] == [
        ("W102", "U+1F9FF")
    ]


def test_lost_glyph_does_not_hide_what_other_writers_say():
    document, broken = replace(DOCUMENT, title=("\U0001f9ff",)), replace(EDITION, frame=b"")
    _, findings = written(document, broken)
    assert [f.code for f in findings if f.severity == "error"] == ["W104", "W102"]


def with_tag(tag):
    """Return a change of a frame that puts `tag` where its body comes."""

    def change(parts):
        parts["word/document.xml"] = parts["word/document.xml"].replace(b"{{p body }}", tag)

    return change


@pytest.mark.parametrize(
    "tag", [b"{{ 1 / 0 }}", b"{{ nobody }}", b"{{ name | nix }}", b"{{ name + 1 }}"]
)
def test_tag_that_cannot_be_evaluated_is_a_fault_of_the_frame(tag):
    ((code, detail),) = failures(edition=replace(EDITION, frame=frame(with_tag(tag))))
    assert code == "W104"
    assert detail


@pytest.mark.parametrize("error", [KeyError, TypeError, ValueError, IndexError, AssertionError])
def test_fault_of_the_program_is_not_taken_for_a_fault_of_the_templates(monkeypatch, error):
    def broken(*_arguments):
        raise error("inside")

    monkeypatch.setattr(writers, "WRITERS", (Writer("docx", broken, "W104"),))
    with pytest.raises(error, match="inside") as caught:
        written(formats=("docx",))
    assert caught.value.__notes__ == ["while the report was written as docx"]


def test_writers_beside_each_other_work_at_the_same_time(monkeypatch):
    both = Barrier(2, timeout=20)

    def waiting(*_arguments):
        both.wait()
        return b"written"

    pair = (Writer("docx", waiting, "W104"), Writer("html", waiting, "W105", beside=True))
    monkeypatch.setattr(writers, "WRITERS", pair)
    files, _ = written(formats=("docx", "html"))
    assert files == {"docx": b"written", "html": b"written"}


def test_fault_of_a_writer_beside_others_is_one_of_the_program(monkeypatch):
    def broken(*_arguments):
        raise KeyError("inside")

    monkeypatch.setattr(writers, "WRITERS", (Writer("pdf", broken, "W103", beside=True),))
    with pytest.raises(KeyError, match="inside") as caught:
        written(formats=("pdf",))
    assert caught.value.__notes__ == ["while the report was written as pdf"]


def test_fault_of_a_writer_within_its_blocks_is_not_one_of_the_templates():
    block = Heading(9, "九、", (Text("不存在的级别"),), "s9")
    with pytest.raises(IndexError):
        written(replace(DOCUMENT, blocks=(block,)), formats=("docx",))


LINE = (Text("文"),)
CHART = Chart(
    *("chart_a", "bars", ("甲", "乙"), ("额",), ((Fraction(1),), (Fraction(2),))),
    *((("1",), ("2",)), "万元", "甲一乙二"),
)
BLOCKS = {
    type(block): block
    for block in (
        Heading(1, "一、", LINE, "s2"),
        Paragraph(LINE),
        Items((ListItem("1.", LINE),)),
        Table("f", "表", (1,), (Row((Cell((LINE,)),)),)),
        CHART,
        PageBreak(),
        AttachmentList((LINE,)),
        SignOff((LINE,)),
        Cover((("单位：", LINE),)),
        Title(("题",)),
    )
}
CHARTED = replace(EDITION, chart=(SHARED / "chart.typ").read_text("utf-8"))


@pytest.mark.parametrize("kind", get_args(Block))
def test_every_kind_of_block_is_written_in_every_format(kind):
    document = replace(DOCUMENT, audience="public", blocks=(BLOCKS[kind], Paragraph(LINE)))
    files, findings = written(document, CHARTED)
    assert not blocks(findings)
    assert set(files) == {*FORMATS, "fragment.html"}


@pytest.mark.parametrize("audience", ["internal", "submit", "public"])
@pytest.mark.parametrize(
    "formats", [c for n in (1, 2, 3) for c in combinations(FORMATS, n)], ids="+".join
)
def test_charts_reach_every_writer_asked_for(formats, audience):
    document = replace(DOCUMENT, audience=audience, blocks=(CHART,))
    files, findings = written(document, CHARTED, formats)
    assert not blocks(findings)
    assert set(files) == set(formats_to_write(formats, audience))
    assert ("fragment.html" in files) == (audience == "public" and "html" in formats)
    assert not [f for f in verify(document, files, None) if f.severity == "error"]


def test_a_fragment_shows_the_charts_with_their_descriptions():
    document = replace(DOCUMENT, audience="public", blocks=(CHART,))
    files, _ = written(document, CHARTED, ("html",))
    (image,) = lxml.html.fragment_fromstring(files["fragment.html"].decode()).iter("img")
    assert image.get("alt") == "甲一乙二"
    assert image.get("src").startswith("data:image/svg+xml;base64,")


@pytest.mark.parametrize("module", ["flow.staged", "write.writers", "write.fonts", "write.charts"])
def test_no_engine_is_loaded_before_a_writer_runs(module):
    engines = {"docxtpl", "docx", "typst", "fontTools", "pylopdf_fonts_zh_cn"}
    if module != "flow.staged":  # the flow has engines of its own
        engines |= {"lxml", "jinja2"}
    code = f"import sys, reportgen.{module}; print(*{engines!r} & sys.modules.keys())"
    output = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, text=True
    )
    assert output.stdout.split() == []


def test_engines_are_those_that_shape_the_bytes():
    found = engines()
    assert {*ENGINES, "zlib"} == found["packages"].keys()
    assert all(re.match(r"\d+\.\d+", number) for number in found["packages"].values())
    assert {font["family"] for font in found["fonts"]} >= {"Libertinus Serif"}
