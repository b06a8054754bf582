"""What stands where in the charts of an overview's page, in percent of the width.

The charts of reports (`write.charts`) are pictures that Typst draws: bars and shares of a few
figures. These have other shapes, and are drawn by the page itself, so that their texts stay texts
and follow the width and the colours of the screen.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from operator import itemgetter

from reportgen.features.overview.peers import LEAST_FENCED, comparable
from reportgen.features.overview.values import (
    Distribution,
    Item,
    Overview,
    OverviewRow,
    PeerGroup,
    Trend,
    TrendPoint,
)
from reportgen.features.overview.words import value_number, value_text
from reportgen.model.frozen import frozen
from reportgen.model.quantity import Shape, shown
from reportgen.model.units import UNITS, Unit
from reportgen.write.charts import nice_step

LONGEST_NAME = 12
"""Characters of a name beside its mark: more would leave a phone's screen."""
_GRADES = ("优", "良", "中", "差")
"""How grades begin, from the best to the worst (财预〔2020〕10号第十七条): 优 or 优秀."""
_HIGH, _LOW = 34.0, 66.0
"""Points from the top of a chart of lines to its greatest and its smallest value."""


class ChartScale:
    """Places of values on an axis: percent of its width, from a round number to another."""

    def __init__(self, low: Fraction, high: Fraction, unit: Unit) -> None:
        self.unit = unit
        low, high = low / unit.factor, high / unit.factor
        self.step = nice_step(high - low)
        self.first, self.last = math.floor(low / self.step), math.ceil(high / self.step)
        if self.first == self.last:  # one value, and no score is above all of them
            self.first -= 1

    def at(self, value: Fraction) -> float:
        """Return where a value in base units stands; one beyond the axis, at its end."""
        steps = value / self.unit.factor / self.step - self.first
        return _percent(min(max(steps / (self.last - self.first), Fraction(0)), Fraction(1)))

    @property
    def ticks(self) -> Iterator[tuple[float, str]]:
        """Yield where the round numbers stand, and their digits."""
        for multiple in range(self.first, self.last + 1):
            value = multiple * self.step * self.unit.factor
            yield self.at(value), value_number(value, self.unit)

    def holds(self, value: Fraction) -> bool:
        """Return whether the axis reaches a value."""
        return self.first <= value / self.unit.factor / self.step <= self.last


@frozen
class OutlierMark:
    """A report in a chart that stands out: where, its name, and whether the axis ends before it.

    `text` says its value where the axis does not.
    """

    at: float
    row: OverviewRow
    text: str = ""

    @property
    def name(self) -> str:
        """Return the name of its unit, short enough to stand beside its mark."""
        name = self.row.unit_name or self.row.unit or self.row.source
        return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"


@frozen
class PeersLine:
    """A peer group in the chart of a measure: a box from quartile to quartile, and its marks.

    The whiskers reach to the outermost values within the fences; of a few reports there is no box,
    and each has a mark.
    """

    group: PeerGroup
    distribution: Distribution
    whiskers: tuple[float, float]
    box: tuple[float, float]
    median: float
    marks: tuple[OutlierMark, ...]

    @property
    def is_boxed(self) -> bool:
        """Return whether there are enough reports for quartiles to say anything."""
        return self.distribution.count >= LEAST_FENCED


@frozen
class PeersChart:
    """Reports of one kind by a measure, a line for each year."""

    peers: str
    unit: Unit
    ticks: tuple[tuple[float, str], ...]
    lines: tuple[PeersLine, ...]


def peers_charts(overview: Overview, measure: Item) -> Iterator[PeersChart]:
    """Yield a chart of a measure for each kind of reports that enough reports state it of."""
    groups: dict[str, list[PeerGroup]] = defaultdict(list)
    for group in overview.groups:
        if group.distribution(measure) is not None:
            groups[group.peers].append(group)
    fenced: dict[int, list[OverviewRow]] = defaultdict(list)
    by_row = _groups_of_rows(overview.groups)
    for outlier in overview.outliers:
        if outlier.measure == measure and outlier.kind in ("low", "high"):
            fenced[by_row[id(outlier.row)]].append(outlier.row)
    for peers, members in sorted(groups.items()):
        yield _peers_chart(peers, measure, members, fenced)


def _groups_of_rows(groups: Iterable[PeerGroup]) -> dict[int, int]:
    """Return which group each row is in, both by what they are and not by what they say."""
    found: dict[int, int] = {}
    for group in groups:
        found |= dict.fromkeys(map(id, group.rows), id(group))
    return found


