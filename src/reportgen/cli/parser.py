"""The parser: makes typer's commands of the table, and imports what runs one when it runs.

typer reads options off a function's signature, so each command gets a function with the signature
that its parameters say; calling it calls the handler. Pages of `--help` fold Chinese, which has no
spaces: Rich would cut off the ends of its sentences at 80 columns.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import Enum
from importlib import import_module
from inspect import Parameter as SignatureParameter
from inspect import Signature
from pathlib import Path
from types import ModuleType
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from reportgen import __version__
from reportgen.cli.commands import COMMANDS
from reportgen.cli.options import Command, Parameter
from reportgen.cli.usage_errors import (
    IdleOptionError,
    SurplusArgumentsError,
    UnknownCommandError,
)

_NUMBER = re.compile("0|[1-9][0-9]{0,3}")
"""The numbers that are typed: those of years."""
UNUSED = {"rich.markdown": "Markdown", "rich.traceback": "Traceback"}
"""What typer's layout imports and no page of ours has: it would cost more than all the rest."""


class _Unused:
    """Stands where typer's layout names a class of an unused module."""


def load_page_layout() -> None:
    """Import typer's layout of help pages and have it fold; typer has settings for neither."""
    missing = [name for name in UNUSED if name not in sys.modules]
    for name in missing:
        stand_in = ModuleType(name)
        setattr(stand_in, UNUSED[name], _Unused)
        sys.modules[name] = stand_in
    layout = import_module("typer.rich_utils")
    for name in missing:
        del sys.modules[name]
    vars(layout)["Columns"] = _folding_columns()


def _folding_columns() -> Callable[[Sequence[Any]], Any]:
    """Return what stands for rich's columns where an option is explained."""
    columns = import_module("rich.columns").Columns

    def folding(items: Sequence[Any]) -> Any:  # noqa: ANN401 - imported late
        for item in items:
            item.overflow = "fold"
        return columns(items)

    return folding


BY_NAME: Mapping[str, Command] = {command.name: command for command in COMMANDS}


class _Parser:
    """What is particular about the parser of a command and of the whole command line."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 - typer's own
        """Parse the options; an error knows where on the command line it is."""
        try:
            rest: list[str] = super().parse_args(ctx, args)  # type: ignore[misc]
        except typer.TyperException as error:
            if getattr(error, "ctx", None) is None:
                vars(error)["ctx"] = ctx
            raise
        return rest

    def get_help_option(self, ctx: Any) -> Any:  # noqa: ANN401 - typer's own
        """Return the option `--help`, with False for what is not typed.

        typer has None there, and imports pydantic to turn it into a truth value.
        """
        help_option: Any = super().get_help_option(ctx)  # type: ignore[misc]
        help_option.default = False
        return help_option

    def format_help(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401 - typer's own
        """Print the help page."""
        load_page_layout()
        super().format_help(ctx, formatter)  # type: ignore[misc]


class CommandParser(_Parser, TyperCommand):
    """One command; refuses surplus arguments in our own words."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 - typer's own
        """Parse the options; what is left over is an error, and what would do nothing."""
        surplus = super().parse_args(ctx, args)
        if ctx.resilient_parsing:
            return surplus
        if surplus:
            raise SurplusArgumentsError(surplus, ctx)
        command = BY_NAME[str(self.name)]
        typed = set(_typed(command, ctx))
        for rule in command.rules:
            if rule.is_broken(typed):
                raise IdleOptionError(rule, typed, ctx)
        return surplus


def _typed(command: Command, ctx: Any) -> Iterator[str]:  # noqa: ANN401 - typer's own
    """Yield the options of a command that were typed, be it as they are without.

    Each value of an option follows it (`--format docx`), typed or not.
    """
    for parameter in command.parameters:
        if not parameter.flags:
            continue
        flag = parameter.flags[0]
        if ctx.get_parameter_source(parameter.name).name == "COMMANDLINE":
            yield flag
        value = ctx.params[parameter.name]
        for each in str(getattr(value, "value", value)).split(","):
            yield f"{flag} {each.strip()}"


class CommandGroup(_Parser, TyperGroup):
    """The commands by name; the parser of one is made when that one is typed."""

    def __init__(self, **attributes: Any) -> None:  # noqa: ANN401 - typer's own
        super().__init__(**attributes)
        self.commands: dict[str, Any] = dict(BY_NAME)

    def get_command(self, ctx: object, cmd_name: str) -> TyperCommand | None:  # noqa: ARG002
        """Return the command of that name as lists show it, None where there is none."""
        command = BY_NAME.get(cmd_name)
        if command is None:
            return None
        return TyperCommand(command.name, help=command.help, rich_help_panel=command.panel)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:  # noqa: ANN401 - typer's own
        """Return name, parser and arguments of the command typed."""
        name, *arguments = args
        if name in BY_NAME:
            return name, command_parser(BY_NAME[name]), arguments
        if ctx.resilient_parsing:
            return None, None, arguments
        raise UnknownCommandError(name, BY_NAME, ctx)


