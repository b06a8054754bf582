"""What a reader knows of a figure: its print with what rounding leaves open, or its kind alone.

A reader also sees every number that is printed or typed, and which of them stand together.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from reportgen.formula.lookup import is_typed
from reportgen.formula.names import PRIOR
from reportgen.inference.linear_forms import Interval
from reportgen.language.numbers import WrittenNumber, find_numbers
from reportgen.model.document import (
    Block,
    Cell,
    Document,
    Heading,
    Inlines,
    Strong,
    Table,
    Text,
    Value,
    plain,
)
from reportgen.model.figures import Figure
from reportgen.model.frozen import frozen
from reportgen.model.grid import place_cells
from reportgen.model.locations import paragraphs_of
from reportgen.model.pack import Formats
from reportgen.model.quantity import QuantityError, number_text, parse_quantity
from reportgen.model.units import UNITS, Dimension, Unit, find_unit

FINEST_MONEY = UNITS["元"].factor / 100
"""分: no amount is finer, so one printed to the 分 is not rounded."""
_MEASURED = {"money", "length", "area", "mass", "volume", "energy", "power", "day", "分"}
"""Dimensions that do not come in whole numbers only."""
_MONEY_SYMBOLS = ("元", "万元", "亿元")
_SENTENCE_END = re.compile("[。；！？]")
_YEAR = re.compile("(?:19|20)[0-9]{2}")


def unprinted_interval(figure: Figure) -> Interval:
    """Return what is known of a figure that is not printed: amounts and counts are not below 0.

    Only where an author typed it: a difference may well be negative. The same is not said of
    one that is, since nobody would take it for granted there.
    """
    positive = figure.value is not None and figure.value >= 0
    if is_typed(figure) and figure.unit.dimension and positive:
        return Interval(Fraction(0))
    return Interval()


def printed_interval(figure: Figure, prints: Iterable[Value], formats: Formats) -> Interval | None:
    """Return what the `prints` of `figure` say; None where none of them states its number."""
    known: Interval | None = None
    for printed in prints:
        interval = _interval_of_print(figure, printed, formats)
        if interval is not None:
            known = interval if known is None else known.meet(interval)
    return known


def taken_interval(figure: Figure, prints: Iterable[Value], formats: Formats) -> Interval | None:
    """Return what readers take `figure` for who add its `prints` up as they stand.

    Whether a print is rounded they cannot see, and nobody who adds up 15 scores allows each a
    half. Where it is the very value, their sum is right: so it counts as that value.
    """
    known = printed_interval(figure, prints, formats)
    if known is None or known.low is None or known.high is None or is_rough(figure):
        return known
    middle = (known.low + known.high) / 2
    return Interval(middle, middle) if middle == figure.value else known


def _interval_of_print(figure: Figure, printed: Value, formats: Formats) -> Interval | None:
    """Return the numbers that are printed as `printed`, in the unit that it must be meant in.

    A filter of the template may have changed unit and decimals, or dropped the sign, which
    words around it give.
    """
    if figure.value is None or not printed.number:
        return None
    number = abs(Fraction(printed.number)) * (-1 if figure.value < 0 else 1)
    for unit, decimals in _possible_prints(figure, printed, formats):
        middle = number * unit.factor
        half = unit.factor / (2 * 10**decimals)
        if abs(middle - figure.value) <= half:
            exact = _is_exact(unit, decimals, middle)
            return Interval.around(middle, Fraction(0) if exact else half)
    return None


def _possible_prints(
    figure: Figure, printed: Value, formats: Formats
) -> Iterator[tuple[Unit, int]]:
    """Yield the units that a number may be printed in, each with the decimals it then may have."""
    for unit in _possible_units(figure, printed.text):
        for decimals in _possible_decimals(figure, printed, unit, formats):
            yield unit, decimals


def _possible_units(figure: Figure, text: str) -> Iterator[Unit]:
    """Yield the units that a print may be in: its own, the figure's, those of forms."""
    try:
        yield parse_quantity(text, figure.unit).unit
    except QuantityError:
        yield figure.unit
    for symbol in _MONEY_SYMBOLS:
        unit = find_unit(symbol)
        if unit is not None and unit.dimension == figure.unit.dimension:
            yield unit


