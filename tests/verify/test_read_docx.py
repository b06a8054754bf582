from __future__ import annotations

import io
import zipfile

import docx
import pytest
from docx.shared import Pt

from reportgen.verify.docx import read_docx
from reportgen.verify.readback import GridCell


def saved(word):
    data = io.BytesIO()
    word.save(data)
    return data.getvalue()


def test_title_lines_come_first_and_one_by_one():
    word = docx.Document()
    title = word.add_paragraph(style="Title")
    title.add_run("2023年度").add_break()
    title.add_run("自评 报告")
    word.add_heading("一、概况", 1)
    assert read_docx(saved(word)).texts == ("2023年度", "自评报告", "一、概况")


def test_title_that_does_not_come_first_is_read_in_its_place():
    word = docx.Document()
    word.add_paragraph("封面")
    word.add_paragraph("标题", style="Title")
    assert read_docx(saved(word)).texts == ("封面", "标题")


def test_indented_paragraphs_and_lists_are_texts_like_others():
    word = docx.Document()
    word.add_paragraph("缩进").paragraph_format.left_indent = Pt(32)
    word.add_paragraph("列表", style="List Number")
    word.add_paragraph("引文", style="Quote")
    word.add_paragraph(" \t")
    assert read_docx(saved(word)).texts == ("缩进", "列表", "引文")


def test_white_space_of_all_kinds_is_left_out():
    word = docx.Document()
    word.add_paragraph("甲 乙\u3000丙\u00a0丁\t戊\n己\u2028庚")
    assert read_docx(saved(word)).texts == ("甲乙丙丁戊己庚",)


def test_merged_cells_have_their_places_and_spans():
    word = docx.Document()
    table = word.add_table(rows=3, cols=3)
    for number, cell in enumerate(table._cells):
        cell.text = str(number)
    table.cell(0, 0).merge(table.cell(1, 1)).text = "甲"
    table.cell(1, 2).merge(table.cell(2, 2)).text = "乙"
    assert read_docx(saved(word)).tables == (
        (
            GridCell(0, 0, 2, 2, "甲", "row"),  # python-docx has the first column head its rows
            GridCell(0, 2, 1, 1, "2"),
            GridCell(1, 2, 2, 1, "乙"),
            GridCell(2, 0, 1, 1, "6", "row"),
            GridCell(2, 1, 1, 1, "7"),
        ),
    )


def test_text_of_cells_is_not_among_the_texts():
    word = docx.Document()
    word.add_paragraph("前")
    word.add_table(rows=1, cols=1).cell(0, 0).text = "格"
    word.add_paragraph("后")
    found = read_docx(saved(word))
    assert found.texts == ("前", "后")
    assert found.format == "docx"


def test_comments_are_not_text():
    word = docx.Document()
    run = word.add_paragraph("96.61%").runs[0]
    word.add_comment(run, text="批注", author="reportgen")
    assert read_docx(saved(word)).texts == ("96.61%",)


def test_many_rows_are_read():
    word = docx.Document()
    word.add_table(rows=300, cols=1)
    assert len(read_docx(saved(word)).tables[0]) == 300


@pytest.mark.parametrize("data", [b"", b"PK junk", b"<html></html>"], ids=["empty", "cut", "html"])
def test_file_that_is_no_word_file_is_refused(data):
    with pytest.raises(ValueError, match="docx"):
        read_docx(data)


def test_package_without_a_document_is_refused():
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as package:
        package.writestr("x.xml", "<x/>")
    with pytest.raises(ValueError, match="docx"):
        read_docx(data.getvalue())
