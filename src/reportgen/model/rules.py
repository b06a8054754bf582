"""Rules as data: formulas, relations and waivers, read from the YAML of a pack or a report."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Literal

from reportgen.model.frozen import frozen
from reportgen.model.scoring import Scoring, ScoringRule
from reportgen.model.source import Formula, SourceSpan
from reportgen.model.units import Unit

Severity = Literal["error", "warning", "note"]


@frozen
class Metric:
    """How a figure is derived (指标公式).

    With `each`, the formula is worked out once per measure: a name without that measure
    takes it. With `*` in the key, once per row of the table, named `row` in the formula.
    What is None of `unit`, `decimals`, `strip`, `thousands` follows the pack.
    `grades` turns the value into the word of the first band whose floor it reaches.
    """

    key: str
    title: str
    formula: Formula
    span: SourceSpan
    each: tuple[str, ...] = ()
    unit: Unit | None = None
    decimals: int | None = None
    strip: bool | None = None
    thousands: bool | None = None
    basis: str = ""
    grades: tuple[tuple[str, str], ...] = ()


@frozen
class Relation:
    """What must agree with what (勾稽关系): a comparison that has to hold.

    `tolerance` in the unit of the left side overrides the one read from written digits. Where it
    does not hold, both sides in print contradict each other if `contradicts` says so; without it
    those of an equation do, which are two numbers for one thing.
    """

    key: str
    title: str
    claim: Formula
    span: SourceSpan
    each: tuple[str, ...] = ()
    severity: Severity = "error"
    tolerance: str = ""
    help: str = ""
    basis: str = ""
    contradicts: bool | None = None


@frozen
class Allowed:
    """A number typed by hand that is right as it stands, with the reason its authors give.

    It covers the numbers in `text` wherever that stands, or only in files whose path ends
    in `where`.
    """

    text: str
    reason: str
    span: SourceSpan
    where: str = ""


@frozen
class PlausibleRange:
    """Between what a figure is plausible, in base units; without an end there is no limit.

    `*` in `key` stands for a row. `whole` is the key of what it is a part of, `*` in it for the
    same row. Without an end and a whole the figure is not looked at.
    """

    key: str
    reason: str
    span: SourceSpan
    least: Fraction | None = None
    most: Fraction | None = None
    least_text: str = "—"
    most_text: str = "—"
    whole: str = ""

    @property
    def is_lifted(self) -> bool:
        """Return whether it says that a figure may be anything."""
        return self.least is None and self.most is None and not self.whole

    def whole_of(self, key: str) -> str:
        """Return the key of the whole of the figure `key`: of the same rows."""
        rows = iter([part for part, stated in self._parts(key) if stated == "*"])
        parts = [next(rows, part) if part == "*" else part for part in self.whole.split(".")]
        return ".".join(parts)

    def _parts(self, key: str) -> Iterator[tuple[str, str]]:
        """Return the parts of `key`, each with what stands for it in the stated key."""
        return zip(key.split("."), self.key.split("."), strict=False)


@frozen
class DeclaredValues:
    """The texts that a column, or a fact, may hold; `*` in `key` stands for a row."""

    key: str
    texts: tuple[str, ...]
    span: SourceSpan


@frozen
class Rules:
    """All rules of a pack or report: formulas, relations, scoring rules and where they apply.

    `literals` are numbers that texts may hold, `ranges` what figures are plausible, `values` what
    texts columns may hold.
    """

    metrics: tuple[Metric, ...] = ()
    relations: tuple[Relation, ...] = ()
    standards: tuple[ScoringRule, ...] = ()
    scorings: tuple[Scoring, ...] = ()
    literals: tuple[Allowed, ...] = ()
    ranges: tuple[PlausibleRange, ...] = ()
    values: tuple[DeclaredValues, ...] = ()

    def __add__(self, other: Rules) -> Rules:
        """Return these rules and those of `other`."""
        return Rules(
            (*self.metrics, *other.metrics),
            (*self.relations, *other.relations),
            (*self.standards, *other.standards),
            (*self.scorings, *other.scorings),
            (*self.literals, *other.literals),
            (*self.ranges, *other.ranges),
            (*self.values, *other.values),
        )


@frozen
class Published:
    """What a published text printed of a figure; `remark` says why it differs from ours.

    The remark holds for `computed`, what ours was when it was written.
    """

    key: str
    printed: str
    where: str
    remark: str
    span: SourceSpan
    computed: str = ""


@frozen
class Waiver:
    """A finding that the authors know of and accept, with the reason they give.

    It covers findings of `code` whose subject is `subject` (a relation's or figure's key) and that
    say one of the texts of `judged`: the values that were accepted (`135.47% ≤ 100%`). `note` is
    the text by which the report itself tells its readers why two numbers in it differ.
    """

    code: str
    subject: str
    reason: str
    span: SourceSpan
    judged: tuple[str, ...] = ()
    note: str = ""
