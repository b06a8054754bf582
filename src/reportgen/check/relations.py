"""What a reviewer looks at when a relation fails: the typed facts on both sides, then the rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction

from reportgen.findings import Finding, RelatedLocation, finding
from reportgen.formula.evaluate import EvaluatedClaim, compare, tolerance
from reportgen.formula.faults import fault
from reportgen.formula.lookup import LedgerLookup, is_typed
from reportgen.formula.names import MEASURES, Context
from reportgen.formula.operand import Operand, holds
from reportgen.formula.parse import parse
from reportgen.formula.reading import SIGNS, Titles
from reportgen.formula.syntax import FormulaError, part_span
from reportgen.model.figures import Figure, Ledger
from reportgen.model.quantity import Shape, round_half_up, shown
from reportgen.model.rules import Relation
from reportgen.model.source import SourceSpan
from reportgen.model.units import Unit

NAMED = 4
"""Of so many figures named on one side each is worth pointing at; of more, only the claim."""
BELOW = 3
"""Of so many facts below a figure each is worth pointing at; of more, the rule that adds them."""


class Evidence:
    """The places behind the sides of a claim, in the order in which one would mend them."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        titles = {key: figure.title for key, figure in ledger.figures.items()}
        self.titles = Titles(titles, ledger.tables, ledger.year)

    def sides(self, left: Operand, right: Operand, rule: SourceSpan) -> tuple[RelatedLocation, ...]:
        """Return where both sides stand, typed facts first, and the `rule` that compares them.

        A figure worked out from a few facts is told by these; one worked out from many by its
        own rule, since any one of the facts would be chosen by chance.
        """
        named = [figure for side in (left, right) for figure in self._named(side)]
        typed = [figure for figure in named if is_typed(figure)]
        parts: list[Figure] = []
        rules: list[Figure] = []
        for figure in named:
            if not is_typed(figure):
                below = self._facts_below(figure)
                parts += below
                rules += [] if below else [figure]
        lists = [place for side in (left, right) for place in self._lists(side)]
        return _places([*typed, *parts, *rules], lists, rule)

    def blanks(
        self, left: Operand, right: Operand, rule: SourceSpan
    ) -> tuple[tuple[RelatedLocation, ...], str]:
        """Return where a claim lacks a number, the blank facts first, and what they are called."""
        keys = list(self._undefined([*left.inputs, *right.inputs]))
        found = [self.ledger.figures[key] for key in keys if key in self.ledger.figures]
        found.sort(key=lambda figure: not is_typed(figure))
        names = dict.fromkeys(self.titles.of(key) for key in keys)
        return _places(found[:NAMED], [], rule), "、".join([*names][:NAMED])

    def _facts_below(self, figure: Figure) -> list[Figure]:
        """Return the typed facts below `figure`, nothing if they are many; blanks do not count."""
        facts: list[Figure] = []
        left, seen = [figure.key], {figure.key}
        while left:
            at = self.ledger.figures.get(left.pop())
            if at is not None and is_typed(at):
                facts.append(at)
            fresh = [key for key in at.inputs if key not in seen] if at else []
            inputs = [key for key in fresh if not self._is_undefined(key)]
            if len(facts) > BELOW or len(inputs) > BELOW:
                return []
            left += reversed(inputs)
            seen.update(inputs)
        return facts

    def _undefined(self, keys: Iterable[str]) -> Iterator[str]:
        """Yield the keys of the figures that make those at `keys` undefined, once each."""
        left, seen = [*keys], set(keys)
        while left:
            key = left.pop(0)
            figure = self.ledger.figures.get(key)
            if figure is not None and figure.value is not None:
                continue
            inputs = [k for k in figure.inputs if self._is_undefined(k)] if figure else []
            if not inputs:
                yield key
            left += [k for k in inputs if k not in seen]
            seen.update(inputs)

    def _is_undefined(self, key: str) -> bool:
        figure = self.ledger.figures.get(key)
        return figure is not None and figure.value is None

    def _named(self, side: Operand) -> list[Figure]:
        """Return the figures that one side of a claim names, none where they are many."""
        found = [self.ledger.figures[key] for key in side.inputs if key in self.ledger.figures]
        return found if len(found) <= NAMED else []

    def _lists(self, side: Operand) -> Iterator[RelatedLocation]:
        """Yield the place of each list that is counted: its first item, and how many there are."""
        items = [self.ledger.texts[key] for key in side.inputs if key in self.ledger.texts]
        lists = [item.key.rpartition(".")[0] for item in items]
        for name in dict.fromkeys(lists):
            first = items[lists.index(name)]
            yield RelatedLocation(first.span, f"{first.title} {lists.count(name)}")


