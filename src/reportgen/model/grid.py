"""The grid of a table: which cell stands where once spans are worked out, and what heads it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import NamedTuple

from reportgen.model import limits
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

    Raises `GridError` (`size`, `span`, `overflow`, `rowspan`, `overlap`, `hole`) unless the cells
    cover each place of the grid of `len(table.rows)` by `len(table.widths)` exactly once.
    """
    width = len(table.widths)
    if len(table.rows) * width > limits.TABLE_PLACES:
        raise GridError("size", 0, 0)
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
    if placed.cell.rowspan == placed.cell.colspan == 1:  # as most do
        return {(placed.row, placed.column)}
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


def tied_rows(rows: tuple[Row, ...]) -> Iterator[list[Row]]:
    """Yield rows by runs that no span leaves: a row alone, or all that spans tie together."""
    block: list[Row] = []
    end = 0
    for number, row in enumerate(rows):
        block.append(row)
        for cell in row.cells:
            if cell.rowspan > 1:
                end = max(end, number + cell.rowspan)
        if number + 1 >= end:
            yield block
            block = []
    if block:
        yield block


Place = tuple[int, int]
"""A row and a column of the grid, from 0."""


class HeadedCell(NamedTuple):
    """A cell: where it begins, what it heads, its address as its name, and its headers' names."""

    row: int
    column: int
    heads: str
    name: str
    headers: dict[str, None]


class _HeaderRun(NamedTuple):
    """The headers of `kind` that follow each other on the way to a place.

    It has `ended` where another cell stands behind them.
    """

    kind: str
    names: tuple[str, ...] = ()
    ended: bool = False

    def of(self, cell: HeadedCell) -> tuple[str, ...]:
        """Return the headers that `cell` has of these: a header has none behind other cells."""
        return () if self.ended and cell.heads == self.kind else self.names

    def after(self, cell: HeadedCell) -> _HeaderRun:
        """Return what these are behind `cell`."""
        if cell.heads != self.kind:
            return self if cell.heads or self.ended else self._replace(ended=True)
        names = () if self.ended else self.names
        return _HeaderRun(self.kind, names if cell.name in names else (*names, cell.name))


_NO_ROW_HEADERS, _NO_COLUMN_HEADERS = _HeaderRun("row"), _HeaderRun("col")


def headed_cells(table: Table) -> dict[Place, HeadedCell]:
    """Return the cell of `table` at every place of its grid, with its headers.

    They are those in its rows to its left and in its columns above it, from the nearest on:
    "the search in a given direction stops when the edge of the table is reached or when a data
    cell is found after a header cell" (HTML 4.01, 11.4.3, which ISO 32000-2 follows). Headers of
    columns that stand below the head of a table, among rows that a cell ties together, head
    those rows alone.
    """
    cells = _cells(table)
    runs = [_NO_COLUMN_HEADERS] * len(table.widths)
    row = 0
    for tied in tied_rows(table.rows):
        runs_above = runs
        for _ in tied:
            runs = _head_row([cells[row, column] for column in range(len(runs))], row, runs)
            row += 1
        if len(tied) > 1 and not tied[0].head:
            runs = [run._replace(ended=True) for run in runs_above]
    return cells


def _cells(table: Table) -> dict[Place, HeadedCell]:
    """Return the cell of `table` at every place of its grid, without headers yet."""
    cells: dict[Place, HeadedCell] = {}
    for placed in place_cells(table):
        rows = range(placed.row, placed.row + placed.cell.rowspan)
        columns = range(placed.column, placed.column + placed.cell.colspan)
        cell = HeadedCell(placed.row, placed.column, placed.cell.heads, placed.address, {})
        cells.update(dict.fromkeys(product(rows, columns), cell))
    return cells


def _head_row(
    cells: Sequence[HeadedCell], row: int, runs_above: Sequence[_HeaderRun]
) -> list[_HeaderRun]:
    """Give the cells of a row their headers; return the runs of headers of columns below it."""
    run = _NO_ROW_HEADERS
    runs: list[_HeaderRun] = []
    for column, (cell, above) in enumerate(zip(cells, runs_above, strict=True)):
        if column == cell.column:
            cell.headers.update(dict.fromkeys(run.of(cell)))
        if row == cell.row:
            cell.headers.update(dict.fromkeys(above.of(cell)))
        run = run.after(cell)
        runs.append(above.after(cell))
    return runs
