from __future__ import annotations

from fractions import Fraction as F

import pytest

from logged import derive
from reportgen.check.scoring import check_scores
from reportgen.model.figures import Fact, Facts
from reportgen.model.pack import Formats
from reportgen.model.quantity import Shape, parse_quantity
from reportgen.model.rules import Rules
from reportgen.model.scoring import Band, Scoring, ScoringRule, ValueRange
from reportgen.model.source import Formula, SourceSpan
from reportgen.model.units import find_unit

FORMATS = Formats(find_unit("万元"), Shape(2), Shape(2))


def facts(**texts):
    """Return facts by key (`__` for a dot) as quantities where they are, else texts."""
    made = {}
    for line, (name, text) in enumerate(texts.items(), 1):
        key = name.replace("__", ".")
        prose = key.endswith((".target", ".actual", ".deviation"))
        number = not prose and not key.endswith((".name", ".level"))
        value = parse_quantity(text) if number else text
        made[key] = Fact(key, key, value, SourceSpan("data.yaml", line, 1), prose=prose)
    return made


def ledger(rules=None, metrics=(), checks=(), **texts):
    row = {"ratings__a__name": "指标", "ratings__a__points": "5分", **texts}
    made = facts(**row)
    tables = {"ratings": ("a",)}
    for n, text in enumerate(checks, 1):
        key = f"ratings.a.checks.{n}"
        made[key] = Fact(key, key, parse_quantity(text), SourceSpan("data.yaml", 90 + n, 1))
    if checks:
        tables["ratings.a.checks"] = tuple(str(n) for n in range(1, len(checks) + 1))
    return derive(Facts(2023, made, tables), (), metrics, FORMATS, rules or Rules())


def scored(kind="at_most", value="x", **values):
    rule = ScoringRule("r", "标准", kind, SourceSpan("pack.yaml", 1, 1), **values)
    formula = Formula(value, SourceSpan("pack.yaml", 2, 1))
    scoring = Scoring("a", "r", SourceSpan("pack.yaml", 3, 1), value=formula)
    return Rules(standards=(rule,), scorings=(scoring,))


def codes(findings):
    return [(each.code, each.subject) for each in findings]


STEP = {"limit": F(1), "off": F(1, 2), "per": F(1, 100)}


def test_score_is_worked_out_where_its_inputs_are_there():
    made, findings = ledger(scored(**STEP), x="103%")
    assert findings == ()
    figure = made.figures["ratings.a.score"]
    assert (figure.kind, figure.text) == ("score", "3.5分")
    assert figure.inputs == ("x", "ratings.a.points")


def test_typed_score_beside_a_rule_is_compared():
    made, findings = ledger(scored(**STEP), x="103%", ratings__a__score="5分")
    assert codes(findings) == [("R201", "ratings.a")]
    assert made.figures["ratings.a.score"].text == "3.5分"
    assert ledger(scored(**STEP), x="103%", ratings__a__score="3.5分")[1] == ()


def test_manual_score_stays_as_typed():
    made, findings = ledger(scored("manual", "x"), x="1", ratings__a__score="4分")
    assert findings == ()
    assert made.figures["ratings.a.score"].text == "4分"


def test_check_list_is_added_from_the_data():
    rules = scored("checklist", "x", items=(F(2), F(3)))
    made, _ = ledger(rules, checks=("2", "1.5"), x="1")
    assert made.figures["ratings.a.score"].text == "3.5分"


@pytest.mark.parametrize(
    ("rules", "code"),
    [
        (Rules(scorings=(Scoring("a", "none", SourceSpan("p", 3, 1)),)), "F122"),
        (Rules(standards=scored().standards), "F121"),
        (
            Rules(
                standards=scored().standards, scorings=(Scoring("b", "r", SourceSpan("p", 3, 1)),)
            ),
            "F123",
        ),
    ],
)
def test_rules_that_do_not_fit_are_findings(rules, code):
    assert [each.code for each in ledger(rules)[1]] == [code]


