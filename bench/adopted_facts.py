"""Adopting: each report is built, adopted into an empty unit, and held to the facts it came from.

Shares of the numbers that the pack's own forms and texts print, and how many values are wrong;
what stands only in sentences of the unit's own is counted beside.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from bench.plan import Plan
from bench.samples import ROOT
from bench.tables import Section, Target
from reportgen.project.layout import ReportId

WANTED = {"docx": 0.97, "pdf": 0.90}


class AdoptionShare(NamedTuple):
    """What came back of a report from one of its files."""

    report: str
    form: str
    wanted: int
    right: int
    values: int
    wrong: int
    printed: int
    left: int


def measured(_plan: Plan, say: Callable[[str], None]) -> tuple[AdoptionShare, ...]:
    """Build and adopt every report; `say` hears what comes next."""
    sys.path.insert(0, str(ROOT / "tests"))
    import round_trip  # noqa: PLC0415 - it stands with the tests, which hold it to limits

    found: list[AdoptionShare] = []
    for report in round_trip.REPORTS:
        say(f"adopting {report}")
        found += _shares(report)
    return tuple(found)


def _shares(report: ReportId) -> Iterator[AdoptionShare]:
    import round_trip  # noqa: PLC0415

    with TemporaryDirectory() as folder:
        files = round_trip.built(report, Path(folder))
        printed = round_trip.printed_facts(files["docx"])
        wanted = round_trip.printed_by_pack(report, printed)
        for form in WANTED:
            root = round_trip.empty_project(Path(folder) / form)
            adoption = round_trip.adopted(files[form], report, root)
            result = round_trip.outcome(adoption, report, wanted)
            yield AdoptionShare(
                str(report),
                form,
                len(wanted),
                len(wanted & result.right),
                len(adoption.values),
                len(result.wrong),
                len(printed),
                len(adoption.not_taken),
            )


def sections(found: Sequence[AdoptionShare]) -> tuple[Section, ...]:
    """Return the table: a row a file."""
    head = ("report", "file", "numbers right", "values", "wrong", "printed in all", "not taken")
    rows: list[tuple[str, ...]] = []
    for each in found:
        right = f"{each.right}/{each.wanted}"
        numbers = (each.values, each.wrong, each.printed, each.left)
        rows.append((each.report, each.form, right, *map(str, numbers)))
    notes = ("Numbers in sentences that a unit wrote have no key in a pack and stay as they are.",)
    return (Section("Adopting a built report into an empty unit", head, rows, notes),)


def targets(found: Sequence[AdoptionShare]) -> tuple[Target, ...]:
    """Return what is wanted: nearly all numbers of the forms, and no wrong value."""
    return (*map(_share_target, WANTED, [found] * len(WANTED)), _wrong_target(found))


def _share_target(form: str, found: Sequence[AdoptionShare]) -> Target:
    own = [each for each in found if each.form == form]
    right, wanted = sum(each.right for each in own), sum(each.wanted for each in own)
    share = right / wanted if wanted else 1.0
    least = WANTED[form]
    return Target(f"{form}: {least:.0%} of numbers adopted", f"{share:.1%}", share >= least)


def _wrong_target(found: Sequence[AdoptionShare]) -> Target:
    wrong = sum(each.wrong for each in found)
    return Target("no wrong value adopted", str(wrong), wrong == 0)
