"""Reads what the formulas of a pack name: figures, tables with their columns, and of what kind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reportgen.features.packs.names import NamesUsed, key_and_groups
from reportgen.findings import Diagnostics
from reportgen.formula.lookup import fault
from reportgen.formula.names import without_prior
from reportgen.formula.parse import parse
from reportgen.formula.syntax import (
    Call,
    Compare,
    FormulaError,
    Name,
    Node,
    Select,
    TextLiteral,
    every_name,
    parts,
)
from reportgen.model.pack import Pack
from reportgen.model.quantity import QuantityError, parse_quantity
from reportgen.model.scoring import Scoring
from reportgen.model.source import Formula


def names_in_formulas(pack: Pack, log: Diagnostics) -> dict[str, NamesUsed]:
    """Return what each formula of a pack names, by its rule; the log gets those that are wrong."""
    uses: dict[str, NamesUsed] = {}
    for rule, formula, table, measures in _formulas(pack):
        try:
            tree = parse(formula).tree
        except FormulaError as error:
            log.add(fault(formula, error, rule))
        else:
            uses[rule] = _names_in_formula(tree, table, measures)
    return uses


def _formulas(pack: Pack) -> Iterator[tuple[str, Formula, str, tuple[str, ...]]]:
    """Yield each formula of a pack: its rule, itself, the table of its `row`, its measures."""
    for metric in pack.rules.metrics:
        table, star, _ = metric.key.partition(".*.")
        yield f"metric {metric.key}", metric.formula, table if star else "", metric.each
    for relation in pack.rules.relations:
        yield f"relation {relation.key}", relation.claim, "", relation.each
    for scoring in pack.rules.scorings:
        for name, formula in _formulas_of_scoring(scoring):
            yield f"scoring {scoring.rating}.{name}", formula, scoring.table, ()


def _formulas_of_scoring(scoring: Scoring) -> Iterator[tuple[str, Formula]]:
    for name in ("value", "target", "last"):
        formula = getattr(scoring, name)
        if formula is not None:
            yield name, formula


def _names_in_formula(tree: Node, table: str, measures: tuple[str, ...]) -> NamesUsed:
    """Return what a formula names, the groups of its keys too: it may name a table by a column."""
    reader = _NameReader(table, measures)
    reader.read(tree)
    names: set[str] = set()
    for name in every_name(tree):
        names.update(key_and_groups(name.key))
    for select in _selects(tree):
        reader.lists.add(select.table.key)
    kinds = dict.fromkeys(reader.numbers, "number") | dict.fromkeys(reader.texts, "text")
    kinds |= reader.rows
    return NamesUsed(
        frozenset(names),
        frozenset(reader.columns),
        frozenset(reader.lists),
        kinds,
        dict(zip(reader.texts, map(tuple, reader.texts.values()), strict=True)),
        reader.units,
    )


class _NameReader:
    """What a formula takes for a number, what for a text, and which tables and columns it reads."""

    def __init__(self, table: str, measures: tuple[str, ...]) -> None:
        self.row_table = table
        self.measures = measures
        self.columns: set[str] = set()
        self.lists: set[str] = set()
        self.numbers: set[str] = set()
        self.texts: dict[str, dict[str, None]] = {}
        self.rows: dict[str, str] = {}
        self.units: dict[str, str] = {}

    def read(self, node: Node, table: str = "") -> None:
        """Read `node`; within a filter of `table` its names are columns of that."""
        match node:
            case Name(key=key):
                self._note(self._full(key, table))
            case Compare():
                self._read_comparison(node, table)
            case Select(table=of, field=column, condition=condition):
                self._note_cells(of.key, column)
                self.read(condition, self._full(of.key, ""))
            case Call(function="count", arguments=arguments):
                self._read_counted(arguments)
            case Call(arguments=(Name(key=key),)):
                self._read_column(self._full(key, table))
            case _:
                self._read_parts(node, table)

    def _read_parts(self, node: Node, table: str) -> None:
        for part in parts(node):
            self.read(part, table)

    def _read_comparison(self, node: Compare, table: str) -> None:
        """Read a comparison: with a text or the row of a column, it says what stands there."""
        match node:
            case (
                Compare(left=Name(key=key), right=TextLiteral(text=text))
                | Compare(left=TextLiteral(text=text), right=Name(key=key))
            ):
                self._note_text(self._full(key, table), text)
            case Compare(left=Name(key=key), right=Name(key="row.id")):
                self.rows[self._full(key, table)] = f"row of {self.row_table}"
            case _:
                self._read_parts(node, table)

    def _full(self, key: str, table: str) -> str:
        """Return the key that a name means: of a row its column, in a filter one of the table."""
        own = without_prior(key)
        if own.startswith("row.") and self.row_table:
            own = f"{self.row_table}.{own.removeprefix('row.')}"
            self.columns.add(own)
        elif table and "." not in own:
            own = f"{table}.{own}"
            self.columns.add(own)
        return own

    def _note(self, key: str) -> None:
        self.numbers.add(key)
        for measure in self.measures:
            self.numbers.add(f"{key}.{measure}")

    def _note_text(self, key: str, text: str) -> None:
        try:
            quantity = parse_quantity(text)
        except QuantityError:
            self.texts.setdefault(key, {})[text] = None
        else:
            self.numbers.add(key)
            self.units[key] = quantity.unit.symbol

    def _note_cells(self, table: str, column: str) -> None:
        for name in (column,) if column else self.measures:
            self.columns.add(f"{table}.{name}")
            self.numbers.add(f"{table}.{name}")

    def _read_column(self, key: str) -> None:
        """Note the argument of a sum: a column, or a table of which the measures are added up."""
        table, _, column = key.rpartition(".")
        self.lists.add(table or key)
        if table:
            self.columns.add(key)
        self.numbers.add(key)
        for measure in self.measures:
            self.numbers.add(f"{key}.{measure}")
            self.columns.add(f"{key}.{measure}")
        del column

    def _read_counted(self, arguments: Iterable[Node]) -> None:
        for argument in arguments:
            if isinstance(argument, Name):
                table, _, column = argument.key.partition(".")
                self.lists.add(table)
                if column:
                    self.columns.add(argument.key)
            else:
                self.read(argument)


def _selects(node: Node) -> Iterator[Select]:
    if isinstance(node, Select):
        yield node
    for part in parts(node):
        yield from _selects(part)
