"""What a workbook to fill in records of itself, and how one that came back is read by it.

A hidden column says of each row, and a hidden row of each column, what they are for; a hidden
sheet records each cell as it was written, so that only what somebody changed comes back. Rows may
be sorted and filtered, columns moved, sheets renamed, and any program may have saved the file.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Iterator
from collections.abc import Mapping as Mappings
from dataclasses import field, replace
from fractions import Fraction

from reportgen.features.spreadsheet.grid import SIGNIFICANT_DIGITS, Sheet, SheetCell
from reportgen.features.spreadsheet.layout import cell_factor
from reportgen.features.spreadsheet.sheet_files import read_sheets
from reportgen.features.spreadsheet.structure import SheetRow
from reportgen.features.spreadsheet.workbook import WorkbookValue
from reportgen.findings import Diagnostics, finding
from reportgen.model.frozen import frozen
from reportgen.model.quantity import (
    Quantity,
    QuantityError,
    exact,
    narrow,
    number_text,
    parse_quantity,
)
from reportgen.model.source import SourceSpan
from reportgen.model.units import ONE, Unit
from reportgen.project.foreign_files import DAMAGED_ARCHIVE
from reportgen.project.yaml_nodes import Scalar

FILL_RECORD = "_reportgen_fill"
"""The hidden sheet that records what the workbook was written with."""
FILL_MARK = "reportgen"
"""What stands where the hidden row and column of a sheet meet."""
DELETED = "删"
"""What is typed into the last column to take a row out."""
TO_DELETE, LABEL = "-", "*"
"""The hidden names of that column, and of the one with what a row is called."""
OWN_ROW = "#"
"""What the hidden column holds in a row that is not filled in."""
LOCKED = "!"
"""What begins the name of a recorded cell in which nothing is to be typed."""
_EPOCH = dt.date(1899, 12, 30)
"""The day from which a workbook counts days."""


# What a cell holds


@frozen
class FillContent:
    """What a cell holds of a value: the number or text, its format, and its mark."""

    value: WorkbookValue = None
    number_format: str = "General"

    @property
    def mark(self) -> str:
        """Return what the cell is recorded as, to be known again whatever saves the workbook."""
        match self.value:
            case None:
                return ""
            case str(text):
                return text_mark(text)
            case number if self.number_format == _DAY:
                return f"d:{(_EPOCH + dt.timedelta(int(number))).isoformat()}"
            case number:
                return f"n:{exact(number * (100 if self.number_format.endswith('%') else 1))}"


_DAY = "yyyy-mm-dd"


def text_mark(text: str) -> str:
    """Return as what a text is recorded: without what programs change of its blanks."""
    return "t:" + " ".join(text.split()) if text.strip() else ""


def mark_of(cell: SheetCell) -> str:
    """Return as what a cell of a workbook that came back would be recorded."""
    if cell.kind == "blank":
        return ""
    if cell.number is not None:
        return f"n:{exact(cell.number)}"
    return f"d:{cell.text}" if cell.kind == "date" else text_mark(cell.text)


def content_of(scalar: Scalar | None, kind: str, unit: Unit | None, *, named: bool) -> FillContent:
    """Return what the cell of a value holds; a unit that the head states (`named`) is not shown."""
    if scalar is None or scalar.blank:
        return FillContent(None, _blank_format(kind, unit, named=named))
    if kind == "text" or (kind == "free" and not scalar.plain):
        return FillContent(scalar.text, "@")
    return _day(scalar.text) if kind == "date" else _typed(scalar.text, unit, named=named)


def _blank_format(kind: str, unit: Unit | None, *, named: bool) -> str:
    """Return the format of a cell in which nothing stands yet."""
    return {"text": "@", "date": _DAY}.get(kind) or _format(unit, 0, named=named)


def _typed(text: str, unit: Unit | None, *, named: bool) -> FillContent:
    """Return the number that a text is, or the text."""
    try:
        quantity = parse_quantity(text, unit or ONE)
    except QuantityError:
        return FillContent(text, "@")
    return _number(text, quantity, named=named and quantity.unit is unit)


def _day(text: str) -> FillContent:
    try:
        days = (dt.date.fromisoformat(text) - _EPOCH).days
    except ValueError:
        return FillContent(text or None, _DAY)
    return FillContent(Fraction(days), _DAY)


def _number(text: str, quantity: Quantity, *, named: bool) -> FillContent:
    """Return a number as a cell holds it; what a cell would not hold to the digit is text."""
    unit, shape = quantity.unit, quantity.shape
    digits = number_text(quantity.value / unit.factor, shape)
    is_plain = narrow(text).replace(",", "").replace(" ", "") in {digits, digits + unit.symbol}
    if not is_plain or sum(map(str.isdigit, digits)) > SIGNIFICANT_DIGITS:
        return FillContent(text, "@")
    number = quantity.value / cell_factor(unit)
    return FillContent(number, _format(unit, shape.decimals, named=named))


def _format(unit: Unit | None, decimals: int, *, named: bool) -> str:
    """Return a number format that shows every digit that is typed, and the unit unless `named`."""
    symbol = unit.symbol if unit is not None else ""
    if symbol == "%":
        return f"0{_places(decimals)}%"
    digits = f"0{_places(decimals)}######" if decimals else "General"
    return digits if named or not symbol else f'{digits}"{symbol}"'


def _places(decimals: int) -> str:
    """Return the decimals of a number format, with their point."""
    return "." + "0" * decimals if decimals else ""


# The record


@frozen
class FillRecord:
    """What a workbook was written with: unit, year, office, and each value by row and field.

    `values` are the text in the file on one line, the mark of the cell, the symbol of its unit.
    """

    unit: str
    year: int
    office: str
    values: dict[tuple[str, str], tuple[str, str, str]] = field(default_factory=dict)

    def add(self, key: str, name: str, text: str, mark: str, symbol: str = "") -> None:
        """Record a cell."""
        self.values[key, name] = (" ".join(text.split()), mark, symbol)

    @property
    def keys(self) -> list[str]:
        """Return the keys of the rows that there were, each once."""
        keys = dict.fromkeys(key for key, _ in self.values)
        return [key for key in keys if "/+" not in key]

    @property
    def digest(self) -> str:
        """Return what shows that nobody has changed the record."""
        said = [self.unit, self.year, self.office, sorted(self.values.items())]
        text = json.dumps(said, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def lines(self) -> Iterator[tuple[str, ...]]:
        """Yield the record as lines of texts."""
        yield FILL_MARK, self.digest, self.unit, str(self.year), self.office
        for (key, name), value in self.values.items():
            yield key, name, *value


def record_of(lines: Iterable[tuple[str, ...]]) -> FillRecord | None:
    """Return the record that lines hold, None where somebody has changed it."""
    first, *rest = [*lines] or [()]
    if len(first) < 5 or not first[3].isdigit():
        return None
    _, digest, unit, year, office, *_ = first
    record = FillRecord(unit, int(year), office)
    for key, name, text, mark, symbol, *_ in filter(_is_recorded, rest):
        record.values[key, name] = (text, mark, symbol)
    return record if record.digest == digest else None


def _is_recorded(line: tuple[str, ...]) -> bool:
    return line[0] != ""


# What came back


_RECORD = FILL_RECORD.encode()
_LONGEST_LIST = 1_000_000
"""Bytes of the list of sheets in a workbook, with room to spare."""


def is_filled_in(data: bytes) -> bool:
    """Return whether a file is a workbook that was written to be filled in."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.getinfo("xl/workbook.xml")
            return names.file_size < _LONGEST_LIST and _RECORD in archive.read(names)
    except (*DAMAGED_ARCHIVE, KeyError):
        return False


