"""Says in the words of a drafter what Jinja could not read.

Jinja speaks of tokens, in English; a label of codes.yaml says the same with the signs that stand
in the file. What no pattern knows is told as Jinja says it.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import jinja2

from reportgen.findings import Diagnostics, Finding, RelatedLocation, finding
from reportgen.model.source import SourceSpan

SIGNS = {
    "end of print statement": "}}",
    "begin of print statement": "{{",
    "end of statement block": "%}",
    "begin of statement block": "{%",
    "name": "名称",
    "string": "文字",
    "integer": "数",
    "end of template": "文件结尾",
}
"""What Jinja calls its tokens, as they stand in a file."""

PATTERNS = tuple(
    (re.compile(pattern), label)
    for pattern, label in (
        (r"expected token 'end of (?:print|statement).*', got '='", "@t_equals"),
        (r"unexpected end of template, expected '(?P<wanted>.+)'\.", "@t_unfinished"),
        (r"Unexpected end of template\..* closed is '(?P<found>\w+)'", "@t_open"),
        (r"Encountered unknown tag '(?P<found>\w+)'\..* closed is '(?P<wanted>\w+)'", "@t_crossed"),
        (r"Encountered unknown tag '(?P<found>end\w+|else|elif)'", "@t_unopened"),
        (r"Encountered unknown tag '(?P<found>\w+)'", "@t_tag"),
        (r"Missing end of comment tag", "@t_comment"),
        (r"Missing end of raw directive", "@t_raw"),
        (r"tag name expected", "@t_nameless"),
        (r"unexpected char (?P<found>['\"]+.*['\"]+) at \d+", "@t_char"),
        (r"Invalid character in identifier", "@t_identifier"),
        (r"[Ee]xpected an expression, got '(?P<found>.+)'", "@t_empty"),
        (r"expected token '(?P<wanted>.+)', got '(?P<found>.+)'", "@t_expected"),
        (r"unexpected '(?P<found>.+)', expected '(?P<wanted>.+)'", "@t_expected"),
        (r"expected name or number", "@t_after_dot"),
        (r"unexpected '(?P<found>.+)'", "@t_unexpected"),
        (r"can't assign to", "@t_assign"),
        (r"autoescape", "@t_autoescape"),
    )
)
"""What Jinja says, and the label that says it in the languages of our findings."""


def misread(message: str) -> dict[str, str]:
    """Return the parameters of T101 for what Jinja says of a template."""
    for pattern, label in PATTERNS:
        if found := pattern.match(message):
            parts = {name: SIGNS.get(part, part) for name, part in found.groupdict().items()}
            return {"detail": label, "english": message, **parts}
    return {"detail": message}


TemplateReader = Callable[[str, Diagnostics], str | None]
"""Gives the text of a template by path from the root, or None; the log says why."""
Near = Callable[[str], str]
"""Gives the names like one that does not exist, as a text."""


class TemplateError(Exception):
    """A template asks for what cannot be; `code` and `params` make the finding.

    It stands at `mark`, or else at the line that was being rendered, at `word` there.
    """

    def __init__(
        self, code: str, span: SourceSpan | None = None, word: str = "", **params: str
    ) -> None:
        super().__init__(code, params)
        self.code = code
        self.span = span
        self.word = word
        self.params = params


class MissingKey(jinja2.UndefinedError):
    """A template names what does not exist; the message is the full key."""


ERRORS = (
    *(jinja2.TemplateError, TemplateError, TypeError, ValueError),
    *(LookupError, AttributeError, ArithmeticError, RecursionError),
)
"""Whatever a faulty template can raise while it is read or rendered."""

OF_VALUES = frozenset({"T106", "T107", "T108", "T109", "T110", "T118", "T119"})
"""What a value does wrong that a macro or partial was given: who gave it can mend it."""
_NO_NAME = re.compile(r"'([^']*)' is undefined|requested name '([^']*)'")
_NO_FILTER = re.compile(r"No (?:filter|test) named '([^']*)'")
_TAG = re.compile(r"\{[{%](?P<inside>.*?)(?:[%}]\}|$)")
_KEY = re.compile(r"\w+(?:\.\w+)*")


def template_finding(error: Exception, source: TemplateReader, near: Near, known: str) -> Finding:
    """Return the finding for one of `ERRORS`; `known` lists the filters and tests there are."""
    lines = _template_lines(error)
    span = lines[-1] if lines else SourceSpan("-")
    used = (RelatedLocation(lines[0], "used"),) if lines and lines[0].path != span.path else ()
    code, word, params = _told(error, near, known)
    if isinstance(error, jinja2.TemplateSyntaxError):
        span = SourceSpan(error.filename or error.name or "-", error.lineno)
    if isinstance(error, TemplateError) and error.span is not None:
        span = error.span
        if not word:
            return finding(code, span, *used, **params)  # type: ignore[arg-type]
    place = _at(span, word, source)
    if used and code in OF_VALUES:
        used = (RelatedLocation(place, "within"),)
        place = _at(lines[0], params.get("key", ""), source)
    return finding(code, place, *used, subject=params.get("key", ""), **params)  # type: ignore[arg-type]


def _told(error: Exception, near: Near, known: str) -> tuple[str, str, dict[str, str]]:
    """Return the code for `error`, the word of the template it is about, and its parameters."""
    detail = str(error)
    match error:
        case TemplateError():
            return error.code, error.word, error.params
        case MissingKey():
            return "T102", detail, {"key": detail, "near": near(detail)}
        case jinja2.TemplateNotFound():
            path = str(error.name)
            return "T103", path.removeprefix("templates/"), {"path": path}
        case RecursionError():
            return "T116", "", {}
        case jinja2.TemplateSyntaxError():
            detail = error.message or ""
        case _:
            pass
    if found := _NO_FILTER.search(detail):
        return "T115", found[1], {"part": found[1], "known": known}
    if found := _NO_NAME.search(detail):
        key = found[1] or found[2]
        return "T102", key, {"key": key, "near": near(key)}
    if isinstance(error, jinja2.TemplateSyntaxError):
        return "T101", "", misread(detail)
    return "T105", "", {"detail": detail}


def _template_lines(error: Exception) -> list[SourceSpan]:
    """Return the template lines of the traceback, the innermost last.

    Jinja rewrites the frames of templates, so that they have their files and lines.
    """
    lines = []
    at = error.__traceback__
    while at is not None:
        path = at.tb_frame.f_code.co_filename
        if path.startswith(("templates/", "data/")):
            lines.append(SourceSpan(path, at.tb_lineno))
        at = at.tb_next
    return lines


def _at(span: SourceSpan, word: str, source: TemplateReader) -> SourceSpan:
    """Return `span` moved to `word` in a tag of its line, or else to a tag.

    Of a key the last part is shown: what stands before it exists.
    """
    text = source(span.path, Diagnostics()) if span.path != "-" else None
    lines = text.split("\n") if text else []
    line = lines[span.line - 1] if 0 < span.line <= len(lines) else ""
    tags = list(_TAG.finditer(line))
    last = word.rpartition(".")[2] if _KEY.fullmatch(word) else word
    for pattern in (_whole(word, r"\w."), _whole(last, r"\w")):
        for tag in tags if word else ():
            if found := pattern.search(line, *tag.span("inside")):
                return span.shifted(found.end() - len(last), len(last))
    return span.shifted(tags[0].start(), len(tags[0][0])) if tags else span


def _whole(word: str, before: str) -> re.Pattern[str]:
    """Return a pattern for `word`; a key must not follow `before` or go on."""
    pattern = re.escape(word)
    return re.compile(rf"(?<![{before}]){pattern}(?!\w)" if _KEY.fullmatch(word) else pattern)
