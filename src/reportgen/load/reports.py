"""The schema of one report's own files: pack, dates, documents, scores, rules, waivers."""

from __future__ import annotations

from pydantic import Field

from reportgen.load.fields import Date, Given, Name, Text
from reportgen.load.free import Free, FreeOrList
from reportgen.load.rules import MetricEntry, RelationEntry, WaiverEntry
from reportgen.load.schema import FreeName, Preparer, Rating, Section, blank_field


class Report(Section):
    """One report of a unit and year: its pack, dates and documents, scores and waivers."""

    hoisted = {"facts": "", "tables": "", "ratings": "ratings"}  # noqa: RUF012 - a ClassVar
    unlisted = frozenset({"pack", "metrics", "relations", "waivers"})
    pack: Given = Field(title="模板包", description="templates/ 下的文件夹")
    date: Date = Field(title="报告日期")
    documents: dict[Name, Text] = Field(default_factory=dict, title="依据文件")
    preparer: Preparer | None = blank_field("填表信息")
    ratings: list[Rating] = Field(default_factory=list, title="绩效指标")
    facts: dict[FreeName, FreeOrList] = Field(default_factory=dict, title="其他事实")
    tables: dict[FreeName, list[dict[Name, Free]]] = Field(default_factory=dict, title="其他表")
    metrics: dict[str, MetricEntry] = Field(default_factory=dict, title="指标公式")
    relations: dict[str, RelationEntry] = Field(default_factory=dict, title="勾稽关系")
    waivers: list[WaiverEntry] = Field(default_factory=list, title="豁免")