def _possible_decimals(figure: Figure, printed: Value, unit: Unit, formats: Formats) -> list[int]:
    """Return how many decimals a reader may take a print in `unit` to have, the most first.

    Zeros at the end may have been dropped: a typed amount in the unit of the forms has as many
    decimals as they print, and 8.3 stands for 8.30.
    """
    written = len(printed.number.partition(".")[2])
    decimals = {written, figure.shape.decimals}
    if is_typed(figure) and unit == formats.money_unit and not is_rough(figure):
        decimals.add(formats.money.decimals)
    return sorted(decimals, reverse=True)


def is_rough(figure: Figure) -> bool:
    """Return whether words around the number (约, 余) say that it is not exact."""
    shape = figure.shape
    return bool(shape.about or shape.before or shape.after)


def _is_exact(unit: Unit, decimals: int, value: Fraction) -> bool:
    """Return whether no rounding can hide behind a number: things counted, amounts to the 分."""
    if unit.dimension == UNITS["元"].dimension:
        return bool(unit.factor <= FINEST_MONEY * 10**decimals)
    counted = len(unit.dimension) == 1 and unit.dimension[0][0] not in _MEASURED
    return counted and unit.factor == 1 and value.denominator == 1


def as_printed(figure: Figure, value: Fraction) -> str:
    """Return `value` as the figure would be printed, with its unit and without other words."""
    digits = number_text(value / figure.unit.factor, replace(figure.shape, strip=True))
    return digits + figure.unit.symbol


@frozen
class StatedNumber:
    """A number as a reader sees it: exact value in base units, what rounding leaves open of it.

    `unit` is None where none is printed and no figure says it; then it is that of the secret.
    """

    value: Fraction
    margin: Fraction
    unit: Unit | None
    text: str
    key: str = ""

    @property
    def digits(self) -> int:
        """Return how many digits tell it from other numbers."""
        return len(re.sub(r"\D", "", self.text).strip("0"))

    @property
    def dimension(self) -> Dimension | None:
        """Return what it measures, None where nothing says it."""
        return self.unit.dimension if self.unit else None


@frozen
class NumberGroup:
    """Numbers that a reader may put together, and where they stand.

    They are `close` in a sentence, a row or column, or about one subject; those of a `line` of a
    table may be parts and their total.
    """

    where: str
    numbers: tuple[StatedNumber, ...]
    close: bool = True
    line: bool = False


