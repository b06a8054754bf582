"""Proves the index of a search: it names no word that the published texts of its year do not have.

Its words are pairs of characters and numbers, too short to be searched for what is withheld. So
they are held to what is public: the texts of the reports, read here from their files once more.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from fractions import Fraction
from html import unescape
from itertools import pairwise
from pathlib import Path
from typing import Final

from reportgen.features.site.own_texts import said_of
from reportgen.features.site.planning import FRAGMENT
from reportgen.features.site.proven_before import SiteFile
from reportgen.features.site.versions import PublishedReport
from reportgen.findings import Finding, finding
from reportgen.language.folding import even_character
from reportgen.project.foreign_files import read_json

_INDEX = re.compile(r"search/([0-9]{4})/[0-9a-f]+/[0-9]+\.json")
_TAG = re.compile(r"<[^>]*>")
_NUMBER = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?")
_PLAIN = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_SIGNS = re.compile(r"[\W_]+")
_NUMBER_WORD = re.compile(r"([0-9]+(?:\.[0-9]+)?)[%‰]?\D?")


def year_of_index(path: str) -> int | None:
    """Return the year of which a file of a site is the index, None for any other file."""
    found = _INDEX.fullmatch(path)
    return int(found[1]) if found else None


def strange_words(
    reports: Iterable[PublishedReport], folder: Path, files: Iterable[SiteFile]
) -> Iterator[Finding]:
    """Yield U174 for each word in the index of a year that no report of that year prints.

    Of `files`, which stand in a `folder`, others are no index.
    """
    of_year: dict[int, list[SiteFile]] = {}
    for file in files:
        year = year_of_index(file.path)
        if year is not None:
            of_year.setdefault(year, []).append(file)
    for year, index in of_year.items():
        public = PublicWords()
        for report in reports:
            if report.year == year:
                public.add(*said_of(report))
                for page in _texts(report, folder):
                    public.add_page(page)
        for file in index:
            for word in public.strangers(read_json(folder / file.path)):
                yield finding("U174", file=file.path, word=word)


def _texts(report: PublishedReport, folder: Path) -> Iterator[str]:
    """Yield the text of the current version of a report, as it was published."""
    for file in report.current.files:
        if file.name.endswith(f".{FRAGMENT}"):
            path = folder / report.address / report.current.folder / file.name
            yield path.read_text("utf-8")


class PublicWords:
    """What texts say that are public: pairs of their characters, and their numbers."""

    def __init__(self) -> None:
        self._pairs: set[object] = set()
        self._written: set[str] = set()
        self._numbers: set[Fraction] = set()

    def add_page(self, page: str) -> None:
        """Take all that a web page says, its elements parted and not."""
        self.add(*(unescape(_TAG.sub(between, page)) for between in ("", " ")))

    def add(self, *texts: str) -> None:
        """Take all that some texts say."""
        solids: set[str] = set()
        numbers: set[str] = set()
        for text in texts:
            even = text.translate(_EVEN)
            solids.add(_SIGNS.sub("", even))
            numbers.update(_NUMBER.findall(even), _PLAIN.findall(even))
        for solid in solids:  # what parts elements is no letter: one, as a rule
            self._pairs.update(pairwise(solid), solid)
        for number in numbers - self._written:
            self._numbers.add(Fraction(number.replace(",", "")))
        self._written |= numbers

    def strangers(self, index: Iterable[str]) -> Iterator[str]:
        """Yield the words of an index that stand in none of the texts."""
        for word in index:
            number = _NUMBER_WORD.fullmatch(word)
            if number is not None:
                is_public = Fraction(number[1]) in self._numbers
            else:
                letters = _SIGNS.sub("", word)
                is_public = self._pairs.issuperset((*pairwise(letters), *letters))
            if not is_public:
                yield word


class _Even(dict[int, str]):
    """What each character is in an even text, a blank for what is none."""

    def __missing__(self, code: int) -> str:
        self[code] = even_character(chr(code)) or " "
        return self[code]


_EVEN: Final = _Even()
