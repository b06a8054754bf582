"""How a number was most likely mistyped, by how far it is from what it should be."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

from reportgen.model.quantity import Shape, number_text
from reportgen.model.reading import DocumentNumber
from reportgen.model.units import ONE

SlipKind = Literal["@unit_slip", "@point_slip", "@swapped", "@one_digit", "@wrong_sign", "@tail"]
"""A slip by a label of codes.yaml."""
_SCALES: tuple[tuple[Fraction, SlipKind], ...] = (
    (Fraction(10_000), "@unit_slip"),
    (Fraction(1, 10_000), "@unit_slip"),
    (Fraction(10), "@point_slip"),
    (Fraction(100), "@point_slip"),
    (Fraction(1, 10), "@point_slip"),
    (Fraction(1, 100), "@point_slip"),
    (Fraction(-1), "@wrong_sign"),
)
_TAIL = Fraction(1, 500)
"""A gap of so small a part of a total is one of its last digits."""
_LEAST_DIGITS = 3
"""Fewer digits than these have one digit wrong by chance."""


def slip(number: DocumentNumber, gap: Fraction) -> SlipKind | None:
    """Return how `number` was mistyped if it is too large by `gap`; None for no common way."""
    meant = number.value - gap
    if gap == 0:
        return None
    for scale, kind in _SCALES:
        if meant * scale == number.value and meant:
            return kind
    typed, right = _digits(number, number.value), _digits(number, meant)
    return _changed(typed, right) if len(typed) == len(right) else None


def is_slip(number: DocumentNumber, gap: Fraction) -> bool:
    """Return whether a gap is that of a slip in `number`, or of its last digits."""
    if abs(gap) <= _TAIL * abs(number.value):
        return True
    return slip(number, gap) is not None


def _digits(number: DocumentNumber, value: Fraction) -> str:
    """Return the digits of a value as `number` was written."""
    unit = number.unit or ONE
    decimals = len(number.text.partition(".")[2].rstrip("%％万亿元")) if "." in number.text else 0
    digits = number_text(value / unit.factor, Shape(decimals=min(decimals, 8)))
    return digits.replace(".", "")


def _changed(typed: str, right: str) -> SlipKind | None:
    """Return whether two digits that stand together are swapped, or a single one differs."""
    places = [index for index in range(len(typed)) if typed[index] != right[index]]
    if len(places) == 1 and len(typed) >= _LEAST_DIGITS:
        return "@one_digit"
    if len(places) == 2 and places[1] == places[0] + 1:
        first, second = places
        if typed[first] == right[second] and typed[second] == right[first]:
            return "@swapped"
    return None
