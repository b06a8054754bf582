"""The part about waiting: explain, diff and a correction against the old program, a masked report.

Each program works on a repository of its own, with the data that it came with and one fact changed
since the commit. A public report with a mask, of which figures can be worked out, is held against
the same report without one: what else to withhold is sought, tried and told.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from bench.plan import Plan
from bench.races import Processes, Taken, least, race
from bench.rivals import CHOICE, OLD_COMMIT, OURS, UNIT, YEAR, Program, old_program
from bench.tables import Section, Target, duration, times

FACT = f"data/{UNIT}/{YEAR}/economic.yaml"
BEFORE, AFTER = "outturn: 3.77}", "outturn: 3.78}"
EXPLAIN, DIFF, CORRECTION = "explain", "diff", "diff --correction"
WITH_MASK, WITHOUT_MASK = "public with a mask", "public"
LIMITS: Mapping[str, float] = {EXPLAIN: 0.5, DIFF: 0.5, CORRECTION: 0.5, WITH_MASK: 3}
"""How many times its rival a wait may take: the old program, or the report without a mask."""
MARK = f", {OLD_COMMIT}"
"""What the names of waits at the old program end in."""
MASKED = ("--unit", "yueyang", "--year", "2021", "--report", "department")
MASK = """disclosure:
  mask:
    - key: institutions.bureau.项目支出
      shown: 若干
      reason: 量一量要等多久
      basis: 《中华人民共和国政府信息公开条例》第十四条
"""


class Measured(NamedTuple):
    """What each took in each round, by name."""

    taken: Mapping[str, Sequence[Taken]]


def measured(plan: Plan, say: Callable[[str], None]) -> Measured:
    """Measure; `say` hears what comes next."""
    say(f"explain, diff, a correction, a mask: {plan.processes} rounds")
    with TemporaryDirectory() as name:
        folder = Path(name)
        contenders = [*_compared(OURS, folder / "ours", ""), *_masked(folder)]
        old = old_program(folder)
        if old is not None:
            contenders += _compared(old, folder / "theirs", MARK)
        return Measured(race(contenders, plan.processes))


def sections(found: Measured) -> tuple[Section, ...]:
    """Return the table: a row a wait."""
    rows = []
    for name in LIMITS:
        ours, rival = _ends(name, found)
        shown = times(ours.cpu / rival.cpu) if rival else "skipped"
        against = duration(rival.cpu) if rival else ""
        rows.append((name, duration(ours.wall), duration(ours.cpu), _rival(name), against, shown))
    head = ("wait", "wall", "CPU", "against", "CPU", "CPU ratio")
    return (Section("What a drafter waits for", head, rows),)


def targets(found: Measured) -> tuple[Target, ...]:
    """Return what is wanted of waits."""
    wanted = []
    for name, limit in LIMITS.items():
        ours, rival = _ends(name, found)
        ratio = ours.cpu / rival.cpu if rival else None
        met = None if ratio is None else ratio <= limit
        shown = "skipped" if ratio is None else times(ratio)
        wanted.append(Target(f"CPU: {name} ≤ {limit:g} × {_rival(name)}", shown, met))
    return tuple(wanted)


def _rival(name: str) -> str:
    """Return what a wait is held against."""
    return WITHOUT_MASK if name == WITH_MASK else f"{name}{MARK}"


def _ends(name: str, found: Measured) -> tuple[Taken, Taken | None]:
    """Return what a wait took at least, and its rival, None where that was not there."""
    rounds = found.taken.get(_rival(name))
    return least(found.taken[name]), least(rounds) if rounds else None


def _compared(program: Program, root: Path, mark: str) -> list[Processes]:
    """Return the waits on a repository at `root`, by names that end in `mark`."""
    _repository(program, root)
    choice = (*CHOICE, "--root", str(root))
    correction = ("--correction", str(root / "correction.docx"))
    return [
        program.run(EXPLAIN + mark, "explain", "execution_rate", *choice),
        program.run(DIFF + mark, "diff", "HEAD", *choice),
        program.run(CORRECTION + mark, "diff", "HEAD", *choice, *correction),
    ]


def _repository(program: Program, root: Path) -> None:
    """Make a repository of the project of a program, with one fact changed since its commit."""
    _project(program, root)
    commit = ("-c", "user.name=bench", "-c", "user.email=bench@example.com", "commit", "-qm", "all")
    for words in (("init", "-q"), ("add", "-A"), commit):
        subprocess.run(["git", "-C", str(root), *words], check=True, capture_output=True)
    fact = root / FACT
    text = fact.read_text("utf-8")
    assert BEFORE in text
    fact.write_text(text.replace(BEFORE, AFTER), "utf-8")


def _masked(folder: Path) -> list[Processes]:
    """Return a public report with a mask and without."""
    with_mask, without = folder / "masked", folder / "plain"
    for root in (with_mask, without):
        _project(OURS, root)
    policy = with_mask / "data/yueyang/2021/disclosure.yaml"
    policy.write_text(MASK, "utf-8")
    build = ("build", *MASKED, "--audience", "public", "--force", "--root")
    return [
        OURS.run(WITH_MASK, *build, str(with_mask), fails=True),
        OURS.run(WITHOUT_MASK, *build, str(without)),
    ]


def _project(program: Program, root: Path) -> None:
    for part in ("data", "templates"):
        shutil.copytree(program.root / part, root / part)
