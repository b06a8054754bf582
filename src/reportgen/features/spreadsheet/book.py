"""A workbook in the making: cells with style, formulas with the values that they come to.

openpyxl writes formulas without results, so that viewers which do not calculate (and our own
import) would find nothing; the results are put in when the file is packed. No clock, no author.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil
from typing import Any
from xml.sax.saxutils import escape

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from reportgen.features.spreadsheet.grid import EXPORT_CATEGORY, column_letters
from reportgen.findings.excerpt import width as columns_of
from reportgen.model.quantity import Shape, number_text
from reportgen.model.units import Unit

WorkbookValue = Fraction | str | None
"""What a cell shows: a number, a text, nothing."""

_LINE = Side(style="thin", color="808080")
GRID = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
FACE = "宋体"
_FIXED = (1980, 1, 1, 0, 0, 0)
_NAME = re.compile(r"[\[\]:*?/\\']")
_CELL = re.compile(r'<c r="([A-Z]+\d+)"([^>]*)><f>(.*?)</f><v\s*/?>(?:</v>)?</c>', re.DOTALL)
_TIMES = re.compile(r"(<dcterms:(created|modified)[^>]*>)[^<]*")


@dataclass(frozen=True, slots=True)
class CellStyle:
    """How a cell looks."""

    align: str = "left"
    bold: bool = False
    grey: bool = False
    fill: str = ""
    border: bool = True
    size: float = 10.5
    indent: int = 0
    wrap: bool = True


@dataclass(slots=True)
class Book:
    """The workbook; `results` are the values of formulas by sheet and cell."""

    workbook: Workbook = field(default_factory=Workbook)
    results: dict[str, dict[str, WorkbookValue]] = field(default_factory=dict)
    styles: dict[CellStyle, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Begin without a sheet."""
        for sheet in list(self.workbook.worksheets):
            self.workbook.remove(sheet)

    def sheet(self, name: str) -> Worksheet:
        """Return a new sheet, named as Excel allows, once."""
        plain = _NAME.sub(" ", name).strip()[:31] or "Sheet"
        taken = {each.title.lower() for each in self.workbook.worksheets}
        unique, number = plain, 2
        while unique.lower() in taken:
            unique = f"{plain[:27]} {number}"
            number += 1
        sheet: Worksheet = self.workbook.create_sheet(unique)
        return sheet

    def put(
        self,
        sheet: Worksheet,
        row: int,
        column: int,
        value: WorkbookValue,
        look: CellStyle,
        fmt: str = "",
    ) -> None:
        """Write a number or a text; a text stays one, whatever it begins with."""
        cell = self.style(sheet, row, column, look)
        if isinstance(value, Fraction):
            whole = value.denominator == 1 and abs(value) < 10**15
            cell.value = int(value) if whole else float(value)
            cell.number_format = fmt or "General"
        elif value:
            cell.value = value
            cell.data_type = "s"
            if value[:1] in "=+-@":
                cell.quotePrefix = True

    def calculate(
        self,
        sheet: Worksheet,
        at: tuple[int, int],
        formula: str,
        result: WorkbookValue,
        look: CellStyle,
        fmt: str = "",
    ) -> None:
        """Write a formula with the value that it comes to."""
        cell = self.style(sheet, *at, look)
        cell.value = formula
        if fmt:
            cell.number_format = fmt
        self.results.setdefault(sheet.title, {})[cell.coordinate] = result

    def style(self, sheet: Worksheet, row: int, column: int, look: CellStyle) -> Any:  # noqa: ANN401
        """Give a cell its look, and return it."""
        cell: Any = sheet.cell(row, column)
        if look in self.styles:
            # A copy of the indexes: setting each part anew costs most of an export.
            cell._style = copy(self.styles[look])  # noqa: SLF001
            return cell
        cell.font = Font(
            name=FACE, size=look.size, bold=look.bold, color="606060" if look.grey else "000000"
        )
        cell.alignment = Alignment(
            horizontal=look.align, vertical="center", wrap_text=look.wrap, indent=look.indent
        )
        if look.border:
            cell.border = GRID
        if look.fill:
            cell.fill = PatternFill("solid", fgColor=look.fill)
        self.styles[look] = copy(cell._style)  # noqa: SLF001
        return cell

    def packed(
        self, title: str, date: str, creator: str = "", category: str = EXPORT_CATEGORY
    ) -> bytes:
        """Return the file: the same bytes for the same content; `date` is its only date.

        By its `category` an import knows that a workbook is one of ours.
        """
        properties = self.workbook.properties
        properties.creator, properties.title, properties.category = creator, title, category
        self.workbook.calculation.fullCalcOnLoad = True
        raw = io.BytesIO()
        self.workbook.save(raw)
        sheets = {
            f"xl/worksheets/sheet{n}.xml": self.results.get(sheet.title, {})
            for n, sheet in enumerate(self.workbook.worksheets, 1)
        }
        packed = io.BytesIO()
        with zipfile.ZipFile(raw) as old, zipfile.ZipFile(packed, "w") as new:
            for name in sorted(old.namelist(), key=lambda n: (n != "[Content_Types].xml", n)):
                text = old.read(name).decode("utf-8")
                if name == "docProps/core.xml":
                    text = _TIMES.sub(rf"\g<1>{date}T00:00:00Z", text)
                elif name in sheets:
                    text = _filled(text, sheets[name])
                info = zipfile.ZipInfo(name, _FIXED)
                info.compress_type = zipfile.ZIP_DEFLATED
                new.writestr(info, text.encode())
        return packed.getvalue()


