"""Whatever stops a run that publishes, everything is old or everything is new."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from faults import ERRORS, NEVER, Faults, fails, faulty, killed_at
from reportgen.findings import Diagnostics
from reportgen.flow import manifests
from reportgen.flow.manifests import Claim
from reportgen.flow.publish import MANIFEST, FolderChange, digests, mend, publish
from reportgen.project.saving import StoppedHalfwayError

TESTS = Path(__file__).resolve().parent.parent
FOLDERS = ("public", "disclosure")


def changes(number, report="report"):
    """Return a version of a report in two folders; each adds a file and drops one."""
    files = {f"{report}.{number}.html": b"a" * number, f"{report}.docx": f"{number}".encode() * 99}
    return [FolderChange(folder, report, files, {"version": number}) for folder in FOLDERS]


MEMORY = Path("/dev/shm")
"""A disk in memory (Linux), where a thousand folders cost nothing."""


@pytest.fixture
def folder(tmp_path):
    """Return an empty folder, in memory where the system has such."""
    if not os.access(MEMORY, os.W_OK):
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir=MEMORY) as name:
        yield Path(name)


@pytest.fixture
def builds(folder, monkeypatch):
    """Return a folder of builds with version 1, another report, and a person's own files."""
    monkeypatch.setattr(os, "fsync", no_sync)
    prepare(folder / "2023" / "bureau")
    return folder / "2023" / "bureau"


def no_sync(_handle):
    """Wait for no disk: nothing here loses its power."""


def prepare(builds):
    publish(builds, *changes(1), *changes(7, "other"))
    (builds / "public" / "说明.txt").write_text("读我", "utf-8")
    (builds / "public" / "最新").symlink_to("report.docx")
    (builds / "internal" / "旧稿").mkdir(parents=True)
    (builds / "internal" / "旧稿" / "report.html").write_text("旧", "utf-8")


def shown(builds):
    """Return all that can be seen beside and below a folder of builds."""
    files = sorted(builds.parent.rglob("*"))
    names = [each for each in files if not hidden_below(builds.parent, each)]
    return {str(each): each.read_bytes() if each.is_file() else None for each in names}


def hidden_below(top, path):
    return any(part.startswith(".") for part in path.relative_to(top).parts)


def left(builds):
    return sorted(each.name for each in builds.parent.iterdir() if each.name.startswith("."))


def version(builds):
    """Return the version that is published, having proved it whole in both folders."""
    assert (builds / "public" / "说明.txt").read_text("utf-8") == "读我"
    assert (builds / "internal" / "旧稿" / "report.html").read_text("utf-8") == "旧"
    found = set()
    for folder in FOLDERS:
        manifest = json.loads((builds / folder / MANIFEST).read_text("utf-8"))
        assert manifest["other"]["version"] == 7
        found.add(manifest["report"]["version"])
        outputs = {**manifest["other"]["outputs"], **manifest["report"]["outputs"]}
        names = {each.name for each in (builds / folder).iterdir()}
        assert names - {"说明.txt", "最新"} == {*outputs, MANIFEST}
        for name, digest in outputs.items():
            assert hashlib.sha256((builds / folder / name).read_bytes()).hexdigest() == digest
    (number,) = found
    return number


class Copies:
    """Puts a folder of builds back to what it was, again and again."""

    def __init__(self, builds):
        self.builds, self.kept = builds, builds.parent.with_name("kept")
        shutil.copytree(builds.parent, self.kept, symlinks=True)
        self.old = shown(builds)
        publish(builds, *changes(2))
        self.new = shown(builds)

    def back(self):
        shutil.rmtree(self.builds.parent)
        shutil.copytree(self.kept, self.builds.parent, symlinks=True)

    def state(self):
        now = shown(self.builds)
        return "old" if now == self.old else "new" if now == self.new else "neither"


def what_comes_of(builds, faults, *, exchange):
    """Publish with faults; return what was told."""
    with faulty(faults, exchange=exchange):
        try:
            publish(builds, *changes(2))
        except StoppedHalfwayError:
            return "halfway"
        except OSError:
            return "refused"
    return "done"


def all_errors(builds, error, count, *, exchange):
    """Let each call fail in turn; return how often what was told went with which state."""
    copies, seen = Copies(builds), Counter()
    for first in range(1, 10_000):
        copies.back()
        faults = Faults(fails(error), first, count)
        told, state = what_comes_of(builds, faults, exchange=exchange), copies.state()
        if len(faults.tried) < first:
            return seen
        seen[told, state] += 1
        if told == "halfway":
            assert not builds.exists()
            mend(builds)
            assert copies.state() == "new"
        publish(builds, *changes(3))
        assert (version(builds), left(builds)) == (3, [])
    raise AssertionError


