"""Plain text in the encodings of the field, with tables by tabs."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.model.reading import ReadParagraph, ReadTable
from reportgen.reading.text import heading_level, read_text

LINES = "一、基本情况\n\n2020年收入5296万元。\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_text_is_read_in_the_encodings_of_the_field(encoding: str) -> None:
    reading = read_text("a.txt", LINES.encode(encoding))
    said = [(each.text, each.level, each.span.place) for each in reading.paragraphs]
    assert said == [("一、基本情况", 1, "p1"), ("2020年收入5296万元。", 0, "p2")]


def test_cells_a_line_each_make_a_table() -> None:
    text = "前文\n\t项目\n\t预算数\n\n\t运行\n费\n\t20\n\n后文\n"
    before, table, after = read_text("a.txt", text.encode()).blocks
    assert isinstance(table, ReadTable)
    assert [(cell.text, cell.row, cell.column) for cell in table.cells] == [
        ("项目", 0, 0),
        ("预算数", 0, 1),
        ("运行\n费", 1, 0),
        ("20", 1, 1),
    ]
    assert isinstance(before, ReadParagraph)
    assert isinstance(after, ReadParagraph)
    assert (before.text, after.text) == ("前文", "后文")


def test_a_pasted_sheet_is_a_table() -> None:
    (table,) = read_text("a.txt", "项目\t预算\t决算\n合计\t3\t2\n".encode()).blocks
    assert isinstance(table, ReadTable)
    assert (table.height, table.width) == (2, 3)


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("一、部门概况", 1),
        ("（二）支出情况", 2),
        ("3.专项资金", 3),
        ("（4）培训", 4),
        ("3.5亿元", 0),
        ("一、本年收入5296万元，比上年有较大增长，主要原因是收到上级拨付的应急物资保障资金。", 0),
    ],
)
def test_the_number_of_a_short_line_says_which_heading_it_is(text: str, level: int) -> None:
    assert heading_level(text) == level


@given(st.text(max_size=200))
@settings(max_examples=200, deadline=None)
def test_nothing_that_is_written_is_lost(text: str) -> None:
    reading = read_text(
        "a.txt", text.encode("utf-8", "surrogatepass").decode("utf-8", "ignore").encode()
    )
    read: list[str] = []
    for block in reading.blocks:
        read += [block.text] if isinstance(block, ReadParagraph) else [c.text for c in block.cells]
    kept = "".join("".join(read).split())
    wanted = "".join(text.encode("utf-8", "ignore").decode().removeprefix("\ufeff").split())
    assert kept == wanted
