"""What the numbers of a text claim."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.language.claims import find_claims

CASES = [
    ("占全年总支出的30.1%", "30.1%", "share", "全年总支出"),
    ("占全市规模工业增加值比重71.32%", "71.32%", "share", "全市规模工业增加值"),
    ("规模工业增加值同比增长5.5%", "5.5%", "growth", "上年同期"),
    ("比上年下降3.2%", "3.2%", "growth", "上年"),
    ("完成全年目标任务的201.92%", "201.92%", "completion", "全年目标任务"),
    ("占年度计划的148.66%", "148.66%", "completion", "年度计划"),
    ("预算执行率135.42%", "135.42%", "completion", "预算执行率"),
    ("群众满意率达96%", "96%", "rate", "群众满意率"),
    ("高出全省平均31.8个百分点", "31.8个百分点", "points", ""),
    ("比上年增加4125万元", "4125万元", "change", "上年"),
    ("较年初预算减少12万元", "12万元", "change", "年初预算"),
    ("自评得分为94分", "94分", "score", ""),
    ("内设科室19个", "19个", "count", ""),
    ("全年收入5296万元", "5296万元", "amount", ""),
    ("资金占比为45%", "45%", "share", ""),
    ("问题办结率为91.43%", "91.43%", "completion", "问题办结率"),
]


@pytest.mark.parametrize(("text", "number", "role", "base"), CASES)
def test_the_words_before_a_number_say_what_it_is(
    text: str, number: str, role: str, base: str
) -> None:
    (claim,) = find_claims(f"2020年，我局{text}。")
    assert (claim.number.text, claim.role, claim.base) == (number, role, base)


@pytest.mark.parametrize(
    "text",
    ["2020年6月30日", "湘财绩〔2022〕3号", "第3位", "一是抓落实", "“十四五”规划", "附件2"],
)
def test_dates_numbers_of_documents_and_names_are_no_claims(text: str) -> None:
    assert list(find_claims(text)) == []


def test_a_claim_knows_its_subject_its_time_and_its_brackets() -> None:
    text = "2021年1-11月全市完成工业投资（含技改）300亿元（其中：园区120亿元）。"
    total, part = find_claims(text)
    assert (total.period, total.depth, part.depth) == ("2021年1-11月", 0, 1)
    assert part.subject == "园区"


def test_the_ends_of_a_range_are_one_number() -> None:
    (claim,) = find_claims("补助企业300-320万元。")
    assert (claim.number.text, claim.number.value, claim.number.reach) == (
        "300-320万元",
        3_000_000,
        200_000,
    )


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("我局内设五个科室。", ["五个"]),
        ("办公室、人事科、法规科等三个科室。", ["三个"]),
        ("围绕三个重点，坚持两手抓。", []),
        ("我们有三个特点。", []),
    ],
)
def test_numerals_in_characters_count_where_things_are_counted(
    text: str, numbers: list[str]
) -> None:
    assert [claim.number.text for claim in find_claims(text)] == numbers


def test_a_change_is_measured_against_the_number_that_stands_before_it() -> None:
    *_, change, growth = find_claims("收入1860万元，较2021年的1720万元增加140万元，增长8.1%。")
    assert (change.base, growth.base) == ("2021年", "2021年")


def test_a_falling_change_has_a_negative_sign() -> None:
    first, second = find_claims("收入增长5%，支出下降3%。")
    assert (first.sign, second.sign) == (1, -1)


@given(st.text(alphabet="占比上年增长完成率的，。（）0123456789.%万元家 \n", max_size=80))
@settings(max_examples=300, deadline=None)
def test_any_text_gives_claims_in_order_within_it(text: str) -> None:
    last = -1
    for claim in find_claims(text):
        assert last < claim.number.body < claim.number.body_end <= len(text)
        assert claim.sentence.start <= claim.number.body < claim.sentence.end
        last = claim.number.body


@pytest.mark.parametrize(
    ("text", "role", "value", "base", "sign"),
    [
        ("师生比为1:18.5。", "rate", Fraction("18.5"), "", 1),
        ("车桩比降至2.6\u22361，", "rate", Fraction("2.6"), "", 1),
        ("办理时限压缩62%。", "growth", Fraction("0.62"), "", -1),
        ("审批时间缩短三成至四成。", "growth", Fraction("0.3"), "", -1),
        ("非税收入超收21万元。", "change", Fraction(210000), "", 1),
        ("罚没收入短收3.6万元。", "change", Fraction(36000), "", -1),
        ("比全省平均水平高4.2万元。", "change", Fraction(42000), "全省平均水平", 1),
        ("比定额低0.5万元。", "change", Fraction(5000), "定额", -1),
        ("低于规定标准1.2平方米。", "change", Fraction("1.2"), "", -1),
        ("与账面相差0.35万元。", "change", Fraction(3500), "", 1),
        ("减少经费3万元。", "change", Fraction(30000), "", -1),
        ("不高于年度标准20万元。", "amount", Fraction(200000), "", 1),
        ("最高20万元。", "amount", Fraction(200000), "", 1),
        ("新建垃圾中转站三座，", "count", Fraction(3), "", 1),
        ("占企业总数的比重首次突破40%。", "share", Fraction("0.4"), "企业总数", 1),
        ("超概算2.6%。", "completion", Fraction("0.026"), "概算", 1),
    ],
)
def test_words_of_the_field_say_what_a_number_is(text, role, value, base, sign):
    (claim,) = find_claims(text)
    read = (claim.role, claim.number.value, claim.base, claim.sign)
    assert read == (role, value, base, sign)


@pytest.mark.parametrize("text", ["按5:3:2的比例分担", "比例为1:0", "比例3:7", "9:1万元"])
def test_only_a_proportion_to_one_is_one_number(text):
    assert {claim.role for claim in find_claims(text)} <= {"count", "amount"}


def test_base_of_a_change_is_where_its_number_has_grown_from():
    claims = list(find_claims("企业由年初的486家增加到531家，净增45家，增长9.26%。"))
    assert [claim.base for claim in claims] == ["", "年初", "年初", "年初"]


def test_numbers_that_are_ways_to_speak_claim_nothing():
    assert list(find_claims("完成重点工作三个方面。")) == []
