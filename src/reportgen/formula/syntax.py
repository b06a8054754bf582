"""The parts of a parsed formula, each with the characters it covers, and what is wrong with one."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any, assert_never

from reportgen.model.frozen import frozen
from reportgen.model.source import Formula, SourceSpan


@frozen
class FormulaSpan:
    """The characters of a formula from `start` up to, not including, `end`."""

    start: int
    end: int


@frozen
class NumberLiteral(FormulaSpan):
    """A bare number, with the decimals it is written with."""

    value: Fraction
    decimals: int


@frozen
class TextLiteral(FormulaSpan):
    """A quoted text: a quantity (`"2万元"`), or a word that a filter looks for."""

    text: str


@frozen
class Name(FormulaSpan):
    """The key of a figure, a text, a table or a column."""

    key: str


@frozen
class Select(FormulaSpan):
    """`table[condition].field`: a column of the rows that fit; the rows where `field` is empty."""

    table: Name
    condition: Node
    field: str


@frozen
class Call(FormulaSpan):
    """A function of `parse.FUNCTIONS` with its arguments."""

    function: str
    arguments: tuple[Node, ...]


@frozen
class Negative(FormulaSpan):
    """A part with its sign turned."""

    inner: Node


@frozen
class Chain(FormulaSpan):
    """Parts joined from left to right, by + and -, or by * and /; never by both kinds.

    One flat node for the longest sum, so that depth is what the author's brackets make it.
    """

    first: Node
    rest: tuple[tuple[str, Node], ...]

    @property
    def is_product(self) -> bool:
        """Return whether the parts are multiplied and divided."""
        return self.rest[0][0] in {"*", "/"}


@frozen
class Compare(FormulaSpan):
    """A comparison: ==, !=, <, <=, > or >=."""

    sign: str
    left: Node
    right: Node


@frozen
class Logic(FormulaSpan):
    """Conditions joined by `and`, or by `or`."""

    word: str
    parts: tuple[Node, ...]


@frozen
class Not(FormulaSpan):
    """A condition that must not hold."""

    inner: Node


Node = NumberLiteral | TextLiteral | Name | Select | Call | Negative | Chain | Compare | Logic | Not


def names(node: Node) -> Iterator[Name]:
    """Yield every name in `node`, in order, but for those of a filter inside it."""
    if isinstance(node, Name):
        yield node
    elif not isinstance(node, Select):
        for part in parts(node):
            yield from names(part)


def every_name(node: Node) -> Iterator[Name]:
    """Yield every name in `node`, in order, those of filters too."""
    if isinstance(node, Name):
        yield node
    for part in parts(node):
        yield from every_name(part)


def parts(node: Node) -> tuple[Node, ...]:
    """Return what `node` is directly made of."""
    match node:
        case NumberLiteral() | TextLiteral() | Name():
            return ()
        case Select(table=table, condition=condition):
            return (table, condition)
        case Call(arguments=inner) | Logic(parts=inner):
            return inner
        case Negative(inner=only) | Not(inner=only):
            return (only,)
        case Chain(first=first, rest=rest):
            return (first, *(part for _, part in rest))
        case Compare(left=left, right=right):
            return (left, right)
        case _:
            assert_never(node)


@frozen
class Expression:
    """A parsed formula."""

    formula: Formula
    tree: Node

    def span_of(self, part: FormulaSpan | None) -> SourceSpan:
        """Return the place of `part` in the file of the formula."""
        return part_span(self.formula, part)

    def source(self, part: FormulaSpan) -> str:
        """Return the text of `part` as written."""
        return self.formula.text[part.start : part.end]


class FormulaError(Exception):
    """A formula is wrong at `part` (None: as a whole); `code` and `params` make the finding.

    `keys` are those of the figures concerned, where the fault lies with a value.
    """

    def __init__(
        self,
        code: str,
        part: FormulaSpan | None,
        params: dict[str, Any],
        keys: tuple[str, ...] = (),
    ) -> None:
        super().__init__(code, part, params, keys)
        self.code = code
        self.part = part
        self.params = params
        self.keys = keys


def part_span(formula: Formula, part: FormulaSpan | None = None) -> SourceSpan:
    """Return the place of `part`, or of all of `formula`; exact for a formula on one line."""
    span = formula.span
    if "\n" in formula.text or span.end_line > span.line:
        return span
    part = part or FormulaSpan(0, len(formula.text))
    return span.shifted(part.start, max(1, part.end - part.start))
