"""Evaluates a parsed formula against whatever can look names up."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from fractions import Fraction

from reportgen.formula import operand as op
from reportgen.formula.filters import SYMBOLS, Lookup, filtered
from reportgen.formula.operand import Operand
from reportgen.formula.parse import Expression, FormulaError, dotted
from reportgen.model.quantity import QuantityError, parse_quantity


@dataclass(frozen=True, slots=True)
class Context:
    """Where names are looked up: the measure of an `each`, the row of a `*` or a filter."""

    lookup: Lookup
    measure: str = ""
    row: str = ""


def evaluate(expression: Expression, context: Context) -> Operand:
    """Return the value of `expression`; raises `FormulaError` (F103–F109) at its part."""
    return _Walk(expression, context).number(expression.tree)


def compare(expression: Expression, context: Context) -> tuple[str, Operand, Operand]:
    """Return the operator and both sides of a comparison; raises `FormulaError` F108 otherwise."""
    tree = expression.tree
    if not isinstance(tree, ast.Compare):
        raise FormulaError("F108", tree, {})
    walk = _Walk(expression, context)
    return SYMBOLS[type(tree.ops[0])], walk.number(tree.left), walk.number(tree.comparators[0])


class _Walk:
    def __init__(self, expression: Expression, context: Context) -> None:
        self.expression = expression
        self.context = context
        self.lookup = context.lookup

    def number(self, node: ast.expr) -> Operand:
        try:
            return self._number(node)
        except op.DimensionError as error:
            left, right = error.args
            raise FormulaError("F104", node, {"left": left, "right": right}) from None
        except op.ZeroError:
            raise FormulaError("F106", node, {"part": self.expression.source(node)}) from None

    def _number(self, node: ast.expr) -> Operand:
        match node:
            case ast.Constant(value=str(text)):
                return self._literal(node, text)
            case ast.Constant():
                text = self.expression.source(node)
                decimals = len(text.partition(".")[2])
                return Operand(Fraction(text), decimals=decimals, bare=True)
            case ast.BinOp(left, operator, right):
                return self._binary(operator, self.number(left), self.number(right))
            case ast.UnaryOp(ast.USub(), inner):
                return op.negate(self.number(inner))
            case ast.UnaryOp(ast.UAdd(), inner):
                return self.number(inner)
            case ast.Call(func=ast.Name(id=name)):
                return self._call(name, node)
            case _:
                return self._named(node)

    def _binary(self, operator: ast.operator, left: Operand, right: Operand) -> Operand:
        match operator:
            case ast.Add():
                return op.add(left, right)
            case ast.Sub():
                return op.add(left, right, -1)
            case ast.Mult():
                return op.multiply(left, right)
            case _:
                return op.divide(left, right)

    def _literal(self, node: ast.expr, text: str) -> Operand:
        try:
            quantity = parse_quantity(text)
        except QuantityError:
            raise FormulaError("F107", node, {"part": text}) from None
        return Operand(quantity.value, quantity.unit, quantity.shape.decimals)

    def _call(self, name: str, node: ast.Call) -> Operand:
        if name == "count":
            number = sum(self._size(argument) for argument in node.args)
            keys = tuple(key for argument in node.args for key in self._keys(argument))
            return Operand(Fraction(number), inputs=keys, bare=True)
        operands = [each for argument in node.args for each in self._column(argument)]
        match name:
            case "sum":
                return op.total(operands)
            case "abs":
                first = self.number(node.args[0])
                return op.negate(first) if first.value is not None and first.value < 0 else first
            case _:
                return op.extreme(operands, largest=name == "max")

    def _named(self, node: ast.expr) -> Operand:
        key = dotted(node)
        if key is None:
            raise FormulaError("F109", node, {"part": self.expression.source(node)})
        found = self._find(key)
        if found is None:
            if self._is_table(key):
                raise FormulaError("F109", node, {"part": key})
            raise FormulaError("F103", node, {"key": key, "near": self.lookup.near(key)})
        return found

    def _find(self, key: str) -> Operand | None:
        """Return the figure `key` names here: in the row, as it stands, or with the measure."""
        full = self._full(key)
        found = self.lookup.number(full)
        if found is None and self.context.measure:
            found = self.lookup.number(f"{full}.{self.context.measure}")
        if found is None and full.startswith("prior.") and full != key:
            return Operand(None)
        return found

    def _full(self, key: str) -> str:
        row = self.context.row
        if key.startswith("prior.row."):
            return f"prior.{row}.{key.removeprefix('prior.row.')}" if row else key
        return f"{row}.{key.removeprefix('row.')}" if row and key.startswith("row.") else key

    def _is_table(self, key: str) -> bool:
        return self.lookup.rows(self._full(key)) is not None

    def _column(self, node: ast.expr) -> list[Operand]:
        """Return the operands an argument of `sum` stands for: one, or a column of a table."""
        table, field, rows = self._selected(node)
        if rows is None:
            return [self.number(node)]
        name = field or self.context.measure
        if not name:
            raise FormulaError("F109", node, {"part": self.expression.source(node)})
        found = [self.lookup.number(f"{table}.{row}.{name}") for row in rows]
        if rows and all(each is None for each in found):
            key = f"{table}.*.{name}"
            raise FormulaError("F103", node, {"key": key, "near": self.lookup.near(key)})
        return [each for each in found if each is not None]

    def _selected(self, node: ast.expr) -> tuple[str, str, tuple[str, ...] | None]:
        """Return table, field and rows that `node` names; rows are None for a single figure."""
        match node:
            case ast.Attribute(value=ast.Subscript() as rows_of, attr=field):
                table, _, rows = self._selected(rows_of)
                return table, field, rows
            case ast.Subscript(value=value, slice=condition):
                table = self._full(dotted(value) or "")
                every = self.lookup.rows(table)
                if every is None:
                    near = self.lookup.near(table)
                    raise FormulaError("F103", value, {"key": table, "near": near})
                return table, "", filtered(table, every, condition, self.lookup, self.number)
            case _:
                return self._plain_column(dotted(node) or "")

    def _plain_column(self, key: str) -> tuple[str, str, tuple[str, ...] | None]:
        full = self._full(key)
        if self.lookup.number(full) is not None:
            return full, "", None
        rows = self.lookup.rows(full)
        if rows is not None and self.lookup.number(f"{full}.{self.context.measure}") is None:
            return full, "", rows
        table, _, field = full.rpartition(".")
        rows = self.lookup.rows(table) if table else None
        return table, field, rows

    def _size(self, node: ast.expr) -> int:
        return len(self._keys(node))

    def _keys(self, node: ast.expr) -> tuple[str, ...]:
        table, field, rows = self._selected(node)
        if rows is None:
            raise FormulaError("F109", node, {"part": self.expression.source(node)})
        keys = tuple(f"{table}.{row}.{field}" if field else f"{table}.{row}" for row in rows)
        return tuple(k for k in keys if not field or self._present(k))

    def _present(self, key: str) -> bool:
        number = self.lookup.number(key)
        return number.value is not None if number else self.lookup.text(key) is not None
