"""What may be left of a term when it is replaced: a half, its initials, a term made anew.

A fragment is a leading part of a term directly before what is shown for it, or a trailing part
directly after: “推进军JMRH”. Where a person typed the initials, one character of the term says
enough; where the term itself was replaced, one may belong to another word (海军 before 军民融合),
two do not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reportgen.disclose.terms import (
    Folded,
    Substitution,
    TermMatch,
    Terms,
    fold,
    occurrences,
)
from reportgen.model.disclosed import Secret
from reportgen.model.frozen import frozen
from reportgen.model.locations import DocumentLocation
from reportgen.model.policy import Replacement

_CONTEXT = 10
"""How many characters on either side a finding quotes."""
_SHORTEST_SECRET = 2
"""A secret of one character is not searched in a text whose words were changed."""


@frozen
class Leftover:
    """A finding to be: its code, the term, where in the document, the text around it."""

    code: str
    term: Replacement
    location: DocumentLocation
    text: str


@frozen
class SearchedText:
    """A text of a document, folded as terms are searched in it, and where it stands."""

    location: DocumentLocation
    text: Folded

    def leftover(self, code: str, term: Replacement, start: int, end: int) -> Leftover:
        """Return a leftover with the text around the folded `start` to `end`."""
        first, last = self.text.span(start, end) if start < end else (0, 0)
        quoted = self.text.text[max(0, first - _CONTEXT) : last + _CONTEXT]
        return Leftover(code, term, self.location, "".join(quoted.split()))


def before_replacing(
    searched: SearchedText, matches: tuple[TermMatch, ...], terms: Terms
) -> Iterator[Leftover]:
    """Yield what is wrong with a text as its author wrote it.

    D130 a term that crosses another or a kept word, D136 one that is part of a longer Latin word
    or number, D133 initials typed by hand, D134 such initials, or the words shown for a term,
    with a fragment of it beside them.
    """
    yield from _matched_terms("D130", terms.crossing(searched.text.folded, matches), searched)
    inside = [match for match in matches if searched.text.in_word(match.start, match.end)]
    yield from _matched_terms("D136", inside, searched)
    for term in terms.replacements:
        yield from _typed_by_hand(term, searched, matches)


def _matched_terms(
    code: str, matches: Iterable[TermMatch], searched: SearchedText
) -> Iterator[Leftover]:
    """Yield `code` for each of `matches` but kept words."""
    for match in matches:
        if match.replacement:
            yield searched.leftover(code, match.replacement, match.start, match.end)


def _typed_by_hand(
    term: Replacement, searched: SearchedText, matches: tuple[TermMatch, ...]
) -> Iterator[Leftover]:
    """Yield D133 and D134 for initials, or words shown for `term`, that an author wrote."""
    initials = tuple(map(fold, term.initials))
    for spelling in dict.fromkeys((*initials, fold(term.shown))):
        least = 1 if spelling.isascii() else 2
        for start in _apart_from(matches, spelling, searched.text):
            end = start + len(spelling)
            widened = _with_fragments(searched.text.folded, start, end, term, least)
            if widened:
                yield searched.leftover("D134", term, *widened)
            elif spelling in initials:
                yield searched.leftover("D133", term, start, end)


def _apart_from(matches: tuple[TermMatch, ...], word: str, text: Folded) -> Iterator[int]:
    """Yield where `word` begins as a word of its own that none of `matches` covers."""
    if not word:
        return
    for start in occurrences(text.folded, word):
        occurrence = TermMatch(start, start + len(word), None)
        if not text.in_word(start, occurrence.end) and not occurrence.overlaps_any(matches):
            yield start


def after_replacing(
    before: SearchedText,
    text: str,
    substituted: Iterable[Substitution],
    terms: Terms,
    secrets: tuple[Secret, ...],
) -> Iterator[Leftover]:
    """Yield what is wrong with `text`, in which the words `substituted` were put for terms.

    D131 a term that what is shown makes with its neighbours, D132 a secret made so, D134 a
    fragment of the term beside what is shown for it.
    """
    searched = SearchedText(before.location, Folded.of(text))
    shown = [_folded(substitution, searched.text) for substitution in substituted]
    yield from _remade_terms(searched, shown, terms)
    yield from _fragments_beside(searched, shown)
    for word in _new_secrets(before, secrets):
        yield from _made_secret(word, searched, shown)


def _new_secrets(before: SearchedText, secrets: Iterable[Secret]) -> Iterator[str]:
    """Yield the secrets, folded, that a text does not hold before words are put for terms."""
    for secret in secrets:
        word = fold(secret.text)
        if len(word) >= _SHORTEST_SECRET and word not in before.text.folded:
            yield word


def _fragments_beside(searched: SearchedText, shown: Iterable[Substitution]) -> Iterator[Leftover]:
    """Yield D134 for each fragment of a term that was left beside what is shown for it."""
    for each in shown:
        widened = _with_fragments(searched.text.folded, each.start, each.end, each.term, 2)
        if widened:
            yield searched.leftover("D134", each.term, *widened)


def _folded(substitution: Substitution, text: Folded) -> Substitution:
    """Return `substitution` as it stands in the folded `text`."""
    start, end = text.index(substitution.start), text.index(substitution.end)
    return Substitution(start, end, substitution.term)


def _remade_terms(
    searched: SearchedText, shown: list[Substitution], terms: Terms
) -> Iterator[Leftover]:
    """Yield D131 for each term in the new text, named after what was replaced there."""
    for match in terms.find(searched.text.folded):
        if match.replacement is not None:
            term = _term_within(match, shown) or match.replacement
            yield searched.leftover("D131", term, match.start, match.end)


def _term_within(match: TermMatch, shown: list[Substitution]) -> Replacement | None:
    """Return the first term whose shown words share a character with `match`."""
    for each in shown:
        if each.reaches_into(match.start, match.end):
            return each.term
    return None


def _made_secret(
    word: str, searched: SearchedText, shown: list[Substitution]
) -> Iterator[Leftover]:
    """Yield D132 for each place where shown words stand in the secret `word` or beside it."""
    for start in occurrences(searched.text.folded, word):
        end = start + len(word)
        for each in shown:
            if each.touches(start, end):
                yield searched.leftover("D132", each.term, start, end)


def _with_fragments(
    text: str, start: int, end: int, term: Replacement, least: int
) -> tuple[int, int] | None:
    """Return the span of `text` from `start` to `end` with the fragments of `term` around it.

    None if there is none of at least `least` characters.
    """
    word = fold(term.term)
    leading = trailing = 0
    for size in range(least, len(word)):
        if text.endswith(word[:size], 0, start):
            leading = size
        if text.startswith(word[-size:], end):
            trailing = size
    if not leading and not trailing:
        return None
    return start - leading, end + trailing
