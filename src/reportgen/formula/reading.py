"""Titles of keys in the words of the form: of figures, and of the rows and columns around them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import assert_never

from reportgen.formula.names import PRIOR, Context
from reportgen.formula.syntax import (
    Call,
    Chain,
    Compare,
    Expression,
    Logic,
    Name,
    Negative,
    Node,
    Not,
    NumberLiteral,
    Select,
    TextLiteral,
)


class Titles:
    """The titles of all keys of a report of `year`; `known` by key, `tables` the rows."""

    def __init__(
        self, known: Mapping[str, str], tables: Mapping[str, tuple[str, ...]], year: int
    ) -> None:
        self.known = known
        self.tables = tables
        self.year = year
        self._columns: dict[tuple[str, str], str] = {}

    def of(self, key: str) -> str:
        """Return the title of the figure, text, row or group at `key`, or the key itself.

        What last year did not have is called as this year, with the year before it.
        """
        title = self.known.get(key) or self._groups.get(key)
        if title is None and key.startswith(PRIOR):
            later = key
            while later.startswith(PRIOR):
                later = later.removeprefix(PRIOR)
            years = (len(key) - len(later)) // len(PRIOR)
            title = f"{self.year - years}年{self.of(later)}"
        return title or key

    def column(self, table: str, field: str) -> str:
        """Return the title of a column without that of a row: 决算数; nothing if it has none."""
        at = (table, field)
        if at not in self._columns:
            titles = (self.known.get(f"{table}.{row}.{field}") for row in self._rows(table))
            title = next((title for title in titles if title), "")
            self._columns[at] = title.rpartition("·")[2]
        return self._columns[at]

    def items(self, table: str) -> str:
        """Return what the rows of a plain list are called: 内设科室; nothing for a table."""
        titles = {self.known.get(f"{table}.{row}", "") for row in self._rows(table)}
        return titles.pop() if len(titles) == 1 else ""

    def _rows(self, table: str) -> tuple[str, ...]:
        return self.tables.get(table) or self.tables.get(table.removeprefix(PRIOR), ())

    @cached_property
    def _groups(self) -> dict[str, str]:
        """The titles of rows and groups, read off those of their fields: 项目一·决算数."""
        groups: dict[str, str] = {}
        for key, title in self.known.items():
            group, name = key.rpartition(".")[0], title.rpartition("·")[0]
            while group and name and group not in groups:
                groups[group] = name
                group, name = group.rpartition(".")[0], name.rpartition("·")[0]
        return groups


SIGNS = {
    "+": "＋",
    "-": "－",
    "*": "×",
    "/": "÷",
    "==": "＝",
    "!=": "≠",
    "<": "＜",
    "<=": "≤",
    ">": "＞",
    ">=": "≥",
}
"""How the signs of formulas are printed."""

_WORDS = {"==": "为", "!=": "不为"}
_JOINTS = {"and": "，且", "or": "，或"}
_CALLS = {
    "sum": "{}之和",
    "count": "{}项数",
    "min": "{}中最小者",
    "max": "{}中最大者",
    "abs": "{}的绝对值",
}


def reading(expression: Expression, context: Context, titles: Titles) -> str:
    """Return `expression` in words, its names as they mean in `context`."""
    return _Reader(expression, context, titles).say(expression.tree)


@dataclass(frozen=True, slots=True)
class _Reader:
    expression: Expression
    context: Context
    titles: Titles
    table: str = ""

    def say(self, node: Node) -> str:
        match node:
            case Name(key=key):
                return self._name(key)
            case Chain(first=first, rest=rest):
                rests = (f" {SIGNS[sign]} {self._part(part, node)}" for sign, part in rest)
                return self._part(first, node) + "".join(rests)
            case Negative(inner=inner):
                return f"－{self._part(inner, node)}"
            case Call(function=function, arguments=arguments):
                return self._call(function, arguments)
            case Select():
                return self._argument(node, counted=False)
            case Compare() | Logic() | Not():
                return self._condition(node)
            case TextLiteral(text=text):
                return text
            case NumberLiteral():
                return self.expression.source(node)
            case _:
                assert_never(node)

    def _part(self, node: Node, whole: Node) -> str:
        """Return a part of `whole`, in brackets where it would be read otherwise without."""
        said = self.say(node)
        product_in_sum = isinstance(whole, Chain) and not whole.is_product and _is_product(node)
        loose = isinstance(node, Chain | Negative) and not product_in_sum
        return f"（{said}）" if loose else said

    def _name(self, key: str) -> str:
        if self.table and (field := self.titles.column(self.table, key)):
            return field
        meanings = list(self.context.meanings(key))
        known = (full for full in meanings if full in self.titles.known)
        return self.titles.of(next(known, meanings[0]))

    def _call(self, function: str, arguments: tuple[Node, ...]) -> str:
        if function == "sum" and len(arguments) > 1:
            return self._sum_of(arguments)
        said = [self._argument(each, counted=function == "count") for each in arguments]
        loose = len(said) > 1 or isinstance(arguments[0], Chain | Negative)
        inner = "、".join(said)
        return _CALLS[function].format(f"（{inner}）" if loose else inner)

    def _sum_of(self, arguments: tuple[Node, ...]) -> str:
        """Return 甲 ＋ 乙 － 丙 in brackets, which say how this differs from a plain sum."""
        first, *rest = arguments
        said = self._term(first)
        for each in rest:
            inner, sign = (each.inner, "-") if isinstance(each, Negative) else (each, "+")
            said += f" {SIGNS[sign]} {self._term(inner)}"
        return f"（{said}，空的不计）"

    def _term(self, node: Node) -> str:
        if isinstance(node, Name | Select):
            column = isinstance(node, Select) or self.context.column(node.key) is not None
            return f"{self._argument(node, counted=False)}之和" if column else self.say(node)
        loose = isinstance(node, Chain | Negative) and not _is_product(node)
        return f"（{self.say(node)}）" if loose else self.say(node)

    def _argument(self, node: Node, *, counted: bool) -> str:
        match node:
            case Select(table=table, condition=condition, field=field):
                full = self.context.full(table.key)
                inside = replace(self, table=full)
                of = self._column(full, field, counted=counted)
                return f"{inside.say(condition)}的{of}"
            case Name(key=key) if column := self.context.column(key):
                return self._column(column.table, column.field, counted=counted)
            case _:
                return self.say(node)

    def _column(self, table: str, field: str, *, counted: bool) -> str:
        """Return what the rows, or a field of them, are called: 各项决算数, 内设科室."""
        if counted and not field:
            return self.titles.items(table)
        name = field or self.context.measure
        title = self.titles.column(table, name) or name
        return f"有{title}的" if counted else f"各项{title}"

    def _condition(self, node: Compare | Logic | Not) -> str:
        match node:
            case Compare(sign=sign, left=left, right=TextLiteral(text=text)) if sign in _WORDS:
                return f"{self.say(left)}{_WORDS[sign]}“{text}”"
            case Compare(sign=sign, left=left, right=right):
                return f"{self.say(left)} {SIGNS[sign]} {self.say(right)}"
            case Logic(word=word, parts=parts):
                return _JOINTS[word].join(self._joined(part) for part in parts)
            case Not(inner=inner):
                return f"非（{self.say(inner)}）"
            case _:
                assert_never(node)

    def _joined(self, node: Node) -> str:
        said = self.say(node)
        return f"（{said}）" if isinstance(node, Logic) else said


def _is_product(node: Node) -> bool:
    return isinstance(node, Chain) and node.is_product
