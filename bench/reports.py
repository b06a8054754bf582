"""The second part: the whole report by stages, and against other programs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from bench.child import run_json
from bench.plan import Plan
from bench.races import race
from bench.rivals import OFFICE, OURS, PANDOC, PLAIN, START, UNVERIFIED_OURS, contenders, office
from bench.stages import STAGES
from bench.tables import Section, Target, span, times

WANTED = "whole report in three formats < one LibreOffice conversion"


class Measured(NamedTuple):
    """Seconds of stages, by name, `cold` and `warm`; seconds of processes, by name."""

    stages: Mapping[str, Any]
    processes: Mapping[str, float]


def measured(plan: Plan, say: Callable[[str], None]) -> Measured:
    """Measure; `say` hears what comes next."""
    say(f"the report by stages: {plan.processes} processes, each 1 + {plan.report} builds")
    runs = [run_json("bench.stages", str(plan.report)) for _ in range(plan.processes)]
    program = office() if plan.office else None
    with TemporaryDirectory() as name:
        every = contenders(Path(name), program)
        say(f"the report as a process, and others: {plan.processes} rounds")
        processes = race(every, plan.processes)
    return Measured(_medians(runs), processes)


def sections(found: Measured) -> tuple[Section, ...]:
    """Return the tables."""
    return _stages(found.stages), _processes(found.processes)


def targets(found: Measured) -> tuple[Target, ...]:
    """Return what is wanted of the report."""
    ours = found.processes[OURS]
    if OFFICE not in found.processes:
        return (Target(WANTED, f"{span(ours)}; no LibreOffice here", None),)
    theirs = found.processes[OFFICE]
    measured = f"{span(ours).strip()} : {span(theirs).strip()} = {times(ours / theirs)}"
    return (Target(WANTED, measured, ours < theirs),)


def _medians(runs: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the median of each number in `runs`, which are alike."""
    first = runs[0]
    return {
        key: _medians([run[key] for run in runs])
        if isinstance(first[key], dict)
        else median(run[key] for run in runs)
        for key in first
    }


def _stages(found: Mapping[str, Any]) -> Section:
    cold, warm = found["cold"], found["warm"]
    names: list[str] = []
    for stage in STAGES:
        names += [stage, *sorted(name for name in cold if name.startswith(f"{stage}: "))]
    rows = [("import", span(found["import"]), "")]
    for name in (each for each in names if each in cold):
        stage, colon, part = name.partition(": ")
        rows.append((f"    {part}" if colon else stage, span(cold[name]), span(warm[name])))
    rows.append(("whole build", span(cold["build"]), span(warm["build"])))
    rows.append(("whole build, unverified", "", span(found["unverified"])))
    notes = (
        "Indented: parts of the stage above, writers and readers in parallel.",
        "Warm: the same report again in one process; Typst then remembers most of its layout.",
    )
    head = ("stage", "first in a process", "warm")
    return Section("The report 2023 of Huaihua, three formats, by stages", head, rows, notes)


def _processes(found: Mapping[str, float]) -> Section:
    ours = found[OURS]
    pandoc = sum(found[name] for name in PANDOC)
    every: list[tuple[str, float]] = [
        ("reportgen: docx, HTML, PDF, verified", ours),
        ("reportgen: the same, without charts", found[PLAIN]),
        ("reportgen: docx, HTML, PDF, not verified", found[UNVERIFIED_OURS]),
        ("    of it to start, with imports", found[START]),
        ("pandoc, typst.compile: docx, PDF of our HTML", pandoc),
        *((f"    {name}", found[name]) for name in PANDOC),
    ]
    if OFFICE in found:
        every.append((OFFICE, found[OFFICE]))
    rows = [(name, span(seconds), times(ours / seconds)) for name, seconds in every]
    notes = [
        "The files of all programs were in the memory of the system.",
        "Other programs read the report without charts.",
    ]
    if OFFICE in found:
        notes.append("LibreOffice with a profile that it had used before.")
    else:
        notes.append("LibreOffice is not installed here, or not wanted: skipped.")
    head = ("a new process", "time", "reportgen takes")
    return Section("The report 2023 of Huaihua, cold", head, rows, notes)
