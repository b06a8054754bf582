from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import (
    FORMATS,
    codes,
    derived,
    facts,
    formula,
    ledger,
    metric,
    metrics,
    told,
    where,
)
from logged import derive
from reportgen.formula.parse import FUNCTIONS
from reportgen.model.figures import Ledger
from reportgen.model.rules import Metric, Rules
from reportgen.model.scoring import Scoring, ScoringRule
from reportgen.model.source import SourceSpan


def text(of: Ledger, key: str) -> str:
    return of.figures[key].text


def values(of: Ledger) -> dict[str, Fraction | None]:
    return {key: figure.value for key, figure in of.figures.items()}


def test_facts_become_figures_and_texts_with_their_places():
    of = ledger(facts({"a": "1.50万元", "name": "某局", "空": None}, t={"x": {"v": "2家"}}))
    assert list(of.figures) == ["a", "空", "t.x.v"]
    assert (of.figures["a"].kind, text(of, "a")) == ("fact", "1.50万元")
    assert str(of.figures["a"].span) == "data-2023.yaml:1:5"
    assert of.figures["空"].value is None
    assert of.texts["name"].value == "某局"
    assert of.tables == {"t": ("x",)}


def test_metrics_may_need_each_other_in_any_order():
    of = ledger(facts({"a": "1万元"}), *metrics(z="y + y", y="x + a", x="a * 2"))
    assert text(of, "z") == "6万元"
    assert of.figures["z"].inputs == ("y",)
    assert list(of.figures) == ["a", "z", "y", "x"]


def test_each_measure_and_row_is_worked_out_from_its_own():
    of = ledger(
        facts(
            funds={"a": {"年初": "2万元", "决算": "3万元"}, "b": {"年初": "4万元", "决算": None}}
        ),
        metric("funds.*.rate", "row.决算 / row.年初", unit="%"),
        metric("total", "sum(funds)", each=("年初", "决算")),
    )
    assert text(of, "funds.a.rate") == "150%"
    assert text(of, "funds.b.rate") == ""
    assert (text(of, "total.年初"), text(of, "total.决算")) == ("6万元", "3万元")


def test_a_row_that_sums_the_others_of_its_table_is_no_cycle():
    of = ledger(
        facts(t={"a": {"kind": "项", "v": "1万元"}, "合计": {"kind": "计"}}),
        metric("t.合计.v", 'sum(t[kind == "项"].v)'),
    )
    assert text(of, "t.合计.v") == "1万元"


def test_a_filter_may_look_at_the_words_of_grades():
    of = ledger(
        facts(t={"a": {"v": "95%"}, "b": {"v": "50%"}}),
        metric("n", 'count(t[grade == "优"])'),
        metric("t.*.grade", "row.v", grades=(("0%", "差"), ("90%", "优"))),
    )
    assert text(of, "n") == "1"


def test_a_long_chain_of_metrics_is_not_recursed_into():
    chain = metrics(**{f"m{i}": f"m{i - 1} + a" for i in range(3_000, 0, -1)})
    of = ledger(facts({"a": "1万元", "m0": "0万元"}), *chain)
    assert text(of, "m3000") == "3000万元"


def test_a_diamond_of_metrics_is_worked_out_once_each():
    layers = metrics(**{f"m{i}": f"m{i - 1} + m{i - 1}" for i in range(60, 0, -1)})
    of = ledger(facts({"m0": "1家"}), *layers)
    assert of.figures["m60"].value == 2**60


@settings(deadline=None)
@given(st.permutations(range(8)))
def test_the_order_of_metrics_does_not_change_results(order):
    rules = [
        metric("t.*.rate", "row.v / total", unit="%"),
        metric("total", "sum(t.v)"),
        metric("t.*.big", "row.rate", grades=(("50%", "大"), ("0%", "小"))),
        metric("many", 'count(t[big == "小"])'),
        metric("t.c.v", 'sum(t[kind == "甲"].v)'),
        metric("t.*.v", "row.w * 2"),
        metric("half", "total / many"),
        metric("past", "prior.total"),
    ]
    of = facts(
        t={
            r: {"kind": k, "w": f"{n}万元"}
            for n, (r, k) in enumerate(zip("abc", "甲甲乙", strict=True))
        }
    )
    last = facts(year=2022, t={"c": {"kind": "甲", "w": "7万元"}})
    expected, told_first = derived(of, *rules, prior=(last,))
    found, told_now = derived(of, *(rules[i] for i in order), prior=(last,))
    assert values(found) == values(expected)
    assert told_now == told_first == ()
    assert expected.figures["many"].value == 1


