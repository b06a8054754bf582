from __future__ import annotations

from reportgen.verify.readback import GridCell, SpannedText, grid_cells, squeeze


def test_cells_take_the_first_free_columns():
    rows = [
        [SpannedText(2, 1, "a"), SpannedText(1, 2, "b")],
        [SpannedText(1, 1, "c"), SpannedText(2, 1, "d")],
        [SpannedText(1, 2, "e")],
    ]
    assert list(grid_cells(rows)) == [
        GridCell(0, 0, 2, 1, "a"),
        GridCell(0, 1, 1, 2, "b"),
        GridCell(1, 1, 1, 1, "c"),
        GridCell(1, 2, 2, 1, "d"),
        GridCell(2, 0, 1, 2, "e"),
    ]


def test_white_space_of_every_kind_goes():
    assert squeeze(" 甲\u3000\u00a0\n乙\t\u2028") == "甲乙"
