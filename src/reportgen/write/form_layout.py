"""How a form is laid out on pages, for Word and PDF: its columns, its rows, where a page may end.

Heights are estimated from the lengths of texts. A row of up to a third of a page stays whole, and
so do rows that a cell ties together; what is taller may break and starts at the top. A form of up
to half a page stays on one page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from math import ceil
from typing import NamedTuple

from reportgen.model.document import (
    Inline,
    Inlines,
    Row,
    Table,
    Text,
)
from reportgen.model.frozen import frozen
from reportgen.model.grid import (
    JoinedForm,
    PlacedCell,
    join,
    place_cells,
    word_tables,
)
from reportgen.write.columns import LongCell, fit, least_width, measure

CROWDED = 5
"""Cells in one row beyond which a form is set in 五号 instead of 小四."""
CELL_MARGIN = 3.0
"""Points at the left and at the right of a cell."""
_AROUND = 5.5
"""Points that a row is higher than its lines."""
_SMALL_FORM, _SIGNED = 0.5, 0.85
"""Of the height of a page: up to this a form stays on one, one in which people sign as well."""
_LABEL = 0.6
"""Of the height of a page: up to this a label is not parted."""
_END = 1 / 6
"""Of the height of a page: so much may be left white where the next lines of a cell stay whole."""
_WORTH_A_PAGE = 0.2
"""Of the height of a page: so much of a form stands on the last of its pages at least."""
_SLACK = 0.15
"""What a cell is wider than its text, in characters: fonts differ by a hair."""


@frozen
class PageRoom:
    """What a page has for its text, in points."""

    width: float
    height: float

    @property
    def label(self) -> float:
        """Return the height up to which a label stays whole."""
        return self.height * _LABEL

    @property
    def third(self) -> float:
        """Return the height up to which a row stays whole."""
        return self.height / 3


@frozen
class CellFace:
    """How cells are set: the size of a character, and from one line to the next, in points."""

    size: float
    pitch: float

    @property
    def margin(self) -> float:
        """Return what the margins of a cell take of a line, in characters."""
        return 2 * CELL_MARGIN / self.size + _SLACK

    def height(self, lines: int) -> float:
        """Return how high a row of `lines` is."""
        return lines * self.pitch + _AROUND


_MILLIMETRE = 72 / 25.4
PORTRAIT = PageRoom(156 * _MILLIMETRE, 225 * _MILLIMETRE)
LANDSCAPE = PageRoom(PORTRAIT.height, PORTRAIT.width)
ROOMY, SMALL = CellFace(12, 18), CellFace(10.5, 15)


class FormPart(NamedTuple):
    """A table that Word has of a form: which row of it is its `first`, its cells placed in it."""

    table: Table
    first: int
    placed: Sequence[PlacedCell]


@frozen
class FormLayout:
    """The `tables` of a form as one with its cells `placed`, and how it stands on a page of `room`.

    `widths` of columns are in characters, `heights` of rows in points; `least` are the heights of
    rows that a cell over several of them makes higher than their own texts do. `spans` are the
    cells over several rows, `label_lines` how many lines the labels have of rows that may break.
    It `is_cut` where figures do not fit into their columns.
    """

    tables: tuple[Table, ...]
    form: JoinedForm
    placed: Sequence[PlacedCell]
    room: PageRoom
    face: CellFace
    widths: Sequence[float]
    heights: Sequence[float]
    least: dict[int, float]
    spans: Sequence[LongCell]
    label_lines: Mapping[int, int]
    is_cut: bool

    @property
    def table(self) -> Table:
        """Return the form as one table."""
        return self.form.table

    @property
    def is_small(self) -> bool:
        """Return whether the form is set in the small size."""
        return self.face is SMALL

    @property
    def is_whole(self) -> bool:
        """Return whether the form stays on one page: who signs sees what for."""
        share = _SIGNED if self.table.signatures else _SMALL_FORM
        return sum(self.heights) <= share * self.room.height

    def is_tall(self, row: int, rows: int = 1) -> bool:
        """Return whether `rows` from `row` on are too tall to stay on one page."""
        if rows == 1:
            return self.heights[row] > self.room.third
        return sum(self.heights[row : row + rows]) > self.room.third

    def whole_ends(self, row: int, counts: Sequence[int]) -> tuple[int, int]:
        """Return how many of the first and of the last lines of a cell stay on one page each.

        Over how many lines of its column each of them is set, `counts` says. Beside what stays
        there is room for the label of the `row`.
        """
        least = max(2, self.label_lines.get(row, 0))
        most = max(least, int(self.room.height * _END / self.face.pitch))
        first = _whole_lines(counts, least, most)
        last = _whole_lines(counts[first:][::-1], least, most)
        return first, last

    def parts(self) -> Iterator[FormPart]:
        """Yield the tables that Word has of the form, each with its cells placed in it."""
        if len(self.tables) == 1:
            yield FormPart(self.table, 0, self.placed)
            return
        first = 0
        for table in word_tables(self.tables):
            yield FormPart(table, first, place_cells(table))
            first += len(table.rows)

    def kept_rows(self) -> set[int]:
        """Return the rows that stay on the page of the next one."""
        last = len(self.heights) - 1
        if self.is_whole:
            return set(range(last))
        kept = self._head_rows() - {last}
        kept.update(self._rows_of_last_page())
        for cell in self.spans:
            if not self.is_tall(cell.row, cell.rows):
                kept.update(range(cell.row, cell.row + cell.rows - 1))
        for row in self.label_lines:
            kept.update(self._rows_of_label(row))
        return kept

    def label_height(self, row: int) -> float:
        """Return how high a label is that begins in `row` and that a page may part, 0 for none."""
        lines = self.label_lines.get(row)
        return self.face.height(lines) if lines else 0.0

    def _rows_of_label(self, first: int) -> Iterator[int]:
        """Yield the rows from the `first` of a label on that stay with the next: all it needs."""
        height, needed = 0.0, min(self.label_height(first), self.room.third)
        for row in range(first, len(self.heights) - 1):
            height += self.heights[row]
            if height >= needed:
                break
            yield row

    def _rows_of_last_page(self) -> Iterator[int]:
        """Yield the last rows but one: none of them alone is worth a page."""
        row, height = len(self.heights) - 1, 0.0
        while row > 0 and not self.is_tall(row - 1):
            height += self.heights[row]
            if height > self.room.height * _WORTH_A_PAGE:
                break
            row -= 1
            yield row

    def _head_rows(self) -> set[int]:
        rows = chain.from_iterable(table.rows for table in self.tables)
        return {number for number, row in enumerate(rows) if row.head}


def lay_out(tables: Sequence[Table], room: PageRoom) -> FormLayout:
    """Return how a form, the `tables` that are joined to each other, stands on a page.

    Raises `GridError` unless the cells of each fill its grid.
    """
    form = join(tables)
    face = _face(form.table)
    found = measure(form.table, face.margin)
    line = room.width / face.size
    widths = fit(form.table.widths, found.needs, line)
    heights = _heights(found.long, form.table.rows, widths, face)
    spans = [cell for cell in found.long if cell.rows > 1]
    asked = {number: height for number, height in enumerate(_asked(form.table.rows)) if height}
    least = asked | _spread(spans, heights, widths, face, room)
    labels = _label_lines(found.long, heights, widths, face, room)
    cut = least_width(form.table.widths, found.needs) > line
    return FormLayout(
        tuple(tables), form, found.placed, room, face, widths, heights, least, spans, labels, cut
    )


def _face(table: Table) -> CellFace:
    longest = max((len(row.cells) for row in table.rows), default=0)
    return SMALL if longest > CROWDED else ROOMY


def _asked(rows: Sequence[Row]) -> list[float]:
    """Return the heights that `rows` have at least, 0 for most."""
    return [row.height * _MILLIMETRE for row in rows]


def _heights(
    cells: Sequence[LongCell], rows: Sequence[Row], widths: Sequence[float], face: CellFace
) -> list[float]:
    """Return how high `rows` are: as they ask for, or as the `cells` that stand in one of them."""
    heights = [max(face.height(1), asked) for asked in _asked(rows)]
    for cell in cells:
        if cell.rows == 1:
            heights[cell.row] = max(heights[cell.row], _height(cell, widths, face))
    return heights


def _height(cell: LongCell, widths: Sequence[float], face: CellFace) -> float:
    """Return how high the text of a cell is with its margins."""
    return face.height(_lines(cell, widths, face)) + cell.below * _MILLIMETRE


def _lines(cell: LongCell, widths: Sequence[float], face: CellFace) -> int:
    """Return over how many lines the text of a cell is set."""
    start, count = cell.span
    room = max(1.0, sum(widths[start : start + count]) - face.margin)
    return max(1, sum(line_counts(cell.lines, room)))


def line_counts(lines: Iterable[float], room: float) -> list[int]:
    """Return over how many lines of `room` each of `lines` is set, which are so wide."""
    return [max(1, ceil(line / room)) for line in lines]


def _whole_lines(counts: Sequence[int], least: int, most: int) -> int:
    """Return how many of the first `counts` make up `least`, or as many as are within `most`."""
    total = 0
    for number, count in enumerate(counts):
        total += count
        if total > most:
            return number
        if total >= least:
            return number + 1
    return len(counts)


def _spread(
    spans: list[LongCell],
    heights: list[float],
    widths: Sequence[float],
    face: CellFace,
    room: PageRoom,
) -> dict[int, float]:
    """Spread what a cell is higher than its rows over these; return the `heights` of such rows."""
    least: dict[int, float] = {}
    for cell in sorted(spans, key=_fewest_rows_first):
        rows = range(cell.row, cell.row + cell.rows)
        lack = _height(cell, widths, face) - sum(heights[cell.row : rows.stop])
        if lack > 0:
            for row in rows:
                heights[row] += lack / cell.rows
                least[row] = heights[row]
    return {row: height for row, height in least.items() if height <= room.third}


def _label_lines(
    cells: Sequence[LongCell],
    heights: Sequence[float],
    widths: Sequence[float],
    face: CellFace,
    room: PageRoom,
) -> dict[int, int]:
    """Return by their first row how many lines the labels have of rows that a page may part."""
    labels: dict[int, int] = {}
    for cell in cells:
        if cell.label and sum(heights[cell.row : cell.row + cell.rows]) > room.third:
            labels[cell.row] = max(_lines(cell, widths, face), labels.get(cell.row, 0))
    return labels


def _fewest_rows_first(cell: LongCell) -> tuple[int, int]:
    return cell.rows, cell.row


def parted(inlines: Inlines) -> list[Inlines]:
    """Return what tabs set over a line from left to right, all of `inlines` for most."""
    if not any(isinstance(inline, Text) and "\t" in inline.text for inline in inlines):
        return [inlines]  # as in nearly all of the cells of a large table
    parts: list[list[Inline]] = [[]]
    for inline in inlines:
        if not (isinstance(inline, Text) and "\t" in inline.text):
            parts[-1].append(inline)
            continue
        first, *others = inline.text.split("\t")
        parts[-1].append(Text(first))
        parts += [[Text(text)] for text in others]
    return list(map(tuple, parts))
