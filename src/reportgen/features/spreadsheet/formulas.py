"""Translates the formulas of metrics into those of a workbook, over the cells where figures live.

A formula counts in base units of its own; each part knows in which, so that cells in
万元 and in 元 add up. What has no counterpart in a workbook raises `Untranslatable`: the value is
written then.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction

from reportgen.features.spreadsheet.layout import DataSheet, FigureCell
from reportgen.formula.evaluate import evaluate
from reportgen.formula.names import Context, TableColumn
from reportgen.formula.operand import Operand
from reportgen.formula.syntax import (
    Call,
    Chain,
    Compare,
    Expression,
    FormulaError,
    Logic,
    Name,
    Negative,
    Node,
    NumberLiteral,
    Select,
    TextLiteral,
)
from reportgen.model.frozen import frozen
from reportgen.model.quantity import exact, parse_quantity

MAX_FORMULA = 8000
"""Characters of a formula that Excel accepts, with room to spare (8192)."""
MAX_LITERAL = 250
"""Characters of a text in a formula that Excel accepts, with room to spare (255)."""

_SIGNS = {"==": "=", "!=": "<>"}
"""The signs of comparisons that a workbook writes in another way."""
_WILDCARDS = frozenset("*?~<>=")
"""Characters that mean something else in the criterion of SUMIFS."""


class Untranslatable(Exception):  # noqa: N818 - the value is written instead
    """A formula has no counterpart, or needs a figure that is in no cell."""


def number_literal(value: Fraction) -> str:
    """Return `value` as formulas write it, exact."""
    text = exact(value)
    return f"({text})" if "/" in text else text


def text_literal(text: str) -> str:
    """Return `text` as formulas write it; a long one in pieces."""
    pieces: list[str] = []
    for start in range(0, max(1, len(text)), MAX_LITERAL):
        piece = text[start : start + MAX_LITERAL].replace('"', '""')
        pieces.append(f'"{piece}"')
    return "&".join(pieces)


@frozen
class FormulaPart:
    """A piece of a formula, how many base units it counts in, and whether it needs brackets."""

    text: str
    factor: Fraction = Fraction(1)
    is_loose: bool = False

    @property
    def tight(self) -> str:
        """Return the text as a part of another."""
        return f"({self.text})" if self.is_loose else self.text

    def counted_in(self, factor: Fraction) -> FormulaPart:
        """Return the same quantity counted in units of `factor`."""
        ratio = self.factor / factor
        if ratio == 1:
            return self
        if ratio > 1 or ratio.numerator != 1:
            text = f"{self.tight}*{number_literal(ratio)}"
        else:
            text = f"{self.tight}/{number_literal(1 / ratio)}"
        return FormulaPart(text, factor, is_loose=True)


@frozen
class _Criterion:
    """A comparison of a filter: its column, what SUMIFS compares that with, a test of each cell."""

    cells: str
    criterion: str
    test: str

    @property
    def pair(self) -> str:
        """Return the two arguments of SUMIFS or COUNTIFS."""
        return f"{self.cells},{self.criterion}"


def _quantity_part(text: str) -> FormulaPart:
    """Return a quantity that a formula states: "100%"."""
    quantity = parse_quantity(text)
    factor = quantity.unit.factor
    return FormulaPart(number_literal(quantity.value / factor), factor)


def _only_filter(node: Call) -> Select | None:
    """Return the filter that is the one argument of a call, None for other arguments."""
    first, *others = node.arguments
    return first if isinstance(first, Select) and not others else None


class FormulaTranslation:
    """The translation of one formula; `cells` by key, `sheets` by the key of the table."""

    def __init__(
        self,
        cells: Mapping[str, FigureCell],
        sheets: Mapping[str, DataSheet],
        expression: Expression,
        context: Context,
    ) -> None:
        self.cells = cells
        self.sheets = sheets
        self.expression = expression
        self.context = context
        self._single_cells: dict[str, None] = {}
        self._may_fail = False

    def formula(self, factor: Fraction) -> str:
        """Return the formula for a cell that counts in `factor`, blank where we have no value.

        Raises `Untranslatable`.
        """
        text = self._part(self.expression.tree).counted_in(factor).text
        cells = list(self._single_cells)
        if cells == [text]:
            return f'=IF({text}="","",{text})'
        if cells:
            text = f'IF(COUNT({",".join(cells)})<{len(cells)},"",{text})'
        if self._may_fail:
            text = f'IFERROR({text},"")'
        if len(text) > MAX_FORMULA:
            raise Untranslatable
        return f"={text}"

    def _part(self, node: Node) -> FormulaPart:
        match node:
            case NumberLiteral(value=value):
                return FormulaPart(number_literal(value))
            case TextLiteral(text=text):
                return _quantity_part(text)
            case Name(key=key):
                part = self._cell_of_name(key)
                self._single_cells[part.text] = None
                return part
            case Negative(inner=inner):
                part = self._part(inner)
                return FormulaPart(f"-{part.tight}", part.factor, is_loose=True)
            case _:
                return self._part_of_several(node)

    def _part_of_several(self, node: Node) -> FormulaPart:
        """Return a chain or call; Untranslatable for all else."""
        if isinstance(node, Chain):
            return self._product(node) if node.is_product else self._sum(node)
        if isinstance(node, Call):
            return self._call(node)
        raise Untranslatable

    def _cell_of_name(self, key: str) -> FormulaPart:
        """Return the cell that a name of the formula means."""
        for full in self.context.meanings(key):
            if full in self.cells:
                return self._cell(full)
        raise Untranslatable

    def _cell(self, key: str) -> FormulaPart:
        if key not in self.cells:
            raise Untranslatable
        return FormulaPart(self.cells[key].reference, self.cells[key].factor)

    def _sum(self, node: Chain) -> FormulaPart:
        first = self._part(node.first)
        rest: list[tuple[str, FormulaPart]] = []
        for sign, term in node.rest:
            rest.append((sign, self._part(term)))
        factor = _common_factor([first, *(part for _, part in rest)])
        text = first.counted_in(factor).text
        for sign, part in rest:
            text += f"{sign}{part.counted_in(factor).tight}"
        return FormulaPart(text, factor, is_loose=True)

    def _product(self, node: Chain) -> FormulaPart:
        first = self._part(node.first)
        text, factor = first.tight, first.factor
        for sign, factor_node in node.rest:
            part = self._part(factor_node)
            text += f"{sign}{part.tight}"
            if sign == "*":
                factor *= part.factor
            else:
                factor /= part.factor
                self._may_fail = True
        return FormulaPart(text, factor, is_loose=True)

    def _call(self, node: Call) -> FormulaPart:
        if node.function == "count":
            counts = list(map(self._count, node.arguments))
            return FormulaPart("+".join(counts), is_loose=len(counts) > 1)
        if node.function == "abs":
            part = self._part(node.arguments[0])
            return FormulaPart(f"ABS({part.text})", part.factor)
        filtered = self._sum_of_filter(node)
        return self._aggregate(node) if filtered is None else filtered

    def _aggregate(self, node: Call) -> FormulaPart:
        """Return SUM, MIN or MAX over cells, blank where none of them holds a number."""
        terms: list[FormulaPart] = []
        for argument in node.arguments:
            terms += self._terms(argument)
        if not terms:
            raise Untranslatable
        factor = _common_factor(terms)
        cells = ",".join(term.text for term in terms)
        numbers = ",".join(term.counted_in(factor).text for term in terms)
        self._may_fail = True
        text = f'IF(COUNT({cells})=0,"",{node.function.upper()}({numbers}))'
        return FormulaPart(text, factor)

    def _terms(self, node: Node) -> Iterator[FormulaPart]:
        """Yield the cells, or ranges of cells, that an argument means."""
        match node:
            case Name(key=key):
                column = self.context.column(key)
                if column is None:
                    yield self._cell_of_name(key)
                else:
                    yield from self._column(column)
            case Select():
                # A filter that SUMIFS cannot say: the rows that it keeps now.
                yield from map(self._cell, self._evaluated("sum", node).inputs)
            case Negative(inner=Name(key=key)):
                part = self._cell_of_name(key)
                yield FormulaPart(f"-N({part.text})", part.factor)
            case _:
                raise Untranslatable

    def _evaluated(self, function: str, node: Node) -> Operand:
        """Return what `function` of a part of the formula comes to now."""
        call = Call(node.start, node.end, function, (node,))
        try:
            return evaluate(Expression(self.expression.formula, call), self.context)
        except FormulaError:
            raise Untranslatable from None

    def _column(self, column: TableColumn) -> Iterator[FormulaPart]:
        """Yield the cells of a column, as one range where they stand together."""
        keys = column.cells(self.context.measure)
        parts = [self._cell(key) for key in keys if key in self.cells]
        factors = {part.factor for part in parts}
        sheet = self.sheets.get(column.table)
        name = column.field or self.context.measure
        if sheet is not None and name in sheet.columns and len(factors) == 1:
            yield FormulaPart(sheet.range_of(column.table, name), factors.pop())
        else:
            yield from parts

    # Filters

    def _sum_of_filter(self, node: Call) -> FormulaPart | None:
        """Return SUMIFS for the sum of a filter of plain comparisons, None for anything else."""
        select = _only_filter(node)
        if node.function != "sum" or select is None:
            return None
        table = self.context.full(select.table.key)
        name = select.field or self.context.measure
        criteria = self._criteria(select, table)
        factors = self._factors(table, name)
        if not criteria or len(factors) != 1:
            return None
        self._may_fail = True
        cells = self.sheets[table].range_of(table, name)
        pairs = ",".join(criterion.pair for criterion in criteria)
        tests = "*".join(f"({criterion.test})" for criterion in criteria)
        text = f'IF(SUMPRODUCT({tests}*ISNUMBER({cells}))=0,"",SUMIFS({cells},{pairs}))'
        return FormulaPart(text, factors.pop())

    def _factors(self, table: str, name: str) -> set[Fraction]:
        """Return what the numbers in a column of a data sheet count in; none without column."""
        factors: set[Fraction] = set()
        sheet = self.sheets.get(table)
        for row in sheet.rows_of(table) if sheet and name in sheet.columns else ():
            cell = self.cells.get(f"{row}.{name}")
            if cell is not None:
                factors.add(cell.factor)
        return factors

    def _count(self, node: Node) -> str:
        """Return how many rows an argument of `count` means."""
        return (
            self._filtered_count(node)
            or self._count_of_rows(node)
            or number_literal(self._evaluated("count", node).value or Fraction(0))
        )

    def _filtered_count(self, node: Node) -> str:
        """Return COUNTIFS for a filter of plain comparisons, empty for anything else."""
        if not isinstance(node, Select) or node.field:
            return ""
        criteria = self._criteria(node, self.context.full(node.table.key)) or ()
        pairs = ",".join(criterion.pair for criterion in criteria)
        return f"COUNTIFS({pairs})" if pairs else ""

    def _count_of_rows(self, node: Node) -> str:
        """Return COUNTA for a whole table on a data sheet, empty for anything else."""
        column = self.context.column(node.key) if isinstance(node, Name) else None
        if column is None or column.field or column.table not in self.sheets:
            return ""
        return f"COUNTA({self.sheets[column.table].range_of(column.table, 'id')})"

    def _criteria(self, select: Select, table: str) -> list[_Criterion] | None:
        """Return the comparisons of a filter, None where SUMIFS cannot say one of them."""
        sheet = self.sheets.get(table)
        if sheet is None:
            return None
        criteria: list[_Criterion] = []
        for node in _conjuncts(select.condition):
            criterion = _criterion(node, sheet, table)
            if criterion is None:
                return None
            criteria.append(criterion)
        return criteria


def _common_factor(parts: Iterable[FormulaPart]) -> Fraction:
    """Return the units that parts are added up in: those of the first that is no bare number."""
    return next((part.factor for part in parts if part.factor != 1), Fraction(1))


def _conjuncts(node: Node) -> Iterator[Node]:
    """Yield the conditions that all have to hold."""
    if isinstance(node, Logic) and node.word == "and":
        for part in node.parts:
            yield from _conjuncts(part)
    else:
        yield node


def _criterion(node: Node, sheet: DataSheet, table: str) -> _Criterion | None:
    if not isinstance(node, Compare) or not isinstance(node.left, Name):
        return None
    if node.left.key not in sheet.columns:
        return None
    cells = sheet.range_of(table, node.left.key)
    return _comparison(cells, _SIGNS.get(node.sign, node.sign), node.right)


def _comparison(cells: str, sign: str, value: Node) -> _Criterion | None:
    """Return the comparison of cells with a text or with zero, None for any other value."""
    match value:
        case TextLiteral(text=text) if sign in {"=", "<>"} and _WILDCARDS.isdisjoint(text):
            criterion = text_literal(text if sign == "=" else f"<>{text}")
            return _Criterion(cells, criterion, f"{cells}{sign}{text_literal(text)}")
        case NumberLiteral(value=number) if number == 0:
            test = f"ISNUMBER({cells})*({cells}{sign}0)"
            return _Criterion(cells, text_literal(f"{sign}0"), test)
    return None
