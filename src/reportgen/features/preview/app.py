"""The web application: pages, files on demand, streams of versions; and what serves it.

It answers GET and HEAD to this machine's own names, reads nothing by a path that a browser
sends, and keeps every answer out of caches.
"""

from __future__ import annotations

import asyncio
import gc
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from importlib import resources
from pathlib import Path
from types import FrameType
from typing import Any

import uvicorn
import watchfiles
from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from reportgen.features.preview.page import (
    AUDIENCES,
    PageSettings,
    ReportLink,
    UnitReports,
    findings_page,
    index_page,
    report_page,
    state_words,
)
from reportgen.features.preview.sessions import (
    GoodPage,
    PreviewRequest,
    PreviewSession,
    PreviewState,
    draft_file,
    fault,
)
from reportgen.features.preview.words import WORDS
from reportgen.findings import Diagnostics
from reportgen.project.layout import ReportId, select
from reportgen.project.loopback import HOSTS
from reportgen.project.source_files import SourceFiles

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
        "connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
FILES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}
ASSETS = {"preview.css": "text/css", "preview.js": "text/javascript"}
CSS = "templates/shared/report.css"

Work = Callable[[], Awaitable[None]]
Handler = Callable[[Request], Awaitable[Response]]


def make_app(session: PreviewSession, settings: PageSettings, watching: Work) -> Starlette:
    """Return the application; `watching` runs beside it and tells the session of saved files."""
    pages = _Pages(session, settings)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        tasks = [asyncio.create_task(session.run()), asyncio.ensure_future(watching())]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    return Starlette(
        routes=[
            Route("/", pages.guarded(pages.index), methods=["GET"]),
            Route("/_/events", pages.events, methods=["GET"]),
            Route("/_/events/{unit}/{year:int}/{report}", pages.events, methods=["GET"]),
            Route("/_/{name}", pages.asset, methods=["GET"]),
            Route("/{unit}/{year:int}/{report}", pages.guarded(pages.report), methods=["GET"]),
        ],
        middleware=[
            Middleware(_Headers),
            Middleware(TrustedHostMiddleware, allowed_hosts=HOSTS, www_redirect=False),
        ],
        exception_handlers={404: pages.missing},
        lifespan=lifespan,
    )


class _Headers:
    """Adds `HEADERS` to every answer, refusals included."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        await self.app(scope, receive, sending if scope["type"] == "http" else send)


class _Pages:
    def __init__(self, session: PreviewSession, settings: PageSettings) -> None:
        self.session = session
        self.base_settings = settings

    @property
    def settings(self) -> PageSettings:
        """Return the settings of pages with the reports' own stylesheet, as it is now."""
        css = SourceFiles(self.session.root).text(CSS, Diagnostics())
        return replace(self.base_settings, css=css or "")

    def guarded(self, handler: Handler) -> Handler:
        """Return `handler` such that a fault of the program is a page that says so."""

        async def guarded(request: Request) -> Response:
            try:
                return await handler(request)
            except Exception as error:  # noqa: BLE001 - the server lives on, the page says why
                state = PreviewState((fault(error),), None, broken=True)
                return HTMLResponse(findings_page(state, None, self.settings), 500)

        return guarded

    async def index(self, _request: Request) -> Response:
        """Return the page of all reports; what is not known yet comes by and by."""
        log = Diagnostics()
        reports = self.session.reports(log)
        units: dict[str, list[ReportId]] = {}
        for report in reports:
            units.setdefault(report.unit, []).append(report)
        listed = [self._unit(unit, of_unit) for unit, of_unit in units.items()]
        version = self.session.version(None)
        return HTMLResponse(index_page(listed, tuple(log), version, self.settings))

    def _unit(self, unit: str, reports: list[ReportId]) -> UnitReports:
        """Return the reports of a unit, the newest first, under the name of the unit if known."""
        title = unit
        for report in reversed(reports):
            good = self._good_page(report)
            if good is not None and good.owner:
                title = f"{good.owner}（{unit}）"
        newest_first = sorted(reports, key=lambda report: -report.year)
        return UnitReports(title, tuple(map(self._link, newest_first)))

    def _link(self, report: ReportId) -> ReportLink:
        good = self._good_page(report)
        text, kind = state_words(self.session.state(report), self.base_settings.language)
        name = good.name if good else report.report
        return ReportLink(report.year, f"/{report}", name, text, kind)

    def _good_page(self, report: ReportId) -> GoodPage | None:
        state = self.session.state(report)
        return state.good if state else None

    async def report(self, request: Request) -> Response:
        """Return the page of a report, or its Word file or PDF."""
        name, dot, format_ = request.path_params["report"].rpartition(".")
        if dot and format_ in FILES:
            return await self._file(request, name, format_)
        requested = self._requested(request, request.path_params["report"])
        if requested is None:
            return await self.missing(request, None)
        state = await self.session.page(requested)
        return HTMLResponse(report_page(state, requested, self.settings))

    async def _file(self, request: Request, name: str, format_: str) -> Response:
        requested = self._requested(request, name)
        if requested is None:
            return await self.missing(request, None)
        log = Diagnostics()
        async with self.session.drafting:
            data = await asyncio.to_thread(draft_file, self.session.root, requested, format_, log)
        if data is not None:
            return Response(data, media_type=FILES[format_])
        title = WORDS[self.base_settings.language]["not_made"]
        state = PreviewState(tuple(log), None, broken=True)
        return HTMLResponse(findings_page(state, requested, self.settings, title), 422)

    async def events(self, request: Request) -> Response:
        """Return the stream of versions of a page, or of the index."""
        requested = None
        if request.path_params:
            requested = self._requested(request, request.path_params["report"])
            if requested is None:
                return PlainTextResponse("", 404)
        versions = self.session.follow(requested)
        return StreamingResponse(_stream(versions), media_type="text/event-stream")

    async def asset(self, request: Request) -> Response:
        """Return the script or the stylesheet of the preview."""
        name = request.path_params["name"]
        if name not in ASSETS:
            return await self.missing(request, None)
        data = resources.files("reportgen.features.preview").joinpath("assets", name).read_bytes()
        return Response(data, media_type=ASSETS[name])

    async def missing(self, request: Request, _error: object) -> Response:
        """Return the page that says that there is nothing; of a report, what there is instead."""
        words, params = WORDS[self.base_settings.language], request.path_params
        log = Diagnostics()
        if "year" in params:
            files = SourceFiles(self.session.root)
            name = params["report"].removesuffix(".pdf").removesuffix(".docx")
            select(files, params["unit"], params["year"], name, log)
        state = PreviewState(tuple(log), None, broken=bool(log))
        page = findings_page(state, None, self.settings, words["none"], words["none_help"])
        return HTMLResponse(page, 404)

    def _requested(self, request: Request, report: str) -> PreviewRequest | None:
        """Return the report that a request names; one that was shown before may be gone now."""
        unit, year = request.path_params["unit"], request.path_params["year"]
        audience = request.query_params.get("audience", "internal")
        for known in AUDIENCES:
            if known == audience:
                requested = PreviewRequest(unit, year, report, known)
                exists = ReportId(unit, year, report) in self.session.reports(Diagnostics())
                return requested if exists or requested in self.session.states else None
        return None


