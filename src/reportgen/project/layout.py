"""Where things are in a project: its units, their years, the reports of a year, its packs."""

from __future__ import annotations

import re
from collections.abc import Iterable

from reportgen.project.source_files import SourceFiles

_YEAR = re.compile("[0-9]{4}")


def units(files: SourceFiles) -> tuple[str, ...]:
    """Return the units of the project: the folders of data/."""
    return files.folders("data")


def years(files: SourceFiles, unit: str) -> tuple[int, ...]:
    """Return the years of `unit`: the folders of data/<unit>/ that are named as years."""
    names = files.folders(f"data/{unit}")
    return tuple(int(name) for name in names if _YEAR.fullmatch(name))


def reports(files: SourceFiles, unit: str, year: int) -> tuple[str, ...]:
    """Return the reports of `unit` in `year`: the folders that hold a report.yaml."""
    base = f"data/{unit}/{year}"
    return _holding(files, base, files.folders(base), "report.yaml")


def packs(files: SourceFiles) -> tuple[str, ...]:
    """Return the packs of the project: folders with a pack.yaml, up to two below templates/."""
    folders: list[str] = []
    for outer in files.folders("templates"):
        folders.append(outer)
        folders.extend(f"{outer}/{inner}" for inner in files.folders(f"templates/{outer}"))
    return _holding(files, "templates", folders, "pack.yaml")


def _holding(files: SourceFiles, base: str, folders: Iterable[str], name: str) -> tuple[str, ...]:
    """Return those of the folders below `base` that hold a file of that name."""
    return tuple(folder for folder in folders if files.exists(f"{base}/{folder}/{name}"))
