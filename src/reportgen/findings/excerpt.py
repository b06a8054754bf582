"""Text on a terminal: how many columns it takes, and what cannot be seen made visible.

Wide and full-width characters (East Asian Width W and F) take two columns, combining marks
none. Nothing that data holds may move the cursor, turn the line round or colour it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

from reportgen.model.source import SourceSpan

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


# What YAML counts as a line break; `str.splitlines` knows more and would miscount.
_BREAK = re.compile("\r\n|[\r\n\x85\u2028\u2029]")
_COLUMNS = 76
_LEAD = 24
_MOST_LINES = 3
_ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class ExcerptLine:
    """A line of an excerpt: a source line with its number, or (number 0) what stands below one.

    `carets` tells a line of carets from an ellipsis for lines left out.
    """

    text: str
    number: int = 0
    carets: bool = False


@dataclass(frozen=True, slots=True)
class _Marked:
    """The marked part of one line: characters from `start` up to `end`, from 0."""

    number: int
    start: int
    end: int


def excerpt(text: str, span: SourceSpan, *, context: bool) -> tuple[ExcerptLine, ...]:
    """Return the lines of `text` that `mark` covers, at most three, with carets.

    `context` adds the line before and the line after a mark of one line. A long line is cut
    to a window around the mark. Empty where `text` has no such line.
    """
    lines = _BREAK.split(text.removeprefix("\ufeff"))
    if not 1 <= span.line <= len(lines):
        return ()
    marked = _marked(lines, span)
    if len(marked) == 1:
        only = replace(marked[0], end=max(marked[0].end, marked[0].start + 1))
        number = only.number
        before = _context(lines, number - 1) if context else ()
        after = _context(lines, number + 1) if context else ()
        return (*before, *_with_carets(lines, only), *after)
    if len(marked) <= _MOST_LINES:
        return tuple(row for each in marked for row in _with_carets(lines, each))
    first, last = _with_carets(lines, marked[0]), _with_carets(lines, marked[-1])
    return (*first, ExcerptLine(_ELLIPSIS), *last)


def _marked(lines: list[str], span: SourceSpan) -> tuple[_Marked, ...]:
    first = min(span.column - 1, len(lines[span.line - 1]))
    if (span.end_line, span.end_column) <= (span.line, span.column):
        return (_Marked(span.line, max(first, 0), max(first, 0) + 1),)
    last_line = min(span.end_line, len(lines))
    end_column = span.end_column if last_line == span.end_line else len(lines[-1]) + 1
    # A YAML block ends where the next key begins: the blanks between are not marked.
    while last_line > span.line and not lines[last_line - 1][: end_column - 1].strip():
        last_line -= 1
        end_column = len(lines[last_line - 1]) + 1
    return tuple(
        _part(lines[number - 1], number, span, end_column if number == last_line else 0)
        for number in range(span.line, last_line + 1)
    )


def _part(line: str, number: int, span: SourceSpan, end_column: int) -> _Marked:
    indent = len(line) - len(line.lstrip())
    start = span.column - 1 if number == span.line else indent
    end = end_column - 1 if end_column else len(line.rstrip())
    return _Marked(number, min(start, len(line)), min(end, len(line)))


def _context(lines: list[str], number: int) -> tuple[ExcerptLine, ...]:
    if not 1 <= number <= len(lines) or not lines[number - 1].strip():
        return ()
    cells = [visible(char) for char in lines[number - 1]]
    return (ExcerptLine(_window(cells, 0, 0)[0], number),)


def _with_carets(lines: list[str], part: _Marked) -> tuple[ExcerptLine, ...]:
    cells = [visible(char) for char in lines[part.number - 1]]
    shown, pad, carets = _window(cells, part.start, part.end)
    blank = not lines[part.number - 1].strip() and part.end <= part.start
    under = () if blank else (ExcerptLine(" " * pad + "^" * max(carets, 1), carets=True),)
    return (ExcerptLine(shown, part.number), *under)


def _window(cells: list[str], start: int, end: int) -> tuple[str, int, int]:
    """Return the shown part of a line, the columns before its mark, and those of the mark."""
    widths = [width(cell) for cell in cells]
    left = 0
    if sum(widths[:end]) > _COLUMNS:
        left = start
        while left and sum(widths[left - 1 : start]) <= _LEAD:
            left -= 1
    right = left
    while right < len(cells) and sum(widths[left : right + 1]) <= _COLUMNS:
        right += 1
    ahead = _ELLIPSIS if left else ""
    behind = _ELLIPSIS if right < len(cells) else ""
    pad = len(ahead) + sum(widths[left:start])
    carets = sum(widths[start : min(end, right)])
    return ahead + "".join(cells[left:right]) + behind, pad, carets
