"""Text on a terminal: how many columns it takes, and what cannot be seen made visible.

Wide and full-width characters (East Asian Width W and F) take two columns, combining marks
none. Nothing that data holds may move the cursor, turn the line round or colour it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

TAB = "    "
"""What stands for a tab; a fixed width, so that it is the same under any gutter."""


def visible(char: str) -> str:
    """Return what is shown for one character: control and format characters get a name."""
    if char == "\t":
        return TAB
    category = unicodedata.category(char)
    if category == "Cc" and char < " ":
        return chr(0x2400 + ord(char))
    if category in {"Cc", "Cf", "Cs", "Zl", "Zp"}:
        return f"<U+{ord(char):04X}>"
    return char


def clean(text: str) -> str:
    """Return `text` on one line, every character `visible`."""
    return "".join(visible(char) for char in text)


def width(text: str) -> int:
    """Return how many columns `text` takes on a terminal."""
    return sum(_width(char) for char in text)


def _width(char: str) -> int:
    if unicodedata.category(char) in {"Mn", "Me"}:
        return 0
    return 2 if unicodedata.east_asian_width(char) in {"W", "F"} else 1


def padded(text: str, columns: int) -> str:
    """Return `text` followed by spaces up to `columns`."""
    return text + " " * (columns - width(text))


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return a line a row, each column as wide as its widest cell; rows have as many cells."""
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(padded(cell, columns) for cell, columns in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
