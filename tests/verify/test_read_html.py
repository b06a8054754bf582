from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings

from reportgen.model.document import (
    Annex,
    AttachmentList,
    Break,
    Document,
    Heading,
    Items,
    ListItem,
    PageBreak,
    Paragraph,
    SignOff,
    Strong,
    Text,
    Value,
    plain,
)
from reportgen.model.edition import Edition
from reportgen.model.grid import place_cells
from reportgen.verify.html import read_html
from reportgen.verify.readback import GridCell
from reportgen.write.html import write_html
from strategies import literal_texts, tables

SHARED = Path(__file__).resolve().parents[2] / "templates" / "shared"
EDITION = Edition(
    frame=b"",
    page=(SHARED / "page.html.j2").read_text("utf-8"),
    css=(SHARED / "report.css").read_text("utf-8"),
    typst="",
    siblings={"docx": "department.docx"},
)


def read(main):
    return read_html(f"<!doctype html><title>t</title><main>{main}</main>".encode())


def places(table):
    return [(each.row, each.column, each.rowspan, each.colspan, each.text) for each in table]


def document(blocks=(), annexes=(), title=("题",), notes=None):
    return Document(
        title, "zh-CN", "主题", "某局", "2024-06-25", "internal", blocks, annexes, notes or {}
    )


def solid(text):
    return "".join(text.split())


def expected_cells(table):
    """Return what a reader should find of `table`, worked out by the model.

    Rows and columns in which no cell begins are not there.
    """
    placed = place_cells(table)
    rows = [n for n in range(len(table.rows)) if any(each.row == n for each in placed)]
    columns = [n for n in range(len(table.widths)) if any(each.column == n for each in placed)]
    found = []
    for each in placed:
        text = solid("".join(plain(line) for line in each.cell.lines))
        down = range(each.row, each.row + each.cell.rowspan)
        across = range(each.column, each.column + each.cell.colspan)
        found.append(
            GridCell(
                rows.index(each.row),
                columns.index(each.column),
                len(set(down) & set(rows)),
                len(set(across) & set(columns)),
                text,
                each.cell.header if text else "",
            )
        )
    return tuple(found)


def test_texts_come_in_reading_order_without_white_space():
    said = read(
        "<h1>一 行<br>二行</h1><h2 id=a>一、<data>95</data> 人</h2><p>甲<br>乙 <b>丙</b>\n丁</p>"
        "<ol><li>1.戊</li><li><p>己</p></li></ol><section><p>附件1</p><h2>庚</h2></section>"
    )
    assert said.texts == ("一行", "二行", "一、95人", "甲乙丙丁", "1.戊", "己", "附件1", "庚")
    assert said.figures == ("95",)
    assert said.format == "html"


def test_text_in_an_element_that_nobody_foresaw_is_read():
    assert read(
        "零<p>一</p>二<div>三<blink>四</blink></div>五<details><summary>六</summary>七</details>"
    ).texts == (*("零", "一", "二", "三", "四", "五", "六", "七"),)


def test_what_is_no_content_is_left_out():
    said = read(
        "<nav>目录</nav><p>甲<span role=tooltip>算法</span>乙</p><!-- 注 --><?php 丙 ?>"
        "<aside>旁</aside><style>p {}</style><script>1</script><p> 　</p><footer>尾</footer>"
    )
    assert said.texts == ("甲乙",)


def test_only_the_main_part_of_a_page_is_read():
    page = "<header><p>头</p></header><main><p>文</p></main><footer>尾</footer>"
    assert read_html(page.encode()).texts == ("文",)


def test_a_page_without_a_main_part_is_refused():
    with pytest.raises(ValueError, match="no <main>"):
        read_html(b"<p>x</p>")


def test_spans_push_the_cells_after_them():
    said = read(
        "<p>前</p><table><caption>名</caption><tr><th rowspan=2>a<td colspan=2>b<td>c</tr>"
        "<tr><td>d<td rowspan=2>e<td>f</tr><tr><td>g<td>h<td>i</tr></table><p>后</p>"
    )
    assert said.texts == ("前", "后")
    assert places(said.tables[0]) == [
        (0, 0, 2, 1, "a"),
        (0, 1, 1, 2, "b"),
        (0, 3, 1, 1, "c"),
        (1, 1, 1, 1, "d"),
        (1, 2, 2, 1, "e"),
        (1, 3, 1, 1, "f"),
        (2, 0, 1, 1, "g"),
        (2, 1, 1, 1, "h"),
        (2, 3, 1, 1, "i"),
    ]


def test_a_span_ends_with_its_row_group_as_in_a_browser():
    said = read(
        "<table><thead><tr><th rowspan=3>a<th>b</tr></thead>"
        "<tbody><tr><td><p>c</p> <p>d</p><td>e</tr></tbody></table>"
    )
    assert places(said.tables[0]) == [
        (0, 0, 1, 1, "a"),
        (0, 1, 1, 1, "b"),
        (1, 0, 1, 1, "cd"),
        (1, 1, 1, 1, "e"),
    ]


def test_header_cells_say_what_they_head():
    said = read(
        "<table><tr><th scope=colgroup>a<th scope=col>b<th>c<td>d</tr>"
        "<tr><th scope=row>e<th scope=rowgroup>f<td>g<td>h</tr></table>"
    )
    heads = [each.heads for each in said.tables[0]]
    assert heads == ["col", "col", "?", "", "row", "row", "", ""]


def test_what_is_said_of_pictures_is_read():
    assert read('<p><img src=x alt="甲 乙"><img src=y></p>').pictures == ("甲 乙", "")


def test_figures_are_read_without_their_notes():
    said = read(
        "<p><span><data>1 元</data><span role=tooltip>＝<data>2</data></span></span></p>"
        "<table><tr><td><data>3</data><span role=tooltip>注</span></table>"
    )
    assert said.figures == ("1元", "3")
    assert said.texts == ("1元",)
    assert places(said.tables[0]) == [(0, 0, 1, 1, "3")]


@settings(deadline=None, max_examples=60)
@given(tables())
def test_a_table_of_any_spans_is_read_as_it_was_meant(table):
    notes = {"key": "算法与出处"}
    said = read_html(write_html(document((table,), notes=notes), EDITION))
    assert said.tables == (expected_cells(table),)


@settings(deadline=None, max_examples=60)
@given(literal_texts())
def test_every_text_of_a_document_is_read_back(text):
    value = Value(text, text, "key")
    inlines = (Text(text), Break(), Strong((value,)), value)
    blocks = (
        Heading(1, "一、", inlines, "s1"),
        Paragraph(inlines),
        Paragraph((), role="note"),
        Items((ListItem("1.", inlines), ListItem("2.", (Text(text),)))),
        PageBreak(),
        AttachmentList((inlines, (Text("表"),))),
        SignOff((inlines, (Text("6月"),))),
    )
    annex = Annex("附件1", inlines, (Paragraph(inlines, role="center"),), "a1")
    report = document(blocks, (annex,), title=("第一行", text), notes={"key": "算法"})
    said = read_html(write_html(report, EDITION))
    line = solid(text)
    whole = line * 3
    expected = [
        "第一行",
        line,
        f"一、{whole}",
        whole,
        f"1.{whole}",
        f"2.{line}",
        f"附件：1.{whole}",
    ]
    expected += ["2.表", whole, "6月", "附件1", whole, whole]
    assert said.texts == tuple(filter(None, expected))
    assert said.figures == tuple(filter(None, (line,) * 14))
