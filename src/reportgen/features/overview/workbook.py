"""An overview as a workbook: reports, distributions, trends and findings as typed numbers.

Percentages are percentages, amounts of money count in 万元; where there is no number a word says
why. The charts are those of the program that opens it, over the cells of the sheet.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import filterfalse
from operator import attrgetter
from typing import TYPE_CHECKING

from reportgen.features.overview.listing import (
    ListedRows,
    absent_text,
    findings_told,
    is_of_peers,
)
from reportgen.features.overview.sheets import (
    MOST_BARS,
    PLAIN,
    SheetColumn,
    SheetValue,
    TypedValue,
    add_lines,
    bars,
    fill,
    head_text,
)
from reportgen.features.overview.tables import STATISTICS, item_head, number_of
from reportgen.features.overview.values import (
    ITEMS,
    MEASURES,
    Distribution,
    Item,
    Overview,
    OverviewRow,
    PeerGroup,
    Trend,
)
from reportgen.features.overview.words import ITEM_WORDS, STAGE_WORDS, STATE_WORDS
from reportgen.findings.codes import Language
from reportgen.findings.excerpt import width
from reportgen.model.units import UNITS, Unit, find_unit
from reportgen.project.packages import parts_without_clock, zipped

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

DRAWN: tuple[Item, ...] = ("score", "execution_rate")
"""The measures that have charts; bars cannot show boxes below zero, where those of 三公 may be."""
_MONEY = find_unit("万元") or UNITS["元"]
_PERCENT, _SIGNED_PERCENT = "0.00##%", "+0.00##%;-0.00##%;0.00%"
_SIGNED = "+#,##0.00##;-#,##0.00##;0.00"
_POINTS = '+0.00##"个百分点";-0.00##"个百分点";0.00"个百分点"'
_LEAST_WIDTH = 12
_SIGNED_ITEMS = frozenset(["three_public_change", "three_public_growth"])


def as_workbook(overview: Overview, language: Language) -> bytes:
    """Return an overview as a workbook: the same bytes for the same overview."""
    from openpyxl import Workbook  # noqa: PLC0415 - an extra, and slow to import

    book = Workbook()
    book.remove(book.worksheets[0])
    rows = ListedRows(overview, language)
    _add_reports(book.create_sheet(head_text(rows.words["reports"])), overview, rows)
    _add_distributions(book.create_sheet(head_text(rows.words["sheet_groups"])), overview, rows)
    _add_trends(book.create_sheet(head_text(rows.words["sheet_trends"])), overview, rows)
    if overview.audience == "internal":
        _add_findings(book.create_sheet(head_text(rows.words["sheet_findings"])), overview, rows)
    _add_notes(book.create_sheet(head_text(rows.words["sheet_notes"])), overview, rows)
    book.properties.title = head_text(rows.words["title"])
    book.properties.creator = ""
    raw = io.BytesIO()
    book.save(raw)
    return zipped(parts_without_clock(raw.getvalue()))


def _typed(item: Item, value: Fraction, unit: Unit) -> TypedValue:
    """Return a value in base units as a cell has it: as a part of one, in 万元, or in its unit."""
    signed = item in _SIGNED_ITEMS
    if unit.symbol == "%":
        return TypedValue(value, _SIGNED_PERCENT if signed else _PERCENT)
    return TypedValue(value / counted_in(unit).factor, _SIGNED if signed else PLAIN)


def counted_in(unit: Unit) -> Unit:
    """Return the unit in which cells count what is printed in `unit`."""
    return _MONEY if unit.dimension == _MONEY.dimension else unit


# Reports


def _add_reports(sheet: Worksheet, overview: Overview, rows: ListedRows) -> None:
    """Write a line a report, with how many findings it has of each code."""
    words = rows.words
    inside = overview.audience == "internal"
    codes = sorted(set(map(attrgetter("code"), overview.findings)))
    columns = [
        SheetColumn(words["unit"], 24),
        SheetColumn(words["unit_id"], _wide_enough(row.unit for row in rows.rows)),
        SheetColumn(words["year"], 8),
        SheetColumn(words["report"], 24),
        SheetColumn(words["report_id"], _wide_enough(row.report for row in rows.rows)),
        SheetColumn(words["name"], _wide_enough((row.title for row in rows.rows), 60)),
        SheetColumn(words["part"], 20),
        SheetColumn(words["source"], 16),
        SheetColumn(words["stage"], 10),
        *(SheetColumn(item_head(item, rows.language), 15, "right") for item in ITEMS),
    ]
    if inside:
        columns += [
            SheetColumn(words[each], 10, "right") for each in ("errors", "warnings", "notes")
        ]
        columns.append(SheetColumn(words["changed"], 12, "middle"))
    columns.append(SheetColumn(words["reason"], 60, "wrapped"))
    columns += [SheetColumn(code, 8) for code in codes]
    lines = [_report_line(row, rows, codes, inside=inside) for row in rows.rows]
    fill(sheet, columns, lines)


def _wide_enough(names: Iterable[str], most: int = 24) -> int:
    """Return the width of a column in which names stand whole, but for very long ones."""
    return max(_LEAST_WIDTH, min(2 + max(map(width, names), default=0), most))


def _report_line(
    row: OverviewRow, rows: ListedRows, codes: Sequence[str], *, inside: bool
) -> list[SheetValue]:
    """Return the line of a report."""
    line: list[SheetValue] = [
        *(row.unit_name, row.unit, row.year or rows.year_of(row), rows.kind(row), row.report),
        *(row.title, row.part, row.source, STAGE_WORDS[rows.language][row.stage]),
        *(_figure(row, item, rows) for item in ITEMS),
    ]
    if inside:
        uncounted = rows.uncounted(row)
        line += [uncounted or row.count("error"), uncounted or row.count("warning")]
        line += [uncounted or row.count("note"), _changed(row, rows.words)]
    line.append(rows.words["between_lines"].join(rows.reasons(row)))
    counts = dict.fromkeys(codes, 0)
    for each in row.findings:
        counts[each.code] += each.count
    line += [count or None for count in counts.values()]
    return line


def _figure(row: OverviewRow, item: Item, rows: ListedRows) -> SheetValue:
    """Return a figure as a number, a grade as its text, or why there is none."""
    figure = row.figure(item)
    if figure.state != "stated":
        return absent_text(row, item, rows.language)
    if figure.value is None or number_of(figure, item) is None:
        return figure.text
    return _typed(item, figure.value, figure.unit)


def _changed(row: OverviewRow, words: Mapping[str, str]) -> str:
    if row.changed is None:
        return words["dash"]
    return words["yes"] if row.changed else words["no"]


# Distributions


def _add_distributions(sheet: Worksheet, overview: Overview, rows: ListedRows) -> None:
    """Write a line a peer group and measure, those of one measure together, with their charts."""
    words = rows.words
    columns = [
        SheetColumn(words["measure"], 18),
        SheetColumn(words["peers"], 26),
        SheetColumn(words["year"], 8),
        SheetColumn(words["how_many"], 8),
        *(SheetColumn(words[each], 12) for each in STATISTICS),
        SheetColumn(words["counted_in"], 10),
        SheetColumn(words["for_chart"], 30),
        *(SheetColumn(words[each], 16) for each in ("to_quartile", "to_median", "from_median")),
    ]
    lines: list[list[SheetValue]] = []
    charts: list[tuple[Item, int, int]] = []
    for measure in MEASURES:
        first = len(lines)
        for group in overview.groups:
            found = group.distribution(measure)
            if found is not None:
                lines.append(_distribution_line(group, found, rows))
        if measure in DRAWN and len(lines) > first:
            charts.append((measure, first + 2, min(len(lines) + 1, first + MOST_BARS + 1)))
    fill(sheet, columns, lines)
    place = 2
    for measure, first, last in charts:
        title = words["quartiles_of"].format(measure=ITEM_WORDS[rows.language][measure])
        chart = bars(sheet, title, (len(columns) - 3, first, last), boxed=True)
        sheet.add_chart(chart, f"S{place}")
        place += int(chart.height * 2) + 2


def _distribution_line(group: PeerGroup, found: Distribution, rows: ListedRows) -> list[SheetValue]:
    """Return the line of a distribution, with the lengths that its bar in the chart has."""
    values = list(attrgetter(*STATISTICS)(found))
    lower, median, upper = found.lower_quartile, found.median, found.upper_quartile
    values += [lower, median - lower, upper - median]
    typed: list[SheetValue] = [_typed(found.measure, each, found.unit) for each in values]
    unit = counted_in(found.unit).symbol
    return [
        *(ITEM_WORDS[rows.language][found.measure], group.peers),
        *(group.year or rows.words["no_year"], found.count),
        *(*typed[:-3], unit, f"{group.peers} {rows.year(group.year)}", *typed[-3:]),
    ]


# Trends


def _add_trends(sheet: Worksheet, overview: Overview, rows: ListedRows) -> None:
    """Write a line a trend with a column a year: medians of peers first, then each report."""
    words = rows.words
    years = sorted(overview.years)
    columns = [
        SheetColumn(words["measure"], 18),
        SheetColumn(words["scope"], 12),
        SheetColumn(words["peers"], 26),
        SheetColumn(words["unit"], 24),
        SheetColumn(words["unit_id"]),
        SheetColumn(words["report_id"]),
        SheetColumn(words["part"], 16),
        *(SheetColumn(str(year)) for year in years),
        SheetColumn(words["change"], 16),
        SheetColumn(words["counted_in"], 10),
    ]
    lines: list[list[SheetValue]] = []
    drawn: list[tuple[Item, int, int]] = []
    for measure in MEASURES:
        first = len(lines)
        lines += [_trend_line(each, years, rows) for each in _medians(overview, measure)]
        if measure in DRAWN and len(lines) > first:
            drawn.append((measure, first + 2, len(lines) + 1))
    lines += [_trend_line(each, years, rows) for each in _of_reports(overview)]
    fill(sheet, columns, lines)
    for number, (measure, first, last) in enumerate(drawn):
        title = words["medians_of"].format(measure=ITEM_WORDS[rows.language][measure])
        add_lines(sheet, title, (8, 7 + len(years), first, last), 2 + 18 * number)


def _medians(overview: Overview, measure: Item) -> Iterator[Trend]:
    for each in overview.trends:
        if each.measure == measure and is_of_peers(each):
            yield each


def _of_reports(overview: Overview) -> Iterator[Trend]:
    """Yield the trends of single reports, those of one measure together."""
    of_reports = filterfalse(is_of_peers, overview.trends)
    yield from sorted(of_reports, key=_place_of_measure)


def _place_of_measure(trend: Trend) -> int:
    return MEASURES.index(trend.measure)


def _trend_line(trend: Trend, years: Sequence[int], rows: ListedRows) -> list[SheetValue]:
    """Return the line of a trend; a year without a value is empty in the chart."""
    scope = rows.words["medians" if is_of_peers(trend) else "one_report"]
    values: dict[int, SheetValue] = dict.fromkeys(years)
    for point in trend.points:
        values[point.year] = _typed(trend.measure, point.value, trend.counted_in)
    return [
        *(ITEM_WORDS[rows.language][trend.measure], scope, trend.peers, trend.unit_name),
        *(trend.unit, trend.report, trend.part, *values.values()),
        *(_change(trend, rows.words), counted_in(trend.counted_in).symbol),
    ]


def _change(trend: Trend, words: Mapping[str, str]) -> SheetValue:
    """Return by how much the last year differs from the one before, rates in percentage points."""
    change = trend.points[-1].change
    if change is None:
        return words["dash"]
    if trend.counted_in.symbol == "%":
        return TypedValue(change * 100, _POINTS)
    return TypedValue(change / counted_in(trend.counted_in).factor, _SIGNED)


# Findings and notes


def _add_findings(sheet: Worksheet, overview: Overview, rows: ListedRows) -> None:
    """Write a line a code of findings, with a chart of the most frequent."""
    words = rows.words
    columns = [
        SheetColumn(words["code"], 10),
        SheetColumn(words["count"], 10),
        SheetColumn(words["in_reports"], 12),
        SheetColumn(words["severity"], 10),
        SheetColumn(words["meaning"], 80, "wrapped"),
    ]
    lines: list[Sequence[SheetValue]] = []
    for told in findings_told(overview, rows.language):
        found = told.found
        severity = words[found.severity]
        lines.append((found.code, found.count, told.reports, severity, told.meaning))
    fill(sheet, columns, lines)
    if lines:
        last = min(len(lines), MOST_BARS // 2) + 1
        sheet.add_chart(bars(sheet, words["sheet_findings"], (1, 2, last)), "G2")


def _add_notes(sheet: Worksheet, overview: Overview, rows: ListedRows) -> None:
    """Write what the workbook covers, for whom it is, and what its words mean."""
    words, language = rows.words, rows.language
    lines = [(words["title"], rows.covers), (words["audience"], words[overview.audience])]
    for stage, count in overview.stages.items():
        lines.append((STAGE_WORDS[language][stage], str(count)))
    for state, text in STATE_WORDS[language].items():
        if text:
            lines.append((text, words[f"state_{state}"]))
    abouts = ("groups", "outliers", "trend", "numbers")
    lines += [(words[each], words[f"about_{each}"]) for each in abouts]
    fill(sheet, [SheetColumn(words["about"], 24), SheetColumn("", 100, "wrapped")], lines)
    sheet.auto_filter.ref = None
