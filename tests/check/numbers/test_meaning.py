"""A typed number is bound only to the one figure that has its value and fits what is said."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.check.numbers.check import check_numbers
from reportgen.check.numbers.classify import Classifier, TypedNumber
from reportgen.check.numbers.passages import passage
from reportgen.findings.renderers import help_text, message
from reportgen.model.figures import Figure, FigureKind, Ledger
from reportgen.model.quantity import parse_quantity
from reportgen.model.source import SourceSpan


def figure(key: str, title: str, written: str, kind: FigureKind = "fact", line: int = 1) -> Figure:
    read = parse_quantity(written)
    span = SourceSpan("facts.yaml", line)
    return Figure(key, title, kind, read.value, read.unit, read.shape, span)


def ledger(*figures: Figure) -> Ledger:
    return Ledger(2023, {each.key: each for each in figures})


def typed(text: str, *figures: Figure) -> TypedNumber:
    """Return the last number of `text` among `figures`."""
    return list(Classifier(ledger(*figures)).numbers(passage("a.md", text)))[-1]


def bound(text: str, *figures: Figure) -> str:
    """Return the key that the last number of `text` is bound to, empty where it is to none."""
    number = typed(text, *figures)
    return number.figure.key if number.sure and number.figure else ""


INCOME = figure("income.total", "全年收入", "3241.81万元")
SPENT = figure("expenditure.total.outturn", "年度资金总额·决算数", "3241.81万元")
BUDGET = figure("expenditure.total.budget", "年度资金总额·全年预算数", "3241.81万元")
SHARE = figure("技改投资占比", "新型基础设施建设专项工作经费占比", "25.12万元")
FUNDS = (
    figure("军民融合", "推进军民融合深度发展专项业务工作经费·年初预算数", "25万元", line=3),
    figure("新基建", "新型基础设施建设专项工作经费·年初预算数", "25万元", line=4),
    figure("技改", "技改及第三方评价经费·年初预算数", "25万元", line=5),
    figure("园区", "产业园区三年提升经费·年初预算数", "25万元", line=6),
)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("全年决算支出3241.81万元。", "expenditure.total.outturn"),
        ("全年收入3241.81万元。", "income.total"),
        ("年度资金总额的全年预算数为3241.81万元。", "expenditure.total.budget"),
        ("合计3241.81万元。", ""),
    ],
)
def test_expenditure_is_not_bound_to_income_of_the_same_amount(text, key):
    assert bound(text, INCOME, SPENT, BUDGET) == key


def test_amount_of_the_wrong_kind_is_not_bound_though_it_is_the_only_one():
    assert bound("全年决算支出3241.81万元。", INCOME) == ""
    assert bound("全年收入3241.81万元。", INCOME) == "income.total"


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("安排经费25万元。", ""),
        ("新型基础设施建设专项工作经费25万元。", "新基建"),
        ("安排技改及第三方评价经费25万元。", "技改"),
        ("公务接待经费25万元。", ""),
    ],
)
def test_figure_rounded_to_the_number_gives_way_to_those_that_have_its_value(text, key):
    assert bound(text, SHARE, *FUNDS) == key


def test_figure_that_has_the_number_only_after_rounding_is_listed_alone():
    number = typed("新型基础设施建设专项工作经费占比为25万元。", SHARE)
    assert not number.sure
    assert [str(choice) for choice in number.choices] == [
        f"facts.yaml:1:1 {{{{ 技改投资占比 | places(0) }}}} {SHARE.title} 25.12万元"
    ]


def test_derived_figure_is_bound_by_its_value_as_printed_unless_another_has_that_very_value():
    rate = figure("执行率", "预算执行率", "135.4712%", "derived")
    rate = Figure(
        rate.key,
        rate.title,
        "derived",
        rate.value,
        rate.unit,
        parse_quantity("1.00%").shape,
        rate.span,
    )
    assert bound("预算执行率135.47%。", rate) == "执行率"
    assert bound("预算执行率135.47%。", rate, figure("增速", "收入增速", "135.47%")) == ""


@pytest.mark.parametrize(
    ("text", "first", "second", "key"),
    [
        ("年末编制人数95人。", "编制人数", "在职人数", "编制人数"),
        ("年末实有在职人员95人。", "人员编制·编制人数", "人员编制·在职人数", "人员编制·在职人数"),
        (
            "三公经费年初预算数95万元。",
            "三公经费年初预算数",
            "三公经费决算数",
            "三公经费年初预算数",
        ),
        ("三公经费支出95万元。", "三公经费·年初预算数", "三公经费·决算数", "三公经费·决算数"),
        ("三公经费95万元。", "三公经费·年初预算数", "三公经费·决算数", ""),
        ("全年预算数95万元。", "资金·年初预算数", "资金·全年预算数", "资金·全年预算数"),
        ("上年结转95万元。", "上年结转", "本年结转", "上年结转"),
        ("研究议题181个、解决181个。", "研究议题数", "解决议题数", ""),
        ("收入合计95万元。", "收入合计", "局机关·收入合计", "收入合计"),
        ("局机关收入合计95万元。", "收入合计", "局机关·收入合计", "局机关·收入合计"),
        ("完成投资95万元。", "甲项目·invested", "甲项目·planned", ""),
        ("全省工业投资95万元。", "全省工业投资", "全市工业投资", "全省工业投资"),
    ],
)
def test_of_two_of_one_value_the_one_whose_words_are_said_is_bound_or_none(
    text, first, second, key
):
    amount = re.findall("[0-9]+(?:人|个|万元)", text)[-1]
    both = (figure("f1", first, amount), figure("f2", second, amount))
    keys = {first: "f1", second: "f2", "": ""}
    assert bound(text, *both) == keys[key]
    assert bound(text, *reversed(both)) == keys[key]


def test_two_of_one_name_and_value_are_listed_both():
    both = (figure("甲", "基本支出", "2008.88万元"), figure("乙", "基本支出", "2008.88万元"))
    number = typed("基本支出2008.88万元。", *both)
    assert not number.sure
    assert {choice.figure.key for choice in number.choices} == {"甲", "乙"}


def test_sentence_about_last_year_is_not_bound_to_a_figure_of_this_year():
    reception = figure("接待", "公务接待费", "9.38万元")
    assert bound("公务接待费9.38万元。", reception) == "接待"
    assert bound("上年公务接待费9.38万元。", reception) == ""
    assert bound("公务接待费上年同期为9.38万元。", reception) == ""
    assert bound("2022年新增企业12家。", figure("企业", "新增企业", "12家")) == ""
    past = figure("prior.接待", "公务接待费", "9.38万元")
    assert bound("上年公务接待费9.38万元。", reception, past) == "prior.接待"
    assert bound("公务接待费9.38万元，与上年持平。", reception, past) == "接待"


def test_finding_names_each_candidate_with_place_expression_title_and_value():
    book = ledger(SHARE, *FUNDS)
    (found,) = check_numbers(
        book, {"a.md": "专项工作经费25万元。"}, (), lambda _: None, "x"
    ).findings
    assert found.code == "N101"
    assert "25.12" not in message(found, "zh")
    advice = help_text(found, "zh")
    for fund in FUNDS:
        assert f"{fund.span} {{{{ {fund.key} }}}} {fund.title} 25万元" in advice
    assert "--fix" not in advice
    assert "{" not in help_text(found, "en").replace("{{", "")


@given(
    st.lists(st.sampled_from([INCOME, SPENT, BUDGET, SHARE, *FUNDS]), unique=True, min_size=1),
    st.sampled_from(["全年", "支出", "收入", "预算", "经费", "上年", "技改及第三方评价"]),
    st.sampled_from(["3241.81万元", "25万元"]),
)
def test_what_is_bound_has_the_very_value_and_is_offered_no_choice(figures, words, amount):
    number = typed(f"{words}{amount}。", *figures)
    if number.sure:
        assert number.figure is not None
        assert number.figure.text == amount
        assert number.choices == ()
