"""Tables and charts on the sheets of a workbook: typed cells, heads that stay, bars and lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from reportgen.findings.excerpt import width
from reportgen.language.characters import begins_formula

if TYPE_CHECKING:
    from openpyxl.chart._chart import ChartBase
    from openpyxl.chart.bar_chart import BarChart
    from openpyxl.worksheet.worksheet import Worksheet

MOST_BARS = 40
"""How many lines of a sheet a chart shows at most."""
PLAIN = "#,##0.00##"
_A3 = 8
_LINE_HEIGHT = 15
_HEAD_HEIGHT = 2 * _LINE_HEIGHT
"""Points: of a line, and of the two that the longest heads take."""
_LONGEST_EXACT = 10**15
"""Whole numbers below it are exact in a workbook (15 digits)."""
_REFUSED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""What XML cannot hold."""
_SYMBOLS = ("circle", "square", "diamond", "triangle")


class TypedValue(NamedTuple):
    """A number with how it is shown."""

    value: Fraction
    format: str = PLAIN


SheetValue = TypedValue | str | int | None
"""What a cell holds: a number, a text, a count, or nothing."""


TextPlace = Literal["left", "middle", "right", "wrapped"]
"""At the right stand words in place of numbers; long ones are wrapped."""


class SheetColumn(NamedTuple):
    """The head of a column, how wide it is in characters, and how its texts stand."""

    head: str
    width: int = 12
    texts: TextPlace = "left"


def fill(
    sheet: Worksheet, columns: Sequence[SheetColumn], lines: Sequence[Sequence[SheetValue]]
) -> None:
    """Write a table: its heads stay in sight and filter it, and are repeated on each page.

    A column in which nothing stands is hidden. Paper is A3 across, as wide as table and charts.
    """
    from openpyxl.styles import Alignment  # noqa: PLC0415 - an extra
    from openpyxl.utils import get_column_letter  # noqa: PLC0415 - an extra
    from openpyxl.worksheet.properties import PageSetupProperties  # noqa: PLC0415 - an extra

    _put_heads(sheet, columns)
    placed: dict[TextPlace, Alignment] = {
        "middle": Alignment(horizontal="center"),
        "right": Alignment(horizontal="right"),
        "wrapped": Alignment(wrap_text=True),
    }
    for line_number, line in enumerate(lines, 2):
        for number, (value, column) in enumerate(zip(line, columns, strict=True), 1):
            cell = sheet.cell(line_number, number)
            put(cell, value)
            if isinstance(value, str) and column.texts != "left":
                cell.alignment = placed[column.texts]
                _make_room(sheet, line_number, value, column)
    for number in range(len(columns)):
        if lines and not any(line[number] not in {None, ""} for line in lines):
            sheet.column_dimensions[get_column_letter(number + 1)].hidden = True
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{len(lines) + 1}"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = _A3
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _make_room(sheet: Worksheet, line: int, text: str, column: SheetColumn) -> None:
    """Make a line as high as a wrapped text needs; not every program does so by itself."""
    if column.texts == "wrapped":
        needed = max(ceil(width(text) / (column.width - 1)), 1)
        sheet.row_dimensions[line].height = _LINE_HEIGHT * needed


def _put_heads(sheet: Worksheet, columns: Sequence[SheetColumn]) -> None:
    """Write the heads of columns, and how wide these are."""
    from openpyxl.styles import Alignment, Font, PatternFill  # noqa: PLC0415 - an extra
    from openpyxl.utils import get_column_letter  # noqa: PLC0415 - an extra

    wrapped = Alignment(wrap_text=True, horizontal="center", vertical="center")
    bold, ground = Font(bold=True), PatternFill("solid", fgColor="EDEBE4")
    for number, column in enumerate(columns, 1):
        cell: Any = sheet.cell(1, number)
        put(cell, _wrapped_head(column))
        cell.alignment, cell.font, cell.fill = wrapped, bold, ground
        sheet.column_dimensions[get_column_letter(number)].width = column.width
    sheet.row_dimensions[1].height = _HEAD_HEIGHT


def _wrapped_head(column: SheetColumn) -> str:
    """Return a head that breaks before its unit where it does not fit a line."""
    head = head_text(column.head)
    return head if width(head) < column.width - 1 else head.replace("（", "\n（")