@pytest.mark.parametrize(
    ("rules", "place", "path", "others"),
    [
        ({"a": "1 + a"}, "rules.yaml:1:14", "a → a", []),
        ({"a": "x + b", "b": "c", "c": "2 * a"}, "rules.yaml:1:14", "a → b → c → a", [2, 3]),
        ({"c": "2 * a", "b": "c", "a": "x + b"}, "rules.yaml:1:14", "c → a → b → c", [3, 2]),
        ({"z": "b + 1", "b": "c", "c": "b"}, "rules.yaml:2:10", "b → c → b", [3]),
    ],
)
def test_a_cycle_is_told_where_each_names_the_next(rules, place, path, others):
    of, findings = derived(facts({"x": "1"}), *metrics(**rules))
    assert told(findings) == [("F105", place)]
    assert findings[0].params == {"path": path}
    assert [each.span.line for each in findings[0].places[1:]] == others
    assert all(of.figures[key].value is None for key in rules)


def test_a_cycle_through_a_column_is_told_at_the_column():
    rules = (metric("t.*.v", "row.w + total", 1), metric("total", "1 + sum(t.v)", 2))
    _, findings = derived(facts(t={r: {"w": "1"} for r in "abc"}), *rules)
    assert told(findings) == [("F105", "rules.yaml:1:18")]
    assert where(findings[0])[1] == "rules.yaml:2:18"


def test_a_long_cycle_is_told_in_short():
    rules = metrics(**{f"m{i}": f"m{(i + 1) % 500}" for i in range(500)})
    _, findings = derived(facts(), *rules)
    assert codes(findings) == ["F105"]
    assert findings[0].params["path"].startswith("m0 → m1 → ")
    assert findings[0].params["path"].endswith("… → m0")
    assert len(findings[0].places) == 8


def test_an_unknown_name_is_told_at_its_column_under_chinese_text():
    _, findings = derived(facts({"支出合计": "1万元"}), metric("x", "支出合计 + 收入合计", 4))
    assert told(findings) == [("F103", "rules.yaml:4:17")]
    assert findings[0].span.end_column == 21
    assert findings[0].params == {"key": "收入合计", "near": "支出合计"}
    assert findings[0].subject == "x"


def test_a_metric_that_fails_is_told_once_and_undefined_not_missing():
    rules = (metric("t.*.x", "row.v + row.没有", 1), metric("y", "sum(t.x) + a", 2))
    of, findings = derived(facts({"a": "1家"}, t={r: {"v": "1家"} for r in "abc"}), *rules)
    assert told(findings) == [("F103", "rules.yaml:1:18")]
    assert of.figures["t.a.x"].value is None
    assert of.figures["y"].formula == "sum(t.x) + a"


def test_a_metric_that_cannot_be_read_is_undefined_too():
    of, findings = derived(facts(), metric("x", "1 +"))
    assert codes(findings) == ["F101"]
    assert of.figures["x"].value is None


def test_division_by_zero_is_told_at_the_quotient_with_the_zero_row_by_row():
    rows = {"a": {"v": "1", "w": "0"}, "b": {"v": "1", "w": "2"}, "c": {"v": "3", "w": "0"}}
    of, findings = derived(facts(t=rows), metric("t.*.x", "1 + row.v / row.w", 7))
    assert told(findings) == [("F106", "rules.yaml:7:14")] * 2
    assert [where(each)[1:] for each in findings] == [
        ["data-2023.yaml:2:5"],
        ["data-2023.yaml:6:5"],
    ]
    assert findings[0].params == {"part": "row.v / row.w"}
    assert text(of, "t.b.x") == "1.5"


def test_division_by_a_derived_zero_is_told_with_its_rule():
    _, findings = derived(facts({"a": "1"}), *metrics(zero="a - a", x="2 / zero"))
    assert told(findings) == [("F106", "rules.yaml:2:10")]
    assert where(findings[0])[1:] == ["rules.yaml:1:10"]


