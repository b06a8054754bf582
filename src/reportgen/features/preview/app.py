"""The web application: pages, files on demand, and streams that tell of new versions.

It answers GET and HEAD to this machine's own names, reads nothing by a path that a browser
sends, and keeps every answer out of caches.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from importlib import resources
from itertools import groupby

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from reportgen.features.preview.drafting import PreviewRequest, PreviewState, draft_file, fault
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
from reportgen.features.preview.sessions import Desk
from reportgen.features.preview.words import WORDS
from reportgen.findings import Diagnostics
from reportgen.project.selection import ReportId, select
from reportgen.project.source_files import SourceFiles

HOSTS = ("127.0.0.1", "localhost", "[::1]")
"""Names under which this machine calls itself; under another name a foreign page would read us."""

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


def make_app(desk: Desk, look: PageSettings, watching: Work) -> Starlette:
    """Return the application; `watching` runs beside it and tells the desk of saved files."""
    pages = _Pages(desk, look)

    @asynccontextmanager
    async def alive(_app: Starlette) -> AsyncIterator[None]:
        tasks = [asyncio.create_task(desk.run()), asyncio.ensure_future(watching())]
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
        lifespan=alive,
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
    def __init__(self, desk: Desk, look: PageSettings) -> None:
        self.desk = desk
        self.dress = look

    @property
    def look(self) -> PageSettings:
        """Return the look with the reports' own stylesheet, as it is now."""
        css = SourceFiles(self.desk.root).text(CSS, Diagnostics())
        return PageSettings(self.dress.editor, self.dress.language, css or "")

    def guarded(
        self, answer: Callable[[Request], Awaitable[Response]]
    ) -> Callable[[Request], Awaitable[Response]]:
        """Return `answer` such that a fault of the program is a page that says so."""

        async def guarded(request: Request) -> Response:
            try:
                return await answer(request)
            except Exception as error:  # noqa: BLE001 - the server lives on, the page says why
                shown = PreviewState((fault(error),), None, broken=True)
                return HTMLResponse(findings_page(shown, None, self.look), 500)

        return guarded

    async def index(self, _request: Request) -> Response:
        """Return the page of all reports; what is not known yet comes by and by."""
        chosen, findings = self.desk.reports()
        groups = [
            self._group(unit, list(of_unit))
            for unit, of_unit in groupby(chosen, key=lambda each: each.unit)
        ]
        return HTMLResponse(index_page(groups, findings, self.desk.version(None), self.look))

    def _group(self, unit: str, chosen: list[ReportId]) -> UnitReports:
        states = [(each, self.desk.state(each)) for each in chosen]
        owners = [shown.good.owner for _, shown in states if shown and shown.good]
        return UnitReports(
            next((f"{owner}（{unit}）" for owner in owners if owner), unit),
            tuple(
                ReportLink(
                    each.year,
                    f"/{each}",
                    shown.good.name if shown and shown.good else each.report,
                    *state_words(shown, self.dress.language),
                )
                for each, shown in sorted(states, key=lambda s: -s[0].year)
            ),
        )

    async def report(self, request: Request) -> Response:
        """Return the page of a report, or its Word file or PDF."""
        name, dot, format_ = request.path_params["report"].rpartition(".")
        if dot and format_ in FILES:
            return await self._file(request, name, format_)
        wanted = self._wanted(request, request.path_params["report"])
        if wanted is None:
            return await self.missing(request, None)
        shown = await self.desk.page(wanted)
        return HTMLResponse(report_page(shown, wanted, self.look))

    async def _file(self, request: Request, name: str, format_: str) -> Response:
        wanted = self._wanted(request, name)
        if wanted is None:
            return await self.missing(request, None)
        async with self.desk.drafting:
            made = await asyncio.to_thread(draft_file, self.desk.root, wanted, format_)
        data, findings = made
        if data is not None:
            return Response(data, media_type=FILES[format_])
        title = WORDS[self.dress.language]["not_made"]
        shown = PreviewState(findings, None, broken=True)
        return HTMLResponse(findings_page(shown, wanted, self.look, title), 422)

    async def events(self, request: Request) -> Response:
        """Return the stream of versions of a page, or of the index."""
        wanted = None
        if request.path_params:
            wanted = self._wanted(request, request.path_params["report"])
            if wanted is None:
                return PlainTextResponse("", 404)
        return StreamingResponse(_stream(self.desk.follow(wanted)), media_type="text/event-stream")

    async def asset(self, request: Request) -> Response:
        """Return the script or the stylesheet of the preview."""
        name = request.path_params["name"]
        if name not in ASSETS:
            return await self.missing(request, None)
        data = resources.files("reportgen.features.preview").joinpath("assets", name).read_bytes()
        return Response(data, media_type=ASSETS[name])

    async def missing(self, request: Request, _error: object) -> Response:
        """Return the page that says that there is nothing; of a report, what there is instead."""
        words, asked = WORDS[self.dress.language], request.path_params
        log = Diagnostics()
        if "year" in asked:
            name = asked["report"].removesuffix(".pdf").removesuffix(".docx")
            select(SourceFiles(self.desk.root), asked["unit"], asked["year"], name, log)
        shown = PreviewState(tuple(log), None, broken=bool(log))
        page = findings_page(shown, None, self.look, words["none"], words["none_help"])
        return HTMLResponse(page, 404)

    def _wanted(self, request: Request, report: str) -> PreviewRequest | None:
        """Return the report that a request names; one that was shown before may be gone now."""
        unit, year = request.path_params["unit"], request.path_params["year"]
        audience = request.query_params.get("audience", "internal")
        found = next((each for each in AUDIENCES if each == audience), None)
        if found is None:
            return None
        wanted = PreviewRequest(unit, year, report, found)
        there = ReportId(unit, year, report) in self.desk.reports()[0]
        return wanted if there or wanted in self.desk.shown else None


async def _stream(versions: AsyncIterator[str]) -> AsyncIterator[str]:
    async for version in versions:
        yield f"data: {version}\n\n" if version else ":\n\n"
