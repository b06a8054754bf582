"""Commits of any repository as folders: fetched once, whole or not there, never by a program."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor

import pytest

from reportgen.findings import Diagnostics
from reportgen.project import history
from reportgen.project.checkouts import CommitSource, checkout, resolve
from repository import ACCOUNTS, Repository, git


@pytest.fixture
def repository(tmp_path):
    return Repository.made(tmp_path / "bureau")


def addresses(repository):
    """Return the two ways to name a repository: its folder, and an address."""
    return str(repository.top), repository.top.as_uri()


def resolved(repository, revision, cache):
    log = Diagnostics()
    return resolve(repository, revision, cache, log), [each.code for each in log]


def unpacked(source, cache):
    log = Diagnostics()
    past = checkout(source, cache, log)
    return past, [each.code for each in log]


def test_a_commit_is_unpacked_from_a_folder_and_from_an_address(repository, tmp_path):
    facts = (repository.root / ACCOUNTS).read_bytes()
    for address in addresses(repository):
        for revision in ("main", "HEAD"):
            source, codes = resolved(address, revision, tmp_path / "cache")
            assert codes == []
            past, codes = unpacked(source, tmp_path / "cache")
            assert codes == []
            assert (past.folder / ACCOUNTS).read_bytes() == facts
            assert past.origin == history.Origin(source.commit, clean=True)


def test_git_is_asked_once_a_process_for_a_commit_that_many_reports_need(
    repository, tmp_path, monkeypatch
):
    cache = tmp_path / "cache"
    source, _ = resolved(str(repository.top), "main", cache)
    first, _ = unpacked(source, cache)
    with monkeypatch.context() as patched:
        patched.setattr(history, "run_git", lambda *_: pytest.fail("asked"))
        assert unpacked(source, cache) == (first, [])
    shutil.rmtree(first.folder)
    again, codes = unpacked(source, cache)
    assert codes == []
    assert (again.folder / ACCOUNTS).is_file()


def test_an_old_commit_stays_what_it_was_when_the_branch_goes_on(repository, tmp_path):
    cache = tmp_path / "cache"
    _, address = addresses(repository)
    first, _ = resolved(address, "main", cache)
    before = (repository.root / ACCOUNTS).read_text("utf-8")
    (repository.root / ACCOUNTS).write_text(f"# later\n{before}", "utf-8")
    later_id = repository.commit("Later")
    second, _ = resolved(address, "main", cache)
    assert second.commit == later_id != first.commit
    for source, text in ((first, before), (second, f"# later\n{before}")):
        past, _ = unpacked(source, cache)
        assert (past.folder / ACCOUNTS).read_text("utf-8") == text


def test_a_worker_without_a_mirror_fetches_the_commit_it_is_told(repository, tmp_path):
    _, address = addresses(repository)
    source, _ = resolved(address, "main", tmp_path / "one")
    past, codes = unpacked(source, tmp_path / "another")
    assert codes == []
    assert past.commit.id == source.commit


def test_what_was_unpacked_is_there_without_the_repository(repository, tmp_path):
    _, address = addresses(repository)
    source, _ = resolved(address, "main", tmp_path / "cache")
    first, _ = unpacked(source, tmp_path / "cache")
    repository.top.rename(tmp_path / "gone")
    second, codes = unpacked(source, tmp_path / "cache")
    assert (second.folder, codes) == (first.folder, [])


def test_many_at_once_get_one_whole_folder(repository, tmp_path):
    _, address = addresses(repository)
    source = CommitSource(address, git(repository.top, "rev-parse", "HEAD").strip())
    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(lambda _: unpacked(source, tmp_path / "cache"), range(12)))
    assert {codes[0] if codes else "" for _, codes in found} == {""}
    assert len({past.folder for past, _ in found}) == 1
    left = [path.name for path in (tmp_path / "cache").rglob(".new-*")]
    assert left == []


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("{}/nowhere", "G121"),
        ("file://{}/nowhere", "G121"),
        ("ext::sh -c touch% {}/ran", "G121"),
        ("--upload-pack=touch {}/ran", "G121"),
        ("{}", "G102"),
    ],
)
def test_what_is_no_repository_is_told_and_runs_nothing(tmp_path, address, code, monkeypatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    cache = tmp_path / "cache"
    source, codes = resolved(address.format(tmp_path), "main", cache)
    assert (source, codes) == (None, [code])
    assert not (tmp_path / "ran").exists()


def test_a_revision_that_is_none_is_told(repository, tmp_path):
    for address in addresses(repository):
        assert resolved(address, "nowhere", tmp_path / "cache") == (None, ["G103"])


def test_a_commit_that_its_repository_lacks_is_told(repository, tmp_path):
    for address in addresses(repository):
        source = CommitSource(address, "0" * 40)
        assert unpacked(source, tmp_path / "cache") == (None, ["G103"])
