"""Asks the application as a browser would, without a network, on a session of the small project."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import lxml.html

from reportgen.features.preview.app import make_app
from reportgen.features.preview.links import EDITORS, Editor
from reportgen.features.preview.page import PageSettings
from reportgen.features.preview.sessions import PreviewRequest, PreviewSession
from small_project import REPORT, UNIT, YEAR, SmallProject

PAGE = f"/{UNIT}/{YEAR}/{REPORT}"
REQUEST = PreviewRequest(UNIT, YEAR, REPORT)
ALL = (None, None, None)


@dataclass
class Answer:
    """What came back."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def page(self) -> Any:
        return lxml.html.document_fromstring(self.body.decode())

    @property
    def text(self) -> str:
        return self.page.text_content()


class Clock:
    """Tells another time of day at each look."""

    def __init__(self) -> None:
        self.looks = 0

    def __call__(self) -> str:
        self.looks += 1
        return f"08:00:{self.looks:02}"


@dataclass
class Preview:
    """The preview of a small project."""

    project: SmallProject
    session: PreviewSession
    settings: PageSettings

    @classmethod
    def of(cls, root: Path, *, language: str = "zh", editor: str = "vscode") -> Preview:
        project = SmallProject.copied(root)
        settings = PageSettings(Editor(root, EDITORS[editor]), language)  # type: ignore[arg-type]
        return cls(project, PreviewSession(root, ALL, Clock()), settings)

    def saved(self, path: str, old: str, new: str) -> None:
        """Change a file and let the session hear of it."""
        self.project.replace(path, old, new)
        self.session.changed([path])

    def get(self, path: str = PAGE, **more: Any) -> Answer:
        return asyncio.run(self.asked(path, **more))

    async def asked(
        self, path: str, method: str = "GET", host: str | None = "127.0.0.1:8700"
    ) -> Answer:
        """Return the answer to a request whose path is taken as it stands."""
        answer = Answer()
        route, _, query = path.partition("?")
        scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": route,
            "raw_path": route.encode(),
            "query_string": query.encode(),
            "headers": [] if host is None else [(b"host", host.encode())],
            "server": ("127.0.0.1", 8700),
            "client": ("127.0.0.1", 50000),
        }

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                answer.status = message["status"]
                answer.headers = {n.decode(): v.decode() for n, v in message["headers"]}
            else:
                answer.body += message.get("body", b"")

        await make_app(self.session, self.settings, idle)(scope, receive, send)  # type: ignore[arg-type]
        return answer


async def idle() -> None:
    """Watch nothing."""
