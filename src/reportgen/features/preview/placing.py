"""Which element of a page a finding belongs to: by template line, or by the figure it is about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from lxml.etree import _Element as Element

from reportgen.findings import Finding
from reportgen.model.figures import Ledger
from reportgen.model.source import SourceSpan

MOST = 3
"""A figure may be printed in many places: a finding stands beside the first of them."""

_BLOCKS = ("p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "div")


def placed(
    root: Element, findings: Iterable[Finding], ledger: Ledger
) -> Iterator[tuple[Element, tuple[Element, ...], Finding]]:
    """Yield each block with the figures in it that a finding concerns, and the finding.

    Blocks carry `data-at` ("path:first-last"), figures `data-key`. A finding concerns the block
    that one of its spans lies in, and every figure whose fact or formula one of them is.
    """
    blocks = list(_blocks(root))
    figures: dict[str, list[Element]] = defaultdict(list)
    for element in root.iter("span"):
        figures[element.get("data-key") or ""].append(element)
    for finding in findings:
        concerned = _concerned(finding, blocks, figures, ledger)
        for block, figures_in_block in list(concerned.items())[:MOST]:
            yield block, tuple(figures_in_block), finding


def _blocks(root: Element) -> Iterator[tuple[Element, SourceSpan]]:
    """Yield the elements that name the template lines they come from."""
    for element in root.iter():
        path, _, lines = (element.get("data-at") or "").rpartition(":")
        if path:
            first, _, last = lines.partition("-")
            yield element, SourceSpan(path, int(first), end_line=int(last))


def _concerned(
    finding: Finding,
    blocks: Iterable[tuple[Element, SourceSpan]],
    figures: Mapping[str, list[Element]],
    ledger: Ledger,
) -> Mapping[Element, list[Element]]:
    """Return the blocks that a finding concerns, each with its figures that it concerns."""
    concerned: dict[Element, list[Element]] = {}
    for key in _keys(finding, ledger):
        for figure in figures.get(key, ()):
            concerned.setdefault(_block_of(figure), []).append(figure)
    for place in finding.places:
        for block, span in blocks:
            if _covers(span, place.span):
                concerned.setdefault(block, [])
                break
    return concerned


def _keys(finding: Finding, ledger: Ledger) -> Iterator[str]:
    """Yield the keys of the figures that a finding is about: its subject, and what it points at."""
    if finding.subject in ledger.figures:
        yield finding.subject
    spans = [place.span for place in finding.places]
    for key, figure in ledger.figures.items():
        if any(_points_at(span, figure.span) for span in spans):
            yield key


def _block_of(figure: Element) -> Element:
    """Return the form that a figure stands in, or else its paragraph, item or heading."""
    for element in figure.iterancestors("div"):
        if element.get("data-at"):
            return element
    return next(figure.iterancestors(*_BLOCKS))


def _covers(block: SourceSpan, span: SourceSpan) -> bool:
    return block.path == span.path and block.line <= span.line <= block.end_line


def _points_at(span: SourceSpan, typed: SourceSpan) -> bool:
    """Return whether `span` is at a fact or formula: two may share a line, not a column."""
    if (typed.path, typed.line) != (span.path, span.line):
        return False
    end = typed.end_column if typed.end_line == typed.line else 0
    return typed.column <= span.column < max(end, typed.column + 1)
