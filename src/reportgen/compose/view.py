"""What templates see of a ledger: groups, rows, texts and figures, and nothing else."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NoReturn, Self

import jinja2
from markupsafe import Markup

from reportgen.compose.errors import TemplateError
from reportgen.model.figures import UNFILLED, Fact, Figure, Ledger
from reportgen.model.frozen import frozen
from reportgen.model.quantity import Shape, number_text
from reportgen.model.units import ONE

UNFILLED_ROW = "unfilled"
"""The id of the row that stands for those of an empty table that is to be filled in."""


class _Unordered:
    """A value that templates may print and compare with a text, and nothing more."""

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

    `chosen` says that the template itself chose the unit, `hidden` that the figure is withheld
    from the audience or masked, `rounded` that the template says how many decimals it has.
    """

    figure: Figure
    bare: bool = False
    chosen: bool = False
    hidden: bool = False
    rounded: bool = False

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
        """Refuse to decide anything (D114) by a figure that the audience may not see."""
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
    """A text that is withheld from the audience: nothing is printed, but `key` is known."""

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


@frozen
class View:
    """A group, table or row of the ledger: what stands under `key`.

    `hidden` are the keys whose values the audience may not see.
    """

    ledger: Ledger
    groups: frozenset[str]
    hidden: frozenset[str] = frozenset()
    key: str = ""

    @classmethod
    def of(cls, ledger: Ledger, hidden: frozenset[str] = frozenset()) -> View:
        """Return the view of the whole ledger."""
        groups = {"prior"}
        for key in (*ledger.figures, *ledger.texts):
            _add_groups(groups, key.rpartition(".")[0])
        for table in ledger.tables:
            _add_groups(groups, table)
        return cls(ledger, frozenset(groups), hidden)

    @property
    def names(self) -> frozenset[str]:
        """Return the names of what stands directly under this key."""
        prefix = f"{self.key}." if self.key else ""
        names: set[str] = set()
        for key in (*self.groups, *self.ledger.figures, *self.ledger.texts):
            if key.startswith(prefix):
                names.add(key.removeprefix(prefix).partition(".")[0])
        return frozenset(names)

    def child(self, name: object) -> Printable | View | None:
        """Return what `name`, or row number `name`, means here; None if there is nothing."""
        if isinstance(name, int):
            name = self._row_id(name)
        if self.is_unfilled_row:
            return self.unfilled_cell
        full = f"{self.key}.{name}" if self.key else str(name)
        if full == "prior.year":
            return str(self.ledger.year - 1)
        text = self.ledger.texts.get(full)
        if text is not None:
            return self._text_at(full, text)
        figure = self.ledger.figures.get(full)
        if figure is not None:
            return FigureView(figure, hidden=full in self.hidden)
        is_group = full in self.groups or name == UNFILLED_ROW
        return replace(self, key=full) if is_group else None

    @property
    def is_unfilled_row(self) -> bool:
        """Return whether this is the row that stands for those of a table to be filled in."""
        table, _, row = self.key.rpartition(".")
        return row == UNFILLED_ROW and table in self.ledger.unfilled

    @property
    def unfilled_cell(self) -> FigureView:
        """Return what stands for a cell of a table to be filled in: its key is the table's."""
        table = self.key.rpartition(".")[0]
        span = self.ledger.unfilled[table].span
        return FigureView(Figure(table, table, "fact", None, ONE, Shape(), span, blank=UNFILLED))

    def stands_for_rows(self, value: object) -> bool:
        """Return whether a value is a cell of a table whose rows are to be filled in."""
        return isinstance(value, FigureView) and value.figure.key in self.ledger.tables

    def _row_id(self, number: int) -> str:
        """Return the id of a row by its number, from the end if negative; empty beyond."""
        rows = self.rows if self.is_table else ()
        return rows[number] if -len(rows) <= number < len(rows) else ""

    def _text_at(self, key: str, text: Fact) -> Printable:
        if not text.value:
            return Gone(key) if key in self.hidden else ""
        return ProseFact(text) if text.prose else str(text.value)

    def near(self, key: str) -> str:
        """Return known keys like `key`, as a text: those beside it, or else any."""
        beside = self._near_beside(key)
        if beside:
            return "、".join(beside)
        known = [*self.ledger.figures, *self.ledger.texts, *self.ledger.tables]
        return "、".join(difflib.get_close_matches(key, known, n=3, cutoff=0.6)) or "—"

    def _near_beside(self, key: str) -> list[str]:
        """Return the keys of the group of `key` that are like it."""
        head, _, last = key.rpartition(".")
        if head and head not in self.groups:
            return []
        beside = sorted(replace(self, key=head).names)
        names = difflib.get_close_matches(last, beside, n=3, cutoff=0.5)
        return [f"{head}.{name}" for name in names] if head else names

    @property
    def is_table(self) -> bool:
        """Return whether this has rows, be they none."""
        return self.key in self.ledger.tables

    @property
    def rows(self) -> tuple[str, ...]:
        """Return the row ids of this table. Raises `TemplateError` T108 for what has no rows.

        For those that are to be filled in stands one, of which every cell is.
        """
        if not self.is_table:
            word = self.key.rpartition(".")[2]
            raise TemplateError("T108", word=word, filter="for, if, length", found=self.key)
        rows = self.ledger.tables[self.key]
        return rows if rows or self.key not in self.ledger.unfilled else (UNFILLED_ROW,)

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


def _add_groups(groups: set[str], key: str) -> None:
    """Add `key` and every group that it lies in to `groups`."""
    while key and key not in groups:
        groups.add(key)
        key = key.rpartition(".")[0]


def misused(name: str, value: object) -> TemplateError:
    """Return the error (T108) for a filter, or the like, used on `value`.

    What does not exist raises its own error, which names it.
    """
    if isinstance(value, jinja2.Undefined):
        str(value)
    return TemplateError("T108", word=name, filter=name, found=_described(value))


_KINDS = {FigureView: "figure", ProseFact: "text", str: "text", Markup: "text"}


def _described(value: object) -> str:
    """Return what a value is, for a finding: a text itself, the key of a group, or its kind."""
    if isinstance(value, View):
        return value.key
    if isinstance(value, str) and value and not isinstance(value, Markup):
        return f"“{value[:20]}”"
    return _KINDS.get(type(value), type(value).__name__)
