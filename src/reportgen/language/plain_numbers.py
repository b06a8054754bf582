"""Numbers that are no figures: dates, document numbers, names, list numbers and the like."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import chain
from operator import attrgetter
from pathlib import Path

import yaml

from reportgen.language.numbers import WrittenNumber
from reportgen.language.numerals import CHARACTERS
from reportgen.model.frozen import frozen

_START = attrgetter("start")
_ABBREVIATIONS = {
    "{n}": f"[{CHARACTERS}]{{1,20}}",
    "{d}": "[0-9]{1,20}",
    "{y}": "(?:19|20)[0-9]{2}",
}
"""What plain_numbers.yaml abbreviates; all of it is of bounded length, so a search is linear."""


@frozen
class PlainRule:
    """A kind of number that is no figure: what it looks like, what it is called and why.

    `kind` says of some what they are: a date, the number of a document, a rank.
    """

    id: str
    title: str
    reason: str
    pattern: re.Pattern[str]
    kind: str = ""


@frozen
class PlainStretch:
    """A stretch of text from `start` to `end` that `rule` is about."""

    start: int
    end: int
    rule: PlainRule


def _read_rules() -> tuple[PlainRule, ...]:
    text = Path(__file__).with_name("plain_numbers.yaml").read_text("utf-8")
    rules: list[PlainRule] = []
    for entry in yaml.load(text, Loader=yaml.CSafeLoader)["rules"]:
        pattern = _compiled(entry["pattern"])
        kind = entry.get("kind", "")
        rules.append(PlainRule(entry["id"], entry["title"], entry["reason"], pattern, kind))
    return tuple(rules)


def _compiled(pattern: str) -> re.Pattern[str]:
    for name, meaning in _ABBREVIATIONS.items():
        pattern = pattern.replace(name, meaning)
    return re.compile(pattern, re.MULTILINE)


RULES = _read_rules()
"""Every rule of plain numbers (dates, document numbers, names …), in the order of the table."""


class PlainStretches:
    """Every stretch of a text in which numbers are plain, by rule."""

    def __init__(self, text: str) -> None:
        self._by_rule: list[list[PlainStretch]] = []
        for rule in RULES:
            found = [PlainStretch(*match.span(), rule) for match in rule.pattern.finditer(text)]
            self._by_rule.append(found)

    def covering(self, number: WrittenNumber) -> PlainStretch | None:
        """Return the plain stretch in which the number stands, without the words around it."""
        for stretches in self._by_rule:
            before = bisect_right(stretches, number.body, key=_START)
            if before and number.body < stretches[before - 1].end:
                return stretches[before - 1]
        return None

    def of_kinds(self) -> Iterator[PlainStretch]:
        """Yield the stretches that are of a kind, but none within one that is of another."""
        taken: list[PlainStretch] = []
        for stretch in chain.from_iterable(self._by_rule):
            if any(other.start < stretch.end and stretch.start < other.end for other in taken):
                continue
            taken.append(stretch)
            if stretch.rule.kind:
                yield stretch
