"""The command that says what is installed: doctor."""

from __future__ import annotations

import sys
from pathlib import Path

import typer

from reportgen.cli.options import Lang
from reportgen.cli.output import painted
from reportgen.features.doctor import examine
from reportgen.findings.excerpt import padded, width

_SIGNS = {"ok": ("✓", "ok"), "lesser": ("!", "warning"), "missing": ("✗", "error")}
_ABLE = {"zh": "可以生成报告", "en": "reports can be built"}
_UNABLE = {"zh": "缺少必需的部分，不能生成报告", "en": "something needed is missing"}


def show_installation(lang: Lang, root: Path) -> None:
    """Print each part that is looked for, with its state; exits with 1 where one is missing."""
    checks = examine(root, sys.stdout.encoding or "", lang.value)
    columns = max(width(check.name) for check in checks)
    for check in checks:
        sign, style = _SIGNS[check.state]
        print(f"{painted(sign, style)} {padded(check.name, columns)}  {check.found}")
        if check.cost:
            print(f"  {' ' * columns}  {check.cost}")
    if any(check.state == "missing" for check in checks):
        print(_UNABLE[lang.value])
        raise typer.Exit(1)
    print(_ABLE[lang.value])
