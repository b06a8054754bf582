"""Sheets as grids of cells, each with what it holds, exactly, and workbooks read as such.

A workbook stores binary floating point, of which 15 significant digits are meant (that is what
Excel itself shows and compares); the digits behind them are the error of 0.1 + 0.2.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import field, replace
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import chain
from typing import Any, Literal

from reportgen.findings import Diagnostics, Finding, finding
from reportgen.model import limits
from reportgen.model.frozen import frozen
from reportgen.model.quantity import narrow
from reportgen.model.source import SourceSpan
from reportgen.project.foreign_files import DAMAGED_ARCHIVE, ForeignFileError, open_archive, reason

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

    def is_below(self, row: int) -> bool:
        """Return whether in `row` only the rest of a cell stands that begins above."""
        return self.merged is not None and self.merged[0] != row

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
    `is_of_document` says that its cells know their places: it is a table of a document, or turned;
    `is_labelled` that its rows were gathered from values that stand with their labels.
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
    is_labelled: bool = False

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


@lru_cache(maxsize=1 << 16)
def normalized(text: str) -> str:
    """Return `text` narrowed and without any space, as labels are compared: again and again."""
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


# Workbooks

_MERGED = re.compile(
    rb"mergeCell\s[^<>]*?ref\s*=\s*[\"']\$?([A-Z]{1,9})\$?([0-9]{1,9}):\$?([A-Z]{1,9})\$?([0-9]{1,9})"
)


def archive_problem(span: SourceSpan, data: bytes) -> Finding | None:
    """Return why `data` is no workbook that may be opened."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if any(member.flag_bits & 1 for member in archive.infolist()):
                return finding("X103", span, detail="")
        with open_archive(data, limits.WORKBOOK_UNPACKED) as archive:
            return _problem_inside(span, archive)
    except ForeignFileError as error:
        return finding("X104", span, **error.params)
    except DAMAGED_ARCHIVE:
        return finding("X101", span, detail="@no_workbook")


def _problem_inside(span: SourceSpan, archive: zipfile.ZipFile) -> Finding | None:
    """Return that an archive holds no workbook, or one whose merged cells are too many."""
    names = archive.namelist()
    if "xl/workbook.xml" not in names:
        return finding("X101", span, detail="@no_workbook")
    merged = sum(_merged_cells(archive.read(name)) for name in names if _is_sheet(name))
    if merged > limits.MERGED_CELLS:
        return finding("X104", span, detail="@merged", size=merged, limit=limits.MERGED_CELLS)
    return None


def _is_sheet(name: str) -> bool:
    return name.startswith("xl/") and name.endswith(".xml") and "sheet" in name


def _merged_cells(sheet: bytes) -> int:
    """Return how many cells the merged ranges of a sheet have: each is an object when read."""
    cells = 0
    for match in _MERGED.finditer(sheet):
        left, top, right, bottom = (part.decode() for part in match.groups())
        width = abs(_column_number(right) - _column_number(left)) + 1
        cells += width * (abs(int(bottom) - int(top)) + 1)
    return cells


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - 64
    return number


def _why_closed(error: Exception) -> dict[str, Any]:
    """Return the parameters of the finding for a workbook that cannot be opened."""
    known = (ForeignFileError, RecursionError, MemoryError)
    return reason(error) if isinstance(error, known) else {"detail": "@no_workbook"}


def read_workbook(path: str, data: bytes, log: Diagnostics) -> tuple[Sheet, ...]:
    """Return the sheets of a workbook that may be opened; X101 or X104 for one that fails."""
    span = SourceSpan(path, 0, 0)
    try:
        results, formulas = _opened(data)
    except Exception as error:  # noqa: BLE001 - a damaged file fails in any of many ways
        log.add(finding("X101", span, **_why_closed(error)))
        return ()
    exported = results.properties.category == EXPORT_CATEGORY
    sheets: list[Sheet] = []
    for sheet in results.worksheets:
        if sheet.max_row > limits.SHEET_ROWS or sheet.max_column > limits.SHEET_COLUMNS:
            detail = f"{sheet.title}: {sheet.max_row} × {sheet.max_column}"
            log.add(finding("X104", span, detail=detail))
            return ()
        sheets.append(_read_sheet(path, sheet, formulas[sheet.title], exported=exported))
    return tuple(sheets)


