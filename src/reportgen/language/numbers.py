"""Finds the numbers of a text, in digits and in characters, each with its unit and its value."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache, cached_property
from typing import NamedTuple

from reportgen.language.numerals import AS_ASCII, CHARACTERS, DIGITS, PLACES, parse_numeral
from reportgen.model.quantity import exact
from reportgen.model.units import PREFIXES, SPELLINGS, UNITS, Unit, any_spelling, spelled_unit

SMALL = 10
"""Up to here a numeral in characters before a common counter is a word, not a figure."""
WEIGHTY = frozenset(
    "元 % ‰ 倍 成 百分点 个百分点 家 户 人 名 人次 家次 户次 亩 吨 平方米 平方公里 公里 辆 套 台 "
    "册 份 场次 件 千瓦 千瓦时 兆瓦 美元".split()
)
"""Units before which even a small numeral in characters counts something."""
_ONE_OF = frozenset("元 % ‰ 倍 成 百分点 个百分点".split())
"""Those before which even 一 does."""

_DIGITS = r"(?:[0-9]{1,3}(?:[,'’\u2009\u202f\xa0][0-9]{3})+(?![0-9])|[0-9]+)(?:\.[0-9]+)?"
_WORDS = rf"[{CHARACTERS}]+(?:点[{DIGITS}]+)?"
_MIXED = rf"{_DIGITS}(?:个?[{PLACES}]+零?(?:{_DIGITS}|[{DIGITS}]+))+"
_BEFORE = (
    "不低于|不少于|不小于|不超过|不高于|不多于|不大于|低于|少于|小于|高于|多于|大于|不足|不满|不及|未满"
    "|(?<![看见得找听想料感])不到|将近|接近|超过|大[约概致]|差不多|估计|突破|至少|(?<![附最邻])近|(?<![节签履契合预公条特邀])约"
    "|超|逾|≥|≤|>|<|≈"
)
_BEGINNING = f"[-0-9{CHARACTERS}不低少小高多大差估未将接超突至近约逾≥≤><≈翻过半]"
"""What a number or the words before it begin with: few characters of a text do."""
_SCALES = "|".join(PREFIXES)
_NUMBER = re.compile(
    rf"(?={_BEGINNING})(?P<before>{_BEFORE})?(?:"
    rf"(?P<per>[百佰千仟万])分之(?P<share>{_DIGITS}|{_WORDS})"
    rf"|(?P<below>[{CHARACTERS}]++|[0-9]{{1,6}})分之(?P<above>[{CHARACTERS}]+|{_DIGITS})"
    rf"|翻了?(?P<double>[一两二三四])?番"
    rf"|(?P<half>过半|半数|大半|一半)"
    rf"|(?P<mixed>{_MIXED})"
    rf"|(?P<digits>(?:(?<![0-9A-Za-z)）〕\]])-)?{_DIGITS})"
    rf"|(?P<words>{_WORDS}))"
)
_FIRST = re.compile(_DIGITS)


_LATIN = [spelling for spelling in SPELLINGS if spelling[0].isascii() and spelling[0].isalpha()]
SYMBOL = (
    rf"(?:(?i:{any_spelling(_LATIN)})(?![A-Za-z0-9])"
    rf"|{any_spelling(spelling for spelling in SPELLINGS if spelling not in _LATIN)})"
)
"""A unit without a prefix, in any of its spellings; those in letters are words of their own."""
_UNIT = re.compile(
    rf" ?(?P<about>[余多来+])?(?:个[余多来]?(?=亿))?(?P<scale>(?!百分[点之])(?:{_SCALES}))?"
    rf"(?:(?P<scaled>[余多来])(?P<more>[万亿])?)?(?P<unit>{SYMBOL}(?:/{SYMBOL})*)?"
    r"(?P<after>及以上|及以下|以上|以下|以内|左右|上下|出头|开外|有余)?"
)
_BELOW_YUAN = re.compile(
    rf"零?(?:(?P<jiao>[0-9{DIGITS}])角)?零?(?:(?P<fen>[0-9{DIGITS}])分)?(?<=[角分])"
)
_CURRENCY = re.compile("(?:(?i:rmb|cny)|[¥￥]|人民币)[:： ]{0,2}$")
_HALF_OF_TENTH = re.compile(f"[一二三四五六七八九](?![0-9{CHARACTERS}个家项人成点至])")
_SHARES = {"百": "%", "佰": "%", "千": "‰", "仟": "‰", "万": "‱"}
MOST_DIGITS = 40
"""Characters of a number beyond which it counts nothing (`quantity.MAX_DIGITS`)."""
_SEPARATOR = re.compile("[^-0-9.]")
_PLACES = frozenset("百千万亿佰仟萬億点")
_PLACED = _PLACES | {"十", "拾"}
# 八成 is a share, 三家成立 and 一成不变 are not.
_NOT_A_SHARE = re.compile("成[立功为果员效本熟长就都交型品份绩不因]")


@dataclass(frozen=True)
class WrittenNumber:
    """A number as it stands in a text from `start` to `end`, with the words around it.

    It counts `digits` of `unit`, or is a `ratio` in words. `body` and `body_end` bound it with its
    unit, without `before` and `after`. `spoken` ones are shares and multiples in words (过半,
    翻番); `word` says that it may be no number at all (三个方面). A range (300-320万元) goes from
    `value` as far as `reach`.
    """

    text: str
    start: int
    end: int
    body: int
    body_end: int
    digits: str
    unit: Unit | None
    before: str = ""
    about: str = ""
    after: str = ""
    spoken: bool = False
    word: bool = False
    ratio: Fraction | None = None
    reach: Fraction = Fraction(0)

    @cached_property
    def value(self) -> Fraction:
        """Return its value in base units."""
        if self.ratio is not None:
            return self.ratio
        value = Fraction(self.digits) * self._factor
        return -value if self.text.startswith("-", self.body - self.start) else value

    @cached_property
    def step(self) -> Fraction:
        """Return the worth of its last digit."""
        if self.ratio is not None:
            return self._factor * Fraction(1, 10**self.decimals)
        return _step(self.digits) * self._factor

    @property
    def _factor(self) -> Fraction:
        return self.unit.factor if self.unit is not None else Fraction(1)

    @property
    def is_scaled(self) -> bool:
        """Return whether it ends with 万 or the like, and counts nothing that is named: 318.7万."""
        if self.unit is None:
            return self.text[-1:] in tuple("万亿萬億")
        return self.unit.symbol in PREFIXES

    @property
    def decimals(self) -> int:
        """Return how many digits stand behind the point."""
        return len(self.digits.partition(".")[2])

    @property
    def weight(self) -> int:
        """Return how many digits tell it from other numbers: 1232.93 six, 2000 one."""
        return len(self.digits.replace(".", "").strip("0"))


class _Place(NamedTuple):
    """Where a number begins with the words before it, where without them, and where it ends."""

    start: int
    body: int
    end: int


def find_numbers(text: str) -> Iterator[WrittenNumber]:
    """Yield the numbers of `text` in order; words that only look like numbers are left out."""
    at = 0
    while match := _NUMBER.search(text, at):
        number = _read(text, match)
        end = number.end if number is not None else match.end()
        at = max(end, at + 1)
        if number is not None:
            yield number


def first_number(text: str) -> WrittenNumber | None:
    """Return the number that `text` begins with, None where it begins with none."""
    match = _NUMBER.match(text)
    return _read(text, match) if match is not None else None


def _read(text: str, match: re.Match[str]) -> WrittenNumber | None:
    """Return the number that `match` found, None where it is only a word."""
    if match.end() - match.start() > MOST_DIGITS * 2:
        return None
    return _READERS.get(match.lastgroup or "", _doubled)(text, match)


def _place(match: re.Match[str]) -> _Place:
    return _Place(match.start(), match.start() + len(match["before"] or ""), match.end())


def _plain(digits: str) -> str:
    """Return digits without what separates them in thousands."""
    return digits if digits.isdigit() else _SEPARATOR.sub("", digits)


def _in_digits(text: str, match: re.Match[str]) -> WrittenNumber:
    return _with_unit(text, _place(match), _plain(match["digits"]))


def _in_characters(text: str, match: re.Match[str]) -> WrittenNumber | None:
    """Return a number in characters that counts something, None for a word such as 统一."""
    words = match["words"]
    if set(words) <= _PLACES:
        return _rough_place(text, match)
    digits = _digits(words)
    if not digits or (len(words) > 1 and _PLACED.isdisjoint(words)):
        return None  # 二〇二三 is a year, 一一 a word
    if "亿" in words:
        digits = exact(_in_scale(text, match.end(), words) or Fraction(digits))
    number = _with_unit(text, _place(match), digits)
    return _unless_word(number, Fraction(digits), text)


def _rough_place(text: str, match: re.Match[str]) -> WrittenNumber | None:
    """Return 百余家, 近千万元: a place alone may be a number where words say that it is rough."""
    value = parse_numeral("一" + match["words"])
    number = _with_unit(text, _place(match), exact(value)) if value else None
    if number is None or number.unit is None or not (number.before or number.about):
        return None
    return replace(number, word=True)


def _unless_word(number: WrittenNumber, value: Fraction, text: str) -> WrittenNumber | None:
    """Return a number in characters, which may be a word, None where it certainly is one."""
    if number.unit is None:
        return number if value > 100 else None
    symbol = number.unit.symbol
    if symbol == "成" and _NOT_A_SHARE.match(text, number.body_end - 1):
        return None
    return replace(number, word=_may_be_word(value, symbol))


def _in_both(text: str, match: re.Match[str]) -> WrittenNumber:
    """Return a number in digits and characters: 1亿2658 of 万元, which are 12658 of them."""
    place = _place(match)
    value = _in_scale(text, match.end(), match["mixed"].replace("个", ""))
    if value is None:
        first = _FIRST.match(text, place.body)
        assert first is not None  # a mixed number begins with digits
        return _with_unit(text, place._replace(end=first.end()), _plain(first[0]))
    return _with_unit(text, place, exact(value))


def _in_scale(text: str, at: int, written: str) -> Fraction | None:
    """Return what is `written` before `at` by the scale behind it: 12600 in 1亿2600多万."""
    suffix = _UNIT.match(text, at)
    assert suffix is not None  # every part of it may be missing
    scale = (suffix["scale"] or "") + (suffix["more"] or "")
    value = parse_numeral(written + scale)
    return value / PREFIXES.get(scale, 1) if value is not None else None


def _may_be_word(value: Fraction, symbol: str) -> bool:
    """Return whether a numeral in characters before the unit `symbol` may count nothing."""
    if value > SMALL or value.denominator > 1:
        return False
    if symbol not in WEIGHTY and not symbol.endswith("元"):
        return True
    return value == 1 and symbol not in _ONE_OF


def _with_unit(text: str, place: _Place, digits: str) -> WrittenNumber:
    """Return the number of `digits` at `place`, with the unit and the words behind it."""
    suffix = _UNIT.match(text, place.end)
    assert suffix is not None  # every part of it may be missing
    unit = _unit_behind(suffix, place)
    if unit is None:
        return _number(text, place, place.end, digits, None)
    about, _, scaled, _, _, after = suffix.groups("")
    end, body_end = suffix.end(), suffix.end() - len(after)
    divide = _DIVIDED.get(unit.symbol)
    further = divide(text, body_end, digits) if divide is not None else None
    if further is not None:
        digits, end = further
        body_end, after = end, ""
    number = _number(text, place._replace(end=end), body_end, digits, unit)
    about = about or scaled
    return replace(number, about=about, after=after) if about or after else number


def _unit_behind(suffix: re.Match[str], place: _Place) -> Unit | None:
    """Return the unit of a number, by what is behind it or by the currency before it."""
    _, scale, _, more, symbol, _ = suffix.groups("")
    spelling = scale + more + (symbol or currency(suffix.string, place.body))
    return _unit(spelling) if spelling else None


def currency(text: str, at: int) -> str:
    """Return the unit of a number at `at` that a currency stands before, nothing without one."""
    return "元" if _CURRENCY.search(text, max(at - 6, 0), at) else ""


def _number(
    text: str, place: _Place, body_end: int, digits: str, unit: Unit | None
) -> WrittenNumber:
    """Return the number that counts `digits` of `unit`."""
    start, body, end = place
    before = text[start:body]
    return WrittenNumber(
        text[start:end], start, end, body, body_end, digits.lstrip("-"), unit, before
    )


@cache
def _unit(spelling: str) -> Unit | None:
    return spelled_unit(spelling)


def _yuan_and_below(text: str, at: int, digits: str) -> tuple[str, int] | None:
    """Return 100.53 and its end, where 伍角叁分 follows 100元."""
    match = _BELOW_YUAN.match(text, at)
    if match is None or "." in digits:
        return None
    jiao, fen = (match[name] or "0" for name in ("jiao", "fen"))
    return f"{digits}.{jiao}{fen}".translate(AS_ASCII), match.end()


def _tenths_and_below(text: str, at: int, digits: str) -> tuple[str, int] | None:
    """Return 8.5 and its end, where 五 follows 八成."""
    match = _HALF_OF_TENTH.match(text, at)
    if match is None or "." in digits:
        return None
    return f"{digits}.{match[0].translate(AS_ASCII)}", match.end()


def _tenths(_text: str, at: int, digits: str) -> tuple[str, int] | None:
    """Return 8.5, where 85 stands before 折, and its end."""
    if "." in digits or len(digits) != 2 or digits == "10":
        return None
    return f"{digits[0]}.{digits[1]}", at


_DIVIDED: Mapping[str, Callable[[str, int, str], tuple[str, int] | None]] = {
    "元": _yuan_and_below,
    "成": _tenths_and_below,
    "折": _tenths,
}
"""Units behind which further digits may stand, with what reads them."""


def _step(digits: str) -> Fraction:
    """Return the worth of the last digit that says something: 1 in 36, 100 in 2500, 0.1 in 2.5."""
    whole, _, decimals = digits.partition(".")
    if decimals:
        return Fraction(1, 10 ** len(decimals))
    return Fraction(10 ** (len(whole) - len(whole.rstrip("0") or "0")))


def _digits(written: str) -> str:
    """Return a number, in digits or characters, as digits; empty where it is none."""
    if written[0] in "0123456789":
        return _plain(written)
    value = parse_numeral(written)
    if value is None:
        return ""
    places = len(written.partition("点")[2])
    if not places:
        return str(abs(value))
    whole, decimals = divmod(abs(value) * 10**places, 10**places)
    return f"{whole}.{str(decimals).rjust(places, '0')}"


def _share(_text: str, match: re.Match[str]) -> WrittenNumber | None:
    """Return 百分之七十, or 千分之三."""
    digits = _digits(match["share"])
    if not digits:
        return None
    symbol = _SHARES[match["per"]]
    return _ratio(match, Fraction(digits) * UNITS[symbol].factor, digits, symbol)


def _fraction(_text: str, match: re.Match[str]) -> WrittenNumber | None:
    """Return 四分之三."""
    above, below = parse_numeral(match["above"]), parse_numeral(match["below"])
    if not above or not below:
        return None
    return replace(_ratio(match, above / below, "1", "倍"), spoken=True)


def _half(_text: str, match: re.Match[str]) -> WrittenNumber:
    """Return 半数, or 过半, which is more."""
    about = "多" if match["half"] == "过半" else ""
    return replace(_ratio(match, Fraction(1, 2), "5", "成"), spoken=True, about=about)


def _doubled(_text: str, match: re.Match[str]) -> WrittenNumber:
    """Return 翻两番: by how many times the number before is added to it."""
    times = parse_numeral(match["double"] or "一")
    assert times is not None  # the pattern allows digits only
    return replace(_ratio(match, Fraction(2 ** int(times) - 1), "1", "倍"), spoken=True)


def _ratio(match: re.Match[str], value: Fraction, digits: str, symbol: str) -> WrittenNumber:
    """Return a ratio in words, whose unit `symbol` is part of them."""
    number = _number(match.string, _place(match), match.end(), digits, UNITS[symbol])
    return replace(number, ratio=value)


_READERS: Mapping[str, Callable[[str, re.Match[str]], WrittenNumber | None]] = {
    "share": _share,
    "above": _fraction,
    "half": _half,
    "mixed": _in_both,
    "digits": _in_digits,
    "words": _in_characters,
}
"""What reads a number, by the last group of its match."""


def canonical(digits: str) -> str:
    """Return digits without sign and without zeros around."""
    whole, _, part = digits.lstrip("-").partition(".")
    part = part.rstrip("0")
    return (whole.lstrip("0") or "0") + ("." + part if part else "")
