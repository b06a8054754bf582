"""Single values that stand beside or below their labels, as in forms: a sheet of names and values.

A label is the name of one value of the data and of no other. What stands below it is its value
only where no column of numbers does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Mapping as Mappings
from dataclasses import replace
from itertools import chain

from reportgen.features.spreadsheet.amounts import unit_above
from reportgen.features.spreadsheet.grid import Sheet, SheetCell
from reportgen.features.spreadsheet.structure import plain_label
from reportgen.features.spreadsheet.tables import YearRow, YearTable
from reportgen.model.source import SourceSpan

_HEAD = ("键", "数值", "单位")
_NUMBER = re.compile(r"[-+(]?[0-9][0-9,]*(?:\.[0-9]+)?\)?(?:%|[百千万亿]*[元人名个家㎡分台])?")
_EXACT = re.compile(r"^(?:年末)?(?:实际|实有)(?=在职)")
"""What forms write before the label of the schema: 年末实际在职人数."""
_DEPTH = 2
"""Parts of the key of a single value: a section and a name, or a name alone."""


def labelled_values(sheet: Sheet, table: YearTable) -> Sheet:
    """Return the values of a sheet that have the labels of single values, one a row."""
    rows = _labelled_rows(table)
    pairs: list[tuple[SheetCell, ...]] = [tuple(_words(text, sheet.span) for text in _HEAD)]
    for number, cells in enumerate(sheet.rows):
        for column, cell in enumerate(cells):
            label = _EXACT.sub("", plain_label(cell.text))
            row = rows.get(label) or rows.get(plain_label(cell.text))
            if row is not None and _begins(cell, number, column):
                pairs += _pair(sheet, number, column, row)
    stated = [cell for cell in chain.from_iterable(sheet.rows) if "单位:" in cell.label]
    return Sheet(
        sheet.path,
        sheet.name,
        tuple(pairs),
        above=(*sheet.above, *stated),
        is_of_document=True,
        is_labelled=True,
    )


def _pair(sheet: Sheet, row: int, column: int, known: YearRow) -> Iterator[tuple[SheetCell, ...]]:
    """Yield the key, the value and the unit of a label, where it has a value."""
    value = _value_of(sheet, row, column, known)
    if value is not None:
        unit = unit_above(sheet, range(row, row + 1), column)
        unit_cell = _words(str(unit or ""), value.span)
        yield _words(known.key, value.span), replace(value, merged=None), unit_cell


def _words(text: str, span: SourceSpan) -> SheetCell:
    return SheetCell(span, "text" if text else "blank", text)


def _labelled_rows(table: YearTable) -> Mappings[str, YearRow]:
    """Return the single values by their labels, but for labels of several."""
    rows: dict[str, YearRow] = {}
    several: set[str] = set()
    for row in table.rows:
        label = plain_label(row.name)
        if label in rows:
            several.add(label)
        rows[label] = row
    return {label: row for label, row in rows.items() if label not in several and _is_one(row)}


def _is_one(row: YearRow) -> bool:
    """Return whether a value is one of its own: no cell of a table, no item of a list.

    Of what the schema knows numbers are, since 联系电话 may be anybody's.
    """
    is_known = row.type is None or row.type.unit != ""
    return is_known and row.key.count(".") < _DEPTH and not row.id.isdigit()


def _begins(cell: SheetCell, row: int, column: int) -> bool:
    """Return whether a text begins at a place of the grid."""
    return cell.kind == "text" and (cell.merged is None or cell.merged[:2] == (row, column))


def _value_of(sheet: Sheet, row: int, column: int, known: YearRow) -> SheetCell | None:
    """Return the cell with the value of a label: beside it or, for a number, below it."""
    top, left, bottom, right = sheet.rows[row][column].merged or (row, column, row, column)
    beside = _cell(sheet, top, right + 1)
    if known.type is None and not _NUMBER.match(known.text("value")):
        return None if beside is None or beside.is_empty else beside
    if beside is not None and _is_number(beside):
        return beside
    return _alone(list(_cells_below(sheet, bottom + 1, left)))


def _alone(below: list[SheetCell]) -> SheetCell | None:
    """Return the first cell below a label if it is a number, and none goes on below it."""
    numbers = [_is_number(cell) for cell in below]
    return below[0] if numbers[:1] == [True] and numbers[1:] != [True] else None


def _cells_below(sheet: Sheet, row: int, column: int) -> Iterator[SheetCell]:
    for below in (row, row + 1):
        cell = _cell(sheet, below, column)
        if cell is not None:
            yield cell


def _cell(sheet: Sheet, row: int, column: int) -> SheetCell | None:
    """Return a cell of the grid, None beyond its end."""
    is_there = row < len(sheet.rows) and column < len(sheet.rows[0])
    return sheet.rows[row][column] if is_there else None


def _is_number(cell: SheetCell) -> bool:
    return cell.number is not None or _NUMBER.fullmatch(cell.label) is not None
