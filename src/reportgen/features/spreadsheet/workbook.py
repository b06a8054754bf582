"""Opens a workbook or a CSV file as grids, or says why it cannot be read (X101–X105)."""

from __future__ import annotations

import csv
import datetime as dt
import io
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

from openpyxl import load_workbook

from reportgen.features.spreadsheet.grid import OURS, MergedRange, Sheet, SheetCell, cell_mark
from reportgen.features.spreadsheet.numerals import meant, needed, shown_as
from reportgen.findings import Finding, finding
from reportgen.model.source import SourceSpan

MAX_BYTES = 20_000_000
"""Largest file accepted, packed."""
MAX_UNPACKED = 200_000_000
"""Largest sum of the parts of a workbook; a small file beyond it is a trap, not a table."""
MAX_ROWS, MAX_COLUMNS = 20_000, 200

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def read_sheets(path: str, data: bytes) -> tuple[tuple[Sheet, ...], tuple[Finding, ...]]:
    """Return the sheets of the file that holds `data`; `path` names it in findings."""
    span = SourceSpan(path, 0, 0)
    if data.startswith(_OLE):
        return (), (finding("X103" if _ENCRYPTED in data else "X102", span),)
    if path.lower().endswith(".csv"):
        return _csv(path, data)
    if problem := _refused(data):
        code, detail = problem
        return (), (finding(code, span, detail=detail),)
    try:
        with warnings.catch_warnings():
            # openpyxl warns of drop-down lists and the like that it does not keep.
            warnings.simplefilter("ignore")
            values = load_workbook(io.BytesIO(data), data_only=True)
            formulas = load_workbook(io.BytesIO(data))
    except Exception as error:  # noqa: BLE001 - a damaged file fails in any of many ways
        return (), (finding("X101", span, detail=f"{type(error).__name__}: {error}"),)
    sheets: list[Sheet] = []
    ours = values.properties.category == OURS
    for sheet in values.worksheets:
        if sheet.max_row > MAX_ROWS or sheet.max_column > MAX_COLUMNS:
            detail = f"{sheet.title}: {sheet.max_row} × {sheet.max_column}"
            return (), (finding("X104", span, detail=detail),)
        sheets.append(_sheet(path, sheet, formulas[sheet.title], ours=ours))
    return tuple(sheets), ()


def _refused(data: bytes) -> tuple[str, str] | None:
    """Return why `data` is no workbook to be opened: a code and a detail."""
    if len(data) > MAX_BYTES:
        return "X104", f"{len(data)} > {MAX_BYTES}"
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
            unpacked = sum(info.file_size for info in infos)
            if unpacked > MAX_UNPACKED:
                return "X104", f"{unpacked} > {MAX_UNPACKED}"
            if any(info.flag_bits & 1 for info in infos):
                return "X103", ""
            if "xl/workbook.xml" not in archive.namelist():
                return "X101", "xl/workbook.xml ?"
            # The sizes above are what the file says of itself; reading holds them to it.
            broken = archive.testzip()
            return ("X101", broken) if broken else None
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
        return "X101", str(error) or type(error).__name__


def _sheet(path: str, values: Any, formulas: Any, *, ours: bool) -> Sheet:  # noqa: ANN401 - sheets of openpyxl
    spans = {
        (row, column): (r.min_row - 1, r.min_col - 1, r.max_row - 1, r.max_col - 1)
        for r in values.merged_cells.ranges
        for row in range(r.min_row - 1, r.max_row)
        for column in range(r.min_col - 1, r.max_col)
    }
    both = zip(values.iter_rows(), formulas.iter_rows(), strict=True)
    rows = []
    for row, (shown, written) in enumerate(both):
        pairs = enumerate(zip(shown, written, strict=True))
        rows.append([_cell(path, values.title, row, column, *pair) for column, pair in pairs])
    for (row, column), merged in spans.items():
        if row < len(rows) and column < len(rows[row]):
            rows[row][column] = _in_span(rows[merged[0]][merged[1]], rows[row][column].span, merged)
    hidden_columns = {
        number
        for dimension in values.column_dimensions.values()
        if dimension.hidden
        for number in range((dimension.min or 1) - 1, dimension.max or dimension.min or 1)
    }
    return Sheet(
        path,
        values.title,
        tuple(map(tuple, rows)),
        ours=ours,
        hidden=values.sheet_state != "visible",
        hidden_rows=frozenset(n - 1 for n, d in values.row_dimensions.items() if d.hidden),
        hidden_columns=frozenset(hidden_columns),
    )


def _in_span(first: SheetCell, span: SourceSpan, merged: MergedRange) -> SheetCell:
    return SheetCell(
        span,
        first.kind,
        first.text,
        first.number,
        first.decimals,
        first.unit,
        first.noise,
        first.formula,
        merged,
    )


def _cell(path: str, sheet: str, row: int, column: int, shown: Any, written: Any) -> SheetCell:  # noqa: ANN401
    span = cell_mark(path, sheet, row, column)
    value, source = shown.value, written.value
    formula = str(getattr(source, "text", source)) if written.data_type == "f" else ""
    if value is None or value == "":
        return (
            SheetCell(span, "unknown", formula=formula)
            if formula and value is None
            else SheetCell(span)
        )
    if shown.data_type == "e":
        return SheetCell(span, "error", str(value), formula=formula)
    if isinstance(value, bool):
        return SheetCell(span, "truth", "TRUE" if value else "FALSE", formula=formula)
    if isinstance(value, int | float):
        return _number(span, value, str(shown.number_format), formula)
    if isinstance(value, dt.datetime | dt.date | dt.time | dt.timedelta):
        return SheetCell(span, "date", _day(value), formula=formula)
    return SheetCell(span, "text", str(value), formula=formula)


def _number(span: SourceSpan, value: float, number_format: str, formula: str) -> SheetCell:
    number = meant(value)
    decimals, unit = shown_as(number_format)
    if unit == "%":
        number *= 100
    wants = needed(number)
    return SheetCell(
        span,
        "number",
        repr(value),
        number,
        max(wants, decimals or 0),
        unit,
        noise=decimals is not None and wants > decimals,
        formula=formula,
    )


def _day(value: Any) -> str:  # noqa: ANN401 - what openpyxl makes of a date
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        value = value.date()
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _csv(path: str, data: bytes) -> tuple[tuple[Sheet, ...], tuple[Finding, ...]]:
    """Return the one sheet of a CSV file, in UTF-8 or, as Excel writes it, in GB 18030."""
    span = SourceSpan(path, 0, 0)
    if len(data) > MAX_BYTES:
        return (), (finding("X104", span, detail=f"{len(data)} > {MAX_BYTES}"),)
    try:
        text = _decoded(data)
        lines = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        return (), (finding("X101", span, detail=str(error)),)
    columns = max(map(len, lines), default=0)
    if len(lines) > MAX_ROWS or columns > MAX_COLUMNS:
        return (), (finding("X104", span, detail=f"{len(lines)} × {columns}"),)
    rows = [tuple(_texts(path, row, line, columns)) for row, line in enumerate(lines)]
    return (Sheet(path, "CSV", tuple(rows)),), ()


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030")


def _texts(path: str, row: int, line: list[str], columns: int) -> Iterator[SheetCell]:
    for column in range(columns):
        text = line[column] if column < len(line) else ""
        yield SheetCell(
            cell_mark(path, "CSV", row, column), "text" if text.strip() else "blank", text
        )
