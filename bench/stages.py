"""The stages of a build, timed in a process of its own: `python -m bench.stages ROUNDS`.

Prints JSON: seconds by name, `cold` for the first build of the process and `warm` as the median
of those after it; `import` and, without verification, `unverified`.
"""

from __future__ import annotations

import gc
import json
import sys
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from types import ModuleType
from typing import Any
from unittest.mock import patch

STAGES: Mapping[str, tuple[str, ...]] = {
    "load": ("load",),
    "derive": ("derive",),
    "check": (
        *("check_required", "check_relations", "check_scores", "check_document"),
        *("check_published", "apply_waivers"),
    ),
    "disclose": ("disclose",),
    "compose": ("compose", "notes"),
    "write": ("load_edition", "write"),
    "verify": ("verify",),
    "publish": ("engines", "figures_json", "publish"),
}
"""Each stage with the names that the pipeline calls for it."""
INSIDE: Mapping[str, tuple[str, ...]] = {
    "write": ("find_fonts", "missing_glyphs"),
    "verify": ("ExpectedContent", "agree", "differences", "prove_file"),
}
"""What is timed within a stage, beside its writers and readers, which work in parallel."""


class Clock:
    """Collects seconds by name."""

    def __init__(self) -> None:
        self.taken: dict[str, float] = defaultdict(float)

    def timed(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return `function` such that its time is collected under `name`."""

        def run(*given: Any, **named: Any) -> Any:  # noqa: ANN401
            started = perf_counter()
            try:
                return function(*given, **named)
            finally:
                self.taken[name] += perf_counter() - started

        return run

    def watch(self, module: ModuleType, names: tuple[str, ...], label: str) -> None:
        """Time those of `names` that `module` has, under `label` or under label and name."""
        for name in names:
            if hasattr(module, name):
                title = label.replace("*", name)
                setattr(module, name, self.timed(title, getattr(module, name)))


def main(rounds: int) -> None:
    """Measure and print."""
    started = perf_counter()
    import_module("reportgen.cli")
    importing = perf_counter() - started
    pipeline = import_module("reportgen.flow.pipeline")
    clock = Clock()
    watch_stages(clock, pipeline)
    with TemporaryDirectory() as out:
        cold, *builds = [_build(clock, pipeline, Path(out)) for _ in range(rounds + 1)]
        warm = {name: median(each[name] for each in builds) for name in cold}
        with patch.object(pipeline, "verify", lambda *_: ()):
            every = [_build(clock, pipeline, Path(out))["build"] for _ in range(rounds)]
    print(
        json.dumps({"import": importing, "cold": cold, "warm": warm, "unverified": median(every)})
    )


def watch_stages(clock: Clock, pipeline: ModuleType) -> None:
    """Time every stage of `pipeline`, and the writers and readers within."""
    from reportgen.verify import outputs  # noqa: PLC0415
    from reportgen.write import writers  # noqa: PLC0415

    for stage, names in STAGES.items():
        clock.watch(pipeline, names, stage)
    for stage, names in INSIDE.items():
        clock.watch(writers if stage == "write" else outputs, names, f"{stage}: *")
    timed = [
        replace(writer, write=clock.timed(f"write: {writer.format}", writer.write))
        for writer in writers.WRITERS
    ]
    vars(writers)["WRITERS"] = tuple(timed)
    outputs.READERS = {
        name: clock.timed(f"verify: read {name}", read) for name, read in outputs.READERS.items()
    }


def _build(clock: Clock, pipeline: ModuleType, out: Path) -> dict[str, float]:
    from bench.real import job  # noqa: PLC0415

    return build(clock, pipeline, job(out))


def build(clock: Clock, pipeline: ModuleType, job: Any) -> dict[str, float]:  # noqa: ANN401
    """Return the seconds that a build of `job` takes, by stage and as a whole."""
    gc.collect()
    clock.taken.clear()
    started = perf_counter()
    outcome = pipeline.build(job)
    total = perf_counter() - started
    if outcome.failed:
        raise SystemExit("the report does not build")
    return {**clock.taken, "build": total}


if __name__ == "__main__":
    main(int(sys.argv[1]))
