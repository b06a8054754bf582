"""The live preview: from a saved fact to the page of the real report, beside a check of it.

`python -m bench.preview ROUNDS` prints JSON: seconds by name, each the median of the rounds.
The page is what a browser has fetched after the server announced a new version: with the new
number after a save that is right, with the finding after one that breaks a sum.
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
DATA = f"data/{UNIT}/{YEAR}"
FACT, KEY = f"{DATA}/outcomes.yaml", "新增箱包企业: "
BEFORE = f"{KEY}34家"
WANTED = 0.3
"""Seconds from a save to the page that are wanted at most."""
FIRST, CHECK, NEWS = "first page", "check", "save to news"
SHOWN, TOLD = "save to page", "save to findings"
TOTAL, RIGHT, SWAPPED, DOUBTED = f"{DATA}/budget.yaml", "3233.51", "3323.51", "3331.81万元"
"""An income as it stands, and with two digits the wrong way round: then a sum is doubted (R101)."""


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
    """Return what is wanted of the times from a save to what is seen of it."""
    return tuple(_target(name, found.taken[name]) for name in (SHOWN, TOLD))


def _target(name: str, taken: float) -> Target:
    return Target(f"preview: {name} < {duration(WANTED)}", duration(taken), met=taken < WANTED)


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
    desk = _Desk(root, address)
    taken: dict[str, list[float]] = {CHECK: [], NEWS: [], SHOWN: [], TOLD: []}
    for number in range(rounds + 1):
        check = desk.check()
        news, shown = desk.save(FACT, BEFORE, f"{KEY}{35 + number}家", f"{35 + number}家")
        _, told = desk.save(TOTAL, RIGHT, SWAPPED, DOUBTED)
        desk.save(TOTAL, RIGHT, RIGHT, "")
        ends = {CHECK: check, NEWS: news, SHOWN: shown, TOLD: told}
        for name, seconds in ends.items() if number else ():
            taken[name].append(seconds)
    return {FIRST: desk.first, **{name: median(every) for name, every in taken.items()}}


class _Desk:
    """An editor and a browser: `first` is how long the first page took, in seconds."""

    def __init__(self, root: Path, address: str) -> None:
        self.root = root
        self.job = Job(root, root / "build", UNIT, YEAR, NAME)
        self.texts = {path: (root / path).read_text("utf-8") for path in (FACT, TOTAL)}
        self.pages = HTTPConnection(address)
        started = perf_counter()
        _page(self.pages)
        self.first = perf_counter() - started
        listening = HTTPConnection(address)
        listening.request("GET", f"/_/events{PAGE}")
        self.events = listening.getresponse()
        _news(self.events.readline)

    def check(self) -> float:
        """Return how long a check takes."""
        started = perf_counter()
        draft(self.job, SourceFiles(self.root), Diagnostics())
        return perf_counter() - started

    def save(self, path: str, before: str, after: str, seen: str) -> tuple[float, float]:
        """Save a file; return how long news of it took, and the page, in which `seen` stands."""
        text = self.texts[path]
        assert before in text
        started = perf_counter()
        (self.root / path).write_text(text.replace(before, after), "utf-8")
        _news(self.events.readline)
        news = perf_counter() - started
        page = _page(self.pages)
        shown = perf_counter() - started
        assert seen in page.decode()
        return news, shown


def _page(connection: HTTPConnection) -> bytes:
    connection.request("GET", PAGE)
    return connection.getresponse().read()


def _news(line: Callable[[], bytes]) -> None:
    """Wait until the server announces a version."""
    while not line().startswith(b"data: "):
        pass


if __name__ == "__main__":
    main(int(sys.argv[1]))
