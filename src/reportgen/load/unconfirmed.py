"""What a new year took over and nobody has confirmed yet, by the words drafters leave standing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from reportgen.findings import Diagnostics, finding
from reportgen.model.source import SourceSpan
from reportgen.project.source_files import SourceFiles

CONFIRM, FILL = "待确认", "待填"
"""What stands in the comment of a line that was taken over, and of one to fill in."""

_WORDS = rf"({CONFIRM}|{FILL}(?!写))"
_YAML = re.compile(rf"(?:^|\s)#.*?{_WORDS}")
_PROSE = re.compile(rf"\{{#.*?{_WORDS}.*?#\}}")


def check_unconfirmed(files: SourceFiles, folders: Iterable[str], log: Diagnostics) -> None:
    """Log Y101 for each YAML or Markdown file in `folders` that has such lines left."""
    for folder in folders:
        for path in (*files.names(folder, ".yaml"), *_narratives(files, folder)):
            text = files.text(path, Diagnostics())
            spans = tuple(_spans(path, text or ""))
            if spans:
                log.add(finding("Y101", spans[0], count=len(spans), lines=_ranges(spans)))


def _narratives(files: SourceFiles, folder: str) -> Iterator[str]:
    """Yield the Markdown files in `folder`, and in narrative/ below it at any depth."""
    yield from files.names(folder, ".md")
    for inner in files.folders(folder):
        if inner == "narrative" or "/narrative" in folder:
            yield from _narratives(files, f"{folder}/{inner}")


def _spans(path: str, text: str) -> Iterator[SourceSpan]:
    """Yield where `text` has a word that nobody has confirmed, once a line."""
    if CONFIRM not in text and FILL not in text:
        return
    pattern = _PROSE if path.endswith(".md") else _YAML
    for number, line in enumerate(text.split("\n"), 1):
        match = pattern.search(line)
        if match:
            yield SourceSpan(path, number, match.start(1) + 1, number, match.end(1) + 1)


def _ranges(spans: tuple[SourceSpan, ...]) -> str:
    """Return the lines of `spans`: 3、5–12."""
    ranges: list[tuple[int, int]] = []
    for span in spans:
        if ranges and span.line == ranges[-1][1] + 1:
            ranges[-1] = (ranges[-1][0], span.line)
        else:
            ranges.append((span.line, span.line))
    return "、".join(f"{first}–{last}" if last > first else str(first) for first, last in ranges)
