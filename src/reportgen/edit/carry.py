"""Carries a year's file over to the next: structure, names and rules stay, amounts go.

Every line that holds something carried says so in a comment, 待确认, and every line with
something to fill in says 待填; drafters take the words away when they have done it, and
`reportgen.load.unconfirmed` finds those that are left.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from importlib import resources
from typing import Literal

import yaml

from reportgen.load import nodes
from reportgen.load.nodes import Scalar, Sequence
from reportgen.load.unconfirmed import CONFIRM, FILL
from reportgen.load.yaml import read_yaml
from reportgen.model.facts import Fact
from reportgen.model.quantity import Quantity

Action = Literal["keep", "clear", "shift"]


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do with facts by key, which sections are dropped, which are rules."""

    facts: tuple[tuple[str, Action], ...]
    dropped: frozenset[str]
    rules: frozenset[str]


@cache
def plan() -> Plan:
    """Return the plan of carry.yaml."""
    text = resources.files("reportgen.edit").joinpath("carry.yaml").read_text("utf-8")
    raw = yaml.load(text, Loader=yaml.CSafeLoader)
    facts = tuple((entry["key"], entry["do"]) for entry in raw["facts"])
    return Plan(facts, frozenset(raw["dropped"]), frozenset(raw["rules"]))


def carried(path: str, text: str, facts: Mapping[tuple[int, int], Fact], years: int) -> str:
    """Return `text`, the readable YAML file at `path`, as it begins `years` later.

    `facts` are those of the file by the line and column where their values stand.
    """
    lines = text.split("\n")
    node, _ = read_yaml(path, text)
    notes: dict[int, set[str]] = {}
    for entry, scalar in reversed(tuple(_scalars(node))):
        fact = facts.get((scalar.start.line, scalar.start.column))
        if scalar.blank:
            notes.setdefault(scalar.mark.line, set()).add(FILL)
        if scalar.blank or fact is None:
            continue
        action = _action(fact) if entry else "keep"
        notes.setdefault(_last(scalar), set()).add(FILL if action == "clear" else CONFIRM)
        if action == "clear":
            _put(lines, scalar, "")
        elif action == "shift":
            _put(lines, scalar, _later(scalar.text, years))
    _note_pack(node, notes)
    for number, words in notes.items():
        lines[number - 1] = _noted(lines[number - 1], words)
    return "\n".join(_without(lines, node))


def carried_prose(text: str) -> str:
    """Return `text`, Markdown, each line of text marked as not yet confirmed."""
    return "\n".join(_marked(line) for line in text.split("\n"))


def _marked(line: str) -> str:
    bare = line.strip()
    if not bare or bare.startswith(("{%", "{#", "|", "<")) or CONFIRM in bare:
        return line
    return f"{line.rstrip()}{{# {CONFIRM} #}}"


def _scalars(node: nodes.Node | None) -> Iterator[tuple[bool, Scalar]]:
    """Yield every scalar, and whether it stands after a key, so that it can be left blank."""
    match node:
        case nodes.Mapping(entries):
            for entry in entries:
                if isinstance(entry.value, Scalar):
                    yield True, entry.value
                else:
                    yield from _scalars(entry.value)
        case Sequence(items):
            for item in items:
                if isinstance(item, Scalar):
                    yield False, item
                else:
                    yield from _scalars(item)


def _action(fact: Fact) -> Action:
    for pattern, action in plan().facts:
        if fnmatchcase(fact.key, pattern):
            return action
    return "clear" if isinstance(fact.value, Quantity) else "keep"


def _last(scalar: Scalar) -> int:
    """Return the line to mark: the last of a quoted text, the first of a block."""
    end = scalar.mark.end_line or scalar.mark.line
    return end if scalar.mark.end_column > 1 else scalar.mark.line


def _put(lines: list[str], scalar: Scalar, text: str) -> None:
    mark = scalar.mark
    if mark.end_line not in {0, mark.line}:
        return
    line = lines[mark.line - 1]
    lines[mark.line - 1] = line[: mark.column - 1] + text + line[mark.end_column - 1 :]


def _later(date: str, years: int) -> str:
    """Return an ISO date as many years later; the last of February where that day is none."""
    day = dt.date(*(int(part) for part in date.split("-")))
    try:
        return day.replace(year=day.year + years).isoformat()
    except ValueError:
        return day.replace(year=day.year + years, day=28).isoformat()


def _note_pack(node: nodes.Node | None, notes: dict[int, set[str]]) -> None:
    for entry in node.entries if isinstance(node, nodes.Mapping) else ():
        if entry.key in {"pack", "模板包"}:
            notes.setdefault(entry.mark.line, set()).add(CONFIRM)


def _noted(line: str, words: set[str]) -> str:
    """Return `line` with `words` in the comment at its end."""
    told = "、".join(sorted(words, reverse=True))
    found = re.search(r"(^|\s)#", line)
    return f"{line.rstrip()} {told}" if found else f"{line.rstrip()}   # {told}"


def _without(lines: list[str], node: nodes.Node | None) -> list[str]:
    """Return `lines` without what belongs to the old year, rules with a mark above."""
    entries = node.entries if isinstance(node, nodes.Mapping) else ()
    starts = {entry.mark.line: entry.key for entry in entries}
    kept: list[str] = []
    skipping = False
    for number, line in enumerate(lines, 1):
        key = starts.get(number)
        if key is not None:
            skipping = key in plan().dropped
            while skipping and kept and kept[-1].startswith("#"):
                kept.pop()
            if key in plan().rules:
                kept.append(f"# {CONFIRM}")
        elif skipping and line.startswith("#"):
            skipping = False
        if not skipping:
            kept.append(line)
    return kept
