"""Takes back workbooks that were filled in: what somebody changed in them, several at once.

A cell that is as it was written gives nothing, whatever has become of the file meanwhile. A change
is refused where another workbook, or the file itself, has since got another value: all are told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from reportgen.features.spreadsheet.cells import CellReader, ImportedCell
from reportgen.features.spreadsheet.edits import drop_fill_marks, edit_rows
from reportgen.features.spreadsheet.fill_layout import FillFolder
from reportgen.features.spreadsheet.fill_record import (
    DELETED,
    TO_DELETE,
    ReturnedBook,
    ReturnedLine,
    ReturnedSheet,
    read_filled,
)
from reportgen.features.spreadsheet.fill_sheets import fill_folders
from reportgen.features.spreadsheet.grid import normalized
from reportgen.features.spreadsheet.importing import (
    Import,
    each_once,
    in_usual_form,
    loaded,
    terms_of,
)
from reportgen.features.spreadsheet.matching import Request
from reportgen.features.spreadsheet.orientation import TableMatch
from reportgen.features.spreadsheet.rows import ImportedRow, ImportedSheet, RowImporter
from reportgen.features.spreadsheet.structure import Header, HeaderColumn, SheetRow
from reportgen.features.spreadsheet.tables import ImportTerms, YearRow, YearTable
from reportgen.findings import Diagnostics, Finding, RelatedLocation, finding
from reportgen.model.source import SourceSpan
from reportgen.model.units import find_unit
from reportgen.project.layout import reports, years
from reportgen.project.source_files import SourceFiles
from reportgen.project.yaml_editor import YamlEditor

# What the files hold now


_MOST_NAMES = 3


@dataclass
class _Now:
    """What the files hold now, by the keys of workbooks: rows with their tables, and lists."""

    files: SourceFiles
    folders: tuple[FillFolder, ...]
    unit: str
    year: int
    rows: dict[str, tuple[FillFolder, YearTable, YearRow]] = field(default_factory=dict)
    lists: dict[str, tuple[FillFolder, YearTable]] = field(default_factory=dict)
    _terms: dict[str, ImportTerms] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for folder in self.folders:
            for table in sorted(folder.tables, key=lambda table: table.key != "facts"):
                self.lists[f"{folder.report}/+{table.key}"] = (folder, table)
                for row in table.rows:
                    self.rows[f"{folder.report}/{row.key}"] = (folder, table, row)

    def name_of(self, key: str) -> str:
        """Return what a row is called, its key where there is none."""
        return (key in self.rows and self.rows[key][2].name) or key.partition("/")[2]

    def terms(self, folder: FillFolder) -> ImportTerms:
        """Return what holds for what is typed for a folder."""
        if folder.path not in self._terms:
            terms = terms_of(self.files, self.request(folder, ""))
            self._terms[folder.path] = replace(terms, exact=True)
        return self._terms[folder.path]

    def request(self, folder: FillFolder, name: str) -> Request:
        """Return the request that an import into a folder would be."""
        return Request(name, b"", self.unit, self.year, report=folder.report)


@dataclass
class _Given:
    """What the workbooks give: cells by key and field, new rows by list, rows to take out."""

    cells: dict[tuple[str, str], ImportedCell] = field(default_factory=dict)
    new_rows: dict[str, list[ImportedRow]] = field(default_factory=dict)
    removed: dict[str, SourceSpan] = field(default_factory=dict)

    def cells_by_row(self) -> dict[str, list[ImportedCell]]:
        """Return the cells of each row."""
        rows: dict[str, list[ImportedCell]] = {}
        for (key, _), cell in self.cells.items():
            rows.setdefault(key, []).append(cell)
        return rows


def plan_filled(
    files: SourceFiles, books: Iterable[tuple[str, bytes]], unit: str, year: int
) -> Import:
    """Return what taking back some workbooks would do; `unit` and `year` are wanted, if any."""
    log = Diagnostics()
    read = list(filter(None, (read_filled(*each, log) for each in books)))
    log.extend(_for_others(read, unit, year))
    log.extend(_of_no_year(files, read))
    if not read or log.blocked:
        return Import(tuple(log))
    record = read[0].record
    names = reports(files, record.unit, record.year)
    folders = fill_folders(files, record.unit, record.year, log, names)
    now = _Now(files, folders, record.unit, record.year)
    given = _Given()
    for book in read:
        _BookReader(book, now, given, log).read()
    return _planned(now, given, read[0].name, Diagnostics(each_once(log)))


def _for_others(books: Iterable[ReturnedBook], unit: str, year: int) -> Iterator[Finding]:
    """Yield X151 for each workbook that is not for the unit and year of the others."""
    for book in books:
        own = (book.record.unit, book.record.year)
        unit, year = unit or own[0], year or own[1]
        if own != (unit, year):
            said, wanted = f"{own[0]} {own[1]}", f"{unit} {year}"
            yield finding("X151", book.span, own=said, wanted=wanted)


def _of_no_year(files: SourceFiles, books: Iterable[ReturnedBook]) -> Iterator[Finding]:
    """Yield J101 for each workbook of a year that the project does not have."""
    for book in books:
        unit, year = book.record.unit, book.record.year
        known = years(files, unit)
        if year not in known:
            shown = "、".join(map(str, known)) or "—"
            yield finding("J101", book.span, unit=unit, year=year, known=shown)


def _planned(now: _Now, given: _Given, name: str, log: Diagnostics) -> Import:
    """Return the files with what was given, as far as nothing forbids to write."""
    texts: dict[str, str] = {}
    for folder in now.folders:
        texts |= folder.files.texts
    sheets = _sheets(now, given)
    result = Import(tuple(log), tuple(sheet for _, sheet in sheets), texts)
    if result.failed:
        return result
    editor = YamlEditor(texts)
    for folder, sheet in sheets:
        edit_rows(editor, sheet, folder.path)
    _remove(editor, now, given, log)
    return _finished(now, editor, result, name, log)


def _finished(now: _Now, editor: YamlEditor, result: Import, name: str, log: Diagnostics) -> Import:
    """Return an import with its files in their usual form, none where they do not load."""
    for folder in now.folders:
        drop_fill_marks(editor, folder.files, result.cells)
    after = dict(in_usual_form(result.before, editor.result()))
    result = replace(result, after=after)
    _load(now, result, name, log)
    result = replace(result, findings=tuple(log))
    return replace(result, after={}) if result.failed else result


def _load(now: _Now, result: Import, name: str, log: Diagnostics) -> None:
    """Tell what is wrong with the files of a folder as they would be, if any of them changes."""
    changed = {path.rpartition("/")[0] for path in result.after}
    for folder in now.folders:
        if folder.path in changed:
            loaded(now.files, now.request(folder, name), result, log)


def _remove(editor: YamlEditor, now: _Now, given: _Given, log: Diagnostics) -> None:
    """Take rows out of their lists; X156 for one that has no lines of its own."""
    for key, span in given.removed.items():
        row = now.rows[key][2]
        if not editor.remove_item(row.node or row.cells["value"]):
            log.add(finding("X156", span, key=key.partition("/")[2]))


def _sheets(now: _Now, given: _Given) -> list[tuple[FillFolder, ImportedSheet]]:
    """Return what was given by table, each row once with all its cells."""
    tables: dict[str, list[ImportedRow]] = {}
    for key, cells in given.cells_by_row().items():
        folder, table, row = now.rows[key]
        imported = ImportedRow(SheetRow(0, "item", row.name), row, "", tuple(cells))
        tables.setdefault(f"{folder.report}/+{table.key}", []).append(imported)
    for key, new_rows in given.new_rows.items():
        tables.setdefault(key, []).extend(new_rows)
    sheets: list[tuple[FillFolder, ImportedSheet]] = []
    for key, rows in tables.items():
        folder, table = now.lists[key]
        sheets.append((folder, ImportedSheet(table.title, table, tuple(rows))))
    return sheets


class _BookReader:
    """Reads one workbook: what somebody changed in it goes to `given`, the rest to the log."""

    def __init__(self, book: ReturnedBook, now: _Now, given: _Given, log: Diagnostics) -> None:
        self.book = book
        self.now = now
        self.given = given
        self.log = log

    def read(self) -> None:
        """Read every sheet."""
        for sheet in self.book.sheets:
            readers: dict[str, CellReader] = {}
            for line in sheet.lines():
                self._read_line(line, readers)
            for reader in readers.values():
                self.log.extend(reader.findings)
        for keys in self.book.missing():
            self._tell_missing(keys)

    def _read_line(self, line: ReturnedLine, readers: dict[str, CellReader]) -> None:
        """Read a row: one to be added, one that is there, or one that is there no more (X153)."""
        if line.is_new:
            self._read_new(line)
        elif line.key in self.now.rows:
            self._read_row(line, readers)
        elif self.book.changes(line):
            self.log.add(finding("X153", line.span, key=line.plain_key))

    def _tell_missing(self, keys: list[str]) -> None:
        """Tell of rows that were written and did not come back: they are kept (X154)."""
        names = [self.now.name_of(key) for key in keys]
        shown = "、".join(names[:_MOST_NAMES])
        if len(names) > _MOST_NAMES:
            shown += "……"
        self.log.add(finding("X154", self.book.span, names=shown, count=len(keys)))

    def _read_row(self, line: ReturnedLine, readers: dict[str, CellReader]) -> None:
        """Read a row that is there: what was typed in it, and whether it is to go."""
        for name in self.book.locked_changes(line):
            self.log.add(finding("X157", line.cell(name).span))
        if self.book.is_out_of_step(line):
            self.log.add(finding("X155", line.span, key=line.plain_key))
        elif self._is_to_go(line):
            self._remove(line)
        else:
            for name in self.book.changes(line):
                self._read_cell(line, name, self._reader(line, readers))

    def _reader(self, line: ReturnedLine, readers: dict[str, CellReader]) -> CellReader:
        """Return what reads the cells of a row, one for each table of a sheet."""
        folder, table, _ = self.now.rows[line.key]
        if table.key not in readers:
            match = _match(line.sheet, table)
            readers[table.key] = CellReader(match, self.now.terms(folder))
        return readers[table.key]

    def _read_cell(self, line: ReturnedLine, name: str, reader: CellReader) -> None:
        """Read a cell that was changed, unless it is merged with others."""
        cell = line.cell(name)
        if cell.merged is not None:
            self.log.add(finding("X111", cell.span, column=name))
            return
        base, _, symbol = self.book.record.values[line.key, name]
        row = self.now.rows[line.key][2]
        read = reader.read_field(line.row, name, row, find_unit(symbol or "?"))
        if read is not None and read.result in {"changed", "added"}:
            problem = self._conflict(read, base, row, name) or self._other(line.key, name, read)
            self._give((line.key, name), read, problem)

    def _give(self, key: tuple[str, str], read: ImportedCell, problem: Finding | None) -> None:
        """Note what a cell gives, or why it cannot be taken."""
        if problem is not None:
            self.log.add(problem)
        elif read.yaml or read.old:
            self.given.cells.setdefault(key, read)

    def _conflict(self, read: ImportedCell, base: str, row: YearRow, name: str) -> Finding | None:
        """Return that the file has got another value since the workbook was written (X152)."""
        now = " ".join(row.text(name).split())
        if now in {base, read.new}:
            return None
        told = _changed_meanwhile(read.span, read.key, base, now, read.new)
        if name in row.cells:
            place = RelatedLocation(row.cells[name].span, "now")
            told = replace(told, places=(*told.places, place))
        return told

    def _other(self, key: str, name: str, read: ImportedCell) -> Finding | None:
        """Return that another workbook gives another value, or takes the row out (X142)."""
        other = self.given.cells.get((key, name))
        if key in self.given.removed:
            other = replace(read, span=self.given.removed[key], new=DELETED, yaml=DELETED)
        if other is None or other.yaml == read.yaml:
            return None
        return _two_values(read.span, read.key, read.new, other)

    # Rows that go

    def _is_to_go(self, line: ReturnedLine) -> bool:
        """Return whether a row is marked to be taken out; X158 for any other mark."""
        if not line.has(TO_DELETE):
            return False
        cell = line.cell(TO_DELETE)
        if cell.text.strip() and cell.label != DELETED:
            self.log.add(finding("X158", cell.span, text=cell.text))
        return cell.label == DELETED

    def _remove(self, line: ReturnedLine) -> None:
        """Note that a row goes, unless its values are not those that were written."""
        problem = self._changed_since(line) or self._given_in(line)
        if problem is not None:
            self.log.add(problem)
        self.given.removed.setdefault(line.key, line.cell(TO_DELETE).span)

    def _changed_since(self, line: ReturnedLine) -> Finding | None:
        """Return that a row to be taken out is not as it was written (X152)."""
        row = self.now.rows[line.key][2]
        for name in line.fields:
            now = " ".join(row.text(name).split())
            base = self.book.record.values.get((line.key, name), (now, "", ""))[0]
            if now != base:
                span = line.cell(TO_DELETE).span
                return _changed_meanwhile(span, f"{row.key}.{name}", base, now, DELETED)
        return None

    def _given_in(self, line: ReturnedLine) -> Finding | None:
        """Return that another workbook gives a value for a row to be taken out (X142)."""
        for (key, _), cell in self.given.cells.items():
            if key == line.key:
                return _two_values(line.cell(TO_DELETE).span, cell.key, DELETED, cell)
        return None

    # Rows to be added

    def _read_new(self, line: ReturnedLine) -> None:
        """Read a row that was added, if anything was typed in it."""
        key = line.key or line.sheet.list_key
        if not line.is_typed:
            return
        if key not in self.now.lists:
            self.log.add(finding("X159", line.span))
            return
        table = self.now.lists[key][1]
        rows = self.given.new_rows.setdefault(key, [])
        row = self._new_row(line, key, rows)
        if row is None or _values(row) in map(_values, rows):
            return
        if normalized(_name_of(row)) in _names_taken(table, rows):
            self.log.add(finding("X160", line.span, name=_name_of(row)))
            return
        rows.append(row)

    def _new_row(self, line: ReturnedLine, key: str, rows: list[ImportedRow]) -> ImportedRow | None:
        """Return what a row adds to a list, None for what is refused."""
        folder, table = self.now.lists[key]
        ids = {row.id for row in table.rows} | {row.id for row in rows}
        importer = RowImporter(_match(line.sheet, table), self.now.terms(folder), self.log, ids)
        typed_id = line.cell("id").text.strip() if line.has("id") else ""
        row = importer.new_row(line.row, typed_id)
        self.log.extend(importer.cells.findings)
        return row


def _names_taken(table: YearTable, rows: Iterable[ImportedRow]) -> set[str]:
    """Return the names of the rows that there are, and of those to be added."""
    names = {normalized(row.name) for row in table.rows if "name" in row.cells}
    names |= {normalized(_name_of(row)) for row in rows}
    return names - {""}


def _changed_meanwhile(span: SourceSpan, key: str, base: str, now: str, value: str) -> Finding:
    """Return that a file has got another value since the workbook was written (X152)."""
    shown = (base or "—", now or "—", value or "—")
    return finding("X152", span, key=key, base=shown[0], now=shown[1], value=shown[2])


def _two_values(span: SourceSpan, key: str, value: str, other: ImportedCell) -> Finding:
    """Return that another cell gives another value (X142)."""
    place = RelatedLocation(other.span, "first")
    return finding("X142", span, place, key=key, value=value or "—", other=other.new or "—")


def _values(row: ImportedRow) -> list[tuple[str, str]]:
    """Return what a new row holds, by field."""
    return [(cell.field, cell.yaml) for cell in row.cells]


def _name_of(row: ImportedRow) -> str:
    """Return the name of a new row, empty where it has none."""
    return next((cell.new for cell in row.cells if cell.field == "name"), "")


def _match(sheet: ReturnedSheet, table: YearTable) -> TableMatch:
    """Return a sheet that came back with its table, whose columns it knows."""
    columns: dict[str, HeaderColumn] = {}
    for name, index in sheet.fields.items():
        if name[0].isalpha():
            columns[name] = HeaderColumn(index, name, table.title_of(name))
    header = Header(sheet.row, sheet.row + 2, columns)
    return TableMatch(sheet.sheet, table, header, frozenset(), ())
