"""Folding: one form for all spellings of a text, in which they are compared and searched.

A character is folded by itself, so that places stay clear: compatibility forms and full width
(NFKC), radicals, traditional characters and variants, letters of other alphabets that look Latin.
Of words there is a solid form without anything that may stand between their characters.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path

from reportgen.language.characters import IGNORABLE

BORDER = "\x1f"
"""Stands between two pieces of a part, and is white space: a number ends there, words may go on."""
_REFERENCES = "\u00b2\u00b3\u00b9\u2070-\u209c\u2460-\u24ff\u2776-\u2793\u3220-\u3229"
_RAISED = re.compile(f"[{_REFERENCES}]+")
_UNSEEN = re.compile(f"[{IGNORABLE}]")
_RARE = re.compile(f"[{_REFERENCES}{IGNORABLE}]")
_USUAL = {
    "，": ",",
    "（": "(",
    "）": ")",
    "：": ":",
    "；": ";",
    "！": "!",
    "？": "?",
    "％": "%",
    "\u3000": " ",
    "\u00a0": " ",
    "…": "...",
    "㎡": "m2",
}
"""What NFKC makes of the characters that nearly every text has; what is left needs it seldom."""
_DASH = re.compile("[\u2010-\u2015\u2212\u2500\u30fc\ufe58]")
_ORDINAL = "一二三四五六七八九十"
_LABEL = rf"\s*(?:\(?[\d{_ORDINAL}]{{1,3}}[)、]|\d{{1,2}}\.(?!\d))"
_SKIPPED = re.compile(
    # A label of a list, a number by thousands, signs within a number, all else between words.
    rf"(?P<label>(?:^|[{BORDER}\n]){_LABEL})"
    r"|(?P<thousands>(?<=\d),(?=\d{3}(?!\d)))"
    r"|(?P<sign>(?<=\d)[./-](?=\d))"
    r"|[\W_]+"
)
# The patterns from here on begin with a set of characters: the engine passes over all others at
# once. So the text of a solid is taken by two of them, which leave the same of it as the one above.
_LABELS = re.compile(
    rf"[{BORDER}\n](?<![\W_].){_LABEL}(?:[{BORDER}\n]{_LABEL})*",
    re.DOTALL,
)
_NO_WORD = re.compile(r"[\W_](?:(?<=[^./-])[^\w./-]*|(?!\d)|(?<!\d.))")
"""What stands between words, but for a sign between two digits."""
_NO_LETTER = re.compile(r"[\W_]+")
_ALIKE = "〇○零一幺二三四五六七八九壹贰叁肆伍陆柒捌玖"
_VALUES = str.maketrans(_ALIKE + "oil", "0001123456789123456789011")
_DIGITS = re.compile(rf"[\d{_ALIKE}](?:[ .\-\u2010-\u2015·]?[\d{_ALIKE}]){{6,}}", re.ASCII)
"""Digits of which some are Chinese."""
_LETTERS = re.compile(
    r"[oil](?:(?<=\d.)[oil]{0,7}(?=\d)|(?<=\d{3}.)[oil]{0,7}(?!\w)"
    r"|(?<![\da-z].)(?<!o)(?=[3-9]\d{9}(?!\d)))",
    re.ASCII,
)
"""Letters that look like digits, among digits."""
_STOP = re.compile("[,;:!?。]")


def even(text: str) -> str:
    """Return `text` in one form: NFKC, simplified characters, small letters, nothing invisible.

    A number that is raised or in a circle is a reference, so it becomes a space; several in a
    row are set apart, as digits.
    """
    if text.isascii():
        return text.lower()
    chars = set(text)
    if any(map(_RARE.match, chars)):
        text = _UNSEEN.sub("", _RAISED.sub(_set_apart, text))
    for char in _USUAL.keys() & chars:
        text = text.replace(char, _USUAL[char])
    normal = unicodedata.normalize("NFKC", text)
    if normal != text:
        chars = set(normal)
    if not _equivalents().keys().isdisjoint(map(ord, chars)):
        normal = normal.translate(_equivalents())
    return normal.casefold()


def _set_apart(match: re.Match[str]) -> str:
    digits = unicodedata.normalize("NFKC", match[0])
    return f" {digits} " if len(match[0]) > 1 and digits.isdigit() else " "


@lru_cache(maxsize=2)  # a search asks for it by words, and then by numbers of persons
def as_digits(text: str) -> str:
    """Return an even text in which Chinese digits in a row, and what looks like one, are digits."""
    for others in (_DIGITS, _LETTERS):
        text = others.sub(_in_digits, text)
    return text


def _in_digits(match: re.Match[str]) -> str:
    return match[0].translate(_VALUES)


@lru_cache(maxsize=1 << 14)
def even_character(character: str) -> str:
    """Return what a character is in an even text, nothing for white space and what is unseen."""
    if character.isspace() or unicodedata.category(character) == "Cf" or _UNSEEN.match(character):
        return ""
    folded = unicodedata.normalize("NFKC", character).translate(_equivalents()).casefold()
    return "".join(folded.split())


def usual_width(text: str) -> str:
    """Return a text with each character in its usual width, as long as it was."""
    return "".join(map(_in_usual_width, text))


def _in_usual_width(char: str) -> str:
    usual = unicodedata.normalize("NFKC", char)
    return usual if len(usual) == 1 else char


@cache
def _equivalents() -> Mapping[int, str]:
    """Return which character each stands for that is but another form of it."""
    table = Path(__file__).with_name("equivalents.txt").read_text("utf-8")
    pairs: dict[int, str] = {}
    for line in table.splitlines():
        if not line.startswith("#"):
            pairs.update(dict.fromkeys(map(ord, line[1:]), line[0]))
    return pairs


@dataclass(frozen=True)
class Solid:
    """An even text without anything between its words and within them.

    White space, borders, signs and labels of list items are left out; signs within a number stay
    (2024-6-25), but those between thousands, unless there are to be no `signs` at all.
    """

    even: str
    signs: bool = True

    @cached_property
    def text(self) -> str:
        """Return the words one after the other."""
        text = _LABELS.sub(BORDER, BORDER + _with_one_form(self.even))
        return (_NO_WORD if self.signs else _NO_LETTER).sub("", text)

    @property
    def gaps(self) -> frozenset[int]:
        """Return the places in it where something was taken out that parts words."""
        return self._places[0]

    @property
    def stops(self) -> frozenset[int]:
        """Return those of the gaps where a sentence or a part of one ends."""
        return self._places[1]

    @cached_property
    def _places(self) -> tuple[frozenset[int], frozenset[int]]:
        gaps: set[int] = set()
        stops: set[int] = set()
        done = length = 0
        for match in _SKIPPED.finditer(_with_one_form(self.even)):
            length += match.start() - done
            done = match.end()
            if match.lastgroup in (None, "label"):
                gaps.add(length)
                if _STOP.search(match[0]):
                    stops.add(length)
            elif match["sign"] and self.signs:
                length += 1
        return frozenset(gaps), frozenset(stops)


def solid(text: str) -> str:
    """Return the solid form of an even text."""
    return Solid(text).text


def place_of(words: str, text: str, line: int = 1) -> tuple[int, int] | None:
    """Return the line and the column, from 1, at which `words` of a solid text begin in a text.

    The text is as it was typed, and looked through from `line` on; None where they are not there.
    Digits in characters are the same as others, with a point of any kind.
    """
    letters, origins = _letters(text)
    wanted = re.sub(r"[\W_点]", "", words).translate(_VALUES)
    first = sum(map(len, text.splitlines(keepends=True)[: line - 1]))
    found = letters.find(wanted, bisect_left(origins, first)) if wanted else -1
    if found < 0:
        return None
    before = text[: origins[found]]
    return before.count("\n") + 1, origins[found] - before.rfind("\n")


@lru_cache(maxsize=1 << 6)
def _letters(text: str) -> tuple[str, array[int]]:
    """Return the letters and digits of a text, folded, and where each stands in it."""
    letters: list[str] = []
    origins = array("l")
    for at, character in enumerate(text):
        for folded in filter(str.isalnum, even_character(character).replace("点", "")):
            letters.append(folded.translate(_VALUES))
            origins.append(at)
    return "".join(letters), origins


def _with_one_form(text: str) -> str:
    """Return a text in which dashes and zeros have one form each; 參 is no numeral there."""
    for others, one in (("○◯零", "〇"), ("參", "参")):
        for other in others:
            text = text.replace(other, one)
    return _DASH.sub("-", text)


def is_short_for(short: str, name: str) -> bool:
    """Return whether all characters of `short` stand in `name` in this order: 市工信局."""
    rest = iter(name)
    return all(char in rest for char in short)
