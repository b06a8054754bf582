"""Which element of a page a finding belongs to: by template line, or by the figure it is about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from lxml.etree import _Element as Element

from reportgen.findings import Finding
from reportgen.model.figures import Ledger
from reportgen.model.source import Mark

MOST = 3
"""A figure may be printed in many places: a finding stands beside the first of them."""

_BLOCKS = ("p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "div")


def placed(
    root: Element, findings: Iterable[Finding], ledger: Ledger
) -> Iterator[tuple[Element, tuple[Element, ...], Finding]]:
    """Yield each block with the figures in it that a finding concerns, and the finding.

    Blocks carry `data-at` ("path:first-last"), figures `data-key`. A finding concerns the block
    that one of its places lies in, and every figure whose fact or formula one of them is.
    """
    blocks = list(_blocks(root))
    figures: dict[str, list[Element]] = defaultdict(list)
    for element in root.iter("span"):
        figures[element.get("data-key") or ""].append(element)
    for finding in findings:
        found: dict[Element, list[Element]] = {}
        for key in _keys(finding, ledger):
            for figure in figures.get(key, ()):
                block = next(each for each in figure.iterancestors() if each.tag in _BLOCKS)
                forms = (each for each in figure.iterancestors("div") if each.get("data-at"))
                found.setdefault(next(forms, block), []).append(figure)
        for place in finding.places:
            inside = (block for block, mark in blocks if _covers(mark, place.mark))
            for first in [*inside][:1]:
                found.setdefault(first, [])
        for block, concerned in list(found.items())[:MOST]:
            yield block, tuple(concerned), finding


def _blocks(root: Element) -> Iterator[tuple[Element, Mark]]:
    for element in root.iter():
        path, _, lines = (element.get("data-at") or "").rpartition(":")
        if not path:
            continue
        first, _, last = lines.partition("-")
        yield element, Mark(path, int(first), end_line=int(last))


def _keys(finding: Finding, ledger: Ledger) -> Iterator[str]:
    """Yield the keys of the figures that a finding is about: its subject, and what it marks."""
    if finding.subject in ledger.figures:
        yield finding.subject
    marks = [place.mark for place in finding.places]
    for key, figure in ledger.figures.items():
        if any(_meets(figure.mark, mark) for mark in marks):
            yield key


def _covers(block: Mark, mark: Mark) -> bool:
    return block.path == mark.path and block.line <= mark.line <= block.end_line


def _meets(typed: Mark, mark: Mark) -> bool:
    """Return whether `mark` points at a fact or formula: two may share a line, not a column."""
    same = (typed.path, typed.line) == (mark.path, mark.line)
    end = typed.end_column if typed.end_line == typed.line else 0
    return same and typed.column <= mark.column < max(end, typed.column + 1)
