"""The units that the facts of a pack seem to have: what is added or compared has one unit.

Nobody states them: they are read off what the formulas of the pack do with each other's parts,
the quantities that they name, the units of metrics, and last what the facts are called.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from operator import itemgetter

from reportgen.check.facts import AMOUNTS
from reportgen.formula.names import without_prior
from reportgen.formula.parse import parse
from reportgen.formula.syntax import (
    Call,
    Chain,
    Compare,
    FormulaError,
    Name,
    Negative,
    Node,
    Select,
    TextLiteral,
)
from reportgen.model.pack import Pack
from reportgen.model.quantity import QuantityError, parse_quantity
from reportgen.model.source import Formula

_SAID = (
    (re.compile("(?:率|占比|比重|比例|增速|增幅|满意度|rate|share)$"), "%"),
    (re.compile(r"(?:得分|分值|权重|满分|\.points|\.score)$"), "分"),
    (AMOUNTS, "万元"),
    (re.compile("(?:人数|人员|编制|职工)$|^staffing"), "人"),
)
"""What the names of facts say of their units."""


def likely_units(pack: Pack, tables: Collection[str]) -> dict[str, str]:
    """Return the unit that each key, or column of `tables` (`table.column`), seems to have."""
    units = _Units(tables)
    for formula, table, key, unit in _formulas(pack):
        try:
            tree = parse(formula).tree
        except FormulaError:
            continue  # told where formulas are read
        units.table = table
        units.is_share = unit == "%"
        result = units.read(tree)
        if key:
            units.join(result, key)
            units.state(key, unit)
    return units.by_key()


def unit_by_name(name: str) -> str:
    """Return the unit that a fact seems to have by what it is called, empty for none."""
    return next((unit for pattern, unit in _SAID if pattern.search(name)), "")


def _formulas(pack: Pack) -> Iterator[tuple[Formula, str, str, str]]:
    """Yield each formula with the table of its `row`, the key of its result and the unit of it."""
    for metric in pack.rules.metrics:
        table, star, _ = metric.key.partition(".*.")
        unit = metric.unit.symbol if metric.unit else ""
        key = metric.key.replace(".*.", ".")
        yield metric.formula, table if star else "", key, unit
    for relation in pack.rules.relations:
        yield relation.claim, "", "", ""


class _Units:
    """Keys that have one unit, joined to groups, and the units that are stated of any of them."""

    def __init__(self, tables: Collection[str]) -> None:
        self.tables = tables
        self.parent: dict[str, str] = {}
        self.stated: dict[str, str] = {}
        self.table = ""
        self.is_share = False

    def by_key(self) -> dict[str, str]:
        """Return the unit of each key: the one stated in its group, else as its names say."""
        groups: dict[str, list[str]] = {}
        for key in self.parent:
            groups.setdefault(self._root(key), []).append(key)
        units: dict[str, str] = {}
        for keys in groups.values():
            stated = filter(None, map(self.stated.get, keys))
            said = filter(None, map(unit_by_name, keys))
            units.update(dict.fromkeys(keys, next(stated, next(said, ""))))
        return units

    def join(self, one: str, other: str) -> str:
        """Note that two keys have one unit; an empty one is a number of any unit."""
        if one and other:
            self.parent[self._root(one)] = self._root(other)
        return one or other

    def state(self, key: str, unit: str) -> None:
        """Note the unit of a key."""
        if unit:
            self.stated[key] = unit

    def read(self, node: Node, table: str = "") -> str:
        """Return a key that has the unit of `node`, empty where that has one of its own."""
        match node:
            case Name(key=key):
                return self._key(key, table)
            case Select(table=of, field=column, condition=condition):
                self.read(condition, of.key)
                return self._key(f"{of.key}.{column}" if column else of.key, "")
            case Negative(inner=inner):
                return self.read(inner, table)
            case Call(function="sum" | "min" | "max" | "abs", arguments=arguments):
                return self._alike(arguments, table)
            case Chain():
                return self._read_chain(node, table)
            case Compare(left=left, right=right):
                return self._alike([left, right], table)
        return ""

    def _read_chain(self, chain: Chain, table: str) -> str:
        """Return a key with the unit of a sum; in a share both parts have one unit."""
        parts = [chain.first, *map(itemgetter(1), chain.rest)]
        if not chain.is_product:
            return self._alike(parts, table)
        factors = [self.read(part, table) for part in parts]
        if self.is_share and len(factors) == 2:
            self.join(*factors)
        return ""

    def _alike(self, nodes: Iterable[Node], table: str) -> str:
        """Return a key of nodes that all have one unit."""
        found = ""
        texts: list[str] = []
        for node in nodes:
            if isinstance(node, TextLiteral):
                texts.append(node.text)
            else:
                found = self.join(self.read(node, table), found)
        for text in texts:
            self.state(found, _unit_of(text))
        return found

    def _key(self, key: str, table: str) -> str:
        own = without_prior(key)
        if own.startswith("row.") and self.table:
            own = f"{self.table}.{own.removeprefix('row.')}"
        elif table and "." not in own:
            own = f"{table}.{own}"
        table, _, rest = own.partition(".")
        if table in self.tables and "." in rest:  # a cell of a row that is named
            own = f"{table}.{rest.rpartition('.')[2]}"
        self.parent.setdefault(own, own)
        return own

    def _root(self, key: str) -> str:
        self.parent.setdefault(key, key)
        while self.parent[key] != key:
            key = self.parent[key]
        return key


def _unit_of(text: str) -> str:
    try:
        return parse_quantity(text).unit.symbol
    except QuantityError:
        return ""
