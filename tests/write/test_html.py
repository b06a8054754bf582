from __future__ import annotations

import dataclasses
import re
from base64 import b64decode
from collections import defaultdict
from pathlib import Path
from urllib.parse import quote

import jinja2
import jinja2.sandbox
import lxml.html
import pytest
from hypothesis import given, settings

from pictures import png
from reportgen.compose.pictures import read_picture
from reportgen.model.document import (
    Annex,
    AttachmentList,
    Break,
    Cell,
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
from reportgen.model.edition import Edition
from reportgen.model.publication import Publication
from reportgen.model.source import SourceSpan
from reportgen.project.bounded_templates import FrameEnvironment
from reportgen.project.compiled import Compiled
from reportgen.write import html as writer
from reportgen.write.errors import PageTemplateError
from reportgen.write.html import write_html
from strategies import literal_texts

SHARED = Path(__file__).resolve().parents[2] / "templates" / "shared"
EDITION = Edition(
    frame=b"",
    page=(SHARED / "page.html.j2").read_text("utf-8"),
    css=(SHARED / "report.css").read_text("utf-8"),
    typst="",
    siblings={"docx": "department.docx", "pdf": "department.pdf"},
)


def cell(*lines, **properties):
    inlines = tuple((Text(line),) if isinstance(line, str) else (line,) for line in lines)
    return Cell(inlines, **properties)


def table(*rows, columns, **properties):
    return Table("form", "基础数据表", (1,) * columns, rows, **properties)


def document(*blocks, audience="public", annexes=(), notes=None, **properties):
    return dataclasses.replace(
        Document(
            title=("2023年度", "自评报告"),
            language="zh-CN",
            subject="部门整体支出",
            organization="怀化市某局",
            date="2024-06-25",
            audience=audience,
            blocks=blocks,
            annexes=annexes,
            notes=notes or {},
        ),
        **properties,
    )


def parsed(data):
    return lxml.html.document_fromstring(data, lxml.html.HTMLParser(encoding="utf-8"))


def written(*blocks, edition=EDITION, **properties):
    """Return the parsed page of a document with these blocks."""
    return parsed(write_html(document(*blocks, **properties), edition))


def solid(text):
    return "".join(text.split())


def everything(text="文", audience="internal"):
    """Return a document that prints `text` in every place that takes text."""
    value = Value(text, text, "k")
    inlines = (Text(text), value, Strong((Text(text), value)), Break())
    wide = table(
        Row((cell(text, header="col", colspan=6),), head=True),
        Row(
            (Cell((inlines, (value,)), rowspan=2, header="row", vertical=True), cell("", colspan=5))
        ),
        Row((Cell((), colspan=5, indent=2, align="right"),)),
        columns=6,
        show_caption=True,
    )
    narrow = table(Row((cell(text), cell(value))), columns=2, joined=True)
    blocks = (
        Heading(1, text, inlines, "s1"),
        Paragraph(inlines),
        Paragraph(inlines, role="note"),
        Items((ListItem(text, inlines), ListItem("2.", ()))),
        dataclasses.replace(wide, caption=text),
        narrow,
        PageBreak(),
        AttachmentList((inlines, (Text("二"),))),
        SignOff((inlines, (Text(text),))),
    )
    annexes = (
        Annex(text, inlines, (Heading(1, "一、", inlines, "a1-1"), narrow), "a1", landscape=True),
        Annex("附件2", (Text("二"),), (), "a2"),
    )
    return document(
        *blocks,
        audience=audience,
        annexes=annexes,
        notes={"k": text},
        title=(text, "报告"),
        subject=text,
        organization=text,
        date=text,
    )


def shape(page):
    """Return the elements of a page with the names of their attributes, without their text.

    What depends on the length of a text is left out: what keeps a figure in one line, gives a text
    some width, or lets a row break.
    """
    elements = []
    for element in page.iter():
        if element.get("class") != "whole":
            given = {name: _without_text(value) for name, value in element.attrib.items()}
            names = [name for name, value in given.items() if value not in {"long", ""}]
            elements.append((element.tag, tuple(names)))
    return elements


def _without_text(classes):
    return " ".join(word for word in classes.split() if word not in {"text", "tall"})


def heads(page):
    """Return the scopes of the header cells by their text."""
    return {each.text_content(): each.get("scope") for each in page.iter("th")}


@settings(deadline=None, max_examples=60)
@given(literal_texts().filter(str.strip))
def test_text_comes_out_literally_and_never_changes_the_elements(text):
    page = parsed(write_html(everything(text), EDITION))
    said = solid(text)
    assert shape(page) == shape(parsed(write_html(everything("文"), EDITION)))
    assert {solid(each.text_content()) for each in page.iter("data")} == {said}
    assert {solid(each.get("value")) for each in page.iter("data")} == {said}
    assert {solid(each.text_content()) for each in page.xpath("//*[@role='tooltip']")} == {said}
    assert solid(page.findtext(".//title")) == said + "报告"
    assert solid(page.xpath("//meta[@name='description']/@content")[0]) == said
    for path in (".//caption", ".//th", ".//main//strong/data", ".//p[@class='owner']/span"):
        assert solid(page.find(path).text_content()) == said


@settings(deadline=None, max_examples=20)
@given(literal_texts())
def test_an_anchor_and_the_name_of_a_twin_stay_in_their_attributes(text):
    edition = dataclasses.replace(EDITION, siblings={"docx": text})
    page = written(Heading(1, "", (), f"s{text}"), edition=edition)
    (heading,) = page.iter("h2")
    assert heading.get("id") == f"s{text}"
    assert page.xpath("//nav[@class='contents']//a/@href") == [f"#s{text}"]
    assert page.xpath("//a[@download]/@href") == [quote(text)]


@pytest.mark.parametrize(
    "character", ["\0", "\b", "\f", "\x7f", "\x85", "\ud800", "\ufdd0", "\uffff"]
)
@pytest.mark.parametrize("place", ["text", "number", "note", "title", "subject", "label"])
def test_a_character_that_html_cannot_hold_is_refused_by_name(character, place):
    said = defaultdict(lambda: "文") | {place: f"前{character}后"}
    report = document(
        Paragraph((Text(said["text"]), Value("1", said["number"], "k"))),
        audience="internal",
        notes={"k": said["note"]},
        title=(said["title"],),
        subject=said["subject"],
        annexes=(Annex(said["label"], (), (), "a1"),),
    )
    with pytest.raises(ValueError, match=rf"U\+{ord(character):04X} .*前.*后"):
        write_html(report, EDITION)


def test_the_same_document_gives_the_same_bytes():
    assert write_html(everything(), EDITION) == write_html(everything(), EDITION)


@pytest.mark.parametrize("audience", ["internal", "submit", "public"])
def test_ids_are_unique_and_every_link_within_the_page_leads_somewhere(audience):
    page = parsed(write_html(everything(audience=audience), EDITION))
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    references = [each.removeprefix("#") for each in page.xpath("//a/@href") if each[0] == "#"]
    references += [name for names in page.xpath("//@aria-labelledby") for name in names.split()]
    references += page.xpath("//@aria-describedby")
    assert set(references) <= set(ids)
    assert {"s1", "a1", "a2"} <= set(references)


def test_nothing_is_fetched_and_no_script_runs():
    page = parsed(write_html(everything(), EDITION))
    assert not page.xpath("//script | //link | //img | //iframe | //base | //form | //@src")
    assert not [name for each in page.iter() for name in each.attrib if name.startswith("on")]
    assert not re.search(r"@import|url\(", page.findtext(".//style"))
    assert "default-src 'none'" in page.xpath("//meta[@http-equiv]/@content")[0]


def test_a_figure_for_internal_use_explains_itself_on_hover_and_focus():
    page = parsed(write_html(everything("二〇二三"), EDITION))
    figures = page.xpath("//main//*[@tabindex='0'][data]")
    assert figures
    for figure in figures:
        (note,) = page.xpath("//*[@id=$name]", name=figure.get("aria-describedby"))
        assert (note.get("role"), note.text, note.getparent()) == ("tooltip", "二〇二三", figure)


def test_a_page_names_its_sources_only_where_they_are_asked_for():
    span = SourceSpan('data/甲"&.md', 3, end_line=4)
    blocks = (
        Heading(1, "一、", (Text("甲"),), "s1", span),
        Paragraph((Value("1", "1", "k"),), span=span),
        Items((ListItem("1.", (Text("甲"),), span),)),
        table(Row((cell("甲"),)), columns=1, span=span),
        table(Row((cell("甲"),)), columns=6),
    )
    more = {"audience": "internal", "notes": {"k": "算法"}}
    page = written(*blocks, edition=dataclasses.replace(EDITION, sources=True), **more)
    placed = page.xpath("//*[@data-at]")
    assert [each.tag for each in placed] == ["h2", "p", "li", "div"]
    assert {each.get("data-at") for each in placed} == {'data/甲"&.md:3-4'}
    assert page.xpath("//span[@class='figure']/@data-key") == ["k"]
    assert b"data-at" not in write_html(document(*blocks, **more), EDITION)


@pytest.mark.parametrize("audience", ["submit", "public"])
def test_a_page_for_others_carries_no_note_and_no_key(audience):
    secret = Value("3241.81万元", "3241.81", "expenditure.total")
    data = write_html(
        document(
            Paragraph((secret,)), audience=audience, notes={"expenditure.total": "算法与出处"}
        ),
        EDITION,
    )
    assert b"expenditure.total" not in data
    assert "算法与出处".encode() not in data
    page = parsed(data)
    assert not page.xpath("//*[@role='tooltip'] | //main//@tabindex[. != '-1']")
    assert not [name for each in page.iter() for name in each.attrib if name.startswith("data-")]
    assert page.xpath("//data/@value") == ["3241.81"]
    assert not page.xpath("//data/@id")


def test_an_internal_figure_without_a_note_is_a_plain_figure():
    page = written(Paragraph((Value("优", "", "grade"),)), audience="internal", notes={"k": "注"})
    (figure,) = page.iter("data")
    assert dict(figure.attrib) == {"value": ""}, "HTML demands a value, though there is no number"
    assert figure.getparent().tag == "p"


def test_what_follows_a_tab_stands_at_the_right():
    page = written(table(Row((cell("签字：\t年　月　日"),)), columns=1))
    (drawn,) = page.iter("td")
    (date,) = drawn.iter("span")
    assert (drawn.text, date.text) == ("签字：", "年　月　日")
    assert date.get("style") == "float: right"


@pytest.mark.parametrize("blank", ["", " "])
def test_a_blank_figure_leaves_its_place_empty(blank):
    value = Value(blank, "", "k")
    page = written(
        table(Row((Cell(((value,),)),)), columns=1), audience="internal", notes={"k": "注"}
    )
    (empty,) = page.iter("td")
    assert (empty.text or "").strip() == ""
    assert len(empty) == 0


def test_rows_and_columns_in_which_no_cell_begins_go_to_those_before_them():
    rows = (
        Row((cell("甲", colspan=2, rowspan=2), cell("乙", rowspan=2))),
        Row(()),
        Row((cell("丙", colspan=2), cell("丁"))),
    )
    page = written(table(*rows, columns=3))
    widths = [each.get("style") for each in page.iter("col")]
    assert widths == ["width: 66.67%", "width: 33.33%"]
    assert len(list(page.iter("tr"))) == 2
    assert not page.xpath("//td[@rowspan or @colspan]")


def test_twins_are_linked_and_a_name_cannot_become_a_scheme():
    siblings = {"docx": "自评 1.docx", "pdf": "javascript:alert(1)"}
    page = written(edition=dataclasses.replace(EDITION, siblings=siblings))
    links = page.xpath("//nav//a[@download]")
    assert [each.text for each in links] == ["Word 版", "PDF 版"]
    assert [each.get("href") for each in links] == [
        quote(siblings["docx"]),
        "javascript%3Aalert%281%29",
    ]
    assert not written(edition=dataclasses.replace(EDITION, siblings={})).xpath("//a[@download]")


def test_the_head_says_whose_page_it_is_and_of_what_day():
    page = written()
    named = dict(zip(page.xpath("//meta/@name"), page.xpath("//meta[@name]/@content"), strict=True))
    assert page.get("lang") == "zh-CN"
    assert page.findtext(".//title") == "2023年度自评报告"
    assert named["description"] == "部门整体支出"
    assert named["author"] == "怀化市某局"
    assert named["date"] == "2024-06-25"
    assert "width=device-width" in named["viewport"]


def test_a_policy_states_what_the_page_says_of_itself():
    stated = {"creator": "某局", "title": "题", "subject": "类", "keywords": "绩效"}
    page = written(stated=stated)
    assert page.findtext(".//title") == "题"
    assert page.xpath("//meta[@name='author' or @name='description']/@content") == ["某局", "类"]
    assert page.xpath("//meta[@name='keywords']/@content") == ["绩效"]


def test_a_published_page_shows_what_the_site_says_of_it_outside_the_report():
    about = Publication("名&称", "某局", "2024-08-30", "09:30", index_number="430", keywords="绩效")
    page = written(publication=about)
    (block,) = page.xpath("//section[@class='publication']")
    assert not block.xpath("ancestor::main")
    assert [each.text for each in block.iter("dt")] == ["索引号", "发布机构", "发布日期", "名称"]
    assert [each.text for each in block.iter("dd")] == ["430", "某局", "2024-08-30 09:30", "名&称"]
    named = dict(zip(page.xpath("//meta/@name"), page.xpath("//meta[@name]/@content"), strict=True))
    assert named["ArticleTitle"] == "名&称"
    assert named["PubDate"] == "2024-08-30 09:30"
    assert (named["ContentSource"], named["Keywords"]) == ("某局", "绩效")
    assert named["Description"] == "部门整体支出"
    assert not {"SiteName", "description", "keywords"} & set(named)


def test_a_page_about_which_nothing_is_said_has_no_block():
    assert not written().xpath("//section[@class='publication']")
    assert not written(publication=Publication()).xpath("//section[@class='publication']")


def test_headings_nest_below_the_title_and_in_an_annex_below_its_title():
    levels = tuple(Heading(n, f"{n}", (Text("题"),), f"s{n}") for n in (1, 2, 3, 4))
    annex = Annex(
        "附件1",
        (Text("表"),),
        tuple(dataclasses.replace(h, anchor="a" + h.anchor) for h in levels),
        "a",
    )
    page = written(*levels, annexes=(annex,))
    tags = [each.tag for each in page.find(".//article").iter("h1", "h2", "h3", "h4", "h5", "h6")]
    assert tags == ["h1", "h2", "h3", "h4", "h5", "h2", "h3", "h4", "h5", "h6"]
    contents = [each.text for each in page.xpath("//nav[@class='contents']//a")]
    assert contents == ["1题", "2题", "3题", "附件1 表"]


def test_landmarks_are_there_and_a_link_skips_to_the_text():
    page = written(Heading(1, "一、", (), "s1"))
    for landmark in ("header", "nav", "main", "footer"):
        assert page.find(f"body/{landmark}") is not None
    assert page.find("body/a").get("href") == f"#{page.find('body/main').get('id')}"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("截至2021年12月15日。", ["2021年12月15日"]),
        ("截至12月15日，1—11月", ["12月15日", "1—11月"]),
        ("（湘财绩〔2020〕7号）和湘发〔2012〕33号", ["湘财绩〔2020〕7号", "〔2012〕33号"]),
        ("（湘工信消费品〔2020〕381号）", ["〔2020〕381号"]),
        ("共10余场，2021年的3个月", []),
    ],
)
def test_dates_ranges_and_numbers_of_documents_stay_on_a_line_of_the_text(text, kept):
    page = written(Paragraph((Text(text),)))
    assert [each.text_content() for each in page.xpath("//span[@class='joined']")] == kept
    assert page.xpath("string(//main//p)") == text


