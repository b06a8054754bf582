"""Row filters, `table[condition]`: which rows of a table a formula means."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

from reportgen.formula.operand import Operand, difference
from reportgen.formula.parse import FormulaError, dotted

SYMBOLS: dict[type[ast.cmpop], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}


class Lookup(Protocol):
    """What formulas read: figures, texts and table rows by key; None where there is none."""

    def number(self, key: str) -> Operand | None:
        """Return the figure at `key`."""

    def text(self, key: str) -> str | None:
        """Return the text fact at `key`."""

    def rows(self, key: str) -> tuple[str, ...] | None:
        """Return the row ids of the table at `key`."""

    def near(self, key: str) -> str:
        """Return known keys like `key`, as a text for a help line."""


def holds(symbol: str, difference: Fraction, tolerance: Fraction) -> bool:
    """Return whether a comparison with this difference (left − right) holds within tolerance."""
    match symbol:
        case "==":
            return abs(difference) <= tolerance
        case "!=":
            return abs(difference) > tolerance
        case "<=":
            return difference <= tolerance
        case ">=":
            return difference >= -tolerance
        case "<":
            return difference < 0
        case _:
            return difference > 0


def filtered(
    table: str,
    rows: tuple[str, ...],
    condition: ast.expr,
    lookup: Lookup,
    number: Callable[[ast.expr], Operand],
) -> tuple[str, ...]:
    """Return the rows for which `condition` holds; names in it are fields of the row.

    Raises `FormulaError` F110 for a text that no row has (a misspelt category would lose
    money silently) and F108 for what is no condition.
    """
    filter_ = _Filter(table, lookup, number)
    for part in ast.walk(condition):
        match part:
            case ast.Compare(left, [_], [ast.Constant(value=str(wanted)) as constant]):
                known = {filter_.text(row, left) for row in rows}
                if rows and wanted not in known:
                    texts = "、".join(sorted(k for k in known if k))
                    raise FormulaError("F110", constant, {"text": wanted, "known": texts})
    return tuple(row for row in rows if filter_.keeps(row, condition))


@dataclass(frozen=True, slots=True)
class _Filter:
    table: str
    lookup: Lookup
    number: Callable[[ast.expr], Operand]

    def keeps(self, row: str, node: ast.expr) -> bool:
        match node:
            case ast.BoolOp(ast.And(), parts):
                return all(self.keeps(row, part) for part in parts)
            case ast.BoolOp(ast.Or(), parts):
                return any(self.keeps(row, part) for part in parts)
            case ast.UnaryOp(ast.Not(), inner):
                return not self.keeps(row, inner)
            case ast.Compare(
                left, [ast.Eq() | ast.NotEq() as sign], [ast.Constant(value=str(word))]
            ):
                return (self.text(row, left) == word) == isinstance(sign, ast.Eq)
            case ast.Compare(left, [operator], [right]):
                found = self.lookup.number(self.field(row, left))
                limit = self.number(right)
                if found is None or found.value is None or limit.value is None:
                    return False
                value, tolerance = difference(found, limit)
                return value is not None and holds(SYMBOLS[type(operator)], value, tolerance)
            case _:
                raise FormulaError("F108", node, {})

    def field(self, row: str, node: ast.expr) -> str:
        name = dotted(node)
        if name is None:
            raise FormulaError("F108", node, {})
        return f"{self.table}.{row}.{name}"

    def text(self, row: str, node: ast.expr) -> str | None:
        return self.lookup.text(self.field(row, node))
