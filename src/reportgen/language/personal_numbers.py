"""What in a text is a number of a person, which no public text may hold, known as a fact or not.

Telephones of the mainland and, with `+`, of other countries; identity numbers (GB 11643-1999, with
their check digit and a day that exists; those of 15 digits, which have none), numbers of bank
cards (ISO/IEC 7812, with their check digit), of named accounts; in any digits and groups.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from itertools import accumulate, chain, pairwise
from typing import NamedTuple

from reportgen.language.folding import BORDER, as_digits

_CHUNK = re.compile(rf"[0-9](?:(?:[^\w{BORDER}]|_){{0,3}}[0-9]){{6,}}")
"""Digits with signs between them, as many as the shortest number has."""
_GROUP = re.compile(r"\d+", re.ASCII)
_FAR = 20
"""Characters before a number in which it may be named."""
_NAMES = {
    "phone": "电话 手机 座机 传真 热线 联系方式 致电 拨打 来电 phone tel mobile mob cell fax hp",
    "account": "账号 帐号 账户 帐户 卡号 银行卡 account acct a/c card",
    "identity": "身份证 身份证件 公民身份 证件 identity id",
    "code": "编码 编号 代码 文号 单号 凭证 流水 合同 发票 条码 批号 批次 序号 code no",
    "money": "¥ $ 人民币 rmb",
}
"""What stands before numbers, by what it says of them."""
_NAMED = re.compile(
    "(?:"
    + "|".join(f"(?P<{kind}>{'|'.join(map(re.escape, n.split()))})" for kind, n in _NAMES.items())
    + r")(?:号码?)?(?:为|是)?[\W_]{0,4}$"
)
_WORD = re.compile(r"[^\W\d_]|[¥$]")
_DECIMAL_BEFORE = re.compile(r"(?:(?<!\d)0|\d\d\d)\.$", re.ASCII)
"""The whole part of a decimal; one digit or two may be the label of a list."""
_GOES_ON = re.compile(
    r"\.\d|[0-9a-z]|[ )]?(?:元(?!旦)|千元|[万亿](?![\u4e00-\u9fff])|[万亿][元人户吨亩平立公家个]"
    r"|吨|亩|平方|立方|公里|公斤|千克|m2|m3|%)"
)
"""What follows a number that goes on, or that measures something."""
_X = re.compile(r"(?:[^\w\x1f]|_){0,3}[x×✕](?![0-9a-z])")
_PROVINCES = frozenset(
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 "
    "71 81 82 91".split()
)
"""The first two digits of GB/T 2260, and those of Taiwan, Hong Kong, Macao and foreigners."""
_MOST_GROUPS = 6
"""In more groups only a number is written that is named, or stands at the head of a row."""
_NO_PARTING = re.compile(r"[+=×÷<>~%\n\r\t]|[,.;:] ")
"""Signs of sums, of columns, and those that end something."""
_PARTING = re.compile(r"[^\s,.'/:]")
"""Signs that part no amounts, dates or times."""
_AMOUNTS = re.compile(r"(?:(?<=\.)|(?!0\d))\d[\d,.]*(?:[\s|]+(?!0\d)\d[\d,.]*)+")
"""A row of cells, where any has a point; no amount begins with 0 and a digit."""


class PersonalNumber(NamedTuple):
    """A number of a person in a text: its kind, a label of `codes.yaml`, how it is written."""

    kind: str
    text: str

    @property
    def hint(self) -> str:
        """Return how it begins: enough to find it, not enough to repeat it."""
        return self.text[:3] + "…"

    @property
    def plain(self) -> str:
        """Return it without anything between letters and digits, for comparison."""
        return re.sub(r"[\W_]", "", self.text)


def personal_numbers(text: str, *, technical: bool = False) -> Iterator[PersonalNumber]:
    """Yield what in an even text (`folding.even`) looks like a number of a person.

    In a `technical` text, where numbers are measures, only groups that are usual count.
    """
    text = as_digits(text)
    for match in _CHUNK.finditer(text):
        yield from _numbers_in(_chunk(text, match.start(), match.end()), technical)


class _Groups(NamedTuple):
    """Whole groups of digits that may be a number: where they stand, and how they are written.

    `is_whole` says that they are all of the groups that stand together.
    """

    text: str
    start: int
    end: int
    digits: str
    sizes: tuple[int, ...]
    signs: frozenset[str]
    is_whole: bool
    technical: bool
    names: frozenset[str]

    def behind(self, prefix: int) -> tuple[int, ...]:
        """Return the sizes of the groups behind the first `prefix` digits."""
        borders = (size - prefix for size in accumulate(self.sizes, initial=0))
        return tuple(b - max(a, 0) for a, b in pairwise(borders) if b > 0)

    def is_split_as(self, usual: frozenset[tuple[int, ...]], prefix: int = 0) -> bool:
        """Return whether people would part such a number so: not at all, as usual, evenly.

        What is parted as thousands, terms or columns are is none; other groups count where they
        are all that stands there, with a sign that parts no amounts.
        """
        sizes = self.behind(prefix)
        if len(sizes) == 1:
            return True
        if any(map(_NO_PARTING.search, self.signs)):
            return False
        if sizes in usual:
            return len(sizes) > 2 or self._are_halves()
        return self.is_whole and not self.technical and self._are_even(sizes)

    def _are_even(self, sizes: tuple[int, ...]) -> bool:
        """Return whether groups of one digit or two have one sign, or any a sign of their own."""
        if len(self.signs) == 1 and set(sizes[:-1]) in ({1}, {2}):
            return True
        return all(map(_PARTING.search, self.signs))

    def _are_halves(self) -> bool:
        """Return whether two groups are one number: with a dash, or alone with a space."""
        if self.signs == {" "}:
            return self.is_whole and not self.technical
        return all(map(_PARTING.search, self.signs))

    @property
    def is_measure(self) -> bool:
        """Return whether it is a part of a longer number or word, or measures something."""
        if "money" in self.names or _GOES_ON.match(self.text, self.end):
            return True
        last = self.text[max(0, self.start - 4) : self.start]
        if last[-1:].isascii() and last[-1:].isalpha():
            return "phone" not in self.names
        return _DECIMAL_BEFORE.search(last) is not None

    @property
    def are_amounts(self) -> bool:
        """Return whether they are cells of a row that is not named, any of them a decimal."""
        row = _AMOUNTS.fullmatch(self.text, self.start, self.end)
        return "." in self.signs and row is not None and not self.names


# Telephones


def _sizes(*groupings: str) -> frozenset[tuple[int, ...]]:
    return frozenset(tuple(map(int, grouping)) for grouping in groupings)


_MOBILE = re.compile(r"((?:00)?86)?0?1[3-9]\d{9}")
_OF_MOBILES = _sizes("344", "335", "443", "434", "56", "38", "74", "65", "3422", "32222", "353")
_LANDLINE = re.compile(r"((?:00)?86)?(0?)(10|2\d|[3-9]\d\d)([2-8]\d{6,7})")
_OF_SUBSCRIBERS = _sizes("34", "44", "43", "223", "2222", "322")
_FREE_PHONE = re.compile(r"[48]00\d{7}")
_OF_FREE_PHONES = _sizes("334", "343", "37", "433", "64")
_SUBSCRIBER = re.compile(r"[2-8]\d{6,7}")
_ABROAD = re.compile(r"[1-9]\d{7,14}")
_DIALLED = re.compile(r"00[1-9]\d{7,12}")


def _is_mobile(found: _Groups) -> bool:
    prefix = len(found.digits) - 11
    if found.sizes[:-1] == (1,):  # a decimal between 0 and 1
        return False
    return found.is_split_as(_OF_MOBILES, prefix) or "phone" in found.names


def _is_landline(found: _Groups) -> bool:
    match = _LANDLINE.fullmatch(found.digits)
    if match is None or "phone" in found.names:
        return match is not None
    country, trunk, area, subscriber = match.groups(default="")
    groups = found.behind(len(found.digits) - len(subscriber))
    if len(groups) > 1 and groups not in _OF_SUBSCRIBERS:
        return False
    is_abroad = country and ("+" in found.names or found.sizes[0] == len(country))
    return bool(trunk or is_abroad) and _is_assigned(f"+86{area}{subscriber}")


def _is_free_phone(found: _Groups) -> bool:
    return "phone" in found.names or found.sizes in _OF_FREE_PHONES


def _is_subscriber(found: _Groups) -> bool:
    return len(found.sizes) == 1 or found.sizes in _OF_SUBSCRIBERS or set(found.sizes) == {1}


def _is_abroad(found: _Groups) -> bool:
    if len(found.sizes) > _MOST_GROUPS or found.technical or "+" in "".join(found.signs):
        return False
    return _is_assigned("+" + found.digits.removeprefix("00"))


@lru_cache(maxsize=1 << 10)
def _is_assigned(number: str) -> bool:
    """Return whether a number with `+` and country code can be one of a telephone."""
    from phonenumbers import NumberParseException, is_valid_number, parse

    try:
        return is_valid_number(parse(number))
    except NumberParseException:
        return False


# Identity numbers, cards and accounts

_DAY = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_IDENTITY = re.compile(rf"[1-9]\d{{5}}(?:18|19|20)\d\d{_DAY}\d{{3,4}}")
_IDENTITY_15 = re.compile(rf"[1-9]\d{{7}}{_DAY}\d{{3}}")
_OF_IDENTITIES = _sizes("684", "683", "6444", "6443", "6822", "663", "69", "3333", "33333")
_CARD = re.compile(r"(?:62|60|65|81|9558|4|5[1-9])\d+")
_OF_CARDS = frozenset({(4, 4, 4, 4, 1), (4, 4, 4, 4, 2), (4, 4, 4, 4, 3), (4, 4, 4, 4), (6, 13)})
_ACCOUNT = re.compile(r"\d{8,32}")


def _is_citizen(found: _Groups) -> bool:
    digits = found.digits
    if len(digits) == 17:
        digits += "x"
        if not _X.match(found.text, found.end):
            return False
    if found.technical and not found.is_split_as(_OF_IDENTITIES):
        return False
    return is_identity(digits) or (_is_day(digits[6:14]) and "identity" in found.names)


def _is_old_citizen(found: _Groups) -> bool:
    if found.digits[:2] not in _PROVINCES or not _is_day("19" + found.digits[6:12]):
        return False
    if "identity" in found.names:
        return True
    return found.is_split_as(_OF_IDENTITIES) and "code" not in found.names


def _is_bank_card(found: _Groups) -> bool:
    if "code" in found.names or not is_card(found.digits):
        return False
    return found.is_split_as(_OF_CARDS)


def is_identity(number: str) -> bool:
    """Return whether 18 characters are a citizen's identity number: a day, a check digit."""
    from stdnum.cn import ric

    return _is_day(number[6:14]) and ric.calc_check_digit(number) == number[-1].upper()


