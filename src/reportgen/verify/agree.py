"""Compares what readers found in the outputs with the Document, and so with each other."""

from __future__ import annotations

from itertools import zip_longest

from reportgen.findings import Finding, finding
from reportgen.model.readback import GridCell, Readback

SHOWN = 40
"""How many characters of a differing text a finding quotes."""


def agree(found: Readback, wanted: Readback) -> tuple[Finding, ...]:
    """Return findings where `found` differs: V101 texts, V102 tables, V103 figures.

    Figures are compared only where the format marks them (`found.figures`).
    """
    findings = [*_texts(found, wanted), *_tables(found, wanted)]
    if found.figures and found.figures != wanted.figures:
        pairs = zip_longest(found.figures, wanted.figures, fillvalue="")
        got, want = next((a, b) for a, b in pairs if a != b)
        findings.append(
            finding("V103", subject=found.format, format=found.format, detail=f"{want} → {got}")
        )
    return tuple(findings)


def _texts(found: Readback, wanted: Readback) -> list[Finding]:
    for got, want in zip_longest(found.texts, wanted.texts, fillvalue=""):
        if got != want:
            at = next((i for i, (a, b) in enumerate(zip_longest(got, want)) if a != b), 0)
            text = f"…{want[max(0, at - 8) : at + SHOWN]} → …{got[max(0, at - 8) : at + SHOWN]}"
            return [finding("V101", subject=found.format, format=found.format, text=text)]
    return []


def _tables(found: Readback, wanted: Readback) -> list[Finding]:
    for number, (got, want) in enumerate(zip_longest(found.tables, wanted.tables), 1):
        if got == want:
            continue
        detail = _difference(got or (), want or ())
        return [
            finding("V102", subject=found.format, format=found.format, number=number, detail=detail)
        ]
    return []


def _difference(got: tuple[GridCell, ...], want: tuple[GridCell, ...]) -> str:
    for mine, theirs in zip_longest(got, want):
        if mine != theirs:
            return f"{_say(theirs)} → {_say(mine)}"
    return ""


def _say(cell: GridCell | None) -> str:
    if cell is None:
        return "∅"
    spans = f"{cell.rowspan}×{cell.colspan}"
    return f"r{cell.row + 1}c{cell.column + 1} {spans} “{cell.text[:SHOWN]}”"
