from __future__ import annotations

from fractions import Fraction

import pytest

from builders import Facts, facts, is_complete, ledger, metric
from reportgen.check.plausibility import check_forecasts, check_plausibility, check_printed
from reportgen.model.document import Document, Paragraph, Text, Value
from reportgen.model.rules import PlausibleRange
from reportgen.model.source import SourceSpan


def told(of: Facts, *ranges: PlausibleRange, prior: tuple[Facts, ...] = (), rules=()):
    """Return the codes and subjects of what is told of some facts."""
    findings = check_plausibility(ledger(of, *rules, prior=prior), ranges)
    assert all(map(is_complete, findings))
    return [(each.code, each.subject) for each in findings]


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("群众满意度", "95%", ""),
        ("群众满意度", "100%", ""),
        ("群众满意度", "950%", "R401"),
        ("群众满意度", "-95%", "R401"),
        ("新产品占比", "100.01%", "R401"),
        ("合格率", "0%", ""),
        ("产值增速", "-4.6%", ""),
        ("投资完成率", "186%", ""),
        ("同比", "352.26%", ""),
        ("企业数", "12家", ""),
        ("企业数", "12.5家", "R402"),
        ("企业数", "1.25万家", ""),
        ("企业数", "-3家", "R402"),
        ("企业净增", "-3家", ""),
        ("面积", "4519.6㎡", ""),
        ("得分", "96.18分", ""),
        ("工期", "1.5年", ""),
        ("投资", "-3.5万元", ""),
    ],
)
def test_rates_and_counts_that_cannot_be_are_told(key, value, code):
    assert told(facts({key: value})) == ([(code, key)] if code else [])


def test_a_derived_rate_is_a_share_only_by_its_name():
    of = facts({"a": "3万元", "b": "2万元"})
    over = metric("x", "a / b", title="执行率", unit="%")
    share = metric("y", "a / b", title="占总支出的比重", unit="%")
    assert told(of, rules=(over, share)) == [("R401", "y")]


def a_range(key, least=None, most=None):
    ends = (Fraction(least) if least else None, Fraction(most) if most else None)
    return PlausibleRange(key, "理由", SourceSpan("pack.yaml", 3, 1), *ends, "下", "上")


@pytest.mark.parametrize(
    ("stated", "is_told"),
    [
        ([a_range("率", "0", "2")], False),
        ([a_range("率", "0", "1.1")], True),
        ([a_range("率")], False),
        ([a_range("率", "1.3")], True),
        ([a_range("别的率", "0", "2")], True),
        ([a_range("率", "0", "1.1"), a_range("率")], False),
    ],
)
def test_a_pack_narrows_or_lifts_the_range_of_a_figure(stated, is_told):
    assert bool(told(facts({"率": "120%"}), *stated)) is is_told


def test_a_star_in_a_range_stands_for_a_row():
    of = facts(t={"a": {"满意度": "120%"}, "b": {"满意度": "90%"}})
    assert told(of) == [("R401", "t.a.满意度")]
    assert told(of, a_range("t.*.满意度", "0", "2")) == []
    assert told(of, a_range("*.满意度", "0", "2")) == [("R401", "t.a.满意度")]


@pytest.mark.parametrize(
    ("past", "now", "times"),
    [
        ("244.83万元", "2448300万元", "10000"),
        ("244.83万元", "245万元", ""),
        ("244.83万元", "2448.3万元", "10"),
        ("244.83万元", "2.45万元", "100"),
        ("244.83万元", "24.483万元", "10"),
        ("244.83万元", "700万元", ""),
        ("12家", "130家", "11"),
        ("12家", "180家", ""),
        ("0万元", "180万元", ""),
        ("12家", "120万元", ""),
    ],
)
def test_a_slip_of_units_or_digits_against_last_year_is_told(past, now, times):
    findings = check_plausibility(
        ledger(facts({"a": now}), prior=(facts({"a": past}, year=2022),)), ()
    )
    assert [(each.code, each.params["times"]) for each in findings] == (
        [("R403", times)] if times else []
    )


@pytest.mark.parametrize(
    ("initial", "outturn", "is_told"),
    [
        ("9.08万元", "244.83万元", False),
        ("9.08万元", "2448300万元", True),
        ("0万元", "9万元", False),
    ],
)
def test_an_amount_of_another_size_than_its_row_is_told(initial, outturn, is_told):
    of = facts({"a.initial": initial, "a.outturn": outturn})
    assert told(of) == ([("R403", "a.outturn")] if is_told else [])


