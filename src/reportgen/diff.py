"""What changed between two years, two commits, a commit and the files, or two builds, in figures.

Only reports whose inputs differ are worked out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from reportgen import history
from reportgen.compare.changes import Comparison, compare
from reportgen.compare.state import State, joined, last_year, this_year
from reportgen.findings import Finding, finding
from reportgen.history import Commit, GitError
from reportgen.job import Outcome
from reportgen.load.files import Files
from reportgen.load.project import reports, units, years
from reportgen.model.document import Audience
from reportgen.selection import Chosen, select
from reportgen.states import (
    affected,
    every_report,
    figures_in,
    public_figures_in,
    read_state,
    report_named,
    state_of,
)

_YEAR = re.compile("[0-9]{4}")


@dataclass(frozen=True, slots=True)
class Scope:
    """Which reports to compare: the project and what was asked for, None standing for all.

    With `published` their public versions, of which only what is printed counts.
    """

    root: Path
    unit: str | None = None
    year: int | None = None
    report: str | None = None
    published: bool = False

    @property
    def audience(self) -> Audience:
        """Return whose versions are compared."""
        return "public" if self.published else "internal"

    def fits(self, each: Chosen) -> bool:
        """Return whether a report is asked for."""
        asked = (self.unit, self.year, self.report)
        has = (each.unit, each.year, each.report)
        return all(a is None or a == h for a, h in zip(asked, has, strict=True))


@dataclass(frozen=True, slots=True)
class Result:
    """The comparisons of the reports that differ, how many do not, and findings.

    `outcomes` holds the new public versions by the name of their comparison.
    """

    comparisons: tuple[Comparison, ...] = ()
    same: int = 0
    findings: tuple[Finding, ...] = ()
    outcomes: Mapping[str, Outcome] = field(default_factory=dict)


def differ(scope: Scope, old: str, new: str | None) -> Result:
    """Return what changed from `old` to `new`, each a year, a folder of builds or a revision.

    Without `new`: from a revision to the files as they stand, from a year to the newest one.
    """
    years_asked = is_year(scope, old) and (new is None or is_year(scope, new))
    if years_asked and not scope.published:
        return between_years(scope, int(old), None if new is None else int(new))
    if new is not None and is_build(scope, old) and is_build(scope, new):
        return between_builds(scope, Path(old), Path(new))
    return between_states(scope, old, new)


def is_year(scope: Scope, word: str) -> bool:
    """Return whether `word` is a year that a unit has data of."""
    files = Files(scope.root)
    if not _YEAR.fullmatch(word):
        return False
    return any(int(word) in years(files, unit) for unit in _units(scope, files))


def is_build(scope: Scope, word: str) -> bool:
    """Return whether `word` is a folder that holds figures of builds."""
    return Path(word).is_dir() and any(_listed(scope, Path(word)))


def _listed(scope: Scope, folder: Path) -> Iterator[Path]:
    return public_figures_in(folder) if scope.published else figures_in(folder)


def _units(scope: Scope, files: Files) -> tuple[str, ...]:
    return tuple(unit for unit in units(files) if scope.unit in {None, unit})


# Years


def between_years(scope: Scope, old: int, new: int | None) -> Result:
    """Return this year against an earlier one, for every report that there is of this year.

    The year just before is worked out by this year's rules; what those leave out, and an
    older year, is taken from the report of that time.
    """
    files = Files(scope.root)
    own = [(u, y) for u in _units(scope, files) for y in years(files, u) if y > old]
    latest = new or max((y for u, y in own if reports(files, u, y)), default=0)
    chosen, found = select(files, scope.unit, latest, scope.report)
    if found or latest == 0:
        return Result(findings=found or (finding("G117", old=old, new=new or "—"),))
    comparisons: list[Comparison] = []
    findings: list[Finding] = []
    for each in chosen:
        comparison, bad = _of_years(scope.root, files, each, old)
        findings += bad
        comparisons += [comparison] if comparison else []
    return Result(tuple(comparisons), findings=tuple(findings))


def _of_years(
    root: Path, files: Files, each: Chosen, old: int
) -> tuple[Comparison | None, tuple[Finding, ...]]:
    this, _, bad = state_of(root, each, str(each.year))
    then, worse = _earlier(root, files, each, old)
    if this is None or then is None:
        return None, (*bad, *worse)
    was = then
    if then.pack != this.pack and old == each.year - 1:
        was = joined(last_year(this, str(old)), then)
    if not was.items:
        return None, (finding("G117", old=old, new=each),)
    name = f"{each.unit}/{each.report}"
    return compare(name, was, this_year(this), years=True), ()


def _earlier(
    root: Path, files: Files, each: Chosen, year: int
) -> tuple[State | None, tuple[Finding, ...]]:
    """Return the report of `year` that answers to `each`: of its name, or the only one."""
    there = reports(files, each.unit, year) if year in years(files, each.unit) else ()
    name = each.report if each.report in there else there[0] if len(there) == 1 else None
    if name is None:
        return State(str(year)), ()
    found, _, bad = state_of(root, Chosen(each.unit, year, name), str(year))
    return (this_year(found) if found else None), bad


# Commits and the files as they stand


def between_states(scope: Scope, old: str, new: str | None) -> Result:
    """Return what changed between two commits, or from one to the files as they stand."""
    with ExitStack() as stack:
        before, found = stack.enter_context(history.state(scope.root, old))
        if before is None:
            return Result(findings=found)
        after = None
        if new is not None:
            after, found = stack.enter_context(history.state(scope.root, new))
            if after is None:
                return Result(findings=found)
        try:
            paths = history.differing(
                scope.root, before.commit.id, after.commit.id if after else None
            )
        except GitError as error:
            return Result(findings=(finding("G102", root=scope.root, detail=error.detail),))
        sides = (
            (before.folder, _called(old, before.commit)),
            (after.folder, _called(new or "", after.commit)) if after else (scope.root, ""),
        )
        return _between(scope, sides, paths)


def _called(word: str, commit: Commit) -> str:
    """Return what a state is called: as it was asked for, and its commit."""
    return commit.short if commit.id.startswith(word) else f"{word} {commit.short}"


def _between(
    scope: Scope, sides: tuple[tuple[Path, str], tuple[Path, str]], paths: tuple[str, ...]
) -> Result:
    (old_root, old_name), (new_root, new_name) = sides
    every = {each: None for root, _ in sides for each in every_report(root) if scope.fits(each)}
    if not every:
        return Result(findings=(finding("G117", old=old_name, new=new_name or "data/"),))
    comparisons: list[Comparison] = []
    findings: list[Finding] = []
    outcomes: dict[str, Outcome] = {}
    same = 0
    for each in every:
        if not any(affected(root, each, paths) for root, _ in sides):
            same += 1
            continue
        before, _, bad = state_of(old_root, each, old_name, scope.audience)
        after, outcome, worse = state_of(new_root, each, new_name, scope.audience)
        findings += (*bad, *worse)
        if bad or worse:
            continue
        states = before or State(old_name), after or State(new_name)
        comparison = compare(str(each), *states, published=scope.published)
        same += not (comparison.changes or comparison.lines)
        if comparison.changes or comparison.lines:
            comparisons.append(comparison)
            outcomes |= {str(each): outcome} if outcome else {}
    return Result(tuple(comparisons), same, tuple(findings), outcomes)


# Folders of builds


def between_builds(scope: Scope, old: Path, new: Path) -> Result:
    """Return what changed between two folders of builds, by their figures.json."""
    before, after = ({report_named(p, f): p for p in _listed(scope, f)} for f in (old, new))
    if len(before) == len(after) == 1:
        # The only one of each, wherever it stands.
        before = dict(zip(after, before.values(), strict=True))
    wanted = [name for name in {**before, **after} if _asked(scope, name)]
    comparisons: list[Comparison] = []
    findings: list[Finding] = []
    for name in wanted:
        states = []
        for path, folder in ((before.get(name), old), (after.get(name), new)):
            state, bad = read_state(path, str(folder))
            findings += bad
            states.append(state)
        comparisons.append(compare(name, *states, published=scope.published))
    kept = tuple(each for each in comparisons if each.changes)
    if not wanted:
        findings.append(finding("G117", old=old, new=new))
    return Result(kept, len(comparisons) - len(kept), tuple(findings))


def _asked(scope: Scope, name: str) -> bool:
    parts = name.split("/")
    asked = (scope.unit, scope.report, str(scope.year) if scope.year else None)
    return all(each is None or each in parts for each in asked)
