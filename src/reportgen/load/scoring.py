"""The schema of scoring rules (评分标准), and their reading."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction
from typing import Annotated, cast

from pydantic import Field

from reportgen.findings import Finding, finding
from reportgen.load.fields import Text, Word, YesNo, choice
from reportgen.load.rules import formula
from reportgen.load.section import Section, blank_field
from reportgen.model.quantity import QuantityError, parse_quantity
from reportgen.model.scoring import Band, Interval, Scoring, ScoringKind, ScoringRule
from reportgen.model.source import Mark

KINDS = (
    *("at_most", "at_least", "bands", "per_case", "checklist", "proportional"),
    *("inverse", "carry_over", "qualitative", "manual"),
)
_RANGE = re.compile(r"([\[(])\s*([^,]*?)\s*,\s*([^,]*?)\s*([\])])")


class BandEntry(Section):
    """档: a range of values and the points it earns."""

    range: Word = Field(title="区间", description="如 [90%, ) 、[80%, 90%)；方括号含端点")
    score: Word = Field(title="得分")


class ScoringRuleEntry(Section):
    """评分标准: how a value earns points."""

    title: Text = Field(title="名称")
    kind: Annotated[str, choice(*KINDS)] = Field(title="方式")
    text: Word = Field(default="", title="标准原文", description="评分表里印出的标准")
    limit: Word = Field(default="0", title="界限")
    off: Word = Field(default="0", title="每步扣分")
    per: Word = Field(default="1", title="每步", description="如 1%")
    whole: YesNo = Field(default=False, title="只计整步")
    bands: list[BandEntry] = Field(default_factory=list, title="分档")
    items: list[Word] = Field(default_factory=list, title="要点分值")
    variant: Annotated[str, choice("ratio", "linear")] = Field(default="ratio", title="反向算法")
    kept: Word = Field(default="0", title="不超上年结转得分")
    flag: Word = Field(default="", title="超额提示线", description="如 130%")
    bounds: list[Word] = Field(
        default_factory=list, title="定性分档下限", description="如 80%、60%"
    )
    reason: Word = Field(default="", title="人工评分理由")
    basis: Word = Field(default="", title="依据")


class ScoringEntry(Section):
    """评分: which rule scores an indicator, and what it looks at."""

    rule: Text = Field(title="标准")
    value: Text | None = blank_field("取值", "公式")
    target: Text | None = blank_field("目标值", "公式")
    last: Text | None = blank_field("上年值", "公式")


def read_scoring_rules(
    entries: Iterable[tuple[str, ScoringRuleEntry]],
) -> tuple[tuple[ScoringRule, ...], tuple[Finding, ...]]:
    """Return the scoring rules of `entries`, with findings S207 for numbers that are none."""
    reader = _Numbers()
    rules: list[ScoringRule] = []
    for name, entry in entries:
        reader.mark = entry.title.mark
        bounds = [reader.number(text) for text in entry.bounds] or [Fraction(4, 5), Fraction(3, 5)]
        rules.append(
            ScoringRule(
                name=name,
                title=str(entry.title.value),
                kind=cast(ScoringKind, entry.kind),
                mark=entry.title.mark,
                limit=reader.number(entry.limit),
                off=reader.number(entry.off),
                per=reader.number(entry.per) or Fraction(1),
                whole=entry.whole,
                bands=tuple(reader.band(band) for band in entry.bands),
                items=tuple(reader.number(text) for text in entry.items),
                variant="linear" if entry.variant == "linear" else "ratio",
                kept=reader.number(entry.kept),
                flag=reader.number(entry.flag) if entry.flag else None,
                bounds=(bounds[0], bounds[-1]),
                reason=entry.reason,
                text=entry.text,
                basis=entry.basis,
            )
        )
    return tuple(rules), tuple(reader.findings)


def read_scorings(entries: Iterable[tuple[str, ScoringEntry]]) -> tuple[Scoring, ...]:
    """Return which rule scores each rating, by the rating's id."""
    return tuple(
        Scoring(
            rating=rating,
            rule=str(entry.rule.value),
            mark=entry.rule.mark,
            value=formula(entry.value) if entry.value else None,
            target=formula(entry.target) if entry.target else None,
            last=formula(entry.last) if entry.last else None,
        )
        for rating, entry in entries
    )


class _Numbers:
    """Reads the numbers of rules; what is none becomes a finding at the rule."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.mark = Mark("-")

    def number(self, text: str) -> Fraction:
        """Return the value of `text` in base units, 0 with a finding if it is no number."""
        try:
            return parse_quantity(text).value
        except QuantityError as error:
            self.findings.append(
                finding("S207", self.mark, text=text, part=error.part, title="评分标准")
            )
            return Fraction(0)

    def band(self, entry: BandEntry) -> Band:
        """Return the band of `entry`; `[a, b)` holds a and not b, an empty end is open."""
        match = _RANGE.fullmatch(entry.range)
        if match is None:
            self.findings.append(
                finding(
                    "S207", self.mark, text=entry.range, part=entry.range, title="评分标准·区间"
                )
            )
            return Band(entry.range, Interval(None, None, False, False), Fraction(0))
        low, high = (self.number(part) if part else None for part in match.group(2, 3))
        limits = Interval(low, high, match[1] == "[", match[4] == "]")
        return Band(entry.range, limits, self.number(entry.score))
