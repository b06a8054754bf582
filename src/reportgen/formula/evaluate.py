"""Evaluates formulas: the value of an expression, and both sides of a claim."""

from __future__ import annotations

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
from reportgen.model.frozen import frozen
from reportgen.model.quantity import QuantityError, parse_quantity
from reportgen.model.rules import Relation
from reportgen.model.units import Unit

POINTS = "分"


def evaluate(expression: Expression, context: Context) -> Operand:
    """Return the value of `expression`; raises `FormulaError` (F103–F116) at its part."""
    return _Evaluator(expression, context).number(expression.tree)


@frozen
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
    return _Evaluator(expression, context).comparison(tree)


def tolerance(relation: Relation, claim: EvaluatedClaim) -> Fraction:
    """Return how far the sides may differ: what the relation says, else what rounding may hide.

    Points are counted, not measured: no rounding hides in them, and 99.6分 are not 100分.
    Raises `FormulaError` F107 or F104 for a tolerance that cannot be read, or of another kind.
    """
    if relation.tolerance:
        return _stated_tolerance(relation.tolerance, _measuring(claim).unit)
    if POINTS in (claim.left.unit.symbol, claim.right.unit.symbol):
        return Fraction(0)
    return claim.tolerance


def _measuring(claim: EvaluatedClaim) -> Operand:
    """Return the side of a claim that says what both are counted in: not a bare number or blank."""
    left = claim.left
    return claim.right if left.bare or left.value is None else left


def _stated_tolerance(text: str, unit: Unit) -> Fraction:
    """Return the tolerance that `text` states for sides in `unit`."""
    try:
        quantity = parse_quantity(text, unit)
    except QuantityError as error:
        raise FormulaError("F107", None, {"part": error.part}) from None
    if quantity.unit.dimension != unit.dimension:
        units = {"left": op.unit_name(unit), "right": str(quantity.unit)}
        raise FormulaError("F104", None, units)
    return quantity.value


