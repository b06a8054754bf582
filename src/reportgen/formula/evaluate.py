"""How far the two sides of a relation may differ."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from reportgen.formula import operand as op
from reportgen.formula.filters import kept
from reportgen.formula.names import PRIOR, Context, TableColumn
from reportgen.formula.operand import Operand
from reportgen.formula.syntax import (
    Call,
    Chain,
    Compare,
    Expression,
    FormulaError,
    FormulaSpan,
    Name,
    Negative,
    Node,
    NumberLiteral,
    Select,
    TextLiteral,
)
from reportgen.model.quantity import QuantityError, parse_quantity
from reportgen.model.rules import Relation

POINTS = "分"


def tolerance(relation: Relation, claim: EvaluatedClaim) -> Fraction:
    """Return how far the sides may differ: what the relation says, else what rounding may hide.

    Points are counted, not measured: no rounding hides in them, and 99.6分 are not 100分.
    Raises `FormulaError` F107 or F104 for a tolerance that cannot be read, or of another kind.
    """
    if not relation.tolerance:
        counted = POINTS in (claim.left.unit.symbol, claim.right.unit.symbol)
        return Fraction(0) if counted else claim.tolerance
    unit = claim.left.unit
    try:
        quantity = parse_quantity(relation.tolerance, unit)
    except QuantityError as error:
        raise FormulaError("F107", None, {"part": error.part}) from None
    if quantity.unit.dimension != unit.dimension:
        units = {"left": str(unit) or "@unitless", "right": str(quantity.unit)}
        raise FormulaError("F104", None, units)
    return quantity.value


def evaluate(expression: Expression, context: Context) -> Operand:
    """Return the value of `expression`; raises `FormulaError` (F103–F110) at its part."""
    return _Walk(expression, context).number(expression.tree)


@dataclass(frozen=True, slots=True)
class EvaluatedClaim:
    """A claim worked out: its sign, both sides, and what they differ by.

    `gap` is left − right in base units, None where a side is undefined; `tolerance` is what
    rounding may hide of it.
    """

    sign: str
    left: Operand
    right: Operand
    gap: Fraction | None
    tolerance: Fraction


def compare(expression: Expression, context: Context) -> EvaluatedClaim:
    """Return a comparison worked out; raises `FormulaError`, F108 where there is none."""
    tree = expression.tree
    if not isinstance(tree, Compare):
        raise FormulaError("F108", tree, {})
    return _Walk(expression, context).comparison(tree)


@dataclass(frozen=True, slots=True)
class _Walk:
    expression: Expression
    context: Context

    def number(self, node: Node) -> Operand:
        match node:
            case NumberLiteral(value=value, decimals=decimals):
                return Operand(value, decimals=decimals, bare=True)
            case TextLiteral(text=text):
                return self._literal(node, text)
            case Name():
                return self._named(node)
            case Call():
                return self._call(node)
            case Negative(inner=inner):
                return op.negate(self.number(inner))
            case Chain():
                return self._product(node) if node.is_product else self._sum(node)
            case _:
                raise FormulaError("F109", node, {"part": self.expression.source(node)})

    def comparison(self, node: Compare) -> EvaluatedClaim:
        left, right = self.number(node.left), self.number(node.right)
        try:
            gap = op.add(left, right, -1)
        except op.DimensionError as error:
            raise _unlike(error, node, left, right) from None
        return EvaluatedClaim(node.sign, left, right, gap.value, gap.tolerance)

    def _literal(self, node: TextLiteral, text: str) -> Operand:
        try:
            quantity = parse_quantity(text)
        except QuantityError:
            raise FormulaError("F107", node, {"part": text}) from None
        return Operand(quantity.value, quantity.unit, quantity.shape.decimals)

    def _named(self, node: Name) -> Operand:
        found = self.context.number(node.key)
        if found is not None:
            return found
        if self.context.entry:
            return Operand(None)  # the filter has seen to it that another row has this field
        column = self.context.column(node.key)
        if column is not None and column.field:
            self._must_exist(column, node)
        full = self.context.full(node.key)
        if column is not None or self.context.text(node.key) is not None:
            raise FormulaError("F109", node, {"part": node.key}, (full,))
        raise self.context.unknown(node, full)

    def _sum(self, chain: Chain) -> Operand:
        result = self.number(chain.first)
        for sign, node in chain.rest:
            term = self.number(node)
            try:
                result = op.add(result, term, 1 if sign == "+" else -1)
            except op.DimensionError as error:
                raise _unlike(error, FormulaSpan(chain.start, node.end), term) from None
        return result

    def _product(self, chain: Chain) -> Operand:
        result = self.number(chain.first)
        for sign, node in chain.rest:
            factor = self.number(node)
            if sign == "*":
                result = op.multiply(result, factor)
                continue
            try:
                result = op.divide(result, factor)
            except op.ZeroError:
                quotient = FormulaSpan(chain.start, node.end)
                params = {"part": self.expression.source(quotient)}
                raise FormulaError("F106", quotient, params, factor.inputs) from None
        return result

    def _call(self, node: Call) -> Operand:
        if node.function == "count":
            keys = tuple(key for each in node.arguments for key in self._counted(each))
            return Operand(Fraction(len(keys)), inputs=keys, bare=True)
        if node.function == "abs":
            inner = self.number(node.arguments[0])
            return op.negate(inner) if inner.value is not None and inner.value < 0 else inner
        operands = [each for argument in node.arguments for each in self._operands(argument)]
        try:
            if node.function == "sum":
                return op.total(operands)
            return op.extreme(operands, largest=node.function == "max")
        except op.DimensionError as error:
            raise _unlike(error, node, *_odd(operands)) from None

    def _operands(self, node: Node) -> list[Operand]:
        """Return what an argument of `sum` stands for: a number, or those of a column."""
        column = self._column(node)
        if column is None:
            return [self.number(node)]
        if not (column.field or self.context.measure):
            raise FormulaError("F109", node, {"part": self.expression.source(node)})
        if column.rows or not isinstance(node, Select):
            return self._cells(column, node) or self._must_exist(column, node)
        return self._nothing(column, node)

    def _cells(self, column: TableColumn, node: Node) -> list[Operand]:
        """Return the cells that are there; raises F109 for words, which no sum may pass over."""
        cells: list[Operand] = []
        for key in column.cells(self.context.measure):
            number = self.context.lookup.number(key)
            if number is not None:
                cells.append(number)
            elif self.context.lookup.text(key) is not None:
                raise FormulaError("F109", node, {"part": key}, (key,))
        return cells

    def _must_exist(self, column: TableColumn, node: Node) -> list[Operand]:
        """Return no operands; raises F103 where no row of the table has the field of `column`."""
        rows = self.context.lookup.rows(column.table) or ()
        name = column.field or self.context.measure
        keys = [f"{column.table}.{row}.{name}" for row in rows]
        if keys and not any(self._is_known(key) for key in keys):
            raise FormulaError("F103", node, {"key": f"{column.table}.*.{name}"})
        return []

    def _is_known(self, key: str) -> bool:
        lookup = self.context.lookup
        return lookup.number(key) is not None or lookup.text(key) is not None

    def _nothing(self, column: TableColumn, node: Node) -> list[Operand]:
        """Return 0 for a filter that keeps no row: there are amounts, and none of them fits.

        Where the whole column is blank, or is last year's, nothing is known: it is blank.
        """
        rows = self.context.lookup.rows(column.table) or ()
        cells = self._cells(TableColumn(column.table, column.field, rows), node)
        unit = next((each.unit for each in cells if each.value is not None), None)
        if unit is None or column.table.startswith(PRIOR):
            return self._must_exist(column, node)
        return [Operand(Fraction(0), unit)]

    def _column(self, node: Node) -> TableColumn | None:
        match node:
            case Name(key=key):
                return self.context.column(key)
            case Select(table=table, field=field):
                rows = kept(node, self.context, self._compared)
                return TableColumn(self.context.full(table.key), field, rows)
            case _:
                return None

    def _compared(self, node: Compare, entry: Context) -> bool | None:
        """Return whether a comparison of numbers holds in a row, to the last digit."""
        found = _Walk(self.expression, entry).comparison(node)
        return None if found.gap is None else op.holds(found.sign, found.gap)

    def _counted(self, node: Node) -> tuple[str, ...]:
        """Return the keys of the rows, or of the cells that are not blank, that `node` names."""
        column = self._column(node)
        if column is None:
            raise FormulaError("F109", node, {"part": self.expression.source(node)})
        if not column.field:
            return column.cells()
        self._must_exist(column, node)
        return tuple(key for key in column.cells() if self._is_there(key))

    def _is_there(self, key: str) -> bool:
        number = self.context.lookup.number(key)
        if number is not None:
            return number.value is not None
        return self.context.lookup.text(key) is not None


def _unlike(error: op.DimensionError, part: FormulaSpan, *operands: Operand) -> FormulaError:
    left, right = error.args
    return FormulaError("F104", part, {"left": left, "right": right}, op.joined(operands))


def _odd(operands: list[Operand]) -> list[Operand]:
    """Return the first of `operands` that is unlike the first of them."""
    first = operands[0].unit.dimension
    return [each for each in operands if each.unit.dimension != first and not each.bare][:1]
