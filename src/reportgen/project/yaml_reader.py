"""Reads YAML text into marked nodes; anything wrong with it is a finding at its place.

The events of the C parser are put together here: what its composer would do without a word
(aliases, tags, lists as keys, any depth) is refused where it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Protocol

import yaml

from reportgen.findings import Finding, RelatedLocation, finding
from reportgen.language.characters import codepoint
from reportgen.model.source import SourceSpan
from reportgen.project.syntax_hints import BREAK, GLUED_DASH, diagnosed, syntax_hint
from reportgen.project.yaml_nodes import Mapping, MappingEntry, Scalar, Sequence, YamlNode

MAX_DEPTH = 32
"""Deepest nesting accepted; the schema needs six."""

_GLUED = re.compile(r"[ \t]+(#[^ \t#].*)")

_THOUSANDS = re.compile(r"[0-9][0-9,]*,$")
_REST = re.compile(r"[0-9]{3}(?![0-9])(?:\.[0-9]+)?")


@lru_cache(maxsize=256)
def read_yaml(path: str, text: str) -> tuple[YamlNode | None, tuple[Finding, ...]]:
    """Return the root node of `text`, or None, with findings (L103–L126) at places in `path`.

    The same text is read once: a preview reads all files of a report again when one was saved.
    """
    reader = _Reader(path, text)
    try:
        node = reader.document()
    except yaml.MarkedYAMLError as error:
        # Lines that ran together were the same slip, seen from the other side.
        before = (each for each in reader.findings if each.code != "L129")
        return None, (*before, diagnosed(path, reader.lines, error))
    except yaml.reader.ReaderError as error:
        return None, (_unreadable(path, text, error),)
    except _Refused as refusal:
        return None, (*reader.findings, refusal.finding)
    return node, tuple(reader.findings)


def _unreadable(path: str, text: str, error: yaml.reader.ReaderError) -> Finding:
    before = text.encode()[: error.position].decode("utf-8", "replace")  # it counts bytes
    span = SourceSpan(path, before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1)
    char = text[len(before) : len(before) + 1]
    return finding("L105", span, character=codepoint(char) if char else "?")


class _Refused(Exception):  # noqa: N818 - it ends the reading, its finding is the error
    """What stands here is refused and nothing after it can be read."""

    def __init__(self, found: Finding) -> None:
        super().__init__(found)
        self.finding = found


class _Reader:
    """Turns events into marked nodes, collecting findings."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.lines = BREAK.split(text)
        self.events: Iterator[yaml.Event] = yaml.parse(text, Loader=yaml.CSafeLoader)
        self.findings: list[Finding] = []

    def document(self) -> YamlNode | None:
        root: YamlNode | None = None
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent) and root is not None:
                raise _Refused(finding("L107", self.span(event)))
            if isinstance(event, yaml.NodeEvent):
                root = self.node(event, 0)
        if root is None or _is_nothing(root):
            raise _Refused(finding("L104", SourceSpan(self.path)))
        return root

    def span(self, event: yaml.Event, last: yaml.Event | None = None) -> SourceSpan:
        line, column = _position(event.start_mark)
        end_line, end_column = _position((last or event).end_mark)
        return SourceSpan(self.path, line, column, end_line, end_column)

    def node(self, event: yaml.Event, depth: int) -> YamlNode:
        assert isinstance(event, yaml.NodeEvent)
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            raise _Refused(finding("L108", self.span(event)))
        if getattr(event, "tag", None) is not None:
            span = self.span(event)
            tag = self.rest(span.line, span.column).split(" ", 1)[0]
            self.findings.append(finding("L122", span, tag=tag))
        if depth > MAX_DEPTH:
            raise _Refused(finding("L109", self.span(event), depth=MAX_DEPTH))
        if isinstance(event, yaml.SequenceStartEvent):
            return self.sequence(event, depth)
        if isinstance(event, yaml.MappingStartEvent):
            return self.mapping(event, depth)
        assert isinstance(event, yaml.ScalarEvent)
        return self.scalar(event)

    def rest(self, line: int, column: int) -> str:
        """Return what stands from a place to the end of its line."""
        return self.lines[line - 1][column - 1 :] if line <= len(self.lines) else ""

    def scalar(self, event: yaml.ScalarEvent) -> Scalar:
        span = self.span(event)
        if not event.style:
            self.findings.extend(self.swallowed(span))
            if GLUED_DASH.match(event.value):
                self.findings.append(finding("L130", span.shifted(0)))
        return Scalar(event.value, span, plain=not event.style)

    def swallowed(self, span: SourceSpan) -> Iterator[Finding]:
        """Yield findings for what YAML takes into an unquoted value, or cuts off it."""
        if span.end_line > span.line:
            lines = range(span.line + 1, span.end_line + 1)
            number = next(n for n in lines if self.rest(n, 1).strip(" \t"))
            line = self.rest(number, 1)
            place = SourceSpan(self.path, number)
            yield syntax_hint(place, line) or finding("L129", place.shifted(*_words(line)))
        if glued := _GLUED.match(self.rest(span.end_line, span.end_column)):
            at = SourceSpan(self.path, span.end_line, span.end_column)
            yield finding("L123", at.shifted(glued.start(1), len(glued[1])), comment=glued[1])

    def sequence(self, start: yaml.NodeEvent, depth: int) -> Sequence:
        items: list[YamlNode] = []
        for event in self.events:
            if isinstance(event, yaml.SequenceEndEvent):
                return Sequence(tuple(items), self.span(start, event))
            items.append(self.node(event, depth + 1))
        raise AssertionError("the parser closes what it opens")

    def mapping(self, start: yaml.NodeEvent, depth: int) -> Mapping:
        entries: dict[str, MappingEntry] = {}
        for event in self.events:
            if isinstance(event, yaml.MappingEndEvent):
                return Mapping(tuple(entries.values()), self.span(start, event))
            key = self.node(event, depth + 1)
            value = self.node(next(self.events), depth + 1)
            if not isinstance(key, Scalar):
                raise _Refused(self.not_a_key(start, key))
            if parted := self.parted(key, value):
                self.findings.append(parted)
            elif key.text in entries:
                other = RelatedLocation(entries[key.text].span, "first")
                self.findings.append(finding("L110", key.span, other, key=key.text))
            else:
                entries[key.text] = MappingEntry(key.text, key.span, value)
        raise AssertionError("the parser closes what it opens")

    def parted(self, key: Scalar, value: YamlNode) -> Finding | None:
        """Return L131 for the rest of a number that a comma parts within braces: 3,233.51."""
        end = key.span.column - 1
        ahead = _THOUSANDS.search(self.rest(key.span.line, 1)[:end])
        rest = _REST.match(key.text) if isinstance(value, Scalar) and value.blank else None
        if not (key.plain and ahead and rest):
            return None
        found = ahead[0] + rest[0]
        return finding("L131", key.span.shifted(-len(ahead[0]), len(found)), found=found)

    def not_a_key(self, start: yaml.NodeEvent, key: YamlNode) -> Finding:
        """Return the finding for a list or group as a key, most often an unquoted {{ … }}."""
        at = self.span(start)
        if self.rest(at.line, at.column).startswith("{{"):
            return finding("L120", at.shifted(0, 2), found="{{")
        return finding("L118", key.span, found=self.rest(key.span.line, key.span.column)[:1])


def _words(line: str) -> tuple[int, int]:
    """Return where the words of `line` begin, and how many characters they are."""
    return len(line) - len(line.lstrip()), len(line.strip())


class _Position(Protocol):
    line: int
    column: int


def _position(span: _Position | None) -> tuple[int, int]:
    """Return the line and column of `mark`, from 1."""
    assert span is not None
    return span.line + 1, span.column + 1


def _is_nothing(node: YamlNode) -> bool:
    return isinstance(node, Scalar) and node.blank and not node.text
