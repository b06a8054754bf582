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
from bench.real import ReportError
from bench.samples import ROOT
from bench.tables import Section, Target
from reportgen.check.numbers.classify import Classifier
from reportgen.check.numbers.direction import figures_shown, misdirections
from reportgen.check.numbers.passages import passage
from reportgen.findings import Diagnostics
from reportgen.flow.job import Job
from reportgen.flow.steps import draft
from reportgen.model.figures import Figure, FigureKind, Ledger
from reportgen.model.quantity import parse_quantity
from reportgen.model.source import SourceSpan
from reportgen.project.layout import every_report
from reportgen.project.source_files import SourceFiles

LABELLED = ROOT / "tests" / "check" / "numbers" / "labelled_numbers.yaml"
HALVES = ("tuning", "holdout")
WANTED = 0.95
CLASSES = ("plain", "year", "bind", "near", "stale", "unsourced", "direction")


@dataclass(slots=True)
class Score:
    """How often each class was rightly reported, was reported, and should have been."""

    right: Counter[str] = field(default_factory=Counter)
    reported: Counter[str] = field(default_factory=Counter)
    true: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def precision(self, kind: str) -> float:
        """Return the share of what was reported as `kind` that is."""
        return self.right[kind] / self.reported[kind] if self.reported[kind] else 1.0

    def recall(self, kind: str) -> float:
        """Return the share of what is `kind` that was reported as it."""
        return self.right[kind] / self.true[kind] if self.true[kind] else 1.0

    @property
    def overall(self) -> tuple[float, float]:
        """Return precision and recall over all classes."""
        right = self.right.total()
        return right / max(self.reported.total(), 1), right / max(self.true.total(), 1)


def scored(half: str, path: Path = LABELLED) -> Score:
    """Return how the classifier does on one half of the labelled sentences."""
    data = yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)
    ledger = ledger_of(data)
    score = Score()
    for entry in data[half]:
        for kind, true, reported, what in _judged(entry, ledger):
            score.true[kind] += true
            score.reported[kind] += reported
            score.right[kind] += true and reported
            if true != reported:
                sign = "misses" if true else "says"
                score.wrong.append(f"{sign} {kind}: {what} | {entry['text']}")
    return score


def ledger_of(data: Mapping[str, Any]) -> Ledger:
    """Return the made-up ledger that the sentences speak of."""
    figures: dict[str, Figure] = {}
    for section, before in (("facts", ""), ("derived", ""), ("prior", "prior.")):
        for key, written in data[section].items():
            quantity = parse_quantity(written)
            kind: FigureKind = "derived" if section == "derived" else "fact"
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
    """Yield (class, is so, was reported, what) of each number that is labelled or classified."""
    text = entry["text"]
    read = passage("narrative.md", text)
    numbers = tuple(Classifier(ledger).numbers(read))
    left = [number for number in numbers if number.kind != "plain"]
    at = 0
    for label in entry.get("numbers", ()):
        typed, kind, *key = str(label).rsplit(" ", 2 if str(label).count(" ") > 1 else 1)
        start = text.index(typed, at)
        at = start + len(typed)
        number = next((n for n in numbers if n.start < at and start < n.end), None)
        if number in left:
            left.remove(number)
        verdict = number.kind if number else "plain"
        if verdict == kind and (not key or (number and _key(number) == key[0])):
            yield kind, True, True, typed
        else:
            yield kind, True, False, typed
            yield verdict, False, True, f"{typed} {_key(number) if number else ''}"
    for number in left:
        yield number.kind, False, True, f"{number.text} {_key(number)}"
    words = list(entry.get("direction", ()))
    for wrong in misdirections(read, figures_shown(read, numbers, ledger), ledger):
        yield "direction", wrong.word in words, True, wrong.word
        if wrong.word in words:
            words.remove(wrong.word)
    for word in words:
        yield "direction", True, False, word


def _key(number: Any) -> str:  # noqa: ANN401
    return (number.current or number.figure).key if number.figure else ""


class Measured(NamedTuple):
    """The scores of both halves, and what the figures of the six reports were taken for."""

    halves: Mapping[str, Score]
    typed: Counter[str]


def measured(_plan: Plan, say: Callable[[str], None]) -> Measured:
    """Measure; `say` hears what comes next."""
    say("labelled numbers, then every figure of the six reports typed out")
    return Measured({half: scored(half) for half in HALVES}, typed_out())


def typed_out() -> Counter[str]:
    """Return what each figure of the six reports is taken for when it is typed into its text."""
    verdicts: Counter[str] = Counter()
    for chosen in every_report(SourceFiles(ROOT)):
        job = Job(ROOT, ROOT / "build", chosen.unit, chosen.year, chosen.report)
        report = draft(job, SourceFiles(ROOT), Diagnostics())
        if report is None:
            raise ReportError(f"{chosen} does not load")
        folder = ROOT / "data" / chosen.unit / str(chosen.year) / chosen.report / "narrative"
        for path in sorted(folder.rglob("*.md")):
            verdicts.update(_typed_again(path.read_text("utf-8"), report.ledger))
    return verdicts


def _typed_again(text: str, ledger: Ledger) -> Iterator[str]:
    """Yield what each printed figure of `text` is taken for when it is typed in its place."""
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
    head = ("taken for", "figures", "share")
    return (*halves, Section("Figures of the six reports, typed out again", head, rows))


def _section(half: str, score: Score) -> Section:
    rows = [
        (kind, str(score.true[kind]), _share(score.precision(kind)), _share(score.recall(kind)))
        for kind in CLASSES
    ]
    precision, recall = score.overall
    rows.append(("all", str(score.true.total()), _share(precision), _share(recall)))
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
