from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.language.numerals import by_digits, chinese, parse_numeral


@given(st.integers(-(10**16) + 1, 10**16 - 1), st.integers(0, 4), st.booleans())
def test_what_is_written_is_read_back(number, decimals, upper):
    value = Fraction(number, 10**decimals)
    assert parse_numeral(chinese(value, upper=upper)) == value


@given(st.text("零一两十百千万亿点负〇廿三", max_size=12))
def test_reading_never_fails(text):
    number = parse_numeral(text)
    assert number is None or isinstance(number, Fraction)


@pytest.mark.parametrize(
    ("number", "lower", "upper"),
    [
        (0, "零", "零"),
        (10, "十", "壹拾"),
        (17, "十七", "壹拾柒"),
        (203, "二百零三", "贰佰零叁"),
        (1010, "一千零一十", "壹仟零壹拾"),
        (100_001, "十万零一", "壹拾万零壹"),
        (1_234_567_890_123, "一万二千三百四十五亿六千七百八十九万零一百二十三", None),
        (Fraction("324.05"), "三百二十四点零五", "叁佰贰拾肆点零伍"),
        (-3, "负三", "负叁"),
    ],
)
def test_numbers_in_characters(number, lower, upper):
    assert chinese(number) == lower
    assert upper is None or chinese(number, upper=True) == upper


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("两万三", 23000),
        ("一百二", 120),
        ("一百零二", 102),
        ("二〇二三", 2023),
        ("千", 1000),
        ("一万亿", 10**12),
        ("三点一四", Fraction("3.14")),
    ],
)
def test_numbers_as_people_write_them(text, number):
    assert parse_numeral(text) == number


@pytest.mark.parametrize("text", ["", "点五", "三点", "一二百", "张三", "万", "亿", "负"])
def test_what_is_no_number(text):
    assert parse_numeral(text) is None


def test_years_are_written_digit_by_digit():
    assert by_digits(2020) == "二〇二〇"
    assert by_digits(2020, ring=False) == "二零二零"


@pytest.mark.parametrize("value", [10**16, Fraction(1, 3)])
def test_what_cannot_be_written(value):
    with pytest.raises(ValueError, match=r"\d"):
        chinese(value)
