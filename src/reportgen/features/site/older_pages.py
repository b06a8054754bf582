"""What pages say of corrections: the notices, and a page for each version that holds no more."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from reportgen.features.site.planning import (
    DATA,
    FORMATS,
    INDEX,
    PageValues,
    PlannedPage,
    frame,
    links,
    offered,
    planned,
    site_metas,
)
from reportgen.features.site.versions import (
    Notice,
    PublicVersion,
    PublishedReport,
    Site,
    SiteSettings,
)


def corrections_of(report: PublishedReport) -> list[PageValues]:
    """Return what a page says of each correction of a report, the newest first."""
    newest = reversed(report.versions)
    return [_correction(each, each.notice, "") for each in newest if each.notice is not None]


def _correction(version: PublicVersion, notice: Notice, top: str) -> PageValues:
    """Return a notice with its file, as seen from a folder that `top` leads up from."""
    file = notice.file
    return {
        "number": version.number,
        "date": notice.date,
        "href": f"{top}{version.folder}/{file.name}",
        "label": "PDF" if file.name.endswith(".pdf") else "Word",
        "size": file.size,
        "sha256": file.sha256,
        "says": list(_says(notice)),
    }


def _says(notice: Notice) -> Iterator[PageValues]:
    """Yield the paragraphs of a notice, and its tables where they stand."""
    for at in range(len(notice.paragraphs) + 1):
        for table in notice.tables:
            if table.behind == at and table.rows:
                yield {"rows": [*map(list, table.rows)]}
        for text in notice.paragraphs[at : at + 1]:
            yield {"text": text}


def older_pages(site: Site) -> Iterator[PlannedPage]:
    """Yield a page for each version that holds no more: that it does not, and what does."""
    for report in site.reports:
        for version, following in pairwise(report.versions):
            yield _older_page(site.settings, report, version, following)


def _older_page(
    settings: SiteSettings,
    report: PublishedReport,
    version: PublicVersion,
    following: PublicVersion,
) -> PlannedPage:
    path = f"{report.address}{version.folder}/{INDEX}"
    above = [
        ("首页", INDEX),
        (report.unit_name, f"units/{report.unit}/{INDEX}"),
        (report.current.title, f"{report.address}{INDEX}"),
    ]
    title = f"{version.title}（第 {version.number} 版，已不再有效）"
    metas = [*site_metas(settings), ("robots", "noindex")]
    notice = following.notice
    values: PageValues = {
        **frame(settings, path, title, above, metas),
        "number": version.number,
        "date": version.date,
        "current": report.current.number,
        "correction": None if notice is None else _correction(following, notice, "../"),
        "downloads": offered(report.report, version, "", tuple(FORMATS)),
        "data": links(version, DATA, ""),
    }
    return planned(path, "older.html.j2", values)
