"""Pages of government sites: the body is found, navigation is dropped, tables are grids."""

from __future__ import annotations

import pytest

from reportgen.model.reading import ReadTable
from reportgen.reading.html import read_html

PAGE = """<!doctype html><html><head><meta charset="{charset}"><title>x</title></head><body>
<div class="header">网站首页 政务公开</div><ul class="nav"><li>首页</li><li>机构</li></ul>
<div id="content"><h1>2020年度自评报告</h1><p>全年<b>支出</b>2851万元，<br>其中基本支出858万元。</p>
<div>一、基本情况<p>收入5296万元。</p></div>
<table><tr><th rowspan="2">项目</th><th colspan="2">金额</th></tr>
<tr><td>预算</td><td>决算</td></tr>
<tr><td>合计</td><td>20</td><td>19.5</td></tr></table></div>
<script>var a = "脚本";</script><div class="footer">主办单位 电话</div></body></html>"""


@pytest.mark.parametrize("charset", ["utf-8", "gb2312", "gbk"])
def test_a_page_is_read_without_what_stands_around_it(charset: str) -> None:
    reading = read_html("a.html", PAGE.replace("{charset}", charset).encode(charset))
    assert [(each.text, each.level) for each in reading.paragraphs] == [
        ("2020年度自评报告", 1),
        ("全年支出2851万元，", 0),
        ("其中基本支出858万元。", 0),
        ("一、基本情况", 1),
        ("收入5296万元。", 0),
    ]
    (table,) = reading.tables
    assert isinstance(table, ReadTable)
    assert [(c.text, c.row, c.column, c.rowspan, c.colspan) for c in table.cells] == [
        ("项目", 0, 0, 2, 1),
        ("金额", 0, 1, 1, 2),
        ("预算", 1, 1, 1, 1),
        ("决算", 1, 2, 1, 1),
        ("合计", 2, 0, 1, 1),
        ("20", 2, 1, 1, 1),
        ("19.5", 2, 2, 1, 1),
    ]


def test_a_table_that_lays_out_a_page_is_no_table() -> None:
    page = "<table><tr><td>左<table><tr><td>项目</td><td>20</td></tr></table></td></tr></table>"
    (table,) = read_html("a.html", page.encode()).tables
    assert [cell.text for cell in table.cells] == ["项目", "20"]


@pytest.mark.parametrize(
    "hidden",
    [
        '<span role="tooltip">10 ＋ 20</span>',
        "<span hidden>10</span>",
        '<i style="color:red; Display : none">10</i>',
        '<i style="visibility:hidden">10</i>',
        '<b class="x sr-only">10</b>',
        '<span class="a"><span role="tooltip">10<br>出处</span></span>',
    ],
)
def test_what_a_page_does_not_show_is_not_read(hidden: str) -> None:
    table = f"<table><tr><td>30{hidden}</td></tr></table>"
    page = f"<html><body><p>收入30{hidden}万元。</p>{table}</body></html>"
    reading = read_html("a.html", page.encode())
    assert [each.text for each in reading.paragraphs] == ["收入30万元。"]
    assert [cell.text for table in reading.tables for cell in table.cells] == ["30"]
