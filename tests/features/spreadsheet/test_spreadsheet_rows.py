from __future__ import annotations

import pytest
from workbooks import TERMS, grid_of, match_of, table_of

from reportgen.features.spreadsheet.edits import edit_rows
from reportgen.features.spreadsheet.rows import import_rows
from reportgen.findings import Diagnostics
from reportgen.project.yaml_editor import YamlEditor

TEXT = (
    "funds:\n  - {id: a, name: 甲经费, category: 业务, source: 市级, outturn: 1}\n"
    "  - {id: b, name: 乙经费, category: 专项, source: 上级, outturn: 2}\n"
)
HEADER = ["项目名称", "决算数"]


def imported(*rows, text=TEXT, key="funds", **options):
    """Return the imported sheet, with code and cell of each finding."""
    table = table_of(text, key)
    sheet = grid_of(*rows, **options)
    log = Diagnostics()
    result = import_rows(match_of(sheet, table, log), TERMS, log)
    return result, [(f.code, f.span.path.partition("!")[2].rstrip("]")) for f in log]


def edited(*rows, text=TEXT, key="funds"):
    result, _ = imported(*rows, text=text, key=key)
    editor = YamlEditor({"a.yaml": text})
    edit_rows(editor, result, "data/x/2023")
    return editor.result()


# Which row a line is for


@pytest.mark.parametrize(
    ("rows", "row_key"),
    [
        ([HEADER, ["甲经费", 1]], "funds.a"),
        ([HEADER, ["1、 甲 经费", 1]], "funds.a"),
        ([HEADER, ["其中：（一）乙经费", 1]], "funds.b"),
        ([["标识", *HEADER], ["b", "甲经费", 1]], "funds.b"),
        ([["标识", *HEADER], ["funds.b", "", 1]], "funds.b"),
        ([["标识", *HEADER], ["", "甲经费", 1]], "funds.a"),
    ],
)
def test_row_is_known_by_its_id_or_its_name(rows, row_key):
    result, findings = imported(*rows)
    assert [row.row.key for row in result.rows] == [row_key]
    assert findings == []


def test_unknown_row_is_a_new_one_with_the_next_free_id():
    rows = [
        ["名称", "类别", "资金来源", "决算数"],
        ["丙", "业务", "市级", 3],
        ["丁", "业务", "市级", 4],
    ]
    text = TEXT.replace("id: b", "id: fund_1")
    result, findings = imported(*rows, text=text)
    assert [(row.row, row.id) for row in result.rows] == [(None, "fund_2"), (None, "fund_3")]
    assert findings == [("X123", "A2"), ("X123", "A3")]


@pytest.mark.parametrize(
    ("rows", "findings"),
    [
        ([["甲经费", 1], ["甲经费", 1]], [("X117", "A3")]),
        ([["丙", 1]], [("X123", "A2"), ("X119", "2:2")]),
        ([[None, 1]], [("X126", "2:2")]),
        ([["备注：某", None]], [("X122", "2:2")]),
    ],
)
def test_line_that_cannot_be_taken_is_a_finding(rows, findings):
    assert imported(HEADER, *rows)[1] == findings


def test_name_of_two_rows_is_a_finding():
    text = TEXT.replace("乙经费", "甲经费")
    result, findings = imported(HEADER, ["甲经费", 1], text=text)
    assert (result.rows, findings) == ((), [("X118", "A2")])


@pytest.mark.parametrize(("merged", "codes"), [("B2:B3", ["X111"] * 1), ("A2:A3", ["X117"])])
def test_merged_amounts_are_nobodys(merged, codes):
    rows = [HEADER, ["甲经费", 1], ["乙经费", 1]]
    assert [code for code, _ in imported(*rows, merged=merged)[1]] == codes


def test_line_of_the_budget_is_not_added_and_without_values_not_missed():
    rows = [["项目", "决算数"], ["公务接待费", 1], ["没有的一行", 1], ["空的一行", None]]
    text = "three_public:\n  reception: {outturn: 2}\n"
    result, findings = imported(*rows, text=text, key="budget")
    assert [row.row.key for row in result.rows] == ["three_public.reception"]
    assert findings == [("X125", "A3"), ("X122", "4:4")]


# Totals


@pytest.mark.parametrize(
    ("rows", "wrong"),
    [
        ([["甲经费", 1], ["乙经费", 2], ["合计", 3]], []),
        ([["甲经费", 1], ["乙经费", 2], ["合计", 3.01]], ["B4"]),
        ([["甲经费", 0.1], ["乙经费", 0.2], ["合计", 0.1 + 0.2]], []),
        ([["合计", 4], ["甲经费", 1], ["乙经费", 2]], ["B2"]),
        ([["甲经费", 1], ["小计", 1], ["乙经费", 2], ["小计", 3], ["合计", 3]], ["B5"]),
        ([["业务", 1], ["甲经费", 1], ["专项", 3], ["乙经费", 2]], ["B4"]),
        ([["甲经费", 1], ["乙经费", "20000元"], ["合计", 3]], []),
        ([["甲经费", 1], ["乙经费", "5家"], ["合计", 9]], []),
        ([["合计", 9]], []),
    ],
)
def test_total_is_the_sum_of_its_rows(rows, wrong):
    findings = imported(HEADER, *rows)[1]
    assert [cell for code, cell in findings if code == "X116"] == wrong


# What changes in the files


def test_values_are_changed_and_missing_keys_added():
    rows = [["名称", "年初预算数", "决算数"], ["甲经费", 5, 7]]
    assert edited(*rows) == {
        "a.yaml": TEXT.replace("source: 市级, outturn: 1", "source: 市级, initial: 5, outturn: 7")
    }


def test_new_row_stands_below_the_last_of_its_category():
    rows = [["名称", "类别", "资金来源", "决算数"], ["丙", "业务", "市级", 3]]
    lines = TEXT.splitlines(keepends=True)
    new = "  - {id: fund_1, name: 丙, category: 业务, source: 市级, outturn: 3}\n"
    assert edited(*rows) == {"a.yaml": "".join([*lines[:2], new, *lines[2:]])}


def test_list_that_is_not_there_gets_a_file():
    rows = [
        ["名称", "类别", "资金来源", "决算数"],
        ["丙", "业务", "市级", 3],
        ["丁", "业务", "市级", 4],
    ]
    assert edited(*rows, text="unit: 某局\n") == {
        "data/x/2023/funds.yaml": (
            "funds:\n"
            "  - {id: fund_1, name: 丙, category: 业务, source: 市级, outturn: 3万元}\n"
            "  - {id: fund_2, name: 丁, category: 业务, source: 市级, outturn: 4万元}\n"
        )
    }


def test_section_that_is_not_there_gets_a_file_with_all_that_it_must_have():
    rows = [["项目", "年初预算数", "决算数"], ["政府采购", 1, 2], ["公务接待", None, 2]]
    assert edited(*rows, text="unit: 某局\n", key="budget") == {
        "data/x/2023/procurement.yaml": "procurement: {initial: 1万元, outturn: 2万元}\n",
        "data/x/2023/three_public.yaml": (
            "three_public:\n  vehicle_purchase: {outturn: }\n  vehicle_operation: {outturn: }\n"
            "  abroad: {outturn: }\n  reception: {outturn: 2万元}\n"
        ),
    }
