"""A table whose amounts are printed as bare numbers says somewhere what they are counted in."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from builders import is_complete
from reportgen.check.table_units import check_table_units
from reportgen.model.document import (
    Annex,
    Cell,
    Document,
    Heading,
    Paragraph,
    Row,
    Table,
    Text,
    Value,
)
from reportgen.model.figures import Figure, Ledger
from reportgen.model.quantity import Shape
from reportgen.model.source import SourceSpan
from reportgen.model.units import find_unit

SPAN = SourceSpan("templates/x/forms/form.html", 6, 1)


def figure(key, unit):
    found = find_unit(unit)
    return Figure(key, key, "fact", Fraction(5), found, Shape(0), SourceSpan("data/x.yaml", 1, 1))


LEDGER = Ledger(
    2023,
    figures={
        key: figure(key, unit)
        for key, unit in {"amount": "万元", "area": "㎡", "rate": "%", "people": "人"}.items()
    },
)


def cell(text, header=""):
    """Return a cell; `amount=5` is a figure, all else is text."""
    key, is_figure, number = text.partition("=")
    line = (Value(number, number, key),) if is_figure else (Text(text),)
    return Cell((line,), header=header)


def table(*rows, caption="表", show=False):
    """Return a table; a cell that begins with ^ heads its column in the first row, else its row."""
    made = []
    for number, row in enumerate(rows):
        head = "row" if number else "col"
        made.append(
            Row(tuple(cell(each.lstrip("^"), head if each[:1] == "^" else "") for each in row))
        )
    widths = (1,) * len(rows[0])
    return Table("form", caption, widths, tuple(made), show_caption=show, span=SPAN)


def words(text):
    return Paragraph((Text(text),))


def told(*blocks, annexes=()):
    whole = Document(("报告",), "zh-CN", "", "", "", "internal", blocks, annexes)
    found = tuple(check_table_units(whole, LEDGER))
    assert all(map(is_complete, found))
    assert {str(each.span) for each in found} <= {str(SPAN)}
    return [(each.params["cell"], each.params["label"], each.params["unit"]) for each in found]


BARE = (("^项目", "^决算数"), ("^甲", "amount=5"), ("^乙", "amount=6"))


def test_a_table_without_any_unit_is_told_once_with_its_first_number():
    assert told(table(*BARE)) == [("r2c2", "决算数", "万元")]
    assert told(words("文"), annexes=(Annex("附件", (), (table(*BARE),), "a"),)) != []


@pytest.mark.parametrize(
    "blocks",
    [
        (table(("^项目", "^决算数（万元）"), *BARE[1:]),),
        (table(("^项目", "^金额(亿元)"), *BARE[1:]),),
        (table(BARE[0], ("^甲（万元）", "amount=5"), ("^乙", "6元")),),
        (table(BARE[0], ("^甲", "5万元")),),
        (words("单位：万元"), table(*BARE)),
        (words("填报单位：某局　　金额单位：万元"), table(*BARE)),
        (words("（单位：人民币元）"), table(*BARE)),
        (Heading(1, "一、", (Text("支出情况（万元）"),), "h"), table(*BARE)),
        (table(*BARE, caption="支出（万元）", show=True),),
        (table(*BARE), words("注：单位为万元。")),
        (words("单位：万元"), table(*BARE), table(*BARE)),
    ],
)
def test_head_label_cell_caption_or_a_line_beside_it_says_the_unit(blocks):
    assert told(*blocks) == []


@pytest.mark.parametrize(
    "blocks",
    [
        (table(*BARE, caption="支出（万元）"),),
        (words("填报单位：某局"), table(*BARE)),
        (words("全年支出2109.5万元，其中工信局本级支出1109.5万元，" + "文" * 60), table(*BARE)),
        (
            words("单位：万元"),
            table(("^甲", "^乙"), ("^丙", "丁")),
            words("文。" * 40),
            table(*BARE),
        ),
        (table(("^单元", "^多元"), *BARE[1:]),),
    ],
)
def test_what_is_not_printed_or_stands_elsewhere_says_nothing(blocks):
    assert [each[0] for each in told(*blocks)] == ["r2c2"]


@pytest.mark.parametrize(
    ("head", "number", "unit"),
    [
        ("规模", "area=5", "㎡"),
        ("规模（㎡）", "area=5", ""),
        ("规模（平方米）", "area=5", ""),
        ("执行率", "rate=95", "%"),
        ("执行率（%）", "rate=95", ""),
        ("执行率", "rate=95%", ""),
        ("编制人数", "people=5", ""),
    ],
)
def test_areas_and_rates_have_units_and_counts_say_themselves_what_they_are(head, number, unit):
    assert [each[2] for each in told(table(("^项目", f"^{head}"), ("^甲", number)))] == [unit][
        : bool(unit)
    ]


@pytest.mark.parametrize(
    ("head", "number", "is_told"),
    [
        ("预算数", "120.5", True),
        ("项目资金", "１,２００", True),
        ("预算数", "120.5万元", False),
        ("预算数", "—", False),
        ("资金使用率", "95.5", False),
        ("资金分值", "10", False),
        ("企业数量", "5", False),
        ("序号", "1", False),
        ("联系电话", "0000001", False),
    ],
)
def test_numbers_that_somebody_typed_are_judged_by_their_labels(head, number, is_told):
    assert bool(told(table(("^项目", f"^{head}"), ("^甲", number)))) == is_told


def test_a_label_is_read_with_those_above_it():
    rows = (("^计划安排资金（万元）", "amount=5"), ("^其中：中央财政", "amount=5"))
    made = Table(
        "form",
        "",
        (1, 1),
        tuple(Row((cell(label[1:], "row"), cell(number))) for label, number in rows),
        span=SPAN,
    )
    assert told(made) == []


def test_a_table_without_headers_is_read_by_its_first_row_and_column():
    assert told(table(("项目", "决算数（万元）"), ("甲", "amount=5"))) == []
    assert told(table(("项目", "决算数"), ("甲（万元）", "amount=5"))) == []
    assert told(table(("项目", "决算数"), ("甲", "120.5"))) == [("r2c2", "甲", "元")]
    assert told(table(("1", "2"), ("3", "4"))) == []


def test_a_label_that_goes_over_several_rows_says_the_unit_of_each():
    group = replace(cell("项目资金（万元）"), rowspan=2)
    rows = (
        Row((group, cell("年度资金总额"), cell("amount=5"))),
        Row((cell("其中：财政拨款"), cell("amount=6"))),
    )
    form = Table("form", "表", (1, 1, 1), rows, span=SPAN)
    assert told(form) == []
