"""The schema of rules (metrics and relations) in packs and reports, and their reading."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction
from typing import Annotated, cast

from pydantic import Field

from reportgen.findings import Diagnostics, RelatedLocation, finding
from reportgen.load.fields import (
    DecimalsField,
    KeyField,
    KeyGroup,
    Leaf,
    RequiredTextField,
    TextField,
    WordField,
    YesNoField,
    blank_field,
    choice,
)
from reportgen.model.quantity import QuantityError, exact, parse_quantity
from reportgen.model.rules import Allowed, Metric, Relation, Rules, Severity, Waiver
from reportgen.model.scoring import Band, Scoring, ScoringKind, ScoringRule, ValueRange
from reportgen.model.source import Formula, SourceSpan
from reportgen.model.units import Unit, find_unit


class MetricEntry(KeyGroup):
    """指标公式: how one figure is derived."""

    title: WordField = Field(title="名称")
    formula: RequiredTextField = Field(title="公式")
    unit: TextField | None = blank_field("单位")
    each: list[WordField] = Field(default_factory=list, title="分列", description="逐列计算的口径")
    decimals: DecimalsField | None = blank_field("小数位")
    strip: YesNoField | None = blank_field("去尾零")
    thousands: YesNoField | None = blank_field("千分位")
    basis: TextField | None = blank_field("依据")
    grades: list[Grade] = Field(default_factory=list, title="等级")


class Grade(KeyGroup):
    """A band of grades: the lowest value that earns the word."""

    floor: RequiredTextField = Field(title="下限")
    word: WordField = Field(title="等级")


class RelationEntry(KeyGroup):
    """勾稽关系: a comparison that has to hold."""

    title: WordField = Field(title="名称")
    claim: RequiredTextField = Field(title="关系")
    each: list[WordField] = Field(default_factory=list, title="分列")
    severity: Annotated[str, choice("error", "warning", "note")] = Field(
        default="error", title="级别"
    )
    tolerance: WordField = Field(default="", title="容差")
    help: WordField = Field(default="", title="提示")
    basis: WordField = Field(default="", title="依据")


class WaiverEntry(KeyGroup):
    """A finding that the authors know of and accept."""

    code: WordField = Field(title="代码")
    subject: WordField = Field(title="对象", description="规则或数据的键")
    reason: RequiredTextField = Field(title="理由")


class LiteralEntry(KeyGroup):
    """A text with numbers that are right as they are typed."""

    text: RequiredTextField = Field(title="文字", description="照正文写，含要认可的数")
    reason: RequiredTextField = Field(title="理由")
    where: WordField = Field(default="", title="位置", description="文件路径的末尾；不写就是各处")


def read_metrics(
    entries: Iterable[tuple[str, MetricEntry]], log: Diagnostics
) -> tuple[Metric, ...]:
    """Return the metrics of `entries`; the log gets units that nobody knows (S208)."""
    result = []
    for key, entry in entries:
        unit = _unit(entry.unit)
        if entry.unit and unit is None:
            text = str(entry.unit.value)
            log.add(finding("S208", entry.unit.span, text=text, part=text, title="单位"))
        grades = [(_floor(grade.floor, log), grade.word) for grade in entry.grades]
        result.append(
            Metric(
                key=key,
                title=entry.title,
                formula=formula(entry.formula),
                span=entry.formula.span,
                each=tuple(entry.each),
                unit=unit,
                decimals=entry.decimals,
                strip=entry.strip,
                thousands=entry.thousands,
                basis=str(entry.basis.value) if entry.basis else "",
                grades=tuple(grades),
            )
        )
    return tuple(result)


def _floor(leaf: Leaf, log: Diagnostics) -> str:
    """Return the number of a floor, `90` of `90分`; what is none is S207, and 0."""
    text = str(leaf.value)
    try:
        floor = parse_quantity(text)
    except QuantityError as error:
        log.add(finding("S207", leaf.span, text=text, part=error.part, title="下限"))
        return "0"
    return exact(floor.value / floor.unit.factor)


def read_relations(entries: Iterable[tuple[str, RelationEntry]]) -> tuple[Relation, ...]:
    """Return the relations of `entries`."""
    return tuple(
        Relation(
            key=key,
            title=entry.title,
            claim=formula(entry.claim),
            span=entry.claim.span,
            each=tuple(entry.each),
            severity=cast(Severity, entry.severity),
            tolerance=entry.tolerance,
            help=entry.help,
            basis=entry.basis,
        )
        for key, entry in entries
    )


def read_waivers(entries: Iterable[WaiverEntry]) -> tuple[Waiver, ...]:
    """Return the waivers of `entries`."""
    return tuple(
        Waiver(e.code, e.subject, str(e.reason.value or ""), e.reason.span) for e in entries
    )


def read_literals(entries: Iterable[LiteralEntry]) -> tuple[Allowed, ...]:
    """Return the allow list of `entries`."""
    return tuple(
        Allowed(str(e.text.value), str(e.reason.value), e.text.span, e.where) for e in entries
    )


def formula(leaf: Leaf) -> Formula:
    """Return the text of `leaf` with its place, as a formula or template."""
    return Formula(str(leaf.value or ""), leaf.span)


def _unit(leaf: Leaf | None) -> Unit | None:
    return find_unit(str(leaf.value)) if leaf and leaf.value is not None else None


KINDS = (
    *("at_most", "at_least", "bands", "per_case", "checklist", "proportional"),
    *("inverse", "carry_over", "qualitative", "manual"),
)
_RANGE = re.compile(r"([\[(])\s*([^,]*?)\s*,\s*([^,]*?)\s*([\])])")


class BandEntry(KeyGroup):
    """档: a range of values and the points it earns."""

    range: WordField = Field(title="区间", description="如 [90%, ) 、[80%, 90%)；方括号含端点")
    score: WordField = Field(title="得分")


class ScoringRuleEntry(KeyGroup):
    """评分标准: how a value earns points."""

    title: TextField = Field(title="名称")
    kind: Annotated[str, choice(*KINDS)] = Field(title="方式")
    text: WordField = Field(default="", title="标准原文", description="评分表里印出的标准")
    limit: WordField = Field(default="0", title="界限")
    off: WordField = Field(default="0", title="每步扣分")
    per: WordField = Field(default="1", title="每步", description="如 1%")
    whole: YesNoField = Field(default=False, title="只计整步")
    bands: list[BandEntry] = Field(default_factory=list, title="分档")
    items: list[WordField] = Field(default_factory=list, title="要点分值")
    variant: Annotated[str, choice("ratio", "linear")] = Field(default="ratio", title="反向算法")
    kept: WordField = Field(default="0", title="不超上年结转得分")
    flag: WordField = Field(default="", title="超额提示线", description="如 130%")
    bounds: list[WordField] = Field(
        default_factory=list, title="定性分档下限", description="如 80%、60%"
    )
    reason: WordField = Field(default="", title="人工评分理由")
    basis: WordField = Field(default="", title="依据")


class ScoringEntry(KeyGroup):
    """评分: which rule scores an indicator, and what it looks at."""

    rule: TextField = Field(title="标准")
    value: TextField | None = blank_field("取值", "公式")
    target: TextField | None = blank_field("目标值", "公式")
    last: TextField | None = blank_field("上年值", "公式")


def read_scoring_rules(
    entries: Iterable[tuple[str, ScoringRuleEntry]], log: Diagnostics
) -> tuple[ScoringRule, ...]:
    """Return the scoring rules of `entries`; the log gets numbers that are none (S207)."""
    reader = _Numbers(log)
    rules: list[ScoringRule] = []
    for name, entry in entries:
        reader.span = entry.title.span
        bounds = [reader.number(text) for text in entry.bounds] or [Fraction(4, 5), Fraction(3, 5)]
        rules.append(
            ScoringRule(
                name=name,
                title=str(entry.title.value),
                kind=cast(ScoringKind, entry.kind),
                span=entry.title.span,
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
    return tuple(rules)


def read_scorings(entries: Iterable[tuple[str, ScoringEntry]]) -> tuple[Scoring, ...]:
    """Return which rule scores each rating, by the rating's id."""
    return tuple(
        Scoring(
            rating=rating,
            rule=str(entry.rule.value),
            span=entry.rule.span,
            value=formula(entry.value) if entry.value else None,
            target=formula(entry.target) if entry.target else None,
            last=formula(entry.last) if entry.last else None,
        )
        for rating, entry in entries
    )


