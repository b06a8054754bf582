"""The table of commands agrees with the handlers, and with what the handlers stand on."""

from __future__ import annotations

import inspect

import pytest

from reportgen.cli.commands import COMMANDS
from reportgen.cli.options import EDITOR_NAMES, SCHEMA_NAMES
from reportgen.cli.parser import load
from reportgen.features.preview.links import EDITORS
from reportgen.load.jsonschema import SCHEMAS
from small_project import reportgen


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_handler_takes_exactly_what_the_table_declares(command):
    parameters = inspect.signature(load(command.handler)).parameters
    assert set(parameters) == {parameter.name for parameter in command.parameters}
    assert all(each.default is inspect.Parameter.empty for each in parameters.values())


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_completers_are_functions(command):
    for parameter in command.parameters:
        if parameter.completer:
            assert callable(load(parameter.completer))


def test_names_and_handlers_are_unique():
    assert len({command.name for command in COMMANDS}) == len(COMMANDS)
    assert len({command.handler for command in COMMANDS}) == len(COMMANDS)


def test_names_declared_here_are_those_of_the_program():
    assert tuple(SCHEMAS) == SCHEMA_NAMES
    assert tuple(EDITORS) == EDITOR_NAMES


@pytest.mark.parametrize(
    ("lang", "words"), [("zh", "现有年度：2022、2023"), ("en", "years that exist: 2022, 2023")]
)
def test_a_preview_of_a_year_that_there_is_not_says_which_there_are(small, lang, words):
    run = reportgen("preview", "--root", small.root, "--year", "1999", "--lang", lang)
    assert (run.code, "J101" in run.out, words in run.out) == (1, True, True)
