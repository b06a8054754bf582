from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from frames import with_element, with_relation
from pictures import jpeg, png
from reportgen.compose.pictures import read_picture
from reportgen.model.document import (
    Annex,
    AttachmentList,
    Break,
    Cell,
    Chart,
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
    Value,
)
from reportgen.model.edition import Drawing, Edition
from reportgen.model.grid import GridError, place_cells
from reportgen.verify.docx import read_docx
from reportgen.write.docx import write_docx
from reportgen.write.errors import FrameError
from strategies import literal_texts, tables

ROOT = Path(__file__).resolve().parents[2]
FRAME = (ROOT / "templates" / "shared" / "frame.docx").read_bytes()
EDITION = Edition(frame=FRAME, page="", css="", typst="")
NOTES = {"rate": "执行率 = 执行数 ÷ 预算数\n1300 ÷ 1345.67 <&>"}
EXPLAINED = replace(EDITION, comments=frozenset(NOTES))
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def document(*blocks, **properties):
    given = {
        "title": ("2023年度某局", "自评报告"),
        "language": "zh-CN",
        "subject": "部门整体支出绩效自评",
        "organization": "某市工业和信息化局",
        "date": "2024-06-28",
        "audience": "internal",
    }
    return Document(**(given | properties), blocks=blocks)


def line(text, role="body"):
    return Paragraph((Text(text),), role)


def cell(*lines, **properties):
    return Cell(tuple((Text(text),) for text in lines), **properties)


def form(*rows, widths=None, **properties):
    widths = widths or (1,) * sum(cell.colspan for cell in rows[0].cells)
    return Table("form", properties.pop("caption", "基础数据表"), widths, rows, **properties)


def grid(*rows, **properties):
    """Return a table of one character in a cell, each row a string."""
    return form(*(Row(tuple(cell(each) for each in row)) for row in rows), **properties)


def parts(data):
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def body(*blocks, edition=EDITION, **properties):
    data = write_docx(document(*blocks, **properties), edition)
    return etree.fromstring(parts(data)["word/document.xml"])[0]


def paragraphs(root, style):
    """Return the paragraphs of `root` with the id of `style`."""
    return [
        each
        for each in root.iter(f"{W}p")
        if each.find(f"{W}pPr/{W}pStyle") is not None
        and each.find(f"{W}pPr/{W}pStyle").get(f"{W}val") == style
    ]


def text(node):
    return "".join(node.itertext(f"{W}t"))


def squeezed(value):
    return "".join(value.split())


# What is said


@settings(max_examples=20, deadline=None)
@given(st.lists(literal_texts(), min_size=1, max_size=40))
def test_any_text_comes_out_literally(texts):
    blocks = [
        Paragraph((Text("甲"), Value(each, "0", "k"), Strong((Text("乙"),)))) for each in texts
    ]
    found = read_docx(write_docx(document(*blocks), EDITION)).texts
    assert found[2:] == tuple(f"甲{squeezed(each)}乙" for each in texts)


@settings(max_examples=15, deadline=None)
@given(st.lists(tables(), min_size=1, max_size=6))
def test_any_table_keeps_its_grid(drawn):
    found = read_docx(write_docx(document(*drawn), EDITION)).tables
    assert [[(c.row, c.column, c.rowspan, c.colspan, c.text) for c in each] for each in found] == [
        [
            (p.row, p.column, p.cell.rowspan, p.cell.colspan, cell_text(p.cell))
            for p in place_cells(table)
        ]
        for table in drawn
    ]


def cell_text(drawn):
    return squeezed("".join(inline.text for inlines in drawn.lines for inline in inlines))


def test_every_kind_of_block_is_read_back_in_order():
    found = read_docx(
        write_docx(
            document(
                Heading(1, "一、", (Text("概况"),), "a"),
                Heading(4, "（1）", (Value("12", "12", "k"),), "b"),
                Paragraph((Text("上"), Break(), Text("下"))),
                line("说明", "note"),
                Items((ListItem("1.", (Text("一"),)), ListItem("（2）", (Text("二"),)))),
                grid("ab", show_caption=True),
                PageBreak(),
                AttachmentList(((Text("基础数据表"),), (Text("自评表"),))),
                SignOff(((Text("某局"),), (Text("2024年6月28日"),))),
                annexes=(
                    Annex("附件1", (Text("基础数据表"),), (grid("cd"),), "x"),
                    Annex("附件2", (Text("自评表"),), (line("表略"),), "y", landscape=True),
                ),
            ),
            EDITION,
        )
    )
    assert found.texts == (
        *("2023年度某局", "自评报告", "一、概况", "（1）12", "上下", "说明", "1.一", "（2）二"),
        *("附件：1.基础数据表", "2.自评表", "某局", "2024年6月28日"),
        *("附件1", "基础数据表", "附件2", "自评表", "表略"),
    )
    assert [[each.text for each in table] for table in found.tables] == [["a", "b"], ["c", "d"]]


def test_single_attachment_has_no_number():
    found = read_docx(write_docx(document(AttachmentList(((Text("自评表"),),))), EDITION))
    assert found.texts[-1] == "附件：自评表"


