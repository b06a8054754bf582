"""Characters that no file may hold (controls, private-use ones), nobody sees, begin a formula."""

from __future__ import annotations

import unicodedata
from functools import cache

_REFUSED_CATEGORIES = {"Cc", "Cs", "Co", "Zl", "Zp"}
"""Unicode categories that no output can hold, that we use ourselves, or that nobody can see."""

_DIRECTION = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Controls that turn text round, so that a reader sees other digits than are there."""

IGNORABLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
"""Unicode's Default_Ignorable_Code_Point, as the inside of a set: soft hyphen, joiners, marks of
direction, variation selectors and the like have no glyph, so a page cannot show them nor a reader
find them."""

_FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－\uff20")


def refused(text: str, kept: str = "\n") -> tuple[str, int]:
    """Return the first character of `text` that is refused and where it is, or ("", -1)."""
    if text.isprintable():  # almost always, and fast
        return "", -1
    suspects = {char for char in set(text) if not char.isprintable() and char not in kept}
    places = [(text.index(char), char) for char in suspects if _is_refused(char)]
    at, char = min(places, default=(-1, ""))
    return char, at


@cache
def _is_refused(char: str) -> bool:
    if char in _DIRECTION or unicodedata.category(char) in _REFUSED_CATEGORIES:
        return True
    # Unicode promises never to assign these; what else is unassigned differs by Python's version.
    return ord(char) & 0xFFFE == 0xFFFE or "\ufdd0" <= char <= "\ufdef"


def codepoint(char: str) -> str:
    """Return the name by which messages call `char`: U+0007."""
    return f"U+{ord(char):04X}"


def begins_formula(text: str) -> bool:
    """Return whether a spreadsheet might take a text for a formula (OWASP, CSV Injection)."""
    return text.startswith(_FORMULA_STARTS)
