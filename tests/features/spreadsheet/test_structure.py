from __future__ import annotations

import pytest
from workbooks import grid_of, table_of

from reportgen.features.spreadsheet.structure import HeaderSearch, find_header, read_rows
from reportgen.findings import Diagnostics

FUNDS = table_of(
    "funds:\n  - {id: a, name: 甲经费, category: 业务经费, outturn: 1}\n"
    "  - {id: b, name: 乙合计经费, category: 专项, outturn: 2}\n",
    "funds",
)


def header_of(*rows, log=None, **options):
    search = HeaderSearch(FUNDS, 2023, options.pop("named", {}), options.pop("hidden", False))
    return find_header(grid_of(*rows, **options), search, Diagnostics() if log is None else log)


def columns_of(*rows, **options):
    header = header_of(*rows, **options)
    return {name: column.index for name, column in header.columns.items()} if header else None


# Headers


@pytest.mark.parametrize(
    ("rows", "columns", "place"),
    [
        ([["项目名称", "决算数"]], {"name": 0, "outturn": 1}, (0, 1)),
        ([["标题"], [], ["序号", "项目", "执行数"]], {"name": 1, "outturn": 2}, (2, 3)),
        ([["标识", "年初预算"]], {"id": 0, "initial": 1}, (0, 1)),
        ([["项目名称", "预算数"], ["", "年初"]], {"name": 0, "initial": 1}, (0, 2)),
        ([["名称", "年初"], ["", "预算数"]], {"name": 0, "initial": 1}, (0, 2)),
        ([["项目名称", "决算数"], ["合计", "合计"]], {"name": 0, "outturn": 1}, (0, 1)),
        ([["名称", "决算数（万元）"]], {"name": 0, "outturn": 1}, (0, 1)),
        ([["名称", "2023年度决算数"]], {"name": 0, "outturn": 1}, (0, 1)),
        ([["名称", "outturn"]], {"name": 0, "outturn": 1}, (0, 1)),
        ([["a"]] * 39 + [["名称", "决算数"]], {"name": 0, "outturn": 1}, (39, 40)),
    ],
)
def test_header_is_where_most_fields_are_named(rows, columns, place):
    header = header_of(*rows)
    assert {name: column.index for name, column in header.columns.items()} == columns
    assert (header.top, header.bottom) == place


@pytest.mark.parametrize(
    "rows",
    [
        [["项目名称"]],
        [["决算数", "年初预算数"]],
        [["甲", "乙"]],
        [["名称", "2022年决算数"]],
        [["名称", "上年决算数"]],
        [["a"]] * 42 + [["名称", "决算数"]],
    ],
)
def test_header_needs_a_name_and_a_field_of_the_year_near_the_top(rows):
    assert header_of(*rows) is None


def test_author_names_what_a_column_holds():
    assert columns_of(["名称", "预算数"], named={"预算数": "年初预算数"}) == {
        "name": 0,
        "initial": 1,
    }
    assert columns_of(["名称", "预算数"], named={"预算数": "initial"}) == {"name": 0, "initial": 1}


def test_first_of_two_columns_of_a_field_is_taken_and_the_other_is_a_finding():
    log = Diagnostics()
    header = header_of(["名称", "决算数", "执行数"], log=log)
    assert header.columns["outturn"].index == 1
    (problem,) = log
    assert problem.code == "X109"
    assert [place.span.path for place in problem.places] == [
        "表.xlsx[Sheet1!C1]",
        "表.xlsx[Sheet1!B1]",
    ]


def test_columns_that_are_not_taken_say_why():
    header = header_of(["序号", "名称", "决算数", "2022年决算数", "备注"])
    assert [(skipped.index, skipped.reason) for skipped in header.skipped] == [
        (3, "year"),
        (4, "unknown"),
    ]


@pytest.mark.parametrize(
    ("rows", "column_unit", "sheet_unit"),
    [
        ([["名称", "决算数（亿元）"]], "亿元", None),
        ([["名称", "决算数"], ["单位：元", ""]], None, None),
        ([["单位：元"], ["名称", "决算数"]], None, "元"),
        ([["（金额单位:万元）"], ["名称", "决算数"]], None, "万元"),
        ([["", "支出（元）"], ["名称", "决算数"]], "元", None),
        ([["填报单位：某局"], ["名称", "决算数"]], None, None),
        ([["名称", "决算数（含上年）"]], None, None),
    ],
)
def test_unit_of_a_column_and_of_the_sheet(rows, column_unit, sheet_unit):
    header = header_of(*rows)
    unit = header.columns["outturn"].unit
    assert (unit.symbol if unit else None) == column_unit
    assert (header.unit.symbol if header.unit else None) == sheet_unit


@pytest.mark.parametrize(
    "rows", [[["单位：百元元"], ["名称", "决算数"]], [["名称", "决算数（百元元）"]]]
)
def test_unit_of_money_that_nobody_knows_is_a_finding(rows):
    log = Diagnostics()
    header_of(*rows, log=log)
    assert [(problem.code, problem.params["unit"]) for problem in log] == [("X110", "百元元")]


# Rows


def kinds_of(*rows, **options):
    sheet = grid_of(["项目名称", "决算数"], *rows, **options)
    header = find_header(sheet, HeaderSearch(FUNDS, 2023, {}), Diagnostics())
    return [(row.kind, row.group) for row in read_rows(sheet, header, FUNDS, hidden=False)]


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (["甲经费", 1], "item"),
        (["甲经费", None], "item"),
        (["新经费", 1], "item"),
        (["新经费", None], "bare"),
        (["乙合计经费", 1], "item"),
        (["合计", 3], "total"),
        (["合  计：", 3], "total"),
        (["总计（万元）", 3], "total"),
        (["其中：合计", 3], "total"),
        (["业务经费合计", 3], "total"),
        (["小计", 3], "subtotal"),
        (["一、业务经费", 3], "group"),
        (["专项", None], "group"),
        (["注：以上", None], "note"),
        (["填表人：某", None], "note"),
        (["说明1. 某", 3], "note"),
        ([None, 3], "item"),
        (["项目名称", "决算数"], "header"),
    ],
)
def test_kind_of_a_row(cells, kind):
    assert kinds_of(cells)[0][0] == kind


def test_rows_below_the_label_of_a_group_are_in_it():
    rows = [
        ["（一）业务经费", 1],
        ["甲经费", 1],
        ["小计", 1],
        ["新经费", 1],
        ["合计", 1],
        ["丙", 1],
    ]
    assert kinds_of(*rows) == [
        ("group", "业务经费"),
        ("item", "业务经费"),
        ("subtotal", "业务经费"),
        ("item", "业务经费"),
        ("total", ""),
        ("item", ""),
    ]


def test_blank_rows_are_no_rows_and_one_merged_text_is_a_note():
    rows = [[None, None], ["以下为预计", None], ["甲经费", 1]]
    assert kinds_of(*rows, merged="A3:B3") == [("note", ""), ("item", "")]