@pytest.mark.parametrize(
    ("error", "count", "exchange"),
    [
        *(("EIO", count, exchange) for count in (1, NEVER) for exchange in (True, False)),
        *((error, NEVER, True) for error in ERRORS if error != "EIO"),
    ],
)
def test_error_of_any_call_leaves_all_old_or_all_new_and_is_told(builds, error, count, exchange):
    seen = all_errors(builds, error, count, exchange=exchange)
    halfway = seen.pop(("halfway", "neither"), 0)
    assert set(seen) == {("refused", "old"), ("done", "new")}
    # Only a system without exchange, whose disk stays bad, can be stopped between two renames.
    assert bool(halfway) == (count == NEVER and not exchange)


# SIGKILL


def all_kills(builds, *, exchange):
    """Kill a run at each of its calls; return how often each state was left."""
    copies, seen = Copies(builds), Counter()
    for step in range(1, 10_000):
        copies.back()
        if not killed_at(step, lambda: publish(builds, *changes(2)), exchange=exchange):
            return seen
        seen[copies.state()] += 1
        mend(builds)
        assert copies.state() in {"old", "new"}
        assert left(builds) == []
        publish(builds, *changes(3))
        assert (version(builds), left(builds)) == (3, [])
    raise AssertionError


def all_kills_while_mending(builds):
    """Kill a run between its renames, and at each of its calls whoever mends that."""
    copies, seen, step = Copies(builds), Counter(), 0
    while copies.state() != "neither":
        step += 1
        copies.back()
        assert killed_at(step, lambda: publish(builds, *changes(2)), exchange=False)
    for again in range(1, 10_000):
        copies.back()
        killed_at(step, lambda: publish(builds, *changes(2)), exchange=False)
        killed = killed_at(again, lambda: mend(builds))
        seen[copies.state()] += 1
        mend(builds)
        assert (copies.state(), left(builds)) == ("new", [])
        if not killed:
            return seen
    raise AssertionError


