"""Reports that are a bureau's Word file: filled, read by others, withheld in, row by row."""

from __future__ import annotations

import io
import json
import re
import shutil

import docx
import pypdfium2 as pdfium
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from form_projects import FORM, FormProject, names, part
from reportgen.verify.docx import _parse, read_docx
from small_project import SmallProject, spots
from word_files import (
    SECTION,
    R,
    W,
    cell,
    main_part,
    paragraph,
    part_relations,
    row,
    table,
    text_box,
    word_file,
)

DOWN, ON = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c63f8cfc0f01f00050001ff56c72f0d0000000049454e44ae426082"
)


def wide(columns: int) -> str:
    return f'<w:gridSpan w:val="{columns}"/>'


def centred(text: str) -> str:
    return f'<w:p><w:pPr><w:jc w:val="center"/></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>'


def texts(data: bytes) -> list[str]:
    """Return the paragraphs outside tables and the cells, as python-docx reads them."""
    file = docx.Document(io.BytesIO(data))
    found = [each.text for each in file.paragraphs]
    for each in file.tables:
        found += [cell.text for line in each.rows for cell in line.cells]
    return found


LOOP = (
    row("{%tr for f in funds %}", "", ""),
    row("{{ f.name }}", "{{ f.initial | number }}", "{{ f.outturn | number }}"),
    row("{%tr endfor %}", "", ""),
)
SIMPLE = (
    centred("项目支出绩效自评表")
    + paragraph("{{ unit.name }}")
    + paragraph("单位：万元")
    + table(*LOOP)
)


@pytest.fixture
def made(small: SmallProject):
    """Return what makes a project of a form."""

    def make(form: bytes | str = SIMPLE, pack: str = "", report: str = "", **parts: str):
        data = word_file(form, parts) if isinstance(form, str) else form
        return FormProject.of(small, data, pack, report)

    return make


# What is filled in


def test_rows_are_repeated_and_names_filled_in_cells_paragraphs_headers_notes_and_boxes(made):
    body = SIMPLE + text_box(paragraph("框：{{ year }}"))
    project = made(
        body,
        header=paragraph("{{ unit.name }}"),
        footer=paragraph("{{ year }}年度"),
        footnotes=f'<w:footnote w:id="1">{paragraph("注：{{ 规模企业 }}")}</w:footnote>',
    )
    data = project.filled()
    assert texts(data)[:2] == ["项目支出绩效自评表", "示例市示例局"]
    assert [each for each in texts(data) if "经费" in each] == ["业务培训经费", "行业普查经费"]
    assert "示例市示例局" in part(data, "word/header.xml")
    assert "2023年度" in part(data, "word/footer.xml")
    assert "注：12家" in part(data, "word/footnotes.xml")
    assert part(data).count("框：2023") == 2  # once for older programs
    assert "{" not in part(data)


def test_page_and_pdf_follow_from_the_form(made):
    outcome = made().build("docx", "html", "pdf")
    assert spots(outcome.findings) == []
    page = outcome.files["sheet.html"].decode()
    assert "<h1" in page and "项目支出绩效自评表" in page
    assert "业务培训经费" in page and "18.4" in page


def test_figures_of_a_form_have_their_cells_as_places(made):
    outcome = made().build("docx")
    figures = json.loads(outcome.files["sheet.figures.json"])
    places = {each["key"]: each["places"] for each in figures}
    assert places["funds.training.outturn"] == [
        {"text": "18.4", "where": "项目支出绩效自评表 sheet r1c3"}
    ]


def test_comments_explain_figures_in_runs_that_keep_their_look(made):
    bold = "<w:rPr><w:b/></w:rPr>"
    body = f"<w:p><w:r>{bold}<w:t>共{{{{ 规模企业 }}}}。</w:t></w:r></w:p>"
    data = made(body).filled(comments="all")
    assert "规模企业" in part(data, "word/comments.xml")
    assert f'<w:commentRangeStart w:id="0"/><w:r>{bold}' in part(data)
    assert "共12家。" in texts(data)
    assert read_docx(data).texts == ("共12家。",)


# As bureaus make them: 12 kinds of forms, each read by pandoc and by python-docx

