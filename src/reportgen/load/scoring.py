"""Reads scoring rules (评分标准): how a value earns points."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Annotated, cast

from reportgen.findings import Diagnostics, finding
from reportgen.load.fields import TextField, WordField, YesNoField, choice
from reportgen.load.groups import KeyGroup, field
from reportgen.model.frozen import frozen
from reportgen.model.quantity import QuantityError, parse_quantity
from reportgen.model.scoring import Band, ScoringKind, ScoringRule, ValueRange
from reportgen.model.source import SourceSpan

KINDS = (
    *("at_most", "at_least", "bands", "per_case", "checklist", "proportional"),
    *("inverse", "carry_over", "qualitative", "by_nature", "manual"),
)


class BandEntry(KeyGroup):
    """档: a range of values and the points it earns."""

    range: WordField = field(title="区间", description="如 [90%, ) 、[80%, 90%)；方括号含端点")
    score: WordField = field(title="得分")


class ScoringRuleEntry(KeyGroup):
    """评分标准: how a value earns points."""

    title: TextField = field(title="名称")
    kind: Annotated[str, choice(*KINDS)] = field(title="方式")
    text: WordField = field(default="", title="标准原文", description="评分表里印出的标准")
    limit: WordField = field(default="0", title="界限")
    off: WordField = field(default="0", title="每步扣分")
    per: WordField = field(default="1", title="每步", description="如 1%")
    whole: YesNoField = field(default=False, title="只计整步")
    bands: list[BandEntry] = field(default_factory=list, title="分档")
    items: list[WordField] = field(default_factory=list, title="要点分值")
    variant: Annotated[str, choice("ratio", "linear")] = field(default="ratio", title="反向算法")
    kept: WordField = field(default="0", title="不超上年结转得分")
    flag: WordField = field(default="", title="超额提示线", description="如 130%")
    bounds: list[WordField] = field(
        default_factory=list, title="定性分档下限", description="如 80%、60%"
    )
    reason: WordField = field(default="", title="人工评分理由")
    basis: WordField = field(default="", title="依据")

    @property
    def span(self) -> SourceSpan:
        """Return where the title stands."""
        return self.title.span


_RANGE = re.compile(r"([\[(])([^,]*),([^,]*)([\])])")
_DEFAULT_BOUNDS = (Fraction(4, 5), Fraction(3, 5))


def read_scoring_rules(
    entries: Mapping[str, ScoringRuleEntry], log: Diagnostics
) -> tuple[ScoringRule, ...]:
    """Return the scoring rules of `entries` by name; the log gets numbers that are none (S207)."""
    return tuple(_scoring_rule(name, entry, log) for name, entry in entries.items())


def _scoring_rule(name: str, entry: ScoringRuleEntry, log: Diagnostics) -> ScoringRule:
    numbers = _RuleNumbers(entry.span, log)
    bounds = numbers.all(entry.bounds) or _DEFAULT_BOUNDS
    return ScoringRule(
        name=name,
        title=str(entry.title.value),
        kind=cast(ScoringKind, entry.kind),
        span=entry.span,
        limit=numbers.one(entry.limit),
        off=numbers.one(entry.off),
        per=numbers.one(entry.per) or Fraction(1),
        whole=entry.whole,
        bands=tuple(map(numbers.band, entry.bands)),
        items=numbers.all(entry.items),
        variant="linear" if entry.variant == "linear" else "ratio",
        kept=numbers.one(entry.kept),
        flag=numbers.optional(entry.flag),
        bounds=(bounds[0], bounds[-1]),
        reason=entry.reason,
        text=entry.text,
        basis=entry.basis,
    )


@frozen
class _RuleNumbers:
    """Reads the numbers of a scoring rule; what is none becomes a finding at the rule."""

    span: SourceSpan
    log: Diagnostics

    def one(self, text: str) -> Fraction:
        """Return the value of `text` in base units, 0 with a finding if it is no number."""
        try:
            return parse_quantity(text).value
        except QuantityError as error:
            self.log.add(finding("S207", self.span, text=text, part=error.part, title="评分标准"))
            return Fraction(0)

    def all(self, texts: Iterable[str]) -> tuple[Fraction, ...]:
        return tuple(map(self.one, texts))

    def optional(self, text: str) -> Fraction | None:
        return self.one(text) if text else None

    def band(self, entry: BandEntry) -> Band:
        """Return the band of `entry`; `[a, b)` holds a and not b, an empty end is open."""
        text = entry.range
        match = _RANGE.fullmatch(text)
        if match is None:
            title = "评分标准·区间"
            self.log.add(finding("S207", self.span, text=text, part=text, title=title))
            return Band(text, ValueRange(None, None, False, False), Fraction(0))
        left, low, high, right = match.groups()
        limits = ValueRange(
            self.optional(low.strip()), self.optional(high.strip()), left == "[", right == "]"
        )
        return Band(text, limits, self.one(entry.score))
