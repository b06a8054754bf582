"""Reads the numbers of a text as a person would: digits or characters, with the unit that follows.

>>> [(n.digits, n.unit.symbol if n.unit else "") for n in numbers("共1,234.50万元、壹佰元伍角")]
[('1234.5', '万元'), ('100.5', '元')]
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Literal, NamedTuple

from reportgen.language.numerals import parse_chinese
from reportgen.model.disclosed import Secret
from reportgen.model.figures import Ledger
from reportgen.model.quantity import Shape, exact, number_text
from reportgen.model.units import PREFIXES, UNITS, Dimension, Unit, find_unit
from reportgen.verify.part import BORDER, even

_LOWER, _UPPER = "零〇○一二两三四五六七八九", "壹贰貳叁參肆伍陆陸柒捌玖"
_DIGIT, _SCALE = _LOWER + _UPPER, "十拾百佰千仟万萬亿億"
_SCALES = "(?:[千百]?万|[千百]?亿|万亿|千|百)"
_ARABIC = re.compile(r"\d{1,3}(?:[, ]\d{3})+(?![\d])(?:\.\d+)?|\d+(?:\.\d+)?", re.ASCII)
_CHINESE = re.compile(
    rf"(?P<parts>百分之|千分之)?(?P<number>[{_DIGIT}{_SCALE}]+(?:点[{_DIGIT}]+)?)(?P<scale>[万亿]*)"
    rf"(?:[元圆圓]零?(?:(?P<jiao>[{_DIGIT}])角)?零?(?:(?P<fen>[{_DIGIT}])分)?)?"
)
_SYMBOLS = "|".join(map(re.escape, sorted(filter(None, UNITS), key=len, reverse=True)))
_UNIT = re.compile(
    rf"( *)[余多来]?({_SCALES}?)[余多来]?({_SYMBOLS.lower()}|元)?(/(?:{_SYMBOLS.lower()}))?"
)
_NAMES = {symbol.lower(): symbol for symbol in UNITS}
_PARTS = {"百分之": "%", "千分之": "‰"}

Script = Literal["digits", "lower", "upper"]


@dataclass(frozen=True, slots=True)
class NumberInText:
    """A number as it stands in a text: its digits in one form, how it is written, its unit.

    `digits` has neither sign, separators nor zeros around. `unit` is None where none follows.
    """

    digits: str
    script: Script
    unit: Unit | None = None


def numbers(text: str) -> Iterator[NumberInText]:
    """Yield every number in an even text (`part.even`), those in characters with two or more."""
    for digits, script, at, unit in tokens(text):
        yield NumberInText(digits, script, unit or unit_at(text, at))


def tokens(text: str) -> Iterator[tuple[str, Script, int, Unit | None]]:
    """Yield the digits of each number, its script, where it ends, the unit if it stands before.

    Groups parted by spaces are one number, and numbers of their own.
    """
    for match in _ARABIC.finditer(text):
        token = match[0]
        yield canonical(token.replace(",", "").replace(" ", "")), "digits", match.end(), None
        if " " in token:
            at = match.start()
            for piece in token.split(" "):
                at += len(piece)
                yield canonical(piece.replace(",", "")), "digits", at, None
                at += 1
    for match in _CHINESE.finditer(text):
        if len(match["number"]) > 1 or match["parts"]:
            yield from _in_characters(match)


def _in_characters(match: re.Match[str]) -> Iterator[tuple[str, Script, int, Unit | None]]:
    number, end = match["number"], match.end("number")
    script: Script = "upper" if set(number) & set(_UPPER) else "lower"
    unit = UNITS[_PARTS[match["parts"]]] if match["parts"] else None
    while number:
        value = parse_chinese(number)
        if value is not None:
            if match["jiao"] or match["fen"]:
                value += sum(
                    (parse_chinese(match[name]) or 0) * Fraction(1, part)
                    for name, part in (("jiao", 10), ("fen", 100))
                    if match[name]
                )
                unit = UNITS["元"]
            yield canonical(exact(value)), script, end, unit
        if number[-1] not in _SCALE:
            return
        # 一点二万元 is 1.2 of 万元; 十二万元 is 120000 of 元 and 12 of 万元.
        number, end = number[:-1], end - 1


def canonical(digits: str) -> str:
    """Return digits without sign and without zeros around."""
    whole, _, part = digits.lstrip("-").partition(".")
    part = part.rstrip("0")
    return (whole.lstrip("0") or "0") + ("." + part if part else "")


def unit_at(text: str, at: int) -> Unit | None:
    """Return the unit that follows at `at`; a scale alone (1.2万) is a unit without dimension."""
    match = _UNIT.match(text, at)
    if match is None or not (match[2] or match[3]):
        return None
    return _unit(match[2], match[3] or "", match[4] or "")


@cache
def _unit(scale: str, symbol: str, divisor: str) -> Unit | None:
    name = _NAMES.get(symbol, symbol)
    found = find_unit(scale + name + divisor) or find_unit(scale + name)
    return found if found or not scale else Unit(scale, (), Fraction(PREFIXES[scale]))


Manner = Literal["@typed", "@digits", "@date", "@initials", "@piece", "@converted", "@rounded"]
"""How something is spelled, by a label of `codes.yaml`."""
Why = Literal["@short", "@common", "@told", "@unit_only"]
"""Why something cannot be told in a text, by a label of `codes.yaml`."""

_BARE, _BARE_ROUNDED, _ROUNDED = 4, 5, 4
"""Significant digits from which a number alone is no chance: exact, rounded, rounded with unit."""
_MOST_DECIMALS = 4
_SCALES_AMOUNTS = (1, 10**3, 10**4, 10**6, 10**8)
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


class OpenAmounts(NamedTuple):
    """What is open: exact values, digits with the factor of their unit, digits in print."""

    values: frozenset[tuple[Fraction, Dimension]]
    shown: frozenset[tuple[str, Fraction]]
    digits: frozenset[str]


def told_by(ledger: Ledger, printed: Iterable[str]) -> OpenAmounts:
    """Return what `ledger` holds open and what is `printed` as figures."""
    known = [(f.value, f) for f in ledger.figures.values() if f.value is not None]
    return OpenAmounts(
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


def add_amounts(secret: Secret, told: OpenAmounts, amounts: dict[str, list[Amount]]) -> Why | None:
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
            for scale in _SCALES_AMOUNTS:
                symbol = names[scale] + each.symbol
                found.setdefault(
                    each.factor * scale, Unit(symbol, unit.dimension, each.factor * scale)
                )
    yield from found.values()
