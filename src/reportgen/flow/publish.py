"""Publish: change a unit's folder of builds in one step, or leave everything as it was.

What a public report shows and the record of what it keeps back stand in two folders of one unit
and must agree. So the whole folder of the unit is made anew beside the old one, what does not
change under further names of the same files, and takes its place in one step: that is the moment
at which everything is published. See docs/adr/008.
"""

from __future__ import annotations

import ctypes
import errno
import hashlib
import json
import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from glob import escape
from pathlib import Path
from typing import Any, Protocol

from reportgen.model.frozen import frozen
from reportgen.project.foreign_files import read_json
from reportgen.project.saving import (
    StoppedHalfwayError,
    is_there,
    link_or_copy,
    sync,
    sync_all,
    write_new,
)

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

MANIFEST = "manifest.json"
_NEW, _OLD, _LOCK, _LEFT = "publish-new", "publish-old", "publish-lock", "publish-left"
"""Endings of the hidden names beside a unit's folder: the one being made, the one set aside
where names cannot be exchanged, the lock of the run that publishes, and what could not be removed,
being another user's, say."""
_AT_FDCWD, _EXCHANGE = -100, 2


@frozen
class FolderChange:
    """The files, by name, that a report has from now on in a folder, the only ones of its name.

    `about` becomes its entry in the folder's manifest.json, with the hashes of the files.
    """

    folder: str
    report: str
    files: Mapping[str, bytes]
    about: Mapping[str, Any]


class Publisher(Protocol):
    """What makes changes in a unit's folder of builds, or keeps them for who will."""

    def __call__(self, builds: Path, /, *changes: FolderChange) -> None:
        """Take all `changes` in one step, or raise OSError with none of them made."""


def publish(builds: Path, *changes: FolderChange) -> None:
    """Make all `changes` in `builds`, a unit's folder of builds, in one step.

    Raises OSError if it cannot, and then nothing has changed; after StoppedHalfwayError the
    folder waits beside its place, for the next command to put it there. Whatever else stands in
    the folder is kept.
    """
    with replaced(builds) as (place, new):
        _fill(new, place, changes)


@contextmanager
def replaced(folder: Path) -> Iterator[tuple[Path, Path]]:
    """Let a new folder take the place of `folder` in one step, held against other runs.

    Yields the real path of `folder` and that at which the new one is to be made, safe on the disk.
    Where none is made, or an error is raised, all stays as it was; errors are as of `publish`.
    """
    with alone(folder) as place:
        new = _beside(place, _NEW)
        try:
            yield place, new
            if is_there(new):
                _swap(new, place)
        except StoppedHalfwayError:
            raise
        except BaseException as error:
            with suppress(OSError):
                _mend(place)
            if isinstance(error, OSError):
                _name_final(error, new, place)
            raise
        with suppress(OSError):  # the next run tries again
            _discard(place)


def _name_final(error: OSError, new: Path, builds: Path) -> None:
    """Let an error that names something in `new` name it as it was to be published."""
    name = os.fsdecode(builds if error.filename is None else error.filename)
    error.filename = name.replace(str(new), str(builds), 1)


def digests(files: Mapping[str, bytes]) -> dict[str, str]:
    """Return the SHA-256 of each of `files` by name."""
    return {name: hashlib.sha256(data).hexdigest() for name, data in sorted(files.items())}


# The folder that is to be


def _refuse_other_than_folder(path: Path) -> None:
    """Raise NotADirectoryError for a file or a link where a folder belongs."""
    if is_there(path) and (path.is_symlink() or not path.is_dir()):
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(path))


def _fill(new: Path, builds: Path, changes: tuple[FolderChange, ...]) -> None:
    """Make `new` with what `builds` holds and the changes; wait until it is safe on the disk."""
    new.mkdir()
    for path in (builds, *(builds / change.folder for change in changes)):
        _refuse_other_than_folder(path)
    if is_there(builds):
        _keep(builds, new)
    for change in changes:
        _change(new / change.folder, change)
    sync_all(new)


def _keep(source: Path, target: Path) -> None:
    """Give all that stands in the folder `source` a name in `target`, and that its permissions."""
    for entry in sorted(source.iterdir()):
        place = target / entry.name
        if entry.is_symlink():
            place.symlink_to(entry.readlink())
        elif entry.is_dir():
            place.mkdir()
            _keep(entry, place)
        else:
            link_or_copy(entry, place)
    shutil.copystat(source, target)


def _change(folder: Path, change: FolderChange) -> None:
    """Put the files of a change in the place of those of its report, and its entry in the manifest.

    No file is written over, since it has a name in the folder that is published still.
    """
    folder.mkdir(exist_ok=True)
    manifest = _read_manifest(folder)
    manifest.pop(change.report, None)
    for file in _files_of(change.report, folder, manifest):
        file.unlink()
    for name, data in change.files.items():
        write_new(folder / name, data)
    manifest[change.report] = {**change.about, "outputs": digests(change.files)}
    text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    (folder / MANIFEST).unlink(missing_ok=True)
    write_new(folder / MANIFEST, text.encode())


def _read_manifest(folder: Path) -> dict[str, Any]:
    """Return the entries of the manifest by report; one that is lost or damaged holds none.

    One that cannot be read now raises OSError: to go on would lose what it says of other reports.
    """
    try:
        found = read_json(folder / MANIFEST)
    except (FileNotFoundError, ValueError):
        return {}
    entries = found.items() if isinstance(found, dict) else ()
    return {n: e for n, e in entries if isinstance(e, dict) and isinstance(e.get("outputs"), dict)}


