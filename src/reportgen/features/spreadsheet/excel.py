"""Turns formulas of metrics into formulas of a workbook over the cells where figures live."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from reportgen.features.spreadsheet.homes import DataSheet, FigureCell
from reportgen.features.spreadsheet.parts import (
    LONGEST,
    FormulaPart,
    Untranslatable,
    number,
    quoted,
)
from reportgen.formula.evaluate import evaluate
from reportgen.formula.names import Context, TableColumn
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
from reportgen.model.quantity import parse_quantity


@dataclass(slots=True)
class Translator:
    """Translates the formulas of one ledger; `homes` by key, `tables` by the key of the table."""

    homes: Mapping[str, FigureCell]
    tables: Mapping[str, DataSheet]
    scalars: list[str] = field(default_factory=list)
    guarded: bool = False

    def formula(self, expression: Expression, context: Context, unit: Fraction) -> str:
        """Return the formula of `expression`, blank where our own value is undefined.

        `unit` is what the cell counts in. Raises `Untranslatable`.
        """
        self.scalars, self.guarded = [], False
        part = self._part(expression.tree, expression, context).times(unit)
        text = part.text
        refs = list(dict.fromkeys(self.scalars))
        if refs == [text]:
            return f'=IF({text}="","",{text})'
        if refs:
            text = f'IF(COUNT({",".join(refs)})<{len(refs)},"",{text})'
        if self.guarded:
            text = f'IFERROR({text},"")'
        if len(text) > LONGEST:
            raise Untranslatable
        return f"={text}"

    def _part(self, node: Node, of: Expression, context: Context) -> FormulaPart:
        match node:
            case NumberLiteral(value=value):
                return FormulaPart(number(value))
            case TextLiteral(text=text):
                quantity = parse_quantity(text)
                return FormulaPart(
                    number(quantity.value / quantity.unit.factor), quantity.unit.factor
                )
            case Name(key=key):
                home = self._home(key, context)
                self.scalars.append(home.ref)
                return FormulaPart(home.ref, home.factor)
            case Negative(inner=inner):
                part = self._part(inner, of, context)
                return FormulaPart(f"-{part.tight}", part.factor, loose=True)
            case Chain():
                return self._chain(node, of, context)
            case Call():
                return self._call(node, of, context)
            case _:
                raise Untranslatable

    def _home(self, key: str, context: Context) -> FigureCell:
        for full in context.meanings(key):
            if full in self.homes:
                return self.homes[full]
        raise Untranslatable

    def _chain(self, node: Chain, of: Expression, context: Context) -> FormulaPart:
        first = self._part(node.first, of, context)
        rest = [(sign, self._part(part, of, context)) for sign, part in node.rest]
        if not node.is_product:
            every = [first, *(part for _, part in rest)]
            unit = next((p.factor for p in every if p.factor != 1), Fraction(1))
            text = first.times(unit).text
            for sign, part in rest:
                text += f"{sign}{part.times(unit).tight}"
            return FormulaPart(text, unit, loose=True)
        text, unit = first.tight, first.factor
        for sign, part in rest:
            text += f"{sign}{part.tight}"
            unit = unit * part.factor if sign == "*" else unit / part.factor
            self.guarded = self.guarded or sign == "/"
        return FormulaPart(text, unit, loose=True)

    def _call(self, node: Call, of: Expression, context: Context) -> FormulaPart:
        if node.function == "count":
            counts = [self._counted(each, of, context) for each in node.arguments]
            return FormulaPart("+".join(counts), loose=len(counts) > 1)
        if node.function == "abs":
            part = self._part(node.arguments[0], of, context)
            return FormulaPart(f"ABS({part.text})", part.factor)
        select = node.arguments[0]
        if node.function == "sum" and len(node.arguments) == 1 and isinstance(select, Select):
            found = self._sum_if(select, context)
            if found is not None:
                return found
        return self._over(node, of, context)

    def _over(self, node: Call, of: Expression, context: Context) -> FormulaPart:
        """Return SUM, MIN or MAX over cells, blank where none of them holds a number."""
        terms: list[FormulaPart] = []
        for each in node.arguments:
            terms += self._terms(each, of, context)
        if not terms:
            raise Untranslatable
        unit = next((term.factor for term in terms if term.factor != 1), Fraction(1))
        texts = [term.times(unit).text for term in terms]
        cells = [term.text for term in terms]
        self.guarded = True
        name = node.function.upper()
        return FormulaPart(f'IF(COUNT({",".join(cells)})=0,"",{name}({",".join(texts)}))', unit)

    def _terms(self, node: Node, of: Expression, context: Context) -> Iterator[FormulaPart]:
        column = context.column(node.key) if isinstance(node, Name) else None
        if column is not None:
            yield from self._column(column, context)
        elif isinstance(node, Select):
            # A filter that SUMIFS cannot say: the rows that it keeps now.
            whole = Expression(of.formula, Call(node.start, node.end, "sum", (node,)))
            try:
                keys = evaluate(whole, context).inputs
            except FormulaError:
                raise Untranslatable from None
            yield from (FormulaPart(self._at(key).ref, self._at(key).factor) for key in keys)
        elif isinstance(node, Name):
            home = self._home(node.key, context)
            yield FormulaPart(home.ref, home.factor)
        elif isinstance(node, Negative) and isinstance(node.inner, Name):
            home = self._home(node.inner.key, context)
            yield FormulaPart(f"-N({home.ref})", home.factor)
        else:
            raise Untranslatable

    def _column(self, column: TableColumn, context: Context) -> Iterator[FormulaPart]:
        """Yield the cells of a column, as one range where they stand together."""
        table = self.tables.get(column.table)
        name = column.field or context.measure
        homes = [self.homes[k] for k in column.cells(context.measure) if k in self.homes]
        factors = {home.factor for home in homes}
        if table is not None and name in dict(table.columns) and len(factors) == 1:
            yield FormulaPart(table.ranges(column.table, name), factors.pop())
            return
        yield from (FormulaPart(home.ref, home.factor) for home in homes)

    def _at(self, key: str) -> FigureCell:
        if key not in self.homes:
            raise Untranslatable
        return self.homes[key]

    def _sum_if(self, node: Select, context: Context) -> FormulaPart | None:
        """Return SUMIFS for a filter of plain comparisons, None for any other."""
        key = context.full(node.table.key)
        table, name = self.tables.get(key), node.field or context.measure
        tests = list(self._tests(node.condition, key, context))
        if table is None or name not in dict(table.columns) or not tests or None in tests:
            return None
        factors = {
            self.homes[f"{row}.{name}"].factor
            for row, _ in table.rows
            if row.rpartition(".")[0] == key and f"{row}.{name}" in self.homes
        }
        if len(factors) != 1:
            return None
        cells = table.ranges(key, name)
        pairs = ",".join(f"{test[0]},{test[1]}" for test in tests if test)
        there = "*".join(f"({test[2]})" for test in tests if test)
        self.guarded = True
        count = f"SUMPRODUCT({there}*ISNUMBER({cells}))"
        return FormulaPart(f'IF({count}=0,"",SUMIFS({cells},{pairs}))', factors.pop())

    def _counted(self, node: Node, of: Expression, context: Context) -> str:
        if isinstance(node, Select) and not node.field:
            key = context.full(node.table.key)
            tests = list(self._tests(node.condition, key, context))
            if key in self.tables and tests and None not in tests:
                return f"COUNTIFS({','.join(f'{t[0]},{t[1]}' for t in tests if t)})"
        column = context.column(node.key) if isinstance(node, Name) else None
        table = self.tables.get(column.table) if column else None
        if column is not None and table is not None and not column.field:
            return f"COUNTA({table.ranges(column.table, 'id')})"
        counting = Expression(of.formula, Call(node.start, node.end, "count", (node,)))
        try:
            value = evaluate(counting, context).value
        except FormulaError:
            raise Untranslatable from None
        return number(value or Fraction(0))

    def _tests(
        self, node: Node, key: str, context: Context
    ) -> Iterator[tuple[str, str, str] | None]:
        """Yield range, criterion and array test of each comparison; None for what is none."""
        if isinstance(node, Logic) and node.word == "and":
            for part in node.parts:
                yield from self._tests(part, key, context)
            return
        table = self.tables.get(key)
        if (
            table is None
            or not isinstance(node, Compare)
            or not isinstance(node.left, Name)
            or node.left.key not in dict(table.columns)
        ):
            yield None
            return
        cells = table.ranges(key, node.left.key)
        sign = {"==": "=", "!=": "<>"}.get(node.sign, node.sign)
        match node.right:
            case TextLiteral(text=text) if sign in {"=", "<>"} and not set(text) & set("*?~<>="):
                criterion = quoted(text if sign == "=" else f"<>{text}")
                yield cells, criterion, f"{cells}{sign}{quoted(text)}"
            case NumberLiteral(value=value) if value == 0:
                yield cells, quoted(f"{sign}0"), f"ISNUMBER({cells})*({cells}{sign}0)"
            case _:
                yield None
