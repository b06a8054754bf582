"""Compiled templates: kept in the process, and in a folder of the user for the next one.

Nothing in the folder can go stale: it bears the name of this very program, each file that of its
template with the checksum of its text. Only the user may write there, since code that is read from
it runs; a project can bring none. Whatever cannot be read or written there is compiled as before.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path
from types import CodeType

import jinja2
from jinja2.bccache import Bucket, BytecodeCache

PACKAGE = Path(__file__).parent.parent
_FOLDERS = ("compose", "project", "model", "language", "write/html")
PROGRAM = tuple(PACKAGE / folder for folder in _FOLDERS)
"""The folders of the program that have a say in what a template is compiled to."""
PROGRAMS = 4
"""How many programs keep what they compiled: versions of this one, and of Python and Jinja."""
_PROGRAM = re.compile("[0-9a-f]{32}")
MOST = 5_000
"""How many templates the folder keeps: a report has some hundred, lines that move make new ones."""
AT_HAND = 1_000
"""How many a process keeps, those that were asked for last: what thousands of units have to
themselves makes way, what they share stays."""


class Compiled(BytecodeCache):
    """The code of each template, by its path, with the checksum of the text it came from.

    The code must hold nothing of the environment that compiled it.
    """

    def __init__(self) -> None:
        self.kept: dict[str, tuple[str, CodeType]] = {}
        self.folder: Path | None = None
        self._room = 0
        self._asked: Path | None = None

    def keep_in(self, folder: Path | None) -> None:
        """Keep what is compiled in `folder`, too, if only its owner may write there."""
        if folder == self._asked:
            return
        self._asked, self.folder = folder, None
        if folder is not None:
            with suppress(OSError):
                self.folder = _own_folder(folder / program())
                self._room = MOST - sum(1 for _ in self.folder.iterdir()) if self.folder else 0

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give `bucket` the code of its text, if that was compiled before."""
        checksum, code = self.kept.pop(bucket.key, ("", None))
        if checksum == bucket.checksum:
            bucket.code = code
            self._keep(bucket)
        elif self.folder is not None:
            _read(bucket, self.folder / bucket.key)
            self._keep(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code of `bucket` in place of that of an earlier text."""
        self._keep(bucket)
        if self.folder is not None and self._room > 0:
            self._room -= 1
            with suppress(OSError):
                _write(bucket, self.folder / bucket.key)

    def _keep(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self.kept[bucket.key] = (bucket.checksum, bucket.code)
        while len(self.kept) > AT_HAND:
            del self.kept[next(iter(self.kept))]


COMPILED = Compiled()
"""What this process has compiled."""


@cache
def program() -> str:
    """Return a name for this program: another Python, Jinja or line of ours makes another."""
    digest = sha256(sys.version.encode())
    for file in _modules((*PROGRAM, Path(jinja2.__file__).parent)):
        state = file.stat()
        digest.update(f"{file.path}\0{state.st_size}\0{state.st_mtime_ns}\0".encode())
    return digest.hexdigest()[:32]


def _modules(folders: tuple[Path, ...]) -> Iterator[os.DirEntry[str]]:
    for folder in folders:
        for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
            if entry.name.endswith(".py"):
                yield entry


def _own_folder(folder: Path) -> Path | None:
    """Return `folder`, made if it is not there, None if others may write in it.

    When it is made, those of other programs go but for the latest; when it is full, its files.
    """
    if not folder.is_dir():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _remove_all_but_latest(folder.parent)
    elif sum(1 for _ in folder.iterdir()) >= MOST:
        _empty(folder)
    return folder if _is_ours(folder) else None


def _remove_all_but_latest(programs: Path) -> None:
    for other in _latest_first(programs)[PROGRAMS:]:
        shutil.rmtree(other, ignore_errors=True)


def _empty(folder: Path) -> None:
    for file in folder.iterdir():
        file.unlink()


def _is_ours(folder: Path) -> bool:
    """Return whether a folder belongs to this user, and no other may write in it."""
    state = folder.lstat()
    return os.name == "nt" or (state.st_uid == os.getuid() and not state.st_mode & 0o022)


def _latest_first(folder: Path) -> list[Path]:
    """Return what programs have kept in `folder`, the latest first."""
    named = [entry for entry in folder.iterdir() if _PROGRAM.fullmatch(entry.name)]
    return sorted(named, key=lambda entry: entry.lstat().st_mtime_ns, reverse=True)


def _read(bucket: Bucket, file: Path) -> None:
    """Give `bucket` the code in a file, unless that is not there, damaged or of another text."""
    try:
        bucket.bytecode_from_string(file.read_bytes())
    except Exception:  # noqa: BLE001 - whatever a damaged file brings about
        bucket.reset()


def _write(bucket: Bucket, file: Path) -> None:
    """Put the code of `bucket` into a file, in one step: others may read it."""
    beside = file.with_name(f"{file.name}.{os.getpid()}")
    beside.write_bytes(bucket.bytecode_to_string())
    beside.replace(file)