def test_a_short_line_of_a_column_header_stays_whole():
    lines = tuple((Text(each),) for each in ("2022年", "预算数", "（含上年结转）"))
    head = Row((Cell(lines, header="col"), Cell(lines[:2])), head=True)
    page = written(table(head, columns=2))
    whole = page.xpath("//th/p[@class='whole'] | //td/p[@class='whole']")
    assert [each.text_content() for each in whole] == ["2022年", "预算数"]


def test_notes_below_a_form_stand_with_it_in_print():
    form = table(Row((cell("1"),)), columns=1)
    page = written(form, Paragraph((Text("注"),), "note"), Paragraph((Text("后"),)), form)
    (together,) = page.xpath("//div[@class='noted']")
    assert [each.tag for each in together] == ["div", "p"]
    assert together.getnext().text == "后"


def test_signed_form_stays_on_a_page_in_print_whatever_its_texts():
    long = Row((cell("意见：" + "国" * 20),))
    signed = table(long, columns=1, signatures=True)
    page = written(signed, Paragraph((Text("后"),)), table(long, columns=1))
    assert page.xpath("//div[contains(@class, 'form')]/@class") == ["form kept", "form"]


def test_attachments_link_to_their_annexes_without_notes_inside_the_links():
    report = everything()
    page = parsed(write_html(report, EDITION))
    entries = page.xpath("//ol[@class='attachments']/li")
    assert [solid(each.text_content()) for each in entries] == ["附件：1.文文文文", "2.二"]
    assert page.xpath("//ol[@class='attachments']//a/@href") == ["#a1", "#a2"]
    assert not page.xpath("//a//*[@tabindex or @role]")


