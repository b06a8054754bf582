"""Puts changed files in the place of the old ones, all of them or none, and durably.

They are written and synced beside their places, then renamed. A run killed between two renames
leaves every file whole, some of them old and some new, and the same command run again completes
them; a folder that is new appears in one step.
"""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
from collections.abc import Iterable, Mapping
from contextlib import suppress
from glob import escape
from itertools import takewhile
from pathlib import Path

from reportgen.findings import Finding, finding
from reportgen.model.frozen import frozen
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


def sync_all(tree: Path) -> None:
    """Wait until the names in a folder and in those below it are safe on the disk."""

    def refuse(error: OSError) -> None:
        raise error

    for folder, _, _ in os.walk(tree, onerror=refuse):
        sync(Path(folder))


def sync_disk(folder: Path) -> None:
    """Wait until all that was written to the disk of `folder` is safe on it.

    For many thousand files this is a hundredth of the time that each by itself takes.
    """
    if os.name == "nt":
        return
    library = ctypes.CDLL(None, use_errno=True)
    if not hasattr(library, "syncfs"):
        os.sync()
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        if library.syncfs(handle):
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number), str(folder))
    finally:
        os.close(handle)


# Several files together


@frozen
class _Replacement:
    """A file to be replaced, or a new one or a new folder: its place, and beside it two names.

    `fresh` is what is to be there, `old` what is there now, if anything.
    """

    path: Path
    fresh: Path
    old: Path | None = None

    def take_place(self) -> None:
        """Put the new content in its place; an OSError names that."""
        try:
            self.fresh.replace(self.path)
        except OSError as error:
            error.filename = str(self.path)
            raise

    def undo(self) -> None:
        """Put back what was there, be it nothing; raises OSError if it cannot."""
        if self.old is None:
            self.path.replace(self.fresh)
        else:
            self.old.replace(self.path)

    def clear(self) -> None:
        """Remove what stands beside the place, as far as that can be."""
        for left in filter(None, (self.fresh, self.old)):
            _remove(left)


def save(files: Mapping[Path, bytes]) -> None:
    """Make `files` the content of their paths, all or none; raises OSError if it cannot.

    All are written before the first takes its place; if one then cannot, the others are put back.
    A folder that is not there yet takes its place with all its files. A file that was there keeps
    its permissions, one that may not be written is refused, and what a symbolic link points to is
    replaced, not the link.
    """
    staged: dict[Path, _Replacement] = {}
    try:
        for path, data in files.items():
            _stage(Path(os.path.realpath(path)), data, staged)
        for folder in filter(Path.is_dir, (each.fresh for each in staged.values())):
            sync_all(folder)
        _put_in_place(staged.values())
    except StoppedHalfwayError:
        raise  # what is left holds the old content
    except BaseException:
        _clear(staged.values())
        raise
    _clear(staged.values())
    for folder in {path.parent for path in staged}:
        with suppress(OSError):  # everything is in its place; only when it is safe is not known
            sync(folder)


def _stage(path: Path, data: bytes, staged: dict[Path, _Replacement]) -> None:
    """Write `data` beside `path`, or beside the highest folder above it that there is not.

    What is written is in `staged`, by what is to be there, before the first byte is. An OSError
    names `path`.
    """
    try:
        missing = [*takewhile(lambda folder: not is_there(folder), path.parents)]
        if missing:
            top = missing[-1]
            if top not in staged:
                staged[top] = _Replacement(top, _beside(top))
            file = staged[top].fresh / path.relative_to(top)
            file.parent.mkdir(parents=True, exist_ok=True)
            write_new(file, data)
        else:
            _stage_file(path, data, staged)
    except OSError as error:
        error.filename = str(path)
        raise


def _refuse_unwritable(path: Path) -> None:
    """Raise OSError for what is no file, or one that may not be written."""
    if not path.is_file():  # a folder, a device, a pipe
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))
    if not os.access(path, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))


def _stage_file(path: Path, data: bytes, staged: dict[Path, _Replacement]) -> None:
    """Write `data` beside `path`; the file there lends its permissions and gets a name more."""
    there = is_there(path)
    if there:
        _refuse_unwritable(path)
    fresh = _beside(path)
    old = fresh.with_name(f"{fresh.name}.old") if there else None
    staged[path] = _Replacement(path, fresh, old)
    write_new(fresh, data)
    if old is not None:
        shutil.copymode(path, fresh)
        link_or_copy(path, old)


def _beside(path: Path) -> Path:
    """Return a hidden name beside `path` that nothing has.

    What a killed run made there and did not put in its place is removed, with the second name of
    what it was to replace; a second name alone may be all there is of something.
    """
    name = f".{path.name}.saving-"
    for left in path.parent.glob(f"{escape(name)}" + "[0-9a-f]" * 8):
        _remove(left.with_name(f"{left.name}.old"))
        _remove(left)
    return path.with_name(f"{name}{os.urandom(4).hex()}")


def _remove(path: Path) -> None:
    """Remove a file or a folder, as far as that can be."""
    with suppress(OSError):  # a file is not removed by this, a folder not by the next
        shutil.rmtree(path, ignore_errors=True)
    with suppress(OSError):
        path.unlink(missing_ok=True)


def _put_in_place(staged: Iterable[_Replacement]) -> None:
    """Let each take its place; if one cannot, put back those that had."""
    done: list[_Replacement] = []
    try:
        for each in staged:
            each.take_place()
            done.append(each)
    except OSError as error:
        _put_back(done, error)
        raise


def _put_back(done: Iterable[_Replacement], error: OSError) -> None:
    """Put back what was there; raises StoppedHalfwayError where the system refuses that too."""
    stuck: list[str] = []
    for each in done:
        try:
            each.undo()
        except OSError:
            stuck.append(str(each.old or each.path))
    if stuck:
        raise StoppedHalfwayError(error.errno, error.strerror, "、".join(stuck)) from error


def _clear(staged: Iterable[_Replacement]) -> None:
    for each in staged:
        each.clear()


def save_texts(
    root: Path, texts: Mapping[str, str], more: Mapping[str, bytes] | None = None
) -> None:
    """Save `texts` by path under `root`, with the line ends and byte order mark they had.

    `more` are files that are no texts, saved with them.
    """
    pages = {root / path: data for path, data in (more or {}).items()}
    for path, text in texts.items():
        pages[root / path] = _as_before(root / path, text)
    save(pages)


def _as_before(path: Path, text: str) -> bytes:
    old = path.read_bytes() if path.exists() else b""
    if b"\r\n" in old:
        text = text.replace("\n", "\r\n")
    start = BYTE_ORDER_MARK if old.startswith(BYTE_ORDER_MARK) else b""
    return start + text.encode()
