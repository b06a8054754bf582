"""Full-text search of a site: an index for each year, and the page that asks it.

A server that only hands out files can search: the words of a year's reports stand in so many small
files that a browser fetches the few which hold what is asked for. `search.js` reads them. A year's
index is made of the current versions of its reports alone, so a new report leaves other years as
they are. Why the index is one of our own: docs/adr/021.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from functools import partial
from html import unescape
from importlib import resources
from importlib.resources.abc import Traversable
from itertools import groupby, pairwise
from pathlib import Path
from zlib import crc32

from reportgen.features.site.planning import (
    FRAGMENT,
    INDEX,
    PageValues,
    PlannedPage,
    frame,
    planned,
    site_metas,
)
from reportgen.features.site.search_words import words
from reportgen.features.site.versions import PublicFile, PublishedReport, Site
from reportgen.flow.up_to_date import program
from reportgen.language import folding

FOLDER = "search/"
PAGE = FOLDER + INDEX
TITLE = "全文检索"
ASSETS = ("search.js", "search.css")
EQUIVALENTS = "equivalents.txt"
MOST_FILES = 4096
"""Files that the words of a year are spread over at most; there is about one for each report."""
_FORM = 1
"""The form of an index, one more when other words or places are written for the same texts."""
_BREAK = re.compile(r"<br\b[^>]*>")
_INLINE = re.compile(r"</?(?:span|b|strong|em|i|u|sup|sub|a|data)\b[^>]*>")
_TAG = re.compile(r"<[^>]*>")


def search_pages(site: Site) -> Iterator[PlannedPage]:
    """Yield the page of the search, what it runs on, and the index of each year."""
    years = [_Year(year, tuple(reports)) for year, reports in _by_year(site.reports)]
    yield _page(site, years)
    for name in ASSETS:
        yield _copied(FOLDER + name, resources.files(__package__).joinpath("assets", name))
    yield _copied(FOLDER + EQUIVALENTS, resources.files(folding.__package__).joinpath(EQUIVALENTS))
    for year in years:
        yield from year.files()


def _by_year(
    reports: Sequence[PublishedReport],
) -> Iterator[tuple[int, Iterator[PublishedReport]]]:
    """Yield the reports of each year, the newest year first, by address."""
    ordered = sorted(reports, key=lambda report: (-report.year, report.address))
    yield from groupby(ordered, key=lambda report: report.year)


def _page(site: Site, years: Sequence[_Year]) -> PlannedPage:
    """Return the page of the search, which says where the words of each year are: how many files.

    The folder of a year is called after what its index is made of: a page that a browser kept, or
    a server that has half of the new files, never mixes the places of one with the list of another.
    """
    values: PageValues = {
        **frame(site.settings, PAGE, TITLE, [("首页", INDEX)], site_metas(site.settings, TITLE)),
        "years": [[each.year, each.count, each.folder] for each in years],
    }
    return planned(PAGE, "search.html.j2", values)


def _copied(path: str, source: Traversable) -> PlannedPage:
    data = source.read_bytes()
    return PlannedPage(path, hashlib.sha256(data).hexdigest(), lambda _: data)


class _Year:
    """The index of a year: a list of its reports, and their words spread over files.

    The words are taken from the published files once, when the first of the files is made.
    """

    def __init__(self, year: int, reports: tuple[PublishedReport, ...]) -> None:
        self.year, self.reports = year, reports
        self.count = min(MOST_FILES, 1 << (len(reports) - 1).bit_length())
        self.sources = self._sources()
        digest = hashlib.sha256(f"{_FORM}\n{self.sources}".encode()).hexdigest()
        self.folder = f"{year}/{digest[:12]}/"
        self.made: list[bytes] = []

    def files(self) -> Iterator[PlannedPage]:
        """Yield the files of the index, the list of the reports first."""
        folder = FOLDER + self.folder
        listed = _json([_listed(report) for report in self.reports])
        made_of = hashlib.sha256(f"{program()}\n{self.sources}".encode()).hexdigest()
        yield PlannedPage(f"{folder}reports.json", made_of, lambda _: listed)
        for number in range(self.count):
            yield PlannedPage(f"{folder}{number}.json", made_of, partial(self._file, number))
        self.made = []

    def _sources(self) -> str:
        """Return all that the index is made of: what is said of each report, and its text."""
        lines = []
        for report in self.reports:
            fragment = _fragment(report)
            digest = fragment.sha256 if fragment is not None else ""
            lines.append(json.dumps([_listed(report), _said(report), digest]))
        return "\n".join(lines)

    def _file(self, number: int, top: Path) -> bytes:
        """Return one of the files: a word, and for each report that has it its places.

        `12.3,a,5` is the place 3 in report 0x12, the place 0xa after it, and so on.
        """
        if not self.made:
            self.made = self._words(top)
        places: dict[str, list[str]] = {}
        for line in self.made[number].decode().splitlines():
            word, _, found = line.partition(" ")
            places.setdefault(word, []).append(found)
        return _json({word: ";".join(places[word]) for word in sorted(places)})

    def _words(self, top: Path) -> list[bytes]:
        """Return for each file its words, a line for each report that has one."""
        parts = [bytearray() for _ in range(self.count)]
        for number, report in enumerate(self.reports):
            for word, places in words(_text(report, top)).items():
                name = word.encode()
                part = parts[crc32(name) & (self.count - 1)]
                part += b"%b %x.%b\n" % (name, number, _gaps(places))
        return [bytes(part) for part in parts]


def _gaps(places: Sequence[int]) -> bytes:
    """Return the first of some places, and how far each other is from the one before."""
    if len(places) == 1:  # as most are
        return b"%x" % places[0]
    return b",".join(b"%x" % (after - before) for before, after in pairwise((0, *places)))


def _listed(report: PublishedReport) -> list[str]:
    """Return what a list of results says of a report."""
    current = report.current
    return [report.address, current.title, report.unit_name, current.subject, current.date]


def _said(report: PublishedReport) -> list[str]:
    """Return what the page of a report says before its text."""
    block = [text for _, text in report.current.publication.block]
    return [report.current.title, *(block or [report.unit_name])]


def _fragment(report: PublishedReport) -> PublicFile | None:
    """Return the file with the text that the page of a report shows."""
    name = f"{report.report}.{FRAGMENT}"
    return next((file for file in report.current.files if file.name == name), None)


def _text(report: PublishedReport, top: Path) -> str:
    """Return what a report is found by: what its page says, a line for each cell and paragraph."""
    fragment = _fragment(report)
    if fragment is None:
        return "\n".join(_said(report))
    path = top / report.address / report.current.folder / fragment.name
    html = _BREAK.sub(" ", path.read_text("utf-8").replace("\n", " "))
    return "\n".join([*_said(report), unescape(_TAG.sub("\n", _INLINE.sub("", html)))])


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
