"""The environment that templates run in: strict, without access to anything but a `View`.

What is printed becomes a token; compiled templates are kept as long as their texts stay the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping
from types import CodeType
from typing import Any

import jinja2
from jinja2 import nodes, pass_context
from markupsafe import Markup

from reportgen.compose import errors, syntax
from reportgen.compose.errors import MissingKey, TemplateError, TemplateReader
from reportgen.compose.filters import FILTERS, TESTS, Uncounted
from reportgen.compose.sums import SUM, Sums
from reportgen.compose.tokens import FormBlocks, Rendered, Tokens, read_lines, unplaced
from reportgen.compose.view import FigureView, Gone, ProseFact, View, hole, misused
from reportgen.findings import Diagnostics, Finding
from reportgen.model.document import Break, Inline, Inlines, Text, Value
from reportgen.model.figures import UNFILLED
from reportgen.model.source import Formula, SourceSpan
from reportgen.project.bounded_templates import BoundedEnvironment, TemplateLimitError
from reportgen.project.compiled import COMPILED
from reportgen.project.jinja_messages import words_of

_LOOP = ("index", "first", "last", "length")


class Environment(BoundedEnvironment):
    """Templates over a `View`; printing goes through `tokens`, so no value is ever markup.

    Templates know the names of `view`. What is wrong with files that could be read goes to `log`;
    `unread` holds, by path, what is wrong with those that could not be.
    """

    def __init__(
        self, source: TemplateReader, tokens: Tokens, view: View, log: Diagnostics
    ) -> None:
        super().__init__(
            loader=jinja2.FunctionLoader(self._load),
            finalize=self._finalize(),
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            auto_reload=False,
            optimized=False,  # to fold constants takes longer than to work them out once
            bytecode_cache=COMPILED,
        )
        self.source = source
        self.tokens = tokens
        self.view = view
        self.log = log
        self.unread: dict[str, tuple[Finding, ...]] = {}
        self.context: dict[str, object] = {name: view.child(name) for name in view.names}
        self.context["year"] = str(view.ledger.year)
        self.within: list[str] = []
        self.sums = Sums(view.ledger)
        self.filters |= {**FILTERS, "join": self._join, SUM: self._sum()}
        self.tests = {**TESTS, "defined": lambda v: not isinstance(v, jinja2.Undefined)}

    def text(self, path: str) -> Rendered:
        """Return the template at `path` (from the root) rendered, tokens in place of values."""
        return read_lines(self.get_template(path).render(self.context), path)

    def line(self, formula: Formula) -> str:
        """Return a template kept in YAML rendered, with errors at its place there."""
        span = formula.span
        if not syntax.BRACE.search(formula.text):
            syntax.refuse_characters(formula.text, span)
            return formula.text
        try:
            return unplaced(self.template(formula.text, span).render(self.context))
        except TemplateLimitError:
            raise TemplateError("T121", span) from None

    def template(self, text: str, span: SourceSpan) -> jinja2.Template:
        """Return the template `text` that begins at `span`, without the places of its texts."""
        bucket = COMPILED.get_bucket(self, f"{span}", span.path, text)
        if bucket.code is None:
            tree = syntax.parse(super()._parse, text, span, places=False)
            bucket.code = self.compile(tree, span.path, span.path)
            COMPILED.set_bucket(bucket)
        return self.template_class.from_code(self, bucket.code, {})

    def finding(self, error: Exception, texts: Mapping[str, str] | None = None) -> Finding:
        """Return the finding for one of `errors.ERRORS`; `texts` are templates that no file is."""

        def source(path: str, log: Diagnostics) -> str | None:
            return (texts or {}).get(path) or self.source(path, log)

        return errors.template_finding(error, source, self.view.near, words_of(self))

    def getattr(self, obj: Any, attribute: str) -> Any:  # noqa: ANN401 - Jinja's own signature
        """Return what `attribute` means in a view; nothing of other objects can be reached."""
        return self._child(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:  # noqa: ANN401 - Jinja's own signature
        """Return the row or field `argument` of a view, or an element of a list."""
        if isinstance(obj, list | tuple) and isinstance(argument, int):
            if -len(obj) <= argument < len(obj):
                return obj[argument]
            return self.undefined(hint=f"[{argument}]", obj=obj, exc=MissingKey)
        return self._child(obj, argument)

    def get_or_select_template(
        self,
        template_name_or_list: Any,  # noqa: ANN401 - a value, beside what Jinja takes
        parent: str | None = None,
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002 - Jinja's own name
    ) -> jinja2.Template:
        """Return the template to include; one of which the path is to be filled in says so."""
        if isinstance(template_name_or_list, FigureView) and template_name_or_list.figure.unfilled:
            return self.template(UNFILLED, template_name_or_list.figure.span)
        return super().get_or_select_template(template_name_or_list, parent, globals)

    def call(self, context: Any, obj: Any, /, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        """Call a macro or `form`; a value is nothing to call."""
        if not callable(obj) and not isinstance(obj, jinja2.Undefined):
            raise misused("()", obj)
        return super().call(context, obj, *args, **kwargs)

    def printed(self, value: object) -> object:
        """Return the token of a printed value; text that templates made passes as it is."""
        self.step(1 + len(value) // 20 if isinstance(value, Markup) else 1)
        if isinstance(value, Markup | jinja2.Undefined):
            return value
        if isinstance(value, FigureView | Gone | ProseFact):
            return self._printed_view(value)
        if isinstance(value, View):
            return self._printed_row(value)
        return self._printed_plain(value)

    def _printed_plain(self, value: object) -> object:
        """Return the token of a text or whole number that a template made, a blank as it is."""
        if isinstance(value, bool):
            raise TemplateError("T107", found=str(value))
        if isinstance(value, Uncounted):
            return self.token((Value(UNFILLED, ""),))
        if isinstance(value, str | int):
            return self.token(_lines(str(value))) if value != "" else value
        raise TemplateError("T107", found=type(value).__name__)

    def _printed_row(self, value: View) -> Markup:
        """Return the token of an item that is to be filled in; no other group can be printed."""
        if value.is_unfilled_row:
            return self._printed_view(value.unfilled_cell)
        raise TemplateError("T106", word=value.key, key=value.key)

    def _printed_view(self, value: FigureView | Gone | ProseFact) -> Markup:
        """Return the token of a figure or text, with the key of what is missing in it."""
        match value:
            case FigureView(figure) if figure.key in self.sums.wanted:
                return self.token((), (figure.key,))  # nothing is known of it here
            case FigureView():
                return self._printed_figure(value)
            case Gone():
                return self.token((), (value.key,))
        return self.token(*self._prose(value))

    def _printed_figure(self, value: FigureView) -> Markup:
        """Return the token of a figure; one that would lose digits unasked is refused."""
        figure = value.figure
        if figure.loses_digits and not value.rounded:
            key, unit = figure.key, figure.unit.symbol
            raise TemplateError("T128", word=key, key=key, unit=unit)
        holes = (figure.key,) if hole(value) else ()
        return self.token((Value(value.text, value.machine, figure.key),), holes)

    def token(self, printed: Inlines | FormBlocks, holes: tuple[str, ...] = ()) -> Markup:
        """Return the token of `printed`; templates and parsers pass it through as text."""
        return Markup(self.tokens.of(printed, holes))  # noqa: S704 - a token holds no markup

    def _sum(self) -> Any:  # noqa: ANN401 - a function Jinja calls with its context
        @pass_context
        def total(
            context: jinja2.runtime.Context, rows: object, column: object = "", line: int = 1
        ) -> FigureView:
            return self.sums.of(rows, column, SourceSpan(context.name or "-", line))

        return total

    def _finalize(self) -> Any:  # noqa: ANN401 - a function Jinja calls with its context
        # Only a function that takes the context is kept from running at compile time, where
        # Jinja escapes constants before it.
        @pass_context
        def finalize(_context: jinja2.runtime.Context, value: object) -> object:
            return self.printed(value)

        return finalize

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        """Return the tree of a template, made strict: Jinja calls this for each that it loads."""
        return syntax.parse(
            super()._parse, source, SourceSpan(filename or name or "-"), places=True
        )

    def _compile(self, source: str, filename: str) -> CodeType:
        """Return the code of a template; what is nested too deeply for Python is refused."""
        try:
            return super()._compile(source, filename)
        except (SyntaxError, MemoryError, RecursionError):
            raise TemplateError("T121", SourceSpan(filename)) from None

    def _prose(self, prose: ProseFact) -> tuple[Inlines, tuple[str, ...]]:
        """Return what `prose` prints, and the keys of withheld values that leave holes in it."""
        key = prose.fact.key
        if key in self.within:
            raise TemplateError("T112", prose.fact.span, key=key)
        self.within.append(key)
        try:
            rendered = self.line(Formula(prose.text, prose.fact.span))
        finally:
            self.within.pop()
        result: list[Inline] = []
        for inline in self.tokens.inlines(rendered):
            result.extend(_lines(inline.text) if isinstance(inline, Text) else (inline,))
        return tuple(result), self.tokens.missing(rendered)

    def _join(self, values: object, separator: object = "") -> Markup:
        """Return `values` printed, those that are blank left out, with `separator` between."""
        if not isinstance(separator, str):
            raise misused("join", separator)
        if not isinstance(values, View | list | tuple):
            raise misused("join", values)
        between = separator if isinstance(separator, Markup) else self.token(_lines(separator))
        parts = [str(self.printed(value)) for value in values if not hole(value)]
        return between.join(Markup(part) for part in parts if part)  # noqa: S704 - tokens

    def each(self, values: object) -> Iterator[object]:
        """Yield what a loop goes over: rows or a list, and not the letters of a text."""
        if isinstance(values, FigureView) and values.figure.unfilled:
            return super().each(())
        if not isinstance(values, View | list | tuple | jinja2.Undefined):
            raise misused("for", values)
        return super().each(values)

    def _child(self, obj: object, name: Any) -> Any:  # noqa: ANN401 - a name or a row number
        if isinstance(obj, jinja2.Undefined) or self.view.stands_for_rows(obj):
            return obj
        if self.view.stands_for_rows(name):
            return name
        if isinstance(obj, View):
            child = obj.child(name)
            if child is not None:
                return child
        if isinstance(obj, jinja2.runtime.LoopContext) and name in _LOOP:
            return super().getattr(obj, name)
        if isinstance(obj, jinja2.environment.TemplateModule):
            return self._exported(obj, str(name))
        return self._missing(obj, str(name))

    def _missing(self, obj: object, name: str) -> jinja2.Undefined:
        """Return what stands for a child that there is not, with its full key."""
        key = _key_of(obj)
        full = f"{key}.{name}" if key else name
        return self.undefined(hint=full, obj=obj, name=name, exc=MissingKey)

    def _exported(self, module: jinja2.environment.TemplateModule, name: str) -> object:
        """Return the macro or variable `name` of an imported template."""
        exported = {key: value for key, value in vars(module).items() if key[0] != "_"}
        if name not in exported:
            known = "、".join(sorted(exported)) or "—"
            raise TemplateError("T102", word=name, key=name, near=known)
        return exported[name]

    def _load(self, name: str) -> tuple[str, str, None]:
        path = name if name.startswith(("templates/", "data/")) else f"templates/{name}"
        problems = Diagnostics()
        text = self.source(path, problems)
        if text is None:
            self.unread[path] = tuple(problems)
            raise jinja2.TemplateNotFound(path)
        self.log.extend(problems)
        return text, path, None


def _key_of(obj: object) -> str:
    """Return the key of what a template asks for something that it does not have."""
    match obj:
        case View(key=key):
            return key
        case FigureView(figure):
            return figure.key
        case jinja2.runtime.LoopContext():
            return "loop"
    return ""


def _lines(text: str) -> Inlines:
    """Return `text` as inlines with a break for each newline."""
    result: list[Inline] = []
    for number, line in enumerate(text.split("\n")):
        if number:
            result.append(Break())
        if line:
            result.append(Text(line))
    return tuple(result)
