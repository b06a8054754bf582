"""What the world outside refuses is a finding with its path, never a fault of the program."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from real_report import ROOT
from reportgen.project import saving
from small_project import DATA, NARRATIVE, UNIT, YEAR, reportgen

CHECK = (sys.executable, "-m", "reportgen.cli", "check", "--output-format")


def refused(*_arguments, **_options):
    raise PermissionError(13, "Permission denied", "data/x.yaml")


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh", "error[W201] 无法写入 "), ("en", "error[W201] cannot write ")],
)
def test_a_folder_that_may_not_be_written_to(small, monkeypatch, language, words):
    small.write(f"{DATA}/funds.yaml", small.text(f"{DATA}/funds.yaml") + "\n\n\n")
    monkeypatch.setattr(saving, "write_new", refused)
    run = reportgen("fmt", "--root", small.root, "--lang", language)
    assert run.code == 1
    assert words + str(small.root / DATA.replace("2023", "2022")) in run.err
    assert "internal error" not in run.err


def test_a_year_that_cannot_be_started(small, monkeypatch):
    monkeypatch.setattr(saving, "write_new", refused)
    run = reportgen("new-year", YEAR + 1, "--root", small.root, "--unit", UNIT)
    assert run.code == 1
    assert "error[W201]" in run.err
    assert [each.name for each in (small.root / "data" / UNIT).glob("*2024*")] == []


@pytest.mark.parametrize(
    ("encoding", "shown"),
    [("gbk", r"编制\ud83d\ude00"), ("ascii", r"\u7f16\u5236\ud83d\ude00")],
)
def test_a_terminal_of_few_characters_shows_what_it_lacks_escaped(small, encoding, shown):
    small.write(f"{NARRATIVE}/staffing.md", "{{ '编制😀' | 甲 }}。\n")
    ends = []
    for output in ("full", "json"):
        done = subprocess.run(
            [*CHECK, output, "--root", small.root],
            capture_output=True,
            env={**os.environ, "PYTHONIOENCODING": encoding},
            check=False,
        )
        assert (done.returncode, done.stderr) == (1, b"")
        ends.append(done.stdout.decode(encoding))
    assert shown in ends[0]
    assert {each["path"] for each in json.loads(ends[1]) if each["severity"] == "error"} == {
        f"{NARRATIVE}/staffing.md"
    }


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this system")
def test_a_full_disk_behind_the_output(small):
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "reportgen.cli", "codes"],
            stdout=full,
            stderr=subprocess.PIPE,
            env={**os.environ, "LANG": "en_US.UTF-8"},
            check=False,
            text=True,
        )
    assert done.returncode == 1
    assert "error[W201] cannot write stdout: No space left on device" in done.stderr
    assert "Traceback" not in done.stderr
    assert "internal error" not in done.stderr


def test_a_second_command_takes_what_the_first_compiled_and_says_the_same(tmp_path):
    words = ("check", "--unit", "huaihua", "--year", "2023", "--report", "department")
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "XDG_CACHE_HOME": str(tmp_path)}
    told = []
    states = []
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-m", "reportgen.cli", *words],
            env=environment,
            capture_output=True,
            text=True,
            cwd=ROOT,
            check=True,
        )
        told.append(done.stdout + done.stderr)
        files = (file for file in tmp_path.rglob("*") if file.is_file())
        states.append({file.name: file.stat().st_mtime_ns for file in files})
    assert told[0] == told[1]
    assert states[0] == states[1] != {}
