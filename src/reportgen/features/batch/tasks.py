"""Builds or checks one report of many: whatever happens to it is a result, and the others go on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import Any, Literal

from reportgen.findings import Diagnostics, Finding, blocks
from reportgen.flow.fault import Fault
from reportgen.flow.job import Job
from reportgen.flow.parallel import worker_lost
from reportgen.model.frozen import frozen
from reportgen.project.saving import cannot_write
from reportgen.project.source_files import SourceFiles


@frozen
class ReportTask:
    """A report to build; what is up to date is not built again, unless by `force`."""

    job: Job
    force: bool = False


@frozen
class ReportResult:
    """What became of a report, with its findings in order of place.

    `files` are the names of those published, `removed` of those of the last build that this one
    did not make; `up_to_date` says that what stood there is what would have been built. `fault` is
    a failure of the program itself.
    """

    job: Job
    findings: tuple[Finding, ...] = ()
    files: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    up_to_date: bool = False
    fault: Fault | None = None

    @property
    def name(self) -> str:
        """Return the report with slashes between: `huaihua/2023/department`."""
        return f"{self.job.unit}/{self.job.name}"

    @property
    def failed(self) -> bool:
        """Return whether an error kept it from being done."""
        return self.fault is not None or blocks(self.findings)

    @property
    def state(self) -> Literal["done", "up to date", "failed"]:
        """Return what became of it, in a word."""
        if self.failed:
            return "failed"
        return "up to date" if self.up_to_date else "done"


def build_report(task: ReportTask) -> ReportResult:
    """Build a report as `task` says and publish it."""
    from reportgen.flow.pipeline import build  # noqa: PLC0415 - heavy, and done in processes

    def step() -> dict[str, Any]:
        result = build(task.job, force=task.force)
        return {
            "findings": result.findings,
            "files": tuple(result.files),
            "removed": result.removed,
            "up_to_date": result.up_to_date,
        }

    return _result(task.job, step)


def check_report(task: ReportTask) -> ReportResult:
    """Draft a report and return its findings; nothing is written."""
    from reportgen.flow.steps import draft  # noqa: PLC0415 - heavy, and done in processes

    def step() -> dict[str, Any]:
        log = Diagnostics()
        draft(task.job, SourceFiles(task.job.root), log)
        return {"findings": task.job.graded(log)}

    return _result(task.job, step)


def _result(job: Job, step: Callable[[], dict[str, Any]]) -> ReportResult:
    """Return the result of a step, whatever happens in it."""
    try:
        outcome = step()
    except OSError as error:
        outcome = {"findings": (cannot_write(error, job.out),)}
    except Exception as error:  # noqa: BLE001 - the other reports go on, and this one is told
        outcome = {"fault": Fault.of(error)}
    return ReportResult(job, **outcome)


def lost_report(task: ReportTask, error: Exception) -> ReportResult:
    """Return what is said of a report whose worker died (J108)."""
    name = f"{task.job.unit}/{task.job.name}"
    return ReportResult(task.job, (worker_lost(name, error),))


def in_groups(tasks: Iterable[ReportTask]) -> Iterator[tuple[ReportTask, ...]]:
    """Yield tasks as they are handed to workers: alone, or those of a unit that share their work.

    What is for others than those inside is held to all reports of its unit, which a worker
    composes once.
    """
    for _, group in groupby(tasks, _shared):
        yield tuple(group)


def _shared(task: ReportTask) -> object:
    job = task.job
    if job.audience == "internal":
        return job.unit, job.name
    return job.root, job.unit
