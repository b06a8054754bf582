"""The schema of pack.yaml, and the reading of a pack and its rule files."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Annotated

from reportgen.findings import Diagnostics, Finding, RelatedLocation, finding
from reportgen.load.disclosure import Disclosure, read_policy
from reportgen.load.fields import (
    DecimalsField,
    Leaf,
    NameField,
    RequiredTextField,
    TextField,
    WholeNumberField,
    WordField,
    YesNoField,
    choice,
    given,
    single,
)
from reportgen.load.groups import FieldError, KeyGroup, LeafType, blank_field, field
from reportgen.load.pack_figures import ChartEntry, OverviewEntry, chart_rule, overview_rule
from reportgen.load.reading import read_model
from reportgen.load.rules import RuleFile, formula, read_rules
from reportgen.model.pack import (
    AnnexRule,
    CoverRule,
    Formats,
    FormRule,
    OverviewRule,
    Pack,
    Section,
)
from reportgen.model.quantity import Shape
from reportgen.model.rules import Rules
from reportgen.model.source import Formula, SourceSpan
from reportgen.model.units import UNITS, find_unit
from reportgen.project.source_files import SourceFiles
from reportgen.project.yaml_nodes import YamlNode

NUMBERING = ("{cn}、", "（{cn}）", "{n}.", "（{n}）")
"""Heading numbers of official documents, GB/T 9704-2012, 7.3.3: 一、 （一） 1. （1）."""
_PLACES = {"{cn}": "{cn}", "{n}": "{n}", "一": "{cn}", "1": "{n}", "\uff11": "{n}"}
"""What stands for all numerals of a series, by itself and by the first of them, a sample."""
_NUMERAL = (
    r"\{cn\}|\{n\}|[〇零一二三四五六七八九十百两壹贰叁甲乙丙]+"
    r"|[0-9\uff10-\uff19]+|[\u2460-\u249b\u3220-\u3229\u2160-\u216b]"
)
"""What may be the numeral in a style, or the place of one."""


def _numbering_style(node: YamlNode) -> str:
    """Return a style with {cn} or {n} for its numeral; `（一）` is a sample of `（{cn}）`."""
    text = given(single(node))
    numerals = re.findall(_NUMERAL, text)
    place = _PLACES.get("".join(numerals), "")
    style = text.replace(numerals[0], place) if place else ""
    if not place or set(style.replace(place, "")) & set("{}"):
        raise FieldError("S226", text=text)
    return style


NumberingField = Annotated[str, LeafType(_numbering_style, {"type": "string"})]
"""How headings of a level are numbered: `（{cn}）`, or a sample of it, `（一）`."""


class SectionEntry(KeyGroup):
    """A prescribed section of the outline."""

    title: RequiredTextField = field(title="标题")
    id: WordField = field(title="标识", description="正文文件名")
    text: Annotated[str, choice("narrative", "pack", "none")] = field(
        default="narrative",
        title="正文",
        description="narrative 由单位撰写；pack 由模板给出；none 无",
    )
    sections: list[SectionEntry] = field(default_factory=list, title="下级")


class FormEntry(KeyGroup):
    """What a form must show."""

    name: RequiredTextField = field(title="表")
    columns: WholeNumberField = field(title="列数")
    labels: list[WordField] = field(
        default_factory=list, title="必有栏目", description="按出现次序"
    )


class AnnexEntry(KeyGroup):
    """A prescribed annex."""

    title: RequiredTextField = field(title="标题")
    body: WordField = field(title="正文文件")
    landscape: YesNoField = field(default=False, title="横排")
    label: WordField = field(
        default="", title="序号", description="如 附件3-2；不写就是 附件1、附件2"
    )
    forms: list[FormEntry] = field(default_factory=list, title="表")


class FormatsEntry(KeyGroup):
    """How derived figures are printed."""

    money_unit: WordField = field(default="万元", title="金额单位")
    money_decimals: DecimalsField = field(default=2, title="金额小数位")
    percent_decimals: DecimalsField = field(default=2, title="百分比小数位")
    strip: YesNoField = field(default=True, title="去尾零")
    thousands: YesNoField = field(default=False, title="千分位")
    blank: WordField = field(default="", title="空值写法")


class CoverField(KeyGroup):
    """A line of a cover."""

    label: RequiredTextField = field(title="栏目")
    value: TextField = field(title="内容")


class CoverEntry(KeyGroup):
    """封面: the report's title stands above its fields."""

    fields: list[CoverField] = field(title="栏目")
    foot: TextField | None = blank_field("页脚文字", "如 某市财政局（制）")
    title: list[RequiredTextField] = field(default_factory=list, title="正文标题")