@frozen
class ReturnedBook:
    """A workbook that came back: its record, and its sheets to fill in."""

    name: str
    record: FillRecord
    sheets: tuple[ReturnedSheet, ...]

    @property
    def span(self) -> SourceSpan:
        """Return the place of the workbook as a whole."""
        return SourceSpan(self.name, 0, 0)

    def _is_changed(self, line: ReturnedLine, name: str, recorded_as: str) -> bool:
        """Return whether a cell is not as it is recorded, if it is recorded at all."""
        recorded = self.record.values.get((line.key, recorded_as))
        return recorded is not None and mark_of(line.cell(name)) != recorded[1]

    def changes(self, line: ReturnedLine) -> list[str]:
        """Return the fields of a row that are not as they were written."""
        return [name for name in line.fields if self._is_changed(line, name, name)]

    def locked_changes(self, line: ReturnedLine) -> list[str]:
        """Return the fields in which something was typed though nothing was to be."""
        return [name for name in line.fields if self._is_changed(line, name, LOCKED + name)]

    def is_out_of_step(self, line: ReturnedLine) -> bool:
        """Return whether the name in a row is that of another: only a part of it was sorted."""
        if line.has(LABEL):
            return self._is_changed(line, LABEL, LOCKED + LABEL)
        if not line.has("name") or not self._is_changed(line, "name", "name"):
            return False
        return mark_of(line.cell("name")) in self._names_in(line.key.rpartition(".")[0])

    def _names_in(self, table: str) -> set[str]:
        """Return the marks of the names in a table, as they were written."""
        marks: set[str] = set()
        for (key, name), (_, mark, _) in self.record.values.items():
            if name == "name" and key.rpartition(".")[0] == table:
                marks.add(mark)
        return marks - {""}

    def missing(self) -> list[list[str]]:
        """Return the keys of rows that were written and did not come back, table by table."""
        tables: dict[str, list[str]] = {}
        seen = self._keys
        for key in self.record.keys:
            if key not in seen:
                tables.setdefault(key.rpartition(".")[0], []).append(key)
        return list(tables.values())

    @property
    def _keys(self) -> set[str]:
        """Return the keys of the rows that came back."""
        keys: set[str] = set()
        for sheet in self.sheets:
            keys.update(line.key for line in sheet.lines())
        return keys


