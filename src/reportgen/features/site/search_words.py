"""The words of a text by which it is found, each with its places: any piece of a text is a phrase.

Chinese is written without blanks, and dictionaries cut it in other places than people do. So each
two characters side by side are a word: 三公经费 is found as 三公, 公经 and 经费 in a row, and a
piece of a name as the name. A number is a word however it is written (1,234.50 as 1234.5),
with its per cent sign one more; so is one with the character after it (46号). `search.js` takes
what is asked for apart in the same way.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

from reportgen.language.folding import even_character

_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_JOINED = " \"'“”‘’()<>\\[\\]〈〉《》「」『』【】〔〕"
"""What may stand between two characters of a word: quotation marks, brackets, blanks."""
_PIECES = re.compile(  # a number and its sign, letters, Chinese, what parts
    r"((?:[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])|[0-9]+)(?:\.[0-9]+)?)( ?[%‰])?"
    r"|([a-z\u00df-\u024f\u0370-\u052f]+)"
    rf"|([{_HAN}](?:[{_JOINED}]*[{_HAN}])*)"
    rf"|([^{_JOINED}])"
)
_BESIDE = re.compile(f"[{_JOINED}]+")
_ZEROS = re.compile("^0+(?=[0-9])")


class _Folded(dict[int, str]):
    """What each character is in an even text; a blank stays one, an end of a line parts words."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        folded = " " if character.isspace() else even_character(character)
        self[code] = folded
        return folded


_EVEN: Final = _Folded({ord("\n"): "\n", ord("，"): "。"})
"""A comma of full width never stands in a number."""


def words(text: str) -> Mapping[str, Sequence[int]]:
    """Return the words of a text, each with its places in ascending order.

    Those of a phrase follow each other; what parts sentences, cells and paragraphs takes a place.
    """
    found = _Found()
    for number, share, letters, han, stop in _PIECES.findall(text.translate(_EVEN)):
        if han:
            found.han(_BESIDE.sub("", han))
        elif stop:
            found.stop()
        else:
            found.single(letters or number_word(number), share)
    return found.places


def number_word(number: str) -> str:
    """Return the one form of a number: without thousands, and without zeros that say nothing."""
    number = number.replace(",", "")
    if "." in number:
        number = number.rstrip("0").rstrip(".")
    return _ZEROS.sub("", number)


class _Found:
    """The words found so far, and the place of the next."""

    def __init__(self) -> None:
        self.places: defaultdict[str, list[int]] = defaultdict(list)
        self.at = 0
        self.before = ""

    def han(self, run: str) -> None:
        """Take Chinese characters in a row: each two, and alone the last and the first of them.

        Where a number or letters stand before the first, it makes a word with them.
        """
        if self.before:
            self.places[self.before + run[0]].append(self.at - 1)
        elif len(run) > 1:
            self.places[run[0]].append(self.at)
        for place, pair in enumerate(map(str.__add__, run, run[1:]), self.at):
            self.places[pair].append(place)
        self.at += len(run)
        self.places[run[-1]].append(self.at - 1)
        self.before = ""

    def single(self, word: str, sign: str) -> None:
        """Take a number, also with its sign, or a word of letters."""
        self.before = word + sign.strip()
        self.places[word].append(self.at)
        if sign:
            self.places[self.before].append(self.at)
        self.at += 1

    def stop(self) -> None:
        """Take what parts sentences, cells and paragraphs."""
        self.at += 1
        self.before = ""