def is_card(number: str) -> bool:
    """Return whether 16 to 19 digits end in their check digit (Luhn)."""
    from stdnum import luhn

    return 16 <= len(number) <= 19 and bool(luhn.is_valid(number))


def _is_day(digits: str) -> bool:
    """Return whether eight digits are a day."""
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return True


# Where groups are numbers


class _Shape(NamedTuple):
    """A kind of number: how many digits it has, which, and what else must hold.

    It may have to be named so; one with a check digit is none that measures something.
    """

    kind: str
    lengths: tuple[int, ...]
    digits: re.Pattern[str]
    holds: Callable[[_Groups], bool]
    name: str = ""
    may_measure: bool = False

    def holds_of(self, groups: _Groups) -> bool:
        """Return whether groups with the digits of this kind are a number of it."""
        is_other = groups.are_amounts or (groups.is_measure and not self.may_measure)
        return not is_other and self.holds(groups)


_SHAPES = (
    _Shape("@identity", (18, 17), _IDENTITY, _is_citizen, may_measure=True),
    _Shape("@mobile", (11, 12, 13, 15), _MOBILE, _is_mobile),
    _Shape("@card", (19, 18, 17, 16), _CARD, _is_bank_card),
    _Shape("@identity", (15,), _IDENTITY_15, _is_old_citizen),
    _Shape("@landline", (10, 11, 12, 13, 14, 15, 16), _LANDLINE, _is_landline),
    _Shape("@landline", (10,), _FREE_PHONE, _is_free_phone),
    _Shape("@landline", tuple(range(15, 7, -1)), _ABROAD, _is_abroad, "+"),
    _Shape("@landline", tuple(range(15, 9, -1)), _DIALLED, _is_abroad),
    _Shape("@landline", (8, 7), _SUBSCRIBER, _is_subscriber, "phone"),
    _Shape("@account", tuple(range(32, 7, -1)), _ACCOUNT, bool, "account"),
)
"""Every kind, in the order in which groups are held against them."""
_LENGTHS = frozenset(chain.from_iterable(shape.lengths for shape in _SHAPES))