def test_tabs_and_line_ends_stay_what_they_are():
    paragraph = paragraphs(body(line("a\tb\nc\r\nd")), "GwBody")[0]
    names = [each.tag.removeprefix(W) for each in paragraph.find(f"{W}r")]
    assert names == ["t", "tab", "t", "br", "t", "br", "t"]


@pytest.mark.parametrize("character", ["\x00", "\x0b", "\x1f", "\ud800", "\ufffe"])
def test_character_that_xml_cannot_hold_is_named(character):
    with pytest.raises(ValueError, match=rf"U\+{ord(character):04X}"):
        write_docx(document(line(f"a{character}b")), EDITION)


def test_tags_in_values_of_the_frame_stay_literal():
    frame = with_text("word/footer1.xml", "— ", "{{ organization }}")
    data = write_docx(
        document(organization="{_{x}_} {{ y }} {_%<&>"), replace(EDITION, frame=frame)
    )
    footer = etree.fromstring(parts(data)["word/footer1.xml"])
    assert text(footer).startswith("{_{x}_} {{ y }} {_%<&>")


# How it is set


def test_page_is_that_of_the_standard():
    section = body(line("x")).find(f"{W}sectPr")
    margins = section.find(f"{W}pgMar")
    assert [margins.get(W + side) for side in ("top", "right", "bottom", "left")] == [
        *("2098", "1474", "1984", "1588"),
    ]
    pitch = int(section.find(f"{W}docGrid").get(f"{W}linePitch"))
    assert 22 * pitch <= 12756 < 23 * pitch


def test_page_numbers_stand_on_outer_edges():
    data = parts(write_docx(document(line("x")), EDITION))
    assert b"w:evenAndOddHeaders" in data["word/settings.xml"]
    section = etree.fromstring(data["word/document.xml"])[0].find(f"{W}sectPr")
    relations = {
        each.get("Id"): each.get("Target")
        for each in etree.fromstring(data["word/_rels/document.xml.rels"])
    }
    sides = {}
    for reference in section.findall(f"{W}footerReference"):
        target = relations[next(v for k, v in reference.attrib.items() if k.endswith("}id"))]
        footer = etree.fromstring(data[f"word/{target}"])
        assert text(footer) == "— 1 —"
        assert footer.find(f".//{W}instrText").text.strip() == "PAGE"
        sides[reference.get(f"{W}type")] = footer.find(f".//{W}jc").get(f"{W}val")
    assert sides == {"default": "right", "even": "left"}


def test_headings_are_headings_of_word():
    headings = [Heading(level, "n", (Text("t"),), f"a{level}") for level in (1, 2, 3, 4)]
    root = body(*headings)
    assert [len(paragraphs(root, f"Heading{level}")) for level in (1, 2, 3, 4)] == [1, 1, 1, 1]
    styles = etree.fromstring(parts(FRAME)["word/styles.xml"])
    levels = {
        each.get(f"{W}styleId"): each.find(f".//{W}outlineLvl").get(f"{W}val")
        for each in styles
        if each.find(f".//{W}outlineLvl") is not None
    }
    assert [levels[f"Heading{n}"] for n in (1, 2, 3, 4)] == ["0", "1", "2", "3"]


def test_quotation_marks_take_the_chinese_font_and_letters_the_western_one():
    runs = body(Paragraph((Text("“三公”"), Text("abc 12")))).findall(f".//{W}r[{W}t]")
    hinted = [text(run) for run in runs if run.find(f"{W}rPr/{W}rFonts") is not None]
    assert hinted == ["“三公”"]


def test_annexes_on_their_side_have_sections_of_their_own():
    annexes = [
        Annex(f"附件{n}", (Text("表"),), (line("x"),), f"a{n}", landscape=n in (2, 3))
        for n in (1, 2, 3, 4)
    ]
    root = body(line("x"), annexes=tuple(annexes))
    pages = [section.find(f"{W}pgSz") for section in root.iter(f"{W}sectPr")]
    assert [page.get(f"{W}orient") for page in pages] == [None, "landscape", None]
    assert [page.get(f"{W}w") for page in pages] == ["11906", "16838", "11906"]
    labels = paragraphs(root, "GwAnnexLabel")
    own_page = [each.find(f"{W}pPr/{W}pageBreakBefore") is None for each in labels]
    assert own_page == [True, False, True, False]


def test_report_that_ends_on_its_side_ends_with_that_section():
    root = body(line("x"), annexes=(Annex("附件", (), (), "a", landscape=True),))
    assert root.find(f"{W}sectPr/{W}pgSz").get(f"{W}orient") == "landscape"
    assert root[-1].tag == f"{W}sectPr"


def test_page_break_starts_a_page_before_a_table_too():
    root = body(line("x"), PageBreak(), grid("a"))
    table = root.find(f"{W}tbl")
    assert table.getprevious().find(f"{W}pPr/{W}pageBreakBefore") is not None


# Tables


def test_columns_share_the_text_width_to_the_last_twip():
    root = body(grid("abc", widths=(1, 1, 1)), grid("abc", widths=(5, 9, 3)))
    for table in root.iter(f"{W}tbl"):
        widths = [int(each.get(f"{W}w")) for each in table.find(f"{W}tblGrid")]
        assert sum(widths) == 8844
        assert [int(each.get(f"{W}w")) for each in table.iter(f"{W}tcW")] == widths


