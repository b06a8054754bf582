"""figures.json of the public and of the finance bureau: nothing in it names what is withheld."""

from __future__ import annotations

import json

import pytest

from small_project import DATA, NARRATIVE, PACK

REPLACED = """disclosure:
  replace:
    - {term: 行业普查经费, shown: 专题调查经费, audience: [public, submit], reason: 测试替换}
"""
UNNAMED = """disclosure:
  withhold:
    - {key: funds.survey.name, audience: [public, submit], reason: 测试不公开}
"""
MASKED = """disclosure:
  mask:
    - {key: funds.survey.name, shown: 某项经费, audience: [public, submit], reason: 测试遮盖}
"""
CHOSEN = """disclosure:
  mask:
    - {key: funds.survey.source, shown: 其他, audience: [public, submit], reason: 测试遮盖}
"""


def rows(small, policy, audience):
    """Return the rows of figures.json of an audience by key, and its text."""
    small.write(f"{DATA}/disclosure.yaml", policy)
    outcome = small.build(audience=audience)
    assert not outcome.failed, outcome.findings
    folder = outcome.job.record if audience == "public" else outcome.job.folder
    text = (folder / "department.figures.json").read_text("utf-8")
    return {row["key"]: row for row in json.loads(text)}, text


@pytest.mark.parametrize("audience", ["public", "submit"])
def test_replaced_term_stands_in_no_title_and_no_formula(small, audience):
    told, text = rows(small, REPLACED, audience)
    assert told["funds.survey.outturn"]["title"] == "专题调查经费·决算数"
    assert "行业普查" not in text


@pytest.mark.parametrize("audience", ["public", "submit"])
@pytest.mark.parametrize("how", ["withheld", "masked"])
def test_row_with_a_withheld_name_is_called_as_it_is_printed(small, audience, how):
    listing = '，包括{{ phrases.listing(funds, "outturn") }}'
    small.replace(f"{NARRATIVE}/spending.md", listing, "")
    policy, name = {"withheld": (UNNAMED, "（名称不公开）"), "masked": (MASKED, "某项经费")}[how]
    told, text = rows(small, policy, audience)
    assert told["funds.survey.outturn"]["title"] == f"{name}·决算数"
    assert told["funds.training.outturn"]["title"] == "业务培训经费·决算数"
    assert "行业普查" not in text


def test_formula_that_chooses_rows_by_a_withheld_column_is_not_told(small):
    formula = 'sum(funds[source == "上级"].outturn)'
    metrics = f"{PACK}/metrics.yaml"
    upper = f"  upper:\n    title: 上级资金\n    formula: {formula}\n"
    small.write(metrics, small.text(metrics) + upper)
    results = f"{NARRATIVE}/results.md"
    small.write(results, small.text(results).rstrip() + "上级资金{{ upper }}。\n")
    told, _ = rows(small, "disclosure: {}\n", "public")
    assert told["upper"]["inputs"] == ["funds.survey.outturn", "funds.chains.outturn"]
    told, _ = rows(small, CHOSEN, "public")
    assert told["upper"]["text"] == "108.8万元"
    assert [told["upper"][name] for name in ("formula", "reading", "inputs")] == ["", "", []]


def test_places_of_the_public_are_said_as_on_paper_and_in_the_order_of_reading(small):
    told, _ = rows(small, "disclosure: {}\n", "public")
    place = told["staffing.quota"]["places"][0]
    assert (place["text"], place["spoken"]) == ("30人", "（一）人员编制 第1段")
    cell = told["funds.survey.outturn"]["places"][-1]
    assert cell["spoken"] == "附件 表1 第3行第5列"
    orders = [place["order"] for row in told.values() for place in row["places"]]
    assert sorted(orders) == list(range(1, len(orders) + 1))
    assert told["staffing.quota"]["places"][0]["order"] < cell["order"]
