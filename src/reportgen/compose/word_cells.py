"""The tables of a filled Word form as rows of cells: what they say, what they head.

Word says only which rows repeat on each page. In a form the cells that nobody fills in are its
labels: those of a row of labels head columns, those beside what is filled in head their row. A
nested table is read line by line into the cell that holds it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product
from typing import Literal, NamedTuple

from lxml import etree

from reportgen.model import limits
from reportgen.model.document import Align, Cell, Inlines, Row
from reportgen.model.document import plain as plain_text
from reportgen.wordfile.part import STRICT, TRANSITIONAL
from reportgen.wordfile.tables import WordCell, WordTable, attribute, is_on

_PARAGRAPHS = (f"{{{TRANSITIONAL}}}p", f"{{{STRICT}}}p")
_ACROSS = frozenset(["", "lrTb", "lr"])
"""Directions of text that are no other than that of a page."""


class CellText(NamedTuple):
    """The text of a paragraph, its number in the form, -1 where it says nothing.

    `is_filled_in` says whether anything in it was printed by a tag.
    """

    inlines: Inlines = ()
    origin: int = -1
    is_filled_in: bool = False


NO_TEXT = CellText()
_BLANK = ((),)
"""The lines of a cell that says nothing."""


class _ReadCell(NamedTuple):
    """A cell, and whether it is a label: a text that stands in the form itself."""

    cell: Cell
    is_label: bool = False

    def heading(self, heads: Literal["", "col", "row"]) -> Cell:
        """Return the cell, which heads its row or its column if it is a label."""
        return replace(self.cell, header=heads) if self.is_label else self.cell


def read_cells(
    grid: WordTable,
    text: Callable[[etree._Element], CellText],
    align: Callable[[etree._Element], Align],
) -> tuple[Row, ...]:
    """Return the rows of a table; `text` and `align` say what a paragraph says and how."""
    rows: list[dict[int, _ReadCell]] = [{} for _ in grid.rows]
    for placed in grid.cells:
        rows[placed.row][placed.column] = _cell(placed, text, align)
    for row, column in _holes(grid):
        rows[row][column] = _ReadCell(Cell(((),)))
    heads = _head_rows(grid.rows)
    read: list[Row] = []
    for number, cells in enumerate(rows):
        read.append(_row(cells, head=number < heads))
    return tuple(read)


def _cell(
    placed: WordCell,
    text: Callable[[etree._Element], CellText],
    align: Callable[[etree._Element], Align],
) -> _ReadCell:
    elements, said = _said(placed, text)
    cell = Cell(
        lines=tuple([each.inlines for each in said]) or _BLANK,
        colspan=placed.colspan,
        rowspan=placed.rowspan,
        align=align(elements[0]) if elements else "left",
        vertical=attribute(placed.properties.get("textDirection"), "val") not in _ACROSS,
        origins=tuple([each.origin for each in said]),
    )
    filled_in = any(each.is_filled_in for each in said)
    return _ReadCell(cell, not filled_in and _says_words(said))


def _said(
    placed: WordCell, text: Callable[[etree._Element], CellText]
) -> tuple[list[etree._Element], list[CellText]]:
    """Return the paragraphs of a cell that say something, and what they say."""
    elements: list[etree._Element] = []
    said: list[CellText] = []
    for element in placed.element.iter(*_PARAGRAPHS):
        found = text(element)
        if found.origin >= 0:
            elements.append(element)
            said.append(found)
    return elements, said


def _says_words(texts: Iterable[CellText]) -> bool:
    """Return whether any text holds a letter or a digit."""
    return any(any(map(str.isalnum, plain_text(each.inlines))) for each in texts)


def _row(cells: Mapping[int, _ReadCell], *, head: bool) -> Row:
    """Return a row; a text that stands alone in one heads nothing."""
    ordered = [cells[column] for column in sorted(cells)]
    heads = "col" if head else _headed(ordered)
    return Row(tuple(each.heading(heads) for each in ordered), head)


def _headed(cells: Sequence[_ReadCell]) -> Literal["", "col", "row"]:
    """Return what the labels of a row head."""
    labels = sum(each.is_label for each in cells)
    said = sum(bool(each.cell.origins) for each in cells)
    if len(cells) == 1:
        return ""
    return "col" if labels == said > 1 else "row"


def _head_rows(rows: Sequence[etree._Element]) -> int:
    """Return how many rows at the top of a table repeat on each page."""
    number = 0
    while number < len(rows) and is_on(rows[number].find("{*}trPr"), "tblHeader"):
        number += 1
    return number if number < len(rows) else 0


def _holes(grid: WordTable) -> Iterator[tuple[int, int]]:
    """Yield the places that no cell of a table covers: a row may be shorter than the grid."""
    columns = len(grid.widths)
    places = len(grid.rows) * columns
    if places > limits.TABLE_PLACES or sum(map(_area, grid.cells)) == places:
        return
    taken: set[tuple[int, int]] = set()
    for placed in grid.cells:
        rows = range(placed.row, placed.row + placed.rowspan)
        taken.update(product(rows, range(placed.column, placed.column + placed.colspan)))
    yield from sorted(set(product(range(len(grid.rows)), range(columns))) - taken)


def _area(cell: WordCell) -> int:
    """Return how many places of the grid a cell covers; no two cover the same."""
    return cell.rowspan * cell.colspan
