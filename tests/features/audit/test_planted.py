"""Contradictions planted in the built reports are told: each kind, and each number mistyped.

Each kind is written into the Word file and the page themselves, and into what was read of the PDF
(`python -m bench --only planted` shows all of it by kind, report and format).
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[3]))

from bench.planted import FORMATS, KINDS, BuiltFile, built, slips, told_of
from bench.samples import ROOT

from reportgen.features.audit.auditing import audit
from reportgen.model.reading import ReadingFormat
from reportgen.project.layout import ReportId, every_report
from reportgen.project.source_files import SourceFiles

REPORTS = list(every_report(SourceFiles(ROOT)))
MOST_UNTOLD, ONE_OF = 0.03, 4
Build = Callable[[ReportId], Mapping[ReadingFormat, BuiltFile]]


@pytest.fixture(scope="session")
def build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """Return a function that builds a report, once."""
    made: dict[ReportId, Mapping[ReadingFormat, BuiltFile]] = {}

    def once(report: ReportId) -> Mapping[ReadingFormat, BuiltFile]:
        if report not in made:
            made[report] = built(tmp_path_factory.mktemp("planted"), report)
        return made[report]

    return once


@pytest.mark.parametrize("report", REPORTS, ids=str)
def test_each_kind_that_is_planted_is_told(build: Build, report: ReportId) -> None:
    planted = Counter(kind.code for kind in KINDS)
    for form in FORMATS:
        untold = planted - told_of(build(report)[form], KINDS)
        assert untold == Counter(), form


@pytest.mark.parametrize("report", REPORTS, ids=str)
def test_numbers_that_are_mistyped_are_told(build: Build, report: ReportId) -> None:
    for form in FORMATS:
        counted = Counter(told for _, told in slips(build(report)[form], ONE_OF))
        assert counted[False] <= max(1, MOST_UNTOLD * counted.total()), form


@pytest.mark.parametrize("report", REPORTS, ids=str)
def test_an_unchanged_report_has_no_error(build: Build, report: ReportId) -> None:
    for form in FORMATS:
        found = audit(build(report)[form].reading).findings
        assert [each for each in found if each.severity == "error"] == [], form
