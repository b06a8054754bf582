from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import facts, ledger, metric, relation
from reportgen.check.likely_errors import likely_errors
from reportgen.check.relations import check_relations
from reportgen.findings.renderers import help_text
from reportgen.model.quantity import parse_quantity

TRUE = {"a": "3233.51万元", "b": "8.3万元", "c": "412.07万元"}
TOTAL = "3653.88万元"


def error(**typed):
    """Return what explains that the parts, mistyped, do not add up to their total."""
    of = ledger(facts({**TRUE, **typed, "total": TOTAL}), metric("sum", "a + b + c"))
    gap = of.figures["sum"].value - of.figures["total"].value
    found = likely_errors(of, ["sum"], ["total"], gap)
    return [(each.kind, each.fact.key, each.meant) for each in found]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ({"a": "3323.51万元"}, [("@swapped", "a", "3233.51万元")]),
        ({"c": "421.07万元"}, [("@swapped", "c", "412.07万元")]),
        ({"a": "32335100万元"}, [("@unit_slip", "a", "3233.51万元")]),
        ({"c": "4120.7万元"}, [("@point_slip", "c", "412.07万元")]),
        ({"b": "83万元"}, [("@point_slip", "b", "8.3万元")]),
        ({"c": "-412.07万元"}, [("@wrong_sign", "c", "412.07万元")]),
        ({"c": "412.08万元"}, []),
        ({}, []),
    ],
)
def test_the_number_that_explains_a_difference_is_named(typed, expected):
    found = error(**typed)
    assert [each for each in found if each[1] != "total"] == expected
    assert expected or not found


def test_a_term_that_is_left_out_is_named():
    of = ledger(facts({**TRUE, "total": TOTAL}), metric("sum", "a + b"))
    (found,) = likely_errors(of, ["sum", "c"], ["total"], -parse_quantity(TRUE["c"]).value)
    assert (found.kind, found.fact.key) == ("@left_out", "c")


@pytest.mark.parametrize(("names", "told"), [("a", "a"), ("ab", "ab"), ("abc", "")])
def test_of_more_than_two_that_explain_it_none_is_named(names, told):
    of = ledger(facts(dict.fromkeys(names, "5万元")))
    found = likely_errors(of, names, [], parse_quantity("5万元").value)
    assert "".join(sorted(each.fact.key for each in found)) == told


@given(st.integers(1000, 99999), st.integers(1, 2))
@settings(deadline=None, max_examples=80)
def test_two_digits_the_wrong_way_round_differ_by_what_nine_divides(number, at):
    digits = str(number)
    swapped = int(digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :])
    of = ledger(facts({"a": f"{swapped}家"}))
    found = likely_errors(of, ["a"], [], Fraction(swapped - number))
    assert (swapped - number) % 9 == 0
    assert bool(found) is (swapped != number)


def test_a_broken_sum_says_which_number_is_most_likely_wrong():
    of = facts({**TRUE, "a": "3323.51万元", "total": TOTAL})
    (broken,) = check_relations(ledger(of), [relation("total == a + b + c")])
    text = help_text(broken, "zh")
    assert "→ 3233.51万元？" in text.split("像是两个数字写颠倒了；")[0]
    assert "two digits" in help_text(broken, "en")
