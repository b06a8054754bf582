"""The environment that every template runs in: nothing within reach, and an end to everything.

Loops, calls, filters and printed values take steps, and what is put together has a length: both
are counted as a template runs, since a few lines of it can stand for more than a machine holds.
Templates do not calculate. The narrative and the forms have words of their own on top of this
(`compose.environment`); the frames of Word files and pages run in it as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from functools import wraps
from itertools import pairwise
from types import CodeType
from typing import Any, NoReturn

import jinja2
from jinja2 import nodes
from jinja2.exceptions import SecurityError
from jinja2.filters import FILTERS
from jinja2.runtime import BlockReference, LoopContext, Macro
from jinja2.sandbox import SandboxedEnvironment

from reportgen.model import limits

EACH = "-each"
"""The filter that loops go through; no template can write this name."""

CALCULATIONS: Mapping[type[nodes.Node], str] = {
    nodes.Add: "+",
    nodes.Sub: "-",
    nodes.Mul: "*",
    nodes.Div: "/",
    nodes.FloorDiv: "//",
    nodes.Mod: "%",
    nodes.Pow: "**",
    nodes.Neg: "-",
    nodes.Pos: "+",
    nodes.Concat: "~",
    nodes.Slice: ":",
}
_LONG_NUMBER = re.compile(rf"\d{{{limits.DIGIT_RUN + 1}}}|\d[eE]\+?\d{{3}}")


_OPENED = re.compile(r"\{[{%]")
_CLOSED = re.compile(r"[}%]\}")


def _long_number(source: str) -> int:
    """Return where a number stands in a tag that is too long to be read, -1 for nowhere.

    In the XML of a frame `00E1234` is no number.
    """
    starts = [opened.end() for opened in _OPENED.finditer(source)]
    for start, after in pairwise((*starts, len(source))):
        inside, *_ = _CLOSED.split(source[start:after], maxsplit=1)
        long = _LONG_NUMBER.search(inside)
        if long is not None:
            return start + long.start()
    return -1


class TemplateLimitError(jinja2.TemplateRuntimeError):
    """A template takes more steps, prints more or nests deeper than any that is meant."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"> {limit}")
        self.limit = limit


class BoundedEnvironment(SandboxedEnvironment):
    """A strict environment that counts the steps of its templates and what they print.

    `more` characters may be printed beyond what any template may. It has no filters and no globals
    but those that are given to it.
    """

    def __init__(self, more: int = 0, **options: Any) -> None:  # noqa: ANN401 - Jinja's own
        super().__init__(undefined=jinja2.StrictUndefined, autoescape=True, **options)
        self.most = limits.TEMPLATE_CHARACTERS + more
        self.steps = 0
        self.filters = {EACH: self.each}
        self.globals = {}
        self.concat = self._joined  # type: ignore[method-assign]

    def step(self, steps: int = 1) -> None:
        """Count steps; raises `TemplateLimitError` for one too many."""
        self.steps += steps
        if self.steps > limits.TEMPLATE_STEPS:
            raise TemplateLimitError(limits.TEMPLATE_STEPS)

    def each(self, values: Iterable[object]) -> Iterator[object]:
        """Yield what a loop goes over, a step for each."""
        for value in values:
            self.step()
            yield value

    def call(self, context: Any, obj: Any, /, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        """Call a macro or whatever else may be called, which is a step."""
        self.step()
        return super().call(context, obj, *args, **kwargs)

    def _joined(self, pieces: Iterable[str]) -> str:
        """Return what a template, a macro or a block has printed."""
        taken: list[str] = []
        size = 0
        for piece in pieces:
            size += len(piece)
            if size > self.most:
                self._stop(pieces)
            taken.append(piece)
        return "".join(taken)

    def _stop(self, pieces: Iterable[str]) -> NoReturn:
        """Raise `TemplateLimitError`, at the line of the template that has just printed."""
        error = TemplateLimitError(self.most)
        if isinstance(pieces, Generator):
            pieces.throw(error)
        raise error

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        """Return the tree of a template in which every loop goes through the filter `EACH`."""
        if source.count("{{") + source.count("{%") > limits.TEMPLATE_TAGS:
            raise TemplateLimitError(limits.TEMPLATE_TAGS)
        long = _long_number(source)
        if long >= 0:
            line = source.count("\n", 0, long) + 1
            raise jinja2.TemplateSyntaxError("number too long", line, name, filename)
        tree = super()._parse(source, name, filename)
        for loop in tree.find_all(nodes.For):
            loop.iter = nodes.Filter(loop.iter, EACH, [], [], None, None, lineno=loop.lineno)
        return tree


_FILTERS = ("count", "d", "default", "e", "escape", "length", "lower", "trim", "upper", "urlencode")
"""Filters of Jinja whose result is about as long as what they are given."""
_OF_MAPPINGS = frozenset(["get", "items", "keys", "values"])


class FrameEnvironment(BoundedEnvironment):
    """The environment of a frame: a Word file or the template of a page, which prints what is made.

    Only macros are called, and only `_FILTERS` are there: methods and other filters make much of
    little. What is nested too deeply for Python is a `TemplateLimitError` like all the rest.
    """

    def __init__(self, more: int = 0, **options: Any) -> None:  # noqa: ANN401
        super().__init__(more, **options)
        for name in _FILTERS:
            self.filters[name] = self._metered(FILTERS[name])

    def call(self, context: Any, obj: Any, /, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        """Call a macro, or ask a mapping for what it holds."""
        owner = getattr(obj, "__self__", None)
        is_asked = isinstance(owner, Mapping) and obj.__name__ in _OF_MAPPINGS
        is_made = isinstance(obj, (Macro, BlockReference, LoopContext, jinja2.Undefined))
        if not (is_asked or is_made or isinstance(owner, LoopContext)):
            raise SecurityError(f"{getattr(obj, '__name__', 'a value')} cannot be called")
        return super().call(context, obj, *args, **kwargs)

    def _metered(self, each: Callable[..., Any]) -> Callable[..., Any]:
        """Return a filter that takes as many steps as what it is given is long."""

        @wraps(each)
        def metered(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401
            lengths = (len(value) for value in arguments if isinstance(value, str))
            self.step(1 + sum(lengths) // 20)
            return each(*arguments, **named)

        return metered

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        try:
            tree = super()._parse(source, name, filename)
        except RecursionError:
            raise TemplateLimitError(limits.TEMPLATE_TAGS) from None
        for node in tree.find_all(tuple(CALCULATIONS)):
            sign = CALCULATIONS[type(node)]
            detail = f"a template does not calculate: {sign}"
            raise jinja2.TemplateSyntaxError(detail, node.lineno or 1, name, filename)
        return tree

    def _compile(self, source: str, filename: str) -> CodeType:
        try:
            return super()._compile(source, filename)
        except (SyntaxError, MemoryError, RecursionError):
            raise TemplateLimitError(limits.TEMPLATE_TAGS) from None
