"""Takes columns and rows out of a table by the label at their head, with all spans right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import replace

from reportgen.disclose.terms import fold
from reportgen.model.document import Cell, Table, plain
from reportgen.model.grid import GridError, PlacedCell, place_cells, rows_with


class LineError(ValueError):
    """A column or row cannot be taken out cleanly: `text` would go with it and is not of it."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


def without_column(table: Table, label: str) -> Table | None:
    """Return `table` without the columns that `label` heads, or None if it heads none.

    A cell that spans further shrinks. Raises `LineError` where the columns also hold what
    stands above the label or under another head further down, or are all that there is.
    """
    placed = place_cells(table)
    heads = _head_rows(table, placed)
    labelled = [at for at in placed if at.row in heads and _has_label(at, label)]
    columns = _columns_of(labelled)
    if not columns:
        return None
    if len(columns) == len(table.widths):
        raise LineError(label)
    first, last = _run_of_rows(heads, labelled[0].row)
    end = _first_other_head(table, last + 1, label, columns)
    _refuse_lost_texts(placed, range(first, end), columns)
    return _checked(_remove_columns(table, placed, columns), label)


def _refuse_lost_texts(
    placed: Iterable[PlacedCell], rows: range, columns: AbstractSet[int]
) -> None:
    """Raise `LineError` for a text that would go with the columns and stands in other rows."""
    for at in placed:
        if at.row not in rows and _is_lost_text(at, columns):
            raise LineError(_text(at.cell))


def _head_rows(table: Table, placed: Iterable[PlacedCell]) -> AbstractSet[int]:
    """Return the rows in which heads of columns begin."""
    return {at.row for at in placed if _heads_columns(table, at)}


def _heads_columns(table: Table, at: PlacedCell) -> bool:
    return table.rows[at.row].head or at.cell.header == "col"


def _has_label(at: PlacedCell, label: str) -> bool:
    return fold(_text(at.cell)) == fold(label)


def _text(cell: Cell) -> str:
    return "".join(map(plain, cell.lines)).strip()


def _columns_of(cells: Iterable[PlacedCell]) -> AbstractSet[int]:
    """Return the columns that `cells` cover."""
    columns: set[int] = set()
    for at in cells:
        columns.update(range(at.column, at.column + at.cell.colspan))
    return columns


def _run_of_rows(rows: AbstractSet[int], row: int) -> tuple[int, int]:
    """Return the first and the last of the `rows` that follow one another around `row`."""
    first = last = row
    while first - 1 in rows:
        first -= 1
    while last + 1 in rows:
        last += 1
    return first, last


def _first_other_head(table: Table, start: int, label: str, columns: AbstractSet[int]) -> int:
    """Return the first row from `start` on with a head over `columns` that is not `label`.

    What stands below it belongs to that head. Without one it is where the table ends.
    """
    for at in place_cells(table):
        is_head = at.row >= start and _heads_columns(table, at) and not _has_label(at, label)
        if is_head and _columns_left(at, columns) < at.cell.colspan:
            return at.row
    return len(table.rows)


def _is_lost_text(at: PlacedCell, columns: AbstractSet[int]) -> bool:
    """Return whether a cell with text would go with `columns` altogether."""
    return bool(_text(at.cell)) and _columns_left(at, columns) == 0


def _columns_left(at: PlacedCell, columns: AbstractSet[int]) -> int:
    """Return how many columns of a cell are left without `columns`."""
    return len(_columns_of([at]) - columns)


def _remove_columns(table: Table, placed: Iterable[PlacedCell], columns: AbstractSet[int]) -> Table:
    cells: list[PlacedCell] = []
    for at in placed:
        colspan = _columns_left(at, columns)
        if colspan:
            cells.append(replace(at, cell=replace(at.cell, colspan=colspan)))
    widths = tuple(width for c, width in enumerate(table.widths) if c not in columns)
    return replace(table, widths=widths, rows=rows_with(table, cells))


def _checked(table: Table, label: str) -> Table:
    """Return `table`; raise `LineError` where its cells do not fill its grid any more."""
    try:
        place_cells(table)
    except GridError as error:
        raise LineError(label) from error
    return table


def _without_rows(placed: Iterable[PlacedCell], gone: AbstractSet[int]) -> Iterator[PlacedCell]:
    """Yield the cells that begin in other rows than those `gone`, over as many as are left."""
    for at in placed:
        rowspan = len(_rows_of([at]) - gone)
        if at.row not in gone:
            yield replace(at, cell=replace(at.cell, rowspan=rowspan))
        elif rowspan:
            raise LineError(_text(at.cell))


def without_row(table: Table, label: str) -> Table | None:
    """Return `table` without the rows that `label` heads, or None if it heads none.

    A cell that begins above shrinks. Raises `LineError` where a cell that begins in the rows
    goes on below them, or where they are all that there is.
    """
    placed = place_cells(table)
    gone = _rows_of(at for at in placed if at.cell.header and _has_label(at, label))
    if not gone:
        return None
    if len(gone) == len(table.rows):
        raise LineError(label)
    rows = enumerate(rows_with(table, _without_rows(placed, gone)))
    return replace(table, rows=tuple(row for r, row in rows if r not in gone))


def _rows_of(cells: Iterable[PlacedCell]) -> AbstractSet[int]:
    """Return the rows that `cells` cover."""
    rows: set[int] = set()
    for at in cells:
        rows.update(range(at.row, at.row + at.cell.rowspan))
    return rows
