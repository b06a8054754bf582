"""The third part: every report of the repository, three formats, in one process."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from bench.child import run_json
from bench.plan import Plan
from bench.stages import STAGES, Clock, build, watch_stages
from bench.tables import Section, Target, span


class Measured(NamedTuple):
    """Seconds by stage for each report, by its name, in the order in which they were built."""

    reports: Mapping[str, Mapping[str, float]]


def measured(_plan: Plan, say: Callable[[str], None]) -> Measured:
    """Measure; `say` hears what comes next."""
    say("every report, in one process")
    return Measured(run_json("bench.six"))


def sections(found: Measured) -> tuple[Section, ...]:
    """Return the table: a row a report, a column a stage."""
    rows = []
    for name, taken in found.reports.items():
        rows.append((name, *(span(taken.get(stage, 0)) for stage in STAGES), span(taken["build"])))
    whole = sum(taken["build"] for taken in found.reports.values())
    rows.append(("together", *("" for _ in STAGES), span(whole)))
    notes = ("The first report pays for what is loaded once.",)
    head = ("report", *STAGES, "whole")
    return (Section("Every report, docx, HTML and PDF, in one process", head, rows, notes),)


def targets(_found: Measured) -> tuple[Target, ...]:
    """Return what is wanted of all reports together: nothing is."""
    return ()


def main() -> None:
    """Measure and print."""
    pipeline = import_module("reportgen.flow.pipeline")
    selection = import_module("reportgen.project.layout")
    files = import_module("reportgen.project.source_files")
    clock = Clock()
    watch_stages(clock, pipeline)
    root = Path(__file__).resolve().parent.parent
    chosen, _ = selection.select(files.Files(root), None, None, None)
    found: dict[str, dict[str, float]] = {}
    with TemporaryDirectory() as out:
        for each in chosen:
            job = pipeline.Job(root, Path(out), each.unit, each.year, each.report)
            found[str(each)] = build(clock, pipeline, job)
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
