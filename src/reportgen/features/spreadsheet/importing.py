"""Import: from a spreadsheet or document to YAML files that load without error, or to findings.

`plan` says what would change, `save` writes it. Each sheet is matched to the table whose fields
and rows it names; what it gives is written in the style of its neighbours in the files.
"""

from __future__ import annotations

import difflib
import hashlib
import re
from collections.abc import Iterable, Iterator
from collections.abc import Mapping as Mappings
from dataclasses import field, replace

from reportgen.features.spreadsheet.cells import CellResult, ImportedCell
from reportgen.features.spreadsheet.edits import drop_fill_marks, edit_rows
from reportgen.features.spreadsheet.grid import normalized
from reportgen.features.spreadsheet.matching import Request, SheetMatcher
from reportgen.features.spreadsheet.orientation import TableMatch
from reportgen.features.spreadsheet.rows import ImportedSheet, import_rows
from reportgen.features.spreadsheet.sheet_files import read_sheets
from reportgen.features.spreadsheet.tables import ImportTerms
from reportgen.features.spreadsheet.titles import told_of_titles
from reportgen.features.spreadsheet.year_tables import YearFiles, read_year, tables_of
from reportgen.findings import Diagnostics, Finding, RelatedLocation, blocks, finding
from reportgen.findings.renderers import message
from reportgen.load.confirmations import CONFIRMATIONS, Statement, with_confirmation
from reportgen.load.flatten import flatten
from reportgen.load.formatting import formatted
from reportgen.load.inputs import load
from reportgen.load.reading import read_model
from reportgen.load.schema import ReportingUnit, Year
from reportgen.model.figures import Facts
from reportgen.model.frozen import frozen
from reportgen.model.quantity import Quantity
from reportgen.model.rules import Rules
from reportgen.model.source import NOWHERE, SourceSpan
from reportgen.project.layout import reports
from reportgen.project.saving import save_texts
from reportgen.project.source_files import EditedFiles, SourceFiles
from reportgen.project.yaml_editor import YamlEditor


@frozen
class Import:
    """What became of a request: findings, what each sheet gave, the files that change.

    `evidence` is the file itself by the path where it is kept, where it is.
    """

    findings: tuple[Finding, ...] = ()
    sheets: tuple[ImportedSheet, ...] = ()
    before: Mappings[str, str] = field(default_factory=dict)
    after: Mappings[str, str] = field(default_factory=dict)
    evidence: Mappings[str, bytes] = field(default_factory=dict)

    @property
    def failed(self) -> bool:
        """Return whether an error forbids to write."""
        return blocks(self.findings)

    @property
    def cells(self) -> tuple[ImportedCell, ...]:
        """Return the imported cells of all sheets."""
        cells: list[ImportedCell] = []
        for sheet in self.sheets:
            for row in sheet.rows:
                cells += row.cells
        return tuple(cells)

    @property
    def counts(self) -> Mappings[CellResult, int]:
        """Return how many cells came to each result."""
        counts: dict[CellResult, int] = {"same": 0, "changed": 0, "added": 0, "kept": 0}
        for cell in self.cells:
            counts[cell.result] = counts.get(cell.result, 0) + 1
        return counts

    @property
    def diff(self) -> str:
        """Return the change as a unified diff."""
        lines: list[str] = []
        for path, text in sorted(self.after.items()):
            old = self.before.get(path, "").splitlines(keepends=True)
            new = text.splitlines(keepends=True)
            lines += difflib.unified_diff(old, new, f"a/{path}", f"b/{path}", n=1)
        return "".join(line if line.endswith("\n") else line + "\n" for line in lines)


def plan(files: SourceFiles, request: Request) -> Import:
    """Return what an import would do, with findings (X1xx, and those of reading the year)."""
    reading = Diagnostics()
    year = read_year(files, request.folder, request.model, reading)
    if reading.blocked:
        return Import(tuple(reading))
    read = _read(files, request, year)
    if read.failed:
        return read
    after = _edited(year, read, request.folder)
    result = replace(read, before=year.texts, after=after)
    log = Diagnostics(read.findings)
    facts = loaded(files, request, result, log)
    result = replace(result, findings=tuple(log))
    if result.failed:
        return replace(result, after={})
    return with_evidence(files, request, result, facts) if request.office and facts else result


def _edited(year: YearFiles, read: Import, folder: str) -> dict[str, str]:
    """Return the files of a year by path with what was read put into them."""
    editor = YamlEditor(year.texts)
    for sheet in read.sheets:
        edit_rows(editor, sheet, folder)
    drop_fill_marks(editor, year, read.cells)
    return dict(in_usual_form(year.texts, editor.result()))


def _read(files: SourceFiles, request: Request, year: YearFiles) -> Import:
    """Return what the file gives to the tables of a year, whose own warnings `check` shows."""
    log = Diagnostics()
    sheets = read_sheets(request.name, request.data, log)
    if log.blocked:
        return Import(tuple(log))
    tables = tables_of(request.model, year)
    matches = SheetMatcher(sheets, tables, request, log).matches()
    log.extend(told_of_titles(matches, request.year, _unit_names(files, request.unit)))
    imported = tuple(_imported(matches, terms_of(files, request), log))
    log.extend(_two_values(imported))
    return Import(tuple(each_once(log)), imported)


def _unit_names(files: SourceFiles, unit: str) -> tuple[str, ...]:
    """Return what a unit and what belongs to it are called, its own name first."""
    path = f"data/{unit}/unit.yaml"
    held = read_model(files, [path], ReportingUnit, Diagnostics()) if files.exists(path) else None
    if held is None:
        return ()
    leaves = (held.name, held.label, held.short_name, *held.subordinates)
    return tuple(str(leaf.value) for leaf in leaves if leaf is not None and leaf.value)


