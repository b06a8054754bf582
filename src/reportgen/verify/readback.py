"""What a finished file says when an independent reader opens it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product
from typing import NamedTuple

from reportgen.model import limits
from reportgen.model.frozen import frozen
from reportgen.project.foreign_files import ForeignFileError


class GridCell(NamedTuple):
    """A cell as read back: its place in the grid from 0, its spans, its text without spaces.

    `heads` says what it is a header of, as far as the format can: `row`, `col`, else nothing.
    """

    row: int
    column: int
    rowspan: int
    colspan: int
    text: str
    heads: str = ""


Grid = tuple[GridCell, ...]


@frozen
class Readback:
    """The content of a file in reading order, white space removed.

    `texts` holds the paragraphs outside tables: title lines, headings with their numbers,
    list items with their labels, annex labels and titles, sign-off. `tables` holds each
    table's cells. `stream` is all text in one string, for formats that keep no structure
    (PDF: with page numbers and repeated headers left out); `figures` the marked figures;
    `items` the entries of lists, in formats that mark them; `pictures` what is said of each
    picture to those who cannot see it.
    """

    format: str
    texts: tuple[str, ...] = ()
    tables: tuple[Grid, ...] = ()
    stream: str = ""
    figures: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ()


class SpannedText(NamedTuple):
    """A cell as formats state it: spans, text, what it heads; its place follows from the others."""

    rowspan: int
    colspan: int
    text: str
    heads: str = ""


def grid_cells(rows: Iterable[Iterable[SpannedText]]) -> Iterator[GridCell]:
    """Yield the cells of `rows`, each in the first column that none above or before it takes."""
    taken: set[tuple[int, int]] = set()
    for row, cells in enumerate(rows):
        column = 0
        for rowspan, colspan, text, heads in cells:
            if len(taken) + rowspan * colspan > limits.TABLE_PLACES:
                raise ForeignFileError("@too_many_places", limit=limits.TABLE_PLACES)
            while (row, column) in taken:
                column += 1
            taken.update(product(range(row, row + rowspan), range(column, column + colspan)))
            yield GridCell(row, column, rowspan, colspan, text, heads)


def squeeze(text: str) -> str:
    """Return `text` without white space: how outputs are compared."""
    return "".join(text.split())