PHOTO = (
    '<w:p><w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/'
    'wordprocessingDrawing"><wp:extent cx="9525" cy="9525"/>'
    '<wp:docPr id="1" name="章" descr="印章"/>'
    '<a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:graphicData'
    ' uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic'
    ' xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:nvPicPr>'
    '<pic:cNvPr id="1" name="seal.png"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill>'
    '<a:blip r:embed="rIdseal"/></pic:blipFill><pic:spPr/></pic:pic></a:graphicData></a:graphic>'
    "</wp:inline></w:drawing></w:r></w:p>"
)
WPS = (
    '<w:p><w:pPr><w:keepNext w:val="0"/></w:pPr><w:r><w:rPr><w:rFonts w:hint="eastAsia"/>'
    '<w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr><w:t>{{</w:t></w:r><w:r><w:rPr>'
    '<w:rFonts w:hint="default"/></w:rPr><w:t xml:space="preserve"> 规模</w:t></w:r>'
    '<w:bookmarkStart w:id="0" w:name="_GoBack"/><w:bookmarkEnd w:id="0"/>'
    "<w:r><w:t>企业 }</w:t></w:r><w:r><w:t>}</w:t></w:r></w:p>"
)
LANDSCAPE = (
    '<w:sectPr><w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/><w:pgMar w:top="1134"'
    ' w:right="1134" w:bottom="1134" w:left="1134" w:header="851" w:footer="992" w:gutter="0"/>'
    "</w:sectPr>"
)
HEIGHT = '<w:trPr><w:trHeight w:val="800" w:hRule="exact"/><w:tblHeader/></w:trPr>'
FORMS = {
    "merged down": table(
        row(cell("甲", properties=DOWN), "{{ 规模企业 }}"), row(cell("", properties=ON), "乙")
    ),
    "merged across": table(row(cell("{{ 规模企业 }}", properties=wide(3))), row("a", "b", "c")),
    "merged both ways": table(
        row(cell("甲", properties=wide(2) + DOWN), "一"),
        row(cell("", properties=wide(2) + ON), "{{ 规模企业 }}"),
        row("1", "2", "3"),
    ),
    "nested": table(row("外", cell(table(row("内", "{{ 规模企业 }}")), "<w:p/>"))),
    "text box": text_box(table(row("框", "{{ 规模企业 }}"))) + paragraph("后"),
    "tick boxes": paragraph("□是 √否 {{ 规模企业 }}"),
    "signature lines": paragraph("负责人：________　　日期：　年　月　日 {{ 规模企业 }}"),
    "split runs": paragraph("{", "{ 规", "模企", "业 }", "}"),
    "WPS markup": WPS,
    "directive before a table": paragraph("{%p if year %}")
    + table(row("{{ 规模企业 }}"))
    + paragraph("{%p endif %}"),
    "heights and head rows": table(
        row("头", properties=HEIGHT), row("{{ 规模企业 }}", properties="")
    ),
    "short properties": table(
        "<w:tr><w:tc><w:tcPr/><w:p><w:r><w:t>{{ 规模企业 }}</w:t></w:r></w:p></w:tc></w:tr>"
    ),
    "content control": "<w:sdt><w:sdtPr/><w:sdtContent>"
    + paragraph("{{ 规模企业 }}")
    + "</w:sdtContent></w:sdt>",
    "inserted and deleted": '<w:p><w:ins w:id="1" w:author="某人"><w:r>'
    "<w:t>{{ 规模企业 }}</w:t></w:r></w:ins>"
    '<w:del w:id="2" w:author="某人"><w:r><w:delText>旧</w:delText></w:r></w:del></w:p>',
    "ampersand behind a value": paragraph("{{ 规模企业 }} &amp; &lt;其他&gt;"),
    "vm twice": table(
        row("{%tr for f in funds %}", ""),
        row("{% vm %}合计", "{% vm %}{{ 规模企业 }}"),
        row("{%tr endfor %}", ""),
        row("尾", "尾"),
        widths=(1000, 1000),
    ),
    "cells in a loop": table(
        row("{%tc for f in funds %}", "{{ f.name }}", "{%tc endfor %}"),
        row(cell("{{ 规模企业 }}", properties=wide(3))),
    ),
}


