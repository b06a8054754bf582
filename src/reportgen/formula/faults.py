"""Turns what is wrong with a formula into a finding at its part."""

from __future__ import annotations

from collections.abc import Mapping

from reportgen.findings import Finding, Place, finding
from reportgen.formula.names import Lookup
from reportgen.formula.syntax import FormulaError, part_mark
from reportgen.model.figures import Figure
from reportgen.model.formula import Formula

MOST = 3
"""How many of the figures concerned a finding points at."""


def fault(
    formula: Formula,
    error: FormulaError,
    subject: str,
    lookup: Lookup | None = None,
    figures: Mapping[str, Figure] | None = None,
) -> Finding:
    """Return the finding for `error` in `formula` of the rule `subject`.

    Names like an unknown one come from `lookup`, the places of the figures concerned (whose
    zero it is, whose unit) from `figures`.
    """
    params = dict(error.params)
    if error.code == "F103":
        params["near"] = lookup.near(params["key"]) if lookup else "—"
    found = [figures[key] for key in error.keys if key in figures] if figures else []
    places = [Place(each.mark, f"{each.title} {each.text}".strip()) for each in found[:MOST]]
    return finding(error.code, part_mark(formula, error.part), *places, subject=subject, **params)