def test_zero_by_zero_is_undefined_without_a_word():
    assert text(ledger(facts({"a": "0家"}), metric("x", "a / a")), "x") == ""


def test_words_among_amounts_are_told_not_passed_over():
    rows = {"a": {"v": "1万元"}, "b": {"v": "见附件"}, "c": {"v": None}}
    of, findings = derived(facts(t=rows), metric("x", "1 * sum(t.v)", 7))
    assert told(findings) == [("F109", "rules.yaml:7:18")]
    assert where(findings[0])[1:] == ["data-2023.yaml:2:5"]
    assert findings[0].params == {"part": "t.b.v"}
    assert of.figures["x"].value is None


def test_words_in_place_of_a_number_are_told_with_their_place():
    _, findings = derived(facts({"名": "某局"}), metric("x", "1 + 名", 7))
    assert told(findings) == [("F109", "rules.yaml:7:14")]
    assert findings[0].places[1].note == "名 某局"
    assert where(findings[0])[1:] == ["data-2023.yaml:1:5"]


def test_unlike_units_in_a_row_are_told_with_the_cell():
    rows = {"a": {"v": "1万元"}, "b": {"v": "1家"}}
    _, findings = derived(facts({"u": "1万元"}, t=rows), metric("t.*.x", "u + row.v", 7))
    assert told(findings) == [("F104", "rules.yaml:7:10")]
    assert where(findings[0])[1:] == ["data-2023.yaml:3:5"]


def test_a_unit_that_does_not_fit_is_told_at_the_formula():
    _, findings = derived(facts({"a": "1万元"}), metric("x", "a + a", 7, unit="家"))
    assert told(findings) == [("F113", "rules.yaml:7:10")]
    assert findings[0].span.end_column == 15


def test_a_typed_number_that_its_rule_contradicts_is_told_at_the_number():
    of, findings = derived(
        facts({"a": "3241.81万元", "b": "2392.94万元", "rate": "135.42%"}),
        metric("rate", "a / b", 7, unit="%", title="执行率"),
    )
    assert told(findings) == [("F112", "data-2023.yaml:3:5")]
    assert where(findings[0])[1:] == ["rules.yaml:7:10"]
    assert findings[0].params == {"title": "执行率", "typed": "135.42%", "computed": "135.47%"}
    assert findings[0].subject == "rate"
    assert text(of, "rate") == "135.47%"


@pytest.mark.parametrize(
    ("typed", "formula", "unit", "agrees"),
    [
        ("135.47%", "3241.81 / 2392.94", "%", True),
        ("135.5%", "3241.81 / 2392.94", "%", True),
        ("135.48%", "3241.81 / 2392.94", "%", False),
        ("1.4", "3241.81 / 2392.94", "%", True),
        ("2个", "count(t)", "个", True),
        ("2", "count(t)", "个", True),
        ("3", "count(t)", "个", False),
        ("2家", "count(t)", "个", False),
        ("两个", "count(t)", "个", False),
    ],
)
def test_a_typed_number_agrees_as_far_as_it_is_written(typed, formula, unit, agrees):
    _, findings = derived(facts({"x": typed}, t=["甲", "乙"]), metric("x", formula, unit=unit))
    assert codes(findings) == ([] if agrees else ["F112"])


def test_a_typed_number_stands_where_its_rule_lacks_a_part():
    of, findings = derived(facts({"a": None, "x": "5万元"}), metric("x", "a + a", title="合计"))
    assert findings == ()
    assert (of.figures["x"].kind, text(of, "x"), of.figures["x"].title) == ("fact", "5万元", "合计")


def test_a_blank_in_place_of_a_derived_figure_is_no_contradiction():
    of = ledger(facts({"a": "1万元", "x": None}), metric("x", "a + a"))
    assert (of.figures["x"].kind, text(of, "x")) == ("derived", "2万元")


LAST = facts(
    {"a": "3万元", "name": "旧名"}, year=2022, t={"x": {"v": "1万元"}, "gone": {"v": "2万元"}}
)
THIS = facts({"a": "5万元", "b": "1万元"}, t={"x": {"v": "4万元"}, "new": {"v": "6万元"}})


