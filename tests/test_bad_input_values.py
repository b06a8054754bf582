"""No value becomes markup: it comes out literally in Word, page and PDF, or is refused."""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile

import lxml.etree
import lxml.html
import pytest

from reportgen.verify.pdf import read_pdf
from small_project import DATA, SmallProject, spots

FACTS = f"{DATA}/facts.yaml"

LITERAL = (
    r"""& < > * _ # | { } $ @ " ' \ ` ~ ^ % = + -- ; : ? ! / [ ] ( ) &amp; &#60; &nbsp; <b>粗</b>"""
    r""" </w:t> </td> ]]> <!-- --> <?pi?> **粗** _斜_ ~~删~~ `码` ``` [文](址) ![图](址)"""
    r""" <http://a.b> http://a.b #eval(1) $x$ @ref #[x] \n \u41 {# #} {_{ }_} {_%"""
    r""" -一 +一 1.一 >一 |:-| 1２％ ＂ ＇ ＜ 《》 “引” ‘引’ —— … · é × ≥ ㎡ ² 🄀 ﬁ"""
).split(" ")
"""Texts that would mean something to YAML, Jinja, Markdown, XML, HTML or Typst."""

BLANKS = (
    "甲 乙",
    "甲\u3000乙",
    "甲\u00a0乙",
    "甲\u200b乙",
    "甲\u200f乙",
    "甲\ufeff乙",
    "# 一",
    "1. 一",
)

REFUSED = {
    "\x00": "S205",
    "\x07": "S205",
    "\x0b": "S205",
    "\x1b": "S205",
    "\x7f": "S205",
    "\x85": "S205",
    "\t": "S205",
    "\r": "S205",
    "\u2028": "S205",
    "\u2029": "S205",
    "\u202e": "S205",
    "\u2066": "S205",
    "\ue000": "S205",
    "\ue0000\ue001": "S205",
    "\U000f0000": "S205",
    "\ufffe": "S205",
    "{{": "P208",
    "}}": "P208",
    "{{ year }}": "P208",
    "{ {": "P208",
    "{%": "P208",
    "%}": "P208",
    "{%if": "P208",
    "{键}": "P208",
}
"""What cannot be printed as it is, and marks of a template nobody filled in, with their codes."""


def quoted(text):
    """Return `text` as YAML in double quotes, in ASCII."""
    marked = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + re.sub(r"[^ -~]", _escape, marked) + '"'


def _escape(match):
    code = ord(match[0])
    return f"\\U{code:08x}" if code > 0xFFFF else f"\\u{code:04x}"


def squeezed(text):
    """Return `text` without what leaves no ink, ligatures apart: what any reader of a PDF gives."""
    plain = unicodedata.normalize("NFKC", text)
    return "".join(c for c in plain if not c.isspace() and unicodedata.category(c) != "Cf")


@pytest.fixture(scope="module")
def printed(tmp_path_factory):
    """Return the texts of Word, page and PDF of one report that prints every literal value."""
    project = SmallProject.copied(tmp_path_factory.mktemp("values") / "project")
    items = "".join(f"\n    - {quoted(f'前{text}后')}" for text in (*LITERAL, *BLANKS))
    project.replace(FACTS, "\n    - 新型显示\n    - 精细化工", items)
    outcome = project.build(formats=("docx", "html", "pdf"))
    assert spots(outcome.findings) == []
    return {
        "docx": word_text(outcome.files["department.docx"]),
        "html": lxml.html.fromstring(outcome.files["department.html"]).text_content(),
        "pdf": "".join(read_pdf(outcome.files["department.pdf"]).stream),
    }


def word_text(data):
    """Return every text of the body of a Word file, read without the product's reader."""
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        body = lxml.etree.fromstring(parts.read("word/document.xml"))
    return "".join(body.itertext("{*}t"))


@pytest.mark.parametrize("format_", ["docx", "html"])
def test_every_value_comes_out_literally(printed, format_):
    assert [v for v in (*LITERAL, *BLANKS) if f"前{v}后" not in printed[format_]] == []


def test_every_value_comes_out_literally_in_the_pdf(printed):
    text = squeezed(printed["pdf"])
    assert [v for v in (*LITERAL, *BLANKS) if squeezed(f"前{v}后") not in text] == []


@pytest.mark.parametrize("value", REFUSED, ids=ascii)
def test_what_cannot_be_printed_is_refused(tmp_path, value):
    project = SmallProject.copied(tmp_path / "project")
    project.replace(FACTS, "第一", quoted(f"前{value}后"))
    found = project.draft().findings
    assert {code for code, *_ in spots(found)} == {REFUSED[value]}


@pytest.mark.parametrize("value", REFUSED, ids=ascii)
def test_what_cannot_be_printed_is_refused_in_narrative(tmp_path, value):
    project = SmallProject.copied(tmp_path / "project")
    path = f"{DATA}/department/narrative/staffing.md"
    project.write(path, f"编制前{value}后。\n")
    errors = spots(project.draft().findings)
    if value in {"\r", "{{ year }}"}:
        # CR ends a line, and {{ year }} is what narrative is for.
        assert errors == []
    elif value == "\t":
        assert errors == [("T127", path, 1, 1)]
    elif "{" in value or "}" in value:
        assert {code for code, *_ in errors} <= {"T101", "T126", "P208"}
        assert errors
    else:
        assert errors == [("L105", path, 1, 4)]


def test_line_break_in_a_value_is_a_line_break(tmp_path):
    project = SmallProject.copied(tmp_path / "project")
    project.replace(FACTS, "第一", '"第一行\\n第二行"')
    outcome = project.build(formats=("docx", "html", "pdf"))
    assert spots(outcome.findings) == []
    assert "第一行<br>第二行" in outcome.files["department.html"].decode()


@pytest.mark.parametrize("char", ["𠮷", "😀", "\U0003134a"])
def test_character_outside_the_bmp_comes_out_or_is_named(tmp_path, char):
    project = SmallProject.copied(tmp_path / "project")
    project.replace(FACTS, "第一", f"前{char}后")
    outcome = project.build(formats=("docx", "html"))
    assert spots(outcome.findings) == []
    assert f"前{char}后" in word_text(outcome.files["department.docx"])
    assert f"前{char}后" in outcome.files["department.html"].decode()
    # The PDF shows it where a font has it; where none does, that is said, and nothing is made.
    assert [code for code, *_ in spots(project.build(formats=("pdf",)).findings)] in ([], ["W102"])
