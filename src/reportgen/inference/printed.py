"""What a reader knows of a figure: its print with what rounding leaves open, or its kind alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction

from reportgen.formula.lookup import is_typed
from reportgen.inference.linear_forms import Interval
from reportgen.model.document import Value
from reportgen.model.figures import Figure
from reportgen.model.pack import Formats
from reportgen.model.quantity import QuantityError, number_text, parse_quantity
from reportgen.model.units import UNITS, Unit, find_unit

FINEST_MONEY = UNITS["元"].factor / 100
"""分: no amount is finer, so one printed to the 分 is not rounded."""
_MEASURED = {"money", "length", "area", "mass", "volume", "energy", "power", "day", "分"}
"""Dimensions that do not come in whole numbers only."""
_MONEY_SYMBOLS = ("元", "万元", "亿元")


def unprinted_interval(figure: Figure) -> Interval:
    """Return what is known of a figure that is not printed: amounts and counts are not below 0.

    Only where an author typed it: a difference may well be negative. The same is not said of
    one that is, since nobody would take it for granted there.
    """
    positive = figure.value is not None and figure.value >= 0
    if is_typed(figure) and figure.unit.dimension and positive:
        return Interval(Fraction(0))
    return Interval()


def printed_interval(figure: Figure, prints: Iterable[Value], formats: Formats) -> Interval | None:
    """Return what the `prints` of `figure` say; None where none of them states its number."""
    known: Interval | None = None
    for printed in prints:
        interval = _interval_of_print(figure, printed, formats)
        if interval is not None:
            known = interval if known is None else known.meet(interval)
    return known


def _interval_of_print(figure: Figure, printed: Value, formats: Formats) -> Interval | None:
    """Return the numbers that are printed as `printed`, in the unit that it must be meant in.

    A filter of the template may have changed unit and decimals, or dropped the sign, which
    words around it give.
    """
    if figure.value is None or not printed.number:
        return None
    number = abs(Fraction(printed.number))
    if figure.value < 0:
        number = -number
    for unit in _possible_units(figure, printed.text):
        middle = number * unit.factor
        for decimals in _possible_decimals(figure, printed, unit, formats):
            half = unit.factor / (2 * 10**decimals)
            if abs(middle - figure.value) <= half:
                exact = _is_exact(unit, decimals, middle)
                return Interval.around(middle, Fraction(0) if exact else half)
    return None


def _possible_units(figure: Figure, text: str) -> Iterator[Unit]:
    """Yield the units that a print may be in: its own, the figure's, those of forms."""
    try:
        yield parse_quantity(text, figure.unit).unit
    except QuantityError:
        yield figure.unit
    for symbol in _MONEY_SYMBOLS:
        unit = find_unit(symbol)
        if unit is not None and unit.dimension == figure.unit.dimension:
            yield unit


def _possible_decimals(figure: Figure, printed: Value, unit: Unit, formats: Formats) -> list[int]:
    """Return how many decimals a reader may take a print in `unit` to have, the most first.

    Zeros at the end may have been dropped: a typed amount in the unit of the forms has as many
    decimals as they print, and 8.3 stands for 8.30.
    """
    written = len(printed.number.partition(".")[2])
    decimals = {written, figure.shape.decimals}
    if is_typed(figure) and unit == formats.money_unit and not _is_rough(figure):
        decimals.add(formats.money.decimals)
    return sorted(decimals, reverse=True)


def _is_rough(figure: Figure) -> bool:
    """Return whether words around the number (约, 余) say that it is not exact."""
    shape = figure.shape
    return bool(shape.about or shape.before or shape.after)


def _is_exact(unit: Unit, decimals: int, value: Fraction) -> bool:
    """Return whether no rounding can hide behind a number: things counted, amounts to the 分."""
    if unit.dimension == UNITS["元"].dimension:
        return bool(unit.factor <= FINEST_MONEY * 10**decimals)
    counted = len(unit.dimension) == 1 and unit.dimension[0][0] not in _MEASURED
    return counted and unit.factor == 1 and value.denominator == 1


def as_printed(figure: Figure, value: Fraction) -> str:
    """Return `value` as the figure would be printed, with its unit and without other words."""
    digits = number_text(value / figure.unit.factor, replace(figure.shape, strip=True))
    return digits + figure.unit.symbol