def _filled(text: str, results: Mapping[str, WorkbookValue]) -> str:
    """Return the XML of a sheet with the results of its formulas."""

    def fill(match: re.Match[str]) -> str:
        cell, attributes, formula = match.groups()
        result = results.get(cell)
        start = f'<c r="{cell}"{attributes}'
        if isinstance(result, Fraction):
            number = int(result) if result.denominator == 1 else float(result)
            return f"{start}><f>{formula}</f><v>{number!r}</v></c>"
        return f'{start} t="str"><f>{formula}</f><v>{escape(result or "")}</v></c>'

    return _CELL.sub(fill, text)


def number_format(unit: Unit, shape: Shape, value: Fraction | None, *, named: bool) -> str:
    """Return the format of a number: its digits, and its unit unless a head has it (`named`).

    Trailing zeros that go are left to Excel's General, which shows what is there.
    """
    decimals = shape.decimals
    if shape.strip and value is not None:
        text = number_text(value / unit.factor, shape)
        decimals = len(text.partition(".")[2])
    digits = "#,##0" if shape.thousands else "0"
    fixed = digits + ("." + "0" * decimals if decimals else "")
    if unit.symbol == "%":
        return fixed + "%"
    if shape.strip and not shape.thousands:
        fixed = "General"
    return fixed if named or not unit.symbol else f'{fixed}"{unit.symbol}"'


def widths(sheet: Worksheet, columns: Mapping[int, float]) -> None:
    """Set the widths of columns, in characters, by number from 1, and heights that show all."""
    for number, width in columns.items():
        sheet.column_dimensions[column_letters(number - 1)].width = width
    for at, row in enumerate(sheet.iter_rows(min_row=2), 2):
        lines = [
            ceil(columns_of(cell.value) / (columns.get(cell.column, 10) - 1))
            for cell in row
            if isinstance(cell.value, str) and cell.data_type == "s"
        ]
        sheet.row_dimensions[at].height = 15.0 * max([1, *lines]) + 3


def printed(sheet: Worksheet, *, landscape: bool, repeat: str = "") -> None:
    """Set a sheet up for A4, as wide as the page; `repeat` are rows on top of every page."""
    sheet.page_setup.paperSize = 9
    sheet.page_setup.orientation = "landscape" if landscape else "portrait"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_options.horizontalCentered = True
    margins = sheet.page_margins
    margins.left = margins.right = 0.6
    margins.top = margins.bottom = 0.75
    footer = sheet.oddFooter
    assert footer is not None
    assert footer.center is not None
    footer.center.text = "— &P —"
    if repeat:
        sheet.print_title_rows = repeat
