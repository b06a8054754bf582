"""What the cells of a document's tables say at the places for values that a pack prescribes.

A value is taken where the label of its row and the head of its column are those prescribed, and one
cell stands there; all else is listed as not taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from operator import attrgetter
from typing import Literal

from reportgen.features.adopt.adoption import NotTaken
from reportgen.features.adopt.alignment import AlignedRow, AlignedTable, cell_score, row_pairs
from reportgen.features.adopt.expected import (
    ExpectedCell,
    ExpectedRow,
    Slot,
    distinct,
    label_of,
)
from reportgen.features.adopt.patterns import SlotText, is_numbered, slot_texts
from reportgen.model.frozen import frozen
from reportgen.model.reading import ReadCell
from reportgen.model.source import SourceSpan

_BLANK = re.compile(r"[\s\-–—－/／_＿年月日]*")
"""What people leave in a cell without a value."""
_WRAP = re.compile(r"(?<![A-Za-z])[ \t]*\n[ \t]*|[ \t]*\n[ \t]*(?![A-Za-z])")
_NO_WRAP = re.compile("(?!)")
_SLOTS = attrgetter("slots")
_LETTER = re.compile(r"[^\W\d]")
_UNIT = re.compile(
    r"(?:单位[:：]?\s*|[(（]\s*)(亿元|万元|千元|元|%|㎡|平方米|人|名|个|分)\s*(?:[)）]|$|\s)"
)
SEVERAL, MERGED, NAMELESS = "@several_cells", "@merged_cells", "@nameless"
UnitLevel = Literal["column", "row", "table", "pack"]
"""What names a unit: the head of the column, the label of the row, the table, or the pack's."""


@frozen
class StatedValue:
    """What a document states at a place for a value.

    `row` says which row of the document's tables it stands in, `units` what units labels name,
    nearest first; `item` is its number in a list, from 1.
    """

    slot: Slot
    text: str
    span: SourceSpan
    row: str
    units: tuple[tuple[UnitLevel, str], ...] = ()
    item: int = 0


@frozen
class _Place:
    """A prescribed cell with a value, and where in the document its row is."""

    table: AlignedTable
    pair: AlignedRow
    cell: ExpectedCell

    @property
    def row(self) -> str:
        """Return the name of the row of the document."""
        return f"{self.table.found.number}.{self.pair.row}"

    @property
    def has_numbers(self) -> bool:
        """Return whether any cell of the row of the document has a digit."""
        return re.search(r"\d", "".join(map(attrgetter("text"), self.cells))) is not None

    @property
    def cells(self) -> list[ReadCell]:
        """Return the cells of the row of the document."""
        return self.table.found.cells(self.pair.row)


class TableLabels:
    """The cells of a document's table that say what prescribed cells say."""

    def __init__(self, table: AlignedTable) -> None:
        self._cells: dict[ExpectedCell, dict[int, ReadCell]] = {}
        self._said: set[int] = set()
        for pair in table.rows:
            for expected, cell in said_pairs(table, pair):
                self._cells.setdefault(expected, {})[id(cell)] = cell
                if expected.is_fixed:
                    self._said.add(id(cell))

    def of(self, expected: ExpectedCell) -> list[ReadCell]:
        """Return the cells that say what a prescribed cell says."""
        return list(self._cells.get(expected, {}).values())

    def in_row(self, expected: ExpectedCell, row: int) -> list[ReadCell]:
        """Return those of them that stand in a row, or span it."""
        return [cell for cell in self.of(expected) if cell.row <= row < cell.row + cell.rowspan]

    def has(self, cell: ReadCell) -> bool:
        """Return whether a cell of the document is a fixed text that is prescribed."""
        return id(cell) in self._said


def said_pairs(table: AlignedTable, pair: AlignedRow) -> Iterator[tuple[ExpectedCell, ReadCell]]:
    """Yield the prescribed cells of a row with those of the document that say the same."""
    for expected, cell in row_pairs(pair.expected, table.found.cells(pair.row), pair.row):
        if cell_score(expected, cell.text):
            yield expected, cell


