"""Whatever the system refuses, all files of authors are old or all are new."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from faults import ERRORS, NEVER, Faults, fails, faulty, killed_at
from reportgen.project.saving import StoppedHalfwayError, save, save_texts

TESTS = Path(__file__).resolve().parent.parent
NEW = {"a.yaml": b"new a", "folder/b.yaml": b"new b", "fresh/deep/c.md": b"new c"}


@pytest.fixture
def root(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "fsync", lambda _handle: None)
    for path in ("a.yaml", "folder/b.yaml"):
        file = tmp_path / "data" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"old")
    return tmp_path / "data"


def contents(root):
    """Return the files below `root` that are not hidden, and the names of those that are."""
    files = [path for path in sorted(root.rglob("*")) if path.is_file()]
    shown = {path.relative_to(root).as_posix(): path for path in files}
    texts = {name: path.read_bytes() for name, path in shown.items() if "/." not in f"/{name}"}
    return texts, [name for name in shown if "/." in f"/{name}"]


def restore(root):
    for path in sorted(root.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    for path in ("a.yaml", "folder/b.yaml"):
        (root / path).parent.mkdir(exist_ok=True)
        (root / path).write_bytes(b"old")


def told(work, faults):
    with faulty(faults):
        try:
            work()
        except StoppedHalfwayError as error:
            return "halfway", error.filename
        except OSError:
            return "refused", ""
    return "done", ""


def through_all_calls(root, work, new, error, count):
    """Let each call fail in turn; return how often what was told went with which state."""
    seen = Counter()
    old, _ = contents(root)
    for first in range(1, 10_000):
        faults = Faults(fails(error), first, count)
        what, where = told(work, faults)
        state, left = contents(root)
        if len(faults.tried) < first:
            return seen
        if what == "halfway":
            # The old content of each file that is new is where the message says.
            replaced = [name for name in old if state[name] != old[name]]
            for name in replaced:
                (kept,) = [path for path in where.split("、") if name.rpartition("/")[2] in path]
                assert Path(kept).read_bytes() == old[name]
            seen[what] += 1
        else:
            seen[what, "old" if state == old else "new" if state == {**old, **new} else "?"] += 1
            # Only what cannot be removed is left behind.
            assert not left or count == NEVER or faults.tried[first - 1] in {"unlink", "rmdir"}
        restore(root)
    raise AssertionError


@pytest.mark.parametrize("count", [1, NEVER], ids=["once", "lasting"])
@pytest.mark.parametrize("error", ERRORS)
def test_error_of_any_call_leaves_all_files_old_or_all_new(root, error, count):
    def work():
        save({root / path: data for path, data in NEW.items()})

    seen = through_all_calls(root, work, NEW, error, count)
    halfway = seen.pop("halfway", 0)
    assert set(seen) == {("refused", "old"), ("done", "new")}
    assert bool(halfway) == (count == NEVER)


@pytest.mark.parametrize("count", [1, NEVER], ids=["once", "lasting"])
def test_error_of_any_call_leaves_no_part_of_a_new_folder(root, count):
    def work():
        save_texts(root, {"2024/deep/a.yaml": "a", "2024/deep/report/b.md": "b"})

    new = {"2024/deep/a.yaml": b"a", "2024/deep/report/b.md": b"b"}
    seen = through_all_calls(root, work, new, "ENOSPC", count)
    assert set(seen) == {("refused", "old"), ("done", "new")}


def test_folders_made_for_files_that_cannot_be_written_go_again(root):
    with pytest.raises(OSError, match="File name too long"):
        save({root / "x" / "y" / "a": b"", root / "x" / ("a" * 300): b""})
    assert not (root / "x").exists()


def test_new_folder_takes_its_place_with_all_its_files(root, monkeypatch):
    """A run killed at any moment leaves all of a new year, or nothing that can be seen."""
    seen, really = [], Path.replace
    monkeypatch.setattr(Path, "replace", lambda *two: seen.append(two[1]) or really(*two))
    save({root / "2024" / path: b"" for path in ("a.yaml", "report/b.yaml", "report/texts/c.md")})
    assert seen == [root / "2024"]


def test_what_a_link_points_to_is_replaced_and_not_the_link(root):
    (root / "link.yaml").symlink_to("folder/b.yaml")
    save({root / "link.yaml": b"new"})
    assert (root / "link.yaml").is_symlink()
    assert (root / "folder" / "b.yaml").read_bytes() == b"new"


def test_killed_at_any_call_every_file_is_whole_and_the_next_run_completes(root):
    """New folders are there with all their files or not at all."""
    code = (
        "import sys, pathlib, test_saving_faults as t; t.kill_and_go_on(pathlib.Path(sys.argv[1]))"
    )
    path = os.pathsep.join([str(TESTS), str(TESTS / "project"), str(TESTS.parent / "src")])
    run = subprocess.run(
        [sys.executable, "-c", code, str(root)],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr


def kill_and_go_on(root):
    new = {**NEW, "fresh/d.md": b"new d"}
    old, _ = contents(root)
    for step in range(1, 10_000):
        restore(root)
        killed = killed_at(step, lambda: save({root / path: data for path, data in new.items()}))
        state, _ = contents(root)
        for name, data in state.items():
            assert data in {old.get(name, new[name]), new[name]}
        assert len({"fresh/d.md", "fresh/deep/c.md"} & state.keys()) != 1
        save({root / path: data for path, data in new.items()})
        state, left = contents(root)
        assert state == {**old, **new}
        # Of a file that had taken its place the second name of the old one may be left.
        assert all(name.endswith(".old") for name in left)
        if not killed:
            assert left == []
            return
    raise AssertionError


def test_what_is_no_file_is_not_replaced_by_one(root):
    os.mkfifo(root / "pipe")
    for path in (root / "pipe", root / "folder"):
        with pytest.raises(FileExistsError):
            save({root / "a.yaml": b"new", path: b"new"})
    assert (root / "pipe").is_fifo()
    assert contents(root) == ({"a.yaml": b"old", "folder/b.yaml": b"old"}, [])


def test_new_folder_that_cannot_be_made_is_named(root, monkeypatch):
    monkeypatch.setattr(os, "fsync", fails("ENOSPC"))
    with pytest.raises(OSError, match="No space left") as caught:
        save_texts(root, {"2024/report/a.md": ""})
    assert caught.value.filename == str(root / "2024" / "report" / "a.md")


def test_full_disk_names_the_file(root, monkeypatch):
    monkeypatch.setattr(os, "fsync", fails("ENOSPC"))
    with pytest.raises(OSError, match="No space left") as caught:
        save({root / "a.yaml": b"new"})
    assert caught.value.filename == str(root / "a.yaml")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anything")
def test_file_that_may_not_be_written_is_refused(root):
    (root / "a.yaml").chmod(0o444)
    with pytest.raises(PermissionError):
        save({root / "folder" / "b.yaml": b"new", root / "a.yaml": b"new"})
    assert contents(root) == ({"a.yaml": b"old", "folder/b.yaml": b"old"}, [])
