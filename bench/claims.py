"""The reader of claims against sentences labelled by hand: precision and recall by kind.

The sentences of `tests/language/claims` are made up in the style of the field. Each stands above
its claims: the number, its kind, the base where one matters, and what else was labelled: `of=` the
words it is said of, `in=` its time, `worth=` its value in base units, `rough`, `falls`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import chain
from typing import NamedTuple

from bench.plan import Plan
from bench.samples import ROOT
from bench.tables import Section, Target
from reportgen.language.claims import NumberClaim, find_claims
from reportgen.language.plain_numbers import PlainStretches

LABELLED = ROOT / "tests" / "language" / "claims"
HALVES = ("tuned", "held_out")
WANTED = 0.95
KINDS = "amount count change share growth completion rate points score rank date document".split()
PARTS = ("base", "of", "in", "worth", "rough", "falls")
"""What may be labelled beside the kind of a number."""


class Label(NamedTuple):
    """A claim as a person reads it, from `start` to `end` of its sentence."""

    text: str
    start: int
    end: int
    kind: str
    parts: Mapping[str, str]


class ReadNumber(NamedTuple):
    """A number as the reader takes it; dates, ranks and numbers of documents claim nothing."""

    text: str
    start: int
    end: int
    kind: str
    claim: NumberClaim | None = None


@dataclass(slots=True)
class ClaimScore:
    """How many of each kind were labelled, read, and both; the same of each labelled part."""

    labelled: Counter[str] = field(default_factory=Counter)
    read: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    parts: Counter[str] = field(default_factory=Counter)
    right_parts: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def precision(self, kind: str) -> float:
        """Return the share of what was read as `kind` that is."""
        return self.right[kind] / (self.read[kind] or 1)

    def recall(self, kind: str) -> float:
        """Return the share of what is `kind` that was read as it."""
        return self.right[kind] / (self.labelled[kind] or 1)

    @property
    def overall(self) -> tuple[float, float]:
        """Return precision and recall over all kinds."""
        right = self.right.total()
        return right / (self.read.total() or 1), right / (self.labelled.total() or 1)


def scored(half: str) -> ClaimScore:
    """Return how the reader does on one half of the sentences."""
    score = ClaimScore()
    for sentence, labels in labelled(half):
        _compare(sentence, labels, score)
    return score


def labelled(half: str) -> Iterator[tuple[str, list[Label]]]:
    """Yield the sentences of a half with their labels."""
    text = (LABELLED / f"{half}.txt").read_text("utf-8")
    for paragraph in _paragraphs(text):
        sentence, *lines = paragraph
        yield sentence, list(_labels(sentence, lines))


def _paragraphs(text: str) -> list[list[str]]:
    """Return the sentences, each with the lines below it."""
    found: list[list[str]] = []
    for line in text.splitlines():
        if line.startswith("  "):
            found[-1].append(line.strip())
        elif line and not line.startswith("#"):
            found.append([line])
    return found


def _labels(sentence: str, lines: Sequence[str]) -> Iterator[Label]:
    """Yield the labels of a sentence, in the order of their numbers."""
    at = 0
    for line in lines:
        text, kind, *words = line.split()
        start = sentence.index(text, at)
        at = start + len(text)
        yield Label(text, start, at, kind, dict(map(_part, words)))


def _part(word: str) -> tuple[str, str]:
    """Return what a word of a label is about, and what it says; a bare word is a base or a flag."""
    name, sign, value = word.partition("=")
    if sign:
        return name, value
    return (word, "yes") if word in PARTS else ("base", word)


def read(sentence: str) -> list[ReadNumber]:
    """Return the numbers of a sentence by kind, as the reader takes them."""
    found = [
        ReadNumber(claim.number.text, claim.number.body, claim.number.body_end, claim.role, claim)
        for claim in find_claims(sentence)
    ]
    for stretch in PlainStretches(sentence).of_kinds():
        text = sentence[stretch.start : stretch.end]
        found.append(ReadNumber(text, stretch.start, stretch.end, stretch.rule.kind))
    return found


def _compare(sentence: str, labels: Sequence[Label], score: ClaimScore) -> None:
    """Count what was labelled in a sentence, what was read, and what agrees."""
    numbers = read(sentence)
    score.labelled.update(label.kind for label in labels)
    score.read.update(number.kind for number in numbers)
    for label in labels:
        at_place = [number for number in numbers if _is_at(number, label)]
        alike = [number for number in at_place if number.kind == label.kind]
        numbers = [number for number in numbers if number not in at_place]
        if alike:
            score.right[label.kind] += 1
            _compare_parts(sentence, label, alike[0], score)
        else:
            taken = at_place[0].kind if at_place else "nothing"
            score.wrong.append(f"{label.kind} {label.text} read as {taken} | {sentence}")
    for number in numbers:
        score.wrong.append(f"{number.text} read as {number.kind} | {sentence}")


def _is_at(number: ReadNumber, label: Label) -> bool:
    return number.start < label.end and label.start < number.end


def _compare_parts(sentence: str, label: Label, number: ReadNumber, score: ClaimScore) -> None:
    for part, wanted in label.parts.items():
        found = parts_of(number.claim)[part] if number.claim is not None else ""
        score.parts[part] += 1
        if is_said(part, wanted, found):
            score.right_parts[part] += 1
        else:
            score.wrong.append(f"{label.text} {part} {wanted} read as {found} | {sentence}")


def parts_of(claim: NumberClaim) -> dict[str, str]:
    """Return what a claim says of a number beside its kind."""
    number = claim.number
    rough = number.before or number.about or number.after or number.reach
    return {
        "base": claim.base,
        "of": f"{claim.subject}|{claim.thing}",
        "in": claim.period,
        "worth": str(number.value),
        "rough": "yes" if rough else "",
        "falls": "yes" if claim.sign < 0 else "",
    }


def is_said(part: str, wanted: str, found: str) -> bool:
    """Return whether a part is as it was labelled; of a subject its last words matter.

    What is counted may stand before the number or behind it.
    """
    if part == "of":
        before, _, behind = found.partition("|")
        return before.endswith(wanted) or wanted in behind
    return Fraction(wanted) == Fraction(found) if part == "worth" else found == wanted


class Measured(NamedTuple):
    """The scores of both halves."""

    halves: Mapping[str, ClaimScore]


def measured(_plan: Plan, say: Callable[[str], None]) -> Measured:
    """Measure; `say` hears what comes next."""
    say("labelled claims")
    return Measured({half: scored(half) for half in HALVES})


def sections(found: Measured) -> tuple[Section, ...]:
    """Return the tables of precision and recall by kind, and of what else was read."""
    return tuple(chain.from_iterable(_sections(*each) for each in found.halves.items()))


def _sections(half: str, score: ClaimScore) -> Iterator[Section]:
    rows = [
        (kind, str(score.labelled[kind]), _share(score.precision(kind)), _share(score.recall(kind)))
        for kind in KINDS
    ]
    precision, recall = score.overall
    rows.append(("all", str(score.labelled.total()), _share(precision), _share(recall)))
    yield Section(f"Claims, {half}", ("kind", "labelled", "precision", "recall"), rows)
    of_parts = [
        (part, str(score.parts[part]), _share(score.right_parts[part] / (score.parts[part] or 1)))
        for part in PARTS
    ]
    yield Section(f"Parts of claims, {half}", ("part", "labelled", "right"), of_parts, score.wrong)


def targets(found: Measured) -> tuple[Target, ...]:
    """Return what was wanted: 95 % each, over all kinds."""
    return tuple(
        Target(f"claims, {half}: {what} ≥ {WANTED:.0%}", _share(share), share >= WANTED)
        for half, score in found.halves.items()
        for what, share in zip(("precision", "recall"), score.overall, strict=True)
    )


def _share(share: float) -> str:
    return f"{share:.1%}"
