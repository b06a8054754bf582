"""Values with labels beside or above them, as in forms, gathered as sheets that rows are read of.

`labelled_values` are single values: a label is the name of one value of the data and of no other.
`single_items` are rows of which a form states one field after the other; `turned` is a sheet whose
fields stand down its side. What stands below a label is its value only where no column of numbers
does, or in the line of the total.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from collections.abc import Mapping as Mappings
from dataclasses import replace
from itertools import chain, takewhile

from reportgen.features.spreadsheet.amounts import bracketed_unit, unit_above
from reportgen.features.spreadsheet.grid import MergedRange, Sheet, SheetCell, normalized
from reportgen.features.spreadsheet.structure import (
    LAST_HEADER_ROW,
    HeaderSearch,
    plain_label,
)
from reportgen.features.spreadsheet.tables import YearRow, YearTable, plain_name
from reportgen.findings import Diagnostics, Finding, RelatedLocation, finding
from reportgen.model.frozen import frozen
from reportgen.model.source import SourceSpan

_HEAD = ("键", "数值", "单位")
_NUMBER = re.compile(r"[-+(]?[0-9][0-9,]*(?:\.[0-9]+)?\)?(?:%|[百千万亿]*[元人名个家㎡分台])?")
_EXACT = re.compile(r"^(?:年末)?(?:实际|实有)(?=在职)")
"""What forms write before the label of the schema: 年末实际在职人数."""
_TOTAL = re.compile(r"(?:年度|项目){0,2}(?:预算)?(?:资金|经费)?(?:总额|总计|合计|总数)")
"""What heads the line of the whole amount in forms: 年度资金总额 (财预〔2020〕10号)."""
_LONGEST_FORM = 400
"""Rows of a sheet of which items are read field by field."""
_LONGEST_BLOCK = 12
"""Lines below a head of a form in which its total is looked for."""
MOST_SIDE = 3
"""Columns from the left that may hold the fields of a table that is turned."""
_SIDE_AND_VALUE = 2
_UNIT = re.compile(r"[^-+0-9,.()]")
_DEPTH = 2
"""Parts of the key of a single value: a section and a name, or a name alone."""


def labelled_values(sheet: Sheet, table: YearTable) -> Sheet:
    """Return the values of a sheet that have the labels of single values, one a row."""
    rows = _labelled_rows(table)
    pairs: list[tuple[SheetCell, ...]] = [tuple(_words(text, sheet.span) for text in _HEAD)]
    for number, cells in enumerate(sheet.rows):
        for column, cell in enumerate(cells):
            if _begins(cell, number, column):
                pairs += _pairs(sheet, number, column, rows)
    return _gathered(sheet, tuple(pairs))


def _gathered(sheet: Sheet, rows: tuple[tuple[SheetCell, ...], ...]) -> Sheet:
    """Return rows gathered from a sheet, below what it says of units."""
    stated = [cell for cell in chain.from_iterable(sheet.rows) if "单位:" in cell.label]
    return Sheet(
        sheet.path,
        sheet.name,
        rows,
        above=(*sheet.above, *stated),
        is_of_document=True,
        is_labelled=True,
    )


def _pairs(
    sheet: Sheet, row: int, column: int, rows: Mappings[str, YearRow]
) -> Iterator[tuple[SheetCell, ...]]:
    """Yield key, value and unit of a label, where it is one of some rows and has a value."""
    label = plain_label(sheet.rows[row][column].text)
    known = rows.get(_EXACT.sub("", label)) or rows.get(label)
    value = _value_of(sheet, row, column, known) if known is not None else None
    if known is not None and value is not None:
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
    beside = [cell for cell in (_cell(sheet, top, right + 1),) if cell and not cell.is_empty]
    if known.type is None and not _NUMBER.match(known.text("value")):
        return next(iter(beside), None)
    below = _alone(list(_cells_below(sheet, bottom + 1, left)))
    return next(filter(_is_number, beside), below)


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


# Items of which a form states one field after the other


@frozen
class _Stated:
    """A field that a form states: its label and its value, which carries the unit of the label."""

    field: str
    label: SheetCell
    value: SheetCell


def single_items(sheet: Sheet, search: HeaderSearch, log: Diagnostics) -> Sheet:
    """Return the items of a form of labels and values, one a row below the labels.

    An item ends where the label comes again that it began with. X109 is another one that comes
    twice, and not with the same value.
    """
    items: list[dict[str, _Stated]] = []
    labels: dict[str, SheetCell] = {}
    for stated in _stated_fields(sheet, search):
        labels.setdefault(stated.field, replace(stated.label, merged=None))
        if not items or stated.field == next(iter(items[-1])):
            items.append({})
        log.extend(_other_value(items[-1].setdefault(stated.field, stated), stated))
    rows = [tuple(labels.values()), *(_item_row(item, labels) for item in items)]
    return _gathered(sheet, tuple(rows))


def _other_value(first: _Stated, second: _Stated) -> Iterator[Finding]:
    """Yield X109 for a field that is stated twice, and differently."""
    if normalized(first.value.text) != normalized(second.value.text):
        place = RelatedLocation(first.value.span, "first")
        name, other = second.label.text, first.label.text
        yield finding("X109", second.value.span, place, label=name, first=other)


def _item_row(item: Mappings[str, _Stated], fields: Iterable[str]) -> tuple[SheetCell, ...]:
    """Return the values of an item by the fields of all, blank for those that it does not state."""
    span = next(iter(item.values())).value.span
    cells: list[SheetCell] = []
    for name in fields:
        stated = item.get(name)
        cells.append(stated.value if stated is not None else SheetCell(span))
    return tuple(cells)


def _stated_fields(sheet: Sheet, search: HeaderSearch) -> Iterator[_Stated]:
    """Yield the fields whose labels have a value, as one reads."""
    for row, cells in enumerate(sheet.rows[:_LONGEST_FORM]):
        for column, cell in enumerate(cells):
            name = search.field([cell.label]) if _begins(cell, row, column) else ""
            if name:
                yield from _stated(sheet, search, name, cell.merged or (row, column, row, column))


def _stated(sheet: Sheet, search: HeaderSearch, name: str, label: MergedRange) -> Iterator[_Stated]:
    """Yield the field whose label takes a range, where it has a value, an amount also below."""
    top, left, bottom, right = label
    place = _beside(sheet, search, top, right + 1)
    if name in search.table.units and not _is_one_number(sheet, top, right + 1):
        place = _below(sheet, bottom + 1, left) or place
    if place is not None:
        cell = sheet.rows[top][left]
        yield _Stated(name, cell, _with_unit(sheet, cell, place))


def _beside(sheet: Sheet, search: HeaderSearch, row: int, column: int) -> tuple[int, int] | None:
    """Return a place beside a label if it holds a value, and no line of a table begins there."""
    cell = _cell(sheet, row, column)
    if cell is None or cell.is_empty or search.field([cell.label]):
        return None
    is_of_line = _is_number(cell) and not _is_one_number(sheet, row, column)
    return None if is_of_line else (row, column)


def _is_one_number(sheet: Sheet, row: int, column: int) -> bool:
    """Return whether a number stands at a place and none behind it, as in a line of a table."""
    cell = _cell(sheet, row, column)
    if cell is None or not _is_number(cell):
        return False
    after = _cell(sheet, row, (cell.merged or (row, column, row, column))[3] + 1)
    return after is None or not _is_number(after)


def _below(sheet: Sheet, row: int, column: int) -> tuple[int, int] | None:
    """Return where the amount of a head stands: in the line of the total, or alone below it."""
    lines = range(row, min(row + _LONGEST_BLOCK, len(sheet.rows)))
    block = list(takewhile(lambda line: not _is_word(sheet.rows[line][column]), lines))
    totals = [line for line in block if _is_of_total(sheet.rows[line][:column])]
    if len(totals) == 1:
        return totals[0], column
    return (row, column) if _alone(list(_cells_below(sheet, row, column))) else None


def _is_word(cell: SheetCell) -> bool:
    return not (cell.is_empty or _is_number(cell))


def _is_of_total(cells: Iterable[SheetCell]) -> bool:
    """Return whether a line of a form is that of the whole."""
    return any(_TOTAL.fullmatch(plain_name(cell.label)) for cell in cells if cell.label)


def _with_unit(sheet: Sheet, label: SheetCell, place: tuple[int, int]) -> SheetCell:
    """Return a value with the unit that its label states, or the head of the lines it is in."""
    row, column = place
    value = replace(sheet.rows[row][column], merged=None)
    heads = filter(_spans_lines, sheet.rows[row][:column])
    unit = next(filter(None, map(bracketed_unit, (label, *heads))), None)
    return value if unit is None or not _is_number(value) else _number_in(value, str(unit))


def _number_in(value: SheetCell, unit: str) -> SheetCell:
    """Return a number with a unit, but for one that has a unit of its own."""
    if value.kind == "number":
        return replace(value, unit=value.unit or unit)
    return (
        value if _UNIT.search(value.label) else replace(value, text=f"{value.text.strip()}{unit}")
    )


def _spans_lines(cell: SheetCell) -> bool:
    return cell.kind == "text" and cell.merged is not None and cell.merged[0] != cell.merged[2]


# Fields down the side


def turned(sheet: Sheet, search: HeaderSearch) -> Sheet | None:
    """Return a sheet whose fields stand down its side with rows for columns, None for no such one.

    What stands above them is above the sheet; lines of one text below them are notes.
    """
    side = _longest_side(sheet, search)
    if not side.fields or _has_labels_beside(sheet, side, search):
        return None
    block = _block(sheet, side)
    return replace(
        sheet,
        rows=_swapped(sheet, block),
        above=(*sheet.above, *_first_cells(sheet, block.start)),
        hidden_rows=sheet.hidden_columns,
        hidden_columns=frozenset(row - block.start for row in sheet.hidden_rows),
        is_of_document=True,
    )


def _block(sheet: Sheet, side: _Side) -> range:
    """Return the rows of a table whose fields stand on a side: from the names to the last value."""
    first = min(side.fields)
    top = first if side.fields[first] in {"name", "id"} else max(first - 1, 0)
    bottom = len(sheet.rows)
    while bottom > max(side.fields) + 1 and _is_one_text(sheet.rows[bottom - 1]):
        bottom -= 1
    return range(top, bottom)


def side_labels(sheet: Sheet, search: HeaderSearch) -> list[SheetCell]:
    """Return the labels of the fields that stand down the side of a sheet, from the top."""
    side = _longest_side(sheet, search)
    return [sheet.rows[row][side.column] for row in side.fields]


@frozen
class _Side:
    """A column whose cells name fields; these by row, each once."""

    column: int
    fields: Mappings[int, str]


def _longest_side(sheet: Sheet, search: HeaderSearch) -> _Side:
    """Return the column with most fields of the first ones, the outermost of several."""
    sides = [_side(sheet, column, search) for column in range(MOST_SIDE)]
    return max(sides, key=lambda side: len(side.fields))


def _side(sheet: Sheet, column: int, search: HeaderSearch) -> _Side:
    fields: dict[int, str] = {}
    for row, cells in enumerate(sheet.rows[:LAST_HEADER_ROW]):
        begins = column < len(cells) and _begins(cells[column], row, column)
        name = search.field([cells[column].label]) if begins else ""
        if name and name not in fields.values():
            fields[row] = name
    return _Side(column, fields)


def _has_labels_beside(sheet: Sheet, side: _Side, search: HeaderSearch) -> bool:
    """Return whether fields are named to the right of the side, too, as in forms and headers."""
    for row in side.fields:
        for column in range(side.column + 1, len(sheet.rows[row])):
            cell = sheet.rows[row][column]
            if _begins(cell, row, column) and search.field([cell.label]):
                return True
    return False


def _is_one_text(cells: tuple[SheetCell, ...]) -> bool:
    """Return whether a row holds one text alone, as titles and notes do."""
    texts = {(cell.merged, cell.text) for cell in cells if not cell.is_empty}
    return len(texts) < _SIDE_AND_VALUE


def _swapped(sheet: Sheet, rows: range) -> tuple[tuple[SheetCell, ...], ...]:
    """Return some rows of a sheet as columns."""
    turned_rows: list[tuple[SheetCell, ...]] = []
    for column in range(len(sheet.rows[0])):
        cells = (sheet.rows[row][column] for row in rows)
        turned_rows.append(tuple(_moved(cell, rows.start) for cell in cells))
    return tuple(turned_rows)


def _moved(cell: SheetCell, top: int) -> SheetCell:
    """Return a cell with its range as it is where rows below `top` are columns."""
    if cell.merged is None:
        return cell
    first, left, last, right = cell.merged
    merged: MergedRange = (left, max(first - top, 0), right, last - top)
    return replace(cell, merged=merged)


def _first_cells(sheet: Sheet, rows: int) -> Iterator[SheetCell]:
    """Yield what stands in the first rows of a sheet, what is merged once."""
    for row, cells in enumerate(sheet.rows[:rows]):
        for column, cell in enumerate(cells):
            if _begins(cell, row, column):
                yield cell
