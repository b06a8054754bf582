"""Puts other text where a mark stands, and leaves every other character as its author wrote it."""

from __future__ import annotations

from reportgen.model.source import SourceSpan


def put(lines: list[str], mark: SourceSpan, text: str) -> None:
    """Put `text` in the place of `mark`; what spans several lines stays as it is.

    Marks to the right on a line must be done first, since what follows a change moves.
    """
    if mark.end_line == mark.line:
        line = lines[mark.line - 1]
        lines[mark.line - 1] = line[: mark.column - 1] + text + line[mark.end_column - 1 :]
