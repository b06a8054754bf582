"""The part about writers: each writer against the engines below it, and how its cost grows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from statistics import median
from typing import NamedTuple

from bench.child import Run, measure
from bench.plan import Plan
from bench.races import Work, median_wall, race
from bench.real import report_sample
from bench.samples import Sample, table_sample
from bench.sides import CONTESTS, ENGINES, ONLY_TABLES, side
from bench.tables import Section, Target, duration, megabytes, times

REPORT = 0
"""Stands for the real report where a number of rows is meant."""
LIMIT, GROWTH, MEMORY = 1.5, 1.5, 1_000_000_000
AT, MOST = 1_000, 10_000
WHOLE = {"our_three": "three, in parallel", "our_verified": "three, verified"}
LABELS = {**{contest.ours: kind for kind, contest in CONTESTS.items()}, **WHOLE}
"""What is ours, for a reader."""

Times = Mapping[tuple[int, str], float]
"""Seconds by number of rows and by side."""
Runs = Mapping[tuple[int, str], Run]


class Measured(NamedTuple):
    """All that is measured of the writers."""

    warm: Times
    cold: Runs


def measured(plan: Plan, say: Callable[[str], None]) -> Measured:
    """Measure; `say` hears what comes next."""
    warm: dict[tuple[int, str], float] = {}
    cold: dict[tuple[int, str], Run] = {}
    for rows, rounds in _rounds(plan.warm, plan.report):
        for kind in CONTESTS:
            say(f"{kind}, {_label(rows)}: {rounds} rounds in this process")
            for name, taken in race(_contenders(kind, rows), rounds).items():
                warm[rows, name] = median_wall(taken)
    for rows, rounds in _rounds(plan.cold, plan.processes):
        say(f"{_label(rows)}: {rounds} new processes a writer and engine")
        cold |= {(rows, name): run for name, run in _cold(rows, rounds).items()}
    return Measured(warm, cold)


def sections(found: Measured) -> tuple[Section, ...]:
    """Return the tables."""
    return _warm(found.warm), _first(found.cold), _growth(found.cold)


def targets(found: Measured) -> tuple[Target, ...]:
    """Return what is wanted of the writers."""
    return (*_ratios(found), *_linear(found.cold), *_memory(found.cold))


def _rounds(sizes: Mapping[int, int], report: int) -> list[tuple[int, int]]:
    """Return numbers of rows with their rounds; the report comes first, before caches are full."""
    return [(rows, rounds) for rows, rounds in ((REPORT, report), *sizes.items()) if rounds]


def _contenders(kind: str, rows: int) -> list[Work]:
    contest = CONTESTS[kind]
    names = [name for name in (contest.ours, *contest.engines) if rows or name not in ONLY_TABLES]
    return [_contender(name, rows) for name in names]


def _contender(name: str, rows: int) -> Work:
    maker = side(name)

    def prepare(number: int) -> object:
        return maker.prepare(_sample(rows, number))

    return Work(name, maker.make, prepare)


def _sample(rows: int, number: int) -> Sample:
    return report_sample(number) if rows == REPORT else table_sample(rows, number)


def _cold(rows: int, rounds: int) -> dict[str, Run]:
    """Return the medians of runs in new processes, which take turns."""
    every = [name for contest in CONTESTS.values() for name in (contest.ours, *contest.engines)]
    every = [name for name in [*every, *WHOLE] if rows or name not in ONLY_TABLES]
    runs = [{name: measure(name, rows) for name in every} for _ in range(rounds)]
    return {name: _median([run[name] for run in runs]) for name in every}


def _median(runs: list[Run]) -> Run:
    importing, making, work, peak = (median(every) for every in zip(*runs, strict=True))
    return Run(importing, making, work, int(peak))


def _label(rows: int) -> str:
    return f"{rows:,} rows" if rows else "report 2023"


def _duels(known: Mapping[tuple[int, str], object]) -> list[tuple[int, str, str, str]]:
    """Return size, format, writer and engine of each pair that was measured."""
    return [
        (rows, kind, contest.ours, engine)
        for rows in dict.fromkeys(rows for rows, _ in known)
        for kind, contest in CONTESTS.items()
        for engine in contest.engines
        if (rows, engine) in known
    ]


def _warm(found: Times) -> Section:
    rows = [
        (
            _label(size),
            kind,
            duration(ours := found[size, writer]),
            duration(theirs := found[size, engine]),
            times(ours / theirs),
            f"{size / ours:,.0f}" if size else "",
            ENGINES[engine],
        )
        for size, kind, writer, engine in _duels(found)
    ]
    head = ("document", "format", "writer", "engine", "ratio", "rows/s", "engine alone")
    return Section(
        "Writers, warm: tables of 8 columns, in a process that has written before", head, rows
    )


def _first(found: Runs) -> Section:
    rows = []
    for size, kind, writer, engine in _duels(found):
        ours, theirs = found[size, writer], found[size, engine]
        rows.append(
            (
                _label(size),
                kind,
                duration(ours.importing),
                duration(ours.making),
                duration(theirs.importing),
                duration(theirs.making),
                times(ours.seconds / theirs.seconds),
                megabytes(ours.peak),
                megabytes(theirs.peak),
                ENGINES[engine],
            )
        )
    head = (
        *("document", "format", "import", "writer", "import", "engine", "ratio"),
        *("memory", "memory", "engine alone"),
    )
    return Section("Writers, cold: the first file of a new process, with its imports", head, rows)


def _growth(found: Runs) -> Section:
    sizes = [rows for rows in dict.fromkeys(rows for rows, _ in found) if rows]
    rows = []
    for name, label in LABELS.items():
        rows += _grown(label, [(size, found[size, name]) for size in sizes])
    head = ("ours", "rows", "time", "rows/s", "CPU", "CPU a row", "memory")
    notes = (
        "CPU: seconds of all processors; a row: times that of the size above.",
        "Memory: the largest process, pandoc included.",
    )
    return Section(
        "Growth: the first file of a new process, without its imports", head, rows, notes
    )


def _grown(label: str, runs: list[tuple[int, Run]]) -> list[tuple[str, ...]]:
    made: list[tuple[str, ...]] = []
    before = 0.0
    for size, run in runs:
        a_row = run.work / size
        grown = times(a_row / before) if before else ""
        speed = f"{size / run.making:,.0f}"
        taken = duration(run.making), speed, duration(run.work), grown, megabytes(run.peak)
        made.append((label, f"{size:,}", *taken))
        before = a_row
    return made


def _ratios(found: Measured) -> list[Target]:
    cold = {key: run.seconds for key, run in found.cold.items()}
    return [
        _at_most(
            f"{kind}: writer ≤ {LIMIT} × its engine at {AT:,} rows, {how}",
            (seconds.get((AT, ours)), seconds.get((AT, engine))),
            LIMIT,
        )
        for kind, (ours, (engine, *_)) in CONTESTS.items()
        for how, seconds in (("warm", found.warm), ("cold", cold))
    ]


def _linear(found: Runs) -> list[Target]:
    a_row = {(rows, name): run.work / rows for (rows, name), run in found.items() if rows}
    return [
        _at_most(
            f"{label}: a row of {MOST:,} costs ≤ {GROWTH} × a row of {AT:,}",
            (a_row.get((MOST, name)), a_row.get((AT, name))),
            GROWTH,
        )
        for name, label in LABELS.items()
    ]


def _at_most(wanted: str, pair: tuple[float | None, float | None], limit: float) -> Target:
    """Return the target that the first of `pair` is at most `limit` times the second."""
    ours, theirs = pair
    if ours is None or theirs is None:
        return Target(wanted, "", None)
    return Target(wanted, times(ours / theirs), ours / theirs <= limit)


def _memory(found: Runs) -> list[Target]:
    made = []
    for name, label in LABELS.items():
        wanted = f"{label}: memory < 1 GB at {MOST:,} rows"
        if (MOST, name) not in found:
            made.append(Target(wanted, "", None))
            continue
        peak = found[MOST, name].peak
        engines = next((c.engines for c in CONTESTS.values() if c.ours == name), ())
        alone = f" (engine alone {megabytes(found[MOST, engines[0]].peak)})" if engines else ""
        made.append(Target(wanted, megabytes(peak) + alone, peak < MEMORY))
    return made
