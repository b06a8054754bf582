"""Writes what a sheet gave into the YAML of the year, in the style of its neighbours."""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.features.spreadsheet.cells import Taken
from reportgen.features.spreadsheet.intake import Intake, TakenRow
from reportgen.features.spreadsheet.targets import Target
from reportgen.features.spreadsheet.values import quoted
from reportgen.load.schema import Year
from reportgen.load.shape import bare, is_model
from reportgen.project.yaml_editor import YamlEditor


def write_rows(pages: YamlEditor, intake: Intake, base: str) -> None:
    """Note in `pages` the edits that `intake` asks for; `base` is the folder of the year."""
    target = intake.target
    new = [row for row in intake.rows if row.entry is None]
    absent: list[Taken] = []
    for row in intake.rows:
        _change(pages, target, row, absent)
    for number, row in enumerate(new):
        _add(pages, target, row, number, base)
    _add_lines(pages, absent, base)


def _change(pages: YamlEditor, target: Target, row: TakenRow, absent: list[Taken]) -> None:
    """Change the values of a row, add those it has no keys for; `absent` gets those of no row."""
    if row.entry is None:
        return
    keys: list[tuple[str, str]] = []
    for cell in row.cells:
        if cell.entry is None or cell.result not in {"changed", "added"}:
            continue
        old = cell.entry.cells.get(cell.field)
        if old is not None:
            pages.set_value(old, cell.text)
        elif row.entry.node is not None:
            keys.append((cell.field, cell.text))
        else:
            absent.append(cell)
    if row.entry.node is not None:
        pages.add_keys(row.entry.node, keys, target.order)


def _pairs(target: Target, row: TakenRow) -> Iterator[tuple[str, str]]:
    cells = {cell.field: cell.text for cell in row.cells if cell.text}
    if row.id:
        yield "id", quoted(row.id)
    for name in target.order:
        if name in cells and name != "id":
            yield name, cells[name]


def _add(pages: YamlEditor, target: Target, row: TakenRow, number: int, base: str) -> None:
    """Add a new row: below the last one of its category, or at the end of the list."""
    pairs = list(_pairs(target, row))
    category = next((cell.new for cell in row.cells if cell.field == "category"), "")
    like = [e for e in target.entries if e.node and e.text("category") == category]
    rows = [e for e in target.entries if e.node]
    after = (like or rows)[-1:] if category else rows[-1:]
    if after:
        node = after[0].node
        assert node is not None
        pages.add_row(node, pairs)
        return
    inner = ", ".join(f"{key}: {text}" for key, text in pairs)
    first = number == 0 and target.home is None
    path = target.path or f"{base}/{target.key}.yaml"
    head = f"{target.key}:\n" if first else ""
    pages.append(path, f"{head}  - {{{inner}}}\n")


def _add_lines(pages: YamlEditor, cells: list[Taken], base: str) -> None:
    """Add budget lines whose section, or whose line in it, is not in the files yet."""
    lines: dict[str, list[str]] = {}
    for cell in cells:
        assert cell.entry is not None
        lines.setdefault(cell.entry.id, []).append(f"{cell.field}: {cell.text}")
    for section in dict.fromkeys(key.partition(".")[0] for key in lines):
        texts = {key: "{" + ", ".join(given) + "}" for key, given in lines.items()}
        pages.append(f"{base}/{section}.yaml", _section(section, texts))


def _section(section: str, texts: dict[str, str]) -> str:
    """Return the YAML of a whole section, the lines that it must have left blank."""
    if section in texts:
        return f"{section}: {texts[section]}\n"
    model = bare(Year.model_fields[section].annotation)
    assert is_model(model)
    rows = [f"{section}:"]
    for name, info in model.model_fields.items():
        key = f"{section}.{name}"
        if key in texts or info.is_required():
            rows.append(f"  {name}: {texts.get(key, '{outturn: }')}")
    return "\n".join(rows) + "\n"