def head_text(text: str) -> str:
    """Return words as a head, with a capital in English."""
    return text[:1].upper() + text[1:]


def put(cell: Any, value: SheetValue) -> None:  # noqa: ANN401 - a cell of openpyxl
    """Write a value; a text stays one, however it begins."""
    if isinstance(value, TypedValue):
        whole = value.value.denominator == 1 and abs(value.value) < _LONGEST_EXACT
        cell.value = int(value.value) if whole else float(value.value)
        cell.number_format = value.format
    elif isinstance(value, str):
        cell.value = _REFUSED.sub("", value)
        cell.data_type = "s"
        cell.quotePrefix = begins_formula(value)
    else:
        cell.value = value


def bars(
    sheet: Worksheet, title: str, place: tuple[int, int, int], *, boxed: bool = False
) -> BarChart:
    """Return a chart of lying bars: `place` is the column of their names and the lines.

    Boxed, three columns follow: a length that is not drawn, and the two halves of a box.
    """
    from openpyxl.chart import BarChart, Reference  # noqa: PLC0415 - an extra

    names, first, last = place
    chart = BarChart()
    chart.type, chart.style = "bar", 10
    columns = 3 if boxed else 1
    for column in range(names + 1, names + 1 + columns):
        chart.add_data(Reference(sheet, column, first, column, last), titles_from_data=False)
    chart.set_categories(Reference(sheet, names, first, names, last))
    _set_title(chart, title)
    chart.legend = None
    chart.gapWidth = 60
    # Without these LibreOffice and newer versions of Excel leave the axes out.
    chart.x_axis.delete, chart.y_axis.delete = False, False
    chart.x_axis.scaling.orientation = "maxMin"
    chart.height, chart.width = 4 + 0.6 * (last - first + 1), 22
    if boxed:
        _draw_boxes(chart)
        chart.y_axis.scaling.min = _axis_start(sheet, names + 1, first, last)
    return chart


def _set_title(chart: ChartBase, title: str) -> None:
    """Give a chart a title that stands above it, and not in it."""
    from openpyxl.chart.title import title_maker  # noqa: PLC0415 - an extra

    made = title_maker(title)
    made.overlay = False
    chart.title = made


def _draw_boxes(chart: BarChart) -> None:
    """Put the bars of a chart behind one another, the first without colour."""
    chart.grouping, chart.overlap = "stacked", 100
    hidden = chart.series[0].graphicalProperties
    hidden.noFill, hidden.line.noFill = True, True
    for series, colour in zip(chart.series[1:], ("9DC3E6", "CFE0F0"), strict=True):
        series.graphicalProperties.solidFill = colour
        series.graphicalProperties.line.solidFill = "1F4E79"


def _axis_start(sheet: Worksheet, column: int, first: int, last: int) -> float:
    """Return where an axis of boxes begins: ten points or percent below the tens of the lowest."""
    cells = sheet.iter_rows(first, last, column, column, values_only=True)
    lowest = min(float(str(value)) for (value,) in cells)
    step = 10 if lowest > 1 else 0.1
    return max(0.0, round(lowest // step * step - step, 1))


def add_lines(sheet: Worksheet, title: str, place: tuple[int, int, int, int], top: int) -> None:
    """Add a chart of lines: `place` is the first and last column of years and the lines."""
    from openpyxl.chart import LineChart, Reference, Series  # noqa: PLC0415 - an extra
    from openpyxl.chart.legend import Legend  # noqa: PLC0415 - an extra
    from openpyxl.utils import get_column_letter  # noqa: PLC0415 - an extra

    left, right, first, last = place
    chart = LineChart()
    chart.height, chart.width = 8, 22
    _set_title(chart, title)
    for number, line in enumerate(range(first, min(last, first + MOST_BARS) + 1)):
        values = Reference(sheet, left, line, right, line)
        series = Series(values, title=str(sheet.cell(line, 3).value))
        series.marker.symbol = _SYMBOLS[number % len(_SYMBOLS)]
        series.smooth = False
        chart.series.append(series)
    chart.set_categories(Reference(sheet, left, 1, right, 1))
    chart.x_axis.delete, chart.y_axis.delete = False, False
    chart.legend = Legend(legendPos="b")
    sheet.add_chart(chart, f"{get_column_letter(right + 4)}{top}")
