"""The part about many reports: how fast more workers are, what they keep, how fast a run skips.

The reports are those of a made-up `province`. Each run is a process of its own (`batch_run`): so
many workers have so many processors, whatever else they need, so that one worker has no help from
a processor that two share. Rates count after the first reports of each worker, for which it loads
the program.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from bench.batch_run import Run
from bench.child import run_json
from bench.plan import QUICK, Plan
from bench.province import write_province
from bench.real import ReportError
from bench.rivals import OURS
from bench.tables import Section, Target, duration, megabytes

YEARS = 3
LINEAR = {"processes": 0.85, "dask": 0.8}
"""Which share of twice the rate of one worker two are wanted to have."""
GROWTH = 1.05
"""How many times the memory after the first reports a worker may have at the end."""
SKIPPED_A_SECOND = 100
PROVINCE = 30_000
"""Reports of a province in a year."""
KINDS = {"processes": "processes", "dask": "Dask workers"}


class Sizes(NamedTuple):
    """Reports: before a rate counts, for which it does, of a worker's memory, of a skipping run.

    The memory at the end is held against that after `early`.
    """

    warm: int
    timed: int
    memory: int
    early: int
    skipped: int


SIZES = {"quick": Sizes(4, 18, 40, 20, 240), "full": Sizes(12, 90, 500, 100, 3_000)}


class Skipped(NamedTuple):
    """A run in which nothing had changed: reports, seconds of the clock and of processors."""

    reports: int
    wall: float
    cpu: float


class Measured(NamedTuple):
    """Runs by kind and number of workers, the memory of one, and a run that skips all."""

    sizes: Sizes
    runs: Mapping[tuple[str, int], Run]
    skipped: Skipped

    def efficiency(self, kind: str) -> tuple[float, float]:
        """Return which share of a linear rate two workers have: by the clock, by processors."""
        one, two = self.runs[kind, 1], self.runs[kind, 2]
        return one.wall / two.wall / 2, one.cpu / two.cpu

    def memory(self) -> tuple[int, int]:
        """Return what one worker had after the early reports, and at the end: a mean of ten."""
        found = self.runs["processes", 1].memory
        early, late = found[self.sizes.early - 10 : self.sizes.early], found[-10:]
        return sum(early) // len(early), sum(late) // len(late)


def measured(plan: Plan, say: Callable[[str], None]) -> Measured:
    """Measure; `say` hears what comes next."""
    sizes = SIZES["quick" if plan.processes == QUICK.processes else "full"]
    runs: dict[tuple[str, int], Run] = {}
    with TemporaryDirectory(prefix="bench-batch-") as name:
        folder = Path(name)
        project, out = folder / "project", folder / "build"
        write_province(project, -(-sizes.memory // YEARS))
        _commit(project)
        for kind, title in KINDS.items():
            for workers in (1, 2):
                say(f"builds by {workers} {title}")
                is_first = (kind, workers) == ("processes", 1)
                own = out if is_first else folder / f"{kind}{workers}"
                more = sizes.memory - sizes.warm - sizes.timed if is_first else 0
                counts = (sizes.warm, sizes.timed, more)
                words = (kind, str(workers), str(project), str(own), *map(str, counts))
                runs[kind, workers] = Run(**run_json("bench.batch_run", *words))
        say(f"a run of {sizes.skipped} that skips all")
        skipped = _skipped(project, out, sizes.skipped)
    return Measured(sizes, runs, skipped)


def _commit(project: Path) -> None:
    """Commit a project, for workers that fetch it."""
    identity = ("-c", "user.name=bench", "-c", "user.email=bench@example.org")
    for words in (("init", "-q"), ("add", "-A"), (*identity, "commit", "-q", "-m", "Begin")):
        subprocess.run(["git", "-C", str(project), *words], check=True, capture_output=True)


# A run that skips all


def _skipped(project: Path, out: Path, reports: int) -> Skipped:
    """Return what a run over so many reports takes that have all been built.

    Most are copies: the files under other names, with manifests that say so.
    """
    shutil.rmtree(project / ".git", ignore_errors=True)
    units = sorted(path.name for path in (project / "data").iterdir())
    built = [unit for unit in units if all((out / year / unit).is_dir() for year in _years(out))]
    for unit in set(units) - set(built):
        shutil.rmtree(project / "data" / unit)
    for number in range(len(built), reports // YEARS):
        _copy(project, out, built[number % len(built)], f"copy{number:05}")
    words = ("--root", str(project), "--out", str(out), "--output-format", "json")
    before = _folders(out)
    taken = OURS.run("a run without changes", "build", *words).measure(0)
    if _folders(out) != before:
        raise ReportError("what was up to date has been built again")
    return Skipped(max(len(built), reports // YEARS) * YEARS, taken.wall, taken.cpu)


def _folders(out: Path) -> dict[Path, int]:
    """Return what tells the folders of builds from others in their place."""
    return {folder: folder.stat().st_ino for folder in out.glob("*/*")}


def _years(out: Path) -> list[str]:
    return sorted(path.name for path in out.iterdir())


def _copy(project: Path, out: Path, unit: str, name: str) -> None:
    """Give a unit and what was built of it another name."""
    shutil.copytree(project / "data" / unit, project / "data" / name)
    for year in _years(out):
        new = out / year / name
        shutil.copytree(out / year / unit, new, copy_function=os.link)
        for manifest in new.rglob("manifest.json"):
            text = manifest.read_text("utf-8").replace(f"data/{unit}/", f"data/{name}/")
            entries = json.loads(text.replace(f'"data/{unit}"', f'"data/{name}"'))
            manifest.unlink()
            manifest.write_text(json.dumps(_seen(entries)), "utf-8")


def _seen(entries: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return the entries of a manifest with the hashes of what they say was looked at."""
    for entry in entries.values():
        looked_at = {name: entry[name] for name in ("inputs", "folders", "absent")}
        text = json.dumps(looked_at, ensure_ascii=False)
        entry["seen"] = hashlib.sha256(text.encode()).hexdigest()
    return entries


