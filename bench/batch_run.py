"""One run over many reports: `python -m bench.batch_run KIND WORKERS PROJECT OUT WARM COUNT MORE`.

KIND is `processes` or `dask`. So many workers have so many processors, with all that hands them
their work. After WARM reports it times COUNT; MORE follow, for the memory alone. Prints a `Run` as
JSON.
"""

from __future__ import annotations

import json
import logging
import os
import resource
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import count, islice
from pathlib import Path
from time import perf_counter, process_time
from typing import Any, NamedTuple

from reportgen.features.batch.tasks import (
    ReportTask,
    build_report,
    in_folders,
    in_groups,
    published,
    sending,
)
from reportgen.findings import Diagnostics
from reportgen.flow.job import Job
from reportgen.flow.parallel import ParallelRun, Workers, processes
from reportgen.project.layout import every_report
from reportgen.project.source_files import SourceFiles

NOTHINGS = 400
"""How many tasks that do nothing show what it costs to hand one over."""


class Step(NamedTuple):
    """What a worker says of a report: its process, seconds of processors so far, its memory."""

    result: Any
    process: int
    work: float
    resident: int


class Run(NamedTuple):
    """What a run over reports came to.

    `wall` and `cpu` are the seconds of the timed reports: of the clock, and of the processors by
    all workers and by who hands out the work. `memory` are the bytes of the first worker, after
    each report that it did. `handed_over` is the seconds that a task takes which does nothing,
    `published` those in which who hands out the work puts the files of a report in their place.
    """

    reports: int
    wall: float
    cpu: float
    memory: list[int]
    handed_over: float
    published: float
    bytes: int


def build_step(task: ReportTask) -> Step:
    """Build a report; say what that has cost this process so far."""
    result = build_report(task)
    used = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    work = sum(each.ru_utime + each.ru_stime for each in used)
    return Step(result, os.getpid(), work, _resident())


def _resident() -> int:
    """Return the bytes of memory that this process has now."""
    try:
        pages = Path("/proc/self/statm").read_text("ascii").split()[1]
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


def nothing(number: int) -> int:
    """Return what is given."""
    return number


@contextmanager
def workers_of(kind: str, number: int) -> Iterator[Workers]:
    """Yield so many workers: processes, or those of a Dask cluster started here."""
    if kind == "processes":
        yield processes(number, number)
        return
    import dask  # noqa: PLC0415 - the other kind needs none
    from distributed import LocalCluster  # noqa: PLC0415

    from reportgen.features.batch.cluster import cluster  # noqa: PLC0415

    options = {"threads_per_worker": 1, "dashboard_address": None, "scheduler_port": 0}
    with (
        dask.config.set({"distributed.worker.daemon": False}),
        LocalCluster(n_workers=number, silence_logs=logging.CRITICAL, **options) as made,  # type: ignore[no-untyped-call]
        cluster(made.scheduler_address, Diagnostics()) as workers,
    ):
        assert workers is not None
        yield workers


def tasks_of(kind: str, project: Path, out: Path, cache: Path) -> list[ReportTask]:
    """Return a task for each report of a project, as the command hands them to such workers."""
    tasks = []
    for report in every_report(SourceFiles(project)):
        job = Job(project, out, report.unit, report.year, report.report, cache=cache)
        tasks.append(ReportTask(job, force=True))
    if kind == "processes":
        return in_folders(tasks)
    return sending(tasks, "", Diagnostics(), files=True)


class Timed:
    """Steps as they come: what they cost after the first few, and what they left."""

    def __init__(self) -> None:
        self.before: dict[int, float] = {}
        self.work: dict[int, float] = {}
        self.memory: dict[int, list[int]] = {}
        self.bytes = 0
        self.publishing = 0.0

    def add(self, step: Step) -> None:
        """Publish what a worker sent, and keep what it says of itself."""
        started = perf_counter()
        done = published(step.result)
        self.publishing += perf_counter() - started
        if done.failed:
            raise RuntimeError(f"{done.name}: {done.findings}")
        for name in done.files:
            self.bytes += (done.job.folder / name).stat().st_size
        self.before.setdefault(step.process, step.work)
        self.work[step.process] = step.work
        self.memory.setdefault(step.process, []).append(step.resident)

    def begin(self) -> tuple[float, float]:
        """Return the time, and the seconds of processors used; what came before does not count."""
        self.before = dict(self.work)
        return perf_counter(), process_time()

    def cpu(self) -> float:
        """Return the seconds of processors that workers in other processes have used since."""
        own = os.getpid()
        used = [self.work[each] - self.before[each] for each in self.work if each != own]
        return sum(used)


def run(kind: str, number: int, tasks: list[ReportTask], warm: int, timed: int) -> Run:
    """Do all tasks, and time some of them after the first few."""
    found = Timed()
    with workers_of(kind, number) as workers:
        results = ParallelRun(build_step, _lost, workers).results(in_groups(tasks))
        for step in islice(results, warm):
            found.add(step)
        started, used = found.begin()
        children = resource.getrusage(resource.RUSAGE_CHILDREN)
        for step in islice(results, timed):
            found.add(step)
        wall, cpu = perf_counter() - started, process_time() - used + found.cpu()
        ended = resource.getrusage(resource.RUSAGE_CHILDREN)
        if workers.start is None:  # the programs that a build runs are those of this process
            cpu += ended.ru_utime + ended.ru_stime - children.ru_utime - children.ru_stime
        for step in results:
            found.add(step)
        handed_over = _handed_over(workers)
    memory = next(iter(found.memory.values()))
    publishing, size = found.publishing / len(tasks), found.bytes // len(tasks)
    return Run(timed, wall, cpu, memory, handed_over, publishing, size)


def _lost(task: ReportTask, error: Exception) -> Step:
    raise RuntimeError(f"{task.job.name}: {error}")


def _handed_over(workers: Workers) -> float:
    """Return the seconds that a task takes which does nothing, once workers are there."""
    if workers.start is None:
        return 0.0
    numbers = ((number,) for number in count())
    results = ParallelRun(nothing, lambda *_: -1, workers).results(numbers)
    for _ in islice(results, NOTHINGS // 4):
        pass
    started = perf_counter()
    for _ in islice(results, NOTHINGS):
        pass
    seconds = (perf_counter() - started) / NOTHINGS
    results.close()  # type: ignore[attr-defined]
    return seconds


def main(words: list[str]) -> None:
    """Run and print."""
    kind, number, project, out, *counts = words
    warm, timed, more = map(int, counts)
    if hasattr(os, "sched_setaffinity"):
        able = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, able[: int(number)])
    with tempfile.TemporaryDirectory(prefix="bench-cache-") as cache:
        tasks = tasks_of(kind, Path(project), Path(out), Path(cache))
        some = [replace(task) for task in tasks[: warm + timed + more]]
        found = run(kind, int(number), some, warm, timed)
    json.dump(found._asdict(), sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1:])
