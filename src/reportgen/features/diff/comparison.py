"""What changed between two years, two commits, a commit and the files, or two builds, in figures.

Only reports whose inputs differ are worked out.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from reportgen.features.diff.changes import Comparison, compare
from reportgen.features.diff.state import ReportState
from reportgen.features.diff.states import (
    ComparisonResult,
    Scope,
    affected,
    every_report,
    figures_in,
    public_figures_in,
    read_state,
    report_named,
    reports_in,
    state_of,
)
from reportgen.features.diff.yearly import YEAR, between_years, is_year
from reportgen.findings import Diagnostics, Finding, finding
from reportgen.flow.staged import Draft
from reportgen.project import history
from reportgen.project.history import Commit, GitError
from reportgen.project.selection import ReportId
from reportgen.project.source_files import SourceFiles


def differ(scope: Scope, old: str, new: str | None) -> ComparisonResult:
    """Return what changed from `old` to `new`, each a year, a folder of builds or a revision.

    Without `new`: from a revision to the files as they stand, from a year to the newest one.
    """
    years_asked = is_year(scope, old) and (new is None or YEAR.fullmatch(new))
    if years_asked and not scope.published:
        return between_years(scope, int(old), None if new is None else int(new))
    if new is not None and is_build(scope, old) and is_build(scope, new):
        return between_builds(scope, Path(old), Path(new))
    return between_states(scope, old, new)


def is_build(scope: Scope, word: str) -> bool:
    """Return whether `word` is a folder that holds figures of builds."""
    return Path(word).is_dir() and any(_listed(scope, Path(word)))


def _listed(scope: Scope, folder: Path) -> Iterator[Path]:
    return public_figures_in(folder) if scope.published else figures_in(folder)


# Commits and the files as they stand


def between_states(scope: Scope, old: str, new: str | None) -> ComparisonResult:
    """Return what changed between two commits, or from one to the files as they stand."""
    root = scope.root
    before, found = history.commit(root, old)
    after, bad = history.commit(root, new) if new is not None else (None, ())
    if before is None or found or bad:
        return ComparisonResult(findings=(*found, *bad))
    try:
        paths = history.differing(root, before.id, after.id if after else None)
        now = reports_in(history.paths(root, after)) if after else every_report(root)
        every = dict.fromkeys((*reports_in(history.paths(root, before)), *now))
    except GitError as error:
        return ComparisonResult(findings=(finding("G102", root=root, detail=error.detail),))
    asked = [each for each in every if scope.fits(each)]
    if not asked:
        return ComparisonResult(findings=(finding("G117", old=old, new=new or "data/"),))
    changed = {f"data/{path.split('/')[1]}" for path in paths if path.startswith("data/")}
    whole = any(path.startswith("templates/") for path in paths)
    under = history.PROJECT if whole else (*changed, "templates")
    if not paths:
        return ComparisonResult(same=len(asked))
    with ExitStack() as stack:
        sides = []
        for at, name in ((before, old), (after, new or "")):
            if at is None:
                sides.append((root, ""))
                continue
            past, found = stack.enter_context(history.state(root, at.id, under))
            if past is None:
                return ComparisonResult(findings=found)
            sides.append((past.folder, _called(name, at)))
        return _between(scope, asked, sides, paths)


def _called(word: str, commit: Commit) -> str:
    """Return what a state is called: as it was asked for, and its commit."""
    return commit.short if commit.id.startswith(word) else f"{word} {commit.short}"


def _between(
    scope: Scope, asked: list[ReportId], sides: list[tuple[Path, str]], paths: tuple[str, ...]
) -> ComparisonResult:
    (old_root, old_name), (new_root, new_name) = sides
    comparisons: list[Comparison] = []
    findings: list[Finding] = []
    drafts: dict[str, Draft] = {}
    concerned = tuple(affected(asked, paths, lambda each: _about(each, sides)))
    same = len(asked) - len(concerned)
    for each in concerned:
        log = Diagnostics()
        before = state_of(old_root, each, old_name, log, scope.audience)
        after = state_of(new_root, each, new_name, log, scope.audience)
        findings += log
        if log:
            continue
        states = (
            before[0] if before else ReportState(old_name),
            after[0] if after else ReportState(new_name),
        )
        comparison = compare(str(each), *states, published=scope.published)
        same += not (comparison.changes or comparison.lines)
        if comparison.changes or comparison.lines:
            comparisons.append(comparison)
            drafts |= {str(each): after[1]} if after else {}
    return ComparisonResult(tuple(comparisons), same, tuple(findings), drafts)


def _about(each: ReportId, sides: list[tuple[Path, str]]) -> str:
    """Return the text of report.yaml on both sides, empty where there is none."""
    path = f"data/{each.unit}/{each.year}/{each.report}/report.yaml"
    return "".join(SourceFiles(root).shown(path) or "" for root, _ in sides)


# Folders of builds


def between_builds(scope: Scope, old: Path, new: Path) -> ComparisonResult:
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
    return ComparisonResult(kept, len(comparisons) - len(kept), tuple(findings))


def _asked(scope: Scope, name: str) -> bool:
    parts = name.split("/")
    asked = (scope.unit, scope.report, str(scope.year) if scope.year else None)
    return all(each is None or each in parts for each in asked)