@pytest.mark.parametrize(
    ("texts", "rules", "wanted"),
    [
        ({"ratings__a__score": "6分"}, Rules(), ["R202"]),
        ({"ratings__a__score": "4分"}, Rules(), ["R203"]),
        ({"ratings__a__score": "4分", "ratings__a__deviation": "原因"}, Rules(), []),
        ({"ratings__a__score": "5分"}, Rules(), []),
        (
            {"x": "8家", "ratings__a__target": "{{ x }}", "ratings__a__actual": "{{ x }}"},
            Rules(),
            ["R204"],
        ),
        ({"ratings__a__target": "成效明显", "ratings__a__actual": "成效明显"}, Rules(), []),
        ({"ratings__a__target": "≥90%", "ratings__a__actual": "12家"}, Rules(), ["R208"]),
        (
            {"ratings__a__score": "5分", "ratings__a__target": "≥90%", "ratings__a__actual": "85%"},
            Rules(),
            ["R209"],
        ),
        (
            {"ratings__a__score": "5分", "ratings__a__target": "≤8家", "ratings__a__actual": "7家"},
            Rules(),
            [],
        ),
        (
            {"ratings__a__target": "100家", "ratings__a__actual": "135家"},
            scored("manual", "x", flag=F(13, 10)),
            ["R206"],
        ),
        ({"x": "1"}, scored("manual", "x", items=(F(1), F(1))), ["R205"]),
        (
            {
                "ratings__a__score": "4分",
                "ratings__a__level": "部分达成",
                "ratings__a__deviation": "因",
            },
            scored("qualitative", "x"),
            ["R207"],
        ),
        (
            {
                "ratings__a__score": "3.5分",
                "ratings__a__level": "部分达成",
                "ratings__a__deviation": "因",
            },
            scored("qualitative", "x"),
            [],
        ),
        # The older form's second band reaches down to 50 %.
        (
            {
                "ratings__a__score": "2.5分",
                "ratings__a__level": "部分达成",
                "ratings__a__deviation": "因",
            },
            scored("qualitative", "x", bounds=(F(4, 5), F(1, 2))),
            [],
        ),
    ],
)
def test_sheet_is_checked(texts, rules, wanted):
    made, _ = ledger(rules, **{"x": "1", **texts})
    assert [each.code for each in check_scores(made, rules)] == wanted


def table_of(row):
    """Return a ledger with one row of a table of the author's own."""
    made = {f"t.1.{name}": text for name, text in row.items()}
    made = {
        key: Fact(key, key, parse_quantity(text), SourceSpan("data.yaml", line, 1))
        for line, (key, text) in enumerate(made.items(), 1)
    }
    return derive(Facts(2023, made, {"t": ("1",)}), (), (), FORMATS)[0]


@pytest.mark.parametrize(
    "row",
    [
        {"points": "5分", "score": "5.1分"},
        {"分值": "10", "得分": "10.5"},
        {"满分": "10分", "得分": "12"},
        {"权重": "10", "得分": "100"},
        {"标准分": "10", "自评得分": "12"},
        {"分值": "10", "自评得分": "9", "复评得分": "11"},
    ],
)
def test_more_points_than_there_are_are_told_in_any_table(row):
    (found,) = check_scores(table_of(row), Rules())
    assert (found.code, found.severity, found.subject) == ("R202", "error", "t.1")
    assert found.span.line == len(row)


@pytest.mark.parametrize(
    "row",
    [{"分值": "10", "得分": "10"}, {"分值": "10"}, {"得分": "10"}, {"产值": "1", "税收": "2"}],
)
def test_as_many_points_as_there_are_are_not_told(row):
    assert check_scores(table_of(row), Rules()) == ()


def test_points_of_a_check_list_that_add_up_to_more_are_not_cut_down_silently():
    rules = scored("checklist", items=(F(2), F(3)))
    made, findings = ledger(rules, checks=("3分", "3分"), x="1")
    assert made.figures["ratings.a.score"].value == 5
    assert codes(findings) == [("R202", "ratings.a")]
    assert findings[0].params["score"] == "6分"
    assert ("R202", "ratings.a") in codes(check_scores(made, rules))


def test_more_than_all_points_by_a_band_is_told_and_in_proportion_is_not():
    band = Band("≥0", ValueRange(F(0), None, True, False), F(8))
    _, findings = ledger(scored("bands", bands=(band,)), x="1")
    assert codes(findings)[1:] == [("R202", "ratings.a")]
    _, findings = ledger(scored("per_case", off=F(1)), x="-2")
    assert codes(findings) == [("R202", "ratings.a")]
    _, findings = ledger(scored("proportional"), x="140%")
    assert findings == ()
