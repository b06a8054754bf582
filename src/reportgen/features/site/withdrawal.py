"""Takes off a site what must not stand there any longer: a whole report, or one of its versions.

What is published stays as it is, but for this: where a version holds what should never have been
disclosed, its files must go.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from operator import attrgetter

from reportgen.features.site.collecting import BuiltVersion, Collected
from reportgen.features.site.record import VERSION_ADDRESS, SiteRecord
from reportgen.features.site.versions import (
    PastNotice,
    PublicVersion,
    PublishedReport,
    Withdrawal,
    WithdrawnVersion,
)
from reportgen.findings import Diagnostics, finding
from reportgen.formula.lookup import nearest


def without_withdrawn(
    reports: Iterable[PublishedReport], withdrawn: Iterable[Withdrawal]
) -> Iterator[PublishedReport]:
    """Yield reports but for those, and for the versions, whose addresses are `withdrawn`."""
    gone = _addresses(withdrawn)
    for report in reports:
        address = report.address.rstrip("/")
        versions = [each for each in report.versions if f"{address}/{each.folder}" not in gone]
        if address not in gone and versions:
            yield replace(report, versions=tuple(versions))


def _addresses(withdrawn: Iterable[Withdrawal]) -> frozenset[str]:
    return frozenset(each.address for each in withdrawn)


def withdrawn_paths(record: SiteRecord, withdrawn: Iterable[Withdrawal]) -> set[str]:
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


def withdrawn_versions(
    record: SiteRecord, withdrawn: Iterable[Withdrawal]
) -> Iterator[WithdrawnVersion]:
    """Yield the versions that stand or stood on a site and are withdrawn, by their addresses.

    A number below that of the current version that none has was withdrawn, whoever noted it.
    """
    said = {each.address: each for each in withdrawn}
    known = set(record.withdrawn)
    for report in record.reports:
        numbers = range(1, report.current.number + 1)
        known.update(f"{report.address}v{number}" for number in numbers)
    for unit, year, report_id, number in sorted(map(_place, known)):
        whole = f"{unit}/{year}/{report_id}"
        found = said.get(f"{whole}/v{number}") or said.get(whole)
        if found is not None:
            yield WithdrawnVersion(unit, year, report_id, number, found.date, found.reason)


def _place(address: str) -> tuple[str, int, str, int]:
    """Return the parts of the address of a version; raises ValueError for any other."""
    found = VERSION_ADDRESS.fullmatch(address)
    if found is None:
        raise ValueError(address)
    return found[1], int(found[2]), found[3], int(found[4])


def past_notices(record: SiteRecord, withdrawn: Iterable[Withdrawal]) -> tuple[PastNotice, ...]:
    """Return the notices that went from a site with their versions, before and now.

    That of a version which stands must not be taken for one that is to come.
    """
    kept = {
        report.address: report.versions for report in without_withdrawn(record.reports, withdrawn)
    }
    past = set(record.past_notices)
    for report in record.reports:
        for version in report.versions:
            notice = version.notice
            if notice is not None and version not in kept.get(report.address, ()):
                past.add(PastNotice(report.address, notice.date, notice.file.sha256))
    return tuple(sorted(past, key=attrgetter("report", "date", "sha256")))


def take_off(
    found: Collected,
    record: SiteRecord,
    withdrawn: Iterable[Withdrawal],
    project: Iterable[str],
    log: Diagnostics,
) -> Collected:
    """Return what is collected without what is withdrawn, be it built still.

    The log gets U120 for an address that nothing has or had, nor a report of the `project`, and
    U121 for a newest version in whose place nothing else comes: its report is shown by the next
    one, never by one before.
    """
    gone = {each.address: each.span for each in withdrawn}
    off = tuple(withdrawn_versions(record, withdrawn))
    built = {each.address.rstrip("/"): each for each in found.fresh}
    published = {report.address.rstrip("/"): report for report in found.reports}
    unknown: list[str] = []
    for address in sorted(gone.keys() - {*built, *published}):
        report, _, folder = address.rpartition("/")
        withdrawn_version = _version(published.get(report), folder)
        if withdrawn_version is None:
            unknown.append(address)
        elif _comes_back(withdrawn_version, published[report], built.get(report)):
            log.add(finding("U121", gone[address], address=address))
    known = {*built, *published, *_versions_at(record, off)}
    for address in _mistyped(unknown, known, project):
        log.add(finding("U120", gone[address], address=address, near=nearest(address, known)))
    fresh = [_numbered(each, off) for address, each in built.items() if address not in gone]
    kept = tuple(without_withdrawn(found.reports, withdrawn))
    past = past_notices(record, withdrawn)
    return replace(found, reports=kept, fresh=tuple(fresh), withdrawn=off, past=past)


def _versions_at(record: SiteRecord, withdrawn: Iterable[WithdrawnVersion]) -> Iterator[str]:
    """Yield the addresses of versions that stand or stood on a site, and of their reports."""
    for report in record.reports:
        for version in report.versions:
            yield report.address + version.folder
    for gone in withdrawn:
        yield from (f"{gone.address}v{gone.number}", gone.address.rstrip("/"))


def _mistyped(unknown: Iterable[str], known: set[str], project: Iterable[str]) -> list[str]:
    """Return those of some addresses that nobody knows, not even a project that never built it."""
    left = [address for address in unknown if address not in known]
    if left:
        known.update(project)
    return [address for address in left if address not in known]


def _numbered(built: BuiltVersion, withdrawn: Iterable[WithdrawnVersion]) -> BuiltVersion:
    """Return a version that comes to a site, behind all that were withdrawn of its report."""
    numbers = [each.number + 1 for each in withdrawn if each.address == built.address]
    number = max(built.version.number, *numbers, 1)
    return replace(built, version=replace(built.version, number=number))


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
