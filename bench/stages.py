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
from itertools import chain
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

PIPELINE = "reportgen.flow.pipeline"
WRITERS, OUTPUTS = "reportgen.write.writers", "reportgen.verify.outputs"
STAGES: Mapping[str, tuple[str, ...]] = {
    "load": ("reportgen.load.inputs:load",),
    "derive": ("reportgen.flow.steps:derive_report",),
    "check": (
        "reportgen.flow.steps:check_facts",
        "reportgen.flow.steps:check_rules",
        "reportgen.check.numbers.check:check_numbers",
        "reportgen.check.conform:check_document",
        "reportgen.check.relations:check_contradictions",
        "reportgen.check.plausibility:check_forecasts",
        "reportgen.check.published:check_published",
        "reportgen.check.waivers:apply_waivers",
        "reportgen.flow.recoverable:check_recoverable",
    ),
    "disclose": (
        "reportgen.disclose.redact:redact",
        "reportgen.disclose.document:redact_document",
        "reportgen.disclose.document:without_keys",
        "reportgen.verify.proof:proof",
    ),
    "compose": (
        "reportgen.compose.document:compose",
        "reportgen.compose.charts:chart_annex",
        "reportgen.provenance.explanation:notes",
    ),
    "write": ("reportgen.load.frame_files:load_edition", f"{WRITERS}:write"),
    "verify": (f"{OUTPUTS}:verify",),
    "publish": (f"{PIPELINE}:publish_files",),
}
"""Each stage with its functions, by the modules that define them."""
INSIDE: Mapping[str, tuple[str, ...]] = {
    "write": ("reportgen.write.fonts:find_fonts", "reportgen.write.charts:draw"),
    "verify": (
        "reportgen.verify.comparison:agree",
        "reportgen.verify.comparison:differences",
        "reportgen.verify.search:prove_file",
    ),
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
        "Import: the command and all stages; engines are imported by the first that needs them.",
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
    for stage, names in STAGES.items():
        for name in names:
            function = _function(name)
            _replace(function, clock.watch_stage(stage, function))
    for stage, names in INSIDE.items():
        for name in names:
            function = _function(name)
            _replace(function, clock.watch(f"{stage}: {function.__name__}", function))
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


def _function(name: str) -> Callable[..., Any]:
    """Return what `module:function` names."""
    module, _, attribute = name.partition(":")
    function: Callable[..., Any] = getattr(import_module(module), attribute)
    return function


def _replace(function: Callable[..., Any], watched: Callable[..., Any]) -> None:
    """Put `watched` in the place of `function`, in whichever module of reportgen knows it."""
    modules = [module for name, module in sys.modules.items() if name.startswith("reportgen")]
    for module in modules:
        for attribute, value in list(vars(module).items()):
            if value is function:
                setattr(module, attribute, watched)


def main(rounds: int) -> None:
    """Measure and print."""
    started = perf_counter()
    import_module("reportgen.cli")
    pipeline = import_module(PIPELINE)
    for name in chain.from_iterable(STAGES.values()):
        _function(name)
    importing = perf_counter() - started
    from bench.real import job  # noqa: PLC0415

    clock = Clock()
    watch_stages(clock)
    with TemporaryDirectory() as out:
        cold, *builds = [build(clock, pipeline, job(Path(out))) for _ in range(rounds + 1)]
        warm = {name: median([taken[name] for taken in builds]) for name in cold}
        reader = import_module(OUTPUTS).FileReader
        with (
            patch.object(pipeline, "verify_files", lambda *_: None),
            patch.object(reader, "begin", lambda *_: None),
        ):
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