def test_table_on_a_turned_page_is_as_wide_as_its_text():
    annex = Annex("附件", (), (grid("ab"),), "a", landscape=True)
    table = body(annexes=(annex,)).find(f"{W}tbl")
    assert sum(int(each.get(f"{W}w")) for each in table.find(f"{W}tblGrid")) == 12756


def has(row, name):
    return row.find(f"{W}trPr/{W}{name}") is not None


def side(drawn):
    return drawn.find(f"{W}tcPr/{W}vAlign").get(f"{W}val")


def kept(root):
    """Return for each row whether all its paragraphs stay on the page of the next one."""
    return [
        all(each.find(f"{W}pPr/{W}keepNext") is not None for each in row.iter(f"{W}p"))
        for row in root.iter(f"{W}tr")
    ]


def test_heads_repeat_while_they_are_on_top():
    rows = [Row((cell(name),), head=name in "abd") for name in "abcd"]
    found = list(body(form(*rows)).iter(f"{W}tr"))
    assert [text(row) for row in found if has(row, "tblHeader")] == ["a", "b"]


def test_rows_of_more_than_a_third_of_a_page_may_break_and_begin_at_the_top():
    # 17 characters of 小四 in each of two columns, 11 lines of 18 pt on a third of a page.
    rows = [Row((cell("甲" * 17 * 2), cell("国" * 17 * lines))) for lines in (2, 11, 12, 60)]
    found = list(body(form(*rows)).iter(f"{W}tr"))
    assert [has(row, "cantSplit") for row in found] == [True, True, False, False]
    assert [[side(each) for each in row.iter(f"{W}tc")] for row in found] == [
        ["center", "center"],
        ["center", "center"],
        ["top", "top"],
        ["top", "top"],
    ]


def test_small_form_stays_on_one_page_with_what_introduces_it_and_its_notes():
    root = body(line("单位：万元", "right"), grid("ab", "cd", "ef"), line("说明", "note"))
    assert kept(root) == [True, True, True]
    assert kept(body(grid("ab", "cd", "ef"))) == [True, True, False]
    introduction = next(each for each in root.iter(f"{W}p") if text(each) == "单位：万元")
    assert introduction.find(f"{W}pPr/{W}keepNext") is not None


def test_rows_that_a_label_ties_stay_together_and_heads_with_their_rows():
    many = [Row((cell("1"), cell("2"))) for _ in range(20)]
    tied = [Row((cell("甲", rowspan=3), cell("1"))), Row((cell("2"),)), Row((cell("3"),))]
    head = Row((cell("名"), cell("数")), head=True)
    assert kept(body(form(head, *many, *tied))) == [True, *[False] * 17, *[True] * 5, False]


def test_rows_on_the_last_page_of_a_form_are_several():
    """A fifth of 225 mm is 127 points: five rows of 23.5 points and the last one."""
    rows = [Row((cell("1"), cell("2"))) for _ in range(40)]
    assert kept(body(form(*rows))) == [*[False] * 34, *[True] * 5, False]


def test_form_in_which_people_sign_stays_on_one_page():
    rows = [Row((cell("1"), cell("2"))) for _ in range(20)]
    assert kept(body(form(*rows))) != [*[True] * 19, False]
    assert kept(body(form(*rows, signatures=True))) == [*[True] * 19, False]
    assert kept(body(form(*rows * 2, signatures=True)))[0] is False


def test_label_of_many_rows_stands_at_their_top():
    rows = [Row((cell("甲", rowspan=20), cell("1"))), *[Row((cell("2"),))] * 19]
    sides = [side(each) for each in body(form(*rows)).iter(f"{W}tc")]
    assert sides == ["top", "center"] * 20


def test_height_of_a_label_is_spread_over_its_rows():
    rows = [Row((cell("国" * 17 * 6, rowspan=3), cell("1"))), *[Row((cell("2"),))] * 2]
    found = list(body(form(*rows)).iter(f"{W}trHeight"))
    assert len(found) == 3
    assert len({each.get(f"{W}val") for each in found}) == 1
    assert {each.get(f"{W}hRule") for each in found} == {"atLeast"}


def test_form_of_joined_tables_is_one_table_over_the_columns_of_all():
    upper = form(
        Row((cell("甲"), cell("乙")), head=True), Row((cell("1"), cell("2"))), widths=(1, 1)
    )
    lower = form(Row((cell("a"), cell("b"), cell("c"))), widths=(1, 2, 1), joined=True)
    root = body(upper, lower)
    [table] = root.iter(f"{W}tbl")
    spans = [
        [int(each.get(f"{W}val")) for each in row.iter(f"{W}gridSpan")]
        for row in table.iter(f"{W}tr")
    ]
    assert spans == [[2, 2], [2, 2], [2]]
    assert len(table.find(f"{W}tblGrid")) == 4
    assert not any(has(row, "tblHeader") for row in table.iter(f"{W}tr")), "it heads no others"


