"""A part of a finished file as it is searched, and the refusal of what cannot be read."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

BORDER = "\x1f"
"""Stands between two pieces of a part, and is white space: a number ends there, words may go on."""
_RAISED = re.compile("[\u00b2\u00b3\u00b9\u2070-\u209c\u2460-\u24ff\u2776-\u2793\u3220-\u3229]")
# Unicode's Default_Ignorable_Code_Point: soft hyphen, joiners, marks of direction, variation
# selectors and the like have no glyph, so a page cannot show them nor a reader find them.
IGNORABLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_UNSEEN = re.compile(f"[{IGNORABLE}]")
GAP = re.compile(r"\s+")
"""What stands between words and does not count: white space, and borders of pieces."""
_COMMA = re.compile(r",(?<=\d,)(?=\d{3}(?!\d))")
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


class UnreadableError(ValueError):
    """A part cannot be searched: `where` names it, `detail` says why."""

    def __init__(self, where: str, detail: str) -> None:
        super().__init__(where, detail)
        self.where = where
        self.detail = detail


def even(text: str) -> str:
    """Return `text` in one form: NFKC, small letters, nothing invisible.

    Numbers that are raised or in circles are references, so they become spaces.
    """
    if text.isascii():
        return text.lower()
    text = _UNSEEN.sub("", _RAISED.sub(" ", text))
    for char, normal in _USUAL.items():
        text = text.replace(char, normal)
    return unicodedata.normalize("NFKC", text).casefold()


def solid(text: str) -> str:
    """Return an even text without white space, borders and thousands separators."""
    text = _COMMA.sub("", "".join(text.split()))
    return text.replace("○", "〇").replace("零", "〇")


@dataclass(frozen=True)
class Part:
    """Texts of a part in their order. `where` names it in messages, as its format does.

    The numbers of a `technical` part are measures (a width, a colour), unless they say that
    they are amounts. A `whole` file as it stands says again what its other parts say.
    """

    where: str
    pieces: tuple[str, ...]
    technical: bool = False
    whole: bool = False

    @classmethod
    def of(cls, where: str, pieces: Iterable[str], *, technical: bool = False) -> Part:
        """Return a part of those `pieces` that hold anything."""
        return cls(where, tuple(piece for piece in pieces if piece.strip()), technical)

    @cached_property
    def text(self) -> str:
        """Return the even text, pieces parted by borders."""
        return even(BORDER.join(self.pieces))

    @cached_property
    def gaps(self) -> frozenset[int]:
        """Return where in the solid text something was taken out that parts words."""
        at = 0
        gaps = []
        for piece in GAP.split(self.text):
            at += len(solid(piece))
            gaps.append(at)
        return frozenset(gaps)

    @cached_property
    def solid(self) -> str:
        """Return all words without anything between them."""
        return solid(self.text)


@dataclass(frozen=True, slots=True)
class Blob:
    """Bytes that are no text as a whole: a picture, a font, the structure of a file."""

    where: str
    data: bytes
    whole: bool = False
