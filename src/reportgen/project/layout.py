"""Where things are in a project, and which reports a command is about.

Units are the folders of data/, years those below a unit, reports those with a report.yaml below a
year, packs the folders of templates/ with a pack.yaml.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from reportgen.findings import Diagnostics, finding
from reportgen.model.frozen import frozen
from reportgen.model.source import SourceSpan
from reportgen.project.source_files import SourceFiles

_YEAR = re.compile("[0-9]{4}")
_PACK_NAME = re.compile(r"[a-z0-9][a-z0-9-]*/[a-z0-9][a-z0-9-]*")


def units(files: SourceFiles) -> tuple[str, ...]:
    """Return the units of the project: the folders of data/."""
    return files.folders("data")


def years(files: SourceFiles, unit: str) -> tuple[int, ...]:
    """Return the years of `unit`: the folders of data/<unit>/ that are named as years."""
    names = files.folders(f"data/{unit}")
    return tuple(int(name) for name in names if _YEAR.fullmatch(name))


def reports(files: SourceFiles, unit: str, year: int) -> tuple[str, ...]:
    """Return the reports of `unit` in `year`: the folders that hold a report.yaml."""
    base = f"data/{unit}/{year}"
    return _holding(files, base, files.folders(base), "report.yaml")


def is_new_pack(files: SourceFiles, name: str, log: Diagnostics) -> bool:
    """Return whether a pack may be made with a name: a city's folder and one below it.

    The log says why not: P306, no pack can be called so; P305, there is one.
    """
    if not _PACK_NAME.fullmatch(name):
        log.add(finding("P306", name=name))
        return False
    if (files.root / "templates" / name).exists():
        log.add(finding("P305", SourceSpan(f"templates/{name}")))
        return False
    return True


def packs(files: SourceFiles) -> tuple[str, ...]:
    """Return the packs of the project: folders with a pack.yaml, up to two below templates/."""
    folders: list[str] = []
    for outer in files.folders("templates"):
        folders.append(outer)
        folders.extend(f"{outer}/{inner}" for inner in files.folders(f"templates/{outer}"))
    return _holding(files, "templates", folders, "pack.yaml")


def _holding(files: SourceFiles, base: str, folders: Iterable[str], name: str) -> tuple[str, ...]:
    """Return those of the folders below `base` that hold a file of that name."""
    return tuple(folder for folder in folders if files.exists(f"{base}/{folder}/{name}"))


@frozen
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
    listed = _listed(map(str, known))
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
    known = _listed(map(str, every_report(files)))
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