def test_long_table_of_a_form_repeats_its_head_in_a_table_of_its_own():
    upper = form(Row((cell("甲"), cell("乙"))), widths=(1, 1))
    rows = [Row((cell("1"), cell("2"), cell("3"))) for _ in range(7)]
    head = Row((cell("a"), cell("b"), cell("c")), head=True)
    lower = form(head, *rows, widths=(1, 2, 1), joined=True)
    total = form(Row((cell("总分"), cell("9"))), widths=(1, 1), joined=True)
    root = body(upper, lower, total)
    tables = root.findall(f"{W}tbl")
    heads = [
        [text(row) for row in table.iter(f"{W}tr") if has(row, "tblHeader")] for table in tables
    ]
    assert heads == [[], ["abc"], []]
    grids = {tuple(each.get(f"{W}w") for each in table.find(f"{W}tblGrid")) for table in tables}
    assert len(grids) == 1, "their columns go on"
    between = [
        each for each in root if root.index(tables[0]) < root.index(each) < root.index(tables[2])
    ]
    assert [each.tag for each in between] == [f"{W}p", f"{W}tbl", f"{W}p"]
    for joint in (between[0], between[2]):
        assert joint.find(f"{W}pPr/{W}spacing").attrib == {f"{W}line": "1", f"{W}lineRule": "exact"}
        assert joint.find(f"{W}pPr/{W}keepNext") is not None
    assert kept(root)[0] is True
    assert kept(root)[-2] is True
    rules = f"{W}tcPr/{W}tcBorders/{W}bottom"
    open_below = [
        text(row)
        for row in root.iter(f"{W}tr")
        if all(each.find(rules) is not None for each in row.iter(f"{W}tc"))
    ]
    assert open_below == ["甲乙", "123"], "a rule of one weight at each joint"
    assert len(list(root.iter(f"{W}tcBorders"))) == 2 + 3


def test_lines_of_a_row_that_breaks_stand_by_two_on_each_page():
    root = body(form(Row((cell("甲"), cell("国" * 2400))), Row((cell("乙"), cell("丙")))))
    by_two = [
        {paragraph.find(f"{W}pPr/{W}widowControl") is not None for paragraph in row.iter(f"{W}p")}
        for row in root.iter(f"{W}tr")
    ]
    assert by_two == [{True}, {False}]


def test_row_that_breaks_above_a_joint_has_its_rule_as_the_table_below_may_be_on_the_next_page():
    upper = form(Row((cell("甲"), cell("国" * 2400))), widths=(1, 1))
    head = Row((cell("a"), cell("b"), cell("c")), head=True)
    rows = [Row((cell("1"), cell("2"), cell("3"))) for _ in range(7)]
    root = body(upper, form(head, *rows, widths=(1, 2, 1), joined=True))
    assert len(root.findall(f"{W}tbl")) == 2
    assert not list(root.iter(f"{W}tcBorders"))


@pytest.mark.parametrize("rows", [6, 7])
def test_head_of_a_form_whose_cell_goes_on_below_it_is_not_repeated(rows):
    spanning = Row((cell("甲", rowspan=2), cell("b")), head=True)
    lower = form(spanning, Row((cell("1"),)), *[Row((cell("1"), cell("2")))] * rows, joined=True)
    short = form(Row((cell("a"), cell("b")), head=True), *[Row((cell("1"), cell("2")))] * 6)
    for upper in (grid("xy"), short):
        assert len(body(upper, lower).findall(f"{W}tbl")) == 1


def test_small_print_is_set_over_its_line_by_tabs():
    root = body(
        line("填表人：甲\t日期：乙\t电话：丙", "note"), line("填报单位：甲\t单位：万元", "note")
    )
    stops = [
        [
            (each.get(f"{W}val"), int(each.get(f"{W}pos")))
            for each in para.iter(f"{W}tab")
            if each.get(f"{W}pos")
        ]
        for para in paragraphs(root, "GwNote")
    ]
    assert stops == [[("center", 4422), ("right", 8844)], [("right", 8844)]]


def test_joined_tables_share_the_size_of_text():
    root = body(grid("x"), replace(grid("abcdef"), joined=True))
    assert len(paragraphs(root, "GwCellSmall")) == 7


def test_joined_table_with_a_caption_of_its_own_stands_below_it():
    root = body(grid("x"), replace(grid("y"), joined=True, show_caption=True))
    assert len(root.findall(f"{W}tbl")) == 2


def test_form_whose_figures_would_be_cut_turns_its_pages():
    figures = Row(tuple(cell("1234567.89万元") for _ in range(9)))
    root = body(
        line("前"), line("单位：万元", "right"), form(figures), line("注", "note"), line("后")
    )
    pages = [each.get(f"{W}orient") for each in root.iter(f"{W}pgSz")]
    assert pages == [None, "landscape", None]
    sections = [text(each) for each in root]
    breaks = [n for n, each in enumerate(root) if each.find(f".//{W}sectPr") is not None]
    first, second = breaks
    assert sections[first - 1] == "前"
    assert sections[first + 1] == "单位：万元"
    assert sections[second - 1] == "注"


def test_tables_that_are_not_joined_stay_apart():
    root = body(grid("x"), grid("y"))
    first, second = root.findall(f"{W}tbl")
    assert len(root[root.index(first) + 1 : root.index(second)]) == 2


def test_caption_is_for_those_who_cannot_see_and_printed_only_when_shown():
    hidden = body(grid("a", caption='表 "甲" & <乙>'))
    assert hidden.find(f".//{W}tblCaption").get(f"{W}val") == '表 "甲" & <乙>'
    assert paragraphs(hidden, "Caption") == []
    shown = body(grid("a", caption="表甲", show_caption=True))
    assert [text(each) for each in paragraphs(shown, "Caption")] == ["表甲"]


