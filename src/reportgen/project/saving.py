"""Puts changed files in the place of the old ones, all of them or none, and durably.

They are written and synced beside their places, then renamed. A run killed between two renames
leaves every file whole, some of them old and some new; a folder that is new appears in one step.
"""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

from reportgen.findings import Finding, finding
from reportgen.model.source import SourceSpan

BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class StoppedHalfwayError(OSError):
    """The system refused to replace something, and then to put back what had been replaced.

    `filename` says where the old content is.
    """


def cannot_write(error: OSError, path: Path | str) -> Finding:
    """Return the finding that the system refused to write, at `path` where it names none itself."""
    code = "W202" if isinstance(error, StoppedHalfwayError) else "W201"
    where = os.fsdecode(path if error.filename is None else error.filename)
    return finding(code, SourceSpan("-", 0, 0), path=where, detail=error.strerror or str(error))


# Files and folders by themselves


def is_there(path: Path) -> bool:
    """Return whether something has that name; raises OSError where the system does not say.

    `Path.exists` takes a disk that does not answer for an answer.
    """
    try:
        path.lstat()
    except FileNotFoundError:
        return False
    return True


def write_new(path: Path, data: bytes) -> None:
    """Write a file that is not there yet, and wait until it is safe on the disk.

    An OSError names the file, which that of a full disk does not do by itself.
    """
    try:
        with path.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        error.filename = str(path)
        raise


def link_or_copy(source: Path, target: Path) -> None:
    """Give the file `source` a second name, or copy it where the file system has no such names.

    What is mounted at or above `source` is not copied: whoever moves it would be misled.
    """
    try:
        os.link(source, target)
    except OSError as error:
        if error.errno == errno.EXDEV:
            raise
        write_new(target, source.read_bytes())
        shutil.copystat(source, target)


def sync(folder: Path) -> None:
    """Wait until the names in `folder` are safe on the disk, where a system can be asked to."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


# Several files together


@dataclass(frozen=True, slots=True)
class _Replacement:
    """A file to be replaced: its place, and beside it the new content and the old, if any."""

    path: Path
    fresh: Path
    old: Path | None

    def undo(self) -> None:
        """Put back what was there, be it nothing; what has not taken its place stays where it is.

        Raises OSError if it cannot.
        """
        if is_there(self.fresh):
            return
        if self.old is None:
            self.path.unlink()
        else:
            self.old.replace(self.path)


def save(files: Mapping[Path, bytes]) -> None:
    """Make `files` the content of their paths, all or none; raises OSError if it cannot.

    All are written before the first takes its place; if one then cannot, the others are put back.
    A file that was there keeps its permissions, one that may not be written is refused, and what
    a symbolic link points to is replaced, not the link.
    """
    places = {Path(os.path.realpath(path)): data for path, data in files.items()}
    made: list[Path] = []
    staged: list[_Replacement] = []
    try:
        for path, data in places.items():
            _make_folders(path.parent, made)
            _stage(path, data, staged)
        _put_in_place(staged)
    except StoppedHalfwayError:
        raise  # what is left holds the old content
    except BaseException:
        _clear(staged)
        _remove_folders(made)
        raise
    _clear(staged)
    for folder in {each.parent for each in (*places, *made)}:
        with suppress(OSError):  # everything is in its place; only when it is safe is not known
            sync(folder)


def _make_folders(folder: Path, made: list[Path]) -> None:
    """Make `folder` and what it lacks above it; each is added to `made` as it is made."""
    missing = tuple(takewhile(lambda each: not is_there(each), (folder, *folder.parents)))
    for each in reversed(missing):
        each.mkdir(exist_ok=True)
        made.append(each)


def _remove_folders(made: Iterable[Path]) -> None:
    """Remove the folders that were made, as far as nothing stands in them."""
    for folder in reversed([*made]):
        with suppress(OSError):
            folder.rmdir()


def _stage(path: Path, data: bytes, staged: list[_Replacement]) -> None:
    """Write `data` beside `path`, with the permissions of the file there, which gets a name more.

    What is written is added to `staged` before the first byte is.
    """
    there = is_there(path)
    if there and not os.access(path, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
    fresh = path.with_name(f".{path.name}-{os.urandom(4).hex()}")
    old = fresh.with_name(f"{fresh.name}.old") if there else None
    staged.append(_Replacement(path, fresh, old))
    write_new(fresh, data)
    if old is not None:
        shutil.copymode(path, fresh)
        link_or_copy(path, old)


def _put_in_place(staged: Iterable[_Replacement]) -> None:
    """Let each take its place; if one cannot, put all back."""
    begun: list[_Replacement] = []
    try:
        for each in staged:
            begun.append(each)
            each.fresh.replace(each.path)
    except BaseException as error:
        _put_back(begun, error)
        raise


def _put_back(begun: Iterable[_Replacement], error: BaseException) -> None:
    """Put back what was there; raises StoppedHalfwayError where the system refuses that too."""
    stuck: list[str] = []
    for each in begun:
        try:
            each.undo()
        except OSError:
            stuck.append(str(each.old or each.path))
    if stuck:
        number = error.errno if isinstance(error, OSError) else None
        raise StoppedHalfwayError(number or errno.EINTR, str(error), "、".join(stuck)) from error


def _clear(staged: Iterable[_Replacement]) -> None:
    """Remove what was written beside the places, as far as that can be."""
    for each in staged:
        for left in filter(None, (each.fresh, each.old)):
            with suppress(OSError):
                left.unlink(missing_ok=True)


def save_texts(root: Path, texts: Mapping[str, str]) -> None:
    """Save `texts` by path under `root`, with the line ends and byte order mark they had."""
    save({root / path: _as_before(root / path, text) for path, text in texts.items()})


def _as_before(path: Path, text: str) -> bytes:
    old = path.read_bytes() if path.exists() else b""
    if b"\r\n" in old:
        text = text.replace("\n", "\r\n")
    start = BYTE_ORDER_MARK if old.startswith(BYTE_ORDER_MARK) else b""
    return start + text.encode()


# A new folder


def save_folder(folder: Path, texts: Mapping[str, str]) -> None:
    """Make `folder`, which is not there yet, with `texts` by path below it, in one step.

    Raises OSError if it cannot.
    """
    made: list[Path] = []
    try:
        _make_folders(folder.parent, made)
        with tempfile.TemporaryDirectory(
            prefix=f".{folder.name}-", dir=folder.parent, ignore_cleanup_errors=True
        ) as name:
            stage = Path(name, folder.name)
            for path, text in texts.items():
                file = stage / path
                file.parent.mkdir(parents=True, exist_ok=True)
                write_new(file, text.encode())
            for each in (stage, *filter(Path.is_dir, stage.rglob("*"))):
                sync(each)
            stage.rename(folder)
    except BaseException:
        _remove_folders(made)
        raise
    with suppress(OSError):  # the folder is in its place; only when it is safe is not known
        sync(folder.parent)
