"""Finds every number that a text may be read to state, in whatever forms people write it.

`possible_numbers` brings digits of all kinds to one form, then writes again what is written in an
unusual form (digits parted by signs, spaces, lines or cells, digit by digit in characters, ranges,
fractions, powers of ten) in the usual one, and reads both with `numbers.find_numbers`. What may be
read in two ways is read in both. All of it takes time in proportion to the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterator
from dataclasses import replace
from fractions import Fraction
from typing import NamedTuple

from reportgen.language.even_numbers import even_numbers
from reportgen.language.folding import BORDER
from reportgen.language.numbers import SYMBOL, WrittenNumber, currency, find_numbers, first_number
from reportgen.language.numerals import AS_ASCII, CHARACTERS, DIGITS, PLACES
from reportgen.model.quantity import exact
from reportgen.model.units import PREFIXES

_SIGN = r"[\s,'’‘`\u00b4\u02bc\u2032_|]"
_POINT = "[.点·‧•∙・⋅。｡]"
_CHUNK = re.compile(
    rf"[0-9{CHARACTERS}](?>(?:{_SIGN}{{0,4}}(?:{_POINT}{_SIGN}{{0,4}})?[0-9{CHARACTERS}])*)"
)
_USUAL = re.compile(rf"[0-9]+(?:\.[0-9]+)?[{PLACES}]*|[{CHARACTERS}]|[{PLACES}]+")
_TOKEN = re.compile(
    rf"(?P<group>[0-9{DIGITS}]+)|(?P<point>{_POINT})|(?P<places>[{PLACES}]+)|{_SIGN}+"
)
_Tokens = tuple[re.Match[str], ...]
_MOST_TOKENS, _MOST_SINGLE, _MOST_TOGETHER = 10, 40, 64
"""Pieces that are joined to one number at most: of any length, of one digit; characters of both."""
_BROKEN = re.compile(f"[{BORDER}\n]")
_PLENTY = 6
"""Significant digits from which two pieces are one number though no unit follows."""

_UNIT = rf"(?:{'|'.join(PREFIXES)})?{SYMBOL}"
_APART = re.compile(
    rf"[ \u3000]*[(（\[](?P<within>{_UNIT})[)）\]]"
    rf"|[\s|]+(?P<next>{_UNIT})\s*(?=[{BORDER}\n|,，。、;；)）]|$)"
)
_TAIL = 20
"""Characters behind a number in which its unit stands."""

_NUMBER = (
    r"(?:[0-9](?>(?:,?[0-9])*)(?:\.[0-9]++)?[千百]?[万亿]*+(?>(?:(?<=[万亿])[0-9]++[千百]?万?)*)"
    rf"|[{CHARACTERS}]++(?:点[{DIGITS}]++)?[万亿]*+)"
)
_TO = r"\s?(?:[-−~]|[—–]{1,2}|至|到)\s?"
_RANGE = re.compile(
    rf"(?<![0-9.{CHARACTERS}])(?<![0-9],){_NUMBER}(?:(?:{_TO}|[、和或及与]){_NUMBER})+"
)
_ITEM = re.compile(_NUMBER)
_BETWEEN = re.compile(rf"({_NUMBER}){_TO}({_NUMBER})")
_SCALE_AT_END = re.compile("(?:[百千]|(?<![百千万亿]))[万亿]++$")
_SCALE_AT_START = re.compile("[余多来]?[百千]?[万亿]+")
_NEIGHBOURS = re.compile(
    rf"(?P<head>(?>(?:[{DIGITS}][{PLACES}]{{1,2}}){{0,4}}))(?P<low>[一二两三四五六七八])"
    "(?P<high>(?<=一)[二两]|(?<=[二两])三|(?<=三)四|(?<=四)五|(?<=五)六|(?<=六)七|(?<=七)八|(?<=八)九)"
    "(?=[十百千万亿成])"
)
_SLASH = re.compile(r"(?<![0-9/.])([0-9]{1,6})\s?[/\u2044]\s?([0-9]{1,6})(?![0-9/])")
_POWERS = re.compile(
    r"(?P<digits>[0-9]{1,20}(?:\.[0-9]{1,20})?)(?:e\+?|\s?[×x*·]\s?10(?:\^|\*\*)\+?)"
    r"(?P<power>-?[0-9]{1,2})(?![0-9])"
)
_ENGLISH = re.compile(
    r"([0-9][0-9,]{0,20}(?:\.[0-9]{1,20})?)(?:(w)|\s?(thousand|million|billion|k|mln|mn|mio|bn"
    r"|m(?=\s?(?:yuan|rmb|cny|元))))(?![a-z])"
)
_FACTORS = {
    **dict.fromkeys(["k", "thousand"], 10**3),
    "w": 10**4,  # 万
    **dict.fromkeys(["m", "mn", "mln", "mio", "million"], 10**6),
    **dict.fromkeys(["bn", "billion"], 10**9),
}
"""What English words and letters behind a number stand for."""


class _Form(NamedTuple):
    """A number written again in the usual form, with what follows it.

    Where it is not `firm`, it is one only with a unit. `reach` is the end of a range.
    """

    text: str
    firm: bool = True
    reach: str = ""


def possible_numbers(text: str, heads: Container[str] | None = None) -> Iterator[WrittenNumber]:
    """Yield every number that `text` may be read to state; their places are not kept.

    Pieces are joined only to numbers that begin with one of `heads`, three digits each, if these
    are given.
    """
    even = even_numbers(text)
    yield from find_numbers(even)
    for form in _forms(even, heads):
        yield from _read(form)


def _read(form: _Form) -> Iterator[WrittenNumber]:
    """Yield the number that `form` begins with, and if it is a range, as far as that reaches."""
    number, last = first_number(form.text), first_number(form.reach)
    if number is not None and (form.firm or number.unit):
        reach = last.value - number.value if last is not None else Fraction(0)
        yield replace(number, reach=reach) if reach > 0 else number


# Unusual forms written again


def _forms(text: str, heads: Container[str] | None) -> Iterator[_Form]:
    """Yield all that stands in `text` in unusual forms, in the usual one."""
    for match in _CHUNK.finditer(text):
        yield from _chunk_forms(text, match, heads)
    for pattern, forms in _UNUSUAL:
        for match in pattern.finditer(text):
            yield from forms(text, match)


def _neighbour_forms(text: str, match: re.Match[str]) -> Iterator[_Form]:
    """Yield what 三四百 may mean, and the range."""
    tail = _tail(text, match.end())
    low, high = (match["head"] + match[name] + tail for name in ("low", "high"))
    yield from (_Form(low), _Form(high), _Form(low, reach=high))


def _fraction(_text: str, match: re.Match[str]) -> Iterator[_Form]:
    """Yield 1/3 in characters."""
    yield _Form(f"{match[2]}分之{match[1]}")


def _power_of_ten(text: str, match: re.Match[str]) -> Iterator[_Form]:
    """Yield the value of 3.187×10^6."""
    number = Fraction(match["digits"]) * Fraction(10) ** int(match["power"])
    yield _Form(exact(number) + _tail(text, match.end()))


def _english(text: str, match: re.Match[str]) -> Iterator[_Form]:
    """Yield the value of 3.187 million, with the currency that may stand before it."""
    number = Fraction(match[1].replace(",", "")) * _FACTORS[match[2] or match[3]]
    yield _Form(exact(number) + currency(text, match.start()) + _tail(text, match.end()))


def _tail(text: str, at: int) -> str:
    """Return what follows a number that ends at `at`: a unit in brackets or in the next piece."""
    apart = _APART.match(text, at)
    if apart is not None:
        return apart["within"] or apart["next"]
    return _BROKEN.split(text[at : at + _TAIL], maxsplit=1)[0]


def _range_forms(text: str, match: re.Match[str]) -> Iterator[_Form]:
    """Yield the numbers of 300-320万元 or 300、320万元, each with the unit of the last."""
    tail = _tail(text, match.end())
    scale = "".join(_SCALE_AT_END.findall(match[0]))
    bare = _SCALE_AT_START.sub("", tail, count=1) if not scale else tail
    for item in _ITEM.findall(match[0]):
        yield from map(_Form, _readings(item, scale, tail, bare))
    for low, high in _BETWEEN.findall(match[0]):
        *_, last = _readings(high, scale, tail, bare)
        for first in (*_readings(low, scale, tail, bare), low + bare):  # 九千六百至一万人
            yield _Form(first, reach=last)


def _readings(item: str, scale: str, tail: str, bare: str) -> Iterator[str]:
    """Yield a number with its own scale, and with that of its range: 万 in 四百至五百万."""
    if not set(item).isdisjoint("万亿"):
        yield item + bare
    if not _SCALE_AT_END.search(item):  # 百万 in 三至五百万
        yield item + (scale if set(item).isdisjoint("十百千") else scale.lstrip("百千")) + tail


_UNUSUAL: tuple[tuple[re.Pattern[str], Callable[[str, re.Match[str]], Iterator[_Form]]], ...] = (
    (_RANGE, _range_forms),
    (_NEIGHBOURS, _neighbour_forms),
    (_SLASH, _fraction),
    (_POWERS, _power_of_ten),
    (_ENGLISH, _english),
)
"""Unusual forms, with what writes each in the usual one."""


def _chunk_forms(text: str, match: re.Match[str], heads: Container[str] | None) -> Iterator[_Form]:
    """Yield what digits with signs between them may state."""
    if _USUAL.fullmatch(match[0]):
        yield from _with_unit_apart(text, match)
        return
    tokens = tuple(_TOKEN.finditer(text, match.start(), match.end()))
    if len(match[0]) <= _MOST_TOGETHER and any(token["places"] for token in tokens):
        yield _together(match[0], _tail(text, match.end()))
    for at, token in enumerate(tokens):
        if token["group"]:
            yield from _joined(text, tokens, at, heads)


def _with_unit_apart(text: str, match: re.Match[str]) -> Iterator[_Form]:
    """Yield a number whose unit stands in brackets or in the next piece."""
    apart = _APART.match(text, match.end())
    if apart is not None:
        yield _Form(match[0] + (apart["within"] or apart["next"]))


def _together(chunk: str, tail: str) -> _Form:
    """Return digits and places without the signs between them."""
    point = "." if chunk[0].isascii() else "点"
    return _Form(re.sub(_POINT, point, re.sub(_SIGN, "", chunk)) + tail)


class _Join:
    """Pieces of a number, joined one after the other from `first` on."""

    def __init__(self, first: str) -> None:
        self.digits = first.translate(AS_ASCII)
        self.lengths = [len(first)]
        self.signs = ""
        self.is_odd = not first.isascii()

    def add(self, token: re.Match[str]) -> bool:
        """Join a token; return whether it can be a part of the number."""
        if token["places"] or len(self.digits) > _MOST_TOGETHER:
            return False
        if token["point"]:
            return self._add_point(token[0])
        if token["group"]:
            self._add_group(token[0])
        else:
            self.signs += token[0]
            self.is_odd = self.is_odd or self.digits.endswith(".")
        return True

    def _add_point(self, point: str) -> bool:
        self.is_odd = self.is_odd or point != "." or len(self.signs) >= len(self.lengths)
        is_first = "." not in self.digits
        self.digits += "."
        return is_first

    def _add_group(self, group: str) -> None:
        if "." not in self.digits:
            self.lengths.append(len(group))
        self.is_odd = self.is_odd or not group.isascii()
        self.digits += group.translate(AS_ASCII)

    @property
    def is_single(self) -> bool:
        """Return whether all pieces are of one digit, as a form has them in cells."""
        return set(self.lengths) == {1}

    @property
    def is_grouped(self) -> bool:
        """Return whether all pieces but the first are of three digits, or of four."""
        first, *others = self.lengths
        return bool(others) and set(others) in ({3}, {4}) and first <= others[0]

    def continues(self, group: str) -> bool:
        """Return whether a further piece is like those that are joined."""
        if self.is_single and len(self.lengths) > 1:
            return len(group) == 1
        return self.is_grouped and len(group) == self.lengths[-1]

    @property
    def is_firm(self) -> bool:
        """Return whether the pieces are one number though no unit follows."""
        if self.is_odd or (self.is_single and len(self.lengths) > 3):
            return True
        if _BROKEN.search(self.signs):
            return len(self.digits.replace(".", "").strip("0")) >= _PLENTY
        return self.is_grouped


def _joined(text: str, tokens: _Tokens, at: int, heads: Container[str] | None) -> Iterator[_Form]:
    """Yield the numbers that the piece at `at` and those behind it may be together."""
    join = _Join(tokens[at][0])
    for end in range(at, _last_end(tokens, at)):
        if end > at and not join.add(tokens[end]):
            return
        is_end = tokens[end]["group"] and not _goes_on(join, tokens, end)
        if is_end and _is_wanted(join.digits, heads):
            yield from _as_joined(join, end > at, _tail(text, tokens[end].end()))


def _last_end(tokens: _Tokens, at: int) -> int:
    """Return up to where the pieces from `at` on may be one number."""
    is_later = _is_single(tokens, at - 2) and _is_single(tokens, at - 4)
    most = min(at + _MOST_TOKENS, len(tokens))
    return most if is_later else max(most, _end_of_single(tokens, at))


def _end_of_single(tokens: _Tokens, at: int) -> int:
    """Return where the pieces of one digit end that begin at `at`."""
    end = at
    while end < min(at + _MOST_SINGLE, len(tokens)) and len(tokens[end]["group"] or "1") == 1:
        end += 1
    return end


def _as_joined(join: _Join, is_joined: bool, tail: str) -> Iterator[_Form]:
    """Yield the pieces as one number, and with a comma for the point."""
    if is_joined or join.is_odd:
        yield _Form(join.digits + tail, join.is_firm)
    if join.signs == "," and "." not in join.digits:
        last = join.lengths[-1]
        yield _Form(f"{join.digits[:-last]}.{join.digits[-last:]}{tail}", firm=False)


def _goes_on(join: _Join, tokens: _Tokens, end: int) -> bool:
    """Return whether the number goes on behind the piece at `end` as it was up to there."""
    between, following = (*tokens[end + 1 : end + 3], None, None)[:2]
    if between is None or following is None or not following["group"]:
        return False
    if between["point"]:
        return "." not in join.digits
    return join.continues(following[0])


def _is_single(tokens: _Tokens, at: int) -> bool:
    return at >= 0 and bool(tokens[at]["group"]) and len(tokens[at][0]) == 1


def _is_wanted(digits: str, heads: Container[str] | None) -> bool:
    """Return whether digits begin as a number that is looked for."""
    if heads is None:
        return True
    return digits.replace(".", "").lstrip("0")[:3].ljust(3, "0") in heads