@pytest.mark.parametrize("kind", FORMS)
def test_forms_as_bureaus_make_them_are_filled_and_read_by_others(made, kind):
    data = made(FORMS[kind]).filled()
    assert any("12家" in text for text in texts(data)) or "12家" in part(data)
    assert "{" not in part(data)
    _parse(data)  # by pandoc
    etree.fromstring(part(data).encode())


def test_a_landscape_section_and_a_seal_stay(made, small):
    types = '<Default Extension="png" ContentType="image/png"/>'
    form = word_file(SIMPLE + PHOTO, section=LANDSCAPE, members={"word/media/seal.png": PNG})
    relation = (
        '<Relationship Id="rIdseal" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        'relationships/image" Target="media/seal.png"/></Relationships>'
    )
    members = {
        "word/_rels/document.xml.rels": part(form, "word/_rels/document.xml.rels")
        .replace("</Relationships>", relation)
        .replace(
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"/>',
            "",
        )
        .encode(),
        "word/media/seal.png": PNG,
    }
    assert types in part(form, "[Content_Types].xml")
    data = made(word_file(SIMPLE + PHOTO, section=LANDSCAPE, members=members)).filled()
    assert "word/media/seal.png" in names(data)
    assert LANDSCAPE.removeprefix("<w:sectPr>") in part(data)


def test_what_vm_merges_is_one_cell_and_the_rest_of_the_table_stays(made):
    data = made(FORMS["vm twice"]).filled()
    (grid,) = read_docx(data).tables
    assert [(each.text, each.rowspan) for each in grid] == [
        ("合计", 3),
        ("12家", 3),
        ("尾", 1),
        ("尾", 1),
    ]


def test_hm_makes_one_cell_of_a_loop(made):
    body = table(
        row("{%tc for f in funds %}", "{% hm %}合", "{%tc endfor %}"),
        row("1", "2", "3"),
    )
    (grid,) = read_docx(made(body).filled()).tables
    assert (grid[0].text, grid[0].colspan) == ("合", 3)


def test_a_loop_over_nothing_leaves_a_file_that_word_opens(made):
    none = 'if year == "1999" %}'
    inner = table(row(f"{{%tr {none}"), row("{{ year }}"), row("{%tr endif %}"))
    body = table(row(cell(inner), cell(f"{{%p {none}", "x", "{%p endif %}"))) + inner
    data = made(body + paragraph("尾")).filled()
    root = etree.fromstring(part(data).encode())
    for holder in root.iter("{*}tc"):
        assert holder[-1].tag.endswith("}p")
    assert not [each for each in root.iter("{*}tbl") if each.find("{*}tr") is None]


def test_row_formats_are_repeated_with_rows(made):
    high = '<w:trPr><w:trHeight w:val="567"/></w:trPr>'
    body = table(LOOP[0], row("{{ f.name }}", "", "", properties=high), LOOP[2])
    assert part(made(body).filled()).count(high) == 3


# Literally, byte for byte

TEXTS = st.text("中文，。“”&<>\"'%#[]0123 _a*|\\é㐀𠮷\u3000", min_size=1, max_size=12)
"""Texts that a cell may be given: what is markup in XML, Word or Markdown, and not."""


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def by_hand(form: bytes) -> str:
    """Return the body of a form of `SIMPLE` as a person would have filled it."""
    wanted = main_part(form).replace("{{ unit.name }}", "示例市示例局")
    start, end = wanted.index(LOOP[0]), wanted.index(LOOP[2]) + len(LOOP[2])
    rows: list[str] = []
    for name, initial, outturn in (
        ("业务培训经费", "20", "18.4"),
        ("行业普查经费", "12.5", "12.5"),
        ("产业链专项资金", "100", "96.3"),
    ):
        filled = LOOP[1].replace("{{ f.name }}", name).replace("{{ f.initial | number }}", initial)
        rows.append(filled.replace("{{ f.outturn | number }}", outturn))
    return wanted[:start] + "".join(rows) + wanted[end:]


