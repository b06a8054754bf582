"""Reads the text of a formula: its tokens first, then its parts, by recursive descent."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Literal

from reportgen.formula.syntax import (
    Call,
    Chain,
    Compare,
    Expression,
    FormulaError,
    FormulaSpan,
    Logic,
    Name,
    Negative,
    Node,
    Not,
    NumberLiteral,
    Select,
    TextLiteral,
)
from reportgen.model import limits
from reportgen.model.frozen import frozen
from reportgen.model.source import Formula

TokenKind = Literal["name", "number", "text", "sign", "end"]

# A number takes the letters behind it along, so that 2万元 without quotes is one thing at fault.
_TOKEN = re.compile(
    r"""
    (?P<space>\s+)
  | (?P<number>\d[\w.%％‰]*)
  | (?P<name>[^\W\d]\w*(?:\.\w+)*)
  | (?P<text>"[^"\n]*"|'[^'\n]*')
  | (?P<sign>==|!=|<=|>=|[-+*/<>()\[\],.])
  | (?P<other>.)
    """,
    re.VERBOSE,
)
_DIGITS = re.compile(r"(?:0|[1-9][0-9]{0,39})(?:\.[0-9]{1,40})?")


@frozen
class Token(FormulaSpan):
    """A word, number, quoted text or sign; `end` stands after the last of them."""

    kind: TokenKind
    text: str


def tokens(text: str) -> tuple[Token, ...]:
    """Return the tokens of `text`; raises `FormulaError` F101 (a stray sign) or F107 (a number)."""
    result: list[Token] = []
    for match in _TOKEN.finditer(text):
        part = match[0]
        at = FormulaSpan(*match.span())
        match match.lastgroup:
            case "number" if not _DIGITS.fullmatch(part):
                raise FormulaError("F107", at, {"part": part})
            case "other":
                raise FormulaError("F101", at, {"detail": part})
            case "name" | "number" | "text" | "sign" as kind:
                result.append(Token(at.start, at.end, kind, part))
            case _:
                pass
    return (*result, Token(len(text), len(text), "end", ""))


FUNCTIONS = ("sum", "count", "min", "max", "abs")
"""What may be called; all but `abs` take columns of tables."""

COMPARISONS = ("==", "!=", "<=", ">=", "<", ">")
WORDS = ("and", "or", "not")


def parse(formula: Formula) -> Expression:
    """Return `formula` parsed; raises `FormulaError` F101, F102, F107 or F114 at its part."""
    if len(formula.text) > limits.FORMULA_CHARACTERS:
        raise FormulaError("F114", None, {"limit": limits.FORMULA_CHARACTERS})
    return Expression(formula, _Parser(formula.text).formula())


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = tokens(text)
        self.at = 0
        self.depth = 0

    @property
    def next(self) -> Token:
        return self.tokens[self.at]

    def formula(self) -> Node:
        tree = self._disjunction()
        if self.next.kind != "end":
            raise self._unexpected()
        return tree

    def _unexpected(self) -> FormulaError:
        token = self.next
        if token.kind != "end":
            return FormulaError("F101", token, {"detail": token.text})
        last = FormulaSpan(max(0, token.end - 1), token.end)
        return FormulaError("F101", last, {"detail": self.text.strip()[-12:] + "…"})

    def _advance(self) -> Token:
        token = self.next
        self.at += 1
        return token

    def _accept(self, *texts: str) -> Token | None:
        """Return the next token and step over it if it is one of the signs or words `texts`."""
        token = self.next
        if token.kind not in {"sign", "name"} or token.text not in texts:
            return None
        return self._advance()

    def _expect(self, sign: str) -> Token:
        token = self._accept(sign)
        if token is None:
            raise self._unexpected()
        return token

    def _nested(self, inner: Callable[[], Node]) -> Node:
        if self.depth == limits.FORMULA_DEPTH:
            raise FormulaError("F114", self.next, {"limit": limits.FORMULA_DEPTH})
        self.depth += 1
        node = inner()
        self.depth -= 1
        return node

    def _disjunction(self) -> Node:
        return self._logic("or", self._conjunction)

    def _conjunction(self) -> Node:
        return self._logic("and", self._condition)

    def _logic(self, word: str, inner: Callable[[], Node]) -> Node:
        parts = [inner()]
        while self._accept(word):
            parts.append(inner())
        if len(parts) == 1:
            return parts[0]
        return Logic(parts[0].start, parts[-1].end, word, tuple(parts))

    def _condition(self) -> Node:
        word = self._accept("not")
        if word:
            inner = self._nested(self._condition)
            return Not(word.start, inner.end, inner)
        left = self._sum()
        sign = self._accept(*COMPARISONS)
        if sign is None:
            return left
        right = self._sum()
        another = self._accept(*COMPARISONS)
        if another:
            raise FormulaError("F102", another, {"part": another.text})
        return Compare(left.start, right.end, sign.text, left, right)

    def _sum(self) -> Node:
        return self._chain(("+", "-"), self._product)

    def _product(self) -> Node:
        return self._chain(("*", "/"), self._unary)

    def _chain(self, signs: tuple[str, str], inner: Callable[[], Node]) -> Node:
        first = inner()
        rest: list[tuple[str, Node]] = []
        while sign := self._accept(*signs):
            rest.append((sign.text, inner()))
        if not rest:
            return first
        return Chain(first.start, rest[-1][1].end, first, tuple(rest))

    def _unary(self) -> Node:
        sign = self._accept("-", "+")
        if sign is None:
            return self._primary()
        inner = self._nested(self._unary)
        return Negative(sign.start, inner.end, inner) if sign.text == "-" else inner

    def _primary(self) -> Node:
        opening = self._accept("(")
        if opening:
            inner = self._nested(self._disjunction)
            return replace(inner, start=opening.start, end=self._expect(")").end)
        token = self.next
        match token.kind:
            case "number":
                self._advance()
                decimals = len(token.text.partition(".")[2])
                return NumberLiteral(token.start, token.end, Fraction(token.text), decimals)
            case "text":
                self._advance()
                return TextLiteral(token.start, token.end, token.text[1:-1])
            case "name" if token.text not in WORDS:
                return self._named(self._advance())
            case _:
                raise self._unexpected()

    def _named(self, token: Token) -> Node:
        if self._accept("("):
            return self._call(token)
        name = Name(token.start, token.end, token.text)
        if not self._accept("["):
            return name
        condition = self._nested(self._disjunction)
        closing = self._expect("]")
        if not self._accept("."):
            return Select(name.start, closing.end, name, condition, "")
        if self.next.kind != "name":
            raise self._unexpected()
        field = self._advance()
        return Select(name.start, field.end, name, condition, field.text)

    def _call(self, token: Token) -> Call:
        if token.text not in FUNCTIONS:
            raise FormulaError("F102", token, {"part": token.text})
        arguments = [self._nested(self._disjunction)]
        while self._accept(","):
            arguments.append(self._nested(self._disjunction))
        closing = self._expect(")")
        if token.text == "abs" and len(arguments) > 1:
            raise FormulaError("F102", arguments[1], {"part": self._source(arguments[1])})
        return Call(token.start, closing.end, token.text, tuple(arguments))

    def _source(self, part: FormulaSpan) -> str:
        return self.text[part.start : part.end]
