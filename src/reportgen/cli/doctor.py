"""The command that says what is installed: doctor."""

from __future__ import annotations

import sys
from pathlib import Path

import typer

from reportgen.cli.options import Lang
from reportgen.cli.output import painted
from reportgen.features.doctor import InstalledPiece, examine
from reportgen.findings.excerpt import padded, width

_SIGNS = {"ok": ("✓", "ok"), "lesser": ("!", "warning"), "missing": ("✗", "error")}
_ABLE = {"zh": "可以生成报告", "en": "reports can be built"}
_UNABLE = {"zh": "缺少必需的部分，不能生成报告", "en": "something needed is missing"}


def show_installation(lang: Lang, root: Path) -> None:
    """Print each part that is looked for, with its state; exits with 1 where one is missing."""
    checks = examine(root, sys.stdout.encoding or "", lang.value)
    columns = max(width(check.name) for check in checks)
    for check in checks:
        _print_piece(check, columns)
    if any(check.state == "missing" for check in checks):
        print(_UNABLE[lang.value])
        raise typer.Exit(1)
    print(_ABLE[lang.value])


def _print_piece(piece: InstalledPiece, columns: int) -> None:
    """Print what was found of a part, and what it costs to lack it."""
    sign, style = _SIGNS[piece.state]
    print(f"{painted(sign, style)} {padded(piece.name, columns)}  {piece.found}")
    if piece.cost:
        print(f"  {' ' * columns}  {piece.cost}")
