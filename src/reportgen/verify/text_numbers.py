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
    """Yield every number in an even text (`part.even`), those in characters with two or more.

    Groups parted by spaces are one number, and numbers of their own.
    """
    for match in _ARABIC.finditer(text):
        digits = match[0]
        yield TextNumber(canonical(digits.replace(",", "").replace(" ", "")), "digits", match.end())
        if " " in digits:
            yield from _groups(digits, match.start())
    for match in _CHINESE.finditer(text):
        if len(match["number"]) > 1 or match["parts"]:
            yield from _in_characters(match)


def _groups(digits: str, at: int) -> Iterator[TextNumber]:
    for group in digits.split(" "):
        at += len(group)
        yield TextNumber(canonical(group.replace(",", "")), "digits", at)
        at += 1


def _in_characters(match: re.Match[str]) -> Iterator[TextNumber]:
    """Yield a number in characters, also without the scales at its end.

    一点二万元 is 1.2 of 万元; 十二万元 is 120000 of 元 and 12 of 万元.
    """
    number, end = match["number"], match.end("number")
    script: Script = "lower" if _CAPITALS.isdisjoint(number) else "upper"
    parts_of_yuan = _parts_of_yuan(match)
    unit = UNITS[_PARTS[match["parts"]]] if match["parts"] else None
    while number:
        value = parse_chinese(number)
        if value is not None:
            if parts_of_yuan is not None:
                value += parts_of_yuan
                unit = UNITS["元"]
            yield TextNumber(canonical(exact(value)), script, end, unit)
        if number[-1] not in _SCALE:
            return
        number, end = number[:-1], end - 1


def _parts_of_yuan(match: re.Match[str]) -> Fraction | None:
    """Return what follows 元 in 角 and 分, None if nothing does."""
    if not match["jiao"] and not match["fen"]:
        return None
    jiao, fen = (parse_chinese(match[name] or "") or 0 for name in ("jiao", "fen"))
    return jiao * Fraction(1, 10) + fen * Fraction(1, 100)


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
    unit = find_unit(scale + name + divisor) or find_unit(scale + name)
    if unit is None and scale:
        return Unit(scale, (), Fraction(PREFIXES[scale]))
    return unit
