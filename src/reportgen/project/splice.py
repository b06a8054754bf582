"""Puts other text where a mark stands, and leaves every other character as its author wrote it."""

from __future__ import annotations

from reportgen.model.source import SourceSpan


def put(lines: list[str], span: SourceSpan, text: str) -> None:
    """Put `text` in the place of `mark`; what spans several lines stays as it is.

    Marks to the right on a line must be done first, since what follows a change moves.
    """
    if span.end_line == span.line:
        line = lines[span.line - 1]
        lines[span.line - 1] = line[: span.column - 1] + text + line[span.end_column - 1 :]
