from __future__ import annotations

import os
from pathlib import Path

import pytest

from logged import logged
from reportgen.compose.word_tags import diagnose_form
from reportgen.findings.renderers import concise, help_text
from word_files import cell, paragraph, row, table, text_box, word_file

FORM = "templates/a/b/forms/sheet.docx"


def found(body, parts=None):
    return logged(diagnose_form, FORM, word_file(body, parts))[1]


def spots(body, parts=None):
    return [(each.code, each.span.place) for each in found(body, parts)]


REPEATED = table(
    row("名称", "金额", "备注"),
    row("{%tr for fund in funds %}", "", ""),
    row("{{ fund.name }}", "{{ fund.outturn | number }}", "{% if fund.note %}有{% endif %}"),
    row("{%tr endfor %}", "", ""),
)


def test_tags_that_are_right_are_not_told():
    body = REPEATED + "".join(
        map(
            paragraph,
            [
                "{%p if notes is blank %}",
                "无",
                "{%p else %}",
                "{{ notes }}",
                "{%p endif %}",
                "{% for a in b %}{{ a }}、{% endfor %}",
            ],
        )
    )
    body += table(row("{%tc for a in b %}", "{{ a }}", "{%tc endfor %}"))
    assert spots(body, {"header": paragraph("{{ unit.name }}")}) == []


def test_runs_that_cut_a_tag_are_joined():
    body = paragraph("{", "{ ", "x", " |", " number", " }", "}") + table(
        row(cell(paragraph("{", "%tr for a in b %", "}")), "", ""),
        row(cell(paragraph("{{ a", ".b }}"))),
        row(cell(paragraph("{%t", "r endfor %}"))),
    )
    assert spots(body) == []


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (paragraph("{% for a in b %}{{ a }}"), [("T101", "p1")]),
        (paragraph("{{ a }}{% endif %}"), [("T101", "p1")]),
        (paragraph("{% for a in b %}{% if a %}{% endfor %}"), [("T101", "p1")]),
        (paragraph("{% else %}"), [("T101", "p1")]),
        (paragraph("{{ a + b }}"), [("T104", "p1")]),
        (paragraph("{{ a | money }}"), [("T115", "p1")]),
        (paragraph("{% if a is even %}甲{% endif %}"), [("T115", "p1")]),
        (paragraph("{% for a of b %}{{ a }}{% endfor %}"), [("T101", "p1")]),
        (paragraph("{{ a b }}") + paragraph("{{ }}"), [("T101", "p1"), ("T101", "p2")]),
        (paragraph("{{ a") + paragraph("b }}"), [("T150", "p1")]),
        (paragraph("{{ a") + paragraph("甲"), [("T126", "p1")]),
        (paragraph("甲 }}"), [("T126", "p1")]),
        (
            paragraph("{%tr for a in b %}") + paragraph("{%tr endfor %}"),
            [("T154", "p1"), ("T154", "p2"), ("T156", "p2")],
        ),
        (paragraph("{% vm %}甲"), [("T154", "p1")]),
        (table(row("{% vm %}甲", "{% colspan 2 %}乙", "")), [("T154", "t1r1c1")]),
        (paragraph("{%p if a %}甲") + paragraph("{%p endif %}"), [("T157", "p1")]),
        (paragraph("{%p if a %}{%p endif %}"), [("T156", "p1")]),
        (paragraph("{%p if a %}") + paragraph("{% endif %}"), [("T155", "p2")]),
        (paragraph("{{r a }}"), [("T158", "p1")]),
        (
            paragraph("{% for a in b %}{{ loop.index }}{% endfor %}{{ a }}{{ loop.index }}"),
            [("T159", "p1"), ("T159", "p1")],
        ),
        (paragraph("{% include “a” %}"), [("T153", "p1")]),
    ],
    ids=range(21),
)
def test_what_is_wrong_is_told_at_its_paragraph(body, told):
    assert spots(body) == told


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ((("{%tr for a in b %}{{ a }}", "{%tr endfor %}"),), [("T156", "t1r1c2")]),
        ((("{%tr for a in b %}", ""), ("{%tr endfor %}", "")), [("T156", "t1r2c1")]),
        (
            (("{%tr for a in b %}", "甲"), ("{{ a }}", ""), ("{%tr endfor %}", "")),
            [("T157", "t1r1c1")],
        ),
        (
            (("{%tr for a in b %}", ""), ("{{ a }}", ""), ("{% endfor %}", "")),
            [("T155", "t1r3c1")],
        ),
        ((("{% if a %}", "{% endif %}"),), [("T156", "t1r1c2")]),
        ((("{% for a in b %}", ""), ("{% endfor %}", "")), [("T156", "t1r2c1")]),
        ((("{%tc if a %}", "甲"), ("{%tc endif %}", "")), [("T156", "t1r2c1")]),
        ((("{%tc if a %}{%tc endif %}", "甲"),), [("T156", "t1r1c1")]),
        (
            (
                ("{%tr if a %}", ""),
                ("甲", ""),
                ("{%tr else %}", ""),
                ("乙", ""),
                ("{%tr endif %}", ""),
            ),
            [],
        ),
        (
            (("{{goods}}数量", ""), ("[count]", "[@picture]")),
            [("T151", "t1r2c1"), ("T151", "t1r2c2")],
        ),
        ((("[count]", ""),), []),
    ],
    ids=range(11),
)
def test_what_is_wrong_in_a_table_is_told_at_its_cell(rows, told):
    assert spots(table(*(row(*cells) for cells in rows))) == told