def test_nothing_but_the_tags_is_changed(made):
    form = word_file(SIMPLE, {"header": paragraph("{{ year }}")})
    assert part(made(form).filled()) == by_hand(form)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TEXTS.filter(lambda text: text == text.strip()), TEXTS)
def test_any_text_comes_out_literally_and_all_else_byte_for_byte(made, value, fixed):
    shown = escaped(fixed)
    form = word_file(SIMPLE + table(row(f"{shown}{{{{ 甲 }}}}{shown}", "乙")))
    fact = json.dumps(value, ensure_ascii=False)
    data = made(form, report=f"facts:\n  甲: {fact}\n").filled()
    assert part(data) == by_hand(form).replace("{{ 甲 }}", escaped(value))


# What the file brings along

TRACES = (
    '<w:p w:rsidR="00AB12CD" w:rsidRDefault="00AB12CD"><!-- 某人 --><w:commentRangeStart w:id="0"/>'
    "<w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏</w:t></w:r><w:r><w:t>留</w:t></w:r>"
    '<w:commentRangeEnd w:id="0"/><w:r><w:commentReference w:id="0"/></w:r>'
    '<w:permStart w:id="1" w:ed="someone@example.org"/><w:permEnd w:id="1"/></w:p>'
)


def test_traces_of_people_are_in_no_file_of_any_audience(made):
    extra = {
        "docProps/core.xml": "<x>某作者</x>".encode(),
        "docProps/app.xml": "<Company>某公司</Company>".encode(),
        "customXml/item1.xml": b"<x>secret</x>",
        "word/comments.xml": b"<x>secret</x>",
        "word/vbaProject.bin": b"macro",
    }
    project = made(word_file(TRACES + SIMPLE, members=extra))
    for audience in ("internal", "submit", "public"):
        data = project.filled(audience=audience)
        everything = "".join(part(data, name) for name in names(data))
        for trace in ("rsid", "隐藏", "某", "secret", "macro", "someone", "comment"):
            assert trace not in everything, trace
        assert "留" in texts(data)
        assert "<dc:title>项目支出绩效自评表</dc:title>" in part(data, "docProps/core.xml")


def test_fonts_and_packed_shapes_of_the_file_stay_out(made):
    shape = (
        '<w:p><w:r><w:pict><v:rect o:gfxdata="UEsDB旧文字" style="width:1pt"/></w:pict></w:r></w:p>'
    )
    shape = shape.replace("<w:p>", '<w:p xmlns:o="urn:schemas-microsoft-com:office:office">')
    fonts = (
        '<w:fonts xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
        f' xmlns:r="{R}"><w:font w:name="甲"><w:embedRegular r:id="rId1"/></w:font></w:fonts>'
    )
    relation = f'<Relationship Id="rId1" Type="{R}/font" Target="fonts/font1.odttf"/>'
    members = {
        "word/fontTable.xml": fonts.encode(),
        "word/_rels/fontTable.xml.rels": part_relations(relation),
        "word/fonts/font1.odttf": b"\xdf\xce",
        "word/_rels/document.xml.rels": part_relations(
            f'<Relationship Id="rId1" Type="{R}/fontTable" Target="fontTable.xml"/>'
        ),
    }
    data = made(word_file(SIMPLE + shape, members=members)).filled(audience="public")
    assert "旧文字" not in part(data)
    assert "甲" in part(data, "word/fontTable.xml")
    assert "word/fonts/font1.odttf" not in names(data)


def test_the_same_form_gives_the_same_bytes(made):
    project = made(word_file(TRACES + SIMPLE, {"header": paragraph("{{ unit.name }}")}))
    once = project.filled()
    shutil.rmtree(project.small.root / "build")
    assert project.filled() == once


# What is wrong


def test_an_unknown_name_is_told_at_the_cell_that_a_person_sees_with_names_like_it(made):
    body = SIMPLE + table(row("甲", "{{ 规模企也 }}"), row("{{ unit.nam }}", "乙"))
    outcome = made(body).build("docx")
    told = [
        (each.code, each.span.place, each.params["near"])
        for each in outcome.findings
        if each.severity == "error"
    ]
    assert told == [("T102", "t2r1c2", "规模企业"), ("T102", "t2r2c1", "unit.name")]


