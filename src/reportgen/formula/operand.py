"""Operands: exact values with dimension, and the arithmetic of formulas on them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction

from reportgen.model.units import ONE, Unit, base_unit, combine

_MONEY = (("money", 1),)


@dataclass(frozen=True, slots=True)
class Operand:
    """A value inside a formula; `value` None is undefined.

    `unit` is how the value would be shown; its dimension is the value's. `decimals` counts
    the digits as written, `tolerance` (base units) what rounding may hide. `inputs` are the
    keys read. `bare` marks literals and counts, which take on the unit of a counted thing.
    """

    value: Fraction | None
    unit: Unit = ONE
    decimals: int = 0
    tolerance: Fraction = Fraction(0)
    inputs: tuple[str, ...] = ()
    bare: bool = False


class DimensionError(Exception):
    """Unlike units were added or compared; `args` are the two unit symbols."""


class ZeroError(Exception):
    """A value other than zero was divided by zero."""


def counts(unit: Unit) -> bool:
    """Return whether a bare number may count in `unit`: 17 in 个, but neither 万家 nor money."""
    return unit.factor == 1 and unit.dimension != _MONEY


def _takes(operand: Operand, unit: Unit) -> bool:
    """Return whether `operand` may be meant in `unit`: a bare number, 0, or a blank of no unit."""
    if operand.value is None:
        return not operand.unit.dimension
    return operand.bare and (operand.value == 0 or counts(unit))


def _like(left: Operand, right: Operand) -> tuple[Operand, Operand]:
    """Return both operands in one dimension; a bare number counts what the other counts."""
    if left.unit.dimension == right.unit.dimension:
        return left, right
    if _takes(left, right.unit):
        return replace(left, unit=right.unit), right
    if _takes(right, left.unit):
        return left, replace(right, unit=left.unit)
    raise DimensionError(str(left.unit) or "@unitless", str(right.unit) or "@unitless")


def joined(operands: Iterable[Operand]) -> tuple[str, ...]:
    """Return the keys that any of `operands` was read from, each once, in order."""
    return tuple(dict.fromkeys(key for each in operands for key in each.inputs))


def add(left: Operand, right: Operand, sign: int = 1) -> Operand:
    """Return left + sign × right; undefined if either is. Raises `DimensionError`."""
    result = _sum(left, right, sign)
    return replace(result, inputs=joined((left, right)))


def _sum(left: Operand, right: Operand, sign: int = 1) -> Operand:
    """Return the sum without its inputs, which would grow with every term of a long sum."""
    left, right = _like(left, right)
    value = None if left.value is None or right.value is None else left.value + sign * right.value
    return Operand(
        value,
        left.unit if left.unit.symbol else right.unit,
        max(left.decimals, right.decimals),
        max(left.tolerance, right.tolerance),
        bare=left.bare and right.bare,
    )


def multiply(left: Operand, right: Operand) -> Operand:
    """Return the product, exact whatever rounding its factors hide; undefined if either is."""
    value = None if left.value is None or right.value is None else left.value * right.value
    dimension = combine(left.unit.dimension, right.unit.dimension, 1)
    unit = left.unit if right.bare else right.unit if left.bare else base_unit(dimension)
    decimals = max(left.decimals, right.decimals)
    bare = left.bare and right.bare
    return Operand(value, unit, decimals, inputs=joined((left, right)), bare=bare)


def divide(left: Operand, right: Operand) -> Operand:
    """Return the quotient, exact; undefined if either is or for 0/0. Raises `ZeroError`: x/0."""
    value: Fraction | None
    if left.value is None or right.value is None:
        value = None
    elif right.value == 0:
        if left.value != 0:
            raise ZeroError
        value = None
    else:
        value = left.value / right.value
    dimension = combine(left.unit.dimension, right.unit.dimension, -1)
    unit = left.unit if right.bare else base_unit(dimension)
    return Operand(value, unit, 2, inputs=joined((left, right)))


def negate(operand: Operand) -> Operand:
    """Return the operand with its sign turned."""
    return replace(operand, value=None if operand.value is None else -operand.value)


def total(operands: Iterable[Operand]) -> Operand:
    """Return the sum of what is there: blanks are passed over, and all blank is blank."""
    every = tuple(operands)
    present = [each for each in every if each.value is not None] or every
    result = replace(present[0], inputs=()) if present else Operand(None)
    for each in present[1:]:
        result = _sum(result, each)
    return replace(result, inputs=joined(every))


def extreme(operands: Iterable[Operand], *, largest: bool) -> Operand:
    """Return the largest or smallest operand present, blank if none is."""
    every = tuple(operands)
    best = Operand(None)
    for each in every:
        best = _better(best, each, largest=largest)
    return replace(best, inputs=joined(every))


def _better(best: Operand, each: Operand, *, largest: bool) -> Operand:
    mine, other = _like(best, each)
    if mine.value is None or other.value is None:
        return mine if other.value is None else other
    return other if (other.value > mine.value if largest else other.value < mine.value) else mine


def holds(sign: str, gap: Fraction, tolerance: Fraction = Fraction(0)) -> bool:
    """Return whether a comparison whose sides differ by `gap` (left − right) holds."""
    match sign:
        case "==":
            return abs(gap) <= tolerance
        case "!=":
            return abs(gap) > tolerance
        case "<=":
            return gap <= tolerance
        case ">=":
            return gap >= -tolerance
        case "<":
            return gap < 0
        case _:
            return gap > 0
