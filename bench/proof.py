"""The fourth part: what it costs to prove a public version, as a ratio to its build.

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
from typing import NamedTuple

from bench.child import run_json
from bench.plan import Plan
from bench.samples import ROOT
from bench.tables import Section, Target, span, times

MANY = 200
"""Secrets that a policy adds to the few of a report: amounts, names and telephones in turn."""
WANTED = "reading back and proving a public version ≤ 1.00× its build, each report"


class Measured(NamedTuple):
    """Median seconds by report: `build`, `verify`, `more`."""

    reports: Mapping[str, Mapping[str, float]]


def measured(plan: Plan, say: Callable[[str], None]) -> Measured:
    """Measure; `say` hears what comes next."""
    from reportgen.project.layout import select  # noqa: PLC0415
    from reportgen.project.source_files import SourceFiles  # noqa: PLC0415

    found = {}
    for each in select(SourceFiles(ROOT), None, None, None)[0]:
        say(f"the public version of {each}: {plan.processes} processes")
        words = (each.unit, str(each.year), each.report)
        runs = [run_json("bench.proof", *words) for _ in range(plan.processes)]
        found[str(each)] = {key: median(run[key] for run in runs) for key in runs[0]}
    return Measured(found)


def sections(found: Measured) -> tuple[Section, ...]:
    """Return the table: a row a report."""
    rows = [
        (name, span(t["build"]), span(t["verify"]), _ratio(t, "verify"), _ratio(t, "more"))
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
    from reportgen.flow import pipeline  # noqa: PLC0415
    from reportgen.project.source_files import SourceFiles  # noqa: PLC0415

    unit, year, report = words
    job = pipeline.Job(ROOT, Path(gettempdir()), unit, int(year), report, audience="public")
    started = perf_counter()
    made = pipeline.render(job, SourceFiles(ROOT))
    built = perf_counter()
    outcome = pipeline.prove(made)
    verified = perf_counter()
    if outcome.failed or made.disclosed is None:
        raise SystemExit("the report does not build")
    more = replace(made.disclosed, secrets=(*made.disclosed.secrets, *_secrets()))
    again = perf_counter()
    pipeline.prove(replace(made, disclosed=more))
    done = perf_counter()
    taken = {"build": built - started, "verify": verified - built, "more": done - again}
    json.dump(taken, sys.stdout)


def _secrets() -> tuple[object, ...]:
    """Return secrets that no report holds."""
    from reportgen.model.disclosed import Secret  # noqa: PLC0415
    from reportgen.model.quantity import Shape  # noqa: PLC0415
    from reportgen.model.units import find_unit  # noqa: PLC0415

    unit = find_unit("万元")
    found = []
    for number in range(MANY):
        key = f"secret.{number}"
        value = Fraction(9_876_543_21 + 1_234_57 * number, 10)
        words = f"某甲乙{chr(0x9000 + number)}", f"0{7_000_000 + 31 * number}"
        if number % 3:
            found.append(Secret(key, key, words[number % 3 - 1]))
        else:
            found.append(Secret(key, key, "—", value=value, unit=unit, shape=Shape(2)))
    return tuple(found)


if __name__ == "__main__":
    main(sys.argv[1:])
