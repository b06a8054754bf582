"""Tables whose fields stand down the side or one by one before their values, and merged items."""

from __future__ import annotations

import html
import io

import docx
import pytest
from workbooks import HEAD, book, changes, imported, told

from reportgen.findings.renderers import help_text

NAMES = ("项目名称", "业务培训经费", "行业普查经费")
TRAINING, SURVEY = "funds.training", "funds.survey"


def merged(*rows, ranges=()):
    """Return a workbook of some rows with merged ranges."""
    made = book(*rows)
    for each in ranges:
        made.active.merge_cells(each)
    return made


def new_values(result):
    """Return what is changed or added, by key."""
    return {key: new for key, (_, new) in changes(result).items()}


TURNED = {
    "below a title, in its unit": (
        [("收支表",), ("单位：元",), NAMES, ("年初预算数", 210000, "13万元"), ("填表人：",)],
        (),
        {f"{TRAINING}.initial": "21", f"{SURVEY}.initial": "13"},
    ),
    "a unit in each label": (
        [NAMES, ("年初预算数（元）", 210000, 130000), ("决算数（万元）", 18.5, 12)],
        (),
        {
            f"{TRAINING}.initial": "21",
            f"{SURVEY}.initial": "13",
            f"{TRAINING}.outturn": "18.5",
            f"{SURVEY}.outturn": "12",
        },
    ),
    "labels in two columns": (
        [
            ("项目名称", "", *NAMES[1:]),
            ("预算数（万元）", "年初", 21, 13),
            ("", "全年", 22, 14),
        ],
        ("A1:B1", "A2:A3"),
        {
            f"{TRAINING}.initial": "21",
            f"{SURVEY}.initial": "13",
            f"{TRAINING}.budget": "22",
            f"{SURVEY}.budget": "14",
        },
    ),
    "lines of the budget, below no label": (
        [("（万元）", "公务接待", "因公出国（境）"), ("年初预算数（万元）", 6, 7)],
        (),
        {"three_public.reception.initial": "6", "three_public.abroad.initial": "7"},
    ),
}


@pytest.mark.parametrize(("rows", "ranges", "values"), TURNED.values(), ids=TURNED)
def test_fields_down_the_side_are_taken(small, rows, ranges, values):
    result = imported(small, merged(*rows, ranges=ranges), amount_unit=None)
    assert (told(result), new_values(result)) == ([], values)


FORMS = {
    "label and value": (
        [
            ("项目名称", "业务培训经费", "主管部门", "某局"),
            ("年初预算数（元）", "210000", "决算数", "18.5万元"),
        ],
        (),
        {f"{TRAINING}.initial": "21", f"{TRAINING}.outturn": "18.5"},
    ),
    "one form after the other": (
        [
            ("项目名称", "业务培训经费", "年初预算数（万元）", 21),
            ("项目名称", "行业普查经费", "年初预算数（元）", 130000),
        ],
        (),
        {f"{TRAINING}.initial": "21", f"{SURVEY}.initial": "13"},
    ),
    "the line of the total": (
        [
            ("项目名称", "业务培训经费", "", "", "", ""),
            ("主管部门", "某局", "", "实施单位", "某站", ""),
            ("项目资金（万元）", "", "年初预算数", "全年预算数", "全年执行数", "分值"),
            ("", "年度资金总额", 21, 22, 23, 10),
            ("", "其中：当年财政拨款", 18, 22, 20, "–"),
            ("", "上年结转资金", 3, "", 3, "–"),
        ],
        ("A3:A6",),
        {
            f"{TRAINING}.owner": "某站",
            f"{TRAINING}.initial": "21",
            f"{TRAINING}.budget": "22",
            f"{TRAINING}.outturn": "23",
        },
    ),
    "an amount alone below its label": (
        [("项目名称", "业务培训经费"), ("年初预算数（万元）", "决算数（万元）"), (21, 23)],
        (),
        {f"{TRAINING}.initial": "21", f"{TRAINING}.outturn": "23"},
    ),
}


