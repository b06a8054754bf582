"""Real merges of git: two branches of drafters, with the driver that `git-setup` installs."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from reportgen.features.repository.starting import driver, set_up_git
from reportgen.findings import Diagnostics
from repository import ALONE, Repository, git
from small_project import reportgen

FUNDS = "data/bureau/2023/funds.yaml"
BASE = """\
# 资金
funds:
  - {id: a, name: 甲, initial: 1, outturn: 2}   # 一
  - {id: b, name: 乙, initial: 3, outturn: 4}
"""


@pytest.fixture
def repository(tmp_path):
    made = Repository.made(tmp_path / "top")
    made.write(FUNDS, BASE)
    made.write(
        "data/bureau/2023/department/published.yaml", "published:\n  - {key: a, printed: x}\n"
    )
    log = Diagnostics()
    assert set_up_git(made.root, log)
    assert not log
    made.commit("Funds")
    return made


def merged(repository, ours, theirs, path=FUNDS):
    """Merge a branch with `theirs` into one with `ours`; return what git says, and the file."""
    git(repository.top, "checkout", "-q", "-b", "theirs")
    repository.write(path, theirs)
    repository.commit("Theirs")
    git(repository.top, "checkout", "-q", "main")
    repository.write(path, ours)
    repository.commit("Ours")
    done = subprocess.run(
        ["git", "-C", str(repository.top), "merge", "-q", "--no-edit", "theirs"],
        env={**os.environ, **ALONE, "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done, repository.text(path)


def test_two_drafters_add_rows_and_change_cells_of_one_line(repository):
    ours = BASE.replace("initial: 1", "initial: 10") + "  - {id: x, name: 丙}\n"
    theirs = BASE.replace("outturn: 2", "outturn: 20") + "  - {id: y, name: 丁}   # 新\n"
    done, text = merged(repository, ours, theirs)
    assert done.returncode == 0, done.stderr
    assert text == BASE.replace("initial: 1, outturn: 2", "initial: 10, outturn: 20") + (
        "  - {id: x, name: 丙}\n  - {id: y, name: 丁}   # 新\n"
    )
    assert git(repository.top, "status", "--porcelain") == ""


def test_one_fact_to_two_values_stops_the_merge_and_check_tells_where(repository):
    ours = BASE.replace("initial: 1", "initial: 10").replace("outturn: 4", "outturn: 40")
    done, text = merged(repository, ours, BASE.replace("initial: 1", "initial: 11"))
    assert done.returncode == 1
    assert "funds.a.initial" in done.stderr and "10 / 11" in done.stderr
    assert git(repository.top, "diff", "--name-only", "--diff-filter=U").strip() == FUNDS
    lines = text.split("\n")
    assert [line[:7] for line in lines[2:7]] == [
        "<<<<<<<",
        "  - {id",
        "=======",
        "  - {id",
        ">>>>>>>",
    ]
    assert lines[7] == "  - {id: b, name: 乙, initial: 3, outturn: 40}"
    told = reportgen("check", "--root", repository.root, "--output-format", "concise")
    assert f"{FUNDS}:3:1: error[L132]" in told.out


def test_published_figures_and_texts_are_merged_by_git_itself(repository):
    path = "data/bureau/2023/department/published.yaml"
    done, text = merged(
        repository, "published:\n  - {key: b, printed: x}\n", "published: []\n", path
    )
    assert done.returncode == 1
    assert "<<<<<<< HEAD" in text


def test_what_cannot_be_read_is_merged_by_lines(repository):
    broken = BASE.replace("initial: 1,", "initial: [,")
    done, text = merged(repository, broken, BASE.replace("outturn: 4", "outturn: 5"))
    assert done.returncode == 1 or "initial: [," in text
    assert "outturn: 5" in text


def test_a_file_that_both_added_has_the_keys_of_both(repository):
    path = "data/bureau/2023/outcomes.yaml"
    head = "# yaml-language-server: x\nfacts:\n"
    done, text = merged(repository, f"{head}  甲: 1\n", f"{head}  乙: 2\n", path)
    assert done.returncode == 0
    assert text == f"{head}  甲: 1\n  乙: 2\n"


def test_lines_end_as_they_did(repository):
    ours = BASE.replace("initial: 1", "initial: 10").replace("\n", "\r\n").encode()
    git(repository.top, "checkout", "-q", "-b", "theirs")
    repository.write(FUNDS, BASE.replace("initial: 1,", "initial: 1, budget: 7,"))
    repository.commit("Theirs")
    git(repository.top, "checkout", "-q", "main")
    repository.write(FUNDS, b"\xef\xbb\xbf" + ours)
    repository.commit("Ours")
    git(repository.top, "merge", "-q", "--no-edit", "theirs")
    data = (repository.root / FUNDS).read_bytes()
    assert data == b"\xef\xbb\xbf" + ours.replace(b"initial: 10,", b"initial: 10, budget: 7,")


def test_a_program_that_is_gone_leaves_the_merge_to_git(repository, monkeypatch):
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    git(repository.top, "config", "merge.reportgen.driver", driver(repository.top))
    done, text = merged(
        repository, BASE.replace("甲", "子"), BASE.replace("乙", "丑") + "  - {id: y, name: 丁}\n"
    )
    assert (done.returncode == 1) == ("<<<<<<<" in text)
    assert "子" in text and "丑" in text and "丁" in text


def settings(repository):
    listed = git(repository.top, "config", "--local", "--list")
    return [line for line in listed.splitlines() if ".reportgen." in line]


@pytest.mark.parametrize("attributes", [None, "*.docx binary\n"])
def test_what_is_set_up_can_be_undone(tmp_path, attributes):
    repository = Repository.made(tmp_path / "top", below="project")
    path = repository.root / ".gitattributes"
    if attributes:
        path.write_text(attributes, "utf-8")
    assert reportgen("git-setup", "--root", repository.root).code == 0
    assert len(settings(repository)) == 4
    first = path.read_text("utf-8")
    assert reportgen("git-setup", "--root", repository.root).code == 0
    assert path.read_text("utf-8") == first
    attribute = git(repository.root, "check-attr", "merge", "--", "data/bureau/unit.yaml")
    assert attribute.strip().endswith(": reportgen")
    assert reportgen("git-setup", "--undo", "--root", repository.root).code == 0
    assert settings(repository) == []
    assert (path.read_text("utf-8") if path.exists() else None) == attributes


def test_outside_git_it_is_told(tmp_path):
    run = reportgen("git-setup", "--root", tmp_path, "--lang", "en")
    assert run.code == 1
    assert "G102" in run.out
    assert not list(tmp_path.iterdir())
