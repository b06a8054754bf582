"""Many reports in processes: printed as one process prints them, and counted at the end."""

from __future__ import annotations

import re
import shutil
from concurrent.futures import Executor, Future
from contextlib import contextmanager

import pytest

from reportgen.cli import batch
from reportgen.features import provenance_check
from reportgen.features.audit import files
from reportgen.flow.parallel import Workers
from small_project import DATA, REPORT, UNIT, YEAR, SmallProject, reportgen

SECONDS = re.compile(r"\d+\.\d+ s")
UNITS = ("bureau", "office", "station")


@pytest.fixture
def project(tmp_path):
    """Return a project of three units, alike."""
    made = SmallProject.copied(tmp_path / "project")
    for unit in UNITS[1:]:
        shutil.copytree(made.root / "data" / UNIT, made.root / "data" / unit)
    return made


def run(project, command, *options, code=0):
    done = reportgen(command, "--root", project.root, "--lang", "zh", *options)
    assert done.code == code, done
    return SECONDS.sub("… s", done.out)


def break_facts(project, unit):
    path = project.root / DATA.replace(UNIT, unit) / "funds.yaml"
    path.write_text("funds: [\n", encoding="utf-8")


def test_processes_print_what_one_prints(project):
    break_facts(project, "office")

    def without_counts(jobs):
        lines = run(project, "check", "--jobs", jobs, code=1).splitlines()
        return lines[:-2]

    assert without_counts("2") == without_counts("1")


def test_one_broken_report_stops_no_other(project):
    break_facts(project, "office")
    printed = run(project, "build", "--format", "html", "--jobs", "2", code=1)
    for unit in ("bureau", "station"):
        folder = project.root / "build" / str(YEAR) / unit / "internal"
        assert (folder / f"{REPORT}.html").is_file()
    failed = [line for line in printed.splitlines() if line.startswith("没有完成：")]
    assert len(failed) == 1
    assert f"office/{YEAR}/{REPORT}" in failed[0]
    assert f"{DATA.replace(UNIT, 'office')}/funds.yaml" in failed[0]


def test_the_last_lines_count_the_reports(project):
    run(project, "build", "--format", "html", "--unit", "bureau")
    break_facts(project, "office")
    heads, numbers = run(project, "build", "--format", "html", code=1).splitlines()[-2:]
    assert heads.split()[:4] == ["报告", "完成", "已是最新", "没有完成"]
    assert numbers.split()[:5] == ["3", "1", "1", "1", "1"]


def test_one_report_is_not_counted(project):
    assert "每分钟" not in run(project, "check", "--unit", "bureau")


def test_a_fault_in_one_file_stops_no_other_of_an_audit_or_a_verification(tmp_path, monkeypatch):
    for name in ("a", "b"):
        (tmp_path / f"{name}.txt").write_text("共3家：甲、乙。\n", "utf-8")

    def broken(kept):
        def wrapped(path, *rest):
            if path.name == "a.txt":
                raise KeyError("planted")
            return kept(path, *rest)

        return wrapped

    monkeypatch.setattr(files, "open_document", broken(files.open_document))
    monkeypatch.setattr(provenance_check, "_check_file", broken(provenance_check._check_file))
    for command, told in (("audit", "b.txt"), ("verify", "b.txt")):
        done = reportgen(command, tmp_path / "a.txt", tmp_path / "b.txt", "--jobs", "1")
        assert done.code == 2
        assert "KeyError: 'planted'" in done.err
        assert told in done.out


def test_json_is_one_list_in_the_order_of_places(project):
    for unit in ("station", "office"):
        break_facts(project, unit)
    done = reportgen("check", "--root", project.root, "--output-format", "json", "--jobs", "2")
    paths = [each["path"] for each in done.findings if each["severity"] == "error"]
    assert paths == [f"{DATA.replace(UNIT, unit)}/funds.yaml" for unit in ("office", "station")]


def test_an_interrupted_run_lets_go_of_its_workers_first_and_tells_what_is_left(
    project, monkeypatch
):
    ended = []

    class Inline(Executor):
        def submit(self, function, /, *arguments):
            done = Future()
            done.set_result(function(*arguments))
            return done

        def shutdown(self, wait=True, *, cancel_futures=False):  # noqa: ARG002
            ended.append("executor")

    @contextmanager
    def workers(*_):
        try:
            yield Workers(lambda _: Inline(), 2)
        finally:
            ended.append("workers")

    def interrupt(result, *_, **__):
        if result.job.unit == UNITS[1]:
            raise KeyboardInterrupt
        return result

    monkeypatch.setattr(batch, "workers_for", workers)
    monkeypatch.setattr(batch, "_ended", interrupt)
    heads, numbers = map(str.split, run(project, "check", code=130).splitlines()[-2:])
    assert dict(zip(heads, numbers, strict=True))["还没有做"] == "2"
    assert ended == ["executor", "workers"]
