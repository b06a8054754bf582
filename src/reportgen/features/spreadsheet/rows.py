"""Imports the rows of a sheet: which row of a table each is for, and what changes in the files.

`import_rows` reads them and checks the totals, `edit_rows` writes them into the YAML.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Mapping as Mappings
from fractions import Fraction

from reportgen.features.spreadsheet.cells import CellReader, ImportedCell
from reportgen.features.spreadsheet.grid import Sheet, SheetCell, normalized
from reportgen.features.spreadsheet.structure import Header, SheetRow, read_rows
from reportgen.features.spreadsheet.tables import YearRow, YearTable
from reportgen.findings import Diagnostics, Finding, RelatedLocation, finding
from reportgen.load.groups import bare, fields_of, is_model
from reportgen.load.schema import Year
from reportgen.model.frozen import frozen
from reportgen.model.quantity import Quantity, Shape, shown
from reportgen.model.source import SourceSpan
from reportgen.project.yaml_editor import KeyText, YamlEditor, yaml_text
from reportgen.project.yaml_nodes import Mapping

ROUNDING_ERROR = Fraction(1, 10**12)
"""What adding up in binary floating point may change of a sum, as a share of it."""

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
    """What a sheet gives to a table."""

    table: YearTable
    rows: tuple[ImportedRow, ...]


def import_rows(
    sheet: Sheet, header: Header, table: YearTable, log: Diagnostics, *, hidden: bool
) -> ImportedSheet:
    """Return what the rows of `sheet` below `header` give to `table`, with findings X1xx."""
    _log_skipped_columns(sheet, header, log)
    lines = read_rows(sheet, header, table, hidden=hidden)
    importer = _RowImporter(sheet, header, table, log)
    rows = [importer.row_of(line) for line in lines]
    _check_totals(importer.cells, lines, log)
    log.extend(importer.cells.findings)
    return ImportedSheet(table, tuple(row for row in rows if row is not None))


def _log_skipped_columns(sheet: Sheet, header: Header, log: Diagnostics) -> None:
    for column in header.skipped:
        span = sheet.span_at(header.bottom - 1, column.index)
        log.add(finding(_SKIPPED_COLUMN[column.reason], span, label=column.label))


class _RowImporter:
    """Imports the items of a sheet, each row of the table once."""

    def __init__(self, sheet: Sheet, header: Header, table: YearTable, log: Diagnostics) -> None:
        self.sheet = sheet
        self.header = header
        self.table = table
        self.log = log
        self.cells = CellReader(sheet, header, table)
        self._first: dict[str, SourceSpan] = {}
        self._ids = {row.id for row in table.rows}
        self._next_number = 1

    def row_of(self, line: SheetRow) -> ImportedRow | None:
        """Return what a line gives, None where it is no item or cannot be imported."""
        if line.kind in _SKIPPED_ROW:
            span = self.sheet.span_at(line.index)
            self.log.add(finding(_SKIPPED_ROW[line.kind], span, label=line.label or "—"))
        return self._imported(line) if line.kind == "item" else None

    def _imported(self, line: SheetRow) -> ImportedRow | None:
        """Return what an item gives, None where it cannot be imported."""
        name, key = self.cells.text(line, "name"), self.cells.text(line, "id")
        rows = self._rows(key, name)
        if not self._is_clear(line, rows, name, key):
            return None
        label = rows[0].key if rows else normalized(name) or key
        if self._is_repeated(line, label, name or key) or self._is_merged(line):
            return None
        if not rows:
            return self._new_row(line, key)
        return ImportedRow(line, rows[0], "", tuple(self.cells.read(line, rows[0], "")))

    def _is_clear(self, line: SheetRow, rows: tuple[YearRow, ...], name: str, key: str) -> bool:
        """Return whether a line is for one row, or for a new one (X118, X125, X126)."""
        if not (name or key):
            self.log.add(finding("X126", self.sheet.span_at(line.index)))
        elif len(rows) > 1:
            known = "、".join(row.key for row in rows)
            self.log.add(finding("X118", self._span(line), name=name, known=known))
        elif rows or self.table.id_prefix:
            return True
        elif self._has_values(line):
            self.log.add(finding("X125", self._span(line), name=name or key))
        return False

    def _new_row(self, line: SheetRow, key: str) -> ImportedRow:
        new_id = self._new_id(line, key)
        cells = tuple(self.cells.read(line, None, new_id))
        self._check_required(line, cells)
        return ImportedRow(line, None, new_id, cells)

    def _rows(self, key: str, name: str) -> tuple[YearRow, ...]:
        """Return the rows of the table that a key or, where no row has that, a name may mean."""
        if key:
            rows = self.table.rows_with_key(key)
            if rows or not name:
                return rows
            if self.table.id_prefix:
                return ()
        return self.table.rows_named(name)

    def _has_values(self, line: SheetRow) -> bool:
        """Return whether a line holds any value of its own."""
        cells = self.sheet.rows[line.index]
        for column in self.header.value_columns:
            cell = cells[column.index]
            is_repeated = self.sheet.exported and cell.formula
            if column.field != "unit" and not (cell.is_empty or is_repeated):
                return True
        return False

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
            cell = self.sheet.rows[line.index][column.index]
            if self._hides_amounts(cell, name):
                assert cell.merged is not None
                span = self.sheet.span_at(*cell.merged[:2])
                self.cells.refuse(finding("X111", span, column=column.label))
                return True
        return False

    def _hides_amounts(self, cell: SheetCell, name: str) -> bool:
        """Return whether a cell is merged with others of its row, or an amount with those below."""
        if cell.merged is None or cell.is_empty:
            return False
        top, left, bottom, right = cell.merged
        is_wide, is_tall = left != right, top != bottom
        return (is_wide and name != "name") or (is_tall and self.table.is_amount(name))

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
        self.log.add(finding("X123", self._span(line), name=line.label, id=new_id))
        return new_id

    def _check_required(self, line: SheetRow, cells: tuple[ImportedCell, ...]) -> None:
        """Add X119 for each field that a new row needs and the sheet does not give."""
        given = {cell.field for cell in cells if cell.new} | {"id"}
        for name in self.table.required:
            if name not in given:
                span = self.sheet.span_at(line.index)
                title = self.table.title_of(name)
                self.log.add(finding("X119", span, name=line.label, title=title))

    def _span(self, line: SheetRow) -> SourceSpan:
        """Return the place of the cell that names a line."""
        column = self.header.columns.get("name") or self.header.columns.get("id")
        return self.sheet.span_at(line.index, column.index if column else -1)


# Totals


def _check_totals(cells: CellReader, lines: tuple[SheetRow, ...], log: Diagnostics) -> None:
    """Add X116 for each total that is not the sum of its rows.

    合计 sums all rows, 小计 those since the last one, the label of a group those that follow it.
    A total holds what was added up, however few digits it shows; so nothing is allowed for.
    """
    for number, line in enumerate(lines):
        if line.kind not in {"total", "subtotal", "group"}:
            continue
        parts = list(_parts(lines, number))
        for field in cells.header.columns:
            problem = _wrong_total(cells, line, field, parts)
            if problem is not None:
                log.add(problem)


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
    """Yield the items of `lines` up to the first line of a kind in `ends`."""
    for line in lines:
        if line.kind in ends:
            return
        if line.kind == "item":
            yield line


def _wrong_total(
    cells: CellReader, line: SheetRow, field: str, parts: list[SheetRow]
) -> Finding | None:
    total = cells.amount_in_sum(line, field)
    if total is None or not parts:
        return None
    amounts = _amounts(cells, parts, field)
    if any(amount.unit.dimension != total.unit.dimension for amount in amounts):
        return None
    expected = sum((amount.value for amount in amounts), Fraction(0))
    if abs(total.value - expected) <= abs(expected) * ROUNDING_ERROR:
        return None
    column = cells.header.columns[field]
    span = cells.sheet.span_at(line.index, column.index)
    return _total_finding(span, (line.label, column.label), total, expected)


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


# What changes in the files


def edit_rows(editor: YamlEditor, sheet: ImportedSheet, folder: str) -> None:
    """Make the edits that an imported sheet asks for; `folder` is that of the year."""
    absent = _edit_present_rows(editor, sheet)
    _add_rows(editor, sheet, folder)
    for section in dict.fromkeys(key.partition(".")[0] for key in absent):
        editor.append(f"{folder}/{section}.yaml", _section_text(section, absent))


def _edit_present_rows(editor: YamlEditor, sheet: ImportedSheet) -> dict[str, list[KeyText]]:
    """Change the rows that there are; return by row the values for which there is no group."""
    absent: dict[str, list[KeyText]] = {}
    for row in sheet.rows:
        if row.row is not None:
            keys = _edit_row(editor, sheet.table, row.row, row.cells)
            absent.update({row.row.key: keys} if keys else {})
    return absent


def _add_rows(editor: YamlEditor, sheet: ImportedSheet, folder: str) -> None:
    new_rows = [row for row in sheet.rows if row.row is None]
    for number, row in enumerate(new_rows):
        _add_row(editor, sheet.table, row, folder, is_first=number == 0)


def _edit_row(
    editor: YamlEditor, table: YearTable, row: YearRow, cells: Iterable[ImportedCell]
) -> list[KeyText]:
    """Change the values of a row; return those for which the files have no group yet."""
    keys: list[KeyText] = []
    for cell in cells:
        if cell.result not in {"changed", "added"}:
            continue
        old = row.cells.get(cell.field)
        if old is None:
            keys.append((cell.field, cell.yaml))
        else:
            editor.set_value(old, cell.yaml)
    if row.node is None:
        return keys
    editor.add_keys(row.node, keys, table.order)
    return []


def _add_row(
    editor: YamlEditor, table: YearTable, row: ImportedRow, folder: str, *, is_first: bool
) -> None:
    """Add a new row: below the last one of its category, or at the end of the list."""
    keys = list(_keys_of(table, row))
    neighbour = _last_neighbour(table, row)
    if neighbour is not None:
        editor.add_row(neighbour, keys)
        return
    head = f"{table.key}:\n" if is_first and table.node is None else ""
    path = table.path or f"{folder}/{table.key}.yaml"
    editor.append(path, f"{head}  - {_in_braces(keys)}\n")


def _keys_of(table: YearTable, row: ImportedRow) -> Iterator[KeyText]:
    cells = {cell.field: cell.yaml for cell in row.cells if cell.yaml}
    if row.id:
        yield "id", yaml_text(row.id)
    for name in table.order:
        if name in cells and name != "id":
            yield name, cells[name]


def _last_neighbour(table: YearTable, row: ImportedRow) -> Mapping | None:
    """Return the last row of the same category, else the last one."""
    rows = [other for other in table.rows if other.node is not None]
    alike = _of_category(rows, row)
    last = (alike or rows)[-1:]
    return last[0].node if last else None


def _of_category(rows: Iterable[YearRow], row: ImportedRow) -> list[YearRow]:
    category = next((cell.new for cell in row.cells if cell.field == "category"), "")
    return [other for other in rows if category and other.text("category") == category]


def _section_text(section: str, lines: Mappings[str, list[KeyText]]) -> str:
    """Return the YAML of a whole section, the lines that it must have left blank."""
    if section in lines:
        return f"{section}: {_in_braces(lines[section])}\n"
    model = bare(fields_of(Year)[section].annotation)
    assert is_model(model)
    rows = [f"{section}:"]
    for name, info in fields_of(model).items():
        keys = lines.get(f"{section}.{name}")
        if keys:
            rows.append(f"  {name}: {_in_braces(keys)}")
        elif info.required:
            rows.append(f"  {name}: {{outturn: }}")
    return "\n".join(rows) + "\n"


def _in_braces(keys: Iterable[KeyText]) -> str:
    return "{" + ", ".join(f"{key}: {text}" for key, text in keys) + "}"
