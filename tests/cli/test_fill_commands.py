"""`export --fill` and `import` of what it wrote: files, options, exit codes, languages."""

from __future__ import annotations

import io
from unittest.mock import patch

import pytest
from openpyxl import Workbook, load_workbook

from small_project import DATA, SmallProject, reportgen

BOOK = "build/2023/bureau/填报.xlsx"


@pytest.fixture
def project(tmp_path):
    return SmallProject.copied(tmp_path / "project")


def run(project, *arguments):
    return reportgen(*arguments, "--root", project.root, "--lang", "zh")


def filled(project):
    """Return a workbook of the project in which one number was changed."""
    assert run(project, "export", "--fill", "--year", 2023).code == 0
    book = load_workbook(project.root / BOOK)
    book["人员编制"]["C5"] = 31
    path = project.root / "填好的.xlsx"
    book.save(path)
    return path


def test_a_workbook_is_written_and_comes_back_without_any_option(project):
    path = filled(project)
    shown = run(project, "import", path)
    assert (shown.code, shown.err) == (0, "")
    assert "staffing.quota.value" in shown.out
    assert project.text(f"{DATA}/staffing.yaml") == "staffing:\n  quota: 31人\n  actual: 27人\n"


def test_a_dry_run_shows_what_would_change_and_writes_nothing(project):
    before = project.text(f"{DATA}/staffing.yaml")
    shown = run(project, "import", filled(project), "--dry-run")
    assert "+  quota: 31人" in shown.out
    assert project.text(f"{DATA}/staffing.yaml") == before


def test_an_office_gets_a_workbook_of_its_name(project):
    project.write(f"{DATA}/offices.yaml", "offices:\n  人事科: [staffing]\n")
    shown = run(project, "export", "--office", "人事科", "--year", 2023)
    assert shown.code == 0
    assert (project.root / "build/2023/bureau/填报-人事科.xlsx").is_file()
    assert run(project, "export", "--office", "档案科", "--year", 2023).code == 1


def test_a_conflict_ends_with_1_and_names_both_cells(project):
    first = filled(project)
    book = load_workbook(first)
    book["人员编制"]["C5"] = 32
    book.save(project.root / "另一份.xlsx")
    shown = run(project, "import", first, project.root / "另一份.xlsx")
    assert shown.code == 1
    assert "另一份.xlsx[人员编制!C5]" in shown.out
    assert "填好的.xlsx[人员编制!C5]" in shown.out
    assert "数据文件没有改动" in shown.err


def test_a_workbook_of_another_year_is_told(project):
    shown = run(project, "import", filled(project), "--unit", "bureau", "--year", 2022)
    assert shown.code == 1
    assert "X151" in shown.out


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--into", "funds"], "--into 的值不对：填报表自己记着各格是什么，不用这个选项"),
        (["--by", "财务科"], "--by 的值不对：填报表自己记着各格是什么，不用这个选项"),
    ],
)
def test_options_that_say_what_the_workbook_says_are_refused(project, options, said):
    shown = run(project, "import", filled(project), *options)
    assert shown.code == 2
    assert said in shown.err


def test_any_other_table_needs_its_unit_and_comes_alone(project):
    plain = project.root / "表.xlsx"
    packed = io.BytesIO()
    Workbook().save(packed)
    plain.write_bytes(packed.getvalue())
    assert "缺少选项 --unit" in run(project, "import", plain).err
    assert "缺少选项 --year" in run(project, "import", plain, "--unit", "bureau").err
    shown = run(project, "import", plain, filled(project))
    assert shown.code == 2
    assert "表.xlsx 不是" in shown.err


def test_a_workbook_to_fill_in_is_for_those_inside(project):
    shown = run(project, "export", "--fill", "--audience", "public", "--year", 2023)
    assert shown.code == 2
    assert "填报表只给内部" in shown.err


def test_without_openpyxl_the_command_that_installs_it_is_told(project):
    with patch("reportgen.project.extras.find_spec", return_value=None):
        shown = run(project, "export", "--fill", "--year", 2023)
    assert shown.code == 1
    assert "J107" in shown.out
    assert "Traceback" not in shown.out + shown.err