def test_pair_over_two_tables_is_told():
    first = table(row("{%tr for a in b %}"), row("{{ a }}"))
    assert spots(first + paragraph("") + table(row("{%tr endfor %}"))) == [("T156", "t2r1c1")]


def test_tags_in_headers_footnotes_and_text_boxes_are_told_there():
    body = text_box(paragraph("{{?a}}")) + table(row(cell(table(row("{{@a}}")))))
    parts = {
        "header": paragraph("{{ a"),
        "footer": table(row("{%tr for a in b %}")),
        "footnotes": f'<w:footnote w:id="2">{paragraph("«a»")}</w:footnote>',
    }
    told = spots(body, parts)
    assert sorted(told) == sorted(
        [
            ("T151", "b1 p1"),
            ("T151", "t1r1c1 t1r1c1"),
            ("T126", "h1 p1"),
            ("T101", "f1 t1r1c1"),
            ("T151", "n1 p1"),
        ]
    )


def test_a_loop_does_not_go_on_from_the_body_into_a_header():
    told = spots(paragraph("{% for a in b %}"), {"header": paragraph("{% endfor %}")})
    assert told == [("T101", "p1"), ("T101", "h1 p1")]


def test_the_place_is_named_in_both_languages_with_what_to_write():
    (one,) = found(table(row("", "{{?list}}")))
    assert concise([one], "zh").startswith(f"{FORM} 表1 第1行第2列: error[T151] “{{{{?list}}}}”")
    assert concise([one], "en").startswith(f"{FORM} table 1, row 1, column 2: error[T151]")
    assert "{%tr for row in list %}" in help_text(one, "zh")
    assert "{%tr for row in list %}" in help_text(one, "en")


def test_field_of_mail_merge_is_told_whatever_it_shows():
    simple = '<w:fldSimple w:instr=" MERGEFIELD 姓名 "><w:r><w:t>张三</w:t></w:r></w:fldSimple>'
    marks = ("begin", "separate", "end")
    begin, separate, end = (f'<w:r><w:fldChar w:fldCharType="{each}"/></w:r>' for each in marks)
    code = (
        "<w:r><w:instrText> MERGE</w:instrText></w:r><w:r><w:instrText>FIELD b </w:instrText></w:r>"
    )
    cut = f"{begin}{code}{separate}<w:r><w:t>«b»</w:t></w:r>{end}"
    told = sorted(found(f"<w:p>{simple}</w:p><w:p>{cut}</w:p>"), key=lambda each: each.span)
    assert [(each.span.place, each.params["instead"]) for each in told] == [
        ("p1", "{{ 姓名 }}"),
        ("p2", "{{ b }}"),
    ]