class _Numbers:
    """Reads the numbers of rules; what is none becomes a finding at the rule."""

    def __init__(self, log: Diagnostics) -> None:
        self.log = log
        self.span = SourceSpan("-")

    def number(self, text: str) -> Fraction:
        """Return the value of `text` in base units, 0 with a finding if it is no number."""
        try:
            return parse_quantity(text).value
        except QuantityError as error:
            self.log.add(finding("S207", self.span, text=text, part=error.part, title="评分标准"))
            return Fraction(0)

    def band(self, entry: BandEntry) -> Band:
        """Return the band of `entry`; `[a, b)` holds a and not b, an empty end is open."""
        match = _RANGE.fullmatch(entry.range)
        if match is None:
            self.log.add(
                finding(
                    "S207", self.span, text=entry.range, part=entry.range, title="评分标准·区间"
                )
            )
            return Band(entry.range, ValueRange(None, None, False, False), Fraction(0))
        low, high = (self.number(part) if part else None for part in match.group(2, 3))
        limits = ValueRange(low, high, match[1] == "[", match[4] == "]")
        return Band(entry.range, limits, self.number(entry.score))


class RuleFile(KeyGroup):
    """A file of rules; every part is optional."""

    metrics: dict[KeyField, MetricEntry] = Field(default_factory=dict, title="指标公式")
    relations: dict[str, RelationEntry] = Field(default_factory=dict, title="勾稽关系")
    scoring_rules: dict[str, ScoringRuleEntry] = Field(default_factory=dict, title="评分标准")
    scoring: dict[str, ScoringEntry] = Field(default_factory=dict, title="评分")
    literals: list[LiteralEntry] = Field(default_factory=list, title="认可的数")


