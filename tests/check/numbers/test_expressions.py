"""The expression for a typed number prints what was typed, where any does."""

from __future__ import annotations

import pytest

from reportgen.check.numbers.expressions import wording
from reportgen.language.numbers import find_numbers
from reportgen.model.figures import Figure
from reportgen.model.quantity import Quantity, parse_quantity
from reportgen.model.source import SourceSpan


def figure(key: str, written: str) -> Figure:
    read: Quantity = parse_quantity(written)
    return Figure(key, key, "fact", read.value, read.unit, read.shape, SourceSpan("facts.yaml"))


@pytest.mark.parametrize(
    ("typed", "written", "expression"),
    [
        ("12345.6万元", "12345.6万元", "{{ x }}"),
        ("12,345.6万元", "12345.6万元", "{{ x | thousands }}"),
        ("1.23亿元", "12345.6万元", '{{ x | in_unit("亿元") | places(2) }}'),
        ("6.15万元", "-6.15万元", "{{ x | size }}"),
        ("31.8个百分点", "31.8%", '{{ x | in_unit("个百分点") }}'),
        ("95%以上", "95%以上", "{{ x }}"),
        ("36", "36", "{{ x }}"),
    ],
)
def test_expression_prints_what_was_typed(typed, written, expression):
    (number,) = find_numbers(typed)
    words = wording(number, figure("x", written))
    assert words is not None
    assert (words.expression, words.same) == (expression, True)


def test_figure_that_no_template_can_name_has_no_expression():
    (number,) = find_numbers("5家")
    assert wording(number, figure("goals.1", "5家")) is None


def test_number_that_nothing_prints_gets_the_plain_name_in_its_unit():
    (number,) = find_numbers("1.3亿元")
    words = wording(number, figure("x", "12345.6万元"))
    assert words is not None
    assert (words.expression, words.same) == ('{{ x | in_unit("亿元") }}', False)
