"""How a number was most likely mistyped, by how far it is from what it should be."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Literal

from reportgen.features.audit.comparisons import Recomputation
from reportgen.model.quantity import Shape, number_text
from reportgen.model.reading import DocumentNumber
from reportgen.model.units import ONE

Mistyping = Literal["@unit_slip", "@point_slip", "@swapped", "@one_digit", "@wrong_sign", "@tail"]
"""A slip by a label of codes.yaml."""
_SCALES: Mapping[Fraction, Mistyping] = {
    Fraction(10_000): "@unit_slip",
    Fraction(1, 10_000): "@unit_slip",
    Fraction(10): "@point_slip",
    Fraction(100): "@point_slip",
    Fraction(1, 10): "@point_slip",
    Fraction(1, 100): "@point_slip",
    Fraction(-1): "@wrong_sign",
}
"""How many times what was meant a slip is."""
_TAIL = Fraction(1, 500)
"""A gap of so small a part of a total is one of its last digits."""
_LEAST_DIGITS = 3
"""Fewer digits than these have one digit wrong by chance."""


def mistyping(number: DocumentNumber, gap: Fraction) -> Mistyping | None:
    """Return how `number` was mistyped if it is too large by `gap`; None for no common way."""
    if gap == 0:
        return None
    meant = number.value - gap
    return _scaled(number.value, meant) or _retyped(number, meant)


def _scaled(typed: Fraction, meant: Fraction) -> Mistyping | None:
    """Return which wrong unit, point or sign makes one value of another."""
    if not meant:
        return None
    return _SCALES.get(typed / meant)


def _retyped(number: DocumentNumber, meant: Fraction) -> Mistyping | None:
    """Return how its digits as written differ from those that were meant."""
    typed, right = _digits(number, number.value), _digits(number, meant)
    return _changed(typed, right) if len(typed) == len(right) and typed != right else None


def is_mistyped(number: DocumentNumber, gap: Fraction) -> bool:
    """Return whether a gap is that of a slip in `number`, or of its last digits."""
    if abs(gap) <= _TAIL * abs(number.value):
        return True
    return mistyping(number, gap) is not None


def has_one_digit_wrong(number: DocumentNumber, gap: Fraction) -> bool:
    """Return whether a gap is that of one digit, of two or more; by chance in one of a few."""
    typed, right = _digits(number, number.value), _digits(number, number.value - gap)
    return 1 < len(typed) == len(right) and len(_places_changed(typed, right)) == 1


def is_mistyped_apart(comparison: Recomputation) -> bool:
    """Return whether a difference is that of a slip in the number, or in one of its terms."""
    gap = comparison.difference
    if is_mistyped(comparison.stated, gap):
        return True
    return any(is_mistyped(term, -gap) for term in comparison.terms)


def is_meant(comparison: Recomputation) -> bool:
    """Return whether numbers belong together: they fit, or would but for a slip."""
    return comparison.fits or is_mistyped_apart(comparison)


def _digits(number: DocumentNumber, value: Fraction) -> str:
    """Return the digits of a value as `number` was written."""
    unit = number.unit or ONE
    decimals = len(number.text.partition(".")[2].rstrip("%％万亿元"))
    digits = number_text(value / unit.factor, Shape(decimals=min(decimals, 8)))
    return digits.replace(".", "")


def _changed(typed: str, right: str) -> Mistyping | None:
    """Return whether two digits that stand together are swapped, or a single one differs."""
    places = _places_changed(typed, right)
    first, last = places[0], places[-1]
    if first == last and len(typed) >= _LEAST_DIGITS:
        return "@one_digit"
    is_pair = last == first + 1 and typed[first : last + 1] == right[first : last + 1][::-1]
    return "@swapped" if is_pair else None


def _places_changed(typed: str, right: str) -> list[int]:
    """Return where two texts of one length differ."""
    return [place for place, digit in enumerate(typed) if digit != right[place]]
