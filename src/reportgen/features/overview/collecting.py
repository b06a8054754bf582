"""Collects the rows of an overview from folders of finished builds, by their manifests alone.

For each report the version counts that went furthest: the public one, then that for the finance
bureau, then that for those inside; for others than those inside their own version or none.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import get_args

from reportgen.features.overview.entries import DamagedEntryError, rows_of
from reportgen.features.overview.standing import StandingVersion, UnitManifests
from reportgen.features.overview.values import OverviewRow, Stage
from reportgen.findings import Diagnostics, Finding, finding
from reportgen.findings.excerpt import clean
from reportgen.flow.job import check_one_of
from reportgen.flow.publish import MANIFEST, mend
from reportgen.flow.up_to_date import inputs_changed
from reportgen.model.document import Audience
from reportgen.model.frozen import frozen
from reportgen.model.source import SourceSpan
from reportgen.project.layout import ReportId, every_report, units
from reportgen.project.source_files import SourceFiles

_YEAR = re.compile("[0-9]{4}")
_NAMED = 5
"""So many reports that an older program built are named."""


@frozen
class Wanted:
    """Which reports an overview is of, None for all, and for whom.

    Raises ValueError for an audience that there is none of.
    """

    audience: Audience = "internal"
    unit: str | None = None
    year: int | None = None
    report: str | None = None

    def __post_init__(self) -> None:
        """Refuse what is no audience: it must not be taken for those inside."""
        check_one_of("audience", self.audience, get_args(Audience))

    def takes(self, unit: str, year: int | None, report: str) -> bool:
        """Return whether a report is one of those wanted."""
        pairs = ((self.unit, unit), (self.year, year), (self.report, report))
        return all(wanted in {None, own} for wanted, own in pairs)


@frozen
class ExpectedReports:
    """The reports that a project has, built or not, and its units that have none."""

    root: Path
    reports: frozenset[ReportId] = frozenset()
    empty_units: tuple[str, ...] = ()

    @classmethod
    def of_project(cls, root: Path) -> ExpectedReports:
        """Return those of the project in a folder."""
        files = SourceFiles(root)
        reports = frozenset(every_report(files))
        empty = set(units(files)).difference(each.unit for each in reports)
        return cls(root, reports, tuple(sorted(empty)))


def collected(
    builds: Sequence[Path],
    expected: Iterable[ExpectedReports],
    wanted: Wanted,
    log: Diagnostics,
    *,
    beside: bool = False,
) -> list[OverviewRow]:
    """Return the rows of all reports wanted: of those in folders of builds, of those expected.

    The log tells O101 where nothing was built and nothing stands `beside` it, O102 and O103 what of
    a build cannot be read or is not whole, O104 a report of two folders, O105 what an older program
    built, O106 reports that are told apart by the names of their folders alone, O107 of versions
    for others which are older than their project.
    """
    reader = _BuildReader(wanted, log)
    for folder in builds:
        reader.read(folder)
    reader.tell_older()
    log.extend(_alike(reader.rows))
    if not (reader.rows or beside):
        log.add(finding("O101", paths="、".join(map(str, builds))))
    if wanted.audience != "internal":
        for project in expected:
            reader.tell_outdated(project)
        return list(chain.from_iterable(reader.rows.values()))
    missing: list[OverviewRow] = []
    for project in expected:
        reader.look_for_changes(project)
        missing += _not_built(project, reader.rows, wanted)
    return _named([*chain.from_iterable(reader.rows.values()), *missing])


class _BuildReader:
    """Reads folders of builds: the rows of each report, and the version that they tell of."""

    def __init__(self, wanted: Wanted, log: Diagnostics) -> None:
        self.wanted = wanted
        self.log = log
        self.rows: dict[ReportId, list[OverviewRow]] = {}
        self.versions: dict[ReportId, StandingVersion] = {}
        self.older: list[str] = []

    def read(self, builds: Path) -> None:
        """Read all that stands in a folder of builds, `<year>/<unit>/<audience>/`, in order."""
        for folder in sorted(builds.glob("[0-9]*/[!.]*")):
            year = folder.parent.name
            unit = folder.name
            wanted_unit = self.wanted.unit in {None, unit}
            if _YEAR.fullmatch(year) and wanted_unit and self.wanted.year in {None, int(year)}:
                mend(folder)
                self._read_unit(folder, int(year), unit)

    def tell_older(self) -> None:
        """Tell which reports an older program built, which left nothing for overviews."""
        if self.older:
            named = "、".join(self.older[:_NAMED])
            self.log.add(finding("O105", count=len(self.older), names=named))

    def look_for_changes(self, project: ExpectedReports) -> None:
        """Say of the reports of a project whether facts or templates have changed since."""
        for report, changed in self._changed(project):
            self.rows[report] = [replace(row, changed=changed) for row in self.rows[report]]

    def tell_outdated(self, project: ExpectedReports) -> None:
        """Tell which versions were built before facts, policy or templates of a project changed.

        Nothing of it is in their rows: what a policy withholds now may have been printed then.
        """
        names = [str(report) for report, changed in self._changed(project) if changed]
        if names:
            named = "、".join(names[:_NAMED])
            self.log.add(finding("O107", count=len(names), names=named))

    def _changed(self, project: ExpectedReports) -> Iterator[tuple[ReportId, bool]]:
        """Yield the reports of a project that were built, and whether what they are of changed."""
        files = SourceFiles(project.root)
        for report in sorted(project.reports.intersection(self.rows), key=str):
            entry = self.versions[report].entry
            if "inputs" in entry:
                yield report, inputs_changed(files, entry)

    def _read_unit(self, folder: Path, year: int, unit: str) -> None:
        """Read the reports of a unit and year that were built for whom the overview is for."""
        manifests_of = UnitManifests.read(folder, self.wanted.audience, self.log)
        for report in manifests_of.reports:
            if self.wanted.report not in {None, report}:
                continue
            version = manifests_of.version(report)
            if version is not None:
                self._add(ReportId(unit, year, report), version)

    def _add(self, report: ReportId, version: StandingVersion) -> None:
        first = self.versions.setdefault(report, version)
        if first is not version:
            folders = {"other": str(first.folder), "path": str(version.folder)}
            self.log.add(finding("O104", name=str(report), **folders))  # type: ignore[arg-type]
            return
        self.rows[report] = self._rows(report, version)

    def _rows(self, report: ReportId, version: StandingVersion) -> list[OverviewRow]:
        """Return the rows of a report; one that says nothing where its manifest says nothing."""
        files = map(clean, version.files if self.wanted.audience == "internal" else ())
        row = _row(report.unit, report.year, report.report, version.stage)
        row = replace(row, files=tuple(files))
        told = version.entry.get("overview")
        if told is None:
            if "reportgen" in version.entry:
                self.older.append(str(report))
            return [row]
        try:
            return rows_of(told, version.teller, row)
        except DamagedEntryError as error:
            span = SourceSpan(str(version.folder / MANIFEST), 0, 0)
            self.log.add(finding("O102", span, name=str(report), detail=str(error)))
            return []


def _alike(rows: Mapping[ReportId, Sequence[OverviewRow]]) -> Iterator[Finding]:
    """Yield O106 for the reports of one year whose units are called alike, and they, too."""
    alike: dict[tuple[int, str, str], list[str]] = {}
    for report in sorted(rows, key=str):
        first = next(iter(rows[report]), None)
        if first is not None and first.title:
            key = (report.year, first.unit_name, first.title)
            alike.setdefault(key, []).append(str(report))
    for (_, _, title), names in alike.items():
        if len(names) > 1:
            yield finding("O106", title=title, names="、".join(names))


def _row(unit: str, year: int | None, report: str, stage: Stage) -> OverviewRow:
    """Return a bare row; folders may have names that no file can hold."""
    return OverviewRow(clean(unit), year, clean(report), stage)


def _not_built(
    project: ExpectedReports, built: Collection[ReportId], wanted: Wanted
) -> Iterator[OverviewRow]:
    """Yield a row for each report of a project that was never built, and each unit without any."""
    for report in sorted(project.reports, key=str):
        if report not in built and wanted.takes(report.unit, report.year, report.report):
            yield _row(report.unit, report.year, report.report, "not built")
    for unit in project.empty_units:
        if wanted.takes(unit, wanted.year, wanted.report or ""):
            yield _row(unit, None, "", "not built")


def _named(rows: Iterable[OverviewRow]) -> list[OverviewRow]:
    """Return rows with the name of the unit that another of its rows has, where they have none."""
    rows = list(rows)
    names = {row.unit: row.unit_name for row in rows if row.unit_name}
    return [replace(row, unit_name=row.unit_name or names.get(row.unit, "")) for row in rows]