async def _stream(versions: AsyncIterator[str]) -> AsyncIterator[str]:
    async for version in versions:
        yield f"data: {version}\n\n" if version else ":\n\n"


# Saved files, also when a folder comes and goes


WATCHED = ("data", "templates")
STEP, MOST = 10, 150
"""Milliseconds of quiet after which a save counts as done, and the longest wait for quiet."""

Awatch = Callable[..., AsyncIterator[set[tuple[Any, str]]]]


async def watch(
    root: Path, changed: Callable[[Iterable[str]], None], awatch: Awatch = watchfiles.awatch
) -> None:
    """Call `changed` with the paths (from `root`) of what was saved, made or deleted, for ever.

    Only the two folders are watched in depth, for the rest may be a large virtual environment;
    the root itself is watched for one of them that is there anew.
    """
    root = root.resolve()
    while True:
        folders = _present(root)
        inner = asyncio.create_task(_saves(root, tuple(folders), changed, awatch))
        try:
            async for _ in awatch(root, recursive=False, **_options()):
                if inner.done() or _present(root) != folders:
                    break
            else:
                return
        finally:
            inner.cancel()
            await asyncio.gather(inner, return_exceptions=True)
        changed(WATCHED)


async def _saves(
    root: Path, folders: tuple[str, ...], changed: Callable[[Iterable[str]], None], awatch: Awatch
) -> None:
    if not folders:
        return
    async for saved in awatch(*(root / name for name in folders), **_options()):
        paths = sorted({Path(path).relative_to(root).as_posix() for _, path in saved})
        lasting = [path for path in paths if not _is_temporary(path)]
        if lasting:
            changed(lasting)


def _options() -> dict[str, Any]:
    return {
        "watch_filter": None,
        "step": STEP,
        "debounce": MOST,
        "ignore_permission_denied": True,
    }


def _present(root: Path) -> dict[str, int]:
    """Return the watched folders that there are, with what tells a new one of the same name."""
    return {name: (root / name).stat().st_ino for name in WATCHED if (root / name).is_dir()}


def _is_temporary(path: str) -> bool:
    """Return whether a file is what an editor or git puts down for a moment."""
    name = path.rpartition("/")[2]
    if name.startswith((".", "#", "~$")) or name.endswith(("~", ".swp", ".tmp")):
        return True
    return name == "4913"  # what vim tries whether it may write


# The server


def serve(
    listening: socket.socket,
    root: Path,
    choice: tuple[str | None, int | None, str | None],
    settings: PageSettings,
    clock: Callable[[], str],
) -> None:
    """Serve the previews of the reports that `choice` (unit, year, report) names until Ctrl-C."""
    session = PreviewSession(root, choice, clock)
    app = make_app(session, settings, partial(watch, root, session.changed))
    config = uvicorn.Config(
        app, log_config=None, log_level="critical", access_log=False, ws="none", lifespan="on"
    )
    gc.freeze()  # what is loaded by now stays; to scan it costs a rebuild 50 ms at times
    _Server(config, session).run(sockets=[listening])


class _Server(uvicorn.Server):
    """Ends the streams of open pages when it stops: it would wait for them otherwise."""

    def __init__(self, config: uvicorn.Config, session: PreviewSession) -> None:
        super().__init__(config)
        self.session = session

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if not self.should_exit:  # a second Ctrl-C would break off what is closing
            super().handle_exit(sig, frame)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self.session.close()
        await super().shutdown(sockets)