@frozen
class ReturnedSheet:
    """A sheet that came back: where its hidden row and column meet, and its columns by field."""

    sheet: Sheet
    row: int
    column: int
    fields: Mappings[str, int]

    def lines(self) -> Iterator[ReturnedLine]:
        """Yield the rows to fill in; one that somebody has put in has no key."""
        for index in range(self.row + 1, len(self.sheet.rows)):
            line = ReturnedLine(self, index, self.sheet.rows[index][self.column].text.strip())
            if line.key != OWN_ROW and (line.key or line.is_typed):
                yield line

    @property
    def list_key(self) -> str:
        """Return the list that rows of the sheet may be added to, empty if none or several."""
        keys = {cells[self.column].text for cells in self.sheet.rows[self.row + 1 :]}
        lists = [key for key in keys if "/+" in key]
        return lists[0] if len(lists) == 1 else ""


@frozen
class ReturnedLine:
    """A row of a sheet that came back, with the key that its hidden cell holds."""

    sheet: ReturnedSheet
    index: int
    key: str

    @property
    def is_new(self) -> bool:
        """Return whether it is a row to be added."""
        return not self.key or "/+" in self.key

    def cell(self, name: str) -> SheetCell:
        """Return the cell of a field."""
        return self.sheet.sheet.rows[self.index][self.sheet.fields[name]]

    @property
    def plain_key(self) -> str:
        """Return the key of the row in the files."""
        return self.key.partition("/")[2]

    @property
    def is_typed(self) -> bool:
        """Return whether anything stands in its fields."""
        return any(self.cell(name).text.strip() for name in self.fields)

    @property
    def row(self) -> SheetRow:
        """Return the row as those who read cells know it."""
        name = next((name for name in ("name", LABEL) if self.has(name)), "")
        return SheetRow(self.index, "item", self.cell(name).text if name else "")

    def has(self, name: str) -> bool:
        """Return whether there is a column of that name."""
        return name in self.sheet.fields

    @property
    def span(self) -> SourceSpan:
        """Return the place of the row."""
        return self.sheet.sheet.span_at(self.index)

    @property
    def fields(self) -> Iterator[str]:
        """Yield the fields that may be typed."""
        return (name for name in self.sheet.fields if name[0].isalpha())


def read_filled(name: str, data: bytes, log: Diagnostics) -> ReturnedBook | None:
    """Return a workbook that came back; X150 for one whose record somebody has changed."""
    sheets = read_sheets(name, data, log)
    if log.blocked:
        return None
    kept = next((sheet for sheet in sheets if sheet.name == FILL_RECORD), None)
    record = record_of(map(_texts, kept.rows if kept is not None else ()))
    if record is None:
        log.add(finding("X150", SourceSpan(name, 0, 0)))
        return None
    marked = (_marked(sheet) for sheet in sheets if sheet is not kept)
    return ReturnedBook(name, record, tuple(filter(None, marked)))


def _texts(cells: Iterable[SheetCell]) -> tuple[str, ...]:
    return tuple(cell.text for cell in cells)


def _marked(sheet: Sheet) -> ReturnedSheet | None:
    """Return a sheet with its hidden row and column, None for one that has none to fill in."""
    for row, cells in enumerate(sheet.rows):
        texts = _texts(cells)
        if FILL_MARK in texts:
            column = texts.index(FILL_MARK)
            fields = {texts[at]: at for at in range(column + 1, len(texts)) if texts[at]}
            return ReturnedSheet(replace(sheet, exported=True), row, column, fields)
    return None
