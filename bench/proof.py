"""The part about proofs: what it costs to prove a public version, as a ratio to its build.

`python -m bench.proof UNIT YEAR REPORT` measures one report in a process of its own, and prints
seconds as JSON: `build` to make its files, `verify` to read them back and to prove them, `more`
the same with many more secrets.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from statistics import median
from tempfile import gettempdir
from time import perf_counter
from typing import TYPE_CHECKING, NamedTuple

from bench.child import run_json
from bench.plan import Plan
from bench.samples import ROOT
from bench.tables import Section, Target, duration, times

if TYPE_CHECKING:
    from reportgen.findings import Diagnostics
    from reportgen.flow.staged import Written
    from reportgen.model.disclosed import Secret

MANY = 200
"""Secrets that a policy adds to the few of a report: amounts, names and telephones in turn."""
WANTED = "reading back and proving a public version ≤ 1.00× its build, each report"


class Measured(NamedTuple):
    """Median seconds by report: `build`, `verify`, `more`."""

    reports: Mapping[str, Mapping[str, float]]


def measured(plan: Plan, say: Callable[[str], None]) -> Measured:
    """Measure; `say` hears what comes next."""
    from reportgen.project.layout import every_report  # noqa: PLC0415
    from reportgen.project.source_files import SourceFiles  # noqa: PLC0415

    reports = {}
    for report in every_report(SourceFiles(ROOT)):
        say(f"the public version of {report}: {plan.processes} processes")
        words = (report.unit, str(report.year), report.report)
        runs = [run_json("bench.proof", *words) for _ in range(plan.processes)]
        reports[str(report)] = {key: median(run[key] for run in runs) for key in runs[0]}
    return Measured(reports)


def sections(found: Measured) -> tuple[Section, ...]:
    """Return the table: a row a report."""
    rows = [
        (name, duration(t["build"]), duration(t["verify"]), _ratio(t, "verify"), _ratio(t, "more"))
        for name, t in found.reports.items()
    ]
    head = ("public version", "build", "verify", "verify : build", f"{MANY} secrets more")
    notes = ("Each in a new process, without imports: load to write; read back, compare, prove.",)
    return (Section("What the proof costs", head, rows, notes),)


def targets(found: Measured) -> tuple[Target, ...]:
    """Return what is wanted of the proof."""
    ratios = [taken["verify"] / taken["build"] for taken in found.reports.values()]
    worst = max(ratios, default=0)
    return (Target(WANTED, f"{times(min(ratios, default=0))} to {times(worst)}", worst <= 1),)


def _ratio(taken: Mapping[str, float], key: str) -> str:
    return times(taken[key] / taken["build"])


def main(words: Sequence[str]) -> None:
    """Measure one report and print."""
    from reportgen.findings import Diagnostics  # noqa: PLC0415
    from reportgen.flow import pipeline, steps  # noqa: PLC0415
    from reportgen.flow.job import Job  # noqa: PLC0415
    from reportgen.flow.staged import Draft  # noqa: PLC0415
    from reportgen.project.source_files import SourceFiles  # noqa: PLC0415

    unit, year, name = words
    job = Job(ROOT, Path(gettempdir()), unit, int(year), name, audience="public")
    files, log = SourceFiles(ROOT), Diagnostics()
    started = perf_counter()
    report = steps.draft(job, files, log)
    if not isinstance(report, Draft):
        raise SystemExit("the report does not build")
    written = pipeline.write_files(report, files, log)
    build = perf_counter() - started
    if written is None:
        raise SystemExit("the report does not build")
    verify = _seconds_to_verify(written, (), log)
    if log.blocked:
        raise SystemExit("the report does not build")
    more = _seconds_to_verify(written, _secrets(), log)
    json.dump({"build": build, "verify": verify, "more": more}, sys.stdout)


def _seconds_to_verify(written: Written, more: tuple[Secret, ...], log: Diagnostics) -> float:
    """Return the seconds to read the files back and to prove them, with `more` secrets."""
    from reportgen.flow.pipeline import verify_files  # noqa: PLC0415
    from reportgen.flow.staged import GuardedDraft  # noqa: PLC0415
    from reportgen.verify.proof import proof  # noqa: PLC0415

    report = written.draft
    disclosed = replace(report.disclosed, secrets=(*report.disclosed.secrets, *more))
    started = perf_counter()
    to_prove = proof(report.version.document, disclosed, {}, log)
    verify_files(replace(written, draft=GuardedDraft.of(report, to_prove)), log)
    return perf_counter() - started


def _secrets() -> tuple[Secret, ...]:
    """Return secrets that no report holds."""
    from reportgen.model.disclosed import Secret  # noqa: PLC0415
    from reportgen.model.quantity import Shape  # noqa: PLC0415
    from reportgen.model.units import find_unit  # noqa: PLC0415

    unit = find_unit("万元")
    secrets = []
    for number in range(MANY):
        key = f"secret.{number}"
        value = Fraction(9_876_543_21 + 1_234_57 * number, 10)
        words = f"某甲乙{chr(0x9000 + number)}", f"0{7_000_000 + 31 * number}"
        if number % 3:
            secrets.append(Secret(key, key, words[number % 3 - 1]))
        else:
            secrets.append(Secret(key, key, "—", value=value, unit=unit, shape=Shape(2)))
    return tuple(secrets)


if __name__ == "__main__":
    main(sys.argv[1:])
