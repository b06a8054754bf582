"""A document as somebody who writes for an engine by hand has it: lines, and sheets of boxes."""

from __future__ import annotations

from typing import NamedTuple


class Piece(NamedTuple):
    """A run of text; a figure has a number, and in an internal report a note."""

    text: str
    number: str | None = None
    note: str = ""


class Line(NamedTuple):
    """A paragraph, or a heading of a level from 1; the title has level 0."""

    pieces: tuple[Piece, ...]
    level: int | None = None

    @property
    def text(self) -> str:
        """Return the text of the line."""
        return "".join([piece.text for piece in self.pieces])


class Box(NamedTuple):
    """A cell with its place in the grid."""

    pieces: tuple[Piece, ...]
    row: int
    column: int
    rowspan: int
    colspan: int
    head: bool
    align: str

    @property
    def text(self) -> str:
        """Return the text of the cell."""
        return "".join([piece.text for piece in self.pieces])


class Sheet(NamedTuple):
    """A table: the boxes that begin in each row; the first `heads` rows are its head."""

    caption: str
    widths: tuple[int, ...]
    rows: tuple[tuple[Box, ...], ...]
    heads: int


class Turn(NamedTuple):
    """A new page, upright or on its side."""

    landscape: bool


class Plain(NamedTuple):
    """A whole document; the first part is its title."""

    name: str
    subject: str
    organization: str
    date: str
    parts: tuple[Line | Sheet | Turn, ...]
