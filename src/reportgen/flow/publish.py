"""Publish: move all files of a report into build/ together, or leave everything as it was."""

from __future__ import annotations

import ctypes
import errno
import fcntl
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

MANIFEST = "manifest.json"
_AT_FDCWD, _EXCHANGE = -100, 2


def publish(
    folder: Path, report: str, files: Mapping[str, bytes], about: Mapping[str, Any]
) -> None:
    """Make `files` (by name) the only files of `report` in `folder`; raises OSError if it cannot.

    The folder is made anew beside the old one and takes its place in one step, so that even a
    process killed at any moment leaves a whole folder. Whatever else stands in it is kept;
    `about` becomes the report's entry in manifest.json, with the hashes of the files.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    if folder.exists() and not folder.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder))
    with _alone(folder.parent):
        _recover(folder)
        _replace(folder, report, files, about)


def digests(files: Mapping[str, bytes]) -> dict[str, str]:
    """Return the SHA-256 of each of `files` by name."""
    return {name: hashlib.sha256(data).hexdigest() for name, data in sorted(files.items())}


def _replace(
    folder: Path, report: str, files: Mapping[str, bytes], about: Mapping[str, Any]
) -> None:
    stage = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        manifest = _read_manifest(folder)
        manifest.pop(report, None)
        for file in _others(folder, report, manifest):
            _copy(file, stage / file.name)
        for name, data in files.items():
            _write(stage / name, data)
        manifest[report] = {**about, "outputs": digests(files)}
        text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        _write(stage / MANIFEST, text.encode())
        stage.chmod(0o755)
        _swap(stage, folder)
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def _others(folder: Path, report: str, manifest: Mapping[str, Any]) -> Iterator[Path]:
    """Yield what stands in `folder` and is neither a file of `report` nor the manifest.

    Files of `report` are told by their names, which hold even where the manifest is lost; those
    that `manifest` counts among another report's, `report.x` say, are not.
    """
    named: set[str] = set()
    for entry in manifest.values():
        named.update(entry["outputs"])
    for file in sorted(folder.iterdir()) if folder.is_dir() else ():
        ours = file.name.startswith(f"{report}.") and file.name not in named
        if not ours and file.name != MANIFEST:
            yield file


def _copy(source: Path, target: Path) -> None:
    if source.is_dir() and not source.is_symlink():
        shutil.copytree(source, target, symlinks=True)
    else:
        shutil.copy2(source, target, follow_symlinks=False)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the folder's lock: two runs that publish into it take turns."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _read_manifest(folder: Path) -> dict[str, Any]:
    """Return the entries of the manifest by report; one that is lost or damaged holds none."""
    try:
        found = json.loads((folder / MANIFEST).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    entries = found.items() if isinstance(found, dict) else ()
    return {n: e for n, e in entries if isinstance(e, dict) and isinstance(e.get("outputs"), dict)}


def _swap(stage: Path, folder: Path) -> None:
    """Put `stage` in the place of `folder`; what was there ends up in `stage`, to be removed."""
    if not folder.exists():
        stage.rename(folder)
    elif not _exchange(stage, folder):
        # Where the system cannot exchange two names, `_recover` mends a kill between the two.
        aside = folder.with_name(f".{folder.name}.old")
        folder.rename(aside)
        stage.rename(folder)
        shutil.rmtree(aside, ignore_errors=True)


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two names in one step where the system can (Linux renameat2); say if it did."""
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError, TypeError):
        return False
    done = rename(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _EXCHANGE)
    return bool(done == 0)


def _recover(folder: Path) -> None:
    """Put back the old folder if a process was killed between two renames; drop what it left."""
    aside = folder.with_name(f".{folder.name}.old")
    if aside.exists() and not folder.exists():
        aside.rename(folder)
    for left in (aside, *folder.parent.glob(f".{folder.name}-*")):
        shutil.rmtree(left, ignore_errors=True)
