"""Approved totals of columns, and facts that are the rest of a whole."""

from __future__ import annotations

import pytest

from reportgen.findings import Finding
from small_project import DATA, HOME, SmallProject, reportgen

TOTALS = f"{DATA}/approved.yaml"
FUNDS = f"{DATA}/funds.yaml"
"""Their outturns are 18.4, 12.5 and 96.3万元, which add up to 127.2."""


SECTIONS = ("totals.", "remainders.")


def of_sources(project: SmallProject) -> list[Finding]:
    """Return what is told of approved totals and remainders, and is no note."""
    found = project.draft().findings
    return [f for f in found if f.subject.startswith(SECTIONS) and f.severity != "note"]


def told(project: SmallProject) -> list[tuple[str, str]]:
    return [(each.code, each.subject) for each in of_sources(project)]


@pytest.mark.parametrize("total", ["127.2", "127.20万元", "1272000元", "127"])
def test_an_approved_total_that_its_rows_add_up_to_is_not_told(small, total):
    small.write(TOTALS, f"totals:\n  funds: {{outturn: {total}}}\n")
    assert told(small) == []


@pytest.mark.parametrize("total", ["127.3", "127.21", "1272.0", "12.72亿元", "-127.2", "128"])
def test_an_approved_total_of_another_sum_is_told_with_both_places(small, total):
    small.write(TOTALS, f"totals:\n  funds: {{outturn: {total}}}\n")
    (broken,) = of_sources(small)
    assert (broken.code, broken.subject) == ("R101", "totals.funds.outturn")
    assert "资金与项目·决算数批准合计" in broken.params["title"]
    assert {place.span.path for place in broken.places} == {TOTALS, FUNDS}


def test_the_row_that_was_mistyped_is_named(small):
    small.write(TOTALS, "totals:\n  funds: {outturn: 127.2}\n")
    small.replace(FUNDS, "outturn: 18.4}", "outturn: 184}")
    (broken,) = of_sources(small)
    assert "18.4万元" in broken.params["facts"]


def test_a_total_waits_to_be_filled_in(small):
    small.write(TOTALS, "totals:\n  funds: {outturn: }\n")
    assert told(small) == [("R102", "totals.funds.outturn")]


@pytest.mark.parametrize(
    ("totals", "code"),
    [
        ("funds: {outtrun: 3}", "F103"),
        ("found: {outturn: 3}", "F103"),
        ("funds: {name: 3}", "F109"),
        ("funds: {outturn: 3家}", "F104"),
        ("funds: 3", "S203"),
    ],
)
def test_a_total_of_what_is_not_there_is_told_at_its_place(small, totals, code):
    small.write(TOTALS, f"totals:\n  {totals}\n")
    found = [each for each in small.draft().findings if each.span.path == TOTALS]
    assert [(each.code, each.span.line) for each in found] == [(code, 2)]


def test_own_tables_and_tables_of_a_report_have_totals_too(small):
    small.write(TOTALS, "totals: {visits: {次数: 11}}\n")
    assert told(small) == [("R101", "totals.visits.次数")]
    small.write(TOTALS, "totals: {visits: {次数: 10}}\n")
    small.write(f"{HOME}/approved.yaml", "totals: {ratings: {points: 99}}\n")
    assert told(small) == [("R101", "totals.ratings.points")]


def test_a_waiver_excuses_a_total_for_its_values(small):
    small.write(TOTALS, "totals: {funds: {outturn: 127.3}}\n")
    asked = "R101 totals.funds.outturn --reason 批复数四舍五入"
    assert reportgen("waive", *asked.split(), "--root", small.root).code == 0
    assert told(small) == []
    small.write(TOTALS, "totals: {funds: {outturn: 127.4}}\n")
    assert ("R106", "totals.funds.outturn") in told(small)


REST = "facts: {其余决算: %s}\nremainders:\n  其余决算: {whole: 总数, parts: [%s]}\n"


@pytest.mark.parametrize(
    ("rest", "parts", "is_told"),
    [
        ("72.8万元", "funds.outturn", False),
        ("72.9万元", "funds.outturn", True),
        ("169.1万元", "funds.training.outturn, funds.survey.outturn", False),
        ("1691万元", "funds.training.outturn, funds.survey.outturn", True),
    ],
)
def test_a_remainder_is_held_to_its_whole_less_the_parts(small, rest, parts, is_told):
    small.write(TOTALS, REST % (rest, parts))
    small.write(f"{DATA}/whole.yaml", "facts: {总数: 200万元}\n")
    assert told(small) == ([("R101", "remainders.其余决算")] if is_told else [])


def test_a_text_that_equals_a_sum_and_its_approved_total_refers_to_the_sum(small):
    small.write(TOTALS, "totals: {funds: {outturn: 127.2}}\n")
    path = f"{HOME}/narrative/results.md"
    small.write(path, f"{small.text(path)}\n全年项目支出决算127.2万元。\n")
    found = [each for each in small.draft().findings if each.code == "N101"]
    assert not any("totals." in str(each.params) for each in found)


def test_a_whole_that_is_no_formula_is_told_at_its_place(small):
    small.write(TOTALS, 'remainders:\n  新增企业: {whole: "规模企业 +", parts: [新增企业]}\n')
    found = [each for each in small.draft().findings if each.span.path == TOTALS]
    assert [(each.code, each.span.line) for each in found] == [("F101", 2)]


def test_what_is_kept_back_is_not_told_by_an_approved_total(small):
    small.write(
        TOTALS,
        """tables:
  roads:
    - {id: a, name: 甲路, v: 31.7万元}
    - {id: b, name: 乙路, v: 47.3万元}
    - {id: c, name: 丙路, v: 59.9万元}
totals: {roads: {v: 138.9}}
disclosure:
  withhold:
    - {key: roads.b.v, reason: 涉密, basis: 保守国家秘密法第十三条}
""",
    )
    path = f"{HOME}/narrative/results.md"
    text = "甲路{{ roads.a.v }}，丙路{{ roads.c.v }}，批准合计{{ totals.roads.v }}。"
    small.write(path, f"{small.text(path)}\n{text}\n")
    found = [(each.code, each.subject) for each in small.draft(audience="public").findings]
    assert ("D160", "roads.b.v") in found
