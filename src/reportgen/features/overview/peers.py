"""Holds reports to their peers and to the years before: distributions, what stands out, trends.

A figure that is kept back from the audience has no value here, so that no mean, quartile or count
knows it.
"""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction

from reportgen.features.overview.values import (
    MEASURES,
    USUAL_FULL_SCORE,
    Distribution,
    FindingCount,
    Item,
    Outlier,
    Overview,
    OverviewRow,
    PeerGroup,
    Trend,
    TrendPoint,
)
from reportgen.model.document import Audience

LEAST = 3
"""Of fewer values there is no statistic: of two each could work out the other from a mean."""
LEAST_FENCED = 5
"""Of fewer values quartiles are hardly more than the values themselves."""
LEAST_EXECUTION, MOST_EXECUTION = Fraction(3, 5), Fraction(1)
"""An execution rate under the one asks for a reason, over the other money was spent that the
budget did not hold, or its base is another."""

_Series = Mapping[int, Fraction]


def compared(audience: Audience, rows: Iterable[OverviewRow]) -> Overview:
    """Return an overview of `rows`, which hold what the audience may see."""
    ordered = tuple(sorted(rows, key=_order))
    groups = tuple(_groups(ordered))
    outliers: list[Outlier] = []
    for group in groups:
        outliers += _beyond_fences(group)
    for row in ordered:
        outliers += _against_sense(row)
    trends = (*_trends_of_reports(ordered), *_trends_of_groups(groups))
    findings = tuple(_totals(ordered))
    return Overview(audience, ordered, groups, tuple(outliers), trends, findings)


def _order(row: OverviewRow) -> tuple[object, ...]:
    """Return by what rows are ordered: the latest year first, those of no known year last."""
    return -(row.year or 0), row.unit, row.unit_name, row.report, row.source


def _groups(rows: Iterable[OverviewRow]) -> Iterator[PeerGroup]:
    """Yield the reports of each kind and year, the latest year first."""
    members: dict[tuple[int, str], list[OverviewRow]] = defaultdict(list)
    for row in rows:
        if row.peers and row.stage != "not built":
            members[-(row.year or 0), row.peers].append(row)
    for (_, peers), group in sorted(members.items()):
        distributions = filter(None, (_distribution(measure, group) for measure in MEASURES))
        yield PeerGroup(peers, group[0].year, tuple(group), tuple(distributions), _grades(group))


def comparable(measure: Item, rows: Iterable[OverviewRow]) -> list[OverviewRow]:
    """Return the rows that state a measure and can be held to each other by it.

    They are those of the dimension that most have, and of scores those out of as much as most of
    them are.
    """
    stated = [row for row in rows if row.figure(measure).value is not None]
    if measure == "score" and stated:
        usual, _ = Counter(map(_full_score, stated)).most_common(1)[0]
        stated = [row for row in stated if _full_score(row) == usual]
    if not stated:
        return []
    dimensions = Counter(row.figure(measure).unit.dimension for row in stated)
    usual_dimension, _ = dimensions.most_common(1)[0]
    return [row for row in stated if row.figure(measure).unit.dimension == usual_dimension]


def _full_score(row: OverviewRow) -> Fraction:
    full = row.figure("full_score").value
    return USUAL_FULL_SCORE if full is None else full


def _distribution(measure: Item, rows: Sequence[OverviewRow]) -> Distribution | None:
    """Return how a measure is distributed, None where fewer than three state it."""
    figures = [row.figure(measure) for row in comparable(measure, rows)]
    values = sorted(figure.value for figure in figures if figure.value is not None)
    if len(values) < LEAST:
        return None
    lower, median, upper = statistics.quantiles(values, method="inclusive")
    reach = (upper - lower) * Fraction(3, 2)
    return Distribution(
        measure,
        tuple(values),
        minimum=values[0],
        lower_quartile=lower,
        median=median,
        upper_quartile=upper,
        maximum=values[-1],
        mean=statistics.mean(values),
        lower_fence=lower - reach,
        upper_fence=upper + reach,
        unit=figures[0].unit,
    )


def _grades(rows: Iterable[OverviewRow]) -> tuple[tuple[str, int], ...]:
    """Return how often each grade is stated, the most frequent first, of three at least."""
    grades = Counter(row.figure("grade").text for row in rows)
    del grades[""]
    return tuple(grades.most_common()) if grades.total() >= LEAST else ()


