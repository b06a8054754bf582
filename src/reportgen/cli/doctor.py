"""The command that tells what is installed: doctor."""

from __future__ import annotations

import sys

import typer

from reportgen.cli import options
from reportgen.cli.options import HERE
from reportgen.cli.show import painted
from reportgen.features.doctor import examine
from reportgen.findings.excerpt import padded, width

_SIGNS = {"ok": ("✓", "ok"), "lesser": ("!", "warning"), "missing": ("✗", "error")}
_WORDS = {
    "zh": {True: "可以生成报告", False: "缺少必需的部分，不能生成报告"},
    "en": {True: "reports can be built", False: "something needed is missing"},
}


def tell_health(lang: options.Tongue, root: options.Root = HERE) -> None:
    """查看本机装了什么、缺什么、各有什么影响。Tell what is installed, and what a lack costs."""
    checks = examine(root, sys.stdout.encoding or "", lang.value)
    columns = max(width(check.name) for check in checks)
    for check in checks:
        sign, style = _SIGNS[check.state]
        print(f"{painted(sign, style)} {padded(check.name, columns)}  {check.found}")
        if check.cost:
            print(f"  {' ' * columns}  {check.cost}")
    able = all(check.state != "missing" for check in checks)
    print(_WORDS[lang.value][able])
    if not able:
        raise typer.Exit(1)
