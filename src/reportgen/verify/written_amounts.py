"""The digits in which an amount may be written, and the amounts that are printed anyway."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property, partial
from typing import NamedTuple

from reportgen.language.even_numbers import even_numbers
from reportgen.language.folding import BORDER
from reportgen.language.numbers import canonical, find_numbers
from reportgen.model.figures import Ledger
from reportgen.model.quantity import Shape, exact, number_text
from reportgen.model.units import PREFIXES, UNITS, Dimension, Unit

_MOST_DECIMALS = 4
_SCALES_AMOUNTS = (1, 10**3, 10**4, 10**6, 10**8)
_SCALE_NAMES = {1: ""} | {factor: prefix for prefix, factor in PREFIXES.items()}
_RATIOS = ("%", "", "成", "‰", "‱")
_LONGEST = 24


class WrittenAmount(NamedTuple):
    """A value as it may be written: its digits, the unit they count, whether it is rounded."""

    digits: str
    unit: Unit
    rounded: bool


def written_amounts(value: Fraction, unit: Unit, shape: Shape | None) -> Iterator[WrittenAmount]:
    """Yield the digits of `value` in each unit it may be counted in, and whether it is rounded.

    The first is how the figure itself is printed.
    """
    seen: set[tuple[str, Fraction]] = set()
    for counted in _units(unit):
        own_shape = shape if counted == unit else None
        for text, rounded in _number_texts(value / counted.factor, own_shape):
            digits = canonical(text)
            if (digits, counted.factor) not in seen:
                seen.add((digits, counted.factor))
                yield WrittenAmount(digits, counted, rounded)


def _number_texts(number: Fraction, shape: Shape | None) -> Iterator[tuple[str, bool]]:
    """Yield a number in its own shape, exactly, and with fewer decimals; whether it is rounded."""
    if shape is not None:
        yield number_text(number, shape), False
    whole = exact(number)
    if "/" not in whole and len(whole) < _LONGEST:
        yield whole, False
    for decimals in range(_MOST_DECIMALS + 1):
        yield number_text(number, Shape(decimals, strip=False)), True


def _units(unit: Unit) -> Iterable[Unit]:
    """Return `unit` and the others of its dimension, one for each factor."""
    if unit.dimension:
        return _scaled_units(unit)
    ratios = (unit, *(UNITS[symbol] for symbol in _RATIOS))
    return {ratio.factor: ratio for ratio in ratios}.values()


def _scaled_units(unit: Unit) -> Iterable[Unit]:
    units = {unit.factor: unit}
    for base in UNITS.values():
        if base.dimension != unit.dimension:
            continue
        for scale in _SCALES_AMOUNTS:
            symbol, factor = _SCALE_NAMES[scale] + base.symbol, base.factor * scale
            units.setdefault(factor, Unit(symbol, unit.dimension, factor))
    return units.values()


def telling_digits(digits: str) -> str:
    """Return digits without the point and the zeros around them."""
    return digits.replace(".", "").strip("0")


@dataclass(frozen=True)
class OpenAmounts:
    """The numbers of figures that are printed: values with unit, digits without.

    A number without unit in a form counts a unit of a figure of `ledger`.
    """

    ledger: Ledger = field(default_factory=partial(Ledger, 0))
    values: frozenset[tuple[Fraction, Dimension]] = frozenset()
    numbers: Mapping[Fraction, int] = field(default_factory=dict)
    digits: frozenset[str] = frozenset()

    @cached_property
    def _telling_digits(self) -> frozenset[str]:
        """Return the digits of numbers without unit, without point and zeros around."""
        return frozenset(telling_digits(exact(number)) for number in self.numbers)

    def holds(self, value: Fraction, unit: Unit) -> bool:
        """Return whether `value`, in base units, is printed as a figure in any unit."""
        if (value, unit.dimension) in self.values:
            return True
        if telling_digits(exact(value / unit.factor)) not in self._telling_digits:
            return False
        return any(self._is_of_figure(value, counted) for counted in _units(unit))

    def _is_of_figure(self, value: Fraction, unit: Unit) -> bool:
        """Return whether a figure is printed as `value` in `unit`, without the unit."""
        decimals = self.numbers.get(value / unit.factor)
        if decimals is None:
            return False
        half = unit.factor / (2 * 10**decimals)
        for figure in self.ledger.figures.values():
            if figure.value is None or figure.unit.dimension != unit.dimension:
                continue
            if abs(abs(figure.value) - value) <= half:
                return True
        return False


def open_amounts(ledger: Ledger, printed: Iterable[str]) -> OpenAmounts:
    """Return what is open when figures of `ledger` are `printed` so."""
    values: set[tuple[Fraction, Dimension]] = set()
    numbers: dict[Fraction, int] = {}
    digits: set[str] = set()
    for number in find_numbers(even_numbers(BORDER.join(printed))):
        digits.add(canonical(number.digits))
        if number.unit is not None and number.unit.symbol:
            values.add((abs(number.value), number.unit.dimension))
        else:
            size = abs(number.value)
            numbers[size] = max(number.decimals, numbers.get(size, 0))
    return OpenAmounts(ledger, frozenset(values), numbers, frozenset(digits))
