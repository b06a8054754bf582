"""Processes that make a report: ours, pandoc with Typst, LibreOffice."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pypandoc

from bench.races import Contender
from bench.real import REPORT
from bench.samples import ROOT, shared_edition
from reportgen.write.fonts import find_fonts

UNVERIFIED = """
from reportgen.flow import pipeline
from reportgen.cli import run
pipeline.verify = lambda *_: ()
run()
"""
COMPILE = """
import sys, typst
typst.compile(sys.argv[1], sys.argv[2], font_paths=sys.argv[3:], ignore_system_fonts=True)
"""
PATIENCE = 300
"""Seconds until a process that hangs is given up."""

OURS, UNVERIFIED_OURS, START = "reportgen", "reportgen, unverified", "reportgen, start only"
PLAIN = "reportgen, without charts"
PANDOC = ("pandoc: HTML → docx", "pandoc: HTML → Typst", "typst.compile: Typst → PDF")
OFFICE = "LibreOffice: docx → PDF"


def office() -> str | None:
    """Return the program of LibreOffice, None where it is not installed."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def commands(folder: Path, program: str | None) -> Mapping[str, list[str]]:
    """Return the commands by name; they read and write in `folder`, which holds a build."""
    unit, year, report = REPORT
    # pandoc writes a picture in a page as Typst no longer takes it: rivals get a report without.
    built = folder / "build" / str(year) / unit / "submit"
    html, docx = built / f"{report}.html", built / f"{report}.docx"
    build = ["build", "--year", str(year), "--unit", unit, "--report", report]
    build += ["--out", str(folder / "build")]
    pandoc = [pypandoc.get_pandoc_path(), "--standalone", "--from", "html", str(html)]
    fonts = find_fonts(shared_edition().font_paths).directories
    made = {
        OURS: [sys.executable, "-m", "reportgen.cli", *build],
        PLAIN: [sys.executable, "-m", "reportgen.cli", *build, "--audience", "submit"],
        UNVERIFIED_OURS: [sys.executable, "-c", UNVERIFIED, *build],
        START: [sys.executable, "-m", "reportgen.cli", "--version"],
        PANDOC[0]: [*pandoc, "--output", str(folder / "pandoc.docx")],
        PANDOC[1]: [*pandoc, "--to", "typst", "--output", str(folder / "pandoc.typ")],
        PANDOC[2]: [
            *(sys.executable, "-c", COMPILE),
            *(str(folder / "pandoc.typ"), str(folder / "pandoc.pdf"), *fonts),
        ],
    }
    if program:
        made[OFFICE] = [
            *(program, "--headless", f"-env:UserInstallation={(folder / 'profile').as_uri()}"),
            *("--convert-to", "pdf", "--outdir", str(folder / "office"), str(docx)),
        ]
    return made


def contenders(folder: Path, program: str | None) -> list[Contender]:
    """Return the commands as contenders."""
    return [_contender(name, command) for name, command in commands(folder, program).items()]


def _contender(name: str, command: list[str]) -> Contender:
    def run(_: int) -> None:
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=PATIENCE)

    return Contender(name, run)


def version(command: list[str]) -> str:
    """Return the first line that a program prints about itself."""
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=PATIENCE)
    return (done.stdout.splitlines() or ["?"])[0].strip()
