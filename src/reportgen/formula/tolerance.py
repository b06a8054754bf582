"""How far the two sides of a relation may differ."""

from __future__ import annotations

from fractions import Fraction

from reportgen.formula.evaluate import Comparison
from reportgen.formula.syntax import FormulaError
from reportgen.model.quantity import QuantityError, parse_quantity
from reportgen.model.rules import Relation

POINTS = "分"


def tolerance(relation: Relation, claim: Comparison) -> Fraction:
    """Return how far the sides may differ: what the relation says, else what rounding may hide.

    Points are counted, not measured: no rounding hides in them, and 99.6分 are not 100分.
    Raises `FormulaError` F107 or F104 for a tolerance that cannot be read, or of another kind.
    """
    if not relation.tolerance:
        counted = POINTS in (claim.left.unit.symbol, claim.right.unit.symbol)
        return Fraction(0) if counted else claim.tolerance
    unit = claim.left.unit
    try:
        quantity = parse_quantity(relation.tolerance, unit)
    except QuantityError as error:
        raise FormulaError("F107", None, {"part": error.part}) from None
    if quantity.unit.dimension != unit.dimension:
        units = {"left": str(unit) or "@unitless", "right": str(quantity.unit)}
        raise FormulaError("F104", None, units)
    return quantity.value
