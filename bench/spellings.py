"""What the proof catches of the ways in which people write a value that is kept back, by class."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from bench.plan import Plan
from bench.samples import ROOT
from bench.tables import Section, Target
from reportgen.model.disclosed import Secret

sys.path.append(str(ROOT / "tests"))

import spelled_numbers
import spelled_words
from spellings import Spelling, leaks_in

Trials = Iterable[tuple[Secret, Spelling]]
SUBJECTS: Mapping[str, Callable[[], Trials]] = {
    "numbers": spelled_numbers.trials,
    "words": spelled_words.trials,
}
"""For each subject, secrets with every way to write them."""


@dataclass(slots=True)
class Caught:
    """How many spellings were tried and caught in each class, and which were not."""

    tried: Counter[str] = field(default_factory=Counter)
    caught: Counter[str] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)


class Measured(NamedTuple):
    """What was caught, by subject."""

    subjects: Mapping[str, Caught]


def measured(_plan: Plan, say: Callable[[str], None]) -> Measured:
    """Measure; `say` hears what comes next."""
    subjects = {}
    for subject, trials in SUBJECTS.items():
        say(f"every way to write {subject}")
        subjects[subject] = _caught(trials())
    return Measured(subjects)


def _caught(trials: Trials) -> Caught:
    found = Caught()
    for secret, (label, text) in trials:
        found.tried[label] += 1
        if leaks_in(f"全年为{text}，其余从略。", secret):
            found.caught[label] += 1
        else:
            found.missed.append(f"missed {label}: {secret.text} as {text!r}")
    return found


def sections(found: Measured) -> tuple[Section, ...]:
    """Return a table of classes for each subject, and what was missed."""
    return tuple(_section(subject, caught) for subject, caught in found.subjects.items())


def _section(subject: str, found: Caught) -> Section:
    rows = [(label, str(n), str(found.caught[label])) for label, n in found.tried.items()]
    rows.append(("all", str(found.tried.total()), str(found.caught.total())))
    title = f"Ways to write {subject} that are kept back"
    return Section(title, ("class", "tried", "caught"), rows, found.missed)


def targets(found: Measured) -> tuple[Target, ...]:
    """Return what is wanted: every spelling is caught."""
    wanted = []
    for subject, caught in found.subjects.items():
        shown = f"{caught.caught.total()} of {caught.tried.total()}"
        wanted.append(Target(f"spellings of {subject}: all caught", shown, not caught.missed))
    return tuple(wanted)
