"""What pages say of corrections: the notices, and a page for each version that holds no more.

Where a version was withdrawn stands a page that says so, and nothing that the version said.
"""

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
    WithdrawnVersion,
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


# What was withdrawn


def withdrawn_of(report: PublishedReport, site: Site) -> list[PageValues]:
    """Return what is said of the versions of a report that were withdrawn, the newest first."""
    own = [each for each in site.withdrawn if each.address == report.address]
    return [_said(each) for each in reversed(own)]


def _said(gone: WithdrawnVersion) -> PageValues:
    return {"number": gone.number, "date": gone.date, "reason": gone.reason}


def withdrawn_pages(site: Site) -> Iterator[PlannedPage]:
    """Yield a page at the address of each withdrawn version, and of a report without any other.

    What it calls them is said by versions that stand, or by the address.
    """
    reports = {report.address: report for report in site.reports}
    names = {report.unit: report.unit_name for report in site.reports}
    whole: dict[str, WithdrawnVersion] = {}
    for gone in site.withdrawn:
        report = reports.get(gone.address)
        if report is None:
            whole[gone.address] = gone
            yield _of_report(site.settings, gone, names.get(gone.unit, ""), f"v{gone.number}/")
        else:
            yield _of_version(site.settings, gone, report)
    for gone in whole.values():
        yield _of_report(site.settings, gone, names.get(gone.unit, ""), "")


def _of_version(
    settings: SiteSettings, gone: WithdrawnVersion, report: PublishedReport
) -> PlannedPage:
    above = [
        ("首页", INDEX),
        (report.unit_name, f"units/{report.unit}/{INDEX}"),
        (report.current.title, f"{report.address}{INDEX}"),
    ]
    title = f"{report.current.title}（第 {gone.number} 版，已撤下）"
    return _tombstone(settings, gone, f"v{gone.number}/", title, above, report.current.number)


def _of_report(
    settings: SiteSettings, gone: WithdrawnVersion, unit_name: str, folder: str
) -> PlannedPage:
    """Return what stands for a report that was withdrawn as a whole, and for a version of it."""
    above = [("首页", INDEX)]
    if unit_name:
        above.append((unit_name, f"units/{gone.unit}/{INDEX}"))
    title = f"{unit_name}{gone.year}年度的一份报告（已撤下）"
    return _tombstone(settings, gone, folder, title, above, 0)


def _tombstone(
    settings: SiteSettings,
    gone: WithdrawnVersion,
    folder: str,
    title: str,
    above: list[tuple[str, str]],
    current: int,
) -> PlannedPage:
    """Return a page; `current` is the number of the version that holds now, 0 without one."""
    path = f"{gone.address}{folder}{INDEX}"
    metas = [*site_metas(settings), ("robots", "noindex")]
    values: PageValues = {
        **frame(settings, path, title, above, metas),
        **_said(gone),
        "current": current,
    }
    return planned(path, "withdrawn.html.j2", values)