def test_an_error_in_a_header_is_told_there(made):
    outcome = made(SIMPLE, header=paragraph("页眉") + paragraph("{{ nix }}")).build("docx")
    assert [each.span.place for each in outcome.findings if each.severity == "error"] == ["h1 p2"]


@pytest.mark.parametrize("data", [b"", b"\xd0\xcf\x11\xe0", b"PK\x03\x04broken"])
def test_a_form_that_is_no_word_file_is_told(made, data):
    assert spots(made(data).build("docx").findings) == [("T140", FORM, 0, 0)]


@pytest.mark.parametrize("prefix", ["x:", ""], ids=["another prefix", "none"])
def test_a_form_whose_elements_have_other_names_is_filled_as_any(made, prefix):
    usual = part(word_file(SIMPLE))
    other = usual.replace("<w:", f"<{prefix}").replace("</w:", f"</{prefix}").replace(" w:", " y:")
    other = other.replace("xmlns:w=", f'xmlns:y="{W}" xmlns{prefix and ":x"}=')
    strange = word_file(SIMPLE, members={"word/document.xml": other.encode()})
    assert texts(made(strange).filled()) == texts(made(word_file(SIMPLE)).filled())


def test_a_form_that_is_missing_is_told(small):
    project = FormProject.of(small, b"")
    (small.root / FORM).unlink()
    codes = [each.code for each in project.build("docx").findings if each.severity == "error"]
    assert codes == ["L100"]


def test_a_pack_of_a_form_must_name_it(small):
    project = FormProject.of(small, word_file(SIMPLE))
    small.replace("templates/small-form/pack.yaml", "form: sheet\n", "")
    assert [each.code for each in project.build("docx").findings] == ["S201"]


# Withheld

OWN = """facts:
  秘密数: 77.7万元
tables:
  items:
    - {id: a, name: 甲组仪器, 数: 31.4万元}
    - {id: b, name: 乙组仪器, 数: 62.5万元}
"""
ITEMS = (
    centred("表名")
    + paragraph("{{ 秘密数 }}、甲组仪器")
    + table(
        row("名称", "数", "备注"),
        row("{%tr for item in items %}", "", ""),
        row("{{ item.name }}", "{{ item.数 }}", "无"),
        row("{%tr endfor %}", "", ""),
        row("尾", "", ""),
    )
)


def ruled(kind: str, *lines: str) -> str:
    ground = "reason: 涉密, basis: 条例, audience: [public]"
    listed = "".join(f"    - {{{line}, {ground}}}\n" for line in lines)
    return f"{OWN}disclosure:\n  {kind}:\n{listed}"


def everything(data: bytes) -> str:
    return "".join(part(data, name) for name in names(data))


def test_a_withheld_figure_is_in_no_public_file(made):
    data = made(ITEMS, report=ruled("withhold", "key: 秘密数")).filled(audience="public")
    assert "77.7" not in everything(data)
    assert "、甲组仪器" in texts(data)


def test_a_replaced_term_is_replaced_wherever_it_stands_in_its_own_look(made):
    bold = "<w:rPr><w:b/></w:rPr>"
    cut = f"<w:p><w:r>{bold}<w:t>见甲组</w:t></w:r><w:r><w:t>仪器。</w:t></w:r></w:p>"
    project = made(
        ITEMS + cut + text_box(paragraph("框里的甲组仪器")),
        report=ruled("replace", "term: 甲组仪器, shown: 某设备"),
        header=paragraph("甲组仪器专用"),
    )
    data = project.filled(audience="public")
    assert "甲组" not in everything(data)
    assert "77.7万元、某设备" in texts(data)
    assert f"<w:r>{bold}<w:t>见某设备</w:t></w:r><w:r><w:t>。</w:t></w:r>" in part(data)
    assert part(data).count("框里的某设备") == 2
    assert "某设备专用" in part(data, "word/header.xml")


