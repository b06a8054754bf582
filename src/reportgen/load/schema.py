"""The schema of data files: what an author may type, with the labels of the forms as titles.

It ends with report.yaml: what is particular to one report, `publication:` among it.

Field titles are accepted as keys too: `编制数: 95人` is `quota: 95人`. Unknown keys are refused.
"""

from __future__ import annotations

import keyword
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Annotated

from reportgen.load.confirmations import ConfirmationEntry, InferredEntry
from reportgen.load.disclosure import Disclosure
from reportgen.load.fields import (
    AmountField,
    AreaField,
    ClockField,
    DateField,
    FreeField,
    FreeOrListField,
    NameField,
    NatureField,
    PeopleField,
    PersonalDateField,
    PersonalTextField,
    PointsField,
    ProseField,
    RequiredDateField,
    RequiredProseField,
    RequiredTextField,
    TextField,
    UnitField,
    WordField,
)
from reportgen.load.groups import FieldError, KeyGroup, KeyRule, blank_field, field, fields_of
from reportgen.load.offices import Offices
from reportgen.load.rules import RuleFile, WaiverEntry
from reportgen.load.second_sources import Remainders, Totals
from reportgen.model.rules import Published

RESERVED = frozenset(
    "year prior report unit ratings row form loop self sum count min max abs "
    "true false none".split()
)
"""Names that mean something of their own in formulas and templates."""


def _check_free(name: str) -> None:
    if name in RESERVED or name in fields_of(Year) or keyword.iskeyword(name):
        raise FieldError("S216", key=name)


FreeName = Annotated[NameField, KeyRule(_check_free)]
"""A name that an author gives to a fact or table of their own."""


class Named(KeyGroup):
    """A row with an id for formulas and a name for print."""

    id: WordField = field(title="标识", description="小写英文、数字、下划线；公式用它指这一行")
    name: RequiredTextField = field(title="名称")


class BudgetLine(KeyGroup):
    """The amounts of one budget line in a year (万元 unless said)."""

    initial: AmountField | None = blank_field("年初预算数")
    budget: AmountField | None = blank_field("全年预算数", "调整后")
    received: AmountField | None = blank_field("到位数")
    outturn: AmountField | None = blank_field("决算数")


class Assigned(Named):
    """What a fund or project is sorted by."""

    category: RequiredTextField = field(
        title="类别", description="基础数据表的分类，如 业务工作经费"
    )
    source: RequiredTextField = field(title="资金来源", description="如 市级、上级、非税")
    owner: TextField | None = blank_field("使用单位")
    group: TextField | None = blank_field("归组", "正文单列的一组，如 代建代付")


class Fund(BudgetLine, Assigned):
    """A fund or project with what it is sorted by and its amounts of the year."""


class Staffing(KeyGroup):
    """财政供养人员."""

    quota: PeopleField = field(title="编制数")
    actual: PeopleField = field(title="在职人数")


class ThreePublic(KeyGroup):
    """“三公”经费 by line."""

    table = True
    vehicle_purchase: BudgetLine = field(title="公务用车购置")
    vehicle_operation: BudgetLine = field(title="公务用车运行维护")
    abroad: BudgetLine = field(title="因公出国（境）")
    reception: BudgetLine = field(title="公务接待")


class Expenditure(KeyGroup):
    """支出 by nature."""

    table = True
    basic: BudgetLine = field(title="基本支出")
    project: BudgetLine | None = blank_field("项目支出")


class Income(KeyGroup):
    """收入 by nature."""

    table = True
    general: BudgetLine = field(title="一般公共预算")
    government_fund: BudgetLine = field(title="政府性基金拨款")
    special_account: BudgetLine = field(title="纳入专户管理的非税收入拨款")
    other: BudgetLine = field(title="其他资金")


class EconomicItem(Named):
    """支出经济分类: one item of a class (科目)."""

    category: RequiredTextField = field(title="类", description="如 工资福利支出")
    outturn: AmountField | None = blank_field("决算数")


class Operating(KeyGroup):
    """公用经费 and the items of it that the form asks for."""

    table = True
    total: BudgetLine = field(title="公用经费")
    office: BudgetLine = field(title="办公费")
    utilities_travel: BudgetLine = field(title="水费、电费、差旅费")
    meetings_training: BudgetLine = field(title="会议费、培训费")


class Buildings(KeyGroup):
    """楼堂馆所控制情况."""

    approved_area: AreaField | None = blank_field("批复规模")
    actual_area: AreaField | None = blank_field("实际规模")
    planned_investment: AmountField | None = blank_field("预算投资")
    actual_investment: AmountField | None = blank_field("实际投资")


