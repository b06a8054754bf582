"""Where things are in a project: its units, their years, the reports of a year, its packs."""

from __future__ import annotations

import re

from reportgen.project.source_files import SourceFiles

_YEAR = re.compile("[0-9]{4}")


def units(files: SourceFiles) -> tuple[str, ...]:
    """Return the units of the project: the folders of data/."""
    return files.folders("data")


def years(files: SourceFiles, unit: str) -> tuple[int, ...]:
    """Return the years of `unit`: the folders of data/<unit>/ that are named as years."""
    return tuple(int(n) for n in files.folders(f"data/{unit}") if _YEAR.fullmatch(n))


def reports(files: SourceFiles, unit: str, year: int) -> tuple[str, ...]:
    """Return the reports of `unit` in `year`: the folders that hold a report.yaml."""
    base = f"data/{unit}/{year}"
    return tuple(n for n in files.folders(base) if files.exists(f"{base}/{n}/report.yaml"))


def packs(files: SourceFiles) -> tuple[str, ...]:
    """Return the packs of the project: folders with a pack.yaml, up to two below templates/."""
    above = files.folders("templates")
    every = (n for a in above for n in (a, *(f"{a}/{b}" for b in files.folders(f"templates/{a}"))))
    return tuple(name for name in every if files.exists(f"templates/{name}/pack.yaml"))
