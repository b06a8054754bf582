"""An overview as tables (reports, peer groups, outliers, trends, findings), as CSV, JSON and text.

A cell is a text or a number; numbers are counted in the unit that the head of their column names.
"""

from __future__ import annotations

import csv
import io
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from fractions import Fraction
from itertools import repeat
from typing import Any, get_args

from reportgen.features.overview.values import (
    ITEMS,
    MEASURES,
    Distribution,
    Item,
    Outlier,
    Overview,
    OverviewFigure,
    OverviewRow,
    PeerGroup,
    TrendPoint,
)
from reportgen.features.overview.words import (
    ITEM_WORDS,
    STAGE_WORDS,
    WORDS,
    figure_text,
    reason_text,
)
from reportgen.findings import Finding
from reportgen.findings.codes import CODES, Language
from reportgen.findings.excerpt import aligned, clean
from reportgen.findings.renderers import as_json as findings_json
from reportgen.language.characters import begins_formula
from reportgen.model.quantity import exact, round_half_up
from reportgen.model.rules import Severity
from reportgen.model.units import ONE, Unit, find_unit

FEW = 40
"""So many lines of reports, and of what stands out, are shown unless all are asked for."""
_REST: Mapping[Language, str] = {"zh": "另有 {count} 行", "en": "{count} more lines"}
_CHANGED: Mapping[Language, str] = {"zh": "，数据有改动", "en": ", facts changed"}
_SHOWN: tuple[Item, ...] = ("grade", *MEASURES)
_COUNTED: tuple[Severity, ...] = ("error", "warning")
"""The items that a text shows, and the findings that it counts."""
TableCell = str | Fraction | int
OverviewTable = list[Sequence[TableCell]]

_COUNTED_IN: Mapping[Item, str] = {
    "score": "分",
    "full_score": "分",
    "execution_rate": "%",
    "three_public": "万元",
    "three_public_last": "万元",
    "three_public_change": "万元",
    "three_public_growth": "%",
}
_ABOUT = ("unit_id", "unit", "year", "report", "part", "name", "peers", "pack", "stage")
_FOR_INSIDE = ("changed", "errors", "warnings", "notes", "files")
"""The heads of columns that only those inside may see."""
STATISTICS = (
    *("minimum", "lower_quartile", "median", "upper_quartile", "maximum"),
    *("mean", "lower_fence", "upper_fence"),
)
"""What is told of a distribution, in order."""


def tables(overview: Overview, language: Language) -> dict[str, OverviewTable]:
    """Return the tables of an overview by name, each with its heads first.

    What only those inside may see is in none for others.
    """
    inside = overview.audience == "internal"
    made = {
        "reports": list(_reports(overview, language, inside=inside)),
        "groups": list(_groups(overview, language)),
        "outliers": list(_outliers(overview, language)),
        "trends": list(_trends(overview, language)),
    }
    if inside:
        made["findings"] = list(_findings(overview, language))
    return made


def as_csv(table: OverviewTable) -> bytes:
    """Return a table as CSV (RFC 4180) in UTF-8 with a byte order mark, by which Excel knows it.

    A text that a spreadsheet would take for a formula has an apostrophe before it.
    """
    output = io.StringIO()
    writer = csv.writer(output)
    for row in table:
        writer.writerow(map(_plain, row))
    return output.getvalue().encode("utf-8-sig")


def _plain(cell: TableCell) -> str:
    if not isinstance(cell, str):
        return exact(Fraction(cell))
    return f"'{cell}" if begins_formula(cell) else cell


def item_head(item: Item, language: Language) -> str:
    """Return the head of the column of an item, with the unit that its numbers are counted in."""
    unit = _COUNTED_IN.get(item)
    word = ITEM_WORDS[language][item]
    if not unit:
        return word
    return f"{word}（{unit}）" if language == "zh" else f"{word} ({unit})"


def _heads(names: Iterable[str], language: Language) -> list[TableCell]:
    return list(map(WORDS[language].__getitem__, names))


