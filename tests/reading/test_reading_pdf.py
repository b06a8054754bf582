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
