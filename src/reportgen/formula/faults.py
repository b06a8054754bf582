"""Turns what is wrong with a formula into a finding at its part."""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.findings import Finding, RelatedLocation, finding
from reportgen.formula.names import Lookup
from reportgen.formula.syntax import FormulaError, part_span
from reportgen.model.figures import Ledger
from reportgen.model.source import Formula

MOST = 3
"""How many of the figures and texts concerned a finding points at."""


def fault(
    formula: Formula,
    error: FormulaError,
    subject: str,
    lookup: Lookup | None = None,
    ledger: Ledger | None = None,
) -> Finding:
    """Return the finding for `error` in `formula` of the rule `subject`.

    Names like an unknown one come from `lookup`, the places of what is concerned (whose zero
    it is, whose unit, whose words) from `ledger`.
    """
    params = dict(error.params)
    if error.code == "F103":
        params["near"] = lookup.near(params["key"]) if lookup else "—"
    places = [place for key in error.keys for place in _place(key, ledger)][:MOST]
    return finding(error.code, part_span(formula, error.part), *places, subject=subject, **params)


def _place(key: str, ledger: Ledger | None) -> Iterator[RelatedLocation]:
    """Yield the place of the figure or text at `key`, with what stands there."""
    figure = ledger.figures.get(key) if ledger else None
    text = ledger.texts.get(key) if ledger else None
    if figure is not None:
        yield RelatedLocation(figure.span, f"{figure.title} {figure.text}".strip())
    elif text is not None:
        yield RelatedLocation(text.span, f"{text.title} {text.value}")
