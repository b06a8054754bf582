"""Folding: one form for all spellings of a text, in which they are compared and searched."""

from __future__ import annotations

import re
import unicodedata

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
