"""Checks that the facts a pack demands are there (D7: prescribed means checked)."""

from __future__ import annotations

from reportgen.findings import Finding, Place, finding
from reportgen.model.figures import Ledger
from reportgen.model.pack import Pack


def check_required(ledger: Ledger, pack: Pack) -> tuple[Finding, ...]:
    """Return P101 for each required key that does not exist and P102 for each left blank."""
    findings: list[Finding] = []
    for wanted in pack.requires:
        key = wanted.text
        figure, text = ledger.figures.get(key), ledger.texts.get(key)
        if ledger.tables.get(key) or text is not None:
            continue
        if figure is None:
            findings.append(finding("P101", wanted.mark, subject=key, key=key))
        elif figure.value is None:
            rule = Place(wanted.mark, "rule")
            findings.append(
                finding("P102", figure.mark, rule, subject=key, title=figure.title, key=key)
            )
    return tuple(findings)
