"""Imports the rows of a sheet: which row of a table each is for; checks its totals."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from fractions import Fraction

from reportgen.features.spreadsheet.cells import CellReader, ImportedCell
from reportgen.features.spreadsheet.grid import SheetCell, normalized
from reportgen.features.spreadsheet.orientation import TableMatch
from reportgen.features.spreadsheet.structure import SheetRow, SkippedColumn, read_rows
from reportgen.features.spreadsheet.tables import ImportTerms, YearRow, YearTable, same_words
from reportgen.findings import Diagnostics, Finding, RelatedLocation, finding
from reportgen.load.fields import is_name
from reportgen.model.frozen import frozen
from reportgen.model.quantity import Quantity, Shape, shown
from reportgen.model.source import SourceSpan

ROUNDING_ERROR = Fraction(1, 10**12)
"""What adding up in binary floating point may change of a sum, as a share of it."""

_NUMBER = re.compile(r"[-+]?[0-9][0-9,]*(?:\.[0-9]+)?(?:[百千万亿]*元)?")
_SKIPPED_COLUMN = {"hidden": "X120", "year": "X127", "unknown": "X121"}
_SKIPPED_ROW = {"hidden": "X120", "note": "X122", "header": "X122", "bare": "X122"}


@frozen
class ImportedRow:
    """A line of a sheet that is imported: into `row`, or where that is None as a new row `id`."""

    line: SheetRow
    row: YearRow | None
    id: str
    cells: tuple[ImportedCell, ...]


@frozen
class ImportedSheet:
    """What a sheet gives to a table; `name` is that of the sheet."""

    name: str
    table: YearTable
    rows: tuple[ImportedRow, ...]


def import_rows(match: TableMatch, terms: ImportTerms, log: Diagnostics) -> ImportedSheet:
    """Return what the rows of a sheet give to its table, with findings X1xx."""
    lines = read_rows(match.sheet, match.header, match.table, hidden=terms.hidden)
    importer = RowImporter(match, terms, log)
    importer.log_skipped_columns(lines)
    rows = [importer.row_of(line) for line in lines if line.index not in match.others]
    if not match.is_mixed:
        _check_totals(importer.cells, lines, log)
    log.extend(importer.cells.findings)
    return ImportedSheet(
        match.sheet.name, match.table, tuple(row for row in rows if row is not None)
    )


class RowImporter:
    """Imports the items of a sheet, each row of the table once."""

    def __init__(
        self,
        match: TableMatch,
        terms: ImportTerms,
        log: Diagnostics,
        ids: set[str] | None = None,
    ) -> None:
        self.match = match
        self.sheet = match.sheet
        self.header = match.header
        self.table = match.table
        self.log = log
        self.cells = CellReader(match, terms)
        self._first: dict[str, SourceSpan] = {}
        self._ids = {row.id for row in match.table.rows} if ids is None else ids
        self._next_number = 1

    def log_skipped_columns(self, lines: Iterable[SheetRow]) -> None:
        """Tell which columns are not taken, and those of amounts with what may be meant (X138)."""
        items = [self.sheet.rows[line.index] for line in lines if line.kind == "item"]
        for column in self.header.skipped:
            self.log.add(self._skipped(column, items))

    def _skipped(self, column: SkippedColumn, items: list[tuple[SheetCell, ...]]) -> Finding:
        """Return what is told of a column that is not taken."""
        span = self.sheet.span_at(self.header.bottom - 1, column.index)
        holds_amounts = any(_is_number(cells[column.index]) for cells in items)
        likely = self._likely_titles(column, items)
        if column.reason == "unknown" and holds_amounts and likely:
            first = likely.partition("、")[0]
            return finding("X138", span, label=column.label, likely=likely, first=first)
        known = "、".join(self.table.titles)
        return finding(_SKIPPED_COLUMN[column.reason], span, label=column.label, known=known)

    def _likely_titles(self, column: SkippedColumn, items: list[tuple[SheetCell, ...]]) -> str:
        """Return what a column of amounts may be called, first what holds most of its numbers."""
        held: Counter[str] = Counter()
        for cells in items:
            rows = self.table.rows_named(cells[self.header.name_column].label)
            held.update(_fields_with(cells[column.index].label.replace(",", ""), rows))
        titles = [self.table.title_of(name) for name, _ in held.most_common(2)]
        return "、".join(titles) or self.table.likely_titles(column.label)

    def row_of(self, line: SheetRow) -> ImportedRow | None:
        """Return what a line gives, None where it is no item or cannot be imported."""
        if line.kind in _SKIPPED_ROW:
            span = self.sheet.span_at(line.index)
            self.log.add(finding(_SKIPPED_ROW[line.kind], span, label=line.label or "—"))
        return self._imported(line) if line.kind == "item" and not self._is_rest(line) else None

    def _imported(self, line: SheetRow) -> ImportedRow | None:
        """Return what an item gives, None where it cannot be imported."""
        name, key = self.cells.text(line, "name"), self.cells.text(line, "id")
        rows = self._rows(line, key, name)
        if not self._is_clear(line, rows, name, key) or self._is_again(line, rows, name, key):
            return None
        return self._of_row(line, rows[0]) if rows else self.new_row(line, key)

    def _is_again(self, line: SheetRow, rows: tuple[YearRow, ...], name: str, key: str) -> bool:
        """Return whether a line is of a row that came before, or shares its amounts with others."""
        label = next((row.key for row in rows), normalized(name) or key)
        return self._is_repeated(line, label, name or key) or self._is_merged(line)

    def _of_row(self, line: SheetRow, row: YearRow) -> ImportedRow:
        """Return what an item gives to a row that is there."""
        return ImportedRow(line, row, "", tuple(self.cells.read(line, row, "")))

    def _is_clear(self, line: SheetRow, rows: tuple[YearRow, ...], name: str, key: str) -> bool:
        """Return whether a line is for one row, or for a new one (X118, X125, X126)."""
        problem = self._nobodys(line, rows, name, key)
        if problem is not None:
            self.log.add(problem)
            return False
        return bool(rows) or self._takes_new_rows()

    def _takes_new_rows(self) -> bool:
        return bool(self.table.id_prefix) and not self.match.is_mixed

    def _nobodys(
        self, line: SheetRow, rows: tuple[YearRow, ...], name: str, key: str
    ) -> Finding | None:
        """Return why nobody can tell whose values stand in a line, None where one can."""
        if not (name or key):
            return finding("X126", self.sheet.span_at(line.index))
        if rows:
            return self._ambiguous(line, rows, name)
        return None if self._takes_new_rows() else self._missing(line, name or key)

    def _ambiguous(self, line: SheetRow, rows: tuple[YearRow, ...], name: str) -> Finding | None:
        """Return that several rows have the name of a line, None where one has."""
        known = "、".join(row.key for row in rows)
        told = finding("X118", self._span(line), name=name, known=known)
        return told if len(rows) > 1 else None

    def _missing(self, line: SheetRow, name: str) -> Finding | None:
        """Return that the table lacks the row of a line with values, with those of a like name."""
        near = self.table.known_names(name)
        told = finding("X125", self._span(line), name=name, near=near)
        return told if self._has_values(line) else None

    def new_row(self, line: SheetRow, key: str) -> ImportedRow | None:
        """Return a line as a new row; an id that no formula could name is refused (S215)."""
        if key and not is_name(key):
            column = self.header.columns["id"].index
            self.cells.refuse(finding("S215", self.sheet.span_at(line.index, column), key=key))
            return None
        new_id = self._new_id(line, key)
        cells = tuple(self.cells.read(line, None, new_id))
        self._check_required(line, cells)
        return ImportedRow(line, None, new_id, cells)

    def _rows(self, line: SheetRow, key: str, name: str) -> tuple[YearRow, ...]:
        """Return the rows of the table that a key or, where no row has that, a name may mean."""
        if key:
            rows = self.table.rows_with_key(key)
            if rows or not name:
                return rows
            if self.table.id_prefix:
                return ()
        rows = self.table.rows_named(name)
        return self._told_apart(line, rows) if len(rows) > 1 else rows

    def _told_apart(self, line: SheetRow, rows: tuple[YearRow, ...]) -> tuple[YearRow, ...]:
        """Return of several rows of one name those that agree with the other words of a line."""
        for name in set(self.header.columns) - {"name", *self.table.units}:
            text = self.cells.text(line, name)
            rows = tuple(row for row in rows if same_words(text, row.text(name))) or rows
        return rows

    def _has_values(self, line: SheetRow) -> bool:
        """Return whether a line holds any value of its own."""
        cells = self.sheet.rows[line.index]
        columns = [column for column in self.header.value_columns if column.field != "unit"]
        return any(self._is_own_value(cells[column.index]) for column in columns)

    def _is_own_value(self, cell: SheetCell) -> bool:
        """Return whether a cell holds a value that is not repeated from elsewhere."""
        return not (cell.is_empty or (self.sheet.exported and cell.formula))

    def _is_repeated(self, line: SheetRow, label: str, name: str) -> bool:
        """Return whether a line of the same row came before (X117)."""
        span = self._span(line)
        first = self._first.setdefault(label, span)
        if first is span:
            return False
        self.log.add(finding("X117", span, RelatedLocation(first, "first"), name=name))
        return True

    def _is_merged(self, line: SheetRow) -> bool:
        """Return whether merged cells hide which amount is whose (X111)."""
        for name, column in self.header.columns.items():
            if self._hides_amounts(line, name):
                cell = self.sheet.rows[line.index][column.index]
                assert cell.merged is not None
                span = self.sheet.span_at(*cell.merged[:2])
                self.cells.refuse(finding("X111", span, column=column.label))
                return True
        return False

    def _hides_amounts(self, line: SheetRow, name: str) -> bool:
        """Return whether a cell is merged with others of its row, or an amount with other items.

        An item over several lines has its name merged over all of them.
        """
        cell = self.sheet.rows[line.index][self.header.columns[name].index]
        if cell.merged is None or cell.is_empty:
            return False
        _, left, _, right = cell.merged
        columns = set(self.header.indexes) & set(range(left, right + 1))
        return (len(columns) > 1 and name != "name") or self._is_of_several(line, cell, name)

    def _is_of_several(self, line: SheetRow, cell: SheetCell, name: str) -> bool:
        """Return whether a merged cell holds an amount, and goes beyond the lines of its item."""
        if not (name in self.table.units or (self.table.is_amount(name) and _is_number(cell))):
            return False
        assert cell.merged is not None
        return not self._lines(line) >= set(range(cell.merged[0], cell.merged[2] + 1))

    def _lines(self, line: SheetRow) -> set[int]:
        """Return the lines over which the name of an item is merged."""
        merged = self.sheet.rows[line.index][self.header.name_column].merged
        top, _, bottom, _ = merged or (line.index, 0, line.index, 0)
        return set(range(top, bottom + 1))

    def _is_rest(self, line: SheetRow) -> bool:
        """Return whether a line of an item that begins above gives no value of its own."""
        cells = self.sheet.rows[line.index]
        if not cells[self.header.name_column].is_below(line.index):
            return False
        return not any(
            self._is_own_value(cells[column.index]) and not cells[column.index].is_below(line.index)
            for column in self.header.value_columns
        )

    def _new_id(self, line: SheetRow, key: str) -> str:
        """Return the id of a new row: as the sheet has it, or the next free number (X123)."""
        if key:
            return key
        if "id" not in self.table.required:
            return ""
        while f"{self.table.id_prefix}_{self._next_number}" in self._ids:
            self._next_number += 1
        new_id = f"{self.table.id_prefix}_{self._next_number}"
        self._ids.add(new_id)
        near = self.table.near_names(line.label)
        code = "X141" if near else "X123"
        self.log.add(finding(code, self._span(line), name=line.label, id=new_id, near=near))
        return new_id

    def _check_required(self, line: SheetRow, cells: tuple[ImportedCell, ...]) -> None:
        """Add X119 for the fields that a new row needs and the sheet does not give."""
        given = {cell.field for cell in cells if cell.new} | {"id"}
        missing = [self.table.title_of(name) for name in self.table.required if name not in given]
        if missing:
            span, near = self.sheet.span_at(line.index), self.table.known_names(line.label)
            title = "、".join(missing)
            self.log.add(finding("X119", span, name=line.label, title=title, near=near))

    def _span(self, line: SheetRow) -> SourceSpan:
        """Return the place of the cell that names a line."""
        return self.sheet.span_at(line.index, self.header.name_column)


def _fields_with(text: str, rows: tuple[YearRow, ...]) -> Iterator[str]:
    """Yield the fields of some rows that hold a text."""
    for row in rows:
        for name in row.cells:
            if text and row.text(name) == text:
                yield name


def _is_number(cell: SheetCell) -> bool:
    """Return whether a cell holds a number, be it as a text."""
    return cell.number is not None or _NUMBER.fullmatch(cell.label) is not None


# Totals


def _check_totals(cells: CellReader, lines: tuple[SheetRow, ...], log: Diagnostics) -> None:
    """Add X116 for each total that is not the sum of its rows.

    合计 sums all rows, 小计 those since the last one, the label of a group those that follow it.
    A total holds what was added up, however few digits it shows; so nothing is allowed for.
    """
    for number, line in enumerate(lines):
        if line.kind in {"total", "subtotal", "group"}:
            log.extend(_wrong_totals(cells, line, list(_parts(lines, number))))


def _wrong_totals(cells: CellReader, line: SheetRow, parts: list[SheetRow]) -> Iterator[Finding]:
    """Yield X116 for each total of a line that is not the sum of its parts."""
    problems = (_wrong_total(cells, line, field, parts) for field in cells.header.columns)
    yield from filter(None, problems)


def _parts(lines: tuple[SheetRow, ...], number: int) -> Iterator[SheetRow]:
    """Yield the items that a total sums."""
    match lines[number].kind:
        case "total":
            yield from _items(lines, frozenset())
        case "group":
            yield from _items(lines[number + 1 :], frozenset({"group", "total"}))
        case "subtotal":
            before = lines[:number][::-1]
            yield from _items(before, frozenset({"group", "total", "subtotal"}))


def _items(lines: tuple[SheetRow, ...], ends: frozenset[str]) -> Iterator[SheetRow]:
    """Yield the items of `lines`, hidden ones too, up to the first line of a kind in `ends`."""
    for line in lines:
        if line.kind in ends:
            return
        if line.kind in {"item", "hidden"}:
            yield line


def _wrong_total(
    cells: CellReader, line: SheetRow, field: str, parts: list[SheetRow]
) -> Finding | None:
    total = cells.amount_in_sum(line, field)
    amounts = _amounts(cells, parts, field)
    if total is None or not parts or _are_mixed([total, *amounts]):
        return None
    expected = Fraction(sum(amount.value for amount in amounts))
    if abs(total.value - expected) <= abs(expected) * ROUNDING_ERROR:
        return None
    column = cells.header.columns[field]
    span = cells.sheet.span_at(line.index, column.index)
    return _total_finding(span, (line.label, column.label), total, expected)


def _are_mixed(amounts: list[Quantity]) -> bool:
    """Return whether amounts are of several dimensions."""
    return len({amount.unit.dimension for amount in amounts}) > 1


def _amounts(cells: CellReader, parts: Iterable[SheetRow], field: str) -> list[Quantity]:
    """Return what a field holds in some lines, where that is an amount."""
    amounts: list[Quantity] = []
    for part in parts:
        amount = cells.amount_in_sum(part, field)
        if amount is not None:
            amounts.append(amount)
    return amounts


def _total_finding(
    span: SourceSpan, labels: tuple[str, str], total: Quantity, expected: Fraction
) -> Finding:
    shape = Shape(decimals=max(total.shape.decimals, 6), strip=True)
    label, column = labels
    return finding(
        "X116",
        span,
        label=label,
        column=column,
        total=total.text,
        sum=shown(expected, total.unit, shape),
        gap=shown(total.value - expected, total.unit, shape),
    )
