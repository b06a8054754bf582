"""The made-up province: reports of all packs that are built, inside and for the public."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from reportgen.findings import Diagnostics
from reportgen.flow.job import Job
from reportgen.flow.steps import draft
from reportgen.project.layout import every_report
from reportgen.project.source_files import SourceFiles

sys.path.append(str(Path(__file__).resolve().parent.parent))

from bench.province import PACKS, main, unit_of, write_province


@pytest.fixture(scope="module")
def province(tmp_path_factory):
    folder = tmp_path_factory.mktemp("province")
    write_province(folder, units=len(PACKS))
    return folder


def files_of(folder):
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*.*")}


@pytest.mark.parametrize("audience", ["internal", "public"])
def test_reports_of_all_packs_and_years_have_no_errors(province, audience):
    for report in every_report(SourceFiles(province)):
        log = Diagnostics()
        out = province / "build"
        job = Job(province, out, report.unit, report.year, report.report, audience=audience)
        draft(job, SourceFiles(province), log)
        assert not [each for each in job.graded(log) if each.severity == "error"]


def test_there_is_a_report_of_each_unit_in_each_year(province):
    reports = every_report(SourceFiles(province))
    assert [(each.unit, each.year) for each in reports] == [
        (f"unit{number:05}", year) for number in range(len(PACKS)) for year in (2021, 2022, 2023)
    ]


def test_more_units_leave_those_before_them_as_they_are(province, tmp_path):
    assert main([str(tmp_path), "--units", str(len(PACKS) + 1)]) == 0
    more, few = files_of(tmp_path), files_of(province)
    assert {path: more[path] for path in few} == few


def test_ten_thousand_units_have_names_of_their_own():
    units = [unit_of(number) for number in range(10_000)]
    assert len({(unit.city, unit.field) for unit in units}) == len(units)
