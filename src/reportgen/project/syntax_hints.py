"""Tells slips of typing apart, so that a drafter reads what to mend and not what YAML expects."""

from __future__ import annotations

import re
from collections.abc import Sequence

import yaml

from reportgen.findings import Finding, RelatedLocation, finding
from reportgen.language.characters import codepoint
from reportgen.model.source import SourceSpan

BREAK = re.compile("\r\n|[\r\n\x85\u2028\u2029]")
"""What YAML counts as a line break; `str.splitlines` knows more and would miscount."""

_SLIP = re.compile(r"""\s*(?:-[ ]+)?[^\s：:\#"'{}\[\],&*!|>%@`]+(?:(：)|(:)(?=[^\s/]))""")
_ONLY_DIGITS = re.compile(r"\s*(?:- +)?[0-9]+:")
_KEY = re.compile(r"\s*(?:- +)?[^\s：:]+\s*")
_COMMA = re.compile(r"，\s*\w+\s*[:：]")
GLUED_DASH = re.compile(r"[ ]*(-)(?=[^\W\d])")
"""A dash that YAML takes for the first character of a text."""

_WIDE_DASH = re.compile(r"[ ]*(－)\s*\S")
_ODD_SPACE = re.compile("[ ]*([\u3000\u00a0\u2002-\u200b\u202f])")
_RESERVED = (
    "found character that cannot start any token",
    "found unknown directive name",
)
_RESERVING = (
    "while scanning an anchor",
    "while scanning an alias",
    "while scanning a tag",
    "while parsing a tag",
    "while scanning a block scalar",
    "while scanning a directive",
)


def syntax_hint(span: SourceSpan, text: str) -> Finding | None:
    """Return the slip at the start of `text`, which stands at `mark`.

    L125 for a special space, L114 for `键：值` or `－ 项`, L130 for `-项`, L115 for `键:值`.
    """
    if odd := _ODD_SPACE.match(text):
        return finding("L125", span.shifted(odd.start(1)), character=codepoint(odd[1]))
    if dash := _WIDE_DASH.match(text):
        return finding("L114", span.shifted(dash.start(1)), found="－", wanted="-")
    if dash := GLUED_DASH.match(text):
        return finding("L130", span.shifted(dash.start(1)))
    slip = _SLIP.match(text)
    if slip is None or _ONLY_DIGITS.match(text):
        return None
    if slip[1]:
        return finding("L114", span.shifted(slip.start(1)), found="：", wanted=":")
    return finding("L115", span.shifted(slip.start(2)))


def diagnosed(path: str, lines: Sequence[str], error: yaml.MarkedYAMLError) -> Finding:
    """Return the finding for what the parser could not read in `lines`."""
    at = error.problem_mark or error.context_mark
    start = error.context_mark or at
    assert at is not None
    assert start is not None
    slip = _Slip(lines, _mark(path, lines, at), _mark(path, lines, start), error)
    return slip.tab() or slip.token() or slip.colon() or slip.structure() or slip.other()


def _mark(path: str, lines: Sequence[str], at: yaml.Mark) -> SourceSpan:
    """Return the place of `at`; past the end of the file, the end of its last line with text."""
    last = max((number for number, line in enumerate(lines) if line.strip()), default=0)
    if at.line > last:
        return SourceSpan(path, last + 1, len(lines[last].rstrip()) + 1)
    return SourceSpan(path, at.line + 1, min(at.column, len(lines[at.line])) + 1)


