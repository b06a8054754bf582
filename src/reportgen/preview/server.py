"""Listens on loopback, serves the application, and stops when it is told to."""

from __future__ import annotations

import errno
import gc
import socket
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import FrameType

import uvicorn

from reportgen.preview.app import make_app
from reportgen.preview.desk import Desk
from reportgen.preview.page import Look
from reportgen.preview.watch import watch

LOOPBACK = "127.0.0.1"
TRIES = 10
"""How many ports are tried from the one asked for on."""


def listen(port: int) -> socket.socket:
    """Return a socket that listens on loopback at `port`, or at the next one that is free.

    Port 0 leaves the choice to the system. Raises OSError if none of `TRIES` is free.
    """
    for candidate in range(port, port + TRIES) if port else (0,):
        try:
            return socket.create_server((LOOPBACK, candidate))
        except OSError as error:
            if error.errno not in {errno.EADDRINUSE, errno.EACCES}:
                raise
    raise OSError(errno.EADDRINUSE, "", f"{LOOPBACK}:{port}")


def address(listening: socket.socket) -> str:
    """Return the address of the index."""
    host, port = listening.getsockname()
    return f"http://{host}:{port}/"


def serve(
    listening: socket.socket,
    root: Path,
    choice: tuple[str | None, int | None, str | None],
    look: Look,
    clock: Callable[[], str],
) -> None:
    """Serve the previews of the reports that `choice` (unit, year, report) names until Ctrl-C."""
    desk = Desk(root, choice, clock)
    app = make_app(desk, look, partial(watch, root, desk.changed))
    config = uvicorn.Config(
        app, log_config=None, log_level="critical", access_log=False, ws="none", lifespan="on"
    )
    gc.freeze()  # what is loaded by now stays; to look through it costs a rebuild 50 ms at times
    _Server(config, desk).run(sockets=[listening])


class _Server(uvicorn.Server):
    """Ends the streams of open pages when it stops: it would wait for them otherwise."""

    def __init__(self, config: uvicorn.Config, desk: Desk) -> None:
        super().__init__(config)
        self.desk = desk

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if not self.should_exit:  # a second Ctrl-C would break off what is closing
            super().handle_exit(sig, frame)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self.desk.close()
        await super().shutdown(sockets)
