"""The part about stages: the real report by stages of the flow, cold and warm.

`python -m bench.stages ROUNDS` times them in a process of its own and prints JSON: seconds by
name, `cold` for the first build of the process and `warm` as the median of those after it;
`import` and, without verification, `unverified`.
"""

from __future__ import annotations

import gc
import json
import sys
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from types import ModuleType
from typing import Any, NamedTuple
from unittest.mock import patch

from bench.child import run_json
from bench.plan import Plan
from bench.tables import Section, Target, duration

STEPS, PIPELINE = "reportgen.flow.steps", "reportgen.flow.pipeline"
STAGES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "load": (STEPS, ("load",)),
    "derive": (STEPS, ("derive_report",)),
    "check": (
        STEPS,
        (
            *("check_facts", "check_rules", "check_numbers", "check_document"),
            *("check_published", "check_recoverable", "apply_waivers"),
        ),
    ),
    "disclose": (STEPS, ("redact", "redact_document", "without_keys", "proof")),
    "compose": (STEPS, ("compose", "chart_annex", "notes")),
    "write": (PIPELINE, ("load_edition", "write")),
    "verify": (PIPELINE, ("verify",)),
    "publish": (PIPELINE, ("publish_files",)),
}
"""Each stage with the module that calls functions for it, and their names there."""
WRITERS, OUTPUTS = "reportgen.write.writers", "reportgen.verify.outputs"
INSIDE: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "write": (WRITERS, ("find_fonts", "draw")),
    "verify": (OUTPUTS, ("ExpectedContent", "agree", "differences", "prove_file")),
}
"""What is timed within a stage, beside its writers and readers, which work in parallel."""


class Measured(NamedTuple):
    """Seconds of stages, by name, `cold` and `warm`."""

    stages: Mapping[str, Any]


def measured(plan: Plan, say: Callable[[str], None]) -> Measured:
    """Measure; `say` hears what comes next."""
    say(f"the report by stages: {plan.processes} processes, each 1 + {plan.report} builds")
    runs = [run_json("bench.stages", str(plan.report)) for _ in range(plan.processes)]
    return Measured(_medians(runs))


def sections(found: Measured) -> tuple[Section, ...]:
    """Return the table: a row a stage, or a part of one."""
    cold, warm = found.stages["cold"], found.stages["warm"]
    rows = [("import", duration(found.stages["import"]), "")]
    for stage in STAGES:
        if stage in cold:
            rows.append((stage, duration(cold[stage]), duration(warm[stage])))
        for name in sorted(name for name in cold if name.startswith(f"{stage}: ")):
            part = name.partition(": ")[2]
            rows.append((f"    {part}", duration(cold[name]), duration(warm[name])))
    rows.append(("whole build", duration(cold["build"]), duration(warm["build"])))
    rows.append(("whole build, unverified", "", duration(found.stages["unverified"])))
    notes = (
        "Indented: parts of the stage above, writers and readers in parallel.",
        "Warm: the same report again in one process; Typst then remembers most of its layout.",
    )
    head = ("stage", "first in a process", "warm")
    title = "The report 2023 of Huaihua, three formats, by stages"
    return (Section(title, head, rows, notes),)


def targets(_found: Measured) -> tuple[Target, ...]:
    """Return what is wanted of single stages: nothing is."""
    return ()


def _medians(runs: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the median of each number in `runs`, which are alike."""
    medians: dict[str, Any] = {}
    for key, first in runs[0].items():
        values = [run[key] for run in runs]
        medians[key] = _medians(values) if isinstance(first, dict) else median(values)
    return medians


class Clock:
    """Collects seconds by name; what a stage calls of other stages counts as its own."""

    def __init__(self) -> None:
        self.taken: dict[str, float] = defaultdict(float)
        self._in_stage = False

    def watch_stage(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return `function` such that its time is collected for `stage`, unless within one."""
        timed = self.watch(stage, function)

        def run(*given: Any, **named: Any) -> Any:  # noqa: ANN401
            if self._in_stage:
                return function(*given, **named)
            self._in_stage = True
            try:
                return timed(*given, **named)
            finally:
                self._in_stage = False

        return run

    def watch(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return `function` such that its time is collected under `name`."""

        def run(*given: Any, **named: Any) -> Any:  # noqa: ANN401
            started = perf_counter()
            try:
                return function(*given, **named)
            finally:
                self.taken[name] += perf_counter() - started

        return run


def watch_stages(clock: Clock) -> None:
    """Time every stage of the flow, and the writers and readers within."""
    for stage, (module, names) in STAGES.items():
        for name in names:
            function = getattr(import_module(module), name)
            setattr(import_module(module), name, clock.watch_stage(stage, function))
    for stage, (module, names) in INSIDE.items():
        for name in names:
            function = getattr(import_module(module), name)
            setattr(import_module(module), name, clock.watch(f"{stage}: {name}", function))
    writers, outputs = import_module(WRITERS), import_module(OUTPUTS)
    timed = [
        replace(writer, write=clock.watch(f"write: {writer.format}", writer.write))
        for writer in writers.WRITERS
    ]
    readers = {}
    for name, read in outputs.READERS.items():
        readers[name] = clock.watch(f"verify: read {name}", read)
    vars(writers)["WRITERS"] = tuple(timed)
    vars(outputs)["READERS"] = readers


def main(rounds: int) -> None:
    """Measure and print."""
    started = perf_counter()
    import_module("reportgen.cli")
    pipeline = import_module(PIPELINE)
    importing = perf_counter() - started
    from bench.real import job  # noqa: PLC0415

    clock = Clock()
    watch_stages(clock)
    with TemporaryDirectory() as out:
        cold, *builds = [build(clock, pipeline, job(Path(out))) for _ in range(rounds + 1)]
        warm = {name: median([taken[name] for taken in builds]) for name in cold}
        with patch.object(pipeline, "verify", lambda *_: ()):
            unverified = [build(clock, pipeline, job(Path(out))) for _ in range(rounds)]
    found = {
        "import": importing,
        "cold": cold,
        "warm": warm,
        "unverified": median([taken["build"] for taken in unverified]),
    }
    print(json.dumps(found))


def build(clock: Clock, pipeline: ModuleType, job: Any) -> dict[str, float]:  # noqa: ANN401
    """Return the seconds that a build of `job` takes, by stage and as a whole."""
    gc.collect()
    clock.taken.clear()
    started = perf_counter()
    result = pipeline.build(job, force=True)
    total = perf_counter() - started
    if result.failed:
        raise SystemExit("the report does not build")
    return {**clock.taken, "build": total}


if __name__ == "__main__":
    main(int(sys.argv[1]))
