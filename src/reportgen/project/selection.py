"""Which reports a command is about: what was asked for, held against what there is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from reportgen.findings import Diagnostics, finding
from reportgen.project.layout import reports, units, years
from reportgen.project.source_files import SourceFiles


@dataclass(frozen=True, slots=True)
class ReportId:
    """A report of a unit and year."""

    unit: str
    year: int
    report: str

    def __str__(self) -> str:
        """Return the three with slashes between."""
        return f"{self.unit}/{self.year}/{self.report}"


def select(
    files: SourceFiles,
    unit: str | None,
    year: int | None,
    report: str | None,
    log: Diagnostics,
) -> tuple[ReportId, ...]:
    """Return the reports that fit, None fitting all; the log says what does not exist (J1xx)."""
    known = units(files)
    if not known:
        log.add(finding("J104", root=str(files.root)))
        return ()
    if unit is not None and unit not in known:
        log.add(finding("J102", unit=unit, known=_listed(known)))
        return ()
    wanted = known if unit is None else (unit,)
    there: set[int] = set()
    for name in wanted:
        there.update(years(files, name))
    if year is not None and year not in there:
        named = unit or _listed(known)
        log.add(finding("J101", unit=named, year=year, known=_listed(map(str, sorted(there)))))
        return ()
    of_year = [each for each in every_report(files, wanted) if year in {None, each.year}]
    chosen = tuple(each for each in of_year if report in {None, each.report})
    if chosen:
        return chosen
    names = "、".join(wanted)
    if of_year:
        when = _listed(sorted({str(each.year) for each in of_year}))
        reports_there = _listed(sorted({each.report for each in of_year}))
        log.add(finding("J103", unit=names, year=when, report=report, known=reports_there))
    else:
        where = names if year is None else f"{names}/{year}"
        others = _listed(map(str, every_report(files)))
        log.add(finding("J105", chosen=where, known=others))
    return ()


def every_report(files: SourceFiles, of: Iterable[str] | None = None) -> Iterator[ReportId]:
    """Yield every report of the units `of`, or of all units, in order."""
    for unit in units(files) if of is None else of:
        for year in years(files, unit):
            for report in reports(files, unit, year):
                yield ReportId(unit, year, report)


def _listed(names: Iterable[str]) -> str:
    return "、".join(names) or "—"
