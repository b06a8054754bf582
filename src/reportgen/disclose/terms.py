"""Finds terms in text, the longest first, however they are written and broken over lines."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter

from reportgen.language.folding import even_character
from reportgen.model.frozen import frozen
from reportgen.model.policy import Replacement


@frozen
class Folded:
    """A text as terms are searched in it: small letters, full-width forms narrowed, no blanks.

    `origins[i]` is where its character `i` stands in `text`, the text as it is printed.
    """

    text: str
    folded: str
    origins: Sequence[int]

    @classmethod
    def of(cls, text: str) -> Folded:
        """Return `text` folded."""
        folded: list[str] = []
        origins: list[int] = []
        for at, character in enumerate(text):
            characters = even_character(character)
            folded.append(characters)
            origins.extend([at] * len(characters))
        return cls(text, "".join(folded), origins)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where the folded characters from `start` to `end` stand in the text."""
        return self.origins[start], self.origins[end - 1] + 1

    def index(self, at: int) -> int:
        """Return the first folded character that stands at `at` in the text or behind it."""
        return bisect_left(self.origins, at)

    def in_word(self, start: int, end: int) -> bool:
        """Return whether Latin letters or digits go on past the folded `start` or `end`."""
        first, last = self.span(start, end)
        before, after = self.text[:first][-1:], self.text[last : last + 1]
        return _in_one_word(before, self.folded[start]) or _in_one_word(self.folded[end - 1], after)


def fold(text: str) -> str:
    """Return `text` as terms are searched in it."""
    return Folded.of(text).folded


def _in_one_word(left: str, right: str) -> bool:
    """Return whether two neighbours belong to one Latin word or number."""
    return _is_latin(left) and _is_latin(right)


def _is_latin(character: str) -> bool:
    """Return whether `character`, which is empty at the end of a text, is a letter or digit."""
    folded = even_character(character) if character else ""
    return folded.isascii() and folded.isalnum()


@frozen
class TermMatch:
    """A term, or a word that is kept, from `start` to `end` of a folded text."""

    start: int
    end: int
    replacement: Replacement | None

    def overlaps(self, other: TermMatch) -> bool:
        """Return whether the two share a character."""
        return self.start < other.end and other.start < self.end

    def overlaps_any(self, others: Iterable[TermMatch]) -> bool:
        """Return whether this shares a character with one of `others`."""
        return any(map(self.overlaps, others))

    def contains(self, other: TermMatch) -> bool:
        """Return whether `other` lies within this."""
        return self.start <= other.start and other.end <= self.end


@frozen
class Substitution:
    """The words shown for `term`, in the place of what stands from `start` to `end` of a text.

    After they were put there, `start` and `end` are where they stand.
    """

    start: int
    end: int
    term: Replacement

    def reaches_into(self, start: int, end: int) -> bool:
        """Return whether this shares a character with what stands from `start` to `end`."""
        return self.start < end and start < self.end

    def touches(self, start: int, end: int) -> bool:
        """Return whether this shares a character with what is from `start` to `end`, or abuts."""
        return self.start <= end and start <= self.end

    def covers(self, start: int, end: int) -> bool:
        """Return whether all that stands from `start` to `end` is replaced."""
        return self.start <= start and end <= self.end


class Terms:
    """All terms of a policy with the words that they leave alone; a later entry wins."""

    def __init__(self, replacements: Iterable[Replacement]) -> None:
        by_term: dict[str, Replacement] = {}
        for replacement in replacements:
            term = fold(replacement.term)
            if term:
                by_term[term] = replacement
        self.replacements = tuple(by_term.values())
        self._words: dict[str, Replacement | None] = {}
        self._keep_words()
        self._words.update(by_term)
        self._terms = frozenset(by_term)
        self._any_word = re.compile("|".join(map(re.escape, self._words)) or r"(?!)")

    def _keep_words(self) -> None:
        for replacement in self.replacements:
            for word in replacement.keep:
                self._words[fold(word)] = None
        self._words.pop("", None)

    def has(self, text: str) -> bool:
        """Return whether `text` is one of the terms."""
        return fold(text) in self._terms

    def find(self, folded: str) -> tuple[TermMatch, ...]:
        """Return what is replaced or kept in a folded text, in order.

        Of two that overlap the longer one counts, of two as long the first.
        """
        if self._any_word.search(folded) is None:
            return ()
        matches: list[TermMatch] = []
        for match in sorted(self._all_matches(folded), key=_longest_first):
            if not match.overlaps_any(matches):
                matches.append(match)
        return tuple(sorted(matches, key=attrgetter("start")))

    def crossing(self, folded: str, matches: tuple[TermMatch, ...]) -> Iterator[TermMatch]:
        """Yield the terms that can be replaced no more: one of `matches` holds a part of them."""
        if not matches:
            return
        for candidate in self._all_matches(folded):
            inside = any(match.contains(candidate) for match in matches)
            if candidate.replacement and not inside:
                yield candidate

    def _all_matches(self, folded: str) -> Iterator[TermMatch]:
        """Yield every term and kept word, also those that overlap."""
        for word, replacement in self._words.items():
            for start in occurrences(folded, word):
                yield TermMatch(start, start + len(word), replacement)


def _longest_first(match: TermMatch) -> tuple[int, int]:
    return match.start - match.end, match.start


def occurrences(text: str, word: str) -> Iterator[int]:
    """Yield where `word` begins in `text`, also where occurrences overlap."""
    at = text.find(word)
    while at >= 0:
        yield at
        at = text.find(word, at + 1)
