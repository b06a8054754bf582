from __future__ import annotations

import doctest
import pickle
import re
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.model import limits, quantity
from reportgen.model.quantity import (
    Quantity,
    QuantityError,
    Shape,
    exact,
    narrow,
    number_text,
    parse_quantity,
    round_half_up,
    shown,
)
from reportgen.model.units import ONE, UNITS, find_unit

NUMBERS = st.from_regex(r"[-+]?(0|[1-9][0-9]{0,14})(\.[0-9]{1,6})?", fullmatch=True)
SYMBOLS = st.sampled_from([*sorted(UNITS), "万元", "亿元", "万家", "万平方米", "万吨/年", "万"])
WRITTEN = st.builds(
    "".join,
    st.tuples(
        st.sampled_from(["", "约", "近", "超过", "≥", "不低于"]),
        NUMBERS,
        st.sampled_from(["", "余", "多"]),
        SYMBOLS,
        st.sampled_from(["", "以上", "左右"]),
    ),
)
DECIMALS = st.decimals(allow_nan=False, allow_infinity=False, places=9, min_value=-(10**15))
FULL_WIDTH = {ord(c): chr(ord(c) + 0xFEE0) for c in "0123456789.,%+-><="}


def unit_of(symbol: str):
    unit = find_unit(symbol)
    assert unit is not None
    return unit


def quantity_or_reason(text: str) -> Quantity | str:
    try:
        return parse_quantity(text)
    except QuantityError as error:
        return error.reason


def test_examples_of_the_module_hold():
    assert doctest.testmod(quantity).failed == 0


@pytest.mark.parametrize(
    ("written", "text", "value"),
    [
        ("434.43亿元", "434.43亿元", 43_443_000_000),
        ("1,234.50万元", "1234.50万元", 12_345_000),
        ("1，234万元", "1234万元", 12_340_000),
        ("约30亿元", "约30亿元", 3_000_000_000),
        ("2万余家", "2万余家", 20_000),
        ("1300余万元", "1300余万元", 13_000_000),
        ("3千余万元", "3千余万元", 30_000_000),
        ("2千万余元", "2千万余元", 20_000_000),
        ("3万余亿元", "3万余亿元", 3 * 10**12),
        ("30多家", "30多家", 30),
        ("80余次", "80余次", 80),
        ("10万㎡", "10万㎡", 100_000),
        ("7个月", "7个月", 7),
        ("≥90%", "≥90%", Fraction(9, 10)),
        (">=90%", "≥90%", Fraction(9, 10)),
        ("≧90%", "≥90%", Fraction(9, 10)),
        ("90%以上", "90%以上", Fraction(9, 10)),
        ("80分及以上", "80分及以上", 80),
        ("不低于30天", "不低于30天", 30),
        ("-0.48", "-0.48", Fraction(-48, 100)),
        ("−0.48", "-0.48", Fraction(-48, 100)),
        ("－0．48", "-0.48", Fraction(-48, 100)),
        ("﹣5﹪", "-5%", Fraction(-1, 20)),
        ("+5.20%", "+5.20%", Fraction(52, 1000)),
        ("１２０．２％", "120.2%", Fraction(1202, 1000)),
        (" 12 ", "12", 12),
        ("\u300012\u3000", "12", 12),
        ("12 家", "12家", 12),
        ("约 12\u3000家", "约12家", 12),
        ("3.1个百分点", "3.1个百分点", Fraction(31, 1000)),
        ("30万吨/年", "30万吨/年", 300_000),
        ("0", "0", 0),
        ("0.00", "0.00", 0),
        ("-0.0", "0.0", 0),
        ("0.10", "0.10", Fraction(1, 10)),
    ],
)
def test_quantity_is_read_exactly_and_written_as_it_stood(written, text, value):
    assert (parse_quantity(written).text, parse_quantity(written).value) == (text, value)


