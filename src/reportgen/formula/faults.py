"""Turns what is wrong with a formula into a finding at its part."""

from __future__ import annotations

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
    locations: list[RelatedLocation] = []
    for key in error.keys:
        location = _location(key, ledger)
        if location is not None:
            locations.append(location)
    span = part_span(formula, error.part)
    return finding(error.code, span, *locations[:MOST], subject=subject, **params)


def _location(key: str, ledger: Ledger | None) -> RelatedLocation | None:
    """Return where the figure or text at `key` stands, with what stands there."""
    if ledger is None:
        return None
    figure, text = ledger.figures.get(key), ledger.texts.get(key)
    if figure is not None:
        return RelatedLocation(figure.span, f"{figure.title} {figure.text}".strip())
    if text is not None:
        return RelatedLocation(text.span, f"{text.title} {text.value}")
    return None
