"""Many reports where a worker dies, memory or the disk is full, or two runs meet: nothing is lost.

Whatever happens to one report, the others are built, none is half-written, and the next run does
what is missing and nothing else.
"""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
from contextlib import redirect_stdout
from dataclasses import replace
from functools import partial
from io import StringIO
from pathlib import Path

import pytest
import typer

from real_report import ROOT
from reportgen.cli import batch as batch_module
from reportgen.cli.batch import Execution, Shown, run_tasks, tasks_for
from reportgen.cli.options import Lang, OutputFormat
from reportgen.features.batch import tasks as tasks_module
from reportgen.features.batch.tasks import build_report
from reportgen.findings import Diagnostics
from reportgen.flow import publish
from reportgen.flow.job import Job
from reportgen.flow.parallel import Workers
from reportgen.project.layout import ReportId
from reportgen.project.memory import ROOM
from small_project import REPORT, UNIT, YEAR, SmallProject, reportgen

UNITS = (UNIT, "fatal", "third")
FATAL = UNITS[1]
NOT_AGAIN = "not built again"
PLACES = {"before anything is written": "_fill", "when all is written": "_swap"}


@pytest.fixture
def project(tmp_path):
    made = SmallProject.copied(tmp_path / "project")
    made.more_units(*UNITS[1:])
    return made


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Return what a run leaves in which nothing goes wrong."""
    made = SmallProject.copied(tmp_path_factory.mktemp("whole") / "project")
    made.more_units(*UNITS[1:])
    assert build(made).code == 0
    return made.output()


def build(project, *options):
    words = ("build", "--root", project.root, "--format", "html", "--jobs", 1, "--lang", "en")
    return reportgen(*words, *options)


def run(project, function):
    """Build all with a function for each task, in two processes; return the code and the text."""
    out, code = StringIO(), 0
    pattern = Job(project.root, project.root / "build", "", 0, "", formats=("html",))
    tasks = tasks_for(pattern, [ReportId(unit, YEAR, REPORT) for unit in UNITS])
    shown = Shown(Lang.en, OutputFormat.concise, verbose=False)
    with redirect_stdout(out):
        try:
            run_tasks(function, tasks, Execution(jobs=2), shown, Diagnostics())
        except typer.Exit as exit_:
            code = exit_.exit_code
    return code, out.getvalue()


def goes_on(project, whole, done):
    """Hold the next run to what is missing: so many reports are up to date, then all are whole."""
    again = build(project)
    assert again.code == 0
    assert again.out.count(NOT_AGAIN) == done, again.out
    assert project.output() == whole


def plant(place, act):
    """Let `act` be done in this process before what is at a place."""
    name = PLACES[place]
    really = getattr(publish, name)

    def called(*arguments, **options):
        act()
        return really(*arguments, **options)

    setattr(publish, name, called)


def die():
    os.kill(os.getpid(), signal.SIGKILL)


def dying(place, task):
    if task.job.unit == FATAL:
        plant(place, die)
    return build_report(task)


@pytest.mark.parametrize("place", PLACES)
def test_a_worker_killed_in_the_middle_costs_its_report_alone(project, whole, place):
    code, text = run(project, partial(dying, place))
    assert code == 1
    assert text.count("J108") == 2  # where it is told, and in the line of what failed
    assert f"failed: {FATAL}/{YEAR}/{REPORT}" in text
    goes_on(project, whole, done=len(UNITS) - 1)


def dying_afterwards(task):
    result = build_report(task)
    if task.job.unit == FATAL:
        die()
    return result


def test_what_a_worker_published_before_it_died_is_not_built_again(project, whole):
    run(project, dying_afterwards)
    goes_on(project, whole, done=len(UNITS))


def dying_once(marker, task):
    if task.job.unit == FATAL and not marker.exists():
        marker.touch()
        plant("when all is written", die)
    return build_report(task)


def test_what_a_killed_worker_had_is_done_by_another(project, whole, tmp_path):
    code, _ = run(project, partial(dying_once, tmp_path / "marker"))
    assert code == 0
    goes_on(project, whole, done=len(UNITS))


def ending(task):
    if task.job.unit == FATAL:
        os._exit(137)  # what a shell or a scheduler makes of a process killed for its memory
    return build_report(task)


def test_a_worker_that_is_ended_costs_its_report_alone(project, whole):
    code, text = run(project, ending)
    assert code == 1
    assert f"failed: {FATAL}/{YEAR}/{REPORT}  J108\n" in text  # and no place, as it has none
    goes_on(project, whole, done=len(UNITS) - 1)


def raising(error, task):
    if task.job.unit == FATAL:
        raise error
    return build_report(task)


def test_a_report_that_memory_does_not_suffice_for_is_told_and_no_fault(project, whole):
    code, text = run(project, partial(raising, MemoryError()))
    assert code == 1
    assert "there is not enough memory" in text
    assert "internal error" not in text
    goes_on(project, whole, done=len(UNITS) - 1)


def fail_to_import(*_):
    """Fail as where a library finds no room in the address space."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
    used = pages * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + ROOM // 2, resource.RLIM_INFINITY))
    raise ImportError("failed to map segment from shared object")


