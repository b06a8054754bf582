"""Checks the relations (勾稽关系) of a pack and report against the ledger."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction

from reportgen.check.evidence import Evidence
from reportgen.findings import Finding, Place, finding
from reportgen.formula.evaluate import Comparison, compare
from reportgen.formula.faults import fault
from reportgen.formula.lookup import LedgerLookup
from reportgen.formula.names import MEASURES, Context
from reportgen.formula.operand import Operand, holds
from reportgen.formula.parse import parse
from reportgen.formula.reading import SIGNS
from reportgen.formula.syntax import FormulaError, part_mark
from reportgen.formula.tolerance import tolerance
from reportgen.model.figures import Ledger
from reportgen.model.quantity import Shape, round_half_up, shown
from reportgen.model.rules import Relation
from reportgen.model.units import Unit

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
        places, blank = evidence.blanks(claim.left, claim.right, part_mark(relation.claim))
        unchecked = finding("R102", subject=relation.key, title=title, blank=blank or title)
        return replace(unchecked, places=places)
    if holds(claim.sign, claim.gap, allowed):
        return None
    left, right, difference = numbers(claim)
    places = evidence.sides(claim.left, claim.right, part_mark(relation.claim))
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


def _look(places: tuple[Place, ...]) -> str:
    """Return where to look first: the line of each typed fact, with its title and value."""
    facts = [place for place in places if place.note not in {"", "rule"}]
    told = [f"{place.mark.path}:{place.mark.line}（{place.note}）" for place in facts[:LOOK]]
    return "、".join(told) or f"{places[-1].mark.path}:{places[-1].mark.line}"


def numbers(claim: Comparison) -> tuple[str, str, str]:
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