def test_yuan_typed_for_ten_thousands_are_named_with_what_was_meant():
    prior = (facts({"a": "7.2万元"}, year=2022),)
    (told_,) = check_plausibility(ledger(facts({"a": "71999.5万元"}), prior=prior), ())
    assert (told_.params["slip"], told_.params["meant"]) == ("@yuan_slip", "7.19995万元")
    (told_,) = check_plausibility(ledger(facts({"a": "72万元"}), prior=prior), ())
    assert told_.params["slip"] == "@size_slip"


@pytest.mark.parametrize(("tax", "is_told"), [("1.46亿元", False), ("146亿元", True)])
def test_a_part_of_more_than_its_whole_is_told(tax, is_told):
    of = facts(chains={"a": {"产值": "36亿元", "税收": tax}})
    assert told(of) == ([("R404", "chains.a.税收")] if is_told else [])


@pytest.mark.parametrize(
    ("rows", "told_of"),
    [
        ({"a": {"output": "36亿元", "tax": "146亿元"}}, ["t.a.tax"]),
        ({"a": {"合计": "9万元", "其中市级": "12万元", "其中上级": "3万元"}}, ["t.a.其中市级"]),
        (
            {"a": {"合计": "9万元", "其中市级": "9万元", "户数": "2户", "其中女": "3户"}},
            ["t.a.其中女"],
        ),
        ({"a": {"合计": "9万元", "其中户": "12户"}}, []),
        (
            {"a": {"name": "支出", "v": "9万元"}, "b": {"name": "其中：印刷费", "v": "10万元"}},
            ["t.b.v"],
        ),
        (
            {
                "a": {"name": "支出", "v": "9万元"},
                "b": {"name": "其中：印刷费", "v": "2万元"},
                "c": {"name": "其中：差旅费", "v": "90万元"},
                "d": {"name": "收入", "v": "91万元"},
            },
            ["t.c.v"],
        ),
    ],
)
def test_a_part_is_known_by_its_column_or_by_its_name(rows, told_of):
    assert told(facts(t=rows)) == [("R404", key) for key in told_of]


def test_a_fact_called_of_which_is_a_part_of_the_one_before_it():
    assert told(facts({"企业": "14家", "其中省级": "41家"})) == [("R404", "其中省级")]
    assert told(facts({"企业": "14家", "其中省级": "4家", "户": "9家"})) == []


BUDGET = facts(funds={"a": {"initial": "10万元", "budget": "9万元"}}, t={"x": {"n": "5家"}})


@pytest.mark.parametrize(
    ("key", "whole", "told_of"),
    [
        ("funds.*.initial", "funds.*.budget", ["funds.a.initial"]),
        ("funds.*.budget", "funds.*.initial", []),
        ("funds.a.initial", "funds.a.budget", ["funds.a.initial"]),
        ("funds.*.initial", "t.x.n", []),
        ("funds.*.initial", "funds.*.none", []),
    ],
)
def test_a_pack_states_what_is_no_more_than_what(key, whole, told_of):
    stated = PlausibleRange(key, "批复数不少于年初数", SourceSpan("pack.yaml", 3, 1), whole=whole)
    assert told(BUDGET, stated) == [("R404", key) for key in told_of]


def test_a_range_that_states_nothing_lifts_every_check_of_the_figure():
    of = facts({"满意度": "950%"}, chains={"a": {"产值": "36亿元", "税收": "146亿元"}})
    past = facts({"满意度": "95%"}, year=2022)
    assert {code for code, _ in told(of, prior=(past,))} == {"R401", "R403", "R404"}
    assert told(of, a_range("满意度"), a_range("chains.*.税收"), prior=(past,)) == []


def test_points_for_a_result_that_is_blank_are_told():
    row = {"target": "按期完成", "actual": "已完成", "points": "5分", "score": "5分"}
    assert told(facts(ratings={"a": row})) == []
    assert told(facts(ratings={"a": {**row, "actual": None}})) == [("R405", "ratings.a.score")]
    assert told(facts(ratings={"a": {**row, "actual": None, "target": None}})) == []
    assert told(facts(ratings={"a": {**row, "actual": None, "score": "0分"}})) == []


@pytest.mark.parametrize(
    ("number", "is_told"),
    [
        ("怀财预〔2023〕6号", False),
        ("怀财预〔2013〕6号", False),
        ("怀财预〔2003〕6号", True),
        ("怀财预[2003]6号", True),
        ("（1200）户", False),
    ],
)
def test_a_document_of_many_years_ago_is_told(number, is_told):
    assert told(facts({"文号": number})) == ([("R407", "文号")] if is_told else [])


