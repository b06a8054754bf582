"""A real scheduler and real workers, each a process, as docs/cluster.md starts them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time

from real_report import ROOT

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONUNBUFFERED": "1"}
SECONDS, LOOKS = 60, 1200
"""So long a process is waited for that does not do what it should."""


class RealCluster:
    """The processes of a scheduler and its workers, in a folder."""

    def __init__(self, folder):
        self.folder = folder
        self.workers = []
        words = ("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
        self.scheduler = self._started(words, "scheduler.log", {})
        (self.address,) = self._said("scheduler.log", r"Scheduler at:\s+(tcp://\S+)")

    def add_workers(self, count, *options, **environment):
        """Start so many workers, and wait until the scheduler knows them."""
        words = ("worker", self.address, "--no-nanny", "--nthreads", "1", "--no-dashboard")
        before = len(self.workers)
        logs = [f"{number}.log" for number in range(before, before + count)]
        for log in logs:
            self.workers.append(self._started((*words, *options), log, environment))
        for log in logs:
            self._said(log, r"(Registered to)")

    def _started(self, words, log, environment):
        with (self.folder / log).open("wb") as written:
            return subprocess.Popen(
                [sys.executable, "-m", "dask", *words],
                cwd=self.folder,
                env={**ENVIRONMENT, **environment},
                stdout=written,
                stderr=subprocess.STDOUT,
            )

    def _said(self, log, pattern):
        """Return what a process says when it is ready."""

        def said():
            return re.findall(pattern, (self.folder / log).read_text("utf-8"))

        wait_for(said)
        return said()

    def end(self):
        for process in (self.scheduler, *self.workers):
            process.kill()
            process.wait()


def wait_for(happened):
    for _ in range(LOOKS):
        if happened():
            return
        time.sleep(SECONDS / LOOKS)
    assert happened()