class Rating(Named):
    """One indicator of a self-evaluation form (三级指标) with target, actual value and points."""

    level1: RequiredTextField = field(title="一级指标")
    level2: TextField | None = blank_field("二级指标")
    nature: NatureField | None = blank_field("指标性质", "=、≥、≤、>、< 或 定性")
    value: FreeField | None = blank_field("指标值", "有度量单位一栏的，这里只写数")
    unit: TextField | None = blank_field("度量单位", "指标值和完成值没写单位的，都以它计")
    target: ProseField | None = blank_field("年度指标值", "一栏写全的，如 ≥90%")
    actual: ProseField | None = blank_field("实际完成值")
    points: PointsField = field(title="分值")
    score: PointsField | None = blank_field("得分", "有评分标准可算的可不填")
    deviation: ProseField | None = blank_field("偏差原因分析及改进措施")
    checks: list[PointsField] = field(default_factory=list, title="要点得分")
    level: TextField | None = blank_field("完成等级", "达成、部分达成、未达成")


class ReportingUnit(KeyGroup):
    """The unit whose reports these are, and what lasts over the years."""

    unlisted = frozenset({"disclosure"})
    name: RequiredTextField = field(title="单位名称")
    label: TextField | None = blank_field("表内名称", "表格里的单位全称，如 …本级")
    short_name: TextField | None = blank_field("简称")
    city: TextField | None = blank_field("城市")
    offices: list[RequiredTextField] = field(default_factory=list, title="内设科室")
    subordinates: list[RequiredTextField] = field(default_factory=list, title="二级机构")
    duties: list[RequiredTextField] = field(default_factory=list, title="主要职能职责")
    office_phone: TextField | None = blank_field(
        "办公电话", "公开版印不印由公开政策的 office_phone 定"
    )
    address: TextField | None = blank_field("办公地址")
    disclosure: Disclosure | None = blank_field("公开")


class Year(KeyGroup):
    """The facts of a unit in one year; the files of the year's folder together."""

    hoisted = {"facts": "", "tables": ""}  # noqa: RUF012 - a ClassVar
    unlisted = frozenset(
        {"units", "remainders", "disclosure", "confirmations", "inferred", "offices"}
    )
    staffing: Staffing | None = blank_field("人员编制")
    three_public: ThreePublic | None = blank_field("三公经费")
    income: Income | None = blank_field("收入")
    expenditure: Expenditure | None = blank_field("支出")
    economic: list[EconomicItem] = field(default_factory=list, title="支出经济分类")
    operating: Operating | None = blank_field("公用经费")
    procurement: BudgetLine | None = blank_field("政府采购")
    buildings: Buildings | None = blank_field("楼堂馆所")
    funds: list[Fund] = field(default_factory=list, title="资金与项目")
    goals: list[RequiredProseField] = field(default_factory=list, title="绩效目标")
    achievements: list[RequiredProseField] = field(default_factory=list, title="实际完成情况")
    facts: dict[FreeName, FreeOrListField] = field(default_factory=dict, title="其他事实")
    tables: dict[FreeName, list[dict[NameField, FreeField]]] = field(
        default_factory=dict, title="其他表"
    )
    units: dict[NameField, dict[NameField, UnitField]] = field(
        default_factory=dict, title="列单位", description="表: {列: 单位}；这一列不写单位的数按它计"
    )
    totals: Totals = field(
        default_factory=dict, title="批准的合计", description="表: {列: 合计}；各行之和须与它相等"
    )
    remainders: Remainders = field(
        default_factory=dict, title="其余数", description="键是录入的其余数，须等于总数减去各部分"
    )
    disclosure: Disclosure | None = blank_field("公开")
    confirmations: list[ConfirmationEntry] = field(default_factory=list, title="确认")
    inferred: list[InferredEntry] = field(default_factory=list, title="反推的数")
    offices: Offices = field(
        default_factory=dict, title="填报分工", description="科室: 它填的键、表、文件、文件夹"
    )


class Preparer(KeyGroup):
    """Who filled in the form, when, and how to reach them."""

    name: PersonalTextField | None = blank_field("填表人")
    phone: PersonalTextField | None = blank_field("联系电话")
    date: PersonalDateField | None = blank_field("填报日期")


# report.yaml


