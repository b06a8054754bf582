from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import quantity, unit
from reportgen.formula.operand import (
    DimensionError,
    Operand,
    ZeroError,
    add,
    counts,
    divide,
    extreme,
    holds,
    multiply,
    negate,
    total,
)
from reportgen.model.quantity import Shape, number_text
from reportgen.model.units import ONE

WRITTEN_AMOUNTS = st.from_regex(r"(0|[1-9][0-9]{0,9})(\.[0-9]{1,4})?", fullmatch=True)
BLANK = Operand(None)


def operand(text: str, key: str = "") -> Operand:
    """Return a typed figure, with the tolerance of its digits."""
    of = quantity(text)
    keys = (key,) if key else ()
    return Operand(of.value, of.unit, of.shape.decimals, of.tolerance, keys)


def bare(number: int | str) -> Operand:
    return Operand(Fraction(number), bare=True)


@pytest.mark.parametrize(
    ("left", "right", "value", "symbol"),
    [
        ("1万元", "5000元", 15_000, "万元"),
        ("1亿元", "1万元", 100_010_000, "亿元"),
        ("3家", "2家", 5, "家"),
        ("2人", "3名", 5, "人"),
        ("10%", "2个百分点", Fraction(12, 100), "%"),
        ("1", "50%", Fraction(3, 2), "%"),
    ],
)
def test_like_units_add(left, right, value, symbol):
    result = add(operand(left), operand(right))
    assert (result.value, str(result.unit)) == (value, symbol)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("1万元", "1家"),
        ("1家", "1个"),
        ("5%", "5家"),
        ("1㎡", "1米"),
        ("5", "5家"),
        ("1元/人", "1元"),
    ],
)
def test_unlike_units_do_not_add(left, right):
    with pytest.raises(DimensionError):
        add(operand(left), operand(right))
    with pytest.raises(DimensionError):
        add(operand(right), operand(left))


@pytest.mark.parametrize(
    ("number", "written", "fits"),
    [
        (5, "3家", True),
        (5, "3人", True),
        (5, "300%", True),
        (0, "3万元", True),
        (5, "3万元", False),
        (5, "3元", False),
        (5, "3万家", False),
        (0, "3万家", True),
    ],
)
def test_a_bare_number_counts_things_but_never_money_or_round_thousands(number, written, fits):
    left, right = bare(number), operand(written)
    for one, other in ((left, right), (right, left)):
        if fits:
            assert add(one, other).unit == right.unit
        else:
            with pytest.raises(DimensionError):
                add(one, other)


@pytest.mark.parametrize(
    ("symbol", "can"), [("个", True), ("分", True), ("", True), ("元", False), ("万家", False)]
)
def test_what_may_be_counted_in(symbol, can):
    assert counts(unit(symbol) if symbol else ONE) is can


def test_numbers_of_the_formula_stay_numbers_of_the_formula():
    assert add(bare(2), bare(3)).bare
    assert multiply(bare(2), bare(3)).bare
    assert not divide(bare(2), bare(3)).bare
    assert not add(bare(2), operand("3家")).bare


@pytest.mark.parametrize(
    ("result", "symbol"),
    [
        (multiply(operand("3家"), bare(2)), "家"),
        (multiply(bare(2), operand("3万元")), "万元"),
        (divide(operand("3万元"), bare(2)), "万元"),
        (divide(operand("3万元"), operand("2人")), "元/人"),
        (divide(operand("3万元"), operand("2亿元")), ""),
        (divide(bare(1), operand("2人")), "1/人"),
        (multiply(operand("3元/人"), operand("2人")), "元"),
        (multiply(operand("3米"), operand("2米")), "米^2"),
    ],
)
def test_units_multiply_and_divide(result, symbol):
    assert str(result.unit) == symbol


def test_a_blank_makes_what_it_is_part_of_undefined_whatever_its_unit():
    money = operand("3万元")
    for result in (
        add(money, BLANK),
        add(BLANK, money, -1),
        multiply(money, BLANK),
        divide(BLANK, money),
        divide(money, BLANK),
        negate(BLANK),
    ):
        assert result.value is None
    assert add(money, BLANK).unit == money.unit


def test_a_blank_amount_still_does_not_add_to_things():
    with pytest.raises(DimensionError):
        add(Operand(None, unit("万元")), operand("3家"))


def test_zero_by_zero_is_undefined_and_anything_else_by_zero_is_an_error():
    assert divide(operand("0万元"), operand("0万元")).value is None
    assert divide(BLANK, operand("0万元")).value is None
    with pytest.raises(ZeroError):
        divide(operand("1万元"), operand("0万元"))


