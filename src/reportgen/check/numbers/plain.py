"""Numbers that are no figures: dates, document numbers, names, list numbers and the like."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import resources

import yaml

from reportgen.language.numbers import WrittenNumber
from reportgen.language.numerals import CHARACTERS

_ABBREVIATIONS = {"{n}": f"[{CHARACTERS}]+", "{d}": "[0-9]+", "{y}": "(?:19|20)[0-9]{2}"}


@dataclass(frozen=True, slots=True)
class PlainRule:
    """A kind of number that is no figure: what it looks like, what it is called and why."""

    id: str
    title: str
    reason: str
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class PlainStretch:
    """A stretch of text from `start` to `end` that `rule` is about."""

    start: int
    end: int
    rule: PlainRule


def _read_rules() -> tuple[PlainRule, ...]:
    text = resources.files("reportgen.check.numbers").joinpath("rules.yaml").read_text("utf-8")
    rules: list[PlainRule] = []
    for entry in yaml.load(text, Loader=yaml.CSafeLoader)["rules"]:
        pattern = _compiled(entry["pattern"])
        rules.append(PlainRule(entry["id"], entry["title"], entry["reason"], pattern))
    return tuple(rules)


def _compiled(pattern: str) -> re.Pattern[str]:
    for name, meaning in _ABBREVIATIONS.items():
        pattern = pattern.replace(name, meaning)
    return re.compile(pattern, re.MULTILINE)


RULES = _read_rules()
"""Every rule of plain numbers (dates, document numbers, names …), in the order of the table."""


def plain_stretches(text: str) -> tuple[PlainStretch, ...]:
    """Return every stretch of `text` in which numbers are plain, by rule."""
    stretches: list[PlainStretch] = []
    for rule in RULES:
        stretches += [PlainStretch(*match.span(), rule) for match in rule.pattern.finditer(text)]
    return tuple(stretches)


def covering(stretches: Iterable[PlainStretch], number: WrittenNumber) -> PlainStretch | None:
    """Return the plain stretch in which the number stands, without the words around it."""
    for stretch in stretches:
        if stretch.start <= number.body < stretch.end:
            return stretch
    return None
