"""Writes a workbook: cells with style, formulas with the values that they come to.

openpyxl writes formulas without results, so that viewers which do not calculate (and our own
import) would find nothing; the results are put in when the file is packed. No clock, no author.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from copy import copy
from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from reportgen.features.spreadsheet.grid import EXPORT_CATEGORY, column_letters
from reportgen.findings.excerpt import width
from reportgen.language.characters import begins_formula
from reportgen.model.frozen import frozen
from reportgen.model.quantity import Shape, number_text
from reportgen.model.units import Unit
from reportgen.project.packages import parts_without_clock, zipped

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

WorkbookValue = Fraction | str | None
"""What a cell shows: a number, a text, nothing."""

FONT = "宋体"
LINE_HEIGHT = 15.0
"""Height of a line in points."""
_A4 = 9
_FORMULA_CELL = re.compile(
    r'<c r="([A-Z]+\d+)"([^>]*)><f>(.*?)</f><v\s*/?>(?:</v>)?</c>', re.DOTALL
)


@frozen
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
    locked: bool = True


class WorkbookWriter:
    """Writes a workbook, sheet by sheet."""

    def __init__(self) -> None:
        from openpyxl import Workbook  # noqa: PLC0415 - slow to import, and seldom needed

        self.workbook = Workbook()
        self._results: dict[str, dict[str, WorkbookValue]] = {}
        self._styles: dict[CellStyle, Any] = {}
        for sheet in list(self.workbook.worksheets):
            self.workbook.remove(sheet)

    def add_sheet(self, name: str) -> Worksheet:
        """Return a new sheet."""
        sheet: Worksheet = self.workbook.create_sheet(name)
        return sheet

    def put(
        self,
        sheet: Worksheet,
        at: tuple[int, int],
        value: WorkbookValue,
        style: CellStyle,
        number_format: str = "",
    ) -> None:
        """Write a number or a text at a row and column; a text stays one, however it begins."""
        cell = self.style(sheet, at, style)
        if isinstance(value, Fraction):
            cell.value = _stored_number(value)
            cell.number_format = number_format or "General"
        elif value:
            cell.value = value
            cell.data_type = "s"
            cell.quotePrefix = begins_formula(value)

    def put_formula(
        self,
        sheet: Worksheet,
        at: tuple[int, int],
        formula: str,
        result: WorkbookValue,
        style: CellStyle,
        number_format: str = "",
    ) -> None:
        """Write a formula with the value that it comes to."""
        cell = self.style(sheet, at, style)
        cell.value = formula
        if number_format:
            cell.number_format = number_format
        self._results.setdefault(sheet.title, {})[cell.coordinate] = result

    def style(self, sheet: Worksheet, at: tuple[int, int], style: CellStyle) -> Any:  # noqa: ANN401
        """Give a cell its style, and return it."""
        cell: Any = sheet.cell(*at)
        if style in self._styles:
            # A copy of the indexes: setting each part anew costs most of an export.
            cell._style = copy(self._styles[style])  # noqa: SLF001
        else:
            _set_style(cell, style)
            self._styles[style] = copy(cell._style)  # noqa: SLF001
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
        self.workbook.active = 0
        raw = io.BytesIO()
        self.workbook.save(raw)
        parts = parts_without_clock(raw.getvalue(), date)
        for number, sheet in enumerate(self.workbook.worksheets, 1):
            name = f"xl/worksheets/sheet{number}.xml"
            results = self._results.get(sheet.title, {})
            parts[name] = _with_results(parts[name].decode(), results).encode()
        return zipped(parts)


def _stored_number(value: Fraction) -> int | float:
    """Return a number as a workbook stores it, a whole one as such while that is exact."""
    is_whole = value.denominator == 1 and abs(value) < 10**15
    return int(value) if is_whole else float(value)


def _set_style(cell: Any, style: CellStyle) -> None:  # noqa: ANN401 - a cell of openpyxl
    from openpyxl.styles import (  # noqa: PLC0415
        Alignment,
        Border,
        Font,
        PatternFill,
        Protection,
        Side,
    )

    colour = "606060" if style.grey else "000000"
    cell.font = Font(name=FONT, size=style.size, bold=style.bold, color=colour)
    cell.alignment = Alignment(
        horizontal=style.align, vertical="center", wrap_text=style.wrap, indent=style.indent
    )
    if not style.locked:
        cell.protection = Protection(locked=False)
    if style.border:
        line = Side(style="thin", color="808080")
        cell.border = Border(left=line, right=line, top=line, bottom=line)
    if style.fill:
        cell.fill = PatternFill("solid", fgColor=style.fill)


def _with_results(text: str, results: Mapping[str, WorkbookValue]) -> str:
    """Return the XML of a sheet with the results of its formulas."""

    def with_result(match: re.Match[str]) -> str:
        cell, attributes, formula = match.groups()
        result = results.get(cell)
        start = f'<c r="{cell}"{attributes}'
        if isinstance(result, Fraction):
            number = int(result) if result.denominator == 1 else float(result)
            return f"{start}><f>{formula}</f><v>{number!r}</v></c>"
        return f'{start} t="str"><f>{formula}</f><v>{escape(result or "")}</v></c>'

    return _FORMULA_CELL.sub(with_result, text)


def number_format(unit: Unit, shape: Shape, value: Fraction | None, *, named: bool) -> str:
    """Return the format of a number: its digits, and its unit unless a label has it (`named`).

    Trailing zeros that go are left to Excel's General, which shows what is there.
    """
    if unit.symbol == "%":
        return _digits(unit, shape, value) + "%"
    is_general = shape.strip and not shape.thousands
    digits = "General" if is_general else _digits(unit, shape, value)
    return digits if named or not unit.symbol else f'{digits}"{unit.symbol}"'


def _digits(unit: Unit, shape: Shape, value: Fraction | None) -> str:
    decimals = _decimals(unit, shape, value)
    whole = "#,##0" if shape.thousands else "0"
    return f"{whole}.{'0' * decimals}" if decimals else whole


def _decimals(unit: Unit, shape: Shape, value: Fraction | None) -> int:
    if not shape.strip or value is None:
        return shape.decimals
    return len(number_text(value / unit.factor, shape).partition(".")[2])


def set_widths(sheet: Worksheet, columns: Mapping[int, float]) -> None:
    """Set the widths of columns, in characters, by number from 1, and heights that show all."""
    for number, characters in columns.items():
        sheet.column_dimensions[column_letters(number - 1)].width = characters
    for row, cells in enumerate(sheet.iter_rows(min_row=2), 2):
        lines = max(_lines_needed(cell, columns) for cell in cells)
        sheet.row_dimensions[row].height = LINE_HEIGHT * lines + 3


def _lines_needed(cell: Any, columns: Mapping[int, float]) -> int:  # noqa: ANN401
    """Return how many lines the text of a cell takes."""
    if not isinstance(cell.value, str) or cell.data_type != "s":
        return 1
    room = columns.get(cell.column, 10) - 1
    return max(1, ceil(width(cell.value) / room))


def set_page(sheet: Worksheet, *, landscape: bool, repeat: str = "") -> None:
    """Set a sheet up for A4, as wide as the page; `repeat` are rows on top of every page."""
    from openpyxl.worksheet.properties import PageSetupProperties  # noqa: PLC0415

    sheet.page_setup.paperSize = _A4
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


def protect(sheet: Worksheet) -> None:
    """Lock a sheet without a password; widths, filters and looks may be changed."""
    protection = sheet.protection
    protection.sheet = True
    protection.formatCells = protection.formatColumns = protection.formatRows = False
    protection.autoFilter = protection.sort = False


def offer(sheet: Worksheet, cells: str, words: str, *, only: bool) -> None:
    """Offer a drop-down list in some cells, which may hold `only` what is in it."""
    from openpyxl.worksheet.datavalidation import DataValidation  # noqa: PLC0415

    offered = DataValidation("list", words, showErrorMessage=only, allow_blank=True)
    offered.add(cells)
    sheet.add_data_validation(offered)


def colour_where(sheet: Worksheet, cells: str, condition: str, colour: str) -> None:
    """Colour those of some cells for which a condition holds, written of the first of them."""
    from openpyxl.formatting.rule import Rule  # noqa: PLC0415
    from openpyxl.styles import PatternFill  # noqa: PLC0415
    from openpyxl.styles.differential import DifferentialStyle  # noqa: PLC0415

    filled = DifferentialStyle(fill=PatternFill("solid", bgColor=colour))
    rule = Rule(type="expression", dxf=filled, formula=[condition])
    sheet.conditional_formatting.add(cells, rule)


def show_decimals(sheet: Worksheet, cells: str) -> None:
    """Show the decimals of percentages that are typed where whole ones stood."""
    from openpyxl.formatting.rule import Rule  # noqa: PLC0415
    from openpyxl.styles.differential import DifferentialStyle  # noqa: PLC0415
    from openpyxl.styles.numbers import NumberFormat  # noqa: PLC0415

    cell = cells.partition(":")[0]
    is_percentage = f'ISNUMBER({cell}),LEFT(CELL("format",{cell}),1)="P"'
    condition = f"AND({is_percentage},ROUND({cell}*100,8)<>ROUND({cell}*100,0))"
    shown = DifferentialStyle(numFmt=NumberFormat(numFmtId=190, formatCode="0.0#####%"))
    rule = Rule(type="expression", dxf=shown, formula=[condition])
    sheet.conditional_formatting.add(cells, rule)


def link_to(cell: Any, place: str) -> None:  # noqa: ANN401 - a cell of openpyxl
    """Make a cell lead to another place of the workbook."""
    from openpyxl.worksheet.hyperlink import Hyperlink  # noqa: PLC0415

    cell.hyperlink = Hyperlink(cell.coordinate, location=place)
