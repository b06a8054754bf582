"""Workbooks as bureaus make them, and what an import of one comes to in the small project."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from reportgen.features.spreadsheet.grid import EXPORT_CATEGORY, Sheet
from reportgen.features.spreadsheet.importing import Import, plan
from reportgen.features.spreadsheet.matching import Request
from reportgen.features.spreadsheet.orientation import TableMatch
from reportgen.features.spreadsheet.sheet_files import read_sheets
from reportgen.features.spreadsheet.structure import HeaderSearch, find_header
from reportgen.features.spreadsheet.tables import ImportTerms, YearTable
from reportgen.features.spreadsheet.year_tables import YearFiles, tables_of
from reportgen.findings import Diagnostics
from reportgen.load.schema import Year
from reportgen.model.units import find_unit
from reportgen.project.yaml_reader import read_yaml
from small_project import UNIT, YEAR, SmallProject

HEAD = ("序号", "项目名称", "年初预算数", "决算数")
FUNDS = f"data/{UNIT}/{YEAR}/funds.yaml"
ACCOUNTS = f"data/{UNIT}/{YEAR}/accounts.yaml"
FACTS = f"data/{UNIT}/{YEAR}/facts.yaml"


def book(*rows: Iterable[Any], title: str = "Sheet1") -> Workbook:
    """Return a workbook of one sheet with `rows`."""
    made = Workbook()
    made.active.title = title
    for row in rows:
        made.active.append(list(row))
    return made


def sheet(made: Workbook) -> Worksheet:
    return made.active


def data(made: Workbook) -> bytes:
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def with_values(made: Workbook, **values: str) -> bytes:
    """Return the workbook with results stored beside its formulas, as Excel stores them."""
    import zipfile

    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data(made))) as old, zipfile.ZipFile(packed, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                for cell, value in values.items():
                    start = text.index(f'<c r="{cell}"'.encode())
                    end = text.index(b"</c>", start)
                    filled = text[start:end].replace(b"<v />", f"<v>{value}</v>".encode())
                    filled = filled.replace(b"<v></v>", f"<v>{value}</v>".encode())
                    filled = filled.replace(b"<v/>", f"<v>{value}</v>".encode())
                    text = text[:start] + filled + text[end:]
            new.writestr(name, text)
    return packed.getvalue()


def imported(project: SmallProject, made: Workbook | bytes, **options: Any) -> Import:
    """Return what an import of `made` would do, amounts without unit in 万元."""
    options.setdefault("amount_unit", find_unit("万元"))
    raw = made if isinstance(made, bytes) else data(made)
    name = options.pop("name", "表.xlsx")
    return plan(project.files, Request(name, raw, UNIT, YEAR, **options))


def told(result: Import) -> list[tuple[str, str]]:
    """Return code and cell of each finding."""
    return [(f.code, f.span.path.partition("[")[2].rstrip("]")) for f in result.findings]


def changes(result: Import) -> dict[str, tuple[str, str]]:
    """Return old and new text by key for what is changed or added."""
    return {c.key: (c.old, c.new) for c in result.cells if c.result in {"changed", "added"}}


def grid_of(*rows: Iterable[Any], exported: bool = False, merged: str = "") -> Sheet:
    """Return a sheet with `rows` as it is read from a workbook, `merged` a range in it."""
    made = book(*rows)
    if merged:
        made.active.merge_cells(merged)
    if exported:
        made.properties.category = EXPORT_CATEGORY
    (read,) = read_sheets("表.xlsx", data(made), Diagnostics())
    return read


def match_of(read: Sheet, table: YearTable, log: Diagnostics) -> TableMatch:
    """Return a sheet with the table that it is imported into."""
    header = find_header(read, HeaderSearch(table, 2023, {}), log)
    return TableMatch(read, table, header, frozenset(), ())


TERMS = ImportTerms(amount_unit=find_unit("万元"))


def table_of(text: str, key: str) -> YearTable:
    """Return a table of the year whose only file holds `text`."""
    root = read_yaml("a.yaml", text)[0]
    year = YearFiles({"a.yaml": text}, {"a.yaml": root})
    return next(table for table in tables_of(Year, year) if table.key == key)
