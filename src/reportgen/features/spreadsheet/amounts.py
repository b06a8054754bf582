"""Reads what a cell states as an amount or a text, in the unit that its sheet states.

Amounts are exact. A number without a unit counts in the one that is stated for its column; where
none is, it is no amount (X133): 元 taken for 万元 are wrong by ten thousand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import chain

from reportgen.features.spreadsheet.grid import Sheet, SheetCell, decimals_needed
from reportgen.findings import Diagnostics, Finding, RelatedLocation, finding
from reportgen.language.even_numbers import even_numbers
from reportgen.language.numbers import WrittenNumber, first_number
from reportgen.load.groups import FieldError, LeafType
from reportgen.model.quantity import (
    Quantity,
    QuantityError,
    Shape,
    narrow,
    number_text,
    parse_quantity,
)
from reportgen.model.source import SourceSpan
from reportgen.model.units import ONE, UNITS, Unit, find_unit
from reportgen.project.yaml_editor import yaml_text
from reportgen.project.yaml_nodes import Mapping, Scalar
from reportgen.project.yaml_reader import read_yaml

MONEY = UNITS["元"].dimension
_ROWS_ABOVE = 2
"""Rows above a header whose brackets may hold the unit of a column."""
_UNIT_LINE = re.compile(r"(?:(?:^|[^\w])(?:计量|货币)?|金额)单位:?\s*([^\s)(,;。:]{1,12})")
_UNIT_WORD = re.compile(r"单位:")
_BRACKETS = re.compile(r"\(([^()]*)\)")
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


def states_amount(cell: SheetCell) -> bool:
    """Return whether a text is an amount that states its unit: 80余次, 95%以上."""
    try:
        return _parsed_amount(cell, _NO_UNIT).unit is not _NO_UNIT
    except CellError:
        return False


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
    return yaml_text(text, quoted=starts_number(text))


def starts_number(text: str) -> bool:
    """Return whether a text begins like an amount."""
    return _NUMBER_START.match(text) is not None


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


# Units that a sheet states


def unit_above(sheet: Sheet, rows: range, column: int) -> Unit | None:
    """Return the unit in brackets that stands nearest above the rows of a column."""
    top = max(0, rows.start - _ROWS_ABOVE)
    units = (bracketed_unit(sheet.rows[row][column]) for row in reversed(range(top, rows.stop)))
    return next(filter(None, units), None)


def bracketed_unit(cell: SheetCell) -> Unit | None:
    """Return the unit that a label states in brackets, None where it states none."""
    units = map(_unit, _BRACKETS.findall(cell.label))
    return next(filter(None, units), None)


def _unit(text: str) -> Unit | None:
    word = _UNIT_WORD.sub("", text)
    return find_unit(word) if word else None


def sheet_unit(sheet: Sheet, bottom: int, log: Diagnostics) -> Unit | None:
    """Return the unit of money that is given above the rows: 单位：万元, 收入情况（万元）.

    The log gets X110 for one nobody knows, X139 for two that differ.
    """
    stated: dict[Unit, SheetCell] = {}
    for cell, symbol in _unit_lines(sheet, bottom):
        unit = find_unit(symbol)
        if unit is None:
            log.extend(_unknown_money(cell, symbol))
        elif unit.dimension == MONEY:
            stated.setdefault(unit, cell)
    if len(stated) > 1:
        (first, first_cell), (other, cell), *_ = stated.items()
        place = RelatedLocation(first_cell.span, "first")
        log.add(finding("X139", cell.span, place, unit=str(other), first=str(first)))
    return next(iter(stated), None)


def _unknown_money(cell: SheetCell, symbol: str) -> Iterator[Finding]:
    """Yield X110 for what is like a unit of money and none."""
    if "元" in symbol or symbol in {"万", "亿", "千"}:
        yield finding("X110", cell.span, unit=symbol)


def _unit_lines(sheet: Sheet, bottom: int) -> Iterator[tuple[SheetCell, str]]:
    """Yield the cells that say a unit of money, or 单位： with whatever stands behind it."""
    for cell in chain.from_iterable((sheet.above, *sheet.rows[:bottom])):
        for symbol in _stated_in(cell, is_above=cell in sheet.above):
            yield cell, symbol


def _stated_in(cell: SheetCell, *, is_above: bool) -> list[str]:
    """Return what a cell says to be a unit; of a caption what it has in brackets."""
    if cell.kind == "text" and "单位:" in cell.label:
        return _UNIT_LINE.findall(narrow(cell.text))[:1]
    return _BRACKETS.findall(cell.label) if is_above else []


def check_units(sheet: Sheet, rows: range, log: Diagnostics) -> None:
    """Add X110 for a header whose brackets hold a unit of money that nobody knows."""
    for cell in chain.from_iterable(sheet.rows[rows.start : rows.stop]):
        for text in _BRACKETS.findall(cell.label) if _is_first(cell, sheet) else ():
            if text.endswith("元") and _unit(text) is None:
                log.add(finding("X110", cell.span, unit=text))


def _is_first(cell: SheetCell, sheet: Sheet) -> bool:
    """Return whether a cell is the first of those merged with it."""
    return cell.merged is None or cell.span == sheet.span_at(*cell.merged[:2])


def schema_problem(leaf: LeafType, span: SourceSpan, yaml: str, title: str) -> Finding | None:
    """Return what the schema says of a value that a cell would become."""
    root, found = read_yaml(span.path, f"v: {yaml}")
    if found or not isinstance(root, Mapping):
        return finding("S205", span, character=yaml[:1])
    try:
        leaf.read(root.entries[0].value)
    except FieldError as error:
        return finding(error.code, span, title=title, **error.params)
    return None