def test_a_withheld_column_is_taken_out_of_the_table(made):
    data = made(ITEMS, report=ruled("withhold", "form: sheet, column: 数")).filled(
        audience="public"
    )
    (grid,) = read_docx(data).tables
    assert [(each.text, each.colspan) for each in grid] == [
        *(("名称", 1), ("备注", 1), ("甲组仪器", 1), ("无", 1)),
        *(("乙组仪器", 1), ("无", 1), ("尾", 1), ("", 1)),
    ]


def test_a_withheld_row_is_taken_out_of_the_table(made):
    report = ruled("withhold", "form: sheet, row: 尾")
    (grid,) = read_docx(made(ITEMS, report=report).filled(audience="public")).tables
    assert "尾" not in [each.text for each in grid]


def test_a_withheld_form_is_one_sentence(made):
    data = made(ITEMS, report=ruled("withhold", "form: sheet")).filled(audience="public")
    assert texts(data)[-1] == "本表依法不予公开。"
    assert "31.4" not in everything(data)


# Row by row

EACH = (
    centred("项目支出绩效自评表")
    + table(row("项目名称", "{{ row.name }}"), row("决算数", "{{ row.outturn }}"), widths=(1, 1))
    + paragraph("填表人：")
)


def test_each_row_has_files_of_its_own_and_one_file_has_all(made):
    project = made(EACH, "each: funds\n", header=paragraph("{{ row.name }}"))
    outcome = project.build("docx", "html", "pdf")
    assert spots(outcome.findings) == []
    words = sorted(name for name in outcome.files if name.endswith(".docx"))
    assert words == [
        "sheet.chains.docx",
        "sheet.docx",
        "sheet.survey.docx",
        "sheet.training.docx",
    ]
    assert "96.3万元" in texts(outcome.files["sheet.chains.docx"])
    assert "业务培训经费" not in part(outcome.files["sheet.chains.docx"])
    every = outcome.files["sheet.docx"]
    assert [text for text in texts(every) if text.endswith("万元")] == [
        "18.4万元",
        "12.5万元",
        "96.3万元",
    ]
    assert part(every).count("<w:sectPr>") == 3
    headers = [part(every, name) for name in names(every) if "header" in name]
    assert len(headers) == 3


def test_sheets_number_their_notes_through(made):
    reference = '<w:p><w:r><w:footnoteReference w:id="2"/></w:r></w:p>'
    notes = (
        '<w:footnote w:type="separator" w:id="0"><w:p/></w:footnote>'
        f'<w:footnote w:id="2">{paragraph("{{ row.name }}")}</w:footnote>'
    )
    data = made(EACH + reference, "each: funds\n", footnotes=notes).filled()
    referred = re.findall(r'footnoteReference w:id="(\d+)"', part(data))
    there = re.findall(r'<w:footnote w:id="(\d+)"', part(data, "word/footnotes.xml"))
    assert len(set(referred)) == 3
    assert referred == there


def test_a_table_that_is_none_is_told(made):
    outcome = made(EACH, "each: nix\n").build("docx")
    assert [each.code for each in outcome.findings if each.severity == "error"] == ["T102"]


def test_section_of_the_file_is_that_of_every_sheet(made):
    assert part(made(EACH, "each: funds\n").filled()).count(SECTION.removeprefix("<w:sectPr>")) == 3


TURNED = SECTION.replace('w:w="11906" w:h="16838"', 'w:w="16838" w:h="11906"')


def pages(data: bytes) -> list[tuple[str, str]]:
    """Return how each page of a PDF lies, and its text without white space."""
    file = pdfium.PdfDocument(data)
    found = []
    for page in file:
        words = "".join(page.get_textpage().get_text_range().split())
        found.append(("landscape" if page.get_width() > page.get_height() else "portrait", words))
    return found


@pytest.mark.parametrize("orient", ['w:orient="landscape" ', ""], ids=["said", "by its measures"])
def test_pages_of_a_landscape_form_lie_on_their_sides_in_pdf_and_print(made, orient):
    section = TURNED.replace("<w:pgSz ", f"<w:pgSz {orient}")
    outcome = made(word_file(SIMPLE, section=section)).build("html", "pdf")
    assert spots(outcome.findings) == []
    ((lies, words),) = pages(outcome.files["sheet.pdf"])
    assert lies == "landscape"
    assert words.startswith("—1—项目支出绩效自评表")
    assert '<article class="landscape">' in outcome.files["sheet.html"].decode()


