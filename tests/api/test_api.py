"""The interface for Python: the examples of docs/api.md, and what they do not show."""

from __future__ import annotations

import doctest
import json
import re
import subprocess
import sys

import pytest

import reportgen
from real_report import ROOT
from reportgen import Project
from small_project import DATA, REPORT, UNIT, YEAR

FENCE = re.compile(r"^```python$(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_examples_of_the_page_run(tmp_path, monkeypatch):
    monkeypatch.chdir(ROOT)
    text = "\n".join(FENCE.findall((ROOT / "docs" / "api.md").read_text("utf-8")))
    example = doctest.DocTestParser().get_doctest(text, {"folder": tmp_path}, "api.md", None, 0)
    lines: list[str] = []
    runner = doctest.DocTestRunner(verbose=False)
    runner.run(example, out=lines.append)
    assert runner.summarize(verbose=False).attempted > 15
    assert not runner.failures, "".join(lines)


def test_importing_the_package_loads_nothing_of_it():
    code = "import reportgen, sys; print([m for m in sys.modules if m.startswith('reportgen.')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_public_name_is_there_and_no_other():
    for name in reportgen.__all__:
        assert getattr(reportgen, name)
    assert dir(reportgen) == reportgen.__all__
    with pytest.raises(AttributeError, match="nothing"):
        _ = reportgen.nothing


@pytest.fixture
def report(small):
    return Project(small.root).report(UNIT, YEAR, REPORT)


def test_a_broken_fact_is_a_finding_and_not_an_exception(small, report):
    small.write(f"{DATA}/facts.yaml", "a: [")
    findings = report.check()
    assert not findings.ok
    assert findings.errors[0].span.path == f"{DATA}/facts.yaml"
    assert f"{DATA}/facts.yaml:1:5: error[" in repr(findings)
    assert json.loads(findings.to_json())[0]["path"] == f"{DATA}/facts.yaml"
    figures = report.figures()
    assert dict(figures) == {}
    assert not figures.findings.ok
    with pytest.raises(KeyError, match="L118"):
        _ = figures["execution_rate"]
    explained = report.explain("execution_rate")
    assert len(explained) == 0
    assert "L118" in repr(explained)
    built = report.build()
    assert built.failed
    assert built.paths == ()
    assert "failed" in repr(built)


def test_figures_of_another_audience_are_what_it_may_see(small, report):
    policy = "disclosure:\n  withhold:\n    - {key: funds.survey.outturn, reason: 试}\n"
    small.write(f"{DATA}/{REPORT}/disclosure.yaml", policy)
    small.write(f"{DATA}/{REPORT}/narrative/spending.md", "支出见附件。\n")
    assert report.figures()["funds.survey.outturn"].text == "12.5万元"
    public = report.figures("public")
    assert public["funds.survey.outturn"].text == ""
    assert public["funds.survey.outturn"].value is None


def test_where_a_version_cannot_be_composed_nothing_of_it_is_given(small, report):
    policy = "disclosure:\n  withhold:\n    - {key: funds.survey.outturn, reason: 试}\n"
    small.write(f"{DATA}/{REPORT}/disclosure.yaml", policy)
    figures = report.figures("public")
    assert not figures.findings.ok
    assert len(figures) == 0


def test_values_show_in_a_notebook_without_markup_of_their_own(small, report):
    small.write(f"{DATA}/facts.yaml", small.text(f"{DATA}/facts.yaml") + "甲<b>: 1家\n")
    findings = report.check()
    shown = findings._repr_html_() + findings[0]._repr_html_()
    assert "<b>" not in shown
    assert "&lt;b&gt;" in shown
    figures = report.figures()
    assert "<tr>" in report.figures("internal")._repr_html_() or not figures


def test_a_folder_that_is_none_is_refused(tmp_path):
    with pytest.raises(NotADirectoryError):
        Project(tmp_path / "none")


def test_english_is_spoken_where_it_is_asked_for(small):
    small.write(f"{DATA}/facts.yaml", "a: [")
    project = Project(small.root, language="en")
    assert "1 error" in repr(project.report(UNIT, YEAR, REPORT).check().errors)


@pytest.mark.parametrize("audience", ["Public", "PUBLIC", "all", ""])
def test_a_misspelt_audience_is_refused_and_never_taken_for_those_inside(report, audience):
    for question in (report.check, report.figures, report.build):
        with pytest.raises(ValueError, match="internal, submit, public"):
            question(audience)


def test_another_language_is_refused(small):
    with pytest.raises(ValueError, match="zh, en"):
        Project(small.root, language="fr")


def test_nothing_is_explained_by_no_name(report):
    assert len(report.explain("")) == 0
