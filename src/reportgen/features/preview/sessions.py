"""A session of the preview: the state of each report, who follows it, what must be drafted anew.

All of it happens in one event loop; only the drafting itself runs in a thread, one at a time.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import suppress
from pathlib import Path

from reportgen.features.preview.drafting import PreviewRequest, PreviewState, draft_page
from reportgen.findings import Diagnostics
from reportgen.project.layout import ReportId, select
from reportgen.project.source_files import SourceFiles

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
            followed += [_internal(report) for report in self.reports(Diagnostics())]
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
