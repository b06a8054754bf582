"""Does what is asked for with many reports, and prints what becomes of each and of all."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import closing, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

import typer

from reportgen.cli.options import Lang, OutputFormat
from reportgen.cli.output import (
    cache_folder,
    print_fault,
    print_findings,
    print_results,
    removals,
    require,
    stop_for,
)
from reportgen.cli.waiting import waited_in_turn
from reportgen.features.batch.tasks import (
    ReportResult,
    ReportTask,
    in_folders,
    in_groups,
    is_marked,
    lost_report,
    marked,
    published,
    sending,
)
from reportgen.findings import Diagnostics, Finding, finding, in_order
from reportgen.findings.excerpt import aligned
from reportgen.findings.renderers import as_json
from reportgen.flow.job import Job
from reportgen.flow.parallel import ParallelRun, Workers, processes
from reportgen.model.frozen import frozen
from reportgen.model.source import NOWHERE
from reportgen.project.checkouts import CommitSource
from reportgen.project.layout import ReportId

_HEADS = {
    "zh": ("报告", "完成", "已是最新", "没有完成", "错误", "警告", "说明", "秒", "每分钟"),
    "en": (
        "reports",
        "done",
        "up to date",
        "failed",
        "errors",
        "warnings",
        "notes",
        "s",
        "a minute",
    ),
}
_LEFT = {"zh": "还没有做", "en": "left"}
_STATES = ("done", "up to date", "failed")
_FAILED = {"zh": "没有完成：{name}  {errors}", "en": "failed: {name}  {errors}"}
_FAULT = {"zh": "程序内部错误", "en": "internal error"}
Chosen = tuple[str | None, int | None, str | None]
"""Unit, year and report that a command is about, None for all."""
_ERRORS_NAMED = 3
"""So many errors of a report are named in the line that says it failed."""


@frozen
class Shown:
    """How results are printed."""

    lang: Lang
    output_format: OutputFormat
    verbose: bool

    @property
    def is_json(self) -> bool:
        """Return whether one list of all findings is printed, and nothing else."""
        return self.output_format is OutputFormat.json


@frozen
class Execution:
    """Where tasks are done: in `jobs` processes, or on the cluster of a scheduler.

    Its workers see the folders of this machine (`shared`), or fetch the commit from a repository,
    that of the project unless another is named, and send files back.
    """

    jobs: int = 0
    scheduler: str = ""
    shared: bool = False
    repository: str = ""

    def place(self, path: Path) -> Path:
        """Return a path as who does a task finds it: the workers of a cluster stand elsewhere."""
        return path.absolute() if self.scheduler else path


@contextmanager
def workers_for(
    execution: Execution, tasks: int, shown: Shown, lost: Diagnostics
) -> Iterator[Workers]:
    """Yield who does so many tasks; exits with 1 and J109 to J111 where a cluster cannot.

    What is done when a cluster is lost stands: J109 is printed in the end, and is in `lost`; so
    is J110 of workers that came later, and did nothing.
    """
    if not execution.scheduler:
        yield processes(execution.jobs, tasks)
        return
    require("cluster", {"lang": shown.lang, "output_format": shown.output_format})
    from reportgen.features.batch.cluster import cluster, cluster_lost  # noqa: PLC0415 - an extra

    log = Diagnostics()
    with cluster(execution.scheduler, log) as workers:
        stop_for(tuple(log), shown.lang, shown.output_format, Path())
        assert workers is not None
        try:
            yield workers
        except CancelledError as error:
            lost.add(cluster_lost(execution.scheduler, error))
    lost.extend(log)
    _print_log(lost, shown)


def tasks_for(
    pattern: Job,
    reports: Sequence[ReportId],
    *,
    force: bool = False,
    source: CommitSource | None = None,
) -> list[ReportTask]:
    """Return a task for each report, to be done as `pattern` says; `source` is their commit."""
    tasks = []
    for report in reports:
        job = replace(pattern, unit=report.unit, year=report.year, report=report.report)
        tasks.append(ReportTask(job, force, source))
    return tasks


def listed_tasks(
    pattern: Job, path: Path, chosen: Chosen, log: Diagnostics, *, force: bool = False
) -> list[ReportTask]:
    """Return a task for each report of the repositories that a file lists, those `chosen` alone.

    The log tells what cannot be had; the others are done.
    """
    from reportgen.features.batch.repositories import fetched, read_repositories  # noqa: PLC0415

    tasks: list[ReportTask] = []
    for repository in fetched(read_repositories(path, log), pattern.cache or Path(), log):
        state = repository.state
        job = replace(pattern, root=state.folder, origin=state.origin)
        reports = [report for report in repository.reports if _is_chosen(report, chosen)]
        tasks += tasks_for(job, reports, force=force, source=repository.source)
    if not tasks and not log.blocked:
        listed = "、".join(str(each) for each in chosen if each is not None) or str(path)
        log.add(finding("J105", chosen=listed, known="—"))
    return tasks


def _is_chosen(report: ReportId, chosen: Chosen) -> bool:
    own = (report.unit, report.year, report.report)
    return all(asked in {None, part} for asked, part in zip(chosen, own, strict=True))


def run_tasks(
    function: Callable[[ReportTask], ReportResult],
    tasks: Sequence[ReportTask],
    execution: Execution,
    shown: Shown,
    log: Diagnostics,
    *,
    building: bool = True,
) -> None:
    """Do all tasks; exits with 1 where one or the `log` before them failed, 2 where the program.

    What stands in the log is printed first.
    """
    tasks = _located(tasks, execution, log, building=building)
    tally, lost = _Tally(len(tasks), shown, log), Diagnostics()
    _print_log(log, shown)
    names = [f"{task.job.unit}/{task.job.name}" for task in tasks] or [""]
    try:
        with workers_for(execution, len(tasks), shown, lost) as workers:
            run = ParallelRun(partial(_timed, function), _lost, workers, is_marked)
            looked_at = map(marked, tasks) if building and workers.start else tasks
            with closing(run.results(in_groups(looked_at))) as results:
                for result, seconds in waited_in_turn(results, names):
                    tally.add(_ended(result, seconds, shown, building=building))
    except KeyboardInterrupt:
        tally.print_table()
        raise
    tally.finish(lost)


def _ended(result: ReportResult, seconds: float, shown: Shown, *, building: bool) -> ReportResult:
    """Print what became of a report; of a build, when its files are published, and where they are.

    Returns it as it stands then.
    """
    if not building:
        _print_result(result, shown, result.name)
        return result
    done = published(result)
    _print_result(done, shown, f"{done.name}  {seconds:.2f} s")
    print_results(done, shown.lang, shown.output_format)
    return done


def _print_log(log: Diagnostics, shown: Shown) -> None:
    """Print what was found before any report was looked at, if anything was."""
    if tuple(log):
        print_findings(log, shown.lang, shown.output_format, Path(), verbose=True, title="")


def _located(
    tasks: Sequence[ReportTask], execution: Execution, log: Diagnostics, *, building: bool
) -> list[ReportTask]:
    """Return tasks as they can be done where they are: here each has its project as a folder.

    The workers of a cluster fetch the commit; the log tells files that are not committed (G104),
    or that there is no commit, and then none is left.
    """
    if execution.scheduler and tasks:
        if execution.shared:
            return [_placed(task, execution) for task in in_folders(tasks)]
        return sending(tasks, execution.repository, log, files=building)
    return in_folders(tasks)


def _placed(task: ReportTask, execution: Execution) -> ReportTask:
    """Return a task whose folders its worker finds."""
    job = task.job
    placed = replace(job, root=execution.place(job.root), out=execution.place(job.out))
    return replace(task, job=placed)


def _timed(
    function: Callable[[ReportTask], ReportResult], task: ReportTask
) -> tuple[ReportResult, float]:
    """Return what became of a report, and how many seconds it took."""
    started = time.perf_counter()
    here = replace(task, job=replace(task.job, cache=cache_folder()))  # not that of who asks
    result = function(here)
    return result, time.perf_counter() - started


def _lost(task: ReportTask, error: Exception) -> tuple[ReportResult, float]:
    return lost_report(task, error), 0.0


def _print_result(result: ReportResult, shown: Shown, title: str) -> None:
    """Print the findings of a report under a title, or the fault that ended it."""
    if result.fault is not None:
        print_fault(result.fault)
    elif not result.up_to_date:
        root, verbose = result.job.root, shown.verbose
        findings, language = result.findings, shown.lang
        print_findings(findings, language, shown.output_format, root, verbose=verbose, title=title)
    elif not shown.is_json:
        print(title)


class _Tally:
    """Counts what became of reports; memory does not grow with those that are done."""

    def __init__(self, total: int, shown: Shown, log: Diagnostics) -> None:
        self.total = total
        self.shown = shown
        self.started = time.perf_counter()
        self.counts = Counter[str]()
        self.failures: list[str] = []
        self.findings: list[Finding] = []
        self.code = 0
        self._count(log)

    def _count(self, log: Diagnostics) -> None:
        """Count what was found of no report, which an error keeps from being all right."""
        self.findings += log
        for each in log:
            self.counts[each.severity] += 1
            if each.severity == "error":
                self.code = max(self.code, 1)
                if each.span != NOWHERE:  # of a repository, say, all whose reports are missing
                    self._add_failure(str(each.span), each.code)

    def _add_failure(self, name: str, errors: str) -> None:
        words = _FAILED[self.shown.lang.value]
        self.failures.append(words.format(name=name, errors=errors))

    def add(self, result: ReportResult) -> None:
        """Count a report and its findings, which are kept where they are asked for."""
        if self.shown.is_json:
            self.findings += [*result.findings, *removals(result)]
        for each in result.findings:
            self.counts[each.severity] += 1
        self.counts[result.state] += 1
        if result.failed:
            self.code = max(self.code, 1 if result.fault is None else 2)
            self._add_failure(result.name, "；".join(self._errors(result)))

    def _errors(self, result: ReportResult) -> Iterator[str]:
        """Yield the first errors of a report: code and execution."""
        if result.fault is not None:
            yield f"{_FAULT[self.shown.lang.value]} {result.fault.what}"
        errors = [each for each in result.findings if each.severity == "error"]
        for error in errors[:_ERRORS_NAMED]:
            yield error.brief
        if len(errors) > _ERRORS_NAMED:
            yield f"… +{len(errors) - _ERRORS_NAMED}"

    def finish(self, lost: Diagnostics) -> None:
        """Print what became of all, and what was `lost`; exits with 1 or 2 where any failed."""
        self._count(lost)
        self.print_table()
        if self.shown.is_json:
            print(as_json(in_order(self.findings), self.shown.lang.value))
        if self.code:
            raise typer.Exit(self.code)

    def print_table(self) -> None:
        """Print a line for each report that failed, and the table of all, of many at least."""
        if self.total > 1 and self.shown.output_format in {OutputFormat.full, OutputFormat.concise}:
            print("\n".join(self._lines()))

    def _lines(self) -> Iterator[str]:
        seconds = time.perf_counter() - self.started
        states = [self.counts[state] for state in _STATES]
        severities = [self.counts[severity] for severity in ("error", "warning", "note")]
        numbers = [self.total, *states, *severities]
        rate = 60 * sum(states) / seconds
        row = [*map(str, numbers), f"{seconds:.1f}", f"{rate:.0f}"]
        heads = list(_HEADS[self.shown.lang.value])
        if self.total > sum(states):
            behind_states = 1 + len(states)
            heads.insert(behind_states, _LEFT[self.shown.lang.value])
            row.insert(behind_states, str(self.total - sum(states)))
        yield from self.failures
        yield from aligned([heads, row])
