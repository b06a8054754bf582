"""Chinese numerals: how a number is written in characters, and read back.

Lower case (小写) as in 一百二十三点四, upper case (大写) as on cheques, 壹佰贰拾叁点肆, and by
digits alone, 二〇二三 (GB/T 15835-2011, 4.2).

>>> chinese(1203)
'一千二百零三'
>>> chinese(Fraction(1203), upper=True)
'壹仟贰佰零叁'
>>> parse_numeral("两万三"), parse_numeral("十二点五"), parse_numeral("1亿2658.5万")
(Fraction(23000, 1), Fraction(25, 2), Fraction(126585000, 1))
"""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

from reportgen.model.quantity import QuantityError, narrow, parse_quantity
from reportgen.model.units import ONE, UNITS, find_unit

_LOWER, _UPPER = "零一二三四五六七八九", "零壹贰叁肆伍陆柒捌玖"
_LOWER_PLACES, _UPPER_PLACES = ("", "十", "百", "千"), ("", "拾", "佰", "仟")
_LIMIT = 10**16
_MOST_DECIMALS = 41
_LONGEST = 64
"""Characters beyond which a text is no number; the largest amount in characters has 40."""
_ARABIC = re.compile(r"[0-9][0-9,'’\u2009\u202f\xa0]*(?:\.[0-9]+)?")
_SEPARATORS = re.compile(r"[^0-9.]")
_DIGITS = {
    **dict(zip(_LOWER, range(10), strict=True)),
    **dict(zip(_UPPER, range(10), strict=True)),
    **dict(zip("〇○两貳參叄陸兩", (0, 0, 2, 2, 3, 3, 6, 2), strict=True)),
}
"""The value of every character that is a digit."""
_SIZES = (
    ("亿億", 10**8),
    ("万萬", 10**4),
    ("千仟", 1000),
    ("百佰", 100),
    ("十拾", 10),
)
"""The characters of each place, the largest first."""

DIGITS, PLACES = "".join(_DIGITS), "".join(names for names, _ in _SIZES)
"""Every character that is a digit, and every one that gives digits their place."""
CHARACTERS = DIGITS + PLACES
"""Every character that can be part of a numeral."""
UPPER = frozenset("壹贰貳叁參叄肆伍陆陸柒捌玖拾佰仟")
"""The characters of 大写 (upper case) alone."""
AS_ASCII = str.maketrans({char: str(digit) for char, digit in _DIGITS.items()})
"""Translates characters that are digits into 0 to 9."""


def chinese(value: Fraction | int, *, upper: bool = False) -> str:
    """Return `value`, a terminating decimal below 10**16 in size, in characters.

    Raises ValueError for a number that has no such form.
    """
    value = Fraction(value)
    if abs(value) >= _LIMIT:
        raise ValueError(value)
    digits, places = _LOWER, _LOWER_PLACES
    if upper:
        digits, places = _UPPER, _UPPER_PLACES
    whole, decimals = divmod(abs(value), 1)
    text = _whole(whole, digits, places)
    if decimals:
        text += "点" + _decimals(decimals, digits)
    return f"负{text}" if value < 0 else text


def by_digits(value: int, *, ring: bool = True) -> str:
    """Return the digits of `value` one by one, as years are written: 二〇二三."""
    text = "".join(_LOWER[int(digit)] for digit in str(value))
    return text.replace("零", "〇") if ring else text


def _decimals(value: Fraction, digits: str) -> str:
    """Return the digits behind the point of `value`, which is below 1."""
    text = ""
    while value:
        if len(text) == _MOST_DECIMALS:
            raise ValueError(value)
        digit, value = divmod(value * 10, 1)
        text += digits[digit]
    return text


def _whole(value: int, digits: str, places: tuple[str, ...]) -> str:
    """Return a whole number; 10 to 19 begin with 十, not 一十."""
    if value == 0:
        return digits[0]
    text = _joined(value, digits, places)
    return text[1:] if text.startswith("一十") else text


def _joined(value: int, digits: str, places: tuple[str, ...]) -> str:
    """Return the parts above and below 亿 or 万 joined; one zero stands for any gap."""
    for size, name in ((10**8, "亿"), (10**4, "万")):
        if value >= size:
            high, low = divmod(value, size)
            gap = digits[0] if 0 < low < size // 10 else ""
            return _joined(high, digits, places) + name + gap + _joined(low, digits, places)
    return _below_10000(value, digits, places)


def _below_10000(value: int, digits: str, places: tuple[str, ...]) -> str:
    text, gap = "", ""
    for place in (3, 2, 1, 0):
        digit = value // 10**place % 10
        if digit:
            text += gap + digits[digit] + places[place]
            gap = ""
        elif text:
            gap = digits[0]
    return text


