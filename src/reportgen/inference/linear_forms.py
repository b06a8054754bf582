"""Formulas as sums over named figures, the intervals they lie in, and numbers that know their form.

The evaluator of formulas works on `Fraction`s. A `Traced` number is one, so that evaluating a
formula over traced numbers gives its value together with its form: every filter, blank and
function is treated as it is when figures are worked out, by the same code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from itertools import product
from typing import Self

from reportgen.model.frozen import frozen

ZERO, UNIT = Fraction(0), Fraction(1)


_End = Fraction | None


@frozen
class Interval:
    """All numbers from `low` to `high`, both included; None where there is no end."""

    low: Fraction | None = None
    high: Fraction | None = None

    @classmethod
    def around(cls, middle: Fraction, margin: Fraction) -> Interval:
        """Return what lies within `margin` of `middle`."""
        return cls(middle - margin, middle + margin)

    @property
    def ends(self) -> tuple[Fraction, ...]:
        """Return the ends that there are, the lower first."""
        return tuple(end for end in (self.low, self.high) if end is not None)

    @property
    def width(self) -> Fraction | None:
        """Return the distance of the ends, None where one is missing."""
        return None if self.low is None or self.high is None else self.high - self.low

    def __contains__(self, value: Fraction) -> bool:
        """Return whether `value` lies in the interval."""
        if self.low is not None and value < self.low:
            return False
        return self.high is None or value <= self.high

    def __add__(self, other: Interval) -> Interval:
        """Return every sum of a number of each."""
        return Interval(_sum_of_ends(self.low, other.low), _sum_of_ends(self.high, other.high))

    def scaled(self, factor: Fraction) -> Interval:
        """Return the interval times `factor`."""
        if factor == 0:
            return Interval(Fraction(0), Fraction(0))
        low = None if self.low is None else self.low * factor
        high = None if self.high is None else self.high * factor
        return Interval(low, high) if factor > 0 else Interval(high, low)

    def meet(self, other: Interval) -> Interval:
        """Return what lies in both, which must have a number in common."""
        low = _inner_end(self.low, other.low, max)
        high = _inner_end(self.high, other.high, min)
        return Interval(low, high)

    def times(self, other: Interval) -> Interval:
        """Return an interval that holds every product; without ends where one end is missing.

        Of two intervals that reach no further down than 0 the lower end is kept all the same.
        """
        ends = (*self.ends, *other.ends)
        if len(ends) == 4:
            products = [mine * its for mine, its in product(ends[:2], ends[2:])]
            return Interval(min(products), max(products))
        if self.low is not None and other.low is not None and min(self.low, other.low) >= 0:
            return Interval(self.low * other.low)
        return Interval()

    def over(self, other: Interval) -> Interval:
        """Return an interval that holds every quotient, a division by 0 left out."""
        return self.times(other.reciprocal)

    @property
    def reciprocal(self) -> Interval:
        """Return an interval that holds 1 ÷ each number but 0."""
        if self.low is not None and self.low >= 0:
            low = Fraction(0) if self.high is None else _one_over(self.high)
            return Interval(low, _one_over(self.low))
        if self.high is not None and self.high <= 0:
            return self.scaled(Fraction(-1)).reciprocal.scaled(Fraction(-1))
        return Interval()


def _sum_of_ends(first: _End, second: _End) -> _End:
    return None if first is None or second is None else first + second


def _inner_end(first: _End, second: _End, choose: Callable[[Fraction, Fraction], Fraction]) -> _End:
    """Return the end that `choose` takes of two, the other where one is missing."""
    if first is None:
        return second
    return first if second is None else choose(first, second)


def _one_over(end: Fraction) -> _End:
    """Return 1 ÷ `end`; None for 0, since what is next to it has no limit."""
    return 1 / end if end else None


ANY = Interval()
"""Every number: nothing is known."""


@frozen
class Product:
    """The product of two forms, neither of them a constant."""

    left: Form
    right: Form


@frozen
class Quotient:
    """The quotient of two forms, the lower no constant."""

    upper: Form
    lower: Form


Atom = str | Product | Quotient
"""A figure by name, or what is no sum of figures."""


@frozen
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
        nonzero = tuple((atom, count) for atom, count in terms.items() if count)
        return Form(nonzero, self.constant + factor * other.constant)

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
            for operand in _operands(atom):
                yield from names(operand)


def _operands(atom: Product | Quotient) -> tuple[Form, Form]:
    if isinstance(atom, Product):
        return atom.left, atom.right
    return atom.upper, atom.lower


def bounds_of(form: Form, known: Callable[[str], Interval]) -> Interval:
    """Return an interval that holds `form` whatever its figures are within what is `known`."""
    bounds = Interval(form.constant, form.constant)
    for atom, factor in form.terms:
        bounds += _bounds_of_atom(atom, known).scaled(factor)
    return bounds


def _bounds_of_atom(atom: Atom, known: Callable[[str], Interval]) -> Interval:
    if isinstance(atom, str):
        return known(atom)
    left, right = _operands(atom)
    if isinstance(atom, Product):
        return bounds_of(left, known).times(bounds_of(right, known))
    return bounds_of(left, known).over(bounds_of(right, known))


def slopes(form: Form, values: Mapping[str, Fraction]) -> tuple[Fraction, dict[str, Fraction]]:
    """Return the value of `form` and how it changes with each figure, at `values`."""
    value, slope = form.constant, dict[str, Fraction]()
    for atom, factor in form.terms:
        if isinstance(atom, str):
            value += factor * values[atom]
            slope[atom] = slope.get(atom, ZERO) + factor
        else:
            value += factor * _add_slopes(atom, factor, values, slope)
    return value, slope


def _add_slopes(
    atom: Product | Quotient,
    factor: Fraction,
    values: Mapping[str, Fraction],
    slope: dict[str, Fraction],
) -> Fraction:
    """Add to `slope` how `factor` times `atom` changes; return the value of the atom."""
    left, right = _operands(atom)
    left_value, left_slope = slopes(left, values)
    right_value, right_slope = slopes(right, values)
    if isinstance(atom, Product):
        value = left_value * right_value
        by_left, by_right = right_value, left_value
    else:
        value = left_value / right_value
        by_left, by_right = 1 / right_value, -value / right_value
    for part, by in ((left_slope, by_left), (right_slope, by_right)):
        for name, change in part.items():
            slope[name] = slope.get(name, ZERO) + factor * by * change
    return value


def solved(form: Form, name: str) -> Form | None:
    """Return what `name` is where `form` is 0; None where it does not stand there just once."""
    if list(names(form)).count(name) != 1:
        return None
    equation: Form | None = form
    while equation is not None:
        atom, value = _isolated(equation, name)
        if isinstance(atom, str):
            return value
        equation = _opened(atom, value, name)
    return None


def _isolated(form: Form, name: str) -> tuple[Atom, Form]:
    """Return the atom of `form` that holds `name`, and what it equals where `form` is 0."""
    for at, (atom, factor) in enumerate(form.terms):
        if _holds(atom, name):
            others = Form(form.terms[:at] + form.terms[at + 1 :], form.constant)
            return atom, others.times(-1 / factor)
    raise ValueError(name)


def _holds(atom: Atom, name: str) -> bool:
    if isinstance(atom, str):
        return atom == name
    return any(name in names(operand) for operand in _operands(atom))


def _opened(atom: Product | Quotient, value: Form, name: str) -> Form | None:
    """Return the form that is 0 where `atom` equals `value`: its operand that holds `name` is free.

    None where that cannot be said: of a product of 0 either factor may be the 0, and a quotient
    of 0 gives nothing away of what it was divided by.
    """
    left, right = _operands(atom)
    if isinstance(atom, Quotient) and name in names(left):
        return left.plus(value.by(right), -UNIT)
    if value == Form():
        return None
    if isinstance(atom, Quotient):
        return right.plus(left.over(value), -UNIT)
    inner, other = (left, right) if name in names(left) else (right, left)
    return inner.plus(value.over(other), -UNIT)


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
