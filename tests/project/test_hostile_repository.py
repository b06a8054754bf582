"""Nothing that a repository configures is run: each plant goes off under plain git, not here."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from reportgen.findings import Diagnostics
from reportgen.model import limits
from reportgen.project import history
from repository import ACCOUNTS, ALONE, Repository, git
from small_project import reportgen


@dataclass(frozen=True)
class Trap:
    """A repository in which something waits to make `marker`."""

    repository: Repository
    marker: Path
    program: Path

    @property
    def top(self) -> Path:
        return self.repository.top

    def configure(self, name: str, value: str) -> None:
        git(self.top, "config", name, value)

    def touch(self) -> None:
        """Let a file look edited, so that git has to read it."""
        path = self.repository.root / ACCOUNTS
        os.utime(path, (1, 1))

    def naive(self, *words: str) -> None:
        """Ask as anybody would; git may well fail on what the trap answers."""
        subprocess.run(
            ["git", "-C", str(self.top), *words],
            env={**os.environ, **ALONE},
            stdin=subprocess.DEVNULL,
            timeout=60,
            capture_output=True,
            check=False,
        )


@pytest.fixture
def trap(tmp_path) -> Trap:
    marker = tmp_path / "went off"
    program = tmp_path / "program.sh"
    program.write_text(f'#!/bin/sh\n: > "{marker}"\n')
    program.chmod(0o755)
    return Trap(Repository.made(tmp_path / "top"), marker, program)


def filtered(trap: Trap) -> None:
    trap.repository.write(".gitattributes", "* filter=evil\n")
    for kind in ("clean", "smudge"):
        trap.configure(f"filter.evil.{kind}", str(trap.program))


def filtered_out_of_sight(trap: Trap) -> None:
    (trap.top / ".git/info").mkdir(exist_ok=True)
    (trap.top / ".git/info/attributes").write_text("* filter=evil\n")
    (trap.top / ".git/more").write_text(f'[filter "evil"]\n\tprocess = {trap.program}\n')
    trap.configure("include.path", "more")


def watched(trap: Trap) -> None:
    trap.configure("core.fsmonitor", str(trap.program))


def hooked(trap: Trap) -> None:
    hook = trap.top / ".git/hooks/post-index-change"
    hook.parent.mkdir(exist_ok=True)
    shutil.copy(trap.program, hook)


def hooked_elsewhere(trap: Trap) -> None:
    hooks = trap.top / "hooks"
    hooks.mkdir()
    shutil.copy(trap.program, hooks / "post-index-change")
    trap.configure("core.hooksPath", "hooks")


def shown_by_another(trap: Trap) -> None:
    trap.configure("diff.external", str(trap.program))
    trap.repository.replace(ACCOUNTS, "280.75", "281.75")


def converted(trap: Trap) -> None:
    trap.repository.write(".gitattributes", "* diff=evil\n")
    trap.configure("diff.evil.textconv", str(trap.program))
    trap.repository.replace(ACCOUNTS, "280.75", "281.75")


def signed(trap: Trap) -> None:
    """Make a commit with a signature, which `git log` may be told to have checked."""
    body = git(trap.top, "cat-file", "commit", "HEAD").split("\n\n", 1)
    signature = "gpgsig -----BEGIN PGP SIGNATURE-----\n x\n -----END PGP SIGNATURE-----"
    (trap.top / "commit").write_text(f"{body[0]}\n{signature}\n\n{body[1]}")
    name = git(trap.top, "hash-object", "-t", "commit", "-w", "commit").strip()
    git(trap.top, "update-ref", "HEAD", name)
    trap.configure("log.showSignature", "true")
    trap.configure("gpg.program", str(trap.program))


def lacking(trap: Trap) -> None:
    """Lose a blob that another repository would give, by a program of ours."""
    other = trap.top.parent / "other"
    shutil.copytree(trap.top, other)
    trap.configure("core.repositoryformatversion", "1")
    trap.configure("extensions.partialClone", "origin")
    trap.configure("remote.origin.url", str(other))
    trap.configure("remote.origin.promisor", "true")
    trap.configure("remote.origin.uploadpack", str(trap.program))
    lose_blob(trap)


def lacking_by_ssh(trap: Trap) -> None:
    trap.configure("core.repositoryformatversion", "1")
    trap.configure("extensions.partialClone", "origin")
    trap.configure("remote.origin.url", "ssh://git.example.org/x")
    trap.configure("remote.origin.promisor", "true")
    trap.configure("core.sshCommand", str(trap.program))
    trap.configure("protocol.allow", "always")
    lose_blob(trap)


def lose_blob(trap: Trap) -> None:
    blob = git(trap.top, "rev-parse", f"HEAD:{ACCOUNTS}").strip()
    (trap.top / ".git/objects" / blob[:2] / blob[2:]).unlink()


def nested(trap: Trap) -> None:
    """Put a repository below data/ that has its own configuration."""
    inner = trap.repository.root / "data/inner"
    inner.mkdir()
    git(inner, "init", "-q")
    git(inner, *"-c user.name=x -c user.email=x@example.org commit -q --allow-empty -m x".split())
    git(trap.top, "add", "data/inner")
    git(trap.top, *"commit -q -m inner".split())
    git(inner, "config", "core.fsmonitor", str(trap.program))


PLANTS: dict[Callable[[Trap], None], tuple[str, ...]] = {
    filtered: ("status",),
    filtered_out_of_sight: ("status",),
    watched: ("status",),
    hooked: ("status",),
    hooked_elsewhere: ("status",),
    shown_by_another: ("diff",),
    converted: ("diff",),
    signed: ("log", "-1"),
    lacking: ("cat-file", "-p", f"HEAD:{ACCOUNTS}"),
    lacking_by_ssh: ("cat-file", "-p", f"HEAD:{ACCOUNTS}"),
    nested: ("status",),
}


def ask_everything(root: Path) -> None:
    log = Diagnostics()
    history.commit(root, "HEAD", log)
    history.origin(root, [ACCOUNTS])
    history.touching(root, ("data",), "HEAD", 5)
    history.changed(root)
    history.differing(root, "HEAD", None)
    history.differing(root, "HEAD", "HEAD")
    with history.state(root, "HEAD", log):
        pass


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("apart", [False, True], ids=["in-it", "git-file"])
@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.__name__)
def test_nothing_that_a_repository_configures_is_run(trap, plant, apart):
    plant(trap)
    if apart:  # a `.git` file that names another folder
        git(trap.top, "init", "-q", "--separate-git-dir", str(trap.top.parent / "kept.git"))
    trap.marker.unlink(missing_ok=True)
    trap.touch()
    ask_everything(trap.repository.root)
    assert not trap.marker.exists()
    trap.naive(*PLANTS[plant])
    assert trap.marker.exists(), "the plant proves nothing"


def test_comparison_with_the_past_runs_no_filter(trap):
    filtered(trap)
    trap.touch()
    assert reportgen("diff", "HEAD", "--root", str(trap.repository.root)).code == 0
    assert not trap.marker.exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GIT_DIR", "{elsewhere}/.git"),
        ("GIT_INDEX_FILE", "{elsewhere}/index"),
        ("GIT_OBJECT_DIRECTORY", "{elsewhere}/objects"),
        ("GIT_WORK_TREE", "{elsewhere}"),
        ("GIT_NAMESPACE", "other"),
        ("GIT_TRACE", "{elsewhere}/trace"),
        ("GIT_CONFIG_PARAMETERS", "'core.fsmonitor'='{program}'"),
        ("GIT_LITERAL_PATHSPECS", "1"),
        ("GIT_EXEC_PATH", "{elsewhere}"),
    ],
)
def test_variables_of_git_lead_it_nowhere_else(trap, monkeypatch, name, value):
    elsewhere = trap.top.parent / "elsewhere"
    elsewhere.mkdir()
    here = history.origin(trap.repository.root)
    monkeypatch.setenv(name, value.format(elsewhere=elsewhere, program=trap.program))
    ask_everything(trap.repository.root)
    assert history.origin(trap.repository.root) == here
    assert list(elsewhere.iterdir()) == []
    assert not trap.marker.exists()


def test_git_that_lies_in_the_project_is_not_started(trap, monkeypatch):
    shutil.copy(trap.program, trap.repository.root / "git")
    monkeypatch.chdir(trap.repository.root)
    monkeypatch.setenv("PATH", f".{os.pathsep}{os.environ['PATH']}")
    assert history.origin(trap.repository.root) is None
    assert not trap.marker.exists()


def test_commit_is_what_it_was_when_committed_whatever_replaces_it(repository):
    first = git(repository.top, "rev-parse", "HEAD").strip()
    repository.replace(ACCOUNTS, "280.75", "281.75")
    second = repository.commit("Change")
    git(repository.top, "replace", second, first)
    (repository.top / ".git/info").mkdir(exist_ok=True)
    (repository.top / ".git/info/grafts").write_text(f"{second}\n")
    assert history.origin(repository.root).clean
    with history.state(repository.root, second, Diagnostics()) as past:
        assert "281.75" in (past.folder / ACCOUNTS).read_text("utf-8")
    found = history.touching(repository.root, ("data",), "HEAD", 5)
    assert [each.id for each in found] == [second, first]


def test_files_that_git_was_told_to_take_for_unchanged_are_compared(repository):
    git(repository.top, "update-index", "--assume-unchanged", ACCOUNTS)
    repository.replace(ACCOUNTS, "280.75", "281.75")
    assert history.changed(repository.root) == (ACCOUNTS,)


def test_line_ends_of_windows_are_no_change(repository):
    path = repository.root / ACCOUNTS
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert history.origin(repository.root).clean


def test_sparse_checkout_is_clean(repository):
    git(repository.top, "sparse-checkout", "set", "--no-cone", "/data/", "/.gitignore")
    assert not (repository.root / "templates").exists()
    assert history.origin(repository.root).clean


def test_links_are_compared_by_where_they_lead(repository):
    link = repository.root / "data/link"
    link.symlink_to("bureau")
    repository.commit("Link")
    assert history.origin(repository.root).clean
    link.unlink()
    link.symlink_to("elsewhere")
    assert history.changed(repository.root) == ("data/link",)


def test_folder_or_pipe_or_locked_file_in_the_place_of_a_file_is_a_change(repository):
    path = repository.root / ACCOUNTS
    path.unlink()
    os.mkfifo(path)
    assert history.changed(repository.root) == (ACCOUNTS,)
    path.unlink()
    path.mkdir()
    assert history.changed(repository.root) == (ACCOUNTS,)


def test_repository_whose_ids_are_longer_is_compared_too(tmp_path):
    git(tmp_path, "init", "-q", "--object-format=sha256")
    (tmp_path / "data").mkdir()
    (tmp_path / "data/x.yaml").write_text("x: 1\n")
    git(tmp_path, "add", "-A")
    git(tmp_path, *"-c user.name=x -c user.email=x@example.org commit -q -m x".split())
    assert history.origin(tmp_path).clean
    (tmp_path / "data/x.yaml").write_text("x: 2\n")
    assert history.changed(tmp_path) == ("data/x.yaml",)


def test_git_that_waits_for_a_pipe_is_stopped(tmp_path, monkeypatch):
    git(tmp_path, "init", "-q")
    os.mkfifo(tmp_path / "pipe")
    git(tmp_path, "config", "include.path", str(tmp_path / "pipe"))
    monkeypatch.setattr(limits, "GIT_SECONDS", 1)
    log = Diagnostics()
    assert history.commit(tmp_path, "HEAD", log) is None
    (found,) = log
    assert (found.code, found.params["detail"]) == ("G102", "git rev-parse: > 1 s")
