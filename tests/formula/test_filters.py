from __future__ import annotations

import pytest

from builders import facts, formula, ledger, metric, says_all
from reportgen.formula.evaluate import evaluate
from reportgen.formula.lookup import LedgerLookup
from reportgen.formula.names import Context
from reportgen.formula.parse import parse
from reportgen.formula.syntax import FormulaError

FUNDS = {
    "a": {"类别": "业务", "source": "市级", "plan": "10万元", "done": "8万元", "group": "一"},
    "b": {"类别": "专项", "source": "市级", "plan": "20万元", "done": "30.5万元", "group": None},
    "c": {"类别": "专项", "source": "上级", "plan": None, "done": "0.5亿元", "group": "一"},
    "d": {"类别": "业务", "source": "上级", "plan": None, "done": None, "only": "5万元"},
}
LEDGER = ledger(
    facts(
        {"上限": "20万元", "词": "专项"}, funds=FUNDS, blank={"x": {"类别": "业务", "sum": None}}
    ),
    metric("funds.*.rate", "row.done / row.plan", unit="%"),
    metric("funds.*.grade", "row.rate", grades=(("100%", "超"), ("0%", "未超"))),
    prior=(facts(year=2022, funds={"a": {"类别": "业务", "done": "7万元"}}),),
)


def result(text: str, measure: str = "", row: str = ""):
    return evaluate(parse(formula(text)), Context(LedgerLookup(LEDGER), measure, row))


def rows(condition: str, measure: str = "", row: str = "") -> str:
    """Return the rows of funds that a condition keeps, as their ids in a string."""
    keys = result(f"count(funds[{condition}])", measure, row).inputs
    return "".join(key.removeprefix("funds.") for key in keys)


def fault(condition: str) -> tuple[str, str]:
    text = f"sum(funds[{condition}].done)"
    with pytest.raises(FormulaError) as caught:
        result(text)
    assert says_all(caught.value)
    part = caught.value.part
    assert part is not None
    return caught.value.code, text[part.start : part.end]


@pytest.mark.parametrize(
    ("condition", "kept"),
    [
        ('类别 == "业务"', "ad"),
        ('"业务" == 类别', "ad"),
        ('类别 != "业务"', "bc"),
        ('类别 == "专项" and source == "市级"', "b"),
        ('类别 == "业务" or source == "上级"', "acd"),
        ('类别 == "业务" and source == "上级" or done > plan', "bd"),
        ('not (类别 == "业务" or source == "上级")', "b"),
        ('group == "一"', "ac"),
        ('group != "一"', "bd"),
        ("done > 0", "abc"),
        ("not done > 0", "d"),
        ("done > plan", "b"),
        ("done - plan >= '10.5万元'", "b"),
        ("done >= 上限", "bc"),
        ("done >= '8万元'", "abc"),
        ("done > '8万元'", "bc"),
        ("rate > 1", "b"),
        ('grade == "未超"', "a"),
        ("only > 0", "d"),
        ("only - done < 0", ""),
        ("类别 == 词", "bc"),
        ('done > 0 and 类别 == "业务"', "a"),
        ("done > 0 and 类别 != source", "abc"),
    ],
)
def test_rows_that_fit_are_kept(condition, kept):
    assert rows(condition) == kept


def test_a_filter_compares_to_the_last_digit_whatever_rounding_hides():
    assert rows("done >= '8.01万元'") == "bc"
    assert rows("done == '8.001万元'") == ""


def test_inside_a_filter_row_is_the_row_of_the_metric():
    assert rows("类别 == row.类别", row="funds.a") == "ad"
    assert rows("done > row.done", row="funds.b") == "c"


def test_the_measure_names_the_column_not_the_condition():
    found = result('sum(funds[类别 == "专项"])', measure="done")
    assert found.value == 50_305_000
    assert found.inputs == ("funds.b.done", "funds.c.done")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("sum(funds[done > '9亿元'].done)", 0),
        ("count(funds[done > '9亿元'])", 0),
        ('sum(funds[类别 == "专项"].only)', None),
        ("sum(blank[sum > 0].sum)", None),
        ("max(funds[done > '9亿元'].done)", 0),
        ('sum(prior.funds[类别 == "专项"].done)', None),
        ("sum(prior.funds[done > '9亿元'].done)", None),
        ('sum(prior.funds[类别 == "业务"].done)', 70_000),
    ],
)
def test_no_row_is_nothing_spent_but_a_blank_column_is_unknown(text, value):
    assert result(text).value == value


def test_nothing_spent_has_the_unit_of_the_column():
    found = result("sum(funds[done > '9亿元'].done)")
    assert str(found.unit) == "万元"


@pytest.mark.parametrize(
    ("condition", "code", "part"),
    [
        ('类别 == "业物"', "F110", '"业物"'),
        ('"业物" != 类别', "F110", '"业物"'),
        ('done > 0 and not 类别 == "业物"', "F110", '"业物"'),
        ('类型 == "业务"', "F103", "类型"),
        ("doen > 0", "F103", "doen"),
        ("done > plna", "F103", "plna"),
        ("done - plna > 0", "F103", "plna"),
        ("max(done, plna) > 0", "F103", "plna"),
        ('类别 < "业务"', "F108", '类别 < "业务"'),
        ("类别 == 5", "F108", "5"),
        ("done", "F108", "done"),
        ("done > 0 and plan", "F108", "plan"),
        ("done > '5家'", "F104", "done > '5家'"),
        ("done > '很多'", "F107", "'很多'"),
        ("done / (plan - plan) > 0", "F106", "done / (plan - plan)"),
    ],
)
def test_faults_in_a_condition_stand_at_their_part(condition, code, part):
    assert fault(condition) == (code, part)


def test_a_text_no_row_has_is_told_with_those_there_are():
    with pytest.raises(FormulaError) as caught:
        result('sum(funds[类别 == "业物"].done)')
    assert caught.value.params == {"text": "业物", "known": "专项、业务"}


def test_an_unknown_field_is_told_with_its_table():
    with pytest.raises(FormulaError) as caught:
        result('sum(funds[类型 == "业务"].done)')
    assert caught.value.params == {"key": "funds.*.类型"}


@pytest.mark.parametrize(
    ("text", "part"),
    [("sum(found[a > 0].b)", "found"), ("sum(funds[done > 0].doen)", "funds[done > 0].doen")],
)
def test_unknown_tables_and_columns_of_a_filter(text, part):
    with pytest.raises(FormulaError) as caught:
        result(text)
    at = caught.value.part
    assert at is not None
    assert (caught.value.code, text[at.start : at.end]) == ("F103", part)


def test_a_table_without_rows_has_none_that_fit():
    empty = ledger(facts(funds={}))
    context = Context(LedgerLookup(empty))
    found = evaluate(parse(formula('sum(funds[类别 == "业务"].done)')), context)
    assert found.value is None