def without_address_space(task):
    """Build where one of the units finds no room in the address space."""
    resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    with pytest.MonkeyPatch.context() as patch:
        if task.job.unit == FATAL:
            patch.setattr(publish, "_fill", fail_to_import)
        return build_report(task)


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="no /proc on this system")
def test_a_library_that_finds_no_room_is_told_as_want_of_memory(project, whole):
    code, text = run(project, without_address_space)
    assert code == 1
    assert f"failed: {FATAL}/{YEAR}/{REPORT}  J108\n" in text
    assert "there is not enough memory" in text
    goes_on(project, whole, done=len(UNITS) - 1)


def on_full_disk(task):
    """Build with no room for a file, for one of the units."""
    room = 0 if task.job.unit == FATAL else resource.RLIM_INFINITY
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, resource.RLIM_INFINITY))
    return build_report(task)


def test_a_full_disk_costs_what_found_no_room(project, whole):
    code, text = run(project, on_full_disk)
    assert code == 1
    assert f"failed: {FATAL}/{YEAR}/{REPORT}  W201" in text
    goes_on(project, whole, done=len(UNITS) - 1)


def test_a_full_disk_where_files_were_sent_costs_what_found_no_room(project, whole, monkeypatch):
    def sent(task):
        if task.is_current:
            return build_report(task)
        return build_report(replace(task, sends=True))

    def full(builds, *changes):
        if builds.name == FATAL:
            raise OSError(28, "No space left on device")
        publish.publish(builds, *changes)

    with monkeypatch.context() as patched:
        patched.setattr(tasks_module, "publish", full)
        patched.setattr(batch_module, "processes", lambda *_: Workers(None, 1))
        code, text = run(project, sent)
    assert code == 1
    assert f"failed: {FATAL}/{YEAR}/{REPORT}  W201" in text
    goes_on(project, whole, done=len(UNITS) - 1)


# Whole runs


def command(project, *options):
    """Start the command in a process of its own, which says at once what it has done."""
    words = ("build", "--root", project.root, "--format", "html", "--lang", "en", *options)
    return subprocess.Popen(
        [sys.executable, "-m", "reportgen.cli", *map(str, words)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONUNBUFFERED": "1"},
    )


def test_a_run_that_was_killed_goes_on_where_it_stopped(project, whole):
    with command(project, "--jobs", 2) as started:
        for line in started.stdout:
            if line.strip().endswith("department.html"):
                started.kill()
                break
    done = {path.name for path in (project.root / "build" / str(YEAR)).iterdir()}
    assert UNIT in done
    again = build(project)
    assert again.code == 0
    assert again.out.count(NOT_AGAIN) >= 1
    assert project.output() == whole


def test_two_runs_at_once_into_one_output_leave_what_one_leaves(project, whole):
    runs = [command(project, "--jobs", 2), command(project, "--jobs", 2)]
    for each in runs:
        out, _ = each.communicate(timeout=300)
        assert each.returncode == 0, out
    goes_on(project, whole, done=len(UNITS))


def test_a_run_beside_one_that_dies_leaves_what_one_leaves(project, whole):
    with command(project, "--jobs", 2) as dying_run, command(project, "--jobs", 2) as other:
        dying_run.stdout.readline()
        dying_run.kill()
        out, _ = other.communicate(timeout=300)
    assert other.returncode == 0, out
    goes_on(project, whole, done=len(UNITS))
