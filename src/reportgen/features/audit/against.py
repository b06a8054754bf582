"""Holds a document to that of the year before: what it says of last year, and what it copied."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from operator import attrgetter

from reportgen.features.audit.comparisons import Recomputation, same
from reportgen.features.audit.ratios import now_and_earlier
from reportgen.features.audit.statements import DocumentClaim, DocumentClaims, even_name
from reportgen.findings import Finding, RelatedLocation, finding

LAST_YEAR = "A118"
_GAP, _NUMBER = attrgetter("gap"), attrgetter("number")
_LEAST_NAME, _LEAST_SENTENCE, _LEAST_NUMBERS = 4, 24, 2
_MOST = 600
"""Characters of a sentence that are compared."""


def check_last_year(claims: DocumentClaims, last: DocumentClaims) -> Iterator[Recomputation]:
    """Yield each number that a document gives for last year against that year's own document."""
    for sentence in claims.sentences:
        for change in filter(_is_change, sentence):
            pair = now_and_earlier(sentence, change)
            if pair is not None:
                yield from _compared(*pair, last)


def _is_change(claim: DocumentClaim) -> bool:
    return claim.claim.role == "change"


def _compared(
    now: DocumentClaim, earlier: DocumentClaim, last: DocumentClaims
) -> Iterator[Recomputation]:
    """Yield last year's number as this document gives it against what last year's says."""
    name = even_name(now.claim.subject)
    if len(name) < _LEAST_NAME:
        return
    own = filter(partial(_is_own, name), last.named(name, now.dimension))
    found = map(partial(same, LAST_YEAR, earlier.number), map(_NUMBER, own))
    yield from sorted(found, key=_GAP)[:1]


def _is_own(name: str, claim: DocumentClaim) -> bool:
    """Return whether a claim of last year's document is of that very name."""
    return even_name(claim.claim.subject) == name


def check_copied(claims: DocumentClaims, last: DocumentClaims) -> Iterator[Finding]:
    """Yield A306 for each sentence that stands in last year's document with the same numbers."""
    said = dict(_sentences(last))
    for text, claim in _sentences(claims):
        if text in said:
            before = RelatedLocation(said[text].paragraph.span)
            yield finding("A306", claim.paragraph.span, before, text=text[:40])


def _sentences(claims: DocumentClaims) -> Iterator[tuple[str, DocumentClaim]]:
    """Yield each sentence that tells itself from others by its length and its numbers."""
    for sentence in claims.sentences:
        text = sentence[0].sentence_text[:_MOST].strip()
        if len(sentence) >= _LEAST_NUMBERS and len(text) >= _LEAST_SENTENCE:
            yield text, sentence[0]
