"""Whatever prints a figure in another report of the unit is known to the readers' side."""

from __future__ import annotations

import shutil

import pytest

from outcome import draft
from real_report import ROOT
from reportgen.flow.job import Job
from reportgen.project.source_files import SourceFiles
from small_project import DATA, HOME, PACK, SmallProject

WITHHELD = "funds.survey.outturn"
OTHER_PACK = "templates/other"
OTHER = f"{DATA}/second"
CODES = {"D160", "D161", "D162"}

CHART = """
charts:
  - id: survey
    title: 普查经费
    kind: bars
    audience: [internal, submit, public]
    items: [{id: survey, title: 行业普查}, {id: training, title: 业务培训}]
    series: [{key: 'funds.*.outturn', title: 决算数}]
"""

PLACES = {
    "chart": ("pack.yaml", None, CHART),
    "document title": ("pack.yaml", "  - 整体支出绩效自评报告\n", "  - 普查{{ %s }}的报告\n"),
    "signature": ("pack.yaml", "signature:\n", "signature:\n  - '{{ %s }}'\n"),
    "heading": ("pack.yaml", "title: 支出情况,", "title: '支出{{ %s }}',"),
    "annex title": ("pack.yaml", "title: 整体支出自评表", "title: '自评表{{ %s }}'"),
    "cover": (
        "pack.yaml",
        None,
        "cover:\n  title: ['{{ year }}年']\n  fields: [{label: 经费, value: '{{ %s }}'}]\n",
    ),
    "title behind a cover": (
        "pack.yaml",
        None,
        "cover:\n  title: ['经费{{ %s }}']\n  fields: [{label: 年度, value: '{{ year }}'}]\n",
    ),
    "opening": ("narrative/opening.md", None, "\n\n普查{{ %s }}。\n"),
    "sentence": ("narrative/results.md", None, "\n\n普查{{ %s }}。\n"),
    "emphasis": ("narrative/results.md", None, "\n\n普查**{{ %s }}**。\n"),
    "list": ("narrative/results.md", None, "\n\n1. 普查{{ %s }}；\n2. 其他。\n"),
    "note": ("narrative/results.md", None, "\n\n> 注：普查{{ %s }}。\n"),
    "pack section": ("sections/duties.md", None, "\n\n普查{{ %s }}。\n"),
    "annex body": ("annex.md", None, "\n\n普查{{ %s }}。\n"),
    "form cell": ("forms/overview.html", "总分", "总分{{ %s }}"),
    "form caption": ("forms/overview.html", "<caption>", "<caption>{{ %s }}"),
    "macro": (
        "narrative/results.md",
        None,
        "\n\n{%% macro cost(x) %%}普查{{ x }}{%% endmacro %%}{{ cost(%s) }}。\n",
    ),
    "variable": ("narrative/results.md", None, "\n\n{%% set x = %s %%}普查{{ x }}。\n"),
}


@pytest.fixture
def project(tmp_path):
    """Return a project whose report keeps a figure back, beside another that prints none."""
    project = SmallProject.copied(tmp_path / "project")
    shutil.copytree(project.root / PACK, project.root / OTHER_PACK)
    project.write(f"{OTHER_PACK}/annex.md", "自评表。\n")
    pack = project.text(f"{OTHER_PACK}/pack.yaml")
    start, end = pack.index("    forms:"), pack.index("requires:")
    project.write(f"{OTHER_PACK}/pack.yaml", pack[:start] + pack[end:])
    shutil.copytree(project.root / HOME, project.root / OTHER)
    report = project.text(f"{OTHER}/report.yaml").replace("pack: small", "pack: other")
    project.write(f"{OTHER}/report.yaml", report)
    for name in ("opening", "spending", "results", "staffing"):
        project.write(f"{OTHER}/narrative/{name}.md", "自评得分高。\n")
    project.write(f"{HOME}/narrative/spending.md", "支出见附件。\n")
    policy = f"disclosure:\n  withhold:\n    - {{key: {WITHHELD}, reason: 试, basis: 试}}\n"
    project.write(f"{HOME}/disclosure.yaml", policy)
    return project


def told(project):
    findings = project.draft(audience="public").findings
    return [(each.code, each.subject) for each in findings if each.code in CODES]


def test_nothing_is_told_while_the_other_report_prints_nothing_of_it(project):
    assert told(project) == []


@pytest.mark.parametrize("place", PLACES)
def test_figure_printed_by_another_report_is_told_wherever_it_stands(project, place):
    name, old, new = PLACES[place]
    folder = OTHER if name.startswith("narrative/") else OTHER_PACK
    path = f"{folder}/{name}"
    new = new % WITHHELD if "%s" in new else new
    text = project.text(path)
    if name.startswith("forms/"):
        project.write(f"{OTHER_PACK}/annex.md", '{{ form("overview") }}\n')
    assert old is None or old in text
    project.write(path, text + new if old is None else text.replace(old, new, 1))
    assert ("D162", WITHHELD) in told(project)


def test_chart_of_the_second_report_of_yueyang_does_not_tell_what_the_first_withholds(tmp_path):
    for part in ("data/yueyang", "templates/yueyang", "templates/shared"):
        shutil.copytree(ROOT / part, tmp_path / part)
    pack = tmp_path / "templates/yueyang/emergency-supplies-2021/pack.yaml"
    chart = """\
  - id: assets
    title: 资产
    kind: bars
    audience: [internal, submit, public]
    rows: institution_assets
    series: [{key: 'institution_assets.*.在用', title: 在用}]
"""
    pack.write_text(pack.read_text("utf-8") + chart, "utf-8")
    home = tmp_path / "data/yueyang/2021/department"
    released = "".join(
        f"    - {{key: {key}, reason: 试}}\n" for key in ("score", "ratings", "points", "assets")
    )
    entry = "    - {key: 'institution_assets.*.在用', reason: 试, basis: 试}\n"
    policy = f"disclosure:\n  withhold:\n{entry}  release:\n{released}"
    (home / "disclosure.yaml").write_text(policy, "utf-8")
    (home / "narrative/economy.md").write_text("资产管理坚持厉行节约。\n", "utf-8")
    job = Job(tmp_path, tmp_path / "build", "yueyang", 2021, "department", "public")
    findings = draft(job, SourceFiles(tmp_path)).findings
    assert {each.subject for each in findings if each.code == "D162"} == {
        "institution_assets.bureau.在用",
        "institution_assets.radio_station.在用",
    }
