"""Which reports a command is about: what was asked for, compared with what there is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
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
    chosen_units = _select_units(files, unit, log)
    if not chosen_units or not _has_year(files, chosen_units, year, log):
        return ()
    reports_there = every_report(files, chosen_units)
    candidates = [candidate for candidate in reports_there if year in {None, candidate.year}]
    chosen = tuple(candidate for candidate in candidates if report in {None, candidate.report})
    if candidates and not chosen:
        _log_unknown_report(chosen_units, candidates, report, log)
    elif not chosen:
        _log_no_reports(files, chosen_units, year, log)
    return chosen


def _select_units(files: SourceFiles, unit: str | None, log: Diagnostics) -> tuple[str, ...]:
    """Return the unit asked for, or all; none with J104 or J102 where there are none."""
    known = units(files)
    if not known:
        log.add(finding("J104", root=str(files.root)))
        return ()
    if unit is None:
        return known
    if unit not in known:
        log.add(finding("J102", unit=unit, known=_listed(known)))
        return ()
    return (unit,)


def _has_year(
    files: SourceFiles, unit_names: Sequence[str], year: int | None, log: Diagnostics
) -> bool:
    """Return whether any of some units has the year asked for, if one is; J101 if none has."""
    known = _years(files, unit_names)
    if year is None or year in known:
        return True
    listed = _listed(str(known_year) for known_year in known)
    log.add(finding("J101", unit=_listed(unit_names), year=year, known=listed))
    return False


def _years(files: SourceFiles, unit_names: Iterable[str]) -> list[int]:
    """Return the years that any of some units has, in order."""
    known: set[int] = set()
    for unit in unit_names:
        known.update(years(files, unit))
    return sorted(known)


def _log_unknown_report(
    unit_names: Iterable[str], candidates: Iterable[ReportId], report: str | None, log: Diagnostics
) -> None:
    """Log J103: in the years there are other reports, `candidates`, but none of that name."""
    year_names: set[str] = set()
    report_names: set[str] = set()
    for candidate in candidates:
        year_names.add(str(candidate.year))
        report_names.add(candidate.report)
    log.add(
        finding(
            "J103",
            unit=_listed(unit_names),
            year=_listed(sorted(year_names)),
            report=report,
            known=_listed(sorted(report_names)),
        )
    )


def _log_no_reports(
    files: SourceFiles, unit_names: Iterable[str], year: int | None, log: Diagnostics
) -> None:
    """Log J105: the units have no report at all, or none in that year."""
    names = "、".join(unit_names)
    chosen = names if year is None else f"{names}/{year}"
    known = _listed(str(report_id) for report_id in every_report(files))
    log.add(finding("J105", chosen=chosen, known=known))


def every_report(files: SourceFiles, unit_names: Iterable[str] | None = None) -> Iterator[ReportId]:
    """Yield every report of some units, or of all units, in order."""
    if unit_names is None:
        unit_names = units(files)
    for unit in unit_names:
        for year in years(files, unit):
            for report in reports(files, unit, year):
                yield ReportId(unit, year, report)


def _listed(names: Iterable[str]) -> str:
    return "、".join(names) or "—"
