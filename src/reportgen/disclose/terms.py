"""Finds terms in text, the longest first, however they are written and broken over lines."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from reportgen.model.policy import Replacement


@dataclass(frozen=True, slots=True)
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
        folded = [_fold(character) for character in text]
        origins = [at for at, each in enumerate(folded) for _ in each]
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
        return _joined(before, self.folded[start]) or _joined(self.folded[end - 1], after)


def fold(text: str) -> str:
    """Return `text` as terms are searched in it."""
    return Folded.of(text).folded


@lru_cache(maxsize=1 << 14)
def _fold(character: str) -> str:
    if character.isspace() or unicodedata.category(character) == "Cf":
        return ""
    return "".join(unicodedata.normalize("NFKC", character).casefold().split())


def _joined(left: str, right: str) -> bool:
    """Return whether two neighbours belong to one Latin word or number."""
    return all(
        each.isascii() and each.isalnum() for each in (_fold(left or " "), _fold(right or " "))
    )


@dataclass(frozen=True, slots=True)
class TermMatch:
    """A term, or a word that is kept, from `start` to `end` of a folded text."""

    start: int
    end: int
    replacement: Replacement | None

    def overlaps(self, other: TermMatch) -> bool:
        """Return whether the two share a character."""
        return self.start < other.end and other.start < self.end


class Terms:
    """All terms of a policy with the words that they leave alone; a later entry wins."""

    def __init__(self, replacements: Iterable[Replacement]) -> None:
        by_term = {fold(each.term): each for each in replacements if fold(each.term)}
        self.replacements = tuple(by_term.values())
        kept = (fold(word) for each in self.replacements for word in each.keep)
        self._words: dict[str, Replacement | None] = dict.fromkeys(filter(None, kept))
        self._words.update(by_term)
        self._any = re.compile("|".join(map(re.escape, self._words)) or r"(?!)")

    def find(self, folded: str) -> tuple[TermMatch, ...]:
        """Return what is replaced or kept in a folded text, in order.

        Of two that overlap the longer one counts, of two as long the first.
        """
        if self._any.search(folded) is None:
            return ()
        taken: list[TermMatch] = []
        for hit in sorted(self._every(folded), key=lambda h: (h.start - h.end, h.start)):
            if not any(hit.overlaps(other) for other in taken):
                taken.append(hit)
        return tuple(sorted(taken, key=lambda hit: hit.start))

    def crossing(self, folded: str, hits: tuple[TermMatch, ...]) -> Iterator[TermMatch]:
        """Yield the terms that no longer can be replaced: another hit holds a part of them."""
        if hits:
            for each in self._every(folded):
                inside = any(hit.start <= each.start and each.end <= hit.end for hit in hits)
                if each.replacement and not inside:
                    yield each

    def _every(self, folded: str) -> Iterator[TermMatch]:
        for word, replacement in self._words.items():
            for start in occurrences(folded, word):
                yield TermMatch(start, start + len(word), replacement)


def occurrences(text: str, word: str) -> Iterator[int]:
    """Yield every place of `word` in `text`, also those that overlap."""
    at = text.find(word)
    while at >= 0:
        yield at
        at = text.find(word, at + 1)
