"""Says what was mistyped in YAML: a drafter reads what to mend, and not what YAML expects."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from reportgen.findings import Finding, RelatedLocation, finding
from reportgen.language.characters import codepoint
from reportgen.model.source import SourceSpan

if TYPE_CHECKING:
    import yaml

BREAK = re.compile("\r\n|[\r\n\x85\u2028\u2029]")
"""What YAML counts as a line break; `str.splitlines` knows more and would miscount."""

_KEY_WITH_COLON = re.compile(r"""\s*(?:-[ ]+)?[^\s：:\#"'{}\[\],&*!|>%@`]+(?:(：)|(:)(?=[^\s/]))""")
_ONLY_DIGITS = re.compile(r"\s*(?:- +)?[0-9]+:")
_KEY = re.compile(r"\s*(?:- +)?[^\s：:]+\s*")
_COMMA = re.compile(r"，\s*\w+\s*[:：]")
GLUED_DASH = re.compile(r"[ ]*(-)(?=[^\W\d])")
"""A dash that YAML takes for the first character of a text."""

_WIDE_DASH = re.compile(r"[ ]*(－)\s*\S")
_BRACES = {"｛": "{", "｝": "}"}
_WIDE_BRACE = re.compile(r"(?:(?<=^)|(?<=: )|(?<=- ))｛|｝(?=,?\s*$)")
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
    """Return what is mistyped at the start of `text`, which stands at `span`.

    L125 for a special space, L114 for `键：值` or `－ 项`, L130 for `-项`, L115 for `键:值`.
    """
    space = _ODD_SPACE.match(text)
    if space:
        return finding("L125", span.shifted(space.start(1)), character=codepoint(space[1]))
    dash = _WIDE_DASH.match(text)
    if dash:
        return finding("L114", span.shifted(dash.start(1)), found="－", wanted="-")
    dash = GLUED_DASH.match(text)
    if dash:
        return finding("L130", span.shifted(dash.start(1)))
    if _ONLY_DIGITS.match(text):
        return None
    return _colon_hint(span, text)


def _colon_hint(span: SourceSpan, text: str) -> Finding | None:
    """Return L114 for a full-width colon after a key, L115 for one without a space after it."""
    key = _KEY_WITH_COLON.match(text)
    if key is None:
        return None
    if key[1]:
        return finding("L114", span.shifted(key.start(1)), found="：", wanted=":")
    return finding("L115", span.shifted(key.start(2)))


def syntax_error(path: str, lines: Sequence[str], error: yaml.MarkedYAMLError) -> Finding:
    """Return the finding for what the parser could not read in `lines`."""
    at = error.problem_mark or error.context_mark
    start = error.context_mark or at
    assert at is not None
    assert start is not None
    place = _UnreadablePlace(lines, _span_at(path, lines, at), _span_at(path, lines, start), error)
    for hint in (place.tab, place.token, place.brace, place.comma, place.colon, place.structure):
        problem = hint()
        if problem is not None:
            return problem
    return place.as_yaml_says()


def _span_at(path: str, lines: Sequence[str], at: yaml.Mark) -> SourceSpan:
    """Return the place of `at`; past the end of the file, the end of its last line with text."""
    last = max((number for number, line in enumerate(lines) if line.strip()), default=0)
    if at.line > last:
        return SourceSpan(path, last + 1, len(lines[last].rstrip()) + 1)
    return SourceSpan(path, at.line + 1, min(at.column, len(lines[at.line])) + 1)


_SEVERAL_COLONS = "mapping values are not allowed in this context"
_SIGNS = {
    "block sequence entries are not allowed in this context": "-",
    "did not find expected node content": "",
}
"""What the parser says of a sign that cannot stand where it does; without one it is what stands."""

_WRONG_INDENTS = ("did not find expected key", "did not find expected '-' indicator")
_CLOSINGS = ('"', "'", "]", "}")


class _UnreadablePlace:
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
        self.ahead = self.line[: at.column - 1].rstrip()

    def tab(self) -> Finding | None:
        """Return L106 for a tab before the first word of the line."""
        tab = self.line.find("\t")
        if tab < 0 or self.line[:tab].strip(" -"):
            return None
        return finding("L106", SourceSpan(self.at.path, self.at.line, tab + 1))

    def token(self) -> Finding | None:
        """Return the finding for a quote left open or a character that means something to YAML."""
        if self.context == "while scanning a quoted scalar":
            return finding("L116", self.start)
        if self.context == "while parsing a quoted scalar":
            at = self.line.rfind("\\", 0, self.at.column)
            span = SourceSpan(self.at.path, self.at.line).shifted(max(at, 0), 2)
            return finding("L121", span, found=self._rest(span)[:2])
        if self.problem in _RESERVED or self.context.startswith(_RESERVING):
            return finding("L120", self.start, found=self._rest(self.start)[:1])
        return None

    def brace(self) -> Finding | None:
        """Return L114 for a full-width brace around keys, in this line or the one it began in."""
        for number in (self.start.line, self.at.line):
            brace = _WIDE_BRACE.search(self.lines[number - 1])
            if brace:
                span = SourceSpan(self.at.path, number).shifted(brace.start())
                return finding("L114", span, found=brace[0], wanted=_BRACES[brace[0]])
        return None

    def comma(self) -> Finding | None:
        """Return L114 for a full-width comma within braces or brackets."""
        if not self._in_brackets():
            return None
        text = self._between()
        comma = _COMMA.search(text)
        if comma is None:
            return None
        line_number = text.count("\n", 0, comma.start())
        column = comma.start() - (text.rfind("\n", 0, comma.start()) + 1)
        first_column = self.start.column if line_number == 0 else 1
        line_start = SourceSpan(self.at.path, self.start.line + line_number, first_column)
        return finding("L114", line_start.shifted(column), found="，", wanted=",")

    def colon(self) -> Finding | None:
        """Return the finding for a full-width colon, or one without its space, on the way."""
        numbers = [self._line_before(), self.at.line]
        if self.context == "while scanning a simple key":
            numbers.insert(0, self.start.line)
        for number in numbers:
            hint = syntax_hint(SourceSpan(self.at.path, number), self.lines[number - 1])
            if hint is not None:
                return hint
        return None

    def structure(self) -> Finding | None:
        """Return the finding for brackets, colons, dashes and indents that do not fit."""
        if self.problem == _SEVERAL_COLONS:
            return self._several_colons()
        if self.problem in _SIGNS:
            sign = _SIGNS[self.problem] or self._rest(self.at)[:1]
            return finding("L118", self.at, found=sign)
        if self.problem == "could not find expected ':'":
            return finding("L115", self._end_of(self.start))
        if self._in_brackets():
            bracket = self._rest(self.start)[:1]
            return finding("L117", self.start, RelatedLocation(self.at, "ends"), found=bracket)
        if self.problem in _WRONG_INDENTS:
            if self.ahead.endswith(_CLOSINGS):
                return finding("L124", self.at, found=self.ahead[-1])
            return self._indent()
        return None

    def _several_colons(self) -> Finding:
        """Return the finding for a colon where there cannot be one."""
        if not _KEY.fullmatch(self.ahead):
            return finding("L118", self.at, found=":")
        above = SourceSpan(self.at.path, self._line_before())
        if ":" not in self._rest(above):
            return finding("L115", self._end_of(above))
        return self._indent()

    def as_yaml_says(self) -> Finding:
        """Return L103 with what YAML says itself."""
        return finding("L103", self.at, detail=f"{self.context} {self.problem}".strip())

    def _in_brackets(self) -> bool:
        return "',' or" in self.problem

    def _rest(self, span: SourceSpan) -> str:
        """Return what stands from `span` to the end of its line."""
        return self.lines[span.line - 1][span.column - 1 :]

    def _indent(self) -> Finding:
        """Return L119 at the words of the line."""
        words = self.line.strip()
        span = SourceSpan(self.at.path, self.at.line).shifted(self.line.index(words), len(words))
        return finding("L119", span)

    def _end_of(self, span: SourceSpan) -> SourceSpan:
        """Return the place after the last word of the line of `span`."""
        words = re.split(r"\s#", self.lines[span.line - 1])[0].rstrip()
        return SourceSpan(span.path, span.line, len(words) + 1)

    def _line_before(self) -> int:
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
