"""Planted puzzles are found; what nobody can work out is left alone."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from puzzles import account, recoveries, within

from builders import facts, ledger, metric, metrics, relation
from reportgen.inference.linear_forms import Interval
from reportgen.model.document import Value

FUNDS = {"a": {"v": "30万元"}, "b": {"v": "20.5万元"}, "c": {"v": "49.5万元"}}
TOTAL = (metric("total", "sum(funds.v)"),)


def of_funds(*hidden: str):
    return recoveries(account(ledger(facts(funds=FUNDS), *TOTAL), hidden, TOTAL))


def test_one_of_three_rows_beside_the_total_is_told():
    found = of_funds("funds.b.v")
    assert list(found) == ["funds.b.v"]
    assert found["funds.b.v"].interval == within("20.5", "20.5")
    assert len(found["funds.b.v"].steps) == 1


@given(st.lists(st.integers(1, 10), min_size=2, max_size=20))
def test_a_total_is_told_by_its_parts_however_many_they_are(scores):
    """Half a point open of each of 15 scores would be 7.5 of 99; nobody who adds them allows it."""
    rows = {f"r{n}": {"v": f"{score}分"} for n, score in enumerate(scores)}
    of = ledger(facts(funds=rows), *TOTAL)
    found = recoveries(account(of, ("total",), TOTAL))
    assert found["total"].interval == Interval(Fraction(sum(scores)), Fraction(sum(scores)))


@pytest.mark.parametrize(
    ("scores", "told"),
    [
        (["6.6分", "6.4分"] * 8, True),  # 104 by 7 and 6
        (["6.6分"] * 16, False),  # 112 by 7, where 105.6 is true
    ],
)
def test_a_total_is_told_by_rounded_parts_that_add_up_near_it(scores, told):
    """Of each of 16 rounded scores half a point is open, but a sum is written down all the same."""
    rows = {f"r{n}": {"v": score} for n, score in enumerate(scores)}
    of = ledger(facts(funds=rows), *TOTAL)
    rounded = {
        f"funds.r{n}.v": (Value(f"{float(score[:-1]):.0f}分", f"{float(score[:-1]):.0f}"),)
        for n, score in enumerate(scores)
    }
    found = recoveries(replace(account(of, ("total",), TOTAL), printed=rounded))
    assert list(found) == (["total"] if told else [])
    if told:
        assert found["total"].interval == Interval(Fraction(96), Fraction(112))


def test_a_total_of_what_rounded_parts_add_up_to_is_told_though_no_subtotal_is_printed():
    rules = (*TOTAL, metric("all", "total + base"), metric("per", "all / people"))
    rows = {f"r{n}": {"v": score} for n, score in enumerate(["6.6分", "6.4分"] * 8)}
    free = {"base": "3分", "people": "7人"}
    of = ledger(facts(free, funds=rows), *rules)
    rounded = {
        f"funds.r{n}.v": (Value(f"{score}分", f"{score}"),) for n, score in enumerate([7, 6] * 8)
    }
    rounded["base"], rounded["people"] = (Value("3分", "3"),), (Value("7人", "7"),)
    hidden = ("all", "per", "total")
    found = recoveries(replace(account(of, hidden, rules), printed=rounded), of=("all", "per"))
    assert [[step.name.split()[-1] for step in each.steps] for each in found.values()] == [
        ["total", "all"],
        ["total", "all", "per"],
    ]
    assert found["all"].interval == Interval(Fraction(99), Fraction(115))


def test_two_of_three_rows_are_not_told():
    assert of_funds("funds.b.v", "funds.c.v") == {}


def test_a_row_is_not_told_where_the_total_is_withheld_too():
    assert of_funds("funds.b.v", "total") == {}


def test_nothing_left_over_tells_that_rows_are_0():
    rows = {"a": {"v": "30万元"}, "b": {"v": "0万元"}, "c": {"v": "0万元"}}
    of = ledger(facts(funds=rows), *TOTAL)
    found = recoveries(account(of, ("funds.b.v", "funds.c.v"), TOTAL))
    assert list(found) == ["funds.b.v", "funds.c.v"]
    assert found["funds.b.v"].interval == within("0", "0")


def test_a_printed_figure_that_a_formula_is_made_of_only_is_told():
    rules = metrics(rate="done / planned")
    of = ledger(facts({"done": "30万元", "planned": "40万元"}), *rules)
    assert list(recoveries(account(of, ("rate",), rules))) == ["rate"]


def test_share_times_total():
    rules = metrics(share="part / whole")
    of = ledger(facts({"part": "30万元", "whole": "120万元"}), *rules)
    assert list(recoveries(account(of, ("part",), rules))) == ["part"]
    assert list(recoveries(account(of, ("whole",), rules))) == ["whole"]


def test_last_years_figure_plus_the_change():
    rules = metrics(change="spent - prior.spent")
    past = facts({"spent": "80万元"}, year=2022)
    of = ledger(facts({"spent": "95万元"}), *rules, prior=(past,))
    assert list(recoveries(account(of, ("spent",), rules))) == ["spent"]
    assert list(recoveries(account(of, ("prior.spent",), rules))) == ["prior.spent"]
    assert recoveries(account(of, ("spent", "change"), rules)) == {}


def test_two_equations_in_two_unknowns():
    rules = metrics(both="x + y", gap="x - y")
    of = ledger(facts({"x": "70万元", "y": "30万元"}), *rules)
    found = recoveries(account(of, ("x", "y"), rules))
    assert list(found) == ["x", "y"]
    assert found["x"].interval == within("70", "70")
    assert len(found["x"].steps[-1].equations) == 2


def test_two_shares_of_a_sum_that_is_printed():
    rules = metrics(both="x + y", ratio="x / y")
    of = ledger(facts({"x": "70万元", "y": "30万元"}), *rules)
    found = recoveries(account(of, ("x", "y"), rules))
    assert list(found) == ["x", "y"]
    assert found["x"].interval.width < 1000


def test_a_chain_of_equations_by_way_of_a_figure_that_nobody_prints():
    rules = metrics(inner="x + a", outer="inner + b")
    of = ledger(facts({"x": "7万元", "a": "1万元", "b": "2万元"}), *rules)
    found = recoveries(account(of, ("x", "inner"), rules), of=("x",))
    (step,) = found["x"].steps
    assert [each.words for each in step.equations] == ["inner ＝ x ＋ a", "outer ＝ inner ＋ b"]


@pytest.mark.parametrize(
    ("whole", "told"),
    [
        ("约0.8亿元", False),  # ± 0.05亿元 beside some 3000万元
        ("0.8亿元", True),  # as exact as 0.8000亿元, for all that readers can see
    ],
)
def test_rounding_protects_where_it_is_wide(whole, told):
    rows = {"whole": whole, "a": "5000万元", "b": "3000万元"}
    parts = relation("whole == a + b", tolerance="0.01万元")
    of = ledger(facts(rows))
    assert bool(recoveries(account(of, ("b",), (), (parts,)))) is told


def test_a_relation_counts_only_where_it_is_an_equality_that_holds():
    of = ledger(facts({"whole": "50万元", "a": "20万元", "b": "30万元", "c": "31万元"}))
    for claim, told in [
        ("whole == a + b", True),
        ("whole >= a + b", False),
        ("whole == a + c", False),
    ]:
        hidden = ("b",) if "b" in claim else ("c",)
        assert bool(recoveries(account(of, hidden, (), (relation(claim),)))) is told, claim


def test_the_tolerance_of_a_relation_widens_what_follows():
    of = ledger(facts({"whole": "50万元", "a": "20万元", "b": "30万元"}))
    loose = relation("whole == a + b", tolerance="5万元")
    assert recoveries(account(of, ("b",), (), (loose,))) == {}


def test_a_released_total_of_the_same_rows_by_another_rule_tells():
    rules = (*TOTAL, metric("city", 'sum(funds[kind == "市级"].v)'))
    rows = {k: {**v, "kind": "市级" if k != "a" else "上级"} for k, v in FUNDS.items()}
    of = ledger(facts(funds=rows), *rules)
    assert list(recoveries(account(of, ("funds.b.v", "total"), rules))) == ["funds.b.v", "total"]


def test_another_report_of_the_year_tells():
    of = ledger(facts({"x": "7万元", "y": "3万元"}))
    rules = metrics(both="x + y")
    other = account(ledger(facts({"x": "7万元", "y": "3万元"}), *rules), ("x",), rules, name="b")
    assert recoveries(account(of, ("x",))) == {}
    assert list(recoveries(account(of, ("x",)), other)) == ["x"]
    printing = account(of, (), name="b")
    assert recoveries(account(of, ("x",)), printing)["x"].steps == ()


def test_another_year_tells():
    past = facts({"spent": "80万元"}, year=2022)
    of = ledger(facts({"spent": "95万元"}), prior=(past,))
    own = account(of, ("prior.spent",))
    assert recoveries(own) == {}
    earlier = account(ledger(past), (), name="2022/a")
    assert list(recoveries(own, earlier)) == ["prior.spent"]
    rules = metrics(change="spent - prior.spent")
    later = account(ledger(facts({"spent": "95万元"}), *rules, prior=(past,)), ("spent",), rules)
    assert list(recoveries(account(ledger(past), ("spent",)), later)) == ["spent"]


def test_the_number_of_rows_that_nobody_sees_is_not_known():
    rules = (metric("n", "count(funds)"), metric("mean", "sum(funds.v) / count(funds)"))
    of = ledger(facts(funds=FUNDS), *rules)
    hidden = ("funds.b", "funds.b.v", "n", "mean")
    assert recoveries(account(of, hidden, rules)) == {}


def test_a_relation_that_counts_rows_nobody_sees_is_not_used():
    rows = {"a": {"v": "2个"}, "b": {"v": "3个"}}
    of = ledger(facts({"n": "2个"}, funds=rows))
    counted = relation("n == count(funds)")
    assert recoveries(account(of, ("funds.b", "funds.b.v", "n"), (), (counted,))) == {}


def test_a_blank_is_no_figure_to_recover():
    rules = metrics(both="x + y")
    of = ledger(facts({"x": None, "y": "3万元"}), *rules)
    assert recoveries(account(of, ("x",), rules)) == {}


def test_a_long_sum_and_many_figures_take_no_time_worth_mention():
    rows = {f"r{n}": {"v": f"{n + 1}.5万元", "w": f"{2 * n + 1}万元"} for n in range(200)}
    rules = (metric("v", "sum(funds.v)"), metric("w", "sum(funds.w)"))
    of = ledger(facts(funds=rows), *rules)
    found = recoveries(account(of, ("funds.r150.v", "funds.r3.w", "funds.r4.w"), rules))
    assert list(found) == ["funds.r150.v"]


def test_the_largest_is_told_by_the_figure_that_repeats_it():
    rules = metrics(most="max(x, y)")
    of = ledger(facts({"x": "7万元", "y": "3万元"}), *rules)
    assert list(recoveries(account(of, ("x",), rules))) == ["x"]
    assert recoveries(account(of, ("y",), rules)) == {}
