"""Where states come from: drafts of a project, and figures.json of builds; which to compare."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from reportgen.features.diff.state import ReportState, kept_lines, of_ledger, of_rows
from reportgen.findings import Diagnostics, finding
from reportgen.flow.job import Job
from reportgen.flow.manifests import INSIDE
from reportgen.flow.steps import readable_version
from reportgen.model.disclosed import Disclosed
from reportgen.model.document import Audience, Document
from reportgen.model.frozen import frozen
from reportgen.project.foreign_files import read_json, reason
from reportgen.project.layout import ReportId, reports
from reportgen.project.source_files import SourceFiles

FIGURES = ".figures.json"
"""How the files end that hold a build's figures."""
LAST_YEARS = 3
"""How many years before its own a report reads."""
SHARED = "shared"
"""The folder of templates that every report may use."""
MOST_ERRORS = 3
"""How many errors are named of a report that cannot be worked out."""
_REPORT_YAML = re.compile(r"data/([^/._][^/]*)/([0-9]{4})/([^/._][^/]*)/report\.yaml")


@frozen
class Scope:
    """Which reports to compare: the project and what was asked for, None standing for all.

    With `published` their public versions, of which only what is printed counts. `cache` is where
    compiled templates are kept, if anywhere.
    """

    root: Path
    unit: str | None = None
    year: int | None = None
    report: str | None = None
    published: bool = False
    cache: Path | None = None

    @property
    def audience(self) -> Audience:
        """Return whose versions are compared."""
        return "public" if self.published else "internal"

    def fits(self, report: ReportId) -> bool:
        """Return whether a report is asked for."""
        return (
            self.unit in {None, report.unit}
            and self.year in {None, report.year}
            and self.report in {None, report.report}
        )

    def fits_name(self, name: str) -> bool:
        """Return whether a report of a build is asked for, as far as its name in folders says."""
        parts = {None, *name.split("/")}
        year = str(self.year) if self.year else None
        return {self.unit, self.report, year} <= parts


# Reports of a project


def reports_in(paths: Iterable[str]) -> Iterator[ReportId]:
    """Yield the reports whose report.yaml is among the paths of a project."""
    for path in paths:
        match = _REPORT_YAML.fullmatch(path)
        if match:
            yield ReportId(match[1], int(match[2]), match[3])


def affected(
    every: Iterable[ReportId], paths: Iterable[str], text_of: Callable[[ReportId], str]
) -> Iterator[ReportId]:
    """Yield the reports that may read one of `paths`: of its years, its unit, its templates.

    `text_of` gives the text of report.yaml, where the name of a pack stands; it is asked for
    only if a pack changed.
    """
    changed = list(paths)
    data_paths = [path for path in changed if path.startswith("data/")]
    packs = {path.split("/")[1] for path in changed if path.startswith("templates/")}
    for report in every:
        if _reads_any(report, data_paths) or _may_use(report, packs, text_of):
            yield report


def _may_use(report: ReportId, packs: Collection[str], text_of: Callable[[ReportId], str]) -> bool:
    """Return whether a report may be made with one of `packs`."""
    if SHARED in packs:
        return True
    text = text_of(report) if packs else ""
    return any(pack in text for pack in packs)


def _reads_any(report: ReportId, data_paths: Iterable[str]) -> bool:
    return any(_reads(report, path) for path in data_paths)


def _reads(report: ReportId, path: str) -> bool:
    """Return whether a report reads a data file: of its unit, of its years, or its own."""
    _, unit, *rest = path.split("/")
    if unit != report.unit:
        return False
    if len(rest) <= 1:
        return True
    year, *below = rest
    if len(below) > 1:
        return year == str(report.year) and below[0] == report.report
    return year.isdecimal() and report.year - LAST_YEARS <= int(year) <= report.year


# States of reports as the files have them


@frozen
class ReportDraft:
    """A report as it was drafted: its state, and what a correction of it is made from."""

    state: ReportState
    pack: str
    document: Document
    disclosed: Disclosed


def state_of(
    root: Path,
    report: ReportId,
    name: str,
    audience: Audience,
    log: Diagnostics,
    cache: Path | None = None,
) -> ReportDraft | None:
    """Return the state of a report with its draft, None with G118 where it cannot be worked out.

    The state of a public version knows all figures, but only its own places are printed. None
    without a finding means that there is no such report. `cache` keeps compiled templates.
    """
    files = SourceFiles(root)
    if report.report not in reports(files, report.unit, report.year):
        return None
    job = Job(root, root, report.unit, report.year, report.report, audience, cache=cache)
    problems = Diagnostics()
    version = readable_version(job, files, problems)
    if version is None:
        errors = [p.brief for p in job.graded(problems) if p.severity == "error"]
        detail = "、".join(errors[:MOST_ERRORS])
        log.add(finding("G118", report=report, state=name or "data/", detail=detail))
        return None
    pack = version.derived.inputs.pack.folder
    told = tuple(each for each in job.graded(problems) if each.severity != "note")
    kept = tuple(kept_lines(version.derived.inputs.policy))
    state = of_ledger(name, pack, version.derived.ledger, version.document)
    state = replace(state, findings=told, kept=kept)
    return ReportDraft(state, pack, version.document, version.disclosed)


# States of reports as builds have them


def figures_in(folder: Path, *, published: bool) -> Iterator[Path]:
    """Yield the files below a folder of builds that hold figures, in order.

    Those of `published` versions stand beside the public folder, which may be `folder` itself.
    What is just being published is hidden and left out.
    """
    base = _base(folder, published=published)
    for path in sorted(base.rglob(f"*{FIGURES}")):
        hidden = any(part.startswith(".") for part in path.relative_to(base).parts)
        if path.is_file() and not hidden and (not published or path.parent.name == INSIDE):
            yield path


def _base(folder: Path, *, published: bool) -> Path:
    return folder.parent if published and folder.name == "public" else folder


def report_named(path: Path, folder: Path) -> str:
    """Return the report that a file of figures is of, as far as its folders tell."""
    base = _base(folder, published=path.parent.name == INSIDE)
    return path.relative_to(base).as_posix().removesuffix(FIGURES)


def read_state(path: Path | None, name: str, log: Diagnostics) -> ReportState:
    """Return the state that a figures.json holds, an empty one where there is none, or G108."""
    if path is None:
        return ReportState(name)
    try:
        return of_rows(name, read_json(path))
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        log.add(finding("G108", path=path, **reason(error)))
        return ReportState(name)
