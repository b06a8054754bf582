"""Checks the relations (勾稽关系) of a pack and report against the ledger."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from reportgen.findings import Finding, Place, finding
from reportgen.formula.evaluate import Context, compare
from reportgen.formula.filters import holds
from reportgen.formula.lookup import LedgerLookup
from reportgen.formula.operand import DimensionError, Operand, difference
from reportgen.formula.parse import Expression, FormulaError, parse, part_mark
from reportgen.model.figures import Ledger
from reportgen.model.quantity import QuantityError, Shape, parse_quantity, shown
from reportgen.model.rules import Relation
from reportgen.model.source import Mark

SIGNS = {"==": "＝", "!=": "≠", "<=": "≤", ">=": "≥", "<": "＜", ">": "＞"}
"""How a claim's sign is printed in a message."""


def check_relations(ledger: Ledger, relations: Iterable[Relation]) -> tuple[Finding, ...]:
    """Return a finding for each relation that does not hold (R101) or cannot be checked (R102)."""
    lookup = LedgerLookup(ledger)
    findings: list[Finding] = []
    for relation in relations:
        for measure in relation.each or ("",):
            try:
                expression = parse(relation.claim)
                found = _one(relation, expression, Context(lookup, measure), lookup)
            except FormulaError as error:
                place = part_mark(relation.claim, error.node)
                found = finding(error.code, place, subject=relation.key, **error.params)
            except DimensionError as error:
                units = {"left": error.args[0], "right": error.args[1]}
                found = finding("F104", relation.claim.mark, subject=relation.key, **units)
            if found is not None:
                findings.append(found)
    return tuple(findings)


def _one(
    relation: Relation, expression: Expression, context: Context, lookup: LedgerLookup
) -> Finding | None:
    sign, left, right = compare(expression, context)
    gap, tolerance = difference(left, right)
    places = _places(left, right, lookup, relation.mark)
    subject = relation.key
    title = f"{relation.title}（{context.measure}）" if context.measure else relation.title
    if gap is None:
        blank = [k for k in (*left.inputs, *right.inputs) if _undefined(k, lookup)]
        titles = "、".join(lookup.title(key) for key in blank[:3]) or title
        return finding(
            "R102", places[0].mark, *places[1:], subject=subject, title=title, blank=titles
        )
    if relation.tolerance:
        tolerance = _tolerance(relation, left)
    if holds(sign, gap, tolerance):
        return None
    return finding(
        "R101",
        places[0].mark,
        *places[1:],
        severity=relation.severity,
        subject=subject,
        title=title,
        sign=SIGNS[sign],
        left=_text(left, left),
        right=_text(right, left),
        difference=_text(Operand(abs(gap)), left),
        help=relation.help or relation.basis or relation.title,
    )


def _undefined(key: str, lookup: LedgerLookup) -> bool:
    found = lookup.number(key)
    return found is None or found.value is None


def _tolerance(relation: Relation, left: Operand) -> Fraction:
    try:
        return parse_quantity(relation.tolerance, left.unit).value
    except QuantityError as error:
        params = {"part": error.part}
        raise FormulaError("F107", None, params) from None


def _text(operand: Operand, like: Operand) -> str:
    """Return the value in the unit of `like`, with as many decimals as it takes, up to four."""
    assert operand.value is not None
    unit = operand.unit if operand.unit.dimension == like.unit.dimension else like.unit
    if not operand.unit.dimension and operand.unit.factor == 1:
        unit = like.unit
    return shown(operand.value, unit, Shape(decimals=4))


def _places(left: Operand, right: Operand, lookup: LedgerLookup, rule: Mark) -> tuple[Place, ...]:
    """Return where the left side stands, the right side, and the rule; whatever is known first."""
    sides = [_leaf_place(side, lookup) for side in (left, right)]
    known = [place for place in sides if place is not None]
    return (*known, Place(rule, "rule"))


def _leaf_place(side: Operand, lookup: LedgerLookup) -> Place | None:
    for key in side.inputs:
        figure = lookup.ledger.figures.get(lookup.leaf(key))
        side_figure = lookup.ledger.figures.get(key)
        if figure is not None and side_figure is not None:
            return Place(figure.mark, f"{side_figure.title} {side_figure.text}")
    return None
