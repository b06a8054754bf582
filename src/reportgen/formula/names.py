"""What the names in a formula mean: figures by key, in a row, or with the measure of an `each`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Protocol

from reportgen.formula.operand import Operand
from reportgen.model.frozen import frozen

PRIOR = "prior."
"""What stands before the key of a figure of last year."""
TOTALS = "totals."
"""What the keys of approved totals of columns begin with; the sums of these are figures too."""

MEASURES = {
    "initial": "年初预算数",
    "budget": "全年预算数",
    "received": "到位数",
    "outturn": "决算数",
    "last": "上年决算数",
}
"""The usual words for the measures of a line; any other measure is its own word."""


def is_of_last_year(key: str) -> bool:
    """Return whether a key is that of a figure of an earlier year."""
    return key.startswith(PRIOR)


def without_prior(key: str) -> str:
    """Return the key of this year's figure for one of any earlier year."""
    while key.startswith(PRIOR):
        key = key.removeprefix(PRIOR)
    return key


def covering(key: str) -> re.Pattern[str]:
    """Return a pattern of `key`, all keys below it, and the same of earlier years.

    A `*` in it stands for any row: `funds.*.owner`.
    """
    parts = ("[^.]+" if part == "*" else re.escape(part) for part in key.split("."))
    return re.compile(rf"(?:{re.escape(PRIOR)})*{'[.]'.join(parts)}(?:[.].+)?")


def every_row(key: str, tables: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Return the keys that one with `*` stands for, the table alone where it has no rows."""
    table, star, column = key.partition(".*.")
    rows = tables.get(table, ())
    if not star or not rows:
        return (table,)
    return tuple(f"{table}.{row}.{column}" for row in rows)


class Lookup(Protocol):
    """What formulas read: figures, texts and table rows by key; None where there is none."""

    def number(self, key: str) -> Operand | None:
        """Return the figure at `key`."""

    def text(self, key: str) -> str | None:
        """Return the text at `key`."""

    def rows(self, key: str) -> tuple[str, ...] | None:
        """Return the row ids of the table at `key`."""

    def values(self, key: str) -> tuple[str, ...]:
        """Return the texts that are declared for the column `key`, `funds.*.source`."""

    def near(self, key: str) -> str:
        """Return known keys like `key`, as a text for a help line."""


@frozen
class Context:
    """Where names are looked up.

    `measure` is that of an `each`; `row` is the key of the row that a `*` stands for, called
    `row` in the formula; `entry` is the key of the row that a filter looks at.
    """

    lookup: Lookup
    measure: str = ""
    row: str = ""
    entry: str = ""

    def entering(self, row: str) -> Context:
        """Return the context of a filter that looks at `row`."""
        return Context(self.lookup, self.measure, self.row, row)

    def full(self, key: str) -> str:
        """Return `key` with the row it means in place of `row`, this year's or an earlier one's."""
        own = without_prior(key)
        if self.row and (own == "row" or own.startswith("row.")):
            return key.removesuffix(own) + self.row + own.removeprefix("row")
        return key

    def meanings(self, key: str) -> Iterator[str]:
        """Yield the full keys that `key` may stand for, what it means first."""
        if self.entry:
            yield f"{self.entry}.{key}"
        full = self.full(key)
        yield full
        if self.measure:
            yield f"{full}.{self.measure}"

    def number(self, key: str) -> Operand | None:
        """Return the figure that `key` means here."""
        for full in self.meanings(key):
            operand = self.lookup.number(full)
            if operand is not None:
                return operand
        return None

    def text(self, key: str) -> str | None:
        """Return the text that `key` means here."""
        for full in self.meanings(key):
            text = self.lookup.text(full)
            if text is not None:
                return text
        return None

    def column(self, key: str) -> TableColumn | None:
        """Return the column, or the whole table, that `key` means here; None for a figure."""
        full = self.full(key)
        if self.lookup.number(full) is not None:
            return None
        rows = self.lookup.rows(full)
        if rows is None:
            return self._field_of_table(full)
        is_group = self.lookup.number(f"{full}.{self.measure}") is not None
        return None if is_group else TableColumn(full, "", rows)

    def _field_of_table(self, full: str) -> TableColumn | None:
        """Return the column whose table is the longest beginning of `full` that is a table."""
        table, _, field = full.rpartition(".")
        while table:
            rows = self.lookup.rows(table)
            if rows is not None:
                is_cell = field.partition(".")[0] in rows
                return None if is_cell else TableColumn(table, field, rows)
            table, _, last = table.rpartition(".")
            field = f"{last}.{field}"
        return None


@frozen
class TableColumn:
    """Some rows of a table, and the field of them that is meant; none where rows are meant."""

    table: str
    field: str
    rows: tuple[str, ...]

    def cells(self, field: str = "") -> tuple[str, ...]:
        """Return the keys of the cells, `field` where the column names none; or of the rows."""
        name = self.field or field
        end = f".{name}" if name else ""
        return tuple(f"{self.table}.{row}{end}" for row in self.rows)
