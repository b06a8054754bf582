"""PDF files: lines joined to paragraphs, ruled tables as grids, over pages, too."""

from __future__ import annotations

from pathlib import Path

import pylopdf_fonts_zh_cn
import pytest
import typst

from reportgen.model.reading import ReadTable
from reportgen.project.foreign_files import ForeignFileError
from reportgen.reading.pdf import read_pdf

PAGE = """#set page(width: 12cm, height: 10cm, margin: 1cm,
  footer: context align(center, counter(page).display("— 1 —")))
#set text(size: 10pt, font: "Noto Serif SC", lang: "zh")
#set par(first-line-indent: (amount: 2em, all: true), justify: true)
"""


def pdf(body: str) -> bytes:
    fonts = [str(Path(pylopdf_fonts_zh_cn.serif_path()).parent)]
    return typst.compile((PAGE + body).encode(), font_paths=fonts)


def test_lines_are_joined_to_paragraphs() -> None:
    first = (
        "全年收入5296万元，比上年增加4125万元，增长百分之三百五十二，主要是应急物资保障补助。" * 2
    )
    reading = read_pdf("a.pdf", pdf(f"{first}\n\n第二段说的是支出情况，共2851万元。"), 9)
    texts = ["".join(each.text.split()) for each in reading.paragraphs]
    assert texts == [first, "第二段说的是支出情况，共2851万元。"]
    assert [each.span.place for each in reading.paragraphs] == ["g1 p1", "g1 p2"]


def test_a_ruled_table_is_a_grid_with_merged_cells() -> None:
    table = """#table(columns: (3cm, 2cm, 2cm),
      table.cell(rowspan: 2)[项目], table.cell(colspan: 2)[金额],
      [预算], [决算], [合计], [20], [19.5])"""
    (read,) = read_pdf("a.pdf", pdf(table), 9).tables
    assert [(c.text, c.row, c.column, c.rowspan, c.colspan) for c in read.cells] == [
        ("项目", 0, 0, 2, 1),
        ("金额", 0, 1, 1, 2),
        ("预算", 1, 1, 1, 1),
        ("决算", 1, 2, 1, 1),
        ("合计", 2, 0, 1, 1),
        ("20", 2, 1, 1, 1),
        ("19.5", 2, 2, 1, 1),
    ]


def test_a_table_that_goes_on_over_a_page_is_one_without_its_repeated_head() -> None:
    rows = ", ".join(f"[项目{number}], [{number}]" for number in range(1, 31))
    table = f"#table(columns: (3cm, 2cm), table.header([名称], [数]), {rows})"
    (read,) = read_pdf("a.pdf", pdf(table), 9).tables
    assert isinstance(read, ReadTable)
    assert [cell.text for cell in read.cells if cell.column == 1] == ["数", *map(str, range(1, 31))]
    last = read.cells[-1]
    assert last.span.place.split()[1] == "t1r31c2"
    assert last.span.place.split()[0] != "g1"


def test_more_pages_than_the_limit_are_refused() -> None:
    with pytest.raises(ForeignFileError):
        read_pdf("a.pdf", pdf("一\n#pagebreak()\n二\n#pagebreak()\n三"), 2)


def rows_of(read: ReadTable) -> list[list[str]]:
    """Return the texts of a table, a list a row."""
    rows: list[list[str]] = [[] for _ in range(read.height)]
    for cell in read.cells:
        rows[cell.row].append(cell.text)
    return rows


def test_pages_that_rule_other_columns_of_a_table_are_one_table() -> None:
    many = ", ".join(f"[项目{number}], [{number}], [a], [b]" for number in range(1, 12))
    few = ", ".join(f"[说明{number}], table.cell(colspan: 3)[没有]" for number in range(1, 12))
    table = f"#table(columns: (3cm, 2cm, 2cm, 2cm), {many}, {few})"
    (read,) = read_pdf("a.pdf", pdf(table), 9).tables
    assert read.width == 4
    assert [cell.colspan for cell in read.cells if cell.text == "没有"] == [3] * 11


def test_the_head_of_a_part_that_a_page_repeats_is_left_out() -> None:
    rows = ", ".join(f"[项目{number}], [{number}], [a]" for number in range(1, 22))
    table = f"""#table(columns: (3cm, 2cm, 2cm), table.cell(colspan: 3)[全表],
      table.header(level: 2, [名称], [数量], [说明]), {rows})"""
    (read,) = read_pdf("a.pdf", pdf(table), 9).tables
    heads = [row for row in rows_of(read) if row == ["名称", "数量", "说明"]]
    assert (len(heads), read.height) == (1, 23)


def test_a_row_that_a_page_cuts_is_one_row_and_the_next_one_is_not() -> None:
    said = "全年组织开展活动并完善制度，" * 22 + "取得成效。"
    table = f"#table(columns: (2cm, 7cm), [甲], [{said}], [乙], [另一项工作也已完成。])"
    (read,) = read_pdf("a.pdf", pdf(table), 9).tables
    texts = [["".join(text.split()) for text in row] for row in rows_of(read)]
    assert texts == [["甲", said], ["乙", "另一项工作也已完成。"]]


def test_a_numbered_line_that_the_page_cuts_is_no_heading() -> None:
    full = "本段文字把这一页写满，" * 33
    cut = "3.创客中国大赛专项经费64万元，主要用于奖励“创客中国”中小微企业创新创业大赛获奖企业，"
    reading = read_pdf("a.pdf", pdf(f"{full}\n\n{cut}" + "其中一等奖两家。"), 9)
    assert {each.span.place[:2] for each in reading.paragraphs} == {"g1"}
    last = list(reading.paragraphs)[-1]
    assert "".join(last.text.split()).endswith("其中一等奖两家。")
    assert last.level == 0


@pytest.mark.parametrize("unit", ["单位：万元", "（金额单位：元）"])
def test_a_line_that_states_a_unit_is_a_paragraph_of_its_own(unit: str) -> None:
    body = f"""#set par(first-line-indent: 0em)
2023年度专项资金情况表\\ {unit}

#table(columns: (3cm, 2cm), [项目], [决算], [培训], [20])"""
    texts = [each.text for each in read_pdf("a.pdf", pdf(body), 9).paragraphs]
    assert texts == ["2023年度专项资金情况表", unit]


def test_a_sentence_that_begins_a_line_with_a_unit_goes_on() -> None:
    body = (
        "#set par(first-line-indent: 0em)\n各类"
        + "资金" * 16
        + "单位：万元的各表均按此计，详见附件。"
    )
    (text,) = [each.text for each in read_pdf("a.pdf", pdf(body), 9).paragraphs]
    assert text.endswith("单位：万元的各表均按此计，详见附件。")


@pytest.mark.parametrize(
    ("part", "rest", "labels"),
    [
        (
            "（一）全年组织开展活动。（二）完善制度，取得成效。",
            "（三）开展培训。",
            ["职责", "成绩"],
        ),
        (
            "全年组织开展活动并完善制度，取得成效，群众满意。",
            "另一项工作。",
            ["职责", "职责", "成绩"],
        ),
    ],
)
def test_a_row_whose_label_stands_again_on_the_next_page_is_one_row(
    part: str, rest: str, labels: list[str]
) -> None:
    above = f"#table(columns: (2cm, 7cm), [职责], [{part}])"
    below = f"#table(columns: (2cm, 7cm), [职责], [{rest}], [成绩], [完成])"
    (read,) = read_pdf("a.pdf", pdf(f"{above}#pagebreak(){below}"), 9).tables
    assert [row[0] for row in rows_of(read)] == labels