def test_cell_stands_as_asked():
    cells = (
        cell("a", align="right"),
        cell("b", indent=2),
        cell("绩效指标", vertical=True),
        cell("c", header="col"),
        cell("一", "二"),
    )
    right, indented, downwards, head, lines = body(form(Row(cells))).iter(f"{W}tc")
    assert right.find(f".//{W}jc").get(f"{W}val") == "right"
    assert indented.find(f".//{W}ind").get(f"{W}leftChars") == "200"
    assert text(downwards) == "绩效指标"
    sides = downwards.find(f".//{W}ind")
    room = 8844 // 5 - 2 * 57 - int(sides.get(f"{W}left")) - int(sides.get(f"{W}right"))
    assert 240 <= room < 480
    assert len(paragraphs(head, "GwCellHead")) == 1
    assert [text(each) for each in lines.iter(f"{W}p")] == ["一", "二"]


def test_cell_says_where_its_text_stands_and_how_it_looks():
    cells = (
        Cell(((Strong((Text("a"),)), Text("b")),), place="top", underline=True, small=True),
        cell("c", place="bottom"),
        cell("d"),
    )
    (row,) = body(form(Row(cells, height=12))).iter(f"{W}tr")
    assert [each.get(f"{W}val") for each in row.iter(f"{W}vAlign")] == ["top", "bottom", "center"]
    height = row.find(f"{W}trPr/{W}trHeight")
    assert (height.get(f"{W}val"), height.get(f"{W}hRule")) == ("680", "atLeast")
    looks = [[part.tag.removeprefix(W) for part in each] for each in row.iter(f"{W}rPr")]
    assert looks == [["b", "sz", "szCs", "u"], ["sz", "szCs", "u"]]
    assert row.find(f".//{W}sz").get(f"{W}val") == "18"


SEAL = read_picture("a", "局的公章", 30, {"a": png()})
LOGO = read_picture("b", "市标志", 200, {"b": jpeg()})


def test_pictures_stand_below_the_text_of_their_cells_once_in_the_file():
    cells = (cell("盖章", picture=SEAL), Cell(((),), picture=LOGO, align="right"))
    rows = (Row(cells), Row((Cell(((),), picture=SEAL, vertical=True), cell("a"))))
    data = write_docx(document(form(*rows)), EDITION)
    found = parts(data)
    assert {found[f"word/media/{each.name}"] for each in (SEAL, LOGO)} == {SEAL.data, LOGO.data}
    assert len([name for name in found if name.startswith("word/media/")]) == 2
    root = etree.fromstring(found["word/document.xml"])
    named = list(root.iter("{*}docPr"))
    assert [each.get("descr") for each in named] == ["局的公章", "市标志", "局的公章"]
    assert len({each.get("id") for each in named}) == 3
    extents = [(int(e.get("cx")), int(e.get("cy"))) for e in root.iter("{*}extent")]
    assert extents[0] == (30 * 36000, 30 * 36000)
    assert extents[1][0] <= 156 / 2 * 36000
    assert extents[1][0] / extents[1][1] == pytest.approx(4, rel=0.01)
    words, blank, *_ = root.iter(f"{W}tc")
    assert [text(each) for each in words.iter(f"{W}p")] == ["盖章", ""]
    assert len(list(blank.iter(f"{W}p"))) == 1
    assert read_docx(data).pictures == ("局的公章", "市标志", "局的公章")
    assert [each.text for each in read_docx(data).tables[0]] == ["盖章", "", "", "a"]
    assert b'"image/jpeg"' in found["[Content_Types].xml"]


def test_boxes_to_tick_are_in_a_font_that_has_them_and_the_text_stays():
    data = write_docx(document(line("□是 ☑否 ☒无☐未 √，“好”")), EDITION)
    assert "□是☑否☒无☐未√，“好”" in read_docx(data).texts
    root = etree.fromstring(parts(data)["word/document.xml"])
    fonts = {text(each): each.find(f"{W}rPr/{W}rFonts") for each in root.iter(f"{W}r")}
    assert {fonts[box].get(f"{W}eastAsia") for box in "☑☒☐"} == {"Segoe UI Symbol"}
    assert fonts["□是 "].get(f"{W}eastAsia") is None


def test_what_follows_a_tab_stands_at_the_right_end_of_its_cell():
    (drawn,) = body(form(Row((cell("意见：", "签字：\t年　月　日"),)), widths=(1,))).iter(f"{W}tc")
    plain, dated = drawn.iter(f"{W}p")
    stop = dated.find(f"{W}pPr/{W}tabs/{W}tab")
    assert (stop.get(f"{W}val"), int(stop.get(f"{W}pos"))) == ("right", 8844 - 120)
    assert len(list(dated.iter(f"{W}tab"))) == 2
    assert plain.find(f"{W}pPr/{W}tabs") is None


def test_head_too_long_for_its_column_has_its_unit_on_a_line_below():
    heads = (cell("年初预算数（万元）", header="col"), cell("项目名称（万元）", header="col"))
    narrow, wide = body(form(Row(heads, head=True), widths=(1, 9))).iter(f"{W}tc")
    assert [len(list(each.iter(f"{W}br"))) for each in (narrow, wide)] == [1, 0]
    assert [each.text for each in narrow.iter(f"{W}t")] == ["年初预算数", "（万元）"]


