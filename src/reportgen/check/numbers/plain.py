"""The rules of plain numbers: dates, document numbers, names, list numbers and the like."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources

import yaml

from reportgen.model.numerals import CHARACTERS

_PARTS = {"{n}": f"[{CHARACTERS}]+", "{d}": "[0-9]+", "{y}": "(?:19|20)[0-9]{2}"}


@dataclass(frozen=True, slots=True)
class PlainRule:
    """A kind of number that is no figure: what it looks like, what it is called and why."""

    id: str
    title: str
    reason: str
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text from `start` to `end` that `rule` is about."""

    start: int
    end: int
    rule: PlainRule


def _read() -> tuple[PlainRule, ...]:
    text = resources.files("reportgen.check.numbers").joinpath("rules.yaml").read_text("utf-8")
    entries = yaml.load(text, Loader=yaml.CSafeLoader)["rules"]
    return tuple(
        PlainRule(e["id"], e["title"], e["reason"], _compiled(e["pattern"])) for e in entries
    )


def _compiled(pattern: str) -> re.Pattern[str]:
    for name, meaning in _PARTS.items():
        pattern = pattern.replace(name, meaning)
    return re.compile(pattern, re.MULTILINE)


RULES = _read()
"""Every rule, in the order of the table."""


def plain_spans(text: str) -> tuple[Span, ...]:
    """Return every stretch of `text` in which numbers are plain, by rule."""
    return tuple(_spans(text))


def _spans(text: str) -> Iterator[Span]:
    for rule in RULES:
        for match in rule.pattern.finditer(text):
            yield Span(*match.span(), rule)
