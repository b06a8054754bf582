"""Scores by the nature of an indicator (财预〔2020〕10号), in `ratings` and in own tables."""

from __future__ import annotations

from fractions import Fraction as F

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import FORMATS, facts
from logged import derive
from reportgen.check.scoring import check_scores
from reportgen.model.rules import Rules
from reportgen.model.scoring import Scoring, ScoringRule
from reportgen.model.source import SourceSpan

AT = SourceSpan("pack.yaml", 1, 1)


def rules(*rows, **options):
    return Rules(
        standards=(ScoringRule("nature", "按指标性质", "by_nature", AT, **options),),
        scorings=tuple(Scoring(row, "nature", AT) for row in rows or ("*",)),
    )


def scored(written=None, of=None, **cells):
    """Return score and findings of an indicator of 10 points with these cells."""
    row = {"name": "甲", "points": "10分", **cells}
    of = of or rules()
    made, told = derive(facts(written, ratings={"a": row}), (), (), FORMATS, of)
    found = [*told, *check_scores(made, of)]
    figure = made.figures.get("ratings.a.score")
    return figure.value if figure else None, [each.code for each in found]


@pytest.mark.parametrize(
    ("nature", "value", "unit", "actual", "score"),
    [
        ("≥", "90", "%", "95%", 10),
        ("≥", "90", "%", "95", 10),
        ("≥", "90", "%", "45%", 5),
        ("≥", "90", "%", "0.45", 5 * F(1, 100)),  # in the unit of the column: 0.45%
        ("=", "4", "个", "4", 10),
        ("=", "4", "个", "5个", 10),
        ("=", "4", "个", "1", F(5, 2)),
        ("=", "0", "起", "0", 10),
        ("=", "0", "起", "1", 0),
        ("≤", "100", "万元", "80", 10),
        ("≤", "100", "万元", "125", 8),
        ("≤", "100", "万元", "0.0125亿元", 8),
        (">", "4", "篇次", "2", 5),  # a unit that nobody knows: both count the same
        (None, "≥90%", None, "45%", 5),
    ],
)
def test_reached_is_full_and_missed_is_in_proportion(nature, value, unit, actual, score):
    got, codes = scored(nature=nature, value=value, unit=unit, actual=actual, deviation="原因")
    assert (got, codes) == (score, [])


@pytest.mark.parametrize(("variant", "score"), [("ratio", F(8)), ("linear", F(15, 2))])
def test_pack_says_how_what_should_be_small_is_reduced(variant, score):
    cells = {"nature": "≤", "value": "100", "unit": "万元", "actual": "125", "deviation": "原因"}
    assert scored(of=rules(variant=variant), **cells) == (score, [])


def test_one_cell_says_as_much_and_result_may_be_a_figure():
    got, codes = scored({"家数": "9家"}, target="≥12家", actual="{{ 家数 }}", deviation="原因")
    assert (got, codes) == (F(15, 2), [])


def test_qualitative_is_judged_within_its_band():
    cells = {"nature": "定性", "value": "成效明显", "actual": "成效明显", "score": "9分"}
    assert scored(**cells, level="达成", deviation="原因") == (9, [])
    assert scored(**cells, level="未达成", deviation="原因") == (9, ["R207"])


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"nature": "≥", "value": "较高", "actual": "95"}, "R212"),
        ({"nature": "定性", "value": "90", "actual": "好"}, "R212"),
        ({"nature": "≥", "value": "90", "unit": "%", "target": "≥95%", "actual": "95%"}, "R213"),
        ({"nature": "≥", "value": "90", "unit": "%", "target": "≤90%", "actual": "95%"}, "R213"),
        ({"nature": "≥", "value": "90", "unit": "%", "target": "≥90个", "actual": "95%"}, "R213"),
        ({"nature": "≥", "value": "90", "unit": "%", "actual": "95家"}, "R208"),
        ({"nature": "≥", "value": "9", "actual": "1", "score": "9分", "deviation": "原因"}, "R201"),
    ],
)
def test_what_does_not_agree_is_told(cells, code):
    assert scored(**cells)[1] == [code]


def test_own_tables_are_scored_by_the_names_of_their_columns():
    rows = {
        "a": {"指标性质": "≥", "指标值": "90%", "完成值": "45%", "权重": "20分"},
        "b": {"指标值": "≤2次", "完成值": "1次", "权重": "5分"},
    }
    of = rules("tasks.*")
    made, told = derive(facts(tasks=rows), (), (), FORMATS, of)
    assert told == ()
    scores = {key: figure.text for key, figure in made.figures.items() if key.endswith(".score")}
    assert scores == {"tasks.a.score": "10分", "tasks.b.score": "5分"}
    assert made.figures["tasks.a.score"].inputs[-1] == "tasks.a.权重"


def test_typed_scores_of_own_tables_are_compared_and_asked_for_reasons():
    rows = {
        "a": {"指标值": "≥90%", "完成值": "45%", "分值": "20分", "得分": "12分", "偏差原因": ""}
    }
    made, told = derive(facts(tasks=rows), (), (), FORMATS, rules("tasks.a"))
    assert [each.code for each in told] == ["R201"]
    assert made.figures["tasks.a.得分"].text == "10分"
    assert [each.code for each in check_scores(made, rules("tasks.a"))] == ["R203"]


def test_rule_for_one_row_comes_before_that_for_all():
    of = Rules(
        standards=(*rules().standards, ScoringRule("judged", "评议", "manual", AT)),
        scorings=(Scoring("*", "nature", AT), Scoring("a", "judged", AT)),
    )
    cells = {"target": "≥90%", "actual": "45%", "score": "7分", "deviation": "原因"}
    assert scored(of=of, **cells) == (7, [])


@pytest.mark.parametrize("row", ["none", "ratings.none", "tasks.*", "tasks.a"])
def test_scoring_of_no_row_is_told(row):
    assert scored(of=rules("*", row), target="≥1", actual="1")[1] == ["F123"]


amounts = st.integers(0, 10**6)


@given(amounts, amounts, st.sampled_from("=≥≤"))
@settings(max_examples=60)
def test_score_is_within_its_points_and_full_only_where_reached(target, actual, nature):
    got, _ = scored(nature=nature, value=str(target), actual=str(actual), deviation="原因")
    reached = actual <= target if nature == "≤" else actual >= target
    if nature != "≤" and target == 0:
        reached = actual == 0
    assert got is not None
    assert 0 <= got <= 10
    assert (got == 10) == reached
