"""The grid of a table: which cell stands where once spans are worked out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

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
    height, width = len(table.rows), len(table.widths)
    taken: set[tuple[int, int]] = set()
    placed: list[PlacedCell] = []
    for r, row in enumerate(table.rows):
        column = 0
        for cell in row.cells:
            while (r, column) in taken:
                column += 1
            if cell.colspan < 1 or cell.rowspan < 1:
                raise GridError("span", r, column)
            if column + cell.colspan > width:
                raise GridError("overflow", r, column)
            if r + cell.rowspan > height:
                raise GridError("rowspan", r, column)
            span = {(r + i, column + j) for i in range(cell.rowspan) for j in range(cell.colspan)}
            if span & taken:
                raise GridError("overlap", r, column)
            taken |= span
            placed.append(PlacedCell(r, column, cell))
        for column in range(width):
            if (r, column) not in taken:
                raise GridError("hole", r, column)
    return tuple(placed)


def rows_with(table: Table, cells: Iterable[PlacedCell]) -> tuple[Row, ...]:
    """Return the rows of `table` with `cells` in the place of theirs."""
    cells_by_row: list[list[Cell]] = [[] for _ in table.rows]
    for placed in cells:
        cells_by_row[placed.row].append(placed.cell)
    rows: list[Row] = []
    for row, row_cells in zip(table.rows, cells_by_row, strict=True):
        rows.append(replace(row, cells=tuple(row_cells)))
    return tuple(rows)
