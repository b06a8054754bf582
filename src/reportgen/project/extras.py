"""Packages that one feature alone needs: extras of the distribution, which may not be installed."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec

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
