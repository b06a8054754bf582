"""What a report must bring for a pack, read off the keys that it names: tables, rows, columns.

Which names are tables of the author's own nobody says: they are those with columns or rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from reportgen.load.groups import fields_of
from reportgen.load.schema import BudgetLine
from reportgen.model.frozen import frozen

SECTIONS_OF_FILES: Mapping[str, tuple[str, ...]] = {
    "staffing.yaml": ("staffing",),
    "budget.yaml": ("income", "expenditure", "operating", "procurement", "buildings"),
    "economic.yaml": ("economic",),
    "three_public.yaml": ("three_public",),
    "funds.yaml": ("funds",),
    "goals.yaml": ("goals", "achievements"),
}
"""Which sections of a year stand in which file."""


@frozen
class TableNeed:
    """A table to fill in: the columns, beside id and name, and ids of rows that must be there."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[str, ...] = ()


def own_tables(
    names: Iterable[str], facts: list[str], columns: frozenset[str]
) -> dict[str, TableNeed]:
    """Return the tables among `names`, those with columns or rows that the pack names.

    A table of which only the names of its rows are read is one too, and no list.
    """
    tables: dict[str, TableNeed] = {}
    for name in names:
        table = _table(name, facts, columns)
        if table.columns or table.rows or keys_in(name, columns):
            tables[name] = table
    return tables


def _table(name: str, facts: Iterable[str], columns: Iterable[str]) -> TableNeed:
    """Return the table `name` as far as the pack names its columns, and rows by their ids."""
    keys = keys_in(name, facts)
    columns_read = keys_in(name, sorted(columns))
    rows = _rows_named(keys, columns_read)
    own: dict[str, None] = {}
    for key in keys:
        column = key.rpartition(".")[2]
        if column not in rows:
            own[column] = None
    own.update(dict.fromkeys(columns_read))
    for every_table_has in ("id", "name"):
        own.pop(every_table_has, None)
    return TableNeed(name, tuple(own), rows)


def _rows_named(keys: list[str], columns: list[str]) -> tuple[str, ...]:
    """Return the rows that keys of a table name by their ids.

    A part alone names a row as well if other keys name a row and a column, and it is no column.
    """
    with_columns = {key.partition(".")[0] for key in keys if "." in key}
    if not with_columns:
        return ()
    no_rows = (set(columns) - with_columns) | fields_of(BudgetLine).keys()
    return tuple(name for name in first_parts(keys) if name not in no_rows)


def keys_in(group: str, keys: Iterable[str]) -> list[str]:
    """Return the keys that stand in `group`, without its name."""
    prefix = f"{group}."
    return [key.removeprefix(prefix) for key in keys if key.startswith(prefix)]


def first_parts(keys: Iterable[str]) -> list[str]:
    """Return the first part of each key, each part once."""
    return list(dict.fromkeys(key.partition(".")[0] for key in keys))