def is_blank(text: str) -> bool:
    """Return whether a cell has no value."""
    return _BLANK.fullmatch(text) is not None


def stated_values(
    tables: Iterable[AlignedTable], not_taken: list[NotTaken]
) -> Iterator[StatedValue]:
    """Yield what the aligned tables state; what could not be taken is added to `not_taken`."""
    for place, labels in _places(tables):
        found = NAMELESS if _is_nameless(place, labels) else _cell_of(place, labels)
        if isinstance(found, ReadCell):
            yield from _stated(place, found, labels, not_taken)
        elif found:
            not_taken.extend(_unplaced(place, labels, found))


def _places(tables: Iterable[AlignedTable]) -> Iterator[tuple[_Place, TableLabels]]:
    """Yield each prescribed cell with a value, in each row of the document that is its row."""
    for table in tables:
        labels = TableLabels(table)
        for place in _places_of(table):
            yield place, labels


def _places_of(table: AlignedTable) -> Iterator[_Place]:
    for pair in table.rows:
        for cell in pair.expected.own:
            if cell.slots:
                yield _Place(table, pair, cell)


def _is_nameless(place: _Place, labels: TableLabels) -> bool:
    """Return whether a number stands in a row of a list that has no name: nobody knows whose."""
    name = _name_place(place)
    if name is None or not place.has_numbers:
        return False
    found = _cell_of(name, labels)
    return not isinstance(found, ReadCell) or _LETTER.search(found.text) is None


def _name_place(place: _Place) -> _Place | None:
    """Return the place of the name in the row of a list that a place is in."""
    loops = place.cell.slots[0].loops
    for cell in filter(_SLOTS, place.pair.expected.own if loops else ()):
        slot = cell.slots[0]
        if slot.key.endswith(".name") and slot.loops == loops:
            return replace(place, cell=cell)
    return None


def _stated(
    place: _Place, found: ReadCell, labels: TableLabels, not_taken: list[NotTaken]
) -> Iterator[StatedValue]:
    """Yield what the document states in a cell that is a prescribed one."""
    if is_blank(found.text):
        return
    texts = _texts(place.cell, found.text)
    if not texts or _is_label(place, found, texts) or _is_wrapped(place, found):
        not_taken.append(NotTaken(found.text, found.span, "@other_text"))
        return
    units = tuple(_units(place, found, labels))
    wrap = _WRAP if place.table.found.wrapped else _NO_WRAP
    for slot, text, item in texts:
        if not is_blank(text):
            yield StatedValue(slot, wrap.sub("", text), found.span, place.row, units, item)


def _is_label(place: _Place, found: ReadCell, texts: Iterable[SlotText]) -> bool:
    """Return whether a label stands in the place of a value: a prescribed one, or with a colon."""
    is_open = "：" in [each.text[-1:] for each in texts]
    return is_open or label_of(found.text) in place.table.expected.labels


def _is_wrapped(place: _Place, found: ReadCell) -> bool:
    """Return whether nobody knows which lines are items: a PDF wraps, without numbers."""
    is_unclear = place.table.found.wrapped and place.cell.is_list and "\n" in found.text
    return is_unclear and not is_numbered(place.cell.pieces)


def _texts(cell: ExpectedCell, text: str) -> tuple[SlotText, ...]:
    """Return what stands at the places of a cell; none where the text is another, or unclear."""
    texts = slot_texts(cell.pieces, text)
    instead = cell.otherwise and not texts
    return (slot_texts(cell.otherwise, text) if instead else texts) or ()


