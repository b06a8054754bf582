"""Puts a changed file in the place of the old one in one step."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def save(path: Path, text: str) -> None:
    """Make `text` the content of `path`, whole or not at all; raises OSError if it cannot."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    fresh = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        fresh.chmod(path.stat().st_mode & 0o7777 if path.exists() else 0o644)
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