def _opened(data: bytes) -> tuple[Any, Any]:
    """Return a workbook of openpyxl with the results that it stores, and one with its formulas."""
    from openpyxl import load_workbook  # noqa: PLC0415 - slow to import, and seldom needed

    with warnings.catch_warnings():
        # openpyxl warns of drop-down lists and the like that it does not keep.
        warnings.simplefilter("ignore")
        return load_workbook(io.BytesIO(data), data_only=True), load_workbook(io.BytesIO(data))


def _read_sheet(path: str, results: Any, formulas: Any, *, exported: bool) -> Sheet:  # noqa: ANN401 - sheets of openpyxl
    rows: list[list[SheetCell]] = []
    pairs = zip(results.iter_rows(), formulas.iter_rows(), strict=True)
    for row, (result_row, formula_row) in enumerate(pairs):
        cells: list[SheetCell] = []
        for column, result in enumerate(result_row):
            span = place_in_sheet(path, results.title, row, column)
            cells.append(_read_cell(span, result, formula_row[column]))
        rows.append(cells)
    for merged_range in results.merged_cells.ranges:
        _spread_merged(rows, merged_range)
    return Sheet(
        path,
        results.title,
        tuple(map(tuple, rows)),
        exported=exported,
        hidden=results.sheet_state != "visible",
        hidden_rows=frozenset(n - 1 for n, row in results.row_dimensions.items() if row.hidden),
        hidden_columns=frozenset(_hidden_columns(results)),
    )


def _spread_merged(rows: list[list[SheetCell]], merged_range: Any) -> None:  # noqa: ANN401
    """Give every cell of a merged range what its first cell holds."""
    top, left = merged_range.min_row - 1, merged_range.min_col - 1
    merged = (top, left, merged_range.max_row - 1, merged_range.max_col - 1)
    for row in rows[top : merged_range.max_row]:
        for column in range(left, min(merged_range.max_col, len(row))):
            row[column] = replace(rows[top][left], span=row[column].span, merged=merged)


def _hidden_columns(sheet: Any) -> Iterator[int]:  # noqa: ANN401
    for dimension in sheet.column_dimensions.values():
        if dimension.hidden:
            first = dimension.min or 1
            yield from range(first - 1, min(dimension.max or first, limits.SHEET_COLUMNS))


def _read_cell(span: SourceSpan, result: Any, written: Any) -> SheetCell:  # noqa: ANN401
    """Return a cell from the result that the file stores and from what was written there."""
    formula = _formula(written)
    value = result.value
    if value is None and formula:
        return SheetCell(span, "unknown", formula=formula)
    if value in {None, ""}:
        return SheetCell(span)
    if type(value) in {int, float}:
        return _number_cell(span, value, str(result.number_format), formula)
    kind, text = _kind_and_text(value)
    return SheetCell(span, "error" if result.data_type == "e" else kind, text, formula=formula)


def _formula(written: Any) -> str:  # noqa: ANN401
    """Return the formula that was written in a cell, empty where none was."""
    return str(getattr(written.value, "text", written.value)) if written.data_type == "f" else ""


def _is_countable(value: float) -> bool:
    """Return whether a number is one that a budget may have: not endless, nor next to nothing."""
    most = 10**limits.NUMBER_DIGITS
    return value == 0 or (abs(value) < most and abs(value) * most > 1)


def _kind_and_text(value: object) -> tuple[CellKind, str]:
    match value:
        case bool():
            return "truth", str(value).upper()
        case dt.datetime() if value.time() == dt.time():
            return "date", value.date().isoformat()
        case dt.date() | dt.time():
            return "date", value.isoformat()
        case dt.timedelta():
            return "date", str(value)
    return "text", str(value)


def _number_cell(span: SourceSpan, value: float, number_format: str, formula: str) -> SheetCell:
    if not _is_countable(value):
        return SheetCell(span, "error", str(value)[: limits.NUMBER_DIGITS], formula=formula)
    number = exact_value(value)
    decimals, unit = parse_number_format(number_format)
    if unit == "%":
        number *= 100
    needed = decimals_needed(number)
    return SheetCell(
        span,
        "number",
        repr(value),
        number,
        max(needed, decimals or 0),
        unit,
        hides_digits=decimals is not None and needed > decimals,
        formula=formula,
    )
