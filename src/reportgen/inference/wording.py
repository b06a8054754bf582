"""Says in the words of the form how a withheld figure can be worked out."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from reportgen.inference.equations import Variable
from reportgen.inference.linear_forms import UNIT, Atom, Form, Interval, Product
from reportgen.inference.printed import as_printed
from reportgen.inference.recovery import Recovery, Step
from reportgen.model.figures import Figure
from reportgen.model.frozen import frozen
from reportgen.model.quantity import Shape, exact, number_text
from reportgen.model.units import ONE, Unit

MOST_TERMS = 5
"""How many terms of a sum are written; a longer one is cut after them."""
FINER = 4
"""With how many decimals more than the figure the ends of its interval are written."""

Variables = Mapping[str, Variable]


def working(recovery: Recovery, variables: Variables) -> str:
    """Return the steps of `recovery` as a reader would write them down."""
    return "；".join(_step(step, variables) for step in recovery.steps)


def between(figure: Figure, interval: Interval) -> str:
    """Return the ends of `interval` in the unit of `figure`, with up to `FINER` more decimals."""
    shape = Shape(figure.shape.decimals + FINER)
    texts: dict[str, None] = {}
    for end in interval.ends:
        texts[number_text(end / figure.unit.factor, shape)] = None
    return "至".join(texts) + figure.unit.symbol


def _step(step: Step, variables: Variables) -> str:
    figure = variables[step.name].figure
    if figure is None:
        return ""
    result = _result(figure, step.interval)
    form = step.form
    if form is None:
        rules = "”“".join(dict.fromkeys(equation.words for equation in step.equations))
        return f"{figure.title} ＝ 由“{rules}”联立 ＝ {result}"
    writer = _FormWriter(variables, _measure(figure.title))
    return f"{figure.title} ＝ {writer.form(form, figure.unit)} ＝ {result}"


def _result(figure: Figure, interval: Interval) -> str:
    """Return the middle of `interval` as a reader would write it, and its ends."""
    low, high = interval.low, interval.high
    if low is None:
        return "？" if high is None else f"不超过{as_printed(figure, high)}"
    if high is None:
        return f"不少于{as_printed(figure, low)}"
    middle = as_printed(figure, (low + high) / 2)
    return middle if low == high else f"{middle}（{between(figure, interval)}）"


def _measure(title: str) -> str:
    """Return the measure at the end of a title, ·决算数, which each term need not repeat."""
    head, dot, last = title.rpartition("·")
    return dot + last if head else ""


@frozen
class _FormWriter:
    """Writes forms in words; `measure` is left out of the titles of figures."""

    variables: Variables
    measure: str

    def _terms(self, form: Form) -> str:
        """Return the terms of a sum, of very many the first."""
        terms = [(atom, factor) for atom, factor in form.terms if not self._is_slack(atom)]
        terms.sort(key=_is_subtracted)
        written = terms[:MOST_TERMS] if len(terms) > MOST_TERMS + 1 else terms
        text = ""
        for atom, factor in written:
            text += _sign(factor, first=not text) + self._term(atom, abs(factor))
        return text if len(written) == len(terms) else f"{text}……（共{len(terms)}项）"

    def form(self, form: Form, unit: Unit = ONE) -> str:
        """Return `form` as a sum, what is added first, the constant last and in `unit`.

        What the rounding of an equation leaves open is left out.
        """
        text = self._terms(form)
        if form.constant or not text:
            constant = exact(abs(form.constant) / unit.factor) + unit.symbol
            text += _sign(form.constant, first=not text) + constant
        return text

    def _is_slack(self, atom: Atom) -> bool:
        return isinstance(atom, str) and self.variables[atom].figure is None

    def _term(self, atom: Atom, factor: Fraction) -> str:
        text = self._atom(atom)
        if factor == UNIT:
            return text
        return f"{text} × {exact(factor)}" if factor > 1 else f"{text} ÷ {exact(1 / factor)}"

    def _atom(self, atom: Atom) -> str:
        if isinstance(atom, str):
            return self._figure(self.variables[atom])
        if isinstance(atom, Product):
            return f"{self._operand(atom.left)} × {self._operand(atom.right)}"
        return f"{self._operand(atom.upper)} ÷ {self._operand(atom.lower)}"

    def _operand(self, form: Form) -> str:
        """Return `form`, in brackets unless it is one figure."""
        text = self.form(form)
        return text if _is_one_figure(form) else f"（{text}）"

    def _figure(self, variable: Variable) -> str:
        """Return the title of a figure, and its value where that is printed."""
        figure = variable.figure
        if figure is None:
            return ""
        title = figure.title.removesuffix(self.measure)
        return f"{title} {figure.text}" if variable.given else title


def _is_subtracted(term: tuple[Atom, Fraction]) -> bool:
    return term[1] < 0


def _sign(factor: Fraction, *, first: bool) -> str:
    if first:
        return "－" if factor < 0 else ""
    return " － " if factor < 0 else " ＋ "


def _is_one_figure(form: Form) -> bool:
    if len(form.terms) != 1 or form.constant:
        return False
    atom, factor = form.terms[0]
    return isinstance(atom, str) and factor == UNIT
