"""Figures in plain texts, titles and captions, are printed, verified and found by their key."""

from __future__ import annotations

import json

import pytest

from reportgen.flow.pipeline import build
from small_project import PACK

KEY = "funds.survey.outturn"
COVER = """
cover:
  title: ['经费{{ %s }}']
  fields: [{label: 年度, value: '{{ year }}'}]
"""


@pytest.fixture
def project(small):
    """Return the project with a figure in its title, its cover and the caption of a form."""
    pack, form = f"{PACK}/pack.yaml", f"{PACK}/forms/overview.html"
    small.replace(pack, "  - 整体支出绩效自评报告\n", f"  - 普查{{{{ {KEY} }}}}的报告\n")
    small.write(pack, small.text(pack) + COVER % KEY)
    start = small.text(form).index(">", small.text(form).index("<caption")) + 1
    text = small.text(form)
    small.write(form, f"{text[:start]}{{{{ {KEY} }}}}{text[start:]}")
    return small


@pytest.mark.parametrize("audience", ["internal", "public"])
def test_a_report_with_them_is_built_and_agrees_in_every_format(project, audience):
    result = build(project.job(audience=audience, formats=("docx", "html", "pdf")))
    assert not result.failed, [f"{f.code} {f.params}" for f in result.findings if not f.waived]
    page = result.files["department.html"].decode()
    assert "普查12.5万元的报告" in page


def test_figures_json_says_where_they_stand(project):
    result = build(project.job())
    rows = json.loads(result.files["department.figures.json"])
    (row,) = (each for each in rows if each["key"] == KEY)
    places = [place["where"] for place in row["places"]]
    assert places[0] == "标题"
    assert sum(place.endswith(" 标题") for place in places) == 1
    assert sum(place.endswith(" 表名") for place in places) == 1
