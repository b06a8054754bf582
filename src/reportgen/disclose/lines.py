"""Takes columns and rows out of a table by the label at their head, with all spans right."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import replace

from reportgen.disclose.terms import fold
from reportgen.model.document import Cell, Row, Table, plain
from reportgen.model.grid import GridError, Placed, place


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
    placed = place(table)
    heads = _heads(table)
    labels = [at for at in placed if at.row in heads and _is(at, label)]
    columns = {c for at in labels for c in range(at.column, at.column + at.cell.colspan)}
    if not columns:
        return None
    if len(columns) == len(table.widths):
        raise LineError(label)
    first, last = _block(heads, min(at.row for at in labels))
    others = (
        at.row
        for at in placed
        if at.row > last
        and _heads_columns(table, at)
        and not _is(at, label)
        and _left(at, columns) < at.cell.colspan
    )
    end = min(others, default=len(table.rows))
    for at in placed:
        text = _text(at.cell)
        if text and not _left(at, columns) and not first <= at.row < end:
            raise LineError(text)
    rest = _remove(table, placed, columns)
    try:
        place(rest)
    except GridError as error:
        raise LineError(label) from error
    return rest


def without_row(table: Table, label: str) -> Table | None:
    """Return `table` without the rows that `label` heads, or None if it heads none.

    A cell that begins above shrinks. Raises `LineError` where a cell that begins in the rows
    goes on below them, or where they are all that there is.
    """
    placed = place(table)
    labels = [at for at in placed if at.cell.header and _is(at, label)]
    gone = {r for at in labels for r in range(at.row, at.row + at.cell.rowspan)}
    if not gone:
        return None
    if len(gone) == len(table.rows):
        raise LineError(label)
    cells: list[list[Cell]] = [[] for _ in table.rows]
    for at in placed:
        span = [r for r in range(at.row, at.row + at.cell.rowspan) if r not in gone]
        if span and at.row in gone:
            raise LineError(_text(at.cell))
        cells[at.row].append(replace(at.cell, rowspan=len(span)))
    rows = enumerate(zip(cells, table.rows, strict=True))
    return replace(
        table, rows=tuple(Row(tuple(c), row.head) for r, (c, row) in rows if r not in gone)
    )


def _heads(table: Table) -> AbstractSet[int]:
    """Return the rows in which heads of columns begin."""
    return {at.row for at in place(table) if _heads_columns(table, at)}


def _heads_columns(table: Table, at: Placed) -> bool:
    return table.rows[at.row].head or at.cell.header == "col"


def _block(heads: AbstractSet[int], row: int) -> tuple[int, int]:
    """Return the first and the last of the rows of heads around `row`."""
    first = last = row
    while first - 1 in heads:
        first -= 1
    while last + 1 in heads:
        last += 1
    return first, last


def _is(at: Placed, label: str) -> bool:
    return fold(_text(at.cell)) == fold(label)


def _text(cell: Cell) -> str:
    return "".join(plain(line) for line in cell.lines).strip()


def _left(at: Placed, columns: AbstractSet[int]) -> int:
    """Return how many columns of a cell are left."""
    return sum(c not in columns for c in range(at.column, at.column + at.cell.colspan))


def _remove(table: Table, placed: tuple[Placed, ...], columns: AbstractSet[int]) -> Table:
    cells: list[list[Cell]] = [[] for _ in table.rows]
    for at in placed:
        if span := _left(at, columns):
            cells[at.row].append(replace(at.cell, colspan=span))
    rows = tuple(Row(tuple(c), row.head) for c, row in zip(cells, table.rows, strict=True))
    widths = tuple(width for c, width in enumerate(table.widths) if c not in columns)
    return replace(table, widths=widths, rows=rows)
