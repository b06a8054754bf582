from __future__ import annotations

import pytest
from composing import body, composed, here, told
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from logged import logged
from reportgen.compose.body import Body, Numbering
from reportgen.compose.tokens import Tokens, read_lines
from reportgen.model.document import (
    Break,
    Heading,
    Items,
    ListItem,
    Paragraph,
    Strong,
    Table,
    Text,
    Value,
)

STYLES = ("{cn}、", "（{cn}）", "{n}.", "（{n}）")


def read(markdown, level=1):
    rendered = read_lines(markdown, "a.md")
    return logged(Body(Tokens(), Numbering(STYLES), level).read, rendered)


def para(*inlines, role="body"):
    return Paragraph(tuple(Text(i) if isinstance(i, str) else i for i in inlines), role)


BLOCKS = [
    ("甲", [para("甲")]),
    ("甲\n乙\n\n丙", [para("甲乙"), para("丙")]),
    ("甲  \n乙", [para("甲", Break(), "乙")]),
    ("甲\\\n乙", [para("甲", Break(), "乙")]),
    ("甲**乙**丙", [para("甲", Strong((Text("乙"),)), "丙")]),
    ("**甲**", [para(Strong((Text("甲"),)))]),
    ("**甲\n乙**丙", [para(Strong((Text("甲乙"),)), "丙")]),
    ("> 单位：甲　　　　金额：乙　　丙", [para("单位：甲\t金额：乙\t丙", role="note")]),
    ("> 一　二", [para("一　二", role="note")]),
    ("一　　二", [para("一　　二")]),
    ("> 甲\n> 乙\n>\n> 丙", [para("甲乙", role="note"), para("丙", role="note")]),
    ("## 甲 ##", [Heading(2, "（一）", (Text("甲"),), "s0-1")]),
    ("### 甲", [Heading(3, "1.", (Text("甲"),), "s0-0-1")]),
    ("#### 甲\n#### 乙", [Heading(4, "（1）", (Text("甲"),), "s0-0-0-1"),
                       Heading(4, "（2）", (Text("乙"),), "s0-0-0-2")]),
    ("1. 甲\n1. 乙", [Items((ListItem("1.", (Text("甲"),)), ListItem("2.", (Text("乙"),))))]),
    ("1) 甲\n2) 乙", [Items((ListItem("（1）", (Text("甲"),)), ListItem("（2）", (Text("乙"),))))]),
    ("7. 甲\n9. 乙", [Items((ListItem("7.", (Text("甲"),)), ListItem("8.", (Text("乙"),))))]),
    ("0. 甲", [Items((ListItem("0.", (Text("甲"),)),))]),
    ("1. 甲\n\n1. 乙", [Items((ListItem("1.", (Text("甲"),)), ListItem("2.", (Text("乙"),))))]),
    ("1. 甲\n   乙", [Items((ListItem("1.", (Text("甲乙"),)),))]),
    ("1.甲", [para("1.甲")]),
    ("2023.12 甲", [para("2023.12 甲")]),
    ("#甲", [para("#甲")]),
    ("\\# 甲\\*乙\\*", [para("# 甲*乙*")]),
    ("3 * 4 _ 5", [para("3 * 4 _ 5")]),
    ("a < b > c & d", [para("a < b > c & d")]),
    ("甲\\_乙\\`丙\\[丁\\]", [para("甲_乙`丙[丁]")]),
    ("[甲]：乙", [para("[甲]：乙")]),
    ("", []),
    ("\n\n  \n", []),
]  # fmt: skip


@pytest.mark.parametrize(("markdown", "blocks"), BLOCKS)
def test_markdown_of_official_documents_becomes_blocks(markdown, blocks):
    assert read(markdown) == (tuple(blocks), ())


CHINESE = st.text(
    st.sampled_from("预算执行率𠮷甲“”‘’《》（）【】「」、，。：；！？—…·￥％①"), max_size=8
)
BOLD = CHINESE.filter(bool)


@given(CHINESE, BOLD, BOLD, BOLD, CHINESE)
@settings(deadline=None, max_examples=200)
@example("", "一是加强预算管理。", "严格执行，", "注意：", "请看")
@example("他说", "“前瞻性”", "不足", "（括号）", "里的话")
def test_stars_beside_chinese_punctuation_are_emphasis(before, one, between, other, after):
    markdown = f"{before}**{one}**{between}**{other}**{after}"
    inlines = [before, Strong((Text(one),)), between, Strong((Text(other),)), after]
    assert read(markdown) == ((para(*filter(None, inlines)),), ())


def test_stars_beside_values_are_emphasis():
    tokens = Tokens()
    value = tokens.of((Value("12.5%", "12.5"),))
    rendered = read_lines(f"{value}**“甲”**{value}，**（{value}）**{value}", "a.md")
    (paragraph,), findings = logged(Body(tokens, Numbering(STYLES), 1).read, rendered)
    assert findings == ()
    assert [type(inline) for inline in paragraph.inlines] == [
        Value,
        Strong,
        Value,
        Text,
        Strong,
        Value,
    ]