def parse_numeral(text: str) -> Fraction | None:
    """Return the number that `text` states in characters, digits or both, None if it states none.

    The last digit after 百, 千, 万 or 亿 may stand without its own place: 两万三 is 23000. A number
    in digits stands before any place: 1亿2658.5万.
    """
    if len(text) > _LONGEST:
        return None
    try:
        return _parse(text)
    except ValueError:
        return None


def _parse(text: str) -> Fraction:
    sign, unsigned = (-1, text[1:]) if text.startswith("负") else (1, text)
    whole, point, decimals = unsigned.partition("点")
    if not point:
        return sign * _parse_whole(whole)
    places = decimals.rstrip("万亿")
    if not _are_digits(places):
        raise ValueError(text)
    number = _parse_whole(whole) + Fraction(_digits_value(places), 10 ** len(places))
    return sign * number * _product(decimals[len(places) :])


def _product(places: str) -> int:
    """Return what 万, 亿 or 万亿 behind a decimal multiply it by."""
    product = 1
    for char in places:
        product *= 10**8 if char == "亿" else 10**4
    return product


def _are_digits(text: str) -> bool:
    return text != "" and all(char in _DIGITS for char in text)


def _digits_value(text: str) -> int:
    """Return the number that digits one after the other state, 0 where there are none."""
    value = 0
    for char in text:
        value = 10 * value + _DIGITS[char]
    return value


def _parse_whole(text: str) -> Fraction:
    """Return a number without 点: what stands before its largest place times it, and the rest."""
    if _ARABIC.fullmatch(text):
        return Fraction(_SEPARATORS.sub("", text))
    if _are_digits(text):
        return Fraction(_digits_value(text))
    for names, size in _SIZES:
        at = max(text.rfind(names[0]), text.rfind(names[1]))
        if at >= 0:
            rest = _parse_rest(text[at + 1 :], size)
            if rest >= size:
                raise ValueError(text)
            return _parse_times(text[:at], size) * size + rest
    raise ValueError(text)


def _parse_times(text: str, size: int) -> Fraction:
    """Return how many times `size` is meant by the text before it; once by 十, 百, 千 alone."""
    if size >= 10**4:
        return _parse_whole(text)
    times = _parse_whole(text) if text else Fraction(1)
    if times > 9 and not _ARABIC.fullmatch(text):
        raise ValueError(text)
    return times


def _parse_rest(text: str, size: int) -> Fraction:
    """Return the number behind the place `size`; a digit alone is of the next place below."""
    if not text:
        return Fraction(0)
    value = _parse_whole(text.lstrip("零〇"))
    return value * size / 10 if len(text) == 1 and size > 10 else value


# Texts that are like a number and none that facts may be

_LIKE_NUMBER = re.compile(
    r"(?P<before>[-+−(￥¥$]*)(?:(?P<number>[0-9.][0-9.,'’_/]*(?:[eE][-+]?[0-9]{1,2})?)"
    rf"|(?P<numeral>[{CHARACTERS}]+))(?P<unit>[^0-9()]*)\)?(?P<after>[^0-9()]*)"
)
"""Digits and signs, or a numeral, and what may be a unit."""
_BETWEEN = re.compile("[,'’_]")
_SAMPLE = "1234.56万元"


def _rewritten(match: re.Match[str]) -> str:
    """Return what is like a number in digits, empty where what stands behind it is no unit."""
    symbol = match["unit"] + match["after"]
    if not _is_unit(symbol, match["numeral"] or ""):
        return ""
    sign = "-" if set("-−(") & set(match["before"]) else ""
    return sign + _in_digits(match["numeral"] or _BETWEEN.sub("", match["number"])) + symbol


def number_meant(text: str) -> str:
    """Return how the quantity would be written that `text` is like, empty where it is like none.

    `text` is one that `parse_quantity` does not read: 1 234万元, (6.15)万元, 1e3, .5, 五十万元.
    """
    match = _LIKE_NUMBER.fullmatch("".join(narrow(text).split()))
    if match is None or match[0].count("(") != match[0].count(")"):
        return ""
    written = _rewritten(match)
    if not written:
        return ""
    try:
        parse_quantity(written)
    except QuantityError:
        return _SAMPLE
    return written


def _is_unit(symbol: str, numeral: str) -> bool:
    """Return whether `symbol` is a unit of what stands before it.

    Behind a `numeral` only money is one: 二级 is a text as often as a number, and 万元 is a unit.
    """
    unit = find_unit(symbol) if symbol else ONE
    if unit is None or not numeral:
        return unit is not None
    return unit.dimension == UNITS["元"].dimension and bool(set(numeral) - set("万亿"))


def _in_digits(number: str) -> str:
    """Return a number in plain digits, empty if it is none or has no end."""
    try:
        exact = parse_numeral(number) or Fraction(number)
        decimal = Decimal(exact.numerator) / exact.denominator
    except (ValueError, ArithmeticError):
        return ""
    return f"{decimal:f}" if Fraction(decimal) == exact else ""
