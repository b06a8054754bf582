"""How much a figure changed, as people write it: 增减 in its unit, 幅度 in percent."""

from __future__ import annotations

import re
from fractions import Fraction

from reportgen.compare.changes import Change
from reportgen.model.quantity import Shape, number_text, shown
from reportgen.model.units import UNITS, Unit

POINTS = UNITS["个百分点"]
SCORE = "分"
"""The unit of scores."""
_PERCENT = ("%", "‰")
_DECIMALS = re.compile(r"\.([0-9]+)")
_SIGN = {True: "+", False: ""}


def unit_of(change: Change) -> Unit:
    """Return the unit of a difference: that of the figure, points for percentages."""
    unit = change.item.unit
    return POINTS if unit.symbol in _PERCENT else unit


def difference(change: Change) -> str:
    """Return the difference with sign and unit, `0` decimals beyond those printed; else empty."""
    value = change.difference
    if value is None:
        return ""
    unit = unit_of(change)
    text = shown(value, unit, Shape(decimals=_decimals(change)))
    if value and not any(char in "123456789" for char in text):
        text = shown(value, unit, Shape(decimals=_decimals(change) + 2))
    return _SIGN[value > 0] + text


def share(change: Change) -> str:
    """Return the difference in percent of the old value; empty from zero.

    Percentages and scores have none: parts of them mean nothing.
    """
    value = change.share
    if value is None or unit_of(change) is POINTS or change.item.unit.symbol == SCORE:
        return ""
    return _SIGN[value > 0] + number_text(value * 100, Shape(decimals=2)) + "%"


def size(change: Change) -> Fraction | None:
    """Return how large a change is, to sort by and to hold against a threshold.

    It is the share, or the points of a percentage; None for one from zero, which is beyond all.
    """
    if unit_of(change) is POINTS:
        value = change.difference
        return abs(value) if value is not None else Fraction(0)
    if change.difference in {None, 0}:
        return Fraction(0)
    value = change.share
    return abs(value) if value is not None else None


def beyond(change: Change, threshold: Fraction) -> bool:
    """Return whether a change has to be explained (须说明原因)."""
    found = size(change)
    return found is None or (found >= threshold and found > 0)


def _decimals(change: Change) -> int:
    """Return the most decimals that either side is printed with."""
    texts = [side.text for side in (change.old, change.new) if side is not None]
    return max((len(found) for text in texts for found in _DECIMALS.findall(text)), default=0)
