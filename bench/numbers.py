"""The classifier of typed numbers against the labelled sentences: precision and recall."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from bench.plan import Plan
from bench.samples import ROOT
from bench.tables import Section, Target
from reportgen.check.numbers.classify import Classifier
from reportgen.check.numbers.direction import figures_shown, misdirections
from reportgen.check.numbers.passages import passage
from reportgen.model.figures import Figure, Ledger
from reportgen.model.quantity import parse_quantity
from reportgen.model.source import Mark

LABELLED = ROOT / "tests" / "check" / "numbers" / "labelled_numbers.yaml"
HALVES = ("tuning", "holdout")
WANTED = 0.95
CLASSES = ("plain", "year", "bind", "near", "stale", "unsourced", "direction")


@dataclass(slots=True)
class Score:
    """How often each class was said, was right to be said, and should have been."""

    hit: Counter[str] = field(default_factory=Counter)
    said: Counter[str] = field(default_factory=Counter)
    true: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def precision(self, kind: str) -> float:
        """Return the share of what was said to be `kind` that is."""
        return self.hit[kind] / self.said[kind] if self.said[kind] else 1.0

    def recall(self, kind: str) -> float:
        """Return the share of what is `kind` that was said to be."""
        return self.hit[kind] / self.true[kind] if self.true[kind] else 1.0

    @property
    def overall(self) -> tuple[float, float]:
        """Return precision and recall over all classes."""
        hit = self.hit.total()
        return hit / max(self.said.total(), 1), hit / max(self.true.total(), 1)


def scored(half: str, path: Path = LABELLED) -> Score:
    """Return how the classifier does on one half of the labelled sentences."""
    data = yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)
    ledger = ledger_of(data)
    score = Score()
    for entry in data[half]:
        for kind, true, said, what in _judged(entry, ledger):
            score.true[kind] += true
            score.said[kind] += said
            score.hit[kind] += true and said
            if true != said:
                sign = "misses" if true else "says"
                score.wrong.append(f"{sign} {kind}: {what} | {entry['text']}")
    return score


def ledger_of(data: Mapping[str, Any]) -> Ledger:
    """Return the made-up ledger that the sentences speak of."""
    figures: dict[str, Figure] = {}
    for section, before in (("facts", ""), ("derived", ""), ("prior", "prior.")):
        for key, written in data[section].items():
            quantity = parse_quantity(written)
            kind = "derived" if section == "derived" else "fact"
            figures[before + key] = Figure(
                before + key, key, kind, quantity.value, quantity.unit, quantity.shape, Mark("-")
            )
    return Ledger(data["year"], figures)


def _judged(entry: Mapping[str, Any], ledger: Ledger) -> Iterator[tuple[str, bool, bool, str]]:
    """Yield (class, is so, was said, what) of each labelled number and each that was found."""
    text = entry["text"]
    read = passage("narrative.md", text)
    found = tuple(Classifier(ledger).numbers(read))
    left = [each for each in found if each.kind != "plain"]
    at = 0
    for label in entry.get("numbers", ()):
        typed, kind, *key = str(label).rsplit(" ", 2 if str(label).count(" ") > 1 else 1)
        start = text.index(typed, at)
        at = start + len(typed)
        said = next((n for n in found if n.start < at and start < n.end), None)
        if said in left:
            left.remove(said)
        told = said.kind if said else "plain"
        right = told == kind and (not key or (said and _key(said) == key[0]))
        if right:
            yield kind, True, True, typed
        else:
            yield kind, True, False, typed
            yield told, False, True, f"{typed} {_key(said) if said else ''}"
    for number in left:
        yield number.kind, False, True, f"{number.text} {_key(number)}"
    words = list(entry.get("direction", ()))
    for wrong in misdirections(read, figures_shown(read, found, ledger), ledger):
        yield "direction", wrong.word in words, True, wrong.word
        if wrong.word in words:
            words.remove(wrong.word)
    for word in words:
        yield "direction", True, False, word


def _key(number: Any) -> str:  # noqa: ANN401
    return (number.current or number.figure).key if number.figure else ""


def measured(_plan: Plan, say: Callable[[str], None]) -> dict[str, Score]:
    """Return the scores of both halves."""
    say("labelled numbers")
    return {half: scored(half) for half in HALVES}


def sections(found: Mapping[str, Score]) -> tuple[Section, ...]:
    """Return the tables of precision and recall, and what was wrong."""
    return tuple(_section(half, score) for half, score in found.items())


def _section(half: str, score: Score) -> Section:
    rows = [
        (kind, str(score.true[kind]), _share(score.precision(kind)), _share(score.recall(kind)))
        for kind in CLASSES
    ]
    rows.append(("all", str(score.true.total()), *map(_share, score.overall)))
    head = ("class", "labelled", "precision", "recall")
    return Section(f"Typed numbers, the {half} half", head, rows, score.wrong)


def targets(found: Mapping[str, Score]) -> tuple[Target, ...]:
    """Return what was wanted: 95 % each, over all classes."""
    return tuple(
        Target(f"numbers, {half}: {what} ≥ {WANTED:.0%}", _share(share), share >= WANTED)
        for half, score in found.items()
        for what, share in zip(("precision", "recall"), score.overall, strict=True)
    )


def _share(share: float) -> str:
    return f"{share:.1%}"
