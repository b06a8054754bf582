"""Many tasks by several workers: all results, in order, and a worker that dies costs its task."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import CancelledError, Executor, Future
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from real_report import ROOT
from reportgen.flow import parallel
from reportgen.flow.parallel import (
    GROUPS_AHEAD,
    TASKS_TO_TRIM,
    ParallelRun,
    Workers,
    processes,
    worker_lost,
)

KILLED = "killed"


def square_unless_negative(number):
    """Return the square; a negative number ends the process that works on it."""
    if number < 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return number * number


def squares(groups, count):
    workers = Workers(processes(count, count).start, count)
    run = ParallelRun(square_unless_negative, lambda number, _: (KILLED, number), workers)
    return list(run.results(groups))


class LaterExecutor(Executor):
    """Does a task when its result is asked for; fails on those in `deadly` as a pool does."""

    def __init__(self, handed, deadly=frozenset()):
        self.handed = handed
        self.deadly = deadly
        self.broken = False

    def submit(self, function, /, *arguments):
        self.handed.append(arguments[-1])
        if self.broken:
            raise BrokenProcessPool
        executor = self

        class Later(Future):
            def result(self, timeout=None):  # noqa: ARG002
                values = arguments[-1] if isinstance(arguments[-1], tuple) else (arguments[-1],)
                if executor.broken or executor.deadly.intersection(values):
                    executor.broken = True
                    raise BrokenProcessPool
                return function(*arguments)

        return Later()


groups_of_numbers = st.lists(st.lists(st.integers(0, 50), max_size=3).map(tuple), max_size=20)


@settings(max_examples=60, deadline=None)
@given(groups_of_numbers, st.sets(st.integers(0, 50), max_size=4), st.integers(1, 4))
def test_each_task_has_one_result_in_its_place_whatever_dies(groups, deadly, count):
    start = lambda _: LaterExecutor([], deadly)  # noqa: E731
    run = ParallelRun(lambda n: n * n, lambda n, _: (KILLED, n), Workers(start, count))
    expected = []
    for group in groups:
        expected += [(KILLED, n) if n in deadly else n * n for n in group]
    assert list(run.results(groups)) == expected


def test_processes_give_results_in_the_order_of_the_tasks():
    assert squares([(3,), (1, 2), (), (5,)], 2) == [9, 1, 4, 25]


def test_a_killed_process_costs_its_task_alone():
    found = squares([(1,), (2, -3, 4), (5,), (6,), (-7,), (8,)], 2)
    assert found == [1, 4, (KILLED, -3), 16, 25, 36, (KILLED, -7), 64]


def test_only_so_many_tasks_are_handed_over_as_keep_workers_busy():
    handed = []
    start = lambda _: LaterExecutor(handed)  # noqa: E731
    run = ParallelRun(abs, lambda *_: None, Workers(start, 2))
    results = run.results((n,) for n in range(1000))
    for done in range(1, 100):
        next(results)
        assert len(handed) < done + 2 * GROUPS_AHEAD
    results.close()


def test_groups_that_are_done_come_in_their_turn_and_no_worker_gets_them():
    handed = []
    start = lambda _: LaterExecutor(handed)  # noqa: E731
    workers = Workers(start, 2)
    run = ParallelRun(abs, lambda *_: None, workers, is_done=lambda number: number < 0)
    assert list(run.results([(-1,), (2,), (-3, -4), (-5, 6)])) == [1, 2, 3, 4, 5, 6]
    assert handed == [(2,), (-5, 6)]


def test_a_process_gives_memory_back_after_some_tasks(monkeypatch):
    given = []
    monkeypatch.setattr(parallel, "_trim", lambda: given.append(1))
    run = ParallelRun(abs, lambda *_: None, Workers(None, 1))
    assert list(run.results((n,) for n in range(4 * TASKS_TO_TRIM))) == [*range(4 * TASKS_TO_TRIM)]
    assert len(given) == 4


def test_memory_is_given_back_or_nothing_happens_where_it_cannot_be(monkeypatch):
    kept = []
    library = SimpleNamespace(malloc_trim=kept.append)
    monkeypatch.setattr(ctypes, "CDLL", lambda _: library)
    parallel._trim()
    assert kept == [0]
    monkeypatch.setattr(ctypes, "CDLL", lambda _: object())
    parallel._trim()
    assert kept == [0]


def test_no_more_processes_start_than_there_are_tasks_or_were_asked_for():
    assert [processes(8, 3).count, processes(2, 3).count, processes(0, 1).count] == [3, 2, 1]


def test_a_lost_worker_is_told_by_what_it_did():
    problem = worker_lost("huaihua/2023/department", BrokenProcessPool("gone"))
    assert (problem.code, problem.params["name"], problem.params["detail"]) == (
        "J108",
        "huaihua/2023/department",
        "@ended",  # what the pool says of it is English, and no more
    )
    assert worker_lost("x", MemoryError()).params["detail"] == "@no_memory"


SLOW = """
import os, sys, time
from reportgen.flow.parallel import ParallelRun, processes
def sleep(number):
    os.write(1, f"{os.getpid()}\\n".encode())
    time.sleep(60)
if __name__ == "__main__":
    list(ParallelRun(sleep, print, processes(2, 2)).results([(1,), (2,)]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no signals")
def test_workers_end_with_the_process_that_started_them(tmp_path):
    script = tmp_path / "slow.py"
    script.write_text(SLOW)
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    with subprocess.Popen(
        [sys.executable, script], stdout=subprocess.PIPE, text=True, env=environment
    ) as run:
        workers = [int(run.stdout.readline()) for _ in range(2)]
        run.kill()
    assert all(map(ends, workers))


def ends(pid):
    """Return whether a process ends within ten seconds."""
    for _ in range(100):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        if b") Z " in Path(f"/proc/{pid}/stat").read_bytes():
            return True
        time.sleep(0.1)
    return False


def test_a_run_that_is_given_up_waits_for_no_task(monkeypatch):
    asked = []

    class Waiting(Executor):
        def submit(self, _function, /, *_arguments):
            return Future()  # of a cluster without workers: never done

        def shutdown(self, wait=True, *, cancel_futures=False):  # noqa: ARG002
            asked.append(wait)

    def give_up():
        raise CancelledError

    workers = Workers(lambda _: Waiting(), 1, watch=give_up)
    monkeypatch.setattr(parallel, "WATCHED_SECONDS", 0)
    with pytest.raises(CancelledError):
        list(ParallelRun(abs, lambda *_: None, workers).results([(1,), (2,)]))
    assert asked == [False]
