"""What a new year took over and nobody has confirmed yet, by the words drafters leave standing.

`FileComments` are the other words of comments: what files say of themselves and of their values.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import takewhile

from reportgen.findings import Diagnostics, finding
from reportgen.model.source import SourceSpan, lines_of
from reportgen.project.source_files import SourceFiles

CONFIRM, FILL = "待确认", "待填"
"""What stands in the comment of a line that was taken over, and of one to fill in."""
PLACEHOLDER = "待填写"
"""What is typed for a text to fill in where none may be left blank: it is a blank nevertheless."""

_WORDS = rf"({CONFIRM}|{FILL}(?!写))"
_MARKS = re.compile(rf"[ 、]?(?:{FILL}(?!写)(?:（[^）]*）)?|{CONFIRM})、?")
_UNIT_TO_FILL = re.compile(rf"{FILL}（([^）]*)）")
_COMMENT = re.compile(r"(?:^|[\s,}\]])#\s?(.*)$")
_YAML = re.compile(rf"(?:^|\s)#.*?{_WORDS}")
_PROSE = re.compile(rf"\{{#.*?{_WORDS}.*?#\}}")


def check_unconfirmed(files: SourceFiles, folders: Iterable[str], log: Diagnostics) -> None:
    """Log Y101 for each YAML or Markdown file in `folders` that has such lines left."""
    for _, found in marked_lines(files, folders):
        spans = [span for span, _ in found]
        log.add(finding("Y101", spans[0], count=len(spans), lines=lines_of(spans)))


def marked_lines(
    files: SourceFiles, folders: Iterable[str]
) -> Iterator[tuple[str, list[tuple[SourceSpan, str]]]]:
    """Yield each file in `folders` that has such lines left, with their places and words."""
    for folder in folders:
        for path in (*files.names(folder, ".yaml"), *_narratives(files, folder)):
            text = files.text(path, Diagnostics())
            found = list(_marks(path, text or ""))
            if found:
                yield path, found


def _narratives(files: SourceFiles, folder: str) -> Iterator[str]:
    """Yield the Markdown files in `folder`, and in narrative/ below it at any depth."""
    yield from files.names(folder, ".md")
    for inner in files.folders(folder):
        if inner == "narrative" or "/narrative" in folder:
            yield from _narratives(files, f"{folder}/{inner}")


def _marks(path: str, text: str) -> Iterator[tuple[SourceSpan, str]]:
    """Yield where `text` has a word that nobody has confirmed, once a line, and the word."""
    if CONFIRM not in text and FILL not in text:
        return
    pattern = _PROSE if path.endswith(".md") else _YAML
    for number, line in enumerate(text.split("\n"), 1):
        match = pattern.search(line)
        if match:
            start, end = match.span(1)
            yield SourceSpan(path, number, start + 1, number, end + 1), match[1]


# What else comments say


def unit_to_fill(remark: str) -> str:
    """Return the unit that a comment asks for, empty where it asks for none: 待填（万元）."""
    match = _UNIT_TO_FILL.search(remark)
    return match[1] if match else ""


def plain_remark(text: str) -> str:
    """Return a comment without its sign, and without that something is to be filled in."""
    return _MARKS.sub("", text.strip().lstrip("#")).strip()


class FileComments:
    """The comments of some files, as notes of what they stand beside or above."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._lines = {path: text.split("\n") for path, text in texts.items()}

    def about(self, paths: Iterable[str]) -> str:
        """Return what files say of themselves in their first lines."""
        said: list[str] = []
        for path in sorted(filter(None, paths)):
            said += takewhile(_is_comment, self._lines[path])
        return "".join(_remarks(said))

    def of_key(self, path: str, key: str) -> str:
        """Return the comment in the line of the first key of that name, empty where none is."""
        pattern = re.compile(rf"\s*{re.escape(key)}\s*:[^#]*#(.*)$")
        matches = filter(None, map(pattern.match, self._lines[path]))
        return next((plain_remark(match[1]) for match in matches), "")

    def above(self, place: SourceSpan | None) -> str:
        """Return the comment in the lines right above a row, which are not the first of a file."""
        if place is None:
            return ""
        before = self._lines[place.path][: place.line - 1]
        said = list(takewhile(_is_comment, reversed(before)))
        return "；".join(_remarks(reversed(said))) if len(said) < len(before) else ""

    def beside(self, spans: Iterable[SourceSpan]) -> str:
        """Return the comments at the ends of the lines of some values, as they stand there."""
        ends: dict[tuple[str, int], int] = {}
        for span in spans:
            end = (span.path, span.end_line)
            ends[end] = max(ends.get(end, 0), span.end_column)
        said = (self._end_of(*end, column) for end, column in ends.items())
        return "；".join(dict.fromkeys(filter(None, said)))

    def _end_of(self, path: str, line: int, column: int) -> str:
        """Return the comment behind a column of a line."""
        match = _COMMENT.search(self._lines[path][line - 1], max(column - 1, 0))
        return match[1].strip() if match else ""


def _is_comment(line: str) -> bool:
    return line.lstrip().startswith("#")


def _remarks(lines: Iterable[str]) -> Iterator[str]:
    """Yield what comments say to people, not to editors."""
    said = (plain_remark(line) for line in lines if "yaml-language-server" not in line)
    return filter(None, said)
