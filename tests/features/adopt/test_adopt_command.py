"""`reportgen adopt`: what it prints and writes, and what it leaves alone."""

from __future__ import annotations

import json
import re

import pytest
from docx import Document

from round_trip import REPORTS
from small_project import reportgen

HUAIHUA = next(report for report in REPORTS if str(report) == "huaihua/2023/department")


@pytest.fixture
def run(files_of, empty):
    """Return a function that runs the command on the Word file of a report."""
    word = files_of(HUAIHUA)["docx"]
    where = ("--unit", "huaihua", "--year", "2023", "--root", empty)

    def adopt(*arguments, pack="huaihua/department-2023", path=word):
        return reportgen("adopt", path, "--pack", pack, *where, *arguments)

    return adopt


def test_it_writes_the_files_and_says_what_is_left(run, empty):
    done = run("--lang", "zh")
    assert done.code == 0
    paths = [line for line in done.out.split("\n") if line.startswith("data/")]
    assert "data/huaihua/2023/department/report.yaml" in paths
    assert all((empty / path).is_file() for path in paths)
    assert "个数" in done.out
    assert "待确认" in done.err
    again = run("--lang", "zh")
    assert "取了 0 个数" in again.out
    assert "data/" not in again.out.rpartition("取了")[2]


def test_a_dry_run_writes_nothing(run, empty):
    done = run("--dry-run", "-v", "--lang", "en")
    assert done.code == 0
    assert "staffing.quota" in done.out
    assert not (empty / "data").exists()


def test_cells_with_one_reason_are_one_note_and_each_has_its_own_on_demand(run, files_of, tmp_path):
    document = Document(str(files_of(HUAIHUA)["docx"]))
    document.tables[1].rows[0].cells[3].paragraphs[0].text = "其他"
    document.save(str(tmp_path / "other.docx"))
    short = run("--dry-run", "--lang", "zh", path=tmp_path / "other.docx").out
    each = run("--dry-run", "-v", "--lang", "zh", path=tmp_path / "other.docx").out
    assert re.search(r"表2 第\d+–\d+行: note\[A614\] 没有取 \d+ 个格：这一列的表头", short)
    assert "A614" not in each
    assert each.count("note[A606]") > short.count("note[A606]")


def test_what_forbids_it_is_told_as_data_and_nothing_is_written(run, empty):
    done = run("--output-format", "json", pack="huaihua/none")
    assert done.code == 1
    assert [each["code"] for each in json.loads(done.out)] == ["L127"]
    assert not (empty / "data").exists()


def test_a_file_that_is_not_there_is_told(run, tmp_path):
    done = run(path=tmp_path / "none.docx")
    assert done.code != 0
    assert "Traceback" not in done.err + done.out
