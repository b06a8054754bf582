"""What the relations of a pack prescribe of points, and whether these add up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from reportgen.features.packs.names import NamesUsed
from reportgen.findings import Finding, RelatedLocation, finding
from reportgen.formula.parse import parse
from reportgen.formula.syntax import Call, Compare, FormulaError, Name, Select, TextLiteral
from reportgen.model.pack import Pack
from reportgen.model.quantity import QuantityError, Shape, parse_quantity, shown
from reportgen.model.source import Formula
from reportgen.model.units import UNITS

FULL = "100分"
"""What all points come to where nobody says otherwise (财预〔2020〕10号)."""

Part = tuple[str, str, Formula]
"""A text, the points that the rows with it come to, and the claim that says so."""


def wrong_weights(pack: Pack, used: NamesUsed) -> Iterator[Finding]:
    """Yield P311 where the points prescribed for the texts of a column miss their total.

    Of some texts only, they may not be more than the total.
    """
    columns: dict[str, list[Part]] = {}
    for (column, text), points, claim in points_by_text(pack):
        columns.setdefault(column, []).append((text, points, claim))
    totals = columns.pop("", [])
    total = totals[0][1] if totals else FULL
    for column, parts in columns.items():
        summed = sum((_points(points) for _, points, _ in parts), Fraction(0))
        known = set(used.texts.get(f"ratings.{column}", ()))
        is_whole = known <= {text for text, _, _ in parts}
        if summed > _points(total) or (is_whole and totals and summed != _points(total)):
            yield _wrong(summed, total, [*parts, *totals])


def _wrong(summed: Fraction, total: str, parts: Iterable[Part]) -> Finding:
    named = [f"{text or '总分'}{points}" for text, points, _ in parts]
    *others, last = [claim for _, _, claim in parts]
    places = (RelatedLocation(claim.span, "rule") for claim in others)
    said = shown(summed, UNITS["分"], Shape())
    listed = "、".join(named)
    return finding(
        "P311", last.span, *places, subject="points", sum=said, total=total, parts=listed
    )


def _points(text: str) -> Fraction:
    try:
        return parse_quantity(text).value
    except QuantityError:
        return Fraction(0)


def points_by_text(pack: Pack) -> Iterator[tuple[tuple[str, str], str, Formula]]:
    """Yield column and text, the points that rows with it come to, and the claim that says so."""
    sums = {metric.key: metric.formula for metric in pack.rules.metrics}
    for relation in pack.rules.relations:
        for key, points in _claimed(relation.claim):
            chosen = _chosen(sums.get(key))
            if chosen is not None:
                yield chosen, points, relation.claim


def _claimed(claim: Formula) -> Iterator[tuple[str, str]]:
    """Yield the key and the quantity of a claim that the one is the other."""
    try:
        tree = parse(claim).tree
    except FormulaError:
        return
    match tree:
        case Compare(sign="==", left=Name(key=key), right=TextLiteral(text=text)):
            yield key, text
        case _:
            return


def _chosen(formula: Formula | None) -> tuple[str, str] | None:
    """Return column and text of `sum(ratings[column == "text"].points)`, `("", "")` for all."""
    if formula is None:
        return None
    try:
        tree = parse(formula).tree
    except FormulaError:
        return None
    match tree:
        case Call(function="sum", arguments=(Name(key="ratings.points"),)):
            return "", ""
        case Call(
            function="sum",
            arguments=(
                Select(
                    table=Name(key="ratings"),
                    field="points",
                    condition=Compare(
                        sign="==", left=Name(key=column), right=TextLiteral(text=text)
                    ),
                ),
            ),
        ):
            return column, text
        case _:
            return None
