"""Facts as authors typed them, what people stand for of them, and the figures worked out from them.

Facts and figures are flat, by key.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from html import escape
from itertools import filterfalse
from typing import Literal

from reportgen.model.frozen import frozen
from reportgen.model.quantity import Quantity, Shape, exact, number_text, round_half_up, shown
from reportgen.model.source import SourceSpan
from reportgen.model.units import Unit

UNFILLED = "〔待填〕"
"""What a draft prints for a value that is still to be filled in, and for all that needs it."""


@frozen
class Unfilled:
    """Where something is still to be filled in, and what.

    `unit` is the one in which a number without unit counts, `kind` what is wanted: a `number`, a
    `text`, a `day`, the `rows` of a table, or `any`. `there` says that its key stands in the file.
    """

    span: SourceSpan
    kind: Literal["number", "text", "day", "rows", "any"] = "any"
    unit: str = ""
    there: bool = True


@frozen
class Fact:
    """One typed value. `value` is None where the author left the cell blank.

    `prose` marks text that may refer to figures ({{ … }}); all other text is literal.
    `personal` marks names, phones and the like that a public version must not hold. `left_out`
    says that its key is not even there; `span` is the place of its group then.
    """

    key: str
    title: str
    value: Quantity | str | None
    span: SourceSpan
    prose: bool = False
    personal: bool = False
    left_out: bool = False


@frozen
class Facts:
    """The facts of one unit and year: by dotted key, and the rows of each table in order.

    A table is any list or group of like entries: `tables["funds"]` holds row ids, the cells
    are the facts `funds.<id>.<field>`; a list of plain texts has its items at `<table>.<n>`.
    `values` are the texts that a column is declared to hold, by its key with `*` for the rows.
    `unfilled` are the keys of blanks and empty tables that are still to be filled in, those of
    last year under `prior.`; `unconfirmed` those of facts taken over that nobody has confirmed.
    """

    year: int
    facts: Mapping[str, Fact] = field(default_factory=dict)
    tables: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unfilled: Mapping[str, Unfilled] = field(default_factory=dict)
    unconfirmed: frozenset[str] = frozenset()


FigureKind = Literal["fact", "derived", "score"]


@dataclass(frozen=True, slots=True, repr=False)
class Figure:
    """A number that may be printed; it knows how it came about.

    `value` is exact, in the base unit of `unit`'s dimension, None where it is undefined
    (a blank, or a division by zero). `blank` is what the form wants printed then.
    `words` replaces the number in print (a grade such as 优). `reading` is the formula in
    the words of the form; `inputs` are the keys of the figures it was worked out from. `ratio`
    says that it is a quotient of like things, which is a rate whether it prints in % or not;
    `base` are the keys of what it was divided by where that is negative.
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
    ratio: bool = False
    base: tuple[str, ...] = ()

    @property
    def unfilled(self) -> bool:
        """Return whether it is still to be filled in, or needs what is."""
        return self.blank == UNFILLED

    @property
    def is_rate(self) -> bool:
        """Return whether it is a rate: a ratio, unless it is counted in another unit such as 倍."""
        return self.unit.symbol in {"%", "‰"} or (self.ratio and not self.unit.symbol)

    @property
    def text(self) -> str:
        """Return the figure with its unit as printed in running text."""
        if self.words or self.value is None:
            return self.words or self.blank
        return shown(self.value, self.unit, self.shape)

    @property
    def number(self) -> str:
        """Return the number without its unit, as printed under a column head that names that.

        Words that say it is not exact (约, 余, 以上) stay.
        """
        if self.words or self.value is None:
            return self.words or self.blank
        digits, shape = number_text(self.value / self.unit.factor, self.shape), self.shape
        return f"{shape.before}{digits}{shape.about}{shape.after}"

    @property
    def exact(self) -> str:
        """Return the unrounded value in the figure's unit as text, empty where undefined."""
        return "" if self.value is None else exact(self.value / self.unit.factor)

    @property
    def loses_digits(self) -> bool:
        """Return whether a fact is printed with fewer digits than were typed."""
        if self.kind != "fact" or self.value is None:
            return False
        scaled: Fraction = self.value / self.unit.factor * 10**self.shape.decimals
        return scaled.denominator != 1

    @property
    def printed_sign(self) -> int:
        """Return -1, 0 or 1 as the printed number is: -0.004 in two decimals is printed as 0."""
        if self.value is None:
            return 0
        printed = round_half_up(self.value / self.unit.factor, self.shape.decimals)
        return (printed > 0) - (printed < 0)

    def in_unit(self, unit: Unit) -> Figure:
        """Return the figure counted in `unit` with no digit lost or added: 72000元 is 7.2万元.

        `unit` has its dimension. Where no decimals suffice (1亩 in 平方米) they stay as many as
        they were, and `loses_digits` says so.
        """
        if unit == self.unit:
            return self
        quantum = self.unit.factor / 10**self.shape.decimals
        decimals = _decimals_of(quantum / unit.factor)
        if decimals is None or self.kind != "fact":
            decimals = max(decimals or 0, self.shape.decimals)
        shape = replace(self.shape, decimals=decimals, strip=True, about_at=0)
        return replace(self, unit=unit, shape=shape)

    def __repr__(self) -> str:
        """Return the figure as one reads it: its key, title and text, its formula in words."""
        reading = f"（{self.reading}）" if self.reading else ""
        return f"<Figure {self.key}: {self.title} {self.text or '—'}{reading}>"

    def _repr_html_(self) -> str:
        return f"<code>{escape(self.key)}</code> {escape(self.title)} <b>{escape(self.text)}</b>"


