"""Checks the relations that must hold between figures, and shows the facts behind a failure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from reportgen.check.evidence import MOST_NAMED, Evidence
from reportgen.check.likely_errors import LikelyError, likely_errors
from reportgen.findings import Finding, RelatedLocation, finding
from reportgen.formula.evaluate import EvaluatedClaim, compare, tolerance
from reportgen.formula.lookup import OF_VALUES, LedgerLookup, fault
from reportgen.formula.names import MEASURES, Context
from reportgen.formula.operand import Operand, holds
from reportgen.formula.parse import parse
from reportgen.formula.reading import SIGNS
from reportgen.formula.syntax import FormulaError, part_span
from reportgen.model.document import Document
from reportgen.model.figures import Figure, Ledger
from reportgen.model.locations import located_texts, printed_figures
from reportgen.model.quantity import Shape, round_half_up, shown
from reportgen.model.rules import Relation, Waiver
from reportgen.model.units import Unit

MOST_IN_HELP = 2
"""So many locations a help line names; the finding itself shows them all."""
DECIMALS = range(4, 13)
"""With how many decimals a message states numbers: as few as show that they differ."""


def check_relations(
    ledger: Ledger,
    relations: Iterable[Relation],
    otherwise: Mapping[str, RelatedLocation] | None = None,
) -> tuple[Finding, ...]:
    """Return a finding for each relation that does not hold (R101) or cannot be checked (R102).

    A claim that cannot be worked out is a finding (F1xx) at its part. The subject is always
    the key of the relation, which is what a waiver names. Of the terms below a side those come
    first that `otherwise` has another value of, or that are least like last year.
    """
    evidence = Evidence(ledger, otherwise or {})
    findings: list[Finding] = []
    for relation in relations:
        for measure in relation.each or ("",):
            problem = _check(relation, Context(evidence.lookup, measure), evidence)
            if problem is not None:
                findings.append(problem)
    return tuple(findings)


def _check(relation: Relation, context: Context, evidence: Evidence) -> Finding | None:
    """Return what is wrong with a relation for the measure of `context`."""
    measure = MEASURES.get(context.measure, context.measure)
    title = f"{relation.title}（{measure}）" if measure else relation.title
    waiting = evidence.lookup.waiting
    waiting.clear()
    try:
        claim = compare(parse(relation.claim), context)
        sides = (*claim.left.inputs, *claim.right.inputs)
        if claim.gap is None or waiting:
            return _unchecked(relation, [*waiting] or sides, sides, title, evidence)
        if holds(claim.sign, claim.gap, tolerance(relation, claim)):
            return None
    except FormulaError as error:
        if waiting and error.code in OF_VALUES:
            return _unchecked(relation, [*waiting], (), title, evidence)
        return fault(relation.claim, error, relation.key, context.lookup, evidence.ledger)
    return _broken(relation, claim, title, evidence)


def _unchecked(
    relation: Relation, lacking: Sequence[str], sides: Iterable[str], title: str, evidence: Evidence
) -> Finding | None:
    """Return R102: the blanks below `lacking` are why the `sides` of a claim cannot be compared.

    Where nothing is filled in of all that these are made of, there is nothing to check yet.
    """
    keys = evidence.lacking(lacking)
    if evidence.has_not_begun((*lacking, *sides)):
        return None
    blank = evidence.titles_of(keys) or title
    unchecked = finding("R102", subject=relation.key, title=title, blank=blank)
    return replace(unchecked, places=evidence.blanks(keys, part_span(relation.claim)))


def _broken(relation: Relation, claim: EvaluatedClaim, title: str, evidence: Evidence) -> Finding:
    """Return R101: the sides of `claim` differ by more than is allowed."""
    left, right, difference = numbers(claim)
    errors = _errors(claim, evidence)
    locations = evidence.sides(claim, part_span(relation.claim), terms=not errors)
    if len(errors) == 1 and errors[0].kind != "@left_out":
        locations = _from(errors[0].fact, locations)
    kinds = {error.kind for error in errors}
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
        look=_where_to_look(locations),
        key=relation.key,
        facts=" / ".join(map(_likely, errors)),
        slip="".join(kinds) if len(kinds) < 2 else "@mistyped",
    )
    return replace(broken, places=locations, tentative=evidence.are_unconfirmed(claim))


def _errors(claim: EvaluatedClaim, evidence: Evidence) -> list[LikelyError]:
    """Return what explains why `claim` does not hold; what was stated otherwise is the likelier."""
    sides = (claim.left.inputs, claim.right.inputs)
    errors = likely_errors(evidence.ledger, *sides, claim.gap or Fraction(0))
    stated = [error for error in errors if error.fact.key in evidence.otherwise]
    return stated or list(errors)


def _from(fact: Figure, locations: Iterable[RelatedLocation]) -> tuple[RelatedLocation, ...]:
    """Return `locations` with that of the one number that is likely wrong first."""
    others = [location for location in locations if location.span != fact.span]
    return (RelatedLocation(fact.span, f"{fact.title} {fact.text}"), *others)


def _likely(error: LikelyError) -> str:
    """Return a number that is likely wrong, with its place, and what was meant if that is known."""
    fact = error.fact
    text = f"{fact.span.path}:{fact.span.line}（{fact.title} {fact.text}"
    return f"{text}）" if error.meant == fact.text else f"{text} → {error.meant}？）"


def check_contradictions(
    ledger: Ledger, relations: Iterable[Relation], waivers: Iterable[Waiver], document: Document
) -> tuple[Finding, ...]:
    """Return R107 for each waived relation of which a document prints both sides.

    The readers of the document see two numbers for one thing; a note in print, which the waiver
    names, tells them why.
    """
    lookup = LedgerLookup(ledger)
    printed = printed_figures(document)
    untold = _without_note(waivers, document)
    findings: list[Finding] = []
    for relation in relations:
        waiver = untold.get(relation.key)
        for claim in _contradictory(relation, lookup) if waiver else ():
            assert waiver is not None
            findings += _contradiction(relation, claim, waiver, printed)
    return tuple(findings)


def _without_note(waivers: Iterable[Waiver], document: Document) -> dict[str, Waiver]:
    """Return the waivers of relations of which the document says nothing, by relation."""
    texts = "".join(located.text for located in located_texts(document))
    waived: dict[str, Waiver] = {}
    for waiver in waivers:
        if waiver.code == "R101":
            waived[waiver.subject] = waiver
    return {key: waiver for key, waiver in waived.items() if not _is_noted(waiver, texts)}


def _is_noted(waiver: Waiver, texts: str) -> bool:
    return waiver.note != "" and waiver.note in texts


def _contradictory(relation: Relation, lookup: LedgerLookup) -> Iterator[EvaluatedClaim]:
    """Yield the claims of a relation that do not hold and contradict themselves in print."""
    for measure in relation.each or ("",):
        claim = _broken_claim(relation, Context(lookup, measure), lookup)
        if claim is not None and _contradicts(relation, claim):
            yield claim


def _broken_claim(
    relation: Relation, context: Context, lookup: LedgerLookup
) -> EvaluatedClaim | None:
    """Return the claim of a relation that does not hold, None where it does or is not known."""
    lookup.waiting.clear()
    try:
        claim = compare(parse(relation.claim), context)
        is_known = claim.gap is not None and not lookup.waiting
        if not is_known or holds(claim.sign, claim.gap or Fraction(0), tolerance(relation, claim)):
            return None
    except FormulaError:  # check_relations told it
        return None
    return claim


def _contradicts(relation: Relation, claim: EvaluatedClaim) -> bool:
    if relation.contradicts is None:
        return claim.sign == "=="
    return relation.contradicts


def _contradiction(
    relation: Relation,
    claim: EvaluatedClaim,
    waiver: Waiver,
    printed: Mapping[str, Sequence[tuple[str, str]]],
) -> Iterator[Finding]:
    """Yield R107 where every figure that each side names is printed, with a place of both."""
    first, second = claim.left.inputs, claim.right.inputs
    if not first or not second or not printed.keys() >= {*first, *second}:
        return
    left, right, _ = numbers(claim)
    yield finding(
        "R107",
        waiver.span,
        RelatedLocation(part_span(relation.claim), "rule"),
        subject=relation.key,
        title=relation.title,
        left=left,
        right=right,
        where=_places(first, printed),
        other=_places(second, printed),
    )


def _places(keys: Iterable[str], printed: Mapping[str, Sequence[tuple[str, str]]]) -> str:
    """Return where the figures of a side are first printed, each place once."""
    places = dict.fromkeys(printed[key][0][1] for key in keys)
    return "、".join([*places][:MOST_NAMED])


def _advice(relation: Relation) -> str:
    """Return what the relation itself says: its help, else its basis; each ends with a mark."""
    if relation.help:
        return f"{relation.help}；"
    if relation.basis:
        return f"依据：{relation.basis}；"
    return ""


_NO_FACT = re.compile(r"(?:rule)?$|@")
"""The notes of locations that are no typed facts: the rule, and what was confirmed or published."""


def _where_to_look(locations: Sequence[RelatedLocation]) -> str:
    """Return the lines of the first facts, with title and value; else the line of the rule."""
    facts = [location for location in locations if not _NO_FACT.match(location.note)]
    if not facts:
        return f"{locations[-1].span.path}:{locations[-1].span.line}"
    first = facts[:MOST_IN_HELP]
    return "、".join(f"{fact.span.path}:{fact.span.line}（{fact.note}）" for fact in first)


def numbers(claim: EvaluatedClaim) -> tuple[str, str, str]:
    """Return both sides and their difference in one unit, with decimals enough to tell them."""
    unit = _common_unit(claim.left, claim.right)
    left, right = claim.left.value or Fraction(0), claim.right.value or Fraction(0)
    gap = abs(claim.gap or Fraction(0))
    shape = Shape(_decimals_to_differ(left, right, gap, unit))
    return shown(left, unit, shape), shown(right, unit, shape), shown(gap, unit, shape)


def _decimals_to_differ(left: Fraction, right: Fraction, gap: Fraction, unit: Unit) -> int:
    """Return the fewest decimals with which sides that differ by `gap` look unlike, and it too."""
    if gap == 0:
        return DECIMALS[0]
    for decimals in DECIMALS:
        shape = Shape(decimals)
        is_visible = round_half_up(gap / unit.factor, decimals) != 0
        if is_visible and shown(left, unit, shape) != shown(right, unit, shape):
            return decimals
    return DECIMALS[-1]


def _common_unit(left: Operand, right: Operand) -> Unit:
    """Return the unit to state both sides in: the finer of theirs, a bare number's last."""
    units = [side.unit for side in (left, right) if not side.bare] or [left.unit]
    return min(units, key=_coarseness)


def _coarseness(unit: Unit) -> tuple[bool, Fraction]:
    return not unit.symbol, unit.factor
