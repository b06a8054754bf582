"""Workbooks to fill in, found and filled by their hidden keys as a person finds them by labels."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from openpyxl import load_workbook
from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from reportgen.features.spreadsheet.fill_import import plan_filled
from reportgen.features.spreadsheet.filling import fill_book
from reportgen.features.spreadsheet.importing import Import, save
from reportgen.findings import Diagnostics
from reportgen.project.layout import reports
from reportgen.project.source_files import SourceFiles

Key = tuple[str, str]
"""The hidden key of a row, and the hidden name of a column."""


def exported(root: Path, unit: str, year: int, office: str = "") -> bytes:
    """Return the workbook of a year, which must be written."""
    files, log = SourceFiles(root), Diagnostics()
    data = fill_book(files, unit, year, reports(files, unit, year), office, log)
    assert data is not None, list(log)
    return data


@dataclass
class FillIn:
    """A workbook that a person fills in."""

    data: bytes
    book: Any = field(init=False)

    def __post_init__(self) -> None:
        self.book = load_workbook(io.BytesIO(self.data))

    @property
    def sheets(self) -> list[Worksheet]:
        return [sheet for sheet in self.book.worksheets if sheet["A3"].value == "reportgen"]

    def keys(self, sheet: Worksheet) -> Iterator[tuple[Key, Cell]]:
        """Yield the cells of rows with a key, by that and by the name of their column."""
        names = {cell.column: cell.value for cell in sheet[3][1:] if cell.value}
        for row in sheet.iter_rows(min_row=5):
            key = row[0].value
            for cell in row[1:] if key not in {None, "#"} else ():
                if cell.column in names:
                    yield (key, names[cell.column]), cell

    def cells(self) -> dict[Key, Cell]:
        """Return the cells of the rows that are there."""
        found: dict[Key, Cell] = {}
        for sheet in self.sheets:
            found |= {key: cell for key, cell in self.keys(sheet) if "/+" not in key[0]}
        return found

    def open_cells(self) -> dict[Key, Cell]:
        """Return the cells of those that may be typed over, but for the marks of rows to go."""
        return {
            key: cell
            for key, cell in self.cells().items()
            if not cell.protection.locked and key[1] != "-"
        }

    def new_row(self, list_key: str, **values: object) -> int:
        """Fill in the first open row of a list, and return its number."""
        for sheet in self.sheets:
            rows: dict[int, dict[str, Cell]] = {}
            for (key, name), cell in self.keys(sheet):
                if key == list_key:
                    rows.setdefault(cell.row, {})[name] = cell
            for number, cells in rows.items():
                if not any(cell.value for cell in cells.values() if not cell.protection.locked):
                    for name, value in values.items():
                        cells[name].value = value
                    return number
        raise AssertionError(list_key)

    def put(self, key: str, name: str, value: object) -> Cell:
        cell = self.cells()[key, name]
        cell.value = value
        return cell

    def saved(self) -> bytes:
        packed = io.BytesIO()
        self.book.save(packed)
        return packed.getvalue()


def taken(root: Path, *books: bytes | FillIn, keep: bool = False) -> Import:
    """Return what taking back workbooks would do, named 甲.xlsx and so on; `keep` does it."""
    datas = [book.saved() if isinstance(book, FillIn) else book for book in books]
    pairs = list(zip(("甲.xlsx", "乙.xlsx", "丙.xlsx"), datas, strict=False))
    result = plan_filled(SourceFiles(root), pairs, "", 0)
    if keep:
        assert not result.failed, [(each.code, each.span, each.params) for each in result.findings]
        save(SourceFiles(root), result)
    return result


def told(result: Import) -> list[tuple[str, str]]:
    """Return the code and the place of each finding."""
    return [(each.code, each.span.path) for each in result.findings]


def values(root: Path, folder: str) -> dict[str, str]:
    """Return every text in the YAML of a folder by its path there, as YAML itself reads it."""
    found: dict[str, str] = {}
    for path in sorted((root / folder).rglob("*.yaml")):
        tree = yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader)
        found |= {f"{path.parent.name}/{key}": text for key, text in _texts("", tree)}
    return found


def _texts(key: str, tree: object) -> Iterator[tuple[str, str]]:
    if isinstance(tree, dict):
        for name, value in tree.items():
            is_group = not key and name in {"facts", "tables"}
            yield from _texts("" if is_group else f"{key}.{name}".lstrip("."), value)
    elif isinstance(tree, list):
        for number, value in enumerate(tree, 1):
            own = value.get("id", str(number)) if isinstance(value, dict) else str(number)
            yield from _texts(f"{key}.{own}", value)
    else:
        yield key, str(tree or "")


def tree_of(root: Path) -> dict[str, bytes]:
    """Return every file of the data, byte for byte."""
    files = sorted((root / "data").rglob("*"))
    return {str(path): path.read_bytes() for path in files if path.is_file()}
