from __future__ import annotations

from lxml import etree

from reportgen.wordfile.package import WordFile
from reportgen.wordfile.paragraphs import text_of
from reportgen.wordfile.tables import WordTable, is_on, read_table
from word_files import cell, row, table, word_file

DOWN = '<w:vMerge w:val="restart"/>'
ON = "<w:vMerge/>"


def read(*rows: str, widths: tuple[int, ...] = (1000, 2000, 3000)) -> WordTable:
    part = WordFile.read(word_file(table(*rows, widths=widths))).part("word/document.xml")
    return read_table(next(part.root.iter(f"{part.namespace}tbl")))


def grid(found: WordTable) -> list[tuple[str, int, int, int, int]]:
    cells = []
    for each in found.cells:
        text = "".join(map(text_of, each.element.iter("{*}p")))
        cells.append((text, each.row, each.column, each.rowspan, each.colspan))
    return cells


def span(columns: int) -> str:
    return f'<w:gridSpan w:val="{columns}"/>'


def test_cells_merged_down_and_across_are_one() -> None:
    found = read(
        row(cell("甲", properties=span(2) + DOWN), "乙"),
        row(cell("", properties=span(2) + ON), "丙"),
        row("丁", "戊", "己"),
    )
    assert grid(found) == [
        ("甲", 0, 0, 2, 2),
        ("乙", 0, 2, 1, 1),
        ("丙", 1, 2, 1, 1),
        ("丁", 2, 0, 1, 1),
        ("戊", 2, 1, 1, 1),
        ("己", 2, 2, 1, 1),
    ]
    assert found.widths == [1000, 2000, 3000]


def test_two_merges_below_each_other_are_two() -> None:
    found = read(
        row(cell("甲", properties=DOWN), "1"),
        row(cell("", properties=ON), "2"),
        row(cell("乙", properties=DOWN), "3"),
        row(cell("", properties=ON), "4"),
        widths=(1, 1),
    )
    assert [each for each in grid(found) if each[0] in "甲乙"] == [
        ("甲", 0, 0, 2, 1),
        ("乙", 2, 0, 2, 1),
    ]


def test_a_merge_of_another_width_than_what_stands_above_begins_anew() -> None:
    found = read(row(cell("甲", properties=DOWN), "1"), row(cell("乙", properties=span(2) + ON)))
    assert ("乙", 1, 0, 1, 2) in grid(found)


def test_old_marks_of_merges_to_the_right_are_read() -> None:
    found = read(
        row(
            cell("甲", properties='<w:hMerge w:val="restart"/>'),
            cell("", properties="<w:hMerge/>"),
            "乙",
        )
    )
    assert grid(found) == [("甲", 0, 0, 1, 2), ("乙", 0, 2, 1, 1)]


def test_rows_may_begin_beside_the_grid_and_grids_be_too_short() -> None:
    before = '<w:trPr><w:gridBefore w:val="1"/></w:trPr>'
    found = read(row("甲", "乙", properties=before), row("丙", "丁", "戊"), widths=(700,))
    assert grid(found)[0] == ("甲", 0, 1, 1, 1)
    assert found.widths == [700, 700, 700]


def test_rows_in_content_controls_are_found() -> None:
    control = "<w:sdt><w:sdtPr/><w:sdtContent>{}</w:sdtContent></w:sdt>"
    found = read(control.format(row(cell("甲"), "乙")))
    assert [each[0] for each in grid(found)] == ["甲", "乙"]


def test_spans_have_an_end() -> None:
    found = read(row(cell("甲", properties=span(10**9))))
    assert found.cells[0].colspan == 1000


def test_a_property_is_on_unless_it_says_otherwise() -> None:
    ns = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    properties = etree.fromstring(f'<w:trPr {ns}><w:tblHeader/><w:cantSplit w:val="0"/></w:trPr>')
    assert is_on(properties, "tblHeader")
    assert not is_on(properties, "cantSplit")
    assert not is_on(None, "tblHeader")