def in_a_process_of_its_own(folder, code):
    """Return what `code` prints, run where no thread of pytest is forked."""
    path = os.pathsep.join([str(TESTS), str(TESTS / "flow"), str(TESTS.parent / "src")])
    command = [sys.executable, "-c", f"import test_publish_faults as t; {code}", str(folder)]
    run = subprocess.run(
        command,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def print_kills(work, **options):
    os.fsync = no_sync
    builds = Path(sys.argv[1]) / "2023" / "bureau"
    prepare(builds)
    print(json.dumps(work(builds, **options)))


def test_killed_at_any_call_all_is_old_or_all_is_new(folder):
    seen = in_a_process_of_its_own(folder, "t.print_kills(t.all_kills, exchange=True)")
    assert set(seen) == {"old", "new"}


def test_killed_between_two_renames_is_mended_by_whoever_reads_next(folder):
    seen = in_a_process_of_its_own(folder, "t.print_kills(t.all_kills, exchange=False)")
    assert set(seen) == {"old", "new", "neither"}


def test_whoever_mends_may_be_killed_too(folder):
    seen = in_a_process_of_its_own(folder, "t.print_kills(t.all_kills_while_mending)")
    assert set(seen) == {"neither", "new"}


# Leftovers


def test_reader_waits_for_nothing_where_nothing_was_left(builds):
    before = shown(builds)
    mend(builds)
    mend(builds.with_name("nobody"))
    assert shown(builds) == before


def test_folder_set_aside_comes_back(builds):
    builds.rename(builds.with_name(".bureau.publish-old"))
    mend(builds)
    assert (version(builds), left(builds)) == (1, [])


def test_folder_that_somebody_made_meanwhile_is_not_lost(builds):
    builds.rename(builds.with_name(".bureau.publish-old"))
    builds.with_name(".bureau.publish-new").mkdir()
    builds.mkdir()
    (builds / "mine").touch()
    with pytest.raises(FileExistsError):
        publish(builds, *changes(2))
    assert [each.name for each in builds.iterdir()] == ["mine"]
    assert left(builds) == [".bureau.publish-new", ".bureau.publish-old"]


def test_what_is_hidden_beside_other_units_is_not_touched(builds):
    other = builds.with_name(".other.publish-new")
    other.mkdir()
    (builds.parent / ".bureau.mine").mkdir()
    publish(builds, *changes(2))
    assert left(builds) == [".bureau.mine", ".other.publish-new"]


def test_old_folder_that_cannot_be_removed_yet_is_in_nobodys_way(builds, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "rmtree", lambda *_arguments, **_options: None)
        for number in (2, 3):
            publish(builds, *changes(number))
            assert version(builds) == number
    assert len(left(builds)) == 2
    publish(builds, *changes(4))
    assert (version(builds), left(builds)) == (4, [])


def test_folder_in_which_nothing_may_be_made_is_named(builds, monkeypatch):
    monkeypatch.setattr(os, "open", fails("EACCES"))
    with pytest.raises(OSError, match="Permission denied") as caught:
        publish(builds, *changes(2))
    assert caught.value.filename == str(builds.parent)


def test_read_only_folder_of_a_person_is_kept_and_nothing_is_left(builds):
    own = builds / "internal" / "旧稿"
    own.chmod(0o555)
    publish(builds, *changes(2))
    assert (version(builds), left(builds)) == (2, [])
    assert own.stat().st_mode & 0o777 == 0o555
    own.chmod(0o755)


def test_link_in_the_place_of_a_folder_is_refused(builds):
    elsewhere = builds.parent.with_name("site")
    (builds / "public").rename(elsewhere)
    (builds / "public").symlink_to(elsewhere)
    before = {each.name: each.read_bytes() for each in elsewhere.iterdir()}
    with pytest.raises(NotADirectoryError):
        publish(builds, *changes(2))
    assert {each.name: each.read_bytes() for each in elsewhere.iterdir()} == before
    assert left(builds) == []


def test_unit_may_be_a_link_to_its_folder(builds):
    elsewhere = builds.parent.with_name("elsewhere")
    builds.rename(elsewhere)
    builds.symlink_to(elsewhere)
    publish(builds, *changes(2))
    assert builds.is_symlink()
    assert (version(builds), left(builds), left(elsewhere)) == (2, [], [])


def test_disk_without_links_gets_copies(builds, monkeypatch):
    monkeypatch.setattr(os, "link", fails("EPERM"))
    own = builds / "public" / "说明.txt"
    os.utime(own, (1, 1))
    publish(builds, *changes(2))
    assert (version(builds), left(builds)) == (2, [])
    assert own.stat().st_mtime == 1


def test_what_is_mounted_in_the_folder_is_neither_copied_nor_lost(builds, monkeypatch):
    monkeypatch.setattr(os, "link", fails("EXDEV"))
    before = shown(builds)
    with pytest.raises(OSError, match="cross-device"):
        publish(builds, *changes(2))
    assert (shown(builds), left(builds)) == (before, [])


def test_kept_files_are_the_same_files(builds):
    own = builds / "public" / "说明.txt"
    before = own.stat().st_ino
    publish(builds, *changes(2))
    assert (own.stat().st_ino, own.stat().st_nlink) == (before, 1)


# Several at once


def test_runs_that_publish_at_once_take_turns(builds):
    with ThreadPoolExecutor(8) as pool:
        done = [pool.submit(publish, builds, *changes(2, f"r{n}")) for n in range(24)]
        for each in done:
            each.result()
    for folder in FOLDERS:
        manifest = json.loads((builds / folder / MANIFEST).read_text("utf-8"))
        assert set(manifest) == {"other", "report", *(f"r{n}" for n in range(24))}
    assert left(builds) == []


def test_reader_in_the_middle_gets_manifest_and_record_of_one_build(builds):
    """What a public manifest says of its report is completed by the record of the same build."""
    file, asked = builds / "public" / "report.docx", Claim("report")
    with ThreadPoolExecutor(1) as pool:
        publishing = pool.submit(publish_often, builds, 60)
        read = 0
        while not publishing.done():
            claim = manifests.find(file, "", asked, [builds.parents[1]], None, Diagnostics())
            assert manifests.TORN not in claim.entry
            read += 1
        publishing.result()
    assert read


def publish_often(builds, times):
    for number in range(times):
        public = FolderChange("public", "report", {"report.docx": bytes([number])}, {})
        kept = {"published": digests(public.files), "inputs": {}}
        record = FolderChange("disclosure", "report", {"report.yaml": b""}, kept)
        publish(builds, public, record)