def _files_of(report: str, folder: Path, others: Mapping[str, Any]) -> Iterator[Path]:
    """Yield the files of `report` in `folder`, of whose reports `others` is the manifest.

    They are told by their names, which hold even where the manifest is lost; those that it counts
    among another report's, `report.x` say, are not.
    """
    named: set[str] = set()
    for entry in others.values():
        named.update(entry["outputs"])
    for file in sorted(folder.iterdir()):
        is_folder = file.is_dir() and not file.is_symlink()
        if file.name.startswith(f"{report}.") and file.name not in named and not is_folder:
            yield file


# The step


def _swap(new: Path, builds: Path) -> None:
    """Put `new` in the place of `builds`; what was there has the name `new` afterwards."""
    if not is_there(builds):
        new.rename(builds)
    elif not _exchange(new, builds):
        _rename_in_turn(new, builds)
    with suppress(OSError):  # the folder is in its place; only when it is safe is not known
        sync(builds.parent)


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two names in one step where the system can (Linux, macOS); say if it did."""
    names = os.fsencode(one), os.fsencode(other)
    try:
        library = ctypes.CDLL(None, use_errno=True)
        if sys.platform == "darwin":
            return bool(library.renamex_np(*names, _EXCHANGE) == 0)
        at = _AT_FDCWD
        return bool(library.renameat2(at, names[0], at, names[1], _EXCHANGE) == 0)
    except (OSError, AttributeError, TypeError):
        return False


def _rename_in_turn(new: Path, builds: Path) -> None:
    """Exchange two names by three renames; `_mend` goes on after the first, whatever stops it."""
    old = _beside(builds, _OLD)
    builds.rename(old)
    try:
        new.rename(builds)
    except OSError as error:
        try:
            old.rename(builds)
        except OSError as refusal:
            path = f"{old}、{new}"
            raise StoppedHalfwayError(refusal.errno, refusal.strerror, path) from error
        raise
    with suppress(OSError):  # the next run does it
        old.rename(new)


# What a killed run leaves


def mend(builds: Path) -> None:
    """Complete, or undo, what a killed run began to publish in `builds`; a reader calls this first.

    Where nothing may be written it is left as it is.
    """
    place = Path(os.path.realpath(builds))
    with suppress(OSError):
        if any(is_there(_beside(place, ending)) for ending in (_NEW, _OLD, _LOCK)):
            with alone(place):
                pass


def mend_around(path: Path) -> None:
    """Mend the folders of units in and below which `path` stands, and those one or two below it."""
    place = Path(os.path.realpath(path))
    for builds in (place, *place.parents[:2]):
        if builds.name:  # nothing is beside the root of all files
            mend(builds)
    with suppress(OSError):  # what may not be looked at is nobody's to mend
        for left in {*place.glob(".*.publish-*"), *place.glob("*/.*.publish-*")}:
            mend(left.with_name(left.name[1:].rpartition(".")[0]))


@contextmanager
def alone(builds: Path) -> Iterator[Path]:
    """Hold the folder of a unit, mended, against other runs that publish; yield its real path."""
    place = Path(os.path.realpath(builds))
    place.parent.mkdir(parents=True, exist_ok=True)
    lock = _beside(place, _LOCK)
    try:
        handle = _locked(lock)
    except OSError as error:
        error.filename = str(place.parent)
        raise
    try:
        _mend(place)
        yield place
    finally:
        with suppress(OSError):
            lock.unlink()
        with suppress(OSError):
            os.close(handle)


def _locked(lock: Path) -> int:
    """Return a handle of the file `lock`, held by nobody else; whoever lets go of it removes it."""
    while True:
        handle = os.open(lock, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            _wait_for(handle)
            if os.path.samestat(os.fstat(handle), lock.stat()):
                return handle
        except FileNotFoundError:
            pass
        except BaseException:
            os.close(handle)
            raise
        os.close(handle)


def _wait_for(handle: int) -> None:
    """Wait until nobody else holds the file of `handle`; the system lets go when a run ends."""
    if sys.platform == "win32":
        msvcrt.locking(handle, msvcrt.LK_LOCK, 1)
    else:
        fcntl.flock(handle, fcntl.LOCK_EX)


def _beside(builds: Path, ending: str) -> Path:
    return builds.with_name(f".{builds.name}.{ending}")


def _mend(builds: Path) -> None:
    """Leave nothing beside `builds` of what a run began: from its first rename on it is completed.

    Raises OSError if it cannot; so too where somebody else made the folder that was missing.
    """
    new, old = _beside(builds, _NEW), _beside(builds, _OLD)
    if is_there(old):
        whole = new if is_there(new) else old
        if not is_there(builds):
            whole.rename(builds)
        elif whole is new:
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(builds))
    if is_there(old):
        old.rename(new)
    _discard(builds)


def _discard(builds: Path) -> None:
    """Remove what has the name of the folder being made; what cannot be gets out of the way.

    Raises OSError if it cannot.
    """
    new = _beside(builds, _NEW)
    for tree in (new, *builds.parent.glob(f"{escape(_beside(builds, _LEFT).name)}-*")):
        _remove(tree)
    if is_there(new):
        new.rename(_beside(builds, f"{_LEFT}-{os.urandom(4).hex()}"))


def _remove(tree: Path) -> None:
    """Remove a folder and all in it as far as that can be, read-only folders too."""
    for folder, _, _ in os.walk(tree):
        with suppress(OSError):
            Path(folder).chmod(0o700)
    with suppress(OSError):  # of a few calls rmtree does not ignore the errors
        shutil.rmtree(tree, ignore_errors=True)
