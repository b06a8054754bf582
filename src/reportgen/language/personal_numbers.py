"""Numbers of persons that no public text may hold, whether a fact is known or not.

Mobile numbers of the mainland, telephones with area code, identity numbers (GB 11643-1999, with
their check digit and a day that exists), numbers of bank cards (ISO/IEC 7812, with their check
digit), addresses of e-mail.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import NamedTuple

_NO_MONEY = r"(?!\.?\d|[0-9a-z]| ?(?:元|万|亿|千元))"
_PATTERNS: Mapping[str, re.Pattern[str]] = {
    "@mobile": re.compile(
        rf"(?<![\w.])(?:\+?(?:00)?86[ -]?)?1[3-9]\d[ -]?\d{{4}}[ -]?\d{{4}}{_NO_MONEY}", re.ASCII
    ),
    "@landline": re.compile(
        rf"(?<![\w.-])(?:\(0[1-9]\d{{1,2}}\)|0[1-9]\d{{1,2}})[ -]?[2-9]\d{{6,7}}{_NO_MONEY}",
        re.ASCII,
    ),
    "@identity": re.compile(r"(?<![\w.])[1-9]\d{5}(?:18|19|20)\d{9}[\dx](?![0-9a-z])", re.ASCII),
    "@card": re.compile(
        rf"(?<![\w.])(?:62|4\d|5\d)\d\d(?:[ -]?\d{{4}}){{3}}(?:[ -]?\d{{1,3}})?{_NO_MONEY}",
        re.ASCII,
    ),
    "@email": re.compile(r"(?<=[\w+-])@[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}(?![\w-])", re.ASCII),
}
"""How numbers of each kind, a label of `codes.yaml`, are written in an even text."""
_ANY = re.compile(r"\d(?:[ ()-]{0,2}\d){8}|[\w+-]@\w", re.ASCII)
"""What every one of them holds; few texts do."""
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10x98765432"
"""The check character for each remainder (GB 11643-1999, 4.3)."""


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
        """Return it without separators, for comparison."""
        return re.sub(r"[ ()-]", "", self.text)


def personal_numbers(text: str) -> Iterator[PersonalNumber]:
    """Yield what in an even text (`folding.even`) looks like a number of a person."""
    if not _ANY.search(text):
        return
    for kind, pattern in _PATTERNS.items():
        for match in pattern.finditer(text):
            if _is_valid(kind, match[0]):
                yield PersonalNumber(kind, match[0])


def _is_valid(kind: str, text: str) -> bool:
    """Return whether a number has the check digit that its kind has."""
    digits = re.sub(r"[^0-9x]", "", text)
    if kind == "@identity":
        return is_identity(digits)
    return kind != "@card" or is_card(digits)


def is_identity(number: str) -> bool:
    """Return whether 18 characters are a citizen's identity number: a day, a check digit."""
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    return _CHECKS[total % 11] == number[-1]


def is_card(number: str) -> bool:
    """Return whether 16 to 19 digits end in their check digit (Luhn)."""
    total = 0
    for place, digit in enumerate(reversed(number)):
        double = int(digit) * (1 + place % 2)
        total += double - 9 if double > 9 else double
    return 16 <= len(number) <= 19 and total % 10 == 0
