"""The page of a report: what is said of it, its files, the versions before, and its text."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from urllib.parse import quote

from reportgen.features.site.fragments import page_text, sheet_title
from reportgen.features.site.linked_data import dataset
from reportgen.features.site.older_pages import corrections_of, withdrawn_of
from reportgen.features.site.planning import (
    DATA,
    FORMATS,
    FRAGMENT,
    INDEX,
    PageValues,
    PlannedPage,
    frame,
    kind_path,
    links,
    offered,
    planned,
    site_metas,
)
from reportgen.features.site.versions import PublicVersion, PublishedReport, Site, SiteSettings

SHEET_FORMATS = ("docx", "pdf", "html")
"""The formats in which a sheet is offered."""


def report_page(site: Site, report: PublishedReport) -> PlannedPage:
    """Return the page of a report, of its current version."""
    settings, current = site.settings, report.current
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
        "sources": [file.sha256 for file in current.files],
        "data": links(current, DATA, f"{current.folder}/"),
        "linked": dataset(settings, report),
        "sheets": _sheets(report, current),
        "corrections": corrections_of(report),
        "withdrawn": withdrawn_of(report, site),
        "older": [_older(report, *pair) for pair in reversed([*pairwise(report.versions)])],
    }
    return planned(path, "report.html.j2", values, lambda top: _texts(top, report))


def _texts(top: Path, report: PublishedReport) -> PageValues:
    """Return the text of the current version, and the titles of its sheets, by their fragments."""
    current = report.current
    folder, text, titles = top / report.address / current.folder, "", {}
    for file in current.files:
        name = file.name.removesuffix(f".{FRAGMENT}")
        if name == report.report:
            text = (folder / file.name).read_text("utf-8")
        elif name != file.name:
            row = name.removeprefix(f"{report.report}.")
            titles[row] = sheet_title((folder / file.name).read_text("utf-8"))
    return {"text": page_text(text), "titles": titles}


def _report_metas(settings: SiteSettings, report: PublishedReport) -> list[tuple[str, str]]:
    """Return the <meta> elements of an article, completed by what the site knows itself."""
    current = report.current
    known = {
        "SiteName": "",
        "ColumnName": current.subject,
        "ColumnType": "信息公开",
        "ArticleTitle": current.title,
        "ContentSource": current.organization,
        "Keywords": f"{current.subject};预算绩效;{report.year}年度",
        "Description": f"{current.organization}{report.year}年度{current.subject}",
    }
    known |= dict(current.publication.metas) | dict(site_metas(settings))
    if settings.url:
        known["Url"] = settings.url + quote(report.address + INDEX)
    return [(name, content) for name, content in known.items() if content]


def _downloads(report: PublishedReport, version: PublicVersion) -> list[PageValues]:
    """Return the files of a report itself, in the order in which they are offered."""
    return offered(report.report, version, f"{version.folder}/", tuple(FORMATS))


def _sheets(report: PublishedReport, version: PublicVersion) -> list[PageValues]:
    """Return the files of the sheets of a report that was filled row by row, by the row's id."""
    place = f"{version.folder}/"
    rows: dict[str, None] = {}
    for file in version.files:
        rows |= dict.fromkeys(_rows_of(report, file.name))
    sheets = []
    for row in rows:
        files = offered(f"{report.report}.{row}", version, place, SHEET_FORMATS)
        sheets.append({"row": row, "files": files})
    return sheets


def _rows_of(report: PublishedReport, name: str) -> Iterator[str]:
    """Yield the id of the row of which a file is a sheet, if it is one."""
    if name.endswith(f".{FRAGMENT}"):
        return
    for ending in SHEET_FORMATS:
        row = name.removeprefix(f"{report.report}.").removesuffix(f".{ending}")
        if name == f"{report.report}.{row}.{ending}":
            yield row


def _older(report: PublishedReport, version: PublicVersion, following: PublicVersion) -> PageValues:
    """Return what a page says of a version that holds no more."""
    notice = following.notice
    return {
        "number": version.number,
        "date": version.date,
        "title": version.title,
        "corrected": "" if notice is None else notice.date,
        "files": offered(report.report, version, f"{version.folder}/", tuple(FORMATS)),
    }
