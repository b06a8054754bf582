"""The tables that a pack prescribes, as grids of fixed texts and of places for values.

What is filled in has the key of a fact or figure; the rows of a loop are one row that repeats.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from operator import attrgetter

from reportgen.compose.blank import BARE, FIRST, NEXT, UNKNOWN, WHOLE_SPAN, BlankReport
from reportgen.features.adopt.printed_texts import without_emphasis
from reportgen.language.folding import usual_width
from reportgen.model.document import Break, Cell, Inline, Table, Text, Value
from reportgen.model.frozen import frozen

INSTEAD = "instead"
"""How a text is printed that stands where other values are left out."""
INDEX = "loop.index"
"""The key of the number of a row in its loop."""
_LOOP = re.compile(rf"#(\d+)([{FIRST}{NEXT}])")
_ORDINALS = (("1", "2"), ("一", "二"))
"""How the first and the second row of a loop are numbered."""
_DROPPED = re.compile(
    r"\(?单位[::]?(?:亿元|万元|千元|元)\)?|\((?:亿元|万元|千元|元|%|㎡|m2|人|个|分)\)|[\s::、,。;“”\"'‘’!?]"
)
_MARKS = re.compile(r"\W")
_NUMBERED = re.compile(
    r"^(?:其中[::]?)?(?:[一二三四五六七八九十]+、|\d{1,2}[、.．](?!\d)|\(\d{1,2}\))"
)


_IS_FIXED, _LABEL, _SLOTS = map(attrgetter, ("is_fixed", "label", "slots"))


@frozen
class Slot:
    """A place for the value of a key; `how` says how it is printed, as in `compose.blank`."""

    key: str
    how: str = ""

    @property
    def loops(self) -> dict[str, str]:
        """Return which row of each loop, by its number, the key is of."""
        return dict(_LOOP.findall(self.key))


Pieces = tuple[str | Slot, ...]
"""Fixed texts and places for values, in turn; a line feed parts lines."""


def slots_of(pieces: Iterable[str | Slot]) -> tuple[Slot, ...]:
    """Return the places for values among some pieces."""
    return tuple(piece for piece in pieces if isinstance(piece, Slot))


def fixed_label(pieces: Iterable[str | Slot]) -> str:
    """Return the fixed text of some pieces as labels are compared."""
    return label_of("".join(piece for piece in pieces if isinstance(piece, str)))


@dataclass(frozen=True, eq=False)
class ExpectedCell:
    """A cell of a prescribed table: what it prints and where it begins.

    `otherwise` is what it prints where some of its values are left out, empty for the same. It
    `spans` rows. What follows from these is asked for each row of a document, and kept.
    """

    pieces: Pieces
    row: int
    column: int
    otherwise: Pieces = ()
    spans: bool = False

    @cached_property
    def slots(self) -> tuple[Slot, ...]:
        """Return the places for values."""
        return slots_of(self.pieces)

    @cached_property
    def is_fixed(self) -> bool:
        """Return whether it prints a text and no value; a dash is no text."""
        return not self.slots and bool(_MARKS.sub("", self.label))

    @cached_property
    def label(self) -> str:
        """Return its fixed text as labels are compared."""
        return fixed_label(self.pieces)

    @cached_property
    def is_unknown(self) -> bool:
        """Return whether it prints values of which no single key is known."""
        return bool(self.slots) and {UNKNOWN} == {slot.key for slot in self.slots}

    @cached_property
    def is_telling(self) -> bool:
        """Return whether its fixed text says which cell it is: more than 指标 behind a name."""
        letters = len(_MARKS.sub("", self.label))
        return letters >= (2 if self.is_number or not self.slots else 4)

    @cached_property
    def is_number(self) -> bool:
        """Return whether it prints a number whose unit stands elsewhere."""
        return BARE in map(attrgetter("how"), self.slots)

    @cached_property
    def is_list(self) -> bool:
        """Return whether it prints all rows of a loop, not one."""
        ends: dict[str, set[str]] = {}
        for slot in self.slots:
            for number, end in slot.loops.items():
                ends.setdefault(number, set()).add(end)
        return any(len(found) > 1 for found in ends.values())


@dataclass(frozen=True)
class ExpectedRow:
    """A row: the cell at each place, its `own` that begin in it; one of a loop `repeats`."""

    number: int
    cells: tuple[ExpectedCell, ...]
    own: tuple[ExpectedCell, ...]
    repeats: bool = False

    @cached_property
    def is_head(self) -> bool:
        """Return whether it holds labels alone, and more than one."""
        return len(self.labels) > 1 and not self.has_values

    @cached_property
    def labels(self) -> frozenset[str]:
        """Return the fixed texts that begin in it, as labels are compared."""
        return frozenset(map(_LABEL, filter(_IS_FIXED, self.own)))

    @cached_property
    def has_values(self) -> bool:
        """Return whether a place for a value begins in it."""
        return any(map(_SLOTS, self.own))


@dataclass(frozen=True)
class ExpectedTable:
    """A table of a form; `caption` names it, `sheet` says that it is filled for each row."""

    name: str
    caption: str
    rows: tuple[ExpectedRow, ...]
    sheet: bool = False
    path: str = field(default="", compare=False)

    @cached_property
    def labels(self) -> frozenset[str]:
        """Return its fixed texts as labels are compared."""
        found: set[str] = set()
        for row in self.rows:
            found |= row.labels
        return frozenset(found)


@lru_cache(maxsize=20_000)
def label_of(text: str) -> str:
    """Return a text as labels are compared: without numbers before it, units, blanks and marks."""
    folded = usual_width(text)
    squeezed = "".join(folded.split())
    return _DROPPED.sub("", _NUMBERED.sub("", squeezed))


def distinct(cells: Sequence[ExpectedCell]) -> Iterator[ExpectedCell]:
    """Yield the cells at places of a row, each once."""
    before = None
    for cell in cells:
        if cell is not before:
            yield cell
        before = cell


def expected_tables(
    given: BlankReport, left_out: BlankReport, *, sheets: bool
) -> tuple[ExpectedTable, ...]:
    """Return the tables of a pack, composed as if all values were `given`, and were `left_out`.

    With `sheets` each is filled for many rows.
    """
    single = {number for number, chosen in given.chosen.items() if chosen.keys() & {"id", "name"}}
    others = dict(zip(map(attrgetter("name"), left_out.tables), left_out.tables, strict=True))
    found: list[ExpectedTable] = []
    for table in given.tables:
        rows = list(_rows(_grid(table), single))
        other = others.get(table.name, table)
        rows = list(_with_others(rows, list(_rows(_grid(other), single))))
        rows = [replace(row, number=number) for number, row in enumerate(rows)]
        found.append(ExpectedTable(table.name, table.caption, tuple(rows), sheets, table.span.path))
    return tuple(found)


def _with_others(
    rows: Sequence[ExpectedRow], others: Sequence[ExpectedRow]
) -> Iterator[ExpectedRow]:
    """Yield the rows with what their cells print otherwise, and rows that stand there otherwise."""
    known = set(map(_signature, rows))
    instead = {other.number: other for other in others if _signature(other) not in known}
    for row in rows:
        other = instead.get(row.number)
        if other is None or len(row.cells) != len(other.cells):
            yield row
        elif _has_cells_of(other, row):
            yield _row(row.number, tuple(_otherwise(row, other)), repeats=row.repeats)
        else:
            yield row
            if other.labels - row.labels:
                yield other


def _signature(row: ExpectedRow) -> tuple[Pieces, ...]:
    return tuple(map(attrgetter("pieces"), row.own))


def _has_cells_of(other: ExpectedRow, row: ExpectedRow) -> bool:
    """Return whether each cell of a row prints values that the same cell of another row prints."""
    for cell, of_row in zip(other.cells, row.cells, strict=True):
        if cell.column != of_row.column or not _may_print(cell, of_row):
            return False
    return True


def _may_print(cell: ExpectedCell, of_row: ExpectedCell) -> bool:
    """Return whether a cell prints values that another prints, or the same label."""
    if not cell.slots:
        return not of_row.slots and cell.label == of_row.label
    return bool(of_row.slots) and ({*cell.slots} <= {*of_row.slots} or of_row.is_unknown)


def _otherwise(row: ExpectedRow, other: ExpectedRow) -> Iterator[ExpectedCell]:
    known: dict[ExpectedCell, ExpectedCell] = {}
    for cell, instead in zip(row.cells, other.cells, strict=True):
        if cell not in known:
            known[cell] = _with_other(cell, instead)
        yield known[cell]


def _instead(piece: str | Slot) -> str | Slot:
    return replace(piece, how=piece.how or INSTEAD) if isinstance(piece, Slot) else piece


def _with_other(cell: ExpectedCell, instead: ExpectedCell) -> ExpectedCell:
    if instead.pieces == cell.pieces:
        return cell
    if cell.is_unknown:
        return replace(cell, pieces=tuple(map(_instead, instead.pieces)))
    return replace(cell, otherwise=instead.pieces)


def _grid(table: Table) -> list[tuple[ExpectedCell, ...]]:
    """Return the cell at each place; what a figure spans ends where other cells need the place."""
    width = len(table.widths)
    rows: list[tuple[ExpectedCell, ...]] = []
    open_cells: dict[int, tuple[ExpectedCell, int]] = {}
    for number, row in enumerate(table.rows):
        needed = sum(map(attrgetter("colspan"), row.cells))
        for at in sorted(open_cells, reverse=True):
            if needed + len(open_cells) > width and open_cells[at][1] > _LEAST_FLEXIBLE:
                del open_cells[at]
        placed = _placed(row.cells, number, width, open_cells)
        rows.append(tuple(map(placed.__getitem__, sorted(placed))))
    return rows


_LEAST_FLEXIBLE = int(WHOLE_SPAN) // 2


def _placed(
    cells: Sequence[Cell], number: int, width: int, held: dict[int, tuple[ExpectedCell, int]]
) -> dict[int, ExpectedCell]:
    """Return the cells of a row by column; `held` are those from above, with the rows left."""
    placed = {at: above for at, (above, _) in held.items()}
    for at, (above, left) in list(held.items()):
        held[at] = (above, left - 1)
        if left == 1:
            del held[at]
    column = 0
    for cell in cells:
        while column in placed:
            column += 1
        expected = ExpectedCell(_pieces(cell), number, column, spans=cell.rowspan > 1)
        for at in range(column, min(width, column + cell.colspan)):
            placed[at] = expected
            if cell.rowspan > 1:
                held[at] = (expected, cell.rowspan - 1)
    return placed


def _pieces(cell: Cell) -> Pieces:
    inlines: list[Inline] = []
    for line in cell.lines:
        inlines += [*line, Break()]
    return pieces_of(inlines[:-1])


def pieces_of(inlines: Sequence[Inline]) -> Pieces:
    """Return running text as fixed texts and places for values."""
    pieces: list[str | Slot] = [""]
    for inline in without_emphasis(inlines):
        match inline:
            case Value():
                pieces += [Slot(inline.key, inline.number), ""]
            case Text(text):
                pieces[-1] = f"{pieces[-1]}{text}"
            case _:
                pieces[-1] = f"{pieces[-1]}\n"
    return tuple(filter(None, pieces))


def _rows(grid: Sequence[tuple[ExpectedCell, ...]], single: set[str]) -> Iterator[ExpectedRow]:
    """Yield the rows, those that follow the first of a loop left out: they say how it is printed.

    `single` are the loops that have one row and no more.
    """
    for number, cells in enumerate(grid):
        ends = _ends(cells, number, single)
        if ends == {NEXT}:
            continue
        following = grid[number + 1] if number + 1 < len(grid) else ()
        kept = cells if not ends else tuple(_numbered(cells, following, number))
        yield _row(number, kept, repeats=bool(ends))


def _row(number: int, cells: tuple[ExpectedCell, ...], *, repeats: bool) -> ExpectedRow:
    own = tuple(cell for cell in distinct(cells) if cell.row == number)
    return ExpectedRow(number, cells, own, repeats)


def _ends(cells: Sequence[ExpectedCell], number: int, single: set[str]) -> set[str]:
    """Return which rows of loops the own cells of a row are of."""
    ends: set[str] = set()
    for cell in cells:
        if cell.row != number or cell.is_list:
            continue
        for slot in cell.slots:
            ends.update(end for loop, end in slot.loops.items() if loop not in single)
    return ends


def _numbered(
    cells: Sequence[ExpectedCell], following: Sequence[ExpectedCell], number: int
) -> Iterator[ExpectedCell]:
    """Yield the cells of a row of a loop, a place for its number where the next has another."""
    known: dict[ExpectedCell, ExpectedCell] = {}
    for at, cell in enumerate(cells):
        below = following[at] if at < len(following) else cell
        if cell.row == number and cell not in known:
            pieces = tuple(_with_index(cell.pieces, below.pieces))
            otherwise = _in_next_row(cell, below) if pieces == cell.pieces else ()
            known[cell] = replace(cell, pieces=pieces, otherwise=otherwise)
        yield known.get(cell, cell)


def _in_next_row(cell: ExpectedCell, below: ExpectedCell) -> Pieces:
    """Return what a cell prints in the next row of its loop, empty for the same."""
    pieces: list[str | Slot] = []
    for piece in below.pieces:
        if isinstance(piece, Slot):
            key = _LOOP.sub(rf"#\g<1>{FIRST}", piece.key)
            pieces.append(replace(piece, key=key))
        else:
            pieces.append(piece)
    same_slots = slots_of(pieces) == cell.slots
    return tuple(pieces) if same_slots and tuple(pieces) != cell.pieces else ()


def _with_index(pieces: Pieces, below: Pieces) -> Iterator[str | Slot]:
    for at, piece in enumerate(pieces):
        other = below[at] if at < len(below) else piece
        first = _ordinal(piece, other)
        if not first or not isinstance(piece, str):
            yield piece
            continue
        before, _, after = piece.partition(first)
        yield from filter(None, (before, Slot(INDEX), after))


def _ordinal(piece: str | Slot, other: str | Slot) -> str:
    """Return the numeral of the first row in a text that has the second one's in the next row."""
    if isinstance(piece, Slot) or isinstance(other, Slot) or piece == other:
        return ""
    for first, second in _ORDINALS:
        if piece.replace(first, second, 1) == other:
            return first
    return ""
