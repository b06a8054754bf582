"""Each of our reports, adopted from its own Word file and PDF into an empty unit, builds again."""

from __future__ import annotations

import pytest

from real_report import ROOT
from reportgen.findings import Diagnostics
from reportgen.flow.job import Job
from reportgen.flow.steps import draft
from reportgen.project.source_files import SourceFiles
from round_trip import REPORTS, inputs_of, needs_of, second_build

LEAST = {"docx": 0.97, "pdf": 0.90}
"""The share of the numbers typed by hand that are facts again."""
DEDUCTION = ("", "说明：预算执行率扣1分。〔待填〕")  # its reason stands in no cell, and is required
DIFFERENT = {
    ("huaihua/2023/department", "docx"): [DEDUCTION],
    ("huaihua/2023/department", "pdf"): [DEDUCTION],
    # Which box is ticked says no word.
    ("yueyang/2021/emergency-supplies", "docx"): [("评价类型", "评价类型")],
    ("yueyang/2021/emergency-supplies", "pdf"): [("评价类型", "评价类型")],
}
"""How lines of a second build begin that print another text, and why."""


def are_alike(first, second, form):
    """Return whether lines are the same: what the first leaves blank may be marked as such.

    In a PDF no blank is seen at the end of a line.
    """
    second = second.replace("〔待填〕", "")
    if form == "pdf":
        first, second = "".join(first.split()), "".join(second.split())
    return first == second


@pytest.mark.parametrize("report", REPORTS, ids=str)
@pytest.mark.parametrize("form", ["docx", "pdf"])
def test_a_report_adopted_into_an_empty_unit_prints_what_it_printed(report, form, adopted_once):
    adoption, root = adopted_once(report, form)
    assert not adoption.failed
    again = second_build(root, report)
    assert again.wrong == {}
    assert again.share >= LEAST[form]
    expected = DIFFERENT.get((str(report), form), [])
    lines = [pair for pair in again.lines if not are_alike(*pair, form)]
    assert len(lines) == len(expected)
    for (first, second), (start, other) in zip(lines, expected, strict=True):
        assert first.startswith(start)
        assert second.startswith(other)


@pytest.mark.parametrize("report", REPORTS, ids=str)
def test_what_a_document_does_not_state_is_blank_at_its_place_and_nothing_is_unknown(
    report, adopted_once
):
    _, root = adopted_once(report)
    log = Diagnostics()
    names = {"unit": report.unit, "year": report.year, "report": report.report}
    draft(Job(root, root / "build", **names, audience="submit"), SourceFiles(root), log)
    told = {each.code for each in log if each.severity == "error"}
    assert told.isdisjoint({"F103", "F107", "F123", "T102", "S217"})
    blank = {each.subject for each in log if each.code == "P102"}
    needed = {key for key in needs_of(inputs_of(ROOT, report).pack.folder).facts if "." not in key}
    for key in blank & needed:
        (line,) = (line for line in lines_of_data(root) if line.lstrip().startswith(f"{key}:"))
        assert line.endswith("# 待填")


def lines_of_data(root):
    return [line for path in root.rglob("*.yaml") for line in path.read_text("utf-8").split("\n")]
