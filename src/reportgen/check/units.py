"""Checks that a fact typed without a unit is not one that had a unit last year."""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.findings import Finding, Place, finding
from reportgen.formula.lookup import is_typed
from reportgen.formula.names import PRIOR
from reportgen.model.figures import Ledger


def check_units(ledger: Ledger) -> tuple[Finding, ...]:
    """Return R210 for each fact without a unit whose like of last year has one.

    A year is started by filling in blanks; what is typed without its unit would be printed
    without it too (增长5.2, 在谈项目72).
    """
    return tuple(_lost(ledger))


def _lost(ledger: Ledger) -> Iterator[Finding]:
    for key, figure in ledger.figures.items():
        past = ledger.figures.get(PRIOR + key)
        if past is None or past.value is None or figure.value is None or figure.unit.symbol:
            continue
        if past.unit.symbol and is_typed(figure):
            place = Place(past.mark, f"{past.title} {past.text}")
            yield finding(
                "R210",
                figure.mark,
                place,
                subject=key,
                title=figure.title,
                text=figure.text,
                past=past.text,
                unit=past.unit.symbol,
            )
