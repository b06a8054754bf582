"""The pages of a site, one at a time, and those that list reports: by unit, by year, by kind."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any
from urllib.parse import quote

from reportgen.features.site.datasets import COLUMNS
from reportgen.features.site.feeds import feed_of
from reportgen.features.site.linked_data import catalog
from reportgen.features.site.planning import (
    INDEX,
    Crumbs,
    PageValues,
    PlannedPage,
    asset,
    frame,
    kind_path,
    offered,
    planned,
    site_metas,
    style_sheet,
)
from reportgen.features.site.public_figures import NOT_RECOMPUTABLE
from reportgen.features.site.report_page import report_page
from reportgen.features.site.search import search_pages
from reportgen.features.site.versions import PublishedReport, Site, SiteSettings

LATEST = 10
"""So many of the newest versions the first page lists."""
MOST_UNITS = 60
"""So many units the first page lists; of more it tells where they are listed."""
ROWS = 200
"""So many reports a page lists; what is more stands on the pages after it."""
LISTED = ("docx", "pdf")
"""The formats that a list of reports offers."""


def pages(site: Site) -> Iterator[PlannedPage]:
    """Yield every page of a site."""
    yield style_sheet()
    yield _home(site)
    yield _accessibility(site.settings)
    yield _data_dictionary(site.settings)
    for listing in (_units, _years, _kinds):
        yield from listing(site)
    for report in site.reports:
        yield report_page(site, report)
    yield from search_pages(site)


# The first page, and what is said beside


def _home(site: Site) -> PlannedPage:
    newest = sorted(site.reports, key=lambda each: (each.current.date, each.address), reverse=True)
    values = {
        **frame(site.settings, INDEX, site.settings.name, metas=site_metas(site.settings)),
        "linked": catalog(site.settings),
        "feed": feed_of(site.settings, site.reports),
        "count": len(site.reports),
        "latest": _rows(newest[:LATEST], ""),
        "years": _years_listed(site, ""),
        "kinds": _kinds_listed(site, ""),
        "units": _units_listed(site, ""),
        "most_units": MOST_UNITS,
    }
    return planned(INDEX, "home.html.j2", values)


def _accessibility(settings: SiteSettings) -> PlannedPage:
    path, title = "accessibility.html", "无障碍声明"
    values = frame(settings, path, title, [("首页", INDEX)], site_metas(settings, title))
    return planned(path, "accessibility.html.j2", values)


def _data_dictionary(settings: SiteSettings) -> PlannedPage:
    """Return what the columns of datasets mean, and how to recompute from them."""
    path, title = "data-dictionary.html", "数据说明"
    values = {
        **frame(settings, path, title, [("首页", INDEX)], site_metas(settings, title)),
        "columns": [
            {"head": each.head, "name": each.name, "type": each.datatype, "zh": each.zh}
            for each in COLUMNS
        ],
        "example": asset("recompute.py.txt").decode().strip(),
        "not_recomputable": NOT_RECOMPUTABLE,
    }
    return planned(path, "dictionary.html.j2", values)


# Lists of reports


def _rows(reports: Iterable[PublishedReport], top: str) -> list[PageValues]:
    """Return a row of a list for each report, as seen from a folder `top` below the site's."""
    rows = []
    for report in reports:
        current, place = report.current, top + quote(report.address)
        folder = f"{place}{current.folder}/"
        rows.append(
            {
                "title": current.title,
                "href": f"{place}{INDEX}",
                "unit": report.unit_name,
                "unit_href": f"{top}units/{quote(report.unit)}/{INDEX}",
                "year": report.year,
                "kind": current.subject,
                "date": current.date,
                "corrected": len({version.text for version in report.versions}) - 1,
                "files": offered(report.report, current, folder, LISTED),
            }
        )
    return rows


def _grouped(
    reports: Iterable[PublishedReport], key: Callable[[PublishedReport], Any]
) -> dict[Any, list[PublishedReport]]:
    """Return reports by what `key` says of them."""
    groups = defaultdict(list)
    for report in reports:
        groups[key(report)].append(report)
    return groups