def test_each_section_of_a_form_lies_as_in_the_file(made):
    upright = f"<w:p><w:pPr>{SECTION}</w:pPr></w:p>"
    body = SIMPLE + upright + paragraph("附表") + table(*LOOP)
    outcome = made(word_file(body, section=TURNED)).build("html", "pdf")
    assert [lies for lies, _ in pages(outcome.files["sheet.pdf"])] == ["portrait", "landscape"]
    page = outcome.files["sheet.html"].decode()
    assert "<article>" in page and page.index("单位：万元") < page.index('<div class="landscape">')


def test_sheets_of_a_landscape_form_all_lie_on_their_sides(made):
    form = word_file(centred("自评表") + table(row("{{ row.name }}", "")), section=TURNED)
    outcome = made(form, pack="each: funds\n").build("pdf")
    whole = pages(outcome.files["sheet.pdf"])
    assert [lies for lies, _ in whole] == ["landscape"] * 3
    assert [words[3:6] for _, words in whole] == ["自评表"] * 3


def field(code: str, data: str) -> str:
    """Return a field to fill in, as older Word files have them."""
    begin = f'<w:r><w:fldChar w:fldCharType="begin"><w:ffData>{data}</w:ffData></w:fldChar></w:r>'
    code = f"<w:r><w:instrText> {code} </w:instrText></w:r>"
    return f'{begin}{code}<w:r><w:fldChar w:fldCharType="end"/></w:r>'


OFF, ON_BY_DEFAULT = '<w:default w:val="0"/>', "<w:default/>"
CHOICES = '<w:result w:val="1"/><w:listEntry w:val="否"/><w:listEntry w:val="是"/>'
CONTENT_CONTROL = (
    '<w:sdt><w:sdtPr><w14:checkbox xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml">'
    '<w14:checked w14:val="1"/></w14:checkbox></w:sdtPr>'
    "<w:sdtContent><w:r><w:t>☒</w:t></w:r></w:sdtContent></w:sdt>"
)
CONTROLS = {
    "box": (field("FORMCHECKBOX", f"<w:checkBox>{OFF}</w:checkBox>"), "☐"),
    "by default": (field("FORMCHECKBOX", f"<w:checkBox>{ON_BY_DEFAULT}</w:checkBox>"), "☑"),
    "ticked": (field("FORMCHECKBOX", f"<w:checkBox>{OFF}<w:checked/></w:checkBox>"), "☑"),
    "list": (field("FORMDROPDOWN", f"<w:ddList>{CHOICES}</w:ddList>"), "是"),
    "content control": (CONTENT_CONTROL, "☒"),
}


@pytest.mark.parametrize(("control", "shown"), CONTROLS.values(), ids=CONTROLS)
def test_boxes_and_lists_to_choose_from_are_shown_on_page_and_pdf(made, control, shown):
    body = SIMPLE + f"<w:p><w:r><w:t>重大变更：</w:t></w:r>{control}</w:p>"
    outcome = made(body).build("docx", "html", "pdf")
    assert spots(outcome.findings) == []
    assert control in part(outcome.files["sheet.docx"])
    assert f"重大变更：{shown}" in outcome.files["sheet.html"].decode()
    assert f"重大变更：{shown}" in pages(outcome.files["sheet.pdf"])[0][1]


def test_end_notes_are_filled_and_stand_behind_the_text(made):
    mark = '<w:p><w:r><w:t>有注</w:t></w:r><w:r><w:endnoteReference w:id="2"/></w:r></w:p>'
    note = "<w:r><w:endnoteRef/></w:r><w:r><w:t>{{ unit.name }}填。</w:t></w:r>"
    line = '<w:endnote w:type="separator" w:id="0"><w:p><w:r><w:separator/></w:r></w:p></w:endnote>'
    notes = f'{line}<w:endnote w:id="2"><w:p>{note}</w:p></w:endnote>'
    outcome = made(SIMPLE + mark, endnotes=notes).build("docx", "html")
    assert spots(outcome.findings) == []
    assert "示例市示例局填。" in part(outcome.files["sheet.docx"], "word/endnotes.xml")
    page = outcome.files["sheet.html"].decode()
    assert page.index("有注") < page.index("示例市示例局填。")


