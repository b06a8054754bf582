"""The files by which editors, hooks and CI drive the command: they name what there is."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml

from reportgen.cli.commands import COMMANDS
from reportgen.load.jsonschema import SCHEMAS, schema_path
from small_project import reportgen

ROOT = Path(__file__).resolve().parents[3]
NAMES = {command.name for command in COMMANDS}
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
TARGETS = set(re.findall(r"^([a-z]+):", MAKEFILE, re.MULTILINE))
FILES = (".vscode/tasks.json", ".pre-commit-config.yaml", ".github/workflows/reports.yml")


@pytest.mark.parametrize("name", FILES)
def test_every_command_and_target_named_exists(name):
    text = (ROOT / name).read_text("utf-8")
    commands = re.findall(r"bin/reportgen ([a-z-]+)", text)
    targets = re.findall(r"(?:run|command)\"?: \"?make (?:-s )?([a-z]+)", text)
    assert commands or targets
    assert set(commands) <= NAMES
    assert set(targets) <= TARGETS


def test_hooks_and_workflow_are_yaml():
    hooks = yaml.load((ROOT / FILES[1]).read_text("utf-8"), yaml.CSafeLoader)
    assert [hook["id"] for hook in hooks["repos"][0]["hooks"]] == ["fmt", "check"]
    workflow = yaml.load((ROOT / FILES[2]).read_text("utf-8"), yaml.CSafeLoader)
    assert workflow["jobs"]["reports"]["steps"]


def test_settings_name_the_schemas():
    settings = json.loads((ROOT / ".vscode/settings.json").read_text("utf-8"))
    known = {schema_path(name) for name in SCHEMAS}
    assert settings["yaml.schemas"].keys() == known


def test_tasks_read_findings_as_they_are_printed():
    tasks = json.loads((ROOT / ".vscode/tasks.json").read_text("utf-8"))["tasks"]
    pattern = next(t["problemMatcher"]["pattern"] for t in tasks if t["problemMatcher"])
    match = re.match(pattern["regexp"], "data/a.yaml:3:5: error[R101] 合计：不等")
    assert match
    assert match.groups() == ("data/a.yaml", "3", "5", "error", "R101", "合计：不等")


def test_data_and_templates_are_as_the_hook_wants_them():
    done = reportgen("fmt", "--check", "--root", ROOT)
    assert (done.code, done.out) == (0, "")
