"""Chinese numerals: how a number is written in characters, and read back.

Lower case (小写) as in 一百二十三点四, upper case (大写) as on cheques, 壹佰贰拾叁点肆, and by
digits alone, 二〇二三 (GB/T 15835-2011, 4.2).

>>> chinese(1203)
'一千二百零三'
>>> chinese(Fraction(1203), upper=True)
'壹仟贰佰零叁'
>>> parse_chinese("两万三"), parse_chinese("十二点五"), parse_chinese("二〇二三")
(Fraction(23000, 1), Fraction(25, 2), Fraction(2023, 1))
"""

from __future__ import annotations

from fractions import Fraction

_LOWER, _UPPER = "零一二三四五六七八九", "零壹贰叁肆伍陆柒捌玖"
_TENS = (("", "十", "百", "千"), ("", "拾", "佰", "仟"))
_LIMIT = 10**16
_DIGIT = {c: n for row in (_LOWER, _UPPER) for n, c in enumerate(row)} | dict(
    zip("〇○两貳參叄陸兩", (0, 0, 2, 2, 3, 3, 6, 2), strict=True)
)
_SIZES = (
    ("亿億", 10**8),
    ("万萬", 10**4),
    ("千仟", 1000),
    ("百佰", 100),
    ("十拾", 10),
)

CHARACTERS = "".join(_DIGIT) + "".join(names for names, _ in _SIZES)
"""Every character that can be part of a numeral."""


def chinese(value: Fraction | int, *, upper: bool = False) -> str:
    """Return `value`, a terminating decimal below 10**16 in size, in characters.

    Raises ValueError for a number that has no such form.
    """
    value = Fraction(value)
    if abs(value) >= _LIMIT:
        raise ValueError(value)
    whole, rest = divmod(abs(value), 1)
    digits = _UPPER if upper else _LOWER
    text = _whole(whole, digits, _TENS[upper])
    if rest:
        text += "点" + "".join(digits[n] for n in _decimals(rest))
    return ("负" if value < 0 else "") + text


def by_digits(value: int, *, ring: bool = True) -> str:
    """Return the digits of `value` one by one, as years are written: 二〇二三."""
    zero = "〇" if ring else "零"
    return "".join(_LOWER[int(d)] if d != "0" else zero for d in str(value))


def _decimals(rest: Fraction) -> list[int]:
    digits: list[int] = []
    while rest:
        if len(digits) > 40:
            raise ValueError(rest)
        digit, rest = divmod(rest * 10, 1)
        digits.append(digit)
    return digits


def _whole(value: int, digits: str, tens: tuple[str, ...]) -> str:
    """Return a whole number; a zero is said once for any gap."""
    if value == 0:
        return digits[0]
    text = _joined(value, digits, tens)
    return text[1:] if text.startswith("一十") else text


def _joined(value: int, digits: str, tens: tuple[str, ...]) -> str:
    for size, name in ((10**8, "亿"), (10**4, "万")):
        if value >= size:
            high, low = divmod(value, size)
            gap = digits[0] if 0 < low < size // 10 else ""
            return _joined(high, digits, tens) + name + gap + _joined(low, digits, tens)
    return _group(value, digits, tens)


def _group(value: int, digits: str, tens: tuple[str, ...]) -> str:
    text, gap = "", False
    for place in range(3, -1, -1):
        digit = value // 10**place % 10
        if digit:
            text += (digits[0] if gap else "") + digits[digit] + tens[place]
            gap = False
        else:
            gap = bool(text)
    return text


def parse_chinese(text: str) -> Fraction | None:
    """Return the number that `text` states in characters, None if it states none.

    The last digit after 百, 千, 万 or 亿 may stand without its own place: 两万三 is 23000.
    """
    sign, body = (-1, text[1:]) if text.startswith("负") else (1, text)
    whole, point, rest = body.partition("点")
    number = _read(whole)
    if number is None or (point and not (rest and all(c in _DIGIT for c in rest))):
        return None
    value = Fraction(number)
    for place, char in enumerate(rest, 1):
        value += Fraction(_DIGIT[char], 10**place)
    return sign * value


def _read(text: str) -> int | None:
    """Return a whole number: what stands before its largest name times it, and what follows."""
    if len(text) > 1 and all(c in _DIGIT for c in text):
        return int("".join(str(_DIGIT[c]) for c in text))
    for names, size in _SIZES:
        at = max(map(text.rfind, names))
        if at >= 0:
            return _around(text[:at], text[at + 1 :], size)
    return _DIGIT.get(text)


def _around(before: str, after: str, size: int) -> int | None:
    head = _read(before) if before else (1 if size < 10**4 else None)
    tail = _read(after.lstrip("零〇")) if after else 0
    if head is None or tail is None or (size < 10**4 and head > 9):
        return None
    short = len(after) == 1 and size > 10
    tail *= size // 10 if short else 1
    return head * size + tail if tail < size else None