def test_empty_cell_holds_the_paragraph_that_word_wants():
    found = body(form(Row((Cell(()), cell("a"))))).find(f".//{W}tc")
    assert found.find(f"{W}p") is not None


def test_spans_that_leave_a_hole_are_refused():
    with pytest.raises(GridError):
        write_docx(document(form(Row((cell("a"),)), widths=(1, 1))), EDITION)


# Comments


NOTED = Paragraph((Value("96.61%", "0.9661", "rate"), Text("，"), Value("1", "1", "other")))


def test_each_printed_figure_with_a_note_gets_a_comment():
    blocks = (NOTED, form(Row((Cell((NOTED.inlines,)),))))
    data = parts(write_docx(document(*blocks, notes=NOTES), EXPLAINED))
    root = etree.fromstring(data["word/document.xml"])
    spans = ("commentRangeStart", "commentRangeEnd", "commentReference")
    ids = [[each.get(f"{W}id") for each in root.iter(W + name)] for name in spans]
    assert ids == [["0", "1"]] * 3
    comments = etree.fromstring(data["word/comments.xml"])
    assert [each.get(f"{W}date") for each in comments] == ["2024-06-28T00:00:00Z"] * 2
    assert {each.get(f"{W}author") for each in comments} == {"reportgen"}
    assert [text(each) for each in comments[0]] == NOTES["rate"].split("\n")


def test_comments_are_no_text_of_the_report():
    written = write_docx(document(NOTED, notes=NOTES), EXPLAINED)
    assert read_docx(written).texts[2:] == ("96.61%，1",)


@pytest.mark.parametrize(
    ("edition", "audience", "notes"),
    [(EDITION, "internal", NOTES), (EXPLAINED, "public", NOTES), (EXPLAINED, "internal", {})],
    ids=["not asked for", "public", "nothing to say"],
)
def test_no_comments(edition, audience, notes):
    data = parts(write_docx(document(NOTED, audience=audience, notes=notes), edition))
    assert "word/comments.xml" not in data
    assert not any(b"comment" in data[name] for name in data if name != "word/styles.xml")


# The file


def sample():
    annex = Annex("附件", (Text("表"),), (grid("ab", "cd"),), "a", landscape=True)
    return document(NOTED, grid("ab"), annexes=(annex,), notes=NOTES)


def sample_bytes():
    return write_docx(sample(), EXPLAINED)


def test_same_document_gives_same_bytes_in_another_process():
    code = (
        "import sys, test_docx as t; sys.stdout.buffer.write(t.write_docx(t.sample(), t.EXPLAINED))"
    )
    path = os.pathsep.join([str(Path(__file__).parent), *filter(None, sys.path)])
    other = {"PYTHONPATH": path, "PYTHONHASHSEED": "7", "TZ": "Asia/Shanghai"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, env=other)
    assert done.stdout == sample_bytes() == sample_bytes()


