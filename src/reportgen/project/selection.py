"""Which reports a command is about: what was asked for, held against what there is."""

from __future__ import annotations

from dataclasses import dataclass

from reportgen.findings import Finding, finding
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
    files: SourceFiles, unit: str | None, year: int | None, report: str | None
) -> tuple[tuple[ReportId, ...], tuple[Finding, ...]]:
    """Return the reports that fit, None fitting all; findings (J1xx) say what does not exist."""
    known = units(files)
    if not known:
        return (), (finding("J104", root=str(files.root)),)
    if unit is not None and unit not in known:
        return (), (finding("J102", unit=unit, known="、".join(known) or "—"),)
    wanted = (unit,) if unit is not None else known
    of_year = [(u, y) for u in wanted for y in years(files, u) if year in {None, y}]
    if not of_year and year is not None:
        there = sorted({str(y) for u in wanted for y in years(files, u)})
        name = unit or "、".join(known) or "—"
        return (), (finding("J101", unit=name, year=year, known="、".join(there) or "—"),)
    every = [ReportId(u, y, r) for u, y in of_year for r in reports(files, u, y)]
    chosen = tuple(each for each in every if report in {None, each.report})
    if chosen:
        return chosen, ()
    names = "、".join(wanted)
    if every:
        when = "、".join(sorted({str(each.year) for each in every}))
        like = "、".join(sorted({each.report for each in every}))
        return (), (finding("J103", unit=names, year=when, report=report, known=like),)
    where = names if year is None else f"{names}/{year}"
    other = [
        ReportId(u, y, r) for u in known for y in years(files, u) for r in reports(files, u, y)
    ]
    return (), (finding("J105", chosen=where, known="、".join(map(str, other)) or "—"),)
