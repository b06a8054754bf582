"""Says how a figure of a dataset is worked out from others of it, where that can be done at all.

A formula of a report names figures by keys, columns of tables and rows that fit; one of a dataset
names figures by their ids alone. It is given only where all that it is worked out from is in the
dataset, and the printed numbers give the printed result: a formula can tell nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from reportgen.formula.evaluate import evaluate
from reportgen.formula.names import Context, without_prior
from reportgen.formula.operand import DimensionError, LongNumberError, Operand
from reportgen.formula.parse import parse
from reportgen.formula.reading import SIGNS
from reportgen.formula.syntax import (
    Call,
    Chain,
    FormulaError,
    Name,
    Negative,
    Node,
    NumberLiteral,
    Select,
    TextLiteral,
)
from reportgen.model.frozen import frozen
from reportgen.model.source import NOWHERE, Formula

_LITERALS = frozenset(map(Fraction, (0, 1, 100)))
"""Numbers that may stand in a formula: those of shares and growth, which tell of no amount."""
_WHOLE = "100%"
_FUNCTIONS = {"min": "最小者", "max": "最大者", "abs": "绝对值"}
_TOKEN = re.compile(r"(?P<id>F[0-9]+)|(?P<name>[a-z]+)|(?P<sign>[-+*/])|(?P<mark>[(),])")
_MARKS = {"(": "（", ")": "）", ",": "，"}


@frozen
class FigureFormula:
    """The formula of a figure of a report: its key, the text, the keys it is worked out from."""

    key: str
    text: str
    inputs: tuple[str, ...]


class NotRecomputableError(Exception):
    """A formula cannot be said by the ids of a dataset."""


def formula_by_ids(
    formula: FigureFormula, ids: Mapping[str, str], blanks: frozenset[str]
) -> str | None:
    """Return a formula by the ids of its inputs, None where not all of them are in the dataset.

    `ids` are those of its figures by key; `blanks` the keys of cells that are blank in the report,
    which a sum does not count.
    """
    if not formula.inputs:
        return None
    try:
        tree = parse(Formula(formula.text, NOWHERE)).tree
        writer = _IdWriter(formula, ids, blanks)
        text = writer.text(tree)
    except (FormulaError, NotRecomputableError):
        return None
    if writer.used != set(formula.inputs):
        return None
    return f"({text})" if text.startswith("-") else text  # no cell begins like a formula of Excel


@dataclass
class _IdWriter:
    """Writes a formula by ids; `used` are the keys of the inputs that it has met so far."""

    formula: FigureFormula
    ids: Mapping[str, str]
    blanks: frozenset[str]
    used: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        own = without_prior(self.formula.key)
        self.prefix = self.formula.key.removesuffix(own)
        self.row, _, self.measure = own.rpartition(".")

    def text(self, node: Node) -> str:
        """Return a part of the formula by ids."""
        match node:
            case Name(key=key):
                return self._id(self._key(key))
            case NumberLiteral(value=value) if value in _LITERALS:
                return str(value)
            case TextLiteral(text=text) if text == _WHOLE:
                return "1"
            case Negative(inner=inner):
                return f"-{self._factor(inner)}"
            case Chain():
                return self._chain(node)
            case Call(function="sum"):
                return self._sum(node)
            case Call(function=function) if function in _FUNCTIONS:
                return f"{function}({', '.join(map(self.text, node.arguments))})"
            case _:
                raise NotRecomputableError

    def _chain(self, chain: Chain) -> str:
        part = self._factor if chain.is_product else self._term
        text = part(chain.first)
        for sign, node in chain.rest:
            text += f" {sign} {part(node)}"
        return text

    def _factor(self, node: Node) -> str:
        """Return a part that is multiplied, divided or turned, in brackets where it needs them."""
        text = self.text(node)
        return f"({text})" if " " in text or text.startswith("-") else text

    def _term(self, node: Node) -> str:
        """Return a part that is added or taken off."""
        if isinstance(node, Chain) and node.is_product:
            return self.text(node)
        return self._factor(node)

    def _sum(self, call: Call) -> str:
        """Return a sum, in which what is blank does not count."""
        text = ""
        for sign, node in self._terms(call):
            text += f" {sign} {node}"
        if not text:
            raise NotRecomputableError
        first = len(" + ")
        return text[first:] if text.startswith(" + ") else f"-{text[first:]}"

    def _terms(self, call: Call) -> Iterator[tuple[str, str]]:
        for argument in call.arguments:
            keys = self._column(argument)
            if keys:
                yield from self._cells(keys)
            else:
                yield from self._single(argument)

    def _single(self, argument: Node) -> Iterator[tuple[str, str]]:
        sign, node = ("-", argument.inner) if isinstance(argument, Negative) else ("+", argument)
        if isinstance(node, Name) and self._key(node.key) in self.blanks:
            self.used.add(self._key(node.key))
        else:
            yield sign, self._term(node)

    def _cells(self, keys: Sequence[str]) -> Iterator[tuple[str, str]]:
        if not self.used.isdisjoint(keys):
            raise NotRecomputableError  # which rows a second column means cannot be seen
        for key in keys:
            if key in self.blanks:
                self.used.add(key)
            else:
                yield "+", self._id(key)

    def _id(self, key: str) -> str:
        self.used.add(key)
        if key not in self.ids:
            raise NotRecomputableError
        return self.ids[key]

    def _key(self, name: str) -> str:
        """Return the input that a name means here, the name itself where it means none."""
        full = self._full(name)
        for key in (full, f"{full}.{self.measure}"):
            if key in self.formula.inputs:
                return key
        return full

    def _full(self, name: str) -> str:
        """Return a name with the row in place of `row`, of the year of the figure."""
        own = without_prior(name)
        if self.row and (own == "row" or own.startswith("row.")):
            name = name.removesuffix(own) + self.row + own.removeprefix("row")
        return self.prefix + name

    def _column(self, node: Node) -> list[str]:
        """Return the inputs that are cells of a column, none where `node` is a single figure."""
        match node:
            case Select(table=of, field=column):
                return self._cells_of(self._full(of.key), column or self.measure)
            case Name(key=key) if self._key(key) not in self.formula.inputs:
                full = self._full(key)
                table, _, last = full.rpartition(".")
                return self._cells_of(full, self.measure) or self._cells_of(table, last)
            case _:
                return []

    def _cells_of(self, table: str, name: str) -> list[str]:
        cell = re.compile(rf"{re.escape(table)}[.][^.]+[.]{re.escape(name)}")
        return list(filter(cell.fullmatch, self.formula.inputs))


class _Numbers:
    """The printed numbers of a dataset by id, as formulas read them."""

    def __init__(self, numbers: Mapping[str, Operand]) -> None:
        self.numbers = numbers

    def number(self, key: str) -> Operand | None:
        return self.numbers.get(key)

    def text(self, _key: str) -> str | None:
        return None

    def rows(self, _key: str) -> tuple[str, ...] | None:
        return None

    def values(self, _key: str) -> tuple[str, ...]:
        return ()

    def near(self, _key: str) -> str:
        return ""


def recomputed(text: str, numbers: Mapping[str, Operand]) -> Fraction | None:
    """Return what a formula by ids gives in base units, None where it gives nothing."""
    try:
        return evaluate(parse(Formula(text, NOWHERE)), Context(_Numbers(numbers))).value
    except (FormulaError, DimensionError, LongNumberError):
        return None


def in_words(text: str, titles: Mapping[str, str]) -> str:
    """Return a formula by ids in words: the titles of its figures, signs as they are printed."""

    def word(match: re.Match[str]) -> str:
        part = match[0]
        if match.lastgroup == "id":
            return titles[part]
        return _FUNCTIONS.get(part) or SIGNS.get(part) or _MARKS[part]

    return _TOKEN.sub(word, text)
