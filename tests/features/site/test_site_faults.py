"""Whatever stops a run, the site is the old one or the new one, whole; what failed is told."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from faults import NEVER, Faults, fails, faulty, killed_at
from reportgen.features.site import making
from reportgen.features.site.making import make_site
from reportgen.findings import Diagnostics
from reportgen.flow.publish import mend
from site_builds import MadeUpSite, tree

MEMORY = Path("/dev/shm")
"""A disk in memory (Linux), where a thousand folders cost nothing."""
TESTS = Path(__file__).resolve().parents[2]
STEP = 12
"""So many calls are between two that fail; each test begins at another, which share the calls."""


@pytest.fixture
def site(tmp_path, monkeypatch):
    """Return a site with two reports, in memory where the system has such; one is to change."""
    monkeypatch.setattr(making, "sync_disk", lambda _folder: None)
    parent = MEMORY if os.access(MEMORY, os.W_OK) else tmp_path
    with tempfile.TemporaryDirectory(dir=parent) as name:
        yield prepared(Path(name))


def prepared(root):
    """Return a site with two reports, one of which has changed since."""
    made = MadeUpSite(root)
    made.build()
    made.build("other", 2022, formats=("fragment.html",))
    made.make()
    made.build(text="改了")
    return made


class Copies:
    """Puts a site back to what it was, again and again."""

    def __init__(self, site):
        self.site, self.kept = site, site.root / "kept"
        shutil.copytree(site.out, self.kept)
        self.old = tree(site.out)
        site.make()
        self.new = tree(site.out)

    def back(self):
        shutil.rmtree(self.site.out, ignore_errors=True)
        shutil.copytree(self.kept, self.site.out)

    def state(self):
        now = tree(self.site.out)
        return "old" if now == self.old else "new" if now == self.new else "neither"


def left(site):
    """Return what a run has left beside the site."""
    return [each.name for each in site.root.iterdir() if each.name.startswith(".")]


def came_of(site, faults, *, exchange):
    """Make the site with faults; return what was told."""
    log = Diagnostics()
    with faulty(faults, exchange=exchange):
        change = make_site(site.order(), log)
    codes = {each.code for each in log if each.severity == "error"}
    if change is not None:
        assert not codes
        return "done"
    assert codes
    return "halfway" if "W202" in codes else "refused"


def every_error(site, error, count, *, exchange, start):
    """Let calls fail in turn, from one on; return how often what was told went with which state."""
    copies, seen = Copies(site), Counter()
    for first in range(start, 100_000, STEP):
        copies.back()
        faults = Faults(fails(error), first, count)
        told = came_of(site, faults, exchange=exchange)
        state = copies.state()
        if len(faults.tried) < first:
            return seen
        seen[told, state] += 1
        if told == "halfway":
            mend(site.out)
            assert copies.state() == "new"
    raise AssertionError


@pytest.mark.parametrize(
    ("error", "count", "exchange", "start"),
    [
        ("ENOSPC", 1, True, 1),
        ("ENOSPC", NEVER, True, 4),
        ("EIO", 1, False, 7),
        ("EIO", NEVER, False, 10),
    ],
)
def test_error_of_any_call_leaves_the_old_site_or_the_new_one(site, error, count, exchange, start):
    seen = every_error(site, error, count, exchange=exchange, start=start)
    seen.pop(("halfway", "neither"), None)
    assert seen["refused", "old"] > 20
    assert set(seen) <= {("refused", "old"), ("done", "new")}


@pytest.mark.parametrize(("exchange", "start"), [(True, 1), (False, 7)])
def test_run_killed_at_any_call_leaves_the_old_site_or_the_new_one(site, exchange, start):
    copies, seen = Copies(site), Counter()
    for step in range(start, 100_000, STEP):
        copies.back()
        killed = killed_at(step, lambda: make_site(site.order(), Diagnostics()), exchange=exchange)
        mend(site.out)
        seen[copies.state()] += 1
        assert left(site) == []
        if not killed:
            break
        site.make()
        assert copies.state() == "new"
    assert set(seen) == {"old", "new"}


def test_run_killed_by_the_system_leaves_a_whole_site(tmp_path):
    """As above, with a process of its own and a signal at any time."""
    site = prepared(tmp_path)
    copies = Copies(site)
    code = (
        "import sys\nfrom pathlib import Path\nfrom site_builds import MadeUpSite\n"
        "site = MadeUpSite(Path(sys.argv[1]))\nprint('.', flush=True)\nsite.make()\n"
    )
    for wait in (0.0, 0.02, 0.05, 0.1):
        copies.back()
        run = subprocess.Popen(
            [sys.executable, "-c", code, str(tmp_path)],
            env={**os.environ, "PYTHONPATH": str(TESTS)},
            stdout=subprocess.PIPE,
        )
        assert run.stdout.readline()
        try:
            run.wait(wait)
        except subprocess.TimeoutExpired:
            run.kill()
            run.wait()
        run.stdout.close()
        mend(site.out)
        assert copies.state() in {"old", "new"}
        assert left(site) == []


def test_runs_at_once_follow_each_other(site):
    with ThreadPoolExecutor(4) as pool:
        runs = [pool.submit(make_site, site.order(), Diagnostics()) for _ in range(8)]
        changes = [run.result() for run in runs]
    assert sum(len(change.added) for change in changes) == 1
    assert left(site) == []
    before = tree(site.out)
    assert site.make().is_none
    assert tree(site.out) == before


def test_first_run_that_fails_leaves_nothing(tmp_path, monkeypatch):
    site = MadeUpSite(tmp_path)
    site.build()
    monkeypatch.setattr(making, "sync_disk", fails("ENOSPC"))
    (told,) = site.found()
    assert told.code == "W201"
    assert not site.out.exists()
    assert left(site) == []


def test_mount_point_is_told_by_name(site, monkeypatch):
    """The system exchanges and renames no folder that a disk is mounted on."""
    before = tree(site.out)
    with faulty(Faults(lambda _call: None, NEVER), exchange=False):
        monkeypatch.setattr(os, "rename", fails("EBUSY"))
        (told,) = [each for each in site.found() if each.severity == "error"]
    assert (told.code, told.params["path"]) == ("W201", str(site.out))
    assert tree(site.out) == before


def test_unchanged_site_in_a_folder_that_is_read_only_is_no_error(site, monkeypatch):
    change = site.make()
    assert len(change.added) == 1
    with monkeypatch.context() as patched:
        patched.setattr(os, "mkdir", fails("EROFS"))
        patched.setattr(os, "rename", fails("EROFS"))
        assert site.make().is_none
    site.build(text="再改")
    monkeypatch.setattr(os, "mkdir", fails("EROFS"))
    assert site.refused() == ["W201"]
