"""Second sources of typed facts: approved totals of columns, and what remains of a whole.

Each is a typed fact with a relation that holds it to the rows or parts, as those of a pack do.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from reportgen.formula.names import TOTALS
from reportgen.load.fields import FreeField, KeyField, Leaf, NameField, RequiredTextField
from reportgen.load.groups import KeyGroup, field
from reportgen.model.figures import Fact, Facts
from reportgen.model.quantity import Quantity, Shape, shown
from reportgen.model.rules import Relation
from reportgen.model.source import Formula
from reportgen.model.units import ONE

Totals = dict[NameField, dict[NameField, FreeField]]
"""By table and column, the total that was approved."""


class RemainderEntry(KeyGroup):
    """其余: what a typed fact remains of, and the parts that it does not hold."""

    whole: RequiredTextField = field(title="总数", description="键或公式")
    parts: list[RequiredTextField] = field(title="各部分", description="键，或 表.列")


Remainders = dict[KeyField, RemainderEntry]
"""By the key of a typed fact, what it is the rest of."""


def with_totals(facts: Facts, titles: Mapping[str, str]) -> Facts:
    """Return `facts` with the approved totals in the units of their columns, and called after them.

    `titles` are those of tables, by key.
    """
    changed = dict(facts.facts)
    for key, fact in facts.facts.items():
        if key.startswith(TOTALS):
            changed[key] = _total(fact, facts, titles)
    return replace(facts, facts=changed)


def _total(fact: Fact, facts: Facts, titles: Mapping[str, str]) -> Fact:
    _, table, column = fact.key.split(".")
    label = f"{titles.get(table, table)}·{column}"
    for cell in _cells(facts, table, column):
        if isinstance(cell.value, Quantity):
            label = f"{titles.get(table, table)}·{cell.title.rpartition('·')[2]}"
            fact = replace(fact, value=_counted(fact.value, cell.value))
            break
    return replace(fact, title=f"{label}批准合计")


def _cells(facts: Facts, table: str, column: str) -> Iterator[Fact]:
    """Yield the facts of a column."""
    keys = (f"{table}.{row}.{column}" for row in facts.tables.get(table, ()))
    return filter(None, map(facts.facts.get, keys))


def _counted(value: Quantity | str | None, like: Quantity) -> Quantity | str | None:
    """Return a value in the unit of `like` where it is a number without one."""
    if isinstance(value, Quantity) and value.unit is ONE:
        return replace(value, value=value.value * like.unit.factor, unit=like.unit)
    return value


def total_relations(totals: Mapping[str, Mapping[str, Leaf]], facts: Facts) -> Iterator[Relation]:
    """Yield for each approved total that the rows of its column add up to it."""
    for table, columns in totals.items():
        for column, leaf in columns.items():
            key = f"{TOTALS}{table}.{column}"
            claim = f"sum({table}.{column}) == {key}"
            yield _relation(key, key, "与各行之和", claim, leaf, facts)


def remainder_relations(
    remainders: Mapping[str, RemainderEntry], facts: Facts
) -> Iterator[Relation]:
    """Yield for each remainder that it is its whole less the parts."""
    for key, entry in remainders.items():
        parts = ", ".join(str(part.value) for part in entry.parts)
        claim = f"{key} == ({entry.whole.value}) - sum({parts})"
        rest = "与总数减去各部分的其余"
        yield _relation(f"remainders.{key}", key, rest, claim, entry.whole, facts)


def _relation(name: str, key: str, other: str, claim: str, at: Leaf, facts: Facts) -> Relation:
    """Return the relation `name` between the fact `key` and some `other` side.

    It stands at `at` as a whole, as a formula on several lines does. Of the digits that the fact
    has none may differ, however few some of the others have: 104 beside 73.54 is 104.00.
    """
    fact = facts.facts.get(key)
    title = f"{fact.title if fact else key}{other}"
    value = fact.value if fact else None
    tolerance = _half_digit(value) if isinstance(value, Quantity) else ""
    return Relation(
        key=name,
        title=title,
        claim=Formula(f"{claim}\n", at.span),
        span=at.span,
        tolerance=tolerance,
    )


def _half_digit(value: Quantity) -> str:
    """Return half a unit of the last digit of a typed number, with its unit."""
    decimals = value.shape.decimals
    return shown(value.tolerance, value.unit, Shape(decimals + 1))