class _Slip:
    """A place that the parser could not read, what it was reading, and from where."""

    def __init__(
        self, lines: Sequence[str], at: SourceSpan, start: SourceSpan, error: yaml.MarkedYAMLError
    ) -> None:
        self.lines = lines
        self.at = at
        self.start = start
        self.context = error.context or ""
        self.problem = error.problem or ""
        self.line = lines[at.line - 1]

    def tab(self) -> Finding | None:
        """Return L106 for a tab before the first word of the line."""
        tab = self.line.find("\t")
        inside = tab >= 0 and not self.line[:tab].strip(" -")
        return finding("L106", SourceSpan(self.at.path, self.at.line, tab + 1)) if inside else None

    def token(self) -> Finding | None:
        """Return the finding for a quote left open or a character that means something to YAML."""
        if self.context == "while scanning a quoted scalar":
            return finding("L116", self.start)
        if self.context == "while parsing a quoted scalar":
            at = self.line.rfind("\\", 0, self.at.column)
            span = SourceSpan(self.at.path, self.at.line).shifted(max(at, 0), 2)
            return finding("L121", span, found=self._word(span)[:2])
        if self.problem in _RESERVED or self.context.startswith(_RESERVING):
            return finding("L120", self.start, found=self._word(self.start)[:1])
        return None

    def colon(self) -> Finding | None:
        """Return the finding for a full-width mark, or a colon without its space, on the way."""
        if "',' or" in self.problem:
            flow = self._between()
            comma = _COMMA.search(flow)
            if comma:
                return self._in_flow(flow, comma.start(), "，", ",")
        numbers = [self._before(), self.at.line]
        if self.context == "while scanning a simple key":
            numbers.insert(0, self.start.line)
        marked = ((SourceSpan(self.at.path, number), self.lines[number - 1]) for number in numbers)
        return next((slip for span, line in marked if (slip := syntax_hint(span, line))), None)

    def structure(self) -> Finding | None:
        """Return the finding for brackets, colons, dashes and indents that do not fit."""
        ahead = self.line[: self.at.column - 1].rstrip()
        match self.problem:
            case "mapping values are not allowed in this context" if not _KEY.fullmatch(ahead):
                return finding("L118", self.at, found=":")
            case "mapping values are not allowed in this context":
                above = SourceSpan(self.at.path, self._before())
                bare = ":" not in self._word(above)
                return finding("L115", self._end_of(above)) if bare else self._indent()
            case "block sequence entries are not allowed in this context":
                return finding("L118", self.at, found="-")
            case "did not find expected node content":
                return finding("L118", self.at, found=self._word(self.at)[:1])
            case "could not find expected ':'":
                return finding("L115", self._end_of(self.start))
            case problem if "',' or" in problem:
                opened = self._word(self.start)[:1]
                return finding("L117", self.start, RelatedLocation(self.at, "ends"), found=opened)
            case "did not find expected key" | "did not find expected '-' indicator":
                if ahead.endswith(('"', "'", "]", "}")):
                    return finding("L124", self.at, found=ahead[-1])
                return self._indent()
        return None

    def other(self) -> Finding:
        """Return L103 with what YAML says itself."""
        detail = " ".join(part for part in (self.context, self.problem) if part)
        return finding("L103", self.at, detail=detail)

    def _word(self, span: SourceSpan) -> str:
        """Return what stands at `mark` to the end of its line."""
        return self.lines[span.line - 1][span.column - 1 :]

    def _indent(self) -> Finding:
        """Return L119 at the words of the line."""
        words = self.line.strip()
        span = SourceSpan(self.at.path, self.at.line).shifted(self.line.index(words), len(words))
        return finding("L119", span)

    def _end_of(self, span: SourceSpan) -> SourceSpan:
        """Return the place after the last word of the line of `mark`."""
        words = re.split(r"\s#", self.lines[span.line - 1])[0].rstrip()
        return SourceSpan(span.path, span.line, len(words) + 1)

    def _before(self) -> int:
        """Return the number of the last line above that is neither blank nor a comment."""
        for number in range(self.at.line - 1, 0, -1):
            words = self.lines[number - 1].strip()
            if words and not words.startswith("#"):
                return number
        return self.at.line

    def _between(self) -> str:
        """Return the text from the opening bracket to where reading stopped."""
        lines = list(self.lines[self.start.line - 1 : self.at.line])
        lines[-1] = lines[-1][: self.at.column - 1] + ":"
        lines[0] = lines[0][self.start.column - 1 :]
        return "\n".join(lines)

    def _in_flow(self, flow: str, at: int, found: str, wanted: str) -> Finding:
        line = flow.count("\n", 0, at)
        column = at - (flow.rfind("\n", 0, at) + 1)
        first = self.start.column if line == 0 else 1
        span = SourceSpan(self.at.path, self.start.line + line, first).shifted(column)
        return finding("L114", span, found=found, wanted=wanted)
