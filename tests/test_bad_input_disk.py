"""Bad luck: an unwritable or full disk, a killed process. The last good output stays whole."""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from faults import NEVER, Faults, faulty, killed_at, kills
from outcome import render
from reportgen.findings import Diagnostics
from reportgen.flow import pipeline, publish
from reportgen.project.saving import StoppedHalfwayError
from repository import ACCOUNTS, ALONE, Repository
from small_project import DATA, SmallProject, reportgen, spots

TESTS = Path(__file__).resolve().parent
FUNDS = f"{DATA}/funds.yaml"


@pytest.fixture
def built(tmp_path):
    """Return the small project with a good output, and changed facts for the next one."""
    project = SmallProject.copied(tmp_path / "project")
    assert spots(project.build().findings) == []
    project.replace(FUNDS, "outturn: 18.4", "outturn: 19.4")
    return project


def publishing_fails(project, **options):
    """Build what cannot be published, and return the findings."""
    before = project.output()
    outcome = project.build(**options)
    assert project.output() == before
    return spots(outcome.findings)


NO_PLACE = [("W201", "-", 0, 0)]


# Unwritable


@pytest.mark.parametrize("path", ["build", "build/2023", "build/2023/bureau/internal"])
def test_file_in_the_place_of_a_folder_is_a_finding(tmp_path, path):
    project = SmallProject.copied(tmp_path / "project")
    file = project.root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("not a folder", "utf-8")
    run = project.run("build", "--format", "html")
    assert (run.code, run.spots(), run.err) == (1, NO_PLACE, "")
    assert file.read_text("utf-8") == "not a folder"
    assert [each.name for each in file.parent.iterdir() if each.name.startswith(".")] == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_folder_that_may_not_be_written_is_a_finding(built):
    parent = built.job().builds.parent
    parent.chmod(0o555)
    try:
        assert publishing_fails(built) == NO_PLACE
    finally:
        parent.chmod(0o755)


def test_refused_folder_is_a_finding_that_names_it(built, monkeypatch):
    def refuse(*_arguments):
        raise PermissionError(13, "Permission denied", str(built.folder))

    monkeypatch.setattr(publish, "_swap", refuse)
    run = built.run("build", "--format", "html")
    assert (run.code, run.spots(), run.err) == (1, NO_PLACE, "")
    assert str(built.folder) in run.findings[0]["message"]


# Full


@contextmanager
def files_up_to(size):
    """Let no file grow beyond `size` bytes: what a full disk does to a write."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize(
    ("audience", "size"), [("internal", 0), ("public", 1), ("public", 4096), ("submit", 4096)]
)
def test_full_disk_is_a_finding_and_leaves_nothing(built, audience, size):
    """The record of a disclosure too is what it was, whichever file found no place any more."""
    built.build(audience=audience)
    built.replace(FUNDS, "outturn: 19.4", "outturn: 20.4")
    with files_up_to(size):
        found = publishing_fails(built, audience=audience)
    assert found == NO_PLACE


def test_disk_that_fills_up_at_the_last_byte_is_a_finding(built, monkeypatch):
    def full(_handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert publishing_fails(built) == NO_PLACE


def test_run_after_a_full_disk_publishes(built):
    with files_up_to(1):
        built.build()
    assert spots(built.build().findings) == []
    assert b"19.4" in built.output()["2023/bureau/internal/department.html"]


def test_nothing_is_called_untouched_where_the_system_stopped_a_run_halfway(built, monkeypatch):
    def stop(*_arguments):
        raise StoppedHalfwayError(5, "Input/output error", ".bureau.publish-old")

    monkeypatch.setattr(publish, "_swap", stop)
    run = reportgen("build", "--root", built.root, "--format", "html", "--lang", "zh")
    assert "W202" in run.out + run.err
    assert ".bureau.publish-old" in run.out + run.err
    assert "没有改动" not in run.out + run.err


# Killed


def test_killed_command_leaves_the_old_report_whole(built):
    before = built.output()
    command = [sys.executable, "-m", "reportgen.cli", "build", "--root", str(built.root)]
    for delay in (0.05, 0.3, 0.5, 0.6, 0.7):
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            child.wait(delay)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
        names = {path for path in built.output() if "/." not in path}
        html = built.output()["2023/bureau/internal/department.html"]
        if html == before["2023/bureau/internal/department.html"]:
            assert names == set(before)
        else:
            assert len(names) == len(before) + 2
    assert spots(built.build(formats=("html", "docx", "pdf")).findings) == []
    assert not [path for path in built.output() if "/." in path]


class Killed:
    """Publishing a public report, killed at moments of every kind, and what commands then say."""

    def __init__(self, folder, *, exchange):
        self.repository = repository = Repository.made(folder / "project")
        self.exchange, self.kept = exchange, folder / "kept"
        repository.build(audience="public")
        shutil.copytree(repository.root / "build", self.kept)
        self.old = repository.output()
        repository.replace(ACCOUNTS, "280.75", "281.75")
        repository.commit("Correct the basic expenditure")
        files = repository.files
        self.outcome = render(repository.job(audience="public"), files)
        self.about = pipeline._about(self.outcome.job, files)
        with faulty(Faults(kills, NEVER), exchange=exchange) as faults:
            self.publish()
        self.tried, self.new = faults.tried, repository.output()

    def publish(self):
        pipeline.publish_files(self.outcome.written, self.about, Diagnostics())

    def moments(self):
        """Return the steps at which names change: the first call of its kind and the next one."""
        steps = set()
        for name in {"link", "exchange", "rename", "rmdir"} & set(self.tried):
            first = self.tried.index(name) + 1
            steps |= {first, first + 1}
        last = len(self.tried) - self.tried[::-1].index("unlink")
        return sorted({1, *steps, last})

    def followed(self, step):
        """Return what is left by a kill, and what `verify` and the next build come to."""
        build = self.repository.root / "build"
        shutil.rmtree(build)
        shutil.copytree(self.kept, build)
        killed_at(step, self.publish, exchange=self.exchange)
        missing = not self.repository.job().builds.exists()
        file = self.repository.job(audience="public").folder / "department.html"
        verify, seen = self.repository.run("verify", file).code, self.repository.output()
        state = "old" if seen == self.old else "new" if seen == self.new else "mixed"
        again = self.repository.run("build", "--audience", "public", "--format", "html").code
        return [missing, verify, state, again, self.repository.output() == self.new]


def print_followed(*, exchange):
    os.fsync = lambda _handle: None
    killed = Killed(Path(sys.argv[1]), exchange=exchange)
    print(json.dumps([killed.followed(step) for step in killed.moments()]))


@pytest.mark.parametrize("exchange", [True, False], ids=["exchange", "renames"])
def test_after_a_kill_verify_proves_what_is_there_and_a_build_goes_on(tmp_path, exchange):
    path = os.pathsep.join([str(TESTS), str(TESTS.parent / "src")])
    code = f"import test_bad_input_disk as t; t.print_followed(exchange={exchange})"
    run = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        env={**os.environ, **ALONE, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    missing, verify, state, again, same = zip(*json.loads(run.stdout), strict=True)
    assert any(missing) != exchange
    assert set(verify) == set(again) == {0}
    assert set(state) == {"old", "new"}
    assert all(same)