def rulebook(files: Iterable[RuleFile], log: Diagnostics) -> Rules:
    """Return the rules of `files` together; a key that stands twice is L110 at both places."""
    metrics: dict[str, MetricEntry] = {}
    relations: dict[str, RelationEntry] = {}
    standards: dict[str, ScoringRuleEntry] = {}
    scorings: dict[str, ScoringEntry] = {}
    literals: list[LiteralEntry] = []

    def put(key: str, span: SourceSpan, first: SourceSpan | None) -> None:
        if first is not None:
            log.add(finding("L110", span, RelatedLocation(first, "first"), key=key))

    for file in files:
        for key, metric in file.metrics.items():
            put(key, metric.formula.span, metrics[key].formula.span if key in metrics else None)
            metrics[key] = metric
        for key, relation in file.relations.items():
            put(key, relation.claim.span, relations[key].claim.span if key in relations else None)
            relations[key] = relation
        for key, standard in file.scoring_rules.items():
            put(key, standard.title.span, standards[key].title.span if key in standards else None)
            standards[key] = standard
        for key, entry in file.scoring.items():
            put(key, entry.rule.span, scorings[key].rule.span if key in scorings else None)
            scorings[key] = entry
        literals += file.literals
    return Rules(
        metrics=read_metrics(metrics.items(), log),
        relations=read_relations(relations.items()),
        standards=read_scoring_rules(standards.items(), log),
        scorings=read_scorings(scorings.items()),
        literals=read_literals(literals),
    )
