"""What an overview says: a row for each report, peer groups, what stands out, trends, as values.

Numbers are exact and as they are printed: a rate of 135.47% is 13547/10000, whatever it was before
it was rounded, so that whoever has the table works out the same statistics.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field
from fractions import Fraction
from typing import Literal, get_args

from reportgen.model.document import Audience
from reportgen.model.frozen import frozen
from reportgen.model.rules import Severity
from reportgen.model.units import ONE, Unit

Stage = Literal["not built", "draft", "final", "published", "audited"]
"""Not built at all; built for those inside alone; built to be final, or for the finance bureau; a
public version stands; or a file of others that was audited."""
STAGES: tuple[Stage, ...] = get_args(Stage)

Item = Literal[
    "score",
    "full_score",
    "grade",
    "execution_rate",
    "three_public",
    "three_public_last",
    "three_public_change",
    "three_public_growth",
]
"""What an overview tells of a report. 三公 change is this year less last year, growth its share of
last year; the others are figures that the pack declares."""
ITEMS: tuple[Item, ...] = get_args(Item)
MEASURES: tuple[Item, ...] = (
    "score",
    "execution_rate",
    "three_public_change",
    "three_public_growth",
)
"""The items of which there are statistics."""

USUAL_FULL_SCORE = Fraction(100)
"""What a score is out of where nothing else is said."""
FigureState = Literal[
    "stated", "withheld", "unprinted", "blank", "undeclared", "unmeasured", "unknown"
]
"""Stated; kept back from the audience; not printed in its version; declared, but without a value in
this report; not declared by its pack; of no unit in an audited file; or not known: not built, built
by an older program, not found in an audited file."""

OutlierKind = Literal[
    "low", "high", "under_execution", "over_execution", "full_score", "three_public_growth"
]
"""Below or above the fences of its peers; an execution rate under 60 % or over 100 %; a score
without any deduction; 三公 above last year's."""


@frozen
class OverviewFigure:
    """A figure of a report: `text` as printed with its unit, and its value in base units.

    A grade has a text alone. Both are empty unless it is `stated`, but for the text of a number
    that is `unmeasured`: of how much money or of which share it is nobody can say.
    """

    text: str = ""
    value: Fraction | None = None
    unit: Unit = ONE
    state: FigureState = "unknown"

    @property
    def number(self) -> Fraction | None:
        """Return the value counted in its unit: 135.47 for 135.47%."""
        return None if self.value is None else self.value / self.unit.factor


UNKNOWN = OverviewFigure()


@frozen
class FindingCount:
    """How many findings of a code and severity there are, of what is not waived."""

    code: str
    severity: Severity
    count: int


@frozen
class OverviewRow:
    """A report of a unit and year, or one of the projects (`part`) that it reports on.

    `source` tells an audited file from others of its unit; `peers` is the group that it is held to.
    `figures` has every item. Of a report of several projects the first row alone has the findings,
    so that they can be added up. `changed` says that its facts or templates are not those that it
    was built from, None where nobody looked. `files` are paths below the folder of builds.
    """

    unit: str
    year: int | None
    report: str
    stage: Stage
    unit_name: str = ""
    title: str = ""
    pack: str = ""
    pack_name: str = ""
    peers: str = ""
    part: str = ""
    source: str = ""
    figures: dict[Item, OverviewFigure] = field(default_factory=dict)
    findings: tuple[FindingCount, ...] = ()
    changed: bool | None = None
    files: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Return what tells it from all other rows: `huaihua/2023/department`, and the project."""
        address = self.source or f"{self.unit}/{self.year}/{self.report}"
        return f"{address} {self.part}".strip()

    def figure(self, item: Item) -> OverviewFigure:
        """Return one of its figures."""
        return self.figures.get(item, UNKNOWN)

    def count(self, severity: Severity) -> int:
        """Return how many findings it has of a severity."""
        return sum(each.count for each in self.findings if each.severity == severity)


@frozen
class Distribution:
    """How a measure is distributed among the rows of a peer group that state it, three at least.

    Quartiles are those of spreadsheets (QUARTILE.INC, type 7 of Hyndman and Fan 1996), the fences
    1.5 times their distance beyond them (Tukey 1977).
    """

    measure: Item
    values: tuple[Fraction, ...]
    minimum: Fraction
    lower_quartile: Fraction
    median: Fraction
    upper_quartile: Fraction
    maximum: Fraction
    mean: Fraction
    lower_fence: Fraction
    upper_fence: Fraction
    unit: Unit = ONE

    @property
    def count(self) -> int:
        """Return of how many rows it is."""
        return len(self.values)


@frozen
class PeerGroup:
    """Reports of one kind and year that are held to each other.

    `rows` are those in it, in their order; `grades` counts each grade that is stated, the most
    frequent first, of three rows at least.
    """

    peers: str
    year: int | None
    rows: tuple[OverviewRow, ...]
    distributions: tuple[Distribution, ...] = ()
    grades: tuple[tuple[str, int], ...] = ()

    def distribution(self, measure: Item) -> Distribution | None:
        """Return how a measure is distributed, None where too few state it."""
        return next((each for each in self.distributions if each.measure == measure), None)


@frozen
class Outlier:
    """A row that stands out by a measure, and why: `bound` is the fence, or the limit of a rule."""

    row: OverviewRow
    measure: Item
    kind: OutlierKind
    bound: Fraction | None = None


@frozen
class TrendPoint:
    """A year of a trend: the value, and by how much it differs from that of the year before.

    `change` is in points or percentage points, None where the year before states none. For a peer
    group the value is the median of `count` rows.
    """

    year: int
    value: Fraction
    change: Fraction | None = None
    count: int = 1


@frozen
class Trend:
    """A measure over two years at least: of one report of a unit, or of a peer group without unit.

    `report` and `part` name the report and its project.
    """

    measure: Item
    points: tuple[TrendPoint, ...]
    peers: str
    unit: str = ""
    unit_name: str = ""
    report: str = ""
    part: str = ""
    counted_in: Unit = ONE


@frozen
class Overview:
    """All that an audience may see of many reports, rows by year, unit and report.

    `findings` adds up those of all rows by code, the most frequent first. For others than those
    inside there are none, nor drafts, nor files.
    """

    audience: Audience
    rows: tuple[OverviewRow, ...] = ()
    groups: tuple[PeerGroup, ...] = ()
    outliers: tuple[Outlier, ...] = ()
    trends: tuple[Trend, ...] = ()
    findings: tuple[FindingCount, ...] = ()

    @property
    def stages(self) -> dict[Stage, int]:
        """Return how many reports are at each stage; projects of one report count once."""
        reports = {(row.unit, row.year, row.report, row.source): row.stage for row in self.rows}
        counts = dict.fromkeys(STAGES, 0)
        for stage in reports.values():
            counts[stage] += 1
        return counts

    @property
    def years(self) -> tuple[int, ...]:
        """Return the years of the rows, the latest first."""
        return tuple(sorted({row.year for row in self.rows if row.year is not None}, reverse=True))

    def outliers_of(self, row: OverviewRow) -> Iterator[Outlier]:
        """Yield by what a row stands out."""
        for outlier in self.outliers:
            if outlier.row is row:
                yield outlier
