"""Does what is asked for with many reports, and prints what becomes of each and of all."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial

import typer

from reportgen.cli.options import Lang, OutputFormat
from reportgen.cli.output import (
    print_fault,
    print_findings,
    print_results,
)
from reportgen.cli.waiting import waited_in_turn
from reportgen.features.batch.tasks import ReportResult, ReportTask, in_groups, lost_report
from reportgen.findings import Finding, in_order
from reportgen.findings.excerpt import aligned
from reportgen.findings.renderers import as_json
from reportgen.flow.job import Job
from reportgen.flow.parallel import ParallelRun, processes
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
_FAILED = {"zh": "没有完成：{name}  {errors}", "en": "failed: {name}  {errors}"}
_FAULT = {"zh": "程序内部错误", "en": "internal error"}
_ERRORS_NAMED = 3
"""So many errors of a report are named in the line that says it failed."""


def tasks_for(
    pattern: Job, reports: Sequence[ReportId], *, force: bool = False
) -> list[ReportTask]:
    """Return a task for each report, to be done as `pattern` says."""
    tasks = []
    for report in reports:
        job = replace(pattern, unit=report.unit, year=report.year, report=report.report)
        tasks.append(ReportTask(job, force))
    return tasks


def run_tasks(
    function: Callable[[ReportTask], ReportResult],
    tasks: Sequence[ReportTask],
    jobs: int,
    lang: Lang,
    output_format: OutputFormat,
    *,
    verbose: bool,
    building: bool = True,
) -> None:
    """Do all tasks; exits with 1 where a report failed, with 2 where the program did."""
    workers = processes(jobs, len(tasks))
    run = ParallelRun(partial(_timed, function), _lost, workers)
    tally = _Tally(lang)
    findings: list[Finding] = []
    names = [f"{task.job.unit}/{task.job.name}" for task in tasks]
    for result, seconds in waited_in_turn(run.results(in_groups(tasks)), names):
        title = f"{result.name}  {seconds:.2f} s" if building else result.name
        _print_result(result, lang, output_format, verbose=verbose, title=title)
        if building:
            print_results(result, lang, output_format)
        tally.add(result)
        if output_format is OutputFormat.json:
            findings += result.findings
    if len(tasks) > 1 and output_format in {OutputFormat.full, OutputFormat.concise}:
        print("\n".join(tally.lines()))
    if output_format is OutputFormat.json:
        print(as_json(in_order(findings), lang.value))
    if tally.code:
        raise typer.Exit(tally.code)


def _timed(
    function: Callable[[ReportTask], ReportResult], task: ReportTask
) -> tuple[ReportResult, float]:
    """Return what became of a report, and how many seconds it took."""
    started = time.perf_counter()
    result = function(task)
    return result, time.perf_counter() - started


def _lost(task: ReportTask, error: Exception) -> tuple[ReportResult, float]:
    return lost_report(task, error), 0.0


def _print_result(
    result: ReportResult, lang: Lang, output_format: OutputFormat, *, verbose: bool, title: str
) -> None:
    """Print the findings of a report under a title, or the fault that ended it."""
    if result.fault is not None:
        print_fault(result.fault)
    elif not result.up_to_date:
        root = result.job.root
        print_findings(result.findings, lang, output_format, root, verbose=verbose, title=title)
    elif output_format is not OutputFormat.json:
        print(title)


class _Tally:
    """Counts what became of reports; memory does not grow with those that are done."""

    def __init__(self, lang: Lang) -> None:
        self.lang = lang
        self.started = time.perf_counter()
        self.counts: Counter[str] = Counter()
        self.failures: list[str] = []
        self.code = 0

    def add(self, result: ReportResult) -> None:
        """Count a report and its findings."""
        for each in result.findings:
            self.counts[each.severity] += 1
        self.counts[result.state] += 1
        if result.failed:
            self.code = max(self.code, 1 if result.fault is None else 2)
            errors = "；".join(self._errors(result))
            self.failures.append(_FAILED[self.lang.value].format(name=result.name, errors=errors))

    def _errors(self, result: ReportResult) -> Iterator[str]:
        """Yield the first errors of a report: code and place."""
        if result.fault is not None:
            yield f"{_FAULT[self.lang.value]} {result.fault.what}"
        errors = [each for each in result.findings if each.severity == "error"]
        for error in errors[:_ERRORS_NAMED]:
            yield f"{error.code} {error.span}"
        if len(errors) > _ERRORS_NAMED:
            yield f"… +{len(errors) - _ERRORS_NAMED}"

    def lines(self) -> list[str]:
        """Return a line for each report that failed, and the table of all."""
        seconds = time.perf_counter() - self.started
        states = [self.counts[state] for state in ("done", "up to date", "failed")]
        severities = [self.counts[severity] for severity in ("error", "warning", "note")]
        numbers = [sum(states), *states, *severities]
        rate = 60 * sum(states) / seconds
        row = (*map(str, numbers), f"{seconds:.1f}", f"{rate:.0f}")
        return [*self.failures, *aligned([_HEADS[self.lang.value], row])]
