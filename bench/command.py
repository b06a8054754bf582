"""The part about the command: what a user waits for, each against its rival, in new processes.

Wall seconds are what a user waits, CPU seconds what all processors worked for it, a process's
own children included. Both are the least of several rounds in which all take turns.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import NamedTuple

from bench.plan import Plan
from bench.races import WARM_UP, Processes, Taken, least, median_wall, race
from bench.rivals import (
    CHOICE,
    OLD_COMMIT,
    OURS,
    built_file,
    office,
    office_conversion,
    old_program,
    pandoc_conversion,
)
from bench.tables import Section, Target, duration, times

HELP, BUILD_HELP, VERSION = "--help", "build --help", "--version"
CHECK = "check"
BUILD, CURRENT = "build, three formats, verified", "build, up to date"
PUBLIC, PUBLIC_CURRENT = "public build", "public build, up to date"
TYPER = 'python -c "import typer"'
OLD_CHECK = f"check, {OLD_COMMIT}"
OFFICE = "LibreOffice: docx → PDF"
PANDOC = "pandoc, typst.compile: HTML → docx, PDF"


class Ratio(NamedTuple):
    """One of ours, its rival, and how many times the rival's time is wanted at most."""

    ours: str
    rival: str
    limit: float | None


RATIOS = (
    Ratio(HELP, TYPER, 2),
    Ratio(BUILD_HELP, TYPER, 2),
    Ratio(VERSION, TYPER, 2),
    Ratio(CHECK, OLD_CHECK, 0.45),
    Ratio(BUILD, OFFICE, 0.8),
    Ratio(BUILD, PANDOC, None),
    Ratio(CURRENT, BUILD, 0.25),
    Ratio(PUBLIC_CURRENT, PUBLIC, 0.25),
)


class Measured(NamedTuple):
    """What each took in each round, by name, and why others were skipped."""

    taken: Mapping[str, Sequence[Taken]]
    skipped: Mapping[str, str]


def measured(plan: Plan, say: Callable[[str], None]) -> Measured:
    """Measure; `say` hears what comes next."""
    taken: dict[str, list[Taken]] = {}
    skipped: dict[str, str] = {}
    with TemporaryDirectory() as name:
        folder = Path(name)
        say(f"the start of the command: {plan.starts} rounds")
        taken |= _raced(_starts(), plan.starts, skipped)
        say(f"check: {plan.processes} rounds")
        taken |= _raced(_checks(folder, skipped), plan.processes, skipped)
        say(f"builds and rival programs: {plan.processes} rounds")
        builds = _builds(folder, plan, skipped)
        taken |= _raced(builds, plan.processes, skipped)
    return Measured(taken, skipped)


def _starts() -> list[Processes]:
    return [
        OURS.python(TYPER, "-c", "import typer"),
        OURS.run(HELP, "--help"),
        OURS.run(BUILD_HELP, "build", "--help"),
        OURS.run(VERSION, "--version"),
    ]


def _checks(folder: Path, skipped: dict[str, str]) -> list[Processes]:
    """Return the check of the real report, and of the old program on its own data."""
    checks = [OURS.run(CHECK, "check", *CHOICE)]
    old = old_program(folder)
    if old is None:
        skipped[OLD_CHECK] = f"commit {OLD_COMMIT} is not in the repository"
    else:
        checks.append(old.run(OLD_CHECK, "check", *CHOICE))
    return checks