def test_package_tells_nothing_of_clock_or_machine():
    with zipfile.ZipFile(io.BytesIO(sample_bytes())) as package:
        entries = package.infolist()
    names = [each.filename for each in entries]
    assert names == ["[Content_Types].xml", *sorted(names[1:])]
    assert {each.date_time for each in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert {each.create_system for each in entries} == {0}


def test_properties_are_the_documents_own():
    data = parts(write_docx(document(title=("甲&", "乙"), subject="<丙>"), EDITION))
    core = etree.fromstring(data["docProps/core.xml"])
    assert {etree.QName(each).localname: each.text for each in core} == {
        "title": "甲&乙",
        "subject": "<丙>",
        "creator": "某市工业和信息化局",
        "language": "zh-CN",
        "created": "2024-06-28T00:00:00Z",
        "modified": "2024-06-28T00:00:00Z",
    }
    assert [name for name in data if name.startswith("docProps/")] == ["docProps/core.xml"]


def test_a_policy_states_the_properties_of_a_file():
    stated = {"creator": "某市<局>", "title": "题", "subject": "类", "keywords": "绩效；自评"}
    data = parts(write_docx(document(stated=stated), EDITION))
    core = etree.fromstring(data["docProps/core.xml"])
    told = {etree.QName(each).localname: each.text for each in core}
    assert {name: told[name] for name in stated} == stated


def test_what_the_frame_knows_of_its_author_is_left_out():
    frame = with_part("docProps/custom.xml", b"<secret/>")
    assert set(parts(write_docx(sample(), replace(EDITION, frame=frame)))) == set(
        parts(write_docx(sample(), EDITION))
    )


@pytest.mark.parametrize(
    "changed",
    [
        with_relation("document", "customXml", "../customXml/item1.xml"),
        with_relation("document", "people", "people.xml"),
        with_relation("document", "vbaProject", "vbaProject.bin"),
        with_relation("settings", "attachedTemplate", "file:///c:/x.dotm", external=True),
        with_element("settings", '<w:rsids><w:rsidRoot w:val="00AA"/></w:rsids>'),
        with_element("settings", '<w:docVars><w:docVar w:name="x" w:val="y"/></w:docVars>'),
        with_element("styles", '<w:style w:type="table" w:styleId="x" w:rsidR="00AA"/>'),
        with_element("footer1", '<w:p w:rsidR="00AA" w:rsidRDefault="00AA"/>'),
    ],
)
def test_what_word_notes_in_a_frame_for_itself_is_in_no_file(changed):
    with zipfile.ZipFile(io.BytesIO(changed[0])) as package:
        extra = {name: package.read(name) for name in package.namelist()}
    for name in ("customXml/item1.xml", "word/people.xml", "word/vbaProject.bin"):
        extra[name] = b"<secret/>"
    kind = b'<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>'
    types = extra["[Content_Types].xml"].replace(b"</Types>", kind)
    frame = with_part("[Content_Types].xml", types, with_parts(extra))
    data = parts(write_docx(sample(), replace(EDITION, frame=frame)))
    assert set(data) == set(parts(write_docx(sample(), EDITION)))
    whole = b"".join(data.values())
    assert not re.search(rb"rsid|docVar|customXml|people|vbaProject|attachedTemplate|secret", whole)


# Frames


def with_parts(held):
    """Return a package of parts by name."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        for each, content in held.items():
            package.writestr(each, content)
    return file.getvalue()


def with_part(name, data, source=FRAME):
    """Return `source` with the part `name` holding `data`."""
    return with_parts(parts(source) | {name: data})


def with_text(name, old, new, source=FRAME):
    """Return `source` with `old` replaced by `new` in the part `name`."""
    part = parts(source)[name].decode()
    assert old in part
    return with_part(name, part.replace(old, new).encode(), source)


SECTION_BREAK = re.search(rb"<w:p><w:pPr><w:sectPr>.*?</w:p>", parts(FRAME)["word/document.xml"])[
    0
].decode()
TURNED = re.search(
    rb"<w:p><w:r><w:t>{{p turned }}.*</w:sectPr>", parts(FRAME)["word/document.xml"]
)[0].decode()


@pytest.mark.parametrize(
    ("frame", "reason"),
    [
        (b"PK no zip", "@f_no_word"),
        (with_text("word/document.xml", "{{p body }}", ""), "@f_no_body"),
        (with_text("word/document.xml", "{{p title }}", "{{ titel }}"), "@f_tag"),
        (with_text("word/document.xml", "{{p title }}", "{% if %}"), "@t_empty"),
        (with_text("word/document.xml", SECTION_BREAK, ""), "@f_no_section"),
        (with_text("word/document.xml", TURNED, ""), "@f_no_page"),
        (with_text("word/document.xml", "<w:pgMar", "<w:cols"), "@f_no_measures"),
        (with_text("word/styles.xml", "公文正文", "正文"), "@f_styles"),
    ],
    ids="zip body unknown syntax break page margins style".split(),
)
def test_unfit_frame_is_refused_with_its_reason(frame, reason):
    with pytest.raises(FrameError, match=reason):
        write_docx(sample(), replace(EDITION, frame=frame))


def test_frame_without_a_turned_page_has_its_own_page_turned():
    upright = SECTION_BREAK.removeprefix("<w:p><w:pPr>").removesuffix("</w:pPr></w:p>")
    frame = with_text("word/document.xml", SECTION_BREAK + TURNED, upright)
    annex = Annex("附件", (), (grid("ab"),), "a", landscape=True)
    data = write_docx(document(annexes=(annex,)), replace(EDITION, frame=frame))
    turned = etree.fromstring(parts(data)["word/document.xml"]).find(f".//{W}body/{W}sectPr")
    ours = body(annexes=(annex,)).find(f"{W}sectPr")
    for name in ("pgSz", "pgMar"):
        left_out = {f"{W}header"}
        theirs = dict(turned.find(W + name).attrib)
        assert {k: v for k, v in theirs.items() if k not in left_out} == {
            k: v for k, v in ours.find(W + name).attrib.items() if k not in left_out
        }


def test_sections_after_the_first_go_on_counting_pages():
    numbered = '<w:sectPr><w:type w:val="continuous"/>'
    frame = with_text(
        "word/document.xml",
        SECTION_BREAK,
        SECTION_BREAK.replace(
            "<w:docGrid", '<w:pgNumType w:start="3"/><w:titlePg/><w:docGrid'
        ).replace("<w:sectPr>", numbered),
    )
    annexes = [Annex("附件", (), (), f"a{n}", landscape=n == 1) for n in (1, 2)]
    data = write_docx(document(line("x"), annexes=tuple(annexes)), replace(EDITION, frame=frame))
    first, _, last = etree.fromstring(parts(data)["word/document.xml"]).iter(f"{W}sectPr")
    assert first.find(f"{W}pgNumType").get(f"{W}start") == "3"
    assert last.find(f"{W}pgNumType").get(f"{W}start") is None
    assert last.find(f"{W}titlePg") is last.find(f"{W}type") is None


def test_common_frame_is_what_its_tool_makes(tmp_path):
    made = tmp_path / "frame.docx"
    subprocess.run([sys.executable, ROOT / "tools" / "make_frame.py", made], check=True)
    assert made.read_bytes() == FRAME


TURNED_ANNEX = Annex("附件", (), (grid("ab"),), "a", landscape=True)
DRAWN = replace(EDITION, drawings={name: Drawing(b"<svg/>", b"png", 9, 9) for name in "ab"})
CHARTS = tuple(Chart(name, "bars", (), (), (), (), "", f"图{name}") for name in "ab")


def related(data):
    """Return the targets of the relations of the main part."""
    return {
        each.get("Target")
        for each in etree.fromstring(parts(data)["word/_rels/document.xml.rels"])
        if each.get("TargetMode") != "External"
    }


def test_footers_of_turned_pages_are_written_only_with_such_a_page():
    turned = {"footer3.xml", "footer4.xml"}
    upright = write_docx(document(line("x")), EDITION)
    assert not turned & {name.removeprefix("word/") for name in parts(upright)}
    assert not turned & related(upright)
    assert b"footer3.xml" not in parts(upright)["[Content_Types].xml"]
    laid = write_docx(document(line("x"), annexes=(TURNED_ANNEX,)), EDITION)
    assert turned <= {name.removeprefix("word/") for name in parts(laid)}


def test_no_line_ends_between_a_figure_and_its_unit():
    settings = etree.fromstring(parts(write_docx(sample(), EDITION))["word/settings.xml"])
    names = [etree.QName(each).localname for each in settings]
    at = names.index("noLineBreaksAfter")
    assert names[at - 1 : at + 3] == [
        "characterSpacingControl",
        "noLineBreaksAfter",
        "noLineBreaksBefore",
        "compat",
    ]
    before = settings[at + 1]
    assert before.get(f"{W}lang") == "zh-CN"
    characters = before.get(f"{W}val")
    assert set("，。元万亿个点" + "个百分点" + "平方米" + "公里") < set(characters)
    assert len(characters) == len(set(characters)) <= 100  # what Word holds ([MS-DOC] 2.7.13)


def test_rules_of_line_ends_that_a_frame_has_stay():
    own = '<w:noLineBreaksBefore w:lang="zh-CN" w:val="，"/><w:compat>'
    frame = with_text("word/settings.xml", "<w:compat>", own)
    settings = parts(write_docx(sample(), replace(EDITION, frame=frame)))["word/settings.xml"]
    assert settings.count(b"noLineBreaks") == 1


def test_parts_of_a_frame_that_nothing_refers_to_are_not_written():
    image = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
    relation = f'<Relationship Id="rId99" Type="{image}" Target="media/old.png"/></Relationships>'
    frame = with_text("word/_rels/document.xml.rels", "</Relationships>", relation)
    frame = with_part("word/media/old.png", b"secret", frame)
    types = '<Default Extension="png" ContentType="image/png"/></Types>'
    frame = with_text("[Content_Types].xml", "</Types>", types, frame)
    written = parts(write_docx(sample(), replace(EDITION, frame=frame)))
    assert "word/media/old.png" not in written
    assert not [name for name, data in written.items() if b"old.png" in data]


@pytest.mark.parametrize("annexes", [(), (TURNED_ANNEX,)])
def test_every_drawing_has_an_id_of_its_own(annexes):
    written = parts(write_docx(document(*CHARTS, annexes=annexes), DRAWN))
    ids = re.findall(rb'docPr id="(\d+)"', b"".join(written.values()))
    assert len(ids) == len(set(ids)) == len(CHARTS) + 2 * len(annexes)
    assert re.findall(rb'docPr id="(\d+)"', written["word/document.xml"]) == [b"1", b"2"]


def test_every_part_is_related_and_every_relation_has_its_part():
    for annexes in ((), (TURNED_ANNEX,)):
        data = write_docx(document(*CHARTS, annexes=annexes), DRAWN)
        others = {name for name in parts(data) if name.startswith("word/") and "_rels" not in name}
        assert {f"word/{name}" for name in related(data)} == others - {"word/document.xml"}


@pytest.mark.parametrize(
    ("rows", "look"),
    [
        ((Row((cell("甲"), cell("1"))),), ("0000", "0", "0")),
        ((Row((cell("甲", header="row"), cell("1"))),), ("0080", "0", "1")),
        (
            (
                Row((cell("甲", header="col"), cell("乙", header="col")), head=True),
                Row((cell("丙", header="row"), cell("1"))),
                Row((cell(header="row"), cell(""))),
            ),
            ("00A0", "1", "1"),
        ),
        (
            (
                Row((cell("丙", header="row"), cell("1"))),
                Row((cell("丁"), cell("2"))),
            ),
            ("0000", "0", "0"),
        ),
    ],
)
def test_table_says_whether_its_first_row_and_its_first_column_are_headers(rows, look):
    (said,) = body(form(*rows)).iter(f"{W}tblLook")
    names = ("val", "firstRow", "firstColumn")
    assert tuple(said.get(f"{W}{name}") for name in names) == look


def test_sign_off_takes_the_last_paragraph_along_to_its_page():
    root = body(
        line("前一段。"),
        line("末段。"),
        AttachmentList(((Text("甲"),), (Text("乙"),))),
        SignOff(((Text("单位"),), (Text("2024年6月28日"),))),
    )
    kept = [len(p.findall(f"{W}pPr/{W}keepNext")) for p in root.iter(f"{W}p") if text(p)]
    assert kept[-6:] == [0, 1, 1, 1, 1, 0]
