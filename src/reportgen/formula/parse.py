"""Parses the text of a formula into a checked syntax tree; errors know their column.

Python's own parser reads the text (Chinese names are identifiers to it), then everything
outside the small language is refused: names, numbers, quoted texts, + - * /, comparisons,
and/or/not, the functions of `FUNCTIONS`, and row filters `table[condition]`.
"""

from __future__ import annotations

import ast
import unicodedata
from dataclasses import dataclass
from typing import Any

from reportgen.model.formula import Formula
from reportgen.model.source import Mark

FUNCTIONS = ("sum", "count", "min", "max", "abs")
"""What may be called; `sum` and `count` take columns of tables."""

_ALLOWED = (
    *(ast.Expression, ast.Name, ast.Load, ast.Attribute, ast.Subscript, ast.Constant, ast.Call),
    *(ast.BinOp, ast.Add, ast.Sub, ast.Mult, ast.Div, ast.UnaryOp, ast.USub, ast.UAdd),
    *(ast.Compare, ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE),
    *(ast.BoolOp, ast.And, ast.Or, ast.Not),
)
MAX_LENGTH = 4_000
"""Longest formula accepted; beyond it the parser could be made to recurse too deeply."""


class FormulaError(Exception):
    """A formula is wrong at `node` (None: as a whole); `code` and `params` make the finding."""

    def __init__(self, code: str, node: ast.AST | None, params: dict[str, Any]) -> None:
        super().__init__(code, node, params)
        self.code = code
        self.node = node
        self.params = params


@dataclass(frozen=True, slots=True)
class Expression:
    """A parsed formula; `mark_of` gives the place of a part of it."""

    formula: Formula
    tree: ast.expr

    def mark_of(self, node: ast.AST | None) -> Mark:
        """Return the place of `node` in the rule file, exact for a formula on one line."""
        return part_mark(self.formula, node)

    def source(self, node: ast.AST) -> str:
        """Return the text of `node` as written."""
        return ast.get_source_segment(self.formula.text, node) or ""


def part_mark(formula: Formula, node: ast.AST | None) -> Mark:
    """Return the place of `node` of `formula` in its file; of the formula where that is unknown."""
    if node is None or not hasattr(node, "col_offset") or "\n" in formula.text:
        return formula.mark
    line = formula.text.encode()
    start = len(line[: node.col_offset].decode(errors="ignore"))
    end = len(line[: getattr(node, "end_col_offset", None) or node.col_offset].decode())
    return formula.mark.shifted(start, max(1, end - start))


def parse(formula: Formula) -> Expression:
    """Return `formula` parsed; raises `FormulaError` F101 (syntax) or F102 (not allowed)."""
    text = formula.text
    if len(text) > MAX_LENGTH:
        raise FormulaError("F101", None, {"detail": f"> {MAX_LENGTH}"})
    try:
        tree = ast.parse(text, mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        at = ast.Name(id="")
        column = getattr(error, "offset", None) or 1
        at.col_offset = len(text[: column - 1].encode())
        at.end_col_offset = at.col_offset + len(text[column - 1 : column].encode())
        detail = getattr(error, "msg", None) or type(error).__name__
        raise FormulaError("F101", at, {"detail": str(detail)}) from None
    expression = Expression(formula, tree.body)
    for node in ast.walk(tree):
        if not isinstance(node, _ALLOWED) or _misused(node):
            part = expression.source(node) or type(node).__name__
            raise FormulaError("F102", node, {"part": part})
    return expression


def _misused(node: ast.AST) -> bool:
    match node:
        case ast.Constant(value=value):
            return isinstance(value, bool) or not isinstance(value, int | float | str)
        case ast.Call(func=ast.Name(id=name), keywords=[]):
            return name not in FUNCTIONS
        case ast.Call():
            return True
        case ast.Compare(ops=ops):
            return len(ops) != 1
        case _:
            return False


def dotted(node: ast.AST) -> str | None:
    """Return the key that a chain of names and dots spells, or None for anything else."""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=value, attr=name):
            head = dotted(value)
            return f"{head}.{name}" if head else None
        case _:
            return None


def normal_name(name: str) -> str:
    """Return `name` as the parser sees it: identifiers are compared in their NFKC form."""
    return unicodedata.normalize("NFKC", name)
