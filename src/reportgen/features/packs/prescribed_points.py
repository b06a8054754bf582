"""What the relations of a pack prescribe of points, and whether these add up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from operator import attrgetter

from reportgen.features.packs.names import NamesUsed
from reportgen.findings import Finding, RelatedLocation, finding
from reportgen.formula.parse import parse
from reportgen.formula.syntax import Call, Compare, FormulaError, Name, Node, Select, TextLiteral
from reportgen.model.frozen import frozen
from reportgen.model.pack import Pack
from reportgen.model.quantity import QuantityError, Shape, parse_quantity, shown
from reportgen.model.source import Formula
from reportgen.model.units import UNITS

FULL = "100分"
"""What all points come to where nobody says otherwise (财预〔2020〕10号)."""


@frozen
class PrescribedPoints:
    """What the rows with a text in a column of `ratings` come to, all rows without a column."""

    column: str
    text: str
    points: str
    claim: Formula

    @property
    def value(self) -> Fraction:
        """Return the points as a number."""
        return _points(self.points)

    def __str__(self) -> str:
        """Return the text with its points."""
        return f"{self.text or '总分'}{self.points}"


def wrong_weights(pack: Pack, used: NamesUsed) -> Iterator[Finding]:
    """Yield P311 where the points prescribed for the texts of a column miss their total.

    Of some texts only, they may not be more than the total.
    """
    columns = _by_column(points_by_text(pack))
    totals = columns.pop("", [])
    total = totals[0].value if totals else _points(FULL)
    for column, parts in columns.items():
        summed = sum(map(attrgetter("value"), parts), Fraction(0))
        is_whole = bool(totals) and _has_all(column, parts, used)
        if summed > total or (is_whole and summed != total):
            yield _wrong(summed, total, [*parts, *totals])


def _by_column(points: Iterable[PrescribedPoints]) -> dict[str, list[PrescribedPoints]]:
    columns: dict[str, list[PrescribedPoints]] = {}
    for prescribed in points:
        columns.setdefault(prescribed.column, []).append(prescribed)
    return columns


def _has_all(column: str, parts: list[PrescribedPoints], used: NamesUsed) -> bool:
    """Return whether points are prescribed for every text that a column is known to hold."""
    known = set(used.texts.get(f"ratings.{column}", ()))
    return known <= set(map(attrgetter("text"), parts))


def _wrong(summed: Fraction, total: Fraction, parts: list[PrescribedPoints]) -> Finding:
    places = [RelatedLocation(part.claim.span, "rule") for part in parts]
    return finding(
        "P311",
        places.pop().span,
        *places,
        subject="points",
        sum=shown(summed, UNITS["分"], Shape()),
        total=shown(total, UNITS["分"], Shape()),
        parts="、".join(map(str, parts)),
    )


def _points(text: str) -> Fraction:
    try:
        return parse_quantity(text).value
    except QuantityError:
        return Fraction(0)


def points_by_text(pack: Pack) -> Iterator[PrescribedPoints]:
    """Yield what the relations of a pack say that the points of rows come to."""
    sums: dict[str, Formula] = {}
    for metric in pack.rules.metrics:
        sums[metric.key] = metric.formula
    for relation in pack.rules.relations:
        for key, points in _claimed(relation.claim):
            chosen = _chosen(sums.get(key))
            if chosen is not None:
                yield PrescribedPoints(*chosen, points, relation.claim)


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


def _tree(formula: Formula | None) -> Node | None:
    """Return what a formula says, None where there is none or it cannot be read."""
    if formula is None:
        return None
    try:
        return parse(formula).tree
    except FormulaError:
        return None


def _chosen(formula: Formula | None) -> tuple[str, str] | None:
    """Return column and text of `sum(ratings[column == "text"].points)`, `("", "")` for all."""
    match _tree(formula):
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
