"""Slips planted in the facts of the six reports: how many the checks notice.

Without the tables of published figures, which know every true value, one digit of a fact is changed
or two are swapped; under exceptions the slips are gross.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise

from bench.plan import QUICK, Plan
from bench.samples import ROOT
from bench.tables import Section, Target
from reportgen.findings import Diagnostics, Finding
from reportgen.flow.job import Job
from reportgen.flow.staged import Derived, Draft
from reportgen.flow.steps import draft
from reportgen.formula.lookup import is_typed
from reportgen.model.figures import Figure, Ledger
from reportgen.project.layout import ReportId, every_report
from reportgen.project.source_files import EditedFiles, SourceFiles

WANTED = 0.65
SEED = 20261129
MOST, FEWEST = 40, 6
"""Facts of each report that are changed in a full run, and in a quick one."""


@dataclass(slots=True)
class Measured:
    """By kind of slip how many were told; what unchanged facts tell; slips that were not told."""

    outcomes: dict[str, Counter[str]] = field(default_factory=dict)
    unchanged: list[str] = field(default_factory=list)
    untold: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Mutation:
    """A fact with the digits that are typed instead of its own."""

    kind: str
    figure: Figure
    typed: str
    confirmed: bool = True


def measured(plan: Plan, say: Callable[[str], None]) -> Measured:
    """Return what the checks notice of slips in the facts of each report."""
    found = Measured()
    chance = random.Random(SEED)
    most = FEWEST if plan.report <= QUICK.report else MOST
    for report in every_report(SourceFiles(ROOT)):
        say(f"slips in {report}")
        _measure(report, chance, most, found)
    return found


def _measure(report: ReportId, chance: random.Random, most: int, found: Measured) -> None:
    base = _drafted(report, {})
    if base is None:
        return
    problems, made = base
    found.unchanged += sorted({f"{report}: {code} {about}" for code, about in problems})
    facts = list(_facts(report, made.ledger))
    chosen = chance.sample(facts, min(most, len(facts)))
    without = _drafted(report, _without_confirmations(report))
    unconfirmed = without[0] if without else set()
    gross: list[_Mutation] = []
    excepted = _under_exceptions(made)
    for number, (figure, text) in enumerate(facts):
        if figure.key in excepted:
            gross += _gross(figure, text, facts[number - 1][1], chance)
    small = [_slip(figure, text, chance) for figure, text in chosen]
    bare = [replace(slip, kind=f"{slip.kind}, unconfirmed", confirmed=False) for slip in small]
    for mutation in (*small, *bare, *chance.sample(gross, min(most, len(gross)))):
        before = problems if mutation.confirmed else problems | unconfirmed
        outcome = _outcome(report, mutation, before)
        found.outcomes.setdefault(mutation.kind, Counter())[outcome] += 1
        if outcome != "told" and mutation.confirmed:
            place = mutation.figure.span
            found.untold.append(f"{place} {mutation.figure.text} → {mutation.typed}: {outcome}")


def _drafted(
    report: ReportId, edits: dict[str, str]
) -> tuple[set[tuple[str, str]], Derived] | None:
    """Return what is told of a report with `edits`, and the report; no published figures."""
    files = EditedFiles(ROOT, edits={**_without_published(report), **edits})
    log = Diagnostics()
    job = Job(ROOT, ROOT / "build", report.unit, report.year, report.report)
    made = draft(job, files, log)
    problems = {(each.code, each.subject) for each in log if _is_told(each)}
    if made is None:  # it does not load, which is told
        return None
    derived = made.derived if isinstance(made, Draft) else made
    return problems, derived


def _without_published(report: ReportId) -> dict[str, str]:
    path = f"data/{report}/published.yaml"
    return {path: "published: []\n"} if (ROOT / path).is_file() else {}


def _without_confirmations(report: ReportId) -> dict[str, str]:
    folders = (f"data/{report.unit}/{report.year}", f"data/{report}")
    return {f"{folder}/confirmations.yaml": "confirmations: []\n" for folder in folders}


def _is_told(found: Finding) -> bool:
    return found.severity != "note" and not found.waived


def _facts(report: ReportId, ledger: Ledger) -> Iterator[tuple[Figure, str]]:
    """Yield the typed numbers of a report's own year with their digits as they stand in a file."""
    home = f"data/{report.unit}/{report.year}/"
    for figure in ledger.figures.values():
        if not is_typed(figure) or not figure.value or not figure.span.path.startswith(home):
            continue
        line = (ROOT / figure.span.path).read_text("utf-8").split("\n")[figure.span.line - 1]
        start = figure.span.column - 1
        text = line[start : figure.span.end_column - 1]
        if text.strip("'\"")[:1].isdigit():
            yield figure, text


