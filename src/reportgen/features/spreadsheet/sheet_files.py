"""Says what a file is and reads it as sheets: workbook, separated values, tables of a document."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import PurePath

from reportgen.features.spreadsheet.grid import (
    CellKind,
    Sheet,
    SheetCell,
    archive_problem,
    place_in_sheet,
    read_workbook,
)
from reportgen.findings import Diagnostics, Finding, finding
from reportgen.model import limits
from reportgen.model.reading import ReadBlock, ReadCell, ReadParagraph, ReadTable
from reportgen.model.source import SourceSpan
from reportgen.project.extras import missing_extra
from reportgen.project.source_files import merge_conflict
from reportgen.reading.kinds import archive_names, kind_of
from reportgen.reading.opening import is_lock_file, read_document, tell_other_name
from reportgen.reading.text import decoded

TEXT_SUFFIXES = frozenset([".csv", ".txt", ".tsv", ""])
"""The names of files of separated values; others may hold them too, which is told."""

_MARKS = (
    (b"application/vnd.oasis.opendocument.spreadsheet", "@kind_ods"),
    (b"urn:schemas-microsoft-com:office:spreadsheet", "@kind_xml_sheet"),
)
"""What stands at the beginning of workbooks of other kinds."""
_BOOKS = frozenset([".xlsx", ".xlsm", ".xls", ".et"])
"""The names of workbooks; what is in them may be something else."""
_SEPARATORS = ("\t", ",", ";")
_LOOKED_AT = 2_000
"""Characters from the beginning of a text that show by what its values are separated."""
_LINES_ABOVE = 4
"""Paragraphs above a table that may be its caption or say its unit."""
_LONGEST_ABOVE = 80


def read_sheets(path: str, data: bytes, log: Diagnostics) -> tuple[Sheet, ...]:
    """Return the sheets of the file that holds `data`; `path` names it in findings.

    The log gets X101 to X104, X130 and X131 of what is none, A501 to A507 of a document.
    """
    span = SourceSpan(path, 0, 0)
    problem = _no_file_of_values(span, data) or _other_workbook(span, data)
    if problem is not None:
        log.add(problem)
        return ()
    return _READERS.get(kind_of(data), _tables_of_document)(path, data, log)


def _no_file_of_values(span: SourceSpan, data: bytes) -> Finding | None:
    """Return that a file is a mark of another one (X130) or that nothing is in it (X131)."""
    if is_lock_file(span.path):
        return finding("X130", span, name=PurePath(span.path).name[2:])
    return None if data.strip(b"\0 \t\r\n") else finding("X131", span)


def _other_workbook(span: SourceSpan, data: bytes) -> Finding | None:
    """Return that a file is a workbook of a kind that is not read (X102), or locked (X103)."""
    kind = kind_of(data)
    if kind == "locked":
        return finding("X103", span)
    other = _kind_of_sheets(data) if kind == "sheet" else _marked_kind(data)
    if not other and PurePath(span.path).suffix.lower() in _BOOKS:
        return _damaged_workbook(span, data)
    return finding("X102", span, kind=other) if other else None


def _damaged_workbook(span: SourceSpan, data: bytes) -> Finding | None:
    """Return that what is named like a workbook is an old one or none (X101), if it is so."""
    if kind_of(data) == "office":
        return finding("X102", span, kind="@kind_xls")
    is_archive = data.startswith(b"PK") or kind_of(data) in {"archive", "unknown"}
    parts = {"xl/workbook.xml", "word/document.xml"}
    is_damaged = is_archive and parts.isdisjoint(archive_names(data) or ())
    return finding("X101", span, detail="@no_workbook") if is_damaged else None


def _kind_of_sheets(data: bytes) -> str:
    """Return of which kind a workbook is, empty for the one that is read."""
    if not data.startswith(b"PK"):
        return "@kind_xls"
    return "@kind_xlsb" if "xl/workbook.bin" in (archive_names(data) or ()) else ""


def _marked_kind(data: bytes) -> str:
    """Return of which other kind a workbook is, empty for what is none."""
    kinds = (kind for mark, kind in _MARKS if mark in data[:_LOOKED_AT])
    return next(kinds, "")


def _workbook(path: str, data: bytes, log: Diagnostics) -> tuple[Sheet, ...]:
    problem = missing_extra("excel") or archive_problem(SourceSpan(path, 0, 0), data)
    if problem is not None:
        log.add(problem)
        return ()
    return read_workbook(path, data, log)


# Separated values


def _separated(path: str, data: bytes, log: Diagnostics) -> tuple[Sheet, ...]:
    """Return the one sheet of a text: .csv, or what Excel saves as Unicode text."""
    span = SourceSpan(path, 0, 0)
    try:
        text = decoded(data)
        lines = list(csv.reader(io.StringIO(text, newline=""), _Separated(text), strict=True))
    except (UnicodeError, csv.Error):
        log.add(finding("X101", span, detail="@no_separated"))
        return ()
    problem = merge_conflict(path, text) or _no_table(span, lines)
    if problem is not None:
        log.add(problem)
        return ()
    if PurePath(path).suffix.lower() not in TEXT_SUFFIXES:
        tell_other_name(path, "text", span, log)
    return (Sheet(path, "CSV", tuple(_text_rows(path, lines))),)


def _text_rows(path: str, lines: list[list[str]]) -> Iterator[tuple[SheetCell, ...]]:
    """Yield lines as rows of one length."""
    width = max(map(len, lines))
    for row, line in enumerate(lines):
        yield tuple(_text_cells(path, row, line + [""] * (width - len(line))))


class _Separated(csv.excel):
    """Values as Excel writes them, separated by what stands most often at the beginning."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.delimiter = max(_SEPARATORS, key=text[:_LOOKED_AT].count)


