"""The ids that rows of a document get: those they have in the files, or new ones.

Rows are known by their names, rows without names by what they say and where they stand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from reportgen.features.adopt.expected import label_of
from reportgen.model.figures import Facts
from reportgen.model.frozen import frozen

_PREFIXES = {"funds": "fund", "economic": "item", "ratings": "rating"}
"""What the ids of new rows begin with; of all other tables, with `row`."""


@frozen
class NamelessRow:
    """A row without a name: its number among those of its list, of how many, and its texts.

    `texts` has them by table and column.
    """

    number: int
    total: int
    texts: Mapping[tuple[str, str], str]


@dataclass(slots=True)
class RowIds:
    """The ids of rows by table and name; those of rows that stand nowhere yet are made up.

    `nameless` has what the rows without names say, by table and id, `given` those of them that rows
    of the document are already.
    """

    by_name: dict[tuple[str, str, int], str] = field(default_factory=dict)
    taken: dict[str, set[str]] = field(default_factory=dict)
    nameless: dict[str, dict[str, dict[str, str]]] = field(default_factory=dict)
    given: set[tuple[str, str]] = field(default_factory=set)

    @classmethod
    def of(cls, every: Iterable[Facts]) -> RowIds:
        """Return the ids that rows have in some years and reports, the first of them first."""
        ids = cls()
        for facts in every:
            for table, rows in facts.tables.items():
                ids._know(facts, table, rows)
        return ids

    def _know(self, facts: Facts, table: str, rows: Iterable[str]) -> None:
        times: dict[str, int] = {}
        for row in rows:
            self.taken.setdefault(table, set()).add(row)
            fact = facts.facts.get(f"{table}.{row}.name")
            name = label_of(str(fact.value or "")) if fact is not None else ""
            times[name] = times.get(name, 0) + 1
            if name:
                self.by_name.setdefault((table, name, times[name]), row)
            else:
                known = self.nameless.setdefault(table, {})
                known.setdefault(row, _texts_of(facts, f"{table}.{row}."))

    def id_of(self, tables: Sequence[str], name: str, time: int, nameless: NamelessRow) -> str:
        """Return the id of the `time`th row with a name, the same in all tables."""
        known = (self.by_name.get((table, label_of(name), time)) for table in tables)
        row = next(filter(None, known), "")
        if not row and not label_of(name):
            row = next(filter(None, (self._alike(table, nameless) for table in tables)), "")
        row = row or self._new(tables)
        for table in tables:
            self.taken.setdefault(table, set()).add(row)
            self.by_name[table, label_of(name), time] = row
            self.given.add((table, row))
        return row

    def _alike(self, table: str, nameless: NamelessRow) -> str:
        """Return the row of the files that a row without a name is, empty for a new one.

        It is the one that says most of the same and nothing else; of several that at its place, if
        the files have as many rows, else the first. Where none does, that at its place was edited.
        """
        every = list(self.nameless.get(table, {}))
        likeness: dict[str, int] = {}
        for row in every:
            if (table, row) not in self.given:
                likeness[row] = self._likeness(table, row, nameless)
        own = every[nameless.number - 1] if len(every) == nameless.total else ""
        best = max(likeness, key=likeness.__getitem__, default="")
        if own in likeness and likeness[own] == likeness[best]:
            return own
        return best if likeness.get(best, -1) >= 0 else ""

    def _likeness(self, table: str, row: str, nameless: NamelessRow) -> int:
        """Return how many texts of a row are the same, -1 if one is another."""
        same = 0
        for column, known in self.nameless[table][row].items():
            text = nameless.texts.get((table, column))
            if text is not None and text != known:
                return -1
            same += text is not None
        return same

    def _new(self, tables: Sequence[str]) -> str:
        prefix = next(filter(None, map(_PREFIXES.get, tables)), "row")
        taken: set[str] = set()
        for table in tables:
            taken |= self.taken.get(table, set())
        number = 1
        while f"{prefix}_{number}" in taken:
            number += 1
        return f"{prefix}_{number}"


def _texts_of(facts: Facts, row: str) -> dict[str, str]:
    """Return the texts of a row of the files by column; what is filled in later is none."""
    texts: dict[str, str] = {}
    for key, fact in facts.facts.items():
        is_text = isinstance(fact.value, str) and fact.value and "{{" not in fact.value
        if key.startswith(row) and is_text:
            texts[key.removeprefix(row)] = label_of(str(fact.value))
    return texts
