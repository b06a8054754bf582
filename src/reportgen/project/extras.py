"""Installed packages: their versions, and those of extras, which one feature alone needs."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from reportgen.findings import Finding, finding

EXTRAS: Mapping[str, tuple[str, ...]] = {
    "audit": ("pdfplumber",),
    "cluster": ("distributed",),
    "excel": ("openpyxl",),
    "preview": ("starlette", "uvicorn", "watchfiles"),
}
"""The packages of each extra, as pyproject.toml lists them."""


def missing_packages(extra: str) -> tuple[str, ...]:
    """Return the packages of `extra` that are not installed."""
    return tuple(name for name in EXTRAS[extra] if find_spec(name) is None)


def missing_extra(extra: str) -> Finding | None:
    """Return J107 with the command that installs `extra`, None where all of it is there."""
    missing = missing_packages(extra)
    if not missing:
        return None
    return finding("J107", extra=extra, packages="、".join(missing))


def installed_version(package: str) -> str:
    """Return the version of an installed package.

    The folder in which an installer records a package is named `name-version.dist-info` (PyPA,
    Recording installed projects). `importlib.metadata`, asked where no folder is named so, takes
    20 ms to be imported and to parse what stands in the folders of the engines.
    """
    recorded = _recorded_versions().get(_normalized(package))
    if recorded is not None:
        return recorded
    from importlib.metadata import version  # noqa: PLC0415 - seldom asked

    return version(package)


@cache
def _recorded_versions() -> dict[str, str]:
    """Return the version of each package that is found, by its normalized name."""
    versions: dict[str, str] = {}
    for folder in sys.path:
        for record in Path(folder).glob("*-*.dist-info"):
            name, _, version = record.stem.partition("-")
            versions.setdefault(_normalized(name), version)
    return versions


def _normalized(package: str) -> str:
    return re.sub("[-_.]+", "-", package).lower()
