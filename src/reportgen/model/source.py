"""Where a value stands: the span that every fact, rule and template line has."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class PlaceStep:
    """A step on the way to a place that one sees in a Word file, all counted from 1.

    `what` is a header, footer, footnote, endnote, comment, text box, table or paragraph; of a
    table, `row` and `column` say which cell.
    """

    what: str
    number: int = 1
    row: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True, order=True)
class SourceSpan:
    """A span of a file under the project root; lines and columns count from 1.

    `path` is relative to the root with forward slashes. `end_line` and `end_column`
    are exclusive at the column; zero means that the end is not known. A Word file has no lines:
    `steps` lead to the place in it, the `line` is 0, and the `column` counts its paragraphs.
    """

    path: str
    line: int = 1
    column: int = 1
    end_line: int = 0
    end_column: int = 0
    steps: tuple[PlaceStep, ...] = ()

    def __str__(self) -> str:
        """Return `path:line:column`, the form editors can jump to."""
        return f"{self.path}:{self.line}:{self.column}"

    def shifted(self, columns: int, width: int = 1) -> SourceSpan:
        """Return the span of `width` characters that start `columns` to the right."""
        start = self.column + columns
        return SourceSpan(self.path, self.line, start, self.line, start + width)


NOWHERE = SourceSpan("-", 0, 0)
"""The span of a value that no file holds, such as the year of a job."""


@dataclass(frozen=True, slots=True)
class Formula:
    """The text of an expression and the place of its first character."""

    text: str
    span: SourceSpan