COMMONMARK = MarkdownIt("zero").enable(["emphasis", "balance_pairs", "escape"])


def marked(inlines):
    texts = [
        f"<strong>{marked(i.inlines)}</strong>" if isinstance(i, Strong) else i.text
        for i in inlines
    ]
    return "".join(texts)


@given(st.text(st.sampled_from("ab1.(),!* "), max_size=24))
@settings(deadline=None, max_examples=300)
@example("**a.**b")
@example("a.** (**b")
def test_stars_in_western_text_mean_what_commonmark_says(text):
    text = f"a{text}b"
    html = COMMONMARK.renderInline(text)
    blocks, findings = read(text)
    if "<em>" in html or "**" in html:
        assert {found.code for found in findings} == {"T113"}
    else:
        assert (marked(blocks[0].inlines), findings) == (html, ())


JOINED = [
    ("Word\nExcel", "Word Excel"),
    ("2023\n2024", "2023 2024"),
    ("使用Word\n编写", "使用Word编写"),
    ("编写\nWord", "编写Word"),
    ("well,\nthen", "well,then"),
    ("甲a\nb乙", "甲a b乙"),
    ("a甲\n乙b", "a甲乙b"),
]


@pytest.mark.parametrize(("markdown", "text"), JOINED)
def test_lines_are_joined_as_their_letters_want(markdown, text):
    assert read(markdown) == ((para(text),), ())


REFUSED = [
    ("甲\n\n- 乙\n- 丙", 3, "-"),
    ("* 乙", 1, "-"),
    ("+ 乙", 1, "-"),
    ("甲\n\n    乙", 3, "␣␣␣␣"),
    ("```\n乙\n```", 1, "```"),
    ("~~~\n乙\n~~~", 1, "```"),
    ("甲\n\n***\n\n乙", 3, "---"),
    ("甲\n===", 2, "==="),
    ("甲\n---", 2, "---"),
    ("甲\n乙\n===\n\n丙\n\n丁", 3, "==="),
    ("- 甲\n- `乙`\n  - 丙", 1, "-"),
    ("甲\n\n| `甲` | <b> |\n|---|---|\n| - | # |", 3, "| … |"),
    ("| 甲 | 乙 |\n|---|---|\n| 1 | 2 |", 1, "| … |"),
    ("<div>\n甲\n</div>", 1, "<…>"),
    ("<!-- 甲 -->", 1, "<…>"),
    ("甲\n乙<br>丙", 2, "<…>"),
    ("甲<!-- 乙 -->", 1, "<…>"),
    ("甲<https://example.org>", 1, "<…>"),
    ("甲\n乙 *丙* 丁", 2, "*…*"),
    ("_丙_", 1, "*…*"),
    ("甲[乙](丙)", 1, "[…](…)"),
    ("![乙](丙)", 1, "![…](…)"),
    ("甲  \n乙  \n`丙`", 3, "`…`"),
    ("~~丙~~", 1, "~~…~~"),
    ("甲&nbsp;乙", 1, "&nbsp;"),
    ("甲&#60;乙", 1, "&#60;"),
    ("甲**乙", 1, "**"),
    ("甲\n** 乙 **丙", 2, "**"),
    ("## 甲`乙`", 1, "`…`"),
    ("1. 甲\n2. `乙`", 2, "`…`"),
    ("> 甲\n>\n> - 乙", 3, "-"),
]


@pytest.mark.parametrize(("markdown", "line", "part"), REFUSED)
def test_other_markup_is_refused_at_its_line_once(markdown, line, part):
    _, (found,) = read(markdown)
    assert (found.code, found.params, found.span.line) == ("T113", {"part": part}, line)


LONE_STARS = [
    ("甲**乙", 1, 2),
    ("**甲**乙**丙", 1, 7),
    ("**甲**\n乙 ** 丙** 丁", 2, 3),
    ("> **甲**：** 乙", 1, 9),
    ("1. **甲**、乙**", 1, 11),
]


@pytest.mark.parametrize(("markdown", "line", "column"), LONE_STARS)
def test_stars_without_a_partner_are_told_at_their_column(markdown, line, column):
    found = read(markdown)[1][0]
    assert (found.code, found.span.line, found.span.column) == ("T113", line, column)


@pytest.mark.parametrize(
    "markdown",
    ["1. 甲\n   1. 乙", "1. 甲\n\n   乙", "1.", "1. > 甲", "1. ## 甲"],
)
def test_item_of_a_list_is_one_paragraph(markdown):
    assert [found.code for found in read(markdown)[1]] == ["T122"]


def test_bad_item_is_placed_at_its_own_line():
    _, (found,) = read("甲\n\n1. 乙\n2. 丙\n   1. 丁\n3. 戊")
    assert (found.code, found.span.line) == ("T122", 4)


