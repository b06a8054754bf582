"""Compares what readers found in the outputs with the Document, and so with each other."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from reportgen.findings import Finding, finding
from reportgen.model.readback import GridCell, Readback

SHOWN = 40
"""How many characters of a differing text a finding quotes."""
_BEFORE = 8

Grid = tuple[GridCell, ...]


def agree(found: Readback, wanted: Readback, *, marked: bool) -> tuple[Finding, ...]:
    """Return findings where `found` differs: V101 texts, V102 tables, V103 figures.

    Figures are compared only where the format has them `marked`.
    """
    findings = [*_texts(found, wanted), *agree_tables(found.format, found.tables, wanted.tables)]
    if marked and found.figures != wanted.figures:
        pairs = zip_longest(found.figures, wanted.figures, fillvalue="∅")
        got, want = next((a, b) for a, b in pairs if a != b)
        detail = f"{want} → {got}"
        findings.append(finding("V103", subject=found.format, format=found.format, detail=detail))
    return tuple(findings)


def agree_tables(name: str, found: Sequence[Grid], wanted: Sequence[Grid]) -> tuple[Finding, ...]:
    """Return V102 for the first table of the format `name` that differs in any cell."""
    for number, (got, want) in enumerate(zip_longest(found, wanted, fillvalue=()), 1):
        if got != want:
            detail = next(
                f"{_say(theirs)} → {_say(mine)}"
                for mine, theirs in zip_longest(got, want)
                if mine != theirs
            )
            return (finding("V102", subject=name, format=name, number=number, detail=detail),)
    return ()


def _texts(found: Readback, wanted: Readback) -> list[Finding]:
    """Return V101 for the first text that differs; behind it all texts may stand one off."""
    for got, want in zip_longest(found.texts, wanted.texts, fillvalue=""):
        if got != want:
            at = next(i for i, (a, b) in enumerate(zip_longest(got, want)) if a != b)
            text = f"{_part(want, at)} → {_part(got, at)}"
            return [finding("V101", subject=found.format, format=found.format, text=text)]
    return []


def _part(text: str, at: int) -> str:
    """Return `text` from a little before `at` on, "∅" where there is none."""
    start = max(0, at - _BEFORE)
    return ("…" if start else "") + text[start : at + SHOWN] or "∅"


def _say(cell: GridCell | None) -> str:
    if cell is None:
        return "∅"
    spans = f"{cell.rowspan}×{cell.colspan}"
    return f"r{cell.row + 1}c{cell.column + 1} {spans} “{cell.text[:SHOWN]}”"
