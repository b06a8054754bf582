"""The grid of a table: which cell stands where once spans are worked out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import product

from reportgen.model.document import Cell, Row, Table


@dataclass(frozen=True, slots=True)
class PlacedCell:
    """A cell with the row and column, from 0, of its upper left corner."""

    row: int
    column: int
    cell: Cell

    @property
    def address(self) -> str:
        """Return where it stands, as messages and figures.json say it: `r3c8`, from 1."""
        return address(self.row, self.column)


def address(row: int, column: int) -> str:
    """Return the address of a cell whose row and column count from 0: `r1c1` is the first."""
    return f"r{row + 1}c{column + 1}"


class GridError(ValueError):
    """The spans of a table do not fill its grid; `row` and `column` count from 0."""

    def __init__(self, reason: str, row: int, column: int) -> None:
        super().__init__(reason, row, column)
        self.reason = reason
        self.row = row
        self.column = column


def place_cells(table: Table) -> tuple[PlacedCell, ...]:
    """Return every cell of `table` with its position, row by row.

    Raises `GridError` (`span`, `overflow`, `rowspan`, `overlap`, `hole`) unless the cells cover
    each place of the grid of `len(table.rows)` by `len(table.widths)` exactly once.
    """
    width = len(table.widths)
    taken: set[tuple[int, int]] = set()
    placed: list[PlacedCell] = []
    for number, row in enumerate(table.rows):
        column = 0
        for cell in row.cells:
            while (number, column) in taken:
                column += 1
            placed_cell = PlacedCell(number, column, cell)
            _check_inside(placed_cell, len(table.rows), width)
            places = _covered(placed_cell)
            if places & taken:
                raise GridError("overlap", number, column)
            taken |= places
            placed.append(placed_cell)
        for column in range(width):
            if (number, column) not in taken:
                raise GridError("hole", number, column)
    return tuple(placed)


def _check_inside(placed: PlacedCell, height: int, width: int) -> None:
    """Raise `GridError` for a cell that covers nothing, or that goes beyond the grid."""
    row, column, cell = placed.row, placed.column, placed.cell
    if cell.colspan < 1 or cell.rowspan < 1:
        raise GridError("span", row, column)
    if column + cell.colspan > width:
        raise GridError("overflow", row, column)
    if row + cell.rowspan > height:
        raise GridError("rowspan", row, column)


def _covered(placed: PlacedCell) -> set[tuple[int, int]]:
    """Return the places of the grid that a cell covers, as row and column."""
    rows = range(placed.row, placed.row + placed.cell.rowspan)
    columns = range(placed.column, placed.column + placed.cell.colspan)
    return set(product(rows, columns))


def rows_with(table: Table, cells: Iterable[PlacedCell]) -> tuple[Row, ...]:
    """Return the rows of `table` with `cells` in the place of theirs."""
    cells_by_row: list[list[Cell]] = [[] for _ in table.rows]
    for placed in cells:
        cells_by_row[placed.row].append(placed.cell)
    rows: list[Row] = []
    for row, row_cells in zip(table.rows, cells_by_row, strict=True):
        rows.append(replace(row, cells=tuple(row_cells)))
    return tuple(rows)