def shares(*parts):
    rows = {f"r{number}": {"金额": part} for number, part in enumerate(parts)}
    rule = metric("t.*.占比", "row.金额 / sum(t.金额)", title="占比", unit="%")
    findings = check_plausibility(ledger(facts(t=rows), rule), ())
    return [(each.code, each.params["sum"]) for each in findings]


def test_shares_that_are_printed_to_miss_the_whole_are_told():
    assert shares("1万元", "1万元", "1万元") == [("R408", "99.99%")]
    assert shares("1万元", "1万元") == []
    assert shares("1万元") == []


@pytest.mark.parametrize(
    ("text", "date", "is_told"),
    [
        ("预计全年建成150万平方米", "2024-06-28", True),
        ("（全年数据未出）", "2024-06-28", True),
        ("预计全年建成150万平方米", "2023-12-28", False),
        ("预计总投资5亿元", "2024-06-28", False),
        ("全年建成150万平方米", "2024-06-28", False),
    ],
)
def test_a_forecast_in_a_report_after_the_year_is_told(text, date, is_told):
    blocks = (Paragraph((Text(text),)),)
    document = Document(("报告",), "zh-CN", "", "", date, "internal", blocks, ())
    assert [each.code for each in check_forecasts(document, 2023)] == (["R406"] if is_told else [])


@pytest.mark.parametrize(
    "text",
    "约130家 130余家 1300余万家 近130家 130家以上 130家左右 超130家 超过130家 将近130家 "
    "130家及以上 少于130家 130家以内".split(),
)
def test_an_exact_number_from_one_that_is_not_is_told(text):
    of = facts({"a": text, "b": "2家"})
    assert told(of, rules=(metric("x", "a + b"), metric("y", "b * 2"))) == [("R409", "x")]


@pytest.mark.parametrize(
    "formula",
    "a; -a; abs(a); a - b; b * a; a / b; b / a; sum(a, b); max(a, b); min(b, a); count(t) * a; "
    'count(t) + a / b; sum(t.n); sum(t[name == "甲"].n)'.split("; "),
)
def test_no_operation_makes_an_exact_number_of_one_that_is_not(formula):
    of = facts({"a": "约130家", "b": "2家"}, t={"x": {"name": "甲", "n": "80余家"}})
    found = told(of, rules=(metric("x", formula), metric("y", "count(t)")))
    assert found == [("R409", "x")]


@pytest.mark.parametrize(("key", "text"), [("a", "130家"), ("a目标", "130家以上"), ("a", "≥130家")])
def test_a_number_from_exact_ones_or_a_bound_is_not_told(key, text):
    assert told(facts({key: text, "b": "2家"}), rules=(metric("x", f"{key} + b"),)) == []


def printing(*pieces: Text | Value) -> Document:
    return Document(("报告",), "zh-CN", "", "", "2024-03-01", "internal", (Paragraph(pieces),), ())


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("依据财预〔2003〕6号实施。", "〔2003〕6号"),
        ("依据财预[2003]6号实施。", "[2003]6号"),
        ("依据财预〔2020〕10号实施。", ""),
        ("依据国发〔1998〕12号实施。", ""),
    ],
    ids=["old", "brackets", "of these years", "a fact that is told itself"],
)
def test_an_old_document_that_a_text_cites_is_told(text, number):
    of = ledger(facts({"文号": "国发〔1998〕12号"}))
    found = check_printed(printing(Text(text)), of)
    assert [(each.code, each.params["text"]) for each in found] == (
        [("R407", number)] if number else []
    )


@pytest.mark.parametrize(
    ("shares", "total"),
    [
        (("33.33%", "33.33%", "33.33%"), "99.99%"),
        (("33.33%", "33.33%", "33.34%"), ""),
        (("30.1%", "69.8%"), "99.9%"),
        (("30.1%", "50%"), ""),
        (("99.99%",), ""),
    ],
)
def test_shares_of_one_text_that_miss_a_hundred_are_told(shares, total):
    names = [f"甲{number}占比" for number in range(len(shares))]
    typed = dict(zip(names, shares, strict=True))
    pieces = [Value(text, text.removesuffix("%"), name) for name, text in typed.items()]
    found = check_printed(printing(*pieces), ledger(facts(typed)))
    assert [(each.code, each.params["sum"]) for each in found] == (
        [("R408", total)] if total else []
    )
