from __future__ import annotations

import json

import pytest

from reportgen.features.diff.states import (
    Scope,
    affected,
    figures_in,
    read_state,
    report_named,
    reports_in,
)
from reportgen.findings import Diagnostics
from reportgen.project.layout import ReportId

A = ReportId("a", 2023, "department")
OTHER = ReportId("a", 2023, "fund")
B = ReportId("b", 2023, "department")
EVERY = (A, OTHER, B)
PACKS = {A: "pack: dept/x", OTHER: "pack: quota/x", B: "pack: dept/x"}


@pytest.mark.parametrize(
    ("path", "reports"),
    [
        ("data/a/unit.yaml", [A, OTHER]),
        ("data/a/2023/facts.yaml", [A, OTHER]),
        ("data/a/2020/facts.yaml", [A, OTHER]),
        ("data/a/2019/facts.yaml", []),
        ("data/a/2024/facts.yaml", []),
        ("data/a/2023/fund/report.yaml", [OTHER]),
        ("data/a/2022/fund/report.yaml", []),
        ("data/c/unit.yaml", []),
        ("templates/dept/x/pack.yaml", [A, B]),
        ("templates/shared/report.css", [A, OTHER, B]),
        ("templates/other/pack.yaml", []),
    ],
)
def test_a_path_affects_the_reports_that_may_read_it(path, reports):
    assert list(affected(EVERY, [path], PACKS.__getitem__)) == reports


def test_packs_are_asked_for_only_if_a_template_changed():
    assert list(affected(EVERY, ["data/a/unit.yaml"], lambda _: 1 / 0)) == [A, OTHER]


def test_reports_are_known_by_their_report_yaml():
    paths = [
        "data/a/2023/department/report.yaml",
        "data/a/2023/facts.yaml",
        "data/a/2023/_draft/report.yaml",
        "templates/a/2023/department/report.yaml",
    ]
    assert list(reports_in(paths)) == [A]


@pytest.mark.parametrize(
    ("asked", "fits"),
    [({}, True), ({"unit": "a"}, True), ({"year": 2022}, False), ({"report": "fund"}, False)],
)
def test_a_scope_fits_reports_and_their_names_in_builds(tmp_path, asked, fits):
    scope = Scope(tmp_path, **asked)
    assert scope.fits(A) is fits
    assert scope.fits_name("2023/a/internal/department") is fits


def test_figures_of_public_versions_stand_beside_the_public_folder(tmp_path):
    inside = tmp_path / "2023/a/disclosure/department.figures.json"
    own = tmp_path / "2023/a/internal/department.figures.json"
    for path in (inside, own):
        path.parent.mkdir(parents=True)
        path.write_text("[]", "utf-8")
    assert list(figures_in(tmp_path, published=False)) == [inside, own]
    public = tmp_path / "2023/a/public"
    assert list(figures_in(public, published=True)) == [inside]
    assert report_named(inside, public) == "disclosure/department"
    assert report_named(own, tmp_path) == "2023/a/internal/department"


@pytest.mark.parametrize("text", ["{", "[1]", '[{"key": "a"}]', "null"])
def test_figures_that_cannot_be_read_are_a_finding(tmp_path, text):
    path = tmp_path / "x.figures.json"
    path.write_text(text, "utf-8")
    log = Diagnostics()
    assert read_state(path, "old", log).entries == {}
    assert [found.code for found in log] == ["G108"]


def test_no_figures_are_an_empty_state_without_a_finding(tmp_path):
    log = Diagnostics()
    assert read_state(None, "old", log).name == "old"
    path = tmp_path / "x.figures.json"
    path.write_text(json.dumps([]), "utf-8")
    assert read_state(path, "old", log).entries == {}
    assert not list(log)
