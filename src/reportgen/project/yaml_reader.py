"""Reads YAML text into nodes with spans; anything wrong with it is a finding at its place.

The events of the C parser are put together here: what its composer would do without a word
(aliases, tags, lists as keys, any depth) is refused where it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

import yaml

from reportgen.findings import Diagnostics, Finding, RelatedLocation, finding
from reportgen.language.characters import codepoint
from reportgen.model import limits
from reportgen.model.source import SourceSpan
from reportgen.project.syntax_hints import BREAK, GLUED_DASH, syntax_error, syntax_hint
from reportgen.project.yaml_nodes import Mapping, MappingEntry, Scalar, Sequence, YamlNode

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
        # Lines that ran together were the same mistake, seen from the other side.
        before = [problem for problem in reader.log if problem.code != "L129"]
        return None, (*before, syntax_error(path, reader.lines, error))
    except yaml.reader.ReaderError as error:
        return None, (_unreadable(path, text, error),)
    except _RefusedError as refusal:
        return None, (*reader.log, refusal.finding)
    return node, tuple(reader.log)


def _unreadable(path: str, text: str, error: yaml.reader.ReaderError) -> Finding:
    before = text.encode()[: error.position].decode("utf-8", "replace")  # it counts bytes
    span = SourceSpan(path, before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1)
    char = text[len(before) : len(before) + 1]
    return finding("L105", span, character=codepoint(char) if char else "?")


class _RefusedError(Exception):
    """What stands here is refused and nothing after it can be read."""

    def __init__(self, problem: Finding) -> None:
        super().__init__(problem)
        self.finding = problem


class _Reader:
    """Turns events into nodes with spans; what is wrong goes to its log."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.lines = BREAK.split(text)
        self.events: Iterator[yaml.Event] = yaml.parse(text, Loader=yaml.CSafeLoader)
        self.log = Diagnostics()

    def document(self) -> YamlNode:
        root: YamlNode | None = None
        for event in self.events:
            if isinstance(event, yaml.NodeEvent):
                root = self.node(event, 0)
            elif isinstance(event, yaml.DocumentStartEvent) and root is not None:
                raise _RefusedError(finding("L107", self.span(event)))
        if root is None or _is_nothing(root):
            raise _RefusedError(finding("L104", SourceSpan(self.path)))
        return root

    def span(self, event: yaml.Event, last: yaml.Event | None = None) -> SourceSpan:
        """Return the span of an event, or from it to the end of the `last`."""
        start, end = event.start_mark, (last or event).end_mark
        assert start is not None
        assert end is not None
        return SourceSpan(self.path, start.line + 1, start.column + 1, end.line + 1, end.column + 1)

    def node(self, event: yaml.Event, depth: int) -> YamlNode:
        """Return the node that begins with `event`, `depth` groups and lists below the root."""
        self.refuse(event, depth)
        if isinstance(event, yaml.ScalarEvent):
            return self.scalar(event)
        if isinstance(event, yaml.SequenceStartEvent):
            return self.sequence(event, depth)
        assert isinstance(event, yaml.MappingStartEvent)
        return self.mapping(event, depth)

    def refuse(self, event: yaml.Event, depth: int) -> None:
        """Refuse aliases, anchors and what lies too deep; log a tag."""
        assert isinstance(event, yaml.NodeEvent)
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            raise _RefusedError(finding("L108", self.span(event)))
        if getattr(event, "tag", None) is not None:
            span = self.span(event)
            tag = self.rest(span.line, span.column).split(" ", 1)[0]
            self.log.add(finding("L122", span, tag=tag))
        if depth > limits.YAML_DEPTH:
            raise _RefusedError(finding("L109", self.span(event), depth=limits.YAML_DEPTH))

    def rest(self, line: int, column: int) -> str:
        """Return what stands from a place to the end of its line."""
        return self.lines[line - 1][column - 1 :] if line <= len(self.lines) else ""

    def scalar(self, event: yaml.ScalarEvent) -> Scalar:
        span = self.span(event)
        if event.style:
            return Scalar(event.value, span, plain=False)
        if span.end_line > span.line:
            self.log.add(self.running_on(span))
        self.check_comment(span)
        if GLUED_DASH.match(event.value):
            self.log.add(finding("L130", span.shifted(0)))
        return Scalar(event.value, span)

    def running_on(self, span: SourceSpan) -> Finding:
        """Return the finding for the lines that YAML takes into an unquoted value."""
        number = span.line + 1
        while number < span.end_line and not self.rest(number, 1).strip(" \t"):
            number += 1
        line = self.rest(number, 1)
        place = SourceSpan(self.path, number)
        return syntax_hint(place, line) or finding("L129", place.shifted(*_words(line)))

    def check_comment(self, span: SourceSpan) -> None:
        """Log L123 for what YAML cuts off an unquoted value as a comment."""
        rest = self.rest(span.end_line, span.end_column)
        glued = _GLUED.match(rest) if rest else None
        if glued:
            end = SourceSpan(self.path, span.end_line, span.end_column)
            comment = glued[1]
            place = end.shifted(glued.start(1), len(comment))
            self.log.add(finding("L123", place, comment=comment))

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
                raise _RefusedError(self.not_a_key(start, key))
            number = self.parted_number(key, value)
            if number:
                self.log.add(number)
            elif key.text in entries:
                first = RelatedLocation(entries[key.text].span, "first")
                self.log.add(finding("L110", key.span, first, key=key.text))
            else:
                entries[key.text] = MappingEntry(key.text, key.span, value)
        raise AssertionError("the parser closes what it opens")

    def parted_number(self, key: Scalar, value: YamlNode) -> Finding | None:
        """Return L131 for the rest of a number that a comma parts within braces: 3,233.51."""
        rest = _REST.match(key.text) if key.plain else None
        if rest is None or not isinstance(value, Scalar) or not value.blank:
            return None
        ahead = _THOUSANDS.search(self.rest(key.span.line, 1)[: key.span.column - 1])
        if ahead is None:
            return None
        number = ahead[0] + rest[0]
        return finding("L131", key.span.shifted(-len(ahead[0]), len(number)), found=number)

    def not_a_key(self, start: yaml.NodeEvent, key: YamlNode) -> Finding:
        """Return the finding for a list or group as a key, most often an unquoted {{ … }}."""
        at = self.span(start)
        if self.rest(at.line, at.column).startswith("{{"):
            return finding("L120", at.shifted(0, 2), found="{{")
        return finding("L118", key.span, found=self.rest(key.span.line, key.span.column)[:1])


def _words(line: str) -> tuple[int, int]:
    """Return where the words of `line` begin, and how many characters they are."""
    return len(line) - len(line.lstrip()), len(line.strip())


def _is_nothing(node: YamlNode) -> bool:
    return isinstance(node, Scalar) and node.blank and not node.text
