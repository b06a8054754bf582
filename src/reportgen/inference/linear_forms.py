"""Formulas as sums over named figures, and exact numbers that remember which formula they are.

The evaluator of formulas works on `Fraction`s. A `Traced` number is one, so that evaluating a
formula over traced numbers gives its value together with its form: every filter, blank and
function is treated as it is when figures are worked out, by the same code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Self, assert_never

from reportgen.inference.intervals import Interval

ZERO, UNIT = Fraction(0), Fraction(1)


@dataclass(frozen=True, slots=True)
class Product:
    """The product of two forms, neither of them a constant."""

    left: Form
    right: Form


@dataclass(frozen=True, slots=True)
class Quotient:
    """The quotient of two forms, the lower no constant."""

    upper: Form
    lower: Form


Atom = str | Product | Quotient
"""A figure by name, or what is no sum of figures."""


@dataclass(frozen=True, slots=True)
class Form:
    """A sum of atoms, each times its factor, and a constant. No atom stands in it twice."""

    terms: tuple[tuple[Atom, Fraction], ...] = ()
    constant: Fraction = ZERO

    @classmethod
    def of(cls, name: str) -> Form:
        """Return the figure `name` alone."""
        return cls(((name, UNIT),))

    @property
    def is_linear(self) -> bool:
        """Return whether this is a sum of figures and nothing else."""
        return all(isinstance(atom, str) for atom, _ in self.terms)

    def plus(self, other: Form, factor: Fraction = UNIT) -> Form:
        """Return the sum of this and `factor` times `other`."""
        terms = dict(self.terms)
        for atom, count in other.terms:
            terms[atom] = terms.get(atom, ZERO) + factor * count
        left = tuple((atom, count) for atom, count in terms.items() if count)
        return Form(left, self.constant + factor * other.constant)

    def times(self, factor: Fraction) -> Form:
        """Return this times a number."""
        return Form().plus(self, factor)

    def by(self, other: Form) -> Form:
        """Return the product of two forms."""
        if not self.terms:
            return other.times(self.constant)
        if not other.terms:
            return self.times(other.constant)
        return Form(((Product(self, other), UNIT),))

    def over(self, other: Form) -> Form:
        """Return the quotient of two forms, the lower not the constant 0."""
        if not other.terms:
            return self.times(1 / other.constant)
        return Form(((Quotient(self, other), UNIT),)) if self != Form() else self


def names(form: Form) -> Iterator[str]:
    """Yield the figures of `form`, each as often as it stands there."""
    for atom, _ in form.terms:
        if isinstance(atom, str):
            yield atom
        else:
            for part in _parts(atom):
                yield from names(part)


def _parts(atom: Product | Quotient) -> tuple[Form, Form]:
    match atom:
        case Product(left, right):
            return left, right
        case Quotient(upper, lower):
            return upper, lower


def bounds_of(form: Form, known: Callable[[str], Interval]) -> Interval:
    """Return an interval that holds `form` whatever its figures are within what is `known`."""
    result = Interval(form.constant, form.constant)
    for atom, factor in form.terms:
        match atom:
            case str():
                each = known(atom)
            case Product(left, right):
                each = bounds_of(left, known).times(bounds_of(right, known))
            case Quotient(upper, lower):
                each = bounds_of(upper, known).over(bounds_of(lower, known))
            case _:
                assert_never(atom)
        result += each.scaled(factor)
    return result


def slopes(form: Form, values: Mapping[str, Fraction]) -> tuple[Fraction, dict[str, Fraction]]:
    """Return the value of `form` and how it changes with each figure, at `values`."""
    value, result = form.constant, dict[str, Fraction]()
    for atom, factor in form.terms:
        if isinstance(atom, str):
            value += factor * values[atom]
            result[atom] = result.get(atom, ZERO) + factor
            continue
        (one, mine), (two, its) = (slopes(part, values) for part in _parts(atom))
        if isinstance(atom, Product):
            value += factor * one * two
            by_first, by_second = factor * two, factor * one
        else:
            value += factor * one / two
            by_first, by_second = factor / two, -factor * one / two**2
        for slope, by in ((mine, by_first), (its, by_second)):
            for name, change in slope.items():
                result[name] = result.get(name, ZERO) + by * change
    return value, result


def solved(form: Form, name: str) -> Form | None:
    """Return what `name` is where `form` is 0; None where it does not stand there just once."""
    if sum(each == name for each in names(form)) != 1:
        return None
    while True:
        at = next(i for i, (atom, _) in enumerate(form.terms) if _holds(atom, name))
        atom, factor = form.terms[at]
        rest = Form(form.terms[:at] + form.terms[at + 1 :], form.constant).times(-1 / factor)
        match atom:
            case str():
                return rest
            case Product(left, right):
                if rest == Form():
                    return None  # of a product of 0 either factor may be the 0
                inner, other = (left, right) if name in names(left) else (right, left)
                form = inner.plus(rest.over(other), -UNIT)
            case Quotient(upper, lower) if name in names(upper):
                form = upper.plus(rest.by(lower), -UNIT)
            case Quotient(upper, lower):
                if rest == Form():
                    return None  # 0 tells nothing of what it was divided by
                form = lower.plus(upper.over(rest), -UNIT)


def _holds(atom: Atom, name: str) -> bool:
    if isinstance(atom, str):
        return atom == name
    return any(name in names(part) for part in _parts(atom))


class Traced(Fraction):
    """An exact number that knows which form it is the value of."""

    __slots__ = ("form",)
    form: Form

    def __new__(cls, value: Fraction, form: Form) -> Self:
        """Return `value` as the value of `form`."""
        self = super().__new__(cls, value)
        self.form = form
        return self

    def __add__(self, other: int | Fraction) -> Traced:  # type: ignore[override]
        """Return the sum, traced."""
        return Traced(Fraction(self) + Fraction(other), self.form.plus(form_of(other)))

    __radd__ = __add__  # type: ignore[assignment]

    def __sub__(self, other: int | Fraction) -> Traced:  # type: ignore[override]
        """Return the difference, traced."""
        return Traced(Fraction(self) - Fraction(other), self.form.plus(form_of(other), -UNIT))

    def __rsub__(self, other: int | Fraction) -> Traced:  # type: ignore[override]
        """Return the difference, traced."""
        return -self + other

    def __mul__(self, other: int | Fraction) -> Traced:  # type: ignore[override]
        """Return the product, traced."""
        return Traced(Fraction(self) * Fraction(other), self.form.by(form_of(other)))

    __rmul__ = __mul__  # type: ignore[assignment]

    def __truediv__(self, other: int | Fraction) -> Traced:  # type: ignore[override]
        """Return the quotient, traced."""
        return Traced(Fraction(self) / Fraction(other), self.form.over(form_of(other)))

    def __rtruediv__(self, other: int | Fraction) -> Traced:  # type: ignore[override]
        """Return the quotient, traced."""
        return Traced(Fraction(other) / Fraction(self), form_of(other).over(self.form))

    def __neg__(self) -> Traced:
        """Return the number with its sign turned, traced."""
        return Traced(-Fraction(self), self.form.times(-UNIT))


def form_of(number: int | Fraction) -> Form:
    """Return the form that `number` is the value of; a plain number is a constant."""
    return number.form if isinstance(number, Traced) else Form((), Fraction(number))