def _beyond_fences(group: PeerGroup) -> Iterator[Outlier]:
    """Yield the rows of a group that a measure has beyond its fences, of five values at least."""
    for distribution in group.distributions:
        if distribution.count >= LEAST_FENCED:
            for row in comparable(distribution.measure, group.rows):
                yield from _beyond(row, distribution)


def _beyond(row: OverviewRow, peers: Distribution) -> Iterator[Outlier]:
    value = row.figure(peers.measure).value
    if value is None:
        return
    if value < peers.lower_fence:
        yield Outlier(row, peers.measure, "low", peers.lower_fence)
    if value > peers.upper_fence:
        yield Outlier(row, peers.measure, "high", peers.upper_fence)


def _against_sense(row: OverviewRow) -> Iterator[Outlier]:
    """Yield by what a row stands out whatever its peers are."""
    rate = row.figure("execution_rate").value
    if rate is not None and rate < LEAST_EXECUTION:
        yield Outlier(row, "execution_rate", "under_execution", LEAST_EXECUTION)
    if rate is not None and rate > MOST_EXECUTION:
        yield Outlier(row, "execution_rate", "over_execution", MOST_EXECUTION)
    score, full = row.figure("score").value, row.figure("full_score").value
    if score is not None and score == full:
        yield Outlier(row, "score", "full_score")
    change = row.figure("three_public_change").value
    if change is not None and change > 0:
        yield Outlier(row, "three_public_change", "three_public_growth")


def _trends_of_reports(rows: Iterable[OverviewRow]) -> Iterator[Trend]:
    """Yield the measures of each report of a unit that two years at least state."""
    series: dict[tuple[str, ...], dict[int, OverviewRow]] = defaultdict(dict)
    for row in rows:
        unit = row.unit or row.unit_name
        if row.year is not None and unit:
            series[unit, row.report or row.peers, row.part][row.year] = row
    for _, by_year in sorted(series.items()):
        if len(by_year) > 1:
            yield from _trends(by_year)


def _trends(by_year: Mapping[int, OverviewRow]) -> Iterator[Trend]:
    """Yield the measures that two years at least of one report state."""
    for measure in MEASURES:
        stated: dict[int, Fraction] = {}
        for year, each in sorted(by_year.items()):
            value = each.figure(measure).value
            if value is not None:
                stated[year] = value
        if len(stated) > 1:
            row = by_year[max(stated)]
            about = (row.peers, row.unit, row.unit_name, row.report, row.part)
            unit = row.figure(measure).unit
            yield Trend(measure, tuple(_points(stated, {})), *about, counted_in=unit)


def _trends_of_groups(groups: Iterable[PeerGroup]) -> Iterator[Trend]:
    """Yield the medians of each measure over two years at least of like reports."""
    series: dict[tuple[str, Item], dict[int, Distribution]] = defaultdict(dict)
    for group in groups:
        for each in group.distributions if group.year is not None else ():
            series[group.peers, each.measure][group.year or 0] = each
    for (peers, measure), by_year in sorted(series.items()):
        if len(by_year) > 1:
            medians = {year: each.median for year, each in by_year.items()}
            counts = {year: each.count for year, each in by_year.items()}
            unit = by_year[max(by_year)].unit
            yield Trend(measure, tuple(_points(medians, counts)), peers, counted_in=unit)


def _points(values: _Series, counts: Mapping[int, int]) -> Iterator[TrendPoint]:
    """Yield the points of a trend, the earliest first."""
    for year in sorted(values):
        before = values.get(year - 1)
        change = None if before is None else values[year] - before
        yield TrendPoint(year, values[year], change, counts.get(year, 1))


def _totals(rows: Iterable[OverviewRow]) -> list[FindingCount]:
    """Return the findings of all rows by code and severity, the most frequent first."""
    counts: dict[tuple[str, str], FindingCount] = {}
    for row in rows:
        for each in row.findings:
            key = each.code, each.severity
            before = counts[key].count if key in counts else 0
            counts[key] = FindingCount(each.code, each.severity, before + each.count)
    return sorted(counts.values(), key=lambda each: (-each.count, each.code, each.severity))