class _Chunk(NamedTuple):
    """Digits with signs between them: where each group begins and ends in a text.

    `ends` says at which digit of all of them a group ends, and how many groups that are.
    """

    text: str
    groups: tuple[tuple[int, int], ...]
    digits: str
    ends: Mapping[int, int]


def _chunk(text: str, start: int, end: int) -> _Chunk:
    groups = tuple(match.span() for match in _GROUP.finditer(text, start, end))
    borders = accumulate((last - first for first, last in groups), initial=0)
    ends = {digits: number for number, digits in enumerate(borders)}
    return _Chunk(text, groups, re.sub(r"\D", "", text[start:end]), ends)


def _numbers_in(chunk: _Chunk, technical: bool) -> Iterator[PersonalNumber]:
    """Yield the numbers in a chunk from the left, none within another."""
    done = 0
    for digit, first in chunk.ends.items():
        if first >= done and first < len(chunk.groups):
            found = _number_at(chunk, digit, first, technical)
            if found is not None:
                number, done = found
                yield number


def _number_at(
    chunk: _Chunk, digit: int, first: int, technical: bool
) -> tuple[PersonalNumber, int] | None:
    """Return the number that begins with the group `first`, and which group follows it."""
    if _LENGTHS.isdisjoint(end - digit for end in chunk.ends):
        return None
    names = _names_before(chunk.text, chunk.groups[first][0])
    most = len(chunk.groups) if names or first == 0 else _MOST_GROUPS
    for shape in _SHAPES:
        for last in _ends(shape, names, chunk, digit, first + most):
            groups = _groups(chunk, first, last, technical, names)
            if shape.holds_of(groups):
                return PersonalNumber(shape.kind, _as_written(groups)), last
    return None


