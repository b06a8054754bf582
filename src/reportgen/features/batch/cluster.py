"""The workers of a Dask cluster as an executor: who they are, and whether they build the same."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from concurrent.futures import CancelledError, Executor
from contextlib import contextmanager
from functools import partial
from multiprocessing import current_process
from typing import TYPE_CHECKING

from reportgen.features.batch.environment import differences, environment
from reportgen.findings import Diagnostics, Finding, finding
from reportgen.flow.parallel import Workers

if TYPE_CHECKING:
    from distributed import Client

SECONDS_TO_ANSWER = 10
"""So long a scheduler may take to answer, and workers to come."""
LOOKS = 12
"""A minute without any worker: a cluster may start new ones in the place of those that died."""


@contextmanager
def cluster(address: str, log: Diagnostics) -> Iterator[Workers | None]:
    """Yield the workers of the cluster whose scheduler has an address (`tcp://host:8786`).

    None with J109 where nobody answers there or has workers; with J110 for each worker that would
    not give the same bytes, or does several tasks at a time in one process.
    """
    from distributed import Client, KilledWorker  # noqa: PLC0415 - an extra

    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what it says is told as findings
    try:
        client = Client(address, timeout=SECONDS_TO_ANSWER, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, TimeoutError, ValueError, TypeError) as error:
        log.add(finding("J109", address=address, detail=str(error) or type(error).__name__))
        yield None
        return
    with client:
        count = _usable(client, address, log)
        if log.blocked:
            yield None
            return
        yield Workers(partial(_executor, client), count, KilledWorker, _Watch(client).look)


def cluster_lost(address: str, error: Exception) -> Finding:
    """Return J109: the cluster was lost before all was done."""
    return finding("J109", address=address, detail=str(error) or type(error).__name__)


def _executor(client: Client, _count: int) -> Executor:
    executor: Executor = client.get_executor(pure=False)  # type: ignore[no-untyped-call]
    return executor


class _Watch:
    """Looks whether a cluster has workers; gives up where it had none `LOOKS` times in a row."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.in_vain = 0

    def look(self) -> None:
        """Raise `CancelledError` where the cluster has had no worker for too long."""
        info = self.client.scheduler_info(n_workers=1)
        self.in_vain = 0 if info.get("workers") else self.in_vain + 1
        if self.in_vain == LOOKS:
            raise CancelledError


def _is_daemon() -> bool:
    return current_process().daemon


def _usable(client: Client, address: str, log: Diagnostics) -> int:
    """Return how many workers there are; the log says which of them may not work, or none."""
    try:
        client.wait_for_workers(1, timeout=SECONDS_TO_ANSWER)
        others = client.run(environment)
        daemons = client.run(_is_daemon)
    except (OSError, TimeoutError, ImportError, AttributeError) as error:
        log.add(finding("J109", address=address, detail=str(error) or type(error).__name__))
        return 0
    workers = client.scheduler_info(n_workers=-1)["workers"]
    for worker, other in others.items():
        about = workers.get(worker, {})
        name = f"{about.get('name', '')} {worker}".strip()
        log.extend(differences(name, other))
        threads = about.get("nthreads", 1)
        if threads > 1:
            log.add(finding("J111", worker=name, what="@threads", threads=threads))
        if daemons[worker]:
            log.add(finding("J111", worker=name, what="@daemon"))
    return len(others)