# What is said


def sections(found: Measured) -> tuple[Section, ...]:
    """Return the tables: rates and their efficiency, memory, a run that skips, the province."""
    head = (
        "workers",
        "reports",
        "wall",
        "CPU",
        "a minute",
        "of linear",
        "by CPU",
        "task",
        "publish",
    )
    rows = [_row(found, kind, workers) for kind in KINDS for workers in (1, 2)]
    notes = [
        "So many workers on so many processors, with all that hands them their work; CPU: all.",
        "By CPU: what a report costs one worker, against two: it holds on a busy machine, too.",
        "Task: handing over one that does nothing. Publish: putting files that were sent in place.",
    ]
    return (
        Section("Many reports, docx, HTML and PDF", head, rows, notes),
        _memory(found),
        Section("A run without changes", *_skip_table(found)),
        _province(found),
    )


def _row(found: Measured, kind: str, workers: int) -> tuple[str, ...]:
    run = found.runs[kind, workers]
    wall, cpu = found.efficiency(kind) if workers > 1 else (1, 1)
    return (
        f"{workers} {KINDS[kind]}",
        str(run.reports),
        f"{run.wall:.1f} s",
        f"{run.cpu:.1f} s",
        f"{60 * run.reports / run.wall:.0f}",
        f"{wall:.2f}",
        f"{cpu:.2f}",
        duration(run.handed_over) if run.handed_over else "",
        duration(run.published) if kind == "dask" else "",
    )


def _memory(found: Measured) -> Section:
    early, late = found.memory()
    row = (str(found.sizes.memory), megabytes(early), megabytes(late), f"{late / early:.3f}×")
    head = ("reports", f"after {found.sizes.early}", "at the end", "growth")
    return Section("The memory of one worker", head, [row])


def _skip_table(found: Measured) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    reports, wall, cpu = found.skipped
    row = (str(reports), f"{wall:.1f} s", f"{cpu:.1f} s", f"{reports / wall:.0f}")
    return ("reports", "wall", "CPU", "a second"), [row]


def _province(found: Measured) -> Section:
    """Return what a province's year comes to, worked out from what was measured."""
    run, sent = found.runs["processes", 1], found.runs["dask", 2]
    seconds, handed = run.wall / run.reports, sent.handed_over
    alone = handed + sent.published
    rows = []
    for workers in (1, 2, 8, 64, 256):
        times = [seconds / workers, max(seconds / workers, handed), max(seconds / workers, alone)]
        rows.append((str(workers), *(f"{PROVINCE * each / 3600:.2f} h" for each in times)))
    notes = [
        f"On paper: {seconds:.2f} s a report; one machine hands over and publishes what is sent.",
        f"More workers than {seconds / handed:.0f} wait for the scheduler, if they share a folder;",
        f"more than {seconds / alone:.0f} for who publishes where files are sent.",
        f"Files: {PROVINCE * run.bytes / 1e9:.0f} GB, {megabytes(run.bytes * 10)} ten reports.",
    ]
    head = ("workers", "linear", "shared folder", "files sent")
    return Section(f"A province's year, {PROVINCE:,} reports", head, rows, notes)


def targets(found: Measured) -> tuple[Target, ...]:
    """Return what is wanted of many reports."""
    wanted = []
    for kind, share in LINEAR.items():
        wall, cpu = found.efficiency(kind)
        about = f"2 {KINDS[kind]} ≥ {share:g} of linear"
        wanted.append(Target(about, f"{wall:.2f}, {cpu:.2f} by CPU", wall >= share))
    early, late = found.memory()
    about = f"memory at the end ≤ {GROWTH:g}× that after {found.sizes.early} reports"
    is_long = found.sizes == SIZES["full"]  # a worker that has just begun is not done with loading
    met = late <= GROWTH * early if is_long else None
    wanted.append(Target(about, f"{late / early:.3f}×", met))
    rate = found.skipped.reports / found.skipped.wall
    about = f"≥ {SKIPPED_A_SECOND} unchanged reports a second"
    wanted.append(Target(about, f"{rate:.0f}", rate >= SKIPPED_A_SECOND))
    return tuple(wanted)
