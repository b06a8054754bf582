from __future__ import annotations

from dataclasses import replace

import pytest

from builders import FORMATS, derived, facts, ledger, metric, unit
from reportgen.model.quantity import Shape

FACTS = facts(
    {
        "a": "3241.81万元",
        "b": "2392.94万元",
        "亿": "1.5亿元",
        "人": "7人",
        "分": "9.5分",
        "率": "95.5%",
        "面积": "12.50㎡",
    },
    t=["甲", "乙"],
)


def text(formula: str, formats=FORMATS, **more) -> str:
    return ledger(FACTS, metric("x", formula, **more), formats=formats).figures["x"].text


@pytest.mark.parametrize(
    ("formula", "more", "expected"),
    [
        ("a - b", {}, "848.87万元"),
        ("亿 + 0", {}, "15000万元"),
        ("亿 + 0", {"unit": "亿元"}, "1.5亿元"),
        ("a / b", {}, "1.35"),
        ("a / b", {"unit": "%"}, "135.47%"),
        ("a / b", {"unit": "%", "decimals": 4}, "135.4739%"),
        ("a / b", {"unit": "%", "decimals": 0}, "135%"),
        ("a / a", {"unit": "%"}, "100%"),
        ("a / a", {"unit": "%", "strip": False}, "100.00%"),
        ("a + a", {"thousands": True}, "6,483.62万元"),
        ("a / 人", {"unit": "万元/人"}, "463.12万元/人"),
        ("人 + 人", {}, "14人"),
        ("分 + 分 + '0.25分'", {}, "19.25分"),
        ("面积 * 2", {}, "25㎡"),
        ("count(t)", {}, "2"),
        ("count(t)", {"unit": "个"}, "2个"),
        ("count(t) + 1", {"unit": "家"}, "3家"),
        ("率 - '90%'", {"unit": "个百分点"}, "5.5个百分点"),
        ("(率 - '90%') / 3", {"unit": "百分点"}, "1.83百分点"),
        ("率 / 30", {"unit": "‰"}, "31.83‰"),
        ("1 - 率", {}, "4.5%"),
        ("-a", {}, "-3241.81万元"),
        ("人 / 2", {"decimals": 0}, "4人"),
        ("-人 / 2", {"decimals": 0}, "-4人"),
    ],
)
def test_a_value_is_printed_as_its_metric_and_else_as_the_pack_says(formula, more, expected):
    assert text(formula, **more) == expected


def test_the_pack_gives_unit_decimals_and_separators():
    yuan = replace(FORMATS, money_unit=unit("元"), money=Shape(0, True, True), percent=Shape(1))
    assert text("a + b", formats=yuan) == "56,347,500元"
    assert text("a / b", formats=yuan, unit="%") == "135.5%"


def test_typed_money_gets_the_separators_of_the_pack_and_keeps_its_digits():
    thousands = replace(FORMATS, thousands=True)
    figures = ledger(facts({"a": "1234.50万元", "n": "1234家"}), formats=thousands).figures
    assert (figures["a"].text, figures["n"].text) == ("1,234.50万元", "1234家")


def test_what_is_undefined_prints_as_the_pack_wants_blanks():
    dash = replace(FORMATS, blank="—")
    figures = ledger(facts({"空": None}), metric("x", "空 + 空"), formats=dash).figures
    assert (figures["空"].text, figures["x"].text) == ("—", "—")


@pytest.mark.parametrize(
    ("formula", "symbol"),
    [("count(t)", "元"), ("count(t)", "万家"), ("a + b", "家"), ("a / b", "万元"), ("人", "家")],
)
def test_a_unit_of_another_dimension_is_refused(formula, symbol):
    found, findings = derived(FACTS, metric("x", formula, unit=symbol))
    assert [each.code for each in findings] == ["F113"]
    assert found.figures["x"].value is None


def test_a_unit_that_does_not_fit_is_told_with_what_came_out():
    _, findings = derived(
        FACTS, metric("x", "a + b", unit="家"), metric("y", "a / b", 2, unit="家")
    )
    assert [each.params for each in findings] == [
        {"unit": "家", "found": "万元"},
        {"unit": "家", "found": "1"},
    ]


BANDS = (("60", "中"), ("90", "优"), ("80", "良"), ("0", "差"))


@pytest.mark.parametrize(
    ("score", "word"),
    [
        ("100分", "优"),
        ("90分", "优"),
        ("89.99分", "良"),
        ("80分", "良"),
        ("60分", "中"),
        ("0分", "差"),
    ],
)
def test_a_grade_is_the_highest_band_reached(score, word):
    found = ledger(facts({"s": score}), metric("x", "s", grades=BANDS)).figures["x"]
    assert (found.words, found.text, found.number) == (word, word, word)


@pytest.mark.parametrize("floor", ["90分", "90", "90.0分", "≥90分"])
def test_the_floor_of_a_band_may_carry_its_unit(floor):
    found = ledger(facts({"s": "90分"}), metric("x", "s", grades=((floor, "优"),)))
    assert found.figures["x"].words == "优"


def test_a_floor_in_percent_is_one():
    rule = metric("x", "率", grades=(("95.5%", "好"), ("0%", "差")))
    assert ledger(FACTS, rule).figures["x"].words == "好"


def test_below_all_bands_the_number_itself_is_printed():
    rule = metric("x", "-s", grades=BANDS)
    assert ledger(facts({"s": "1分"}), rule).figures["x"].text == "-1分"


def test_nothing_undefined_is_graded():
    found = ledger(facts({"s": None}), metric("x", "s", grades=BANDS)).figures["x"]
    assert (found.value, found.words) == (None, "")


@pytest.mark.parametrize(("floor", "code"), [("九十", "F107"), ("90家", "F104"), ("1.2.3", "F107")])
def test_a_floor_that_is_none_is_a_finding(floor, code):
    _, findings = derived(facts({"s": "1分"}), metric("x", "s", grades=((floor, "优"),)))
    assert [each.code for each in findings] == [code]
    assert floor in findings[0].params.values() or findings[0].params["right"] == "家"


def test_a_derived_figure_carries_what_explains_it():
    rule = metric("x", "a - b", 5, title="增加额", basis="依据")
    found = ledger(FACTS, rule).figures["x"]
    assert (found.kind, found.title, found.formula, found.basis) == (
        "derived",
        "增加额",
        "a - b",
        "依据",
    )
    assert (found.reading, found.inputs) == ("a － b", ("a", "b"))
    assert str(found.span) == "rules.yaml:5:10"
