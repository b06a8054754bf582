"""The schema of charts in a pack."""

from __future__ import annotations

from typing import Annotated, cast

from pydantic import Field

from reportgen.load.fields import Given, Whole, Word, choice
from reportgen.load.section import Section
from reportgen.model.document import Audience
from reportgen.model.pack import ChartRule


class ChartItem(Section):
    """A category of a chart."""

    id: Word = Field(title="标识")
    title: Word = Field(title="名称")


class ChartSeries(Section):
    """A series of a chart."""

    key: Word = Field(title="键", description="* 处是行或类的标识，如 funds.*.outturn")
    title: Word = Field(title="名称")


class ChartEntry(Section):
    """A chart: figures by reference, drawn from the same values that are printed."""

    id: Word = Field(title="标识")
    title: Given = Field(title="标题")
    kind: Annotated[str, choice("bars", "share")] = Field(
        default="bars", title="样式", description="bars 并列条形；share 构成"
    )
    rows: Word = Field(default="", title="表", description="各行是类；或者用 items 列出")
    items: list[ChartItem] = Field(default_factory=list, title="类")
    series: list[ChartSeries] = Field(title="系列")
    limit: Whole = Field(default=0, title="最多几类", description="按第一个系列从大到小")
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
            mark=entry.title.mark,
            limit=entry.limit,
            audiences=tuple(cast("Audience", each) for each in entry.audience),
        )
        for entry in entries
    )
