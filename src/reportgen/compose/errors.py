"""The errors of templates, and the findings that say in the words of a drafter what is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

import jinja2

from reportgen.findings import Diagnostics, Finding, RelatedLocation, finding
from reportgen.model.source import SourceSpan
from reportgen.project.bounded_templates import TemplateLimitError
from reportgen.project.jinja_messages import NO_SUCH_WORD, misread

TemplateReader = Callable[[str, Diagnostics], str | None]
"""Gives the text of a template by path from the root, or None; the log says why."""
Near = Callable[[str], str]
"""Gives the names like one that does not exist, as a text."""


class TemplateError(Exception):
    """A template asks for what cannot be; `code` and `params` make the finding.

    It stands at `span`, or else at the line that was being rendered, at `word` there.
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
_TAG = re.compile(r"\{[{%](?P<inside>.*?)(?:[%}]\}|$)")
_KEY = re.compile(r"\w+(?:\.\w+)*")


def template_finding(error: Exception, source: TemplateReader, near: Near, known: str) -> Finding:
    """Return the finding for one of `ERRORS`; `known` lists the filters and tests there are."""
    lines = _template_lines(error)
    outermost = _outermost(lines)
    used = (RelatedLocation(outermost, "used"),) if outermost else ()
    span = _own_span(error) or _innermost(lines)
    code, word, params = _fault(error, near, known)
    if isinstance(error, TemplateError) and error.span is not None and not word:
        return finding(code, span, *used, **params)  # type: ignore[arg-type]
    key = params.get("key", "")
    place = _at(span, word, source)
    if outermost and code in OF_VALUES:
        used = (RelatedLocation(place, "within"),)
        place = _at(outermost, key, source)
    return finding(code, place, *used, subject=key, **params)  # type: ignore[arg-type]


def _outermost(lines: list[SourceSpan]) -> SourceSpan | None:
    """Return the line that began what failed, if it is in another file than what failed."""
    if lines and lines[0].path != lines[-1].path:
        return lines[0]
    return None


def _innermost(lines: list[SourceSpan]) -> SourceSpan:
    """Return the line that failed."""
    return lines[-1] if lines else SourceSpan("-")


def _own_span(error: Exception) -> SourceSpan | None:
    """Return the place that an error itself names."""
    if isinstance(error, jinja2.TemplateSyntaxError):
        return SourceSpan(error.filename or error.name or "-", error.lineno)
    return error.span if isinstance(error, TemplateError) else None


_Fault = tuple[str, str, dict[str, str]]
"""A code, the word of the template it is about, and the parameters of the finding."""


def _fault(error: Exception, near: Near, known: str) -> _Fault:
    """Return what is wrong where one of `ERRORS` was raised."""
    match error:
        case TemplateError():
            return error.code, error.word, error.params
        case MissingKey():
            return _no_name(str(error), near)
        case jinja2.TemplateNotFound():
            path = str(error.name)
            return "T103", path.removeprefix("templates/"), {"path": path}
        case TemplateLimitError():
            return "T121", "", {}
        case RecursionError():
            return "T116", "", {}
        case jinja2.TemplateSyntaxError():
            message = error.message or ""
            return _fault_in(message, near, known) or ("T101", "", misread(message))
    return _other_fault(str(error), near, known)


def _other_fault(message: str, near: Near, known: str) -> _Fault:
    """Return what the message of an error says that Jinja has no kind for."""
    return _fault_in(message, near, known) or ("T105", "", {"detail": message})


def _fault_in(message: str, near: Near, known: str) -> _Fault | None:
    """Return what a message of Jinja's says if it is that a name, filter or test is unknown."""
    missing = NO_SUCH_WORD.search(message)
    if missing:
        return "T115", missing[1], {"part": missing[1], "known": known}
    missing = _NO_NAME.search(message)
    if missing:
        return _no_name(missing[1] or missing[2], near)
    return None


def _no_name(key: str, near: Near) -> _Fault:
    return "T102", key, {"key": key, "near": near(key)}


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

    Of a key the last part is meant: what stands before it exists.
    """
    line = _line_at(span, source)
    tags = list(_TAG.finditer(line))
    last = word.rpartition(".")[2] if _KEY.fullmatch(word) else word
    end = _end_of_word(word, last, line, tags) if word else 0
    if end:
        return span.shifted(end - len(last), len(last))
    if tags:
        return span.shifted(tags[0].start(), len(tags[0][0]))
    return span


def _end_of_word(word: str, last: str, line: str, tags: Iterable[re.Match[str]]) -> int:
    """Return where `word`, or else the `last` part of it, ends in a tag; 0 where in none."""
    for pattern in (_whole(word, r"\w."), _whole(last, r"\w")):
        for tag in tags:
            match = pattern.search(line, *tag.span("inside"))
            if match:
                return match.end()
    return 0


def _line_at(span: SourceSpan, source: TemplateReader) -> str:
    """Return the line of a template at `span`, empty where there is none."""
    text = source(span.path, Diagnostics()) if span.path != "-" else None
    lines = (text or "").split("\n")
    return lines[span.line - 1] if 0 < span.line <= len(lines) else ""


def _whole(word: str, before: str) -> re.Pattern[str]:
    """Return a pattern for `word`; a key must not follow `before` or go on."""
    pattern = re.escape(word)
    return re.compile(rf"(?<![{before}]){pattern}(?!\w)" if _KEY.fullmatch(word) else pattern)
