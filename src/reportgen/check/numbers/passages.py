"""Passages: the texts of a report that people wrote, with what is not text blanked out.

A passage keeps its length when expressions, blocks, comments and tags are blanked out, so that
what is found at an offset can be pointed at in the file.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache

from reportgen.model.figures import Fact
from reportgen.model.frozen import frozen
from reportgen.model.quantity import narrow
from reportgen.model.source import SourceSpan

FIGURE = "\ufffc"
"""Stands for each character of an expression that is printed."""
TextReader = Callable[[str], str | None]

_QUOTED = r""""[^"]*"|'[^']*'"""
# What is left open goes to the end, so that no place is read again for each opening before it.
_JINJA = re.compile(
    rf"\{{\{{(?>(?:{_QUOTED}|[^\"'}}]|\}}(?!\}}))*)(?:\}}\}}|.*\Z)"
    rf"|\{{%(?>(?:{_QUOTED}|[^\"'%]|%(?!\}}))*)(?:%\}}|.*\Z)"
    r"|\{#.*?(?:#\}|\Z)",
    re.DOTALL,
)
_TAG = re.compile(r"<!--.*?(?:-->|\Z)|</?[A-Za-z][^<>]*>", re.DOTALL)
_ENTITY = re.compile(r"&(?:#[0-9]+|#x[0-9A-Fa-f]+|[A-Za-z]+[0-9]*);")
_STATED = re.compile(r"ratings\.[^.]+\.(target|actual)")
_FULL_WIDTH = re.compile("[\uff00-\uff5a]")
_ESCAPE = re.compile(r"\\(?:x.{2}|u.{4}|U.{8}|\n\s*|.)", re.DOTALL)


@frozen
class PrintedExpression:
    """A printed expression `{{ code }}` of a passage."""

    code: str
    start: int
    end: int


@frozen
class Passage:
    """A text with its place: `plain` is `text` with everything but words and numbers blanked.

    `offsets` gives where each character of a folded or escaped text stands in the file.
    `stated` says that it is itself the place of a value: `target` 年度指标值, `actual` 实际完成值.
    """

    path: str
    text: str
    plain: str
    expressions: tuple[PrintedExpression, ...]
    lines: tuple[int, ...]
    offsets: tuple[int, ...] = ()
    stated: str = ""

    def span(self, start: int, end: int) -> SourceSpan:
        """Return the span of the text from `start` up to `end`."""
        line, column = self._line_and_column(self._offset(start))
        last, after = self._line_and_column(self._offset(end - 1) + 1)
        return SourceSpan(self.path, line, column, last, after)

    def _offset(self, at: int) -> int:
        """Return where in the file the character at `at` stands."""
        return self.offsets[at] if self.offsets else at

    def _line_and_column(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self.lines, offset)
        return line, offset - self.lines[line - 1] + 1


def passages(
    texts: Mapping[str, str], facts: Iterable[Fact], read: TextReader
) -> Iterator[Passage]:
    """Yield `texts` by path, and of `facts` those in prose; `read` gives their files."""
    for path, text in texts.items():
        yield passage(path, text)
    yield from _prose_passages(facts, read)


def _prose_passages(facts: Iterable[Fact], read: TextReader) -> Iterator[Passage]:
    files: dict[str, str] = {}
    for fact in facts:
        if not fact.prose or not isinstance(fact.value, str):
            continue
        path = fact.span.path
        if path not in files:
            files[path] = read(path) or ""
        prose = _prose(fact, fact.value, files[path])
        if prose is not None:
            yield prose


def _prose(fact: Fact, value: str, source: str) -> Passage | None:
    """Return the `value` of a fact as it stands in its file, None where it is not found there."""
    lines = _line_starts(source)
    if not 0 < fact.span.line <= len(lines):
        return None
    start = lines[fact.span.line - 1] + fact.span.column - 1
    offsets = _ScalarReader(source, start).offsets(value)
    if offsets is None:
        return None
    stated = _STATED.fullmatch(fact.key)
    blanked = _blanked(fact.span.path, value, lines, offsets)
    return replace(blanked, stated=stated[1]) if stated else blanked


def passage(path: str, text: str) -> Passage:
    """Return the passage that is the whole file at `path`."""
    return _blanked(path, text, _line_starts(text), ())


def _blanked(path: str, text: str, lines: tuple[int, ...], offsets: tuple[int, ...]) -> Passage:
    """Return the passage of `text`, all that is not text replaced by as many characters."""
    plain = _JINJA.sub(_blank_template, text)
    if path.endswith(".html"):
        plain = _TAG.sub(_newlines, plain)
    plain = _ENTITY.sub(_spaces, plain)
    narrowed = _FULL_WIDTH.sub(_narrow, plain)
    return Passage(path, text, narrowed, tuple(_printed_expressions(text)), lines, offsets)


def _printed_expressions(text: str) -> Iterator[PrintedExpression]:
    for match in _JINJA.finditer(text):
        if match[0].startswith("{{"):
            yield PrintedExpression(match[0][2:-2].strip(" \t\n+-"), *match.span())


def _blank_template(match: re.Match[str]) -> str:
    return FIGURE * len(match[0]) if match[0].startswith("{{") else _spaces(match)


def _spaces(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _newlines(match: re.Match[str]) -> str:
    return "\n" * len(match[0])


def _narrow(match: re.Match[str]) -> str:
    """Return a full-width digit, sign or letter in its usual form; punctuation stays."""
    char = match[0]
    return narrow(char) if char.isalnum() or char in "％．＋－" else char


@lru_cache(maxsize=16)
def _line_starts(text: str) -> tuple[int, ...]:
    """Return the offset at which each line of `text` begins; many facts stand in one file."""
    starts = [0]
    for line in text.split("\n")[:-1]:
        starts.append(starts[-1] + len(line) + 1)
    return tuple(starts)


class _ScalarReader:
    """Walks along a YAML scalar in its file while the characters of its value are read.

    `start` is the scalar's first character, behind its quote or the sign of its block.
    """

    def __init__(self, source: str, start: int) -> None:
        sign = source[start - 1] if start else ""
        self.source = source
        self.quote = sign if sign in {"'", '"'} else ""
        self.at = source.find("\n", start) + 1 if sign in {"|", ">"} else start

    def offsets(self, value: str) -> tuple[int, ...] | None:
        """Return where each character of `value` stands in the file; None where it does not."""
        result: list[int] = []
        for char in value:
            if char.isspace() and not self._is_at_escape():
                result.append(self.at)
                self._skip_space()
                continue
            self._skip_folds()
            result.append(self.at)
            if not self._read(char):
                return None
        return tuple(result)

    def _is_at_escape(self) -> bool:
        return self.quote == '"' and self.source.startswith("\\", self.at)

    def _skip_space(self) -> None:
        while self.source[self.at : self.at + 1].isspace():
            self.at += 1

    def _skip_folds(self) -> None:
        """Go past spaces and line ends that are no part of the value."""
        self._skip_space()
        while self.source.startswith("\\\n", self.at):
            self.at += 1
            self._skip_space()

    def _read(self, char: str) -> bool:
        """Go past `char` as it is written here; return whether it is."""
        escape = _ESCAPE.match(self.source, self.at) if self.quote == '"' else None
        if escape is not None:
            self.at = escape.end()
            return True
        if not self.source.startswith(char, self.at):
            return False
        self.at += 2 if self.quote == char == "'" else 1
        return True
