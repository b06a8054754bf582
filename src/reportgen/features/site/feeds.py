"""Atom feeds (RFC 4287) of what was published and corrected: of the site, and of each unit.

Each version is an entry, the newest first; what took the place of another says what was wrong in
it. Times are those of publication, never of a run. A feed holds the newest entries; all of them
stand in archives beside it, from the oldest on (RFC 5005, section 4).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree as ET

from reportgen.features.site.planning import INDEX, PlannedPage
from reportgen.features.site.versions import (
    PublicFile,
    PublicVersion,
    PublishedReport,
    Site,
    SiteSettings,
)
from reportgen.model.frozen import frozen

FEED = "feed.xml"
MOST_ENTRIES = 100
"""Entries of a feed, and of each of its archives."""
_ATOM = "http://www.w3.org/2005/Atom"
_ARCHIVE = "http://purl.org/syndication/history/1.0"
_MEDIA = {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".pdf": "application/pdf",
}
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML can hold (XML 1.0, section 2.2)."""
_TIME = re.compile("(?:[01][0-9]|2[0-3]):[0-5][0-9]")

Element = ET.Element


@frozen
class FeedEntry:
    """A version of a report as feeds tell of it: when (RFC 3339), and what they say of it."""

    report: PublishedReport
    version: PublicVersion
    updated: str

    @property
    def address(self) -> str:
        """Return where the files of the version stand on the site."""
        return f"{self.report.address}{self.version.folder}/"

    @property
    def title(self) -> str:
        """Return the title of the report, and which version it is where it is not the first."""
        version = self.version
        if version.number == 1:
            return version.title
        what = "更正" if version.notice is not None else "新版本"
        return f"{what}：{version.title}（第 {version.number} 版）"

    @property
    def summary(self) -> str:
        """Return what happened: what was published by whom, or what was corrected."""
        version = self.version
        if version.notice is not None and version.notice.paragraphs:
            return "\n".join(version.notice.paragraphs)
        before = f"，代替第 {version.number - 1} 版" if version.number > 1 else ""
        return f"{version.organization}公开{self.report.year}年度{version.subject}报告{before}。"

    @property
    def files(self) -> Iterator[PublicFile]:
        """Yield the files that it offers: Word, PDF, and the notice as it was signed."""
        notice = self.version.notice
        for file in self.version.files:
            is_notice = notice is not None and file.name == notice.file.name
            if is_notice or Path(file.name).suffix in _MEDIA:
                yield file


def feed_of(settings: SiteSettings, reports: Iterable[PublishedReport]) -> str:
    """Return the name of the feed of some reports, nothing where there is none."""
    return FEED if settings.url and next(_entries(reports), None) is not None else ""


def feeds(site: Site) -> Iterator[PlannedPage]:
    """Yield the feed of a site and those of its units with their archives, none without its url."""
    if not site.settings.url:
        return
    entries = _in_order(_entries(site.reports))
    if not entries:
        return
    yield from _of(site.settings, "", site.settings.name, entries)
    units: dict[str, list[FeedEntry]] = {}
    for entry in entries:
        units.setdefault(entry.report.unit, []).append(entry)
    for unit, own in sorted(units.items()):
        title = f"{own[-1].report.unit_name} - {site.settings.name}"
        yield from _of(site.settings, f"units/{unit}/", title, own)


def _entries(reports: Iterable[PublishedReport]) -> Iterator[FeedEntry]:
    """Yield an entry for each version; one of which nobody knows the day cannot be among them."""
    for report in reports:
        for version in report.versions:
            day = version.notice.date if version.notice is not None else version.date
            if is_day(day):
                yield FeedEntry(report, version, f"{day}T{_time(version, day)}:00+08:00")


def _time(version: PublicVersion, day: str) -> str:
    """Return the minute of publication, midnight where none is known."""
    stated = version.publication
    is_known = stated.date == day and _TIME.fullmatch(stated.time)
    return stated.time if is_known else "00:00"


