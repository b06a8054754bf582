from __future__ import annotations

from hypothesis import given

from reportgen.model.document import (
    Annex,
    AttachmentList,
    Break,
    Cell,
    Cover,
    Document,
    Heading,
    Items,
    ListItem,
    PageBreak,
    Paragraph,
    Row,
    SignOff,
    Strong,
    Table,
    Text,
    Title,
    Value,
)
from reportgen.verify.expected import ExpectedContent
from reportgen.verify.readback import GridCell, squeeze
from strategies import tables


def line(text):
    return (Text(text),)


def cell(text, **more):
    return Cell((line(text),), **more)


def expected(document):
    return ExpectedContent(document).readback


def document(*blocks, annexes=()):
    return Document(("题 目", "二"), "zh-CN", "s", "o", "2024-06-28", "internal", blocks, annexes)


FORM = Table(
    "f",
    "表 名",
    (1, 1),
    (
        Row((cell("头", rowspan=3), cell("栏")), head=True),
        Row((Cell(((Text("甲 "), Value("1", "1", "k")), line("乙"))),)),
        Row((cell(""),)),
    ),
    show_caption=True,
)
WHOLE = document(
    Cover((("单位：", line("某局")),), line("制表")),
    Title(("内题",)),
    Heading(1, "一、", (Text("概 况"), Value("2", "2", "k")), "s1"),
    Paragraph((Text("共"), Strong((Value("3万元", "3", "k"),)), Break(), Text("\u3000整"))),
    Paragraph((Value("", "", "k"),)),
    Items((ListItem("1.", line("丙")), ListItem("（2）", line("丁")))),
    FORM,
    PageBreak(),
    AttachmentList((line("表一"), line("表二"))),
    SignOff((line("某 局"), line("2024年"))),
    annexes=(Annex("附件1", line("表一"), (Paragraph(line("戊")), FORM), "annex-1"),),
)
CELLS = (
    GridCell(0, 0, 3, 1, "头"),
    GridCell(0, 1, 1, 1, "栏"),
    GridCell(1, 1, 1, 1, "甲1乙"),
    GridCell(2, 1, 1, 1, ""),
)


def test_texts_are_those_outside_tables_in_order_without_white_space():
    assert " ".join(expected(WHOLE).texts) == (
        "题目 二 单位：某局 制表 内题 一、概况2 共3万元整 1.丙 （2）丁 "
        "附件：1.表一 2.表二 某局 2024年 附件1 表一 戊"
    )


def test_single_attachment_has_no_number():
    assert expected(document(AttachmentList((line("表"),)))).texts[-1] == "附件：表"


def test_cells_have_their_places_and_spans():
    assert expected(WHOLE).tables == (CELLS, CELLS)


def test_figures_are_those_printed_with_something():
    assert ExpectedContent(WHOLE).wanted("html").figures == ("2", "3万元", "1", "1")


def test_sequence_is_every_text_as_it_is_read():
    between = document(Paragraph(line("前")), FORM, Paragraph(line("后")))
    words = list(ExpectedContent(between).sequence)
    assert words == ["题目", "二", "前", "表名", "头", "栏", "甲1乙", "", "后"]


def test_captions_are_those_printed():
    hidden = Table("g", "不印", (1,), (Row((cell("1"),)),))
    annexes = (Annex("附件", line("表"), (hidden, FORM), "annex-1"),)
    assert ExpectedContent(document(FORM, hidden, annexes=annexes)).captions == ("表名", "表名")


def test_cell_that_leaves_the_head_is_cut_where_the_head_ends():
    (cells, _) = ExpectedContent(WHOLE).cut_grids
    assert cells == (
        GridCell(0, 0, 1, 1, "头"),
        GridCell(0, 1, 1, 1, "栏"),
        GridCell(1, 0, 2, 1, ""),
        GridCell(1, 1, 1, 1, "甲1乙"),
        GridCell(2, 1, 1, 1, ""),
    )


@given(tables())
def test_tables_whose_heads_stand_alone_are_not_cut(table):
    content = ExpectedContent(document(table))
    assert content.cut_grids == content.grids


def test_white_space_of_every_kind_goes():
    assert squeeze(" 甲\u3000\u00a0\n乙\t ") == "甲乙"