def test_last_year_stands_under_prior_with_the_same_rules():
    of = ledger(THIS, *metrics(double="a * 2", growth="a - prior.a"), prior=(LAST,))
    assert text(of, "prior.double") == "6万元"
    assert text(of, "growth") == "2万元"
    assert of.figures["growth"].inputs == ("a", "prior.a")
    assert of.figures["prior.double"].inputs == ("prior.a",)
    assert of.figures["prior.double"].title == "2022年double"
    assert of.texts["prior.name"].value == "旧名"
    assert of.tables["prior.t"] == ("x", "gone")
    assert str(of.figures["prior.a"].span).startswith("data-2022.yaml:1:")


def test_a_row_that_last_year_did_not_have_is_blank():
    of = ledger(THIS, metric("t.*.last", "prior.row.v"), prior=(LAST,))
    assert (text(of, "t.x.last"), text(of, "t.new.last")) == ("1万元", "")
    assert of.figures["t.new.last"].inputs == ()


def test_a_derived_figure_of_a_row_that_last_year_did_not_have_is_blank():
    rules = (metric("t.*.past", "prior.row.twice"), metric("t.*.twice", "row.v * 2"))
    of = ledger(THIS, *rules, prior=(LAST,))
    assert (text(of, "t.x.past"), text(of, "t.new.past")) == ("2万元", "")


def test_titles_of_last_year_name_the_year():
    of = ledger(THIS, prior=(LAST,))
    assert of.figures["prior.a"].title == "2022年a"
    assert of.texts["prior.name"].title == "2022年name"


def test_what_last_year_lacks_is_undefined_without_a_finding():
    of = ledger(THIS, *metrics(x="b + a", y="prior.b", z="prior.x", w="b - prior.x"), prior=(LAST,))
    assert [text(of, key) for key in "xyzw"] == ["6万元", "", "", ""]


def test_a_name_that_neither_year_knows_is_unknown():
    _, findings = derived(THIS, metric("x", "prior.没有"), prior=(LAST,))
    assert codes(findings) == ["F103"]


@pytest.mark.parametrize("prior", [(), (facts({"a": "1万元"}, year=2021),)])
def test_a_missing_last_year_is_one_warning_and_blanks(prior):
    rules = (metric("x", "1 * a - prior.a", 3), metric("t.*.last", "prior.row.v", 4))
    of, findings = derived(THIS, *rules, metric("s", "sum(prior.t.v)", 5), prior=prior)
    assert told(findings) == [("F111", "rules.yaml:3:18")]
    assert findings[0].severity == "warning"
    assert findings[0].params == {"year": "2022"}
    assert [text(of, key) for key in ("x", "t.x.last", "s")] == ["", "", ""]


def test_a_missing_last_year_is_noticed_by_a_sum_alone():
    _, findings = derived(THIS, metric("s", "1 * sum(prior.t.v)", 5))
    assert told(findings) == [("F111", "rules.yaml:5:18")]


def test_the_year_before_last_is_two_prior():
    before = facts({"a": "1万元"}, year=2021)
    of = ledger(THIS, metric("x", "a - prior.prior.a"), prior=(LAST, before))
    assert text(of, "x") == "4万元"
    assert of.figures["prior.prior.a"].title == "2021年a"


def test_cells_of_an_authors_own_table_are_called_by_their_row():
    own = facts(t={"x": {"name": "软件", "outturn": "1万元"}, "y": {"outturn": "2万元"}})
    bare = {k: replace(fact, title=k.rpartition(".")[2]) for k, fact in own.facts.items()}
    found = ledger(replace(own, facts=bare))
    assert found.figures["t.x.outturn"].title == "软件·决算数"
    assert found.figures["t.y.outturn"].title == "决算数"


def scoring(**formulas: str) -> Rules:
    """Return a rule that takes points off for `value`, applied to the indicator `a`."""
    of = {name: formula(text, 9) for name, text in formulas.items()}
    rule = ScoringRule("r", "标准", "per_case", SourceSpan("pack.yaml", 1, 1), off=Fraction(1))
    return Rules(
        standards=(rule,), scorings=(Scoring("a", "r", SourceSpan("pack.yaml", 3, 1), **of),)
    )


def scored(rules: Rules, *metrics_of: Metric, **written: str):
    sheet = facts(written, ratings={"a": {"name": "指标", "points": "10分", "score": None}})
    return derive(sheet, (), metrics_of, FORMATS, rules)


