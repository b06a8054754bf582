"""The one strict Jinja environment: sandboxed, nothing undefined, nothing calculated (D3, D6)."""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable, Iterable
from typing import Any

import jinja2
from jinja2 import nodes
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup

from reportgen.compose.filters import FILTERS, TESTS, TemplateError
from reportgen.compose.tokens import Tokens
from reportgen.compose.view import Prose, Shown, View
from reportgen.findings import Finding, finding
from reportgen.model.document import Block, Break, Inline, Inlines, Text, Value
from reportgen.model.rules import Formula
from reportgen.model.source import Mark

_CALCULATION = (
    *(nodes.Add, nodes.Sub, nodes.Mul, nodes.Div, nodes.FloorDiv, nodes.Mod, nodes.Pow),
    *(nodes.Neg, nodes.Pos, nodes.Concat),
)

Source = Callable[[str], tuple[str | None, tuple[Finding, ...]]]
"""Gives the text of a template by path from the root, or findings."""


class MissingKey(jinja2.UndefinedError):
    """A template names what does not exist; the message is `key|near`."""


class Environment(SandboxedEnvironment):
    """Templates over a `View`; printing goes through `tokens`, so no value is ever markup."""

    def __init__(self, source: Source, tokens: Tokens, internal: bool) -> None:
        super().__init__(
            loader=jinja2.FunctionLoader(self._load),
            undefined=jinja2.StrictUndefined,
            autoescape=True,
            finalize=self.printed,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self.source = source
        self.tokens = tokens
        self.internal = internal
        self.findings: list[Finding] = []
        self.context: dict[str, Any] = {}
        self.within: list[str] = []
        self.filters = {**FILTERS, "join": self._join}
        self.tests = {**TESTS, "defined": lambda v: not isinstance(v, jinja2.Undefined)}
        self.globals = {}

    def text(self, path: str, **more: object) -> str:
        """Return the template at `path` (from the root) rendered, tokens in place of values."""
        return self.get_template(path).render({**self.context, **more})

    def line(self, formula: Formula) -> str:
        """Return a one-line template kept in YAML rendered, with errors at its place there."""
        # The empty lines before it make Jinja's line numbers those of the file.
        source = "\n" * (formula.mark.line - 1) + formula.text
        self._refuse_calculation(source, formula.mark.path)
        code = self.compile(source, formula.mark.path, formula.mark.path)
        template = self.template_class.from_code(self, code, {})
        return str(template.render(self.context))[formula.mark.line - 1 :]

    def getattr(self, obj: Any, attribute: str) -> Any:  # noqa: ANN401 - Jinja's own signature
        """Return what `attribute` means in a view; nothing of other objects can be reached."""
        return self._child(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:  # noqa: ANN401 - Jinja's own signature
        """Return the row or field `argument` of a view, or an element of a list."""
        if isinstance(obj, list | tuple) and isinstance(argument, int):
            return obj[argument] if -len(obj) <= argument < len(obj) else self.undefined(obj=obj)
        return self._child(obj, argument)

    def printed(self, value: object) -> object:
        """Return the token of a printed value; text that templates made passes as it is."""
        match value:
            case Markup() | jinja2.Undefined():
                return value
            case bool():
                raise TemplateError("T107", found=str(value))
            case Shown():
                key = value.figure.key if self.internal else ""
                return self.token((Value(value.text, value.machine, key),))
            case Prose():
                return self.token(self._prose(value))
            case str() | int():
                return self.token(_lines(str(value))) if value != "" else value
            case View(key=key):
                raise TemplateError("T106", key=key)
            case _:
                raise TemplateError("T107", found=type(value).__name__)

    def token(self, printed: Inlines | tuple[Block, ...]) -> Markup:
        """Return the token of `printed`; templates and parsers pass it through as text."""
        return Markup(self.tokens.of(printed))  # noqa: S704 - a token holds no markup

    def _prose(self, prose: Prose) -> Inlines:
        key = prose.fact.key
        if key in self.within:
            raise TemplateError("T112", key=key)
        self.within.append(key)
        try:
            rendered = self.line(Formula(str(prose.fact.value), prose.fact.mark))
        finally:
            self.within.pop()
        result: list[Inline] = []
        for inline in self.tokens.inlines(rendered):
            result.extend(_lines(inline.text) if isinstance(inline, Text) else (inline,))
        return tuple(result)

    def _join(self, values: Iterable[object], separator: str = "") -> Markup:
        between = self.token(_lines(separator))
        printed = [self.printed(value) for value in values]
        return between.join(part for part in printed if isinstance(part, Markup))

    def _child(self, obj: object, name: Any) -> Any:  # noqa: ANN401 - a name or a row number
        if isinstance(obj, jinja2.Undefined):
            return obj
        if isinstance(obj, View):
            child = obj.child(name)
            if child is not None:
                return child
            full = f"{obj.key}.{name}" if obj.key else str(name)
            hint = f"{full}|{obj.near(str(name))}"
            return self.undefined(hint=hint, obj=obj, name=str(name), exc=MissingKey)
        if isinstance(obj, jinja2.runtime.LoopContext) and name in {"index", "first", "last"}:
            return super().getattr(obj, name)
        if isinstance(obj, jinja2.environment.TemplateModule):
            return super().getattr(obj, name)
        hint = f"{name}|—"
        return self.undefined(hint=hint, obj=obj, name=str(name), exc=MissingKey)

    def _load(self, path: str) -> tuple[str, str, None]:
        text, found = self.source(path)
        if text is None and not path.startswith(("templates/", "data/")):
            path = f"templates/{path}"
            text, found = self.source(path)
        if text is None:
            self.findings.extend(found)
            raise jinja2.TemplateNotFound(path)
        self._refuse_calculation(text, path)
        return text, path, None

    def _refuse_calculation(self, text: str, path: str) -> None:
        for node in self.parse(text, path, path).find_all(_CALCULATION):
            raise TemplateError("T104", line=str(node.lineno), path=path, part=type(node).__name__)


def _lines(text: str) -> Inlines:
    """Return `text` as inlines with a break for each newline."""
    result: list[Inline] = []
    for number, line in enumerate(text.split("\n")):
        if number:
            result.append(Break())
        if line:
            result.append(Text(line))
    return tuple(result)


def template_finding(error: Exception, source: Source) -> Finding:
    """Return the finding for an error raised while a template was read or rendered."""
    mark = _place(error)
    match error:
        case MissingKey():
            key, _, near = str(error).partition("|")
            return finding("T102", _at(mark, key, source), subject=key, key=key, near=near)
        case jinja2.UndefinedError():
            key = re.sub(r"'([^']*)' is undefined", r"\1", str(error))
            return finding("T102", _at(mark, key, source), subject=key, key=key, near="—")
        case jinja2.TemplateSyntaxError():
            place = Mark(error.filename or error.name or "-", error.lineno)
            return finding("T101", place, detail=error.message or "")
        case jinja2.TemplateNotFound():
            return finding("T103", mark, path=str(error.name))
        case TemplateError():
            params = dict(error.params)
            if "line" in params:
                mark = Mark(params.pop("path"), int(params.pop("line")))
            return finding(error.code, mark, **params)  # type: ignore[arg-type]
        case _:
            return finding("T105", mark, detail=f"{type(error).__name__}: {error}")


def _place(error: Exception) -> Mark:
    """Return the innermost template line of the traceback; Jinja rewrites its frames to them."""
    frames = traceback.extract_tb(error.__traceback__)
    for frame in reversed(frames):
        if frame.filename.startswith(("templates/", "data/")):
            return Mark(frame.filename, frame.lineno or 1)
    return Mark("-")


def _at(mark: Mark, key: str, source: Source) -> Mark:
    """Return `mark` moved to where the last part of `key` stands in its line."""
    text, _ = source(mark.path) if mark.path != "-" else (None, ())
    lines = text.splitlines() if text else []
    part = key.rpartition(".")[2]
    column = lines[mark.line - 1].find(part) if 0 < mark.line <= len(lines) else -1
    return mark.shifted(column, len(part)) if column >= 0 else mark
