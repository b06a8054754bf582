"""Serves a site on loopback as it stands, to look at it before it is put on a server.

Only files of the site are handed out, to this machine alone, and nothing stays in caches.
"""

from __future__ import annotations

import io
import os
import re
import socket
from collections.abc import Mapping
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import BinaryIO

from reportgen.project.loopback import HOSTS

_PORT = re.compile(r":[0-9]+$")
_TEXT = "; charset=utf-8"
TYPES: Mapping[str, str] = {
    ".html": f"text/html{_TEXT}",
    ".css": f"text/css{_TEXT}",
    ".js": f"text/javascript{_TEXT}",
    ".json": "application/json",
    ".csv": f"text/csv{_TEXT}",
    ".txt": f"text/plain{_TEXT}",
    ".xml": "application/xml",
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".svg": "image/svg+xml",
    ".ico": "image/x-icon",
}
"""The types of files, as docs/publishing.md has a server send them."""
FEED = "feed.xml"
"""Feeds are XML of a type of their own (RFC 4287)."""
HEADERS: Mapping[str, str] = {
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_MISSING = """<!doctype html>
<html lang="zh-CN">
<head><meta charset="utf-8"><title>%(code)d</title></head>
<body><h1>没有这一页 · Not here</h1><p>%(code)d %(message)s</p><p><a href="/">首页</a></p></body>
</html>
"""


def serve(listening: socket.socket, folder: Path) -> None:
    """Serve the site in `folder` at a socket, until a KeyboardInterrupt comes through."""
    handler = partial(_Request, directory=str(folder))
    server = ThreadingHTTPServer(listening.getsockname()[:2], handler, bind_and_activate=False)
    server.socket.close()
    server.socket = listening
    try:
        server.serve_forever()
    finally:
        server.server_close()


class _Request(SimpleHTTPRequestHandler):
    """One request for a file of the site."""

    protocol_version = "HTTP/1.1"
    error_message_format = _MISSING
    error_content_type = f"text/html{_TEXT}"
    timeout = 30
    """Seconds after which a connection on which nothing comes is closed."""

    def parse_request(self) -> bool:
        """Read a request, and refuse one that calls this machine by a foreign name."""
        if not super().parse_request():
            return False
        if _PORT.sub("", self.headers.get("Host", "")) in HOSTS:
            return True
        self.send_error(HTTPStatus.BAD_REQUEST)
        return False

    def send_head(self) -> io.BytesIO | BinaryIO | None:
        """Send what comes before a file; None where there is no such file of the site."""
        root, asked = map(os.path.realpath, (self.directory, self._asked()))
        if os.path.commonpath([root, asked]) == root:
            return super().send_head()
        self.send_error(HTTPStatus.NOT_FOUND)
        return None

    def _asked(self) -> str:
        """Return the path of what is asked for, one outside the site where it can be none."""
        path = self.translate_path(self.path)
        return os.sep if "\0" in path else path

    def list_directory(self, path: str | os.PathLike[str]) -> BinaryIO | None:  # type: ignore[override]
        """Refuse a folder without a page: a site has lists of its own."""
        del path
        self.send_error(HTTPStatus.NOT_FOUND)
        return None

    def guess_type(self, path: str | os.PathLike[str]) -> str:
        """Return the type of a file."""
        name = os.path.basename(path)  # noqa: PTH119 - a text
        if name == FEED:
            return f"application/atom+xml{_TEXT}"
        return TYPES.get(os.path.splitext(name)[1].lower(), "application/octet-stream")  # noqa: PTH122

    def end_headers(self) -> None:
        """Add what goes with every answer, refusals included."""
        for name, value in HEADERS.items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name
        """Say nothing: only the command prints."""
