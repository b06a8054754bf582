"""The part about differences: what `diff` costs on 50 years of 10 units, made up."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import NamedTuple

from bench.plan import QUICK, Plan
from bench.tables import Section, Target, duration
from reportgen.features.diff.differences import ComparisonResult, differ
from reportgen.features.diff.states import Scope
from reportgen.findings import Diagnostics

ROOT = Path(__file__).resolve().parent.parent
MODEL = ROOT / "tests" / "projects" / "small"
LAST = 2024
SIZES = {"quick": (8, 3), "full": (50, 10)}
"""Years and units that are made up."""
ONE_FACT = "one fact"
WANTED = 2.0
"""Seconds that a reviewer waits for the effect of one fact."""
_ALONE = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}


class Measured(NamedTuple):
    """Seconds by what was compared, with how many reports changed and how many did not."""

    size: str
    taken: Mapping[str, tuple[float, int, int]]


def measured(plan: Plan, say: Callable[[str], None]) -> Measured:
    """Measure; `say` hears what comes next."""
    years, units = SIZES["quick" if plan.processes == QUICK.processes else "full"]
    with TemporaryDirectory() as folder:
        root = Path(folder)
        say(f"{years} years of {units} units, made up")
        _make(root, years, units)
        fact = root / f"data/unit1/{LAST - 4}/accounts.yaml"
        rule = root / "templates/small/metrics.yaml"
        comparisons: dict[str, Callable[[], ComparisonResult]] = {
            "no change": partial(_unchanged, root),
            "two years of a unit": partial(_years, root),
            ONE_FACT: partial(_edited, root, fact, "280.75", "281.75"),
            "a formula of every report": partial(_edited, root, rule, "sum(visits.次数)", "20"),
        }
        taken = {}
        for name, compare in comparisons.items():
            say(name)
            started = perf_counter()
            result = compare()
            seconds = perf_counter() - started
            taken[name] = (seconds, len(result.comparisons), result.same)
    return Measured(f"{years} years of {units} units", taken)


def _unchanged(root: Path) -> ComparisonResult:
    return differ(Scope(root), "HEAD", None, Diagnostics())


def _years(root: Path) -> ComparisonResult:
    return differ(Scope(root, "unit1"), str(LAST - 1), str(LAST), Diagnostics())


def _edited(root: Path, file: Path, old: str, new: str) -> ComparisonResult:
    text = file.read_text("utf-8")
    file.write_text(text.replace(old, new), "utf-8")
    try:
        return differ(Scope(root), "HEAD", None, Diagnostics())
    finally:
        file.write_text(text, "utf-8")


def _make(root: Path, years: int, units: int) -> None:
    """Write a project with a report for each year of each unit, and commit it."""
    shutil.copytree(MODEL / "templates", root / "templates")
    shutil.copytree(ROOT / "templates" / "shared", root / "templates" / "shared")
    source = MODEL / "data" / "bureau"
    for unit in (root / "data" / f"unit{n}" for n in range(1, units + 1)):
        unit.mkdir(parents=True)
        shutil.copy(source / "unit.yaml", unit)
        shutil.copytree(source / "2022", unit / str(LAST - years))
        for year in range(LAST - years + 1, LAST + 1):
            shutil.copytree(source / "2023", unit / str(year))
            facts = unit / str(year) / "staffing.yaml"
            text = facts.read_text("utf-8")
            facts.write_text(re.sub(r"actual: \d+", f"actual: {year % 30 + 1}", text), "utf-8")
    for words in (
        ("init", "-q"),
        ("config", "user.name", "bench"),
        ("config", "user.email", "bench@example.org"),
        ("add", "-A"),
        ("commit", "-q", "-m", "Begin"),
    ):
        environment = {**os.environ, **_ALONE}
        subprocess.run(["git", "-C", str(root), *words], check=True, env=environment)


def sections(found: Measured) -> tuple[Section, ...]:
    """Return the table: a row a comparison."""
    rows = [
        (name, duration(seconds), str(changed), str(same))
        for name, (seconds, changed, same) in found.taken.items()
    ]
    head = ("compared", "time", "reports changed", "unchanged")
    notes = ("Facts of a year are read by its report and by those of the three years after it.",)
    return (Section(f"diff on {found.size}", head, rows, notes),)


def targets(found: Measured) -> tuple[Target, ...]:
    """Return what is wanted: that the effect of one fact is there at once."""
    seconds = found.taken[ONE_FACT][0]
    wanted = f"diff of one fact in at most {WANTED:g} s"
    return (Target(wanted, duration(seconds), seconds <= WANTED),)
