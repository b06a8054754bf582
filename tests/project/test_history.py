from __future__ import annotations

import shutil
from contextlib import contextmanager

import pytest

from logged import logged
from reportgen.findings import Diagnostics
from reportgen.project import history
from reportgen.project.history import Origin, origin, state
from repository import ACCOUNTS, Repository, git
from small_project import PACK, SmallProject


@contextmanager
def logged_state(root, revision):
    """Give a past state and what was logged on the way."""
    log = Diagnostics()
    with state(root, revision, log) as past:
        yield past, tuple(log)


def codes(findings):
    return [each.code for each in findings]


def contents(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def project_of(repository):
    """Return what stands in the project's two folders."""
    parts = (repository.root / name for name in history.PROJECT)
    return {f"{part.name}/{path}": data for part in parts for path, data in contents(part).items()}


@pytest.mark.parametrize("below", [".", "sub/項目"])
def test_state_of_a_commit_is_what_was_committed_byte_by_byte(tmp_path, below):
    repository = Repository.made(tmp_path / "top", below)
    before = project_of(repository)
    repository.replace(ACCOUNTS, "280.75", "281.75")
    repository.write("data/bureau/2023/more.yaml", "facts: {}\n")
    repository.commit("Change")
    with logged_state(repository.root, "HEAD~1") as (past, found):
        assert found == ()
        assert past.commit.subject == "Begin"
        assert contents(past.folder) == before
    assert not past.folder.exists()


def test_attributes_of_git_neither_leave_out_nor_rewrite_a_file(repository):
    repository.write(".gitattributes", "*.yaml export-ignore\n*.md export-subst text eol=crlf\n")
    repository.write(f"{PACK}/sections/duties.md", "$Format:%H$\n")
    repository.commit("Attributes")
    with logged_state(repository.root, "HEAD") as (past, _):
        assert (past.folder / PACK / "sections/duties.md").read_bytes() == b"$Format:%H$\n"
        assert (past.folder / ACCOUNTS).is_file()


def test_links_stay_links_and_are_never_written_through(repository, tmp_path):
    (repository.root / "templates" / "other").symlink_to("small")
    (repository.root / "data" / "out.yaml").symlink_to(tmp_path / "elsewhere")
    repository.commit("Links")
    with logged_state(repository.root, "HEAD") as (past, _):
        assert (past.folder / "templates/other/pack.yaml").is_file()
        assert (past.folder / "data/out.yaml").is_symlink()
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize("revision", ["nope", "", "-x", "--all", "HEAD~9", "HEAD:data", "a..b"])
def test_unknown_revision_is_told(repository, revision):
    with logged_state(repository.root, revision) as (past, found):
        assert past is None
        assert codes(found) == ["G103"]


@pytest.mark.parametrize("name", ["HEAD", "main", "v1", "refs/heads/main"])
def test_branches_and_tags_are_revisions(repository, name):
    git(repository.top, "tag", "-a", "-m", "first", "v1")
    with logged_state(repository.root, name) as (past, _):
        assert past.commit.date == "2024-05-06"
        assert past.origin == Origin(git(repository.top, "rev-parse", "HEAD").strip(), clean=True)


def test_folder_outside_of_git_is_told(tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    project = SmallProject.copied(tmp_path / "project")
    with logged_state(project.root, "HEAD") as (past, found):
        assert (past, codes(found)) == (None, ["G102"])
    assert origin(project.root) is None


def test_machine_without_git_is_told(repository, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    with logged_state(repository.root, "HEAD") as (past, found):
        assert (past, codes(found)) == (None, ["G101"])
    assert origin(repository.root) is None


def test_repository_without_commit_has_no_origin(tmp_path):
    git(tmp_path, "init", "-q")
    assert origin(tmp_path) is None
    assert codes(logged(history.commit, tmp_path, "HEAD")[1]) == ["G103"]


def test_commit_without_data_is_told(repository):
    git(repository.top, "rm", "-rq", "data")
    repository.commit("Remove")
    with logged_state(repository.root, "HEAD") as (past, found):
        assert (past, codes(found)) == (None, ["G105"])


def test_damaged_repository_is_told(repository):
    blob = git(repository.top, "rev-parse", f"HEAD:{ACCOUNTS}").strip()
    (repository.top / ".git/objects" / blob[:2] / blob[2:]).unlink()
    with logged_state(repository.root, "HEAD") as (past, found):
        assert (past, codes(found)) == (None, ["G102"])


def changes(repository):
    return {
        "changed": lambda: repository.replace(ACCOUNTS, "280.75", "281.75"),
        "added": lambda: repository.write("data/bureau/2023/more.yaml", ""),
        "removed": (repository.root / ACCOUNTS).unlink,
        "moved": lambda: git(repository.root, "mv", ACCOUNTS, "data/bureau/2023/更多 x.yaml"),
        "pack": lambda: repository.replace(f"{PACK}/metrics.yaml", "走访次数", "次数"),
    }


@pytest.mark.parametrize("kind", ["changed", "added", "removed", "moved", "pack"])
def test_any_change_below_data_and_templates_is_not_clean(repository, kind):
    assert origin(repository.root).clean
    changes(repository)[kind]()
    assert not origin(repository.root).clean
    repository.commit("Keep it")
    assert origin(repository.root).clean


@pytest.mark.parametrize("kind", ["changed", "added", "removed", "moved"])
def test_only_what_lies_under_the_paths_asked_for_has_a_say(repository, kind):
    changes(repository)[kind]()
    assert not origin(repository.root, under=("data/bureau",)).clean
    assert origin(repository.root, under=("templates", "data/other")).clean


@pytest.mark.parametrize("under", [("data",), ("data/bureau",)])
def test_folder_that_a_link_took_the_place_of_is_not_clean(repository, under):
    (repository.root / "data").rename(repository.root / "moved")
    (repository.root / "data").symlink_to("moved")
    assert not origin(repository.root, under=under).clean
    repository.commit("A link")
    assert origin(repository.root, under=under).clean


def test_changes_elsewhere_leave_it_clean(repository):
    repository.write("notes.txt", "…")
    (repository.root / "build").mkdir()
    repository.write("build/x", "…")
    assert origin(repository.root).clean


def test_ignored_file_that_was_read_is_not_clean(repository):
    path = "data/bureau/2023/department/narrative/own.secret.md"
    repository.write(path, "…")
    assert origin(repository.root, [ACCOUNTS]).clean
    assert not origin(repository.root, [ACCOUNTS, path]).clean


def test_paths_are_those_of_the_project_where_it_is_a_part_of_the_repository(tmp_path):
    repository = Repository.made(tmp_path / "top", "sub")
    (repository.top / "data").mkdir()
    (repository.top / "data" / "other.yaml").write_text("", "utf-8")
    assert origin(repository.root).clean
    repository.replace(ACCOUNTS, "280.75", "281.75")
    assert history.changed(repository.root) == (ACCOUNTS,)


def test_asking_changes_nothing_in_the_repository(repository):
    repository.replace(ACCOUNTS, "280.75", "281.75")
    before = contents(repository.top / ".git")
    origin(repository.root)
    with logged_state(repository.root, "HEAD"):
        pass
    assert contents(repository.top / ".git") == before


def test_differing_paths_between_commits_and_from_the_files(repository):
    assert history.differing(repository.root, "HEAD", None) == ()
    repository.replace(ACCOUNTS, "280.75", "281.75")
    repository.write("data/bureau/2023/new.yaml", "")
    both = (ACCOUNTS, "data/bureau/2023/new.yaml")
    assert history.differing(repository.root, "HEAD", None) == both
    repository.commit("Change")
    assert history.differing(repository.root, "HEAD~1", "HEAD") == both


def test_commits_that_touch_paths_come_newest_first(repository):
    repository.replace(ACCOUNTS, "280.75", "281.75")
    repository.commit("一 事实")
    repository.commit("nothing")
    found = history.touching(repository.root, ("data",), "HEAD", 5)
    assert [each.subject for each in found] == ["一 事实", "Begin"]
    assert len(history.touching(repository.root, ("data",), "HEAD", 1)) == 1
