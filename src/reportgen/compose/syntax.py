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
from reportgen.compose.filters import WHERE_ANY
from reportgen.compose.sums import SUM
from reportgen.compose.tokens import placed, refused_character
from reportgen.language.characters import codepoint
from reportgen.model.source import SourceSpan
from reportgen.project.bounded_templates import CALCULATIONS, TemplateLimitError

TemplateParser = Callable[[str, str | None, str | None], nodes.Template]


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
    except (RecursionError, TemplateLimitError):
        raise TemplateError("T121", first) from None
    _make_strict(tree, first.path, above)
    refuse_stray_braces(source, first)
    if places:
        for data in _texts(tree):
            data.data = placed(data.data, SourceSpan(first.path, data.lineno))
    return tree


def _make_strict(tree: nodes.Template, path: str, above: int) -> None:
    """Refuse what templates may not hold.

    The lines of the nodes become those of the file, `above` more than Jinja counts.
    """
    for node in list(tree.find_all(nodes.Node)):
        node.lineno = (node.lineno or 1) + above  # what stands beside an operator has no line
        _refuse(node, path)
        _mark(node)


def _mark(node: nodes.Node) -> None:
    """Tell a sum its line, and a filter of rows that its loop says what stands for none."""
    if isinstance(node, nodes.Filter) and node.name == SUM:
        line = nodes.Keyword("line", nodes.Const(node.lineno), lineno=node.lineno)
        node.kwargs.append(line)  # type: ignore[arg-type]
    if isinstance(node, nodes.For) and node.else_:
        _allow_no_rows(node)


def _allow_no_rows(loop: nodes.For) -> None:
    for chosen in _filters(loop.iter):
        if chosen.name == "where":
            chosen.name = WHERE_ANY


def _filters(node: nodes.Node | None) -> Iterator[nodes.Filter]:
    """Yield the filters that a value goes through."""
    while isinstance(node, nodes.Filter):
        yield node
        node = node.node


def refuse_characters(source: str, first: SourceSpan) -> None:
    """Raise `TemplateError` L105 for a character that no output can hold, or that is ours."""
    at = refused_character(source)
    if at >= 0:
        raise TemplateError("L105", _span_at(source, at, first), character=codepoint(source[at]))


_WIDE_BRACE = re.compile("｛｛|｝｝|｛%|%｝")
_IN_TAG = r"""(?:"[^"]*"|'[^']*'|[^"'])*?"""
_TAG = re.compile(
    r"\{%-?\s*raw\s*-?%\}.*?\{%-?\s*endraw\s*-?%\}|\{#.*?#\}"
    rf"|\{{\{{{_IN_TAG}\}}\}}|\{{%{_IN_TAG}%\}}",
    re.DOTALL,
)
"""What Jinja reads itself: a raw text, a comment, a value, a statement."""
_STRAY_BRACE = re.compile(r"\{ +[{%#]|[}%#] +\}|\{[%#]?|[%#]?\}")
BRACE = re.compile("[{}｛｝]")
"""Without any of these a text holds no markup and nothing that was meant for it."""


def refuse_wide_braces(source: str, first: SourceSpan) -> None:
    """Raise `TemplateError` T125 for braces typed with a Chinese input method."""
    match = _WIDE_BRACE.search(source)
    if match is not None:
        raise TemplateError("T125", _span_at(source, match.start(), first), found=match[0])


def refuse_stray_braces(source: str, first: SourceSpan) -> None:
    """Raise `TemplateError` T126 for a brace that belongs to no tag and would be printed."""
    at = 0
    for tag in _TAG.finditer(source):
        _refuse_brace(source, at, tag.start(), first)
        at = tag.end()
    _refuse_brace(source, at, len(source), first)


def _refuse_brace(source: str, start: int, end: int, first: SourceSpan) -> None:
    match = _STRAY_BRACE.search(source, start, end)
    if match is not None:
        raise TemplateError("T126", _span_at(source, match.start(), first), found=match[0])


def _span_at(source: str, at: int, first: SourceSpan) -> SourceSpan:
    """Return the place of the character number `at` of a source that begins at `first`."""
    lines_before = source.count("\n", 0, at)
    column = at - source.rfind("\n", 0, at)
    if not lines_before:
        column += first.column - 1
    return SourceSpan(first.path, first.line + lines_before, column)


def _refuse(node: nodes.Node, path: str) -> None:
    """Raise for a node that templates may not hold."""
    if isinstance(node, nodes.Const):
        if isinstance(node.value, str):
            _refuse_escapes(node.value, SourceSpan(path, node.lineno))
    elif isinstance(node, nodes.ScopedEvalContextModifier):
        raise jinja2.TemplateSyntaxError("autoescape", node.lineno, path, path)
    else:
        sign = CALCULATIONS.get(type(node), "")
        if sign and not _is_negative_number(node):
            raise TemplateError("T104", SourceSpan(path, node.lineno), sign, part=sign)


def _refuse_escapes(text: str, span: SourceSpan) -> None:
    """Raise `TemplateError` L105 for a character that a text in a template has by an escape."""
    at = refused_character(text)
    if at >= 0:
        raise TemplateError("L105", span, "\\", character=codepoint(text[at]))


def _is_negative_number(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Neg) and isinstance(node.node, nodes.Const)


def _texts(tree: nodes.Node) -> Iterator[nodes.TemplateData]:
    """Yield the texts of a template that are printed where they stand, not kept in a variable."""
    for node in tree.iter_child_nodes():
        if isinstance(node, nodes.TemplateData):
            yield node
        elif not isinstance(node, nodes.AssignBlock | nodes.FilterBlock):
            yield from _texts(node)
