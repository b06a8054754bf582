"""Filters over the rows of tables: which come, in which order, side by side."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from reportgen.compose.errors import TemplateError
from reportgen.compose.view import Shown, View


def halves(rows: Iterable[object]) -> list[tuple[object, object]]:
    """Return rows as (left, right) pairs that flow down the left half first, then the right.

    With an odd number, or one place kept for a total, the last right is blank.
    """
    every = list(rows)
    half = len(every) // 2 + 1 if len(every) % 2 else len(every) // 2
    right = [*every[half:], *([""] * (2 * half - len(every)))]
    return list(zip(every[:half], right, strict=True))


def ordered(rows: Iterable[object], name: str) -> list[View]:
    """Return the rows by the number under `name`, smallest first; blanks come last."""

    def place(row: View) -> tuple[bool, Fraction]:
        child = row.child(name)
        value = child.figure.value if isinstance(child, Shown) else None
        return value is None, value or Fraction(0)

    views = [row for row in rows if isinstance(row, View)]
    if views and all(row.child(name) is None for row in views):
        raise TemplateError("T108", filter="ordered", found=name)
    return sorted(views, key=place)
