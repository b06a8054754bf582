"""Facts as authors typed them, and the figures worked out from them; both flat and by key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from html import escape
from typing import Literal

from reportgen.model.quantity import Quantity, Shape, exact, number_text, shown
from reportgen.model.source import SourceSpan
from reportgen.model.units import Unit


@dataclass(frozen=True, slots=True)
class Fact:
    """One typed value. `value` is None where the author left the cell blank.

    `prose` marks text that may refer to figures ({{ … }}); all other text is literal.
    `personal` marks names, phones and the like that a public version must not hold.
    """

    key: str
    title: str
    value: Quantity | str | None
    span: SourceSpan
    prose: bool = False
    personal: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts of one unit and year: by dotted key, and the rows of each table in order.

    A table is any list or group of like entries: `tables["funds"]` holds row ids, the cells
    are the facts `funds.<id>.<field>`; a list of plain texts has its items at `<table>.<n>`.
    """

    year: int
    facts: Mapping[str, Fact] = field(default_factory=dict)
    tables: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


FigureKind = Literal["fact", "derived", "score"]


@dataclass(frozen=True, slots=True, repr=False)
class Figure:
    """A number that may be printed; it knows how it came about.

    `value` is exact, in the base unit of `unit`'s dimension, None where it is undefined
    (a blank, or a division by zero). `blank` is what the form wants printed then.
    `words` replaces the number in print (a grade such as 优). `reading` is the formula in
    the words of the form; `inputs` are the keys of the figures it was worked out from.
    """

    key: str
    title: str
    kind: FigureKind
    value: Fraction | None
    unit: Unit
    shape: Shape
    span: SourceSpan
    formula: str = ""
    reading: str = ""
    inputs: tuple[str, ...] = ()
    basis: str = ""
    words: str = ""
    blank: str = ""

    @property
    def text(self) -> str:
        """Return the figure with its unit as printed in running text."""
        if self.words or self.value is None:
            return self.words or self.blank
        return shown(self.value, self.unit, self.shape)

    @property
    def number(self) -> str:
        """Return the digits alone, as printed under a column head that names the unit."""
        if self.words or self.value is None:
            return self.words or self.blank
        return number_text(self.value / self.unit.factor, self.shape)

    @property
    def exact(self) -> str:
        """Return the unrounded value in the figure's unit as text, empty where undefined."""
        return "" if self.value is None else exact(self.value / self.unit.factor)

    def __repr__(self) -> str:
        """Return the figure as one reads it: its key, title and text, its formula in words."""
        reading = f"（{self.reading}）" if self.reading else ""
        return f"<Figure {self.key}: {self.title} {self.text or '—'}{reading}>"

    def _repr_html_(self) -> str:
        return f"<code>{escape(self.key)}</code> {escape(self.title)} <b>{escape(self.text)}</b>"


@dataclass(frozen=True, slots=True)
class Ledger:
    """All figures and texts of a report by key, and the rows of its tables in order.

    Last year's stand under `prior.`.
    """

    year: int
    figures: Mapping[str, Figure] = field(default_factory=dict)
    texts: Mapping[str, Fact] = field(default_factory=dict)
    tables: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
