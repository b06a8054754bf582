"""Bad rules and forms of a pack, and facts that they catch: each a finding at its place."""

from __future__ import annotations

import shutil

import pytest

from reportgen.verify.html import read_html
from small_project import DATA, HOME, PACK, SmallProject, spots

SCORING = f"{PACK}/scoring.yaml"
FORM = f"{PACK}/forms/overview.html"
RELATIONS = f"{PACK}/relations.yaml"
RATINGS = f"{HOME}/ratings.yaml"
FACTS = f"{DATA}/facts.yaml"
METRICS = f"{PACK}/metrics.yaml"
OUTLINE = f"{PACK}/pack.yaml"
RULES = """\
scoring_rules:
  rate: {title: 预算执行, kind: proportional}
  firms:
    title: 企业家数
    kind: bands
    bands:
      - {range: "[3, )", score: "50"}
      - {range: "[1, 3)", score: "30"}
      - {range: "( , 1)", score: "0"}
scoring:
  execution: {rule: rate, value: execution_rate}
  firms: {rule: firms, value: 新增企业}
"""


STAFF = """\
<table><caption>人员</caption><colgroup><col width="1"><col width="1"></colgroup><tbody>
<tr><td>编制数</td><td rowspan="2">{{ staffing.quota }}</td></tr>
<tr><td colspan="2">在职人数</td></tr>
</tbody></table>
"""


@pytest.fixture
def project(tmp_path):
    """Return a project whose scores are worked out by rules, and in which all is well."""
    project = SmallProject.copied(tmp_path / "project")
    project.write(SCORING, RULES)
    project.replace(RATINGS, "    score: 9\n", "")
    return project


def told(project, severity="error"):
    """Return the places of errors, which leave nothing in build/, or of warnings."""
    outcome = project.build()
    assert outcome.failed == (severity == "error")
    assert bool(project.output() if (project.root / "build").exists() else {}) != outcome.failed
    return spots(outcome.findings, severity)


def params(project, code):
    """Return the parameters of the one finding of `code`."""
    (found,) = (each for each in project.draft().findings if each.code == code and not each.waived)
    return found.params


def test_project_is_well_before(project):
    assert told(project, "warning") == []


def test_rule_that_the_pack_names_and_does_not_have(project):
    project.replace(SCORING, "{rule: rate,", "{rule: ratio,")
    project.replace(SCORING, "  rate: {title: 预算执行, kind: proportional}\n", "")
    assert told(project) == [project.spot("F122", SCORING, "ratio")]
    assert params(project, "F122") == {"rule": "ratio", "known": "firms"}


def test_indicator_that_the_pack_scores_and_the_report_does_not_have(project):
    project.replace(SCORING, "  firms: {rule: firms", "  firm: {rule: firms")
    assert told(project) == [project.spot("F123", SCORING, "firms, value")]


def test_rule_that_no_report_uses(project):
    project.replace(SCORING, "  firms: {rule: firms, value: 新增企业}\n", "")
    assert told(project, "warning") == [project.spot("F121", SCORING, "企业家数")]


@pytest.mark.parametrize(
    ("old", "new", "detail"),
    [
        ("[1, 3)", "[1, 2)", "@hole [1, 2) [3, )"),
        ("[1, 3)", "(1, 3)", "@hole ( , 1) (1, 3)"),
        ("( , 1)", "[0, 1)", "@hole [0, 1) [3, )"),
        ("[1, 3)", "[1, 3]", "@overlap [1, 3] [3, )"),
        ("[1, 3)", "[1, 5)", "@overlap [1, 5) [3, )"),
        ("[1, 3)", "[0, 3)", "@overlap ( , 1) [0, 3)"),
    ],
)
def test_bands_with_a_hole_or_an_overlap(project, old, new, detail):
    project.replace(SCORING, old, new)
    assert told(project) == [project.spot("F120", SCORING, "企业家数")]
    assert params(project, "F120")["detail"] == detail


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ('colspan="2">项目支出', 'colspan="3">项目支出', ("1", "6", "@overflow")),
        ('colspan="2">项目支出', ">项目支出", ("1", "5", "@hole")),
        ('colspan="2">合计', ">合计", ("5", "5", "@hole")),
        ('rowspan="{{ members | length }}"', 'rowspan="9"', ("2", "1", "@rowspan")),
        ('rowspan="{{ members | length }}"', "", ("3", "5", "@hole")),
    ],
)
@pytest.mark.parametrize("audience", ["internal", "submit", "public"])
def test_form_whose_spans_do_not_fit_its_grid(project, audience, old, new, place):
    project.replace(FORM, old, new)
    outcome = project.build(audience=audience)
    assert spots(outcome.findings) == [("P203", FORM, 1, 1)]
    found = params(project, "P203")
    assert (found["row"], found["column"], found["reason"]) == place
    assert (found["form"], found["columns"]) == ("overview", "5")
    assert project.output() == {}


