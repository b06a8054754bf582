"""Reads the source of a template into a tree, and makes the tree strict.

Refused are calculations and what would get round the tokens; loops and texts are changed so
that the environment can watch them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import jinja2
from jinja2 import nodes

from reportgen.compose.errors import TemplateError
from reportgen.compose.lines import placed
from reportgen.compose.tokens import refused_character
from reportgen.model.source import SourceSpan

EACH = "-each"
"""The filter that loops go through; no template can write this name."""

TemplateParser = Callable[[str, str | None, str | None], nodes.Template]

_CALCULATIONS: dict[type[nodes.Node], str] = {
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


def parse(
    parser: TemplateParser, source: str, first: SourceSpan, *, places: bool
) -> nodes.Template:
    """Return the tree of a template that begins at `first`, read by `parser` and made strict.

    Its texts carry their places along with `places`. Raises `TemplateError` and
    `TemplateSyntaxError`, whose lines are those of the file.
    """
    refuse_characters(source, first)
    refuse_wide_braces(source, first)
    above = first.line - 1
    try:
        tree = parser(source, first.path, first.path)
    except jinja2.TemplateSyntaxError as error:
        error.lineno += above
        raise
    except RecursionError:
        raise TemplateError("T121", first) from None
    for node in tree.find_all(nodes.Node):
        node.lineno = (node.lineno or 1) + above  # what stands beside an operator has no line
        _refuse(node, SourceSpan(first.path, node.lineno))
    for loop in tree.find_all(nodes.For):
        loop.iter = nodes.Filter(loop.iter, EACH, [], [], None, None, lineno=loop.lineno)
    if places:
        for data in _texts(tree):
            data.data = placed(data.data, SourceSpan(first.path, data.lineno))
    return tree


def refuse_characters(source: str, first: SourceSpan) -> None:
    """Raise `TemplateError` L105 for a character that no output can hold, or that is ours."""
    at = refused_character(source)
    if at >= 0:
        line = source.count("\n", 0, at)
        column = at - source.rfind("\n", 0, at) + (0 if line else first.column - 1)
        span = SourceSpan(first.path, first.line + line, column)
        raise TemplateError("L105", span, character=f"U+{ord(source[at]):04X}")


_WIDE_BRACE = re.compile("｛｛|｝｝|｛%|%｝")


def refuse_wide_braces(source: str, first: SourceSpan) -> None:
    """Raise `TemplateError` T125 for braces typed with a Chinese input method."""
    match = _WIDE_BRACE.search(source)
    if match is not None:
        line = source.count("\n", 0, match.start())
        column = match.start() - source.rfind("\n", 0, match.start())
        span = SourceSpan(first.path, first.line + line, column + (0 if line else first.column - 1))
        raise TemplateError("T125", span, found=match[0])


def _refuse(node: nodes.Node, span: SourceSpan) -> None:
    """Raise for a node that templates may not hold."""
    match node:
        case nodes.Neg(node=nodes.Const()):
            return
        case nodes.Const(value=str() as text) if (at := refused_character(text)) >= 0:
            raise TemplateError("L105", span, "\\", character=f"U+{ord(text[at]):04X}")
        case nodes.ScopedEvalContextModifier():
            raise jinja2.TemplateSyntaxError("autoescape", span.line, span.path, span.path)
    if sign := _CALCULATIONS.get(type(node)):
        raise TemplateError("T104", span, sign, part=sign)


def _texts(tree: nodes.Node) -> Iterator[nodes.TemplateData]:
    """Yield the texts of a template that are printed where they stand, not kept in a variable."""
    for node in tree.iter_child_nodes():
        if isinstance(node, nodes.TemplateData):
            yield node
        elif not isinstance(node, nodes.AssignBlock | nodes.FilterBlock):
            yield from _texts(node)
