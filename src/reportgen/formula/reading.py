"""Puts formulas in the words of the form: the titles of keys first, then whole expressions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property

from reportgen.formula.names import PRIOR, Context, TableColumn, without_prior
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
from reportgen.model.frozen import frozen


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
        if title:
            return title
        if not key.startswith(PRIOR):
            return key
        this_year = without_prior(key)
        years = (len(key) - len(this_year)) // len(PRIOR)
        return f"{self.year - years}年{self.of(this_year)}"

    def column(self, table: str, field: str) -> str:
        """Return the title of a column without that of a row: 决算数; nothing if it has none."""
        at = (table, field)
        if at not in self._columns:
            self._columns[at] = self._first_title(table, field).rpartition("·")[2]
        return self._columns[at]

    def _first_title(self, table: str, field: str) -> str:
        """Return the title of the first cell of a column that has one."""
        for row in self._rows(table):
            title = self.known.get(f"{table}.{row}.{field}")
            if title:
                return title
        return ""

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
    return _Reader(expression, context, titles).words(expression.tree)


@frozen
class _Reader:
    """Puts nodes in words; inside a filter, names are fields of `table`."""

    expression: Expression
    context: Context
    titles: Titles
    table: str = ""

    def words(self, node: Node) -> str:
        """Return `node` in words."""
        match node:
            case Name(key=key):
                return self._name(key)
            case Chain():
                return self._chain(node)
            case Negative(inner=inner):
                return f"－{self._part(inner, node)}"
            case Call():
                return self._call(node)
            case Select():
                return self._argument(node)
            case Compare() | Logic() | Not():
                return self._condition(node)
            case TextLiteral(text=text):
                return text
            case NumberLiteral():
                return self.expression.source(node)

    def _chain(self, chain: Chain) -> str:
        words = self._part(chain.first, chain)
        for sign, part in chain.rest:
            words += f" {SIGNS[sign]} {self._part(part, chain)}"
        return words

    def _part(self, node: Node, whole: Chain | Negative) -> str:
        """Return a part of `whole`, in brackets where it would be read otherwise without."""
        is_sum = isinstance(whole, Chain) and not whole.is_product
        if is_sum and _is_product(node):
            return self.words(node)
        return _bracketed(self.words(node), isinstance(node, Chain | Negative))

    def _name(self, key: str) -> str:
        if self.table:
            field = self.titles.column(self.table, key)
            if field:
                return field
        meanings = list(self.context.meanings(key))
        for full in meanings:
            if full in self.titles.known:
                return self.titles.of(full)
        return self.titles.of(meanings[0])

    def _call(self, call: Call) -> str:
        if call.function == "sum" and len(call.arguments) > 1:
            return self._sum(call.arguments)
        if call.function == "count":
            arguments = list(map(self._counted, call.arguments))
        else:
            arguments = list(map(self._argument, call.arguments))
        loose = len(arguments) > 1 or isinstance(call.arguments[0], Chain | Negative)
        return _CALLS[call.function].format(_bracketed("、".join(arguments), loose))

    def _sum(self, arguments: tuple[Node, ...]) -> str:
        """Return 甲 ＋ 乙 － 丙 in brackets, which say how this differs from a plain sum."""
        words = self._term(arguments[0])
        for argument in arguments[1:]:
            if isinstance(argument, Negative):
                words += f" {SIGNS['-']} {self._term(argument.inner)}"
            else:
                words += f" {SIGNS['+']} {self._term(argument)}"
        return f"（{words}，空的不计）"

    def _term(self, node: Node) -> str:
        """Return a term of a sum in brackets: 各项决算数之和 for a column."""
        if self._is_column(node):
            return f"{self._argument(node)}之和"
        loose = isinstance(node, Chain | Negative) and not _is_product(node)
        return _bracketed(self.words(node), loose)

    def _is_column(self, node: Node) -> bool:
        if isinstance(node, Name):
            return self.context.column(node.key) is not None
        return isinstance(node, Select)

    def _argument(self, node: Node) -> str:
        """Return what a function is worked out from: 各项决算数 for a column."""
        column = self._column(node)
        if column is None:
            return self.words(node)
        return f"{self._filter(node)}各项{self._column_title(column)}"

    def _counted(self, node: Node) -> str:
        """Return what is counted: 内设科室, or 有决算数的 for a field that rows may lack."""
        column = self._column(node)
        if column is None:
            return self.words(node)
        if not column.field:
            return self._filter(node) + self.titles.items(column.table)
        return f"{self._filter(node)}有{self._column_title(column)}的"

    def _column(self, node: Node) -> TableColumn | None:
        match node:
            case Select(table=table, field=field):
                return TableColumn(self.context.full(table.key), field, ())
            case Name(key=key):
                return self.context.column(key)
            case _:
                return None

    def _column_title(self, column: TableColumn) -> str:
        name = column.field or self.context.measure
        return self.titles.column(column.table, name) or name

    def _filter(self, node: Node) -> str:
        """Return the condition of a filter before what it keeps: 类别为“业务”的."""
        if not isinstance(node, Select):
            return ""
        inside = replace(self, table=self.context.full(node.table.key))
        return f"{inside.words(node.condition)}的"

    def _condition(self, node: Compare | Logic | Not) -> str:
        match node:
            case Compare(sign=sign, left=left, right=TextLiteral(text=text)) if sign in _WORDS:
                return f"{self.words(left)}{_WORDS[sign]}“{text}”"
            case Compare(sign=sign, left=left, right=right):
                return f"{self.words(left)} {SIGNS[sign]} {self.words(right)}"
            case Logic(word=word, parts=parts):
                return _JOINTS[word].join(
                    _bracketed(self.words(part), isinstance(part, Logic)) for part in parts
                )
            case Not(inner=inner):
                return f"非（{self.words(inner)}）"


def _bracketed(words: str, needed: bool) -> str:
    return f"（{words}）" if needed else words


def _is_product(node: Node) -> bool:
    return isinstance(node, Chain) and node.is_product