@pytest.mark.parametrize(("annexes", "links"), [(0, []), (1, ["#a"]), (2, ["#a"])])
def test_a_single_attachment_has_no_number(annexes, links):
    annex = Annex("附件", (Text("表"),), (), "a")
    others = (annex, dataclasses.replace(annex, anchor="b"))[:annexes]
    page = written(AttachmentList(((Text("表"),),)), annexes=others)
    (entry,) = page.xpath("//ol[@class='attachments']/li")
    assert entry.text_content() == "附件：表"
    assert entry.xpath("a/@href") == links


def test_a_header_cell_says_what_it_heads():
    page = written(
        table(
            Row((cell("全表", header="col", colspan=3),), head=True),
            Row((cell("甲", header="col"), cell("乙", header="col", colspan=2)), head=True),
            Row((cell("整组", header="row", rowspan=2), cell("半组", header="row"), cell("1"))),
            Row((cell("二", header="row"), cell("2"))),
            Row((cell("三", header="row"), cell("3"), cell("4"))),
            columns=3,
        )
    )
    assert heads(page) == {
        "全表": "colgroup",
        "甲": "col",
        "乙": "col",
        "整组": "rowgroup",
        "半组": "row",
        "二": "row",
        "三": "row",
    }
    assert [len(group) for group in page.find(".//table").iterchildren("thead", "tbody")] == [
        2,
        2,
        1,
    ]


