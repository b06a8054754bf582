"""Pieces of workbook formulas: texts with the unit that they count in, literals, limits."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from reportgen.model.quantity import exact

LONGEST = 8000
"""Characters of a formula that Excel accepts, with room to spare (8192)."""


class Untranslatable(Exception):  # noqa: N818 - it is told by writing the value instead
    """A formula has no counterpart, or needs a figure that is in no cell."""


@dataclass(frozen=True, slots=True)
class FormulaPart:
    """A piece of a formula, how many base units it counts in, and whether it needs brackets."""

    text: str
    factor: Fraction = Fraction(1)
    loose: bool = False

    @property
    def tight(self) -> str:
        """Return the text as a part of another."""
        return f"({self.text})" if self.loose else self.text

    def times(self, factor: Fraction) -> FormulaPart:
        """Return the same quantity counted in units of `factor`."""
        ratio = self.factor / factor
        if ratio == 1:
            return self
        sign = "*" if ratio > 1 or ratio.numerator != 1 else "/"
        scale = ratio if sign == "*" else 1 / ratio
        return FormulaPart(f"{self.tight}{sign}{number(scale)}", factor, loose=True)


def number(value: Fraction) -> str:
    """Return `value` as formulas write it, exact."""
    text = exact(value)
    return f"({text})" if "/" in text else text


def quoted(text: str) -> str:
    """Return `text` as a literal of a formula; Excel takes 255 characters in one."""
    pieces = [text[at : at + 250] for at in range(0, len(text), 250)] or [""]
    return "&".join('"' + piece.replace('"', '""') + '"' for piece in pieces)
