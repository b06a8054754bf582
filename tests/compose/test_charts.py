from __future__ import annotations

from fractions import Fraction

import pytest

from builders import facts, ledger, pack
from logged import chart_annex
from reportgen.model.disclosed import Disclosed, DisclosureEntry
from reportgen.model.document import Chart, Document, Table, plain
from reportgen.model.pack import ChartRule
from reportgen.model.source import SourceSpan

MARK = SourceSpan("templates/x/pack.yaml", 3, 5)
FACTS = facts(
    {"a.x": "5万元", "a.y": "7万元", "a.z": "2万元", "people": "3人"},
    funds={
        "p": {"name": "甲项", "v": "1万元", "w": "2.50万元"},
        "q": {"name": "乙项", "v": "30000元", "w": None},
        "r": {"name": "丙项", "v": None, "w": None},
    },
    s={
        "a": {"name": "甲项", "v": "4.00万元", "w": "3.5万元"},
        "b": {"name": "乙项", "v": None, "w": "3万元"},
        "c": {"name": "丙项", "v": "2.5万元", "w": "5万元"},
        "d": {"name": "丁项", "v": "8万元", "w": "8万元"},
        "e": {"name": "戊项", "v": "0.1万元", "w": "0万元"},
    },
    same={
        "p": {"name": "甲项", "v": "1万元", "w": "1.00万元"},
        "q": {"name": "乙项", "v": "2万元", "w": "2万元"},
    },
    alike={
        "p": {"name": "甲项", "v": "2万元", "w": "3万元"},
        "q": {"name": "乙项", "v": "2万元", "w": "3万元"},
    },
)
LAST = facts({"a.x": "4万元", "a.z": "3万元"}, year=2022)
BEFORE = facts({"a.x": "2万元"}, year=2021)
LEDGER = ledger(FACTS, prior=(LAST, BEFORE))


def rule(*series, kind="bars", rows="funds", items=(), limit=0, audiences=("internal",)):
    pairs = tuple((key, f"列{n}") for n, key in enumerate(series, 1))
    return ChartRule("c", "图题", kind, rows, items, pairs, MARK, limit, audiences)


def told(*blocks, audience="internal"):
    return Document(("报告",), "zh-CN", "", "", "", audience, blocks)


def annex_of(*rules, ledger=LEDGER, document=None, audience="internal", hidden=()):
    entries = tuple(DisclosureEntry("withheld", key, "", "") for key in hidden)
    disclosed = Disclosed(ledger, audience, entries=entries)
    return chart_annex(disclosed, pack(charts=rules), document or told(audience=audience))


def blocks(*rules, **more):
    annex, findings = annex_of(*rules, **more)
    assert not findings
    return annex.blocks if annex else ()


def drawn(*rules, **more):
    """Return the labels of a chart with the texts at their bars, nothing without a chart."""
    found = blocks(*rules, **more)
    if not found:
        return {}
    return dict(zip(found[0].categories, found[0].texts, strict=True))


def data(*rules, **more):
    table = blocks(*rules, **more)[1]
    return [["".join(map(plain, cell.lines)) for cell in row.cells] for row in table.rows]


def test_a_chart_has_a_number_its_data_and_says_what_it_shows():
    chart, table = blocks(rule("funds.*.v", "funds.*.w"))
    assert isinstance(chart, Chart)
    assert chart.caption == "图1　图题"
    assert chart.categories == ("甲项", "乙项")
    assert chart.values == ((Fraction(1), Fraction(5, 2)), (Fraction(3), None))
    assert chart.texts == (("1", "2.50"), ("3", ""))
    assert chart.unit == "万元"
    assert chart.alt == "图题（单位：万元）：甲项 列11、列22.50；乙项 列13、列2无"
    assert isinstance(table, Table)
    assert data(rule("funds.*.v", "funds.*.w")) == [
        ["项目", "列1（万元）", "列2（万元）"],
        ["甲项", "1", "2.50"],
        ["乙项", "3", ""],
    ]


def test_charts_are_numbered_as_they_stand_those_left_out_are_not_counted():
    found = blocks(rule("funds.*.v"), rule("funds.*.v", limit=1), rule("funds.*.v", "funds.*.w"))
    assert [block.number for block in found if isinstance(block, Chart)] == [1, 2]


def test_figures_of_the_data_can_be_asked_where_they_come_from():
    table = blocks(rule("funds.*.v"))[1]
    assert table.rows[1].cells[1].lines[0][0].key == "funds.p.v"


def test_categories_may_be_listed_and_last_year_compared():
    chart = blocks(rule("a.*", "prior.a.*", items=(("x", "某项"), ("z", "他项")), rows=""))[0]
    assert chart.categories == ("某项", "他项")
    assert chart.values[0] == (Fraction(5), Fraction(4))


