"""The rows of an overview come from finished builds alone, and obey for whom it is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from overviews import add_entry, overview_part, told, written
from reportgen.features.overview import standing
from reportgen.features.overview.collecting import ExpectedReports, Wanted, collected
from reportgen.features.overview.values import OverviewRow
from reportgen.findings import Diagnostics
from reportgen.project.layout import ReportId
from small_project import DATA, HOME, PACK, SmallProject

DECLARED = "\noverview: {score: score.total, grade: score.grade, execution_rate: execution_rate}\n"
SCORED = overview_part(told(score="97分", grade="优"), shown=told(score="97分", grade="优"))


@pytest.fixture
def small(tmp_path: Path) -> SmallProject:
    project = SmallProject.copied(tmp_path / "project")
    project.write(f"{PACK}/pack.yaml", project.text(f"{PACK}/pack.yaml") + DECLARED)
    return project


def rows(*builds: Path, log: Diagnostics | None = None, **wanted: object) -> list[OverviewRow]:
    return collected(builds, [], Wanted(**wanted), Diagnostics() if log is None else log)  # type: ignore[arg-type]


def of_project(small: SmallProject, **wanted: object) -> list[OverviewRow]:
    reports = frozenset([ReportId("bureau", 2023, "department")])
    expected = [ExpectedReports(small.root, reports)]
    return collected([small.root / "build"], expected, Wanted(**wanted), Diagnostics())  # type: ignore[arg-type]


def codes(log: Diagnostics) -> list[str]:
    return [each.code for each in log]


def built(small: SmallProject, audience: str, **options: object) -> None:
    outcome = small.build(audience=audience, **options)
    assert not outcome.failed, outcome.findings


def test_a_report_is_not_built_then_a_draft_then_final_then_published(small: SmallProject) -> None:
    stages = [of_project(small)[0].stage]
    for audience, options in (("internal", {}), ("submit", {}), ("public", {})):
        built(small, audience, **options)
        stages.append(of_project(small)[0].stage)
    assert stages == ["not built", "draft", "final", "published"]


def test_a_public_version_that_is_older_than_its_policy_is_told_and_its_row_says_nothing(
    small: SmallProject,
) -> None:
    built(small, "public")
    expected = [ExpectedReports.of_project(small.root)]
    found = []
    for text in ("", "\n# a policy\n"):
        small.write(f"{DATA}/funds.yaml", small.text(f"{DATA}/funds.yaml") + text)
        log = Diagnostics()
        found.append(collected([small.root / "build"], expected, Wanted("public"), log))
        assert codes(log) == (["O107"] if text else [])
    assert found[0] == found[1]


def test_what_is_built_strictly_for_those_inside_is_final(small: SmallProject) -> None:
    built(small, "internal", final=True)
    assert of_project(small)[0].stage == "final"


def test_a_row_tells_what_was_built(small: SmallProject) -> None:
    built(small, "internal")
    (row,) = of_project(small)
    assert (row.unit, row.unit_name, row.year, row.report) == (
        *("bureau", "示例市示例局", 2023, "department"),
    )
    assert row.title == "2023年度示例市示例局整体支出绩效自评报告"
    assert (row.figure("score").text, row.figure("grade").text) == ("97分", "优")
    assert row.figure("three_public").state == "undeclared"
    assert row.files == ("2023/bureau/internal/department.html",)
    assert row.changed is False


@pytest.mark.parametrize("path", [f"{DATA}/facts.yaml", f"{PACK}/metrics.yaml"])
def test_facts_and_templates_that_changed_since_are_told(small: SmallProject, path: str) -> None:
    built(small, "internal")
    small.write(path, small.text(path) + "# 另注\n")
    assert of_project(small)[0].changed is True


def test_a_fact_file_that_is_new_is_a_change(small: SmallProject) -> None:
    built(small, "internal")
    small.write(f"{DATA}/more.yaml", "facts: {另一项: 3家}\n")
    assert of_project(small)[0].changed is True


def test_others_get_no_drafts_findings_files_or_changes(small: SmallProject) -> None:
    built(small, "internal")
    assert of_project(small, audience="public") == of_project(small, audience="submit") == []
    built(small, "public")
    (row,) = of_project(small, audience="public")
    assert (row.stage, row.findings, row.files, row.changed) == ("published", (), (), None)
    assert of_project(small, audience="submit") == []


def test_the_finance_bureau_gets_what_its_version_holds(tmp_path: Path) -> None:
    entry = overview_part(told(score="97分"), shown=told(score="不公开"))
    written(tmp_path, "a/2023/department", "submit", entry)
    assert rows(tmp_path)[0].figure("score").text == "97分"
    (row,) = rows(tmp_path, audience="submit")
    assert (row.stage, row.figure("score").state) == ("final", "withheld")


def test_findings_stand_in_the_row_of_the_first_project_alone(tmp_path: Path) -> None:
    parts = [
        {"row": f"projects.{name}", "name": name, "score": {"state": "blank"}} for name in "甲乙"
    ]
    entry = overview_part({**told(), "parts": parts}, findings=[["R101", "warning", 2]])
    place = written(tmp_path, "a/2023/sheets", "internal", entry)
    outputs = {"sheets.html": "", "sheets.甲.html": "", "sheets.乙.html": ""}
    for name in outputs:
        (place / name).write_text("")
    add_entry(place, "sheets", {"reportgen": "0", "overview": entry, "outputs": outputs})
    first, second = rows(tmp_path)
    assert [(row.part, row.count("warning")) for row in (first, second)] == [("甲", 2), ("乙", 0)]
    assert second.files == ("2023/a/internal/sheets.乙.html",)


def test_a_project_whose_name_is_withheld_has_a_number(tmp_path: Path) -> None:
    parts = [{"row": "projects.secret", "name": "", "score": {"state": "withheld"}}]
    entry = overview_part(told(), shown={**told(), "parts": parts})
    written(tmp_path, "a/2023/sheets", "public", entry)
    (row,) = rows(tmp_path, audience="public")
    assert row.part == "#1" and "secret" not in repr(row)


def test_what_is_printed_this_year_and_last_tells_the_change(tmp_path: Path) -> None:
    entry = overview_part(told(three_public="50.5万元", three_public_last="21.42万元"))
    written(tmp_path, "a/2023/department", "internal", entry)
    (row,) = rows(tmp_path)
    assert row.figure("three_public_change").text == "+29.08万元"
    assert row.figure("three_public_growth").text == "+135.76%"


@pytest.mark.parametrize(
    ("last", "change", "growth"),
    [
        ("不公开", "withheld", "withheld"),
        ("未填", "blank", "blank"),
        ("未印出", "unprinted", "unprinted"),
        ("0万元", "stated", "blank"),
        ("50.5人", "unknown", "unknown"),
    ],
)
def test_a_change_from_what_is_not_stated_is_not_stated(
    tmp_path: Path, last: str, change: str, growth: str
) -> None:
    entry = overview_part(told(three_public="50.5万元", three_public_last=last))
    written(tmp_path, "a/2023/department", "internal", entry)
    (row,) = rows(tmp_path)
    assert row.figure("three_public_change").state == change
    assert row.figure("three_public_growth").state == growth


# What is wrong with builds


def test_where_nothing_was_built_that_is_told(tmp_path: Path) -> None:
    log = Diagnostics()
    assert rows(tmp_path / "nowhere", log=log) == []
    assert codes(log) == ["O101"]


def test_units_without_any_report_are_listed(tmp_path: Path) -> None:
    expected = [ExpectedReports(tmp_path, frozenset(), ("empty",))]
    (row,) = collected([tmp_path], expected, Wanted(), Diagnostics())
    assert (row.unit, row.year, row.stage) == ("empty", None, "not built")


@pytest.mark.parametrize(
    "damaged",
    [
        "{",
        "[]",
        '{"department": {"outputs": 3}}',
        '{"department": 1}',
        "\udcff",
        '{"department": {}}',
    ],
)
def test_a_damaged_manifest_is_told_and_the_others_go_on(tmp_path: Path, damaged: str) -> None:
    written(tmp_path, "a/2023/department", "internal", SCORED)
    written(tmp_path, "b/2023/department", "internal", SCORED)
    manifest = tmp_path / "2023/a/internal/manifest.json"
    manifest.write_bytes(damaged.encode("utf-8", "surrogateescape"))
    log = Diagnostics()
    assert [row.unit for row in rows(tmp_path, log=log)][-1] == "b"
    assert codes(log) in (["O102"], ["O103"])


@pytest.mark.parametrize(
    "part",
    [
        {"findings": [["R101", "warning"]]},
        {"findings": [["R101", "grave", 1]]},
        {"internal": {"title": 3, "unit": "", "parts": []}},
        {"internal": {"title": "", "unit": "", "parts": [{"score": {"text": "1"}, "row": 1}]}},
        {"internal": told() | {"parts": [{"score": {"text": "1", "value": "x", "unit": "分"}}]}},
        {"internal": told() | {"parts": [{"score": {"text": "1", "value": "1/0", "unit": "分"}}]}},
        {"internal": told() | {"parts": [{"score": {"text": "1", "value": "1", "unit": "??"}}]}},
        {"internal": told() | {"parts": [{"score": {"state": "secret"}}]}},
        {"internal": told() | {"parts": [3]}},
        {"peers": None},
        {"internal": None},
    ],
)
def test_an_entry_of_another_form_is_told_and_left_out(tmp_path: Path, part: dict) -> None:
    written(tmp_path, "a/2023/department", "internal", SCORED | part)
    written(tmp_path, "b/2023/department", "internal", SCORED)
    log = Diagnostics()
    assert [row.unit for row in rows(tmp_path, log=log)] == ["b"]
    assert codes(log) == ["O102"]


def test_what_an_older_program_built_is_listed_without_figures(tmp_path: Path) -> None:
    written(tmp_path, "a/2023/department", "internal", {}, shown=False)
    log = Diagnostics()
    (row,) = rows(tmp_path, log=log)
    assert (row.stage, row.figure("score").state) == ("draft", "unknown")
    assert codes(log) == ["O105"]


def test_a_version_whose_file_is_gone_does_not_count(tmp_path: Path) -> None:
    written(tmp_path, "a/2023/department", "internal", SCORED)
    (written(tmp_path, "a/2023/department", "public", SCORED) / "department.html").unlink()
    log = Diagnostics()
    assert [row.stage for row in rows(tmp_path, log=log)] == ["draft"]
    assert codes(log) == ["O103"]


def test_a_record_of_another_build_says_nothing_of_a_public_version(tmp_path: Path) -> None:
    written(tmp_path, "a/2023/department", "public", SCORED)
    record = tmp_path / "2023/a/disclosure/manifest.json"
    record.write_text(record.read_text().replace("000", "111"))
    log = Diagnostics()
    (row,) = rows(tmp_path, audience="public", log=log)
    assert (row.stage, row.figure("score").state) == ("published", "unknown")
    assert codes(log) == ["O103"]


def test_a_build_that_takes_its_place_meanwhile_is_read_as_a_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else its record would be held to the public version of the build before."""
    written(tmp_path, "a/2023/department", "public", SCORED)
    unit, new = tmp_path / "2023/a", tmp_path / "new"
    written(new, "a/2023/department", "public", overview_part(told(score="88分")))
    for name in ("public", "disclosure"):
        manifest = new / "2023/a" / name / "manifest.json"
        manifest.write_text(manifest.read_text().replace("000", "111"))
    read = standing.read_json

    def reading(path: Path) -> object:
        found = read(path)
        if path.parent.name == "public" and new.exists():
            unit.rename(tmp_path / "old")
            (new / "2023/a").rename(unit)
            new.joinpath("2023").rmdir()
            new.rmdir()
        return found

    monkeypatch.setattr(standing, "read_json", reading)
    log = Diagnostics()
    assert [row.figure("score").text for row in rows(tmp_path, log=log)] == ["88分"]
    assert codes(log) == []


