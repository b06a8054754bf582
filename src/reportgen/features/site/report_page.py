"""The page of a report: what is said of it, its files, the versions before, and its text."""

from __future__ import annotations

from reportgen.features.site.planning import (
    FORMATS,
    FRAGMENT,
    INDEX,
    PageValues,
    PlannedPage,
    frame,
    kind_path,
    offered,
    planned,
)
from reportgen.features.site.versions import PublicVersion, PublishedReport, SiteSettings


def report_page(settings: SiteSettings, report: PublishedReport) -> PlannedPage:
    """Return the page of a report, of its current version."""
    current = report.current
    path = f"{report.address}{INDEX}"
    unit_path = f"units/{report.unit}/{INDEX}"
    year_path = f"years/{report.year}/{INDEX}"
    above = [
        ("首页", INDEX),
        (report.unit_name, unit_path),
        (f"{report.year}年度", year_path),
    ]
    values = {
        **frame(settings, path, current.title, above, _report_metas(settings, report)),
        "unit": report.unit,
        "unit_name": report.unit_name,
        "year": report.year,
        "report": report.report,
        "kind": current.subject,
        "kind_href": "../../../" + kind_path(current.subject),
        "date": current.date,
        "published": current.publication.date,
        "version": current.number,
        "commit": current.commit,
        "block": [*map(list, current.publication.block)],
        "downloads": _downloads(report, current),
        "sheets": _sheets(report, current),
        "older": [_older(report, each) for each in reversed(report.versions[:-1])],
    }
    fragment = f"{report.report}.{FRAGMENT}"
    found = next((file for file in current.files if file.name == fragment), None)
    folder = report.address + current.folder
    return planned(path, "report.html.j2", values, found, folder)


def _report_metas(settings: SiteSettings, report: PublishedReport) -> list[tuple[str, str]]:
    """Return the <meta> elements of an article, completed by what the site knows itself."""
    current = report.current
    known = {
        "SiteName": settings.name,
        "ColumnName": current.subject,
        "ColumnType": "信息公开",
        "ArticleTitle": current.title,
        "ContentSource": current.organization,
        "Keywords": f"{current.subject};预算绩效;{report.year}年度",
        "Description": f"{current.organization}{report.year}年度{current.subject}",
    }
    known |= dict(current.publication.metas)
    return [(name, content) for name, content in known.items() if content]


def _downloads(report: PublishedReport, version: PublicVersion) -> list[PageValues]:
    """Return the files of a report itself, in the order in which they are offered."""
    return offered(report.report, version, f"{version.folder}/", tuple(FORMATS))


def _sheets(report: PublishedReport, version: PublicVersion) -> list[PageValues]:
    """Return the files of the sheets of a report that was filled row by row, by sheet."""
    names: dict[str, None] = {}
    for file in version.files:
        sheet = file.name.removesuffix(f".{FRAGMENT}")
        if sheet not in {file.name, report.report}:
            names[sheet] = None
    place = f"{version.folder}/"
    return [
        {
            "name": name.removeprefix(f"{report.report}."),
            "files": offered(name, version, place, tuple(FORMATS)),
        }
        for name in names
    ]


def _older(report: PublishedReport, version: PublicVersion) -> PageValues:
    """Return what a page says of a version that holds no more."""
    return {
        "number": version.number,
        "date": version.date,
        "title": version.title,
        "files": offered(report.report, version, f"{version.folder}/", tuple(FORMATS)),
    }
