from __future__ import annotations

import io
from copy import deepcopy
from dataclasses import replace

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import qn

from logged import write
from reportgen.model.document import Cell, Document, Heading, Paragraph, Row, Table, Text
from reportgen.verify.frame_texts import texts_of_frame
from reportgen.verify.outputs import verify
from verify.finished import EDITION
from word_files import NAMESPACES, paragraph, text_box

TABLE = Table("f", "表", (1, 1), (Row((Cell(((Text("项"),),)), Cell(((Text("1"),),)))),))
DOCUMENT = Document(
    ("2024年度", "自评报告"), "zh-CN", "主题", "某局", "2024-06-28", "internal",
    (Heading(1, "一、", (Text("甲"),), "s1"), Paragraph((Text("正文 & <此>。"),)), TABLE),
)  # fmt: skip


def saved(word):
    data = io.BytesIO()
    word.save(data)
    return data.getvalue()


def with_paragraph(word, text):
    return next(each for each in word.paragraphs if text in each.text)


def title_of(word):
    return with_paragraph(word, "title")


def cover(word):
    for text in ("绩效评价报告书", "单位：{{ organization }}", "A & B < C ‘引号’", "{{ date }}"):
        title_of(word).insert_paragraph_before(text)


def titles(word):
    title_of(word).insert_paragraph_before("某市财政局", style="Title")
    title_of(word).insert_paragraph_before("绩效评价报告书", style="Title")


def table(word):
    grid = word.add_table(2, 2)
    for number, text in enumerate(("单位", "{{ organization }}", "日期", "{{ date }}")):
        grid.cell(number // 2, number % 2).text = text
    title_of(word)._p.addprevious(grid._tbl)
    title_of(word).insert_paragraph_before("")


def title_in_a_text(word):
    place = title_of(word)
    place.insert_paragraph_before("《{{ title }}》")
    place._p.getparent().remove(place._p)


def body_without_its_letter(word):
    with_paragraph(word, "body").runs[0].text = "{{ body }}"


def body_in_runs(word):
    place = with_paragraph(word, "body")
    place.runs[0].text = "{"
    for piece in ("{p bo", "dy }", "}"):
        place.add_run(piece)


def behind(word):
    place = with_paragraph(word, "turned").insert_paragraph_before("抄送：{{ name }}")
    with_paragraph(word, "body")._p.addnext(place._p)


def section(word):
    title_of(word).insert_paragraph_before("封面")
    pages = deepcopy(word.element.body.findall(".//" + qn("w:sectPr"))[0])
    title_of(word).insert_paragraph_before("")._p.get_or_add_pPr().append(pages)


def header(word):
    word.sections[0].header.paragraphs[0].text = "{{ title }} {{ organization }}"


def box(word):
    content = text_box(paragraph("文本框 {{ organization }}"))
    place = title_of(word).insert_paragraph_before("甲")
    place._p.addnext(parse_xml(content.replace("<w:p>", f"<w:p {NAMESPACES}>", 1)))


def condition(word):
    for text in ("{%p if organization %}", "有单位", "{%p endif %}"):
        title_of(word).insert_paragraph_before(text)


CHANGES = (
    cover, titles, table, title_in_a_text, body_without_its_letter, body_in_runs, behind, section,
    header, box, condition,
)  # fmt: skip


def made(change):
    word = docx.Document(io.BytesIO(EDITION.frame))
    change(word)
    return saved(word)


def told(frame, common=b""):
    edition = replace(EDITION, frame=frame, common=common)
    files, findings = write(DOCUMENT, edition, ("docx",))
    assert findings == ()
    return verify(DOCUMENT, files, None, frame=frame), files["docx"]


@pytest.mark.parametrize("change", CHANGES)
def test_what_stands_in_a_frame_is_in_the_report_and_expected_there(change):
    assert told(made(change))[0] == ()


def test_any_word_file_with_a_place_for_title_and_body_is_a_frame():
    word = docx.Document()
    word.add_heading("某市财政局", 0)
    for text in ("{{p title }}", "{{p body }}", "附注：由{{ organization }}编制。"):
        word.add_paragraph(text)
    findings, data = told(saved(word), EDITION.frame)
    assert findings == ()
    report = docx.Document(io.BytesIO(data))
    assert report.paragraphs[-1].text == "附注：由某局编制。"
    assert {"公文正文", "公文表格"} <= {style.name for style in report.styles}


def test_text_of_a_frame_that_is_missing_or_changed_is_told():
    frame = made(cover)
    _, data = told(frame)
    word = docx.Document(io.BytesIO(data))
    with_paragraph(word, "报告书").runs[0].text = "绩效评价报告"
    found = verify(DOCUMENT, {"docx": saved(word)}, None, frame=frame)
    assert [each.code for each in found] == ["V101"]


def test_frame_with_its_tags_alone_has_no_text_of_its_own():
    assert texts_of_frame(EDITION.frame) is None


def test_title_in_a_header_is_text_there():
    data = told(made(header))[1]
    word = docx.Document(io.BytesIO(data))
    assert word.sections[0].header.paragraphs[0].text == "2024年度\n自评报告 某局"