def _reports(
    overview: Overview, language: Language, *, inside: bool
) -> Iterator[Sequence[TableCell]]:
    """Yield the heads, then a line for each report, or for each project of a report."""
    heads = _heads(_ABOUT, language)
    for item in ITEMS:
        heads.append(item_head(item, language))
    yield [*heads, *_heads(("outliers", *(_FOR_INSIDE if inside else ())), language)]
    reasons: dict[str, list[str]] = defaultdict(list)
    for each in overview.outliers:
        reasons[each.row.name].append(reason_text(each, language))
    for row in overview.rows:
        line = [*_about(row, language), *_figures(row, language), "；".join(reasons[row.name])]
        yield [*line, *(_inside(row, language) if inside else ())]


def _about(row: OverviewRow, language: Language) -> Iterator[TableCell]:
    """Yield what a report is: whose, of which year, of which kind, how far it went."""
    yield from (row.unit, row.unit_name, row.year or "", row.report or row.source, row.part)
    yield from (row.title, row.peers, row.pack_name, STAGE_WORDS[language][row.stage])


def _figures(row: OverviewRow, language: Language) -> Iterator[TableCell]:
    for item in ITEMS:
        figure = row.figure(item)
        number = number_of(figure, item)
        yield figure_text(figure, language) if number is None else number


def number_of(figure: OverviewFigure, item: Item) -> Fraction | None:
    """Return the number of a figure counted in the unit of its column, None where it has none."""
    unit = find_unit(_COUNTED_IN.get(item, ""))
    if unit is None or figure.value is None or figure.unit.dimension != unit.dimension:
        return None
    return figure.value / unit.factor


def _inside(row: OverviewRow, language: Language) -> Iterator[TableCell]:
    """Yield what only those inside may know of a report."""
    yield "" if row.changed is None else WORDS[language]["yes" if row.changed else "no"]
    yield from map(row.count, get_args(Severity))
    yield " ".join(row.files)


def _groups(overview: Overview, language: Language) -> Iterator[Sequence[TableCell]]:
    """Yield the heads, then a line for each measure of each peer group, and for its grades."""
    yield _heads(("peers", "year", "measure", "count", *STATISTICS, "grades"), language)
    for group in overview.groups:
        for each in group.distributions:
            head = item_head(each.measure, language)
            yield [group.peers, group.year or "", head, each.count, *_statistics(each), ""]
        if group.grades:
            yield [group.peers, group.year or "", *_grades(group, language)]


def _statistics(distribution: Distribution) -> Iterator[TableCell]:
    for name in STATISTICS:
        yield _worked_out(distribution.measure, getattr(distribution, name))


def _worked_out(measure: Item, value: Fraction) -> Fraction:
    """Return a value in base units as a number with two decimals in the unit of its column."""
    unit = find_unit(_COUNTED_IN[measure]) or ONE
    return Fraction(round_half_up(value / unit.factor, 2), 100)


def _grades(group: PeerGroup, language: Language) -> Iterator[TableCell]:
    """Yield how many reports have a grade, then each grade with how many have it."""
    told: list[str] = []
    for grade, count in group.grades:
        told.append(f"{grade} {count}")
    yield from (ITEM_WORDS[language]["grade"], sum(dict(group.grades).values()))
    yield from [*repeat("", len(STATISTICS)), "、".join(told)]


def _outliers(overview: Overview, language: Language) -> Iterator[Sequence[TableCell]]:
    yield _heads(("unit", "year", "name", "part", "measure", "reason"), language)
    for each in overview.outliers:
        row = each.row
        about = (row.unit_name or row.unit, row.year or "", row.title or row.name, row.part)
        yield [*about, ITEM_WORDS[language][each.measure], reason_text(each, language)]


def _trends(overview: Overview, language: Language) -> Iterator[Sequence[TableCell]]:
    """Yield the heads, then a line for each year of each trend."""
    heads = ("peers", "unit", "report", "part", "measure", "year", "value", "change", "count")
    yield _heads(heads, language)
    for trend in overview.trends:
        about = (trend.peers, trend.unit_name or trend.unit, trend.report, trend.part)
        for point in trend.points:
            head = item_head(trend.measure, language)
            yield [*about, head, *_point(trend.measure, point)]


