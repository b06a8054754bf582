"""One thing with two names is told; two things with like names are not."""

from __future__ import annotations

import pytest

from audited_documents import codes, told
from reportgen.features.audit.names import differs_by_a_word

ONE = [
    ("2023年中小企业发展专项资金", "中小企业发展资金"),
    ("节能监察工作经费", "节能监察经费"),
    ("展会场馆租赁补助", "展会场馆租赁补贴"),
    ("农村公路养护项目", "农村公路维护项目"),
    ("“企业上云”奖补资金", "企业上云资金"),
]
TWO = [
    ("城区一期改造工程", "城区二期改造工程"),
    ("甲县农村道路工程", "乙县农村道路工程"),
    ("省级工业发展资金", "市级工业发展资金"),
    ("市级专项资金", "市级中小企业发展专项资金"),
    ("城东道路改造工程", "城西道路改造工程"),
    ("2023年中小企业发展资金", "中小企业发展资金"),
    ("设备购置经费", "设备更新改造经费"),
]


def table(*names: str, amount: str = "138.6") -> list[list[str]]:
    rows = [[name, amount] for name in names]
    return [["项目名称", "决算数（万元）"], *rows]


@pytest.mark.parametrize(("name", "other"), ONE)
def test_two_names_of_one_amount_are_told_at_the_later_one(name: str, other: str) -> None:
    (found,) = told(f"全年安排资金，{name}138.6万元。", tables=[table(other, "培训费")])
    assert found.code == "A313"
    assert found.params["name"] == other.strip("“”")
    assert [place.span.line for place in found.places[1:]] == [1]
    assert [each.code for each in told(tables=[table(name), table(other)])] == ["A313"]


@pytest.mark.parametrize(("name", "other"), TWO)
def test_like_names_of_two_things_are_not_told(name: str, other: str) -> None:
    assert codes(f"{name}138.6万元。", tables=[table(other)]) == []


@pytest.mark.parametrize(("name", "other"), ONE)
def test_what_one_list_or_sentence_has_both_of_is_not_told(name: str, other: str) -> None:
    assert codes(f"{name}138.6万元。", tables=[table(other, name)]) == []
    assert codes(f"{name}138.6万元，{other}138.6万元。") == []


@pytest.mark.parametrize("amount", ["138.7", "1386", "5", "", "上年138.6"])
def test_another_amount_or_hardly_any_is_not_told(amount: str) -> None:
    (name, other), *_ = ONE
    text = f"{name}138.6万元。" if amount != "5" else f"{name}5万元。"
    assert codes(text, tables=[table(other, amount=amount)]) == []


def test_a_name_may_lack_a_word_either_way_round() -> None:
    for name, other in (("节能监察工作经费", "节能监察经费"), ("产业链专项资金", "产业链资金项目")):
        assert differs_by_a_word(name, other) == differs_by_a_word(other, name)


@pytest.mark.parametrize(
    ("unit", "told_codes"),
    [
        ("岳阳市工业和信息局", ["A314"]),
        ("岳阳市工业与信息化局", []),
        ("市工业和信息化局", []),
        ("岳阳市工信局", []),
        ("岳阳市财政局", []),
    ],
)
def test_a_unit_that_lacks_a_character_of_its_name_is_told(
    unit: str, told_codes: list[str]
) -> None:
    title = "2023年度岳阳市工业和信息化局部门整体支出绩效自评报告"
    assert codes(title, "一、基本情况", f"填报单位：{unit}") == told_codes
    assert (
        codes(title, "一、基本情况", tables=[[["预算单位", "万元"], [unit, "138.6"]]]) == told_codes
    )
