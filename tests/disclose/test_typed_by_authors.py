"""What an author typed that the public must not read, told at its place before any file is made."""

from __future__ import annotations

import pytest

from small_project import DATA, HOME, NARRATIVE, SmallProject

FACTS = """  增速排名: 第一
  承建单位: 湖南惠民农业发展有限公司
  规划数: 13912345678
  保密额: 318.7万元
  捐款人: 张三
  联系处: 迎丰中路12号3栋402室
"""
POLICY = """
disclosure:
  withhold:
    - {key: 承建单位, reason: 商业秘密, aliases: [惠农二号]}
    - {key: 保密额, reason: 商业秘密}
  replace:
    - {term: 军民融合, shown: 有关产业, reason: 保密审查意见, aliases: [融合办]}
"""
STAFFING = f"{NARRATIVE}/staffing.md"


@pytest.fixture
def project(tmp_path):
    project = SmallProject.copied(tmp_path / "project")
    project.replace(f"{DATA}/facts.yaml", "  增速排名: 第一\n", FACTS)
    home = f"{HOME}/report.yaml"
    project.write(home, project.text(home) + POLICY)
    return project


def told(project, severity="error"):
    """Return what `check --audience public` tells of secrets and of persons."""
    spots = project.run("check", "--audience", "public").spots(severity)
    return [spot for spot in spots if spot[0][:2] == "D1"]


def test_nothing_is_told_of_what_is_not_printed(project):
    assert told(project) == told(project, "warning") == []


@pytest.mark.parametrize(
    ("code", "typed"),
    [
        ("D101", "湖南惠民农业发展有限公司"),
        ("D101", "湖南·惠民“农业”发展（有限）公司"),
        ("D101", "湖南惠⺠農業發展有限公司"),
        ("D101", "惠农二号"),
        ("D101", "融合办"),
        ("D104", "139-1234-5678"),
        ("D104", "①③⑨①②③④⑤⑥⑦⑧"),
        ("D104", "0745—2230000"),
        ("D104", "110105 19491231 002X"),
        ("D104", "name(at)example.com"),
        ("D104", "湘N·12345"),
    ],
)
def test_what_is_typed_in_a_text_is_told_at_its_line_and_column(project, code, typed):
    project.replace(STAFFING, "在职{{", f"{typed}，在职{{{{")
    assert told(project) == [project.spot(code, STAFFING, typed)]


def test_what_is_typed_in_items_is_told_at_the_first(project):
    text = "1. 湖南惠民\n2. 农业发展有限公司\n"
    project.write(STAFFING, f"{project.text(STAFFING)}\n{text}")
    assert [spot[:2] for spot in told(project)] == [("D101", STAFFING)]


def test_amount_in_another_unit_is_told_where_it_is_typed(project):
    project.replace(STAFFING, "在职{{", "3187000元，在职{{")
    assert [spot[:3] for spot in told(project)] == [("D101", STAFFING, 1)]


@pytest.mark.parametrize(
    "typed", ["318点7万元", "三一八点七万元", "叁佰壹拾捌点柒万元", "\uff13\uff11\uff18.7万元"]
)
def test_amount_in_any_form_is_told_where_it_is_typed(project, typed):
    text = "其中保密的318.7万元、318万元。"
    project.replace(STAFFING, "在职{{", f"其中{typed}，在职{{{{")
    project.write(STAFFING, f"{project.text(STAFFING)}\n{text}\n")
    first, *others = told(project)
    assert first == project.spot("D101", STAFFING, typed)
    assert {spot[2] for spot in others} == {project.text(STAFFING).count("\n")}


def test_what_the_pack_types_in_a_title_is_told_at_its_place(project):
    pack = "templates/small/pack.yaml"
    project.replace(pack, "- 整体支出绩效自评报告", "- 整体支出（惠农二号）绩效自评报告")
    assert told(project) == [project.spot("D101", pack, "惠农二号")]


def test_telephone_that_is_a_figure_is_told_at_the_fact(project):
    project.replace(f"{NARRATIVE}/results.md", "增速居", "{{ 规划数 }}，增速居")
    assert told(project) == [project.spot("D104", f"{DATA}/facts.yaml", "13912345678")]


@pytest.mark.parametrize(("code", "key"), [("D106", "捐款人"), ("D106", "联系处")])
def test_what_may_be_of_a_person_is_told_at_the_fact(project, code, key):
    project.replace(f"{NARRATIVE}/results.md", "增速居", f"{{{{ {key} }}}}，增速居")
    facts = f"{DATA}/facts.yaml"
    (found,) = told(project, "warning")
    assert found[:3] == project.spot(code, facts, f"{key}: ")[:3]


@pytest.mark.parametrize("typed", ["惠民公司", "湖南惠民农业", "惠民农业发展有限公司"])
def test_short_form_is_told_where_it_is_typed(project, typed):
    project.replace(STAFFING, "在职{{", f"{typed}，在职{{{{")
    assert told(project) == []
    (found,) = told(project, "warning")
    assert found[:2] == ("D107", STAFFING)


@pytest.mark.parametrize(
    ("typed", "found"),
    [("3187千元", ["D108"]), ("0.03187亿元", ["D108"]), ("3186千元", []), ("319万元", [])],
)
def test_figure_that_is_a_secret_in_another_unit_is_told_at_the_fact(project, typed, found):
    project.replace(
        f"{DATA}/facts.yaml", "  保密额: 318.7万元", f"  另一额: {typed}\n  保密额: 3187012元"
    )
    project.replace(f"{NARRATIVE}/results.md", "增速居", "{{ 另一额 }}，增速居")
    spots = [spot[:3] for spot in told(project, "warning")]
    assert spots == [project.spot(code, f"{DATA}/facts.yaml", typed)[:3] for code in found]


def test_released_text_is_told_no_more(project):
    project.replace(STAFFING, "在职{{", "惠民公司、139-1234-5678，在职{{")
    release = "  release:\n    - {text: 惠民公司、139-1234-5678, reason: 本人同意}\n"
    home = f"{HOME}/report.yaml"
    project.write(home, project.text(home) + release)
    assert told(project) == told(project, "warning") == []


def test_build_stops_with_the_same_findings(project):
    project.replace(STAFFING, "在职{{", "惠农二号，电话139 1234 5678，在职{{")
    outcome = project.build(audience="public", formats=("docx", "html", "pdf"))
    assert outcome.failed
    found = [(f.code, f.span.path) for f in outcome.findings if f.severity == "error"]
    assert found == [("D101", STAFFING), ("D104", STAFFING)]


def test_term_is_replaced_however_it_is_typed(project):
    project.replace(STAFFING, "在职{{", "軍⺠融合，在职{{")
    outcome = project.build(audience="public")
    assert not outcome.failed, outcome.findings
    assert "有关产业" in str(outcome.document)


def test_aliases_are_for_the_audience_of_their_line(project):
    project.replace(STAFFING, "在职{{", "惠农二号，在职{{")
    spots = project.run("check", "--audience", "submit").spots()
    assert [spot for spot in spots if spot[0] == "D101"] == []