def _point(measure: Item, point: TrendPoint) -> Iterator[TableCell]:
    yield from (point.year, _worked_out(measure, point.value))
    yield "" if point.change is None else _worked_out(measure, point.change)
    yield point.count


def _findings(overview: Overview, language: Language) -> Iterator[Sequence[TableCell]]:
    yield _heads(("code", "severity", "count", "meaning"), language)
    for each in overview.findings:
        code = CODES.get(each.code)
        yield [each.code, each.severity, each.count, code.about[language] if code else ""]


def as_json(overview: Overview, problems: Iterable[Finding], language: Language) -> str:
    """Return an overview as JSON under the names of its values, numbers as exact decimals.

    A report is told once, and named where it belongs to a group or stands out; `problems` are what
    was found while it was collected, which nobody but those inside is told: it names files.
    """
    rows = [_fields(row) for row in overview.rows]
    outliers = [
        {**_fields(each), "reason": reason_text(each, language)} for each in overview.outliers
    ]
    told = {**_fields(overview), "rows": rows, "outliers": outliers}
    if overview.audience == "internal":
        told["problems"] = json.loads(findings_json(problems, language))
    return json.dumps(told, ensure_ascii=False, indent=1)


def _fields(value: Any) -> dict[str, object]:  # noqa: ANN401 - any value of an overview
    """Return the fields of a value by name."""
    return {each.name: _data(getattr(value, each.name)) for each in fields(value)}


def _data(value: object) -> object:
    """Return what JSON has for a part of an overview."""
    match value:
        case Fraction():
            return exact(value)
        case Unit():
            return value.symbol
        case OverviewRow():
            return value.name
        case tuple():
            return list(map(_data, value))
        case dict():
            return {name: _data(each) for name, each in value.items()}
        case None | str() | int():
            return value
    return _fields(value)


# As a text


def as_text(overview: Overview, language: Language, most: int | None, how: str = "") -> str:
    """Return the table of reports, and below it what stands out, at most so many lines of each.

    `how` says how the rest of them is seen.
    """
    rest = _REST[language] + how
    told = [_told(each, language) for each in overview.outliers]
    lines = [*aligned(shown_rows(overview, language, most)), *_left(overview.rows, most, rest)]
    lines += ["", *told[:most], *_left(told, most, rest)]
    return "\n".join(lines).rstrip()


def shown_rows(overview: Overview, language: Language, most: int | None) -> list[Sequence[str]]:
    """Return the heads and at most so many lines of what a text shows of reports.

    Those inside see how many findings each has.
    """
    words = WORDS[language]
    counted = ("errors", "warnings") if overview.audience == "internal" else ()
    heads = list(map(words.__getitem__, ("unit", "year", "report", "stage", *counted)))
    rows: list[Sequence[str]] = [[*heads, *map(ITEM_WORDS[language].__getitem__, _SHOWN)]]
    for row in overview.rows[:most]:
        counts = [str(row.count(each) or "") for each in _COUNTED] if counted else []
        figures = [clean(figure_text(row.figure(item), language)) for item in _SHOWN]
        rows.append([*_shown_about(row, language), *counts, *figures])
    return rows


def _shown_about(row: OverviewRow, language: Language) -> Iterator[str]:
    yield clean(row.unit_name or row.unit)
    yield str(row.year or "")
    yield clean(f"{row.report or row.source} {row.part}".strip())
    yield STAGE_WORDS[language][row.stage] + (_CHANGED[language] if row.changed else "")


def _told(outlier: Outlier, language: Language) -> str:
    row = outlier.row
    unit = row.unit_name if row.unit_name != row.unit else ""
    return "  ".join(filter(None, (clean(row.name), clean(unit), reason_text(outlier, language))))


def _left(lines: Sequence[object], most: int | None, text: str) -> list[str]:
    left = len(lines) - most if most is not None else 0
    return [text.format(count=left)] if left > 0 else []
