from __future__ import annotations

import unicodedata

import pytest
from composing import FUNDS, PACK, SECTION, body, composed, figure, ledger, pack, text
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from reportgen.model.document import (
    AttachmentList,
    Break,
    Heading,
    Paragraph,
    SignOff,
    Table,
    Text,
    plain,
)
from reportgen.model.pack import AnnexRule, Formula, Section
from reportgen.model.source import SourceSpan
from strategies import MARKUP, literal_texts

FORM = {
    "templates/p/forms/f.html": "<table><caption>{{ t }}</caption><tbody>"
    "<tr><td>{{ t }}</td><td>前{{ t }}后</td></tr></tbody></table>"
}


def held(value):
    """Return a text as the loader lets it in: no controls, nothing for private use."""
    refused = {"Cc", "Cs", "Co", "Zl", "Zp"}
    return "".join(c for c in value if c == "\n" or unicodedata.category(c) not in refused)


VALUES = st.one_of(literal_texts(max_size=20), st.text(max_size=20)).map(held).filter(bool)


def with_breaks(value):
    """Return the inlines of a text: a break for each of its newlines."""
    inlines = []
    for number, line in enumerate(value.split("\n")):
        inlines += [Break()] if number else []
        inlines += [Text(line)] if line else []
    return tuple(inlines)


def example_each(test):
    for value in (*MARKUP, "{{ t }}", "{% if %}", "甲\n\n乙", "\n", " 甲 ", "# 甲", "1. 甲", "---"):
        test = example(value)(test)
    return test


@example_each
@given(VALUES)
@settings(deadline=None)
def test_any_text_comes_out_as_it_is_alone_in_a_paragraph(value):
    (paragraph,) = body("{{ t }}", ledger(text("t", value)))
    assert paragraph == Paragraph(with_breaks(value))


@example_each
@given(VALUES)
@settings(deadline=None)
def test_any_text_comes_out_as_it_is_among_words(value):
    (paragraph,) = body("前**{{ t }}**{{ t }}后", ledger(text("t", value)))
    strong, rest = paragraph.inlines[1], paragraph.inlines[2:]
    assert strong.inlines == with_breaks(value)
    assert plain(rest) == f"{value}后"


@example_each
@given(VALUES)
@settings(deadline=None)
def test_any_text_comes_out_as_it_is_in_headings_lists_and_notes(value):
    known = ledger(text("t", value))
    assume("\u3000\u3000" not in value)  # which leads on to the right in a note
    heading, items, note = body("## {{ t }}\n\n1. {{ t }}\n\n> {{ t }}", known)
    assert heading.inlines == items.items[0].inlines == note.inlines == with_breaks(value)


@example_each
@given(VALUES)
@settings(deadline=None)
def test_any_text_comes_out_as_it_is_in_cells_and_captions(value):
    (table,) = body('{{ form("f") }}', ledger(text("t", value)), files=FORM)
    alone, among = table.rows[0].cells
    assert "\n".join(plain(line) for line in alone.lines) == (value if value.strip("\n") else "")
    assert "\n".join(plain(line) for line in among.lines) == f"前{value}后"
    assert table.caption == value


@example_each
@given(VALUES)
@settings(deadline=None)
def test_any_text_comes_out_as_it_is_in_title_and_signature(value):
    line = Formula("{{ t }}", SourceSpan(PACK, 4, 5))
    document, findings = composed(
        "无。", ledger(text("t", value)), rules=pack(title="{{ t }}", signature=(line,))
    )
    assert findings == ()
    assert document.title == tuple(part for part in value.split("\n") if part)
    assert document.blocks[-1] == SignOff((with_breaks(value),))


@example_each
@given(VALUES)
@settings(deadline=None)
def test_any_text_comes_out_as_it_is_through_macros_joins_and_text_facts(value):
    known = ledger(text("t", value), text("p", "见{{ t }}", prose=True))
    files = {"templates/m.md": "{% macro say(x) %}{{ x }}{% endmacro %}"}
    narrative = '{% import "m.md" as m %}{{ m.say(t) }}|{{ [t, "、"] | join(t) }}|{{ p }}'
    (paragraph,) = body(narrative, known, files=files)
    assert plain(paragraph.inlines) == f"{value}|{value}{value}、|见{value}"