def test_head_rows_whose_cells_reach_into_the_body_are_body():
    rows = (Row((cell("a", rowspan=2), cell("b")), head=True), Row((cell("c"),)))
    page = written(table(*rows, columns=2))
    assert page.find(".//thead") is None
    assert [len(group) for group in page.iter("tbody")] == [2]


def wholes(*inlines):
    """Return what stands in one line each, of a paragraph of `inlines`."""
    page = written(Paragraph(inlines))
    return [each.text_content() for each in page.xpath("//article//*[@class='whole']")]


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("共7138.12万元，其中", ["7138.12万元"]),
        ("1,234.5亿元、12家和30余次", ["1,234.5亿元", "12家", "30余次"]),
        ("2024年6月25日", ["2024年", "6月", "25日"]),
        ("高5.5个百分点", ["5.5个百分点"]),
        ("人均3.2万元/人", ["3.2万元/人"]),
        ("预算数（万元）", ["（万元）"]),
        ("5G网络、A4纸和12", []),
        ("9" * 40 + "元", []),
    ],
)
def test_a_number_is_not_parted_from_its_unit(text, whole):
    assert wholes(Text(text)) == whole


def test_a_figure_is_not_parted_from_the_unit_in_the_text_after_it():
    figure = Value("7138.12", "7138.12", "k")
    assert wholes(figure, Text("万元，12家"), Strong((figure, Text("元")))) == [
        "7138.12万元",
        "12家",
        "7138.12元",
    ]
    assert wholes(figure, Text("（见附件）"), figure, Strong((Text("元"),)), figure) == []
    assert wholes(Value("良好", "", "k"), Text("人")) == []


