"""The schema of rule files (metrics, relations, ranges), and the reading of them into `Rules`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from operator import attrgetter
from typing import Annotated, Protocol, TypeVar, cast

from reportgen.findings import Diagnostics, RelatedLocation, finding
from reportgen.load.fields import (
    DecimalsField,
    KeyField,
    Leaf,
    RequiredTextField,
    TextField,
    WordField,
    YesNoField,
    choice,
)
from reportgen.load.groups import KeyGroup, blank_field, field
from reportgen.load.scoring import ScoringRuleEntry, read_scoring_rules
from reportgen.model.quantity import QuantityError, exact, parse_quantity
from reportgen.model.rules import (
    Allowed,
    DeclaredValues,
    Metric,
    PlausibleRange,
    Relation,
    Rules,
    Severity,
    Waiver,
)
from reportgen.model.scoring import Scoring
from reportgen.model.source import Formula, SourceSpan
from reportgen.model.units import Unit, find_unit


class Grade(KeyGroup):
    """A band of grades: the lowest value that earns the word."""

    floor: RequiredTextField = field(title="下限")
    word: WordField = field(title="等级")


class MetricEntry(KeyGroup):
    """指标公式: how one figure is derived."""

    title: WordField = field(title="名称")
    formula: RequiredTextField = field(title="公式")
    unit: TextField | None = blank_field("单位")
    each: list[WordField] = field(default_factory=list, title="分列", description="逐列计算的口径")
    decimals: DecimalsField | None = blank_field("小数位")
    strip: YesNoField | None = blank_field("去尾零")
    thousands: YesNoField | None = blank_field("千分位")
    basis: TextField | None = blank_field("依据")
    grades: list[Grade] = field(default_factory=list, title="等级")

    @property
    def span(self) -> SourceSpan:
        """Return where the formula stands."""
        return self.formula.span


class RelationEntry(KeyGroup):
    """勾稽关系: a comparison that has to hold."""

    title: WordField = field(title="名称")
    claim: RequiredTextField = field(title="关系")
    each: list[WordField] = field(default_factory=list, title="分列")
    severity: Annotated[str, choice("error", "warning", "note")] = field(
        default="error", title="级别"
    )
    tolerance: WordField = field(default="", title="容差")
    help: WordField = field(default="", title="提示")
    basis: WordField = field(default="", title="依据")
    contradicts: YesNoField | None = blank_field(
        "自相矛盾", "不成立而两边都印出时是否自相矛盾；不写的，等式是，不等式不是"
    )

    @property
    def span(self) -> SourceSpan:
        """Return where what has to hold stands."""
        return self.claim.span


class WaiverEntry(KeyGroup):
    """A finding that the authors know of and accept."""

    code: WordField = field(title="代码")
    subject: WordField = field(title="对象", description="规则或数据的键")
    judged: list[WordField] = field(
        default_factory=list, title="认可的数", description="豁免时的数，由 reportgen waive 写"
    )
    reason: RequiredTextField = field(title="理由")
    note: WordField = field(
        default="", title="正文说明", description="成品里说明两个数不同的那句话"
    )


class LiteralEntry(KeyGroup):
    """A text with numbers that are right as they are typed."""

    text: RequiredTextField = field(title="文字", description="照正文写，含要认可的数")
    reason: RequiredTextField = field(title="理由")
    where: WordField = field(default="", title="位置", description="文件路径的末尾；不写就是各处")


class RangeEntry(KeyGroup):
    """合理范围: between what a figure is plausible; with nothing stated it is not looked at."""

    least: WordField = field(default="", title="最小")
    most: WordField = field(default="", title="最大")
    whole: WordField = field(default="", title="整体", description="键；这个数不得大于它，如批复数")
    reason: RequiredTextField = field(title="理由")

    @property
    def span(self) -> SourceSpan:
        """Return where the reason stands."""
        return self.reason.span


class ScoringEntry(KeyGroup):
    """评分: which rule scores an indicator, and what it looks at."""

    rule: TextField = field(title="标准")
    value: TextField | None = blank_field("取值", "公式")
    target: TextField | None = blank_field("目标值", "公式")
    last: TextField | None = blank_field("上年值", "公式")

    @property
    def span(self) -> SourceSpan:
        """Return where the name of the rule stands."""
        return self.rule.span


class RuleFile(KeyGroup):
    """A file of rules; every part is optional."""

    metrics: dict[KeyField, MetricEntry] = field(default_factory=dict, title="指标公式")
    relations: dict[str, RelationEntry] = field(default_factory=dict, title="勾稽关系")
    scoring_rules: dict[str, ScoringRuleEntry] = field(default_factory=dict, title="评分标准")
    scoring: dict[str, ScoringEntry] = field(default_factory=dict, title="评分")
    literals: list[LiteralEntry] = field(default_factory=list, title="认可的数")
    ranges: dict[KeyField, RangeEntry] = field(
        default_factory=dict, title="合理范围", description="键里的 * 代表各行；什么也不写就是不查"
    )
    values: dict[KeyField, list[RequiredTextField]] = field(
        default_factory=dict, title="可填的值", description="键里的 * 代表各行，如 funds.*.source"
    )


class _Spanned(Protocol):
    """An entry of a rule file, which knows where it stands."""

    @property
    def span(self) -> SourceSpan:
        """Return where the entry stands."""


Entry = TypeVar("Entry", bound=_Spanned)
Rule = TypeVar("Rule")


def read_rules(files: Sequence[RuleFile], log: Diagnostics) -> Rules:
    """Return the rules of `files` together; a key that stands twice is L110 at both places."""
    literals: list[LiteralEntry] = []
    for file in files:
        literals.extend(file.literals)
    metrics = _merged(map(attrgetter("metrics"), files), log)
    relations = _merged(map(attrgetter("relations"), files), log)
    standards = _merged(map(attrgetter("scoring_rules"), files), log)
    scorings = _merged(map(attrgetter("scoring"), files), log)
    ranges = _merged(map(attrgetter("ranges"), files), log)
    return Rules(
        metrics=_each(_metric, metrics, log),
        relations=tuple(map(_relation, relations, relations.values())),
        standards=read_scoring_rules(standards, log),
        scorings=tuple(map(_scoring, scorings, scorings.values())),
        literals=tuple(map(_allowed, literals)),
        ranges=_each(_range, ranges, log),
        values=tuple(_merged([_declared(file.values) for file in files], log).values()),
    )


def _each(
    read: Callable[[str, Entry, Diagnostics], Rule], entries: Mapping[str, Entry], log: Diagnostics
) -> tuple[Rule, ...]:
    """Return the rules that `read` makes of the entries."""
    return tuple(read(key, entry, log) for key, entry in entries.items())


def _merged(parts: Iterable[Mapping[str, Entry]], log: Diagnostics) -> dict[str, Entry]:
    """Return the entries of all files by key, the last of those with one key."""
    merged: dict[str, Entry] = {}
    for part in parts:
        for key, entry in part.items():
            if key in merged:
                first = RelatedLocation(merged[key].span, "first")
                log.add(finding("L110", entry.span, first, key=key))
            merged[key] = entry
    return merged


def formula(leaf: Leaf) -> Formula:
    """Return the text of `leaf` with its place, as a formula or template."""
    return Formula(str(leaf.value or ""), leaf.span)


def _optional_formula(leaf: Leaf | None) -> Formula | None:
    return formula(leaf) if leaf else None


def _metric(key: str, entry: MetricEntry, log: Diagnostics) -> Metric:
    return Metric(
        key=key,
        title=entry.title,
        formula=formula(entry.formula),
        span=entry.span,
        each=tuple(entry.each),
        unit=_unit(entry.unit, log),
        decimals=entry.decimals,
        strip=entry.strip,
        thousands=entry.thousands,
        basis=str(entry.basis.value) if entry.basis else "",
        grades=tuple((_floor(grade.floor, log), grade.word) for grade in entry.grades),
    )


def _unit(leaf: Leaf | None, log: Diagnostics) -> Unit | None:
    """Return the unit that a metric names; one that nobody knows is S208, and none."""
    if leaf is None:
        return None
    text = str(leaf.value)
    unit = None if leaf.value is None else find_unit(text)
    if unit is None:
        log.add(finding("S208", leaf.span, text=text, part=text, title="单位"))
    return unit


def _floor(leaf: Leaf, log: Diagnostics) -> str:
    """Return the number of a floor, `90` of `90分`; what is none is S207, and 0."""
    text = str(leaf.value)
    try:
        floor = parse_quantity(text)
    except QuantityError as error:
        log.add(finding("S207", leaf.span, text=text, part=error.part, title="下限"))
        return "0"
    return exact(floor.value / floor.unit.factor)


def _relation(key: str, entry: RelationEntry) -> Relation:
    return Relation(
        key=key,
        title=entry.title,
        claim=formula(entry.claim),
        span=entry.span,
        each=tuple(entry.each),
        severity=cast(Severity, entry.severity),
        tolerance=entry.tolerance,
        help=entry.help,
        basis=entry.basis,
        contradicts=entry.contradicts,
    )


def _scoring(rating: str, entry: ScoringEntry) -> Scoring:
    return Scoring(
        rating=rating,
        rule=str(entry.rule.value),
        span=entry.span,
        value=_optional_formula(entry.value),
        target=_optional_formula(entry.target),
        last=_optional_formula(entry.last),
    )


def _allowed(entry: LiteralEntry) -> Allowed:
    return Allowed(str(entry.text.value), str(entry.reason.value), entry.text.span, entry.where)


def _range(key: str, entry: RangeEntry, log: Diagnostics) -> PlausibleRange:
    """Return a range whose ends that are no numbers are S207, and none."""
    ends = (_end(entry.least, entry.span, log), _end(entry.most, entry.span, log))
    texts = (entry.least or "—", entry.most or "—")
    return PlausibleRange(key, str(entry.reason.value), entry.span, *ends, *texts, entry.whole)


def _declared(entries: Mapping[str, list[Leaf]]) -> dict[str, DeclaredValues]:
    """Return the texts that columns may hold, by key; an empty list says nothing."""
    declared: dict[str, DeclaredValues] = {}
    for key, leaves in entries.items():
        if leaves:
            texts = tuple(str(leaf.value) for leaf in leaves)
            declared[key] = DeclaredValues(key, texts, leaves[0].span)
    return declared


def _end(text: str, span: SourceSpan, log: Diagnostics) -> Fraction | None:
    if not text:
        return None
    try:
        return parse_quantity(text).value
    except QuantityError as error:
        log.add(finding("S207", span, text=text, part=error.part, title="合理范围"))
        return None


def read_waivers(entries: Iterable[WaiverEntry]) -> tuple[Waiver, ...]:
    """Return the waivers of `entries`."""
    waivers: list[Waiver] = []
    for entry in entries:
        reason = str(entry.reason.value or "")
        span = entry.reason.span
        judged = tuple(entry.judged)
        waivers.append(Waiver(entry.code, entry.subject, reason, span, judged, entry.note))
    return tuple(waivers)
