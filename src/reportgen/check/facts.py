"""Checks the facts: those that a pack requires, and the units that they had last year."""

from __future__ import annotations

from reportgen.findings import Finding, RelatedLocation, finding
from reportgen.formula.lookup import is_typed
from reportgen.formula.names import PRIOR
from reportgen.model.figures import Fact, Figure, Ledger
from reportgen.model.pack import Pack
from reportgen.model.source import Formula


def check_required(ledger: Ledger, pack: Pack) -> tuple[Finding, ...]:
    """Return what a pack requires and the ledger lacks.

    P101 is a required key that does not exist, P102 one left blank.
    """
    findings: list[Finding] = []
    for required in pack.requires:
        missing = _missing(ledger, required)
        if missing is not None:
            findings.append(missing)
    return tuple(findings)


def _missing(ledger: Ledger, required: Formula) -> Finding | None:
    """Return the finding for a required table, text or figure that is not there."""
    key = required.text
    text, figure = ledger.texts.get(key), ledger.figures.get(key)
    if ledger.tables.get(key):
        return None
    if text is not None:
        return None if str(text.value or "").strip() else _blank(text, required)
    if figure is not None:
        return _blank(figure, required) if figure.value is None else None
    return finding("P101", required.span, subject=key, key=key)


def _blank(item: Fact | Figure, required: Formula) -> Finding:
    rule = RelatedLocation(required.span, "rule")
    key = required.text
    return finding("P102", item.span, rule, subject=key, title=item.title, key=key)


def check_units(ledger: Ledger) -> tuple[Finding, ...]:
    """Return R210 for each fact without a unit that had one last year.

    A year is started by filling in blanks; what is typed without its unit would be printed
    without it too (增长5.2, 在谈项目72).
    """
    findings: list[Finding] = []
    for key, figure in ledger.figures.items():
        past = ledger.figures.get(PRIOR + key)
        if past is not None and _lost_unit(figure, past):
            findings.append(_unit_finding(figure, past))
    return tuple(findings)


def _unit_finding(figure: Figure, past: Figure) -> Finding:
    return finding(
        "R210",
        figure.span,
        RelatedLocation(past.span, f"{past.title} {past.text}"),
        subject=figure.key,
        title=figure.title,
        text=figure.text,
        past=past.text,
        unit=past.unit.symbol,
    )


def _lost_unit(figure: Figure, past: Figure) -> bool:
    """Return whether a typed `figure` has no unit, and its `past` value has one."""
    if figure.value is None or past.value is None:
        return False
    return not figure.unit.symbol and past.unit.symbol != "" and is_typed(figure)
