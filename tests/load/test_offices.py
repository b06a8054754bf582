"""Which office fills in what of a year, and what is told of places that are none."""

from __future__ import annotations

import pytest

from reportgen.load.offices import Assignment, office_of
from reportgen.model.source import NOWHERE
from small_project import DATA, SmallProject

OFFICES = f"{DATA}/offices.yaml"


def told(project: SmallProject) -> list[tuple[str, int]]:
    findings = project.draft().findings
    return [(each.code, each.span.line) for each in findings if each.span.path == OFFICES]


@pytest.mark.parametrize(
    "place",
    [
        "staffing",
        "staffing.quota",
        "funds",
        "funds.*.outturn",
        "funds.yaml",
        "department",
        "department/",
        "department/narrative",
        "department/report.yaml",
        "department/ratings",
    ],
)
def test_keys_tables_files_and_folders_of_a_year_are_places(small, place):
    small.write(OFFICES, f"offices:\n  财务科: [{place}]\n")
    assert told(small) == []


@pytest.mark.parametrize(
    "place",
    ["fonds", "funds.nothing.at", "fund.yaml", "../2022", "special/ratings", "department/x"],
)
def test_a_place_where_nothing_is_filled_in_is_told(small, place):
    small.write(OFFICES, f"offices:\n  人事科: [staffing]\n  财务科: [{place}]\n")
    assert told(small) == [("S242", 3)]


def test_a_place_of_two_offices_is_told_with_both(small):
    small.write(OFFICES, "offices:\n  人事科: [funds]\n  财务科: [staffing, funds]\n")
    (finding,) = [each for each in small.draft().findings if each.code == "S241"]
    assert [place.span.line for place in finding.places] == [3, 2]


def test_an_office_without_a_name_is_told(small):
    small.write(OFFICES, "offices:\n  '': [funds]\n")
    assert told(small) == [("S218", 2)]


ASSIGNED = {
    "办公室": "department",
    "财务科": "budget.yaml",
    "产业科": "funds",
    "节能科": "funds.saving",
    "统计科": "funds.*.outturn",
    "人事科": "department/ratings",
}


@pytest.mark.parametrize(
    ("path", "key", "office"),
    [
        ("budget.yaml", "", "财务科"),
        ("budget.yaml", "income.general.initial", "财务科"),
        ("budget.yaml", "funds.x.initial", "产业科"),
        ("funds.yaml", "funds.x.initial", "产业科"),
        ("funds.yaml", "funds.x.outturn", "统计科"),
        ("funds.yaml", "funds.saving.initial", "节能科"),
        ("funds.yaml", "prior.funds.saving.initial", "节能科"),
        ("department/report.yaml", "ratings.a.score", "人事科"),
        ("special/report.yaml", "ratings.a.score", ""),
        ("department/narrative/other.md", "", "办公室"),
        ("departments/x.yaml", "", ""),
        ("staffing.yaml", "staffing.quota", ""),
    ],
)
def test_the_closest_place_says_who_fills_in(path, key, office):
    assigned = [Assignment(name, place, NOWHERE) for name, place in ASSIGNED.items()]
    assert office_of(assigned, path, key) == office
    assert office_of(reversed(assigned), path, key) == office
