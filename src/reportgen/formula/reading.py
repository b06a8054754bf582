"""Says a formula in the words of the form: titles for names, ÷ for /, 合计 for sum."""

from __future__ import annotations

import ast
from collections.abc import Callable

from reportgen.formula.parse import Expression, dotted

_SIGNS: dict[type[ast.AST], str] = {
    ast.Add: "＋",
    ast.Sub: "－",
    ast.Mult: "×",
    ast.Div: "÷",
    ast.Eq: "＝",
    ast.NotEq: "≠",
    ast.Lt: "＜",
    ast.LtE: "≤",
    ast.Gt: "＞",
    ast.GtE: "≥",
    ast.And: "且",
    ast.Or: "或",
}
_NAMES = {"sum": "合计", "count": "个数", "min": "较小者", "max": "较大者", "abs": "绝对值"}


def reading(expression: Expression, title: Callable[[str], str]) -> str:
    """Return `expression` in words; `title` gives the title of a key (or the key itself)."""
    return _Reader(expression, title).say(expression.tree)


class _Reader:
    def __init__(self, expression: Expression, title: Callable[[str], str]) -> None:
        self.expression = expression
        self.title = title

    def say(self, node: ast.expr) -> str:
        key = dotted(node)
        if key is not None:
            return self.title(key)
        match node:
            case ast.BinOp(left, operator, right):
                return f"{self._part(left)} {_SIGNS[type(operator)]} {self._part(right)}"
            case ast.UnaryOp(ast.USub(), inner):
                return f"－{self._part(inner)}"
            case ast.Call(func=ast.Name(id=name), args=args):
                return f"{_NAMES[name]}（{'、'.join(self.say(each) for each in args)}）"
            case ast.Attribute(value=ast.Subscript(value, condition), attr=field):
                table = dotted(value) or ""
                return f"{self.title(f'{table}.*.{field}')}（{self.say(condition)}）"
            case ast.Subscript(value, condition):
                return f"{self.title(dotted(value) or '')}（{self.say(condition)}）"
            case ast.Compare(left, [operator], [right]):
                return f"{self.say(left)} {_SIGNS[type(operator)]} {self.say(right)}"
            case ast.BoolOp(operator, parts):
                return f" {_SIGNS[type(operator)]} ".join(self.say(part) for part in parts)
            case ast.Constant(value=str(text)):
                return text
            case _:
                return self.expression.source(node)

    def _part(self, node: ast.expr) -> str:
        said = self.say(node)
        return f"（{said}）" if isinstance(node, ast.BinOp) else said
