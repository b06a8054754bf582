"""The list of pages and files of a site for search engines (sitemaps.org, protocol 0.9)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from urllib.parse import quote
from xml.sax.saxutils import escape

from reportgen.features.site.feeds import is_day, made_of_itself
from reportgen.features.site.planning import INDEX, PlannedPage
from reportgen.features.site.versions import PublishedReport, Site
from reportgen.model.frozen import frozen

SITE_MAP = "sitemap.xml"
MOST_ADDRESSES, MOST_BYTES = 50_000, 50_000_000
"""What one list may hold; of longer ones `sitemap.xml` is the index."""
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_LISTED = (".docx", ".pdf")


@frozen
class ListedAddress:
    """An address of a site, seen from its folder, and the day of its last change if known."""

    path: str
    changed: str = ""

    def element(self, url: str, name: str) -> str:
        """Return the element of the list that names it."""
        href = escape(url + quote(self.path))
        changed = f"<lastmod>{self.changed}</lastmod>" if is_day(self.changed) else ""
        return f"<{name}><loc>{href}</loc>{changed}</{name}>\n"


def site_maps(site: Site, pages: Iterable[str]) -> Iterator[PlannedPage]:
    """Yield `sitemap.xml` of the `pages` of a site and its reports' files, none without its url.

    Of more addresses than one list may hold it is the index of several.
    """
    url = site.settings.url
    if not url:
        return
    lists = [*_lists(url, _addresses(site, pages))]
    if len(lists) == 1:
        yield made_of_itself(SITE_MAP, lists[0])
        return
    names = [f"sitemap-{number}.xml" for number in range(1, len(lists) + 1)]
    for name, data in zip(names, lists, strict=True):
        yield made_of_itself(name, data)
    elements = [ListedAddress(name).element(url, "sitemap") for name in names]
    yield made_of_itself(SITE_MAP, _list("sitemapindex", elements))


def _addresses(site: Site, pages: Iterable[str]) -> Iterator[ListedAddress]:
    """Yield the pages, those of reports with their day, then the files of current versions."""
    days = {f"{report.address}{INDEX}": report.current.date for report in site.reports}
    for page in pages:
        if page.endswith(".html"):
            yield ListedAddress(page, days.get(page, ""))
    for report in site.reports:
        yield from _files(report)


def _files(report: PublishedReport) -> Iterator[ListedAddress]:
    current = report.current
    for file in current.files:
        if file.name.endswith(_LISTED):
            yield ListedAddress(f"{report.address}{current.folder}/{file.name}", current.date)


def _lists(url: str, addresses: Iterable[ListedAddress]) -> Iterator[bytes]:
    """Yield as many lists as the addresses need; an empty one where there are none."""
    elements: list[str] = []
    size = 0
    for address in addresses:
        element = address.element(url, "url")
        if len(elements) == MOST_ADDRESSES or size + len(element) > MOST_BYTES - len(_HEAD) * 4:
            yield _list("urlset", elements)
            elements, size = [], 0
        elements.append(element)
        size += len(element)
    yield _list("urlset", elements)


def _list(name: str, elements: Iterable[str]) -> bytes:
    return f"{_HEAD}<{name} {_SPACE}>\n{''.join(elements)}</{name}>\n".encode()