@pytest.mark.parametrize(("rows", "ranges", "values"), FORMS.values(), ids=FORMS)
def test_fields_that_stand_before_their_values_are_taken(small, rows, ranges, values):
    result = imported(small, merged(*rows, ranges=ranges), amount_unit=None)
    assert (told(result), new_values(result)) == ([], values)


REFUSED = {
    "no unit is stated": (
        [NAMES, ("年初预算数", 21, 13)],
        [("X133", "Sheet1!A2")],
    ),
    "no unit in a form": (
        [("项目名称", "业务培训经费"), ("年初预算数", "21")],
        [("X133", "Sheet1!A2")],
    ),
    "a total that is not the sum": (
        [(*NAMES, "合计"), ("年初预算数（万元）", 21, 13, 35)],
        [("X116", "Sheet1!D2")],
    ),
    "nobody is named": (
        [("", 1, 2), ("年初预算数（万元）", 21, 13), ("决算数（万元）", 21, 13)],
        [("X144", "Sheet1!A2")],
    ),
    "a form that names nobody": (
        [("年初预算数（万元）", 21), ("决算数（万元）", 13)],
        [("X144", "Sheet1!A1")],
    ),
    "two values of one field": (
        [("项目名称", "业务培训经费", "决算数（万元）", 19), ("决算数（万元）", 18, "", "")],
        [("X109", "Sheet1!B2")],
    ),
    "words for an amount": (
        [("项目名称", "业务培训经费"), ("年初预算数（万元）", "待定"), ("决算数（万元）", 19)],
        [("X114", "Sheet1!B2")],
    ),
    "one name twice": (
        [
            ("项目名称", NAMES[1], NAMES[1]),
            ("年初预算数（万元）", 21, 13),
            ("决算数（万元）", 2, 1),
        ],
        [("X117", "Sheet1!C1")],
    ),
    "ten thousand times the old value": (
        [NAMES, ("年初预算数（万元）", 200000, 125000)],
        [("X134", "Sheet1!B2"), ("X134", "Sheet1!C2")],
    ),
}


@pytest.mark.parametrize(("rows", "findings"), REFUSED.values(), ids=REFUSED)
def test_what_is_not_certain_is_refused_at_its_cell(small, rows, findings):
    result = imported(small, book(*rows), amount_unit=None)
    assert told(result) == findings
    assert result.failed
    assert not result.after


def test_new_items_down_the_side_are_taken_whole_or_into_the_table_that_is_named(small):
    names = ("项目名称", "新的甲", "新的乙")
    whole = [names, ("类别", "甲类", "乙类"), ("资金来源", "市级", "上级"), ("决算数", 2, 3)]
    assert new_values(imported(small, book(*whole)))["funds.fund_2.outturn"] == "3"
    short = book(names, ("决算数", 2, 3))
    assert told(imported(small, short)) == [("X144", "Sheet1!A1")]
    assert ("X119", "Sheet1!2:2") not in told(imported(small, short, into="funds"))
    codes = [code for code, _ in told(imported(small, short, into="funds"))]
    assert codes.count("X119") == 2


def in_word(rows):
    document = docx.Document()
    document.add_paragraph("单位：元")
    table = document.add_table(len(rows), len(rows[0]))
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = str(text)
    packed = io.BytesIO()
    document.save(packed)
    return packed.getvalue()


def in_page(rows):
    lines = "".join(
        f"<tr>{''.join(f'<td>{html.escape(str(text))}</td>' for text in row)}</tr>" for row in rows
    )
    return f"<html><body><p>单位：元</p><table>{lines}</table></body></html>".encode()


