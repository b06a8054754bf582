"""The parts of a page: lines of characters, and ruled tables, alike where they go over pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from statistics import median
from typing import Any, NamedTuple

_EDGE = 2.5
"""Points within which two rules are one edge of a grid."""
_LINE = 0.5
"""Parts of its height by which characters of one line may be shifted."""
_OUTER, _ROW = 2, 60
"""Borders of columns that every table has, and points that a row may be high that found no room."""
_NARROW = 8
"""Characters of a line that may fill its cell because the cell is narrow."""
_FULL = 2.0
"""Characters that are missing at the end of a line of a cell that is full."""


class PageLine(NamedTuple):
    """A line of text with its edges in points from the upper left corner of the page."""

    text: str
    left: float
    right: float
    top: float
    bottom: float
    size: float


class PageCell(NamedTuple):
    """A cell of a page: its text and place; `full` says that its last line fills it."""

    text: str
    row: int
    column: int
    rowspan: int
    colspan: int
    full: bool


class PageGrid(NamedTuple):
    """A table of one page: its cells and the edges of its columns and rows in points."""

    cells: list[PageCell]
    columns: list[float]
    rows: list[float]


PagePart = PageLine | PageGrid


def _box_of(char: dict[str, Any], boxes: Sequence[tuple[float, ...]]) -> int | None:
    """Return which box the middle of a character stands in."""
    across, down = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
    for index, (left, top, right, bottom) in enumerate(boxes):
        if left <= across <= right and top <= down <= bottom:
            return index
    return None


def chars_by_box(
    chars: Iterable[dict[str, Any]], boxes: Sequence[tuple[float, ...]]
) -> tuple[list[list[dict[str, Any]]], list[dict[str, Any]]]:
    """Return the characters within each box, and those in none."""
    inside: list[list[dict[str, Any]]] = [[] for _ in boxes]
    outside: list[dict[str, Any]] = []
    for char in chars:
        index = _box_of(char, boxes)
        (outside if index is None else inside[index]).append(char)
    return inside, outside


def lines_of(chars: Iterable[dict[str, Any]]) -> Iterator[PageLine]:
    """Yield the lines that characters stand in, from the top, each from the left."""
    line: list[dict[str, Any]] = []
    for char in sorted(chars, key=_middle):
        if line and _middle(char) - _middle(line[-1]) > _LINE * char["size"]:
            yield from _line(line)
            line = []
        line.append(char)
    yield from _line(line)


def _middle(char: dict[str, Any]) -> float:
    return float(char["top"] + char["bottom"]) / 2


def _line(chars: list[dict[str, Any]]) -> Iterator[PageLine]:
    """Yield the line of some characters unless it says nothing."""
    ordered = sorted(chars, key=lambda char: char["x0"])
    text = "".join(_spaced(ordered)).strip()
    if text:
        left, right = ordered[0]["x0"], ordered[-1]["x1"]
        top, bottom = min(char["top"] for char in chars), max(char["bottom"] for char in chars)
        yield PageLine(text, left, right, top, bottom, median(char["size"] for char in chars))


def _spaced(chars: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Yield the characters of a line, with a space where there is room for one."""
    before: dict[str, Any] | None = None
    for char in chars:
        if before is not None and char["x0"] - before["x1"] > before["size"] * 0.8:
            yield " "
        yield char["text"]
        before = char


def grid_of(cells: Sequence[tuple[float, ...]], chars: Iterable[dict[str, Any]]) -> PageGrid:
    """Return the grid that the boxes of some cells make, with the characters in them."""
    lefts, tops, rights, bottoms = zip(*cells, strict=True)
    columns, rows = _edges((*lefts, *rights)), _edges((*tops, *bottoms))
    within, _ = chars_by_box(chars, cells)
    found: list[PageCell] = []
    for (left, top, right, bottom), its in zip(cells, within, strict=True):
        row, column = _nearest(rows, top), _nearest(columns, left)
        lines = list(lines_of(its))
        full = bool(lines) and _may_go_on(lines[-1], right)
        rowspan, colspan = _nearest(rows, bottom) - row, _nearest(columns, right) - column
        text = _cell_text(lines, right)
        found.append(PageCell(text, row, column, max(rowspan, 1), max(colspan, 1), full))
    return PageGrid(found, columns, rows)


