"""Intervals of exact numbers: what a reader knows of a figure."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


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
    def width(self) -> Fraction | None:
        """Return the distance of the ends, None where one is missing."""
        return None if self.low is None or self.high is None else self.high - self.low

    def __contains__(self, value: Fraction) -> bool:
        """Return whether `value` lies in the interval."""
        above = self.low is None or self.low <= value
        return above and (self.high is None or value <= self.high)

    def __add__(self, other: Interval) -> Interval:
        """Return every sum of a number of each."""
        low = None if self.low is None or other.low is None else self.low + other.low
        high = None if self.high is None or other.high is None else self.high + other.high
        return Interval(low, high)

    def scaled(self, factor: Fraction) -> Interval:
        """Return the interval times `factor`."""
        if factor == 0:
            return Interval(Fraction(0), Fraction(0))
        low = None if self.low is None else self.low * factor
        high = None if self.high is None else self.high * factor
        return Interval(low, high) if factor > 0 else Interval(high, low)

    def meet(self, other: Interval) -> Interval:
        """Return what lies in both, which must have a number in common."""
        lows = [each for each in (self.low, other.low) if each is not None]
        highs = [each for each in (self.high, other.high) if each is not None]
        return Interval(max(lows, default=None), min(highs, default=None))

    def times(self, other: Interval) -> Interval:
        """Return an interval that holds every product; without ends where one end is missing.

        Of two intervals that reach no further down than 0 the lower end is kept all the same.
        """
        mine, its = (self.low, self.high), (other.low, other.high)
        ends = [a * b for a in mine if a is not None for b in its if b is not None]
        if len(ends) == 4:
            return Interval(min(ends), max(ends))
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
            low = Fraction(0) if self.high is None else 1 / self.high if self.high else None
            return Interval(low, 1 / self.low if self.low else None)
        if self.high is not None and self.high <= 0:
            return self.scaled(Fraction(-1)).reciprocal.scaled(Fraction(-1))
        return Interval()


ANY = Interval()
"""Every number: nothing is known."""
