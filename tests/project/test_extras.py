"""A missing extra is a finding that names the command to get it, in pyproject's own words."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import PackageNotFoundError, version
from zipfile import ZipFile

import pytest

from real_report import ROOT
from reportgen.cli.commands import COMMANDS
from reportgen.project import extras
from reportgen.write.writers import ENGINES
from small_project import UNIT, YEAR, reportgen

STATED = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def names(requirements):
    return tuple(re.split("[><=]", each)[0] for each in requirements)


def test_extras_are_those_of_the_distribution():
    stated = STATED["optional-dependencies"]
    assert {name: names(stated[name]) for name in extras.EXTRAS} == dict(extras.EXTRAS)
    needed = names(STATED["dependencies"])
    assert not set(needed) & {package for each in extras.EXTRAS.values() for package in each}


def test_commands_name_extras_that_there_are():
    named = {command.name: command.extra for command in COMMANDS if command.extra}
    assert named == {"export": "excel", "preview": "preview"}


def test_nothing_is_said_where_all_is_there():
    assert extras.missing_extra("excel") is None


@pytest.fixture
def without(monkeypatch):
    """Return a function that takes a package away."""

    def take_away(package):
        there = extras.find_spec
        monkeypatch.setattr(
            extras, "find_spec", lambda name: None if name == package else there(name)
        )

    return take_away


def test_a_missing_package_is_a_finding(without):
    without("uvicorn")
    found = extras.missing_extra("preview")
    assert (found.code, dict(found.params)) == (
        "J107",
        {"extra": "preview", "packages": "uvicorn"},
    )


@pytest.mark.parametrize(
    "words",
    [
        ("import", "a.xlsx", "--unit", UNIT, "--year", YEAR),
        ("export", "--year", YEAR),
    ],
    ids=lambda words: words[0],
)
def test_the_command_tells_how_to_get_it(small, without, words, tmp_path, monkeypatch):
    without("openpyxl")
    monkeypatch.chdir(tmp_path)
    with ZipFile("a.xlsx", "w") as workbook:
        workbook.writestr("xl/workbook.xml", "")
    run = reportgen(words[0], "--root", small.root, *words[1:])
    assert run.code == 1
    assert "error[J107]" in run.out
    assert "pip install 'reportgen[excel]'" in run.out


def test_the_preview_tells_it_too(small, without):
    without("watchfiles")
    run = reportgen("preview", "--root", small.root, "--lang", "en")
    assert run.code == 1
    assert "reportgen[preview]" in run.out


def test_a_csv_file_is_read_without_it(small, without):
    without("openpyxl")
    (small.root / "a.csv").write_text("项目,决算数\n", "utf-8")
    words = ("--unit", UNIT, "--year", YEAR)
    run = reportgen("import", small.root / "a.csv", "--root", small.root, *words)
    assert "J107" not in run.out


@pytest.mark.parametrize("package", [*ENGINES, *names(STATED["dependencies"]), "reportgen"])
def test_installed_version_is_that_of_the_metadata(package):
    assert extras.installed_version(package) == version(package)


def test_a_package_without_a_record_has_no_version():
    with pytest.raises(PackageNotFoundError):
        extras.installed_version("no-such-package")
