"""What a finished file says when an independent reader opens it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell as read back: its place in the grid from 0, its spans, its text without spaces."""

    row: int
    column: int
    rowspan: int
    colspan: int
    text: str


@dataclass(frozen=True, slots=True)
class Readback:
    """The content of a file in reading order, white space removed.

    `texts` holds the paragraphs outside tables: title lines, headings with their numbers,
    list items with their labels, annex labels and titles, sign-off. `tables` holds each
    table's cells. `stream` is all text in one string, for formats that keep no structure
    (PDF: with page numbers and repeated headers left out); `figures` the marked figures.
    """

    format: str
    texts: tuple[str, ...] = ()
    tables: tuple[tuple[GridCell, ...], ...] = ()
    stream: str = ""
    figures: tuple[str, ...] = ()