def test_form_in_the_body_whose_spans_do_not_fit_its_grid(project):
    form = f"{PACK}/forms/staff.html"
    project.write(form, STAFF)
    project.write(f"{HOME}/narrative/staffing.md", '{{ form("staff") }}\n')
    assert told(project) == [("P203", form, 1, 1)]
    assert params(project, "P203")["reason"] == "@overlap"


@pytest.mark.parametrize(
    ("old", "new", "left", "difference"),
    [
        ("points: 10\n", "points: 9\n", "99分", "1分"),
        ("points: 10\n", "points: 11\n", "101分", "1分"),
    ],
)
def test_weights_that_do_not_make_100(project, old, new, left, difference):
    project.replace(RATINGS, old, new)
    code, path, line, column = project.spot("R101", RATINGS, new.strip())
    assert told(project) == [(code, path, line, column + len("points: "))]
    found = params(project, "R101")
    assert (found["left"], found["right"], found["difference"]) == (left, "100分", difference)


@pytest.mark.parametrize(("declared", "count"), [("3条", "2条"), ("1条", "2条")])
def test_list_whose_declared_count_differs(project, declared, count):
    project.replace(FACTS, "  规模企业: 12家\n", f"  规模企业: 12家\n  重点产业链数: {declared}\n")
    claim = "重点产业链数 == count(重点产业链)"
    chains = f"relations:\n  chains: {{title: 重点产业链个数, claim: {claim}}}\n"
    project.replace(RELATIONS, "relations:\n", chains)
    assert told(project) == [project.spot("R101", FACTS, declared)]
    found = params(project, "R101")
    assert (found["left"], found["right"], found["difference"]) == (declared, count, "1条")


def test_list_of_the_declared_count_is_well(project):
    project.replace(FACTS, "  规模企业: 12家\n", "  规模企业: 12家\n  重点产业链数: 2条\n")
    chains = "relations:\n  chains: {title: 个数, claim: 重点产业链数 == count(重点产业链)}\n"
    project.replace(RELATIONS, "relations:\n", chains)
    assert told(project, "warning") == []


@pytest.mark.parametrize(
    ("old", "new", "marked", "target", "actual"),
    [
        ("target: 新增3家", "target: ≥90%", "新增{{", "%", "家"),
        ("target: 达到20%", "target: 20家以上", "{{ 规模企业增长", "家", "%"),
        ('actual: "{{ 规模企业增长 }}"', "actual: 25万元", "25万元", "%", "万元"),
    ],
)
def test_indicator_whose_unit_differs_from_its_target(project, old, new, marked, target, actual):
    project.replace(RATINGS, old, new)
    assert told(project, "warning") == [project.spot("R208", RATINGS, marked)]
    found = params(project, "R208")
    assert (found["target"], found["actual"]) == (target, actual)


LAST_YEAR = "data/bureau/2022"
SPENDING = f"{HOME}/narrative/spending.md"


def test_prior_year_that_does_not_exist(project):
    shutil.rmtree(project.root / LAST_YEAR)
    project.write(SPENDING, "全年支出{{ expenditure.total.outturn }}。\n")
    project.replace(OUTLINE, "requires:", 'formats: {blank: "—"}\nrequires:')
    title = "title: 上年决算数, formula: "
    line = "three_public.*.last: {"
    found = project.spot("F111", METRICS, line)
    assert told(project, "warning") == [(*found[:3], found[3] + len(line + title))]
    outcome = project.draft()
    assert params(project, "F111") == {"year": "2022"}
    last = outcome.ledger.figures["funds.training.last"]
    assert (last.value, last.text) == (None, "—")
    page = project.output()["2023/bureau/internal/department.html"]
    rows = [cell.text for cell in read_html(page).tables[0] if cell.column == 2]
    assert rows == ["上年决算", "—", "—", "—", "—"]


def test_sentence_on_a_change_from_a_year_that_does_not_exist(project):
    shutil.rmtree(project.root / LAST_YEAR)
    found = [each for each in project.build().findings if each.severity == "error"]
    assert [each.code for each in found] == ["T110"]
    path, line = SPENDING, "较上年{{ phrases.change(three_public.reception"
    assert str(found[0].span).startswith(f"{path}:{project.spot('', path, line)[2]}:")
    assert found[0].span.column == project.text(path).split("\n")[5].index("growth") + 1
    assert found[0].places[1].span.path == "templates/shared/phrases.md"
