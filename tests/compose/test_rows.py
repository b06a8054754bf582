from __future__ import annotations

from fractions import Fraction as F

import pytest

from reportgen.compose.errors import TemplateError
from reportgen.compose.rows import halves, ordered
from reportgen.compose.view import View
from reportgen.model.figures import Figure, Ledger
from reportgen.model.quantity import Shape
from reportgen.model.source import Mark
from reportgen.model.units import ONE


@pytest.mark.parametrize(
    ("rows", "pairs"),
    [
        ([], []),
        ([1], [(1, "")]),
        ([1, 2], [(1, 2)]),
        ([1, 2, 3], [(1, 3), (2, "")]),
        ([1, 2, 3, 4, 5], [(1, 4), (2, 5), (3, "")]),
    ],
)
def test_rows_flow_down_the_left_half_first(rows, pairs):
    assert halves(rows) == pairs


def view(**numbers):
    figures = {
        f"t.{row}.seq": Figure(
            f"t.{row}.seq", "序", "fact", None if n is None else F(n), ONE, Shape(0), Mark("d")
        )
        for row, n in numbers.items()
    }
    return View.of(Ledger(2023, figures, {}, {"t": tuple(numbers)})).child("t")


def test_rows_come_by_number_and_blanks_last():
    rows = ordered(view(a=3, b=None, c=1, d=2), "seq")
    assert [row.key for row in rows] == ["t.c", "t.d", "t.a", "t.b"]


def test_order_by_a_field_that_no_row_has_is_refused():
    with pytest.raises(TemplateError):
        ordered(view(a=1, b=2), "other")
