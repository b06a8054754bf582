"""One report of many: whatever happens to it is its result, and no other report hears of it."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from reportgen.features.batch.tasks import (
    ReportTask,
    build_report,
    check_report,
    in_groups,
    lost_report,
    marked,
)
from reportgen.flow import pipeline, steps, up_to_date
from reportgen.flow.job import Job
from small_project import DATA, REPORT, UNIT, YEAR, SmallProject, reportgen


@pytest.fixture
def project(tmp_path):
    return SmallProject.copied(tmp_path / "project")


def job(project, **options):
    where = (project.root, project.root / "build", UNIT, YEAR, REPORT)
    return Job(*where, **{"formats": ("html",), **options})


def test_a_built_report_names_its_files_and_is_up_to_date_the_next_time(project):
    first = build_report(ReportTask(job(project)))
    assert (first.state, first.files) == ("done", ("department.html", "department.figures.json"))
    second = build_report(ReportTask(job(project)))
    assert (second.state, second.files) == ("up to date", ())
    assert build_report(ReportTask(job(project), force=True)).state == "done"


def test_a_report_with_an_error_has_failed(project):
    (project.root / DATA / "funds.yaml").write_text("funds: [\n", encoding="utf-8")
    for function in (build_report, check_report):
        result = function(ReportTask(job(project)))
        assert (result.state, result.fault) == ("failed", None)
        assert any(each.severity == "error" for each in result.findings)


def test_a_fault_of_the_program_is_the_result_of_its_report(project, monkeypatch):
    def broken(*_, **__):
        raise KeyError("planted")

    monkeypatch.setattr(pipeline, "build", broken)
    monkeypatch.setattr(steps, "draft", broken)
    for function in (build_report, check_report):
        result = function(ReportTask(job(project)))
        assert result.failed
        assert result.fault.what == "KeyError: 'planted'"
        assert "test_tasks.py" in result.fault.where


def test_what_the_disk_refuses_is_the_result_of_its_report(project, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device", "/disk/file")

    monkeypatch.setattr(pipeline, "build", full)
    (problem,) = build_report(ReportTask(job(project))).findings
    assert (problem.code, problem.params["path"]) == ("W201", "/disk/file")


def test_a_report_whose_worker_died_is_told_by_name(project):
    result = lost_report(ReportTask(job(project)), RuntimeError("gone"))
    (problem,) = result.findings
    assert (problem.code, problem.params["name"]) == ("J108", f"{UNIT}/{YEAR}/{REPORT}")


def test_reports_of_a_unit_share_a_worker_where_they_are_held_to_each_other():
    def groups(audience):
        pattern = Job(Path(), Path(), "", 0, "", audience)
        tasks = []
        for unit, year in (("a", 2022), ("a", 2023), ("b", 2023)):
            tasks.append(ReportTask(replace(pattern, unit=unit, year=year, report="department")))
        return [[f"{task.job.unit}{task.job.year}" for task in group] for group in in_groups(tasks)]

    assert groups("internal") == [["a2022"], ["a2023"], ["b2023"]]
    assert groups("public") == [["a2022", "a2023"], ["b2023"]]


def test_what_is_up_to_date_is_known_before_a_worker_gets_it(project):
    task = ReportTask(job(project))
    assert not marked(task).is_current
    build_report(task)
    assert marked(task).is_current
    assert not marked(replace(task, force=True)).is_current
    assert build_report(marked(task)).state == "up to date"


def test_what_nobody_can_look_at_is_left_to_who_builds(project, monkeypatch):
    build_report(ReportTask(job(project)))

    def refused(*_):
        raise PermissionError(13, "Permission denied", "/out")

    monkeypatch.setattr(up_to_date, "is_up_to_date", refused)
    assert not marked(ReportTask(job(project))).is_current


def test_no_process_starts_where_nothing_has_changed(project, monkeypatch):
    project.more_units("other")
    words = ("build", "--root", project.root, "--format", "html", "--jobs", 2)
    reportgen(*words)
    monkeypatch.setattr(ProcessPoolExecutor, "submit", lambda *_: pytest.fail("handed over"))
    assert reportgen(*words).out.count("已是最新") == 3  # two reports, and the head of the table
