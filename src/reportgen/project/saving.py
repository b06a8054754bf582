"""Puts changed files in the place of the old ones, each whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def save(files: Mapping[Path, bytes]) -> None:
    """Make `files` the content of their paths; raises OSError if it cannot.

    All are written beside their places before the first takes its place, so that a full disk
    leaves everything as it was. A file that was there keeps its permissions.
    """
    staged: list[tuple[Path, Path]] = []
    try:
        for path, data in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
            staged.append((Path(name), path))
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(name).chmod(_permissions(path))
        for fresh, path in staged:
            fresh.replace(path)
    finally:
        for fresh, _ in staged:
            fresh.unlink(missing_ok=True)


def _permissions(path: Path) -> int:
    return path.stat().st_mode & 0o7777 if path.exists() else 0o644


def save_texts(root: Path, texts: Mapping[str, str]) -> None:
    """Save `texts` by path under `root`, with the line ends and byte order mark they had."""
    save({root / path: _as_before(root / path, text) for path, text in texts.items()})


def _as_before(path: Path, text: str) -> bytes:
    old = path.read_bytes() if path.exists() else b""
    if b"\r\n" in old:
        text = text.replace("\n", "\r\n")
    start = BYTE_ORDER_MARK if old.startswith(BYTE_ORDER_MARK) else b""
    return start + text.encode()
