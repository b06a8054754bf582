from __future__ import annotations

import pytest

from reportgen.language.text_numbers import canonical, text_numbers, unit_at


def read(text):
    """Return the digits of each number and the unit that it has."""
    found = []
    for number in text_numbers(text):
        unit = number.unit or unit_at(text, number.end)
        found.append((number.digits, unit.symbol if unit else ""))
    return found


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("共1,234.50万元", [("1234.5", "万元")]),
        ("12 345元", [("12345", "元"), ("12", ""), ("345", "元")]),
        ("007", [("7", "")]),
        ("百分之十二", [("12", "%")]),
        ("十二万元", [("120000", "元"), ("12", "万元")]),
        ("壹佰元伍角", [("100.5", "元"), ("1.5", "元")]),
        ("壹佰元伍角叁分", [("100.53", "元"), ("1.53", "元")]),
        ("三人", []),
    ],
)
def test_numbers_are_read_with_their_units(text, numbers):
    assert read(text) == numbers


def test_number_says_how_it_is_written_and_where_it_ends():
    text = "甲12、十二、拾贰"
    numbers = [(number.digits, number.script, number.end) for number in text_numbers(text)]
    assert numbers == [("12", "digits", 3), ("12", "lower", 6), ("12", "upper", 9)]


@pytest.mark.parametrize(
    ("digits", "canonical_digits"),
    [("-0012.500", "12.5"), ("0.0", "0"), ("1.", "1"), ("0.07", "0.07")],
)
def test_zeros_around_and_signs_do_not_count(digits, canonical_digits):
    assert canonical(digits) == canonical_digits
