"""A small made-up project: every kind of input once, in a private copy that a test may spoil."""

from __future__ import annotations

import contextlib
import io
import json
import shutil
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from outcome import Outcome, build, draft
from reportgen import cli
from reportgen.findings import Finding
from reportgen.flow.job import Job
from reportgen.project.source_files import SourceFiles

TESTS = Path(__file__).resolve().parent
SMALL = TESTS / "projects" / "small"
SHARED = TESTS.parent / "templates" / "shared"

UNIT, YEAR, REPORT = "bureau", 2023, "department"
DATA = f"data/{UNIT}/{YEAR}"
HOME = f"{DATA}/{REPORT}"
NARRATIVE = f"{HOME}/narrative"
PACK = "templates/small"

Spot = tuple[str, str, int, int]
"""What tests compare of a finding: code, path, line, column."""


def spots(findings: Iterable[Finding], severity: str = "error") -> list[Spot]:
    """Return the findings of `severity` without their sentences, in order."""
    return [
        (each.code, each.span.path, each.span.line, each.span.column)
        for each in findings
        if each.severity == severity
    ]


@dataclass(frozen=True)
class Run:
    """What a command came to."""

    code: int
    out: str
    err: str

    @property
    def findings(self) -> list[dict[str, object]]:
        """Return the findings of a run with `--output-format json`."""
        return json.loads(self.out)

    def spots(self, severity: str = "error") -> list[Spot]:
        """Return its findings as `spots` does."""
        return [
            (each["code"], each["path"] or "-", each["line"] or 0, each["column"] or 0)
            for each in self.findings
            if each["severity"] == severity
        ]


def reportgen(*arguments: object) -> Run:
    """Run the command in this process, up to the exit code a shell would see."""
    out, err, code = io.StringIO(), io.StringIO(), 0
    argv = ["reportgen", *map(str, arguments)]
    streams = contextlib.redirect_stdout(out), contextlib.redirect_stderr(err)
    with patch.object(sys, "argv", argv), streams[0], streams[1]:
        try:
            cli.run()
        except SystemExit as exit_:
            code = exit_.code if isinstance(exit_.code, int) else 0
    return Run(code, out.getvalue(), err.getvalue())


@dataclass(frozen=True)
class SmallProject:
    """A copy of the project, with its outputs in build/."""

    root: Path

    @classmethod
    def copied(cls, root: Path) -> SmallProject:
        """Return a copy at `root`, frames and phrases of templates/shared included."""
        shutil.copytree(SMALL, root)
        shutil.copytree(SHARED, root / "templates" / "shared")
        return cls(root)

    @property
    def files(self) -> SourceFiles:
        return SourceFiles(self.root)

    @property
    def folder(self) -> Path:
        """Return where the internal report is published."""
        return self.job().folder

    def more_units(self, *names: str) -> None:
        """Add units that have what the first one has."""
        for name in names:
            shutil.copytree(self.root / "data" / UNIT, self.root / "data" / name)

    def text(self, path: str) -> str:
        return (self.root / path).read_text("utf-8")

    def write(self, path: str, content: str | bytes) -> None:
        data = content.encode() if isinstance(content, str) else content
        (self.root / path).write_bytes(data)

    def replace(self, path: str, old: str, new: str) -> None:
        """Put `new` for `old`, which stands in the file exactly once."""
        text = self.text(path)
        assert text.count(old) == 1, f"{path} holds {old!r} {text.count(old)} times"
        self.write(path, text.replace(old, new))

    def spot(self, code: str, path: str, marked: str = "") -> Spot:
        """Return the spot of a finding at the one place where `marked` stands in the file."""
        if not marked:
            return (code, path, 1, 1)
        lines = [line for line in self.text(path).split("\n") if marked in line]
        assert len(lines) == 1, f"{path} holds {marked!r} in {len(lines)} lines"
        number = self.text(path).split("\n").index(lines[0]) + 1
        return (code, path, number, lines[0].index(marked) + 1)

    def job(self, **options: object) -> Job:
        options = {"formats": ("html",), **options}
        return Job(self.root, self.root / "build", UNIT, YEAR, REPORT, **options)  # type: ignore[arg-type]

    def build(self, **options: object) -> Outcome:
        return build(self.job(**options))

    def draft(self, **options: object) -> Outcome:
        return draft(self.job(**options), self.files)

    def run(self, command: str, *arguments: object) -> Run:
        """Run a command on the project; findings come as JSON."""
        return reportgen(command, "--root", self.root, "--output-format", "json", *arguments)

    def output(self) -> dict[str, bytes]:
        """Return every file below build/ by its path, hidden ones too."""
        base = self.root / "build"
        return {
            path.relative_to(base).as_posix(): path.read_bytes()
            for path in sorted(base.rglob("*"))
            if path.is_file()
        }