@pytest.mark.parametrize(
    ("written", "reason", "part"),
    [
        ("", "number", ""),
        ("—", "number", "-"),
        ("亿元", "number", "亿元"),
        (".5", "number", ".5"),
        ("5.", "number", "5."),
        ("1,23", "number", "1,23"),
        ("1234,567", "number", "1234,567"),
        ("0,123", "number", "0,123"),
        ("007", "number", "007"),
        ("1 234", "number", "1 234"),
        ("1e3", "number", "1e3"),
        ("12:30", "number", "12:30"),
        ("2023-01-02", "number", "2023-01-02"),
        ("30%-40%", "number", "30%-40%"),
        ("1/3", "number", "1/3"),
        ("--5", "number", "--5"),
        ("3余万余家", "number", "3余万余家"),
        ("٣", "number", "٣"),
        ("三家", "number", "三家"),
        ("nan", "number", "nan"),
        ("99.14%%", "unit", "%%"),
        ("5名干部", "unit", "名干部"),
        ("5万斗", "unit", "万斗"),
        ("5%（含）", "unit", "%(含)"),
        ("9" * 41, "long", "9" * 40),
        ("9" * 100_000, "long", "9" * 40),
    ],
)
def test_what_is_no_quantity_is_refused_with_the_part_at_fault(written, reason, part):
    with pytest.raises(QuantityError) as caught:
        parse_quantity(written)
    assert (caught.value.reason, caught.value.part) == (reason, part)


def test_error_survives_a_process_border():
    error = pickle.loads(pickle.dumps(QuantityError("unit", "斗")))
    assert (error.reason, error.part) == ("unit", "斗")


def test_number_without_unit_counts_in_the_default():
    written = parse_quantity("12.5", unit_of("万元"))
    assert (written.value, written.text) == (125_000, "12.5万元")
    assert parse_quantity("12.5亿元", unit_of("万元")).value == 1_250_000_000


@given(WRITTEN)
def test_text_of_a_quantity_reads_back_as_the_same_quantity(written):
    read = parse_quantity(written)
    assert parse_quantity(read.text) == read


@given(NUMBERS, SYMBOLS)
def test_value_is_the_written_number_times_its_unit(number, symbol):
    assert parse_quantity(number + symbol).value == Fraction(number) * unit_of(symbol).factor


@given(WRITTEN)
def test_full_width_reads_the_same(written):
    assert parse_quantity(written.translate(FULL_WIDTH)) == parse_quantity(written)


@given(st.text() | st.text("0123456789.,，-+%余万亿元家约以上 　／/１２", max_size=14) | WRITTEN)
def test_any_text_gives_a_quantity_that_reads_back_or_a_quantity_error(text):
    read = quantity_or_reason(text)
    if isinstance(read, Quantity):
        assert parse_quantity(read.text) == read
    else:
        assert read in {"number", "unit", "long"}


@given(st.text())
def test_narrowing_twice_is_narrowing_once(text):
    assert narrow(narrow(text)) == narrow(text)


@given(st.lists(st.integers(-(10**12), 10**12), min_size=1))
def test_sums_are_exact_to_the_last_digit(cents):
    parts = [parse_quantity(str(Decimal(c).scaleb(-2)) + "万元") for c in cents]
    total = sum((part.value for part in parts), Fraction())
    assert total == Fraction(sum(cents), 100) * 10_000
    assert (
        shown(total, unit_of("万元"), Shape(2, strip=False))
        == f"{Decimal(sum(cents)).scaleb(-2)}万元"
    )


def test_order_of_addition_does_not_matter_where_floats_differ():
    parts = [parse_quantity(text).value for text in ("0.1", "0.2", "0.3")]
    assert sum(parts) == sum(reversed(parts)) == Fraction(6, 10)
    assert 0.1 + 0.2 + 0.3 != 0.3 + 0.2 + 0.1


