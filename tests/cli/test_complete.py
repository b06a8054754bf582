from __future__ import annotations

import os
import re
import subprocess
import sys
from types import SimpleNamespace

import pytest

from reportgen.cli import complete
from reportgen.cli.commands import COMMANDS
from reportgen.cli.parser import command_parser
from reportgen.findings import CODES
from reportgen.load.jsonschema import SCHEMAS
from small_project import DATA, PACK, SMALL, SmallProject, reportgen

ROOT = SMALL.parent.parent.parent
SHELL_WORD = re.compile(r"[\w.,/%-]+")


def offered(function, root=ROOT, **typed):
    """Return the words that `function` offers where the options `typed` stand before."""
    incomplete = typed.pop("incomplete", None)
    given = (incomplete,) if incomplete is not None else ()
    context = SimpleNamespace(params={"root": root, **typed})
    return [word for word, _ in function(context, *given)]


def test_units_years_and_reports_are_those_of_the_project():
    assert offered(complete.unit) == ["huaihua", "yiyang", "yongzhou", "yueyang"]
    assert offered(complete.year) == ["2020", "2021", "2022", "2023"]
    assert offered(complete.report) == ["department", "emergency-supplies", "special-fund"]


def test_options_typed_before_narrow_the_offer():
    assert offered(complete.unit, year=2021) == ["yueyang"]
    assert offered(complete.year, unit="huaihua") == ["2022", "2023"]
    assert offered(complete.report, unit="yueyang") == ["department", "emergency-supplies"]


def test_option_being_completed_does_not_narrow_its_own_offer():
    assert offered(complete.unit, unit="h", year=2021) == ["yueyang"]


def test_packs_schemas_and_formats_are_offered():
    assert "huaihua/department-2023" in offered(complete.pack)
    assert offered(complete.schema) == sorted(SCHEMAS)
    assert offered(complete.formats, incomplete="") == ["docx", "html", "pdf"]
    assert offered(complete.formats, incomplete="html,p") == ["html,docx", "html,pdf"]


def test_explain_offers_codes_keys_and_titles():
    every = dict(complete.target(SimpleNamespace(params={"root": ROOT, "unit": "huaihua"})))
    assert every["execution_rate"] == "预算执行率"
    assert every["R101"] == CODES["R101"].name
    assert "staffing.quota" in every


@pytest.mark.parametrize("name", ["unit", "year", "report", "pack", "target"])
def test_nothing_is_raised_where_there_is_no_project(name, tmp_path):
    words = offered(getattr(complete, name), root=tmp_path / "nowhere")
    assert set(words) <= CODES.keys()


def test_broken_data_offer_less_and_raise_nothing(tmp_path):
    project = SmallProject.copied(tmp_path / "project")
    project.write(f"{PACK}/metrics.yaml", "metrics: [")
    assert offered(complete.unit, root=project.root) == ["bureau"]
    assert set(offered(complete.target, root=project.root)) == CODES.keys()


def test_nothing_that_a_shell_could_run_is_offered(tmp_path):
    project = SmallProject.copied(tmp_path / "project")
    project.write(f"{DATA}/more.yaml", 'facts:\n  "a$(touch hit)": 1\n  "工业\\\\$(id)投资": 2\n')
    folder = project.root / "data" / "`id`" / "2023" / "department"
    folder.mkdir(parents=True)
    (folder / "report.yaml").write_text("pack: small\n", "utf-8")
    context = SimpleNamespace(params={"root": project.root})
    for function in (complete.unit, complete.target):
        for word, said in function(context):
            assert SHELL_WORD.fullmatch(word)
            assert not set(said) & set("$`\\\"';&|<>()")


def test_every_unit_year_and_report_option_is_completed():
    for command in COMMANDS:
        name = command.name
        for parameter in command_parser(command).params:
            if {"--unit", "--year", "--report", "--pack"} & set(parameter.opts) and name not in {
                "init",
                "start",
            }:
                assert parameter._custom_shell_complete is not None, (name, parameter.opts)


@pytest.fixture
def shell(tmp_path):
    """Return how to run lines in a bash of its own, with the command on its path."""
    path = tmp_path / "bin" / "reportgen"
    path.parent.mkdir()
    path.write_text(f'#!/bin/sh\nexec {sys.executable} -m reportgen.cli "$@"\n')
    path.chmod(0o755)
    searched = f"{path.parent}{os.pathsep}{os.environ['PATH']}"
    variables = {**os.environ, "HOME": str(tmp_path), "PATH": searched}
    variables["PYTHONPATH"] = str(ROOT / "src")

    def run(lines):
        command = ["bash", "--norc", "-c", lines]
        options = {"env": variables, "cwd": ROOT, "capture_output": True, "text": True}
        return subprocess.run(command, check=True, **options).stdout

    return run


def test_bash_completes_after_the_documented_installation(shell, tmp_path):
    shell("reportgen --install-completion; true")
    out = shell(
        "source ~/.bashrc\n"
        'COMP_WORDS=(reportgen check --unit huaihua --year "") COMP_CWORD=5\n'
        '$(complete -p reportgen | sed -E "s/.*-F ([^ ]+).*/\\1/") reportgen\n'
        'echo "${COMPREPLY[@]}"\n'
    )
    assert out.split() == ["2022", "2023"]


def test_fault_while_completing_is_silent(monkeypatch):
    def broken(_files):
        raise RuntimeError

    monkeypatch.setattr(complete, "packs", broken)
    monkeypatch.setenv("_REPORTGEN_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", "reportgen check-pack ")
    monkeypatch.setenv("COMP_CWORD", "2")
    done = reportgen()
    assert (done.code, done.out, done.err) == (1, "", "")
