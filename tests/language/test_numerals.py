from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.language.numerals import by_digits, chinese, number_meant, parse_numeral
from reportgen.model.quantity import parse_quantity


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


LIKE_NUMBERS = [
    ("1 234.56万元", "1234.56万元"),
    ("(6.15)万元", "-6.15万元"),
    ("（6.15万元）", "-6.15万元"),
    ("1e3", "1000"),
    ("1.2E3万元", "1200万元"),
    ("1_000", "1000"),
    (".5", "0.5"),
    ("-.5%", "-0.5%"),
    ("1'000", "1000"),
    ("￥500", "500"),
    ("3/4", "0.75"),
    ("100万 元", "100万元"),
    ("五十万元", "500000元"),
    ("1/3万元", "1234.56万元"),
    ("1e99元", "1234.56万元"),
]


@pytest.mark.parametrize(("text", "meant"), LIKE_NUMBERS)
def test_text_of_digits_signs_and_a_unit_is_like_a_number(text, meant):
    assert number_meant(text) == meant


@pytest.mark.parametrize(
    "text",
    [
        *"十无/—",
        "",
        "一般",
        "二级",
        "三个",
        "壹佰",
        "万元",
        "12至15%",
        "1-6月",
        "3:1",
        "1)",
        "第3",
        "A1",
    ],
)
def test_text_that_says_something_else_is_not(text):
    assert number_meant(text) == ""


@given(st.text("0123456789.,'_/eE+-()（）￥ 万亿元%一二十个", max_size=12))
def test_what_is_proposed_for_a_text_can_be_read(text):
    meant = number_meant(text)
    if meant:
        parse_quantity(meant)
