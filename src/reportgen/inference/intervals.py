"""Intervals of exact numbers: what a reader knows of a figure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

_End = Fraction | None


@dataclass(frozen=True, slots=True)
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
