"""Word files as paragraphs and grids, with places that a person can see."""

from __future__ import annotations

import io

import docx
import pytest

from reportgen.model.reading import ReadTable
from reportgen.project.foreign_files import ForeignFileError
from reportgen.reading.docx import read_docx


def word(document: docx.document.Document) -> bytes:
    output = io.BytesIO()
    document.save(output)
    return output.getvalue()


def test_paragraphs_tables_headers_stand_in_order() -> None:
    document = docx.Document()
    document.add_heading("总体情况", 1)
    document.add_paragraph("")
    document.add_paragraph("全年支出2851万元。")
    table = document.add_table(3, 3)
    table.cell(0, 0).merge(table.cell(1, 0)).text = "项目"
    table.cell(0, 1).merge(table.cell(0, 2)).text = "金额"
    table.cell(2, 2).text = "12"
    document.add_paragraph("（一）收入情况")
    document.sections[0].header.paragraphs[0].text = "内部资料"
    reading = read_docx("报告.docx", word(document))
    said = [(each.text, each.level, each.span.place, each.part) for each in reading.paragraphs]
    assert said == [
        ("总体情况", 1, "p1", ""),
        ("全年支出2851万元。", 0, "p2", ""),
        ("（一）收入情况", 2, "p3", ""),
        ("内部资料", 0, "h1 p1", "header"),
    ]
    assert isinstance(reading.blocks[2], ReadTable)
    cells = [
        (each.text, each.row, each.column, each.rowspan, each.colspan, each.span.place)
        for each in reading.blocks[2].cells
        if each.text
    ]
    assert cells == [
        ("项目", 0, 0, 2, 1, "t1r1c1"),
        ("金额", 0, 1, 1, 2, "t1r1c2"),
        ("12", 2, 2, 1, 1, "t1r3c3"),
    ]


def test_a_table_within_a_cell_is_a_part_of_its_text() -> None:
    document = docx.Document()
    outer = document.add_table(1, 2)
    outer.cell(0, 0).text = "说明"
    outer.cell(0, 0).add_table(1, 1).cell(0, 0).text = "里面"
    outer.cell(0, 1).text = "右边"
    (table,) = read_docx("a.docx", word(document)).tables
    texts = [each.text.split() for each in table.cells]
    assert texts == [["说明", "里面"], ["右边"]]


def test_what_is_no_word_file_is_refused() -> None:
    with pytest.raises(ForeignFileError):
        read_docx("a.docx", b"PK\x03\x04 no zip")