def is_day(text: str) -> bool:
    """Return whether a text is a day as YYYY-MM-DD."""
    try:
        return dt.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _in_order(entries: Iterable[FeedEntry]) -> list[FeedEntry]:
    """Return entries with the oldest first; those of one time as their addresses from the end."""
    by_address = sorted(entries, key=lambda each: (each.report.address, -each.version.number))
    by_address.reverse()
    return sorted(by_address, key=lambda each: each.updated)


def _of(
    settings: SiteSettings, folder: str, title: str, entries: Sequence[FeedEntry]
) -> Iterator[PlannedPage]:
    """Yield a feed in a folder and its archives; `entries` are in order, the oldest first."""
    archives = len(entries) // MOST_ENTRIES if len(entries) > MOST_ENTRIES else 0
    feed = _Feed(settings, folder, title)
    for number in range(1, archives + 1):
        own = entries[(number - 1) * MOST_ENTRIES : number * MOST_ENTRIES]
        yield feed.page(_archive_name(number), own, number - 1, is_archive=True)
    yield feed.page(FEED, entries[-MOST_ENTRIES:], archives, is_archive=False)


def _archive_name(number: int) -> str:
    return f"feed-{number}.xml"


@frozen
class _Feed:
    """What the feed of a folder and its archives have in common."""

    settings: SiteSettings
    folder: str
    title: str

    def page(
        self, name: str, entries: Sequence[FeedEntry], archive_before: int, *, is_archive: bool
    ) -> PlannedPage:
        """Return a document of the feed, which is made when it is asked for."""
        data = _document(self._root(name, entries, archive_before, is_archive=is_archive))
        return made_of_itself(f"{self.folder}{name}", data)

    def _root(
        self, name: str, entries: Sequence[FeedEntry], archive_before: int, *, is_archive: bool
    ) -> Element:
        place = self._address(self.folder)
        root = ET.Element("feed", {"xmlns": _ATOM, "xml:lang": "zh-CN"})
        _add(root, "id", place + FEED)
        _add(root, "title", self.title)
        _add(root, "updated", entries[-1].updated)
        _add(_add(root, "author"), "name", self.settings.publisher or self.settings.name)
        _add(root, "link", rel="self", href=place + name)
        _add(root, "link", rel="alternate", type="text/html", href=place + INDEX)
        if is_archive:
            root.set("xmlns:fh", _ARCHIVE)
            _add(root, "fh:archive")
            _add(root, "link", rel="current", href=place + FEED)
        if archive_before:
            href = place + _archive_name(archive_before)
            _add(root, "link", rel="prev-archive", href=href)
        for entry in reversed(entries):
            root.append(self._entry(entry))
        return root

    def _entry(self, entry: FeedEntry) -> Element:
        report, version = entry.report, entry.version
        item = ET.Element("entry")
        _add(item, "id", self._address(entry.address))
        _add(item, "title", entry.title)
        _add(item, "updated", entry.updated)
        _add(item, "published", entry.updated)
        _add(_add(item, "author"), "name", version.organization or self.title)
        _add(item, "category", term=version.subject)
        _add(item, "summary", entry.summary)
        page = self._address(report.address + INDEX)
        _add(item, "link", rel="alternate", type="text/html", href=page)
        for file in entry.files:
            media = _MEDIA.get(Path(file.name).suffix, "application/octet-stream")
            href = self._address(entry.address) + quote(file.name)
            _add(item, "link", rel="enclosure", type=media, length=str(file.size), href=href)
        return item

    def _address(self, path: str) -> str:
        return self.settings.url + quote(path)


def _add(above: Element, name: str, text: str = "", **attributes: str) -> Element:
    """Add an element below another and return it."""
    legal = {key: _ILLEGAL.sub("", value) for key, value in attributes.items()}
    element = ET.SubElement(above, name, legal)
    if text:
        element.text = _ILLEGAL.sub("", text)
    return element


def _document(root: Element) -> bytes:
    ET.indent(root, " ")
    data: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return data + b"\n"


def made_of_itself(path: str, data: bytes) -> PlannedPage:
    """Return a file whose content is known already; it is made anew when that is another."""
    make: Callable[[Path], bytes] = lambda _: data  # noqa: E731 - what a page is made by
    return PlannedPage(path, hashlib.sha256(data).hexdigest(), make)