def test_a_figure_too_long_for_a_phone_may_break():
    page = written(Paragraph((Value("9" * 40, "9" * 40, "k"), Text("元"))))
    (figure,) = page.xpath("//article//data")
    assert figure.get("class") == "long"


def test_the_labels_of_the_rows_of_a_wide_table_stay_in_view():
    rows = [
        Row((*(cell(name, header="col") for name in "序项目甲乙丙丁"),), head=True),
        Row((cell("1"), cell("道路", header="row"), *(cell("9") for _ in range(5)))),
        Row((cell("以上合计", header="row", colspan=7),)),
    ]
    page = written(table(*rows, columns=7))
    assert [each.text_content() for each in page.xpath("//*[@class='stays']")] == ["项", "道路"]
    narrow = written(table(Row((cell("道路", header="row"), cell("9"))), columns=2))
    assert narrow.xpath("//*[@class='stays']") == []


def test_a_table_of_few_columns_whose_figures_fill_a_phone_is_a_region_to_scroll():
    figures = [cell(Value(text, text, "k")) for text in ("123456789.12",) * 4]
    assert len(written(table(Row((*figures,)), columns=4)).xpath("//*[@role='region']")) == 1
    assert written(table(Row((*figures[:2],)), columns=2)).xpath("//*[@role='region']") == []


