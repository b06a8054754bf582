from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import facts, formula, ledger, metric, says_all
from reportgen.formula.evaluate import compare, evaluate
from reportgen.formula.lookup import LedgerLookup
from reportgen.formula.names import Context
from reportgen.formula.operand import Operand
from reportgen.formula.parse import parse
from reportgen.formula.syntax import FormulaError
from reportgen.model import limits
from reportgen.model.quantity import Shape, shown

FACTS = facts(
    {
        "支出.年初": "200万元",
        "支出.决算": "300.5万元",
        "收入": "1亿元",
        "人数": "7人",
        "单位": "某局",
        "空": None,
        "零": "0万元",
        "率": "95%",
        "表.合计": "9万元",
    },
    funds={
        "a": {
            "name": "甲项",
            "kind": "甲",
            "amount": "10.5万元",
            "plan": "8万元",
            "细目.数": "3家",
        },
        "b": {"name": "乙项", "kind": "乙", "amount": "20万元", "plan": None},
        "c": {"name": "丙项", "kind": "甲", "amount": None, "plan": None, "note": "无"},
    },
    表={"甲": {"数": "2万元"}, "乙": {"数": "3万元"}},
    offices=["一科", "二科"],
    none=[],
)
LAST = facts({"支出.决算": "250万元"}, year=2022, funds={"a": {"kind": "甲", "amount": "9万元"}})
LEDGER = ledger(
    FACTS,
    metric("funds.*.twice", "row.amount * 2"),
    metric("支出.率", "支出.决算 / 支出.年初", unit="%"),
    metric("等级", "率", grades=(("90%", "优"), ("0%", "差"))),
    prior=(LAST,),
)


def context(measure: str = "", row: str = "") -> Context:
    return Context(LedgerLookup(LEDGER), measure, row)


def result(text: str, measure: str = "", row: str = "") -> Operand:
    return evaluate(parse(formula(text)), context(measure, row))


def value(text: str, measure: str = "", row: str = "") -> str:
    """Return what a formula gives as it would be shown exactly, nothing where it is undefined."""
    found = result(text, measure, row)
    return "" if found.value is None else shown(found.value, found.unit, Shape(decimals=6))


def fault(text: str, measure: str = "", row: str = "") -> tuple[str, str]:
    """Return the code and the text at fault."""
    with pytest.raises(FormulaError) as caught:
        result(text, measure, row)
    assert says_all(caught.value)
    part = caught.value.part
    return caught.value.code, text[part.start : part.end] if part else ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("支出.决算 - 支出.年初", "100.5万元"),
        ("收入 + 支出.决算", "1.03005亿元"),
        ("支出.决算 / 支出.年初", "1.5025"),
        ("-支出.年初", "-200万元"),
        ("abs(支出.年初 - 支出.决算)", "100.5万元"),
        ("支出.年初 * 2 - 支出.决算 / 2", "249.75万元"),
        ("支出.年初 - (支出.决算 - 支出.年初)", "99.5万元"),
        ("'2万元' + 零", "2万元"),
        ("支出.年初 / 人数", "285714.285714元/人"),
        ("人数 + 3", "10人"),
        ("1 - 率", "5%"),
        ("min(率, '90%', 1)", "90%"),
        ("max(支出.年初, 支出.决算)", "300.5万元"),
        ("空 + 支出.年初", ""),
        ("支出.年初 * 空", ""),
        ("abs(空)", ""),
        ("abs(率)", "95%"),
        ("abs(率 - 1)", "5%"),
        ("人数 + 0.5", "7.5人"),
        ("sum(funds.细目.数)", "3家"),
        ("funds.a.细目.数 * 2", "6家"),
        ("零 / 零", ""),
        ("sum(空, 支出.年初)", "200万元"),
        ("sum(funds.amount)", "30.5万元"),
        ("sum(funds.amount, 支出.年初)", "230.5万元"),
        ("sum(funds.amount, funds.plan)", "38.5万元"),
        ("sum(funds.twice)", "61万元"),
        ("max(funds.amount)", "20万元"),
        ("min(funds.amount, '1万元')", "1万元"),
        ("count(offices)", "2"),
        ("count(funds)", "3"),
        ("count(funds.amount)", "2"),
        ("count(funds.note)", "1"),
        ("count(offices, funds)", "5"),
        ("count(offices) + 1", "3"),
        ("count(none)", "0"),
        ("sum(none.amount)", ""),
        ("prior.支出.决算", "250万元"),
        ("sum(prior.funds.amount)", "9万元"),
    ],
)
def test_values(text, expected):
    assert value(text) == expected


@pytest.mark.parametrize(
    ("text", "measure", "row", "expected"),
    [
        ("支出", "决算", "", "300.5万元"),
        ("支出", "年初", "", "200万元"),
        ("支出.年初", "决算", "", "200万元"),
        ("sum(表)", "合计", "", "9万元"),
        ("sum(表)", "数", "", "5万元"),
        ("sum(funds)", "amount", "", "30.5万元"),
        ("sum(funds.plan)", "amount", "", "8万元"),
        ("row.amount - row.plan", "", "funds.a", "2.5万元"),
        ("row.amount - row.plan", "", "funds.b", ""),
        ("row", "amount", "funds.b", "20万元"),
        ("prior.row.amount", "", "funds.a", "9万元"),
        ("prior.row", "amount", "funds.a", "9万元"),
        ("prior.prior.row.amount", "", "funds.a", ""),
        ("row2", "amount", "funds.a", "F103"),
        ("rows.amount", "", "funds.a", "F103"),
        ("prior.row.amount", "", "funds.b", ""),
        ("row.amount / sum(funds.amount)", "", "funds.b", "0.655738"),
    ],
)
def test_names_take_the_measure_and_the_row(text, measure, row, expected):
    if expected == "F103":
        assert fault(text, measure, row) == (expected, text)
    else:
        assert value(text, measure, row) == expected


