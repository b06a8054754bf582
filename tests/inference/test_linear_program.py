"""Ours against an independent oracle: the linear programs of HiGHS over the same figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from builders import unit
from reportgen.inference.equations import Equation, Variable
from reportgen.inference.linear_forms import ANY, Form, Interval, Product, Quotient, slopes
from reportgen.inference.linear_program import LinearProgram
from reportgen.inference.recovery import is_disclosed, recoverable
from reportgen.model.disclosed import P_PERCENT
from reportgen.model.figures import Figure
from reportgen.model.quantity import Shape
from reportgen.model.source import NOWHERE

CLOSE = 1e-6
"""Of the size of the numbers, what HiGHS may be off in floating point."""


def oracle(
    variables: Mapping[str, Variable], equations: Sequence[Equation], name: str
) -> tuple[float | None, float | None]:
    """Return the least and the greatest value of `name` that fits everything disclosed."""
    names = list(variables)
    rows = [dict(equation.form.terms) for equation in equations]
    ends = []
    for sign in (1, -1):
        result = linprog(
            [sign * (each == name) for each in names],
            A_eq=[[float(row.get(each, 0)) for each in names] for row in rows] or None,
            b_eq=[-float(equation.form.constant) for equation in equations] or None,
            bounds=[
                tuple(map(_float, (v.interval.low, v.interval.high))) for v in variables.values()
            ],
            method="highs",
        )
        assert result.status in {0, 3, 4}, result.message
        ends.append(sign * result.fun if result.status == 0 else None)
    return ends[0], ends[1]


def _float(end: Fraction | None) -> float | None:
    return None if end is None else float(end)


def is_told(variable: Variable, low: float | None, high: float | None) -> bool:
    """Return whether HiGHS says that the figure is given away, on the edge too."""
    return low is not None and high is not None and high - low <= threshold(variable) + CLOSE


def threshold(variable: Variable) -> float:
    """Return the widest interval that gives a figure away: the p% rule, or ±1 in its last digit."""
    return 2 * float(max(P_PERCENT * abs(variable.value), variable.step))


def figure(name: str, value: Fraction, seen: Interval, *, given: bool) -> Variable:
    of = Figure(name, name, "fact", value, unit("个"), Shape(0), NOWHERE)
    return Variable(name, value, seen, given=given, figure=of)


@st.composite
def linear_systems(draw):
    """Return figures of any size, printed roughly, exactly or not at all, and true sums."""
    names = [f"v{n}" for n in range(draw(st.integers(3, 11)))]
    variables = {}
    for name in names:
        value = Fraction(
            draw(st.one_of(st.integers(0, 9), st.integers(1, 60), st.integers(100, 900)))
        )
        is_given = draw(st.booleans())
        margin = draw(st.sampled_from([Fraction(0), Fraction(1, 2), Fraction(5), Fraction(1, 3)]))
        seen = (
            Interval.around(value, margin) if is_given else draw(st.sampled_from([ANY, AT_LEAST_0]))
        )
        variables[name] = figure(name, value, seen, given=is_given)
    equations = []
    for number in range(draw(st.integers(1, 8))):
        chosen = draw(st.lists(st.sampled_from(names), min_size=2, max_size=6, unique=True))
        factors = st.sampled_from([1, 1, 1, -1, -1, 2, -2, Fraction(1, 3)])
        terms = tuple((name, Fraction(draw(factors))) for name in chosen)
        constant = -sum((variables[name].value * factor for name, factor in terms), Fraction(0))
        equations.append(Equation(Form(terms, constant), str(number), NOWHERE))
    return variables, equations


AT_LEAST_0 = Interval(Fraction(0))


@settings(max_examples=60, deadline=None)
@given(linear_systems())
def test_the_ends_of_every_figure_are_those_that_highs_finds(system):
    variables, equations = system
    program = LinearProgram(variables, {n: v.interval for n, v in variables.items()}, equations)
    for name, variable in variables.items():
        known = variable.interval
        for found in program.combinations(name):
            known = known.meet(found.interval)
        for ours, theirs in zip(
            (known.low, known.high), oracle(variables, equations, name), strict=True
        ):
            assert (ours is None) == (theirs is None)
            assert ours is None or abs(float(ours) - theirs) <= CLOSE * max(1, abs(theirs))


@settings(max_examples=60, deadline=None)
@given(linear_systems())
def test_what_highs_says_is_given_away_is_told_with_its_interval(system):
    variables, equations = system
    hidden = [name for name, each in variables.items() if not each.given]
    recoveries = recoverable(variables, equations, hidden)
    # What is told by a sum of rounded figures as they stand has a wider interval.
    told = {
        each.name: each.interval
        for each in recoveries
        if is_disclosed(variables[each.name], each.interval)
    }
    for name in hidden:
        low, high = oracle(variables, equations, name)
        if name in told:
            assert is_told(variables[name], low, high)
            assert told[name].width <= high - low + CLOSE * max(1, abs(high))
        elif is_told(variables[name], low, high):
            assert high - low >= threshold(variables[name]) - CLOSE  # on the edge


@settings(max_examples=100, deadline=None)
@given(
    st.fractions(min_value=0, max_value=90, max_denominator=10),
    st.fractions(min_value="1/2", max_value=90, max_denominator=10),
    st.sampled_from([Fraction(0), Fraction(1, 200), Fraction(1, 2)]),
    st.booleans(),
)
def test_a_product_lies_between_its_planes(left, right, margin, is_quotient):
    """Whatever left, right and whole fit the prints and the equation, no end cuts them off."""
    value = left / right if is_quotient else left * right
    atom = (
        Quotient(Form.of("a"), Form.of("b")) if is_quotient else Product(Form.of("a"), Form.of("b"))
    )
    form = Form(((atom, Fraction(1)), ("w", Fraction(-1))))
    variables = {
        "a": figure("a", left, AT_LEAST_0, given=False),
        "b": figure("b", right, Interval.around(right, margin / 4), given=True),
        "w": figure("w", value, Interval.around(value, margin), given=True),
    }
    program = LinearProgram(
        variables, {n: v.interval for n, v in variables.items()}, [Equation(form, "", NOWHERE)]
    )
    for found in program.combinations("a"):
        for b in (right - margin / 4, right, right + margin / 4):
            for w in (value - margin, value, value + margin):
                other = w * b if is_quotient else w / b
                if other >= 0:
                    assert slopes(form, {"a": other, "b": b, "w": w})[0] == 0
                    assert other in found.interval


def test_a_share_ties_its_part_to_a_whole_that_is_bounded_by_a_sum():
    """Neither equation alone bounds the part closely: 40% of at most 100, and more than 39."""
    share = Form(
        ((Quotient(Form.of("part"), Form.of("whole")), Fraction(1)), ("share", Fraction(-1)))
    )
    total = Form((("whole", Fraction(1)), ("other", Fraction(1))), Fraction(-100))
    floor = Form((("part", Fraction(1)), ("more", Fraction(-1))), Fraction(-39))
    variables = {
        "part": figure("part", Fraction(40), AT_LEAST_0, given=False),
        "whole": figure("whole", Fraction(100), AT_LEAST_0, given=False),
        "other": figure("other", Fraction(0), AT_LEAST_0, given=False),
        "more": figure("more", Fraction(1), AT_LEAST_0, given=False),
        "share": figure(
            "share", Fraction(2, 5), Interval.around(Fraction(2, 5), Fraction(1, 10**4)), given=True
        ),
    }
    equations = [Equation(form, "", NOWHERE) for form in (share, total, floor)]
    (found,) = recoverable(variables, equations, ["part"])
    assert found.interval == Interval(Fraction(39), Fraction(4001, 100))


@pytest.mark.parametrize("rows", [40, 120])
def test_a_large_table_with_sums_of_rows_and_columns_is_bounded_as_highs_bounds_it(rows):
    """A row is told by all sums of its table together, of which each is rounded."""
    variables, equations = {}, []
    for column in range(3):
        for row in range(rows):
            value = Fraction((row * 7 + column * 13) % 50 + 1)
            seen = AT_LEAST_0 if row < 3 else Interval.around(value, Fraction(1, 200))
            variables[f"{row}.{column}"] = figure(f"{row}.{column}", value, seen, given=row >= 3)
    lines = [[f"{row}.{column}" for row in range(rows)] for column in range(3)]
    lines += [[f"{row}.{column}" for column in range(3)] for row in range(rows)]
    for number, line in enumerate(lines):
        value = sum((variables[name].value for name in line), Fraction(0))
        total = f"total {number}"
        variables[total] = figure(total, value, Interval.around(value, Fraction(1, 2)), given=True)
        terms = (*((name, Fraction(1)) for name in line), (total, Fraction(-1)))
        equations.append(Equation(Form(terms), "", NOWHERE))
    program = LinearProgram(variables, {n: v.interval for n, v in variables.items()}, equations)
    for name in ("0.0", "1.1", "2.2"):
        low, high = oracle(variables, equations, name)
        ends = {"low": Fraction(0)}
        for found in program.combinations(name):
            ends |= (
                {"low": found.interval.low}
                if found.interval.low is not None
                else {"high": found.interval.high}
            )
        assert float(ends["low"]) == pytest.approx(low)
        assert float(ends["high"]) == pytest.approx(high)
