"""The files of a site as they are searched, and what the pages of all units say together."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from operator import attrgetter
from typing import Any

from reportgen.features.site.record import RECORD
from reportgen.language.folding import BORDER
from reportgen.language.number_forms import possible_numbers
from reportgen.language.numbers import WrittenNumber
from reportgen.project.foreign_files import parsed_json
from reportgen.verify.number_index import NumberIndex
from reportgen.verify.opened import OpenedFile
from reportgen.verify.part import Blob, Part, UnreadableError
from reportgen.verify.search import parts
from reportgen.verify.spellings import SearchTargets, SearchWord

_HEX = re.compile(rb"[0-9a-f]{40,}")
_PACKED = (b"PK", b"%PDF")
"""How a file begins that names no hash; in a PDF ten characters are as many digits."""
_OF_HASHES = (40, 64)
"""Digits of a commit and of a hash, of which none says anything."""
_SHORTEST, _LONGEST = 2, 4
"""Letters in a row by which it is told that a text may hold a word; none is shorter."""


@dataclass(frozen=True)
class SearchedPage:
    """A file of a site by its path, opened into parts."""

    path: str
    parts: tuple[Part | Blob, ...]

    @cached_property
    def told(self) -> tuple[Part | Blob, ...]:
        """Return its parts but for those that say the same again as its source."""
        return tuple(part for part in self.parts if not part.whole)

    def without(self, pieces: Container[str]) -> Iterator[Part | Blob]:
        """Yield what it tells without some pieces of text."""
        for part in self.told:
            if isinstance(part, Part):
                left = (piece for piece in part.pieces if piece not in pieces)
                yield Part.of(part.where, left, technical=part.technical)
            else:
                yield part


def searched_page(path: str, data: bytes) -> SearchedPage:
    """Return a file of a site as it is searched, hashes left out.

    Raises `UnreadableError` for one that nobody can read.
    """
    name = Part.of("@name", (path,))
    if not data.startswith(_PACKED):
        data = _HEX.sub(_without_hash, data)
    return SearchedPage(path, (name, *_parts(path, data)))


def _without_hash(match: re.Match[bytes]) -> bytes:
    return b" " if len(match[0]) in _OF_HASHES else match[0]


def _parts(path: str, data: bytes) -> Iterator[Part | Blob]:
    if path.endswith(".json"):
        try:
            texts = [*_texts(parsed_json(data))]
        except ValueError as error:
            raise UnreadableError("", str(error)) from error
        yield Part.of("", texts)
        if path == RECORD:
            return  # its numbers are sizes
    yield from parts("", OpenedFile(data))


def _texts(value: Any) -> Iterator[str]:  # noqa: ANN401 - whatever JSON holds
    """Yield the texts of JSON, names among them, in order."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield name
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


class SharedTexts:
    """What pages of all units say together, so that each secret is looked for once, not in each.

    It tells quickly what cannot stand in any of them: of a word some letters in a row, of a code
    some digits, of an amount every number.
    """

    def __init__(self, pages: Iterable[SearchedPage]) -> None:
        self.pages = tuple(pages)
        every = [*chain.from_iterable(page.told for page in self.pages)]
        self._parts = [part for part in every if isinstance(part, Part)]
        self._has_blob = len(self._parts) < len(every)

    def possible(self, targets: SearchTargets) -> SearchTargets | None:
        """Return those of `targets` that a page may hold, None if there are none.

        No page holds any other.
        """
        if self._has_blob:
            return targets
        words = tuple(filter(self._may_hold, targets.words))
        codes = tuple(word for word in targets.codes if word.text in self._digits)
        near = self._numbers.may_tell(targets.amounts)
        told = chain.from_iterable(map(targets.amounts.told_by, near))
        if next(told, None) is not None:
            return SearchTargets(words, codes, targets.amounts)
        return SearchTargets(words, codes) if words or codes else None

    def _may_hold(self, word: SearchWord) -> bool:
        text, grams = self._letters if word.mixed else self._words
        return _grams(word.text) <= grams and word.text in text

    @cached_property
    def _words(self) -> tuple[str, set[str]]:
        return _with_grams(map(attrgetter("solid.text"), self._parts))

    @cached_property
    def _letters(self) -> tuple[str, set[str]]:
        return _with_grams(map(attrgetter("letters.text"), self._parts))

    @cached_property
    def _digits(self) -> str:
        return " ".join(map(attrgetter("digits_only"), self._parts))

    @cached_property
    def _numbers(self) -> NumberIndex:
        """Return the numbers that may be read in any of them, each once."""
        found: dict[tuple[object, ...], WrittenNumber] = {}
        for part in self._parts:
            pieces = dict.fromkeys(part.pieces)
            for number in possible_numbers(BORDER.join(pieces)):
                found[number.text, number.value, number.unit, number.reach] = number
        return NumberIndex(found.values())


def _with_grams(texts: Iterable[str]) -> tuple[str, set[str]]:
    """Return texts as one, and all letters in a row in it, as many as are looked for."""
    text = " ".join(texts)
    grams: set[str] = set()
    for size in range(_SHORTEST, _LONGEST + 1):
        grams |= _in_a_row(text, size)
    return text, grams


def _grams(text: str) -> set[str]:
    """Return the letters in a row of a word, as many as are looked for."""
    return _in_a_row(text, min(len(text), _LONGEST))


def _in_a_row(text: str, size: int) -> set[str]:
    return {text[at : at + size] for at in range(len(text) - size + 1)}
