"""Scoring rules (评分标准) as data: how an indicator's value earns its points.

The vocabulary covers the rules seen in 财预〔2013〕53号's local tables and in the self-evaluation
forms of 财预〔2020〕10号; limits, steps and bands are the pack's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Literal

from reportgen.model.frozen import frozen
from reportgen.model.source import Formula, SourceSpan

ScoringKind = Literal[
    "at_most",
    "at_least",
    "bands",
    "per_case",
    "checklist",
    "proportional",
    "inverse",
    "carry_over",
    "qualitative",
    "by_nature",
    "manual",
]


@frozen
class ValueRange:
    """A range of values in base units; None is open without end."""

    low: Fraction | None
    high: Fraction | None
    low_closed: bool
    high_closed: bool

    def __contains__(self, value: Fraction) -> bool:
        """Return whether `value` lies in the range."""
        return self._reaches_low(value) and self._stays_below_high(value)

    def _reaches_low(self, value: Fraction) -> bool:
        if self.low is None:
            return True
        return value > self.low or (self.low_closed and value == self.low)

    def _stays_below_high(self, value: Fraction) -> bool:
        if self.high is None:
            return True
        return value < self.high or (self.high_closed and value == self.high)


@frozen
class Band:
    """A range of values and the points it earns, as a share of the weight or as points."""

    text: str
    range: ValueRange
    score: Fraction


@frozen
class ScoringRule:
    """One rule. What its kind does not need stays at its default.

    `limit` and `per` are in base units; `off` are the points lost per `per` (or per case).
    `whole` counts only whole steps. `variant` of an inverse indicator is `ratio` (target ÷
    actual) or `linear` (1 − (actual − target) ÷ target, nothing from twice the target on).
    `kept` are the points for a balance not above last year's carry-over. `flag` is the ratio
    from which over-achievement must be explained. `bounds` are the lower ends of the first
    and second qualitative band as shares of the weight.
    """

    name: str
    title: str
    kind: ScoringKind
    span: SourceSpan
    limit: Fraction = Fraction(0)
    off: Fraction = Fraction(0)
    per: Fraction = Fraction(1)
    whole: bool = False
    bands: tuple[Band, ...] = ()
    items: tuple[Fraction, ...] = ()
    variant: Literal["ratio", "linear"] = "ratio"
    kept: Fraction = Fraction(0)
    flag: Fraction | None = None
    bounds: tuple[Fraction, Fraction] = (Fraction(4, 5), Fraction(3, 5))
    reason: str = ""
    text: str = ""
    basis: str = ""


@frozen
class Scoring:
    """Which rule scores an indicator, and the formulas of what the rule looks at.

    `rating` is the id of a row of `ratings`, or with its table that of another: `tasks.roads`.
    A `*` stands for every row that no other scoring names.
    """

    rating: str
    rule: str
    span: SourceSpan
    value: Formula | None = None
    target: Formula | None = None
    last: Formula | None = None

    @property
    def row(self) -> str:
        """Return the key of the row, with `*` for all rows of its table."""
        return self.rating if "." in self.rating else f"ratings.{self.rating}"

    @property
    def table(self) -> str:
        """Return the key of the table that the row stands in."""
        return self.row.rpartition(".")[0]


def scored_rows(
    scorings: Iterable[Scoring], tables: Mapping[str, tuple[str, ...]]
) -> dict[str, Scoring]:
    """Return what scores each row, by its key: what names the row itself before what names all."""
    general: dict[str, Scoring] = {}
    special: dict[str, Scoring] = {}
    for scoring in scorings:
        name = scoring.row.rpartition(".")[2]
        ids = tables.get(scoring.table, ())
        if name == "*":
            general.update((f"{scoring.table}.{each}", scoring) for each in ids)
        elif name in ids:
            special[scoring.row] = scoring
    return general | special
