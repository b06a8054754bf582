"""A sheet as a grid of cells, each with what it holds, exactly, and its place."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from reportgen.model.quantity import narrow
from reportgen.model.source import SourceSpan

OURS = "reportgen"
"""The category of the workbooks that an export writes, in their properties."""

CellKind = Literal["blank", "text", "number", "date", "error", "truth", "unknown"]
"""What a cell holds; `unknown` is a formula whose value the file does not carry."""

MergedRange = tuple[int, int, int, int]
"""First row, first column, last row, last column of merged cells, from 0."""

_DASHES = frozenset("- -- --- – — —— ——— ———— − ― / \\ 无".split())
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class SheetCell:
    """What a cell holds: a text as shown, and for a number its exact value.

    `decimals` are those of its number format, or else as many as the value needs; `unit` is what
    the format prints behind it (%, 万元). `noise` says that more digits stand in the cell than
    the format shows. `formula` is the formula it was worked out by, if any.
    """

    span: SourceSpan
    kind: CellKind = "blank"
    text: str = ""
    number: Fraction | None = None
    decimals: int = 0
    unit: str = ""
    noise: bool = False
    formula: str = ""
    merged: MergedRange | None = None

    @property
    def label(self) -> str:
        """Return the text without spaces and line breaks, full-width forms narrowed."""
        return squeezed(self.text) if self.kind in {"text", "number", "date"} else ""

    @property
    def empty(self) -> bool:
        """Return whether nothing stands here, or a dash that says so."""
        return self.kind == "blank" or (self.kind == "text" and self.label in {"", *_DASHES})


def squeezed(text: str) -> str:
    """Return `text` narrowed and without any space, as labels are compared."""
    return _SPACE.sub("", narrow(text))


@dataclass(frozen=True, slots=True)
class Sheet:
    """The cells of a sheet, row by row, all rows of one length; `path` is that of the file.

    `ours` says that `reportgen export` wrote it: its formulas repeat what is worked out.
    The cells of a merged range all hold what its first cell holds, and know the range.
    """

    path: str
    name: str
    rows: tuple[tuple[SheetCell, ...], ...]
    hidden: bool = False
    ours: bool = False
    hidden_rows: frozenset[int] = field(default_factory=frozenset)
    hidden_columns: frozenset[int] = field(default_factory=frozenset)

    @property
    def span(self) -> SourceSpan:
        """Return the place of the sheet as a whole."""
        return SourceSpan(f"{self.path}[{self.name}]", 0, 0)

    def place(self, row: int, column: int = -1) -> SourceSpan:
        """Return the place of a cell, or of a row where no column is given."""
        return cell_mark(self.path, self.name, row, column)


def cell_mark(path: str, sheet: str, row: int, column: int = -1) -> SourceSpan:
    """Return the mark `file.xlsx[Sheet1!B7]`; it has no line, the path says it all."""
    at = f"{letters(column)}{row + 1}" if column >= 0 else f"{row + 1}:{row + 1}"
    return SourceSpan(f"{path}[{sheet}!{at}]", 0, 0)


def letters(column: int) -> str:
    """Return the letters of a column that counts from 0: A, Z, AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name
