"""The schema of charts in a pack."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Annotated, cast

from pydantic import Field

from reportgen.findings import Diagnostics, Finding, RelatedLocation, finding
from reportgen.load import rules
from reportgen.load.disclosure import Disclosure, read_policy
from reportgen.load.fields import (
    DecimalsField,
    KeyGroup,
    RequiredTextField,
    TextField,
    WholeNumberField,
    WordField,
    YesNoField,
    blank_field,
    choice,
)
from reportgen.load.reading import read_model
from reportgen.load.rules import RuleFile, rulebook
from reportgen.model import pack as model
from reportgen.model.document import Audience
from reportgen.model.pack import ChartRule
from reportgen.model.quantity import Shape
from reportgen.model.rules import Rules
from reportgen.model.source import SourceSpan
from reportgen.model.units import UNITS, find_unit
from reportgen.project.source_files import SourceFiles


class ChartItem(KeyGroup):
    """A category of a chart."""

    id: WordField = Field(title="标识")
    title: WordField = Field(title="名称")


class ChartSeries(KeyGroup):
    """A series of a chart."""

    key: WordField = Field(title="键", description="* 处是行或类的标识，如 funds.*.outturn")
    title: WordField = Field(title="名称")


class ChartEntry(KeyGroup):
    """A chart: figures by reference, drawn from the same values that are printed."""

    id: WordField = Field(title="标识")
    title: RequiredTextField = Field(title="标题")
    kind: Annotated[str, choice("bars", "share")] = Field(
        default="bars", title="样式", description="bars 并列条形；share 构成"
    )
    rows: WordField = Field(default="", title="表", description="各行是类；或者用 items 列出")
    items: list[ChartItem] = Field(default_factory=list, title="类")
    series: list[ChartSeries] = Field(title="系列")
    limit: WholeNumberField = Field(default=0, title="最多几类", description="按第一个系列从大到小")
    audience: list[Annotated[str, choice("internal", "submit", "public")]] = Field(
        default_factory=lambda: ["internal"], title="读者"
    )


def chart_rules(entries: list[ChartEntry]) -> tuple[ChartRule, ...]:
    """Return the charts as values."""
    return tuple(
        ChartRule(
            id=entry.id,
            title=str(entry.title.value),
            kind="share" if entry.kind == "share" else "bars",
            table=entry.rows,
            items=tuple((item.id, item.title) for item in entry.items),
            series=tuple((series.key, series.title) for series in entry.series),
            span=entry.title.span,
            limit=entry.limit,
            audiences=tuple(cast("Audience", each) for each in entry.audience),
        )
        for entry in entries
    )


NUMBERING = ("{cn}、", "（{cn}）", "{n}.", "（{n}）")
"""Heading numbers of official documents, GB/T 9704-2012, 7.3.3: 一、 （一） 1. （1）."""


class SectionEntry(KeyGroup):
    """A prescribed section of the outline."""

    title: RequiredTextField = Field(title="标题")
    id: WordField = Field(title="标识", description="正文文件名")
    text: Annotated[str, choice("narrative", "pack", "none")] = Field(
        default="narrative",
        title="正文",
        description="narrative 由单位撰写；pack 由模板给出；none 无",
    )
    sections: list[SectionEntry] = Field(default_factory=list, title="下级")


class FormEntry(KeyGroup):
    """What a form must show."""

    name: RequiredTextField = Field(title="表")
    columns: WholeNumberField = Field(title="列数")
    labels: list[WordField] = Field(
        default_factory=list, title="必有栏目", description="按出现次序"
    )


class AnnexEntry(KeyGroup):
    """A prescribed annex."""

    title: RequiredTextField = Field(title="标题")
    body: WordField = Field(title="正文文件")
    landscape: YesNoField = Field(default=False, title="横排")
    label: WordField = Field(
        default="", title="序号", description="如 附件3-2；不写就是 附件1、附件2"
    )
    forms: list[FormEntry] = Field(default_factory=list, title="表")


class FormatsEntry(KeyGroup):
    """How derived figures are printed."""

    money_unit: WordField = Field(default="万元", title="金额单位")
    money_decimals: DecimalsField = Field(default=2, title="金额小数位")
    percent_decimals: DecimalsField = Field(default=2, title="百分比小数位")
    strip: YesNoField = Field(default=True, title="去尾零")
    thousands: YesNoField = Field(default=False, title="千分位")
    blank: WordField = Field(default="", title="空值写法")


class CoverField(KeyGroup):
    """A line of a cover."""

    label: RequiredTextField = Field(title="栏目")
    value: TextField = Field(title="内容")


class CoverEntry(KeyGroup):
    """封面: the report's title stands above its fields."""

    fields: list[CoverField] = Field(title="栏目")
    foot: TextField | None = blank_field("页脚文字", "如 某市财政局（制）")
    title: list[RequiredTextField] = Field(default_factory=list, title="正文标题")


