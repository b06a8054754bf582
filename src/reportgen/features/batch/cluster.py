"""The workers of a Dask cluster as an executor: who they are, and whether they build the same."""

from __future__ import annotations

import asyncio
import logging
import tempfile
from collections.abc import Awaitable, Callable, Iterator, Mapping
from concurrent.futures import CancelledError, Executor, Future
from contextlib import contextmanager, suppress
from functools import partial
from multiprocessing import current_process
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from reportgen.features.batch.environment import differences, environment, environment_hash
from reportgen.findings import Diagnostics, Finding, finding
from reportgen.flow.parallel import WATCHED_SECONDS, Workers
from reportgen.model.frozen import frozen

if TYPE_CHECKING:
    from distributed import Client

P = ParamSpec("P")
R = TypeVar("R")

SECONDS_TO_ANSWER = 10
"""So long a scheduler may take to answer, and workers to come."""
SECONDS_TO_COMPARE = 60
"""So long workers may take to say what they build with: each imports the program for it."""
PATIENCE = 60
"""So many seconds without any worker, or answer, are borne: others may come in their place."""


@contextmanager
def cluster(address: str, log: Diagnostics) -> Iterator[Workers | None]:
    """Yield the workers of the cluster whose scheduler has an address (`tcp://host:8786`).

    None with J109 where nobody answers there or has workers; with J110 for each worker that would
    not give the same bytes, with J111 for one that does several tasks at a time in one process.
    Workers that come later and differ do nothing: J110 tells of them in the end, as a warning.
    """
    from distributed import KilledWorker  # noqa: PLC0415 - an extra

    _hush()
    client = _connected(address, log)
    if client is None:
        yield None
        return
    refused: Refused = {}
    try:
        count = _usable(client, address, log)
        if log.blocked:
            yield None
            return
        start = partial(_ClusterExecutor, client, refused)
        yield Workers(start, count, KilledWorker, _Watch(client, refused).look)
    finally:
        for worker, other in refused.items():
            log.extend(differences(worker, other, severity="warning"))
        with suppress(OSError, TimeoutError):  # who does not answer need not be told
            client.close(timeout=SECONDS_TO_ANSWER)  # type: ignore[no-untyped-call]


def _connected(address: str, log: Diagnostics) -> Client | None:
    """Return a client of the scheduler at an address, or None with J109 where there is none.

    Who is there is asked before: a client waits for ever where nobody says anything, takes what a
    web server says for the size of a message, and fails once more when it is closed.
    """
    from distributed import Client  # noqa: PLC0415 - an extra

    try:
        if asyncio.run(asyncio.wait_for(_kind(address), SECONDS_TO_ANSWER)) == "Scheduler":
            return Client(address, timeout=SECONDS_TO_ANSWER, set_as_default=False)  # type: ignore[no-untyped-call]
        detail = "@no_scheduler"
    except TimeoutError:
        detail = "@no_answer"
    except (OSError, ValueError, TypeError) as error:
        detail = str(error) or type(error).__name__
    except Exception:  # noqa: BLE001 - whatever is made of bytes that mean something else
        detail = "@no_scheduler"
    log.add(finding("J109", address=address, detail=detail, seconds=SECONDS_TO_ANSWER))
    return None


async def _kind(address: str) -> str:
    """Return what the process at an address says that it is: `Scheduler`, `Worker`."""
    from distributed import Security  # noqa: PLC0415 - an extra
    from distributed.comm.core import connect  # noqa: PLC0415 - as above

    security: Mapping[str, Any] = Security().get_connection_args("client")  # type: ignore[no-untyped-call]
    comm = await connect(address, timeout=SECONDS_TO_ANSWER, **security)  # type: ignore[no-untyped-call]
    try:
        await comm.write({"op": "identity", "reply": True})
        return str((await comm.read()).get("type"))
    finally:
        comm.abort()


def cluster_lost(address: str, error: Exception) -> Finding:
    """Return J109: the cluster was lost before all was done."""
    return finding("J109", address=address, detail=str(error) or "@lost")


def _hush() -> None:
    """Let Dask, and what it stands on, log nothing: what matters of it is told as findings."""
    for name in ("distributed", "tornado", *logging.root.manager.loggerDict):
        if name.partition(".")[0] in {"distributed", "tornado"}:
            logging.getLogger(name).setLevel(logging.CRITICAL)


Refused = dict[str, Mapping[str, str]]
"""What the workers build with that differ, by their addresses."""


@frozen
class _Refusal:
    """Stands for a result where the worker differs: its address, and what it builds with."""

    worker: str
    environment: Mapping[str, str]


