"""Numbers of cells: exact from what a workbook stores, with the digits that its format shows.

A workbook stores binary floating point, of which 15 significant digits are meant (that is what
Excel itself shows and compares); what lies behind them is noise of 0.1 + 0.2.
"""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

SIGNIFICANT = 15
"""Digits that Excel keeps of a number."""

_QUOTED = re.compile(r'"([^"]*)"|\\(.)')
_COLOURS = re.compile(r"\[[^\]]*\]")
_DIGITS = re.compile(r"[0#?](?:[0#?,]*)(?:\.([0#?]+))?")


def meant(value: float | Decimal) -> Fraction:
    """Return the exact value of the 15 significant digits that a cell stands for."""
    decimal = value if isinstance(value, Decimal) else Decimal(repr(value))
    if not decimal:
        return Fraction(0)
    keep = SIGNIFICANT - 1 - decimal.adjusted()
    if -int(decimal.as_tuple().exponent) > keep:
        rounded = Fraction(round(Fraction(decimal) * Fraction(10) ** keep))
        return rounded / Fraction(10) ** keep
    return Fraction(decimal)


def shown_as(number_format: str) -> tuple[int | None, str]:
    """Return the decimals that a number format shows, None where it says none, and its unit.

    The unit is the literal text behind the digits, or `%`.
    """
    positive = _section(number_format)
    literals = "".join(a or b for a, b in _QUOTED.findall(positive)).strip()
    bare = _COLOURS.sub("", _QUOTED.sub("", positive))
    if "%" in bare:
        literals = "%"
    digits = _DIGITS.search(bare)
    if digits is None or "E+" in bare:
        return None, literals
    places = digits[1] or ""
    return (len(places) if set(places) <= {"0"} else None), literals


def _section(number_format: str) -> str:
    """Return the part of a number format that concerns positive numbers."""
    quoted = False
    for at, char in enumerate(number_format):
        if char == '"':
            quoted = not quoted
        elif char == ";" and not quoted:
            return number_format[:at]
    return number_format


def needed(value: Fraction) -> int:
    """Return how many decimals `value`, a finite decimal, needs."""
    decimals = 0
    while (value * 10**decimals).denominator != 1:
        decimals += 1
    return decimals