class PackFile(KeyGroup):
    """模板包: the prescribed structure of one kind of report from one authority."""

    name: RequiredTextField = field(title="名称")
    authority: WordField = field(title="制定机关")
    basis: WordField = field(title="依据")
    subject: WordField = field(title="主题")
    kind: Annotated[str, choice("report", "form")] = field(
        default="report", title="类别", description="report 有提纲的报告；form 报告就是一张表"
    )
    form: TextField | None = blank_field("表", "forms/ 里的名字；kind: form 才写")
    each: TextField | None = blank_field(
        "逐行", "表的键：每行填一份，这一行叫 row；kind: form 才写"
    )
    title: list[RequiredTextField] = field(
        default_factory=list, title="报告标题", description="kind: form 可以不写"
    )
    signature: list[TextField] = field(default_factory=list, title="落款")
    opening: Annotated[str, choice("narrative", "pack", "none")] = field(
        default="none", title="引言", description="标题下、第一个标题前的一段"
    )
    outline: list[SectionEntry] = field(
        default_factory=list, title="提纲", description="kind: form 不写"
    )
    annexes: list[AnnexEntry] = field(default_factory=list, title="附件")
    forms: list[FormEntry] = field(
        default_factory=list, title="正文表", description="正文里必有的表"
    )
    formats: FormatsEntry = field(default_factory=FormatsEntry, title="数字格式")
    numbering: list[NumberingField] = field(
        default_factory=lambda: list(NUMBERING),
        title="层次序号",
        description="各级一个：样子（一、、（一）、1.、（1））或 {cn}、（{n}）",
    )
    rules: list[RequiredTextField] = field(default_factory=list, title="规则文件")
    requires: list[RequiredTextField] = field(default_factory=list, title="必填")
    confirm: list[RequiredTextField] = field(
        default_factory=list, title="须确认", description="定稿前要有科室确认的数；* 代表各行"
    )
    documents: dict[NameField, WordField] = field(
        default_factory=dict, title="依据文件", description="键: 标题里的字，adopt 凭它认文件"
    )
    required_texts: list[WordField] = field(default_factory=list, title="必有文字")
    disclosure: Disclosure | None = blank_field("公开")
    charts: list[ChartEntry] = field(default_factory=list, title="图表")
    overview: OverviewEntry | None = blank_field("总览", "总览里的得分、等级、执行率等是哪个数")
    cover: CoverEntry | None = blank_field("封面")


def load_pack(files: SourceFiles, folder: str, log: Diagnostics) -> Pack | None:
    """Return the pack in templates/`folder`, or None; the log says why, at places in its files."""
    path = f"templates/{folder}/pack.yaml"
    file = read_model(files, [path], PackFile, log)
    if file is None:
        return None
    _check_depth(file.outline, 1, log)
    _check_kind(file, SourceSpan(path), log)
    return Pack(
        folder=folder,
        name=str(file.name.value),
        authority=file.authority,
        basis=file.basis,
        subject=file.subject,
        span=SourceSpan(path),
        title=_formulas(file.title),
        signature=_formulas(file.signature),
        opening=_writer(file.opening),
        outline=tuple(map(_section, file.outline)),
        annexes=tuple(_annex(entry, folder) for entry in file.annexes),
        formats=_formats(file, log),
        numbering=tuple(file.numbering),
        requires=_formulas(file.requires),
        confirm=_formulas(file.confirm),
        documents=dict(file.documents),
        required_texts=tuple(file.required_texts),
        policy=read_policy(file.disclosure, 0, log),
        rules=_rules(files, folder, file, log),
        cover=_cover(file.cover) if file.cover else None,
        forms=_forms(file.forms),
        charts=tuple(map(chart_rule, file.charts)),
        form=_named(file.form) if file.kind == "form" else None,
        each=_named(file.each) if file.kind == "form" else None,
        word_forms=_word_forms(files, folder, log),
        pictures=_pictures(files, folder, log),
        overview=overview_rule(file.overview) if file.overview else OverviewRule(),
    )


def _pictures(files: SourceFiles, folder: str, log: Diagnostics) -> dict[str, bytes]:
    """Return the pictures beside the forms of a pack, by name."""
    pictures: dict[str, bytes] = {}
    for suffix in (".png", ".jpg", ".jpeg", ".PNG", ".JPG", ".JPEG"):
        for path in files.names(f"templates/{folder}/forms", suffix):
            data = files.data(path, log)
            if data is not None:
                pictures[path.rpartition("/")[2]] = data
    return pictures


