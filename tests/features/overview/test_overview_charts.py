"""What stands where in the charts: exact values in percent of the width, never beyond it."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overviews import row
from reportgen.features.overview.charts import (
    ChartScale,
    PeersLine,
    grade_shares,
    peers_charts,
    trend_marks,
)
from reportgen.features.overview.peers import compared
from reportgen.model.units import ONE, UNITS


def line_of(*rates: str) -> PeersLine:
    rows = [row(f"u{n}", execution_rate=rate) for n, rate in enumerate(rates)]
    (chart,) = peers_charts(compared("internal", rows), "execution_rate")
    (line,) = chart.lines
    return line


def test_an_axis_reaches_from_a_round_number_to_another() -> None:
    scale = ChartScale(Fraction(63, 100), Fraction(97, 100), UNITS["%"])
    assert list(scale.ticks) == [
        (0.0, "60"),
        (25.0, "70"),
        (50.0, "80"),
        (75.0, "90"),
        (100.0, "100"),
    ]
    assert scale.at(Fraction(7, 10)) == 25.0


def test_an_axis_of_one_value_ends_there_so_that_it_tells_no_score_above_a_full_one() -> None:
    scale = ChartScale(Fraction(100), Fraction(100), UNITS["分"])
    assert list(scale.ticks) == [(0.0, "99"), (100.0, "100")]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.decimals(-1000, 1000, places=2), min_size=1, max_size=20))
def test_an_axis_holds_all_that_it_was_made_for(numbers: list) -> None:
    values = [Fraction(number) for number in numbers]
    scale = ChartScale(min(values), max(values), ONE)
    assert all(scale.holds(value) and 0 <= scale.at(value) <= 100 for value in values)
    places = [scale.at(value) for value in sorted(values)]
    assert places == sorted(places)
    assert 2 <= len(list(scale.ticks)) <= 7


def test_a_box_reaches_from_quartile_to_quartile_and_whiskers_to_the_last_values_within() -> None:
    # Quartiles 72, 80 and 88 on an axis from 60 to 100; all lie within the fences 48 and 112.
    line = line_of("60%", "72%", "80%", "88%", "100%")
    assert line.is_boxed and line.marks == ()
    assert (line.whiskers, line.box, line.median) == ((0.0, 100.0), (30.0, 70.0), 50.0)


def test_what_is_far_out_stands_at_the_end_of_the_axis_and_says_its_value() -> None:
    line = line_of("60%", "70%", "75%", "80%", "90%", "2000%")
    assert [(mark.at, mark.text, mark.row.unit) for mark in line.marks] == [(100.0, "2000%", "u5")]


def test_where_all_are_alike_the_one_that_is_not_has_its_place() -> None:
    line = line_of("90%", "90%", "90%", "90%", "90%", "40%")
    assert [(mark.at, mark.text) for mark in line.marks] == [(0.0, "")]
    assert line.median == 100.0


def test_of_fewer_than_five_each_has_a_mark_and_there_is_no_box() -> None:
    line = line_of("60%", "70%", "80%")
    assert not line.is_boxed
    assert [mark.at for mark in line.marks] == [0.0, 50.0, 100.0]


@pytest.mark.parametrize("audience", ["internal", "public"])
def test_what_is_withheld_has_no_mark(audience) -> None:
    rows = [row(f"u{n}", score=score) for n, score in enumerate(["91分", "92分", "93分", "不公开"])]
    (chart,) = peers_charts(compared(audience, rows), "score")
    assert [mark.row.unit for mark in chart.lines[0].marks] == ["u0", "u1", "u2"]


def test_a_long_name_is_cut_beside_its_mark() -> None:
    name = "某某自治县人民政府政务服务和大数据管理局"
    line = line_of("60%", "70%", "80%")
    rows = [row(f"u{n}", score=f"{n}分", about={"unit_name": name}) for n in range(3)]
    (chart,) = peers_charts(compared("internal", rows), "score")
    assert chart.lines[0].marks[0].name == "某某自治县人民政府政务…"
    assert line.marks[0].name == "u0局"


def test_grades_stand_from_the_best_on_and_their_shares_add_up() -> None:
    grades = ["中", "优", "良好", "优", "合格", "差"]
    rows = [row(f"u{n}", grade=grade) for n, grade in enumerate(grades)]
    (group,) = compared("internal", rows).groups
    shares = grade_shares(group)
    assert [(share.grade, share.count) for share in shares] == [
        ("优", 2),
        ("良好", 1),
        ("中", 1),
        ("差", 1),
        ("合格", 1),
    ]
    assert sum(share.size for share in shares) == pytest.approx(100, abs=0.1)
    assert shares[0].told == "33.3%"
    assert [share.start for share in shares] == sorted(share.start for share in shares)


def test_a_trend_puts_years_by_their_distance_and_the_greatest_value_on_top() -> None:
    rows = [row(year=year, score=score) for year, score in ((2019, "80分"), (2022, "90分"))]
    rows += [row(year=2023, score="85分")]
    (trend,) = compared("internal", rows).trends
    marks = trend_marks(trend)
    assert [mark.at for mark in marks] == [0.0, 75.0, 100.0]
    assert marks[1].top < marks[2].top < marks[0].top
    assert [mark.text for mark in marks] == ["80分", "90分", "85分"]


def test_a_trend_without_change_is_level() -> None:
    rows = [row(year=year, score="90分") for year in (2022, 2023)]
    (trend,) = compared("internal", rows).trends
    assert len({mark.top for mark in trend_marks(trend)}) == 1
