"""What may be left of a term when it is replaced: a half, its initials, a term made anew.

A fragment is a leading part of a term directly before what is shown for it, or a trailing part
directly after: “推进军JMRH”. Where a person typed the initials, one character of the term says
enough; where the term itself was replaced, one may belong to another word (海军 before 军民融合),
two do not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from reportgen.disclose.rewrite import DocumentLocation
from reportgen.disclose.terms import Folded, TermMatch, Terms, fold, occurrences
from reportgen.model.disclosed import Secret
from reportgen.model.policy import Replacement

_AROUND = 10
"""How many characters of the text around it a finding quotes."""
ShownReplacements = tuple[tuple[tuple[int, int], Replacement], ...]
"""Where words stand that were put for a term."""


@dataclass(frozen=True, slots=True)
class Leftover:
    """A finding to be: its code, the term, where in the document, the text around it."""

    code: str
    term: Replacement
    spot: DocumentLocation
    text: str


def before_replacing(
    spot: DocumentLocation, text: Folded, hits: tuple[TermMatch, ...], terms: Terms
) -> Iterator[Leftover]:
    """Yield what is wrong with a text as its author wrote it.

    D130 a term that crosses another or a kept word, D136 one that is part of a longer Latin word
    or number, D133 initials typed by hand, D134 such initials, or the words shown for a term,
    with a fragment of it beside them.
    """
    for hit in terms.crossing(text.folded, hits):
        if hit.replacement:
            yield _left("D130", hit.replacement, spot, text, hit.start, hit.end)
    for hit in hits:
        if hit.replacement and text.in_word(hit.start, hit.end):
            yield _left("D136", hit.replacement, spot, text, hit.start, hit.end)
    for term in terms.replacements:
        for spelled in dict.fromkeys(map(fold, (*term.initials, term.shown))):
            if not spelled:
                continue
            initials = spelled in map(fold, term.initials)
            least = 1 if spelled.isascii() else 2
            for start in occurrences(text.folded, spelled):
                end = start + len(spelled)
                if text.in_word(start, end) or any(
                    hit.overlaps(TermMatch(start, end, None)) for hit in hits
                ):
                    continue
                if first := _fragments(text.folded, start, end, term, least):
                    yield _left("D134", term, spot, text, *first)
                elif initials:
                    yield _left("D133", term, spot, text, start, end)


def after_replacing(
    spot: DocumentLocation,
    before: Folded,
    text: str,
    shown: ShownReplacements,
    terms: Terms,
    secrets: tuple[Secret, ...],
) -> Iterator[Leftover]:
    """Yield what is wrong with `text`, in which `shown` says what replaced a term.

    D131 a term that what is shown makes with its neighbours, D132 a secret made so, D134 a
    fragment of the term beside what is shown for it.
    """
    after = Folded.of(text)
    spans = [(after.index(start), after.index(end), term) for (start, end), term in shown]
    for hit in terms.find(after.folded):
        if hit.replacement is None:
            continue
        made = next((t for start, end, t in spans if start < hit.end and hit.start < end), None)
        yield _left("D131", made or hit.replacement, spot, after, hit.start, hit.end)
    for start, end, term in spans:
        if span := _fragments(after.folded, start, end, term, 2):
            yield _left("D134", term, spot, after, *span)
    for secret in secrets:
        word = fold(secret.text)
        if len(word) < 2 or word in before.folded:
            continue
        for at in occurrences(after.folded, word):
            touching = (t for start, end, t in spans if start <= at + len(word) and at <= end)
            for term in touching:
                yield _left("D132", term, spot, after, at, at + len(word))


def _fragments(
    text: str, start: int, end: int, term: Replacement, least: int
) -> tuple[int, int] | None:
    """Return the span of `text` from `start` to `end` with the fragments of `term` around it.

    None if there is none of at least `least` characters.
    """
    word = fold(term.term)
    sizes = range(len(word) - 1, least - 1, -1)
    lead = next((n for n in sizes if text.endswith(word[:n], 0, start)), 0)
    trail = next((n for n in sizes if text.startswith(word[-n:], end)), 0)
    return (start - lead, end + trail) if lead or trail else None


def _left(
    code: str, term: Replacement, spot: DocumentLocation, text: Folded, start: int, end: int
) -> Leftover:
    """Return a leftover with the text around the folded `start` to `end`."""
    first, last = text.span(start, end) if start < end else (0, 0)
    around = text.text[max(0, first - _AROUND) : last + _AROUND]
    return Leftover(code, term, spot, "".join(around.split()))