class NumberReader:
    """Reads the numbers of one report's document; `figures` are its ledger's."""

    def __init__(self, name: str, figures: Mapping[str, Figure], formats: Formats) -> None:
        self.name = name
        self.figures = figures
        self.formats = formats

    def groups(self, document: Document) -> Iterator[NumberGroup]:
        """Yield sentences, paragraphs, lines of tables, tables, sections, and the report."""
        every: list[StatedNumber] = list(self._numbers(document.title_figures))
        parts = [(document.name, document.blocks)]
        parts += [(annex.label, annex.blocks) for annex in document.annexes]
        for label, blocks in parts:
            for group in self._in_part(label, blocks):
                if not group.close:
                    every += group.numbers
                yield group
        yield NumberGroup(self.name, tuple(every), close=False)

    def _in_part(self, label: str, blocks: Iterable[Block]) -> Iterator[NumberGroup]:
        """Yield the groups of a body or annex; a section reaches to the next heading."""
        section: list[StatedNumber] = []
        for block in blocks:
            if isinstance(block, Heading):
                yield self._group(label, section, close=False)
                section, label = [], block.number + plain(block.inlines)
            for group in self._in_block(label, block):
                if not group.line:
                    section += group.numbers
                yield group
        yield self._group(label, section, close=False)

    def _in_block(self, label: str, block: Block) -> list[NumberGroup]:
        if isinstance(block, Table):
            return self._in_table(label, block)
        return self._in_paragraphs(label, block)

    def _group(
        self, where: str, numbers: Iterable[StatedNumber], *, close: bool = True, line: bool = False
    ) -> NumberGroup:
        return NumberGroup(f"{self.name} {where}", tuple(numbers), close, line)

    def _in_paragraphs(self, label: str, block: Block) -> list[NumberGroup]:
        groups: list[NumberGroup] = []
        for paragraph in paragraphs_of(block):
            sentences = self._sentences(paragraph.inlines)
            groups += (self._group(label, sentence) for sentence in sentences)
        return groups

    def _in_table(self, label: str, table: Table) -> list[NumberGroup]:
        """Return each row and column of a table, then all of it."""
        lines: dict[str, list[StatedNumber]] = {}
        every = list(self._numbers(table.caption_figures))
        for placed in place_cells(table):
            numbers = self._in_cell(placed.cell)
            lines.setdefault(f"r{placed.row + 1}", []).extend(numbers)
            lines.setdefault(f"c{placed.column + 1}", []).extend(numbers)
            every += numbers
        where = f"{label} {table.name}"
        groups = [self._group(f"{where} {at}", line, line=True) for at, line in lines.items()]
        return [*groups, self._group(where, every, close=False)]

    def _in_cell(self, cell: Cell) -> list[StatedNumber]:
        numbers: list[StatedNumber] = []
        for inlines in cell.lines:
            numbers += self._numbers(inlines, in_cell=True)
        return numbers

    def _sentences(self, inlines: Inlines) -> Iterator[list[StatedNumber]]:
        """Yield the numbers of each sentence."""
        sentence: list[StatedNumber] = []
        for inline in _flat(inlines):
            for number, piece in enumerate(_pieces(inline)):
                if number:
                    yield sentence
                    sentence = []
                sentence += self._numbers((piece,))
        yield sentence

    def _numbers(self, inlines: Inlines, *, in_cell: bool = False) -> Iterator[StatedNumber]:
        """Yield the numbers that are printed as figures, and those that are typed."""
        for inline in _flat(inlines):
            if isinstance(inline, Value):
                yield from self._of_figure(inline)
            else:
                yield from _typed(inline.text, in_cell=in_cell)

    def _of_figure(self, printed: Value) -> Iterator[StatedNumber]:
        figure = self.figures.get(printed.key)
        known = printed_interval(figure, (printed,), self.formats) if figure else None
        if figure and known and known.low is not None and known.high is not None:
            middle, margin = (known.low + known.high) / 2, (known.high - known.low) / 2
            yield StatedNumber(middle, margin, figure.unit, printed.text, printed.key)


def _flat(inlines: Inlines) -> Iterator[Text | Value]:
    for inline in inlines:
        if isinstance(inline, Strong):
            yield from _flat(inline.inlines)
        elif isinstance(inline, Text | Value):
            yield inline


def _pieces(inline: Text | Value) -> Sequence[Text | Value]:
    """Return the sentences of a text, the last of which may go on; a figure as it is."""
    if isinstance(inline, Value):
        return (inline,)
    return list(map(Text, _SENTENCE_END.split(inline.text)))


def _typed(text: str, *, in_cell: bool) -> Iterator[StatedNumber]:
    """Yield the numbers typed in a text; in a cell, but years, those without a unit, too."""
    for number in find_numbers(text):
        is_amount = in_cell and not _YEAR.fullmatch(number.text)
        if not number.word and (number.unit is not None or is_amount):
            yield StatedNumber(number.value, _margin(number), number.unit, number.text)


def _margin(number: WrittenNumber) -> Fraction:
    """Return what rounding leaves open of a typed number, nothing of what is counted."""
    is_exact = number.unit and _is_exact(number.unit, number.decimals, number.value)
    return Fraction(0) if is_exact else number.step / 2


def subject_group(key: str, numbers: Iterable[StatedNumber]) -> NumberGroup:
    """Return those of `numbers` that speak of what the figure at `key` does, of any year."""
    own = _subject(key)
    about = (number for number in numbers if number.key and _subject(number.key) == own)
    return NumberGroup(own, tuple(about))


def _subject(key: str) -> str:
    """Return the row that a key stands in, whatever its year; of a key alone itself."""
    last = key.rpartition(PRIOR)[2]
    return last.rpartition(".")[0] or last
