"""Reads what a cell states as an amount or a text, and says how that is written as YAML.

Amounts are exact. A number without a unit counts in the one that is stated for its column; where
none is, it is no amount (X133): 元 taken for 万元 are wrong by ten thousand.
"""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction

from reportgen.features.spreadsheet.grid import SheetCell, decimals_needed
from reportgen.features.spreadsheet.stated_units import MONEY
from reportgen.findings import Finding, finding
from reportgen.language.number_forms import even_numbers
from reportgen.language.numbers import WrittenNumber, first_number
from reportgen.model.quantity import Quantity, QuantityError, Shape, number_text, parse_quantity
from reportgen.model.units import ONE, UNITS, Unit, find_unit
from reportgen.project.yaml_editor import yaml_text
from reportgen.project.yaml_nodes import Scalar

SLIPS = {MONEY: Fraction(10_000), UNITS["%"].dimension: Fraction(100)}
"""By what a number is wrong where 元 were typed for 万元, or a ratio for its percentage."""
NEAR = (Fraction(2, 3), Fraction(3, 2))
"""How near to such a slip the ratio of two numbers is."""
_NUMBER_START = re.compile(r"[-+约近超逾≥≤<>=]*\d")
_NEGATIVE = re.compile(r"\(([^()]+)\)")
"""A number in brackets, which is how accounts write one below zero."""
_NO_UNIT = Unit("?", (("?", 1),), Fraction(1))
"""The unit of a number that states none where none is known."""


class CellError(Exception):
    """A cell holds no amount; `finding` says why."""

    def __init__(self, problem: Finding) -> None:
        super().__init__(problem)
        self.finding = problem


def read_amount(cell: SheetCell, default: Unit | None) -> Quantity | None:
    """Return the amount in `cell`, None where it is empty; raises `CellError` for what is none.

    A unit in the cell, or in its number format, goes before `default`. Without any only 0 is an
    amount (X133).
    """
    if cell.is_empty:
        return None
    quantity = _stated_amount(cell, default or _NO_UNIT)
    if quantity.unit is not _NO_UNIT:
        return quantity
    if quantity.value:
        raise CellError(finding("X133", cell.span, column=""))
    return replace(quantity, unit=ONE)


def _stated_amount(cell: SheetCell, default: Unit) -> Quantity:
    """Return the amount in a cell that is not empty."""
    if cell.number is not None:
        unit = _format_unit(cell) or default
        return Quantity(cell.number * unit.factor, unit, _fixed_shape(cell))
    if cell.kind != "text":
        raise CellError(cell_problem(cell))
    return _parsed_amount(cell, default)


def _format_unit(cell: SheetCell) -> Unit | None:
    """Return the unit of a number format, None where it has none."""
    unit = find_unit(cell.unit)
    return None if unit is ONE else unit


def _parsed_amount(cell: SheetCell, default: Unit) -> Quantity:
    label = cell.label.replace("，", ",")
    negative = _NEGATIVE.fullmatch(label)
    try:
        return parse_quantity(f"-{negative[1]}" if negative else label, default)
    except QuantityError as error:
        written = _written_amount(cell.label, default)
        if written is not None and error.reason != "long":
            return written
        problem = cell_problem(cell)
        if error.reason == "unit":
            problem = finding("X110", cell.span, unit=error.part)
        raise CellError(problem) from None


def _written_amount(text: str, default: Unit) -> Quantity | None:
    """Return the amount that a text is in another form: 1亿2658万元, 4519.6m2, 叁万元整."""
    even = even_numbers(text).strip()
    number = first_number(even)
    if number is None or not _is_amount(number, even):
        return None
    shape = Shape(number.decimals, strip=False, before=number.before, after=number.after)
    unit = number.unit or default
    return Quantity(number.value * (1 if number.unit else default.factor), unit, shape)


def _is_amount(number: WrittenNumber, text: str) -> bool:
    """Return whether `number` is all of a text; with a zero before it is a code, or mistyped."""
    is_code = re.match("0[0-9]", number.digits) is not None
    return number.end == len(text) and not (number.spoken or number.about or is_code)


def cell_problem(cell: SheetCell) -> Finding:
    """Return the finding about a cell that cannot be read (X112–X114)."""
    if cell.kind == "unknown":
        return finding("X113", cell.span, formula=cell.formula)
    code = "X112" if cell.kind == "error" else "X114"
    return finding(code, cell.span, text=cell.text)


def read_text(cell: SheetCell) -> str:
    """Return the text of a cell on one line."""
    if cell.number is not None:
        return number_text(cell.number, _fixed_shape(cell)) + cell.unit
    return " ".join(cell.text.split())


def _fixed_shape(cell: SheetCell) -> Shape:
    return Shape(decimals=cell.decimals, strip=False)


# What is written as YAML


def converted(quantity: Quantity, unit: Unit) -> Quantity:
    """Return `quantity` as it is written in `unit` of its dimension, to the last digit.

    A change of unit moves the point: trailing zeros that it brings along are dropped.
    """
    if unit.symbol == quantity.unit.symbol:
        return quantity
    decimals = decimals_needed(quantity.value / unit.factor)
    return Quantity(quantity.value, unit, replace(quantity.shape, decimals=decimals, strip=False))


def yaml_amount(quantity: Quantity, *, with_unit: bool) -> str:
    """Return `quantity` as a plain YAML scalar."""
    if with_unit:
        return quantity.text
    return number_text(quantity.value / quantity.unit.factor, quantity.shape)


def free_text(text: str) -> str:
    """Return `text` as the YAML scalar of a free value, where digits would be read as an amount."""
    return yaml_text(text, quoted=_NUMBER_START.match(text) is not None)


def has_no_unit(scalar: Scalar) -> bool:
    """Return whether a number stands in `scalar` without a unit."""
    default = UNITS["名"]
    try:
        return parse_quantity(scalar.text, default).unit is default
    except QuantityError:
        return False


def is_same(new: Quantity, old: Quantity) -> bool:
    """Return whether both are the same amount; an old one without unit counts in the new one's."""
    if old.unit is ONE and new.unit is not ONE:
        return new.value == old.value * new.unit.factor
    return (new.value, new.unit.dimension) == (old.value, old.unit.dimension)


def is_slip(new: Quantity, old: Quantity) -> bool:
    """Return whether one amount is about so many times the other as a wrong unit makes it."""
    times = SLIPS.get(new.unit.dimension)
    if times is None or new.unit.dimension != old.unit.dimension or not (new.value and old.value):
        return False
    ratio = abs(new.value / old.value)
    low, high = NEAR
    return low < max(ratio, 1 / ratio) / times < high