def test_every_page_leads_back_to_its_contents():
    page = written(Heading(1, "一、", (Text("概况"),), "s1"))
    (back,) = page.xpath("//a[@class='back']")
    assert page.get_element_by_id(back.get("href").removeprefix("#")).text_content() == "目录"
    assert written(Paragraph((Text("概况"),))).xpath("//a[@class='back']") == []


def test_only_a_table_too_wide_for_a_phone_is_a_region_to_scroll():
    five = table(Row(tuple(cell(str(n)) for n in range(5))), columns=5)
    six = table(Row(tuple(cell(str(n)) for n in range(6))), columns=6)
    page = written(five, Paragraph(()), six)
    (region,) = page.xpath("//*[@role='region']")
    assert region.get("tabindex") == "0"
    assert [len(row) for row in region.iter("tr")] == [6]
    (name,) = page.xpath("//*[@id=$name]", name=region.get("aria-labelledby"))
    assert name.text == "基础数据表"


def test_joined_tables_share_a_box():
    one = table(Row((cell("1"),)), columns=1)
    joined = dataclasses.replace(one, joined=True)
    page = written(one, joined, joined, one, Paragraph(()), joined)
    assert [len(box) for box in page.xpath("//div[@class='form kept']")] == [3, 1, 1]


def test_a_caption_is_there_for_all_and_seen_if_shown():
    hidden = table(Row((cell("1"),)), columns=1)
    page = written(hidden, dataclasses.replace(hidden, show_caption=True))
    assert page.xpath("//caption/span/@class") == ["unseen"]
    assert [each.text_content() for each in page.iter("caption")] == ["基础数据表"] * 2


def test_a_small_form_stays_on_one_page_in_print():
    row, long = Row((cell("1"),)), Row((cell("文" * 99),))
    page = written(
        table(*[row] * 12, columns=1), table(*[row] * 13, columns=1), table(long, columns=1)
    )
    boxes = [box.get("class") for box in page.iter("div") if "form" in box.get("class", "")]
    assert boxes == ["form kept", "form", "form"]


def test_only_a_row_of_more_than_a_third_of_a_page_may_break_in_print():
    long, label = cell("文" * 400), cell("名")
    rows = (Row((label, long)), Row((label, cell("文" * 200))), Row((label, cell("短"))))
    wide = table(*rows, columns=2)
    assert [row.get("class") for row in written(wide).iter("tr")] == ["tall", None, None]
    narrow = dataclasses.replace(wide, widths=(50, 20))
    assert [row.get("class") for row in written(narrow).iter("tr")] == ["tall", "tall", None]
    lines = table(Row((cell(*["一行"] * 13),)), Row((cell(*["一行"] * 12),)), columns=1)
    assert [row.get("class") for row in written(lines).iter("tr")] == ["tall", None]


