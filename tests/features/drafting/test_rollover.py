from __future__ import annotations

import shutil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logged import load, logged
from real_report import ROOT
from reportgen.features.drafting import rollover
from reportgen.features.drafting.rollover_text import rolled_over_prose
from reportgen.model.quantity import Quantity
from reportgen.project.layout import reports, units, years
from reportgen.project.source_files import SourceFiles
from small_project import DATA, REPORT, UNIT, SmallProject, reportgen

REAL = [
    (unit, year)
    for unit in units(SourceFiles(ROOT))
    for year in years(SourceFiles(ROOT), unit)
    if reports(SourceFiles(ROOT), unit, year)
]
NEW = f"data/{UNIT}/2024"


def new_year(*arguments, **options):
    return logged(rollover.new_year, *arguments, **options)


@pytest.fixture
def project(tmp_path):
    return SmallProject.copied(tmp_path / "project")


@pytest.fixture
def started(project):
    written, findings = new_year(SourceFiles(project.root), UNIT, 2024)
    assert not findings
    assert written
    return project


def test_every_file_of_the_year_has_its_successor(started):
    names = {p.relative_to(started.root / DATA) for p in (started.root / DATA).rglob("*.*")}
    fresh = {p.relative_to(started.root / NEW) for p in (started.root / NEW).rglob("*.*")}
    assert {
        p for p in names if p.name != "published.yaml" and p.suffix in {".yaml", ".md"}
    } == fresh


def test_amounts_are_cleared_and_names_kept(started):
    loaded, _ = load(SourceFiles(started.root), UNIT, 2024, REPORT)
    old, _ = load(SourceFiles(started.root), UNIT, 2023, REPORT)
    kept = {"ratings": "points", "staffing": "quota"}
    for key, fact in old.facts.facts.items():
        if isinstance(fact.value, Quantity) and kept.get(key.split(".")[0]) != key.split(".")[-1]:
            assert loaded.facts.facts[key].value is None, key
    assert loaded.facts.tables["funds"] == old.facts.tables["funds"]
    names = [key for key in old.facts.facts if key.startswith("funds.") and key.endswith(".name")]
    assert names
    for key in names:
        assert loaded.facts.facts[key].value == old.facts.facts[key].value


def test_lists_of_the_year_are_cleared_though_every_report_has_its_own(project):
    funds = project.text(f"{DATA}/funds.yaml")
    project.write(f"{DATA}/{REPORT}/funds.yaml", funds)
    new_year(SourceFiles(project.root), UNIT, 2024)
    fresh = project.text(f"{NEW}/funds.yaml")
    assert fresh == project.text(f"{NEW}/{REPORT}/funds.yaml")
    assert "18.4" in funds
    assert "18.4" not in fresh


def test_last_year_is_the_year_rolled_over(started):
    loaded, _ = load(SourceFiles(started.root), UNIT, 2024, REPORT)
    assert loaded.prior[0].year == 2023


def test_the_unit_that_goes_with_an_amount_is_noted(project):
    project.write(f"{DATA}/more.yaml", "facts:\n  企业: 14家\n  次数: 80余次\n  面积: 3\n")
    new_year(SourceFiles(project.root), UNIT, 2024)
    assert (project.root / NEW / "more.yaml").read_text("utf-8") == (
        "facts:\n  企业:   # 待填（家）\n  次数:   # 待填（次）\n  面积:   # 待填\n"
    )


def test_what_is_of_one_year_only_is_left_behind(started):
    text = "".join(p.read_text("utf-8") for p in (started.root / NEW / REPORT).glob("*.yaml"))
    assert "waivers:" not in text
    assert "published:" not in text


