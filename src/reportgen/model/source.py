"""Where a value stands: the span that every fact, rule and template line has."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from reportgen.model.frozen import frozen


class SourceSpan(NamedTuple):
    """A span of a file under the project root; lines and columns count from 1.

    `path` is relative to the root with forward slashes. `end_line` and `end_column`
    are exclusive at the column; zero means that the end is not known. A Word file has no lines:
    `line` counts its paragraphs, and `place` says where one sees it, as a code of steps with
    numbers from 1: `t1r5c3` is a cell of a table, `p3` a paragraph, `h1` a header, `f1` a footer,
    `n1` a footnote, `e1` an endnote, `b1` a text box.
    """

    path: str
    line: int = 1
    column: int = 1
    end_line: int = 0
    end_column: int = 0
    place: str = ""

    def __str__(self) -> str:
        """Return `path:line:column`, the form editors can jump to."""
        return f"{self.path}:{self.line}:{self.column}"

    def shifted(self, columns: int, width: int = 1) -> SourceSpan:
        """Return the span of `width` characters that start `columns` to the right."""
        start = self.column + columns
        return SourceSpan(self.path, self.line, start, self.line, start + width, self.place)


NOWHERE = SourceSpan("-", 0, 0)
"""The span of a value that no file holds, such as the year of a job."""


@frozen
class Formula:
    """The text of an expression and the place of its first character."""

    text: str
    span: SourceSpan


def lines_of(spans: Iterable[SourceSpan]) -> str:
    """Return the lines of places in one file, those next to each other together: 3、5–12."""
    ranges: list[list[int]] = []
    for line in sorted({span.line for span in spans}):
        if not ranges or line > ranges[-1][-1] + 1:
            ranges.append([])
        ranges[-1].append(line)
    return "、".join(map(_range, ranges))


def _range(lines: list[int]) -> str:
    """Return lines that follow each other: 5–12, or 3 alone."""
    return "–".join(map(str, dict.fromkeys((lines[0], lines[-1]))))
