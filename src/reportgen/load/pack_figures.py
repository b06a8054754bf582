"""What pack.yaml says of figures by key: the charts of a pack, and what an overview tells."""

from __future__ import annotations

from typing import Annotated, cast, get_args

from reportgen.load.fields import Leaf, RequiredTextField, WholeNumberField, WordField, choice
from reportgen.load.groups import KeyGroup, blank_field, field
from reportgen.load.rules import formula
from reportgen.model.document import Audience
from reportgen.model.pack import OVERVIEW_ITEMS, ChartKind, ChartRule, OverviewRule
from reportgen.model.source import Formula


class ChartItem(KeyGroup):
    """A category of a chart."""

    id: WordField = field(title="标识")
    title: WordField = field(title="名称")


class ChartSeries(KeyGroup):
    """A series of a chart."""

    key: WordField = field(title="键", description="* 处是行或类的标识，如 funds.*.outturn")
    title: WordField = field(title="名称")


class ChartEntry(KeyGroup):
    """A chart: figures by reference, drawn from the same values that are printed."""

    id: WordField = field(title="标识")
    title: RequiredTextField = field(title="标题")
    kind: Annotated[str, choice(*get_args(ChartKind))] = field(
        default="bars",
        title="样式",
        description="bars 并列条形；share 构成；deviation 与第二个系列之差；"
        "loss 比第二个系列少的；trend 有数据的各年",
    )
    rows: WordField = field(default="", title="表", description="各行是类；或者用 items 列出")
    items: list[ChartItem] = field(default_factory=list, title="类")
    series: list[ChartSeries] = field(title="系列")
    limit: WholeNumberField = field(default=0, title="最多几类", description="按第一个系列从大到小")
    audience: list[Annotated[str, choice("internal", "submit", "public")]] = field(
        default_factory=lambda: ["internal"], title="读者"
    )


class OverviewEntry(KeyGroup):
    """总览: the figures by which `reportgen overview` compares reports."""

    score: RequiredTextField | None = blank_field(
        "得分", "键，如 score.total；每行一份的写 projects.*.total_score"
    )
    full_score: RequiredTextField | None = blank_field("满分", "键，如 points.total")
    grade: RequiredTextField | None = blank_field("等级", "键，如 score.grade")
    execution_rate: RequiredTextField | None = blank_field("预算执行率", "键")
    three_public: RequiredTextField | None = blank_field("“三公”经费", "键，本年的数")
    three_public_last: RequiredTextField | None = blank_field("上年“三公”经费", "键")
    peers: WordField = field(default="", title="同类", description="与哪些报告比；不写就是主题")


def chart_rule(entry: ChartEntry) -> ChartRule:
    """Return a chart that a pack declares."""
    return ChartRule(
        id=entry.id,
        title=str(entry.title.value),
        kind=cast("ChartKind", entry.kind),
        table=entry.rows,
        items=tuple((item.id, item.title) for item in entry.items),
        series=tuple((series.key, series.title) for series in entry.series),
        span=entry.title.span,
        limit=entry.limit,
        audiences=tuple(cast("Audience", audience) for audience in entry.audience),
    )


def overview_rule(entry: OverviewEntry) -> OverviewRule:
    """Return which figures an overview tells; what is not stated is none of them."""
    figures: dict[str, Formula] = {}
    for item in OVERVIEW_ITEMS:
        leaf: Leaf | None = getattr(entry, item)
        if leaf is not None:
            figures[item] = formula(leaf)
    return OverviewRule(figures, entry.peers)
