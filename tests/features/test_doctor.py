from __future__ import annotations

import pytest

from reportgen.features import doctor
from reportgen.features.doctor import examine
from small_project import SmallProject, reportgen


@pytest.fixture
def root(tmp_path):
    return SmallProject.copied(tmp_path / "project").root


def by_name(root):
    return {check.name: check for check in examine(root, "utf-8", "en")}


def test_a_machine_that_builds_lacks_nothing_needed(root):
    assert {check.state for check in examine(root, "utf-8", "zh")} <= {"ok", "lesser"}
    done = reportgen("doctor", "--root", root, "--lang", "zh")
    assert (done.code, done.err) == (0, "")
    assert "可以生成报告" in done.out


def test_whatever_is_not_as_it_should_be_says_what_it_costs(root, monkeypatch):
    monkeypatch.setattr(doctor.shutil, "which", lambda _: None)
    checks = examine(root, "utf-8", "en")
    assert all(check.cost for check in checks if check.state != "ok")
    assert not any(check.cost for check in checks if check.state == "ok")
    assert by_name(root)["git"].state == "lesser"


def test_a_folder_without_a_project_is_told_and_fails(tmp_path):
    assert by_name(tmp_path)["project"].state == "missing"
    done = reportgen("doctor", "--root", tmp_path, "--lang", "en")
    assert done.code == 1
    assert "--root" in done.out


def test_a_package_that_is_gone_is_needed(root, monkeypatch):
    def gone(name):
        raise doctor.PackageNotFoundError(name)

    monkeypatch.setattr(doctor, "version", gone)
    assert by_name(root)["typst"].state == "missing"


def test_pandoc_that_is_gone_is_needed(root, monkeypatch):
    def gone():
        raise OSError

    monkeypatch.setattr(doctor.pypandoc, "get_pandoc_version", gone)
    assert by_name(root)["pandoc"].state == "missing"


def test_a_terminal_that_garbles_chinese_is_told(root):
    names = {check.name: check for check in examine(root, "gbk", "en")}
    assert names["encoding"].state == "lesser"
