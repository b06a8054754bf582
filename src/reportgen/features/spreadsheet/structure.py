"""The structure of a sheet: the header of its table, and what each row below that is.

A header has one to three rows, merged or not, below titles; its labels are compared with those
of a table of the year. The rows below it are items, totals, groups and notes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Literal

from reportgen.features.spreadsheet.grid import Sheet, SheetCell, normalized
from reportgen.features.spreadsheet.tables import YearTable, plain_name
from reportgen.findings import Diagnostics, RelatedLocation, finding
from reportgen.model.frozen import frozen
from reportgen.model.units import UNITS, Unit, find_unit

LAST_HEADER_ROW = 40
"""Rows below which no header is looked for."""
MAX_HEADER_ROWS = 3

SkipReason = Literal["hidden", "year", "unknown"]
RowKind = Literal["item", "total", "subtotal", "group", "note", "header", "hidden", "bare"]
"""What a row is; `bare` is one with a label and no values."""

_UNIT_LINE = re.compile(r"(?:^|[^\w])(?:金额|计量|货币)?单位:?([^\s)(,;。:]{1,12})")
_UNIT_WORD = re.compile(r"单位:")
_BRACKETS = re.compile(r"\(([^()]*)\)")
_YEAR = re.compile(r"^(\d{4})年度?|^(上年度?|去年|上一年度?)")
_NUMBERING = frozenset("序号 编号 行次 No. NO. no. 序 顺序号".split())
_WHOLE = frozenset("合计 小计 金额 总计".split())
"""Words of a header that say no more than the words above them."""
_TOTAL = re.compile(r"(?:其中:)?(?:.*(?:合计|总计|总额|共计)|计|.*(?P<part>小计))(?:\([^()]*\))?:?")
_NOTE = re.compile(
    r"(?:备?注(?:意事项)?\d*[:.、]|(?:填表)?说明\d*[:.、]|※|\*|(?:单位)?负责人[:(]|"
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

    `unit` is that of the whole sheet (单位：万元).
    """

    top: int
    bottom: int
    columns: Mapping[str, HeaderColumn]
    skipped: tuple[SkippedColumn, ...] = ()
    unit: Unit | None = None

    def cell(self, cells: tuple[SheetCell, ...], name: str) -> SheetCell | None:
        """Return the cell of a field in a row, None where no column holds the field."""
        column = self.columns.get(name)
        return None if column is None else cells[column.index]

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
            plain = _without_year(label)
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
    """Return the header that has most columns of a table, with findings X109 and X110.

    A header has rows by name or by id, and one column more.
    """
    rows = _header_rows(sheet, search)
    if rows is None:
        return None
    columns: dict[str, HeaderColumn] = {}
    for column in _columns(sheet, rows, search):
        first = columns.setdefault(column.field, column)
        if first is not column:
            other = RelatedLocation(sheet.span_at(rows.start, first.index), "first")
            span = sheet.span_at(rows.start, column.index)
            log.add(finding("X109", span, other, label=column.label, first=first.label))
    unit = _sheet_unit(sheet, rows.stop, log)
    _check_units(sheet, rows, log)
    used = {column.index for column in columns.values()}
    skipped = tuple(_skipped(sheet, rows, used, search))
    return Header(rows.start, rows.stop, columns, skipped, unit)


def _header_rows(sheet: Sheet, search: HeaderSearch) -> range | None:
    """Return the rows whose labels name most fields; of several the fewest and uppermost."""
    best: range | None = None
    best_score = (1, 0, 0)
    for top in range(min(LAST_HEADER_ROW, len(sheet.rows))):
        for bottom in range(top + 1, min(top + MAX_HEADER_ROWS, len(sheet.rows)) + 1):
            fields = {column.field for column in _columns(sheet, range(top, bottom), search)}
            score = (len(fields), top - bottom, -top)
            if score > best_score and len(fields) > 1 and fields & {"name", "id"}:
                best, best_score = range(top, bottom), score
    return best


def _columns(sheet: Sheet, rows: range, search: HeaderSearch) -> Iterator[HeaderColumn]:
    for index in range(len(sheet.rows[0])):
        if index in sheet.hidden_columns and not search.hidden:
            continue
        texts = _texts(sheet, rows, index)
        field = search.field(texts)
        if field:
            yield HeaderColumn(index, field, "".join(texts), _unit_above(sheet, rows, index))


def _texts(sheet: Sheet, rows: range, column: int) -> list[str]:
    """Return the different texts in the header of a column, from top to bottom."""
    texts: list[str] = []
    for row in rows:
        cell = sheet.rows[row][column]
        if cell.kind == "text" and cell.label and cell.label not in texts:
            texts.append(cell.label)
    return [text for text in texts if text not in _WHOLE] or texts


def _combined(texts: list[str]) -> Iterator[str]:
    """Yield what the header of a column may say, most of it first."""
    for first in range(len(texts)):
        yield "".join(texts[first:])
        yield "".join(reversed(texts[first:]))


def _without_brackets(label: str) -> str:
    return _BRACKETS.sub("", label).strip(":*")


def _without_year(label: str) -> str:
    plain = _without_brackets(label)
    match = _YEAR.match(plain)
    return plain[match.end() :] if match else plain


