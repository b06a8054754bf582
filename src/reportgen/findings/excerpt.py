"""Text on a terminal: columns, what cannot be seen made visible, excerpts of a source file.

Wide and full-width characters (East Asian Width W and F) take two columns, combining marks
none. Nothing that data holds may move the cursor, turn the line round or colour it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from reportgen.model.frozen import frozen
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
    return "".join(map(visible, text))


def width(text: str) -> int:
    """Return how many columns `text` takes on a terminal."""
    return sum(map(_width, text))


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
    lines = []
    for row in rows:
        line = "  ".join(map(padded, row, widths))
        lines.append(line.rstrip())
    return lines


# What YAML counts as a line break; `str.splitlines` knows more and would miscount.
_BREAK = re.compile("\r\n|[\r\n\x85\u2028\u2029]")
_COLUMNS = 76
_LEAD = 24
_MOST_LINES = 3
_ELLIPSIS = "…"


@frozen
class ExcerptLine:
    """A line of an excerpt: a source line with its number, or (number 0) what stands below one.

    `carets` tells a line of carets from an ellipsis for lines left out.
    """

    text: str
    number: int = 0
    carets: bool = False


@frozen
class _SpannedPart:
    """The part of one line that a span covers: characters from `start` up to `end`, from 0."""

    number: int
    start: int
    end: int


def excerpt(text: str, span: SourceSpan, *, context: bool) -> tuple[ExcerptLine, ...]:
    """Return the lines of `text` that `span` covers, at most three, with carets.

    `context` adds the line before and the line after a span of one line. A long line is cut
    to a window around the span. Empty where `text` has no such line.
    """
    lines = _lines(text)
    if not 1 <= span.line <= len(lines):
        return ()
    parts = _parts(lines, span)
    if len(parts) == 1:
        return tuple(_only_line(lines, parts[0], context=context))
    rows: list[ExcerptLine] = []
    if len(parts) > _MOST_LINES:
        rows += _with_carets(lines, parts[0])
        rows.append(ExcerptLine(_ELLIPSIS))
        parts = parts[-1:]
    for part in parts:
        rows += _with_carets(lines, part)
    return tuple(rows)


def _only_line(lines: list[str], part: _SpannedPart, *, context: bool) -> Iterator[ExcerptLine]:
    """Yield the line of a span of one line, with those around it for `context`."""
    if context:
        yield from _context(lines, part.number - 1)
    yield from _with_carets(lines, replace(part, end=max(part.end, part.start + 1)))
    if context:
        yield from _context(lines, part.number + 1)


@lru_cache(maxsize=8)
def _lines(text: str) -> list[str]:
    """Return the lines of a file, of which many findings may be shown. Nobody may change them."""
    return _BREAK.split(text.removeprefix("\ufeff"))


def _parts(lines: list[str], span: SourceSpan) -> tuple[_SpannedPart, ...]:
    first = min(span.column - 1, len(lines[span.line - 1]))
    if (span.end_line, span.end_column) <= (span.line, span.column):
        return (_SpannedPart(span.line, max(first, 0), max(first, 0) + 1),)
    last_line = min(span.end_line, len(lines))
    end_column = span.end_column if last_line == span.end_line else len(lines[-1]) + 1
    # A YAML block ends where the next key begins: the blanks between get no carets.
    while last_line > span.line and not lines[last_line - 1][: end_column - 1].strip():
        last_line -= 1
        end_column = len(lines[last_line - 1]) + 1
    parts = [_whole_line(lines, number) for number in range(span.line, last_line + 1)]
    parts[0] = replace(parts[0], start=min(span.column - 1, len(lines[span.line - 1])))
    parts[-1] = replace(parts[-1], end=min(end_column - 1, len(lines[last_line - 1])))
    return tuple(parts)


def _whole_line(lines: list[str], number: int) -> _SpannedPart:
    """Return all of a line but the blanks around it."""
    line = lines[number - 1]
    return _SpannedPart(number, len(line) - len(line.lstrip()), len(line.rstrip()))


def _context(lines: list[str], number: int) -> tuple[ExcerptLine, ...]:
    if not 1 <= number <= len(lines) or not lines[number - 1].strip():
        return ()
    cells = list(map(visible, lines[number - 1]))
    return (ExcerptLine(_window(cells, 0, 0)[0], number),)


def _with_carets(lines: list[str], part: _SpannedPart) -> tuple[ExcerptLine, ...]:
    cells = list(map(visible, lines[part.number - 1]))
    shown, pad, carets = _window(cells, part.start, part.end)
    blank = not lines[part.number - 1].strip() and part.end <= part.start
    under = () if blank else (ExcerptLine(" " * pad + "^" * max(carets, 1), carets=True),)
    return (ExcerptLine(shown, part.number), *under)


def _window(cells: list[str], start: int, end: int) -> tuple[str, int, int]:
    """Return the shown part of a line, the columns before its span, and those of the span."""
    widths = list(map(width, cells))
    left = _left_edge(widths, start) if sum(widths[:end]) > _COLUMNS else 0
    right = left
    while right < len(cells) and sum(widths[left : right + 1]) <= _COLUMNS:
        right += 1
    ahead = _ELLIPSIS if left else ""
    behind = _ELLIPSIS if right < len(cells) else ""
    pad = len(ahead) + sum(widths[left:start])
    carets = sum(widths[start : min(end, right)])
    return ahead + "".join(cells[left:right]) + behind, pad, carets


def _left_edge(widths: list[int], start: int) -> int:
    """Return where the shown part of a long line begins: a little ahead of its span."""
    left = start
    while left and sum(widths[left - 1 : start]) <= _LEAD:
        left -= 1
    return left