def test_document_has_the_parts_of_a_report_in_order():
    inner = Section("inner", "{{ unit.name }}职能", "pack", SourceSpan(PACK, 7))
    rules = pack(
        title="{{ year }}年度{{ unit.name }}",
        opening="narrative",
        outline=(Section("s", "概况", "", SourceSpan(PACK, 6), (inner,)), SECTION),
        annexes=(
            AnnexRule("表一", "templates/p/a.md", SourceSpan(PACK, 8), landscape=True),
            AnnexRule("{{ year }}年表二", "templates/p/a.md", SourceSpan(PACK, 9)),
        ),
        signature=(
            Formula("{{ unit.name }}", SourceSpan(PACK, 10)),
            Formula("", SourceSpan(PACK, 11)),
        ),
    )
    files = {
        "data/u/2023/r/narrative/opening.md": "现报告如下：",
        "templates/p/sections/inner.md": "1. 甲",
        "templates/p/a.md": "乙",
    }
    document, findings = composed("无。", FUNDS, files, rules=rules)
    assert findings == ()
    kinds = [type(block) for block in document.blocks]
    assert " ".join(kind.__name__ for kind in kinds) == (
        "Paragraph Heading Heading Items Heading Paragraph AttachmentList SignOff"
    )
    headings = [block for block in document.blocks if isinstance(block, Heading)]
    assert [(h.level, h.number, plain(h.inlines), h.anchor) for h in headings] == [
        (1, "一、", "概况", "s1"),
        (2, "（一）", "甲局职能", "s1-1"),
        (1, "二、", "节", "s2"),
    ]
    assert document.blocks[-2] == AttachmentList(((Text("表一"),), (Text("2023"), Text("年表二"))))
    assert document.blocks[-1] == SignOff(((Text("甲局"),),))
    assert [(a.label, a.anchor, a.landscape) for a in document.annexes] == [
        ("附件1", "annex-1", True),
        ("附件2", "annex-2", False),
    ]
    assert document.name == "2023年度甲局"
    assert (document.subject, document.organization, document.date) == (
        "主题",
        "甲局",
        "2024-06-28",
    )


def test_unit_without_a_name_leaves_the_organization_blank():
    document, _ = composed("无。", ledger(figure("total", 1)))
    assert document.organization == ""


def test_all_findings_of_a_report_are_collected():
    rules = pack(title="{{ titel }}", signature=(Formula("{{ sign }}", SourceSpan(PACK, 5, 5)),))
    document, findings = composed("{{ a }}\n\n{{ b }}", rules=rules)
    assert document is None
    assert [each.params.get("key") for each in findings] == ["titel", "a", "sign"]


@pytest.mark.parametrize("rule", ["title", "signature", "annexes", "outline"])
def test_form_cannot_stand_in_a_line_of_the_pack(rule):
    line = Formula('{{ form("f") }}', SourceSpan(PACK, 4, 5))
    rules = {
        "title": pack(title=line.text),
        "signature": pack(signature=(line,)),
        "annexes": pack(annexes=(AnnexRule(line.text, "templates/p/a.md", line.span),)),
        "outline": pack(outline=(Section("s", line.text, "", line.span),)),
    }[rule]
    _, findings = composed(files={**FORM, "templates/p/a.md": "甲"}, rules=rules)
    assert [(each.code, each.span.path, each.span.line) for each in findings] == [("T102", PACK, 4)]


def test_table_is_composed_whole_in_the_annex():
    files = {**FORM, "templates/p/a.md": '{{ form("f") }}'}
    known = ledger(text("t", "值"))
    document, _ = composed("无。", known, files, rules=pack(annex="templates/p/a.md"))
    assert [type(block) for block in document.annexes[0].blocks] == [Table]