def _cell_of(place: _Place, labels: TableLabels) -> ReadCell | str:
    """Return the cell of the document that a prescribed cell is, or why there is none.

    An empty text stands for one that is not there at all.
    """
    if place.cell.is_telling and not place.cell.is_list:
        own = labels.in_row(place.cell, place.pair.row)
        if own:
            return own[0] if len(own) == 1 else SEVERAL
    left = _left_label(place)
    if left is not None and not labels.in_row(left, place.pair.row):
        return "@no_row_label"
    found = _at_place(place, left, labels)
    return MERGED if isinstance(found, ReadCell) and labels.has(found) else found


def _at_place(place: _Place, left: ExpectedCell | None, labels: TableLabels) -> ReadCell | str:
    """Return the cell below the head of its column, where there is none behind a label."""
    head = _head(place)
    if head is None:
        return _by_order(place, left, labels)
    heads = labels.of(head)
    if heads and _has_twin(place, head, heads[0]):
        return SEVERAL
    return _below(place, head, heads[0]) if heads else "@no_head"


def _has_twin(place: _Place, head: ExpectedCell, found: ReadCell) -> bool:
    """Return whether more columns of the document have a head than are prescribed to have it."""
    cells = next((row.own for row in place.table.expected.rows if head in row.own), (head,))
    there = [cell for cell in place.table.found.cells(found.row) if cell.row == found.row]
    heads = [label_of(cell.text) for cell in there].count(head.label)
    return heads > [cell.label for cell in cells].count(head.label)


def _left_label(place: _Place) -> ExpectedCell | None:
    """Return the nearest fixed text to the left in the row of a prescribed cell."""
    nearest = None
    for cell in distinct(place.pair.expected.cells):
        if cell is place.cell:
            break
        if cell.is_fixed and cell in place.pair.expected.own:
            nearest = cell
    return nearest


def _head(place: _Place) -> ExpectedCell | None:
    """Return the nearest fixed text above a prescribed cell, as wide as it or wider."""
    own = _columns_of(place.table, place.cell)
    for row in _heads_above(place):
        cell = row.cells[place.cell.column]
        if cell.is_fixed and own <= _columns_of(place.table, cell):
            return cell
    return None


def _heads_above(place: _Place) -> Iterator[ExpectedRow]:
    """Yield the rows above a place that are heads: of labels alone, from the nearest on."""
    number = place.pair.expected.number
    for row in place.table.expected.rows[:number][::-1]:
        if row.is_head and place.cell.column < len(row.cells):
            yield row


def _below(place: _Place, head: ExpectedCell, found: ReadCell) -> ReadCell | str:
    """Return the cell of a row of the document that stands below the head of its column."""
    columns = _columns_of(place.table, head)
    own = [cell for cell in distinct(place.pair.expected.cells) if cell.column in columns]
    cells = list(filter(partial(_overlaps, found), place.cells))
    if _sticks_out(place, found):
        return SEVERAL
    if all(map(partial(_is_within, found), cells)):
        return _one_of(place, own, cells)
    return MERGED


def _sticks_out(place: _Place, head: ReadCell) -> bool:
    """Return whether a row has text beyond its head: two rows that were run together."""
    last = place.table.found.cells(head.row)[-1]
    right = [cell for cell in place.cells if cell.column >= last.column + last.colspan]
    return any(cell.text.strip() for cell in right)


def _one_of(
    place: _Place, own: Sequence[ExpectedCell], cells: Sequence[ReadCell]
) -> ReadCell | str:
    """Return the cell that is the prescribed one, where as many cells stand there as prescribed."""
    if len(cells) != len(own):
        return SEVERAL if "".join(map(attrgetter("text"), cells)).strip() else ""
    cell = cells[own.index(place.cell)]
    return MERGED if _is_merged(place, cell) else cell


def _columns_of(table: AlignedTable, cell: ExpectedCell) -> set[int]:
    columns: set[int] = set()
    for row in table.expected.rows:
        columns.update(at for at, other in enumerate(row.cells) if other is cell)
    return columns


