"""The desk: what is shown of each report, who looks at it, and what must be drafted anew.

All of it happens in one event loop; only the drafting itself runs in a thread, one at a time.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import suppress
from pathlib import Path

from reportgen.features.preview.drafting import PreviewRequest, PreviewState, draft_page
from reportgen.findings import Diagnostics, Finding
from reportgen.project.selection import ReportId, select
from reportgen.project.source_files import SourceFiles

PULSE = 15.0
"""Seconds after which a silent stream says something, to learn whether anybody still listens."""

DraftFunction = Callable[[Path, PreviewRequest, PreviewState | None, str], PreviewState]


class Desk:
    """Pages of the reports under `root` that `unit`, `year` and `report` choose, None for all.

    `clock` gives the time of day as text.
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
        self.shown: dict[PreviewRequest, PreviewState] = {}
        self.asked: dict[PreviewRequest, None] = {}
        self.stale: set[PreviewRequest] = set()
        self.followers: dict[asyncio.Event, PreviewRequest | None] = {}
        self.drafting = asyncio.Lock()
        self.work = asyncio.Event()
        self.closed = False

    def reports(self) -> tuple[tuple[ReportId, ...], tuple[Finding, ...]]:
        """Return the reports that there are now, or the findings that say why there is none."""
        log = Diagnostics()
        return select(SourceFiles(self.root), *self.choice, log), tuple(log)

    def changed(self, paths: Iterable[str]) -> None:
        """Take note that files at `paths` (from the root) were saved, made or deleted."""
        every = tuple(paths)
        for wanted in self.asked:
            pack = self.shown[wanted].pack if wanted in self.shown else ""
            if any(concerns(path, wanted.unit, pack) for path in every):
                self.stale.add(wanted)
        self._tell()
        self.work.set()

    async def page(self, wanted: PreviewRequest) -> PreviewState:
        """Return what is shown of `wanted`, drafted anew if something it stands on changed."""
        async with self.drafting:
            if wanted not in self.shown or wanted in self.stale:
                # A change that comes while this runs makes it stale again.
                self.asked[wanted] = None
                self.stale.discard(wanted)
                before = self.shown.get(wanted)
                self.shown[wanted] = await asyncio.to_thread(
                    self.draft, self.root, wanted, before, self.clock()
                )
                self._tell()
            return self.shown[wanted]

    async def run(self) -> None:
        """Draft anew, for ever, what is stale and looked at."""
        while not self.closed:
            await self.work.wait()
            self.work.clear()
            while (wanted := self._next()) is not None:
                await self.page(wanted)

    async def follow(self, wanted: PreviewRequest | None) -> AsyncIterator[str]:
        """Yield the version of a page, None for the index, now and whenever it changes.

        An empty text is a sign of life. It ends when the desk is closed.
        """
        news = asyncio.Event()
        self.followers[news] = wanted
        self.work.set()
        told = ""
        try:
            while not self.closed:
                version = self.version(wanted)
                yield "" if version == told else version
                told = version
                with suppress(TimeoutError):
                    await asyncio.wait_for(news.wait(), PULSE)
                news.clear()
        finally:
            del self.followers[news]

    def version(self, wanted: PreviewRequest | None) -> str:
        """Return the version of what is shown of `wanted`, or of the index."""
        if wanted is not None:
            return self.shown[wanted].version if wanted in self.shown else ""
        states = [(str(c), self.state(c)) for c in self.reports()[0]]
        said = [(name, shown.version if shown else "") for name, shown in states]
        return hashlib.sha256(repr(said).encode()).hexdigest()[:16]

    def state(self, chosen: ReportId) -> PreviewState | None:
        """Return what is known of a report, as everybody in the house sees it."""
        return self.shown.get(PreviewRequest(chosen.unit, chosen.year, chosen.report))

    def close(self) -> None:
        """End every stream."""
        self.closed = True
        self.work.set()
        self._tell()

    def _next(self) -> PreviewRequest | None:
        """Return what to draft next: a page that somebody has open, then what the index shows."""
        if self.closed:
            return None
        open_ = [wanted for wanted in self.followers.values() if wanted]
        if None in self.followers.values():
            open_ += [PreviewRequest(c.unit, c.year, c.report) for c in self.reports()[0]]
        return next((w for w in open_ if w not in self.shown or w in self.stale), None)

    def _tell(self) -> None:
        for news in self.followers:
            news.set()


def concerns(path: str, unit: str, pack: str) -> bool:
    """Return whether a file may matter to a report of `unit` with `pack`, "" if not known."""
    kind, _, rest = path.partition("/")
    owner = rest.partition("/")[0]
    if kind == "data":
        return owner in {unit, ""}
    return not pack or owner in {"shared", pack.partition("/")[0], ""}
