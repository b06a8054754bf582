"""Looks names of formulas up in a finished ledger."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from fractions import Fraction

from reportgen.formula.operand import Operand
from reportgen.model.figures import Figure, Ledger


@dataclass(frozen=True, slots=True)
class LedgerLookup:
    """A `Lookup` over the figures, texts and tables of `ledger`."""

    ledger: Ledger

    def number(self, key: str) -> Operand | None:
        """Return the figure at `key`, with the tolerance of the digits below it."""
        figure = self.ledger.figures.get(key)
        if figure is None:
            return None
        bare = figure.kind == "derived" and not figure.unit.dimension and not figure.unit.symbol
        return Operand(
            figure.value, figure.unit, figure.shape.decimals, self._tolerance(figure), (key,), bare
        )

    def text(self, key: str) -> str | None:
        """Return the text fact at `key`, or the word of a graded figure."""
        fact = self.ledger.texts.get(key)
        if fact is not None:
            return str(fact.value)
        figure = self.ledger.figures.get(key)
        return (figure.words or None) if figure else None

    def rows(self, key: str) -> tuple[str, ...] | None:
        """Return the row ids of the table at `key`."""
        return self.ledger.tables.get(key)

    def near(self, key: str) -> str:
        """Return known keys like `key`."""
        known = [*self.ledger.figures, *self.ledger.texts, *self.ledger.tables]
        return "、".join(difflib.get_close_matches(key, known, n=3, cutoff=0.5)) or "—"

    def title(self, key: str) -> str:
        """Return the title of the figure at `key`, or the key."""
        figure = self.ledger.figures.get(key)
        return figure.title if figure else key

    def leaf(self, key: str) -> str:
        """Return the first typed fact below the figure at `key`, or the last key known."""
        figure = self.ledger.figures.get(key)
        while figure is not None and figure.inputs:
            key = figure.inputs[0]
            figure = self.ledger.figures.get(key)
        return key

    def _tolerance(self, figure: Figure) -> Fraction:
        """Return half a unit of the last digit written; for a sum, the widest of its parts.

        Quotients and products are exact: their operands' rounding is not theirs.
        """
        if figure.kind == "fact":
            return figure.unit.factor * Fraction(1, 2 * 10**figure.shape.decimals)
        if "/" in figure.formula or "*" in figure.formula:
            return Fraction(0)
        parts = (self.ledger.figures.get(key) for key in figure.inputs)
        same = (p for p in parts if p and p.unit.dimension == figure.unit.dimension)
        return max((self._tolerance(p) for p in same), default=Fraction(0))
