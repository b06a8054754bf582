"""What only asks about the command line loads no stage, no flow, no feature and no handler."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from real_report import ROOT
from reportgen.cli.commands import COMMANDS

LIGHT = set(
    "options commands drafting_commands review_commands parser help usage_errors complete".split()
)
"""The modules of the command that may be loaded before a handler runs."""

RUN = """
import sys
sys.argv[0] = "reportgen"
from reportgen.cli import run
try:
    run()
finally:
    print(*sys.modules, file=sys.stderr)
"""


def loaded(*arguments, **variables):
    """Return the modules loaded when the command has run."""
    done = subprocess.run(
        [sys.executable, "-c", RUN, *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src"), **variables},
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    return set(done.stderr.splitlines()[-1].split())


def completing(line):
    """Return the modules loaded when Tab is pressed at the end of `line`, in bash."""
    count = len(line.split(" ")) - 1
    return loaded(_REPORTGEN_COMPLETE="complete_bash", COMP_WORDS=line, COMP_CWORD=str(count))


def heavy(modules):
    """Return the modules of ours that only the work of a command needs."""
    folders = ("check", "compose", "derive", "disclose", "features", "flow", "inference", "load")
    wrong = []
    for name in modules:
        package, *rest = name.split(".")
        if package != "reportgen" or not rest:
            continue
        handler = rest[0] == "cli" and rest[1:] and rest[1] not in LIGHT
        if rest[0] in (*folders, "verify", "write", "formula", "provenance") or handler:
            wrong.append(name)
    return wrong


@pytest.mark.parametrize(
    "arguments",
    [
        ("--version",),
        ("--help",),
        ("build", "--help"),
        ("import", "--help"),
        ("build", "--yaer", "2023"),
        ("build", "--year", "MMXXIII"),
        ("explain",),
        ("chekc",),
    ],
    ids=" ".join,
)
def test_help_and_misuse_load_nothing_that_does_the_work(arguments):
    modules = loaded(*arguments)
    assert "reportgen.cli.parser" in modules
    assert heavy(modules) == []


@pytest.mark.parametrize(
    "line",
    [
        "reportgen ch",
        "reportgen build --lang ",
        "reportgen build --format ",
        "reportgen schema ",
        "reportgen build --unit ",
    ],
)
def test_completion_loads_nothing_that_does_the_work(line):
    modules = completing(line)
    assert "reportgen.cli.parser" in modules
    assert heavy(modules) == []


def test_help_loads_no_library_that_it_does_not_show():
    for arguments in (("--help",), ("build", "--help")):
        modules = loaded(*arguments)
        assert not modules & {"pydantic", "yaml", "lxml", "jinja2", "ssl", "asyncio", "pygments"}
        assert not modules & {"markdown_it", "rich.markdown", "rich.traceback"}


def test_misuse_loads_no_layout_of_pages():
    assert "rich" not in loaded("build", "--yaer", "2023")


def test_version_loads_nothing():
    code = "import sys; import reportgen; print(*sys.modules, file=sys.stderr)"
    variables = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run(
        [sys.executable, "-c", code], env=variables, capture_output=True, text=True, check=True
    )
    ours = [name for name in done.stderr.split() if name.startswith("reportgen")]
    assert ours == ["reportgen"]


def test_codes_load_no_parser_of_yaml():
    code = "import sys; import reportgen.findings.manual; print(*sys.modules, file=sys.stderr)"
    variables = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run(
        [sys.executable, "-c", code], env=variables, capture_output=True, text=True, check=True
    )
    assert "yaml" not in done.stderr.split()


def test_every_module_of_the_command_is_a_handler_or_known_to_be_light():
    handlers = {command.handler.partition(":")[0] for command in COMMANDS}
    names = {path.stem for path in (ROOT / "src/reportgen/cli").glob("*.py")}
    others = {"__init__", "__main__", "batch", "output", "serving", "waiting"}
    assert names - handlers - LIGHT == others


@pytest.mark.parametrize(
    ("arguments", "handler"),
    [
        (("explain", "V103"), "explain"),
        (("codes", "--lang", "en"), "explain"),
        (("doctor", "--root", "."), "doctor"),
        (("check", "--unit", "huaihua", "--year", "2023", "--report", "department"), "reports"),
    ],
    ids=str,
)
def test_no_command_loads_pydantic(arguments, handler):
    modules = loaded(*arguments)
    assert f"reportgen.cli.{handler}" in modules
    assert "pydantic" not in modules


def test_internal_report_is_checked_without_what_only_a_proof_needs():
    modules = loaded("check", "--root", str(ROOT), "--unit", "huaihua", "--year", "2023")
    assert "reportgen.flow.steps" in modules
    assert {name.partition(".")[0] for name in modules}.isdisjoint({"phonenumbers", "stdnum"})


def test_a_pack_without_word_forms_is_checked_without_what_reads_them():
    modules = loaded("check", "--root", str(ROOT), "--unit", "huaihua", "--year", "2023")
    assert "reportgen.flow.steps" in modules
    assert not modules & {"lxml", "reportgen.wordfile", "reportgen.compose.form_sheets"}


def test_an_internal_build_loads_nothing_that_keeps_figures_back(tmp_path):
    report = ("--unit", "huaihua", "--year", "2023", "--report", "department")
    modules = loaded(
        "build", "--root", str(ROOT), *report, "--format", "html", "--out", str(tmp_path)
    )
    assert {"reportgen.flow.told_figures", "reportgen.verify.outputs"} <= modules
    assert not modules & {"reportgen.language.folding", "reportgen.disclose.terms"}
