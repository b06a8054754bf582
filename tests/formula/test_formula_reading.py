from __future__ import annotations

import pytest

from builders import facts, formula, ledger, metric
from reportgen.formula.lookup import LedgerLookup
from reportgen.formula.names import MEASURES, Context
from reportgen.formula.parse import parse
from reportgen.formula.reading import Titles, reading
from reportgen.load.groups import fields_of
from reportgen.load.schema import BudgetLine
from reportgen.model.figures import Ledger

FACTS = facts(
    {"收入": "5万元", "支出": "4万元"},
    funds={
        "a": {"name": "甲项", "类别": "业务", "决算数": "1万元", "plan": "2万元"},
        "b": {"name": "乙项", "类别": "专项", "决算数": "1万元"},
    },
    科室=["一", "二"],
)
RULES = (
    metric("资金.outturn", "收入", title="资金总额·决算数"),
    metric("资金.initial", "收入", title="资金总额·年初预算数"),
)


def titles(of: Ledger) -> Titles:
    known = {k: f.title for k, f in of.figures.items()} | {k: t.title for k, t in of.texts.items()}
    return Titles(known, of.tables, of.year)


def said(text: str, measure: str = "", row: str = "") -> str:
    of = ledger(FACTS, *RULES)
    context = Context(LedgerLookup(of), measure, row)
    return reading(parse(formula(text)), context, titles(of))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("收入 + 支出", "收入 ＋ 支出"),
        ("收入 - 支出 + 收入", "收入 － 支出 ＋ 收入"),
        ("收入 - (支出 - 收入)", "收入 － （支出 － 收入）"),
        ("收入 / 支出 * 2", "收入 ÷ 支出 × 2"),
        ("收入 - 支出 * 0.50", "收入 － 支出 × 0.50"),
        ("(收入 - 支出) / 收入", "（收入 － 支出） ÷ 收入"),
        ("收入 / (支出 * 2)", "收入 ÷ （支出 × 2）"),
        ("-收入", "－收入"),
        ("-(收入 + 支出)", "－（收入 ＋ 支出）"),
        ("收入 * -支出", "收入 × （－支出）"),
        ("min(收入, '90%')", "（收入、90%）中最小者"),
        ("max(收入, 支出)", "（收入、支出）中最大者"),
        ("abs(收入 - 支出)", "（收入 － 支出）的绝对值"),
        ("abs(收入)", "收入的绝对值"),
        ("sum(收入)", "收入之和"),
        ("sum(收入, 支出, -收入)", "（收入 ＋ 支出 － 收入，空的不计）"),
        (
            "sum(-收入, 支出 * 2, 支出 - 收入)",
            "（（－收入） ＋ 支出 × 2 ＋ （支出 － 收入），空的不计）",
        ),
        ("sum(funds.决算数)", "各项决算数之和"),
        ("min(funds.决算数)", "各项决算数中最小者"),
        ("sum(funds.决算数, 支出)", "（各项决算数之和 ＋ 支出，空的不计）"),
        ('sum(funds[类别 == "业务"].决算数)', "类别为“业务”的各项决算数之和"),
        ('sum(funds[类别 != "业务"].决算数)', "类别不为“业务”的各项决算数之和"),
        ('count(funds[类别 == "业务" and 决算数 > 0])', "类别为“业务”，且决算数 ＞ 0的项数"),
        (
            'count(funds[类别 == "业务" and (决算数 > plan or not 决算数 > 支出)])',
            "类别为“业务”，且（决算数 ＞ plan，或非（决算数 ＞ 支出））的项数",
        ),
        ("count(科室)", "科室项数"),
        ("count(funds)", "项数"),
        ("count(funds.plan)", "有plan的项数"),
        ("收入 >= 支出", "收入 ≥ 支出"),
        ("收入 <= 支出", "收入 ≤ 支出"),
        ("收入 == 支出", "收入 ＝ 支出"),
        ("收入 != 支出", "收入 ≠ 支出"),
        ("收入 < 支出", "收入 ＜ 支出"),
        ("收入 > 支出", "收入 ＞ 支出"),
        ("sum(funds.没有)", "各项没有之和"),
        ("没有 + 收入", "没有 ＋ 收入"),
    ],
)
def test_a_formula_in_the_words_of_the_form(text, words):
    assert said(text) == words


@pytest.mark.parametrize(
    ("text", "measure", "row", "words"),
    [
        ("资金 / 收入", "outturn", "", "资金总额·决算数 ÷ 收入"),
        ("资金", "initial", "", "资金总额·年初预算数"),
        ("row.决算数 / row.plan", "", "funds.a", "甲项·决算数 ÷ 甲项·plan"),
        ("row.决算数 - prior.row.决算数", "", "funds.a", "甲项·决算数 － 2022年甲项·决算数"),
        ('sum(funds[类别 == "业务"])', "决算数", "", "类别为“业务”的各项决算数之和"),
        ("sum(funds)", "决算数", "", "各项决算数之和"),
        ("prior.prior.收入", "", "", "2021年收入"),
    ],
)
def test_names_are_said_as_they_are_meant(text, measure, row, words):
    assert said(text, measure, row) == words


def test_measures_are_called_as_the_form_calls_them():
    titles_of_line = {name: field.title for name, field in fields_of(BudgetLine).items()}
    assert {**titles_of_line, "last": "上年决算数"} == MEASURES


def test_rows_and_groups_are_called_as_their_fields_are():
    names = titles(ledger(FACTS, *RULES))
    assert names.of("funds.a") == "甲项"
    assert names.of("资金") == "资金总额"
    assert names.of("funds") == "funds"
    assert names.column("funds", "决算数") == "决算数"
    assert names.column("funds", "没有") == ""
    assert names.items("科室") == "科室"
    assert names.items("funds") == ""
