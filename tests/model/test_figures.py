from __future__ import annotations

import pytest

from reportgen.model.figures import Figure
from reportgen.model.quantity import parse_quantity
from reportgen.model.source import NOWHERE


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("80余次", "80余"),
        ("约5%", "约5"),
        ("100家以上", "100以上"),
        ("2万余家", "2余"),
        ("超过3亿元", "超过3"),
        ("-1.50%", "-1.50"),
        ("7家", "7"),
    ],
)
def test_number_without_unit_keeps_the_words_that_say_it_is_not_exact(text: str, number: str):
    typed = parse_quantity(text)
    figure = Figure("a", "甲", "fact", typed.value, typed.unit, typed.shape, NOWHERE)
    assert (figure.text, figure.number) == (text, number)