def test_each_file_tells_its_lines_and_only_a_finished_report_is_refused(started):
    options = ("--root", started.root, "--year", "2024", "--output-format", "json")
    draft = reportgen("check", *options).findings
    told = {f["path"] for f in draft if f["code"] == "Y101"}
    assert f"{NEW}/funds.yaml" in told
    assert {f["severity"] for f in draft if f["code"] == "Y101"} == {"warning"}
    for final in (("--final",), ("--audience", "public")):
        findings = reportgen("check", *options, *final).findings
        assert {f["severity"] for f in findings if f["code"] == "Y101"} == {"error"}


def test_a_line_confirmed_is_told_no_more(project):
    path = f"{DATA}/more.yaml"
    project.write(path, "facts:\n  甲: 1个   # 待确认\n  乙:   # 说明 待填\n  丙: 待填写\n")
    found = [f for f in project.draft().findings if f.code == "Y101"]
    assert [(f.span.path, f.span.line, f.params["lines"]) for f in found] == [(path, 2, "2–3")]
    project.write(path, "facts:\n  甲: 1个\n  乙: 2个\n")
    assert not [f for f in project.draft().findings if f.code == "Y101"]


def test_prose_is_marked_where_it_does_not_print(started):
    path = next((started.root / NEW / REPORT / "narrative").glob("*.md"))
    assert "{# 待确认 #}" in path.read_text("utf-8")
    done = reportgen("check", "--root", started.root, "--year", "2024")
    assert "T1" not in done.out


@given(st.text("一二{%}# |<\n", max_size=40))
def test_only_comments_are_added_to_prose(text):
    assert rolled_over_prose(text).replace("{# 待确认 #}", "") == text


@pytest.mark.parametrize(
    ("prose", "marked"),
    [
        ("| 甲 | 5 |", "| 甲 | 5 |{# 待确认 #}"),
        ("<p>5个</p>", "<p>5个</p>{# 待确认 #}"),
        ("{% if a %}5个{% endif -%}", "{% if a %}5个{# 待确认 #}{% endif -%}"),
        ("{% set a = [\n1] %}\n{# 注\n释 #}", "{% set a = [\n1] %}\n{# 注\n释 #}"),
        ("甲{{ b |\n  size }}乙", "甲{# 待确认 #}{{ b |\n  size }}乙{# 待确认 #}"),
    ],
)
def test_every_line_that_prints_is_marked_and_no_tag_broken(prose, marked):
    assert rolled_over_prose(prose) == marked


AWKWARD = """\
# 2023年的说明
facts:
  引号: "一 # 二"
  注释: '一 # 二'   # 说明
  块: |
    # 2023年
    12万元
  跨行: "一
    二"
  名次: 第一
  引号里的数: "5万元"
  一列: [3万元, 4万元]
  没有:
  空表: []
tables:
  各项:
    - {id: a, v: 3万元, w: "x # y",
       z: 4, text: data/bureau/2023/department/x.md}
"""

ROLLED_OVER = """\
# 2023年的说明 待确认
facts:
  引号: "一 # 二"   # 待确认
  注释: '一 # 二'   # 说明 待确认
  块: |   # 待确认
    # 2023年
    12万元
  跨行: "一
    二"   # 待确认
  名次:   # 待填
  引号里的数:   # 待填
  一列: [3万元, 4万元]   # 待填
  没有:   # 待确认
  空表: []   # 待确认
tables:
  各项:
    - {id: a, v: , w: "x # y",   # 待确认、待填（万元）
       z: , text: data/bureau/2024/department/x.md}   # 待确认、待填
"""


def test_awkward_lines_are_rolled_over_as_plain_ones_are(project):
    project.write(f"{DATA}/more.yaml", AWKWARD)
    project.write(f"{DATA}/unended.yaml", "facts:\n  尾: |\n    一\n    二")
    _, findings = new_year(SourceFiles(project.root), UNIT, 2024)
    assert not findings
    assert (project.root / NEW / "more.yaml").read_text("utf-8") == ROLLED_OVER
    unended = (project.root / NEW / "unended.yaml").read_text("utf-8")
    assert unended == "facts:\n  尾: |   # 待确认\n    一\n    二"
    loaded, found = load(SourceFiles(project.root), UNIT, 2024, REPORT)
    assert loaded is not None, [f for f in found if f.severity == "error"]


