from __future__ import annotations

from fractions import Fraction

import pytest

from builders import facts, ledger, pack
from logged import chart_annex
from reportgen.model.document import Chart, Paragraph, Table, plain
from reportgen.model.pack import ChartRule
from reportgen.model.source import SourceSpan

MARK = SourceSpan("templates/x/pack.yaml", 3, 5)
FACTS = facts(
    {"a.x": "5万元", "a.y": "7万元", "people": "3人"},
    funds={
        "p": {"name": "甲项", "v": "1万元", "w": "2.50万元"},
        "q": {"name": "乙项", "v": "30000元", "w": None},
        "r": {"name": "丙项", "v": None, "w": None},
    },
)
LAST = facts({"a.x": "4万元"}, year=2022)
LEDGER = ledger(FACTS, prior=(LAST,))


def rule(*series, kind="bars", rows="funds", items=(), limit=0, audiences=("internal",)):
    pairs = tuple((key, f"列{n}") for n, key in enumerate(series, 1))
    return ChartRule("c", "图题", kind, rows, items, pairs, MARK, limit, audiences)


def blocks(*rules, audience="internal"):
    annex, findings = chart_annex(LEDGER, pack(charts=rules), audience)
    assert not findings
    return annex.blocks if annex else ()


def test_a_chart_has_its_caption_above_and_its_data_below():
    caption, chart, table = blocks(rule("funds.*.v", "funds.*.w"))
    assert isinstance(caption, Paragraph)
    assert plain(caption.inlines) == "图题"
    assert isinstance(chart, Chart)
    assert chart.categories == ("甲项", "乙项")
    assert chart.values == ((Fraction(1), Fraction(5, 2)), (Fraction(3), None))
    assert chart.texts == (("1", "2.50"), ("3", ""))
    assert chart.unit == "万元"
    assert "图题" in chart.alt
    assert isinstance(table, Table)
    texts = [["".join(map(plain, cell.lines)) for cell in row.cells] for row in table.rows]
    assert texts == [
        ["项目", "列1（万元）", "列2（万元）"],
        ["甲项", "1", "2.50"],
        ["乙项", "3", ""],
    ]


def test_figures_of_the_data_can_be_asked_where_they_come_from():
    table = blocks(rule("funds.*.v"))[2]
    assert table.rows[1].cells[1].lines[0][0].key == "funds.p.v"


def test_categories_may_be_listed_and_last_year_compared():
    chart = blocks(rule("a.*", "prior.a.*", items=(("x", "某项"),), rows=""))[1]
    assert chart.categories == ("某项",)
    assert chart.values == ((Fraction(5), Fraction(4)),)


def test_a_limit_keeps_the_largest():
    chart = blocks(rule("funds.*.v", limit=1))[1]
    assert chart.categories == ("乙项",)


def test_only_its_audience_sees_a_chart():
    assert not blocks(rule("funds.*.v"), audience="public")
    assert blocks(rule("funds.*.v", audiences=("public",)), audience="public")


def test_a_chart_without_values_is_left_out():
    assert not blocks(rule("funds.*.w", items=(("r", "丙项"),)))


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (rule("funds.*.none"), "T123"),
        (rule("x.*", rows="nothing"), "T123"),
        (rule("a.x", "people", items=(("i", "项"),)), "T124"),
    ],
)
def test_what_cannot_be_drawn_is_told_at_the_pack(wrong, code):
    annex, findings = chart_annex(LEDGER, pack(charts=(wrong,)), "internal")
    assert annex is None
    assert {(f.code, f.span, f.severity) for f in findings} == {(code, MARK, "error")}