def test_a_limit_keeps_the_largest():
    chart = blocks(rule("s.*.v", rows="s", limit=2))[0]
    assert chart.categories == ("丁项", "甲项")


def test_deviations_are_sorted_by_size_and_say_by_how_much_in_per_cent():
    assert drawn(rule("s.*.v", "s.*.w", rows="s", kind="deviation")) == {
        "丙项": ("-2.5（-50.0%）",),
        "甲项": ("+0.5（+14.3%）",),
        "戊项": ("+0.1",),
    }
    assert data(rule("s.*.v", "s.*.w", rows="s", kind="deviation"))[:2] == [
        ["项目", "列1（万元）", "列2（万元）", "增减（万元）", "幅度"],
        ["丙项", "2.5", "5", "-2.5", "-50.0%"],
    ]


def test_lost_points_are_those_that_the_score_lacks():
    ratings = {
        "p": {"name": "甲", "v": "9分", "w": "10分"},
        "q": {"name": "乙", "v": "5分", "w": "5分"},
        "r": {"name": "丙", "v": "2.5分", "w": "6分"},
    }
    of_scores = ledger(facts({}, ratings_=ratings))
    found = drawn(
        rule("ratings_.*.v", "ratings_.*.w", rows="ratings_", kind="loss"), ledger=of_scores
    )
    assert found == {"丙": ("3.5（2.5/6）",), "甲": ("1（9/10）",)}


def test_shares_are_in_per_cent_the_largest_first_and_the_rest_together():
    shares = rule("s.*.v", rows="s", kind="share")
    assert drawn(shares) == {
        "丁项": ("54.8%（8万元）",),
        "甲项": ("27.4%（4.00万元）",),
        "丙项": ("17.1%（2.5万元）",),
        "戊项": ("0.7%（0.1万元）",),
    }
    few = rule("s.*.v", rows="s", kind="share", limit=2)
    assert drawn(few)["其他2项"] == ("17.8%",)
    assert data(few)[-1] == ["其他2项", "", "17.8%"]


def test_a_whole_of_which_a_part_is_not_told_has_no_shares():
    shares = rule("s.*.v", rows="s", kind="share", audiences=("public",))
    assert drawn(shares, audience="public", hidden=("s.a.v",)) == {}
    assert drawn(shares, audience="public", hidden=("s.a.w",))


def test_a_trend_has_the_years_that_have_data_the_oldest_first():
    trend = rule("a.x", "a.y", rows="", kind="trend")
    assert drawn(trend) == {"2021年": ("2", ""), "2022年": ("4", ""), "2023年": ("5", "7")}
    assert drawn(rule("people", rows="", kind="trend")) == {}


@pytest.mark.parametrize(
    "idle",
    [
        rule("funds.*.v", limit=1),
        rule("a.x", "a.y", items=(("i", "一类"),)),
        rule("same.*.v", "same.*.w", rows="same"),
        rule("same.*.v", "same.*.w", rows="same", kind="deviation"),
        rule("same.*.v", "same.*.w", rows="same", kind="loss"),
        rule("alike.*.v", "alike.*.w", rows="alike", kind="loss"),
        rule("funds.*.w", items=(("r", "丙项"),)),
    ],
)
def test_a_chart_that_compares_nothing_is_left_out(idle):
    assert not blocks(idle)


@pytest.mark.parametrize("kind", ["bars", "share"])
def test_the_data_of_a_chart_stand_aside(kind):
    series = ["funds.*.v", "funds.*.w"][: 1 if kind == "share" else 2]
    chart, data = blocks(rule(*series, kind=kind))
    assert data.aside
    assert told(chart, data).on_paper.blocks == (chart,)


def test_only_its_audience_sees_a_chart():
    assert not blocks(rule("funds.*.v"), audience="public")
    assert blocks(rule("funds.*.v", audiences=("public",)), audience="public")


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (rule("funds.*.none"), "T123"),
        (rule("x.*", rows="nothing"), "T123"),
        (rule("nothing", rows="", kind="trend"), "T123"),
        (rule("a.x", "people", items=(("i", "项"),)), "T124"),
        (rule("funds.*.v", kind="deviation"), "T165"),
        (rule("funds.*.v", kind="loss"), "T165"),
        (rule("funds.*.v", "funds.*.w", kind="share"), "T165"),
    ],
)
def test_what_cannot_be_drawn_is_told_at_the_pack(wrong, code):
    annex, findings = annex_of(wrong)
    assert annex is None
    assert {(f.code, f.span, f.severity) for f in findings} == {(code, MARK, "error")}