@pytest.mark.parametrize("kind", ["chart", "aFChunk"])
def test_what_the_pages_show_and_no_report_can_is_told_by_a_build(made, kind):
    form = word_file(SIMPLE)
    relation = f'<Relationship Id="rIdx" Type="{R}/{kind}" Target="part.xml"/>'
    members = {"word/_rels/document.xml.rels": part_relations(relation), "word/part.xml": b"<x/>"}
    outcome = made(word_file(SIMPLE, members=members)).build("docx")
    assert [each.code for each in outcome.findings] == ["P322"]
    assert spots(made(form).build("docx").findings) == []


def test_texts_quoted_as_cdata_are_filled(made):
    usual = part(word_file(SIMPLE))
    quoted = usual.replace("{{ unit.name }}", "<![CDATA[{{ unit.name }} <&>]]>").encode()
    data = made(word_file(SIMPLE, members={"word/document.xml": quoted})).filled()
    assert "示例市示例局 <&>" in texts(data)


NUMBERING = (
    '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
    '<w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/></w:lvl></w:abstractNum>'
    '<w:num w:numId="5"><w:abstractNumId w:val="0"/></w:num>'
)


def item(text: str) -> str:
    """Return a paragraph that Word numbers."""
    place = '<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="5"/></w:numPr></w:pPr>'
    return f"<w:p>{place}<w:r><w:t>{text}</w:t></w:r></w:p>"


NUMBERED = (
    SIMPLE
    + item("概况")
    + item("{{ unit.name }}的情况")
    + table(row(cell(item("")), "甲"), row(cell(item("")), "乙"))
)


def test_what_word_numbers_by_itself_is_numbered_on_page_and_pdf(made):
    outcome = made(NUMBERED, numbering=NUMBERING).build("docx", "html", "pdf")
    assert spots(outcome.findings) == []
    page = outcome.files["sheet.html"].decode()
    for text in ("一、概况", "二、示例市示例局的情况", "三、", "四、"):
        assert text in page
        assert text in "".join(words for _, words in pages(outcome.files["sheet.pdf"]))
    assert "一、" not in part(outcome.files["sheet.docx"])


def test_a_term_is_replaced_in_what_word_numbers(made, small):
    pack = "disclosure:\n  replace:\n    - {term: 概况, shown: 情况, reason: 统一口径}\n"
    data = made(NUMBERED, pack, numbering=NUMBERING).filled(audience="public")
    assert "<w:t>情况</w:t>" in part(data)


def test_a_row_withheld_leaves_the_numbers_of_the_others_as_they_are(made):
    body = table(row(cell(item("甲")), "1"), row(cell(item("乙")), "2"), row(cell(item("丙")), "3"))
    pack = "disclosure:\n  withhold:\n    - {form: sheet, row: 乙, reason: 不公开}\n"
    outcome = made(body, pack.replace("乙", "二、乙"), numbering=NUMBERING).build(
        "docx", "html", audience="public"
    )
    assert spots(outcome.findings) == []
    assert "三、丙" in part(outcome.files["sheet.docx"])
    assert "三、丙" in outcome.files["sheet.html"].decode()


def test_each_sheet_numbers_anew(made):
    body = centred("自评表") + item("{{ row.name }}")
    outcome = made(body, "each: funds\n", numbering=NUMBERING).build("docx", "html")
    assert spots(outcome.findings) == []
    assert outcome.files["sheet.html"].decode().count("一、") == 3
    lists = part(outcome.files["sheet.docx"], "word/numbering.xml")
    assert re.findall(r'<w:num w:numId="(\d+)"', lists) == ["5", "10005", "20005"]
    used = re.findall(r'<w:numId w:val="(\d+)"', part(outcome.files["sheet.docx"]))
    assert used == ["5", "10005", "20005"]
