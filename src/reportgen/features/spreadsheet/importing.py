"""Import: from a spreadsheet to changed YAML files that load without error, or to findings.

`plan` says what would change, `save` writes it. Each sheet is matched to the table whose fields
and rows it names; what it gives is written in the style of its neighbours in the files.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from collections.abc import Mapping as Mappings
from dataclasses import replace

from reportgen.features.spreadsheet.grid import Sheet, SheetCell, normalized, read_sheets
from reportgen.features.spreadsheet.request import Import, Request
from reportgen.features.spreadsheet.rows import ImportedSheet, edit_rows, import_rows
from reportgen.features.spreadsheet.structure import Header, HeaderSearch, find_header, read_rows
from reportgen.features.spreadsheet.tables import YearTable, own_tables, read_year, year_tables
from reportgen.findings import Diagnostics, Finding, blocks, finding
from reportgen.findings.renderers import message
from reportgen.load.confirmations import CONFIRMATIONS, Statement, with_confirmation
from reportgen.load.flatten import flatten
from reportgen.load.reading import read_model
from reportgen.model.figures import Facts
from reportgen.model.frozen import frozen
from reportgen.model.quantity import Quantity
from reportgen.model.source import NOWHERE
from reportgen.project.saving import save_texts
from reportgen.project.source_files import EditedFiles, SourceFiles
from reportgen.project.yaml_editor import YamlEditor


def plan(files: SourceFiles, request: Request) -> Import:
    """Return what an import would do, with findings (X1xx, and those of reading the year)."""
    reading = Diagnostics()
    year = read_year(files, request.folder, request.model, reading)
    sheets = read_sheets(request.name, request.data, reading)
    if reading.blocked:
        return Import(tuple(reading))
    log = Diagnostics()  # without the warnings about the year, which `check` shows
    tables = own_tables(year) if request.report else year_tables(year)
    matches = _SheetMatcher(sheets, tables, request, log).matches()
    imported = _imported(matches, request, log)
    if blocks(log):
        return Import(tuple(log), imported)
    editor = YamlEditor(year.texts)
    for sheet in imported.values():
        edit_rows(editor, sheet, request.folder)
    after = editor.result()
    facts = _loaded(files, request, after, log)
    if blocks(log):
        return Import(tuple(log), imported)
    result = Import(tuple(log), imported, year.texts, after)
    return _with_evidence(files, request, result, facts) if request.office and facts else result


def _imported(
    matches: Iterable[_Match], request: Request, log: Diagnostics
) -> dict[str, ImportedSheet]:
    """Return what each sheet gives to its table, by its name."""
    imported: dict[str, ImportedSheet] = {}
    for match in matches:
        rows = import_rows(match.sheet, match.header, match.table, log, hidden=request.hidden)
        imported[match.sheet.name] = rows
    return imported


def save(files: SourceFiles, result: Import) -> tuple[str, ...]:
    """Write the changed files, all or none, and return their paths; raises OSError."""
    save_texts(files.root, result.after, result.evidence)
    return tuple(sorted([*result.after, *result.evidence]))


def _with_evidence(files: SourceFiles, request: Request, result: Import, facts: Facts) -> Import:
    """Return an import that keeps its file, on which an office confirms what the file gives.

    X129 is another file of that name that is kept already.
    """
    kept_as = f"evidence/{request.name}"
    path = f"{request.year_folder}/{kept_as}"
    digest = hashlib.sha256(request.data).hexdigest()
    if files.sha256(path) not in {"", digest}:
        kept = finding("X129", request.span, path=path)
        return replace(result, findings=(*result.findings, kept), after={})
    values = _imported_values(result, facts)
    if not values:
        return result
    said = f"{request.name}（{'、'.join(result.sheets)}）"
    stated = Statement(request.office, said, kept_as, digest)
    home = f"{request.folder}/{CONFIRMATIONS}"
    text = with_confirmation(home, result.before.get(home, ""), stated, values)
    return replace(result, after={**result.after, home: text}, evidence={path: request.data})


def _imported_values(result: Import, facts: Facts) -> dict[str, str]:
    """Return the numbers that an import gave or found, by the keys of their facts."""
    values: dict[str, str] = {}
    for cell in result.cells:
        fact = facts.facts.get(_fact_key(cell.key)) if cell.result != "kept" else None
        if fact is not None and isinstance(fact.value, Quantity):
            values[fact.key] = fact.value.text
    return values


def _fact_key(key: str) -> str:
    """Return the key of the fact that an imported cell is for, of own tables and of facts too."""
    return key.removeprefix("tables.").removesuffix(".value")


def _loaded(
    files: SourceFiles, request: Request, after: Mappings[str, str], log: Diagnostics
) -> Facts | None:
    """Return the facts of the changed files; the log gets X124 for each error in them."""
    edited, loading = EditedFiles(files.root, edits=after), Diagnostics()
    value = read_model(edited, edited.names(request.folder, ".yaml"), request.model, loading)
    facts = None if value is None else flatten(value, 0, "", NOWHERE, loading)
    for error in loading:
        if error.severity == "error":
            detail = f"{error.span}: {error.code} {message(error, 'zh')}"
            log.add(finding("X124", request.span, detail=detail))
    return facts


# Which sheet goes into which table


@frozen
class _Match:
    """A sheet with the table that it is about; `known` of its rows stand in the table already."""

    sheet: Sheet
    table: YearTable
    header: Header
    known: int
    findings: tuple[Finding, ...]

    @property
    def score(self) -> tuple[int, int]:
        """Return what says how well they match: rows known, then fields."""
        return self.known, len(self.header.columns)

    @property
    def is_certain(self) -> bool:
        """Return whether they match where nobody said so."""
        return self.known > 0 or len(self.header.columns) > 2


class _SheetMatcher:
    """Matches the sheets of a file to the tables of a year, where the request leaves it open."""

    def __init__(
        self,
        sheets: tuple[Sheet, ...],
        tables: tuple[YearTable, ...],
        request: Request,
        log: Diagnostics,
    ) -> None:
        self.sheets = sheets
        self.request = request
        self.log = log
        self._known_tables = "、".join(table.key for table in tables)
        self._known_sheets = "、".join(sheet.name for sheet in sheets)
        self._tables = _tables_asked_for(tables, request.into)

    def matches(self) -> list[_Match]:
        """Return the sheets that are imported, each with its table."""
        if not self._has_what_is_asked_for():
            return []
        log = Diagnostics()
        matches: list[_Match] = []
        for sheet in self._considered(log):
            match = self._match(sheet, log)
            if match is not None:
                log.extend(match.findings)
                matches.append(match)
        repeated = _of_one_table(matches)
        if repeated:
            names = "、".join(repeated)
            self.log.add(finding("X107", self.request.span, sheet=names, known=self._known_sheets))
            return []
        if matches:
            self.log.extend(log)
        else:
            self._add_nothing_known(log)
        return matches

    def _add_nothing_known(self, log: Diagnostics) -> None:
        """Add why no sheet is imported; that one is about nothing known then says nothing new."""
        self.log.extend(problem for problem in log if problem.code != "X128")
        if not log.blocked:
            code = "X106" if any(sheet.rows for sheet in self.sheets) else "X105"
            self.log.add(finding(code, self.request.span, known=self._known_tables))

    def _has_what_is_asked_for(self) -> bool:
        """Return whether there are the table (X108) and the sheet (X107) that the request names."""
        request = self.request
        if not self._tables:
            self.log.add(
                finding("X108", request.span, target=request.into, known=self._known_tables)
            )
            return False
        if request.sheet and request.sheet not in {sheet.name for sheet in self.sheets}:
            self.log.add(
                finding("X107", request.span, sheet=request.sheet, known=self._known_sheets)
            )
            return False
        return True

    def _considered(self, log: Diagnostics) -> Iterator[Sheet]:
        """Yield the sheets that may be imported, with findings about the others."""
        request = self.request
        is_any_named = any(self._tables_named(sheet) for sheet in self.sheets)
        for sheet in self.sheets:
            problem = None if request.sheet else self._why_not(sheet, is_any_named=is_any_named)
            if problem is not None:
                log.add(problem)
            elif request.sheet in {"", sheet.name}:
                yield sheet

    def _why_not(self, sheet: Sheet, *, is_any_named: bool) -> Finding | None:
        """Return why a sheet that nobody asked for is not imported."""
        if is_any_named and not self._tables_named(sheet):
            # A workbook of ours: what is not called after a table repeats or explains one.
            return finding("X128", sheet.span)
        if sheet.hidden and not self.request.hidden:
            return finding("X120", sheet.span, label=sheet.name)
        return None

    def _tables_named(self, sheet: Sheet) -> tuple[YearTable, ...]:
        name = normalized(sheet.name)
        return tuple(t for t in self._tables if name in {normalized(t.title), t.key})

    def _match(self, sheet: Sheet, log: Diagnostics) -> _Match | None:
        """Return what a sheet is about: by its name, else by the most rows and fields known."""
        if sheet.is_empty:
            if self.request.sheet:
                log.add(finding("X105", sheet.span, known="—"))
            return None
        named = self._tables_named(sheet)
        best = _best(self._candidates(sheet, named))
        if not (named or self.request.into):
            best = [match for match in best if match.is_certain]
        return _only(sheet, best, log)

    def _candidates(self, sheet: Sheet, named: tuple[YearTable, ...]) -> Iterator[_Match]:
        request = self.request
        # Any sheet of names and numbers would do as facts; that has to be asked for.
        is_open = not (named or request.into)
        for table in named or self._tables:
            match = None if is_open and table.key == "facts" else _match(sheet, table, request)
            if match is not None:
                yield match


def _match(sheet: Sheet, table: YearTable, request: Request) -> _Match | None:
    """Return a sheet with a table, None where it has no header of that."""
    log = Diagnostics()
    search = HeaderSearch(table, request.year, request.named, hidden=request.hidden)
    header = find_header(sheet, search, log)
    if header is None:
        return None
    known = _known_rows(sheet, header, table, hidden=request.hidden)
    return _Match(sheet, table, header, known, tuple(log))


def _tables_asked_for(tables: tuple[YearTable, ...], into: str) -> tuple[YearTable, ...]:
    """Return the tables that a sheet may go into; one of the author's own is known by its name."""
    if not into:
        return tables
    by_key = {table.key: table for table in tables}
    table = by_key.get(into) or by_key.get(f"tables.{into}")
    return (table,) if table else ()