def test_a_report_of_two_folders_counts_once(tmp_path: Path) -> None:
    written(tmp_path / "one", "a/2023/department", "internal", SCORED)
    written(tmp_path / "two", "a/2023/department", "internal", overview_part(told(score="1分")))
    written(tmp_path / "two", "b/2023/department", "internal", SCORED)
    log = Diagnostics()
    found = rows(tmp_path / "one", tmp_path / "two", log=log)
    assert [(row.unit, row.figure("score").text) for row in found] == [("a", "97分"), ("b", "97分")]
    assert codes(log)[:1] == ["O104"]


def test_reports_that_differ_by_the_names_of_their_folders_alone_are_told(tmp_path: Path) -> None:
    for name in ("a/2023/department", "a/2022/department", "renamed/2023/department"):
        written(tmp_path, name, "internal", SCORED)
    log = Diagnostics()
    assert len(rows(tmp_path, log=log)) == 3
    (problem,) = log
    assert problem.code == "O106"
    assert problem.params["names"] == "a/2023/department、renamed/2023/department"


def test_others_are_not_told_of_manifests_that_they_know_nothing_of(tmp_path: Path) -> None:
    written(tmp_path, "a/2023/department", "public", SCORED | {"shown": told(score="97分")})
    for audience in ("internal", "submit"):
        written(tmp_path, "a/2023/secret", audience, SCORED)
        (tmp_path / f"2023/a/{audience}/manifest.json").write_text("{")
    log = Diagnostics()
    assert [row.report for row in rows(tmp_path, audience="public", log=log)] == ["department"]
    assert codes(log) == []


