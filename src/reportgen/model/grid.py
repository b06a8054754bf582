"""The grid of a table: which cell stands where once spans are worked out, and what heads it.

Tables that are joined to each other are one form, which may have one grid.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from itertools import accumulate, groupby, pairwise, product, takewhile
from operator import attrgetter
from typing import NamedTuple, TypeVar

from reportgen.model import limits
from reportgen.model.document import Cell, Row, Table
from reportgen.model.frozen import frozen, remembered


@frozen
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


@remembered(32)
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
            column = _free(number, column, taken)
            placed_cell = PlacedCell(number, column, cell)
            if column >= width or not _is_single(cell):
                _check_inside(placed_cell, len(table.rows), width)
                _take(placed_cell, taken)
            placed.append(placed_cell)
            column += cell.colspan
        column = _free(number, column, taken)
        if column < width:
            raise GridError("hole", number, column)
    return tuple(placed)


def _free(row: int, column: int, taken: AbstractSet[tuple[int, int]]) -> int:
    """Return the first column of a row, from `column` on, into which no cell from above reaches."""
    while (row, column) in taken:
        column += 1
    return column


def _is_single(cell: Cell) -> bool:
    """Return whether a cell covers one place, as most do."""
    return cell.colspan == 1 == cell.rowspan


def _take(placed: PlacedCell, taken: set[tuple[int, int]]) -> None:
    """Add the places that a cell covers to those `taken`; raise `GridError` if one is so already.

    Where it begins is free. A cell of one place takes none that another could, so it is left out.
    """
    places = _covered(placed)
    if places & taken:
        raise GridError("overlap", placed.row, placed.column)
    taken |= places


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
        cell = HeadedCell(placed.row, placed.column, placed.cell.heads, placed.address, {})
        if _is_single(placed.cell):
            cells[placed.row, placed.column] = cell
        else:
            cells.update(dict.fromkeys(_covered(placed), cell))
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


# Forms: a table and those joined to it

_SCALE = 10_000
"""What the width of a form counts while its columns are worked out."""
_ALIGNED = 250
"""Borders of columns that are this near to each other, in two tables of a form, are one."""
_BlockT = TypeVar("_BlockT")


class JoinedForm(NamedTuple):
    """Tables that are joined as one, and where each had its columns: its borders among all."""

    table: Table
    borders: tuple[tuple[int, ...], ...]


def by_form(blocks: Iterable[_BlockT]) -> Iterator[list[_BlockT]]:
    """Yield `blocks` one by one, but a table together with those joined to it.

    A table with a caption of its own stands below that.
    """
    group: list[_BlockT] = []
    for block in blocks:
        if group and not (isinstance(group[0], Table) and _is_joined(block)):
            yield group
            group = []
        group.append(block)
    if group:
        yield group


def _is_joined(block: object) -> bool:
    return isinstance(block, Table) and block.joined and not block.show_caption


def join(tables: Sequence[Table]) -> JoinedForm:
    """Return `tables`, which stand below each other, as one over the columns of all.

    No row of it is repeated on the next page: the head of one table does not head the others.
    Raises `GridError` unless the cells of each fill its grid.
    """
    if len(tables) == 1:
        return JoinedForm(tables[0], (tuple(range(len(tables[0].widths) + 1)),))
    widths, borders = _joined_columns([table.widths for table in tables])
    rows: list[Row] = []
    for table, places in zip(tables, borders, strict=True):
        rows += _joined_rows(table, places)
    joined = replace(
        tables[0],
        caption=_captions(tables),
        widths=widths,
        rows=tuple(rows),
        signatures=any(table.signatures for table in tables),
    )
    return JoinedForm(joined, borders)


def word_tables(tables: Sequence[Table]) -> list[Table]:
    """Return a form, the `tables` that are joined to each other, as the tables that Word has of it.

    That is one over the columns of all. But Word repeats on each page only the rows that a table
    begins with, so a long one with a head of its own stands apart, over the same columns.
    """
    if len(tables) == 1:
        return list(tables)
    joined = join(tables).table
    parts: list[Table] = []
    first = 0
    for run in _runs(tables):
        last = first + sum(len(table.rows) for table in run)
        rows = joined.rows[first:last]
        if len(run) == 1:
            own = zip(rows, run[0].rows, strict=True)
            rows = tuple([replace(row, head=of_table.head) for row, of_table in own])
        parts.append(replace(joined, caption=_captions(run), rows=rows))
        first = last
    return parts


_LONG = 6
"""The most rows below its head that a table of a form has without being a long one."""


def _runs(tables: Sequence[Table]) -> Iterator[list[Table]]:
    """Yield the tables of a form that are one table in Word."""
    for stands_apart, run in groupby(tables, _repeats_its_head):
        group = list(run)
        yield from ([table] for table in group) if stands_apart else (group,)


def _repeats_its_head(table: Table) -> bool:
    """Return whether a table is long and has a head, none of whose cells goes on below it."""
    heads = len(list(takewhile(attrgetter("head"), table.rows)))
    if not 0 < heads < len(table.rows) - _LONG:
        return False
    for number, row in enumerate(table.rows[:heads]):
        if any(number + cell.rowspan > heads for cell in row.cells):
            return False
    return True


def _captions(tables: Iterable[Table]) -> str:
    """Return the captions of `tables`, each once."""
    return "；".join(dict.fromkeys(table.caption for table in tables))


def _joined_rows(table: Table, places: Sequence[int]) -> Iterator[Row]:
    """Yield the rows of a table, which has its borders at `places` among those of its form."""
    cells = [_widened(placed, places) for placed in place_cells(table)]
    for row in rows_with(table, cells):
        yield replace(row, head=False)


def _widened(placed: PlacedCell, places: Sequence[int]) -> PlacedCell:
    """Return a cell over the columns of a form, in which its table has borders at `places`."""
    start, cell = placed.column, placed.cell
    colspan = places[start + cell.colspan] - places[start]
    if colspan == cell.colspan:
        return placed
    return PlacedCell(placed.row, start, replace(cell, colspan=colspan))


def _joined_columns(
    widths: Sequence[tuple[int, ...]],
) -> tuple[tuple[int, ...], tuple[tuple[int, ...], ...]]:
    """Return the columns of a form, and for each table where its borders are among theirs."""
    clusters = _clusters(widths)
    edges = pairwise((0, *map(_middle, clusters), _SCALE))
    columns = tuple(max(1, right - left) for left, right in edges)
    borders: list[list[int]] = [[0] for _ in widths]
    for place, cluster in enumerate(clusters, 1):
        for _, number in cluster:
            borders[number].append(place)
    return columns, tuple((*places, len(columns)) for places in borders)


def _middle(cluster: Sequence[_Border]) -> int:
    return sum(at for at, _ in cluster) // len(cluster)


_Border = tuple[int, int]
"""Where a column ends, and the number of the table whose column it is."""


def _clusters(widths: Sequence[tuple[int, ...]]) -> list[list[_Border]]:
    """Return the borders within tables of these `widths`, from left to right, near ones together.

    No two of one table are together.
    """
    inner: list[_Border] = []
    for number, parts in enumerate(widths):
        whole = sum(parts)
        inner += [(_SCALE * part // whole, number) for part in accumulate(parts[:-1])]
    clusters: list[list[_Border]] = []
    for border in sorted(inner):
        if clusters and _is_aligned(border, clusters[-1]):
            clusters[-1].append(border)
        else:
            clusters.append([border])
    return clusters


def _is_aligned(border: _Border, cluster: Sequence[_Border]) -> bool:
    """Return whether a border of a table is one with those of others in `cluster`."""
    at, number = border
    return at - cluster[0][0] <= _ALIGNED and all(number != other for _, other in cluster)
