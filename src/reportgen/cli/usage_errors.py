"""What is said of a command line that cannot be parsed, in Chinese or English.

The parser's own sentences are English only. Here its errors are told apart by what they hold.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import Any

import typer

from reportgen.cli.options import Lang, default_language

SENTENCES = {
    "zh": {
        "unknown_command": "没有命令 '{name}'",
        "unknown_option": "没有选项 {name}",
        "nearest": "{sentence}；相近的：{names}",
        "surplus": "多出了 {names}",
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
        "unknown_command": "there is no command '{name}'",
        "unknown_option": "there is no option {name}",
        "nearest": "{sentence}; like it: {names}",
        "surplus": "nothing takes {names}",
        "missing_argument": "the argument {name} is missing",
        "missing_option": "the option {name} is missing",
        "value_needed": "{name} needs a value",
        "value_refused": "{name} takes no value",
        "bad_value": "{name}: {reason}",
        "not_whole": "'{value}' is not a whole number",
        "not_between": "'{value}' is not a whole number from {low} to {high}",
        "too_small": "'{value}' is not a whole number from {low} upwards",
        "no_choice": "'{value}' is none of {choices}",
        "usage": "{command} --help shows what can be typed",
    },
}


class UnknownCommandError(typer.BadParameter):
    """No command has the name that was typed."""

    def __init__(self, name: str, known: Iterable[str], ctx: Any) -> None:  # noqa: ANN401
        super().__init__(name, ctx)
        self.known = tuple(known)


class SurplusArgumentsError(typer.BadParameter):
    """More arguments were typed than the command takes."""

    def __init__(self, surplus: Sequence[str], ctx: Any) -> None:  # noqa: ANN401
        super().__init__(" ".join(surplus), ctx)


def typed_language(arguments: Sequence[str]) -> Lang:
    """Return the language that the command line asks for, else that of the locale.

    Looked up in the words typed, as they may stand behind what the parser stopped at.
    """
    language = default_language()
    for word, following in zip(arguments, [*arguments[1:], ""], strict=True):
        flag, _, value = word.partition("=")
        if flag == "--lang":
            value = value or following
            if value in set(Lang):
                language = Lang(value)
    return language


def usage_error_text(error: typer.TyperException, language: Lang) -> str:
    """Return two lines: what is wrong, and how to see what can be typed."""
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "reportgen"
    wrong = _printable(_sentence(error, SENTENCES[language.value]))
    usage = SENTENCES[language.value]["usage"].format(command=command)
    return f"{command}: {wrong}\n{usage}"


def _sentence(error: Any, words: dict[str, str]) -> str:  # noqa: ANN401 - the parser's own classes
    match type(error).__name__:
        case "UnknownCommandError":
            sentence = words["unknown_command"].format(name=error.message)
            nearest = get_close_matches(error.message, error.known)
            return _with_nearest(sentence, [f"'{name}'" for name in nearest], words)
        case "SurplusArgumentsError":
            return words["surplus"].format(names=error.message)
        case "NoSuchOption":
            sentence = words["unknown_option"].format(name=error.option_name)
            return _with_nearest(sentence, sorted(error.possibilities or ()), words)
        case "MissingParameter":
            kind = (
                "missing_option" if error.param.param_type_name == "option" else "missing_argument"
            )
            return words[kind].format(name=_typed_name(error.param))
        case "BadOptionUsage":
            return _value_sentence(error, words)
        case "BadParameter":
            return _bad_value(error, words)
    return str(error.format_message())


def _with_nearest(sentence: str, names: Sequence[str], words: dict[str, str]) -> str:
    if not names:
        return sentence
    return words["nearest"].format(sentence=sentence, names="、".join(names))


def _value_sentence(error: Any, words: dict[str, str]) -> str:  # noqa: ANN401
    """Return that an option lacks its value, or that it has one and takes none."""
    for parameter in error.ctx.command.params:
        if error.option_name in parameter.opts and parameter.is_flag:
            return words["value_refused"].format(name=error.option_name)
    return words["value_needed"].format(name=error.option_name)


def _bad_value(error: Any, words: dict[str, str]) -> str:  # noqa: ANN401
    """Return what is wrong with a value: as its type says, or in the words of the handler."""
    if error.param is not None:
        name = _typed_name(error.param)
        return words["bad_value"].format(name=name, reason=_reason(error, words))
    if error.param_hint is not None:
        return words["bad_value"].format(name=error.param_hint, reason=error.message)
    return str(error.message)


def _reason(error: Any, words: dict[str, str]) -> str:  # noqa: ANN401
    """Return why a value is not of its parameter's type, from what the parameter takes."""
    described = error.param.type_descriptor
    if error.__cause__ is None:
        return str(error.message)
    value = error.__cause__.errors()[0]["input"]
    if described.choices is not None:
        return words["no_choice"].format(value=value, choices="、".join(described.choices))
    low, high = error.param.min, error.param.max
    if high is not None:
        return words["not_between"].format(value=value, low=low, high=high)
    if low is not None:
        return words["too_small"].format(value=value, low=low)
    if described.annotation is int:
        return words["not_whole"].format(value=value)
    return str(error.message)


def _typed_name(parameter: Any) -> str:  # noqa: ANN401
    """Return what a person types for a parameter: the flag of an option, an argument's name."""
    if parameter.param_type_name == "option":
        return str(parameter.opts[0])
    return str(parameter.name)


def _printable(text: str) -> str:
    """Return `text` with what cannot be seen made visible."""
    return "".join(char if char.isprintable() else f"<U+{ord(char):04X}>" for char in text)


def print_usage_error(error: typer.TyperException) -> None:
    """Print what is wrong with the command line, beside the output."""
    print(usage_error_text(error, typed_language(sys.argv[1:])), file=sys.stderr)