@pytest.mark.parametrize(
    ("unit", "year", "source", "code"),
    [
        ("nobody", 2024, None, "J102"),
        (UNIT, 2023, None, "Y102"),
        (UNIT, 2020, None, "Y103"),
        (UNIT, 2024, 2019, "Y103"),
    ],
)
def test_what_cannot_be_rolled_over_writes_nothing(project, unit, year, source, code):
    before = sorted(project.root.rglob("*"))
    written, findings = new_year(SourceFiles(project.root), unit, year, source=source)
    assert (written, [f.code for f in findings]) == ((), [code])
    assert sorted(project.root.rglob("*")) == before


def test_one_report_is_rolled_over_into_a_year_that_is_there(started):
    shutil.copytree(started.root / DATA / REPORT, started.root / DATA / "other")
    stood = {p: p.read_bytes() for p in (started.root / NEW).rglob("*.*")}
    files = SourceFiles(started.root)
    written, findings = new_year(files, UNIT, 2024, report="other")
    assert not findings
    assert written
    assert all(name.startswith(f"{NEW}/other/") for name in written)
    assert all(path.read_bytes() == data for path, data in stood.items())
    again, findings = new_year(files, UNIT, 2024, report="other")
    assert (again, [f.code for f in findings]) == ((), ["Y102"])
    none, findings = new_year(files, UNIT, 2024, report="nothing")
    assert (none, [f.code for f in findings]) == ((), ["Y103"])


def test_one_report_of_several_is_rolled_over_alone(project):
    shutil.copytree(project.root / DATA / REPORT, project.root / DATA / "other")
    written, _ = new_year(SourceFiles(project.root), UNIT, 2024, report="other")
    assert not any(name.startswith(f"{NEW}/{REPORT}/") for name in written)
    assert f"{NEW}/funds.yaml" in written


def test_a_broken_year_is_reported_and_not_rolled_over(project):
    project.write(f"{DATA}/bad.yaml", "facts: [1\n")
    written, findings = new_year(SourceFiles(project.root), UNIT, 2024)
    assert not written
    assert findings[0].span.path == f"{DATA}/bad.yaml"
    assert not (project.root / NEW).exists()


def test_command_tells_what_it_wrote(project):
    done = reportgen("new-year", "2024", "--root", project.root, "--unit", UNIT, "--lang", "zh")
    assert done.code == 0
    assert f"{NEW}/funds.yaml" in done.out.splitlines()
    again = reportgen("new-year", "2024", "--root", project.root, "--unit", UNIT, "--lang", "zh")
    assert again.code == 1
    assert "Y102" in again.out


@pytest.mark.parametrize(("unit", "year"), REAL, ids=str)
def test_every_year_of_the_project_can_be_rolled_over(unit, year, tmp_path):
    shutil.copytree(ROOT / "data", tmp_path / "data")
    shutil.copytree(ROOT / "templates", tmp_path / "templates")
    files = SourceFiles(tmp_path)
    written, findings = new_year(files, unit, 2031, source=year)
    assert not findings
    assert written
    for report in reports(files, unit, 2031):
        loaded, found = load(files, unit, 2031, report)
        assert loaded is not None, [f for f in found if f.severity == "error"]


def test_totals_of_last_year_come_from_last_year_itself(tmp_path):
    shutil.copytree(ROOT / "data" / "yongzhou", tmp_path / "data" / "yongzhou")
    shutil.copytree(ROOT / "templates", tmp_path / "templates")
    new_year(SourceFiles(tmp_path), "yongzhou", 2021)
    done = reportgen("check", "--root", tmp_path, "--year", "2021", "--output-format", "json")
    named = {str(each["message"]) for each in done.findings if each["severity"] == "error"}
    assert not [message for message in named if "prior." in message]