def _no_table(span: SourceSpan, lines: list[list[str]]) -> Finding | None:
    """Return why the lines of a text are no table: too many, or without columns."""
    width = max(map(len, lines), default=0)
    if len(lines) > limits.SHEET_ROWS or width > limits.SHEET_COLUMNS:
        return finding("X104", span, detail=f"{len(lines)} × {width}")
    return finding("X101", span, detail="@no_separated") if width < 2 else None


def _text_cells(path: str, row: int, texts: list[str]) -> Iterator[SheetCell]:
    for column, text in enumerate(texts):
        yield SheetCell(place_in_sheet(path, "CSV", row, column), _kind_of_text(text), text)


def _kind_of_text(text: str) -> CellKind:
    """Return what a cell of a text holds; errors of Excel are written as it shows them."""
    if not text.strip():
        return "blank"
    return "error" if _ERROR.fullmatch(text.strip()) else "text"


_ERROR = re.compile(r"#(?:REF!|DIV/0!|N/A|NAME\?|NUM!|NULL!|VALUE!|SPILL!)|#{3,}")
"""What Excel shows where a formula went wrong, or where a column is too narrow for its number."""


# Tables of documents


def _tables_of_document(path: str, data: bytes, log: Diagnostics) -> tuple[Sheet, ...]:
    """Return the tables of Word, PDF or a web page as sheets: 表1, 表2."""
    reading = read_document(path, data, log)
    if reading is None:
        return ()
    sheets = tuple(_sheets(path, reading.blocks))
    if not sheets:
        log.add(finding("X132", SourceSpan(path, 0, 0)))
    return sheets


def _sheets(path: str, blocks: Iterable[ReadBlock]) -> Iterator[Sheet]:
    """Yield the tables among some blocks; what directly follows one is below the same texts."""
    above: list[ReadParagraph] = []
    number = 0
    before: tuple[SheetCell, ...] = ()
    for block in blocks:
        if isinstance(block, ReadParagraph):
            above.append(block)
            continue
        number += 1
        before = tuple(_texts_above(above)) if above else before
        above = []
        yield _sheet_of_table(path, f"表{number}", block, before)


def _texts_above(paragraphs: list[ReadParagraph]) -> Iterator[SheetCell]:
    """Yield the short texts that stand right above a table."""
    for paragraph in paragraphs[-_LINES_ABOVE:]:
        if len(paragraph.text) <= _LONGEST_ABOVE:
            yield SheetCell(paragraph.span, "text", paragraph.text)


def _sheet_of_table(path: str, name: str, table: ReadTable, above: tuple[SheetCell, ...]) -> Sheet:
    """Return a table of a document as a sheet, with the short texts that stand above it."""
    blank = SheetCell(table.span)
    rows = [[blank] * table.width for _ in range(table.height)]
    for cell in table.cells:
        _spread(rows, cell)
    return Sheet(path, name, tuple(map(tuple, rows)), above=above, is_of_document=True)


def _spread(rows: list[list[SheetCell]], cell: ReadCell) -> None:
    """Put what a cell of a table says into each place of the grid that it takes."""
    last_row, last_column = cell.row + cell.rowspan - 1, cell.column + cell.colspan - 1
    merged = (cell.row, cell.column, last_row, last_column)
    is_merged = cell.rowspan > 1 or cell.colspan > 1
    here = SheetCell(
        cell.span, _kind_of_text(cell.text), cell.text, merged=merged if is_merged else None
    )
    for row in rows[cell.row : last_row + 1]:
        width = len(row[cell.column : last_column + 1])
        row[cell.column : cell.column + width] = [here] * width


_READERS: Mapping[str, Callable[[str, bytes, Diagnostics], tuple[Sheet, ...]]] = {
    "sheet": _workbook,
    "text": _separated,
}
"""What reads a file of a kind; all else is a document, or told as what it is."""
