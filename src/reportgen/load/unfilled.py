"""What is still to be filled in: blanks and empty tables that wait, each where to type it.

A blank waits where its line says 待填 or where the pack requires it; any other is a statement that
there is nothing. What is worked out from one that waits, waits too (`reportgen.derive.ledger`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from reportgen.formula.names import PRIOR, every_row, is_of_last_year
from reportgen.load.fields import (
    PersonalTextField,
    ProseField,
    RequiredProseField,
    RequiredTextField,
    TextField,
)
from reportgen.load.groups import inside, labels, leaf_type
from reportgen.load.schema import ReportFile, ReportingUnit, Year
from reportgen.load.unconfirmed import CONFIRM, FILL, PLACEHOLDER
from reportgen.model.figures import Fact, Facts, Unfilled
from reportgen.model.source import Formula, SourceSpan
from reportgen.project.source_files import SourceFiles
from reportgen.project.yaml_nodes import Mapping, MappingEntry, Sequence, YamlNode
from reportgen.project.yaml_reader import read_yaml

_TO_FILL = re.compile(rf"(?:^|\s)#.*{FILL}(?!写)|{PLACEHOLDER}")
_TO_CONFIRM = re.compile(rf"(?:^|\s)#.*{CONFIRM}")
_GROUPS = {"unit": ReportingUnit, "report": ReportFile}
"""The groups whose facts begin with a word of their own."""
_TEXTS = tuple(
    map(
        leaf_type,
        (TextField, RequiredTextField, ProseField, RequiredProseField, PersonalTextField),
    )
)
_NAMES = {**labels(ReportFile), **labels(Year), **labels(ReportingUnit)}


def with_unfilled(
    facts: Facts,
    files: SourceFiles,
    folders: Iterable[str],
    requires: Iterable[Formula] = (),
    waived: Collection[str] = (),
) -> Facts:
    """Return `facts` that know which of them wait, those too that `requires` names.

    `folders` hold the files that they were typed in. What a pack requires and no file has waits
    at the rule; what is `waived` does not wait.
    """
    lines, empty = _Lines(files, _TO_FILL), _empty_tables(files, folders, facts)
    unfilled = _marked(facts, lines)
    unfilled |= {key: Unfilled(at, "rows") for key, at in empty.items() if lines.hold(at)}
    for key, rule in _required(requires, facts, waived):
        unfilled[key] = _wanted(key, facts, empty) or Unfilled(rule, there=False)
    unconfirmed = _unconfirmed(facts, _Lines(files, _TO_CONFIRM))
    return replace(facts, unfilled=unfilled, unconfirmed=unconfirmed)


def _marked(facts: Facts, lines: _Lines) -> dict[str, Unfilled]:
    """Return the blank facts that stand in `lines`."""
    marked: dict[str, Unfilled] = {}
    for key, fact in facts.facts.items():
        is_there = _is_blank(fact) and not fact.left_out
        if is_there and lines.hold(fact.span):
            marked[key] = _blank(key, fact)
    return marked


def _required(
    requires: Iterable[Formula], facts: Facts, waived: Collection[str]
) -> Iterator[tuple[str, SourceSpan]]:
    """Yield the key of each thing that is required and not there, with the place of the rule."""
    for required in requires:
        for key in every_row(required.text, facts.tables):
            if key not in waived and _is_missing(key, facts):
                yield key, required.span


def _unconfirmed(facts: Facts, lines: _Lines) -> frozenset[str]:
    """Return the keys of what is typed in `lines`."""
    typed = (key for key, fact in facts.facts.items() if not _is_blank(fact))
    return frozenset(key for key in typed if lines.hold(facts.facts[key].span))


def with_unfilled_of_last_year(facts: Facts, last: Facts | None, folder: str) -> Facts:
    """Return `facts` that know which of those required of `last` year wait.

    They do where its files lack them, in the `folder` of that year where there are none.
    """
    unfilled = dict(facts.unfilled)
    for key in filter(is_of_last_year, facts.unfilled):
        del unfilled[key]
        own = key.removeprefix(PRIOR)
        if last is None:
            unfilled[key] = Unfilled(SourceSpan(folder), there=False)
        elif _is_missing(own, last):
            unfilled[key] = _wanted(own, last, {}) or Unfilled(SourceSpan(folder), there=False)
    return replace(facts, unfilled=unfilled)


def _wanted(key: str, facts: Facts, empty: dict[str, SourceSpan]) -> Unfilled | None:
    """Return what is to be filled in of a fact or table that has a place, None of any other."""
    if key in empty:
        return Unfilled(empty[key], "rows")
    fact = facts.facts.get(key)
    return _blank(key, fact) if fact is not None else None


def _blank(key: str, fact: Fact) -> Unfilled:
    """Return what is to be typed for a fact, as far as the schema knows it."""
    leaf, is_there = leaf_type(_annotation(key)), not fact.left_out
    if leaf is None:
        return Unfilled(fact.span, there=is_there)
    if leaf.unit:
        return Unfilled(fact.span, "number", leaf.unit, there=is_there)
    if leaf.is_of_days:
        return Unfilled(fact.span, "day", there=is_there)
    return Unfilled(fact.span, "text" if leaf in _TEXTS else "any", there=is_there)


def _annotation(key: str) -> object:
    """Return the type that the schema has at the key of a fact, None where it has none."""
    first, *parts = key.split(".")
    if first in _GROUPS:
        annotation: object = _GROUPS[first]
    else:
        annotation = inside(Year, first) or inside(ReportFile, first)
    for part in parts:
        annotation = inside(annotation, part) if annotation is not None else None
    return annotation


def _is_blank(fact: Fact) -> bool:
    """Return whether nothing was typed, be it in quotation marks."""
    return fact.value is None or (isinstance(fact.value, str) and not fact.value.strip())


def _is_missing(key: str, facts: Facts) -> bool:
    """Return whether a fact or table is not there or empty."""
    if key in facts.tables:
        return not facts.tables[key]
    fact = facts.facts.get(key)
    return fact is None or _is_blank(fact)


class _Lines:
    """The lines of files, read once, that hold a pattern."""

    def __init__(self, files: SourceFiles, pattern: re.Pattern[str]) -> None:
        self.files = files
        self.pattern = pattern
        self.known: dict[str, frozenset[int]] = {}

    def hold(self, span: SourceSpan) -> bool:
        """Return whether the last line of what stands at `span` holds the pattern."""
        if span.path not in self.known:
            self.known[span.path] = self._holding(span.path)
        return max(span.line, span.end_line) in self.known[span.path]

    def _holding(self, path: str) -> frozenset[int]:
        lines = enumerate((self.files.shown(path) or "").split("\n"), 1)
        return frozenset(number for number, line in lines if self.pattern.search(line))


def _empty_tables(
    files: SourceFiles, folders: Iterable[str], facts: Facts
) -> dict[str, SourceSpan]:
    """Return where the empty tables of `facts` stand, by key."""
    wanted = {key for key, rows in facts.tables.items() if not rows}
    found: dict[str, SourceSpan] = {}
    for folder in folders if wanted else ():
        for path in files.names(folder, ".yaml"):
            found |= _empty_in(path, files)
    return {key: span for key, span in found.items() if key in wanted}


def _empty_in(path: str, files: SourceFiles) -> dict[str, SourceSpan]:
    """Return where the lists without items stand in a file, by the keys of the tables they are."""
    start = "unit." if path.endswith("/unit.yaml") else ""
    root, _ = read_yaml(path, files.shown(path) or "")
    return {start + _name(entry): entry.span for entry in _empty_lists(root)}


def _name(entry: MappingEntry) -> str:
    return _NAMES.get(entry.key, entry.key)


def _empty_lists(node: YamlNode | None) -> Iterator[MappingEntry]:
    """Yield the keys of lists without items, at any depth."""
    for entry in node.entries if isinstance(node, Mapping) else ():
        if isinstance(entry.value, Sequence) and not entry.value.items:
            yield entry
        yield from _empty_lists(entry.value)
