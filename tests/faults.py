"""Faults of the system, put into this process: a call fails with an error, or kills it.

What is faulted are the functions of `os` that change or read a folder, the opening of files, each
write to one, and the exchange of two names. `tried` counts them, so that a test can go through all.
"""

from __future__ import annotations

import errno
import io
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Self
from unittest.mock import patch

from reportgen.flow import publish

CALLS = (
    *("open", "mkdir", "rename", "replace", "link", "symlink", "unlink", "rmdir", "remove"),
    *("fsync", "chmod", "utime", "scandir", "listdir", "readlink", "stat", "lstat", "fstat"),
)
ERRORS = ("ENOSPC", "EIO", "EACCES", "EROFS", "EMFILE")
NEVER = 1 << 30


class Faults:
    """Counts the calls, and lets those from the `first` on fail, `count` of them."""

    def __init__(self, act: Callable[[str], None], first: int, count: int = 1) -> None:
        self.act, self.first, self.count = act, first, count
        self.tried: list[str] = []

    def call(self, name: str) -> None:
        """Count a call; it fails if it is its turn."""
        self.tried.append(name)
        if self.first <= len(self.tried) < self.first + self.count:
            self.act(name)

    def wrap(self, name: str, function: Callable[..., object]) -> Callable[..., object]:
        def called(*arguments: object, **options: object) -> object:
            self.call(name)
            return function(*arguments, **options)

        return called


class _File:
    """A file open for writing, of which a write, a flush or the closing may fail."""

    def __init__(self, file: io.IOBase, faults: Faults) -> None:
        self._file, self._faults = file, faults

    def __getattr__(self, name: str) -> object:
        return getattr(self._file, name)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_reason: object) -> None:
        self._file.close()
        self._faults.call("close")

    def write(self, data: bytes) -> int:
        """Write half, then what is left: a disk fills up, a process dies, in the middle."""
        middle = len(data) // 2
        self._file.write(data[:middle])
        self._file.flush()
        self._faults.call("write")
        return middle + self._file.write(data[middle:])


def fails(name: str) -> Callable[..., None]:
    """Return a fault that raises the error of that name."""
    number = getattr(errno, name)

    def act(*_arguments: object, **_options: object) -> None:
        raise OSError(number, os.strerror(number))

    return act


def kills(_call: str) -> None:
    """End this process as SIGKILL does."""
    os.kill(os.getpid(), signal.SIGKILL)


@contextmanager
def faulty(faults: Faults, *, exchange: bool = True) -> Iterator[Faults]:
    """Let calls of this process run through `faults`; without `exchange` as on other systems."""
    really_open, really_exchange = io.open, publish._exchange

    def opened(file: object, mode: str = "r", *arguments: object, **options: object) -> object:
        faults.call("open")
        handle = really_open(file, mode, *arguments, **options)  # type: ignore[call-overload]
        return _File(handle, faults) if set(mode) & set("wxa+") else handle

    def exchanged(one: object, other: object) -> bool:
        try:
            faults.call("exchange")
        except OSError:
            return False
        return exchange and really_exchange(one, other)

    patches = [patch.object(os, name, faults.wrap(name, getattr(os, name))) for name in CALLS]
    patches += [patch.object(io, "open", opened), patch.object(publish, "_exchange", exchanged)]
    for each in patches:
        each.start()
    try:
        yield faults
    finally:
        for each in patches:
            each.stop()


def killed_at(step: int, work: Callable[[], object], *, exchange: bool = True) -> bool:
    """Do `work` in a fork that is killed at its `step`-th call; return whether it was."""
    child = os.fork()
    if not child:
        with suppress(BaseException), faulty(Faults(kills, step), exchange=exchange):
            work()
            os._exit(0)
        os._exit(1)
    _, status = os.waitpid(child, 0)
    assert not os.WIFEXITED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)
