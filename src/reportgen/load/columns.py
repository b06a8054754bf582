"""The units of the columns of an author's own tables.

A number without unit counts in that of its column, as it does in the tables of the schema.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace

from reportgen.findings import Diagnostics, finding
from reportgen.load.fields import Leaf
from reportgen.model.figures import Fact, Facts
from reportgen.model.quantity import Quantity
from reportgen.model.units import ONE, Unit, find_unit

ColumnUnits = Mapping[str, Mapping[str, Leaf]]
"""By table and column, the unit that the author states there."""
NOT_COUNTED = frozenset({"id", "name"})
"""Columns that say which row it is: a digit in a name counts nothing."""


def with_column_units(
    facts: Facts, stated: ColumnUnits, own_tables: Collection[str], log: Diagnostics
) -> Facts:
    """Return `facts` with the numbers without unit counted in the units stated for their columns.

    The log gets S211 for a number of another kind in such a column, and S230 for what is none of
    the `own_tables` or no column of it; a table without rows may have any.
    """
    counted = dict(facts.facts)
    for table, columns in stated.items():
        for column, leaf in columns.items():
            _check_known(facts, own_tables, (table, column), leaf, log)
            unit = find_unit(str(leaf.value))
            assert unit is not None  # else the schema would have refused it
            for fact in _cells(facts, own_tables, table, column):
                counted[fact.key] = _counted(fact, unit, log)
    return replace(facts, facts=counted)


def _cells(facts: Facts, own_tables: Collection[str], table: str, column: str) -> Iterator[Fact]:
    """Yield the facts of a column of one of the `own_tables`."""
    rows = facts.tables[table] if table in own_tables else ()
    keys = (f"{table}.{row}.{column}" for row in rows)
    return filter(None, map(facts.facts.get, keys))


def _check_known(
    facts: Facts,
    own_tables: Collection[str],
    named: tuple[str, str],
    leaf: Leaf,
    log: Diagnostics,
) -> None:
    """Log S230 where a table or column that has rows is not there, or names its rows."""
    table, column = named
    if table not in own_tables:
        _log_unknown(table, own_tables, leaf, log)
        return
    known = _columns(facts, table)
    if column in NOT_COUNTED or (known and column not in known):
        _log_unknown(f"{table}.{column}", [f"{table}.{name}" for name in known], leaf, log)


def _columns(facts: Facts, table: str) -> set[str]:
    """Return the columns of a table in which something may be counted."""
    starts = tuple(f"{table}.{row}." for row in facts.tables[table])
    keys = filter(lambda key: key.startswith(starts), facts.facts)
    return {key.rpartition(".")[2] for key in keys} - NOT_COUNTED


def _log_unknown(name: str, known: Iterable[str], leaf: Leaf, log: Diagnostics) -> None:
    names = sorted(known)
    near = difflib.get_close_matches(name, names, n=3, cutoff=0.4) or names[:3]
    log.add(finding("S230", leaf.span, key=name, near="、".join(near) or "—"))


def _counted(fact: Fact, unit: Unit, log: Diagnostics) -> Fact:
    """Return a fact counted in `unit` where it is a number without one."""
    value = fact.value
    if not isinstance(value, Quantity):
        return fact
    if value.unit is ONE:
        return replace(fact, value=Quantity(value.value * unit.factor, unit, value.shape))
    if value.unit.dimension != unit.dimension:
        text, wanted = value.text, unit.symbol
        log.add(finding("S211", fact.span, title=fact.title, text=text, wanted=wanted))
    return fact
