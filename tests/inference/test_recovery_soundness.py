"""Whatever the figures are: the truth lies in the interval, and what is told is determined."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from builders import unit
from reportgen.inference.equations import Equation, Variable
from reportgen.inference.linear_forms import (
    Form,
    Interval,
    Traced,
    bounds_of,
    names,
    slopes,
    solved,
)
from reportgen.inference.recovery import recoverable
from reportgen.model.disclosed import P_PERCENT
from reportgen.model.figures import Figure
from reportgen.model.quantity import Shape
from reportgen.model.source import NOWHERE

NAMES = tuple("abcdef")
MILLI = Fraction(1, 1000)


@st.composite
def systems(draw):
    """Return figures with integer values, of which some are printed, and true linear equations."""
    values = {name: Fraction(draw(st.integers(1, 60))) for name in NAMES}
    printed = draw(st.sets(st.sampled_from(NAMES), min_size=2, max_size=5))
    variables = {}
    for name, value in values.items():
        figure = Figure(name, name, "fact", value, unit("个"), Shape(0), NOWHERE)
        margin = draw(st.sampled_from([Fraction(0), Fraction(1, 2), Fraction(5)]))
        seen = Interval.around(value, margin) if name in printed else Interval(Fraction(0))
        variables[name] = Variable(name, value, seen, name in printed, figure)
    equations = []
    for number in range(draw(st.integers(1, 4))):
        factors = draw(st.lists(st.integers(-2, 2), min_size=6, max_size=6))
        terms = tuple((n, Fraction(f)) for n, f in zip(NAMES, factors, strict=True) if f)
        constant = -sum((values[n] * f for n, f in terms), Fraction(0))
        equations.append(Equation(Form(terms, constant), str(number), NOWHERE))
    return variables, equations


@given(systems())
def test_the_true_value_lies_in_the_interval_of_all_that_is_told(system):
    variables, equations = system
    hidden = [name for name, each in variables.items() if not each.given]
    for recovery in recoverable(variables, equations, hidden):
        assert variables[recovery.name].value in recovery.interval


@given(systems(), st.lists(st.integers(-3, 3), min_size=6, max_size=6))
def test_no_other_completion_leaves_the_interval(system, moves):
    """Any figures that fit the prints and equations as well give the same answer, within it."""
    variables, equations = system
    other = {n: each.value + move for (n, each), move in zip(variables.items(), moves, strict=True)}
    fits = all(other[n] in each.interval for n, each in variables.items())
    if not fits or any(slopes(e.form, other)[0] for e in equations):
        return
    hidden = [name for name, each in variables.items() if not each.given]
    for recovery in recoverable(variables, equations, hidden):
        assert other[recovery.name] in recovery.interval


def test_what_is_told_is_determined_by_brute_force():
    """All whole numbers that fit are within the threshold of the true value."""
    values = {"x": 5, "y": 3, "z": 2}
    for factors in product((-1, 0, 1), repeat=3):
        for more in product((0, 1), repeat=3):
            rows = [row for row in (factors, more) if any(row)]
            told = _told(values, rows)
            ways = [
                way
                for way in product(range(11), repeat=3)
                if all(_sum(row, way) == _sum(row, values.values()) for row in rows)
            ]
            for at, name in enumerate(values):
                spread = {way[at] for way in ways}
                near = max(P_PERCENT * values[name], 1)
                if name in told:
                    assert max(spread) - min(spread) <= 2 * near, (factors, more, name)
                elif len(spread) == 1 and len(rows) == 2:
                    # Only bounds that meet by chance are missed, never what follows from equations.
                    assert not _is_determined(rows, at), (factors, more, name)


def _sum(row, values):
    return sum(f * v for f, v in zip(row, values, strict=True))


def _told(values, rows):
    variables = {}
    for name, value in values.items():
        figure = Figure(name, name, "fact", Fraction(value), unit("个"), Shape(0), NOWHERE)
        seen = Interval(Fraction(0))
        variables[name] = Variable(name, Fraction(value), seen, given=False, figure=figure)
    equations = []
    for row in rows:
        terms = tuple((n, Fraction(f)) for n, f in zip(values, row, strict=True) if f)
        form = Form(terms, -Fraction(_sum(row, values.values())))
        equations.append(Equation(form, "", NOWHERE))
    return {each.name for each in recoverable(variables, equations, list(values))}


def _is_determined(rows, at):
    """Return whether a multiple of the rows is the unit vector of `at`: two rows, three columns."""
    first, second = rows
    others = [i for i in range(3) if i != at]
    for m, n in product(range(-2, 3), repeat=2):
        combined = [m * f + n * s for f, s in zip(first, second, strict=True)]
        if combined[at] and not any(combined[i] for i in others):
            return True
    return False


numbers = st.fractions(min_value=-50, max_value=50, max_denominator=20)


@st.composite
def traced(draw, depth=3):
    """Return a traced number made of a few figures by arithmetic."""
    if depth == 0 or draw(st.booleans()):
        name = draw(st.sampled_from(NAMES))
        return Traced(Fraction(NAMES.index(name) + 2), Form.of(name))
    left = draw(traced(depth - 1))
    right = draw(st.one_of(traced(depth - 1), numbers, st.integers(-3, 3)))
    match draw(st.sampled_from("+-*/~")):
        case "+":
            return left + right
        case "-":
            return right - left
        case "*":
            return right * left
        case "/" if right != 0:
            return left / right
        case _:
            return right / left if left != 0 else -left


TRUE = {name: Fraction(at + 2) for at, name in enumerate(NAMES)}


@given(traced())
def test_a_traced_number_is_the_value_of_its_form(number):
    value, _ = slopes(number.form, TRUE)
    assert value == Fraction(number)


@given(traced(), st.fractions(min_value=0, max_value=2, max_denominator=10))
def test_the_span_of_a_form_holds_its_value(number, margin):
    known = {name: Interval.around(value, margin) for name, value in TRUE.items()}
    assert Fraction(number) in bounds_of(number.form, known.__getitem__)
    ends = {name: value + margin for name, value in TRUE.items()}
    try:
        moved, _ = slopes(number.form, ends)
    except ZeroDivisionError:
        return
    assert moved in bounds_of(number.form, known.__getitem__)


def test_of_a_product_of_zero_neither_factor_is_told():
    assert solved(Form.of("a").by(Form.of("b")), "a") is None
    assert solved(Form.of("a").by(Form.of("b").plus(Form.of("c"))), "a") is None


@given(traced())
def test_a_form_solved_for_a_figure_gives_its_value(number):
    form = number.form.plus(Form((), Fraction(number)), Fraction(-1))
    for name in dict.fromkeys(names(form)):
        answer = solved(form, name)
        if answer is not None:
            assert TRUE[name] in bounds_of(answer, lambda n: Interval.around(TRUE[n], Fraction(0)))


@given(traced())
def test_slopes_are_what_a_small_change_shows(number):
    _, slope = slopes(number.form, TRUE)
    for name in dict.fromkeys(names(number.form)):
        nearby = {**TRUE, name: TRUE[name] + Fraction(1, 10**12)}
        try:
            moved, _ = slopes(number.form, nearby)
        except ZeroDivisionError:
            continue
        change = (moved - Fraction(number)) * 10**12
        scale = max(1, abs(change), abs(slope.get(name, Fraction(0))))
        assert abs(change - slope.get(name, Fraction(0))) <= MILLI * scale**3


intervals = st.builds(
    lambda a, b, low, high: Interval(min(a, b) if low else None, max(a, b) if high else None),
    numbers,
    numbers,
    st.booleans(),
    st.booleans(),
)


@given(intervals, intervals, numbers, numbers, numbers)
def test_interval_arithmetic_holds_every_result(one, two, a, b, factor):
    if a not in one or b not in two:
        return
    assert a + b in one + two
    assert a * factor in one.scaled(factor)
    assert a * b in one.times(two)
    if b:
        assert a / b in one.over(two)
    if a in two:
        assert a in one.meet(two)