def test_years_units_and_reports_can_be_chosen(tmp_path: Path) -> None:
    for name in ("a/2023/department", "a/2022/department", "b/2023/department", "a/2023/fund"):
        written(tmp_path, name, "internal", SCORED)
    assert len(rows(tmp_path)) == 4
    assert [row.name for row in rows(tmp_path, unit="a", year=2023, report="fund")] == [
        "a/2023/fund"
    ]


def test_what_stands_beside_the_builds_is_no_report(tmp_path: Path) -> None:
    written(tmp_path, "a/2023/department", "internal", SCORED)
    (tmp_path / "overview").mkdir()
    (tmp_path / "2023" / "绩效.xlsx").write_text("")
    (tmp_path / "2023" / ".a.publish-left-1").mkdir()
    assert len(rows(tmp_path)) == 1


def test_manifests_are_not_read_for_figures_of_others(small: SmallProject) -> None:
    """The public folder holds no overview, so that whoever has it learns nothing."""
    built(small, "public")
    shown = json.loads((small.job(audience="public").folder / "manifest.json").read_text())
    assert list(shown["department"]) == ["outputs"]


def test_a_narrative_that_changed_is_a_change(small: SmallProject) -> None:
    built(small, "public")
    path = f"{HOME}/narrative/results.md"
    small.write(path, small.text(path) + "\n另有一段。\n")
    (row,) = of_project(small)
    assert (row.stage, row.changed) == ("published", True)
