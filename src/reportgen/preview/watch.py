"""Hears of saved files in data/ and templates/, also when a folder comes and goes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from pathlib import Path
from typing import Any

import watchfiles

WATCHED = ("data", "templates")
STEP, MOST = 10, 150
"""Milliseconds of quiet after which a save counts as done, and the longest wait for quiet."""

Awatch = Callable[..., AsyncIterator[set[tuple[Any, str]]]]


async def watch(
    root: Path, changed: Callable[[Iterable[str]], None], awatch: Awatch = watchfiles.awatch
) -> None:
    """Call `changed` with the paths (from `root`) of what was saved, made or deleted, for ever.

    Only the two folders are watched in depth, for the rest may be a large virtual environment;
    the root itself tells when one of them is there anew.
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
        if real := [path for path in paths if not _passing(path)]:
            changed(real)


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


def _passing(path: str) -> bool:
    """Return whether a file is what an editor or git puts down for a moment."""
    name = path.rpartition("/")[2]
    return (
        name.startswith((".", "#", "~$")) or name.endswith(("~", ".swp", ".tmp")) or name == "4913"
    )
