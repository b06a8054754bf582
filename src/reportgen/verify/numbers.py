"""Reads the numbers of a text as a person would: digits or characters, with the unit that follows.

>>> [(n.digits, n.unit.symbol if n.unit else "") for n in numbers("共1,234.50万元、壹佰元伍角")]
[('1234.5', '万元'), ('100.5', '元')]
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Literal

from reportgen.model.numerals import parse_chinese
from reportgen.model.quantity import exact
from reportgen.model.units import PREFIXES, UNITS, Unit, find_unit

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
class Number:
    """A number as it stands in a text: its digits in one form, how it is written, its unit.

    `digits` has neither sign, separators nor zeros around. `unit` is None where none follows.
    """

    digits: str
    script: Script
    unit: Unit | None = None


def numbers(text: str) -> Iterator[Number]:
    """Yield every number in an even text (`part.even`), those in characters with two or more."""
    for digits, script, at, unit in tokens(text):
        yield Number(digits, script, unit or unit_at(text, at))


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
