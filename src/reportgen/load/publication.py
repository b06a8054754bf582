"""The schema of `publication:`, what the site's page says about a published report."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from reportgen.load.fields import Clock, Day, Text
from reportgen.load.section import Section, blank_field


class PublicationEntry(Section):
    """The metadata block of the site. What is left out has its default, a blank is not shown."""

    index_number: Text | None = blank_field("索引号")
    document_number: Text | None = blank_field("文号", "发文字号，年份用〔〕")
    topic: Text | None = blank_field("主题分类")
    publisher: Text | None = blank_field("发布机构", "不写就是单位名称")
    date: Day | None = blank_field("发布日期", "不写就是报告日期；不知道的留空")
    time: Clock | None = blank_field("发布时间", "时:分，如 09:30")
    validity: Text | None = blank_field("时效性")
    name: Text | None = blank_field("文件名称", "不写就是报告标题")
    source: Text | None = blank_field("来源", "网页的 ContentSource；不写就是发布机构")
    keywords: Text | None = blank_field("关键词", "用分号隔开")
    description: Text | None = blank_field("摘要", "不写就是报告的种类")
    site_name: Text | None = blank_field("网站名称")
    column_name: Text | None = blank_field("网站栏目")
    column_type: Text | None = blank_field("栏目类别")
    column_description: Text | None = blank_field("栏目说明")
    column_keywords: Text | None = blank_field("栏目关键词")


def stated(entry: PublicationEntry | None) -> Mapping[str, str]:
    """Return what the author states by name, blanks as empty texts."""
    names = PublicationEntry.model_fields if entry else ()
    leaves = {name: getattr(entry, name) for name in names}
    return MappingProxyType({n: str(v.value or "") for n, v in leaves.items() if v is not None})
