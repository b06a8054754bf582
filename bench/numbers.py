"""The classifier of typed numbers against the labelled sentences: precision and recall."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from bench.plan import Plan
from bench.samples import ROOT
from bench.tables import Section, Target
from reportgen.check.numbers.classify import Classifier
from reportgen.check.numbers.direction import figures_shown, misdirections
from reportgen.check.numbers.passages import passage
from reportgen.flow.pipeline import Job, draft
from reportgen.model.figures import Figure, Ledger
from reportgen.model.quantity import parse_quantity
from reportgen.model.source import SourceSpan
from reportgen.project.layout import select
from reportgen.project.source_files import SourceFiles

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
                before + key,
                key,
                kind,
                quantity.value,
                quantity.unit,
                quantity.shape,
                SourceSpan("-"),
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


class Measured(NamedTuple):
    """The scores of both halves, and how the figures of the six reports were told, typed out."""

    halves: Mapping[str, Score]
    typed: Counter[str]


def measured(_plan: Plan, say: Callable[[str], None]) -> Measured:
    """Measure; `say` hears what comes next."""
    say("labelled numbers, then every figure of the six reports typed out")
    return Measured({half: scored(half) for half in HALVES}, typed_out())


def typed_out() -> Counter[str]:
    """Return what is said of each figure of the six reports when it is typed into its text."""
    said: Counter[str] = Counter()
    chosen, _ = select(SourceFiles(ROOT), None, None, None)
    for each in chosen:
        job = Job(ROOT, ROOT / "build", each.unit, each.year, each.report)
        ledger = draft(job, SourceFiles(ROOT)).ledger
        if ledger is None:
            continue
        folder = ROOT / "data" / each.unit / str(each.year) / each.report / "narrative"
        for path in sorted(folder.rglob("*.md")):
            said.update(_told_again(path.read_text("utf-8"), ledger))
    return said


def _told_again(text: str, ledger: Ledger) -> Iterator[str]:
    typed, at, places = "", 0, []
    for match in re.finditer(r"\{\{ ([\w.]+) \}\}", text):
        figure = ledger.figures.get(match[1])
        if figure is not None and figure.value is not None and not figure.words:
            typed += text[at : match.start()]
            places.append((len(typed), figure))
            typed, at = typed + figure.text, match.end()
    numbers = tuple(Classifier(ledger).numbers(passage("typed.md", typed + text[at:])))
    for start, figure in places:
        end = start + len(figure.text)
        number = next((n for n in numbers if n.start < end and start < n.end), None)
        if number is None or number.kind != "bind" or number.figure is None:
            yield number.kind if number else "not seen"
        else:
            yield "the figure" if number.figure.value == figure.value else "another figure"


def sections(found: Measured) -> tuple[Section, ...]:
    """Return the tables of precision and recall, and what was wrong."""
    halves = tuple(_section(half, score) for half, score in found.halves.items())
    every = found.typed.total()
    rows = [(what, str(n), _share(n / every)) for what, n in found.typed.most_common()]
    head = ("said to be", "figures", "share")
    return (*halves, Section("Figures of the six reports, typed out again", head, rows))


def _section(half: str, score: Score) -> Section:
    rows = [
        (kind, str(score.true[kind]), _share(score.precision(kind)), _share(score.recall(kind)))
        for kind in CLASSES
    ]
    rows.append(("all", str(score.true.total()), *map(_share, score.overall)))
    head = ("class", "labelled", "precision", "recall")
    return Section(f"Typed numbers, the {half} half", head, rows, score.wrong)


def targets(found: Measured) -> tuple[Target, ...]:
    """Return what was wanted: 95 % each, over all classes."""
    return tuple(
        Target(f"numbers, {half}: {what} ≥ {WANTED:.0%}", _share(share), share >= WANTED)
        for half, score in found.halves.items()
        for what, share in zip(("precision", "recall"), score.overall, strict=True)
    )


def _share(share: float) -> str:
    return f"{share:.1%}"