def test_scores_and_metrics_may_need_each_other_in_any_order():
    rules = (metric("half", "ratings.a.score / 2"), metric("cases", "n + 1"))
    of, findings = scored(scoring(value="cases"), *rules, n="3")
    assert findings == ()
    assert (text(of, "ratings.a.score"), text(of, "half")) == ("6分", "3分")
    assert of.figures["ratings.a.score"].title == "指标·得分"


def test_a_metric_for_a_score_comes_before_the_rule_of_the_sheet():
    of, _ = scored(scoring(value="n"), metric("ratings.a.score", "'4分' + 0"), n="3")
    assert text(of, "ratings.a.score") == "4分"


def test_a_cycle_through_a_score_is_told_and_ends():
    of, findings = scored(scoring(value="x"), metric("x", "ratings.a.score * 2", 5))
    assert [each.code for each in findings] == ["F105"]
    assert where(findings[0]) == ["pack.yaml:3:1", "rules.yaml:5:10"]
    assert findings[0].params == {"path": "ratings.a.score → x → ratings.a.score"}
    assert of.figures["ratings.a.score"].value is None
    assert of.figures["x"].value is None


def test_a_missing_last_year_is_noticed_by_a_scoring_rule():
    _, findings = scored(scoring(value="n", last="prior.n"), n="3")
    assert told(findings) == [("F111", "pack.yaml:3:1")]


ATOMS = st.sampled_from(
    "a b x t t.v t.kind t.x.v t.rate row.v row prior.a prior.t.v prior.row.v name none 2 0 '3万元' "
    "'甲' 没有 t[kind=='甲'] t[v>0].v t[rate>=1].v prior.t[kind=='甲'].v t[grade=='高'].v".split(
        " "
    )
)
FORMULAS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("+-*/"), inner).map("{0[0]} {0[1]} ({0[2]})".format),
        st.tuples(st.sampled_from(FUNCTIONS), inner).map("{0[0]}({0[1]})".format),
    ),
    max_leaves=6,
)


@settings(deadline=None)
@given(st.lists(FORMULAS, min_size=4, max_size=4), st.booleans())
def test_any_formulas_give_figures_and_findings_at_places(formulas, with_last_year):
    of = facts(
        {"a": "5万元", "b": "0万元", "name": "某局"},
        t={"x": {"kind": "甲", "v": "1万元"}, "y": {"kind": "乙", "v": None}},
        none=[],
    )
    rules = (
        metric("x", formulas[0], 1),
        metric("t.*.rate", formulas[1], 2),
        metric("t.*.grade", formulas[2], 3, grades=(("0", "高"), ("-9", "低"))),
        metric("b", formulas[3], 4, each=("", "v")),
    )
    found, findings = derived(of, *rules, prior=(LAST,) if with_last_year else ())
    assert {"x", "t.x.rate", "t.y.grade", "b.v"} <= set(found.figures)
    assert all(each.span.line for each in findings)


@settings(deadline=None)
@given(st.lists(st.integers(0, 10**12), min_size=1, max_size=30))
def test_any_table_adds_up_exactly(cents):
    rows = {f"r{i}": {"v": f"{c // 100}.{c % 100:02}元"} for i, c in enumerate(cents)}
    of = ledger(
        facts(t=rows), metric("total", "sum(t.v)", unit="元"), metric("t.*.part", "row.v / total")
    )
    total = of.figures["total"].value
    assert total == Fraction(sum(cents), 100)
    parts = [of.figures[f"t.r{i}.part"].value for i in range(len(cents))]
    assert parts == [Fraction(c, sum(cents)) if sum(cents) else None for c in cents]


NEGATIVE = facts({"a": "5万元", "b": "-5万元", "c": "2万元"}, last={"x": {"v": "-1万元"}})


@pytest.mark.parametrize(
    "text",
    [
        "(a - b) / b",
        "(b - a) / b",
        "a / b - 1",
        '"100%" - a / b',
        "a / b * 100 - 100",
        "(a - b) * 100 / b",
        "abs(a - b) / b",
        "(a - b) / b * 100",
        "(c + a - b) / b",
        "(sum(last.v) - a) / sum(last.v)",
        "(row_b - c) / row_b",
        "d / b",
        "ratio - 1",
        "whole - ratio",
    ],
)
def test_growth_on_a_negative_base_is_told_and_has_no_value(text: str):
    others = metrics(d="a - b", row_b="b + 0", ratio="a / b", whole="1")
    of, problems = derive(NEGATIVE, (), (*others, *metrics(g=text)), FORMATS)
    assert (codes(problems), of.figures["g"].value) == (["F116"], None)
    assert problems[0].subject == "g"


