"""Operands: exact values with dimension, and the arithmetic of formulas on them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction

from reportgen.model.units import ONE, Unit, base_unit, combine


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


def _joined(*operands: Operand) -> tuple[str, ...]:
    return tuple(dict.fromkeys(key for each in operands for key in each.inputs))


def _like(left: Operand, right: Operand) -> tuple[Operand, Operand]:
    """Return both operands in one dimension; a bare number counts what the other counts."""
    if left.unit.dimension == right.unit.dimension:
        return left, right
    if left.bare and _takes(left, right.unit):
        return replace(left, unit=right.unit), right
    if right.bare and _takes(right, left.unit):
        return left, replace(right, unit=left.unit)
    raise DimensionError(str(left.unit) or "1", str(right.unit) or "1")


def _takes(bare: Operand, unit: Unit) -> bool:
    return bare.value == 0 or (unit.factor == 1 and unit.dimension != (("money", 1),))


def add(left: Operand, right: Operand, sign: int = 1) -> Operand:
    """Return left + sign × right; undefined if either is. Raises `DimensionError`."""
    left, right = _like(left, right)
    value = None if left.value is None or right.value is None else left.value + sign * right.value
    return Operand(
        value,
        left.unit,
        max(left.decimals, right.decimals),
        max(left.tolerance, right.tolerance),
        _joined(left, right),
        bare=left.bare and right.bare,
    )


def multiply(left: Operand, right: Operand) -> Operand:
    """Return the product; undefined if either is."""
    value = None if left.value is None or right.value is None else left.value * right.value
    dimension = combine(left.unit.dimension, right.unit.dimension, 1)
    unit = left.unit if right.bare else right.unit if left.bare else base_unit(dimension)
    decimals = max(left.decimals, right.decimals)
    return Operand(value, unit, decimals, inputs=_joined(left, right))


def divide(left: Operand, right: Operand) -> Operand:
    """Return the quotient; undefined if either is or for 0/0. Raises `ZeroError` for x/0."""
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
    return Operand(value, unit, 2, inputs=_joined(left, right))


def negate(operand: Operand) -> Operand:
    """Return the operand with its sign turned."""
    return replace(operand, value=None if operand.value is None else -operand.value)


def total(operands: Iterable[Operand]) -> Operand:
    """Return the sum of what is there: blanks are passed over, and all blank is blank."""
    every = tuple(operands)
    present = [each for each in every if each.value is not None]
    if not present:
        unit = every[0].unit if every else ONE
        return Operand(None, unit, inputs=_joined(*every))
    result = present[0]
    for each in present[1:]:
        result = add(result, each)
    return replace(result, inputs=_joined(*every))


def extreme(operands: Iterable[Operand], *, largest: bool) -> Operand:
    """Return the largest or smallest operand present, blank if none is."""
    every = tuple(operands)
    best: Operand | None = None
    for each in every:
        if each.value is None:
            continue
        if best is None or best.value is None:
            best = each
            continue
        mine, other = _like(best, each)
        assert mine.value is not None and other.value is not None
        if (other.value > mine.value) == largest and other.value != mine.value:
            best = each
    return replace(best or Operand(None), inputs=_joined(*every))


def difference(left: Operand, right: Operand) -> tuple[Fraction | None, Fraction]:
    """Return left − right in base units (None if undefined) and the tolerance of both."""
    result = add(left, right, -1)
    return result.value, result.tolerance