@pytest.mark.parametrize(("name", "make"), [("表.docx", in_word), ("表.html", in_page)])
@pytest.mark.parametrize(
    "rows",
    [
        [NAMES, ("年初预算数", 210000, 130000), ("决算数", 185000, 120000)],
        [
            ("项目名称", "业务培训经费", "年初预算数", 210000, "决算数", 185000),
            ("项目名称", "行业普查经费", "年初预算数", 130000, "决算数", 120000),
        ],
    ],
    ids=["turned", "form"],
)
def test_documents_are_read_as_workbooks_are(small, name, make, rows):
    result = imported(small, make(rows), name=name, amount_unit=None)
    assert new_values(result) == {
        f"{TRAINING}.initial": "21",
        f"{SURVEY}.initial": "13",
        f"{TRAINING}.outturn": "18.5",
        f"{SURVEY}.outturn": "12",
    }


# Items over several lines


def test_item_over_several_lines_has_its_amount_once(small):
    rows = [
        (*HEAD, "绩效指标"),
        (1, "业务培训经费", 21, 19, "甲"),
        ("", "", "", "", "乙"),
        (2, "行业普查经费", 13, 11, "丙"),
        ("合计", "", 34, 30, ""),
    ]
    ranges = ("A2:A3", "B2:B3", "C2:C3", "D2:D3")
    result = imported(small, merged(*rows, ranges=ranges))
    assert told(result) == [("X121", "Sheet1!E1")]
    assert new_values(result)[f"{TRAINING}.initial"] == "21"
    assert new_values(result)[f"{SURVEY}.outturn"] == "11"


@pytest.mark.parametrize(
    ("ranges", "findings"),
    [
        (("C2:C3",), [("X111", "Sheet1!C2")]),
        (("B2:B3", "C2:C4"), [("X117", "Sheet1!B3"), ("X111", "Sheet1!C2")]),
        (("B2:B3",), [("X117", "Sheet1!B3")]),
    ],
    ids=["of two items", "of an item and the next", "two amounts of an item"],
)
def test_merged_amounts_of_several_items_are_refused(small, ranges, findings):
    rows = [HEAD, (1, NAMES[1], 21, 19), (2, NAMES[2], 13, 11), (3, "产业链专项资金", 9, 8)]
    assert told(imported(small, merged(*rows, ranges=ranges))) == findings


# Names that exist


def test_names_that_exist_are_told_where_none_is_near(small):
    missing = imported(small, book(HEAD, (1, "彩虹计划", 3, 4)), into="funds")
    (told_of,) = [each for each in missing.findings if each.code == "X119"]
    assert told_of.params["near"] == "业务培训经费、行业普查经费、产业链专项资金"
    small.write("data/bureau/2023/funds.yaml", "funds: []\n")
    empty = imported(small, book(HEAD, (1, "彩虹计划", 3, 4)), into="funds")
    (told_of,) = [each for each in empty.findings if each.code == "X119"]
    assert "还没有一行" in help_text(told_of, "zh")


# Whose and of when


@pytest.mark.parametrize(
    ("title", "codes"),
    [
        ("2022年度项目资金情况表", ["X145"]),
        ("2021—2022年项目资金", ["X145"]),
        ("2022—2023年项目资金", []),
        ("2023年度项目资金情况表（含2022年结转）", []),
        ("截至2024年3月", []),
        ("财预〔2022〕6号", []),
        ("填报单位：另外某县教育局", ["X146"]),
        ("单位：万元", []),
    ],
)
@pytest.mark.parametrize("turn", [False, True])
def test_a_title_of_another_year_or_unit_is_told(small, title, codes, turn):
    rows = [NAMES, ("年初预算数（万元）", 21, 13)]
    table = rows if turn else list(zip(*rows, strict=True))
    result = imported(small, book((title,), *table))
    assert told(result) == [(code, "Sheet1!A1") for code in codes]
    assert result.failed == bool(codes)


@pytest.mark.parametrize("name", ["{own}", "{short}"])
def test_a_unit_is_known_by_its_name_and_short_of_it(small, name):
    own = next(
        line.partition(": ")[2]
        for line in small.text("data/bureau/unit.yaml").splitlines()
        if line.startswith("name:")
    )
    title = "填报单位：" + name.format(own=own, short=own[-3:])
    result = imported(small, book((title,), HEAD, (1, NAMES[1], 21, 19)))
    assert told(result) == []