def _imported(
    matches: Iterable[TableMatch], terms: ImportTerms, log: Diagnostics
) -> Iterator[ImportedSheet]:
    """Yield what each sheet gives to its table."""
    for match in matches:
        yield import_rows(match, terms, log)


def each_once(log: Iterable[Finding]) -> Iterator[Finding]:
    """Yield findings, of one code and place the first: tables that share a sheet tell the same."""
    told: set[tuple[str, SourceSpan, str]] = set()
    for found in log:
        key = (found.code, found.span, found.params.get("title", ""))
        if key not in told:
            told.add(key)
            yield found


def _two_values(sheets: Iterable[ImportedSheet]) -> Iterator[Finding]:
    """Yield X142 for each value that is given twice, and differently."""
    first: dict[str, ImportedCell] = {}
    for cell in Import(sheets=tuple(sheets)).cells:
        other = first.setdefault(cell.key, cell) if cell.new and cell.row else cell
        if normalized(other.new) != normalized(cell.new):
            place = RelatedLocation(other.span, "first")
            yield finding("X142", cell.span, place, key=cell.key, value=cell.new, other=other.new)


def terms_of(files: SourceFiles, request: Request) -> ImportTerms:
    """Return what holds for a whole import: last year's values, and what is worked out."""
    before = f"data/{request.unit}/{request.year - 1}"
    earlier: dict[str, str] = {}
    for table in tables_of(Year, read_year(files, before, Year, Diagnostics())):
        for row in table.rows:
            earlier |= {f"{row.key}.{name}": row.text(name) for name in row.cells}
    derived = re.compile("|".join(_derived(files, request)) or "(?!)")
    return ImportTerms(request.hidden, request.amount_unit, earlier=earlier, derived=derived)


def _derived(files: SourceFiles, request: Request) -> Iterator[str]:
    """Yield patterns of the keys that the packs of the year's reports work out."""
    names = [request.report] if request.report else reports(files, request.unit, request.year)
    for name in names:
        inputs = load(files, request.unit, request.year, name, Diagnostics())
        if inputs is not None:
            yield from map(_pattern, _worked_out(inputs.rules))


def _worked_out(rules: Rules) -> Iterator[str]:
    """Yield the keys of what rules work out, with `*` for the rows of a table."""
    for metric in rules.metrics:
        yield metric.key
        yield from (f"{metric.key}.{measure}" for measure in metric.each)
    for scoring in rules.scorings:
        yield f"{scoring.row}.score"


def _pattern(key: str) -> str:
    """Return a pattern of a key in which `*` stands for any row."""
    return re.escape(key).replace(re.escape("*"), "[^.]+")


def save(files: SourceFiles, result: Import) -> tuple[str, ...]:
    """Write the changed files, all or none, and return their paths; raises OSError."""
    save_texts(files.root, result.after, result.evidence)
    return tuple(sorted([*result.after, *result.evidence]))


def in_usual_form(
    before: Mappings[str, str], after: Mappings[str, str]
) -> Iterator[tuple[str, str]]:
    """Yield the changed files as `fmt` writes them, if they stood so before."""
    for path, text in after.items():
        old = before.get(path, "")
        is_usual = not old or formatted(path, old, (), Diagnostics()) == old
        yield path, formatted(path, text, (), Diagnostics()) if is_usual else text


def with_evidence(files: SourceFiles, request: Request, result: Import, facts: Facts) -> Import:
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
    names = dict.fromkeys(sheet.name for sheet in result.sheets)
    stated = Statement(request.office, f"{request.name}（{'、'.join(names)}）", kept_as, digest)
    home = f"{request.folder}/{CONFIRMATIONS}"
    text = with_confirmation(home, result.before.get(home, ""), stated, values)
    return replace(result, after={**result.after, home: text}, evidence={path: request.data})


def _imported_values(result: Import, facts: Facts) -> dict[str, str]:
    """Return the numbers that an import gave or found, by the keys of their facts."""
    values: dict[str, str] = {}
    for cell in result.cells:
        is_given = cell.result in {"same", "changed", "added"}
        fact = facts.facts.get(_fact_key(cell.key)) if is_given else None
        if fact is not None and isinstance(fact.value, Quantity):
            values[fact.key] = fact.value.text
    return values


def _fact_key(key: str) -> str:
    """Return the key of the fact that an imported cell is for, of own tables and of facts too."""
    return key.removeprefix("tables.").removesuffix(".value")


def loaded(files: SourceFiles, request: Request, result: Import, log: Diagnostics) -> Facts | None:
    """Return the facts of the changed files; the log gets X124 for each error in them."""
    edited, loading = EditedFiles(files.root, edits=result.after), Diagnostics()
    value = read_model(edited, edited.names(request.folder, ".yaml"), request.model, loading)
    facts = None if value is None else flatten(value, 0, "", NOWHERE, loading)
    for error in loading:
        if error.severity == "error":
            span = _cell_at(error.span, result) or request.span
            log.add(finding("X124", span, detail=f"{error.code} {message(error, 'zh')}"))
    return facts


def _cell_at(place: SourceSpan, result: Import) -> SourceSpan | None:
    """Return the cell that gave what stands at a place of a changed file, None for several."""
    lines = ["", *result.after.get(place.path, "").split("\n")]
    rest = "".join(lines[place.line : place.line + 1])[max(place.column - 1, 0) :]
    written = [cell for cell in result.cells if cell.yaml and cell.result in {"changed", "added"}]
    spans = {cell.span for cell in written if rest.startswith(cell.yaml)}
    return spans.pop() if len(spans) == 1 else None
