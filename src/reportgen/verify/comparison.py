"""Compares what was read back with what is expected: texts, tables, figures, a stream."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest

from reportgen.findings import Finding, finding
from reportgen.language.characters import IGNORABLE
from reportgen.model.frozen import frozen
from reportgen.model.grid import address
from reportgen.verify.readback import Grid, GridCell, Readback, squeeze

QUOTED = 40
"""How many characters of a differing text a finding quotes."""
_QUOTED_BEFORE = 8
_NOTHING = "∅"


def agree(actual: Readback, expected: Readback, *, marked: bool) -> tuple[Finding, ...]:
    """Return findings where `actual` differs: V101 texts, V102 tables, V103 figures.

    Figures are compared only where the format has them `marked`.
    """
    findings = [
        *_agree_texts(actual, expected),
        *agree_tables(actual.format, actual.tables, expected.tables),
    ]
    if marked:
        findings += _agree_figures(actual, expected)
    return tuple(findings)


def agree_tables(
    name: str, actual: Sequence[Grid], expected: Sequence[Grid]
) -> tuple[Finding, ...]:
    """Return V102 for the first table of the format `name` that differs in any cell."""
    for number, (grid, wanted) in enumerate(zip_longest(actual, expected, fillvalue=()), 1):
        if grid != wanted:
            detail = _cell_difference(grid, wanted)
            return (finding("V102", subject=name, format=name, number=number, detail=detail),)
    return ()


def _cell_difference(grid: Grid, wanted: Grid) -> str:
    """Return the first cell that differs, as it should be and as it is."""
    pairs = zip_longest(wanted, grid)
    before, after = next(pair for pair in pairs if pair[0] != pair[1])
    return f"{_described(before)} → {_described(after)}"


def _described(cell: GridCell | None) -> str:
    if cell is None:
        return _NOTHING
    spans = f"{cell.rowspan}×{cell.colspan}"
    header = f" th {cell.heads}" if cell.heads else ""
    return f"{address(cell.row, cell.column)} {spans}{header} “{cell.text[:QUOTED]}”"


def _agree_texts(actual: Readback, expected: Readback) -> Iterator[Finding]:
    """Yield V101 for the first text that differs; behind it all texts may stand one off."""
    for text, wanted in zip_longest(actual.texts, expected.texts, fillvalue=""):
        if text != wanted:
            at = _first_difference(text, wanted)
            quoted = f"{_quoted(wanted, at)} → {_quoted(text, at)}"
            yield finding("V101", subject=actual.format, format=actual.format, text=quoted)
            return


def _first_difference(text: str, wanted: str) -> int:
    """Return where two texts that differ begin to do so."""
    for at, (char, wanted_char) in enumerate(zip(text, wanted, strict=False)):
        if char != wanted_char:
            return at
    return min(len(text), len(wanted))


def _quoted(text: str, at: int) -> str:
    """Return `text` from a little before `at` on, "∅" where there is none."""
    start = max(0, at - _QUOTED_BEFORE)
    before = "…" if start else ""
    return before + text[start : at + QUOTED] or _NOTHING


def _agree_figures(actual: Readback, expected: Readback) -> Iterator[Finding]:
    """Yield V103 for the first figure that differs."""
    pairs = zip_longest(actual.figures, expected.figures, fillvalue=_NOTHING)
    for figure, wanted in pairs:
        if figure != wanted:
            detail = f"{wanted} → {figure}"
            yield finding("V103", subject=actual.format, format=actual.format, detail=detail)
            return


_UNSEEN = re.compile(f"[{IGNORABLE}]")
# PDFium spells out the Latin ligatures that Unicode has for old character sets.
_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}


@frozen
class Differences:
    """The texts that a stream lacks, and the pieces of it that no text accounts for."""

    missing: tuple[str, ...]
    unexpected: tuple[str, ...]


def readable(text: str) -> str:
    """Return `text` as a reader of PDF can give it back: no white space, nothing invisible."""
    text = _UNSEEN.sub("", squeeze(text))
    for ligature, letters in _LIGATURES.items():
        text = text.replace(ligature, letters)
    return text


def differences(stream: str, texts: Iterable[str]) -> Differences:
    """Return what sets `stream` apart from `texts` one after the other.

    Where a text does not follow at once, it is missing if the next one does; else what stands
    before it is unexpected.
    """
    stream = readable(stream)
    pending = [(text, readable(text)) for text in texts]
    following = [words for _, words in pending[1:]] + [""]
    missing: list[str] = []
    unexpected: list[str] = []
    at = 0
    for (text, words), after in zip(pending, following, strict=False):
        start = _next_start(stream, at, words, after)
        if start is None:
            missing.append(text)
            continue
        if start > at:
            unexpected.append(stream[at:start])
        at = start + len(words)
    if at < len(stream):
        unexpected.append(stream[at:])
    return Differences(tuple(missing), tuple(unexpected))


def _next_start(stream: str, at: int, words: str, after: str) -> int | None:
    """Return where `words` stand from `at` on, unless the words `after` them come at once."""
    if stream.startswith(words, at):
        return at
    start = stream.find(words, at)
    if start < 0 or (after and stream.startswith(after, at)):
        return None
    return start
