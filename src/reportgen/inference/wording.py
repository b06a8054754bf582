"""Says in the words of the form how a withheld figure can be worked out."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import assert_never

from reportgen.inference.equations import Variable
from reportgen.inference.intervals import Interval
from reportgen.inference.linear_forms import UNIT, Atom, Form, Product, Quotient
from reportgen.inference.printed import said
from reportgen.inference.recovery import Recovery, Step
from reportgen.model.figures import Figure
from reportgen.model.quantity import Shape, exact, number_text
from reportgen.model.units import ONE, Unit

MOST_TERMS = 5
"""How many terms of a sum are said; a longer one is cut after them."""
FINER = 4
"""With how many decimals more than the figure the ends of its interval are said."""

Variables = Mapping[str, Variable]


def working(recovery: Recovery, variables: Variables) -> str:
    """Return the steps of `recovery` as a reader would write them down."""
    return "；".join(_step(step, variables) for step in recovery.steps)


def _step(step: Step, variables: Variables) -> str:
    figure = variables[step.name].figure
    if figure is None:
        return ""
    if step.form is None:
        rules = "”“".join(dict.fromkeys(each.words for each in step.equations))
        right = f"由“{rules}”联立"
    else:
        right = _form(step.form, variables, _measure(figure.title), figure.unit)
    return f"{figure.title} ＝ {right} ＝ {_result(figure, step.interval)}"


def _result(figure: Figure, interval: Interval) -> str:
    """Return the middle of `interval` as a reader would write it, and its ends."""
    low, high = interval.low, interval.high
    if low is None or high is None:
        end = low if high is None else high
        return (
            "？" if end is None else f"{'不少于' if high is None else '不超过'}{said(figure, end)}"
        )
    middle = said(figure, (low + high) / 2)
    return middle if low == high else f"{middle}（{between(figure, interval)}）"


def between(figure: Figure, interval: Interval) -> str:
    """Return the ends of `interval` in the unit of `figure`, with up to `FINER` more decimals."""
    ends = [end for end in (interval.low, interval.high) if end is not None]
    shape = Shape(figure.shape.decimals + FINER)
    texts = dict.fromkeys(number_text(end / figure.unit.factor, shape) for end in ends)
    return "至".join(texts) + figure.unit.symbol


def _measure(title: str) -> str:
    """Return the measure at the end of a title, ·决算数, which need not be said of each term."""
    head, dot, last = title.rpartition("·")
    return dot + last if head else ""


def _form(form: Form, variables: Variables, measure: str, unit: Unit = ONE) -> str:
    terms = [(atom, count) for atom, count in form.terms if not _is_slack(atom, variables)]
    terms.sort(key=lambda term: term[1] < 0)
    shown = terms[:MOST_TERMS] if len(terms) > MOST_TERMS + 1 else terms
    text = ""
    for atom, count in shown:
        text += _sign(count, first=not text) + _counted(atom, abs(count), variables, measure)
    if len(shown) < len(terms):
        text += f"……（共{len(terms)}项）"
    if form.constant or not text:
        text += (
            _sign(form.constant, first=not text)
            + exact(abs(form.constant) / unit.factor)
            + unit.symbol
        )
    return text


def _is_slack(atom: Atom, variables: Variables) -> bool:
    return isinstance(atom, str) and variables[atom].figure is None


def _sign(count: Fraction, *, first: bool) -> str:
    if first:
        return "－" if count < 0 else ""
    return " － " if count < 0 else " ＋ "


def _counted(atom: Atom, count: Fraction, variables: Variables, measure: str) -> str:
    match atom:
        case str():
            text = _figure(variables[atom], measure)
        case Product(left, right):
            text = f"{_inner(left, variables, measure)} × {_inner(right, variables, measure)}"
        case Quotient(upper, lower):
            text = f"{_inner(upper, variables, measure)} ÷ {_inner(lower, variables, measure)}"
        case _:
            assert_never(atom)
    if count == UNIT:
        return text
    return f"{text} × {exact(count)}" if count > 1 else f"{text} ÷ {exact(1 / count)}"


def _inner(form: Form, variables: Variables, measure: str) -> str:
    text = _form(form, variables, measure)
    alone = len(form.terms) == 1 and not form.constant and isinstance(form.terms[0][0], str)
    return text if alone and form.terms[0][1] == UNIT else f"（{text}）"


def _figure(variable: Variable, measure: str) -> str:
    figure = variable.figure
    if figure is None:
        return ""
    title = figure.title.removesuffix(measure)
    return f"{title} {figure.text}" if variable.given else title
