"""The command `reportgen`: the only package that prints, exits or reads the environment."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Annotated

import typer

from reportgen import __version__
from reportgen.cli import (
    differences,
    editing,
    health,
    numbers,
    packs,
    past,
    preview,
    reports,
    sheets,
)
from reportgen.cli.show import say

COMMANDS: tuple[tuple[str, Callable[..., None], str], ...] = (
    ("build", reports.build_reports, "reportgen build --year 2023 --audience public"),
    ("check", reports.check_reports, "reportgen check --year 2023 --strict"),
    ("preview", preview.preview_reports, "reportgen preview --year 2023"),
    (
        "rebuild",
        past.rebuild_reports,
        "reportgen rebuild --commit HEAD~3 --year 2023 --audience public --out again",
    ),
    ("verify", past.verify_files, "reportgen verify department.pdf --unit huaihua --year 2023"),
    ("diff", differences.show_differences, "reportgen diff 2022 2023 · reportgen diff HEAD~3"),
    ("numbers", numbers.list_numbers, "reportgen numbers --year 2023 --fix"),
    ("explain", reports.explain_target, "reportgen explain 135.47% · reportgen explain R101"),
    ("list", reports.list_reports, "reportgen list --unit huaihua"),
    ("codes", reports.list_codes, "reportgen codes --lang en"),
    ("schema", reports.print_schema, "reportgen schema year > year.schema.json"),
    ("new-year", editing.start_year, "reportgen new-year 2024 --unit huaihua"),
    (
        "init",
        editing.start_project,
        "reportgen init --unit changsha --pack huaihua/department-2023 --year 2024",
    ),
    ("doctor", health.tell_health, "reportgen doctor"),
    ("fmt", editing.format_files, "reportgen fmt --check"),
    ("export", sheets.export_reports, "reportgen export --year 2023 --unit huaihua --format xlsx"),
    ("import", sheets.import_sheet, "reportgen import funds.xlsx --unit huaihua --year 2023"),
    ("new-pack", packs.start_pack, "reportgen new-pack changsha/department-2024"),
    ("check-pack", packs.inspect_pack, "reportgen check-pack huaihua/department-2023"),
)
"""Every command: its name, what it does, an example."""

app = typer.Typer(
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    help="绩效自评报告：从 YAML 事实生成 Word、网页和 PDF。Self-evaluation reports from facts.",
    epilog="例 example: reportgen build --year 2023 --unit huaihua",
)
for _name, _command, _example in COMMANDS:
    app.command(_name, epilog=f"例 example: {_example}")(_command)


@app.callback(invoke_without_command=True)
def main(
    version: Annotated[bool, typer.Option("--version", help="版本 · version")] = False,
) -> None:
    """Show the version where it is asked for."""
    if version:
        print(__version__)
        raise typer.Exit


def run() -> None:
    """Run the command; a fault of the program is one line and exit code 2, never a traceback."""
    try:
        app(prog_name="reportgen")
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    except Exception as error:
        if "REPORTGEN_DEBUG" in os.environ:
            raise
        say(f"reportgen: 程序内部错误 internal error: {type(error).__name__}: {error}")
        say("REPORTGEN_DEBUG=1 显示详情 shows the details")
        raise SystemExit(2) from None