class _ClusterExecutor(Executor):
    """What Dask makes of a client, as executors are: it neither waits in vain nor for ever.

    A task that came to a worker that differs is sent to another, so that one of a hundred that
    was set up otherwise does no harm, however fast it refuses.
    """

    def __init__(self, client: Client, refused: Refused, _count: int) -> None:
        self.client = client
        self.refused = refused
        self.executor: Any = client.get_executor(pure=False)  # type: ignore[no-untyped-call]

    def submit(self, function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> Future[R]:
        """Return what will be the result; raises `CancelledError` where the cluster is gone."""
        result: Future[R] = Future()
        self._send(partial(function, *args, **kwargs), result, {})
        return result

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Do nothing: with its client the scheduler forgets what was asked for."""

    def _send(self, task: Callable[[], R], result: Future[R], where: Mapping[str, Any]) -> None:
        from distributed.client import ClosedClientError  # noqa: PLC0415 - an extra

        try:
            sent = self.executor.submit(_on_worker, environment_hash(), task, **where)
        except ClosedClientError:
            raise CancelledError from None
        sent.add_done_callback(partial(self._received, task, result))

    def _received(
        self, task: Callable[[], R], result: Future[R], sent: Future[R | _Refusal]
    ) -> None:
        """Take what a worker sent; where it refused, send the task to another."""
        if sent.cancelled():
            result.cancel()
        elif sent.exception() is None and isinstance(refusal := sent.result(), _Refusal):
            self.refused[refusal.worker] = refusal.environment
            loop = self.client.loop
            assert loop is not None
            loop.add_callback(self._send_elsewhere, task, result)
            return
        if not result.set_running_or_notify_cancel():
            return
        error = sent.exception()
        if error is None:
            result.set_result(sent.result())  # type: ignore[arg-type]
        else:
            result.set_exception(error)

    async def _send_elsewhere(self, task: Callable[[], R], result: Future[R]) -> None:
        """Send a task to the workers that did not refuse one, as soon as there are any."""
        while not result.cancelled():
            with suppress(OSError, CancelledError):
                known = await _known_workers(self.client)
                fit = [worker for worker in known if worker not in self.refused]
                if fit:
                    # Others if those have gone: a task must not wait for who never comes back.
                    where = {"workers": fit, "allow_other_workers": True}
                    self._send(task, result, where)
                    return
            await asyncio.sleep(_PAUSE)


def _on_worker(wanted: str, task: Callable[[], R]) -> R | _Refusal:
    """Return the result of a task, unless this worker differs from the environment of that hash.

    Its temporary files are where Dask clears up after a worker that died.
    """
    from distributed import get_worker  # noqa: PLC0415 - an extra

    worker = get_worker()
    if environment_hash() != wanted:
        return _Refusal(worker.address, environment())
    tempfile.tempdir = worker.local_directory
    return task()


_PAUSE = 0.1


class _Watch:
    """Looks whether a cluster has workers; gives up where it had none for too long."""

    def __init__(self, client: Client, refused: Refused) -> None:
        self.client = client
        self.refused = refused
        self.seconds_in_vain = 0.0

    def look(self) -> None:
        """Raise `CancelledError` where the cluster has had no worker for too long."""
        try:
            workers = _bounded(self.client, _known_workers, WATCHED_SECONDS)
        except (OSError, TimeoutError):
            self._in_vain(2 * WATCHED_SECONDS, "@silent")
            return
        if workers.keys() - self.refused.keys():
            self.seconds_in_vain = 0
        else:
            self._in_vain(WATCHED_SECONDS, "@no_worker")

    def _in_vain(self, seconds: float, reason: str) -> None:
        self.seconds_in_vain += seconds
        if self.seconds_in_vain >= PATIENCE:
            raise CancelledError(reason)


def _is_daemon() -> bool:
    return current_process().daemon


def called(name: str, address: str) -> str:
    """Return what a worker is called, whose name is its address where nobody gave it one."""
    return address if name in {"", address} else f"{name} {address}"


def _usable(client: Client, address: str, log: Diagnostics) -> int:
    """Return how many workers there are; the log says which of them may not work, or none."""
    try:
        workers = _bounded(client, _first_workers, SECONDS_TO_ANSWER)
    except (OSError, TimeoutError):
        log.add(finding("J109", address=address, detail="@none_came", seconds=SECONDS_TO_ANSWER))
        return 0
    try:
        others = client.run(environment, callback_timeout=SECONDS_TO_COMPARE)
        daemons = client.run(_is_daemon, callback_timeout=SECONDS_TO_COMPARE)
    except TimeoutError:
        log.add(finding("J109", address=address, detail="@not_said", seconds=SECONDS_TO_COMPARE))
        return 0
    except (OSError, ImportError, AttributeError) as error:
        log.add(finding("J109", address=address, detail=str(error) or type(error).__name__))
        return 0
    for worker, other in others.items():
        about = workers.get(worker, {})
        name = called(str(about.get("name", "")), worker)
        log.extend(differences(name, other))
        threads = about.get("nthreads", 1)
        if threads > 1:
            log.add(finding("J111", worker=name, what="@threads", threads=threads))
        if daemons[worker]:
            log.add(finding("J111", worker=name, what="@daemon"))
    return len(others)


KnownWorkers = Mapping[str, Mapping[str, Any]]
"""What a scheduler knows of its workers, by their addresses."""


def _bounded(
    client: Client, ask: Callable[[Client], Awaitable[KnownWorkers]], seconds: float
) -> KnownWorkers:
    """Return what the scheduler answers; raises TimeoutError where it takes longer."""
    answer: KnownWorkers = client.sync(ask, client, callback_timeout=seconds)  # type: ignore[no-untyped-call]
    return answer


async def _known_workers(client: Client) -> KnownWorkers:
    """Return the workers, none where the client has lost its scheduler."""
    if client.scheduler is None:
        return {}
    about: Mapping[str, KnownWorkers] = await client.scheduler.identity(n_workers=-1)
    return about["workers"]


async def _first_workers(client: Client) -> KnownWorkers:
    """Return the workers as soon as there is one."""
    while True:
        workers = await _known_workers(client)
        if workers:
            return workers
        await asyncio.sleep(_PAUSE)
