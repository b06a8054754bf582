"""The ids that rows of a document get: those they have in the files, or new ones.

Rows are known by their names, rows without names by what they say and where they stand.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from operator import itemgetter

from reportgen.features.adopt.expected import label_of
from reportgen.model.figures import Facts
from reportgen.model.frozen import frozen
from reportgen.model.rules import DeclaredValues

_PREFIXES = {"funds": "fund", "economic": "item", "ratings": "rating"}
"""What the ids of new rows begin with; of all other tables, with `row`."""


@frozen
class NamelessRow:
    """A row without a name: its number among those of its list, of how many, and its texts.

    `texts` has them by table and column.
    """

    number: int
    total: int
    texts: Mapping[str, Mapping[str, str]]


@dataclass(slots=True)
class RowIds:
    """The ids of rows by table and name; those of rows that stand nowhere yet are made up.

    `nameless` has what the rows without names say, by table and id, `declared` what a pack declares
    of rows, `ordered` has all rows of a table in order, `given` those that rows of the document
    are already.
    """

    by_name: dict[tuple[str, str, int], str] = field(default_factory=dict)
    taken: dict[str, set[str]] = field(default_factory=dict)
    nameless: dict[str, dict[str, dict[str, str]]] = field(default_factory=dict)
    declared: dict[str, dict[str, dict[str, str]]] = field(default_factory=dict)
    ordered: dict[str, tuple[str, ...]] = field(default_factory=dict)
    given: set[tuple[str, str]] = field(default_factory=set)

    @classmethod
    def of(cls, every: Iterable[Facts], declared: Iterable[DeclaredValues] = ()) -> RowIds:
        """Return the ids that rows have in some years and reports, the first of them first.

        Rows that stand nowhere have those that a pack declares for their names.
        """
        ids = cls()
        for facts in every:
            for table, rows in facts.tables.items():
                ids.ordered.setdefault(table, tuple(rows))
                ids._know(facts, table, rows)
        ids._prescribe(declared)
        return ids

    def _prescribe(self, declared: Iterable[DeclaredValues]) -> None:
        """Know the rows of which a pack declares the name, or another text."""
        times: Counter[tuple[str, str]] = Counter()
        for values in declared:
            table, _, rest = values.key.partition(".")
            row, _, column = rest.partition(".")
            if row == "*" or len(values.texts) != 1:
                continue
            label = label_of(values.texts[0])
            self.declared.setdefault(table, {}).setdefault(row, {})[column] = label
            if column == "name":
                times[table, label] += 1
                self.by_name.setdefault((table, label, times[table, label]), row)

    def _know(self, facts: Facts, table: str, rows: Iterable[str]) -> None:
        times: Counter[str] = Counter()
        for row in rows:
            self.taken.setdefault(table, set()).add(row)
            texts = _texts_of(facts, f"{table}.{row}.")
            name = texts.get("name", "")
            times[name] += 1
            if name:
                self.by_name.setdefault((table, name, times[name]), row)
            else:
                self.nameless.setdefault(table, {}).setdefault(row, texts)

    def id_of(self, tables: Sequence[str], name: str, time: int, nameless: NamelessRow) -> str:
        """Return the id of the `time`th row with a name, the same in all tables."""
        label = label_of(name)
        known = self._named(tables, label, time) or self._declared_row(tables, nameless)
        row = known or self._unnamed(tables, label, nameless)
        for table in tables:
            self.taken.setdefault(table, set()).add(row)
            self.by_name[table, label, time] = row
            self.given.add((table, row))
        return row

    def _named(self, tables: Iterable[str], label: str, time: int) -> str:
        """Return the id that a row has by its name in one of the tables, empty for none."""
        known = (self.by_name.get((table, label, time)) for table in tables)
        return next(filter(None, known), "")

    def _declared_row(self, tables: Iterable[str], stated: NamelessRow) -> str:
        """Return the one row of which a pack declares what a row says, empty for none."""
        alike: list[str] = []
        for table in tables:
            alike += self._as_declared(table, stated.texts.get(table, {}))
        return alike[0] if len(alike) == 1 else ""

    def _as_declared(self, table: str, texts: Mapping[str, str]) -> Iterator[str]:
        """Yield the rows without a name of which a pack declares what some texts say."""
        for row, declared in self.declared.get(table, {}).items():
            is_free = (table, row) not in self.given and "name" not in declared
            if is_free and declared.items() <= texts.items():
                yield row

    def _unnamed(self, tables: Sequence[str], label: str, nameless: NamelessRow) -> str:
        """Return the id of a row by what it says if it has no name, else a new one.

        One that says nothing but the text of a file is the row at its place.
        """
        if not any(nameless.texts.values()):
            every = self.ordered.get(tables[0], ())
            return every[nameless.number - 1] if len(every) == nameless.total else self._new(tables)
        alike = map(partial(self._alike, nameless), () if label else tables)
        return next(filter(None, alike), "") or self._new(tables)

    def _alike(self, nameless: NamelessRow, table: str) -> str:
        """Return the row of the files that a row without a name is, empty for a new one.

        It is the one that says most of the same and nothing else; of several that at its place, if
        the files have as many rows, else the first. Where none does, that at its place was edited.
        """
        likeness = self._likenesses(table, nameless)
        best = max(likeness.values(), default=-1)
        own = self._at_place(table, nameless)
        if likeness.get(own) == best:
            return own
        return _first_of(likeness, best) if best >= 0 else ""

    def _at_place(self, table: str, nameless: NamelessRow) -> str:
        """Return the row at the place of another, empty where the files have more, or less."""
        every = list(self.nameless.get(table, ()))
        return every[nameless.number - 1] if len(every) == nameless.total else ""

    def _likenesses(self, table: str, nameless: NamelessRow) -> dict[str, int]:
        """Return how many texts are the same of each row that is none of the document yet."""
        likeness: dict[str, int] = {}
        for row, known in self.nameless.get(table, {}).items():
            if (table, row) not in self.given:
                likeness[row] = _likeness(known, nameless.texts.get(table, {}))
        return likeness

    def _new(self, tables: Sequence[str]) -> str:
        prefix = next(filter(None, map(_PREFIXES.get, tables)), "row")
        taken: set[str] = set()
        for table in tables:
            taken |= self.taken.get(table, set())
        number = 1
        while f"{prefix}_{number}" in taken:
            number += 1
        return f"{prefix}_{number}"


def _first_of(likeness: Mapping[str, int], best: int) -> str:
    """Return the first row that is as alike as the best."""
    return next(row for row, same in likeness.items() if same == best)


def _likeness(known: Mapping[str, str], stated: Mapping[str, str]) -> int:
    """Return how many texts of a row are the same, -1 if one is another."""
    both = known.keys() & stated.keys()
    same = sum(known[column] == stated[column] for column in both)
    return same if same == len(both) else -1


def _texts_of(facts: Facts, row: str) -> dict[str, str]:
    """Return the texts of a row of the files by column; what is filled in later is none."""
    texts: dict[str, str] = {}
    for key, fact in facts.facts.items():
        if key.startswith(row):
            texts[key.removeprefix(row)] = _label(fact.value)
    return dict(filter(itemgetter(1), texts.items()))


def _label(value: object) -> str:
    """Return a text as it is compared, empty for an amount and for one with references."""
    is_text = isinstance(value, str) and "{{" not in value
    return label_of(str(value)) if is_text else ""