def _ends(
    shape: _Shape, names: frozenset[str], chunk: _Chunk, digit: int, furthest: int
) -> Iterator[int]:
    """Yield behind which groups a number may end that begins at `digit` of a chunk."""
    for length in shape.lengths if shape.name in {"", *names} else ():
        last = chunk.ends.get(digit + length, furthest + 1)
        if last <= furthest and shape.digits.fullmatch(chunk.digits, digit, digit + length):
            yield last


def _names_before(text: str, at: int) -> frozenset[str]:
    """Return what stands before `at` and says what a number there is, with "+" for a plus."""
    before = "".join(text[max(0, at - _FAR) : at].split(" "))
    names = {"+"} if before.endswith("+") else set()
    if _WORD.search(before) and (match := _NAMED.search(before)):
        names.add(match.lastgroup or "")
    return frozenset(names)


def _groups(
    chunk: _Chunk, first: int, last: int, technical: bool, names: frozenset[str]
) -> _Groups:
    groups = chunk.groups[first:last]
    text, start, end = chunk.text, groups[0][0], groups[-1][1]
    return _Groups(
        text=text,
        start=start,
        end=end,
        digits="".join(text[a:b] for a, b in groups),
        sizes=tuple(b - a for a, b in groups),
        signs=frozenset(text[a:b] for (_, a), (b, _) in pairwise(groups)),
        is_whole=len(groups) == len(chunk.groups),
        technical=technical,
        names=names,
    )


def _as_written(groups: _Groups) -> str:
    """Return the text of a number; 17 digits of an identity number go on with their x."""
    end = groups.end
    if len(groups.digits) == 17 and (match := _X.match(groups.text, end)):
        end = match.end()
    return groups.text[groups.start : end]