def test_a_cell_stands_as_it_should():
    page = written(
        table(
            Row(
                (
                    cell("左"),
                    cell("右", align="right", indent=2),
                    cell("竖", vertical=True),
                    cell("一", "二"),
                )
            ),
            columns=4,
        )
    )
    left, right, vertical, lines = page.iter("td")
    assert dict(left.attrib) == {}
    assert (right.get("class"), right.get("style")) == ("right", "--indent: 2")
    assert vertical.find("div").get("class") == "vertical"
    assert [each.text for each in lines.iter("p")] == ["一", "二"]
    assert page.xpath("//col/@style") == ["width: 25.00%"] * 4


def test_a_cell_says_where_its_text_stands_and_how_it_looks():
    cells = (cell("甲", place="top", align="right", small=True), cell("乙", underline=True))
    page = written(table(Row(cells, height=12), Row((cell("丙"), cell("丁"))), columns=2))
    assert [each.get("class") for each in page.iter("td")] == [
        "right top small",
        "underline",
        None,
        None,
    ]
    assert [each.get("style") for each in page.iter("tr")] == ["height: 12mm", None]


def test_a_picture_stands_below_the_text_of_its_cell():
    seal = read_picture("a", "“局”的<公章>", 30, {"a": png()})
    page = written(table(Row((cell("盖章", picture=seal), cell())), columns=2))
    (image,) = page.iter("img")
    assert (image.get("alt"), image.get("style")) == ("“局”的<公章>", "width: 30mm")
    kind, _, content = image.get("src").partition(",")
    assert (kind, b64decode(content)) == ("data:image/png;base64", seal.data)
    assert next(page.iter("td")).text_content() == "盖章"


def test_a_style_sheet_cannot_end_its_element():
    page = written(edition=dataclasses.replace(EDITION, css="p::after { content: '</style><b>' }"))
    assert page.findtext(".//style").strip() == r"p::after { content: '<\/style><b>' }"


@pytest.mark.parametrize(
    "source", ["\n{{ documnt.name }}", "\n{{ document.nam }}", "\n{{ contents[9].x }}"]
)
def test_a_name_unknown_in_the_page_template_is_an_error_at_its_line(source):
    with pytest.raises(PageTemplateError, match=r"page\.html\.j2:2: ") as caught:
        written(edition=dataclasses.replace(EDITION, page=source))
    assert isinstance(caught.value.__cause__, jinja2.UndefinedError)


def test_a_page_template_cannot_reach_into_python():
    with pytest.raises(PageTemplateError) as caught:
        written(edition=dataclasses.replace(EDITION, page="{{ document.__class__.__mro__ }}"))
    assert isinstance(caught.value.__cause__, jinja2.sandbox.SecurityError)


def test_what_tabs_part_is_set_over_the_line():
    (note,) = written(
        Paragraph((Text("填表人：甲\t日期："), Value("3", "3"), Text("\t电话")), "note")
    ).xpath("//p[contains(@class, 'note')]")
    assert note.get("class") == "note spread"
    assert [each.text_content().strip() for each in note.findall("span")] == [
        "填表人：甲",
        "日期：3",
        "电话",
    ]


def test_texts_of_a_form_that_scrolls_have_a_column_of_some_width():
    long, short = cell("偏差原因分析及改进措施"), cell("得分")
    rows = (
        Row((long, short, *[cell("1")] * 4)),
        Row((cell("很长的文字" * 3, colspan=2), *[cell("1")] * 4)),
    )
    page = written(table(*rows, columns=6))
    assert [each.text_content() for each in page.xpath("//*[contains(@class, 'text')]")] == [
        "偏差原因分析及改进措施"
    ]
    assert written(table(Row((long, short)), columns=2)).xpath("//td[@class='text']") == []


def test_another_process_does_not_compile_the_page_again(tmp_path, monkeypatch):
    def another_process():
        kept = Compiled()
        kept.keep_in(tmp_path)
        monkeypatch.setattr(writer, "COMPILED", kept)

    another_process()
    page = write_html(everything(), EDITION)
    another_process()
    monkeypatch.setattr(FrameEnvironment, "compile", None)
    assert write_html(everything(), EDITION) == page
