"""The schema of rules (metrics and relations) in packs and reports, and their reading."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, cast

from pydantic import Field

from reportgen.findings import Finding, finding
from reportgen.load.fields import Decimals, Given, Text, Word, YesNo, choice
from reportgen.load.leaves import Leaf
from reportgen.load.section import Section, blank_field
from reportgen.model.formula import Formula
from reportgen.model.quantity import QuantityError, exact, parse_quantity
from reportgen.model.rules import Allowed, Metric, Relation, Severity, Waiver
from reportgen.model.units import Unit, find_unit


class MetricEntry(Section):
    """指标公式: how one figure is derived."""

    title: Word = Field(title="名称")
    formula: Given = Field(title="公式")
    unit: Text | None = blank_field("单位")
    each: list[Word] = Field(default_factory=list, title="分列", description="逐列计算的口径")
    decimals: Decimals | None = blank_field("小数位")
    strip: YesNo | None = blank_field("去尾零")
    thousands: YesNo | None = blank_field("千分位")
    basis: Text | None = blank_field("依据")
    grades: list[Grade] = Field(default_factory=list, title="等级")


class Grade(Section):
    """A band of grades: the lowest value that earns the word."""

    floor: Given = Field(title="下限")
    word: Word = Field(title="等级")


class RelationEntry(Section):
    """勾稽关系: a comparison that has to hold."""

    title: Word = Field(title="名称")
    claim: Given = Field(title="关系")
    each: list[Word] = Field(default_factory=list, title="分列")
    severity: Annotated[str, choice("error", "warning", "note")] = Field(
        default="error", title="级别"
    )
    tolerance: Word = Field(default="", title="容差")
    help: Word = Field(default="", title="提示")
    basis: Word = Field(default="", title="依据")


class WaiverEntry(Section):
    """A finding that the authors know of and accept."""

    code: Word = Field(title="代码")
    subject: Word = Field(title="对象", description="规则或数据的键")
    reason: Given = Field(title="理由")


class LiteralEntry(Section):
    """A text with numbers that are right as they are typed."""

    text: Given = Field(title="文字", description="照正文写，含要认可的数")
    reason: Given = Field(title="理由")
    where: Word = Field(default="", title="位置", description="文件路径的末尾；不写就是各处")


def read_metrics(
    entries: Iterable[tuple[str, MetricEntry]],
) -> tuple[tuple[Metric, ...], tuple[Finding, ...]]:
    """Return the metrics of `entries`, with findings for units nobody knows (S208)."""
    result, findings = [], []
    for key, entry in entries:
        unit = _unit(entry.unit)
        if entry.unit and unit is None:
            text = str(entry.unit.value)
            findings.append(finding("S208", entry.unit.mark, text=text, part=text, title="单位"))
        grades = []
        for grade in entry.grades:
            floor, found = _floor(grade.floor)
            findings.extend(found)
            grades.append((floor, grade.word))
        result.append(
            Metric(
                key=key,
                title=entry.title,
                formula=formula(entry.formula),
                mark=entry.formula.mark,
                each=tuple(entry.each),
                unit=unit,
                decimals=entry.decimals,
                strip=entry.strip,
                thousands=entry.thousands,
                basis=str(entry.basis.value) if entry.basis else "",
                grades=tuple(grades),
            )
        )
    return tuple(result), tuple(findings)


def _floor(leaf: Leaf) -> tuple[str, tuple[Finding, ...]]:
    """Return the number of a floor, `90` of `90分`, or S207 where it is none."""
    text = str(leaf.value)
    try:
        floor = parse_quantity(text)
    except QuantityError as error:
        return "0", (finding("S207", leaf.mark, text=text, part=error.part, title="下限"),)
    return exact(floor.value / floor.unit.factor), ()


def read_relations(entries: Iterable[tuple[str, RelationEntry]]) -> tuple[Relation, ...]:
    """Return the relations of `entries`."""
    return tuple(
        Relation(
            key=key,
            title=entry.title,
            claim=formula(entry.claim),
            mark=entry.claim.mark,
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
        Waiver(e.code, e.subject, str(e.reason.value or ""), e.reason.mark) for e in entries
    )


def read_literals(entries: Iterable[LiteralEntry]) -> tuple[Allowed, ...]:
    """Return the allow list of `entries`."""
    return tuple(
        Allowed(str(e.text.value), str(e.reason.value), e.text.mark, e.where) for e in entries
    )


def formula(leaf: Leaf) -> Formula:
    """Return the text of `leaf` with its place, as a formula or template."""
    return Formula(str(leaf.value or ""), leaf.mark)


def _unit(leaf: Leaf | None) -> Unit | None:
    return find_unit(str(leaf.value)) if leaf and leaf.value is not None else None
