"""The part about the site: how long it takes to make one, to leave it, and to add a report to it.

A real public version stands for all: it is built once, and each other has its files under another
name, its own text and record. A tenth of the reports is measured too: what memory they take tells
whether it grows with their number.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any, NamedTuple

from bench.plan import QUICK, Plan
from bench.real import ReportError, job
from bench.samples import ROOT
from bench.searches import Answered, answered, section, target
from bench.tables import Section, Target, duration
from reportgen.findings.renderers import concise
from reportgen.flow.pipeline import build

REPORTS = {"quick": 60, "full": 3_000}
"""How many reports a site has; a tenth is measured before."""
RATE, ENOUGH = 100, 1_000
"""Reports a second of a site that has not changed, and how many tell more of it than of a start."""
GROWTH = 1.5
"""How much more memory ten times as many reports may take."""
REPORT = "department"
PATIENCE = 3_600
"""Seconds until a run that hangs is given up."""
CODE = """
import sys
from reportgen.cli import run
try:
    run()
finally:
    from bench.child import peak_memory
    print(peak_memory(), file=sys.stderr)
"""
"""The command, and then what memory it took at most."""
SITE = (sys.executable, "-c", CODE, "site", "--lang", "en", "--root")
YEARS = 3


class Run(NamedTuple):
    """What a run took: seconds, seconds of processors, MB at its height, files that it wrote.

    Of processors and memory what the first process took: those that prove units are not its own.
    """

    wall: float
    cpu: float
    peak: float
    written: int


class Measured(NamedTuple):
    """What was measured: runs by their names, by how many reports there were, bytes of the site.

    `asked` is what the search of the largest was asked in a browser.
    """

    runs: Mapping[int, Mapping[str, Run]]
    size: Mapping[int, int]
    asked: Mapping[str, Answered]


def measured(plan: Plan, say: Callable[[str], None]) -> Measured:
    """Measure; `say` hears what comes next."""
    count = REPORTS["quick" if plan.processes == QUICK.processes else "full"]
    runs: dict[int, dict[str, Run]] = {}
    size: dict[int, int] = {}
    with TemporaryDirectory() as name:
        model = _model(Path(name) / "model")
        for reports in (count // 10, count):
            root = Path(name) / str(reports)
            say(f"a site of {reports} reports")
            for number in range(reports):
                _copy(model, root / "build", number)
            runs[reports] = {"first": _run(root), "unchanged": _run(root)}
            _copy(model, root / "build", reports)
            runs[reports]["one more"] = _run(root)
            size[reports] = sum(path.stat().st_size for path in _files(root / "site"))
        say(f"the search of {count} reports in Chromium")
        asked = answered(root / "site")
    return Measured(runs, size, asked)


def _model(out: Path) -> Path:
    """Return the folder of a real public version and its record."""
    public = replace(job(out), audience="public")
    result = build(public)
    if not result.files:
        raise ReportError(concise(result.findings, "en"))
    return public.builds


def _copy(model: Path, builds: Path, number: int) -> None:
    """Make another public version of the model: three years of one unit after the other."""
    year, unit = 2021 + number % YEARS, f"unit{number // YEARS:05}"
    folder = builds / str(year) / unit
    for part in ("public", "disclosure"):
        (folder / part).mkdir(parents=True)
        for file in (model / part).iterdir():
            os.link(file, folder / part / file.name)
    own = f"第{number}号"
    text = (model / "public" / f"{REPORT}.fragment.html").read_text("utf-8")
    data = text.replace("2023年", f"{own}2023年", 3).encode()
    digest = hashlib.sha256(data).hexdigest()
    _write(folder / "public" / f"{REPORT}.fragment.html", data)

    def change(entry: dict[str, Any]) -> None:
        for files in (entry.get("outputs", {}), entry.get("published", {})):
            if f"{REPORT}.fragment.html" in files:
                files[f"{REPORT}.fragment.html"] = digest
        if "report" in entry:
            entry["report"] |= {"text": digest, "organization": f"{own}局"}
            entry["report"]["title"] = f"{own}{entry['report']['title']}"

    for part in ("public", "disclosure"):
        path = folder / part / "manifest.json"
        manifest = json.loads(path.read_text("utf-8"))
        change(manifest[REPORT])
        _write(path, json.dumps(manifest).encode())


def _write(path: Path, data: bytes) -> None:
    """Write a file anew: others share the one that is there."""
    path.unlink()
    path.write_bytes(data)


def _run(root: Path) -> Run:
    """Make the site in a process of its own."""
    before = _identities(root / "site")
    started = perf_counter()
    used_before = os.times()
    done = subprocess.run(
        [*SITE, str(root)], cwd=ROOT, capture_output=True, text=True, check=True, timeout=PATIENCE
    )
    used = os.times()
    wall = perf_counter() - started
    cpu = used.children_user + used.children_system
    cpu -= used_before.children_user + used_before.children_system
    peak = int(done.stderr.split()[-1]) / 1e6
    after = _identities(root / "site")
    written = sum(before.get(path) != found for path, found in after.items())
    return Run(wall, cpu, peak, written)


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def _identities(folder: Path) -> dict[str, tuple[int, int]]:
    """Return what tells each file of a site from another that took its place."""
    found = {}
    for path in _files(folder):
        status = path.stat()
        found[path.relative_to(folder).as_posix()] = (status.st_ino, status.st_mtime_ns)
    return found


def sections(found: Measured) -> tuple[Section, ...]:
    """Return the table: a row a run."""
    rows = []
    for reports, runs in found.runs.items():
        for name, run in runs.items():
            shown = (duration(run.wall), duration(run.cpu), f"{run.peak:.0f}", f"{run.written}")
            rows.append((f"{name}, {reports} reports", *shown))
    head = ("run", "wall", "CPU of the first process", "its peak MB", "files written")
    sizes = [
        f"{reports} reports: {size / 1e6:.0f} MB, {size / reports / 1e3:.0f} kB each"
        for reports, size in found.size.items()
    ]
    return (Section("The site of public versions", head, rows, sizes), section(found.asked))


def targets(found: Measured) -> tuple[Target, ...]:
    """Return what is wanted of an unchanged site, and of the memory of a large one."""
    few, many = sorted(found.runs)
    rate = many / found.runs[many]["unchanged"].wall
    grown = found.runs[many]["first"].peak / found.runs[few]["first"].peak
    return (
        Target(
            f"unchanged site of {many}: {RATE} reports a second",
            f"{rate:.0f} a second",
            rate >= RATE if many >= ENOUGH else None,
        ),
        Target(
            f"memory of {many} reports at most {GROWTH} times that of {few}",
            f"{grown:.2f} times",
            grown <= GROWTH,
        ),
        target(found.asked),
    )
