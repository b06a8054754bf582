"""Titles of keys in the words of the form: of figures, and of the rows and columns around them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from reportgen.formula.names import PRIOR


class Titles:
    """The titles of all keys of a report of `year`; `known` by key, `tables` the rows."""

    def __init__(
        self, known: Mapping[str, str], tables: Mapping[str, tuple[str, ...]], year: int
    ) -> None:
        self.known = known
        self.tables = tables
        self.year = year
        self._columns: dict[tuple[str, str], str] = {}

    def of(self, key: str) -> str:
        """Return the title of the figure, text, row or group at `key`, or the key itself.

        What last year did not have is called as this year, with the year before it.
        """
        title = self.known.get(key) or self._groups.get(key)
        if title is None and key.startswith(PRIOR):
            later = key
            while later.startswith(PRIOR):
                later = later.removeprefix(PRIOR)
            years = (len(key) - len(later)) // len(PRIOR)
            title = f"{self.year - years}年{self.of(later)}"
        return title or key

    def column(self, table: str, field: str) -> str:
        """Return the title of a column without that of a row: 决算数; nothing if it has none."""
        at = (table, field)
        if at not in self._columns:
            titles = (self.known.get(f"{table}.{row}.{field}") for row in self._rows(table))
            title = next((title for title in titles if title), "")
            self._columns[at] = title.rpartition("·")[2]
        return self._columns[at]

    def items(self, table: str) -> str:
        """Return what the rows of a plain list are called: 内设科室; nothing for a table."""
        titles = {self.known.get(f"{table}.{row}", "") for row in self._rows(table)}
        return titles.pop() if len(titles) == 1 else ""

    def _rows(self, table: str) -> tuple[str, ...]:
        return self.tables.get(table) or self.tables.get(table.removeprefix(PRIOR), ())

    @cached_property
    def _groups(self) -> dict[str, str]:
        """The titles of rows and groups, read off those of their fields: 项目一·决算数."""
        groups: dict[str, str] = {}
        for key, title in self.known.items():
            group, name = key.rpartition(".")[0], title.rpartition("·")[0]
            while group and name and group not in groups:
                groups[group] = name
                group, name = group.rpartition(".")[0], name.rpartition("·")[0]
        return groups
