from __future__ import annotations

import subprocess
import sys

import pytest

from logged import select
from reportgen.project.layout import ReportId
from reportgen.project.source_files import SourceFiles

THERE = [
    "a/2022/",
    "a/2023/department",
    "a/2023/fund",
    "b/2021/department",
    "b/2023/department",
    "c/",
]


@pytest.fixture
def files(tmp_path):
    for path in THERE:
        unit, _, rest = path.partition("/")
        year, _, report = rest.partition("/")
        folder = tmp_path / "data" / unit / year / report
        folder.mkdir(parents=True, exist_ok=True)
        if report:
            (folder / "report.yaml").write_text("pack: p")
    return SourceFiles(tmp_path)


CHOSEN = [
    ({}, "a/2023/department a/2023/fund b/2021/department b/2023/department"),
    ({"unit": "a"}, "a/2023/department a/2023/fund"),
    ({"year": 2023}, "a/2023/department a/2023/fund b/2023/department"),
    ({"report": "department"}, "a/2023/department b/2021/department b/2023/department"),
    ({"unit": "b", "year": 2021}, "b/2021/department"),
    ({"unit": "a", "year": 2023, "report": "fund"}, "a/2023/fund"),
]


def asked(files, unit=None, year=None, report=None):
    return select(files, unit, year, report)


@pytest.mark.parametrize(("wanted", "expected"), CHOSEN)
def test_whatever_is_not_asked_for_fits(files, wanted, expected):
    found, findings = asked(files, **wanted)
    assert " ".join(map(str, found)) == expected
    assert findings == ()


def test_chosen_is_a_report_of_a_unit_and_year(files):
    (chosen,), _ = asked(files, unit="b", year=2021)
    assert chosen == ReportId("b", 2021, "department")


NOT_THERE = [
    ({"unit": "d"}, "J102", {"unit": "d", "known": "a、b、c"}),
    ({"year": 1999}, "J101", {"unit": "a、b、c", "year": "1999", "known": "2021、2022、2023"}),
    ({"unit": "b", "year": 2022}, "J101", {"unit": "b", "year": "2022", "known": "2021、2023"}),
    ({"unit": "c", "year": 2022}, "J101", {"unit": "c", "year": "2022", "known": "—"}),
    (
        {"year": 2023, "report": "x"},
        "J103",
        {"unit": "a、b、c", "year": "2023", "report": "x", "known": "department、fund"},
    ),
    (
        {"unit": "b", "report": "fund"},
        "J103",
        {"unit": "b", "year": "2021、2023", "report": "fund", "known": "department"},
    ),
    (
        {"unit": "a", "year": 2022},
        "J105",
        {
            "chosen": "a/2022",
            "known": "a/2023/department、a/2023/fund、b/2021/department、b/2023/department",
        },
    ),
]


@pytest.mark.parametrize(("wanted", "code", "params"), NOT_THERE)
def test_what_does_not_exist_is_told_with_what_does(files, wanted, code, params):
    found, (finding,) = asked(files, **wanted)
    assert found == ()
    assert (finding.code, finding.params) == (code, params)


def test_unit_without_reports_is_told(files):
    _, (finding,) = asked(files, unit="c")
    assert (finding.code, finding.params["chosen"]) == ("J105", "c")


@pytest.mark.parametrize("wanted", [{}, {"unit": "a"}, {"year": 2023}])
def test_folder_without_data_holds_nothing_to_build(tmp_path, wanted):
    _, (finding,) = asked(SourceFiles(tmp_path), **wanted)
    assert (finding.code, finding.params) == ("J104", {"root": str(tmp_path)})


@pytest.mark.parametrize("module", ["project.layout", "model.rewrite", "language.numbers"])
def test_what_every_command_needs_imports_no_reader_of_files(module):
    heavy = {"yaml", "pydantic", "jinja2", "markdown_it", "lxml"}
    code = f"import sys, reportgen.{module}; print(*sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