def _units_listed(site: Site, top: str) -> list[PageValues]:
    """Return the units in the order of their ids, each called as in its newest report."""
    listed = []
    for unit, reports in sorted(_grouped(site.reports, lambda each: each.unit).items()):
        href = f"{top}units/{quote(unit)}/{INDEX}"
        listed.append({"text": _unit_name(reports), "href": href, "count": len(reports)})
    return listed


def _unit_name(reports: Iterable[PublishedReport]) -> str:
    """Return what a unit is called in the newest of its reports."""
    return max(reports, key=lambda each: (each.year, each.current.date)).unit_name


def _years_listed(site: Site, top: str) -> list[PageValues]:
    counts = Counter(report.year for report in site.reports)
    return [
        {"text": f"{year}年度", "href": f"{top}years/{year}/{INDEX}", "count": counts[year]}
        for year in sorted(counts, reverse=True)
    ]


def _kinds_listed(site: Site, top: str) -> list[PageValues]:
    counts = Counter(report.current.subject for report in site.reports)
    return [
        {"text": kind, "href": f"{top}{kind_path(kind)}", "count": counts[kind]}
        for kind in sorted(counts)
    ]


def _units(site: Site) -> Iterator[PlannedPage]:
    """Yield the list of units, and the page of each with its reports, the newest year first."""
    path = f"units/{INDEX}"
    yield _overview(site.settings, path, "按单位查看", _units_listed(site, "../"))
    for unit, reports in _grouped(site.reports, lambda each: each.unit).items():
        reports.sort(key=lambda each: (-each.year, each.report))
        above = [("首页", INDEX), ("单位", path)]
        own = f"units/{unit}/{INDEX}"
        yield from _listing(site.settings, own, _unit_name(reports), above, reports, without="unit")


def _years(site: Site) -> Iterator[PlannedPage]:
    path = f"years/{INDEX}"
    yield _overview(site.settings, path, "按年度查看", _years_listed(site, "../"))
    for year, reports in _grouped(site.reports, lambda each: each.year).items():
        above = [("首页", INDEX), ("年度", path)]
        own = f"years/{year}/{INDEX}"
        yield from _listing(site.settings, own, f"{year}年度", above, reports, without="year")


def _kinds(site: Site) -> Iterator[PlannedPage]:
    path = f"kinds/{INDEX}"
    yield _overview(site.settings, path, "按类别查看", _kinds_listed(site, "../"))
    for kind, reports in _grouped(site.reports, lambda each: each.current.subject).items():
        reports.sort(key=lambda each: (-each.year, each.unit, each.report))
        above = [("首页", INDEX), ("类别", path)]
        yield from _listing(site.settings, kind_path(kind), kind, above, reports, without="kind")


def _overview(
    settings: SiteSettings, path: str, title: str, entries: Sequence[PageValues]
) -> PlannedPage:
    values = frame(settings, path, title, [("首页", INDEX)], site_metas(settings, title))
    return planned(path, "overview.html.j2", {**values, "entries": entries})


def _listing(
    settings: SiteSettings,
    path: str,
    title: str,
    above: Crumbs,
    reports: Sequence[PublishedReport],
    *,
    without: str,
) -> Iterator[PlannedPage]:
    """Yield the pages of a table of reports, but for the column that is the same in all rows."""
    total = max(1, -(-len(reports) // ROWS))
    for number in range(1, total + 1):
        own = _numbered(path, number)
        called = title if number == 1 else f"{title}（第 {number} 页）"
        values = frame(settings, own, called, above, site_metas(settings, title))
        values["rows"] = _rows(reports[(number - 1) * ROWS : number * ROWS], values["top"])
        values["pages"] = [_numbered(INDEX, each) for each in range(1, total + 1)]
        values["feed"] = feed_of(settings, reports) if without == "unit" else ""
        values |= {"count": len(reports), "number": number, "without": without}
        yield planned(own, "listing.html.j2", values)


def _numbered(path: str, number: int) -> str:
    """Return the path of one of the pages of a table; the first is that of the table."""
    return path if number == 1 else path.replace(INDEX, f"page-{number}.html")
