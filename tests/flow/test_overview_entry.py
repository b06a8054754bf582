"""A build leaves in its manifest what an overview says of it, and what versions for others show."""

from __future__ import annotations

import json

import pytest

from small_project import DATA, HOME, PACK, SmallProject, spots

DECLARED = """
overview:
  score: score.total
  full_score: points.total
  grade: score.grade
  execution_rate: execution_rate
  three_public: three_public.reception.outturn
  three_public_last: three_public.reception.last
"""


@pytest.fixture
def small(tmp_path):
    project = SmallProject.copied(tmp_path / "project")
    declare(project)
    return project


def declare(project, declared=DECLARED):
    project.write(f"{PACK}/pack.yaml", project.text(f"{PACK}/pack.yaml") + declared)


def entry(small, audience="internal"):
    """The overview part of the manifest of those inside, after a build for an audience."""
    outcome = small.build(audience=audience)
    assert not outcome.failed, outcome.findings
    job = outcome.job
    folder = job.folder if audience == "internal" else job.record
    name = "department.submit" if audience == "submit" else "department"
    return json.loads((folder / "manifest.json").read_text())[name]["overview"]


def texts(told):
    (part,) = told["parts"]
    return {item: figure.get("text", figure.get("state")) for item, figure in part.items()}


def test_the_figures_that_the_pack_declares_stand_there_as_they_are_printed(small):
    found = entry(small)
    assert texts(found["internal"]) == {
        "score": "97分",
        "full_score": "100分",
        "grade": "优",
        "execution_rate": "94.32%",
        "three_public": "2.25万元",
        "three_public_last": "2.5万元",
    }
    rate = found["internal"]["parts"][0]["execution_rate"]
    assert (rate["value"], rate["unit"]) == ("94.32", "%")
    assert (found["pack"], found["peers"]) == ("small", "部门整体支出绩效自评")
    assert found["internal"]["title"] == "2023年度示例市示例局整体支出绩效自评报告"
    assert "shown" not in found


def test_findings_are_counted_by_code_without_those_that_are_waived(small):
    assert "R101" not in {code for code, *_ in entry(small)["findings"]}
    waived = small.text(f"{HOME}/report.yaml")
    start, end = waived.index("waivers:"), waived.index("metrics:")
    small.write(f"{HOME}/report.yaml", waived[:start] + waived[end:])
    assert ["R101", "warning", 1] in entry(small)["findings"]


@pytest.mark.parametrize("audience", ["submit", "public"])
def test_what_others_get_holds_nothing_of_it(small, audience):
    entry(small, audience)
    folder = small.job(audience=audience).folder
    shown = json.loads((folder / "manifest.json").read_text())["department"]
    assert "overview" not in shown


def test_what_is_withheld_is_not_shown_and_stands_for_those_inside_alone(small):
    small.replace(f"{HOME}/narrative/spending.md", "，执行率{{ execution_rate }}", "")
    policy = "disclosure: {withhold: [{key: execution_rate, reason: 测试}]}"
    small.write(f"{DATA}/disclosure.yaml", policy)
    found = entry(small, "public")
    assert texts(found["internal"])["execution_rate"] == "94.32%"
    assert texts(found["shown"])["execution_rate"] == "withheld"
    assert texts(found["shown"])["score"] == "97分"
    # No version prints last year's reception, though nothing keeps it back.
    assert texts(found["shown"])["three_public_last"] == "unprinted"


def test_a_version_shows_the_digits_that_it_prints_and_no_more(small):
    for path in ("narrative/spending.md", "ratings.yaml"):
        printed = "{{ execution_rate }}"
        small.replace(f"{HOME}/{path}", printed, "{{ execution_rate | places(0) }}")
    found = entry(small, "public")
    assert texts(found["internal"])["execution_rate"] == "94.32%"
    assert found["shown"]["parts"][0]["execution_rate"] == {
        "text": "94%",
        "value": "94",
        "unit": "%",
    }


def test_each_row_of_a_table_has_its_own_where_the_pack_says_so(small):
    declare(small, "")
    small.replace(f"{PACK}/pack.yaml", DECLARED, "\noverview: {score: ratings.*.score}\n")
    parts = entry(small)["internal"]["parts"]
    assert [part["row"] for part in parts][:1] == ["ratings.execution"]
    assert all(part["name"] and part["score"]["text"].endswith("分") for part in parts)


def test_a_row_is_named_to_others_as_their_version_names_it(small):
    small.replace(f"{PACK}/pack.yaml", DECLARED, "\noverview: {score: ratings.*.score}\n")
    small.replace(f"{HOME}/ratings.yaml", "name: 增长,", "name: 某厂增速,")
    policy = "disclosure: {replace: [{term: 某厂增速, shown: 指标三, reason: 测试}]}"
    small.write(f"{DATA}/disclosure.yaml", policy)
    found = entry(small, "public")
    inside = [part["name"] for part in found["internal"]["parts"]]
    shown = [part["name"] for part in found["shown"]["parts"]]
    assert "某厂增速" in inside
    assert shown == ["" if name == "某厂增速" else name for name in inside]


def test_a_pack_that_declares_nothing_leaves_no_figures(small):
    small.replace(f"{PACK}/pack.yaml", DECLARED, "")
    assert entry(small)["internal"]["parts"] == [{}]


def findings(small):
    return [each for each in spots(small.draft().findings, "warning") if each[0].startswith("P32")]


def test_a_key_of_no_figure_is_told_at_its_line(small):
    small.replace(f"{PACK}/pack.yaml", "full_score: points.total", "full_score: points.totl")
    assert findings(small) == [small.spot("P325", f"{PACK}/pack.yaml", "points.totl")]
    assert ("P325", *findings(small)[0][1:]) in small.run("check-pack", "small").spots("warning")


def test_a_text_is_no_figure(small):
    small.replace(f"{PACK}/pack.yaml", "grade: score.grade", "grade: 增速排名")
    assert findings(small) == [small.spot("P325", f"{PACK}/pack.yaml", "增速排名")]


def test_keys_of_the_report_and_of_rows_cannot_be_mixed(small):
    small.replace(f"{PACK}/pack.yaml", "full_score: points.total", "full_score: ratings.*.points")
    spot = small.spot("P326", f"{PACK}/pack.yaml", "ratings.*.points")
    assert spot in spots(small.draft().findings)


@pytest.mark.parametrize(
    ("declared", "code"),
    [("  scores: score.total\n", "S202"), ("  score:\n", "S218"), ("  score: [a]\n", "S204")],
)
def test_what_the_schema_does_not_know_is_told(small, declared, code):
    small.replace(f"{PACK}/pack.yaml", "  score: score.total\n", declared)
    assert code in {each[0] for each in spots(small.draft().findings)}