def test_file_that_is_no_word_file_is_told():
    assert [each.code for each in logged(diagnose_form, FORM, b"no zip")[1]] == ["T140"]


def summary(findings):
    """Return how often each code is told."""
    codes = [each.code for each in findings]
    return " ".join(f"{code}×{codes.count(code)}" for code in sorted(set(codes)))


OTHERS = os.environ.get("WORD_FILES", "")
"""A folder of Word files of docxtpl's and poi-tl's own tests, which are no part of this project."""
TOLD = {
    "docxtpl-cellbg_tpl.docx": "T158×1",
    "docxtpl-comments_tpl.docx": "T126×2",
    "docxtpl-custom_jinja_filters_tpl.docx": "T115×2",
    "docxtpl-dynamic_table_tpl.docx": "T115×1",
    "docxtpl-escape_tpl_auto.docx": "",
    "docxtpl-footnotes_tpl.docx": "",
    "docxtpl-header_footer_tpl.docx": "T158×1",
    "docxtpl-header_footer_tpl_utf8.docx": "T158×1",
    "docxtpl-horizontal_merge_tpl.docx": "",
    "docxtpl-inline_image_tpl.docx": "",
    "docxtpl-less_cells_after_loop_tpl.docx": "",
    "docxtpl-merge_paragraph_tpl.docx": "",
    "docxtpl-nested_for_tpl.docx": "",
    "docxtpl-order_tpl.docx": "",
    "docxtpl-richtext_eastAsia_tpl.docx": "T158×3",
    "docxtpl-template_error_tpl.docx": "T101×1",
    "docxtpl-vertical_merge_nested_tpl.docx": "",
    "docxtpl-vertical_merge_tpl.docx": "",
    "docxtpl-word2016_tpl.docx": "T158×2",
    "poitl-161.docx": "",
    "poitl-225.docx": "",
    "poitl-331.docx": "",
    "poitl-499.docx": "T151×1",
    "poitl-554.docx": "T151×3",
    "poitl-627.docx": "",
    "poitl-649.docx": "T151×1",
    "poitl-713.docx": "",
    "poitl-810.docx": "T151×5",
    "poitl-834.docx": "",
    "poitl-OKR.docx": "T151×4",
    "poitl-bug-in-2007.docx": "",
    "poitl-config_chinese.docx": "T151×1",
    "poitl-ifcol.docx": "T151×7",
    "poitl-iterable_numbering.docx": "T151×30",
    "poitl-iterable_payment.docx": "T151×3",
    "poitl-payment.docx": "T151×1",
    "poitl-render-multiple-row.docx": "T151×4",
    "poitl-render_comment.docx": "",
    "poitl-render_hackloop.docx": "T151×48",
    "poitl-render_include_table.docx": "",
    "poitl-render_loopcolumn.docx": "T151×30",
    "poitl-render_multiple_column.docx": "T151×46",
    "poitl-resolver_running_run.docx": "T150×1 T151×2",
    "poitl-sdt_cell.docx": "",
    "poitl-segment.docx": "T151×1",
    "poitl-story.docx": "T151×1",
    "poitl-template_notes.docx": "",
    "poitl-template_sdt.docx": "T126×6 T151×14",
    "poitl-template_textbox.docx": "T151×15",
}
"""What each of them gives: filters and rich texts of docxtpl's, every sign of poi-tl's."""


@pytest.mark.skipif(not OTHERS, reason="WORD_FILES names no folder of Word files of others")
@pytest.mark.parametrize("name", TOLD)
def test_templates_of_other_programs_are_told_or_accepted(name):
    data = Path(OTHERS, name).read_bytes()
    assert summary(logged(diagnose_form, name, data)[1]) == TOLD[name]
