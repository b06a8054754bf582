"""Finds the projects whose reports are looked at, and has the reports made."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
AUDIENCES = ("internal", "submit", "public")
SUFFIXES = (".docx", ".pdf", ".html")
_PACK = re.compile(r"(?m)^pack: *(\S+)")


@dataclass(frozen=True, slots=True)
class Project:
    """A folder with data/ and templates/; `name` says which example it is, `` of the repository."""

    root: Path
    name: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    """The files that there are of one report for one audience, by suffix."""

    report: str
    audience: str
    files: dict[str, Path]


def projects(root: Path, place: Path) -> Iterator[Project]:
    """Yield the repository, and a project for each example among packs and docs, made in `place`.

    An example is a folder with data/<unit>/unit.yaml, whose packs are its own or the repository's.
    It is made by the packs that it names, and by those that are named after these (NAME-word).
    """
    yield Project(root)
    homes = {each.parents[2] for part in ("templates", "docs") for each in _units(root / part)}
    for home in sorted(homes):
        packs = home / "templates" if (home / "templates").is_dir() else root / "templates"
        for named, pack in sorted(_packs(home, packs)):
            made = place / f"{len(list(place.iterdir()))}"
            shutil.copytree(packs, made / "templates")
            shutil.copytree(home / "data", made / "data")
            for file in made.glob("data/*/*/*/report.yaml"):
                text = file.read_text("utf-8")
                file.write_text(re.sub(rf"(?m)^pack: *{named}$", f"pack: {pack}", text), "utf-8")
            yield Project(made, f"{pack}: ")


def _units(folder: Path) -> Iterator[Path]:
    return folder.rglob("data/*/unit.yaml")


def _packs(home: Path, packs: Path) -> set[tuple[str, str]]:
    """Return the packs that reports of `home` name, each with those that are named after it."""
    found = set()
    for file in home.glob("data/*/*/*/report.yaml"):
        for named in _PACK.findall(file.read_text("utf-8")):
            for pack in packs.glob("*/*/pack.yaml"):
                name = pack.parent.relative_to(packs).as_posix()
                if name == named or name.startswith(f"{named}-"):
                    found.add((named, name))
    return found


def make(
    root: Path, out: Path, chosen: Sequence[str] = (), audiences: Sequence[str] = AUDIENCES
) -> list[Made]:
    """Build in `out` the reports of all projects of `root`; `chosen` are options of `build`.

    Of a report whose pages are the same for two audiences it is those of the first.
    """
    place = out / "examples"
    place.mkdir(parents=True)
    made: dict[tuple[str, bytes], Made] = {}
    for number, project in enumerate(projects(root, place)):
        target = out / f"build{number}"
        if "--unit" in chosen and not _has_unit(project, chosen[chosen.index("--unit") + 1]):
            continue
        for audience in audiences:
            where = ("--root", str(project.root), "--out", str(target), "--audience", audience)
            _build(root, [*where, *chosen])
            for each in _made(target, project.name, audience):
                with zipfile.ZipFile(each.files[".docx"]) as word:
                    made.setdefault((each.report, word.read("word/document.xml")), each)
    return list(made.values())


def _has_unit(project: Project, unit: str) -> bool:
    return (project.root / "data" / unit).is_dir()


def _build(root: Path, options: Sequence[str]) -> None:
    environment = {**os.environ, "PYTHONPATH": str(root / "src")}
    command = [sys.executable, "-m", "reportgen.cli", "build", *options]
    run = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)  # noqa: S603
    if run.returncode:
        raise SystemExit(run.stdout + run.stderr)


def _made(target: Path, name: str, audience: str) -> Iterator[Made]:
    """Yield what was built for an audience; a form that stands alone may be a Word file only."""
    for path in sorted(target.rglob(f"{audience}/*.docx")):
        year, unit, _, report = path.relative_to(target).parts
        stem = report.removesuffix(".docx")
        files = {suffix: path.with_name(f"{stem}{suffix}") for suffix in SUFFIXES}
        there = {suffix: file for suffix, file in files.items() if file.exists()}
        yield Made(f"{name}{unit}/{year}/{stem}", audience, there)
