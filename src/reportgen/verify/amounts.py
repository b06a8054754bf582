"""The digits that a number kept back could be written with, in each unit of its dimension."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, NamedTuple

from reportgen.language.folding import BORDER, even
from reportgen.language.text_numbers import canonical, text_numbers
from reportgen.model.disclosed import Secret
from reportgen.model.figures import Ledger
from reportgen.model.quantity import Shape, exact, number_text
from reportgen.model.units import PREFIXES, UNITS, Dimension, Unit

Manner = Literal["@typed", "@digits", "@date", "@initials", "@piece", "@converted", "@rounded"]
"""How something is spelled, by a label of `codes.yaml`."""
Why = Literal["@short", "@common", "@told", "@unit_only"]
"""Why something cannot be told in a text, by a label of `codes.yaml`."""

_BARE, _BARE_ROUNDED, _ROUNDED = 4, 5, 4
"""Significant digits from which a number alone is no chance: exact, rounded, rounded with unit."""
_MOST_DECIMALS = 4
_SCALES_AMOUNTS = (1, 10**3, 10**4, 10**6, 10**8)
_SCALE_NAMES = {1: ""} | {factor: prefix for prefix, factor in PREFIXES.items()}
_RATIOS = ("%", "", "成", "‰")
_PLAIN = (UNITS["%"], UNITS[""])
_LONGEST = 24


@dataclass(frozen=True, slots=True)
class Amount:
    """A number of `secret` counted in `factor` base units of a dimension.

    `bare` says that it tells the secret without its unit.
    """

    secret: Secret
    factor: Fraction
    dimension: Dimension
    manner: Manner
    symbol: str
    bare: bool


class OpenAmounts(NamedTuple):
    """What is open: exact values, digits with the factor of their unit, digits in print."""

    values: frozenset[tuple[Fraction, Dimension]]
    written: frozenset[tuple[str, Fraction]]
    digits: frozenset[str]


class WrittenAmount(NamedTuple):
    """A value as it may be written: its digits, the unit they count, whether it is rounded."""

    digits: str
    unit: Unit
    rounded: bool


def open_amounts(ledger: Ledger, printed: Iterable[str]) -> OpenAmounts:
    """Return what `ledger` holds open and what is `printed` as figures."""
    values: set[tuple[Fraction, Dimension]] = set()
    written: set[tuple[str, Fraction]] = set()
    for figure in ledger.figures.values():
        if figure.value is None:
            continue
        value, unit = abs(figure.value), figure.unit
        values.add((value, unit.dimension))
        written.add((canonical(number_text(value / unit.factor, figure.shape)), unit.factor))
    numbers = text_numbers(even(BORDER.join(printed)))
    digits = frozenset(number.digits for number in numbers)
    return OpenAmounts(frozenset(values), frozenset(written), digits)


def add_amounts(secret: Secret, known: OpenAmounts, amounts: dict[str, list[Amount]]) -> Why | None:
    """Put the ways to write a number into `amounts`; say why if they do not tell it safely.

    The reason is that of the first way, in which the figure itself is printed.
    """
    if secret.value is None or secret.unit is None:
        return None
    value, unit = abs(secret.value), secret.unit
    if value in (0, 1):
        return "@common"
    if (value, unit.dimension) in known.values:
        return "@told"
    reasons = []
    for written in written_amounts(value, unit, secret.shape):
        amount = _amount(secret, unit, written, known)
        reasons.append(_why_not(written, amount, known))
        if amount is not None:
            amounts.setdefault(written.digits, []).append(amount)
    return reasons[0]


def _amount(secret: Secret, own: Unit, written: WrittenAmount, known: OpenAmounts) -> Amount | None:
    """Return what to search for, None if the digits are open or tell nothing."""
    digits, unit, _ = written
    if (digits, unit.factor) in known.written or not _tells_with_unit(written, own):
        return None
    is_closed = digits not in known.digits and _tells_alone(written)
    bare = is_closed and (bool(own.dimension) or unit in _PLAIN)
    return Amount(secret, unit.factor, own.dimension, _manner(written, own), unit.symbol, bare)


def _manner(written: WrittenAmount, own: Unit) -> Manner:
    if written.rounded:
        return "@rounded"
    return "@typed" if written.unit == own else "@converted"


def _why_not(written: WrittenAmount, amount: Amount | None, known: OpenAmounts) -> Why | None:
    """Return why a way to write a number does not tell it safely, None if it does."""
    if amount is not None:
        return None if amount.bare else "@unit_only"
    return "@told" if (written.digits, written.unit.factor) in known.written else "@short"


def _tells_alone(written: WrittenAmount) -> bool:
    """Return whether digits tell a value without its unit."""
    least = _BARE_ROUNDED if written.rounded else _BARE
    return _significant(written.digits) >= least


def _tells_with_unit(written: WrittenAmount, own: Unit) -> bool:
    """Return whether digits tell a value of the unit `own` together with their unit."""
    significant = _significant(written.digits)
    if written.rounded:
        return significant >= _ROUNDED
    if not own.dimension:
        return significant >= 3
    return significant >= 2 or len(written.digits.replace(".", "")) >= 3


def _significant(digits: str) -> int:
    return len(digits.replace(".", "").strip("0"))


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
