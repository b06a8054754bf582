"""Every number by which an amount could be told: in each unit, exact and rounded (D8).

The numbers of a finished file are read (`numbers`) and looked up by their digits among these.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, NamedTuple

from reportgen.model.disclosed import Secret
from reportgen.model.figures import Ledger
from reportgen.model.quantity import Shape, exact, number_text
from reportgen.model.units import PREFIXES, UNITS, Dimension, Unit
from reportgen.verify.numbers import canonical, tokens
from reportgen.verify.part import BORDER, even

Manner = Literal["@typed", "@digits", "@date", "@initials", "@piece", "@converted", "@rounded"]
"""How something is spelled, by a label of `codes.yaml`."""
Why = Literal["@short", "@common", "@told", "@unit_only"]
"""Why something cannot be told in a text, by a label of `codes.yaml`."""

_BARE, _BARE_ROUNDED, _ROUNDED = 4, 5, 4
"""Significant digits from which a number alone is no chance: exact, rounded, rounded with unit."""
_MOST_DECIMALS = 4
_SCALES = (1, 10**3, 10**4, 10**6, 10**8)
_RATIOS = ("%", "", "成", "‰")
_PLAIN = (UNITS["%"], UNITS[""])
_LONGEST = 24


@dataclass(frozen=True, slots=True)
class Amount:
    """A number of `secret` counted in `factor` base units; `bare` if it tells without its unit."""

    secret: Secret
    factor: Fraction
    manner: Manner
    symbol: str
    bare: bool


class Told(NamedTuple):
    """What is open: exact values, digits with the factor of their unit, digits in print."""

    values: frozenset[tuple[Fraction, Dimension]]
    shown: frozenset[tuple[str, Fraction]]
    digits: frozenset[str]


def told_by(ledger: Ledger, printed: Iterable[str]) -> Told:
    """Return what `ledger` holds open and what is `printed` as figures."""
    known = [(f.value, f) for f in ledger.figures.values() if f.value is not None]
    return Told(
        frozenset((abs(value), figure.unit.dimension) for value, figure in known),
        frozenset(
            (
                canonical(number_text(abs(value) / figure.unit.factor, figure.shape)),
                figure.unit.factor,
            )
            for value, figure in known
        ),
        frozenset(digits for digits, *_ in tokens(even(BORDER.join(printed)))),
    )


def add_amounts(secret: Secret, told: Told, amounts: dict[str, list[Amount]]) -> Why | None:
    """Put the ways to write a number into `amounts`; say why if they do not tell it safely."""
    if secret.value is None or secret.unit is None:
        return None
    value, own = abs(secret.value), secret.unit
    if value in (0, 1):
        return "@common"
    if (value, own.dimension) in told.values:
        return "@told"
    why: Why | None = "@short"
    for number, (digits, unit, rounded) in enumerate(written(value, own, secret.shape)):
        bare, stated = _distinct(digits, rounded=rounded, ratio=not own.dimension)
        if (digits, unit.factor) in told.shown:
            why = "@told" if number == 0 else why
        elif stated:
            alone = bare and digits not in told.digits and (bool(own.dimension) or unit in _PLAIN)
            manner: Manner = "@rounded" if rounded else "@typed" if unit == own else "@converted"
            amount = Amount(secret, unit.factor, manner, unit.symbol, alone)
            amounts.setdefault(digits, []).append(amount)
            why = (None if alone else "@unit_only") if number == 0 else why
    return why


def _distinct(digits: str, *, rounded: bool, ratio: bool) -> tuple[bool, bool]:
    """Return whether digits tell a value without its unit, and whether they do with it."""
    every = digits.replace(".", "")
    significant = len(every.strip("0"))
    if rounded:
        return significant >= _BARE_ROUNDED, significant >= _ROUNDED
    with_unit = significant >= 3 if ratio else significant >= 2 or len(every) >= 3
    return significant >= _BARE, with_unit


def written(value: Fraction, unit: Unit, shape: Shape | None) -> Iterator[tuple[str, Unit, bool]]:
    """Yield the digits of `value` in each unit it may be counted in, and whether it is rounded.

    The first is how the figure itself is printed.
    """
    seen: set[tuple[str, Fraction]] = set()
    for each in _units(unit):
        number = value / each.factor
        texts = [(number_text(number, shape), False)] if shape and each == unit else []
        whole = exact(number)
        if "/" not in whole and len(whole) < _LONGEST:
            texts.append((whole, False))
        rounder = (Shape(decimals, strip=False) for decimals in range(_MOST_DECIMALS + 1))
        texts += [(number_text(number, fewer), True) for fewer in rounder]
        for text, rounded in texts:
            digits = canonical(text)
            if (digits, each.factor) not in seen:
                seen.add((digits, each.factor))
                yield digits, each, rounded


def _units(unit: Unit) -> Iterator[Unit]:
    """Yield `unit` and the others of its dimension, one for each factor."""
    if not unit.dimension:
        yield from {each.factor: each for each in (unit, *(UNITS[s] for s in _RATIOS))}.values()
        return
    found = {unit.factor: unit}
    names = {factor: prefix for prefix, factor in PREFIXES.items()} | {1: ""}
    for each in UNITS.values():
        if each.dimension == unit.dimension:
            for scale in _SCALES:
                symbol = names[scale] + each.symbol
                found.setdefault(
                    each.factor * scale, Unit(symbol, unit.dimension, each.factor * scale)
                )
    yield from found.values()