def _only(sheet: Sheet, matches: list[_Match], log: Diagnostics) -> _Match | None:
    """Return the one match of a sheet; X128 for none, X108 for several."""
    if not matches:
        log.add(finding("X128", sheet.span))
    elif len(matches) > 1:
        keys = "、".join(match.table.key for match in matches)
        log.add(finding("X108", sheet.span, target="?", known=keys))
    return matches[0] if len(matches) == 1 else None


def _best(matches: Iterable[_Match]) -> list[_Match]:
    """Return the matches with the highest score."""
    best: list[_Match] = []
    for match in matches:
        if best and match.score < best[0].score:
            continue
        if best and match.score > best[0].score:
            best = []
        best.append(match)
    return best


def _of_one_table(matches: list[_Match]) -> list[str]:
    """Return the names of sheets that are about the same table as another one."""
    keys = [match.table.key for match in matches]
    return [match.sheet.name for match in matches if keys.count(match.table.key) > 1]


def _known_rows(sheet: Sheet, header: Header, table: YearTable, *, hidden: bool) -> int:
    """Return how many rows of `sheet` stand in `table` already."""
    known: set[str] = set()
    for row in table.rows:
        known |= {normalized(row.name), row.key, row.id}
    count = 0
    for line in read_rows(sheet, header, table, hidden=hidden):
        cells = sheet.rows[line.index]
        if line.kind == "item" and _is_known(cells, header, table, known):
            count += 1
    return count


def _is_known(
    cells: tuple[SheetCell, ...], header: Header, table: YearTable, known: set[str]
) -> bool:
    id_cell, name_cell = header.cell(cells, "id"), header.cell(cells, "name")
    name = name_cell.label if name_cell else ""
    key = id_cell.label if id_cell else name
    if key in known or name in known:
        return True
    return not table.id_prefix and bool(table.rows_named(name))
