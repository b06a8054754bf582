"""Hears of saved files in data/ and templates/, also when a folder comes and goes."""

from __future__ import annotations

import asyncio
import errno
import gc
import socket
from collections.abc import AsyncIterator, Callable, Iterable
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

import uvicorn
import watchfiles

from reportgen.features.preview.app import make_app
from reportgen.features.preview.page import PageSettings
from reportgen.features.preview.sessions import PreviewSession

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
