"""Checks that the facts a pack demands are there (D7: prescribed means checked)."""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.findings import Finding, Place, finding
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
        rule = Place(wanted.mark, "rule")
        if text is not None:
            yield finding("P102", text.mark, rule, subject=key, title=text.title, key=key)
        elif figure is None:
            yield finding("P101", wanted.mark, subject=key, key=key)
        elif figure.value is None:
            yield finding("P102", figure.mark, rule, subject=key, title=figure.title, key=key)
