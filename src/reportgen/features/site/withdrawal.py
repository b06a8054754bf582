"""Takes off a site what must not stand there any longer: a whole report, or one of its versions.

What is published stays as it is, but for this: where a version holds what should never have been
disclosed, its files must go.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from reportgen.features.site.collecting import BuiltVersion, Collected
from reportgen.features.site.record import SiteRecord
from reportgen.features.site.versions import PublicVersion, PublishedReport
from reportgen.findings import Diagnostics, finding


def without_withdrawn(
    reports: Iterable[PublishedReport], withdrawn: Iterable[str]
) -> Iterator[PublishedReport]:
    """Yield reports but for those, and for the versions, whose addresses are `withdrawn`."""
    gone = frozenset(withdrawn)
    for report in reports:
        address = report.address.rstrip("/")
        versions = [each for each in report.versions if f"{address}/{each.folder}" not in gone]
        if address not in gone and versions:
            yield replace(report, versions=tuple(versions))


def withdrawn_paths(record: SiteRecord, withdrawn: Iterable[str]) -> set[str]:
    """Return the paths of the files of published versions that are withdrawn."""
    every, kept = _paths(record.reports), _paths(without_withdrawn(record.reports, withdrawn))
    return every - kept


def published_paths(record: SiteRecord) -> set[str]:
    """Return the paths of all files of published versions."""
    return _paths(record.reports)


def _paths(reports: Iterable[PublishedReport]) -> set[str]:
    paths: set[str] = set()
    for report in reports:
        for version in report.versions:
            folder = report.address + version.folder
            paths.update(f"{folder}/{file.name}" for file in version.files)
    return paths


def take_off(found: Collected, withdrawn: Iterable[str], log: Diagnostics) -> Collected:
    """Return what is collected without what is withdrawn, be it built still.

    The log gets U120 for an address that nothing has, and U121 for a newest version in whose place
    nothing else comes: its report is shown by the next one, never by one before.
    """
    gone = frozenset(withdrawn)
    built = {each.address.rstrip("/"): each for each in found.fresh}
    published = {report.address.rstrip("/"): report for report in found.reports}
    for address in sorted(gone - {*built, *published}):
        report, _, folder = address.rpartition("/")
        withdrawn_version = _version(published.get(report), folder)
        if withdrawn_version is None:
            log.add(finding("U120", address=address))
        elif _comes_back(withdrawn_version, published[report], built.get(report)):
            log.add(finding("U121", address=address))
    fresh = [each for address, each in built.items() if address not in gone]
    kept = tuple(without_withdrawn(found.reports, gone))
    return replace(found, reports=kept, fresh=tuple(fresh))


def _version(report: PublishedReport | None, folder: str) -> PublicVersion | None:
    """Return the version of a report that has this folder."""
    versions = () if report is None else report.versions
    return next((each for each in versions if each.folder == folder), None)


def _comes_back(
    version: PublicVersion, report: PublishedReport, built: BuiltVersion | None
) -> bool:
    """Return whether nothing takes the place of a version, or what prints the same text."""
    if built is None:
        return version is report.current
    return built.version.text == version.text
