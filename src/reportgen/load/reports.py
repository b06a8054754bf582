"""The schema of report.yaml: what is particular to one report, `publication:` among it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from reportgen.load.disclosure import Disclosure
from reportgen.load.fields import (
    ClockField,
    DateField,
    FreeField,
    FreeOrListField,
    NameField,
    RequiredDateField,
    RequiredTextField,
    TextField,
    WordField,
)
from reportgen.load.groups import KeyGroup, blank_field, field, fields_of
from reportgen.load.rules import RuleFile, WaiverEntry
from reportgen.load.schema import FreeName, Preparer, Rating
from reportgen.model.rules import Published


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


class ReportFile(RuleFile):
    """One report of a unit and year: its pack, dates and documents, scores and waivers."""

    hoisted = {"facts": "", "tables": "", "ratings": "ratings"}  # noqa: RUF012 - a ClassVar
    unlisted = frozenset(
        "pack metrics relations scoring_rules scoring waivers published literals disclosure"
        " publication".split()
    )
    pack: RequiredTextField = field(title="模板包", description="templates/ 下的文件夹")
    date: RequiredDateField = field(title="报告日期")
    documents: dict[NameField, TextField] = field(default_factory=dict, title="依据文件")
    preparer: Preparer | None = blank_field("填表信息")
    ratings: list[Rating] = field(default_factory=list, title="绩效指标")
    facts: dict[FreeName, FreeOrListField] = field(default_factory=dict, title="其他事实")
    tables: dict[FreeName, list[dict[NameField, FreeField]]] = field(
        default_factory=dict, title="其他表"
    )
    waivers: list[WaiverEntry] = field(default_factory=list, title="豁免")
    published: list[PublishedEntry] = field(default_factory=list, title="公开稿对照")
    disclosure: Disclosure | None = blank_field("公开")
    publication: PublicationEntry | None = blank_field("网站发布信息", "公开网页的信息块")


def read_published(entries: Iterable[PublishedEntry]) -> tuple[Published, ...]:
    """Return what the published text printed, entry by entry."""
    return tuple(_published(entry) for entry in entries)


def _published(entry: PublishedEntry) -> Published:
    printed = str(entry.printed.value or "")
    return Published(
        str(entry.key.value), printed, entry.where, entry.remark, entry.key.span, entry.computed
    )
