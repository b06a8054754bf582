"""A change of a figure or text: its two sides, its causes, and by how much it changed."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Literal

from reportgen.features.diff.state import SCORE, StateEntry
from reportgen.model.frozen import frozen
from reportgen.model.quantity import Shape, number_text, shown
from reportgen.model.units import UNITS, Unit

Cause = Literal["fact", "rule", "inputs", "format", "template", "added", "gone"]
"""Typed anew; another rule; other facts below; written otherwise; printed elsewhere; new; lost."""

POINTS = UNITS["个百分点"]
_PERCENT = ("%", "‰")
_DECIMALS = re.compile(r"\.([0-9]+)")


@frozen
class Change:
    """A figure or text that is not as it was; `old` or `new` is None where there is none.

    `facts` are those below it that changed, by key; those that were lost by their old key.
    """

    key: str
    old: StateEntry | None
    new: StateEntry | None
    causes: tuple[Cause, ...]
    facts: tuple[str, ...] = ()

    @property
    def entry(self) -> StateEntry:
        """Return the new side, or the old one where it is all there is."""
        return self.sides[0]

    @property
    def sides(self) -> tuple[StateEntry, ...]:
        """Return the sides that there are, the new one first."""
        return tuple(side for side in (self.new, self.old) if side is not None)

    @property
    def places(self) -> tuple[str, ...]:
        """Return where either side is printed, the new one first; empty where neither is."""
        places: list[str] = []
        for side in self.sides:
            places += side.places
        return tuple(places)

    @property
    def printed(self) -> bool:
        """Return whether either side is printed."""
        return bool(self.places)

    @property
    def is_printed(self) -> bool:
        """Return whether the new side is printed."""
        return self.new is not None and bool(self.new.printed)

    @property
    def was_printed(self) -> bool:
        """Return whether the old side was printed."""
        return self.old is not None and bool(self.old.printed)

    @property
    def reprinted(self) -> bool:
        """Return whether what is printed of it changed, wherever it stands."""
        if self.old is None or self.new is None:
            return self.printed
        return self.old.prints != self.new.prints

    @property
    def unit(self) -> Unit:
        """Return the unit of the difference: that of the figure, points for percentages."""
        unit = self.entry.unit
        return POINTS if unit.symbol in _PERCENT else unit

    @property
    def difference(self) -> Fraction | None:
        """Return new minus old in base units, None where one is undefined or of another kind."""
        if self.old is None or self.new is None:
            return None
        old, new = self.old.value, self.new.value
        if old is None or new is None or self.old.unit.dimension != self.new.unit.dimension:
            return None
        return new - old

    @property
    def share(self) -> Fraction | None:
        """Return the difference as a part of the old value; None where that is zero."""
        difference = self.difference
        if difference is None or self.old is None or not self.old.value:
            return None
        return difference / abs(self.old.value)


def difference_text(change: Change) -> str:
    """Return the difference (增减) with sign and unit, empty where there is none.

    It has the decimals that are printed, and more where these would make a zero of it.
    """
    value = change.difference
    if value is None:
        return ""
    text = shown(value, change.unit, Shape(decimals=_decimals(change)))
    if value and not re.search("[1-9]", text):
        text = shown(value, change.unit, Shape(decimals=_decimals(change) + 2))
    return _signed(text, value)


def share_text(change: Change) -> str:
    """Return the difference in percent of the old value (幅度); empty from zero.

    Percentages and scores have none: parts of them mean nothing.
    """
    value = change.share
    if value is None or change.unit is POINTS or change.entry.unit.symbol == SCORE:
        return ""
    return _signed(number_text(value * 100, Shape(decimals=2)) + "%", value)


def _signed(text: str, value: Fraction) -> str:
    return f"+{text}" if value > 0 else text


def magnitude(change: Change) -> Fraction | None:
    """Return how large a change is, to sort by and to hold against a threshold.

    It is the share, or the points of a percentage; None for one from zero, which is beyond all.
    """
    if not change.difference:
        return Fraction(0)
    value = change.difference if change.unit is POINTS else change.share
    return None if value is None else abs(value)


def needs_explanation(change: Change, threshold: Fraction) -> bool:
    """Return whether a change reaches the threshold from which its reason is due (须说明原因)."""
    size = magnitude(change)
    return size is None or (size >= threshold and size > 0)


def _decimals(change: Change) -> int:
    """Return the most decimals that either side is printed with."""
    most = 0
    for side in change.sides:
        for decimals in _DECIMALS.findall(side.text):
            most = max(most, len(decimals))
    return most