def _overlaps(head: ReadCell, cell: ReadCell) -> bool:
    return cell.column < head.column + head.colspan and head.column < cell.column + cell.colspan


def _is_within(head: ReadCell, cell: ReadCell) -> bool:
    ends_within = cell.column + cell.colspan <= head.column + head.colspan
    return head.column <= cell.column and ends_within


def _is_merged(place: _Place, cell: ReadCell) -> bool:
    """Return whether a cell stands for more rows than the prescribed one does.

    Rows of a list have in common what the form draws over all of them.
    """
    if place.pair.expected.repeats and place.cell.spans:
        return False
    rows = [row for row in place.table.rows if cell.row <= row.row < cell.row + cell.rowspan]
    is_spanned = all(place.cell in row.expected.cells for row in rows)
    return len(rows) > 1 and (place.pair.expected.repeats or not is_spanned)


def _by_order(place: _Place, left: ExpectedCell | None, labels: TableLabels) -> ReadCell | str:
    """Return the cell behind a label of the row: as far behind it as prescribed."""
    own = _until_label(list(distinct(place.pair.expected.cells)), place.cell, left)
    return _one_of(place, own, _behind(place, left, labels))


def _behind(place: _Place, left: ExpectedCell | None, labels: TableLabels) -> list[ReadCell]:
    """Return the cells of a row of the document behind a label, up to the next."""
    start = labels.in_row(left, place.pair.row) if left is not None else []
    after = start[0].column + start[0].colspan if start else 0
    cells: list[ReadCell] = []
    for cell in place.cells:
        if cell.column >= after:
            if labels.has(cell):
                break
            cells.append(cell)
    return cells


def _until_label(
    cells: Sequence[ExpectedCell], cell: ExpectedCell, left: ExpectedCell | None
) -> list[ExpectedCell]:
    """Return the cells around one up to the labels on both sides."""
    first = cells.index(left) + 1 if left is not None else 0
    found: list[ExpectedCell] = []
    for other in cells[first:]:
        if other.is_fixed:
            if cell in found:
                break
            found = []
        else:
            found.append(other)
    return found


def _unplaced(place: _Place, labels: TableLabels, why: str) -> Iterator[NotTaken]:
    """Yield the cells of a row that may be meant by one that could not be placed."""
    for cell in place.cells:
        is_own = cell.row == place.pair.row and not labels.has(cell)
        if is_own and not is_blank(cell.text):
            yield NotTaken(cell.text, cell.span, why)


# Units


def _units(place: _Place, found: ReadCell, labels: TableLabels) -> Iterator[tuple[UnitLevel, str]]:
    """Yield the units that labels name: of the column, of the row, of the table, of the pack."""
    table, head = place.table.found, _head(place)
    stated = "".join(map(str, head.pieces)) if head else ""
    yield from _named("column", _texts_above(place, found, labels))
    yield from _named("row", _texts_before(place, found, labels))
    yield from _named("table", (table.table.unit_note, table.table.caption, table.above))
    yield from _named("pack", (stated, place.table.expected.caption))


def _named(level: UnitLevel, texts: Iterable[str]) -> Iterator[tuple[UnitLevel, str]]:
    """Yield the units that texts name: 单位：万元, （万元）."""
    for text in texts:
        match = _UNIT.search(text)
        if match is not None:
            yield level, match[1]


def _texts_above(place: _Place, found: ReadCell, labels: TableLabels) -> Iterator[str]:
    """Yield the labels above a cell of the document, the nearest first."""
    for row in range(place.pair.row - 1, -1, -1):
        for cell in place.table.found.cells(row):
            if _overlaps(found, cell) and labels.has(cell):
                yield cell.text


def _texts_before(place: _Place, found: ReadCell, labels: TableLabels) -> Iterator[str]:
    """Yield the labels to the left of a cell of the document, the nearest first."""
    for cell in reversed(place.cells):
        if cell.column < found.column and labels.has(cell):
            yield cell.text
