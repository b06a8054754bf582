"""Cuts the text of a formula into words, numbers, texts and signs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from reportgen.formula.syntax import FormulaError, Span

Kind = Literal["name", "number", "text", "sign", "end"]

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


@dataclass(frozen=True, slots=True)
class Token(Span):
    """A word, number, quoted text or sign; `end` stands after the last of them."""

    kind: Kind
    text: str


def tokens(text: str) -> tuple[Token, ...]:
    """Return the tokens of `text`; raises `FormulaError` F101 (a stray sign) or F107 (a number)."""
    result: list[Token] = []
    for match in _TOKEN.finditer(text):
        part = match[0]
        at = Span(*match.span())
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
