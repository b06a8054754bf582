"""What changed between two years, two commits, a commit and the files, or two builds, in figures.

Only reports whose inputs differ are worked out.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from reportgen.features.diff.comparison import Comparison, compare
from reportgen.features.diff.state import (
    ReportState,
    as_stated,
    joined,
    last_year,
    this_year,
)
from reportgen.features.diff.states import (
    ReportDraft,
    Scope,
    affected,
    figures_in,
    read_state,
    report_named,
    reports_in,
    state_of,
)
from reportgen.findings import Diagnostics, finding
from reportgen.flow.publish import mend_around
from reportgen.model.frozen import frozen
from reportgen.project import history
from reportgen.project.history import Commit, GitError
from reportgen.project.layout import ReportId, every_report, reports, select, units, years
from reportgen.project.source_files import SourceFiles

_YEAR = re.compile("[0-9]{4}")


@dataclass(slots=True)
class ComparisonResult:
    """The comparisons of the reports that differ, and how many do not.

    `drafts` holds the new versions by the name of their comparison, where they were drafted.
    """

    comparisons: list[Comparison] = field(default_factory=list)
    same: int = 0
    drafts: dict[str, ReportDraft] = field(default_factory=dict)

    def add(self, comparison: Comparison, draft: ReportDraft | None = None) -> None:
        """Keep a comparison in which something changed; count one in which nothing did."""
        if comparison.same:
            self.same += 1
            return
        self.comparisons.append(comparison)
        if draft is not None:
            self.drafts[comparison.name] = draft


def differ(scope: Scope, old: str, new: str | None, log: Diagnostics) -> ComparisonResult:
    """Return what changed from `old` to `new`, each a year, a folder of builds or a revision.

    Without `new`: from a revision to the files as they stand, from a year to the newest one.
    """
    if _years_asked(scope, old, new):
        return _between_years(scope, int(old), int(new or 0), log)
    if new is not None and _is_build(scope, old) and _is_build(scope, new):
        return _between_builds(scope, Path(old), Path(new), log)
    if _is_unknown_year(scope, old):
        select(SourceFiles(scope.root), scope.unit, int(old), None, log)  # says which there are
        return ComparisonResult()
    return _between_commits(scope, old, new, log)


def _is_unknown_year(scope: Scope, word: str) -> bool:
    """Return whether a word can only be a year, of which there is no data and no commit."""
    if scope.published or not _YEAR.fullmatch(word):
        return False
    return history.commit(scope.root, word, Diagnostics()) is None


def _years_asked(scope: Scope, old: str, new: str | None) -> bool:
    """Return whether years are to be compared; public versions are compared as commits only."""
    if scope.published or not _is_year(scope, old):
        return False
    return new is None or bool(_YEAR.fullmatch(new))


# Commits and the files as they stand


@frozen
class _Revision:
    """A commit with the word that asked for it; where there is none, the files as they stand."""

    word: str
    commit: Commit


@frozen
class _Side:
    """A folder that holds a state of the project, and what the state is called."""

    root: Path
    name: str


def _between_commits(scope: Scope, old: str, new: str | None, log: Diagnostics) -> ComparisonResult:
    """Return what changed between two commits, or from one to the files as they stand."""
    before = _revision(scope.root, old, log)
    after = None if new is None else _revision(scope.root, new, log)
    if before is None or (new is not None and after is None):
        return ComparisonResult()
    try:
        return _between_revisions(scope, before, after, log)
    except GitError as error:
        log.add(finding("G102", root=scope.root, detail=error.detail))
        return ComparisonResult()


def _between_revisions(
    scope: Scope, before: _Revision, after: _Revision | None, log: Diagnostics
) -> ComparisonResult:
    """Return what changed, as far as the files that differ can have an effect."""
    paths = history.differing(scope.root, before.commit.id, after.commit.id if after else None)
    asked = _asked(scope, (before, after))
    if not asked:
        log.add(finding("G117", old=before.word, new=after.word if after else "data/"))
    if not asked or not paths:
        return ComparisonResult(same=len(asked))
    with ExitStack() as stack:
        sides = _unpacked_sides(stack, scope.root, (before, after), _folders_needed(paths), log)
        return _between_sides(scope, asked, paths, sides, log) if sides else ComparisonResult()


def _revision(root: Path, word: str, log: Diagnostics) -> _Revision | None:
    commit = history.commit(root, word, log)
    return None if commit is None else _Revision(word, commit)


def _asked(scope: Scope, revisions: Iterable[_Revision | None]) -> list[ReportId]:
    """Return the reports asked for that there are on either side. Raises `GitError`."""
    every: dict[ReportId, None] = {}
    for revision in revisions:
        if revision is None:
            every |= dict.fromkeys(every_report(SourceFiles(scope.root)))
        else:
            every |= dict.fromkeys(reports_in(history.paths(scope.root, revision.commit)))
    return list(filter(scope.fits, every))


def _folders_needed(paths: Iterable[str]) -> tuple[str, ...]:
    """Return what must be unpacked: the units that changed, or all where a template did."""
    folders = {"templates"}
    for path in paths:
        if path.startswith("templates/"):
            return history.PROJECT
        folders.add("/".join(path.split("/")[:2]))
    return tuple(sorted(folders))


def _unpacked_sides(
    stack: ExitStack,
    root: Path,
    revisions: Iterable[_Revision | None],
    folders: Iterable[str],
    log: Diagnostics,
) -> Sequence[_Side]:
    """Return both sides as folders that are there until the stack is left, or neither."""
    sides = []
    for revision in revisions:
        side = _unpacked(stack, root, revision, folders, log)
        if side is None:
            return ()
        sides.append(side)
    return sides


def _unpacked(
    stack: ExitStack,
    root: Path,
    revision: _Revision | None,
    folders: Iterable[str],
    log: Diagnostics,
) -> _Side | None:
    """Return a commit as a folder; it is called as it was asked for, and by its id."""
    if revision is None:
        return _Side(root, "")
    commit = revision.commit
    past = stack.enter_context(history.state(root, commit.id, log, folders))
    if past is None:
        return None
    by_id = commit.id.startswith(revision.word)
    return _Side(past.folder, commit.short if by_id else f"{revision.word} {commit.short}")


def _between_sides(
    scope: Scope,
    asked: Collection[ReportId],
    paths: Iterable[str],
    sides: Sequence[_Side],
    log: Diagnostics,
) -> ComparisonResult:
    def text_of(report: ReportId) -> str:
        """Return the text of report.yaml on both sides, empty where there is none."""
        path = f"data/{report.unit}/{report.year}/{report.report}/report.yaml"
        return "".join(SourceFiles(side.root).shown(path) or "" for side in sides)

    concerned = list(affected(asked, paths, text_of))
    result = ComparisonResult(same=len(asked) - len(concerned))
    for report in concerned:
        drafts_log = Diagnostics()
        before = _drafted(scope, report, sides[0], drafts_log)
        after = _drafted(scope, report, sides[1], drafts_log)
        log.extend(drafts_log)
        if not drafts_log.blocked:
            states = _state(before, sides[0]), _state(after, sides[1])
            result.add(compare(str(report), *states, published=scope.published), after)
    return result


def _drafted(scope: Scope, report: ReportId, side: _Side, log: Diagnostics) -> ReportDraft | None:
    return state_of(side.root, report, side.name, scope.audience, log, scope.cache)


def _state(draft: ReportDraft | None, side: _Side) -> ReportState:
    """Return the state of a report on a side, an empty one where the side does not have it."""
    return draft.state if draft else ReportState(side.name)


# Folders of builds


def _is_build(scope: Scope, word: str) -> bool:
    """Return whether `word` is a folder that holds figures of builds."""
    folder = Path(word)
    mend_around(folder)
    is_folder = os.path.isdir(folder)  # noqa: PTH112 - what may not be looked at is none
    return is_folder and any(figures_in(folder, published=scope.published))


def _between_builds(scope: Scope, old: Path, new: Path, log: Diagnostics) -> ComparisonResult:
    """Return what changed between two folders of builds, by their figures.json."""
    before, after = _figures_by_report(scope, old), _figures_by_report(scope, new)
    if len(before) == len(after) == 1:
        # The only one of each, wherever it stands.
        before = dict(zip(after, before.values(), strict=True))
    names = list(filter(scope.fits_name, {**before, **after}))
    if not names:
        log.add(finding("G117", old=old, new=new))
    result = ComparisonResult()
    for name in names:
        old_state = read_state(before.get(name), str(old), log)
        new_state = read_state(after.get(name), str(new), log)
        result.add(compare(name, old_state, new_state, published=scope.published))
    return result


def _figures_by_report(scope: Scope, folder: Path) -> Mapping[str, Path]:
    paths = figures_in(folder, published=scope.published)
    return {report_named(path, folder): path for path in paths}


# Years: 较上年, by this year's rules where the reports differ


def _is_year(scope: Scope, word: str) -> bool:
    """Return whether `word` is a year that a unit has data of."""
    if not _YEAR.fullmatch(word):
        return False
    files = SourceFiles(scope.root)
    return any(int(word) in years(files, unit) for unit in _units(scope, files))


def _units(scope: Scope, files: SourceFiles) -> list[str]:
    return [unit for unit in units(files) if scope.unit in {None, unit}]


def _between_years(scope: Scope, old: int, new: int, log: Diagnostics) -> ComparisonResult:
    """Return this year against an earlier one, for every report that there is of this year.

    The year just before is as this year's report states it, else worked out by this year's
    rules; what those leave out, and an older year, is taken from the report of that time.
    """
    files = SourceFiles(scope.root)
    year = new or _newest_year(scope, files, old)
    chosen = select(files, scope.unit, year, scope.report, log)
    result = ComparisonResult()
    for report in chosen:
        comparison = _year_compared(scope, files, report, old, log)
        if comparison is not None:
            result.comparisons.append(comparison)
    return result


def _newest_year(scope: Scope, files: SourceFiles, after: int) -> int:
    """Return the newest year with a report that is later than another one, 0 without any."""
    newest = 0
    for unit in _units(scope, files):
        for year in years(files, unit):
            if year > after and reports(files, unit, year):
                newest = max(newest, year)
    return newest


def _year_compared(
    scope: Scope, files: SourceFiles, report: ReportId, year: int, log: Diagnostics
) -> Comparison | None:
    now = state_of(scope.root, report, str(report.year), "internal", log, scope.cache)
    before = _earlier(scope, files, report, year, log)
    if now is None or before is None:
        return None
    state = now.state
    if before.pack != state.pack and year == report.year - 1:
        before = joined(last_year(state, str(year)), before)
    if year == report.year - 1:
        before = as_stated(before, this_year(state), report.year)
    if not before.entries:
        log.add(finding("G117", old=year, new=report))
        return None
    return compare(f"{report.unit}/{report.report}", before, this_year(state), years=True)


def _earlier(
    scope: Scope, files: SourceFiles, report: ReportId, year: int, log: Diagnostics
) -> ReportState | None:
    """Return the report of `year` that answers to this one: of its name, or the only one."""
    name = _name_in(files, report, year)
    if not name:
        return ReportState(str(year))
    earlier = ReportId(report.unit, year, name)
    draft = state_of(scope.root, earlier, str(year), "internal", log, scope.cache)
    return this_year(draft.state) if draft else None


def _name_in(files: SourceFiles, report: ReportId, year: int) -> str:
    if year not in years(files, report.unit):
        return ""
    names = reports(files, report.unit, year)
    if report.report in names:
        return report.report
    return names[0] if len(names) == 1 else ""
