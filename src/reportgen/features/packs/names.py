"""What a text of a pack names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field

from reportgen.model.frozen import frozen


@frozen
class NamesUsed:
    """What one text names: keys, the columns (table.column) it reads, what it takes for lists.

    `kinds` says what it takes a key or column for: number, text, date or path; `texts` are those
    that it compares one with, `units` the units of the numbers that it compares one with. `local`
    are the names that it sets itself.
    """

    names: frozenset[str] = frozenset()
    columns: frozenset[str] = frozenset()
    lists: frozenset[str] = frozenset()
    kinds: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    local: frozenset[str] = frozenset()


def merged(uses: Iterable[NamesUsed]) -> NamesUsed:
    """Return what several texts name together; what one of them takes for a number is one."""
    names: set[str] = set()
    columns: set[str] = set()
    lists: set[str] = set()
    kinds: dict[str, str] = {}
    texts: dict[str, tuple[str, ...]] = {}
    units: dict[str, str] = {}
    for used in uses:
        names |= used.names
        columns |= used.columns
        lists |= used.lists
        for key, kind in used.kinds.items():
            kinds[key] = "number" if "number" in {kind, kinds.get(key)} else kind
        for key, more in used.texts.items():
            texts[key] = tuple(dict.fromkeys((*texts.get(key, ()), *more)))
        units |= used.units
    return NamesUsed(frozenset(names), frozenset(columns), frozenset(lists), kinds, texts, units)


def key_and_groups(key: str) -> Iterator[str]:
    """Yield `key` and every group of keys that it stands in."""
    while key:
        yield key
        key = key.rpartition(".")[0]
