"""The command `reportgen`: the only package that prints, exits or reads the environment.

`options` and `complete` serve all commands, `show` prints for all, `help` lays out their pages.
The commands: `reports`, `differences`, `past` (with `proofs`), `editing`, `numbers`, `sheets`,
`preview`, `packs`, `health`.
"""

from __future__ import annotations

import os
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from reportgen import __version__
from reportgen.cli.help import fold
from reportgen.cli.show import say

COMMANDS: tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...] = (
    (
        "起草 Draft",
        (
            (
                "init",
                "drafting:start_project",
                "reportgen init --unit changsha --pack huaihua/department-2023 --year 2024",
            ),
            ("new-year", "drafting:start_year", "reportgen new-year 2024 --unit huaihua"),
            ("preview", "preview:preview_reports", "reportgen preview --year 2023"),
            ("numbers", "drafting:list_numbers", "reportgen numbers --year 2023 --fix"),
            ("fmt", "drafting:format_files", "reportgen fmt --check"),
            (
                "import",
                "spreadsheet:import_sheet",
                "reportgen import funds.xlsx --unit huaihua --year 2023",
            ),
        ),
    ),
    (
        "核对 Check",
        (
            ("check", "reports:check_reports", "reportgen check --year 2023 --strict"),
            (
                "explain",
                "reports:explain_target",
                "reportgen explain 135.47% · reportgen explain R101",
            ),
            (
                "diff",
                "diff:show_differences",
                "reportgen diff 2022 2023 · reportgen diff HEAD~3",
            ),
            ("list", "reports:list_reports", "reportgen list --unit huaihua"),
        ),
    ),
    (
        "生成 Build",
        (
            ("build", "reports:build_reports", "reportgen build --year 2023 --audience public"),
            (
                "export",
                "spreadsheet:export_reports",
                "reportgen export --year 2023 --unit huaihua --format xlsx",
            ),
        ),
    ),
    (
        "公开以后 After publishing",
        (
            (
                "verify",
                "past:verify_files",
                "reportgen verify department.pdf --unit huaihua --year 2023",
            ),
            (
                "rebuild",
                "past:rebuild_reports",
                "reportgen rebuild --commit HEAD~3 --year 2023 --audience public --out again",
            ),
        ),
    ),
    (
        "模板包 Packs",
        (
            ("new-pack", "packs:start_pack", "reportgen new-pack changsha/department-2024"),
            ("check-pack", "packs:inspect_pack", "reportgen check-pack huaihua/department-2023"),
        ),
    ),
    (
        "本机与参考 This machine and reference",
        (
            ("doctor", "doctor:tell_health", "reportgen doctor"),
            ("codes", "reports:list_codes", "reportgen codes --lang en"),
            ("schema", "reports:print_schema", "reportgen schema year > year.schema.json"),
        ),
    ),
)
"""Every command, by what people do: its name, `module:function` in this package, an example."""


class Commands(TyperGroup):
    """The commands by name; the module of one is imported when that one is looked at.

    So a check does not wait for what only the preview or a workbook needs.
    """

    def __init__(self, **attrs: Any) -> None:  # noqa: ANN401 - typer's own
        super().__init__(**attrs)
        self.commands: dict[str, Any] = {
            name: (panel, place, example)
            for panel, commands in COMMANDS
            for name, place, example in commands
        }

    def get_command(self, ctx: object, cmd_name: str) -> Any:  # noqa: ANN401, ARG002
        """Return the command of that name, None where there is none."""
        if cmd_name not in self.commands:
            return None
        panel, place, example = self.commands[cmd_name]
        module, _, function = place.partition(":")
        alone = typer.Typer(add_completion=False)
        command = alone.command(cmd_name, epilog=f"例 example: {example}", rich_help_panel=panel)
        command(getattr(import_module(f"reportgen.cli.{module}"), function))
        return typer.main.get_command(alone)


app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    help="绩效自评报告：从 YAML 事实生成 Word、网页和 PDF。Self-evaluation reports from facts.",
    epilog="例 example: reportgen build --year 2023 --unit huaihua",
)


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
    fold()
    try:
        app(prog_name="reportgen")
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    except Exception as error:
        if "_REPORTGEN_COMPLETE" in os.environ:  # Tab was pressed: nothing to offer, nothing to say
            raise SystemExit(1) from None
        if "REPORTGEN_DEBUG" in os.environ:
            raise
        say(f"reportgen: 程序内部错误 internal error: {type(error).__name__}: {error}")
        say("REPORTGEN_DEBUG=1 显示详情 shows the details")
        raise SystemExit(2) from None
