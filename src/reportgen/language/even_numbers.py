"""Brings the digits of a text to one form, whatever digits they are, so that numbers can be read.

What belongs to numbers comes with them: signs, units, numerals in characters that stand for others.
"""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction
from functools import cache

from reportgen.language.characters import IGNORABLE
from reportgen.language.folding import even_character
from reportgen.language.numerals import CHARACTERS
from reportgen.model.quantity import exact
from reportgen.model.units import SPELLINGS

_UNSEEN = re.compile(f"[{IGNORABLE}\u0300-\u036f\u20d0-\u20f0]+")
_RAISED = (
    "\u00b2\u00b3\u00b9\u2070-\u2089\u2460-\u249b\u24ea-\u24ff\u2776-\u2793\u3251-\u325f\u32b1-\u32bf"
    "\U0001f100-\U0001f10c"
)
_RAISED_RUN = re.compile(f"[{_RAISED}](?:[.,·点]?(?:[{_RAISED}]|[0-9](?=[{_RAISED}])))*")
_VULGAR = re.compile("(?<![0-9])([0-9]*+) ?([\u00bc-\u00be\u2150-\u215e])")
_POWER = re.compile(r"[×xX*]\s?10$")
_SEVERAL = re.compile(f"(?<=[0-9{CHARACTERS}])几")
_LETTER_O = re.compile("(?<=[0-9])o(?=[0-9.])")
_LETTER_L = re.compile("(?<=[0-9])[li](?=[0-9.])")
_BARE_POINT = re.compile("(?<=[\u4e00-\u9fff:])(?=\\.[0-9]{2,20}(?![0-9.]))")
_TENS = {"廿": "二十", "卅": "三十", "卌": "四十"}
_KNOWN = frozenset(CHARACTERS + "".join(filter(str.isalpha, SPELLINGS)) + ".,%+-~")


def even_numbers(text: str) -> str:
    """Return `text` with all digits as 0 to 9, small letters, nothing invisible.

    Raised digits are references, unless several of them are a number of their own.
    """
    if text.isascii():
        return _alike(text.lower())
    text = _RAISED_RUN.sub(_lowered, _VULGAR.sub(_decimal, _UNSEEN.sub("", text)))
    changed = {ord(char): even for char in set(text) if (even := _even_char(char)) != char}
    return _SEVERAL.sub("多", _alike(text.translate(changed).lower()))


def _alike(text: str) -> str:
    """Return `text` with letters within numbers as the digits that they look like, 0.5 for .5."""
    return _LETTER_L.sub("1", _LETTER_O.sub("0", _BARE_POINT.sub("0", text)))


@cache
def _even_char(char: str) -> str:
    """Return a character that belongs to numbers in its usual form, others as they are."""
    if char.isascii():
        return char
    if char.isdecimal():
        return str(unicodedata.decimal(char))
    return " " if unicodedata.category(char) == "Zs" else _known_char(char)


def _known_char(char: str) -> str:
    """Return the sign, numeral or character of a unit that `char` is another form of."""
    compatible = unicodedata.normalize("NFKC", char.replace("○", "〇"))
    for known in (compatible, compatible.strip("()"), even_character(char)):
        if known in _KNOWN or (len(known) == 1 and known.isascii()):
            return known
    return _TENS.get(char, char)


def _lowered(match: re.Match[str]) -> str:
    """Return raised digits as what they mean: a number, a power, the 2 of m², else a reference."""
    run, start, end = match[0], match.start(), match.end()
    digits = "".join(str(unicodedata.digit(char, char)) for char in run)
    if _POWER.search(match.string, max(start - 4, 0), start):
        return f"^{digits}"
    before, after = match.string[max(start - 1, 0) : start], match.string[end : end + 1]
    if before in {"m", "M", "米"}:
        return run
    is_number = after.isdigit() if before.isdigit() else len(run) > 1
    return digits if is_number else " " * len(run)


def _decimal(match: re.Match[str]) -> str:
    """Return 3½ and ½万 with a point, others in characters: 3分之1."""
    part = Fraction(unicodedata.numeric(match[2])).limit_denominator(10)
    number = exact(Fraction(int(match[1][-20:] or 0)) + part)
    is_counted = match[1] or match.string[match.end() : match.end() + 1] in tuple("千万亿元成%")
    if is_counted and "/" not in number:
        return number
    return f"{match[1]} {part.denominator}分之{part.numerator}"
