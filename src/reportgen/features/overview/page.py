"""An overview as one web page: reports to sort and filter, charts with the data behind them.

Nothing is fetched. Without script the table of reports stands whole, by unit; one small script
sorts and filters it.
"""

from __future__ import annotations

import base64
import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cache
from importlib import resources
from itertools import pairwise
from operator import attrgetter
from typing import Any, NamedTuple

import jinja2
from markupsafe import Markup

from reportgen.features.overview.charts import (
    OutlierMark,
    PeersChart,
    PeersLine,
    grade_shares,
    peers_charts,
    trend_marks,
)
from reportgen.features.overview.listing import (
    COLUMNS,
    ListedRows,
    choices,
    findings_told,
    is_of_peers,
    name_of_unit,
    one_line,
    unit_key,
)
from reportgen.features.overview.tables import STATISTICS
from reportgen.features.overview.values import (
    MEASURES,
    Item,
    Overview,
    OverviewRow,
    PeerGroup,
    Trend,
)
from reportgen.features.overview.words import (
    ITEM_WORDS,
    STAGE_WORDS,
    change_text,
    value_text,
)
from reportgen.findings.codes import Language
from reportgen.write.html.look import page_style

MOST_CHANGES = 10
"""Of how many reports the page tells the change of a measure."""
MOST_CODES = 20
"""How many codes of findings have a bar; the data behind have them all."""
_MIDDLE = 50
"""Percent of the width after which a text stands left of its mark."""
_HEAD, _BOX, _NAME, _GAP = 20, 22, 17, 12
"""Points of height in a chart: the head of a line, its box, a name below it, and the rest."""


class ChosenRows(NamedTuple):
    """A link to the reports of a kind and year: what the script chooses, and a text."""

    kind: str
    year: str
    text: str


class NamedMark(NamedTuple):
    """The name of a mark in a chart: where it stands, and to which side of that it goes."""

    at: float
    top: int
    anchor: str
    text: str


def as_page(overview: Overview, language: Language, builds: str = "") -> bytes:
    """Return an overview as one web page.

    `builds` is the address of the folder of builds as the page sees it, such as `../build/`; with
    it the reports are linked to.
    """
    rows = ListedRows(overview, language, builds)
    script, style = _asset("page.js"), page_style(_asset("page.css"), dark=True)
    page = _template().render(
        lang=language,
        words=rows.words,
        items=ITEM_WORDS[language],
        columns=COLUMNS,
        statistics=STATISTICS,
        inside=overview.audience == "internal",
        audience=rows.words[overview.audience],
        covers=rows.covers,
        stages=_stages(overview, language),
        choices=list(choices(rows, overview)),
        rows=list(rows.of_table()),
        distributions=list(_distributions(overview, rows)),
        grades=list(_grades(overview, rows)),
        trends=list(_trends(overview, rows)),
        changes=list(_changes(overview, rows)),
        most_changes=MOST_CHANGES,
        findings=list(_findings(overview, language)),
        most_codes=MOST_CODES,
        style=Markup(style),  # noqa: S704 - a file of ours
        script=Markup(script),  # noqa: S704 - a file of ours
        style_hash=_hash(style),
        script_hash=_hash(script),
    )
    return page.encode()


def _stages(overview: Overview, language: Language) -> Iterator[tuple[str, int]]:
    """Yield how many reports are at each stage that there are any at."""
    for stage, count in overview.stages.items():
        if count:
            yield STAGE_WORDS[language][stage], count


# Distributions


def _distributions(overview: Overview, rows: ListedRows) -> Iterator[dict[str, Any]]:
    """Yield the charts of each measure that enough reports state, with the data behind them."""
    for measure in MEASURES:
        charts = list(peers_charts(overview, measure))
        if charts:
            name = ITEM_WORDS[rows.language][measure]
            data: list[dict[str, Any]] = []
            for chart in charts:
                data += [_line_data(measure, line, rows) for line in chart.lines]
            drawn = [_drawn_peers(measure, chart, rows) for chart in charts]
            yield {"measure": measure, "name": name, "charts": drawn, "data": data}


def _drawn_peers(measure: Item, chart: PeersChart, rows: ListedRows) -> dict[str, Any]:
    """Return a chart of like reports as the template takes it."""
    lines: list[dict[str, Any]] = []
    texts: list[str] = []
    top = 0
    for line in chart.lines:
        names = list(_names(line))
        text = rows.words["line_head"].format(
            year=rows.year(line.group.year),
            count=line.distribution.count,
            median=value_text(measure, line.distribution.median, line.distribution.unit),
        )
        texts.append(text)
        lines.append({"line": line, "top": top, "text": text, "names": names})
        top += _HEAD + _BOX + _NAME * len(names) + _GAP
    told = rows.words["between_lines"].join(texts)
    name = ITEM_WORDS[rows.language][measure]
    label = rows.words["chart_label"].format(peers=chart.peers, measure=name, lines=told)
    return {"chart": chart, "label": label, "lines": lines, "height": top}


def _names(line: PeersLine) -> Iterator[NamedMark]:
    """Yield the names of the lowest and the highest mark, each on a line of its own."""
    outermost: list[OutlierMark] = []
    if line.marks and line.marks[0].at < line.median:
        outermost.append(line.marks[0])
    if line.marks and line.marks[-1].at > line.median:
        outermost.append(line.marks[-1])
    for place, mark in enumerate(outermost):
        side = "start" if mark.at < _MIDDLE else "end"
        text = f"{mark.name} {mark.text}".rstrip()
        yield NamedMark(mark.at, _HEAD + _BOX + _NAME * place + _NAME - 4, side, text)