def test_an_unknown_field_of_a_row_is_told_with_the_row():
    with pytest.raises(FormulaError) as caught:
        result("1 + row.amunt", row="funds.a")
    assert caught.value.params == {"key": "funds.a.amunt"}


def test_the_deepest_formula_accepted_can_be_evaluated():
    brackets = "(" * limits.FORMULA_DEPTH + "人数" + " + 1)" * limits.FORMULA_DEPTH
    assert value(brackets) == f"{7 + limits.FORMULA_DEPTH}人"
    assert value("-" * limits.FORMULA_DEPTH + "人数") == "7人"


@pytest.mark.parametrize(
    "text", ["prior.支出.年初", "prior.funds.b.amount", "sum(prior.funds.plan)", "prior.等级"]
)
def test_what_last_year_lacked_is_undefined_not_unknown(text):
    assert value(text) == ""


@pytest.mark.parametrize(
    ("text", "code", "part"),
    [
        ("支出.年初 + 支出.决数", "F103", "支出.决数"),
        ("支出", "F103", "支出"),
        ("row.amount", "F103", "row.amount"),
        ("prior.支出.决数", "F103", "prior.支出.决数"),
        ("sum(支出.年初, funds.amunt)", "F103", "funds.amunt"),
        ("count(funds.nots)", "F103", "funds.nots"),
        ("funds.amunt + 支出.年初", "F103", "funds.amunt"),
        ("funds.a.amunt", "F103", "funds.a.amunt"),
        ("sum(funds.a.amunt)", "F103", "funds.a.amunt"),
        ("支出.年初 + 人数 - 支出.决算", "F104", "支出.年初 + 人数"),
        ("sum(支出.年初, 人数)", "F104", "sum(支出.年初, 人数)"),
        ("max(1, 支出.年初)", "F104", "max(1, 支出.年初)"),
        ("支出.年初 / 2 / 零 * 2", "F106", "支出.年初 / 2 / 零"),
        ("2 + 1 / (支出.年初 - 支出.年初)", "F106", "1 / (支出.年初 - 支出.年初)"),
        ("支出.年初 + '二万元'", "F107", "'二万元'"),
        ("支出.年初 == 支出.决算", "F109", "支出.年初 == 支出.决算"),
        ("not 支出.年初", "F109", "not 支出.年初"),
        ("funds", "F109", "funds"),
        ("funds.amount + 支出.年初", "F109", "funds.amount"),
        ("单位", "F109", "单位"),
        ("sum(funds)", "F109", "funds"),
        ("count(支出.年初)", "F109", "支出.年初"),
        ("count(单位)", "F109", "单位"),
        ("abs(funds.amount)", "F109", "funds.amount"),
        ("sum(funds.name)", "F109", "funds.name"),
        ("sum(funds.amount, funds.note)", "F109", "funds.note"),
        ("max(offices)", "F109", "offices"),
    ],
)
def test_faults_stand_at_their_part(text, code, part):
    assert fault(text) == (code, part)


def test_division_by_zero_tells_the_quotient_and_whose_zero_it_is():
    with pytest.raises(FormulaError) as caught:
        result("支出.决算 + 支出.年初 / 2 / 零")
    assert caught.value.params == {"part": "支出.年初 / 2 / 零"}
    assert caught.value.keys == ("零",)


def test_unlike_units_tell_whose_they_are():
    for text in (
        "支出.年初 + 支出.决算 + 人数",
        "sum(支出.年初, 支出.决算, 人数)",
        "sum(支出.年初, 人数, 支出.决算)",
        "sum(支出.年初, 0, 人数)",
    ):
        with pytest.raises(FormulaError) as caught:
            result(text)
        assert caught.value.keys == ("人数",)
        assert caught.value.params == {"left": "万元", "right": "人"}


def test_inputs_are_the_figures_read_in_order():
    assert result("支出.决算 - 支出.年初 + 支出.决算").inputs == ("支出.决算", "支出.年初")
    cells = tuple(f"funds.{row}.amount" for row in "abc")
    assert result("sum(funds.amount)").inputs == cells
    assert result("count(offices)").inputs == ("offices.1", "offices.2")
    assert result("2 * 3").inputs == ()


def test_a_comparison_gives_both_sides_their_gap_and_what_rounding_may_hide():
    found = compare(parse(formula("支出.决算 <= 支出.年初 + '100万元'")), context())
    assert (found.sign, found.gap, found.tolerance) == ("<=", 5_000, 5_000)
    assert (found.left.value, found.right.value) == (3_005_000, 3_000_000)


def test_a_comparison_with_a_blank_has_no_gap():
    assert compare(parse(formula("空 == 支出.年初")), context()).gap is None


@pytest.mark.parametrize(
    ("text", "code"),
    [("支出.年初 + 1", "F108"), ("零 == 零 and 零 == 零", "F108"), ("人数 == 支出.年初", "F104")],
)
def test_what_is_no_comparison_of_like_things_is_refused(text, code):
    with pytest.raises(FormulaError) as caught:
        compare(parse(formula(text)), context())
    assert caught.value.code == code
    assert caught.value.part is not None


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from("+-*"), st.integers(0, 10**9)), max_size=30))
def test_evaluation_is_exact(steps):
    text = "1" + "".join(f" {sign} {number}.25" for sign, number in steps)
    expected = eval_exactly(text)
    assert result(text).value == expected


def eval_exactly(text: str) -> Fraction:
    """Return what Python makes of `text` with its numbers as fractions."""
    words = [f"Fraction({w!r})" if w[0].isdigit() else w for w in text.split()]
    return eval(" ".join(words), {"Fraction": Fraction})
