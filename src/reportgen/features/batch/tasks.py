"""Builds or checks one report of many: whatever happens to it is a result, and the others go on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import Literal

from reportgen.findings import Diagnostics, Finding, blocks, finding, in_order
from reportgen.flow.fault import Fault, attempted
from reportgen.flow.job import Job
from reportgen.flow.manifests import of_report
from reportgen.flow.parallel import worker_lost
from reportgen.flow.publish import MANIFEST, FolderChange, publish
from reportgen.model.frozen import frozen
from reportgen.project import history
from reportgen.project.checkouts import CommitSource, checkout, resolve
from reportgen.project.saving import cannot_write
from reportgen.project.source_files import SourceFiles

MOST_NAMES = 3
"""So many files that are not committed are named."""


@frozen
class ReportTask:
    """A report to build or to check; what is up to date is not built again, unless by `force`.

    With a `source` it is that of a commit, which whoever does the task fetches and keeps. `sends`
    asks for the files themselves, which are published by who wanted them. `is_current` says that
    what stands there is known to be up to date.
    """

    job: Job
    force: bool = False
    source: CommitSource | None = None
    sends: bool = False
    is_current: bool = False


@frozen
class ReportResult:
    """What became of a report, with its findings in order of place.

    `files` are the names of those published, `removed` of those of the last build that this one
    did not make; `up_to_date` says that what stood there is what would have been built. `fault` is
    a failure of the program itself; `changes` are yet to be published.
    """

    job: Job
    findings: tuple[Finding, ...] = ()
    files: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    up_to_date: bool = False
    fault: Fault | None = None
    changes: tuple[FolderChange, ...] = ()

    @property
    def name(self) -> str:
        """Return the report with slashes between: `huaihua/2023/department`."""
        return f"{self.job.unit}/{self.job.name}"

    @property
    def failed(self) -> bool:
        """Return whether an error kept it from being done: a draft with blanks is built."""
        return self.fault is not None or (blocks(self.findings) and not self.files)

    @property
    def state(self) -> Literal["done", "up to date", "failed"]:
        """Return what became of it, in a word."""
        if self.failed:
            return "failed"
        return "up to date" if self.up_to_date else "done"


def in_folders(tasks: Iterable[ReportTask]) -> list[ReportTask]:
    """Return tasks for who sees the folders of their projects: nothing is fetched."""
    return [replace(task, source=None) for task in tasks]


def sending(
    tasks: Sequence[ReportTask], repository: str, log: Diagnostics, *, files: bool
) -> list[ReportTask]:
    """Return tasks for who fetches their commit, from a repository or that of the project.

    Their `files` are sent back. The log tells what is not committed (G104), or that there is no
    commit, and then none is left.
    """
    job, source = tasks[0].job, tasks[0].source
    if source is None:
        source = _commit_to_send(job.root, repository, job.cache or Path(), log)
    if source is None:
        return []
    return [replace(task, source=task.source or source, sends=files) for task in tasks]


def _commit_to_send(
    root: Path, repository: str, cache: Path, log: Diagnostics
) -> CommitSource | None:
    """Return the commit that stands at `root`, to be fetched from there or from a repository.

    None where there is none; the log tells files that are changed and not committed (G104).
    """
    at = history.commit(root, history.HEAD, log)
    if at is None:
        return None
    paths = history.changed(root)
    if paths:
        log.add(finding("G104", count=len(paths), paths="、".join(paths[:MOST_NAMES])))
    if not repository:
        return CommitSource(str(root.resolve()), at.id)
    return resolve(repository, at.id, cache, log)


def marked(task: ReportTask) -> ReportTask:
    """Return a task marked where the files that stand here are up to date.

    A look takes a hundredth of a build: who hands tasks over is through with those that need none
    before a worker has started.
    """
    job = task.job
    if task.force or not (job.folder / MANIFEST).is_file():
        return task

    def looked_at() -> bool:
        from reportgen.flow.up_to_date import is_up_to_date  # noqa: PLC0415 - seldom asked for
        from reportgen.write.writers import engines  # noqa: PLC0415 - as above

        return is_up_to_date(job, engines(font_versions=False))

    return replace(task, is_current=attempted(looked_at, _not_known, job.out))


def _not_known(_findings: tuple[Finding, ...], _fault: Fault | None) -> bool:
    """Say of files that nobody could look at that they are not known to be up to date."""
    return False


def is_marked(task: ReportTask) -> bool:
    """Return whether there is nothing to do."""
    return task.is_current


def build_report(task: ReportTask) -> ReportResult:
    """Build a report as `task` says; publish it, or return what is to be published."""
    if task.is_current:
        return ReportResult(task.job, up_to_date=True)
    from reportgen.flow.pipeline import build  # noqa: PLC0415 - heavy, and done in processes

    def built(job: Job) -> ReportResult:
        if task.sends:
            return _built_to_send(job)
        result = build(job, force=task.force)
        names = tuple(result.files)
        return ReportResult(job, result.findings, names, result.removed, result.up_to_date)

    return _result(task, built)


def _built_to_send(job: Job) -> ReportResult:
    """Return a report that was built with all that is to be published of it."""
    from reportgen.flow.pipeline import build  # noqa: PLC0415 - as above

    kept: list[FolderChange] = []

    def keep(_builds: Path, *changes: FolderChange) -> None:
        kept.extend(changes)

    with TemporaryDirectory(prefix="reportgen-") as out:
        result = build(replace(job, out=Path(out)), force=True, publisher=keep)
    return ReportResult(job, result.findings, tuple(result.files), changes=tuple(kept))


def check_report(task: ReportTask) -> ReportResult:
    """Draft a report and return its findings; nothing is written."""
    from reportgen.flow.steps import draft  # noqa: PLC0415 - heavy, and done in processes

    def checked(job: Job) -> ReportResult:
        log = Diagnostics()
        draft(job, SourceFiles(job.root), log)
        return ReportResult(job, job.graded(log))

    return _result(task, checked)


def _result(task: ReportTask, step: Callable[[Job], ReportResult]) -> ReportResult:
    """Return the result of a step, whatever happens in it, for the job as it was asked for."""

    def located() -> ReportResult:
        log = Diagnostics()
        job = _located(task, log)
        return step(job) if job is not None else ReportResult(task.job, tuple(log))

    def failed(findings: tuple[Finding, ...], fault: Fault | None) -> ReportResult:
        return ReportResult(task.job, findings, fault=fault)

    return replace(attempted(located, failed, task.job.out), job=task.job)


def _located(task: ReportTask, log: Diagnostics) -> Job | None:
    """Return the job of a task with its project where it is done; None if that cannot be had."""
    job = task.job
    if task.source is None:
        return job
    cache = job.cache or Path(gettempdir()) / "reportgen"
    past = checkout(task.source, cache, log)
    return None if past is None else replace(job, root=past.folder, origin=past.origin)


def published(result: ReportResult) -> ReportResult:
    """Publish what was sent of a report; return what became of it.

    What a worker published must be seen from here: J112 where it is not.
    """
    job = result.job
    if not result.changes:
        unseen = [name for name in result.files if not (job.folder / name).is_file()]
        if not unseen:
            return result
        return ReportResult(job, (finding("J112", name=result.name, path=job.folder),))
    before = set(of_report(job.folder, job.report).get("outputs", ()))
    removed = tuple(sorted(before.difference(result.files)))
    try:
        publish(job.builds, *result.changes)
    except OSError as error:
        findings = (*result.findings, cannot_write(error, job.builds))
        return ReportResult(job, in_order(findings))
    return replace(result, removed=removed, changes=())


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
