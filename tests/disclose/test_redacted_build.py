"""What the policy of a small project does to its finished report."""

from __future__ import annotations

import pytest

from builders import codes
from reportgen.model.locations import located_texts
from small_project import HOME, NARRATIVE, SmallProject

POLICY = """
disclosure:
  withhold:
    - {section: results, reason: 保密审查意见}
    - {form: overview, reason: 保密审查意见}
    - {block: sign-off, reason: 保密审查意见}
  replace:
    - {term: 公务接待, shown: 甲项, initials: [GWJD], reason: 保密审查意见}
"""


@pytest.fixture
def project(tmp_path):
    project = SmallProject.copied(tmp_path / "project")
    home = f"{HOME}/report.yaml"
    project.write(home, project.text(home) + POLICY)
    return project


def test_public_report_is_without_what_the_policy_keeps_back(project):
    outcome = project.build(audience="public", formats=("docx", "html", "pdf"))
    assert not outcome.failed, outcome.findings
    text = "".join(spot.text for spot in located_texts(outcome.document))
    assert text.count("本部分依法不予公开。") == text.count("本表依法不予公开。") == 1
    assert "自评得分" not in text
    assert "公务接待" not in text
    assert "甲项费" in text
    actions = {entry.subject: entry.action for entry in outcome.disclosed.entries}
    assert actions["公务接待"] == "replaced"
    assert actions["results"] == actions["overview"] == actions["sign-off"] == "withheld"


def test_internal_report_keeps_everything(project):
    outcome = project.draft()
    text = "".join(spot.text for spot in located_texts(outcome.document))
    assert "自评得分" in text
    assert "公务接待费" in text


def test_a_term_masked_by_hand_stops_the_public_report_at_its_narrative(project):
    path = f"{NARRATIVE}/spending.md"
    project.replace(path, "1. 公务接待费", "1. 公GWJD费")
    outcome = project.draft(audience="public")
    found = {each.code: each for each in outcome.findings if each.severity == "error"}
    assert codes(found.values()) == ["D134"]
    assert path in {place.span.path for place in found["D134"].places}