class PackFile(KeyGroup):
    """模板包: the prescribed structure of one kind of report from one authority."""

    name: RequiredTextField = Field(title="名称")
    authority: WordField = Field(title="制定机关")
    basis: WordField = Field(title="依据")
    subject: WordField = Field(title="主题")
    title: list[RequiredTextField] = Field(title="报告标题")
    signature: list[TextField] = Field(default_factory=list, title="落款")
    opening: Annotated[str, choice("narrative", "pack", "none")] = Field(
        default="none", title="引言", description="标题下、第一个标题前的一段"
    )
    outline: list[SectionEntry] = Field(title="提纲")
    annexes: list[AnnexEntry] = Field(default_factory=list, title="附件")
    forms: list[FormEntry] = Field(
        default_factory=list, title="正文表", description="正文里必有的表"
    )
    formats: FormatsEntry = Field(default_factory=FormatsEntry, title="数字格式")
    numbering: list[WordField] = Field(default_factory=lambda: list(NUMBERING), title="层次序号")
    rules: list[RequiredTextField] = Field(default_factory=list, title="规则文件")
    requires: list[RequiredTextField] = Field(default_factory=list, title="必填")
    required_texts: list[WordField] = Field(default_factory=list, title="必有文字")
    disclosure: Disclosure | None = blank_field("公开")
    charts: list[ChartEntry] = Field(default_factory=list, title="图表")
    cover: CoverEntry | None = blank_field("封面")


def load_pack(files: SourceFiles, folder: str, log: Diagnostics) -> model.Pack | None:
    """Return the pack in templates/`folder`, or None; the log says why, at places in its files."""
    path = f"templates/{folder}/pack.yaml"
    value = read_model(files, [path], PackFile, log)
    if value is None:
        return None
    book = _rules(files, folder, value, log)
    policy = read_policy(value.disclosure, 0, log)
    log.extend(_too_deep(value.outline, 1))
    unit = find_unit(value.formats.money_unit)
    if unit is None:
        part = value.formats.money_unit
        log.add(finding("S208", value.name.span, text=part, part=part, title="金额单位"))
    formats = value.formats
    return model.Pack(
        folder=folder,
        name=str(value.name.value),
        authority=value.authority,
        basis=value.basis,
        subject=value.subject,
        span=SourceSpan(path),
        title=tuple(rules.formula(line) for line in value.title),
        signature=tuple(rules.formula(line) for line in value.signature),
        opening="" if value.opening == "none" else value.opening,
        outline=tuple(_section(each) for each in value.outline),
        annexes=tuple(_annex(each, folder) for each in value.annexes),
        formats=model.Formats(
            money_unit=unit or UNITS["元"],
            money=Shape(formats.money_decimals, formats.strip, formats.thousands),
            percent=Shape(formats.percent_decimals, formats.strip),
            thousands=formats.thousands,
            blank=formats.blank,
        ),
        numbering=tuple(value.numbering),
        requires=tuple(rules.formula(each) for each in value.requires),
        required_texts=tuple(value.required_texts),
        policy=policy,
        rules=book,
        cover=_cover(value.cover) if value.cover else None,
        forms=_forms(value.forms),
        charts=chart_rules(value.charts),
    )


def _rules(files: SourceFiles, folder: str, value: PackFile, log: Diagnostics) -> Rules:
    """Return the rules of the pack's own files and of the shared ones it names."""
    own = [p for p in files.names(f"templates/{folder}", ".yaml") if not p.endswith("/pack.yaml")]
    read: list[RuleFile] = []
    shared = {f"templates/{name.value}": RelatedLocation(name.span, "used") for name in value.rules}
    for path in (*shared, *own):
        problems = Diagnostics()
        file = read_model(files, [path], RuleFile, problems)
        for problem in problems:
            log.add(_used_at(problem, shared[path]) if path in shared else problem)
        if file is not None:
            read.append(file)
    return rulebook(read, log)


def _too_deep(entries: Iterable[SectionEntry], level: int) -> Iterator[Finding]:
    for entry in entries:
        if level > len(NUMBERING):
            yield finding("S219", entry.title.span, depth=len(NUMBERING))
        else:
            yield from _too_deep(entry.sections, level + 1)


def _used_at(found: Finding, place: RelatedLocation) -> Finding:
    """Return a finding about a whole file with the place that names the file."""
    whole = found.code in {"L100", "L101", "L102", "L111"}
    return replace(found, places=(*found.places, place)) if whole else found


def _section(entry: SectionEntry) -> model.Section:
    return model.Section(
        id=entry.id,
        title=str(entry.title.value),
        text="" if entry.text == "none" else entry.text,
        span=entry.title.span,
        sections=tuple(_section(each) for each in entry.sections),
    )


def _annex(entry: AnnexEntry, folder: str) -> model.AnnexRule:
    return model.AnnexRule(
        title=str(entry.title.value),
        body=f"templates/{folder}/{entry.body}",
        span=entry.title.span,
        landscape=entry.landscape,
        label=entry.label,
        forms=_forms(entry.forms),
    )


def _forms(entries: list[FormEntry]) -> tuple[model.FormRule, ...]:
    return tuple(
        model.FormRule(str(f.name.value), f.columns, tuple(f.labels), f.name.span) for f in entries
    )


def _cover(entry: CoverEntry) -> model.CoverRule:
    return model.CoverRule(
        fields=tuple((str(f.label.value), rules.formula(f.value)) for f in entry.fields),
        foot=rules.formula(entry.foot) if entry.foot else None,
        title=tuple(rules.formula(line) for line in entry.title),
    )
