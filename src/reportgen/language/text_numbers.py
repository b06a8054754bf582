"""Reads the numbers of a text as a person would: digits or characters, with the unit that follows.

>>> [(number.digits, number.script) for number in text_numbers("共1,234.50万元、壹佰元伍角")]
[('1234.5', 'digits'), ('100.5', 'upper')]
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from typing import Literal, NamedTuple

from reportgen.language.numerals import parse_chinese
from reportgen.model.quantity import exact
from reportgen.model.units import PREFIXES, UNITS, Unit, find_unit

_LOWER, _UPPER = "零〇○一二两三四五六七八九", "壹贰貳叁參肆伍陆陸柒捌玖"
_DIGIT, _SCALE = _LOWER + _UPPER, "十拾百佰千仟万萬亿億"
_CAPITALS = frozenset(_UPPER)
_SCALES = "(?:[千百]?万|[千百]?亿|万亿|千|百)"
_ARABIC = re.compile(r"\d{1,3}(?:[, ]\d{3})+(?![\d])(?:\.\d+)?|\d+(?:\.\d+)?", re.ASCII)
_CHINESE = re.compile(
    rf"(?P<parts>百分之|千分之)?(?P<number>[{_DIGIT}{_SCALE}]+(?:点[{_DIGIT}]+)?)(?P<scale>[万亿]*)"
    rf"(?:[元圆圓]零?(?:(?P<jiao>[{_DIGIT}])角)?零?(?:(?P<fen>[{_DIGIT}])分)?)?"
)
_SYMBOLS = "|".join(re.escape(name) for name in sorted(UNITS, key=len, reverse=True) if name)
_UNIT = re.compile(
    rf"( *)[余多来]?({_SCALES}?)[余多来]?({_SYMBOLS.lower()}|元)?(/(?:{_SYMBOLS.lower()}))?"
)
_NAMES = {symbol.lower(): symbol for symbol in UNITS}
_PARTS = {"百分之": "%", "千分之": "‰"}

Script = Literal["digits", "lower", "upper"]


class TextNumber(NamedTuple):
    """A number as it stands in a text: its digits in one form, how it is written, where it ends.

    `digits` has neither sign, separators nor zeros around; `unit` is the one that stands before
    the number or within it.
    """

    digits: str
    script: Script
    end: int
    unit: Unit | None = None


def text_numbers(text: str) -> Iterator[TextNumber]:
    """Yield every number in an even text (`folding.even`), those in characters with two or more."""
    for match in _ARABIC.finditer(text):
        yield _in_digits(match[0], match.end())
        if " " in match[0]:
            yield from _groups(match[0], match.start())
    for match in _CHINESE.finditer(text):
        if len(match["number"]) > 1 or match["parts"]:
            yield from _in_characters(match)


def _in_digits(digits: str, end: int) -> TextNumber:
    return TextNumber(canonical(digits.replace(",", "").replace(" ", "")), "digits", end)


def _groups(digits: str, at: int) -> Iterator[TextNumber]:
    """Yield the groups of a number that are parted by spaces: they may be numbers of their own."""
    for group in digits.split(" "):
        yield _in_digits(group, at + len(group))
        at += len(group) + 1


def _in_characters(match: re.Match[str]) -> Iterator[TextNumber]:
    """Yield a number in characters, also without the scales at its end.

    一点二万元 is 1.2 of 万元; 十二万元 is 120000 of 元 and 12 of 万元.
    """
    number, end = match["number"], match.end("number")
    script: Script = "lower" if _CAPITALS.isdisjoint(number) else "upper"
    unit = UNITS.get(_PARTS.get(match["parts"], "no unit"))
    below_yuan = _below_yuan(match)
    if match["jiao"] or match["fen"]:
        unit = UNITS["元"]
    for length in range(len(number), len(number.rstrip(_SCALE)) - 1, -1):
        value = parse_chinese(number[:length])
        if value is not None:
            digits = canonical(exact(value + below_yuan))
            yield TextNumber(digits, script, end - len(number) + length, unit)


def _below_yuan(match: re.Match[str]) -> Fraction:
    """Return what follows 元 in 角 and 分."""
    jiao, fen = (parse_chinese(match[name] or "零") or 0 for name in ("jiao", "fen"))
    return jiao * Fraction(1, 10) + fen * Fraction(1, 100)


def canonical(digits: str) -> str:
    """Return digits without sign and without zeros around."""
    whole, _, part = digits.lstrip("-").partition(".")
    part = part.rstrip("0")
    return (whole.lstrip("0") or "0") + ("." + part if part else "")


def unit_at(text: str, at: int) -> Unit | None:
    """Return the unit that follows at `at`; a scale alone (1.2万) is a unit without dimension."""
    match = _UNIT.match(text, at)
    if match is None:
        return None
    _, scale, symbol, divisor = match.groups(default="")
    return _unit(scale, symbol, divisor) if scale or symbol else None


@cache
def _unit(scale: str, symbol: str, divisor: str) -> Unit | None:
    name = _NAMES.get(symbol, symbol)
    unit = find_unit(scale + name + divisor) or find_unit(scale + name)
    if unit is None and scale:
        return Unit(scale, (), Fraction(PREFIXES[scale]))
    return unit
