"""Operands: exact values with dimension, and the arithmetic of formulas on them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from fractions import Fraction
from operator import mul

from reportgen.model import limits
from reportgen.model.frozen import frozen
from reportgen.model.units import ONE, UNITS, Unit, base_unit, combine

_MONEY = (("money", 1),)
PERCENTAGE_POINTS = UNITS["个百分点"]
RATES, POINTS = frozenset({"%", "‰"}), frozenset({"个百分点", "百分点"})
"""Units of rates, and of what two rates differ by."""


@frozen
class Operand:
    """A value inside a formula; `value` None is undefined.

    `unit` is how the value would be shown; its dimension is the value's. `decimals` counts
    the digits as written, `tolerance` (base units) what rounding may hide. `inputs` are the
    keys read. `bare` marks literals and counts, which take on the unit of a counted thing.
    `terms` are the keys that a difference is of, `base` those of a negative number that it was
    divided by: a growth on such a base is undefined. `rates` counts the rates that a sum adds less
    those that it subtracts, and is None for what is no rate: at 0 it is a difference of rates.
    """

    value: Fraction | None
    unit: Unit = ONE
    decimals: int = 0
    tolerance: Fraction = Fraction(0)
    inputs: tuple[str, ...] = ()
    bare: bool = False
    terms: tuple[str, ...] = ()
    base: tuple[str, ...] = ()
    rates: int | None = None


class DimensionError(Exception):
    """Unlike units were added or compared; `args` are the two unit symbols."""


class ZeroError(Exception):
    """A value other than zero was divided by zero."""


class NegativeBaseError(Exception):
    """A growth was to be worked out on a negative number; `args` are the keys of that."""


class LongNumberError(Exception):
    """A result has more digits than anybody can use; `args` is the limit that it passes."""


def unit_name(unit: Unit) -> str:
    """Return the symbol of `unit`, or the label of no unit, for a message."""
    return str(unit) or "@unitless"


def counts(unit: Unit) -> bool:
    """Return whether a bare number may count in `unit`: 17 in 个, but neither 万家 nor money."""
    return unit.factor == 1 and unit.dimension != _MONEY


def _may_be_in(operand: Operand, unit: Unit) -> bool:
    """Return whether `operand` may be meant in `unit`: a bare number, 0, or a blank of no unit."""
    if operand.value is None:
        return not operand.unit.dimension
    return operand.bare and (operand.value == 0 or counts(unit))


def _in_one_dimension(left: Operand, right: Operand) -> tuple[Operand, Operand]:
    """Return both operands in one dimension; a bare number counts what the other counts."""
    if left.unit.dimension == right.unit.dimension:
        return left, right
    if _may_be_in(left, right.unit):
        return replace(left, unit=right.unit), right
    if _may_be_in(right, left.unit):
        return left, replace(right, unit=left.unit)
    raise DimensionError(unit_name(left.unit), unit_name(right.unit))


def inputs_of(operands: Iterable[Operand]) -> tuple[str, ...]:
    """Return the keys that any of `operands` was read from, each once, in order."""
    keys: dict[str, None] = {}
    for operand in operands:
        keys.update(dict.fromkeys(operand.inputs))
    return tuple(keys)


_BITS = 3.33
"""More than there are bits in a decimal digit; what they exceed is counted exactly."""


def _bounded(value: Fraction) -> Fraction:
    """Return a result; raises `LongNumberError` for one that would only grow from step to step."""
    above, below = value.numerator.bit_length(), value.denominator.bit_length()
    if max(above, below) > limits.EXACT_DIGITS * _BITS:
        raise LongNumberError(limits.EXACT_DIGITS)
    is_long = above - below > limits.DERIVED_DIGITS * 3 and abs(value) >= 10**limits.DERIVED_DIGITS
    if is_long:
        raise LongNumberError(limits.DERIVED_DIGITS)
    return value


def _worked_out(
    work: Callable[[Fraction, Fraction], Fraction | None], left: Operand, right: Operand
) -> Fraction | None:
    """Return what `work` makes of two values, None where either is undefined."""
    if left.value is None or right.value is None:
        return None
    value = work(left.value, right.value)
    return None if value is None else _bounded(value)


def add(left: Operand, right: Operand, sign: int = 1) -> Operand:
    """Return left + sign × right; undefined if either is.

    Raises `DimensionError`, `NegativeBaseError` for a/b - 1 with a negative b, or
    `LongNumberError` as all that works out a number does.
    """
    base = _base_of_growth(left, right) or _base_of_growth(right, left)
    if base:
        raise NegativeBaseError(*base)
    result = _sum(left, right, sign)
    return replace(result, inputs=inputs_of((left, right)), terms=_terms(left, right, sign))


def difference(left: Operand, right: Operand) -> Operand:
    """Return by how much two sides of a claim differ, which is no growth; raises as `add` does."""
    return _sum(left, right, -1)


def _base_of_growth(ratio: Operand, constant: Operand) -> tuple[str, ...]:
    """Return the keys of the negative base where a constant is added to a ratio, else none."""
    return ratio.base if _is_constant(constant) and constant.value else ()


def _terms(left: Operand, right: Operand, sign: int) -> tuple[str, ...]:
    """Return the keys that left + sign × right is a difference of, none where it is a sum."""
    terms = (*left.terms, *right.terms)
    if sign > 0 and not terms:
        return ()
    return tuple(dict.fromkeys((*terms, *inputs_of((left, right)))))


def _sum(left: Operand, right: Operand, sign: int = 1) -> Operand:
    """Return the sum without its inputs, which would grow with every term of a long sum."""
    left, right = _in_one_dimension(left, right)
    rates = _rates_of_sum(left, right, sign)
    return Operand(
        _worked_out(lambda one, other: one + sign * other, left, right),
        _sum_unit(left.unit, right.unit, rates),
        max(left.decimals, right.decimals),
        max(left.tolerance, right.tolerance),
        bare=left.bare and right.bare,
        rates=rates,
    )


def _rates_of_sum(left: Operand, right: Operand, sign: int) -> int | None:
    """Return the rates in a sum; a constant or a whole adds none, so a/b - 1 is a rate."""
    if left.rates is not None and right.rates is not None:
        return left.rates + sign * right.rates
    known = left.rates if right.rates is None else sign * right.rates
    other = right if right.rates is None else left
    return known if _is_constant(other) else None


def _is_constant(operand: Operand) -> bool:
    """Return whether a value was read from nowhere, or is a whole that has a name of its own."""
    is_whole = operand.value == 1 and not operand.unit.dimension and operand.rates is None
    return is_whole or not operand.inputs


def _sum_unit(left: Unit, right: Unit, rates: int | None) -> Unit:
    """Return the unit of a sum; a rate and a change in 个百分点 of it give a rate."""
    if rates == 0 and not left.dimension:
        return PERCENTAGE_POINTS
    if left.symbol and not (rates and left.symbol in POINTS):
        return left
    return right


def multiply(left: Operand, right: Operand) -> Operand:
    """Return the product, exact whatever rounding its factors hide; undefined if either is."""
    decimals = max(left.decimals, right.decimals)
    bare = left.bare and right.bare
    unit = _product_unit(left, right)
    scaled = _scaled(left, right) if right.bare else _scaled(right, left)
    return replace(
        scaled,
        inputs=inputs_of((left, right)),
        value=_worked_out(mul, left, right),
        unit=unit,
        decimals=decimals,
        bare=bare,
        rates=1 if left.rates and right.rates else scaled.rates,
    )


def _scaled(operand: Operand, factor: Operand) -> Operand:
    """Return a part of a product or quotient: a bare factor leaves what a difference is of."""
    kept = Operand(None, inputs=inputs_of((operand, factor)))
    if not factor.bare:
        return kept
    rates = 1 if operand.rates else operand.rates
    return replace(kept, terms=operand.terms, base=operand.base, rates=rates)


def _is_of_any_unit(*operands: Operand) -> bool:
    """Return whether one of some factors is a blank: nobody knows the unit that it will have."""
    return any(each.value is None and not each.unit.dimension for each in operands)


def _product_unit(left: Operand, right: Operand) -> Unit:
    if _is_of_any_unit(left, right):
        return ONE
    if right.bare:
        return left.unit
    if left.bare:
        return right.unit
    return base_unit(combine(left.unit.dimension, right.unit.dimension, 1))


def divide(left: Operand, right: Operand) -> Operand:
    """Return the quotient, exact; undefined if either is or for 0/0.

    Raises `ZeroError` for x/0, `NegativeBaseError` for (a - b)/b with a negative b.
    """
    base = _negative_base(left, right)
    if base and set(base) <= set(left.terms):
        raise NegativeBaseError(*base)
    result = _scaled(left, right)
    value, unit = _worked_out(_quotient, left, right), _quotient_unit(left, right)
    rates = result.rates if right.bare else _rates_of_quotient(left, right, unit)
    return replace(
        result, value=value, unit=unit, decimals=2, base=base or result.base, rates=rates
    )


def _rates_of_quotient(left: Operand, right: Operand, unit: Unit) -> int | None:
    """Return 1 for the quotient of like things, which is a rate; points by a number are none."""
    is_mean_change = left.rates == 0 and right.rates is None
    return None if unit.dimension or is_mean_change else 1


def _quotient_unit(left: Operand, right: Operand) -> Unit:
    if _is_of_any_unit(left, right):
        return ONE
    if right.bare:
        return left.unit
    return base_unit(combine(left.unit.dimension, right.unit.dimension, -1))


def _negative_base(dividend: Operand, divisor: Operand) -> tuple[str, ...]:
    """Return the keys of a divisor that is negative and of the kind of what is divided."""
    is_alike = dividend.unit.dimension == divisor.unit.dimension
    return divisor.inputs if is_alike and (divisor.value or 0) < 0 else ()


def _quotient(dividend: Fraction, divisor: Fraction) -> Fraction | None:
    if divisor != 0:
        return dividend / divisor
    if dividend != 0:
        raise ZeroError
    return None


def negate(operand: Operand) -> Operand:
    """Return the operand with its sign turned."""
    if operand.value is None:
        return operand
    rates = operand.rates and -operand.rates
    return replace(operand, value=-operand.value, rates=rates)


def absolute(operand: Operand) -> Operand:
    """Return the operand without its sign."""
    if operand.value is None:
        return operand
    return replace(operand, value=abs(operand.value))


def total(operands: Iterable[Operand]) -> Operand:
    """Return the sum of what is there: blanks are passed over, and all blank is blank."""
    operands = tuple(operands)
    if not operands:
        return Operand(None)
    first, *others = [operand for operand in operands if operand.value is not None] or operands
    result = replace(first, inputs=())
    for operand in others:
        result = _sum(result, operand)
    return replace(result, inputs=inputs_of(operands))


def extreme(operands: Iterable[Operand], *, largest: bool) -> Operand:
    """Return the largest or smallest operand present, blank if none is."""
    operands = tuple(operands)
    best = Operand(None)
    for operand in operands:
        best = _better(best, operand, largest=largest)
    return replace(best, inputs=inputs_of(operands))


def _better(best: Operand, operand: Operand, *, largest: bool) -> Operand:
    best, operand = _in_one_dimension(best, operand)
    if operand.value is None:
        return best
    if best.value is None:
        return operand
    is_better = operand.value > best.value if largest else operand.value < best.value
    return operand if is_better else best


def holds(sign: str, gap: Fraction, tolerance: Fraction = Fraction(0)) -> bool:
    """Return whether a comparison whose sides differ by `gap` (left − right) holds."""
    return {
        "==": abs(gap) <= tolerance,
        "!=": abs(gap) > tolerance,
        "<=": gap <= tolerance,
        ">=": gap >= -tolerance,
        "<": gap < 0,
        ">": gap > 0,
    }[sign]
