"""Passages: the texts of a report that people wrote, with what is not text blanked out.

A passage keeps its length when expressions, blocks, comments and tags are blanked out, so that
what is found at an offset can be marked in the file.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import accumulate

from reportgen.model.figures import Fact
from reportgen.model.quantity import narrow
from reportgen.model.source import SourceSpan

FIGURE = "\ufffc"
"""Stands for each character of an expression that is printed."""
TextReader = Callable[[str], str | None]

_QUOTED = r""""[^"]*"|'[^']*'"""
_JINJA = re.compile(
    rf"\{{\{{(?:{_QUOTED}|[^\"'}}]|\}}(?!\}}))*\}}\}}"
    rf"|\{{%(?:{_QUOTED}|[^\"'%]|%(?!\}}))*%\}}"
    r"|\{#.*?#\}",
    re.DOTALL,
)
_TAG = re.compile(r"<!--.*?-->|</?[A-Za-z][^<>]*>", re.DOTALL)
_ENTITY = re.compile(r"&(?:#[0-9]+|#x[0-9A-Fa-f]+|[A-Za-z]+[0-9]*);")
_STATED = re.compile(r"ratings\.[^.]+\.(target|actual)")
_ESCAPE = re.compile(r"\\(?:x.{2}|u.{4}|U.{8}|\n\s*|.)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class PrintedExpression:
    """A printed expression `{{ code }}` of a passage."""

    code: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
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

    def place(self, at: int) -> int:
        """Return where in the file the character at `at` stands."""
        return self.offsets[at] if self.offsets else at

    def span(self, start: int, end: int) -> SourceSpan:
        """Return the mark of the text from `start` up to `end`."""
        line, column = self._spot(self.place(start))
        last, after = self._spot(self.place(end - 1) + 1)
        return SourceSpan(self.path, line, column, last, after)

    def _spot(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self.lines, offset)
        return line, offset - self.lines[line - 1] + 1


def passages(
    texts: Mapping[str, str], facts: Iterable[Fact], read: TextReader
) -> Iterator[Passage]:
    """Yield `texts` by path, and of `facts` those in prose; `read` gives their files."""
    for path, text in texts.items():
        yield passage(path, text)
    files: dict[str, str] = {}
    for fact in facts:
        if not fact.prose or not isinstance(fact.value, str):
            continue
        path = fact.span.path
        if path not in files:
            files[path] = read(path) or ""
        lines = _lines(files[path])
        if 0 < fact.span.line <= len(lines):
            start = lines[fact.span.line - 1] + fact.span.column - 1
            offsets = _aligned(files[path], start, fact.value)
            if offsets is not None:
                made = _masked(path, fact.value, lines, offsets)
                yield replace(made, stated=_stated(fact.key))


def _stated(key: str) -> str:
    match = _STATED.fullmatch(key)
    return match[1] if match else ""


def passage(path: str, text: str) -> Passage:
    """Return the passage that is the whole file at `path`."""
    return _masked(path, text, _lines(text), ())


def _masked(path: str, text: str, lines: tuple[int, ...], offsets: tuple[int, ...]) -> Passage:
    found: list[PrintedExpression] = []

    def blank(match: re.Match[str]) -> str:
        if not match[0].startswith("{{"):
            return " " * len(match[0])
        found.append(PrintedExpression(match[0][2:-2].strip(" \t\n+-"), *match.span()))
        return FIGURE * len(match[0])

    plain = _JINJA.sub(blank, text)
    if path.endswith(".html"):
        plain = _TAG.sub(lambda tag: "\n" * len(tag[0]), plain)
    plain = _ENTITY.sub(lambda entity: " " * len(entity[0]), plain)
    narrowed = "".join(_narrow(char) for char in plain)
    return Passage(path, text, narrowed, tuple(found), lines, offsets)


def _narrow(char: str) -> str:
    """Return a full-width digit, sign or letter in its usual form; punctuation stays."""
    wide = "\uff00" <= char <= "\uff5a" and (char.isalnum() or char in "％．＋－")
    return narrow(char) if wide else char


def _lines(text: str) -> tuple[int, ...]:
    """Return the offset at which each line of `text` begins."""
    return tuple(accumulate((len(line) + 1 for line in text.split("\n")[:-1]), initial=0))


def _aligned(source: str, start: int, value: str) -> tuple[int, ...] | None:
    """Return where each character of a YAML scalar's `value` stands; None where it does not.

    `start` is the scalar's first character, behind its quote or the sign of its block.
    """
    quote = source[start - 1] if start and source[start - 1] in "\"'" else ""
    at = start
    if start and source[start - 1] in "|>":
        at = source.find("\n", at) + 1
    result = []
    for char in value:
        if char.isspace() and not (quote == '"' and source[at : at + 1] == "\\"):
            result.append(at)
            while source[at : at + 1].isspace():
                at += 1
            continue
        while source[at : at + 1].isspace() or source[at : at + 2] == "\\\n":
            at += 1
        if at >= len(source):
            return None
        result.append(at)
        if quote == '"' and (escape := _ESCAPE.match(source, at)):
            at = escape.end()
        elif source[at] != char:
            return None
        else:
            at += 2 if quote == "'" and char == "'" else 1
    return tuple(result)
