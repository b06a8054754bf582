"""Finds the numbers of a text, in digits and in characters, each with its unit and its value."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from reportgen.language.numerals import CHARACTERS, parse_chinese
from reportgen.model.units import PREFIXES, UNITS, Unit, find_unit

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
_PLACES = set("百千万亿点")
# 八成 is a share, 三家成立 and 一成不变 are not.
_NOT_A_SHARE = re.compile("成[立功为果员效本熟长就都交型品份绩不因]")


@dataclass(frozen=True, slots=True)
class WrittenNumber:
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


def find_numbers(text: str) -> Iterator[WrittenNumber]:
    """Yield the numbers of `text` in order; words that only look like numbers are left out."""
    at = 0
    while match := _NUMBER.search(text, at):
        number = _read(text, match)
        end = number.end if number is not None else match.end()
        at = max(end, at + 1)
        if number is not None:
            yield number


def _read(text: str, match: re.Match[str]) -> WrittenNumber | None:
    """Return the number that `match` found, None where it is only a word."""
    if match["digits"]:
        return _with_unit(text, match, match["digits"].replace(",", ""))
    if match["words"]:
        return _in_characters(text, match)
    if match["percent"]:
        return _percentage(match)
    if match["above"]:
        return _fraction(match)
    if match["half"]:
        return _half(match)
    return _doubled(match)


def _in_characters(text: str, match: re.Match[str]) -> WrittenNumber | None:
    """Return a number in characters that counts something, None for a word such as 统一."""
    written = match["words"]
    digits = _digits(written)
    if not digits or not _is_numeral(written):
        return None
    number = _with_unit(text, match, digits)
    value = Fraction(digits)
    if number.unit is None:
        return number if value > 100 else None
    if number.unit.symbol == "成" and _NOT_A_SHARE.match(text, number.body_end - 1):
        return None
    return replace(number, word=_may_be_word(value, number.unit.symbol))


def _is_numeral(written: str) -> bool:
    """Return whether characters are a numeral: not 万千, nor 二〇二三 (a year), 一一 (a word)."""
    characters = set(written)
    if not characters - _PLACES:
        return False
    return len(written) == 1 or bool(characters & (_PLACES | {"十"}))


def _may_be_word(value: Fraction, symbol: str) -> bool:
    """Return whether a numeral in characters before the unit `symbol` may count nothing."""
    if value > SMALL:
        return False
    if symbol not in WEIGHTY and not symbol.endswith("元"):
        return True
    return value == 1 and symbol not in _ONE_OF


def _with_unit(text: str, match: re.Match[str], digits: str) -> WrittenNumber:
    """Return the number that `match` found, with the unit and the words behind it."""
    before = match["before"] or ""
    number = WrittenNumber(
        text=match[0],
        start=match.start(),
        end=match.end(),
        body=match.start() + len(before),
        body_end=match.end(),
        value=Fraction(digits),
        unit=None,
        step=_step(digits),
        digits=digits.lstrip("-"),
        before=before,
    )
    suffix = _UNIT.match(text, match.end())
    assert suffix is not None  # every part of it may be missing
    parts = suffix.groupdict("")
    symbol = parts["scale"] + parts["unit"]
    unit = find_unit(symbol) if symbol else None
    if unit is None:
        return number
    return replace(
        number,
        text=text[match.start() : suffix.end()],
        end=suffix.end(),
        body_end=suffix.end() - len(parts["after"]),
        value=number.value * unit.factor,
        unit=unit,
        step=number.step * unit.factor,
        about=parts["about"] or parts["scaled"],
        after=parts["after"],
    )


def _step(digits: str) -> Fraction:
    """Return the worth of the last digit that says something: 1 in 36, 100 in 2500, 0.1 in 2.5."""
    whole, _, decimals = digits.lstrip("-").partition(".")
    if decimals:
        return Fraction(1, 10 ** len(decimals))
    return Fraction(10 ** (len(whole) - len(whole.rstrip("0") or "0")))


def _digits(written: str) -> str:
    """Return a number, in digits or characters, as digits; empty where it is none."""
    if written[0] in "0123456789":
        return written.replace(",", "")
    value = parse_chinese(written)
    if value is None:
        return ""
    places = len(written.partition("点")[2])
    if not places:
        return str(abs(value))
    whole, decimals = divmod(abs(value) * 10**places, 10**places)
    return f"{whole}.{str(decimals).rjust(places, '0')}"


def _percentage(match: re.Match[str]) -> WrittenNumber | None:
    """Return 百分之七十."""
    digits = _digits(match["percent"])
    if not digits:
        return None
    return _ratio(match, Fraction(digits) / 100, digits, "%")


def _fraction(match: re.Match[str]) -> WrittenNumber | None:
    """Return 四分之三."""
    above, below = parse_chinese(match["above"]), parse_chinese(match["below"])
    if not above or not below:
        return None
    return replace(_ratio(match, above / below, "1", "倍"), spoken=True)


def _half(match: re.Match[str]) -> WrittenNumber:
    """Return 半数, or 过半, which is more."""
    about = "多" if match["half"] == "过半" else ""
    return replace(_ratio(match, Fraction(1, 2), "5", "成"), spoken=True, about=about)


def _doubled(match: re.Match[str]) -> WrittenNumber:
    """Return 翻两番: by how many times the number before is added to it."""
    times = parse_chinese(match["double"] or "一")
    assert times is not None  # the pattern allows digits only
    return replace(_ratio(match, Fraction(2 ** int(times) - 1), "1", "倍"), spoken=True)


def _ratio(match: re.Match[str], value: Fraction, digits: str, symbol: str) -> WrittenNumber:
    """Return a ratio in words, whose unit `symbol` is part of them."""
    start, end = match.span()
    before = match["before"] or ""
    unit = UNITS[symbol]
    return WrittenNumber(
        text=match[0],
        start=start,
        end=end,
        body=start + len(before),
        body_end=end,
        value=value,
        unit=unit,
        step=unit.factor / 10 ** len(digits.partition(".")[2]),
        digits=digits,
        before=before,
    )
