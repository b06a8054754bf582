"""Bad luck: an unwritable or full disk, a killed process. The last good output stays whole."""

from __future__ import annotations

import hashlib
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest

from reportgen.flow import publish as module
from reportgen.flow.publish import MANIFEST, publish
from small_project import DATA, SmallProject, spots

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
    parent = built.folder.parent
    parent.chmod(0o555)
    try:
        assert publishing_fails(built) == NO_PLACE
    finally:
        parent.chmod(0o755)


def test_refused_folder_is_a_finding_that_names_it(built, monkeypatch):
    def refuse(**_options):
        raise PermissionError(13, "Permission denied", str(built.folder))

    monkeypatch.setattr(tempfile, "mkdtemp", refuse)
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


@pytest.mark.parametrize("size", [0, 1, 4096])
def test_full_disk_is_a_finding_and_leaves_nothing(built, size):
    with files_up_to(size):
        found = publishing_fails(built)
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


# Publishing, by itself


def whole(folder):
    """Return the version that `folder` holds, having proved that it is one version, untorn."""
    manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
    outputs = manifest["report"]["outputs"]
    assert sorted(each.name for each in folder.iterdir()) == sorted([*outputs, MANIFEST])
    for name, digest in outputs.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
    return manifest["report"]["version"]


def hidden(folder):
    return [each.name for each in folder.parent.iterdir() if each.name.startswith(".")]


def version(number):
    """Return the files of a version; each adds one and drops one."""
    files = {f"{number}.html": b"a" * number, "docx": f"{number}".encode() * 5000}
    return {f"report.{name}": data for name, data in files.items()}


def put(folder, number):
    publish(folder, "report", version(number), {"version": number})


def test_first_output_makes_its_folders(tmp_path):
    folder = tmp_path / "2023" / "unit" / "internal"
    put(folder, 1)
    assert whole(folder) == 1
    assert hidden(folder) == []


def test_system_that_cannot_exchange_names_publishes_too(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "_exchange", lambda _one, _other: False)
    folder = tmp_path / "internal"
    put(folder, 1)
    put(folder, 2)
    assert whole(folder) == 2
    assert hidden(folder) == []


def test_old_output_set_aside_by_a_killed_run_comes_back(tmp_path):
    folder = tmp_path / "internal"
    put(folder, 1)
    folder.rename(folder.with_name(".internal.old"))
    publish(folder, "other", {"other.html": b"other"}, {})
    assert (folder / "report.docx").read_bytes() == version(1)["report.docx"]
    assert hidden(folder) == []


def test_old_output_that_a_killed_run_did_not_remove_goes(tmp_path):
    folder = tmp_path / "internal"
    put(folder, 1)
    folder.with_name(".internal.old").mkdir()
    folder.with_name(".internal-abc").mkdir()
    put(folder, 2)
    assert whole(folder) == 2
    assert hidden(folder) == []


def test_leftovers_of_other_audiences_are_not_touched(tmp_path):
    folder = tmp_path / "internal"
    folder.with_name(".public-abc").mkdir()
    put(folder, 1)
    assert hidden(folder) == [".public-abc"]


# SIGKILL


def kill_at_every_step(folder, exchange):
    """In forks of this process, publish over an output and die at the n-th step, n = 1, 2, …

    Print, for each n, what was left: the version, `gone`, or `done` where the fork lived.
    """
    if not exchange:
        module._exchange = lambda _one, _other: False
    for step in range(1, 1000):
        put(folder, 1)
        child = os.fork()
        if not child:
            left = [step]

            def count(_event, _arguments, left=left):
                left[0] -= 1
                if not left[0]:
                    os.kill(os.getpid(), signal.SIGKILL)

            sys.addaudithook(count)
            put(folder, 2)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if os.WIFEXITED(status):
            print("done", os.WEXITSTATUS(status), flush=True)
            return
        print(whole(folder) if folder.exists() else "gone", flush=True)


def steps(folder, *, exchange):
    code = (
        "import sys, pathlib, test_bad_input_disk as t;"
        f"t.kill_at_every_step(pathlib.Path(sys.argv[1]), exchange={exchange})"
    )
    path = os.pathsep.join([str(TESTS), str(TESTS.parent / "src")])
    run = subprocess.run(
        [sys.executable, "-c", code, str(folder)],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=True,
    )
    *killed, last = run.stdout.split("\n")[:-1]
    assert last == "done 0"
    return killed


def test_killed_at_any_step_leaves_one_whole_output(tmp_path):
    folder = tmp_path / "internal"
    killed = steps(folder, exchange=True)
    assert set(killed) == {"1", "2"}
    assert killed == sorted(killed)
    put(folder, 3)
    assert whole(folder) == 3
    assert hidden(folder) == []


def test_killed_between_two_renames_the_old_output_is_mended_by_the_next_run(tmp_path):
    folder = tmp_path / "internal"
    killed = steps(folder, exchange=False)
    assert set(killed) == {"1", "2", "gone"}
    assert killed.count("gone") == 1
    put(folder, 3)
    assert whole(folder) == 3
    assert hidden(folder) == []


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
