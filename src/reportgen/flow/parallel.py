"""Runs many tasks over an executor, and gives their results in the order of the tasks.

Any `concurrent.futures.Executor` will do: processes of this machine, or the workers of a cluster.
Only so many tasks are handed over as keep the workers busy, so that memory does not grow with
their number. A worker that dies costs the tasks it had: those that went down with it are tried
again, each alone, so that it is known which of them it was.
"""

from __future__ import annotations

import gc
import os
import signal
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future, wait
from contextlib import suppress
from itertools import chain, count, islice
from threading import Thread
from typing import Generic, TypeVar

from reportgen.findings import Finding, finding
from reportgen.model.frozen import frozen
from reportgen.project.foreign_files import reason

T = TypeVar("T")
R = TypeVar("R")
A = TypeVar("A")

GROUPS_AHEAD = 3
"""So many groups of tasks a worker has been handed over: one at work, two to go on with."""

WATCHED_SECONDS = 5
"""So long a result is waited for before somebody looks whether there are workers still."""


@frozen
class Workers:
    """Who does the work: `start` returns an executor of so many workers, None is this process.

    `death` is the exception that says of a task that its worker died. `watch` is called while a
    result is waited for, every `WATCHED_SECONDS`; it raises `CancelledError` where none will come.
    """

    start: Callable[[int], Executor] | None
    count: int
    death: type[Exception] = BrokenExecutor
    watch: Callable[[], None] | None = None


def processes(jobs: int, tasks: int) -> Workers:
    """Return processes of this machine, `jobs` or one a core, no more than there are tasks."""
    count = min(jobs or cores(), tasks)
    return Workers(_started if count > 1 else None, count)


def cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _started(count: int) -> Executor:
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415 - one task needs none
    from multiprocessing import get_all_start_methods, get_context  # noqa: PLC0415 - as above

    # A copy of this process would have the locks of its threads, held by nobody.
    method = "forkserver" if "forkserver" in get_all_start_methods() else "spawn"
    habits = (gc.get_threshold(),)
    return ProcessPoolExecutor(count, get_context(method), _begin, habits)


def _begin(threshold: tuple[int, int, int]) -> None:
    """Leave Ctrl-C to the process that was started first, end with it, collect garbage as it."""
    gc.set_threshold(*threshold)
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

    `lost` returns the result of a task whose worker died, or ran out of memory, of an exception
    that says how. Groups of which each task `is_done` are no work: their results are taken here,
    and no worker is started for them.
    """

    def __init__(
        self,
        function: Callable[[T], R],
        lost: Callable[[T, Exception], R],
        workers: Workers,
        is_done: Callable[[T], bool] = lambda _: False,
    ) -> None:
        self.function = function
        self.lost = lost
        self.workers = workers
        self.is_done = is_done

    def results(self, groups: Iterable[Sequence[T]]) -> Generator[R]:
        """Yield the result of each task, in the order of the tasks.

        Raises `CancelledError` where there is nobody left to do them. Whoever takes no more of
        them closes it, while there are the workers.
        """
        start = self.workers.start
        if start is None:
            for group in groups:
                for task in group:
                    yield self._known(task, _attempted(self.function, task))
            return
        waiting = iter(groups)
        for first in waiting:
            yield from self._until_broken(start, chain((first,), waiting))

    def _until_broken(
        self, start: Callable[[int], Executor], waiting: Iterator[Sequence[T]]
    ) -> Iterator[R]:
        """Yield results until all is done, or an executor broke: with what was begun by then."""
        executor = start(self.workers.count)
        begun: deque[tuple[Sequence[T], Future[_Results[R]]]] = deque()
        is_whole, is_done = True, False
        try:
            while True:
                if is_whole:
                    for group in islice(waiting, self._ahead - len(begun)):
                        begun.append((group, self._begin(executor, group)))
                if not begun:
                    is_done = is_whole
                    return
                group, future = begun.popleft()
                try:
                    done = self._awaited(future)
                except BrokenExecutor:
                    is_whole = False
                    yield from self._each_alone(start, group)
                except self.workers.death:  # of this or of what its worker was to do after it
                    yield from self._each_alone(start, group)
                else:
                    yield from map(self._known, group, done)
        finally:
            for _, future in begun:
                future.cancel()
            executor.shutdown(wait=is_done)

    @property
    def _ahead(self) -> int:
        return self.workers.count * GROUPS_AHEAD

    def _known(self, task: T, result: R | _NoMemory) -> R:
        """Return the result of a task, for which a process may not have had the memory."""
        return self.lost(task, MemoryError()) if isinstance(result, _NoMemory) else result

    def _begin(self, executor: Executor, group: Sequence[T]) -> Future[_Results[R]]:
        """Return what will be the results of a group."""
        known: Future[_Results[R]] = Future()
        if all(map(self.is_done, group)):
            known.set_result(_done(self.function, group))
            return known
        try:
            return executor.submit(_done, self.function, group)
        except BrokenExecutor as error:  # a worker died while nobody was waiting for it
            known.set_exception(error)
            return known

    def _awaited(self, future: Future[A]) -> A:
        """Return the result of a future, watching over who should give it."""
        while self.workers.watch is not None and not future.done():
            wait([future], WATCHED_SECONDS)
            if not future.done():
                self.workers.watch()
        return future.result()

    def _each_alone(self, start: Callable[[int], Executor], group: Sequence[T]) -> Iterator[R]:
        """Yield the result of each task of a group by a worker of its own."""
        for task in group:
            executor = start(1)
            try:
                yield self._known(
                    task, self._awaited(executor.submit(_attempted, self.function, task))
                )
            except self.workers.death as error:
                yield self.lost(task, error)
            finally:
                executor.shutdown(wait=False)


def worker_lost(name: str, error: Exception) -> Finding:
    """Return J108: what `name` stands for was not done, since its worker died."""
    why = reason(error) if isinstance(error, MemoryError) else {"detail": "@ended"}
    return finding("J108", name=name, **why)


class _NoMemory:
    """Stands for the result of a task for which there was not enough memory."""


_Results = list[R | _NoMemory]


def _done(function: Callable[[T], R], group: Sequence[T]) -> _Results[R]:
    return [_attempted(function, task) for task in group]


def _attempted(function: Callable[[T], R], task: T) -> R | _NoMemory:
    """Return the result of a task; whoever asked for it is told where memory ran out."""
    if next(_TASKS) % TASKS_TO_TRIM == 0:
        _trim()
    try:
        return function(task)
    except MemoryError:
        return _NoMemory()


_TASKS = count(1)
TASKS_TO_TRIM = 16
"""After so many tasks a process gives back memory: what they left lies in holes that the next fill
less and less well, 40 MB after 100 reports. It takes 10 ms."""


def _trim() -> None:
    """Give the system what the C library keeps of memory that nobody uses, where it can (glibc)."""
    import ctypes  # noqa: PLC0415 - few tasks need none

    with suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)
