from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from builders import derived, facts, ledger, metric, metrics
from reportgen.formula.lookup import LedgerLookup, nearest, operand
from reportgen.formula.names import covering

FACTS = facts(
    {
        "a": "1.25万元",
        "b": "3.5万元",
        "c": "2亿元",
        "n": "7家",
        "空": None,
        "名": "某局",
        "率": "95%",
    },
    t={"x": {"v": "1万元"}},
)
RULES = metrics(
    total="a + b",
    wide="c + total",
    less="sum(a, b) - a",
    double="total * 2",
    rate="a / b",
    more="double + rate * a",
    alias="total",
    peak="max(a, b)",
    counted='sum(t[v * 2 > "1万元"].v)',
    literal="a + '5万元'",
    grown="n + 1",
)


@pytest.mark.parametrize(
    ("key", "tolerance"),
    [
        ("a", 50),
        ("b", 500),
        ("c", 50_000_000),
        ("n", Fraction(1, 2)),
        ("total", 500),
        ("wide", 50_000_000),
        ("less", 500),
        ("double", 0),
        ("rate", 0),
        ("more", 0),
        ("alias", 500),
        ("peak", 500),
        ("counted", 5_000),
        ("literal", 50),
        ("grown", Fraction(1, 2)),
    ],
)
def test_rounding_hides_half_a_digit_of_a_fact_the_widest_of_a_sum_nothing_of_a_product(
    key, tolerance
):
    found = LedgerLookup(ledger(FACTS, *RULES)).number(key)
    assert found is not None and found.tolerance == tolerance


def test_the_tolerance_of_a_figure_is_the_same_each_time_it_is_read():
    lookup = LedgerLookup(ledger(FACTS, *RULES))
    read = [lookup.number(key) for key in ("wide", "total", "wide", "total")]
    assert [number.tolerance for number in read if number] == [50_000_000, 500, 50_000_000, 500]


def test_signs_inside_a_filter_or_a_text_do_not_make_a_product():
    sliced = metric("s", 'sum(t[name == "甲*乙/丙"].v)')
    of = ledger(facts(t={"x": {"name": "甲*乙/丙", "v": "1.5万元"}}), sliced)
    found = LedgerLookup(of).number("s")
    assert found is not None and found.tolerance == 500


def test_the_width_of_a_diamond_of_sums_takes_no_time():
    layers = metrics(**{f"m{i}": f"m{i - 1} + m{i - 1} - m{i - 1}" for i in range(1, 60)})
    found = LedgerLookup(ledger(facts({"m0": "1.5万元"}), *layers)).number("m59")
    assert found is not None and found.tolerance == 500


def test_the_width_of_a_long_chain_is_not_recursed_into():
    chain = metrics(**{f"m{i}": f"m{i - 1} + a" for i in range(1, 3_000)})
    found = LedgerLookup(ledger(facts({"m0": "1.5万元", "a": "1万元"}), *chain)).number("m2999")
    assert found is not None and found.tolerance == 5_000


def test_a_score_is_as_exact_as_its_rule_or_as_it_was_typed():
    of = ledger(facts({"a": "9.5分", "b": "9分"}))
    ruled = replace(of.figures["a"], kind="score", inputs=("b",))
    typed = replace(of.figures["b"], kind="score")
    lookup = LedgerLookup(replace(of, figures={"a": ruled, "b": typed}))
    found = [lookup.number(key) for key in "ab"]
    assert [each.tolerance for each in found if each] == [0, Fraction(1, 2)]


def test_figures_that_need_each_other_have_a_width_all_the_same():
    found, _ = derived(facts(), *metrics(a="b", b="a"))
    closed = LedgerLookup(found)
    assert closed.number("a") is not None


def test_texts_are_facts_and_the_words_of_grades():
    graded = metric("等", "率", grades=(("90%", "优"), ("0%", "差")))
    lookup = LedgerLookup(ledger(FACTS, graded))
    assert lookup.text("名") == "某局"
    assert lookup.text("等") == "优"
    assert lookup.text("率") is None
    assert lookup.text("没有") is None


def test_blanks_are_numbers_that_are_undefined():
    found = LedgerLookup(ledger(FACTS)).number("空")
    assert found is not None and found.value is None
    assert LedgerLookup(ledger(FACTS)).number("名") is None


def test_what_last_year_did_not_have_is_undefined_under_prior():
    lookup = LedgerLookup(ledger(FACTS, prior=(facts({"a": "1万元"}, year=2022),)))
    past, missing = lookup.number("prior.a"), lookup.number("prior.b")
    assert past is not None and past.value == 10_000
    assert missing is not None and missing.value is None
    assert lookup.number("prior.没有") is None
    assert lookup.rows("prior.t") == ()
    assert lookup.rows("prior.没有") is None


def test_a_figure_as_an_operand_is_exact_and_never_bare():
    figure = ledger(facts(t=["甲"]), metric("n", "count(t)")).figures["n"]
    found = operand(figure)
    assert (found.value, found.tolerance, found.bare, found.inputs) == (1, 0, False, ("n",))


def test_near_keys_are_three_at_most_or_a_dash():
    known = dict.fromkeys(["funds.a", "funds.b", "funds.c", "funds.d"])
    assert len(nearest("funds.e", known).split("、")) == 3
    assert nearest("完全不同", known) == "—"
    assert LedgerLookup(ledger(FACTS)).near("率率") == "率"


@pytest.mark.parametrize(
    ("pattern", "key", "covered"),
    [
        ("a.b", "a.b", True),
        ("a.b", "a.b.c.d", True),
        ("a.b", "prior.a.b", True),
        ("a.b", "prior.prior.a.b.c", True),
        ("a.b", "a.bc", False),
        ("a.b", "x.a.b", False),
        ("a.b", "a", False),
        ("t.*.owner", "t.r1.owner", True),
        ("t.*.owner", "t.r1.x.owner", False),
        ("t.*.owner", "t.r1.name", False),
        ("a+", "a+", True),
        ("a+", "aa", False),
    ],
)
def test_what_a_key_covers(pattern, key, covered):
    assert bool(covering(pattern).fullmatch(key)) is covered