_MOST_DECIMALS = 60
"""No unit is so large that a typed number needs more decimals in it."""


def _decimals_of(step: Fraction) -> int | None:
    """Return how many decimals a whole number of `step`s needs, None where none suffice."""
    for decimals in range(_MOST_DECIMALS):
        if (step * 10**decimals).denominator == 1:
            return decimals
    return None


@frozen
class Ledger:
    """All figures and texts of a report by key, and the rows of its tables in order.

    Last year's stand under `prior.`. `values` are the texts that a column is declared to hold,
    by its key with `*` for the rows. `unfilled` are the blanks and empty tables that are still to
    be filled in, by key; `unconfirmed` are the keys of facts that nobody has confirmed yet.
    """

    year: int
    figures: Mapping[str, Figure] = field(default_factory=dict)
    texts: Mapping[str, Fact] = field(default_factory=dict)
    tables: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unfilled: Mapping[str, Unfilled] = field(default_factory=dict)
    unconfirmed: frozenset[str] = frozenset()

    def empty_table_of(self, key: str) -> str:
        """Return the table to be filled in that a row or cell is going to stand in, or nothing."""
        while key and key not in self.unfilled:
            key = key.rpartition(".")[0]
        return "" if self.tables.get(key, (key,)) else key

    def blanks_below(self, *keys: str) -> tuple[str, ...]:
        """Return the keys of the blanks and empty tables that `keys` need, of those that are one.

        A figure that is there needs none.
        """
        queue = list(filter(self.is_blank, keys))
        for each in queue:  # it grows
            queue += [key for key in self._blank_inputs(each) if key not in queue]
        return tuple(filterfalse(self._blank_inputs, dict.fromkeys(queue)))

    def _blank_inputs(self, key: str) -> list[str]:
        figure = self.figures.get(key)
        return list(filter(self.is_blank, figure.inputs if figure is not None else ()))

    def is_blank(self, key: str) -> bool:
        """Return whether a figure has no value; of what is none, whether it is to be filled in."""
        figure = self.figures.get(key)
        return key in self.unfilled if figure is None else figure.value is None

    def below(self, keys: Iterable[str]) -> Iterator[Figure]:
        """Yield the figures at `keys`, each followed by all that it is worked out from, once."""
        left = [*keys][::-1]
        seen: set[str] = set()
        while left:
            key = left.pop()
            figure = self.figures.get(key)
            if figure is not None and key not in seen:
                seen.add(key)
                yield figure
                left += reversed(figure.inputs)


@frozen
class Confirmation:
    """That an `office` stands for the `values` of facts on some `evidence`.

    `evidence` names a document and a page, `file` may keep it below the folder of the year. Each
    of `values` is a key, the value that was confirmed, and where that stands.
    """

    office: str
    evidence: str
    file: str
    values: tuple[tuple[str, str, SourceSpan], ...]


@frozen
class InferredFact:
    """A fact worked out backwards from a figure that it now gives, and how."""

    key: str
    reason: str
    span: SourceSpan
