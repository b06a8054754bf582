"""Rolls the text of a file over to the next year: structure, names and rules stay, amounts go.

Every line that holds something taken over says so in a comment, 待确认, and every line with
something to fill in says 待填; drafters take the words away when they have done it, and
`reportgen.load.unconfirmed` finds those that are left.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import cache
from importlib import resources
from itertools import chain
from typing import Literal

import yaml

from reportgen.load.jsonschema import MODELINE
from reportgen.load.unconfirmed import CONFIRM, FILL
from reportgen.model.figures import Fact
from reportgen.model.frozen import frozen
from reportgen.model.quantity import Quantity, QuantityError, parse_quantity
from reportgen.model.source import SourceSpan
from reportgen.project import yaml_nodes as nodes
from reportgen.project.yaml_editor import YamlEditor
from reportgen.project.yaml_nodes import Scalar, YamlNode
from reportgen.project.yaml_reader import read_yaml

RolloverAction = Literal["keep", "clear", "shift"]

FactsByPlace = dict[tuple[int, int], Fact]
"""The facts of a file by the line and column where their values stand."""

_COMMENT_WITH_YEAR = re.compile(r"\s*#.*(?<!\d)(?:19|20)\d\d(?!\d)")
_COMMENT = re.compile(r"(?:^|\s)#")
_QUOTED = re.compile(r"""(?<![^\s\[{,:])(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*')""")
_TAG = re.compile(r"\{%.*?%\}|\{#.*?#\}|\{\{.*?\}\}", re.DOTALL)


@frozen
class RolloverPlan:
    """What to do with facts by key, which texts are results, which sections go, which are rules."""

    facts: tuple[tuple[str, RolloverAction], ...]
    results: re.Pattern[str]
    dropped: frozenset[str]
    rules: frozenset[str]


@cache
def plan() -> RolloverPlan:
    """Return the plan of rollover.yaml."""
    file = resources.files("reportgen.features.drafting").joinpath("rollover.yaml")
    raw = yaml.load(file.read_text("utf-8"), Loader=yaml.CSafeLoader)
    return RolloverPlan(
        facts=tuple((entry["key"], entry["do"]) for entry in raw["facts"]),
        results=re.compile(raw["results"]),
        dropped=frozenset(raw["dropped"]),
        rules=frozenset(raw["rules"]),
    )


# YAML


def rolled_over(path: str, text: str, facts: FactsByPlace, years: int) -> str:
    """Return `text`, the YAML file at `path`, as it begins `years` later."""
    root, _ = read_yaml(path, text)
    if not isinstance(root, nodes.Mapping):  # no report reads it: nothing but comments, or broken
        root = nodes.Mapping((), SourceSpan(path))
    lines = _with_new_values(path, text, root, facts, years).split("\n")
    for number, words in _notes(text.split("\n"), root, facts).items():
        lines[number - 1] = _with_note(lines[number - 1], words)
    return "\n".join(_without_dropped_sections(lines, root))


def _with_new_values(
    path: str, text: str, root: nodes.Mapping, facts: FactsByPlace, years: int
) -> str:
    """Return `text` with the values of a year cleared and dates moved; it keeps its lines."""
    editor = YamlEditor({path: text})
    for value in _values(root):
        fact = _fact_at(value.scalar, facts)
        text_of_next = _new_value(value, fact, years) if fact else None
        if text_of_next is not None:
            editor.replace(value.scalar.span, text_of_next)
    return editor.edited(path)


def _new_value(value: _PlacedValue, fact: Fact, years: int) -> str | None:
    """Return what is written for a value in the next year, None where it stays."""
    action = _action(fact)
    if action == "clear" and value.after_key:
        return ""
    return _years_later(value.scalar.text, years) if action == "shift" else None


@frozen
class _PlacedValue:
    """A value of a file; one after a key can be left blank, an item of a list cannot."""

    scalar: Scalar
    after_key: bool


def _values(node: YamlNode, *, after_key: bool = False) -> Iterator[_PlacedValue]:
    match node:
        case nodes.Mapping(entries):
            for entry in entries:
                yield from _values(entry.value, after_key=True)
        case nodes.Sequence(items):
            for item in items:
                yield from _values(item)
        case Scalar():
            yield _PlacedValue(node, after_key)


def _fact_at(scalar: Scalar, facts: FactsByPlace) -> Fact | None:
    """Return the fact whose value stands at `scalar`; a blank one states none."""
    if scalar.blank:
        return None
    return facts.get((scalar.start.line, scalar.start.column))


def _action(fact: Fact) -> RolloverAction:
    for pattern, action in plan().facts:
        if fnmatchcase(fact.key, pattern):
            return action
    return "clear" if _is_result(fact.value) else "keep"


def _is_result(value: Quantity | str | None) -> bool:
    """Return whether a value is an amount, a text with an amount, or a place such as 第一."""
    if isinstance(value, Quantity):
        return True
    if not value:
        return False
    if plan().results.fullmatch(value):
        return True
    try:
        return bool(parse_quantity(value).unit.symbol)
    except QuantityError:
        return False


def _years_later(date: str, years: int) -> str:
    """Return an ISO date as many years later; the last of February where that day is none."""
    year, month, day = map(int, date.split("-"))
    try:
        return dt.date(year + years, month, day).isoformat()
    except ValueError:
        return dt.date(year + years, month, 28).isoformat()


def _notes(lines: list[str], root: nodes.Mapping, facts: FactsByPlace) -> dict[int, set[str]]:
    """Return by line what is to be noted there: to confirm, to fill in."""
    notes: dict[int, set[str]] = defaultdict(set)
    for value in _values(root):
        scalar = value.scalar
        fact = _fact_at(scalar, facts)
        if scalar.blank:
            notes[scalar.span.line].add(CONFIRM)
        elif fact is not None:
            notes[_line_of_note(lines, scalar)].add(_note(fact, value))
    no_facts = (_lines_of_pack(root), _lines_of_empty_lists(root), _lines_with_year(lines, root))
    for number in chain.from_iterable(no_facts):
        notes[number].add(CONFIRM)
    return notes


def _note(fact: Fact, value: _PlacedValue) -> str:
    """Return what to note: to confirm, or to fill in, with the typed unit where it goes too."""
    if _action(fact) != "clear":
        return CONFIRM
    if not value.after_key or not isinstance(fact.value, Quantity):
        return FILL
    unit = fact.value.unit.symbol
    return f"{FILL}（{unit}）" if unit and unit in value.scalar.text else FILL


def _line_of_note(lines: list[str], scalar: Scalar) -> int:
    """Return the line to note something on: the last of a quoted text, the first of a block."""
    span = scalar.span
    written = lines[span.line - 1][span.column - 1 :]
    if not scalar.plain and written.startswith(("|", ">")):
        return span.line
    return span.end_line or span.line


def _lines_of_pack(root: nodes.Mapping) -> Iterator[int]:
    """Yield the line that names the pack, which is no fact."""
    for entry in root.entries:
        if entry.key in {"pack", "模板包"}:
            yield entry.span.line


def _lines_of_empty_lists(root: YamlNode) -> Iterator[int]:
    for node in nodes.walk(root):
        if isinstance(node, nodes.Sequence) and not node.items:
            yield node.span.line


def _lines_with_year(lines: list[str], root: YamlNode) -> Iterator[int]:
    """Yield the lines that are nothing but a comment and name a year, which may be over."""
    within_texts = _lines_within_texts(root)
    for number, line in enumerate(lines, 1):
        names_year = _COMMENT_WITH_YEAR.match(line) and not line.startswith(MODELINE)
        if names_year and number not in within_texts:
            yield number


def _lines_within_texts(root: YamlNode) -> set[int]:
    """Return the lines that texts on several lines go on in: # is no comment there."""
    numbers: set[int] = set()
    for value in _values(root):
        span = value.scalar.span
        numbers.update(range(span.line + 1, span.end_line + 1))
    return numbers


def _with_note(line: str, words: set[str]) -> str:
    """Return `line` with `words` in the comment at its end."""
    outside_quotes = _QUOTED.sub(lambda match: "_" * len(match[0]), line)
    between = " " if _COMMENT.search(outside_quotes) else "   # "
    return line.rstrip() + between + "、".join(sorted(words, reverse=True))


def _without_dropped_sections(lines: list[str], root: nodes.Mapping) -> list[str]:
    """Return `lines` without what belongs to the old year; rules get one note above."""
    section_at = {entry.span.line: entry.key for entry in root.entries}
    kept: list[str] = []
    dropping = False
    for number, line in enumerate(lines, 1):
        section = section_at.get(number)
        if section is not None:
            dropping = section in plan().dropped
            _begin_section(kept, section)
        elif line.startswith("#"):
            dropping = False
        if not dropping:
            kept.append(line)
    return kept


def _begin_section(kept: list[str], section: str) -> None:
    """Take the comments above a section away that is dropped; note rules as not confirmed."""
    if section in plan().dropped:
        _drop_comments_at_end(kept)
    elif section in plan().rules:
        kept.append(f"# {CONFIRM}")


def _drop_comments_at_end(lines: list[str]) -> None:
    while lines and lines[-1].startswith("#"):
        lines.pop()


# Markdown


def rolled_over_prose(text: str) -> str:
    """Return `text`, Markdown, each line that prints something noted as not yet confirmed."""
    tags = [_Tag(m.start(), m.end(), prints=m[0].startswith("{{")) for m in _TAG.finditer(text)]
    start = 0
    noted: list[str] = []
    for line in text.split("\n"):
        end = _end_of_printed(text, start, start + len(line), tags)
        noted.append(_with_prose_note(line, end))
        start += len(line) + 1
    return "\n".join(noted)


def _with_prose_note(line: str, end: int | None) -> str:
    """Return a line with a comment at `end` of what it prints, None where it prints nothing."""
    if end is None or CONFIRM in line or FILL in line:
        return line
    return f"{line[:end]}{{# {CONFIRM} #}}{line[end:]}"


@frozen
class _Tag:
    """A tag of a template, from `start` to `end` in its text; {{ … }} prints something."""

    start: int
    end: int
    prints: bool


def _end_of_printed(text: str, start: int, end: int, tags: list[_Tag]) -> int | None:
    """Return how far in the line from `start` to `end` goes what it prints; None if nothing does.

    No tag is broken that goes on in the next line; tags at the end that print nothing, such as
    endfor, follow the place, since they may take away the white space after them.
    """
    last = end
    for tag in reversed(tags):
        if tag.end <= start or tag.start >= last:
            continue
        goes_on = tag.end > end
        prints = tag.prints or text[tag.end : last].strip()
        if prints and not goes_on:
            break
        last = max(tag.start, start)
    printed = text[start:last].rstrip()
    return len(printed) if printed else None
