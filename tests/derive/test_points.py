from __future__ import annotations

from fractions import Fraction as F

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.derive.points import gaps, score
from reportgen.findings import Diagnostics
from reportgen.load.fields import Leaf
from reportgen.load.scoring import BandEntry, ScoringRuleEntry, read_scoring_rules
from reportgen.model.scoring import ScoringRule
from reportgen.model.source import SourceSpan

MARK = SourceSpan("rules.yaml", 1, 1)
KINDS = ("at_most", "at_least", "bands", "per_case", "proportional", "inverse", "carry_over")


def rule(kind, **values):
    return ScoringRule("r", "标准", kind, MARK, **values)


def bands(*pairs):
    log = Diagnostics()
    entries = [BandEntry(range=r, score=s) for r, s in pairs]
    title = Leaf("标准", MARK)
    entry = ScoringRuleEntry(title=title, kind="bands", bands=entries)
    (read,) = read_scoring_rules({"r": entry}, log)
    assert not log
    return read.bands


SHARE = bands(
    ("[90%, )", "5"),
    ("[80%, 90%)", "4"),
    ("[70%, 80%)", "3"),
    ("[60%, 70%)", "2"),
    ("( , 60%)", "0"),
)


@pytest.mark.parametrize(
    ("made", "points", "values", "earned"),
    [
        # 岳阳市 2021 sheet: 5 points, 0.5 off per percentage point above 100 %.
        (rule("at_most", limit=F(1), off=F(1, 2), per=F(1, 100)), 5, {"value": F(82, 90)}, F(5)),
        (
            rule("at_most", limit=F(1), off=F(1, 2), per=F(1, 100)),
            5,
            {"value": F(103, 100)},
            F(7, 2),
        ),
        (rule("at_most", limit=F(1), off=F(1, 2), per=F(1, 100)), 5, {"value": F(2)}, F(0)),
        (
            rule("at_most", limit=F(1), off=F(1, 2), per=F(1, 100), whole=True),
            5,
            {"value": F(1029, 1000)},
            F(4),
        ),
        (rule("at_least", limit=F(1), off=F(1, 5), per=F(1, 100)), 3, {"value": F(95, 100)}, F(2)),
        (rule("bands", bands=SHARE), 5, {"value": F(9, 10)}, F(5)),
        (rule("bands", bands=SHARE), 5, {"value": F(8999, 10000)}, F(4)),
        (rule("bands", bands=SHARE), 5, {"value": F(0)}, F(0)),
        (rule("per_case", off=F(1, 2)), 3, {"value": F(2)}, F(2)),
        (rule("per_case", off=F(1)), 3, {"value": F(9)}, F(0)),
        # 财预〔2020〕10号: rate × weight, never above the weight.
        (rule("proportional"), 10, {"value": F(9, 10)}, F(9)),
        (rule("proportional"), 10, {"value": F(13547, 10000)}, F(10)),
        (rule("proportional"), 5, {"value": F(-1)}, F(0)),
        (rule("proportional"), 5, {"value": F(8), "target": F(10)}, F(4)),
        (rule("proportional"), 5, {"value": F(0), "target": F(0)}, F(5)),
        (rule("proportional"), 5, {"value": F(1), "target": F(0)}, F(0)),
        (rule("inverse"), 6, {"value": F(12), "target": F(8)}, F(4)),
        (rule("inverse", variant="linear"), 6, {"value": F(12), "target": F(8)}, F(3)),
        (rule("inverse", variant="linear"), 6, {"value": F(16), "target": F(8)}, F(0)),
        (rule("inverse"), 6, {"value": F(8), "target": F(8)}, F(6)),
        (rule("carry_over", kept=F(2)), 3, {"value": F(0)}, F(3)),
        (rule("carry_over", kept=F(2)), 3, {"value": F(1251), "last": F(454864)}, F(2)),
        (rule("carry_over", kept=F(2)), 3, {"value": F(5), "last": F(4)}, F(0)),
    ],
)
def test_rule_earns(made, points, values, earned):
    assert score(made, F(points), values) == earned


def test_check_list_earns_its_sub_points():
    assert score(rule("checklist"), F(3), {}, [F(1), F(1), F(1, 2)]) == F(5, 2)


@pytest.mark.parametrize("kind", [*KINDS, "checklist", "qualitative", "manual"])
def test_score_without_its_inputs_is_not_computed(kind):
    assert score(rule(kind, bands=SHARE), F(5), {"value": None}) is None


@given(
    st.sampled_from(KINDS),
    st.fractions(0, 100),
    st.fractions(-10, 10),
    st.fractions(0, 10),
    st.fractions(0, 10),
)
def test_score_lies_between_nothing_and_its_weight(kind, points, value, target, off):
    made = rule(kind, off=off, limit=F(1), per=F(1, 100), bands=SHARE, kept=F(2))
    earned = score(made, points, {"value": value, "target": target, "last": target})
    assert earned is None or 0 <= earned <= points


@pytest.mark.parametrize(
    ("made", "fault"),
    [
        (bands(("[90%, )", "5"), ("( , 80%)", "0")), "hole"),
        (bands(("[90%, )", "5"), ("( , 90%]", "0")), "overlap"),
        (bands(("(90%, )", "5"), ("( , 90%)", "0")), "hole"),
        (bands(("[80%, )", "5"), ("( , 90%)", "0")), "overlap"),
        (bands(("[90%, 100%]", "5"), ("[0, 90%)", "0")), "hole"),
    ],
)
def test_bands_with_a_hole_or_an_overlap_are_found(made, fault):
    assert [problem.split(" ")[0] for problem in gaps(made)] == [f"@{fault}"]


def test_bands_that_meet_are_whole():
    assert gaps(SHARE) == ()
    smaller_is_better = bands(
        ("( , 0]", "3"), ("(0, 10%]", "2"), ("(10%, 20%]", "1"), ("(20%, )", "0")
    )
    assert gaps(smaller_is_better) == ()


@given(st.fractions(-2, 2))
def test_any_value_falls_in_exactly_one_band(value):
    assert sum(value in band.range for band in SHARE) == 1
