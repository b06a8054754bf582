"""Our six reports: the texts of their own Word files and PDFs become the narratives they had."""

from __future__ import annotations

import sys

import pytest

from real_report import ROOT

sys.path.append(str(ROOT))

from bench import adopt

SAME = {"income.total.outturn → 全年收入", "expenditure.total.outturn → 全年支出"}
"""Keys of one fact that the pack of Yongzhou has twice."""
LEAST_BOUND = {"huaihua": 0.68, "yiyang": 0.82, "yongzhou": 0.76, "yueyang": 0.75}
"""The share of printed figures that are references again; the others stay typed and are told."""


@pytest.mark.parametrize("report", adopt.reports(), ids=str)
def test_texts_come_back_as_they_were_and_no_figure_is_of_another_fact(report, tmp_path):
    original = adopt.composed(report)
    for path in adopt.built(report, tmp_path).values():
        score = adopt.scored(path, report, original)
        assert score.wrong == []
        assert score.equal == score.paragraphs > 7
        assert {other.partition(": ")[2] for other in score.others} <= SAME
        assert score.bound / score.printed >= LEAST_BOUND[report.unit]
        assert [each for each in score.left if "table" in each] == []
