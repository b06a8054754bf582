"""What an option takes without pydantic is what typer would have made of it."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st

from reportgen.cli.commands import COMMANDS
from reportgen.cli.parser import command_parser, plain_value

PARSERS = [command_parser(command) for command in COMMANDS]
PARAMETERS = [(parser, parameter) for parser in PARSERS for parameter in parser.params]

LIKELY = (
    "2023",
    "0",
    "99999",
    "\uff12\uff10\uff12\uff13",
    "2_023",
    " 2023",
    "-1",
    "zh",
    "ZH",
    "full",
    "public",
    "-",
    "",
)


def outcome(process, parser, value):
    """Return the value that comes of `value`, with its type, or what is said of it."""
    try:
        result = process(typer.Context(parser), value)
    except typer.TyperException as error:
        return type(error), error.format_message()
    return type(result), result


@given(
    at=st.sampled_from(range(len(PARAMETERS))),
    value=st.none() | st.sampled_from(LIKELY) | st.text() | st.text(st.characters(), max_size=4),
)
def test_a_value_is_converted_as_typer_converts_it(at, value):
    parser, parameter = PARAMETERS[at]
    typer_process = type(parameter).process_value.__get__(parameter)
    assert outcome(parameter.process_value, parser, value) == outcome(typer_process, parser, value)


@pytest.mark.parametrize("number", range(len(PARAMETERS)))
def test_a_default_is_converted_as_typer_converts_it(number):
    parser, parameter = PARAMETERS[number]
    context = typer.Context(parser)
    typer_process = type(parameter).process_value.__get__(parameter)
    value = parameter.get_default(context)
    assert outcome(parameter.process_value, parser, value) == outcome(typer_process, parser, value)


def test_what_takes_more_to_tell_is_left_to_typer():
    assert plain_value(int, "2023") == 2023
    assert plain_value(int, "\uff12\uff10\uff12\uff13") is None
    assert plain_value(str, "\udcff") is None
    assert plain_value(Path, "a\0b") is None
