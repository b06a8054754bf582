"""The tutorial is a test: every command and every edit of its pages, in order, in a new clone.

A block that names a file is an edit: `diff` puts its `+` lines for its `-` lines, any other kind
is the whole file. A `console` block holds commands after `$ `, `# exit 1` behind those that
find something, and below each what it promises to print, `…` standing for what is left out.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from small_project import Run, reportgen

ROOT = Path(__file__).resolve().parent.parent
PAGES = {"zh_CN.UTF-8": "docs/tutorial.zh-CN.md", "en_US.UTF-8": "docs/tutorial.md"}
ADDRESS = "https://git.example.org/reportgen.git"
PARTS = (
    "data/huaihua",
    "templates/huaihua",
    "templates/shared",
    "Makefile",
    "pyproject.toml",
    "constraints.txt",
    ".gitignore",
    ".gitattributes",
    ".pre-commit-config.yaml",
)
NEEDED = ("pyproject.toml", "constraints.txt")
BLOCK = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMENT = re.compile(r"\s+# (?:exit (\d)|not run: (.+))$")


@dataclass(frozen=True)
class Step:
    """A command with what it promises, or, with a `path`, an edit of that file."""

    text: str
    path: str = ""
    kind: str = ""
    code: int = 0
    skipped: str = ""
    promised: tuple[str, ...] = field(default=(), compare=False)


def steps(page: str) -> Iterator[Step]:
    """Yield what a page has its reader do."""
    for kind, path, body in BLOCK.findall((ROOT / page).read_text("utf-8")):
        if path:
            yield Step(body, path, kind)
        elif kind == "console":
            for part in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
                line, *promised = part.rstrip("\n").split("\n")
                comment = COMMENT.search(line)
                code, skipped = comment.groups() if comment else (None, None)
                command = COMMENT.sub("", line)
                yield Step(command, "", "", int(code or 0), skipped or "", tuple(promised))


def edited(folder: Path, step: Step) -> None:
    """Do what the reader does in an editor."""
    file = folder / step.path
    if step.kind != "diff":
        file.write_text(step.text, "utf-8")
        return
    lines = step.text.splitlines()
    old = "".join(f"{line[1:]}\n" for line in lines if line[0] in " -")
    new = "".join(f"{line[1:]}\n" for line in lines if line[0] in " +")
    text = file.read_text("utf-8")
    assert text.count(old) == 1, step
    file.write_text(text.replace(old, new), "utf-8")


def installed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put into .venv what `make` would put there, and on the path what activating it would."""
    program = folder / ".venv" / "bin" / "reportgen"
    program.parent.mkdir(parents=True)
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m reportgen.cli "$@"\n')
    program.chmod(0o755)
    (program.parent / "activate").write_text("")
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    needed = b"".join((folder / name).read_bytes() for name in NEEDED)
    done = subprocess.run(["cksum"], input=needed, capture_output=True, check=True)
    ready = done.stdout.split()[0].decode()
    (folder / ".venv" / f"ready-{ready}").touch()


def ran(command: str) -> Run:
    """Run a command: a plain `reportgen` in this process, anything else in a shell."""
    words = command.split()
    if words[0] == "reportgen" and not set(command) & set("|>&;*'\""):
        return reportgen(*words[1:])
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    return Run(done.returncode, done.stdout, done.stderr)


def keeps(promised: str, output: str) -> bool:
    """Return whether a line of `output` has the pieces of `promised` in their order."""
    pieces = [re.escape(" ".join(piece.split())) for piece in promised.split("…")]
    pattern = re.compile(".*".join(pieces))
    return any(pattern.search(" ".join(line.split())) for line in output.splitlines())


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """Return the folder where the reader sits down; the project can be cloned from its address."""
    upstream = tmp_path / "upstream"
    for part in PARTS:
        source, target = ROOT / part, upstream / part
        target.parent.mkdir(parents=True, exist_ok=True)
        copy = shutil.copytree if source.is_dir() else shutil.copy
        copy(source, target)
    for name in ("LC_ALL", "LC_MESSAGES", "MAKEFLAGS", "MAKELEVEL"):
        monkeypatch.delenv(name, raising=False)
    variables = {
        "HOME": str(tmp_path),
        "PYTHONPATH": str(ROOT / "src"),
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.{upstream}.insteadOf",
        "GIT_CONFIG_VALUE_0": ADDRESS,
    }
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    who = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    for command in (["init", "-q", "-b", "main"], ["add", "-A"], [*who, "commit", "-qm", "Start"]):
        subprocess.run(["git", *command], cwd=upstream, check=True)
    return tmp_path


@pytest.mark.parametrize("language", PAGES)
def test_every_command_does_what_the_page_says(language, desk, monkeypatch):
    monkeypatch.setenv("LANG", language)
    monkeypatch.chdir(desk)
    for step in steps(PAGES[language]):
        if step.path:
            edited(Path.cwd(), step)
        elif step.text.startswith("cd "):
            monkeypatch.chdir(step.text.removeprefix("cd "))
            installed(Path.cwd(), monkeypatch)
        elif not step.skipped:
            done = ran(step.text)
            assert done.code == step.code, (step, done)
            for line in step.promised:
                assert keeps(line, done.out + done.err), (step.text, line, done)


def test_both_pages_have_the_same_commands_and_edits():
    chinese, english = (list(steps(page)) for page in PAGES.values())
    assert chinese == english
    assert len(chinese) > 40


def test_one_command_is_left_to_the_reader():
    assert [step.text.split()[1] for step in steps(PAGES["zh_CN.UTF-8"]) if step.skipped] == [
        "preview"
    ]