def _cell_text(lines: Sequence[PageLine], right: float) -> str:
    """Return the lines of a cell as a text: one that fills the cell goes on in the next."""
    text = ""
    for line in lines:
        text += line.text if line is lines[-1] or _fills(line, right) else f"{line.text}\n"
    return text


def _may_go_on(line: PageLine, right: float) -> bool:
    """Return whether a line fills a cell that is not narrow, with words that are not set apart."""
    return _fills(line, right) and len(line.text) > _NARROW and "\u3000" not in line.text


def _fills(line: PageLine, right: float) -> bool:
    """Return whether a line goes to the right edge of its cell."""
    return right - line.right < _FULL * line.size


def _edges(values: Iterable[float]) -> list[float]:
    """Return edges in order, those that are one as one."""
    edges: list[float] = []
    for value in sorted(values):
        if not edges or value - edges[-1] > _EDGE:
            edges.append(value)
    return edges


def _nearest(edges: Sequence[float], value: float) -> int:
    return min(range(len(edges)), key=lambda index: abs(edges[index] - value))


def rule_alike(pages: list[list[PagePart]]) -> None:
    """Give a table that goes over pages the same columns on all of them.

    A page rules only the borders that its own cells have.
    """
    held: list[tuple[int, int]] = []
    foot = max(map(_foot, pages), default=0.0)
    for number, parts in enumerate(pages):
        if not (held and _goes_on(_grid_at(pages, held[-1]), parts, foot)):
            _align(pages, held)
            held = []
        else:
            held.append((number, 0))
        if len(parts) > 1 or not held:
            _align(pages, held)
            held = [(number, len(parts) - 1)] if parts else []
    _align(pages, held)


def _foot(page: Sequence[PagePart]) -> float:
    """Return how far down the tables of a page go, in points."""
    return max((part.rows[-1] for part in page if isinstance(part, PageGrid)), default=0.0)


def _grid_at(pages: Sequence[Sequence[PagePart]], place: tuple[int, int]) -> PagePart:
    return pages[place[0]][place[1]]


def _goes_on(above: PagePart, parts: Sequence[PagePart], foot: float) -> bool:
    """Return whether a table at the foot of a page goes on at the head of the next.

    Both are as broad, and it ends where tables end that fill a page, or they share a border of
    columns.
    """
    if not (parts and isinstance(above, PageGrid) and isinstance(parts[0], PageGrid)):
        return False
    shared = _shared(above.columns, parts[0].columns)
    is_as_broad = {above.columns[0], above.columns[-1]} <= set(shared)
    return is_as_broad and (len(shared) > _OUTER or above.rows[-1] > foot - _ROW)


def _shared(columns: Sequence[float], others: Sequence[float]) -> list[float]:
    """Return the edges of one table that are among those of another."""
    return [edge for edge in columns if abs(others[_nearest(others, edge)] - edge) <= _EDGE]


def _align(pages: list[list[PagePart]], places: Sequence[tuple[int, int]]) -> None:
    """Give the grids at some places the columns that all of them have together."""
    if len(places) < 2:
        return
    columns: list[float] = []
    for place in places:
        grid = _grid_at(pages, place)
        columns += grid.columns if isinstance(grid, PageGrid) else []
    together = _edges(columns)
    for page, index in places:
        grid = pages[page][index]
        if isinstance(grid, PageGrid):
            pages[page][index] = _moved(grid, together)


def _moved(grid: PageGrid, columns: list[float]) -> PageGrid:
    """Return a grid with other columns, among which are its own."""
    at = [_nearest(columns, edge) for edge in grid.columns]
    cells: list[PageCell] = []
    for cell in grid.cells:
        left, right = at[cell.column], at[cell.column + cell.colspan]
        cells.append(cell._replace(column=left, colspan=right - left))
    return PageGrid(cells, columns, grid.rows)
