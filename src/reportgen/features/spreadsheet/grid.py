"""Sheets as grids of cells, each with what it holds, exactly, and the amounts that cells state.

A workbook stores binary floating point, of which 15 significant digits are meant (that is what
Excel itself shows and compares); the digits behind them are the error of 0.1 + 0.2.
"""

from __future__ import annotations

import re
from dataclasses import field
from decimal import Decimal
from fractions import Fraction
from itertools import chain
from typing import Literal

from reportgen.model.frozen import frozen
from reportgen.model.quantity import narrow
from reportgen.model.source import SourceSpan

EXPORT_CATEGORY = "reportgen"
"""The category, in its properties, of a workbook that an export wrote."""
SIGNIFICANT_DIGITS = 15
"""Digits that Excel keeps of a number."""

CellKind = Literal["blank", "text", "number", "date", "error", "truth", "unknown"]
"""What a cell holds; `unknown` is a formula whose value the file does not carry."""

MergedRange = tuple[int, int, int, int]
"""First row, first column, last row, last column of merged cells, from 0."""

_DASHES = frozenset("- -- --- – — —— ——— ———— − ― / \\ 无".split())
_SPACE = re.compile(r"\s+")
_QUOTED = re.compile(r'"([^"]*)"|\\(.)')
_BRACKETED = re.compile(r"\[[^\]]*\]")
_DIGITS = re.compile(r"[0#?](?:[0#?,]*)(?:\.([0#?]+))?")


@frozen
class SheetCell:
    """What a cell holds: a text as shown, and for a number its exact value.

    `decimals` are those of its number format, or else as many as the value needs; `unit` is what
    the format prints behind it (%, 万元). `hides_digits` says that more digits stand in the cell
    than the format shows. `formula` is the formula it was worked out by, if any.
    """

    span: SourceSpan
    kind: CellKind = "blank"
    text: str = ""
    number: Fraction | None = None
    decimals: int = 0
    unit: str = ""
    hides_digits: bool = False
    formula: str = ""
    merged: MergedRange | None = None

    @property
    def label(self) -> str:
        """Return the text as labels are compared."""
        return normalized(self.text) if self.kind in {"text", "number", "date"} else ""

    @property
    def is_empty(self) -> bool:
        """Return whether nothing stands here, or a dash that says so."""
        if self.kind == "text":
            return self.label == "" or self.label in _DASHES
        return self.kind == "blank"


@frozen
class Sheet:
    """The cells of a sheet, row by row, all rows of one length; `path` is that of the file.

    `exported` says that `reportgen export` wrote it: its formulas repeat what is worked out.
    The cells of a merged range all hold what its first cell holds, and know the range. `above` is
    what a document says above a table, the last of it the nearest; a sheet of a workbook has none.
    `is_of_document` says that it is a table of a document, whose cells know their places.
    """

    path: str
    name: str
    rows: tuple[tuple[SheetCell, ...], ...]
    hidden: bool = False
    exported: bool = False
    hidden_rows: frozenset[int] = field(default_factory=frozenset)
    hidden_columns: frozenset[int] = field(default_factory=frozenset)
    above: tuple[SheetCell, ...] = ()
    is_of_document: bool = False

    @property
    def span(self) -> SourceSpan:
        """Return the place of the sheet as a whole."""
        if self.is_of_document:
            return self.span_at(0, 0)
        return SourceSpan(f"{self.path}[{self.name}]", 0, 0)

    @property
    def is_empty(self) -> bool:
        """Return whether no cell holds anything."""
        return all(cell.is_empty for cell in chain.from_iterable(self.rows))

    def span_at(self, row: int, column: int = -1) -> SourceSpan:
        """Return the place of a cell, or of a row where no column is given."""
        if self.is_of_document:
            return self.rows[row][max(column, 0)].span
        return place_in_sheet(self.path, self.name, row, column)


def normalized(text: str) -> str:
    """Return `text` narrowed and without any space, as labels are compared."""
    return _SPACE.sub("", narrow(text))


def column_letters(column: int) -> str:
    """Return the letters of a column that counts from 0: A, Z, AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def place_in_sheet(path: str, sheet: str, row: int, column: int = -1) -> SourceSpan:
    """Return the span `file.xlsx[Sheet1!B7]`; it has no line, the path says it all."""
    cell = f"{column_letters(column)}{row + 1}" if column >= 0 else f"{row + 1}:{row + 1}"
    return SourceSpan(f"{path}[{sheet}!{cell}]", 0, 0)


# Numbers


def exact_value(value: float | Decimal) -> Fraction:
    """Return the exact value of the 15 significant digits that a cell stands for."""
    decimal = value if isinstance(value, Decimal) else Decimal(repr(value))
    if not decimal:
        return Fraction(0)
    keep = SIGNIFICANT_DIGITS - 1 - decimal.adjusted()
    if -int(decimal.as_tuple().exponent) > keep:
        rounded = Fraction(round(Fraction(decimal) * Fraction(10) ** keep))
        return rounded / Fraction(10) ** keep
    return Fraction(decimal)


def decimals_needed(value: Fraction) -> int:
    """Return how many decimals `value`, a finite decimal, needs."""
    decimals = 0
    while (value * 10**decimals).denominator != 1:
        decimals += 1
    return decimals


def parse_number_format(number_format: str) -> tuple[int | None, str]:
    """Return the decimals that a number format shows, None where it says none, and its unit.

    The unit is the literal text behind the digits, or `%`.
    """
    positive = _positive_section(number_format)
    codes = _BRACKETED.sub("", _QUOTED.sub("", positive))
    unit = "%" if "%" in codes else _literal_text(positive)
    digits = _DIGITS.search(codes)
    if digits is None or "E+" in codes:
        return None, unit
    places = digits[1] or ""
    is_fixed = places.strip("0") == ""
    return (len(places) if is_fixed else None), unit


def _literal_text(section: str) -> str:
    """Return what a number format prints as it stands."""
    return "".join(quoted or escaped for quoted, escaped in _QUOTED.findall(section)).strip()


def _positive_section(number_format: str) -> str:
    """Return the part of a number format that concerns positive numbers."""
    in_quotes = False
    for position, char in enumerate(number_format):
        if char == '"':
            in_quotes = not in_quotes
        elif char == ";" and not in_quotes:
            return number_format[:position]
    return number_format
