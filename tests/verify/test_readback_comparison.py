from __future__ import annotations

from dataclasses import replace

import pytest

from reportgen.verify.comparison import agree, agree_tables
from reportgen.verify.readback import GridCell, Readback

GRID = (GridCell(0, 0, 1, 2, "甲"), GridCell(1, 0, 1, 1, "1"), GridCell(1, 1, 1, 1, "2"))
WANTED = Readback("document", texts=("一", "二", "三"), tables=(GRID,), figures=("1", "2"))
FOUND = replace(WANTED, format="docx")


def told(found, *, marked=True):
    return [(each.code, each.params) for each in agree(found, WANTED, marked=marked)]


def test_faithful_file_agrees():
    assert told(FOUND) == []


@pytest.mark.parametrize(
    ("texts", "text"),
    [
        (("一", "三"), "二 → 三"),
        (("一", "二"), "三 → ∅"),
        (("一", "二", "三", "四"), "∅ → 四"),
        (("一", "贰", "三"), "二 → 贰"),
        ((), "一 → ∅"),
    ],
)
def test_first_differing_text_is_told(texts, text):
    assert told(replace(FOUND, texts=texts)) == [("V101", {"format": "docx", "text": text})]


def test_long_text_is_told_from_a_little_before_where_it_differs():
    long = "零" * 50 + "1" + "壹" * 50
    wanted = replace(WANTED, texts=(long,))
    (found,) = agree(replace(FOUND, texts=(long.replace("1", "7"),)), wanted, marked=False)
    shown = "…" + "零" * 8 + "{}" + "壹" * 39
    assert found.params["text"] == f"{shown.format(1)} → {shown.format(7)}"


@pytest.mark.parametrize(
    ("table", "detail"),
    [
        (GRID[:2], "r2c2 1×1 “2” → ∅"),
        ((*GRID, GridCell(2, 0, 1, 1, "3")), "∅ → r3c1 1×1 “3”"),
        ((GRID[0], GRID[2], GRID[1]), "r2c1 1×1 “1” → r2c2 1×1 “2”"),
        ((GRID[0]._replace(colspan=1), *GRID[1:]), "r1c1 1×2 “甲” → r1c1 1×1 “甲”"),
        ((*GRID[:2], GRID[2]._replace(text="3")), "r2c2 1×1 “2” → r2c2 1×1 “3”"),
    ],
)
def test_differing_cell_is_told_with_its_place_and_spans(table, detail):
    params = {"format": "docx", "number": "1", "detail": detail}
    assert told(replace(FOUND, tables=(table,))) == [("V102", params)]


@pytest.mark.parametrize("tables", [(), (GRID, GRID)])
def test_lost_table_and_one_too_many_are_told(tables):
    assert [code for code, _ in told(replace(FOUND, tables=tables))] == ["V102"]


def test_tables_are_counted_from_one():
    (found,) = agree_tables("pdf", (GRID, ()), (GRID, GRID))
    assert (found.params["format"], found.params["number"]) == ("pdf", "2")


@pytest.mark.parametrize(
    ("figures", "detail"),
    [((), "1 → ∅"), (("1",), "2 → ∅"), (("2", "1"), "1 → 2"), (("1", "2", "3"), "∅ → 3")],
)
def test_marked_figures_are_compared_one_by_one(figures, detail):
    found = replace(FOUND, figures=figures)
    assert told(found) == [("V103", {"format": "docx", "detail": detail})]
    assert told(found, marked=False) == []


def test_all_kinds_of_differences_are_told_together():
    assert [code for code, _ in told(Readback("html"))] == ["V101", "V102", "V103"]