def test_a_sum_passes_over_blanks_and_is_blank_of_blanks_only():
    assert total([BLANK, operand("3万元"), BLANK, operand("4万元")]).value == 70_000
    assert total([BLANK, Operand(None, unit("万元"))]).value is None
    assert total([BLANK, Operand(None, unit("万元"))]).unit == unit("万元")
    assert total([]) == BLANK


def test_a_sum_refuses_a_blank_of_another_kind_only_where_all_are_blank():
    with pytest.raises(DimensionError):
        total([Operand(None, unit("家")), Operand(None, unit("万元"))])


@pytest.mark.parametrize(("largest", "value"), [(True, 4), (False, 2)])
def test_the_extreme_of_what_is_there(largest, value):
    operands = [BLANK, operand("3家"), operand("2家"), operand("4家"), BLANK]
    result = extreme(operands, largest=largest)
    assert (result.value, result.unit) == (value, unit("家"))
    assert extreme([BLANK, BLANK], largest=largest).value is None
    assert extreme([], largest=largest).value is None


def test_the_extreme_of_unlike_things_is_refused():
    with pytest.raises(DimensionError):
        extreme([operand("3家"), operand("2人")], largest=True)


def test_a_sum_hides_as_much_as_the_widest_of_its_parts_and_a_product_nothing():
    fine, coarse = operand("1.25万元"), operand("3.5万元")
    assert add(fine, coarse).tolerance == 500
    assert add(coarse, fine, -1).tolerance == 500
    assert total([fine, coarse, fine]).tolerance == 500
    assert negate(coarse).tolerance == 500
    assert multiply(coarse, bare(2)).tolerance == 0
    assert divide(coarse, fine).tolerance == 0


def test_comparisons_without_a_tolerance_are_to_the_last_digit():
    assert not holds("==", Fraction(1, 10**9))
    assert holds("!=", Fraction(1, 10**9))


def test_the_extreme_takes_the_unit_of_the_others():
    assert extreme([bare(0), operand("-3家")], largest=True).unit == unit("家")
    assert extreme([operand("-3家"), bare(0)], largest=True).unit == unit("家")


def test_inputs_are_kept_once_and_in_order():
    a, b = operand("1家", "a"), operand("2家", "b")
    assert add(add(a, b), a).inputs == ("a", "b")
    assert total([b, a, b, replace_value(a)]).inputs == ("b", "a")
    assert divide(a, b).inputs == multiply(a, b).inputs == ("a", "b")
    assert extreme([b, a], largest=True).inputs == ("b", "a")


def replace_value(of: Operand) -> Operand:
    return Operand(None, of.unit, inputs=of.inputs)


@pytest.mark.parametrize(
    ("sign", "below", "within_below", "equal", "within_above", "above"),
    [
        ("==", False, True, True, True, False),
        ("!=", True, False, False, False, True),
        ("<=", True, True, True, True, False),
        (">=", False, True, True, True, True),
        ("<", True, True, False, False, False),
        (">", False, False, False, True, True),
    ],
)
def test_comparisons_within_a_tolerance(sign, below, within_below, equal, within_above, above):
    gaps = [Fraction(g) for g in ("-1.1", "-1", "0", "1", "1.1")]
    expected = [below, within_below, equal, within_above, above]
    assert [holds(sign, gap, Fraction(1)) for gap in gaps] == expected


@settings(deadline=None)
@given(st.lists(WRITTEN_AMOUNTS, min_size=1, max_size=40), st.integers(0, 4))
def test_any_amounts_add_exactly_and_are_rounded_half_up(amounts, decimals):
    result = total(operand(f"{amount}万元") for amount in amounts)
    assert result.value is not None
    with localcontext() as context:
        context.prec = 60
        exact = sum(map(Decimal, amounts), Decimal(0))
        rounded = exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    assert result.value == Fraction(exact) * 10_000
    text = number_text(result.value / result.unit.factor, Shape(decimals, strip=False))
    assert text == f"{rounded:f}"


@settings(deadline=None)
@given(st.lists(WRITTEN_AMOUNTS, min_size=1, max_size=20), st.randoms())
def test_the_order_of_a_sum_does_not_matter(amounts, random):
    operands = [operand(f"{amount}元") for amount in amounts]
    turned = list(operands)
    random.shuffle(turned)
    assert total(turned) == total(operands)


@settings(deadline=None)
@given(WRITTEN_AMOUNTS, WRITTEN_AMOUNTS)
def test_a_quotient_is_the_fraction_itself(left, right):
    if Fraction(right) == 0:
        return
    result = divide(operand(f"{left}万元"), operand(f"{right}万元"))
    assert result.value == Fraction(left) / Fraction(right)
