"""Indicator values as people write them: `≥90%`, `135家`, `95%以上`, `成效明显`."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from reportgen.model.figures import Figure
from reportgen.model.quantity import QuantityError, parse_quantity
from reportgen.model.units import Unit

Sign = Literal["", "=", ">=", "<=", ">", "<"]

_SIGNS: dict[str, Sign] = {
    "≥": ">=",
    ">=": ">=",
    "不低于": ">=",
    "不少于": ">=",
    "至少": ">=",
    "超过": ">",
    ">": ">",
    "≤": "<=",
    "<=": "<=",
    "不超过": "<=",
    "不高于": "<=",
    "<": "<",
    "=": "=",
    "以上": ">=",
    "及以上": ">=",
    "以下": "<=",
    "以内": "<=",
    "及以下": "<=",
}
_BOUND = re.compile(
    r"\s*(?P<before>[^{}]{0,3}?)\s*\{\{\s*(?P<key>[\w.]+)\s*\}\}\s*(?P<after>\S{0,3})\s*"
)


@dataclass(frozen=True, slots=True)
class Indicator:
    """What an indicator's cell says; `value` is None where it is no number and stays literal."""

    text: str
    sign: Sign = ""
    value: Fraction | None = None
    unit: Unit | None = None


def read_indicator(text: str, figure: Callable[[str], Figure | None]) -> Indicator:
    """Return what `text` says; `{{ key }}` alone, with a sign or not, takes the figure's value."""
    bound = _BOUND.fullmatch(text)
    if bound is not None:
        found = figure(bound["key"])
        if found is None or found.value is None:
            return Indicator(text)
        sign = _sign(bound["before"] + found.shape.before, bound["after"] + found.shape.after)
        return Indicator(text, sign, found.value, found.unit)
    try:
        quantity = parse_quantity(text)
    except QuantityError:
        return Indicator(text)
    sign = _sign(quantity.shape.before, quantity.shape.after)
    return Indicator(text, sign, quantity.value, quantity.unit)


def _sign(before: str, after: str) -> Sign:
    return _SIGNS.get(before, _SIGNS.get(after, ""))
