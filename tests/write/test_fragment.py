from __future__ import annotations

import lxml.html
from hypothesis import given

from pictures import png
from reportgen.compose.pictures import read_picture
from reportgen.model.document import (
    Annex,
    AttachmentList,
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
    Table,
    Text,
    Title,
    Value,
)
from reportgen.model.edition import Edition
from reportgen.write.html.fragment import write_fragment
from strategies import literal_texts

EDITION = Edition(frame=b"", page="", css="", typst="")


def line(text="文"):
    return (Text(text),)


def cell(text="文", **more):
    return Cell((line(text),), **more)


FORM = Table(
    "form",
    "基础数据表",
    (1, 3),
    (
        Row((cell("栏", header="col", align="center"), cell(header="col")), head=True),
        Row((cell("行", header="row", indent=2), Cell((line("甲"), line("乙")), align="right"))),
        Row((cell("竖", colspan=2, vertical=True),)),
    ),
    show_caption=True,
)


def document(*blocks, annexes=()):
    return Document(("年度", "报告"), "zh-CN", "类", "局", "2024-06-28", "public", blocks, annexes)


def written(*blocks, **more):
    data = write_fragment(document(*blocks, **more), EDITION)
    return lxml.html.fragment_fromstring(data.decode())


def everything(text="文"):
    return document(
        Cover(((text, line(text)),), line(text)),
        Title((text,)),
        Heading(1, text, line(text), "s1"),
        Paragraph((Value(text, "1", "k"),)),
        Items((ListItem(text, line(text)),)),
        FORM,
        Table("wide", text, (1,) * 7, (Row(tuple(cell(text) for _ in range(7))),)),
        PageBreak(),
        AttachmentList((line(text), line(text))),
        SignOff((line(text),)),
        annexes=(Annex(text, line(text), (Heading(1, "", line(text), "a1"), FORM), "annex-1"),),
    )


def test_nothing_depends_on_a_frame_a_script_or_a_class():
    data = write_fragment(everything(), EDITION).decode()
    page = lxml.html.fragment_fromstring(data)
    names = {name for each in page.iter() for name in each.attrib}
    assert names <= {"style", "scope", "colspan", "rowspan", "aria-label"}
    assert {each.tag for each in page.iter()} <= set(
        "div h1 h2 h3 p br table caption colgroup col thead tbody tr th td strong".split()
    )
    assert "<!--" not in data
    assert data.startswith("<div><h1")
    assert data.endswith("</div>\n")


def test_tables_are_real_with_scopes_and_captions():
    (table,) = written(FORM).iter("table")
    assert table.findtext("caption") == "基础数据表"
    assert [each.get("scope") for each in table.iter("th")] == ["col", "col", "row"]
    head, *cells = [each.get("style") for each in table.iter("th", "td")]
    assert "border:1px solid" in head
    assert "text-align:center" in head
    assert "padding-left:2.5em" in cells[1]
    assert "text-align:right" in cells[2]
    assert table.xpath(".//td[@colspan='2']/div/@style") == [
        "writing-mode:vertical-rl;margin:0 auto"
    ]


def test_a_cell_says_itself_where_its_text_stands_and_how_it_looks():
    cells = (cell(place="bottom", align="center", small=True, underline=True), cell())
    (table,) = written(Table("f", "表名", (1, 1), (Row(cells, height=12),))).iter("table")
    styled, usual = [each.get("style").split(";")[2:] for each in table.iter("td")]
    assert sorted(styled) == [
        "font-size:smaller",
        "text-align:center",
        "text-decoration:underline",
        "vertical-align:bottom",
    ]
    assert usual == ["text-align:left"]
    assert [each.get("style") for each in table.iter("tr")] == ["height: 12mm"]


def test_a_picture_says_itself_how_wide_it_is():
    seal = read_picture("a", "公章", 30, {"a": png()})
    (image,) = written(Table("f", "表名", (1,), (Row((cell(picture=seal),)),))).iter("img")
    assert (image.get("alt"), image.get("style")) == ("公章", "width: 30mm;max-width:100%")


def test_a_caption_that_is_not_printed_names_the_table():
    (table,) = written(Table("f", "表名", (1,), (Row((cell(),)),))).iter("table")
    assert (table.get("aria-label"), table.find("caption")) == ("表名", None)


def test_a_wide_table_scrolls_in_its_box():
    (table,) = written(Table("f", "", (1,) * 7, (Row((cell(),) * 7),))).iter("table")
    assert "min-width:28em" in table.get("style")
    assert "overflow-x:auto" in table.getparent().get("style")


def test_lists_are_paragraphs_with_their_labels():
    page = written(Items((ListItem("1.", line("甲")), ListItem("2.", line("乙")))))
    assert [each.text for each in page.iter("p")] == ["1.甲", "2.乙"]


def test_lines_of_the_foot_stand_to_the_right():
    (foot,) = written(SignOff((line("某局"),))).iter("p")
    assert "text-align:right" in foot.get("style")


@given(literal_texts())
def test_text_comes_out_literally_and_never_changes_the_elements(text):
    page = lxml.html.fragment_fromstring(write_fragment(everything(text), EDITION).decode())
    plain = lxml.html.fragment_fromstring(write_fragment(everything(), EDITION).decode())
    assert [each.tag for each in page.iter()] == [each.tag for each in plain.iter()]
    assert "".join(text.split()) in "".join(page.text_content().split())


def test_the_same_document_gives_the_same_bytes():
    assert write_fragment(everything(), EDITION) == write_fragment(everything(), EDITION)
