"""What a new year took over and nobody has confirmed yet, by the words drafters leave standing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reportgen.findings import Diagnostics, Finding, finding
from reportgen.model.source import SourceSpan
from reportgen.project.source_files import SourceFiles

CONFIRM, FILL = "待确认", "待填"
"""What stands in the comment of a line that was taken over, and of one to fill in."""

_WORDS = rf"({CONFIRM}|{FILL}(?!写))"
_YAML = re.compile(rf"(?:^|\s)#.*?{_WORDS}")
_PROSE = re.compile(rf"\{{#.*?{_WORDS}.*?#\}}")


def unconfirmed(files: SourceFiles, *folders: str) -> Iterator[Finding]:
    """Yield Y101 for each YAML or Markdown file in `folders` that has such lines left."""
    for folder in folders:
        for path in (*files.names(folder, ".yaml"), *_prose(files, folder)):
            text = files.text(path, Diagnostics())
            spans = tuple(_spans(path, text or ""))
            if spans:
                yield finding("Y101", spans[0], count=len(spans), lines=_ranges(spans))


def _prose(files: SourceFiles, folder: str) -> Iterator[str]:
    yield from files.names(folder, ".md")
    for inner in files.folders(folder):
        if inner == "narrative" or "/narrative" in folder:
            yield from _prose(files, f"{folder}/{inner}")


def _spans(path: str, text: str) -> Iterator[SourceSpan]:
    wanted = _PROSE if path.endswith(".md") else _YAML
    for number, line in enumerate(text.split("\n"), 1):
        match = wanted.search(line)
        if match:
            yield SourceSpan(path, number, match.start(1) + 1, number, match.end(1) + 1)


def _ranges(spans: tuple[SourceSpan, ...]) -> str:
    """Return the lines of `spans`: 3、5–12."""
    runs: list[list[int]] = []
    for span in spans:
        if runs and span.line == runs[-1][-1] + 1:
            runs[-1][1:] = [span.line]
        else:
            runs.append([span.line])
    return "、".join("–".join(map(str, run)) for run in runs)
