"""Runs many tasks over an executor, and gives their results in the order of the tasks.

Any `concurrent.futures.Executor` will do: processes of this machine, or the workers of a cluster.
Only so many tasks are handed over as keep the workers busy, so that memory does not grow with
their number. A worker that dies costs the tasks it had: those that went down with it are tried
again, each alone, so that it is known which of them it was.
"""

from __future__ import annotations

import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future
from itertools import chain, islice
from threading import Thread
from typing import Generic, TypeVar

from reportgen.findings import Finding, finding
from reportgen.model.frozen import frozen

T = TypeVar("T")
R = TypeVar("R")

GROUPS_AHEAD = 3
"""So many groups of tasks a worker has been handed over: one at work, two to go on with."""


@frozen
class Workers:
    """Who does the work: `start` returns an executor of so many workers."""

    start: Callable[[int], Executor]
    count: int


def processes(jobs: int, tasks: int) -> Workers:
    """Return processes of this machine, `jobs` or one a core, no more than there are tasks."""
    return Workers(_started, min(jobs or cores(), tasks))


def cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _started(count: int) -> Executor:
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415 - one task needs none

    return ProcessPoolExecutor(count, initializer=_begin)


def _begin() -> None:
    """Leave Ctrl-C to the process that was started first, and end with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    from multiprocessing import parent_process  # noqa: PLC0415 - there by now

    parent = parent_process()
    if parent is not None:
        parent.join()
    os.kill(os.getpid(), signal.SIGTERM)


class ParallelRun(Generic[T, R]):
    """A function over groups of tasks. A group is done by one worker, in order.

    `lost` returns the result of a task whose worker died, of an exception that says how.
    """

    def __init__(
        self,
        function: Callable[[T], R],
        lost: Callable[[T, Exception], R],
        workers: Workers,
    ) -> None:
        self.function = function
        self.lost = lost
        self.workers = workers

    def results(self, groups: Iterable[Sequence[T]]) -> Iterator[R]:
        """Yield the result of each task, in the order of the tasks.

        One worker is this process itself.
        """
        if self.workers.count < 2:
            for group in groups:
                yield from map(self.function, group)
            return
        waiting = iter(groups)
        for first in waiting:
            yield from self._until_broken(chain((first,), waiting))

    def _until_broken(self, waiting: Iterator[Sequence[T]]) -> Iterator[R]:
        """Yield results until all is done, or a worker died: with what was begun by then."""
        executor = self.workers.start(self.workers.count)
        begun: deque[tuple[Sequence[T], Future[list[R]]]] = deque()
        is_whole = True
        try:
            while True:
                if is_whole:
                    for group in islice(waiting, self._ahead - len(begun)):
                        begun.append((group, self._begin(executor, group)))
                if not begun:
                    return
                group, future = begun.popleft()
                try:
                    done = future.result()
                except BrokenExecutor:
                    is_whole = False
                    yield from self._each_alone(group)
                else:
                    yield from done
        finally:
            executor.shutdown(wait=is_whole, cancel_futures=True)

    @property
    def _ahead(self) -> int:
        return self.workers.count * GROUPS_AHEAD

    def _begin(self, executor: Executor, group: Sequence[T]) -> Future[list[R]]:
        """Return what will be the results of a group."""
        try:
            return executor.submit(_done, self.function, group)
        except BrokenExecutor as error:  # a worker died while nobody was waiting for it
            failed: Future[list[R]] = Future()
            failed.set_exception(error)
            return failed

    def _each_alone(self, group: Sequence[T]) -> Iterator[R]:
        """Yield the result of each task of a group by a worker of its own."""
        for task in group:
            executor = self.workers.start(1)
            try:
                yield executor.submit(self.function, task).result()
            except BrokenExecutor as error:
                yield self.lost(task, error)
            finally:
                executor.shutdown(wait=False, cancel_futures=True)


def worker_lost(name: str, error: Exception) -> Finding:
    """Return J108: what `name` stands for was not done, since its worker died."""
    return finding("J108", name=name, detail=str(error) or type(error).__name__)


def _done(function: Callable[[T], R], group: Sequence[T]) -> list[R]:
    return [function(task) for task in group]
