"""What templates see of a ledger: groups, rows, texts and figures, and nothing else."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NoReturn, Self

import jinja2
from markupsafe import Markup

from reportgen.compose.errors import TemplateError
from reportgen.model.figures import Fact, Figure, Ledger
from reportgen.model.quantity import number_text


class _Unordered:
    """A value that templates may print and hold against a text, and nothing more (D3)."""

    __slots__ = ()

    def _compared(self, sign: str) -> NoReturn:
        raise TemplateError("T104", word=sign, part=sign)

    def __lt__(self, other: object) -> NoReturn:
        """Refuse to compare: relations and metrics do."""
        self._compared("<")

    def __le__(self, other: object) -> NoReturn:
        """Refuse to compare."""
        self._compared("<=")

    def __gt__(self, other: object) -> NoReturn:
        """Refuse to compare."""
        self._compared(">")

    def __ge__(self, other: object) -> NoReturn:
        """Refuse to compare."""
        self._compared(">=")


@dataclass(frozen=True, slots=True, eq=False)
class FigureView(_Unordered):
    """A figure on its way to print; `bare` leaves its unit to the column head.

    `chosen` says that the template itself chose the unit, `hidden` that the audience is not
    told the figure.
    """

    figure: Figure
    bare: bool = False
    chosen: bool = False
    hidden: bool = False

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

    def decide(self) -> None:
        """Refuse to decide anything (D114) where the audience is not told the figure."""
        if self.hidden:
            raise TemplateError("D114", word=self.figure.key, key=self.figure.key)

    def __eq__(self, other: object) -> bool:
        """Return whether `other` is the printed text: `score.grade == "优"`."""
        self.decide()
        if not isinstance(other, str):
            self._compared("==")
        return self.text == other

    def __hash__(self) -> int:
        """Return the hash of the printed text."""
        return hash(self.text)

    def __bool__(self) -> NoReturn:
        """Refuse to be a condition: blank, zero or false would be a guess."""
        raise TemplateError("T118", word=self.figure.key, key=self.figure.key)


@dataclass(frozen=True, slots=True, eq=False)
class ProseFact(_Unordered):
    """A text fact that may refer to figures; it is rendered where it is printed."""

    fact: Fact

    @property
    def text(self) -> str:
        """Return the text as its author wrote it."""
        return str(self.fact.value)

    def __eq__(self, other: object) -> bool:
        """Return whether `other` is the text as its author wrote it."""
        return self.text == (other.text if isinstance(other, ProseFact) else other)

    def __hash__(self) -> int:
        """Return the hash of the text."""
        return hash(self.text)


class Gone(str):
    """A text that the audience is not told: nothing is printed, but `key` is known."""

    __slots__ = ("key",)
    key: str

    def __new__(cls, key: str) -> Self:
        """Return the empty text that stands for the one at `key`."""
        self = super().__new__(cls, "")
        self.key = key
        return self


def hole(value: object) -> str:
    """Return the key of a value that prints as nothing because it is withheld, or nothing."""
    if isinstance(value, FigureView):
        return value.figure.key if value.hidden and not value.figure.words else ""
    return value.key if isinstance(value, Gone) else ""


Printable = FigureView | ProseFact | str


@dataclass(frozen=True, slots=True)
class View:
    """A group, table or row of the ledger: what stands under `key`.

    `hidden` are the keys that the audience is not told.
    """

    ledger: Ledger
    groups: frozenset[str]
    hidden: frozenset[str] = frozenset()
    key: str = ""

    @classmethod
    def of(cls, ledger: Ledger, hidden: frozenset[str] = frozenset()) -> View:
        """Return the view of the whole ledger."""
        names = (*ledger.figures, *ledger.texts, *(f"{table}.-" for table in ledger.tables))
        groups = {"prior"}
        for name in names:
            head = name.rpartition(".")[0]
            while head and head not in groups:
                groups.add(head)
                head = head.rpartition(".")[0]
        return cls(ledger, frozenset(groups), hidden)

    @property
    def names(self) -> frozenset[str]:
        """Return the names of what stands directly under this key."""
        keys = (*self.groups, *self.ledger.figures, *self.ledger.texts)
        prefix = f"{self.key}." if self.key else ""
        inside = (k.removeprefix(prefix) for k in keys if k.startswith(prefix))
        return frozenset(k.partition(".")[0] for k in inside)

    def child(self, name: object) -> Printable | View | None:
        """Return what `name`, or row number `name`, means here; None if there is nothing."""
        if isinstance(name, int):
            rows = self.ledger.tables.get(self.key, ())
            name = rows[name] if -len(rows) <= name < len(rows) else ""
        full = f"{self.key}.{name}" if self.key else str(name)
        if full == "prior.year":
            return str(self.ledger.year - 1)
        figure = self.ledger.figures.get(full)
        text = self.ledger.texts.get(full)
        if text is not None:
            if full in self.hidden and not text.value:
                return Gone(full)
            return ProseFact(text) if text.prose and text.value else str(text.value or "")
        if figure is not None:
            return FigureView(figure, hidden=full in self.hidden)
        return replace(self, key=full) if full in self.groups else None

    def near(self, key: str) -> str:
        """Return known keys like `key`, as a text: those beside it, or else any."""
        head, _, last = key.rpartition(".")
        beside = replace(self, key=head).names if not head or head in self.groups else ()
        close = difflib.get_close_matches(last, sorted(beside), n=3, cutoff=0.5)
        found = [f"{head}.{name}" if head else name for name in close]
        if not found:
            known = [*self.ledger.figures, *self.ledger.texts, *self.ledger.tables]
            found = difflib.get_close_matches(key, known, n=3, cutoff=0.6)
        return "、".join(found) or "—"

    @property
    def is_table(self) -> bool:
        """Return whether this has rows, be they none."""
        return self.key in self.ledger.tables

    @property
    def rows(self) -> tuple[str, ...]:
        """Return the row ids of this table. Raises `TemplateError` T108 for what has no rows."""
        if not self.is_table:
            word = self.key.rpartition(".")[2]
            raise TemplateError("T108", word=word, filter="for, if, length", found=self.key)
        return self.ledger.tables[self.key]

    def __iter__(self) -> Iterator[Printable | View]:
        """Yield the rows of the table in order."""
        for row in self.rows:
            child = self.child(row)
            if child is not None:
                yield child

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.rows)

    def __contains__(self, _value: object) -> NoReturn:
        """Refuse to search: filters pick rows."""
        raise TemplateError("T104", word="in", part="in")


def misused(name: str, value: object) -> TemplateError:
    """Return the error (T108) for a filter, or the like, used on `value`.

    What does not exist raises its own error, which names it.
    """
    if isinstance(value, jinja2.Undefined):
        str(value)
    kinds = {FigureView: "figure", ProseFact: "text", str: "text", Markup: "text", View: "group"}
    found = kinds.get(type(value), type(value).__name__)
    if isinstance(value, str) and not isinstance(value, Markup) and value:
        found = f"“{value[:20]}”"
    if isinstance(value, View):
        found = value.key
    return TemplateError("T108", word=name, filter=name, found=found)