def _line_data(measure: Item, line: PeersLine, rows: ListedRows) -> dict[str, Any]:
    """Return the data behind a line of a chart."""
    distribution = line.distribution
    values = attrgetter(*STATISTICS)(distribution)
    told = [value_text(measure, value, distribution.unit) for value in values]
    marked = [_linked(mark.row, rows) for mark in line.marks] if line.is_boxed else []
    chosen = _chosen(line.group, rows, distribution.count)
    return {"chosen": chosen, "group": line.group, "told": told, "marked": marked}


def _chosen(group: PeerGroup, rows: ListedRows, count: int) -> ChosenRows:
    return ChosenRows(one_line(group.peers), rows.year(group.year), str(count))


def _linked(row: OverviewRow, rows: ListedRows) -> tuple[str, str]:
    """Return the anchor of a row and its name for a link."""
    return rows.anchor(row), f"{name_of_unit(row)} {row.part}".rstrip()


# Grades


def _grades(overview: Overview, rows: ListedRows) -> Iterator[dict[str, Any]]:
    """Yield the shares of grades of each kind of reports, a bar for each year."""
    groups: dict[str, list[PeerGroup]] = defaultdict(list)
    for group in overview.groups:
        if group.grades:
            groups[group.peers].append(group)
    for peers, members in sorted(groups.items()):
        bars: list[dict[str, Any]] = []
        for group in members:
            count = sum(dict(group.grades).values())
            shares = grade_shares(group)
            text = rows.words["grade_head"].format(year=rows.year(group.year), count=count)
            bars.append(
                {"chosen": _chosen(group, rows, count), "text": text, "shares": shares, "of": count}
            )
        told = rows.words["between_lines"].join(map(_told_shares, bars))
        label = rows.words["grade_label"].format(peers=peers, lines=told)
        yield {"peers": peers, "bars": bars, "label": label}


def _told_shares(bar: Mapping[str, Any]) -> str:
    shares = " ".join(f"{share.grade} {share.count}" for share in bar["shares"])
    return f"{bar['text']} {shares}"


# Trends


def _trends(overview: Overview, rows: ListedRows) -> Iterator[dict[str, Any]]:
    """Yield the medians of each measure over the years, a chart for each kind of reports."""
    for measure in MEASURES:
        found = [each for each in overview.trends if is_of_peers(each) and each.measure == measure]
        if found:
            name = ITEM_WORDS[rows.language][measure]
            yield {"name": name, "charts": [_drawn_trend(each, rows) for each in found]}


def _drawn_trend(trend: Trend, rows: ListedRows) -> dict[str, Any]:
    """Return a trend as the template takes it, with the data behind it."""
    marks = trend_marks(trend)
    told = rows.words["between_lines"].join(f"{mark.point.year} {mark.text}" for mark in marks)
    name = ITEM_WORDS[rows.language][trend.measure]
    label = rows.words["trend_label"].format(peers=trend.peers, measure=name, lines=told)
    data: list[dict[str, Any]] = []
    for mark in marks:
        year, count = str(mark.point.year), str(mark.point.count)
        data.append(
            {
                "chosen": ChosenRows(one_line(trend.peers), year, count),
                "text": mark.text,
                "change": _change(mark.point.change, trend) or rows.words["dash"],
            }
        )
    pairs = list(pairwise(marks))
    return {"trend": trend, "label": label, "marks": marks, "pairs": pairs, "data": data}


def _change(change: Fraction | None, trend: Trend) -> str:
    return "" if change is None else change_text(change, trend.counted_in)


def _changes(overview: Overview, rows: ListedRows) -> Iterator[dict[str, Any]]:
    """Yield the reports that changed most, for each measure, the greatest change first."""
    by_name = {_name(row): row for row in overview.rows}
    for measure in MEASURES:
        found: list[tuple[Fraction, Trend]] = []
        for trend in overview.trends:
            change = trend.points[-1].change
            if trend.measure == measure and change and not is_of_peers(trend):
                found.append((abs(change), trend))
        found.sort(key=_size, reverse=True)
        for _, trend in found[:MOST_CHANGES]:
            before, last = trend.points[-2:]
            unit = trend.counted_in
            yield {
                "measure": ITEM_WORDS[rows.language][measure],
                "linked": _linked(by_name[_name_of_trend(trend)], rows),
                "peers": trend.peers,
                "year": last.year,
                "before": value_text(measure, before.value, unit),
                "now": value_text(measure, last.value, unit),
                "change": _change(last.change, trend),
            }


def _size(found: tuple[Fraction, Trend]) -> Fraction:
    return found[0]


def _name(row: OverviewRow) -> tuple[object, ...]:
    return unit_key(row), row.report or row.peers, row.part, row.year


def _name_of_trend(trend: Trend) -> tuple[object, ...]:
    unit, report = trend.unit or trend.unit_name, trend.report or trend.peers
    return unit, report, trend.part, trend.points[-1].year


# Findings


def _findings(overview: Overview, language: Language) -> Iterator[dict[str, Any]]:
    """Yield each code of findings with the length of its bar."""
    for told in findings_told(overview, language):
        size = round(100 * told.found.count / overview.findings[0].count, 2)
        yield {"told": told, "size": size}


# The file


def _hash(text: str) -> str:
    """Return by what a content security policy knows a script or a style."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    return environment.from_string(_asset("page.html.j2"))


def _asset(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text("utf-8")
