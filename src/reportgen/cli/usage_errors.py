"""What is said of a command line that cannot be parsed, in Chinese or English.

The parser's own sentences are English only. Here its errors are told apart by what they hold.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from difflib import get_close_matches
from enum import EnumType
from itertools import pairwise
from typing import Any

import typer

from reportgen.cli.commands import COMMANDS
from reportgen.cli.options import Excludes, Lang, Needs, Parameter, default_language

ParserError = Any
ParserParameter = Any
ParserContext = Any
"""What the parser hands over; typer exports few of its classes."""

Words = Mapping[str, str]
"""The sentences of one language."""

SENTENCES: Mapping[str, Words] = {
    "zh": {
        "comma": "、",
        "unknown_command": "没有命令 '{name}'",
        "unknown_option": "没有选项 {name}",
        "nearest": "{sentence}；相近的：{names}",
        "surplus": "多出了 {names}",
        "needed": "没有 {others}，{name} 不起作用；加上 {others}，或去掉 {name}",
        "excluded": "有 {others}，{name} 不起作用；去掉其中一个",
        "or": " 或 ",
        "missing_argument": "缺少参数 {name}",
        "missing_option": "缺少选项 {name}",
        "value_needed": "{name} 后面缺少值",
        "value_refused": "{name} 后面不能写值",
        "bad_value": "{name} 的值不对：{reason}",
        "not_whole": "'{value}' 不是整数",
        "not_between": "'{value}' 不是 {low} 到 {high} 的整数",
        "too_small": "'{value}' 不是 {low} 以上的整数",
        "no_choice": "'{value}' 不在 {choices} 之中",
        "usage": "{command} --help 列出用法",
    },
    "en": {
        "comma": ", ",
        "unknown_command": "there is no command '{name}'",
        "unknown_option": "there is no option {name}",
        "nearest": "{sentence}; like it: {names}",
        "surplus": "nothing takes {names}",
        "needed": "{name} does nothing without {others}: add {others}, or leave {name} out",
        "excluded": "{name} does nothing with {others}: leave one of them out",
        "or": " or ",
        "missing_argument": "the argument {name} is missing",
        "missing_option": "the option {name} is missing",
        "value_needed": "{name} needs a value",
        "value_refused": "{name} takes no value",
        "bad_value": "the value of {name} does not fit: {reason}",
        "not_whole": "'{value}' is not a whole number",
        "not_between": "'{value}' is not a whole number from {low} to {high}",
        "too_small": "'{value}' is not a whole number from {low} upwards",
        "no_choice": "'{value}' is none of {choices}",
        "usage": "{command} --help shows what can be typed",
    },
}


class UnknownCommandError(typer.BadParameter):
    """No command has the name that was typed."""

    def __init__(self, name: str, known: Iterable[str], ctx: ParserContext) -> None:
        super().__init__(name, ctx)
        self.known = tuple(known)


class SurplusArgumentsError(typer.BadParameter):
    """More arguments were typed than the command takes."""

    def __init__(self, surplus: Sequence[str], ctx: ParserContext) -> None:
        super().__init__(" ".join(surplus), ctx)


class IdleOptionError(typer.BadParameter):
    """An option was typed that does nothing with the others, or without another."""

    def __init__(self, rule: Needs | Excludes, typed: Container[str], ctx: ParserContext) -> None:
        super().__init__(rule.option, ctx)
        self.is_needed = isinstance(rule, Needs)
        self.others = [other for other in rule.others if self.is_needed or other in typed]


def typed_language(arguments: Sequence[str]) -> Lang:
    """Return the language that the command line asks for, else that of the locale.

    Looked up in the words typed, as they may stand behind what the parser stopped at.
    """
    for language in Lang:
        if f"--lang={language.value}" in arguments:
            return language
        if ("--lang", language.value) in pairwise(arguments):
            return language
    return default_language()


def usage_error_text(error: typer.TyperException, language: Lang) -> str:
    """Return two lines: what is wrong, and how to see what can be typed."""
    words = SENTENCES[language.value]
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "reportgen"
    describe = _DESCRIPTIONS.get(type(error).__name__, _as_it_says)
    return (
        f"{command}: {_printable(describe(error, words))}\n{words['usage'].format(command=command)}"
    )


def print_usage_error(error: typer.TyperException) -> None:
    """Print what is wrong with the command line, beside the output."""
    print(usage_error_text(error, typed_language(sys.argv[1:])), file=sys.stderr)


def _unknown_command(error: ParserError, words: Words) -> str:
    sentence = words["unknown_command"].format(name=error.message)
    nearest = get_close_matches(error.message, error.known)
    return _with_nearest(sentence, [f"'{name}'" for name in nearest], words)


def _unknown_option(error: ParserError, words: Words) -> str:
    sentence = words["unknown_option"].format(name=error.option_name)
    return _with_nearest(sentence, sorted(error.possibilities or ()), words)


def _with_nearest(sentence: str, names: Sequence[str], words: Words) -> str:
    if not names:
        return sentence
    return words["nearest"].format(sentence=sentence, names=words["comma"].join(names))


def _surplus(error: ParserError, words: Words) -> str:
    return words["surplus"].format(names=error.message)


def _idle(error: ParserError, words: Words) -> str:
    sentence = words["needed" if error.is_needed else "excluded"]
    return sentence.format(name=error.message, others=words["or"].join(error.others))


def _missing(error: ParserError, words: Words) -> str:
    return words[f"missing_{error.param.param_type_name}"].format(name=_typed_name(error.param))


def _value_of_option(error: ParserError, words: Words) -> str:
    """Return that an option lacks its value, or that it has one and takes none."""
    for parameter in error.ctx.command.params:
        if error.option_name in parameter.opts and parameter.is_flag:
            return words["value_refused"].format(name=error.option_name)
    return words["value_needed"].format(name=error.option_name)


def _bad_value(error: ParserError, words: Words) -> str:
    """Return what is wrong with a value: as its type says, or in the words of the handler."""
    if error.param is not None:
        name = _typed_name(error.param)
        return words["bad_value"].format(name=name, reason=_reason(error, words))
    if error.param_hint is not None:
        return words["bad_value"].format(name=error.param_hint, reason=error.message)
    return str(error.message)


def _reason(error: ParserError, words: Words) -> str:
    """Return why a value is not of its parameter's type, from what the parameter takes."""
    parameter = _declared(error.ctx.command.name, error.param.name)
    if parameter is None or error.__cause__ is None:
        return str(error.message)
    value = error.__cause__.errors()[0]["input"]
    if isinstance(parameter.type, EnumType):
        choices = words["comma"].join(parameter.type)
        return words["no_choice"].format(value=value, choices=choices)
    low, high = parameter.minimum, parameter.maximum
    if high is not None:
        return words["not_between"].format(value=value, low=low, high=high)
    if low is not None:
        return words["too_small"].format(value=value, low=low)
    return words["not_whole"].format(value=value)


def _declared(command_name: str, parameter_name: str) -> Parameter | None:
    """Return the declaration of a parameter of a command."""
    for command in COMMANDS:
        if command.name == command_name:
            for parameter in command.parameters:
                if parameter.name == parameter_name:
                    return parameter
    return None


def _as_it_says(error: ParserError, _words: Words) -> str:
    return str(error.format_message())


_DESCRIPTIONS: Mapping[str, Callable[[ParserError, Words], str]] = {
    "UnknownCommandError": _unknown_command,
    "SurplusArgumentsError": _surplus,
    "IdleOptionError": _idle,
    "NoSuchOption": _unknown_option,
    "MissingParameter": _missing,
    "BadOptionUsage": _value_of_option,
    "BadParameter": _bad_value,
}
"""What describes each error, by the name of its class; typer exports few of the classes."""


def _typed_name(parameter: ParserParameter) -> str:
    """Return what a person types for a parameter: the flag of an option, an argument's name."""
    if parameter.param_type_name == "option":
        return str(parameter.opts[0])
    return str(parameter.name)


def _printable(text: str) -> str:
    """Return `text` with what cannot be seen made visible."""
    return "".join(char if char.isprintable() else f"<U+{ord(char):04X}>" for char in text)
