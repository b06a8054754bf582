"""Checks that the facts a pack demands are there (D7: prescribed means checked)."""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.findings import Finding, Place, finding
from reportgen.formula.names import covering
from reportgen.model.figures import Ledger
from reportgen.model.pack import Pack


def check_required(ledger: Ledger, pack: Pack) -> tuple[Finding, ...]:
    """Return what a pack names and the ledger lacks: required keys, and keys to withhold.

    P101 tells of a required key that does not exist, P102 of one left blank, P103 of a key to
    withhold from the public that nothing has: misspelt, it would be disclosed.
    """
    return (*_required(ledger, pack), *_withheld(ledger, pack))


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


def _withheld(ledger: Ledger, pack: Pack) -> Iterator[Finding]:
    known = (*ledger.figures, *ledger.texts, *ledger.tables)
    for key, _ in pack.withhold:
        if not any(map(covering(_of_any_row(key)).fullmatch, known)):
            yield finding("P103", pack.mark, subject=key, key=key)


def _of_any_row(key: str) -> str:
    """Return `key` for whatever row: a table need not have every row that a pack provides for."""
    first, *rows, last = key.split(".") if "." in key else (key, "")
    return ".".join(part for part in (first, *("*" for _ in rows), last) if part)
