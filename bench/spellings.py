"""What the proof catches of the ways in which people write a value that is kept back, by class."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

from bench.plan import Plan
from bench.samples import ROOT
from bench.tables import Section, Target
from reportgen.model.disclosed import Secret

sys.path.append(str(ROOT / "tests"))

import spelled_numbers
import spelled_personal
import spelled_words
from spellings import Spelling, leaks_in

Trials = Iterable[tuple[str, Spelling, Callable[[str], bool]]]
"""What is written, a way to write it, and what says whether a text with it is caught."""


def _kept_back(secrets: Iterable[tuple[Secret, Spelling]]) -> Trials:
    for secret, spelling in secrets:
        yield secret.text, spelling, partial(_is_told, secret)


def _is_told(secret: Secret, text: str) -> bool:
    return bool(leaks_in(text, secret))


def _personal() -> Trials:
    for kind, text, spelling in spelled_personal.trials():
        yield text, spelling, partial(spelled_personal.is_found, kind)


SUBJECTS: Mapping[str, Callable[[], Trials]] = {
    "numbers": lambda: _kept_back(spelled_numbers.trials()),
    "words": lambda: _kept_back(spelled_words.trials()),
    "personal data": _personal,
}
"""For each subject, every way to write what it has."""


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
    for written, (label, text), is_caught in trials:
        found.tried[label] += 1
        if is_caught(f"全年为{text}，其余从略。"):
            found.caught[label] += 1
        else:
            found.missed.append(f"missed {label}: {written} as {text!r}")
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
