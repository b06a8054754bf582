"""The live preview: from a saved fact to the page of the real report, beside a check of it.

`python -m bench.preview ROUNDS` prints JSON: seconds by name, each the median of the rounds.
The page is what a browser has fetched after the server announced a new version.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import NamedTuple

from bench.child import ROOT, run_json
from bench.plan import Plan
from bench.real import REPORT
from bench.tables import Section, Target, duration, times
from reportgen.findings import Diagnostics
from reportgen.flow.job import Job
from reportgen.flow.steps import draft
from reportgen.project.source_files import SourceFiles

UNIT, YEAR, NAME = REPORT
PAGE = f"/{UNIT}/{YEAR}/{NAME}"
FACT = f"data/{UNIT}/{YEAR}/funds.yaml"
WANTED = 0.3
"""Seconds from a save to the page that are wanted at most."""
FIRST, CHECK, NEWS, SHOWN = "first page", "check", "save to news", "save to page"


class Measured(NamedTuple):
    """Seconds by name."""

    taken: Mapping[str, float]


def measured(plan: Plan, say: Callable[[str], None]) -> Measured:
    """Measure; `say` hears what comes next."""
    say("the preview, from save to page")
    return Measured(run_json("bench.preview", str(plan.report)))


def sections(found: Measured) -> tuple[Section, ...]:
    """Return the table: a row a measurement, held against a check."""
    check = found.taken[CHECK]
    rows = [(name, duration(taken), times(taken / check)) for name, taken in found.taken.items()]
    notes = ("A check is that of a process that has checked before, as the preview has.",)
    return (Section("Preview of the real report", ("", "time", "÷ check"), rows, notes),)


def targets(found: Measured) -> tuple[Target, ...]:
    """Return what is wanted of the time from save to page."""
    taken = found.taken[SHOWN]
    return (
        Target(f"preview: save to page < {duration(WANTED)}", duration(taken), met=taken < WANTED),
    )


def main(rounds: int) -> None:
    """Measure and print."""
    with TemporaryDirectory() as folder:
        root = Path(folder)
        for part in ("data", "templates"):
            shutil.copytree(ROOT / part, root / part)
        command = [
            sys.executable,
            "-m",
            "reportgen.cli",
            "preview",
            "--root",
            folder,
            "--port",
            "0",
        ]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
            try:
                assert server.stdout is not None
                address = re.search(r"127\.0\.0\.1:\d+", server.stdout.readline())
                assert address is not None
                taken = _measure(root, address[0], rounds)
            finally:
                server.kill()
    json.dump(taken, sys.stdout)


def _measure(root: Path, address: str, rounds: int) -> dict[str, float]:
    taken: dict[str, list[float]] = {CHECK: [], NEWS: [], SHOWN: []}
    pages = HTTPConnection(address)
    started = perf_counter()
    _page(pages)
    first = perf_counter() - started
    listening = HTTPConnection(address)
    listening.request("GET", f"/_/events{PAGE}")
    events = listening.getresponse()
    _news(events.readline)
    job = Job(root, root / "build", UNIT, YEAR, NAME)
    text = (root / FACT).read_text("utf-8")
    for number in range(rounds + 1):
        started = perf_counter()
        draft(job, SourceFiles(root), Diagnostics())
        checked = perf_counter()
        (root / FACT).write_text(text.replace("17.89}", f"{18 + number}.89}}"), "utf-8")
        _news(events.readline)
        news = perf_counter()
        _page(pages)
        ends = {CHECK: checked - started, NEWS: news - checked, SHOWN: perf_counter() - checked}
        for name, seconds in ends.items() if number else ():
            taken[name].append(seconds)
    return {FIRST: first, **{name: median(every) for name, every in taken.items()}}


def _page(connection: HTTPConnection) -> bytes:
    connection.request("GET", PAGE)
    return connection.getresponse().read()


def _news(line: Callable[[], bytes]) -> None:
    """Wait until the server announces a version."""
    while not line().startswith(b"data: "):
        pass


if __name__ == "__main__":
    main(int(sys.argv[1]))