def _skipped(
    sheet: Sheet, rows: range, used: set[int], search: HeaderSearch
) -> Iterator[SkippedColumn]:
    """Yield the columns that are not imported, but for a numbering of the rows."""
    for index in range(len(sheet.rows[0])):
        texts = _texts(sheet, rows, index)
        if index in used or not texts or not _NUMBERING.isdisjoint(texts):
            continue
        reason = _skip_reason(index in sheet.hidden_columns, search.is_other_year(texts))
        yield SkippedColumn(index, "".join(texts), reason)


def _skip_reason(is_hidden: bool, is_other_year: bool) -> SkipReason:
    if is_hidden:
        return "hidden"
    return "year" if is_other_year else "unknown"


# Units


def _unit_above(sheet: Sheet, rows: range, column: int) -> Unit | None:
    """Return the unit in brackets that stands nearest above the rows of a column."""
    top = max(0, rows.start - MAX_HEADER_ROWS + 1)
    for row in reversed(range(top, rows.stop)):
        for text in _BRACKETS.findall(sheet.rows[row][column].label):
            unit = _unit(text)
            if unit is not None:
                return unit
    return None


def _unit(text: str) -> Unit | None:
    word = _UNIT_WORD.sub("", text)
    return find_unit(word) if word else None


def _sheet_unit(sheet: Sheet, bottom: int, log: Diagnostics) -> Unit | None:
    """Return the unit that a line above the rows gives (单位：万元), X110 for one nobody knows."""
    for cell, symbol in _unit_lines(sheet, bottom):
        unit = find_unit(symbol)
        if unit is not None and unit.dimension == UNITS["元"].dimension:
            return unit
        if "元" in symbol or symbol in {"万", "亿", "千"}:
            log.add(finding("X110", cell.span, unit=symbol))
            return None
    return None


def _unit_lines(sheet: Sheet, bottom: int) -> Iterator[tuple[SheetCell, str]]:
    """Yield the cells that say 单位：, with what stands behind it: a unit, or an institution."""
    for cell in chain.from_iterable(sheet.rows[:bottom]):
        if cell.kind == "text" and "单位:" in cell.label:
            for symbol in _UNIT_LINE.findall(cell.label)[:1]:
                yield cell, symbol


def _check_units(sheet: Sheet, rows: range, log: Diagnostics) -> None:
    """Add X110 for a header whose brackets hold a unit of money that nobody knows."""
    for cell in chain.from_iterable(sheet.rows[rows.start : rows.stop]):
        for text in _BRACKETS.findall(cell.label) if _is_first(cell, sheet) else ():
            if text.endswith("元") and _unit(text) is None:
                log.add(finding("X110", cell.span, unit=text))


def _is_first(cell: SheetCell, sheet: Sheet) -> bool:
    """Return whether a cell is the first of those merged with it."""
    return cell.merged is None or cell.span == sheet.span_at(*cell.merged[:2])


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
        if all(cell.kind == "blank" for cell in cells):
            continue
        label = _label(cells, header)
        is_shown = hidden or index not in sheet.hidden_rows
        kind = classifier.kind(cells, label) if is_shown else "hidden"
        if kind in {"group", "total"}:
            group = plain_name(label) if kind == "group" else ""
        rows.append(SheetRow(index, kind, label, group))
    return tuple(rows)


class _RowClassifier:
    """Says what rows are: a row that the table has is an item, whatever its name is like."""

    def __init__(self, sheet: Sheet, header: Header, table: YearTable) -> None:
        self._header = header
        self._header_labels = _labels(sheet.rows[header.bottom - 1])
        self._names = {plain_name(row.name) for row in table.rows}
        self._groups = {plain_name(row.text("category")) for row in table.rows} - {""}
        for cells in sheet.rows[header.bottom :]:
            cell = header.cell(cells, "category")
            if cell is not None and cell.kind == "text":
                self._groups.add(plain_name(cell.text))

    def kind(self, cells: tuple[SheetCell, ...], label: str) -> RowKind:
        """Return what a row is."""
        if _labels(cells) == self._header_labels:
            return "header"
        is_known = self._is_known(cells, label)
        kind = None if is_known else self._kind_of_label(label)
        if kind is not None:
            return kind
        if not is_known and self._has_no_values(cells):
            return "bare"
        return "note" if _is_one_text(cells, self._header) else "item"

    def _is_known(self, cells: tuple[SheetCell, ...], label: str) -> bool:
        id_cell = self._header.cell(cells, "id")
        has_id = id_cell is not None and not id_cell.is_empty
        return has_id or plain_name(label) in self._names

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
        return "group" if name in self._groups else None


def _labels(cells: tuple[SheetCell, ...]) -> list[str]:
    return [cell.label for cell in cells]


def _label(cells: tuple[SheetCell, ...], header: Header) -> str:
    """Return the name in a row, or its first text where the column of names is empty."""
    column = header.columns.get("name") or header.columns["id"]
    texts = (cell.label for cell in cells if cell.kind == "text" and not cell.is_empty)
    return cells[column.index].label or next(texts, "")


def _is_one_text(cells: tuple[SheetCell, ...], header: Header) -> bool:
    """Return whether one merged text fills the whole row, as notes do."""
    ranges = {cells[column.index].merged for column in header.columns.values()}
    return len(ranges) == 1 and None not in ranges and cells[0].kind == "text"
