"""A data file as a merge sees it: its items, and the lines of each with its comments."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from operator import itemgetter
from typing import NamedTuple

from reportgen.model.frozen import frozen
from reportgen.model.source import SourceSpan
from reportgen.project import yaml_nodes
from reportgen.project.syntax_hints import BREAK
from reportgen.project.yaml_editor import YamlEditor
from reportgen.project.yaml_nodes import Scalar, YamlNode
from reportgen.project.yaml_reader import read_yaml

_DASH = re.compile(r" *-(?: +|$)")
_DASH_ALONE = re.compile(r" *-[ \t]*(?:#.*)?")


class CannotMergeError(Exception):
    """What both sides changed is written so differently that it cannot be put together."""


@frozen
class MergeItem:
    """An entry of a group or a row of a list.

    It takes the lines from `lead`, where the comments above it begin, over `head`, where its key or
    dash stands in `column`, to `end`. In braces, and behind the dash of a row, it has no lines of
    its own: these are 0.
    """

    key: str
    node: YamlNode
    name: SourceSpan | None = None
    column: int = 0
    lead: int = 0
    head: int = 0
    end: int = 0

    @property
    def line(self) -> int:
        """Return the line of its key or dash, 0 for a whole file."""
        return self.head or (self.name.line if self.name else 0)

    @property
    def says(self) -> Said:
        """Return what its value says."""
        return data_of(self.node)

    @property
    def is_list(self) -> bool:
        """Return whether it holds rows."""
        return isinstance(self.node, yaml_nodes.Sequence)


class CommentPlace(NamedTuple):
    """A comment behind a value, or where one can stand: its line, 0 where none can."""

    line: int
    column: int
    text: str


_NO_COMMENT = CommentPlace(0, 0, "")


class MergeSide:
    """One of the three texts with its nodes, and where they stand in it."""

    def __init__(self, text: str, root: YamlNode) -> None:
        self.text = text
        self.root = root
        self.lines = BREAK.split(text)
        self.editor = YamlEditor({"": text})

    def is_block(self, node: YamlNode) -> bool:
        """Return whether a group or list stands on lines of its own."""
        return not isinstance(node, Scalar) and not self.editor.is_flow(node)

    def is_empty(self, node: YamlNode) -> bool:
        """Return whether a value is left blank, or a group or list written without anything."""
        return node.blank if isinstance(node, Scalar) else not any(parts_of(node))

    def end(self, item: MergeItem) -> int:
        """Return the last line of an item."""
        return max(self.editor.last_line(item.node), item.line)

    def is_one_line(self, item: MergeItem) -> bool:
        """Return whether the value of an item begins and ends in one line, that of its key."""
        return not self.is_block(item.node) and self.end(item) == item.node.span.line

    def items(self, of: MergeItem | None) -> list[MergeItem]:
        """Return what a group or list holds."""
        items: list[MergeItem] = []
        after = of.line if of else 0
        block = of is not None and self.is_block(of.node)
        for item in parts_of(of.node if of else None):
            placed = self._placed(item, after) if block else item
            after = max(after, self.end(placed))
            items.append(placed)
        return items

    def _placed(self, item: MergeItem, after: int) -> MergeItem:
        """Return an item with its lines, which follow line `after`."""
        span = item.name or item.node.span
        before = self.lines[span.line - 1][: span.column - 1]
        if item.name is None:
            line, column = self._dash(span.line, before, after)
        elif before.strip():
            return item  # behind the dash of its row
        else:
            line, column = span.line, span.column
        end = max(line, self.end(item))
        return MergeItem(item.key, item.node, item.name, column, after + 1, line, end)

    def _dash(self, line: int, before: str, after: int) -> tuple[int, int]:
        """Return the line of the dash of a row, and its column."""
        while not before.strip() and line - 1 > after:
            line -= 1
            before = self.lines[line - 1]
        if not (_DASH.fullmatch(before) or _DASH_ALONE.fullmatch(before)):
            raise CannotMergeError
        return line, before.index("-") + 1

    def moved_lines(self, first: int, end: int, by: int) -> list[str]:
        """Return the lines from `first` to before `end`, moved to the right, or left if below 0."""
        return [moved(line, by) for line in self.lines[first - 1 : end - 1]]

    def chunk(self, item: MergeItem | None) -> list[str]:
        """Return all lines of an item, from the first column on."""
        return self.moved_lines(item.lead, item.end + 1, 1 - item.column) if item else []

    def above(self, item: MergeItem | None) -> list[str]:
        """Return the comments above an item, from the first column on."""
        return self.moved_lines(item.lead, item.head, 1 - item.column) if item else []

    @property
    def whole(self) -> MergeItem:
        """Return all that stands in it as one item."""
        return MergeItem("", self.root)

    @property
    def below(self) -> MergeItem:
        """Return the lines below the last value, as those above an item at the end."""
        last, end = self.editor.last_line(self.root), len(self.lines)
        return MergeItem("", self.root, None, 1, last + 1, end, end)

    def one_line(self, node: YamlNode) -> str:
        """Return a value as it can stand in braces; raises `CannotMergeError` where it cannot.

        Nothing on lines of its own can that has comments.
        """
        first, last = node.span.line, self.editor.last_line(node)
        if self.is_block(node) and "#" in "".join(self.lines[first - 1 : last]):
            raise CannotMergeError
        if not isinstance(node, Scalar):
            return in_braces(node, map(self.pair, parts_of(node)))
        text = self.editor.written(node.span)
        if BREAK.search(text):
            raise CannotMergeError
        return text

    def pair(self, item: MergeItem) -> str:
        """Return an entry or a row as it can stand in braces."""
        return self.labelled(item, self.one_line(item.node))

    def labelled(self, item: MergeItem, value: str) -> str:
        """Return a value behind the key of its item, if that has one."""
        return f"{self.editor.written(item.name)}: {value}" if item.name else value

    def said(self, item: MergeItem | None) -> str:
        """Return a value for a message: of several lines the first."""
        return BREAK.split(self.editor.written(item.node.span))[0] if item else "—"

    def comment(self, item: MergeItem | None) -> CommentPlace:
        """Return the comment behind the value of an item, or behind the key of a group.

        There is none behind rows and texts of several lines.
        """
        span = self._before_comment(item) if item else None
        if span is None:
            return _NO_COMMENT
        rest = self.lines[span.end_line - 1][span.end_column - 1 :]
        text = rest.strip() if rest.lstrip().startswith("#") else ""
        column = span.end_column + len(rest) - len(rest.lstrip())
        return CommentPlace(span.end_line, column, text)

    def _before_comment(self, item: MergeItem) -> SourceSpan | None:
        if self.is_block(item.node):
            return (
                item.name.shifted(0, item.name.end_column + 1 - item.name.column)
                if item.name
                else None
            )
        is_text_block = self.editor.written(item.node.span).startswith(("|", ">"))
        return None if is_text_block else item.node.span


def comment_of_both(old: str, own: str, other: str) -> str:
    """Return what comes of two comments; one that was taken away stays if the other changed."""
    if other in {own, old}:
        return own
    if own == old:
        return other
    return "  ".join(filter(None, (own, other)))


def read_side(text: str | None) -> MergeSide | None:
    """Return a text that can be read, with a line feed at its end."""
    if text is None:
        return None
    whole = text if text.endswith("\n") else f"{text}\n"
    root, problems = read_yaml("", whole)
    if root is None or any(problem.severity == "error" for problem in problems):
        return None
    return MergeSide(whole, root)


def in_braces(node: YamlNode, parts: Iterable[str]) -> str:
    """Return parts in the brackets of a list, or the braces of a group."""
    joined = ", ".join(filter(None, parts))
    return f"[{joined}]" if isinstance(node, yaml_nodes.Sequence) else f"{{{joined}}}"


def moved(line: str, by: int) -> str:
    """Return a line with so many more spaces before it, or as many fewer as there are."""
    if by < 0:
        return line[min(-by, len(line) - len(line.lstrip(" "))) :]
    return " " * by + line if line else line


def parts_of(node: YamlNode | None) -> Iterator[MergeItem]:
    """Yield the entries of a group or the rows of a list; a value has none."""
    if isinstance(node, yaml_nodes.Mapping):
        for entry in node.entries:
            yield MergeItem(entry.key, entry.value, entry.span)
    elif isinstance(node, yaml_nodes.Sequence):
        for row in node.items:
            yield MergeItem("", row)


_KEY = itemgetter(0)
Said = tuple[object, ...] | str | None


def data_of(node: YamlNode) -> Said:
    """Return what a value says, whatever its style and the order of its keys; None for nothing."""
    if isinstance(node, Scalar):
        return None if node.blank else node.text
    said = [part for part in map(_said, parts_of(node)) if part[1] is not None]
    return tuple(sorted(said, key=_KEY)) or None


def _said(item: MergeItem) -> tuple[str, Said]:
    return item.key, item.says
