"""Reports are held to their peers and to the years before, by exact numbers as printed."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overviews import row
from reportgen.features.overview.peers import compared
from reportgen.features.overview.values import FindingCount, Outlier, Overview
from reportgen.features.overview.words import change_text, reason_text


def of_scores(*scores: str, year: int = 2023) -> Overview:
    return compared("internal", [row(f"u{n}", year, score=score) for n, score in enumerate(scores)])


def kinds(overview: Overview) -> list[tuple[str, str, str]]:
    return [(each.row.unit, each.measure, each.kind) for each in overview.outliers]


def quantile(values: list[Decimal], share: Decimal) -> Fraction:
    """Type 7 of Hyndman and Fan, as QUARTILE.INC has it: between the two ranks around (n-1)p."""
    values = sorted(values)
    rank = share * (len(values) - 1)
    below = int(rank)
    above = min(below + 1, len(values) - 1)
    step = Fraction(rank) - below
    return Fraction(values[below]) + step * (Fraction(values[above]) - Fraction(values[below]))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.decimals(0, 100, places=2), min_size=3, max_size=30))
def test_quartiles_are_exactly_those_of_a_spreadsheet(scores: list[Decimal]) -> None:
    (group,) = of_scores(*(f"{score}分" for score in scores)).groups
    found = group.distribution("score")
    assert found is not None
    quarters = [quantile(scores, Decimal(n) / 4) for n in range(5)]
    assert quarters == [
        found.minimum,
        found.lower_quartile,
        found.median,
        found.upper_quartile,
        found.maximum,
    ]
    assert found.mean == sum(map(Fraction, scores)) / len(scores)


def test_of_two_values_there_is_no_statistic_since_each_could_work_out_the_other() -> None:
    (group,) = of_scores("91分", "92分", "不公开").groups
    assert group.distributions == () and group.grades == ()


def test_scores_out_of_another_full_score_than_most_are_not_held_to_them() -> None:
    rows = [row(f"u{n}", score=f"{90 + n}分", full_score="100分") for n in range(4)]
    rows += [row("x", score="95分"), row("y", score="40分", full_score="40分")]
    overview = compared("internal", rows)
    found = overview.groups[0].distribution("score")
    assert found is not None
    assert (found.count, found.minimum) == (5, 90)
    assert kinds(overview) == [("y", "score", "full_score")]


def test_what_is_withheld_is_not_counted() -> None:
    (group,) = of_scores("91分", "92分", "93分", "不公开").groups
    found = group.distribution("score")
    assert found is not None and found.count == 3 and found.mean == 92


def test_grades_are_counted_of_three_at_least() -> None:
    rows = [row(f"u{n}", grade=grade) for n, grade in enumerate(["良", "优", "优"])]
    assert [group.grades for group in compared("internal", rows).groups] == [(("优", 2), ("良", 1))]
    assert [group.grades for group in compared("internal", rows[1:]).groups] == [()]


@pytest.mark.parametrize(
    ("score", "kind"),
    # Of 84, 90, 92, 94, 96 the quartiles are 90 and 94, of 90, 92, 94, 96, 102 they are 92 and 96.
    [("84分", []), ("83.99分", ["low"]), ("102分", []), ("102.01分", ["high"])],
)
def test_a_value_beyond_a_fence_of_five_peers_stands_out(score: str, kind: list[str]) -> None:
    found = kinds(of_scores(score, "90分", "92分", "94分", "96分"))
    assert found == [("u0", "score", each) for each in kind]


def test_of_four_peers_none_is_beyond_a_fence() -> None:
    assert kinds(of_scores("91分", "92分", "93分", "1分")) == []


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ({"execution_rate": "59.99%"}, [("execution_rate", "under_execution")]),
        ({"execution_rate": "60%"}, []),
        ({"execution_rate": "100%"}, []),
        ({"execution_rate": "135.47%"}, [("execution_rate", "over_execution")]),
        ({"score": "100分", "full_score": "100分"}, [("score", "full_score")]),
        ({"score": "100分", "full_score": "120分"}, []),
        ({"score": "100分"}, []),
        ({"three_public_change": "0.01万元"}, [("three_public_change", "three_public_growth")]),
        ({"three_public_change": "-3万元"}, []),
    ],
)
def test_what_nobody_expects_stands_out_without_any_peers(
    items: dict[str, str], expected: list[tuple[str, str]]
) -> None:
    found = compared("internal", [row(**items)]).outliers
    assert [(each.measure, each.kind) for each in found] == expected


def test_the_reason_says_the_number_and_the_limit_in_both_languages() -> None:
    outlier = Outlier(
        row(execution_rate="135.47%"), "execution_rate", "over_execution", Fraction(1)
    )
    assert reason_text(outlier, "zh") == "预算执行率135.47%，超过100%"
    assert reason_text(outlier, "en") == "execution rate 135.47%, over 100%"


def test_rows_of_another_year_or_kind_are_no_peers() -> None:
    rows = [row("a", 2022, score="90分"), row("b", 2023, score="80分")]
    rows += [row("c", 2023, "fund", about={"peers": "专项资金绩效自评"}, score="70分")]
    groups = compared("internal", rows).groups
    assert [(group.year, len(group.rows)) for group in groups] == [(2023, 1), (2023, 1), (2022, 1)]


def test_what_was_never_built_has_no_peers() -> None:
    assert compared("internal", [row(stage="not built")]).groups == ()


def test_a_trend_tells_the_change_in_points_and_none_over_a_gap() -> None:
    rows = [row(year=year, execution_rate=rate) for year, rate in ((2020, "90%"), (2021, "93.5%"))]
    rows += [row(year=2023, execution_rate="95%")]
    (trend,) = compared("internal", rows).trends
    assert [(point.year, point.change) for point in trend.points] == [
        (2020, None),
        (2021, Fraction(7, 200)),
        (2023, None),
    ]
    assert change_text(Fraction(7, 200), trend.counted_in) == "+3.5个百分点"


def test_a_trend_is_of_the_kind_of_its_last_year_that_states_a_value() -> None:
    rows = [row(year=year, score="90分") for year in (2021, 2022)]
    rows.append(row(year=2023, stage="not built", about={"peers": "", "unit_name": ""}))
    (trend,) = compared("internal", rows).trends
    assert (trend.peers, trend.unit_name) == ("部门整体支出绩效自评", "huaihua局")


def test_files_that_name_no_unit_make_no_trend_together() -> None:
    about = {"unit_name": ""}
    rows = [
        row("", year, "", score="90分", about={**about, "source": f"{year}.docx"})
        for year in (2022, 2023)
    ]
    assert compared("internal", rows).trends == ()


def test_the_trend_of_a_peer_group_is_its_median_of_three_reports_at_least() -> None:
    rows = []
    for year, scores in ((2022, (90, 92, 97)), (2023, (80, 90, 91)), (2021, (1, 2))):
        rows += [row(f"u{n}", year, score=f"{score}分") for n, score in enumerate(scores)]
    trends = [each for each in compared("internal", rows).trends if not each.unit]
    assert [[(p.year, p.value, p.count) for p in each.points] for each in trends] == [
        [(2022, 92, 3), (2023, 90, 3)]
    ]


def test_findings_of_all_reports_are_added_up_by_code() -> None:
    rows = [
        row("a", findings=(FindingCount("R101", "error", 1), FindingCount("R302", "warning", 2))),
        row("b", findings=(FindingCount("R302", "warning", 3),)),
    ]
    assert compared("internal", rows).findings == (
        FindingCount("R302", "warning", 5),
        FindingCount("R101", "error", 1),
    )


def test_projects_of_one_report_are_one_at_its_stage() -> None:
    rows = [row(about={"part": "甲"}), row(about={"part": "乙"}), row("b", stage="draft")]
    stages = compared("internal", rows).stages
    assert (stages["published"], stages["draft"], stages["final"]) == (1, 1, 0)
