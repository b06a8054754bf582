"""Checks that the facts a pack demands are there (D7: prescribed means checked)."""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.findings import Finding, RelatedLocation, finding
from reportgen.formula.lookup import is_typed
from reportgen.formula.names import PRIOR
from reportgen.model.figures import Ledger
from reportgen.model.pack import Pack


def check_required(ledger: Ledger, pack: Pack) -> tuple[Finding, ...]:
    """Return what a pack requires and the ledger lacks.

    P101 tells of a required key that does not exist, P102 of one left blank.
    """
    return tuple(_required(ledger, pack))


def _required(ledger: Ledger, pack: Pack) -> Iterator[Finding]:
    for wanted in pack.requires:
        key = wanted.text
        figure, text = ledger.figures.get(key), ledger.texts.get(key)
        if ledger.tables.get(key) or (text is not None and str(text.value or "").strip()):
            continue
        rule = RelatedLocation(wanted.span, "rule")
        if text is not None:
            yield finding("P102", text.span, rule, subject=key, title=text.title, key=key)
        elif figure is None:
            yield finding("P101", wanted.span, subject=key, key=key)
        elif figure.value is None:
            yield finding("P102", figure.span, rule, subject=key, title=figure.title, key=key)


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
            place = RelatedLocation(past.span, f"{past.title} {past.text}")
            yield finding(
                "R210",
                figure.span,
                place,
                subject=key,
                title=figure.title,
                text=figure.text,
                past=past.text,
                unit=past.unit.symbol,
            )