@pytest.mark.parametrize(
    ("text", "expected"),
    [("(b - a) / a", "-2"), ("a / b", "-1"), ("(a - b) / c", "5"), ("(a - b) / abs(b)", "2")],
)
def test_a_quotient_that_is_no_growth_on_a_negative_base_has_its_value(text: str, expected: str):
    of = ledger(NEGATIVE, *metrics(g=text))
    assert of.figures["g"].value == Fraction(expected)


RATES = facts({"p": "8.5%", "q": "3.1%", "r": "2%", "m": "2万元", "n": "8万元"})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("p - q", "5.4个百分点"),
        ("abs(q - p)", "5.4个百分点"),
        ("p + r - q - q", "4.3个百分点"),
        ("m / n - q", "21.9个百分点"),
        ("m / n - n / m", "-375个百分点"),
        ("100 * (p - q) / 100", "5.4个百分点"),
    ],
)
def test_the_difference_of_two_percentages_is_in_percentage_points(text: str, expected: str):
    assert ledger(RATES, *metrics(d=text)).figures["d"].text == expected
    of, problems = derive(RATES, (), (metric("d", text, unit="%"),), FORMATS)
    assert (codes(problems), of.figures["d"].value) == (["F113"], None)
    assert problems[0].params["found"] == "个百分点"


THROUGH = metrics(
    ratio="m / n",
    other="n / m",
    same="ratio",
    mean="(p + q) / 2",
    growth="m / n - 1",
    whole='"100%"',
    target='"90%"',
    change="p - q",
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ratio - other", "-375个百分点"),
        ("same - q", "21.9个百分点"),
        ("growth - p", "-83.5个百分点"),
        ("mean - r", "3.8个百分点"),
        ("-q + p", "5.4个百分点"),
        ("p + -q", "5.4个百分点"),
        ("sum(p, -q)", "5.4个百分点"),
        ("max(ratio, p) - q", "21.9个百分点"),
        ("p - target", "-81.5个百分点"),
        ("p - q - (q - r)", "4.3个百分点"),
        ("change + change", "10.8个百分点"),
        ("change * 2", "10.8个百分点"),
    ],
)
def test_the_kind_of_a_difference_holds_through_other_metrics(text: str, expected: str):
    assert ledger(RATES, *THROUGH, *metrics(d=text)).figures["d"].text == expected
    of, problems = derive(RATES, (), (*THROUGH, metric("d", text, unit="%")), FORMATS)
    assert (codes(problems), of.figures["d"].value) == (["F113"], None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ratio - 1", "-75%"),
        ("same - whole", "-75%"),
        ("whole - ratio", "75%"),
        ("m / n - 1", "-75%"),
        ("ratio - '100%'", "-75%"),
        ("abs(ratio - 1)", "75%"),
        ("change / p", "63.53%"),
        ("p - q - r", "3.4%"),
        ("q + change", "8.5%"),
        ("change + ratio", "30.4%"),
        ("p * ratio", "2.13%"),
    ],
)
def test_a_ratio_less_one_is_a_growth_in_per_cent_through_other_metrics(text: str, expected: str):
    of = ledger(RATES, *THROUGH, metric("d", text, unit="%"))
    assert of.figures["d"].text == expected
    of, problems = derive(RATES, (), (*THROUGH, metric("d", text, unit="个百分点")), FORMATS)
    assert (codes(problems), of.figures["d"].value) == (["F113"], None)
    assert problems[0].params["found"] == "%"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("p + q", "11.6%"),
        ('"100%" - p', "91.5%"),
        ("1 - p - q", "88.4%"),
        ("p - q - r", "3.4%"),
        ("(p - q) + q", "8.5%"),
        ("(n - m) / m", "300%"),
        ("m / n - 1", "-75%"),
    ],
)
def test_a_rate_worked_out_from_rates_stays_a_percentage(text: str, expected: str):
    assert ledger(RATES, metric("d", text, unit="%")).figures["d"].text == expected
