"""The figures that a public version prints, from its record, as its readers may know them.

The record (`figures.json`, flow/told_figures) holds exact values; what is taken from it is what is
printed: the number with its digits, what it is called, how it is worked out from others that are
printed too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from reportgen.features.site.recomputation import (
    FigureFormula,
    formula_by_ids,
    in_words,
    recomputed,
)
from reportgen.formula.operand import Operand
from reportgen.model.frozen import frozen
from reportgen.model.quantity import (
    EXACT_WORDS,
    Quantity,
    QuantityError,
    Shape,
    exact,
    number_text,
    parse_quantity,
    round_half_up,
)
from reportgen.model.units import ONE, Unit, find_unit

NOT_RECOMPUTABLE = "不能由公开的数重算"
KINDS = {"fact": "录入", "derived": "计算", "score": "得分"}
"""What kinds of figures are called."""
_MONEY = ("元", "万元", "亿元")
_UNSTATED = Unit("", (("unstated", 1),), Fraction(1))
"""The unit of a number that stands without one, until it is known."""
_SHORTEST_ID = 3
"""Digits of an id at least: F001."""


@frozen
class DatasetFigure:
    """A row of a dataset; its fields are the columns. `places` are (text, place) pairs."""

    id: str
    title: str
    text: str
    value: str
    unit: str
    factor: str
    decimals: int
    qualifier: str
    kind: str
    kind_zh: str
    formula: str
    reading: str
    places: tuple[tuple[str, str], ...]


class RecordError(ValueError):
    """A record of figures does not say what a dataset is made of; `args` is the reason."""


@frozen
class _Print:
    """A number as it is printed somewhere: where, the text, the number in its unit, its shape.

    `number` is signed as the figure is.
    """

    text: str
    place: str
    order: int
    number: Fraction
    unit: Unit
    shape: Shape

    @property
    def step(self) -> tuple[bool, bool, Fraction]:
        """Return how fine it is printed, the finest least; one in no known unit comes last."""
        finest = self.unit.factor / 10**self.shape.decimals
        return self.unit is _UNSTATED, not self.shape.is_exact, finest


@frozen
class _Printed:
    """A figure of a record that is printed as a number: its row, all its prints in order."""

    row: Mapping[str, Any]
    prints: tuple[_Print, ...]

    @property
    def finest(self) -> _Print:
        """Return the print with the most digits, the first of several."""
        return min(self.prints, key=lambda each: (each.step, each.order))

    @property
    def formula(self) -> FigureFormula:
        """Return how it is worked out, by keys."""
        row = self.row
        return FigureFormula(row["key"], row["formula"], tuple(row["inputs"]))

    @property
    def operand(self) -> Operand:
        """Return its printed number as formulas read it."""
        printed = self.finest
        return Operand(printed.number * printed.unit.factor, printed.unit)

    def is_given_by(self, value: Fraction | None) -> bool:
        """Return whether `value`, in base units, rounds to what is printed."""
        printed, decimals = self.finest, self.finest.shape.decimals
        if value is None:
            return False
        rounded = round_half_up(value / printed.unit.factor, decimals)
        return Fraction(rounded, 10**decimals) == printed.number


def read_figures(record: object) -> tuple[DatasetFigure, ...]:
    """Return the figures of a record that the version prints, in the order of reading.

    `record` is what its JSON holds; raises `RecordError`.
    """
    if not isinstance(record, list):
        raise RecordError(type(record).__name__)
    try:
        printed = sorted(_printed_figures(record), key=lambda each: each.prints[0].order)
        blanks = frozenset(row["key"] for row in record if _is_blank(row))
        return tuple(_figures(printed, blanks))
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise RecordError(f"{type(error).__name__}: {error}") from None


def _is_blank(row: Mapping[str, Any]) -> bool:
    """Return whether a figure is blank in the report itself; of one that is hidden nothing is."""
    return bool(row["title"]) and not (row["value"] or row["text"])


def _printed_figures(rows: Iterable[Mapping[str, Any]]) -> Iterator[_Printed]:
    """Yield the figures that print a number; one that is withheld has no title and no value."""
    for row in rows:
        if row["title"] and row["value"]:
            prints = tuple(_prints(row))
            if prints:
                yield _Printed(row, prints)


def _prints(row: Mapping[str, Any]) -> Iterator[_Print]:
    value, unit = Fraction(row["value"]), _unit_of(row["unit"])
    for place in row["places"]:
        quantity = _quantity(place["text"], value * unit.factor, unit)
        if quantity is not None:
            number = quantity.value / quantity.unit.factor
            where, order = place["spoken"], place["order"]
            yield _Print(place["text"], where, order, number, quantity.unit, quantity.shape)


def _unit_of(symbol: str) -> Unit:
    """Return the unit of a figure; one that nobody writes (万元·家) is a dimension of its own."""
    return find_unit(symbol) or Unit(symbol, ((symbol, 1),), Fraction(1))


def _quantity(text: str, value: Fraction, unit: Unit) -> Quantity | None:
    """Return the number that a print of `value` states, None where it is words.

    Under a head that names a unit it stands without; a template may have chosen another unit, which
    may be one that only the head says, and dropped the sign, which a word around it gives.
    """
    try:
        read = parse_quantity(text, _UNSTATED)
    except QuantityError:
        return None
    number = abs(read.value / read.unit.factor) * (-1 if value < 0 else 1)
    for each in _possible_units(read.unit, unit):
        if abs(number * each.factor - value) * 2 * 10**read.shape.decimals <= each.factor:
            return Quantity(number * each.factor, each, read.shape)
    return Quantity(number, _UNSTATED, read.shape) if read.unit is _UNSTATED else None


def _possible_units(read: Unit, unit: Unit) -> Iterator[Unit]:
    """Yield the units that a print may be in: its own, else that of the figure or of a form."""
    if read is not _UNSTATED:
        yield read
        return
    yield unit
    for symbol in _MONEY:
        money = find_unit(symbol) or ONE
        if money.dimension == unit.dimension:
            yield money


def _figures(printed: Sequence[_Printed], blanks: frozenset[str]) -> Iterator[DatasetFigure]:
    ids: dict[str, str] = {}
    titles: dict[str, str] = {}
    numbers: dict[str, Operand] = {}
    digits = max(_SHORTEST_ID, len(str(len(printed))))
    for number, each in enumerate(printed, 1):
        name = f"F{number:0{digits}}"
        ids[each.row["key"]] = name
        titles[name] = _title(each)
        if _factor(each.finest.unit):
            numbers[name] = each.operand
    for each in printed:
        formula = formula_by_ids(each.formula, ids, blanks) or ""
        if not (formula and each.is_given_by(recomputed(formula, numbers))):
            formula = ""
        figure = _figure(each, ids[each.row["key"]], titles)
        yield replace(figure, formula=formula, reading=_reading(figure, formula, titles))


def _title(printed: _Printed) -> str:
    """Return what a figure is called, without the parts that are keys where nobody gave a title.

    Of a column without one the unit says what is counted; what has no title at all is called by
    its place.
    """
    parts, keys = printed.row["title"].split("·"), printed.row["key"].split(".")
    said = [part for part in parts if not _is_key(part, keys)]
    if not said:
        return printed.prints[0].place
    unit = printed.finest.unit.symbol
    counted = f"（{unit}）" if unit and said[-1] != parts[-1] else ""
    return "·".join(said) + counted


def _is_key(part: str, keys: Iterable[str]) -> bool:
    """Return whether a part of a title is one of `keys`, the number of a row behind it or not."""
    return part.isascii() and part.rstrip("0123456789") in keys


def _figure(printed: _Printed, name: str, titles: Mapping[str, str]) -> DatasetFigure:
    row, finest = printed.row, printed.finest
    shape = finest.shape
    return DatasetFigure(
        id=name,
        title=titles[name],
        text=finest.text,
        value=number_text(finest.number, Shape(decimals=shape.decimals, strip=False)),
        unit=finest.unit.symbol,
        factor=_factor(finest.unit),
        decimals=shape.decimals,
        qualifier=_qualifier(shape),
        kind=row["kind"],
        kind_zh=KINDS[row["kind"]],
        formula="",
        reading="",
        places=tuple((each.text, each.place) for each in printed.prints),
    )


def _qualifier(shape: Shape) -> str:
    """Return the words that say that a number is about, at least or at most what it says."""
    before = "" if shape.before in EXACT_WORDS else shape.before
    return f"{before}{shape.about}{shape.after}"


def _factor(unit: Unit) -> str:
    """Return how many base units a unit holds as a decimal, nothing where none says it."""
    factor = exact(unit.factor)
    known = unit == ONE or find_unit(unit.symbol) == unit
    return factor if known and "/" not in factor else ""


def _reading(figure: DatasetFigure, formula: str, titles: Mapping[str, str]) -> str:
    if formula:
        return in_words(formula, titles)
    return "" if figure.kind == "fact" else NOT_RECOMPUTABLE
