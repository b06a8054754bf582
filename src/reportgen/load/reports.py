"""The schema of one report's own files: pack, dates, documents, scores, rules, waivers."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import Field

from reportgen.load.disclosure import Disclosure
from reportgen.load.fields import Date, Given, Name, Text, Word
from reportgen.load.free import Free, FreeOrList
from reportgen.load.publication import PublicationEntry
from reportgen.load.rulebook import RuleFile
from reportgen.load.rules import WaiverEntry
from reportgen.load.schema import FreeName, Preparer, Rating
from reportgen.load.section import Section, blank_field
from reportgen.model.rules import Published


class PublishedEntry(Section):
    """What a published text printed of a figure."""

    key: Given = Field(title="键")
    printed: Text = Field(title="公开稿印出", description="公开稿没有印的留空")
    where: Word = Field(default="", title="位置")
    remark: Word = Field(default="", title="差异说明")


class Report(RuleFile):
    """One report of a unit and year: its pack, dates and documents, scores and waivers."""

    hoisted = {"facts": "", "tables": "", "ratings": "ratings"}  # noqa: RUF012 - a ClassVar
    unlisted = frozenset(
        (
            "pack",
            "metrics",
            "relations",
            "scoring_rules",
            "scoring",
            "waivers",
            "published",
            "literals",
        )
    ) | {"disclosure", "publication"}
    pack: Given = Field(title="模板包", description="templates/ 下的文件夹")
    date: Date = Field(title="报告日期")
    documents: dict[Name, Text] = Field(default_factory=dict, title="依据文件")
    preparer: Preparer | None = blank_field("填表信息")
    ratings: list[Rating] = Field(default_factory=list, title="绩效指标")
    facts: dict[FreeName, FreeOrList] = Field(default_factory=dict, title="其他事实")
    tables: dict[FreeName, list[dict[Name, Free]]] = Field(default_factory=dict, title="其他表")
    waivers: list[WaiverEntry] = Field(default_factory=list, title="豁免")
    published: list[PublishedEntry] = Field(default_factory=list, title="公开稿对照")
    disclosure: Disclosure | None = blank_field("公开")
    publication: PublicationEntry | None = blank_field("网站发布信息", "公开网页的信息块")


def published(entries: Iterable[PublishedEntry]) -> tuple[Published, ...]:
    """Return what the published text printed, entry by entry."""
    return tuple(
        Published(str(e.key.value), str(e.printed.value or ""), e.where, e.remark, e.key.mark)
        for e in entries
    )
