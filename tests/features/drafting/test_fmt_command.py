from __future__ import annotations

import pytest

from small_project import DATA, SmallProject, reportgen


@pytest.fixture
def project(tmp_path):
    return SmallProject.copied(tmp_path / "project")


def fmt(project, *arguments, lang="zh"):
    return reportgen("fmt", "--root", project.root, "--lang", lang, *arguments)


def test_files_are_written_once_and_then_left_alone(project):
    path = project.root / DATA / "more.yaml"
    path.write_text("facts:\n  新增: １２ 家   # 说明\n", "utf-8")
    first = fmt(project)
    assert first.code == 0
    assert f"{DATA}/more.yaml" in first.out.splitlines()
    assert path.read_text("utf-8").splitlines()[1:] == ["facts:", "  新增: 12家   # 说明"]
    again = fmt(project)
    assert (again.code, again.out) == (0, "")
    assert "统一" in again.err


@pytest.mark.parametrize("option", ["--check", "--diff"])
def test_looking_writes_nothing_and_says_so_by_the_exit_code(project, option):
    path = project.root / DATA / "more.yaml"
    path.write_text("facts:\n  新增: 12家  \n", "utf-8")
    done = fmt(project, option, path)
    assert done.code == 1
    assert "more.yaml" in done.out
    assert path.read_text("utf-8").endswith("12家  \n")


def test_line_ends_and_bom_of_other_systems_go(project):
    path = project.root / DATA / "more.yaml"
    path.write_bytes("\ufefffacts:\r\n  新增: 12家\r\n".encode())
    fmt(project, path)
    assert path.read_bytes().endswith("facts:\n  新增: 12家\n".encode())
    assert not path.read_bytes().startswith(b"\xef\xbb\xbf")


def test_a_broken_file_is_told_and_left_alone_while_others_are_written(project):
    bad, good = (project.root / DATA / f"{name}.yaml" for name in ("a_bad", "z_good"))
    bad.write_text("facts: [1\n", "utf-8")
    good.write_text("facts:\n  新增: 12家  \n", "utf-8")
    done = fmt(project, bad, good)
    assert done.code == 1
    assert "a_bad.yaml:" in done.out
    assert bad.read_text("utf-8") == "facts: [1\n"
    assert good.read_text("utf-8").endswith("12家\n")


def test_a_file_outside_the_project_is_misuse(project, tmp_path):
    assert fmt(project, tmp_path / "else.yaml").code == 2


def test_a_formatted_project_builds_the_same_document(project):
    before = project.draft(audience="public").document
    assert fmt(project).code == 0
    assert project.draft(audience="public").document == before