def _check_kind(file: PackFile, span: SourceSpan, log: Diagnostics) -> None:
    """Log S201 for what a pack of its kind cannot do without."""
    needed: dict[tuple[str, str], object]
    if file.kind == "form":
        needed = {("form", "表"): _named(file.form)}
    else:
        filled = file.outline or file.annexes or file.opening != "none"
        needed = {("title", "报告标题"): file.title, ("outline", "提纲"): filled}
    for (key, title), content in needed.items():
        if not content:
            log.add(finding("S201", span, key=key, title=title))


def _named(leaf: Leaf | None) -> Formula | None:
    """Return a name with its place, None where nothing is written."""
    return formula(leaf) if leaf is not None and leaf.value else None


def _word_forms(files: SourceFiles, folder: str, log: Diagnostics) -> dict[str, bytes]:
    """Return the Word forms of the pack in `folder` by their names.

    What Word itself keeps beside an open file (`~$`) is none.
    """
    forms: dict[str, bytes] = {}
    for path in files.names(f"templates/{folder}/forms", ".docx"):
        name = path.rpartition("/")[2].removesuffix(".docx")
        data = None if name.startswith("~$") else files.data(path, log)
        if data is not None:
            forms[name] = data
    return forms


def _formats(file: PackFile, log: Diagnostics) -> Formats:
    """Return how a pack prints figures; a unit of money that nobody knows is S208."""
    entry = file.formats
    symbol = entry.money_unit
    unit = find_unit(symbol)
    if unit is None:
        log.add(finding("S208", file.name.span, text=symbol, part=symbol, title="金额单位"))
    return Formats(
        money_unit=unit or UNITS["元"],
        money=Shape(entry.money_decimals, entry.strip, entry.thousands),
        percent=Shape(entry.percent_decimals, entry.strip),
        thousands=entry.thousands,
        blank=entry.blank,
    )


def _rules(files: SourceFiles, folder: str, file: PackFile, log: Diagnostics) -> Rules:
    """Return the rules of the shared files that a pack names and of its own, in this order."""
    rule_files: list[RuleFile] = []
    shared = {f"templates/{name.value}": name.span for name in file.rules}
    names = files.names(f"templates/{folder}", ".yaml")
    own = [path for path in names if not path.endswith("/pack.yaml")]
    for path in (*shared, *own):
        problems = Diagnostics()
        rule_file = read_model(files, [path], RuleFile, problems)
        log.extend(_used_at(problem, shared.get(path)) for problem in problems)
        if rule_file is not None:
            rule_files.append(rule_file)
    return read_rules(rule_files, log)


def _used_at(problem: Finding, span: SourceSpan | None) -> Finding:
    """Return a finding about a whole file with the place that names the file, if any."""
    if span is None or problem.code not in {"L100", "L101", "L102", "L111"}:
        return problem
    return replace(problem, places=(*problem.places, RelatedLocation(span, "used")))


def _check_depth(entries: Iterable[SectionEntry], level: int, log: Diagnostics) -> None:
    """Log S219 for each section that lies deeper than headings are numbered."""
    for entry in entries:
        if level > len(NUMBERING):
            log.add(finding("S219", entry.title.span, depth=len(NUMBERING)))
        else:
            _check_depth(entry.sections, level + 1, log)


def _formulas(leaves: Iterable[Leaf]) -> tuple[Formula, ...]:
    return tuple(map(formula, leaves))


def _writer(text: str) -> str:
    """Return who writes a text, empty for nobody."""
    return "" if text == "none" else text


def _section(entry: SectionEntry) -> Section:
    return Section(
        id=entry.id,
        title=str(entry.title.value),
        text=_writer(entry.text),
        span=entry.title.span,
        sections=tuple(map(_section, entry.sections)),
    )


def _annex(entry: AnnexEntry, folder: str) -> AnnexRule:
    return AnnexRule(
        title=str(entry.title.value),
        body=f"templates/{folder}/{entry.body}",
        span=entry.title.span,
        landscape=entry.landscape,
        label=entry.label,
        forms=_forms(entry.forms),
    )


def _forms(entries: Iterable[FormEntry]) -> tuple[FormRule, ...]:
    return tuple(map(_form, entries))


def _form(entry: FormEntry) -> FormRule:
    return FormRule(str(entry.name.value), entry.columns, tuple(entry.labels), entry.name.span)


def _cover(entry: CoverEntry) -> CoverRule:
    fields = tuple((str(field.label.value), formula(field.value)) for field in entry.fields)
    foot = formula(entry.foot) if entry.foot else None
    return CoverRule(fields, foot, _formulas(entry.title))
