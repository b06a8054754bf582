"""The structure of a sheet: the header of its table, and what each row below that is.

A header has one to three rows, merged or not, below titles; its labels are compared with those
of a table of the year. The rows below it are items, totals, groups and notes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Literal

from reportgen.features.spreadsheet.amounts import check_units, sheet_unit, unit_above
from reportgen.features.spreadsheet.grid import Sheet, SheetCell, normalized
from reportgen.features.spreadsheet.tables import YearTable, plain_name
from reportgen.findings import Diagnostics, RelatedLocation, finding
from reportgen.model.frozen import frozen
from reportgen.model.units import Unit

LAST_HEADER_ROW = 40
"""Rows below which no header is looked for."""
MAX_HEADER_ROWS = 3

SkipReason = Literal["hidden", "year", "unknown"]
RowKind = Literal["item", "total", "subtotal", "group", "note", "header", "hidden", "bare"]
"""What a row is; `bare` is one with a label and no values."""

_NUMBER = re.compile(r"[-+]?[0-9][0-9,.]*%?")
_BRACKETS = re.compile(r"\(([^()]*)\)")
_YEAR = re.compile(r"^(\d{4})年度?|^(上年度?|去年|上一年度?)")
_NUMBERING = frozenset("序号 编号 行次 No. NO. no. 序 顺序号".split())
_WHOLE = frozenset("合计 小计 金额 总计".split())
"""Words of a header that say no more than the words above them."""
_TOTAL = re.compile(r"(?:其中:)?(?:.*(?:合计|总计|总额|共计)|计|.*(?P<part>小计))(?:\([^()]*\))?:?")
_NOTE = re.compile(
    r"(?:总分$|备?注(?:意事项)?\d*[:.、]|(?:填表)?说明\d*[:.、]|※|\*|(?:单位)?负责人[:(]|"
    r"(?:填表|制表|填报|审核|经办|复核)(?:人|日期|时间|单位)?[:(]|联系(?:人|电话)[:(])"
)


@frozen
class HeaderColumn:
    """A column of the sheet that holds `field`; `unit` as its header says."""

    index: int
    field: str
    label: str
    unit: Unit | None = None


@frozen
class SkippedColumn:
    """A column with a header that is not imported, and why."""

    index: int
    label: str
    reason: SkipReason


@frozen
class Header:
    """The header of a table: its rows from `top` to before `bottom`, its columns by field.

    `unit` is that of the whole sheet (单位：万元). `is_implied` says that the first column holds
    the names, though nothing above it says so.
    """

    top: int
    bottom: int
    columns: Mapping[str, HeaderColumn]
    skipped: tuple[SkippedColumn, ...] = ()
    unit: Unit | None = None
    is_implied: bool = False

    @property
    def name_column(self) -> int:
        """Return the column that says which row a line is, by name or by id."""
        return (self.columns.get("name") or self.columns["id"]).index

    def cell(self, cells: tuple[SheetCell, ...], name: str) -> SheetCell | None:
        """Return the cell of a field in a row, None where no column holds the field."""
        column = self.columns.get(name)
        return None if column is None else cells[column.index]

    @property
    def indexes(self) -> tuple[int, ...]:
        """Return the columns that have a head."""
        used = [column.index for column in self.columns.values()]
        return (*used, *(column.index for column in self.skipped))

    @property
    def labels(self) -> tuple[str, ...]:
        """Return what heads the columns, those that are imported first."""
        used = [column.label for column in self.columns.values()]
        return (*used, *(column.label for column in self.skipped))

    @property
    def value_columns(self) -> tuple[HeaderColumn, ...]:
        """Return the columns that do not say which row it is."""
        return tuple(c for name, c in self.columns.items() if name not in {"id", "name"})


@frozen
class HeaderSearch:
    """What a header is looked for with: the table, the year, and the author's names for columns.

    `named` are fields by label; `hidden` columns are passed over unless it is set.
    """

    table: YearTable
    year: int
    named: Mapping[str, str]
    hidden: bool = False

    def field(self, texts: list[str]) -> str:
        """Return the field that the texts of a column name, empty where it is none."""
        if self.is_other_year(texts):
            return ""
        for label in _combined(texts):
            plain = plain_label(label)
            name = self.named.get(plain) or self.table.fields.get(plain, "")
            field = self.table.fields.get(normalized(name), name)
            if field:
                return field
        return ""

    def is_other_year(self, texts: list[str]) -> bool:
        """Return whether a column is about another year than the one it is imported for."""
        for label in _combined(texts):
            match = _YEAR.match(_without_brackets(label))
            if match and (match[1] is None or int(match[1]) != self.year):
                return True
        return False


def find_header(sheet: Sheet, search: HeaderSearch, log: Diagnostics) -> Header | None:
    """Return the header that has most columns of a table, with findings X109, X110 and X139.

    A header has rows by name or by id, and one column more; the first column may hold the names
    without saying so.
    """
    rows, is_implied = _header_rows(sheet, search, is_implied=False), False
    if rows is None:
        rows, is_implied = _header_rows(sheet, search, is_implied=True), True
    if rows is None:
        return None
    columns: dict[str, HeaderColumn] = {}
    for column in _columns(sheet, rows, search, is_implied=is_implied):
        first = columns.setdefault(column.field, column)
        if first is not column:
            other = RelatedLocation(sheet.span_at(rows.start, first.index), "first")
            span = sheet.span_at(rows.start, column.index)
            log.add(finding("X109", span, other, label=column.label, first=first.label))
    unit = sheet_unit(sheet, rows.stop, log)
    check_units(sheet, rows, log)
    used = {column.index for column in columns.values()}
    skipped = tuple(_skipped(sheet, rows, used, search))
    return Header(rows.start, rows.stop, columns, skipped, unit, is_implied)


def _header_rows(sheet: Sheet, search: HeaderSearch, *, is_implied: bool) -> range | None:
    """Return the rows whose labels name most fields; of several the fewest and uppermost."""
    best: range | None = None
    best_score = (1, 0, 0)
    for top in range(min(LAST_HEADER_ROW, len(sheet.rows))):
        for bottom in range(top + 1, min(top + MAX_HEADER_ROWS, len(sheet.rows)) + 1):
            rows = range(top, bottom)
            fields = {column.field for column in _columns(sheet, rows, search, is_implied)}
            score = (len(fields), top - bottom, -top)
            if score > best_score and fields & {"name", "id"}:
                best, best_score = rows, score
    return best


def _columns(
    sheet: Sheet, rows: range, search: HeaderSearch, is_implied: bool
) -> Iterator[HeaderColumn]:
    """Yield the columns whose heads name a field, merged ones once."""
    for index in range(len(sheet.rows[0])):
        if not _is_read(sheet, rows, index, search):
            continue
        texts = _texts(sheet, rows, index)
        field = search.field(texts) or ("name" if is_implied and index == 0 else "")
        if field:
            yield HeaderColumn(index, field, "".join(texts), unit_above(sheet, rows, index))


def _is_read(sheet: Sheet, rows: range, column: int, search: HeaderSearch) -> bool:
    """Return whether a column is shown, or asked for, and no part of the one to its left."""
    is_shown = search.hidden or column not in sheet.hidden_columns
    return is_shown and not _is_rest(sheet, rows, column)


def _is_rest(sheet: Sheet, rows: range, column: int) -> bool:
    """Return whether the head of a column is merged with that of one to its left."""
    merged = sheet.rows[rows.stop - 1][column].merged
    return merged is not None and merged[1] < column


def _texts(sheet: Sheet, rows: range, column: int) -> list[str]:
    """Return the different texts in the header of a column, from top to bottom."""
    texts: list[str] = []
    for row in rows:
        cell = sheet.rows[row][column]
        if cell.kind == "text" and not _NUMBER.fullmatch(cell.label):
            texts.append(cell.label)
    texts = list(dict.fromkeys(filter(None, texts)))
    return [text for text in texts if text not in _WHOLE] or texts


def _combined(texts: list[str]) -> Iterator[str]:
    """Yield what the header of a column may say, most of it first."""
    for first in range(len(texts)):
        yield "".join(texts[first:])
        yield "".join(reversed(texts[first:]))


def _without_brackets(label: str) -> str:
    return _BRACKETS.sub("", label).strip(":*")


def plain_label(text: str) -> str:
    """Return the label of a column as its field is looked up: without brackets and year."""
    plain = _without_brackets(normalized(text))
    match = _YEAR.match(plain)
    return plain[match.end() :] if match else plain


def _skipped(
    sheet: Sheet, rows: range, used: set[int], search: HeaderSearch
) -> Iterator[SkippedColumn]:
    """Yield the columns that are not imported, but for a numbering of the rows."""
    for index in sorted(set(range(len(sheet.rows[0]))) - used):
        texts = _texts(sheet, rows, index)
        if _is_rest(sheet, rows, index) or not texts or not _NUMBERING.isdisjoint(texts):
            continue
        reason = _skip_reason(index in sheet.hidden_columns, search.is_other_year(texts))
        yield SkippedColumn(index, "".join(texts), reason)


def _skip_reason(is_hidden: bool, is_other_year: bool) -> SkipReason:
    if is_hidden:
        return "hidden"
    return "year" if is_other_year else "unknown"


# Rows


@frozen
class SheetRow:
    """A row below the header: its number from 0, what it is, its label, its group of rows."""

    index: int
    kind: RowKind
    label: str
    group: str = ""


def read_rows(
    sheet: Sheet, header: Header, table: YearTable, *, hidden: bool
) -> tuple[SheetRow, ...]:
    """Return the rows below `header` that hold anything; those not shown only if `hidden`."""
    classifier = _RowClassifier(sheet, header, table)
    rows: list[SheetRow] = []
    group = ""
    for index in range(header.bottom, len(sheet.rows)):
        cells = sheet.rows[index]
        if _is_blank(cells):
            continue
        label = _label(cells, header)
        is_shown = hidden or index not in sheet.hidden_rows
        kind = classifier.kind(cells, label) if is_shown else "hidden"
        if kind in {"group", "total"}:
            group = plain_name(label) if kind == "group" else ""
        rows.append(SheetRow(index, kind, label, group))
    return tuple(rows)


def _is_blank(cells: tuple[SheetCell, ...]) -> bool:
    return all(cell.kind == "blank" for cell in cells)


class _RowClassifier:
    """Says what rows are: a row that the table has is an item, whatever its name is like."""

    def __init__(self, sheet: Sheet, header: Header, table: YearTable) -> None:
        self._header = header
        self._table = table
        self._header_labels = _labels(sheet.rows[header.bottom - 1])
        self._groups = {plain_name(row.text("category")) for row in table.rows} - {""}
        for cells in sheet.rows[header.bottom :]:
            cell = header.cell(cells, "category")
            if cell is not None and cell.kind == "text":
                self._groups.add(plain_name(cell.text))

    def kind(self, cells: tuple[SheetCell, ...], label: str) -> RowKind:
        """Return what a row is."""
        if _labels(cells) == self._header_labels:
            return "header"
        kind = None if self._is_known(cells, label) else self._kind_of_unknown(cells, label)
        if kind is not None:
            return kind
        return "note" if _is_one_text(cells, self._header) else "item"

    def _kind_of_unknown(self, cells: tuple[SheetCell, ...], label: str) -> RowKind | None:
        """Return what a row is that the table does not have, None for a new item or a note."""
        kind = self._kind_of_label(label)
        return "bare" if kind is None and self._has_no_values(cells) else kind

    def _is_known(self, cells: tuple[SheetCell, ...], label: str) -> bool:
        id_cell = self._header.cell(cells, "id")
        has_id = id_cell is not None and not id_cell.is_empty
        return has_id or bool(label and self._table.rows_named(label))

    def _has_no_values(self, cells: tuple[SheetCell, ...]) -> bool:
        return all(cells[column.index].is_empty for column in self._header.value_columns)

    def _kind_of_label(self, label: str) -> RowKind | None:
        """Return what the label of a row says of it, None where it is a name like any other."""
        if _NOTE.match(label):
            return "note"
        name = plain_name(label)
        total = _TOTAL.fullmatch(name)
        if total is not None:
            return "subtotal" if total["part"] else "total"
        is_group = name in self._groups or _without_brackets(name) in self._groups
        return "group" if is_group else None


def _labels(cells: tuple[SheetCell, ...]) -> list[str]:
    return [cell.label for cell in cells]


def _label(cells: tuple[SheetCell, ...], header: Header) -> str:
    """Return the name in a row, or its first text where the column of names is empty."""
    texts = (cell.label for cell in cells if cell.kind == "text" and not cell.is_empty)
    return cells[header.name_column].label or next(texts, "")


def _is_one_text(cells: tuple[SheetCell, ...], header: Header) -> bool:
    """Return whether one merged text fills the whole row, as notes do."""
    ranges = {cells[column.index].merged for column in header.columns.values()}
    return len(ranges) == 1 and None not in ranges and cells[0].kind == "text"


def known_lines(
    sheet: Sheet, header: Header, table: YearTable, lines: tuple[SheetRow, ...]
) -> Iterator[int]:
    """Yield the lines of `sheet` whose rows stand in `table` already."""
    for line in lines:
        cells = sheet.rows[line.index]
        if line.kind == "item" and _is_known(cells, header, table):
            yield line.index


def _is_known(cells: tuple[SheetCell, ...], header: Header, table: YearTable) -> bool:
    """Return whether a line is about a row that stands in `table` already."""
    id_cell, name = header.cell(cells, "id"), cells[header.name_column].label
    key = id_cell.label if id_cell else ""
    return bool(key and table.rows_with_key(key)) or bool(name and table.rows_named(name))