def _slip(figure: Figure, text: str, chance: random.Random) -> _Mutation:
    """Return a slip of one digit, or of two beside each other."""
    digits = [at for at, char in enumerate(text) if char.isdigit()]
    pairs = [
        (at, after)
        for at, after in pairwise(digits)
        if after == at + 1 and text[at] != text[after] and text[after] != "0"
    ]
    if pairs and chance.random() < 0.5:
        at, after = chance.choice(pairs)
        return _Mutation("swapped", figure, text[:at] + text[after] + text[at] + text[after + 1 :])
    at = chance.choice(digits)
    others = [digit for digit in "123456789" if digit != text[at]]
    return _Mutation("one digit", figure, text[:at] + chance.choice(others) + text[at + 1 :])


def _gross(figure: Figure, text: str, neighbour: str, chance: random.Random) -> Iterator[_Mutation]:
    """Yield gross slips: ten or ten thousand times, the other sign, nothing, another's value."""
    digits = "".join(char for char in text if char in "0123456789.")
    tail = text[len(digits) :] if text.startswith(digits) else ""
    scale = chance.choice((10, 10_000))
    value = str(float(digits) * scale).removesuffix(".0")
    if "e" not in value:
        yield _Mutation("exception, × 10 or 10,000", figure, value + tail)
    yield _Mutation("exception, blank", figure, "")
    yield _Mutation("exception, other sign", figure, f"-{text}")
    if neighbour != text:
        yield _Mutation("exception, its neighbour's value", figure, neighbour)


def _under_exceptions(report: Derived) -> set[str]:
    """Return the keys of the facts on which what a waiver accepts depends."""
    keys: set[str] = set()
    named = {waiver.subject for waiver in report.inputs.waivers if waiver.code == "R101"}
    stack = [
        name
        for relation in report.inputs.rules.relations
        if relation.key in named
        for name in _names(relation.claim.text, report.ledger)
    ]
    while stack:
        key = stack.pop()
        if key not in keys:
            keys.add(key)
            figure = report.ledger.figures.get(key)
            stack += figure.inputs if figure else ()
    return keys


def _names(claim: str, ledger: Ledger) -> Iterable[str]:
    return [key for key in ledger.figures if key in claim]


def _outcome(report: ReportId, mutation: _Mutation, before: set[tuple[str, str]]) -> str:
    """Return whether a slip is told, or stands beside its true value in the same text."""
    span = mutation.figure.span
    lines = (ROOT / span.path).read_text("utf-8").split("\n")
    line = lines[span.line - 1]
    lines[span.line - 1] = line[: span.column - 1] + mutation.typed + line[span.end_column - 1 :]
    edits = {} if mutation.confirmed else _without_confirmations(report)
    made = _drafted(report, {**edits, span.path: "\n".join(lines)})
    if made is None or made[0] - before:
        return "told"
    return "untold"


def sections(found: Measured) -> tuple[Section, ...]:
    """Return how many slips of each kind were told."""
    rows = []
    for kind, counts in sorted(found.outcomes.items()):
        total = counts.total()
        rows.append((kind, str(total), str(counts["told"]), f"{counts['told'] / total:.0%}"))
    head = ("slip", "planted", "told", "share")
    notes = (*(f"unchanged: {line}" for line in found.unchanged), *found.untold)
    return (Section("Slips planted in facts", head, rows, notes),)


def targets(found: Measured) -> tuple[Target, ...]:
    """Return what was wanted: most small slips told, every gross one, nothing of right facts."""
    small, gross = Counter[str](), Counter[str]()
    for kind, counts in found.outcomes.items():
        if not kind.endswith("unconfirmed"):
            (gross if kind.startswith("exception") else small).update(counts)
    share = small["told"] / max(1, small.total())
    told = f"{gross['told']} of {gross.total()}"
    return (
        Target(f"slips of a digit told ≥ {WANTED:.0%}", f"{share:.0%}", share >= WANTED),
        Target("gross slips under exceptions told", told, gross["told"] == gross.total()),
        Target("unchanged facts told of", str(len(found.unchanged)), not found.unchanged),
    )
