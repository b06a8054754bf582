"""Puts other text in the place of a span, and leaves every other character as it was written."""

from __future__ import annotations

from reportgen.model.source import SourceSpan


def put(lines: list[str], span: SourceSpan, text: str) -> None:
    """Put `text` in the place of `span`; what spans several lines stays as it is.

    Spans to the right on a line must be done first, since what follows a change moves.
    """
    if span.end_line == span.line:
        line = lines[span.line - 1]
        lines[span.line - 1] = line[: span.column - 1] + text + line[span.end_column - 1 :]
