"""Holds a document to that of the year before: what it says of last year, and what it copied."""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.features.audit.comparisons import Recomputation, same
from reportgen.features.audit.ratios import now_and_earlier
from reportgen.features.audit.statements import DocumentClaim, DocumentClaims, even_name
from reportgen.findings import Finding, RelatedLocation, finding

LAST_YEAR = "A118"
_LEAST_NAME, _LEAST_SENTENCE, _LEAST_NUMBERS = 4, 24, 2
_MOST = 600
"""Characters of a sentence that are compared."""


def check_last_year(claims: DocumentClaims, last: DocumentClaims) -> Iterator[Recomputation]:
    """Yield each number that a document gives for last year against that year's own document."""
    for sentence in claims.sentences:
        for claim in sentence:
            pair = now_and_earlier(sentence, claim) if claim.claim.role == "change" else None
            if pair is not None:
                yield from _compared(*pair, last)


def _compared(
    now: DocumentClaim, earlier: DocumentClaim, last: DocumentClaims
) -> Iterator[Recomputation]:
    """Yield last year's number as this document gives it against what last year's says."""
    name = even_name(now.claim.subject)
    if len(name) < _LEAST_NAME:
        return
    stated = [found for found in last.named(name, now.dimension) if _is_own(found, name)]
    found = [same(LAST_YEAR, earlier.number, other.number) for other in stated]
    if found:
        yield min(found, key=lambda one: abs(one.difference))


def _is_own(claim: DocumentClaim, name: str) -> bool:
    """Return whether a claim of last year's document is of that very name."""
    return even_name(claim.claim.subject) == name


def check_copied(claims: DocumentClaims, last: DocumentClaims) -> Iterator[Finding]:
    """Yield A306 for each sentence that stands in last year's document with the same numbers."""
    said = {_sentence(sentence[0]): sentence[0] for sentence in last.sentences}
    for sentence in claims.sentences:
        text = _sentence(sentence[0])
        if len(sentence) < _LEAST_NUMBERS or len(text) < _LEAST_SENTENCE or text not in said:
            continue
        before = said[text].paragraph.span
        span = sentence[0].paragraph.span
        yield finding("A306", span, RelatedLocation(before), text=text[:40])


def _sentence(claim: DocumentClaim) -> str:
    """Return the sentence of a claim."""
    start, end = claim.claim.sentence
    return claim.paragraph.text[start : min(end, start + _MOST)].strip()
