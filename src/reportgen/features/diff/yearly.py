"""What changed from year to year: 较上年, by this year's rules where the reports differ."""

from __future__ import annotations

import re
from pathlib import Path

from reportgen.features.diff.changes import Comparison, compare
from reportgen.features.diff.state import ReportState, joined, last_year, this_year
from reportgen.features.diff.states import ComparisonResult, Scope, state_of
from reportgen.findings import Diagnostics, Finding, finding
from reportgen.project.layout import reports, units, years
from reportgen.project.selection import ReportId, select
from reportgen.project.source_files import SourceFiles

YEAR = re.compile("[0-9]{4}")


def is_year(scope: Scope, word: str) -> bool:
    """Return whether `word` is a year that a unit has data of."""
    files = SourceFiles(scope.root)
    if not YEAR.fullmatch(word):
        return False
    return any(int(word) in years(files, unit) for unit in _units(scope, files))


def _units(scope: Scope, files: SourceFiles) -> tuple[str, ...]:
    return tuple(unit for unit in units(files) if scope.unit in {None, unit})


def between_years(scope: Scope, old: int, new: int | None) -> ComparisonResult:
    """Return this year against an earlier one, for every report that there is of this year.

    The year just before is worked out by this year's rules; what those leave out, and an
    older year, is taken from the report of that time.
    """
    files = SourceFiles(scope.root)
    own = [(u, y) for u in _units(scope, files) for y in years(files, u) if y > old]
    latest = new or max((y for u, y in own if reports(files, u, y)), default=0)
    log = Diagnostics()
    chosen = select(files, scope.unit, latest, scope.report, log)
    if log or latest == 0:
        found = tuple(log) or (finding("G117", old=old, new=new or "—"),)
        return ComparisonResult(findings=found)
    comparisons: list[Comparison] = []
    findings: list[Finding] = []
    for each in chosen:
        comparison, bad = _of_years(scope.root, files, each, old)
        findings += bad
        comparisons += [comparison] if comparison else []
    return ComparisonResult(tuple(comparisons), findings=tuple(findings))


def _of_years(
    root: Path, files: SourceFiles, each: ReportId, old: int
) -> tuple[Comparison | None, tuple[Finding, ...]]:
    log = Diagnostics()
    now = state_of(root, each, str(each.year), log)
    then = _earlier(root, files, each, old, log)
    if now is None or then is None:
        return None, tuple(log)
    this, was = now[0], then
    if then.pack != this.pack and old == each.year - 1:
        was = joined(last_year(this, str(old)), then)
    if not was.items:
        return None, (finding("G117", old=old, new=each),)
    name = f"{each.unit}/{each.report}"
    return compare(name, was, this_year(this), years=True), ()


def _earlier(
    root: Path, files: SourceFiles, each: ReportId, year: int, log: Diagnostics
) -> ReportState | None:
    """Return the report of `year` that answers to `each`: of its name, or the only one."""
    there = reports(files, each.unit, year) if year in years(files, each.unit) else ()
    name = each.report if each.report in there else there[0] if len(there) == 1 else None
    if name is None:
        return ReportState(str(year))
    found = state_of(root, ReportId(each.unit, year, name), str(year), log)
    return this_year(found[0]) if found else None