def _builds(folder: Path, plan: Plan, skipped: dict[str, str]) -> list[Processes]:
    """Return builds that are forced and others that find all up to date, and other programs."""
    out = folder / "build"
    build = ("build", *CHOICE, "--out", str(out))
    public = (*build, "--audience", "public")
    # pandoc writes a picture in a page as Typst no longer takes it: it gets one without charts.
    OURS.run("page without charts", *build, "--audience", "submit").measure(WARM_UP)
    builds = [
        OURS.run(BUILD, *build, "--force"),
        OURS.run(CURRENT, *build),
        OURS.run(PUBLIC, *public, "--force"),
        OURS.run(PUBLIC_CURRENT, *public),
        pandoc_conversion(PANDOC, built_file(out, "submit", "html"), folder),
    ]
    program = office() if plan.office else None
    if program is None:
        skipped[OFFICE] = "LibreOffice is not installed here" if plan.office else "not wanted"
    else:
        docx = built_file(out, "internal", "docx")
        builds.append(office_conversion(OFFICE, program, docx, folder))
    return builds


def _raced(
    contenders: Sequence[Processes], rounds: int, skipped: dict[str, str]
) -> dict[str, list[Taken]]:
    """Return what took part in a race; what fails when it warms up is skipped."""
    able = []
    for contender in contenders:
        try:
            contender.measure(WARM_UP)
        except (OSError, subprocess.SubprocessError) as error:
            skipped[contender.name] = f"does not run here: {error}"
        else:
            able.append(contender)
    return race(able, rounds, warmed=True)


def sections(found: Measured) -> tuple[Section, ...]:
    """Return the table: a row a ratio."""
    head = (
        "the real report",
        "wall",
        "CPU",
        "against",
        "wall",
        "CPU",
        "ratio",
        "CPU ratio",
        "wanted",
    )
    rows = [_row(ratio, found) for ratio in RATIOS]
    notes = [
        "New processes that took turns; the least of the rounds. CPU: of all processors.",
        f"Noise: {_noise(found.taken)}.",
        "LibreOffice had used its profile before; pandoc got a page without charts.",
    ]
    notes += [f"Skipped: {name} ({reason})." for name, reason in found.skipped.items()]
    return (Section("The command", head, rows, notes),)


def _row(ratio: Ratio, found: Measured) -> tuple[str, ...]:
    ours, rival = _times(ratio.ours, found), _times(ratio.rival, found)
    wanted = f"≤ {ratio.limit:g}" if ratio.limit else ""
    if ours is None or rival is None:
        return ratio.ours, *_shown(ours), ratio.rival, *_shown(rival), "skipped", "", wanted
    walls, cpus = times(ours.wall / rival.wall), times(ours.cpu / rival.cpu)
    return ratio.ours, *_shown(ours), ratio.rival, *_shown(rival), walls, cpus, wanted


def _times(name: str, found: Measured) -> Taken | None:
    """Return what the contender `name` took, None where it was skipped."""
    rounds = found.taken.get(name)
    return least(rounds) if rounds else None


def _shown(taken: Taken | None) -> tuple[str, str]:
    return (duration(taken.wall), duration(taken.cpu)) if taken else ("", "")


def _noise(taken: Mapping[str, Sequence[Taken]]) -> str:
    """Return how far medians lie above the least times, which is what other work did to them."""
    repeated = [rounds for rounds in taken.values() if len(rounds) > 1]
    factors = [median_wall(rounds) / least(rounds).wall for rounds in repeated]
    if not factors:
        return "unknown, nothing was measured twice"
    typical, worst = times(median(factors)), times(max(factors))
    return f"the median wall time of rounds is typically {typical} the least, at worst {worst}"


def targets(found: Measured) -> tuple[Target, ...]:
    """Return what is wanted of the command."""
    return tuple(_target(ratio, ratio.limit, found) for ratio in RATIOS if ratio.limit)


def _target(ratio: Ratio, limit: float, found: Measured) -> Target:
    wanted = f"CPU: {ratio.ours} ≤ {limit:g} × {ratio.rival}"
    ours, rival = _times(ratio.ours, found), _times(ratio.rival, found)
    if ours is None or rival is None:
        return Target(wanted, "skipped", None)
    # What other work does to a busy machine shows in seconds of the clock first.
    return Target(wanted, times(ours.cpu / rival.cpu), ours.cpu <= limit * rival.cpu)
