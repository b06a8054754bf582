"""The units that a sheet states: above its table, in the heads of columns, in a caption."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from reportgen.features.spreadsheet.grid import Sheet, SheetCell
from reportgen.findings import Diagnostics, Finding, RelatedLocation, finding
from reportgen.model.quantity import narrow
from reportgen.model.units import UNITS, Unit, find_unit

MONEY = UNITS["元"].dimension
_ROWS_ABOVE = 2
"""Rows above a header whose brackets may hold the unit of a column."""
_UNIT_LINE = re.compile(r"(?:(?:^|[^\w])(?:计量|货币)?|金额)单位:?\s*([^\s)(,;。:]{1,12})")
_UNIT_WORD = re.compile(r"单位:")
_BRACKETS = re.compile(r"\(([^()]*)\)")


def unit_above(sheet: Sheet, rows: range, column: int) -> Unit | None:
    """Return the unit in brackets that stands nearest above the rows of a column."""
    top = max(0, rows.start - _ROWS_ABOVE)
    for row in reversed(range(top, rows.stop)):
        for text in _BRACKETS.findall(sheet.rows[row][column].label):
            unit = _unit(text)
            if unit is not None:
                return unit
    return None


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