def command_group() -> Any:  # noqa: ANN401 - typer does not name its type
    """Return the parser of the whole command line."""
    application = typer.Typer(
        cls=CommandGroup,
        add_completion=True,
        help="绩效自评报告：从 YAML 事实生成 Word、网页和 PDF。Self-evaluation reports from facts.",
        epilog="例 example: reportgen build --year 2023 --unit huaihua",
    )
    application.callback(invoke_without_command=True)(_without_command)
    group: Any = typer.main.get_command(application)
    for parameter in group.params:
        # As with `--help`: those of the completion have None.
        parameter.default = False
    return group


def _without_command(
    ctx: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="版本 · version")] = False,
) -> None:
    """Print the version where it is asked for, the help where no command is typed."""
    if version:
        print(__version__)
        raise typer.Exit
    if ctx.invoked_subcommand is None:
        ctx.get_help()
        raise typer.Exit(2)


def command_parser(command: Command) -> CommandParser:
    """Return the parser of one command."""
    application = typer.Typer(add_completion=False)
    application.command(
        command.name,
        cls=CommandParser,
        help=command.help,
        epilog=f"例 example: {command.example}",
        rich_help_panel=command.panel,
        context_settings={"allow_extra_args": True},
    )(_function(command))
    parser = typer.main.get_command(application)
    assert isinstance(parser, CommandParser)
    declared = {parameter.name: parameter for parameter in command.parameters}
    for parameter in parser.params:
        if parameter.name in declared:
            _take_plain_values(parameter, declared[parameter.name])
    return parser


def _take_plain_values(parameter: Any, declared: Parameter) -> None:  # noqa: ANN401 - typer's own
    """Have a parameter take at once what is plainly right.

    typer imports pydantic to convert any value, which is a third of the time of a command that
    reads no data. It still converts what may be wrong, and would make the same of the rest.
    """
    kind = declared.type
    if not isinstance(kind, type):
        return
    process_value = parameter.process_value

    def process(ctx: Any, value: object) -> object:  # noqa: ANN401 - typer's own
        if value is None and not declared.required:
            return None
        plain = plain_value(kind, value)
        is_plain = plain is not None and _is_in_range(plain, declared)
        return plain if is_plain else process_value(ctx, value)

    parameter.process_value = process


def _is_in_range(value: object, declared: Parameter) -> bool:
    """Return whether a value is within the limits of its parameter, if it is a number."""
    if not isinstance(value, int):
        return True
    least = value if declared.minimum is None else declared.minimum
    most = value if declared.maximum is None else declared.maximum
    return least <= value <= most


def plain_value(kind: type, typed: object) -> object:
    """Return `typed` as a value of type `kind`, None where it takes more to tell.

    >>> plain_value(int, "2023"), plain_value(int, "2O23")
    (2023, None)
    """
    text = str(typed)
    if not isinstance(typed, (kind, str)) or not text.isprintable():
        return None
    if issubclass(kind, Enum):
        return next((member for member in kind if member.value == text), None)
    if kind is int:
        return int(text) if _NUMBER.fullmatch(text) else None
    if kind is Path:
        return Path(text)
    return text if kind is str else None


def _function(command: Command) -> Callable[..., None]:
    """Return a function with the signature of `command`, which runs its handler."""

    def run(**values: object) -> None:
        if command.extra:
            load("output:require")(command.extra, values)
        load(command.handler)(**values)

    parameters = list(map(_signature_parameter, command.parameters))
    run.__signature__ = Signature(parameters)  # type: ignore[attr-defined]
    return run


def _signature_parameter(parameter: Parameter) -> SignatureParameter:
    kind = SignatureParameter.KEYWORD_ONLY
    default = _declared(parameter)
    return SignatureParameter(parameter.name, kind, default=default, annotation=parameter.type)


def _declared(parameter: Parameter) -> Any:  # noqa: ANN401 - typer's own
    """Return the declaration of a parameter as typer takes it."""
    settings: dict[str, Any] = {
        "help": parameter.help,
        "metavar": parameter.metavar,
        "show_default": parameter.show_default,
        "min": parameter.minimum,
        "max": parameter.maximum,
    }
    if parameter.completer:
        settings["autocompletion"] = _completion(parameter.completer)
    if callable(parameter.default):
        settings["default_factory"] = parameter.default
    else:
        settings["default"] = ... if parameter.required else parameter.default
    if parameter.flags:
        return typer.Option(settings.pop("default", ...), *parameter.flags, **settings)
    return typer.Argument(**settings)


def _completion(completer: str) -> Callable[..., Sequence[tuple[str, str]]]:
    """Return what typer calls on Tab; the completer is imported then."""

    def complete(ctx: typer.Context, incomplete: str) -> Sequence[tuple[str, str]]:
        offers: Sequence[tuple[str, str]] = load(completer)(ctx, incomplete)
        return offers

    return complete


def load(place: str) -> Callable[..., Any]:
    """Return the function that `module:function` names in this package."""
    module, _, function = place.partition(":")
    loaded: Callable[..., Any] = getattr(import_module(f"reportgen.cli.{module}"), function)
    return loaded