def _peers_chart(
    peers: str,
    measure: Item,
    groups: Sequence[PeerGroup],
    fenced: Mapping[int, Sequence[OverviewRow]],
) -> PeersChart:
    """Return the chart of like reports; all its lines have one axis."""
    found = list(filter(None, (group.distribution(measure) for group in groups)))
    unit = found[0].unit
    lows, highs = zip(*map(_reach, found), strict=True)
    scale = ChartScale(min(lows), max(highs), unit)
    lines: list[PeersLine] = []
    for group, distribution in zip(groups, found, strict=True):
        marked: Iterable[OverviewRow] = fenced.get(id(group), ())
        if distribution.count < LEAST_FENCED:
            marked = comparable(measure, group.rows)
        marks = tuple(_marks(scale, measure, marked))
        lines.append(_peers_line(scale, group, distribution, marks))
    return PeersChart(peers, unit, tuple(scale.ticks), tuple(lines))


def _reach(distribution: Distribution) -> tuple[Fraction, Fraction]:
    """Return from where to where an axis shows a distribution.

    What lies beyond three times the distance of the quartiles ("far out", Tukey 1977) would press
    all others together, and stands at the end of the axis.
    """
    distance = 3 * (distribution.upper_quartile - distribution.lower_quartile)
    if not distance:
        return distribution.minimum, distribution.maximum
    low = max(distribution.minimum, distribution.lower_quartile - distance)
    return low, min(distribution.maximum, distribution.upper_quartile + distance)


def _peers_line(
    scale: ChartScale,
    group: PeerGroup,
    distribution: Distribution,
    marks: tuple[OutlierMark, ...],
) -> PeersLine:
    """Return the line of a group."""
    values = distribution.values
    lowest = values[bisect_left(values, distribution.lower_fence)]
    highest = values[bisect_right(values, distribution.upper_fence) - 1]
    return PeersLine(
        group,
        distribution,
        whiskers=(scale.at(lowest), scale.at(highest)),
        box=(scale.at(distribution.lower_quartile), scale.at(distribution.upper_quartile)),
        median=scale.at(distribution.median),
        marks=marks,
    )


def _marks(scale: ChartScale, measure: Item, rows: Iterable[OverviewRow]) -> Iterator[OutlierMark]:
    """Yield marks of rows that state a measure, the smallest value first."""
    stated: list[tuple[Fraction, str, OverviewRow]] = []
    for row in rows:
        value = row.figure(measure).value
        if value is not None:
            stated.append((value, row.name, row))
    for value, _, row in sorted(stated, key=itemgetter(0, 1)):
        text = "" if scale.holds(value) else row.figure(measure).text
        yield OutlierMark(scale.at(value), row, text)


@frozen
class GradeShare:
    """A grade among like reports of a year: how many of how many, and how many are of better ones.

    `pattern` tells its piece of the bar from others.
    """

    grade: str
    count: int
    before: int
    whole: int
    pattern: int

    @property
    def start(self) -> float:
        """Return where its piece begins, in percent of the width."""
        return _percent(Fraction(self.before, self.whole))

    @property
    def size(self) -> float:
        """Return how wide its piece is, in percent of the width."""
        return _percent(Fraction(self.count, self.whole))

    @property
    def told(self) -> str:
        """Return its part of the whole."""
        return shown(Fraction(self.count, self.whole), UNITS["%"], Shape(decimals=1))


def grade_shares(group: PeerGroup) -> list[GradeShare]:
    """Return the grades of a group from the best on, as pieces of a bar."""
    whole = sum(dict(group.grades).values())
    shares: list[GradeShare] = []
    before = 0
    for grade, count in sorted(group.grades, key=_rank):
        shares.append(GradeShare(grade, count, before, whole, grade_rank(grade)))
        before += count
    return shares


def _rank(counted: tuple[str, int]) -> tuple[int, str]:
    return grade_rank(counted[0]), counted[0]


def grade_rank(grade: str) -> int:
    """Return the rank of a grade, 0 the best; grades of other names come after these."""
    return _GRADES.index(grade[:1]) if grade[:1] in _GRADES else len(_GRADES)


@frozen
class TrendMark:
    """A year of a trend in its chart: percent from the left, points from the top, its texts."""

    point: TrendPoint
    at: float
    top: float
    text: str


def trend_marks(trend: Trend) -> list[TrendMark]:
    """Return the points of a trend as they stand in its chart, the earliest at the left."""
    values = [point.value for point in trend.points]
    low, high = min(values), max(values)
    first = trend.points[0].year
    years = trend.points[-1].year - first
    marks: list[TrendMark] = []
    for point in trend.points:
        share = float((point.value - low) / (high - low)) if high > low else 0.5
        text = value_text(trend.measure, point.value, trend.counted_in)
        at = _percent(Fraction(point.year - first, years))
        marks.append(TrendMark(point, at, round(_LOW - share * (_LOW - _HIGH), 1), text))
    return marks


def _percent(share: Fraction) -> float:
    return round(float(share * 100), 2)
