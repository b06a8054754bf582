"""Every number of a document with its state: it agrees, differs, or nothing could be held to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from reportgen.features.audit.auditing import Audit
from reportgen.features.audit.comparisons import Recomputation
from reportgen.model.reading import DocumentNumber
from reportgen.model.source import SourceSpan

NumberState = Literal["agrees", "rounded", "differs", "unchecked"]
_GRAVER: tuple[NumberState, ...] = ("unchecked", "agrees", "rounded", "differs")


@dataclass(frozen=True, slots=True)
class SeenNumber:
    """A number with its state and how it was worked out, "" where it was not."""

    number: DocumentNumber
    state: NumberState
    formula: str = ""


def numbers_by_place(audit: Audit) -> dict[SourceSpan, SeenNumber]:
    """Return the numbers of an audited document by their places."""
    seen: dict[SourceSpan, SeenNumber] = {}
    for statement in audit.statements.every:
        seen[statement.number.span] = SeenNumber(statement.number, "unchecked")
    for comparison in audit.comparisons:
        for found in _of(comparison):
            before = seen.get(found.number.span)
            if before is None or _GRAVER.index(found.state) > _GRAVER.index(before.state):
                seen[found.number.span] = found
    return seen


def _of(comparison: Recomputation) -> Iterator[SeenNumber]:
    """Yield the numbers of a comparison: the one that is given by others, and those others."""
    formula = f"{comparison.stated.text} = {comparison.formula}"
    yield SeenNumber(comparison.stated, comparison.verdict, formula)
    if comparison.verdict != "differs":
        for term in comparison.terms:
            yield SeenNumber(term, "agrees", formula)
