"""Writes what an imported sheet gives into the YAML of its table: values, rows, sections.

Nothing else of the files changes; new rows and keys are written in the style of their neighbours.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from collections.abc import Mapping as Mappings

from reportgen.features.spreadsheet.cells import ImportedCell
from reportgen.features.spreadsheet.rows import ImportedRow, ImportedSheet
from reportgen.features.spreadsheet.tables import YearRow, YearTable
from reportgen.features.spreadsheet.year_tables import YearFiles
from reportgen.load.groups import KeyGroup, bare, fields_of, is_model
from reportgen.load.schema import Year
from reportgen.load.unconfirmed import FILL
from reportgen.model.source import SourceSpan
from reportgen.project.yaml_editor import KeyText, YamlEditor, yaml_text
from reportgen.project.yaml_nodes import Mapping, Scalar, walk

_FILL_MARK = re.compile(
    rf"(?P<margin>\s*)(?P<sign># *)(?P<before>[^#\n]*?)[ 、]?{FILL}(?!写)"
    r"(?:（[^）]*）)?、?(?P<after>[^\n]*)$"
)
"""The comment at the end of a line that says that something is to be filled in."""


def edit_rows(editor: YamlEditor, sheet: ImportedSheet, folder: str) -> None:
    """Make the edits that an imported sheet asks for; `folder` is that of the year."""
    absent = _edit_present_rows(editor, sheet)
    _add_rows(editor, sheet, folder)
    sections = _add_lines(editor, sheet.table, absent)
    for section in dict.fromkeys(map(_section_of, sections)):
        editor.append(f"{folder}/{section}.yaml", _section_text(section, sections))


def drop_fill_marks(editor: YamlEditor, year: YearFiles, cells: Iterable[ImportedCell]) -> None:
    """Take 待填 out of the comments of lines in which nothing is blank any longer."""
    written = [cell for cell in cells if cell.result in {"changed", "added"} and cell.yaml]
    filled = set(filter(None, map(_place_filled, written)))
    for path, root in year.roots.items():
        lines = {span.line for span in filled if span.path == path}
        for line in lines - set(_blank_lines(root, filled)):
            _drop_fill_mark(editor, path, line, year.texts[path])


def _place_filled(cell: ImportedCell) -> SourceSpan | None:
    """Return where a value is written: in the place of one that stands there, or in its group."""
    row = cell.row
    if row is None:
        return None
    if cell.field in row.cells:
        return row.cells[cell.field].span
    return row.node.span if row.node is not None else None


def _blank_lines(root: Mapping, filled: set[SourceSpan]) -> Iterator[int]:
    """Yield the lines of a file in which a value is blank and stays so."""
    for node in walk(root):
        if isinstance(node, Scalar) and node.blank and node.span not in filled:
            yield node.span.line


def _drop_fill_mark(editor: YamlEditor, path: str, line: int, text: str) -> None:
    """Take 待填 out of the comment of a line, and a comment that says nothing else with it."""
    written = text.split("\n")[line - 1]
    match = _FILL_MARK.search(written)
    if match is not None:
        rest = match["before"] + match["after"]
        kept = f"{match['margin']}{match['sign']}{rest}".rstrip() if rest.strip() else ""
        editor.replace(SourceSpan(path, line, match.start() + 1, line, match.end() + 1), kept)


def _add_lines(
    editor: YamlEditor, table: YearTable, absent: Mappings[str, list[KeyText]]
) -> dict[str, list[KeyText]]:
    """Add the lines whose section is there; return those for which there is no section yet."""
    sections = {row.key: row.section for row in table.rows if row.section is not None}
    rest: dict[str, list[KeyText]] = {}
    for key, keys in absent.items():
        if key in sections:
            order = tuple(fields_of(_model_of(_section_of(key))))
            line = (key.rpartition(".")[2], _in_braces(keys))
            editor.add_keys(sections[key], [line], order)
        else:
            rest[key] = keys
    return rest


def _section_of(key: str) -> str:
    return key.partition(".")[0]


def _model_of(section: str) -> type[KeyGroup]:
    """Return what the schema says of a section of budget lines."""
    model = bare(fields_of(Year)[section].annotation)
    assert is_model(model)
    return model


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
    node = sheet.table.node
    if node is not None and new_rows and (not node.items or sheet.table.order == ("value",)):
        editor.add_items(node, [_item_text(sheet.table, row) for row in new_rows])
        return
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


def _item_text(table: YearTable, row: ImportedRow) -> str:
    """Return a new row as an item of its list: a group in braces, or a text alone."""
    if table.order == ("value",):
        return row.cells[0].yaml
    return _in_braces(_keys_of(table, row))


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
    rows = [f"{section}:"]
    for name, info in fields_of(_model_of(section)).items():
        keys = lines.get(f"{section}.{name}")
        if keys:
            rows.append(f"  {name}: {_in_braces(keys)}")
        elif info.required:
            rows.append(f"  {name}: {{outturn: }}")
    return "\n".join(rows) + "\n"


def _in_braces(keys: Iterable[KeyText]) -> str:
    return "{" + ", ".join(f"{key}: {text}" for key, text in keys) + "}"