@frozen
class _Evaluator:
    expression: Expression
    context: Context

    def number(self, node: Node) -> Operand:
        """Return the value of a part; raises F115 for one of which nobody can read the digits.

        F116 is a growth on a negative base.
        """
        try:
            return self._number(node)
        except op.LongNumberError as error:
            raise self._too_long(error, node) from None
        except op.NegativeBaseError as error:
            params = {"part": self.expression.source(node)}
            raise FormulaError("F116", node, params, error.args) from None

    def _too_long(self, error: op.LongNumberError, node: Node) -> FormulaError:
        params = {"part": self.expression.source(node), "limit": error.args[0]}
        return FormulaError("F115", node, params)

    def _number(self, node: Node) -> Operand:
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
            gap = op.difference(left, right)
        except op.DimensionError as error:
            raise _unlike(error, node, left, right) from None
        except op.LongNumberError as error:
            raise self._too_long(error, node) from None
        return EvaluatedClaim(node.sign, left, right, gap.value, gap.tolerance)

    def _literal(self, node: TextLiteral, text: str) -> Operand:
        try:
            quantity = parse_quantity(text)
        except QuantityError:
            raise FormulaError("F107", node, {"part": text}) from None
        is_rate = quantity.unit.symbol in op.RATES and quantity.value != 1
        rates = 1 if is_rate else None  # 100 % is a whole: less that, a rate is a growth
        return Operand(quantity.value, quantity.unit, quantity.shape.decimals, rates=rates)

    def _named(self, node: Name) -> Operand:
        operand = self.context.number(node.key)
        if operand is not None:
            return operand
        if self.context.entry:
            return Operand(None)  # the filter has seen to it that another row has this field
        raise self._no_number(node)

    def _no_number(self, node: Name) -> FormulaError:
        """Return F109 for a name that means something else than a number, F103 for an unknown."""
        full = self.context.full(node.key)
        column = self.context.column(node.key)
        if column is not None and column.field:
            self._must_exist(column, node)
        is_of_no_row = column is None or (column.field and not column.rows)
        if is_of_no_row and self.context.text(node.key) is None:
            return FormulaError("F103", node, {"key": full})
        return FormulaError("F109", node, {"part": node.key}, (full,))

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
        match node.function:
            case "count":
                return self._count(node.arguments)
            case "abs":
                return op.absolute(self.number(node.arguments[0]))
            case _:
                return self._aggregate(node)

    def _count(self, arguments: tuple[Node, ...]) -> Operand:
        keys: list[str] = []
        for argument in arguments:
            keys += self._counted(argument)
        return Operand(Fraction(len(keys)), inputs=tuple(keys), bare=True)

    def _aggregate(self, node: Call) -> Operand:
        """Return the sum, minimum or maximum of the arguments of `node`."""
        operands: list[Operand] = []
        for argument in node.arguments:
            operands += self._operands(argument)
        try:
            if node.function == "sum":
                return op.total(operands)
            return op.extreme(operands, largest=node.function == "max")
        except op.DimensionError as error:
            raise _unlike(error, node, *_first_unlike(operands)) from None

    def _operands(self, node: Node) -> list[Operand]:
        """Return what an argument of `sum` stands for: a number, or those of a column."""
        column = self._column(node)
        if column is None:
            return [self.number(node)]
        if not column.field and not self.context.measure:
            raise FormulaError("F109", node, {"part": self.expression.source(node)})
        if isinstance(node, Select) and not column.rows:
            return self._sum_of_no_row(column, node)
        cells = self._cells(column, node)
        if not cells:
            self._must_exist(column, node)
        return cells

    def _cells(self, column: TableColumn, node: Node) -> list[Operand]:
        """Return the cells that are there; raise F109 for words, which no sum may pass over."""
        cells: list[Operand] = []
        for key in column.cells(self.context.measure):
            number = self.context.lookup.number(key)
            if number is not None:
                cells.append(number)
            elif self.context.lookup.text(key) is not None:
                raise FormulaError("F109", node, {"part": key}, (key,))
        return cells

    def _must_exist(self, column: TableColumn, node: Node) -> None:
        """Raise F103 where the table has rows and none of them has the field of `column`."""
        name = column.field or self.context.measure
        keys = self._whole(column).cells(name)
        if keys and not any(map(self._is_known, keys)):
            raise FormulaError("F103", node, {"key": f"{column.table}.*.{name}"})

    def _whole(self, column: TableColumn) -> TableColumn:
        """Return `column` with every row of its table."""
        rows = self.context.lookup.rows(column.table) or ()
        return TableColumn(column.table, column.field, rows)

    def _is_known(self, key: str) -> bool:
        lookup = self.context.lookup
        return lookup.number(key) is not None or lookup.text(key) is not None

    def _sum_of_no_row(self, column: TableColumn, node: Node) -> list[Operand]:
        """Return 0 for a filter that keeps no row: there are amounts, and none of them fits.

        Where the whole column is blank, or is last year's, nothing is known: it is blank.
        """
        cells = self._cells(self._whole(column), node)
        amounts = [cell for cell in cells if cell.value is not None]
        if amounts and not column.table.startswith(PRIOR):
            return [Operand(Fraction(0), amounts[0].unit)]
        self._must_exist(column, node)
        return []

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
        claim = _Evaluator(self.expression, entry).comparison(node)
        return None if claim.gap is None else op.holds(claim.sign, claim.gap)

    def _counted(self, node: Node) -> tuple[str, ...]:
        """Return the keys of the rows, or of the cells that are not blank, that `node` names."""
        column = self._column(node)
        if column is None:
            if isinstance(node, Name) and self.context.number(node.key) is None:
                raise self._no_number(node)
            raise FormulaError("F109", node, {"part": self.expression.source(node)})
        if not column.field:
            return column.cells()
        self._must_exist(column, node)
        return tuple(filter(self._is_there, column.cells()))

    def _is_there(self, key: str) -> bool:
        number = self.context.lookup.number(key)
        if number is not None:
            return number.value is not None
        return self.context.lookup.text(key) is not None


def _unlike(error: op.DimensionError, part: FormulaSpan, *operands: Operand) -> FormulaError:
    left, right = error.args
    return FormulaError("F104", part, {"left": left, "right": right}, op.inputs_of(operands))


def _first_unlike(operands: list[Operand]) -> list[Operand]:
    """Return the first of `operands` whose unit is unlike that of the first of them."""
    for operand in operands:
        if operand.unit.dimension != operands[0].unit.dimension and not operand.bare:
            return [operand]
    return []
