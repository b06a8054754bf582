"""Drafts reports for the preview; a session keeps the state of each, who follows it, what is stale.

All of it happens in one event loop; only the drafting itself runs in a thread, one at a time.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from reportgen.check.facts import Confirmed, confirmed_facts
from reportgen.findings import Diagnostics, Finding, finding
from reportgen.flow.job import Job
from reportgen.flow.open_tasks import OpenTask, open_tasks
from reportgen.flow.pipeline import verify_files, write_files
from reportgen.flow.staged import Draft, Written
from reportgen.flow.steps import draft
from reportgen.model.document import Audience
from reportgen.model.figures import Ledger
from reportgen.model.frozen import frozen
from reportgen.project.layout import ReportId, select
from reportgen.project.source_files import SourceFiles


@frozen
class PreviewRequest:
    """A report as one audience sees it."""

    unit: str
    year: int
    report: str
    audience: Audience = "internal"

    @property
    def path(self) -> str:
        """Return the path of its page."""
        return f"/{self.unit}/{self.year}/{self.report}"


@frozen
class GoodPage:
    """A page that came out whole, with the figures it prints and the time of day it was made."""

    page: bytes
    ledger: Ledger
    name: str
    owner: str
    time: str


@frozen
class PreviewState:
    """What there is to show: the findings of the last draft, and the last good page.

    `broken` says that the last draft gave no page at all, so that the good one is an older one.
    `confirmed` says which facts are, None where nobody confirms any, or no reader is to know;
    `tasks` what is still to be done.
    """

    findings: tuple[Finding, ...]
    good: GoodPage | None
    broken: bool
    pack: str = ""
    confirmed: Confirmed | None = None
    tasks: tuple[OpenTask, ...] = ()

    @property
    def version(self) -> str:
        """Return a word that changes when what is shown does, and with nothing else."""
        page = self.good.page if self.good else b""
        findings = repr((self.findings, self.broken, self.confirmed, self.tasks)).encode(
            "utf-8", "backslashreplace"
        )
        return hashlib.sha256(page + findings).hexdigest()[:16]


def draft_page(
    root: Path, request: PreviewRequest, before: PreviewState | None, time: str
) -> PreviewState:
    """Return what to show of a report now; where it does not come out, the page from `before`.

    A fault of the program is a finding (J106): the server lives on.
    """
    job = _job(root, request, "html")
    log = Diagnostics()
    written = _guarded(job, log)
    findings = job.graded(log)
    last_good = before.good if before else None
    if written is None or "html" not in written.files:
        pack = before.pack if before else ""
        return PreviewState(findings, last_good, broken=True, pack=pack)
    report = written.draft
    good = _good_page(report, written.files["html"], last_good, time)
    pack = report.derived.inputs.pack.folder
    state = PreviewState(findings, good, broken=False, pack=pack)
    return _for_those_inside(state, report, root) if request.audience == "internal" else state


def _for_those_inside(state: PreviewState, report: Draft, root: Path) -> PreviewState:
    """Return `state` with what is confirmed of a report, and what is still to be done for it."""
    derived = report.derived
    confirmed = confirmed_facts(derived.ledger, derived.inputs.confirmations)
    return replace(state, confirmed=confirmed, tasks=open_tasks(derived, SourceFiles(root)))


def draft_file(root: Path, request: PreviewRequest, format_: str, log: Diagnostics) -> bytes | None:
    """Return the file of a report in a format, read back and proven, None after an error."""
    job = _job(root, request, format_)
    problems = Diagnostics()
    written = _guarded(job, problems)
    log.extend(job.graded(problems))
    return None if written is None or log.blocked else written.files.get(format_)


def _job(root: Path, request: PreviewRequest, format_: str) -> Job:
    return Job(
        root,
        root / "build",
        request.unit,
        request.year,
        request.report,
        request.audience,
        (format_,),
        preview=format_ == "html",
    )


def _guarded(job: Job, log: Diagnostics) -> Written | None:
    """Return the files of a report; after a fault of the program nothing, and only that finding."""
    problems = Diagnostics()
    try:
        written = _written(job, problems)
    except Exception as error:  # noqa: BLE001 - whatever it is, the page says so and the server lives
        log.add(fault(error))
        return None
    log.extend(problems)
    return written


def _good_page(report: Draft, page: bytes, last: GoodPage | None, time: str) -> GoodPage:
    """Return the page of a report, that of the `last` time where it has not changed."""
    if last and last.page == page:
        return replace(last, ledger=report.ledger)
    document = report.document
    return GoodPage(page, report.ledger, document.name, document.organization, time)


def _written(job: Job, log: Diagnostics) -> Written | None:
    """Return the files of a report, a page even after errors; other files are proven."""
    files = SourceFiles(job.root)
    report = draft(job, files, log)
    if not isinstance(report, Draft) or (job.stopped(log) and not job.preview):
        return None
    written = write_files(report, files, log)
    if written is not None and not job.preview and not job.stopped(log):
        verify_files(written, log)
    return written


def fault(error: Exception) -> Finding:
    """Return the finding for a fault of the program."""
    return finding("J106", detail=f"{type(error).__name__}: {error}")


# The session


PULSE = 15.0
"""Seconds after which a silent stream says something, to learn whether anybody still listens."""

DraftFunction = Callable[[Path, PreviewRequest, PreviewState | None, str], PreviewState]


class PreviewSession:
    """The reports under `root` that `choice` (unit, year, report) names, None standing for all.

    `clock` gives the time of day as text. `states` holds what is shown of each report, `stale`
    those whose files have changed since, `followers` the open streams with what they follow.
    """

    def __init__(
        self,
        root: Path,
        choice: tuple[str | None, int | None, str | None],
        clock: Callable[[], str],
        draft: DraftFunction = draft_page,
    ) -> None:
        self.root = root
        self.choice = choice
        self.clock = clock
        self.draft = draft
        self.states: dict[PreviewRequest, PreviewState] = {}
        self.requests: dict[PreviewRequest, None] = {}
        self.stale: set[PreviewRequest] = set()
        self.followers: dict[asyncio.Event, PreviewRequest | None] = {}
        self.drafting = asyncio.Lock()
        self.work = asyncio.Event()
        self.closed = False

    def reports(self, log: Diagnostics) -> tuple[ReportId, ...]:
        """Return the reports that there are now; the log says why where there is none."""
        return select(SourceFiles(self.root), *self.choice, log)

    def changed(self, paths: Iterable[str]) -> None:
        """Take note that files at `paths` (from the root) were saved, made or deleted."""
        changed_paths = tuple(paths)
        for request in self.requests:
            pack = self.states[request].pack if request in self.states else ""
            if any(concerns(path, request.unit, pack) for path in changed_paths):
                self.stale.add(request)
        self._notify()
        self.work.set()

    async def page(self, request: PreviewRequest) -> PreviewState:
        """Return the state of a report, drafted anew if something it stands on changed."""
        async with self.drafting:
            if self._is_due(request):
                # A change that comes while this runs makes it stale again.
                self.requests[request] = None
                self.stale.discard(request)
                before = self.states.get(request)
                self.states[request] = await asyncio.to_thread(
                    self.draft, self.root, request, before, self.clock()
                )
                self._notify()
            return self.states[request]

    async def run(self) -> None:
        """Draft anew, for ever, what is stale and followed."""
        while not self.closed:
            await self.work.wait()
            self.work.clear()
            while (request := self._next()) is not None:
                await self.page(request)

    async def follow(self, request: PreviewRequest | None) -> AsyncIterator[str]:
        """Yield the version of a page, None for the index, now and whenever it changes.

        An empty text is a sign of life. It ends when the session is closed.
        """
        event = asyncio.Event()
        self.followers[event] = request
        self.work.set()
        sent = ""
        try:
            while not self.closed:
                version = self.version(request)
                yield "" if version == sent else version
                sent = version
                with suppress(TimeoutError):
                    await asyncio.wait_for(event.wait(), PULSE)
                event.clear()
        finally:
            del self.followers[event]

    def version(self, request: PreviewRequest | None) -> str:
        """Return the version of a page, or of the index; empty while there is none yet."""
        if request is not None:
            return self.states[request].version if request in self.states else ""
        versions = []
        for report in self.reports(Diagnostics()):
            state = self.state(report)
            versions.append((str(report), state.version if state else ""))
        return hashlib.sha256(repr(versions).encode()).hexdigest()[:16]

    def state(self, report: ReportId) -> PreviewState | None:
        """Return what is known of a report, as those inside see it."""
        return self.states.get(_internal(report))

    def close(self) -> None:
        """End every stream."""
        self.closed = True
        self.work.set()
        self._notify()

    def _is_due(self, request: PreviewRequest) -> bool:
        return request not in self.states or request in self.stale

    def _next(self) -> PreviewRequest | None:
        """Return what to draft next: a page that somebody has open, then what the index shows."""
        if self.closed:
            return None
        followed = list(self.followers.values())
        if None in followed:
            followed += map(_internal, self.reports(Diagnostics()))
        for request in followed:
            if request is not None and self._is_due(request):
                return request
        return None

    def _notify(self) -> None:
        for event in self.followers:
            event.set()


def _internal(report: ReportId) -> PreviewRequest:
    return PreviewRequest(report.unit, report.year, report.report)


def concerns(path: str, unit: str, pack: str) -> bool:
    """Return whether a file may matter to a report of `unit` with `pack`, "" if not known."""
    kind, _, rest = path.partition("/")
    owner = rest.partition("/")[0]
    if kind == "data":
        return owner in {unit, ""}
    return not pack or owner in {"shared", pack.partition("/")[0], ""}