def _places(
    figures: Iterable[Figure], others: list[RelatedLocation], rule: SourceSpan
) -> tuple[RelatedLocation, ...]:
    """Return the places of `figures` with title and value, each mark once, and the rule."""
    notes: dict[SourceSpan, list[str]] = {}
    for figure in figures:
        notes.setdefault(figure.span, []).append(f"{figure.title} {figure.text or '—'}")
    for place in (*others, RelatedLocation(rule, "rule")):
        notes.setdefault(place.span, [place.note])
    return tuple(
        RelatedLocation(span, "；".join(dict.fromkeys(said))) for span, said in notes.items()
    )


LOOK = 2
"""So many places a help line names; the finding itself shows them all."""
DECIMALS = range(4, 13)
"""With how many decimals a message states numbers: as few as show that they differ."""


def check_relations(ledger: Ledger, relations: Iterable[Relation]) -> tuple[Finding, ...]:
    """Return a finding for each relation that does not hold (R101) or cannot be checked (R102).

    A claim that cannot be worked out is a finding (F1xx) at its part. The subject is always
    the key of the relation, which is what a waiver names.
    """
    lookup = LedgerLookup(ledger)
    evidence = Evidence(ledger)
    findings: list[Finding] = []
    for relation in relations:
        for measure in relation.each or ("",):
            try:
                found = _one(relation, Context(lookup, measure), evidence)
            except FormulaError as error:
                found = fault(relation.claim, error, relation.key, lookup, ledger)
            if found is not None:
                findings.append(found)
    return tuple(findings)


def _one(relation: Relation, context: Context, evidence: Evidence) -> Finding | None:
    claim = compare(parse(relation.claim), context)
    allowed = tolerance(relation, claim)
    measure = MEASURES.get(context.measure, context.measure)
    title = f"{relation.title}（{measure}）" if measure else relation.title
    if claim.gap is None:
        places, blank = evidence.blanks(claim.left, claim.right, part_span(relation.claim))
        unchecked = finding("R102", subject=relation.key, title=title, blank=blank or title)
        return replace(unchecked, places=places)
    if holds(claim.sign, claim.gap, allowed):
        return None
    left, right, difference = numbers(claim)
    places = evidence.sides(claim.left, claim.right, part_span(relation.claim))
    broken = finding(
        "R101",
        severity=relation.severity,
        subject=relation.key,
        title=title,
        sign=SIGNS[claim.sign],
        left=left,
        right=right,
        difference=difference,
        help=_advice(relation),
        look=_look(places),
        key=relation.key,
    )
    return replace(broken, places=places)


def _advice(relation: Relation) -> str:
    """Return what the relation itself says: its help, else its basis; each ends with a mark."""
    if relation.help:
        return f"{relation.help}；"
    return f"依据：{relation.basis}；" if relation.basis else ""


def _look(places: tuple[RelatedLocation, ...]) -> str:
    """Return where to look first: the line of each typed fact, with its title and value."""
    facts = [place for place in places if place.note not in {"", "rule"}]
    told = [f"{place.span.path}:{place.span.line}（{place.note}）" for place in facts[:LOOK]]
    return "、".join(told) or f"{places[-1].span.path}:{places[-1].span.line}"


def numbers(claim: EvaluatedClaim) -> tuple[str, str, str]:
    """Return both sides and their difference in one unit, with decimals enough to tell them."""
    gap = claim.gap or Fraction(0)
    unit = _unit(claim.left, claim.right)
    values = (claim.left.value or Fraction(0), claim.right.value or Fraction(0), abs(gap))
    texts = ("", "", "")
    for decimals in DECIMALS:
        left, right, difference = (shown(v, unit, Shape(decimals)) for v in values)
        texts = left, right, difference
        if gap == 0 or (left != right and round_half_up(abs(gap) / unit.factor, decimals)):
            break
    return texts


def _unit(left: Operand, right: Operand) -> Unit:
    """Return the unit to state both sides in: the finer of theirs, a bare number's last."""
    units = [side.unit for side in (left, right) if not side.bare] or [left.unit]
    return min(units, key=lambda unit: (not unit.symbol, unit.factor))
