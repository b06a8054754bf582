"""What is compared, and what came of it: the values that comparisons take and give."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from reportgen.features.diff.changes import Comparison
from reportgen.features.diff.state import ReportState, of_ledger, of_rows
from reportgen.findings import Diagnostics, Finding, finding
from reportgen.flow.job import Job
from reportgen.flow.manifests import INSIDE
from reportgen.flow.staged import Draft
from reportgen.flow.steps import draft
from reportgen.model.document import Audience
from reportgen.project.layout import reports, units, years
from reportgen.project.selection import ReportId
from reportgen.project.source_files import SourceFiles


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

    def fits(self, each: ReportId) -> bool:
        """Return whether a report is asked for."""
        asked = (self.unit, self.year, self.report)
        has = (each.unit, each.year, each.report)
        return all(a is None or a == h for a, h in zip(asked, has, strict=True))


@dataclass(frozen=True, slots=True)
class ComparisonResult:
    """The comparisons of the reports that differ, how many do not, and findings.

    `drafts` holds the new public versions by the name of their comparison.
    """

    comparisons: tuple[Comparison, ...] = ()
    same: int = 0
    findings: tuple[Finding, ...] = ()
    drafts: Mapping[str, Draft] = field(default_factory=dict)


FIGURES = ".figures.json"
"""How the files end that hold a build's figures."""
_HOME = re.compile(r"data/([^/._][^/]*)/([0-9]{4})/([^/._][^/]*)/report\.yaml")
LAST_YEARS = 3
"""How many years before its own a report reads."""
SHARED = "shared"
"""The folder of templates that every report may use."""


def every_report(root: Path) -> Iterator[ReportId]:
    """Yield every report of a project, in order."""
    files = SourceFiles(root)
    for unit in units(files):
        for year in years(files, unit):
            yield from (ReportId(unit, year, report) for report in reports(files, unit, year))


def reports_in(paths: Iterable[str]) -> Iterator[ReportId]:
    """Yield the reports whose report.yaml is among the paths of a project."""
    for match in filter(None, map(_HOME.fullmatch, paths)):
        yield ReportId(match[1], int(match[2]), match[3])


def affected(
    every: Iterable[ReportId], paths: Iterable[str], about: Callable[[ReportId], str]
) -> Iterator[ReportId]:
    """Yield the reports that may read one of `paths`: of its years, its unit, its templates.

    `about` gives the text of report.yaml, where the name of a pack stands; it is asked for only
    if a pack changed.
    """
    changed = [path.split("/") for path in paths]
    data = [parts for parts in changed if parts[0] == "data"]
    packs = {parts[1] for parts in changed if parts[0] == "templates"}
    for each in every:
        read = any(_reads(each, parts) for parts in data)
        if read or SHARED in packs or (packs and any(name in about(each) for name in packs)):
            yield each


def _reads(each: ReportId, parts: list[str]) -> bool:
    """Return whether a report reads the data file whose path has these parts."""
    _, unit, *rest = parts
    if unit != each.unit or len(rest) <= 1:
        return unit == each.unit
    year, *inner = rest
    if len(inner) > 1:
        return year == str(each.year) and inner[0] == each.report
    return year.isdecimal() and each.year - LAST_YEARS <= int(year) <= each.year


def state_of(
    root: Path, each: ReportId, name: str, log: Diagnostics, audience: Audience = "internal"
) -> tuple[ReportState, Draft] | None:
    """Return the state of a report and its draft, None with G118 where it cannot be worked out.

    The state of a public version knows all figures, but only its own places are printed. None
    without a finding means that there is no such report.
    """
    files = SourceFiles(root)
    if each.report not in reports(files, each.unit, each.year):
        return None
    job = Job(root, root, each.unit, each.year, each.report, audience)
    problems = Diagnostics()
    report = draft(job, files, problems)
    if not isinstance(report, Draft):
        errors = [f"{p.code} {p.span}" for p in job.graded(problems) if p.severity == "error"]
        detail = "、".join(errors[:3])
        log.add(finding("G118", report=each, state=name or "data/", detail=detail))
        return None
    pack = report.derived.inputs.pack.folder
    return of_ledger(name, pack, report.ledger, report.version.document), report


def figures_in(folder: Path) -> Iterator[Path]:
    """Return the files below a folder that hold figures, in order."""
    return (path for path in sorted(folder.rglob(f"*{FIGURES}")) if path.is_file())


def public_figures_in(folder: Path) -> Iterator[Path]:
    """Return the files of a folder of builds that hold the figures of public versions.

    They stand beside the public folder, which may be `folder` itself.
    """
    beside = folder.parent if folder.name == "public" else folder
    return (path for path in figures_in(beside) if path.parent.name == INSIDE)


def report_named(path: Path, folder: Path) -> str:
    """Return the report that a file of figures is of, as far as its folders tell."""
    base = folder.parent if folder.name == "public" and path.parent.name == INSIDE else folder
    return path.relative_to(base).as_posix().removesuffix(FIGURES)


def read_state(path: Path | None, name: str) -> tuple[ReportState, tuple[Finding, ...]]:
    """Return the state that a figures.json holds, an empty one where there is none."""
    if path is None:
        return ReportState(name), ()
    try:
        rows: list[Mapping[str, object]] = json.loads(path.read_text("utf-8"))
        return of_rows(name, rows), ()
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        detail = f"{type(error).__name__}: {error}"
        return ReportState(name), (finding("G108", path=path, detail=detail),)
