"""Finds the numbers of a text, in digits and in characters, each with its unit and its value."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from reportgen.language.numerals import CHARACTERS, parse_chinese
from reportgen.model.units import ONE, PREFIXES, UNITS, Unit, find_unit

SMALL = 10
"""Up to here a numeral in characters before a common counter is a word, not a figure."""
WEIGHTY = frozenset(
    "元 % ‰ 倍 成 百分点 个百分点 家 户 人 名 人次 家次 户次 亩 吨 平方米 平方公里 公里 辆 套 台 "
    "册 份 场次 件 千瓦 千瓦时 兆瓦 美元".split()
)
"""Units before which even a small numeral in characters counts something."""
_ONE_OF = frozenset("元 % ‰ 倍 成 百分点 个百分点".split())
"""Those before which even 一 does."""

_DIGITS = r"(?:[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])|[0-9]+)(?:\.[0-9]+)?"
_WORDS = rf"[{CHARACTERS}]+(?:点[{CHARACTERS}]+)?"
_BEFORE = "不低于|不少于|不超过|将近|接近|超过|大约|突破|至少|近|约|超|逾|≥|≤|>|<"
_SYMBOLS = "|".join(sorted(map(re.escape, filter(None, UNITS)), key=len, reverse=True))
_SCALES = "|".join(PREFIXES)
_NUMBER = re.compile(
    rf"(?P<before>{_BEFORE})?(?:"
    rf"百分之(?P<percent>{_DIGITS}|{_WORDS})"
    rf"|(?P<below>[{CHARACTERS}]+)分之(?P<above>[{CHARACTERS}]+)"
    rf"|翻了?(?P<double>[一两二三四])?番"
    rf"|(?P<half>过半|半数|大半|一半)"
    rf"|(?P<digits>(?:(?<![0-9A-Za-z)）〕\]])-)?{_DIGITS})"
    rf"|(?P<words>{_WORDS}))"
)
_UNIT = re.compile(
    rf" ?(?P<about>[余多来])?(?P<scale>{_SCALES})?(?P<scaled>[余多来])?"
    rf"(?P<unit>(?:{_SYMBOLS})(?:/(?:{_SYMBOLS}))*)?"
    r"(?P<after>及以上|及以下|以上|以下|以内|左右|上下)?"
)
# 八成 is a share, 三家成立 and 一成不变 are not.
_NOT_A_SHARE = re.compile("成[立功为果员效本熟长就都交型品份绩不因]")


@dataclass(frozen=True, slots=True)
class Literal:
    """A number as it stands in a text from `start` to `end`, with the words around it.

    `value` is in base units; `body` and `body_end` bound the number and its unit without
    `before` and `after`. `step` is the worth of its last digit. `spoken` numbers are shares
    and multiples in words (过半, 翻番); `word` says that it may be no number at all (三个方面).
    """

    text: str
    start: int
    end: int
    body: int
    body_end: int
    value: Fraction
    unit: Unit | None
    step: Fraction
    digits: str
    before: str = ""
    about: str = ""
    after: str = ""
    spoken: bool = False
    word: bool = False

    @property
    def decimals(self) -> int:
        """Return how many digits stand behind the point."""
        return len(self.digits.partition(".")[2])

    @property
    def weight(self) -> int:
        """Return how many digits tell it from other numbers: 1232.93 six, 2000 one."""
        return len(self.digits.replace(".", "").strip("0"))


def scan(text: str) -> Iterator[Literal]:
    """Yield the numbers of `text` in order; words that only look like numbers are left out."""
    at = 0
    while match := _NUMBER.search(text, at):
        literal = _literal(text, match)
        at = max(literal.end if literal else match.end(), at + 1)
        if literal is not None:
            yield literal


def _literal(text: str, match: re.Match[str]) -> Literal | None:
    if match["digits"]:
        return _counted(text, match, match["digits"].replace(",", ""))
    if match["words"]:
        return _in_words(text, match)
    if match["percent"]:
        digits = _digits(match["percent"])
        return _share(match, digits and Fraction(digits) / 100, digits, "%")
    if match["above"]:
        above, below = parse_chinese(match["above"]), parse_chinese(match["below"])
        return _share(match, above / below if above and below else None, "1", "倍")
    if match["half"]:
        return _share(match, Fraction(1, 2), "5", "成")
    times = parse_chinese(match["double"] or "一") or Fraction(1)
    return _share(match, Fraction(2 ** int(times) - 1), "1", "倍")


def _digits(written: str) -> str:
    """Return a number, in digits or characters, as digits; empty where it is none."""
    if written[0] in "0123456789":
        return written.replace(",", "")
    value = parse_chinese(written)
    if value is None:
        return ""
    places = len(written.partition("点")[2])
    whole, rest = divmod(abs(value) * 10**places, 10**places)
    return str(whole) + (f".{str(rest).rjust(places, '0')}" if places else "")


def _share(
    match: re.Match[str], value: Fraction | str | None, digits: str, symbol: str
) -> Literal | None:
    if not isinstance(value, Fraction):
        return None
    start, end = match.span()
    before = match["before"] or ""
    step = UNITS[symbol].factor / 10 ** len(digits.partition(".")[2])
    spoken = not match["percent"]
    about = "多" if match["half"] == "过半" else ""
    body = start + len(before)
    return Literal(
        match[0], start, end, body, end, value, UNITS[symbol], step, digits,
        before=before, about=about, spoken=spoken,
    )  # fmt: skip


def _in_words(text: str, match: re.Match[str]) -> Literal | None:
    """Return a number in characters that counts something, None for a word such as 统一."""
    written = match["words"]
    digits = _digits(written)
    if not digits or not set(written) - set("百千万亿点"):
        return None
    if len(written) > 1 and not set(written) & set("十百千万亿点"):
        return None  # 二〇二三 is a year, 一一 a word
    literal = _counted(text, match, digits)
    value = Fraction(digits)
    if literal is None or literal.unit is None:
        return literal if literal and value > 100 else None
    if literal.unit.symbol == "成" and (_NOT_A_SHARE.match(text, literal.body_end - 1)):
        return None
    symbol = literal.unit.symbol
    light = symbol not in WEIGHTY and not literal.unit.symbol.endswith("元")
    if value <= SMALL and (light or (value == 1 and symbol not in _ONE_OF)):
        return _as_word(literal)
    return literal


def _as_word(literal: Literal) -> Literal:
    fields = {name: getattr(literal, name) for name in Literal.__slots__}
    return Literal(**{**fields, "word": True})


def _counted(text: str, match: re.Match[str], digits: str) -> Literal | None:
    after = _UNIT.match(text, match.end())
    assert after is not None  # every part of it may be missing
    scale, symbol = after["scale"] or "", after["unit"] or ""
    unit = find_unit(scale + symbol) if scale + symbol else None
    end = after.end() if unit is not None else match.end()
    body_end = end - len(after["after"] or "") if unit is not None else end
    factor = (unit or ONE).factor
    before = match["before"] or ""
    return Literal(
        text[match.start() : end], match.start(), end, match.start() + len(before), body_end,
        Fraction(digits) * factor, unit, _step(digits) * factor, digits.lstrip("-"),
        before=before,
        about=(after["about"] or after["scaled"] or "") if unit else "",
        after=(after["after"] or "") if unit else "",
    )  # fmt: skip


def _step(digits: str) -> Fraction:
    """Return the worth of the last digit that says something: 1 in 36, 100 in 2500, 0.1 in 2.5."""
    whole, _, rest = digits.lstrip("-").partition(".")
    if rest:
        return Fraction(1, 10 ** len(rest))
    return Fraction(10 ** (len(whole) - len(whole.rstrip("0") or "0")))