@pytest.mark.parametrize(
    ("markdown", "level", "wrong", "least"),
    [("甲\n\n# 乙", 0, None, None), ("# 乙", 1, 1, 2), ("## 乙", 2, 2, 3), ("##### 乙", 2, 5, 3)],
)
def test_headings_lie_below_the_section_and_go_four_deep(markdown, level, wrong, least):
    blocks, findings = read(markdown, level)
    if wrong is None:
        assert findings == ()
        assert isinstance(blocks[-1], Heading)
    else:
        (found,) = findings
        assert found.code == "T114"
        assert found.params == {"level": str(wrong), "least": str(least)}


GRID = "<table><caption>名</caption><tbody><tr><td>1</td></tr></tbody></table>"
FORMS = {"templates/p/forms/f.html": GRID, "templates/p/forms/two.html": GRID * 2}


def test_form_stands_between_paragraphs():
    blocks = body('甲\n\n{{ form("f") }}\n\n乙\n\n> {{ form("two") }}', files=FORMS)
    assert [type(block) for block in blocks] == [Paragraph, Table, Paragraph, Table, Table]
    assert [block.name for block in blocks if isinstance(block, Table)] == ["f", "two", "two-2"]


@pytest.mark.parametrize(
    ("narrative", "line"),
    [
        ('甲{{ form("f") }}', 1),
        ('甲\n{{ form("f") }}\n乙', 2),
        ('{{ form("f") }}{{ form("f") }}', 1),
        ('## {{ form("f") }}', 1),
        ('> 甲{{ form("f") }}', 1),
        ('甲\n\n**{{ form("f") }}**', 3),
    ],
)
def test_form_inside_a_sentence_is_a_finding_and_does_not_vanish(narrative, line):
    assert ("T117", here(line)) in told(narrative, files=FORMS)


def test_form_as_an_item_of_a_list_is_a_finding():
    assert told('1. {{ form("f") }}', files=FORMS) == [("T122", here(1))]


def test_blank_figure_in_a_sentence_is_a_warning_where_it_stands():
    document, (found,) = composed("甲\n\n共{{ blank }}，**余{{ blank }}**。")
    assert document is not None
    assert (found.code, found.severity, str(found.span)) == ("T120", "warning", here(3))
    assert found.params == {"key": "blank"}


def test_values_are_never_read_as_markdown():
    (paragraph,) = body("{{ total }}**{{ total }}**")
    value = Value("3241.81万元", "3241.81", "total")
    assert paragraph.inlines == (value, Strong((value,)))


MARKDOWN = st.lists(
    st.sampled_from(
        [
            *"甲 乙 a 1 1. 1) - * ** _ ` ~ ~~ # ## ##### > \n \n\n \\ | |- [ ]( ) ! < </ > &amp; & "
            "*** --- === ``` 　 \t \ue001".split(" "),
            " ",
            "\n",
            "\n\n",
            "    ",
            "1. 甲\n   1. 乙\n",
        ]
    ),
    max_size=30,
).map("".join)


@given(st.one_of(MARKDOWN, st.text(max_size=60)))
@settings(deadline=None)
@example("> 1. # > - ```")
def test_no_markdown_can_raise(markdown):
    blocks, findings = read(markdown)
    assert all(isinstance(block, Heading | Paragraph | Items) for block in blocks)
    assert {found.code for found in findings} <= {"T113", "T114", "T122", "T127"}


@given(st.text(st.characters(exclude_categories=("Cc", "Cs", "Co", "Zs", "Zl", "Zp")), min_size=1))
@settings(deadline=None)
def test_escaped_text_comes_out_as_it_is(text):
    source = "".join("\\" + c if c.isascii() and not c.isalnum() else c for c in text)
    assert read(source) == ((para(text),), ())


def test_blocks_know_the_lines_they_came_from():
    text = "## 甲\n\n乙\n丙\n\n1. 丁\n1. 戊\n\n> 己\n> 庚\n"
    heading, paragraph, items, note = read(text)[0]
    spans = (heading.span, paragraph.span, *(item.span for item in items.items), note.span)
    spans = [(span.path, span.line, span.end_line) for span in spans]
    assert [span[1:] for span in spans] == [(1, 0), (3, 4), (6, 6), (7, 7), (9, 10)]
    assert {span[0] for span in spans} == {"a.md"}


def test_table_knows_the_lines_of_its_form_and_a_section_its_place_in_the_pack():
    two = GRID + "\n" + GRID.replace("<tbody>", "\n<tbody>")
    document, _ = composed('{{ form("f") }}', files={"templates/p/forms/f.html": two})
    heading, one, other = document.blocks[:3]
    assert (heading.span.path, heading.span.line) == ("templates/p/pack.yaml", 6)
    assert [(t.span.path, t.span.line, t.span.end_line) for t in (one, other)] == [
        ("templates/p/forms/f.html", 1, 1),
        ("templates/p/forms/f.html", 2, 3),
    ]
