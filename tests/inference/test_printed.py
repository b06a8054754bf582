"""What a print tells of the number behind it."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from puzzles import within

from builders import FORMATS, facts, ledger, metrics, unit
from reportgen.inference.linear_forms import ANY, Interval
from reportgen.inference.printed import printed_interval, taken_interval, unprinted_interval
from reportgen.model.document import Value
from reportgen.model.quantity import number_text


def fact(text: str):
    return ledger(facts({"x": text})).figures["x"]


def printed(figure, text: str = "", number: str = ""):
    shown = number or number_text(figure.value / figure.unit.factor, figure.shape)
    return printed_interval(figure, [Value(text or figure.text, shown)], FORMATS)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("153.21万元", "1532050", "1532150"),
        ("82万元", "819950", "820050"),  # typed for 82.00, as the forms print
        ("约82万元", "815000", "825000"),  # what somebody only roughly knows
        ("4.5亿元", "445000000", "455000000"),
        ("12.34元", "12.34", "12.34"),  # no amount is finer than 分
        ("12元", "11.5", "12.5"),
        ("27人", "27", "27"),
        ("2万家", "15000", "25000"),
        ("3.5吨", "3.45", "3.55"),
        ("-2.5万元", "-25050", "-24950"),
    ],
)
def test_a_print_leaves_open_what_rounding_may_hide(text, low, high):
    assert printed(fact(text)) == Interval(Fraction(low), Fraction(high))


def test_a_print_in_another_unit_is_read_in_that_unit():
    figure = fact("72000元")
    told = Interval(Fraction(71950), Fraction(72050))
    assert printed(figure, "7.2万元", "7.2") == told
    assert printed(figure, "7.2", "7.2") == told


def test_a_print_without_its_sign_is_read_with_it():
    of = ledger(facts({"a": "1万元", "b": "3万元"}), *metrics(fall="a - b")).figures["fall"]
    assert printed(of, "2万元", "2") == Interval(Fraction(-20050), Fraction(-19950))


def test_the_most_exact_of_several_prints_counts():
    figure = ledger(facts({"a": "1万元"}), *metrics(third="a / 3")).figures["third"]
    rough = Value("0.3万元", "0.3")
    exact = Value("0.33万元", "0.33")
    both = printed_interval(figure, [rough, exact], FORMATS)
    assert both == printed_interval(figure, [exact], FORMATS)
    assert printed_interval(figure, [], FORMATS) is None


def test_words_tell_no_number():
    figure = replace(fact("3万元"), words="若干")
    assert printed_interval(figure, [Value("若干", "")], FORMATS) is None


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("3万元", Interval(Fraction(0))),
        ("0人", Interval(Fraction(0))),
        ("-3万元", ANY),
        ("-3%", ANY),
        ("3%", ANY),
    ],
)
def test_amounts_and_counts_that_nobody_prints_are_not_below_0(text, known):
    assert unprinted_interval(fact(text)) == known


def test_of_a_difference_nothing_is_known():
    of = ledger(facts({"a": "4万元", "b": "3万元"}), *metrics(rise="a - b")).figures["rise"]
    assert unprinted_interval(of) == ANY


def test_a_count_has_no_fraction_but_a_weight_has():
    assert unit("吨").factor == 1
    assert printed(fact("3吨")) == Interval(Fraction(5, 2), Fraction(7, 2))


@pytest.mark.parametrize("text", ["153.21万元", "82万元", "9分", "3.5吨", "-2.5万元"])
def test_a_print_that_is_the_very_value_is_taken_for_it(text):
    figure = fact(text)
    shown = Value(figure.text, number_text(figure.value / figure.unit.factor, figure.shape))
    assert taken_interval(figure, [shown], FORMATS) == Interval(figure.value, figure.value)
    assert taken_interval(figure, [], FORMATS) is None


def test_a_rounded_or_a_rough_print_is_not_taken_for_the_value():
    third = ledger(facts({"a": "1万元"}), *metrics(third="a / 3")).figures["third"]
    rounded = [Value("0.33万元", "0.33")]
    assert taken_interval(third, rounded, FORMATS) == printed_interval(third, rounded, FORMATS)
    rough = [Value("约82万元", "82")]
    assert taken_interval(fact("约82万元"), rough, FORMATS) == within("81.5", "82.5")
