"""Processes that make or check a report: ours, the old program, pandoc with Typst, LibreOffice."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pypandoc

from bench.races import PATIENCE, Processes
from bench.real import REPORT
from bench.samples import ROOT, shared_edition
from reportgen.write.fonts import find_fonts

OLD_COMMIT = "ab51ff5"
"""The last commit of the program before its flow was rewritten."""
COMPILE = """
import sys, typst
typst.compile(sys.argv[1], sys.argv[2], font_paths=sys.argv[3:], ignore_system_fonts=True)
"""
UNIT, YEAR, NAME = REPORT
CHOICE = ("--year", str(YEAR), "--unit", UNIT, "--report", NAME)
"""Chooses the real report on a command line."""


class Program(NamedTuple):
    """A checkout of reportgen, with the data and templates that it came with."""

    root: Path

    def run(self, name: str, *words: str, fails: bool = False) -> Processes:
        """Return the command with `words`, which `fails` where it tells errors."""
        return replace(self.python(name, "-m", "reportgen.cli", *words), fails=fails)

    def python(self, name: str, *words: str) -> Processes:
        """Return a Python that finds this program, with `words`."""
        environment = {**os.environ, "PYTHONPATH": str(self.root / "src")}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # pip has compiled what rivals import
        return Processes(name, ((sys.executable, *words),), self.root, environment)


OURS = Program(ROOT)


def old_program(folder: Path) -> Program | None:
    """Return the old program, unpacked into `folder`; None where the commit is not there."""
    archive = folder / "old.zip"
    command = ["git", "-C", str(ROOT), "archive", "--output", str(archive), OLD_COMMIT]
    try:
        subprocess.run([*command, "src", "data", "templates"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    shutil.unpack_archive(archive, folder / "old")
    return Program(folder / "old")


def built_file(out: Path, audience: str, ending: str) -> Path:
    """Return where the real report stands after a build into `out`."""
    return out / str(YEAR) / UNIT / audience / f"{NAME}.{ending}"


def office() -> str | None:
    """Return the program of LibreOffice, None where it is not installed."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def office_conversion(name: str, program: str, docx: Path, folder: Path) -> Processes:
    """Return the conversion of `docx` to PDF by LibreOffice, with a profile of its own."""
    profile = (folder / "profile").as_uri()
    command = (
        *(program, "--headless", f"-env:UserInstallation={profile}"),
        *("--convert-to", "pdf", "--outdir", str(folder / "office"), str(docx)),
    )
    output = folder / "office" / f"{docx.stem}.pdf"
    return Processes(name, (command,), ROOT, os.environ, output)


def pandoc_conversion(name: str, html: Path, folder: Path) -> Processes:
    """Return how pandoc and Typst make a Word file and a PDF of `html`."""
    pandoc = (pypandoc.get_pandoc_path(), "--standalone", "--from", "html", str(html))
    docx, source, pdf = (folder / f"pandoc.{ending}" for ending in ("docx", "typ", "pdf"))
    fonts = find_fonts(shared_edition().font_paths).directories
    commands = (
        (*pandoc, "--output", str(docx)),
        (*pandoc, "--to", "typst", "--output", str(source)),
        (sys.executable, "-c", COMPILE, str(source), str(pdf), *fonts),
    )
    return Processes(name, commands, ROOT, os.environ, pdf)


def version(command: list[str]) -> str:
    """Return the first line that a program prints about itself."""
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=PATIENCE)
    return (done.stdout.splitlines() or ["?"])[0].strip()
