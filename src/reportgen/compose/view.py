"""What templates see of a ledger: groups, rows, texts and figures, and nothing else."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass, replace

from reportgen.model.facts import Fact
from reportgen.model.figures import Figure, Ledger
from reportgen.model.quantity import number_text


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure on its way to print; `bare` leaves its unit to the column head."""

    figure: Figure
    bare: bool = False

    @property
    def text(self) -> str:
        """Return what is printed."""
        return self.figure.number if self.bare else self.figure.text

    @property
    def machine(self) -> str:
        """Return the printed number without separators and words, empty where undefined."""
        figure = self.figure
        if figure.value is None:
            return ""
        shape = replace(figure.shape, thousands=False)
        return number_text(figure.value / figure.unit.factor, shape)


@dataclass(frozen=True, slots=True)
class Prose:
    """A text fact that may refer to figures; it is rendered where it is printed."""

    fact: Fact


Printable = Shown | Prose | str


@dataclass(frozen=True, slots=True)
class View:
    """A group, table or row of the ledger: what stands under `key`."""

    ledger: Ledger
    groups: frozenset[str]
    key: str = ""

    @classmethod
    def of(cls, ledger: Ledger) -> View:
        """Return the view of the whole ledger."""
        names = (*ledger.figures, *ledger.texts, *(f"{table}.-" for table in ledger.tables))
        groups = {"prior"}
        for name in names:
            head = name.rpartition(".")[0]
            while head and head not in groups:
                groups.add(head)
                head = head.rpartition(".")[0]
        return cls(ledger, frozenset(groups))

    def child(self, name: str | int) -> Printable | View | None:
        """Return what `name` means under this key, or None if there is nothing."""
        if isinstance(name, int):
            rows = self.rows
            name = rows[name] if -len(rows) <= name < len(rows) else ""
        full = f"{self.key}.{name}" if self.key else name
        if full == "prior.year":
            return str(self.ledger.year - 1)
        figure = self.ledger.figures.get(full)
        text = self.ledger.texts.get(full)
        if text is not None:
            return Prose(text) if text.prose and text.value else str(text.value or "")
        if figure is not None:
            return Shown(figure)
        return replace(self, key=full) if full in self.groups else None

    def near(self, name: str) -> str:
        """Return known names like `name` under this key, as a text."""
        full = f"{self.key}.{name}" if self.key else name
        known = [*self.ledger.figures, *self.ledger.texts, *self.ledger.tables]
        return "、".join(difflib.get_close_matches(full, known, n=3, cutoff=0.5)) or "—"

    @property
    def rows(self) -> tuple[str, ...]:
        """Return the row ids if this is a table."""
        return self.ledger.tables.get(self.key, ())

    def __iter__(self) -> Iterator[Printable | View]:
        """Yield the rows of the table in order."""
        for row in self.rows:
            child = self.child(row)
            if child is not None:
                yield child

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.rows)
