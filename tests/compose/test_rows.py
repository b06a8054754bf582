from __future__ import annotations

from fractions import Fraction as F

import pytest

from reportgen.compose.errors import TemplateError
from reportgen.compose.filters import halves, ordered
from reportgen.compose.view import View
from reportgen.model.figures import Figure, Ledger
from reportgen.model.quantity import Shape
from reportgen.model.source import SourceSpan
from reportgen.model.units import ONE


def view(**numbers):
    figures = {
        f"t.{row}.seq": Figure(
            f"t.{row}.seq",
            "序",
            "fact",
            None if n is None else F(n),
            ONE,
            Shape(0),
            SourceSpan("d"),
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


@pytest.mark.parametrize(
    ("names", "pairs"),
    [
        ("", []),
        ("a", ["a-"]),
        ("ab", ["ab"]),
        ("abc", ["ac", "b-"]),
        ("abcde", ["ad", "be", "c-"]),
    ],
)
def test_rows_flow_down_the_left_half_first(names, pairs):
    rows = view(**dict.fromkeys(names, 1))
    found = [
        [side.key[-1] if isinstance(side, View) else side or "-" for side in pair]
        for pair in halves(rows)
    ]
    assert ["".join(pair) for pair in found] == pairs