@given(NUMBERS)
def test_yuan_ten_thousands_and_hundred_millions_are_one_measure(number):
    in_yi, in_wan, in_yuan = (parse_quantity(number + u).value for u in ("亿元", "万元", "元"))
    assert in_yi == 10_000 * in_wan == 100_000_000 * in_yuan


@pytest.mark.parametrize(
    ("written", "unit", "text"),
    [
        ("434.43亿元", "万元", "4344300万元"),
        ("1234.5万元", "元", "12345000元"),
        ("12345678元", "万元", "1234.57万元"),
        ("2239.565万元", "亿元", "0.22亿元"),
        ("25.17%", "‰", "251.7‰"),
        ("3000公斤", "吨", "3吨"),
    ],
)
def test_quantity_is_shown_in_another_unit(written, unit, text):
    assert shown(parse_quantity(written).value, unit_of(unit), Shape(2)) == text


@given(DECIMALS, st.integers(0, 8))
def test_rounding_is_half_up_on_any_decimal(value, decimals):
    with localcontext(Context(prec=80)):
        wanted = value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
        assert round_half_up(Fraction(value), decimals) == int(wanted.scaleb(decimals))


@pytest.mark.parametrize(
    ("value", "rounded"),
    [("0.005", 1), ("0.015", 2), ("-0.005", -1), ("2.675", 268), ("0.00499999999999", 0)],
)
def test_half_goes_away_from_zero(value, rounded):
    assert round_half_up(Fraction(value), 2) == rounded


@given(st.fractions(), st.integers(0, 6), st.booleans(), st.booleans())
def test_zero_is_never_negative(value, decimals, strip, thousands):
    text = number_text(value, Shape(decimals, strip, thousands))
    assert not re.fullmatch(r"-0(\.0*)?", text)
    assert Fraction(text.replace(",", "")) == Fraction(round_half_up(value, decimals), 10**decimals)


@pytest.mark.parametrize(
    ("value", "shape", "text"),
    [
        ("1234567.5", Shape(2), "1234567.5"),
        ("1234567.5", Shape(2, strip=False), "1234567.50"),
        ("1234567.5", Shape(2, strip=False, thousands=True), "1,234,567.50"),
        ("-1234567.5", Shape(0, thousands=True), "-1,234,568"),
        ("100", Shape(2), "100"),
        ("100", Shape(0), "100"),
        ("-0.004", Shape(2, strip=False), "0.00"),
        ("0.5", Shape(0), "1"),
        ("0.05", Shape(2), "0.05"),
    ],
)
def test_digits_follow_their_shape(value, shape, text):
    assert number_text(Fraction(value), shape) == text


@given(st.fractions())
def test_exact_text_reads_back_as_the_same_value(value):
    assert Fraction(exact(value)) == value


@given(DECIMALS)
def test_exact_text_of_a_decimal_is_a_decimal(value):
    assert "/" not in exact(Fraction(value))


def test_exact_text_of_a_third_is_a_fraction():
    assert exact(Fraction(-1, 3)) == "-1/3"


@pytest.mark.parametrize(
    ("written", "tolerance"),
    [
        ("1234.50万元", 50),
        ("1234万元", 5000),
        ("12.3%", Fraction(1, 2000)),
        ("5家", Fraction(1, 2)),
    ],
)
def test_tolerance_is_half_of_the_last_written_digit(written, tolerance):
    assert parse_quantity(written).tolerance == tolerance


@given(NUMBERS)
def test_rounding_to_the_written_digits_stays_within_the_tolerance(number):
    written = parse_quantity(number)
    hidden = written.value + written.tolerance * Fraction(99, 100)
    shape = Shape(written.shape.decimals)
    assert abs(Fraction(number_text(hidden, shape)) - written.value) <= written.tolerance * 2


def test_longest_number_is_read_to_its_last_digit():
    digits = "1234567890" * (limits.NUMBER_DIGITS // 10)
    assert parse_quantity(digits) == Quantity(Fraction(digits), ONE, Shape(0, strip=False))