class PublicationEntry(KeyGroup):
    """The metadata block of the site. What is left out has its default, a blank is not shown."""

    index_number: TextField | None = blank_field("索引号")
    document_number: TextField | None = blank_field("文号", "发文字号，年份用〔〕")
    topic: TextField | None = blank_field("主题分类")
    publisher: TextField | None = blank_field("发布机构", "不写就是单位名称")
    date: DateField | None = blank_field("发布日期", "不写就是报告日期；不知道的留空")
    time: ClockField | None = blank_field("发布时间", "时:分，如 09:30")
    validity: TextField | None = blank_field("时效性")
    name: TextField | None = blank_field("文件名称", "不写就是报告标题")
    source: TextField | None = blank_field("来源", "网页的 ContentSource；不写就是发布机构")
    keywords: TextField | None = blank_field("关键词", "用分号隔开")
    description: TextField | None = blank_field("摘要", "不写就是报告的种类")
    site_name: TextField | None = blank_field("网站名称")
    column_name: TextField | None = blank_field("网站栏目")
    column_type: TextField | None = blank_field("栏目类别")
    column_description: TextField | None = blank_field("栏目说明")
    column_keywords: TextField | None = blank_field("栏目关键词")


def read_publication(entry: PublicationEntry | None) -> Mapping[str, str]:
    """Return what the author states by name, blanks as empty texts."""
    stated: dict[str, str] = {}
    if entry is not None:
        for name in fields_of(PublicationEntry):
            leaf = getattr(entry, name)
            if leaf is not None:
                stated[name] = str(leaf.value or "")
    return MappingProxyType(stated)


class PublishedEntry(KeyGroup):
    """What a published text printed of a figure."""

    key: RequiredTextField = field(title="键")
    printed: TextField = field(title="公开稿印出", description="公开稿没有印的留空")
    where: WordField = field(default="", title="位置")
    remark: WordField = field(default="", title="差异说明")
    computed: WordField = field(default="", title="系统算出", description="写差异说明时的数")


_INSTEAD = "这份报告自己的，代替年度文件里的"
OWN_LISTS = ("funds", "goals", "achievements")
"""The lists that a report may have of its own, which then stand in place of those of its year."""


class ReportFile(RuleFile):
    """One report of a unit and year: its pack, dates and documents, scores and waivers."""

    hoisted = {  # noqa: RUF012 - a ClassVar
        "facts": "",
        "tables": "",
        "ratings": "ratings",
        "totals": "totals",
        **{name: name for name in OWN_LISTS},
    }
    unlisted = frozenset(
        "pack metrics relations scoring_rules scoring waivers published literals disclosure"
        " publication confirmations inferred ranges units remainders".split()
    )
    pack: RequiredTextField = field(title="模板包", description="templates/ 下的文件夹")
    date: RequiredDateField = field(title="报告日期")
    documents: dict[NameField, TextField] = field(default_factory=dict, title="依据文件")
    preparer: Preparer | None = blank_field("填表信息")
    ratings: list[Rating] = field(default_factory=list, title="绩效指标")
    funds: list[Fund] = field(default_factory=list, title="资金与项目", description=_INSTEAD)
    goals: list[RequiredProseField] = field(
        default_factory=list, title="绩效目标", description=_INSTEAD
    )
    achievements: list[RequiredProseField] = field(
        default_factory=list, title="实际完成情况", description=_INSTEAD
    )
    facts: dict[FreeName, FreeOrListField] = field(default_factory=dict, title="其他事实")
    tables: dict[FreeName, list[dict[NameField, FreeField]]] = field(
        default_factory=dict, title="其他表"
    )
    units: dict[NameField, dict[NameField, UnitField]] = field(
        default_factory=dict, title="列单位", description="表: {列: 单位}；这一列不写单位的数按它计"
    )
    totals: Totals = field(
        default_factory=dict, title="批准的合计", description="表: {列: 合计}；各行之和须与它相等"
    )
    remainders: Remainders = field(
        default_factory=dict, title="其余数", description="键是录入的其余数，须等于总数减去各部分"
    )
    waivers: list[WaiverEntry] = field(default_factory=list, title="豁免")
    published: list[PublishedEntry] = field(default_factory=list, title="公开稿对照")
    disclosure: Disclosure | None = blank_field("公开")
    publication: PublicationEntry | None = blank_field("网站发布信息", "公开网页的信息块")
    confirmations: list[ConfirmationEntry] = field(default_factory=list, title="确认")
    inferred: list[InferredEntry] = field(default_factory=list, title="反推的数")


def read_published(entries: Iterable[PublishedEntry]) -> tuple[Published, ...]:
    """Return what the published text printed, entry by entry."""
    return tuple(map(_published, entries))


def _published(entry: PublishedEntry) -> Published:
    printed = str(entry.printed.value or "")
    return Published(
        str(entry.key.value), printed, entry.where, entry.remark, entry.key.span, entry.computed
    )
