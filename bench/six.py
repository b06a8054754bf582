"""The part about all reports: every report of the repository, three formats, in one process."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from bench.child import ROOT, run_json
from bench.plan import Plan
from bench.stages import PIPELINE, STAGES, Clock, build, watch_stages
from bench.tables import Section, Target, duration


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
        rows.append(
            (name, *(duration(taken.get(stage, 0)) for stage in STAGES), duration(taken["build"]))
        )
    whole = sum(taken["build"] for taken in found.reports.values())
    rows.append(("together", *("" for _ in STAGES), duration(whole)))
    notes = ("The first report pays for what is loaded once.",)
    head = ("report", *STAGES, "whole")
    return (Section("Every report, docx, HTML and PDF, in one process", head, rows, notes),)


def targets(_found: Measured) -> tuple[Target, ...]:
    """Return what is wanted of all reports together: nothing is."""
    return ()


def main() -> None:
    """Measure and print."""
    pipeline = import_module(PIPELINE)
    from reportgen.flow.job import Job  # noqa: PLC0415
    from reportgen.project.layout import every_report  # noqa: PLC0415
    from reportgen.project.source_files import SourceFiles  # noqa: PLC0415

    clock = Clock()
    watch_stages(clock)
    reports: dict[str, dict[str, float]] = {}
    with TemporaryDirectory() as out:
        for report in every_report(SourceFiles(ROOT)):
            job = Job(ROOT, Path(out), report.unit, report.year, report.report)
            reports[str(report)] = build(clock, pipeline, job)
    json.dump(reports, sys.stdout)


if __name__ == "__main__":
    main()
