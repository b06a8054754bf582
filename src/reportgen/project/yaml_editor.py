"""Changes YAML files as texts: what is not changed stays byte for byte as its author left it.

The nodes of a file know the spans of the text that they were read from, so a change is other text
in the place of a span, and a diff shows the change and nothing else. (A round trip through
ruamel.yaml changes 38 lines of the files of the six reports that nobody touched.)

New keys and rows are written in the style of those around them: in braces or on lines of their
own, with the same margin.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from collections.abc import Mapping as Mappings
from dataclasses import dataclass

from reportgen.model.source import SourceSpan
from reportgen.project.syntax_hints import BREAK
from reportgen.project.yaml_nodes import Mapping, MappingEntry, Scalar, Sequence, YamlNode

_PLAIN = re.compile(r"[^\W_]([^:#\[\]{},&*!|>'\"%@`\\]*[^\s:#\[\]{},&*!|>'\"%@`\\])?")
_NUMBER = re.compile(r"[-+]?[\d.,_]+(?:[eE][-+]?\d+)?")
"""What YAML itself would take for a number where a text is meant."""
_WORDS = {"true", "false", "yes", "no", "on", "off", "null", "~", "是", "否"}

KeyText = tuple[str, str]
"""A key and the YAML text of its value."""


def yaml_text(text: str, *, quoted: bool = False) -> str:
    """Return `text`, one line, as a YAML scalar that is read back as this text, in braces too."""
    is_plain = _PLAIN.fullmatch(text) and not _NUMBER.fullmatch(text)
    if is_plain and not quoted and text.lower() not in _WORDS:
        return text
    return "'" + text.replace("'", "''") + "'"


_ABOVE, _VALUE, _KEY, _LINE, _APPENDED, _REMOVED = range(6)
"""Order of the edits at one place: lines come above what takes the place of the line there, a blank
value is filled before a key or a line follows it, and what goes begins behind them."""


@dataclass(frozen=True, slots=True, order=True)
class _Edit:
    """`text` in the place of the characters from `start` to `end`, which count from 0."""

    start: int
    rank: int
    number: int
    end: int
    text: str

    @property
    def is_blank_value(self) -> bool:
        """Return whether it takes a value away and puts none in its place."""
        return self.rank == _VALUE and not self.text


class YamlEditor:
    """The texts of files by path, and the edits that they are to get.

    Every span means the text as it was given: edits do not move the places of other edits.
    """

    def __init__(self, texts: Mappings[str, str]) -> None:
        self._texts = texts
        self._edits: dict[str, dict[object, _Edit]] = {}
        self._lines: dict[str, tuple[tuple[int, int], ...]] = {}

    def result(self) -> dict[str, str]:
        """Return the files that change, with their new text."""
        changed: dict[str, str] = {}
        for path in self._edits:
            text = self.edited(path)
            if text != self._texts.get(path):
                changed[path] = text
        return changed

    def edited(self, path: str) -> str:
        """Return the text of a file with the edits that it gets."""
        text = self._texts.get(path, "")
        pieces: list[str] = []
        done = 0
        for edit in sorted(self._edits.get(path, {}).values()):
            if edit.start < done:
                raise ValueError(f"{path}: two edits of the same characters")
            before = text[done : edit.start]
            if edit.is_blank_value and text[edit.end : edit.end + 1] in {"", "\n"}:
                before = before.removesuffix(" ")  # no space is left at the end of a line
            pieces += (before, edit.text)
            done = edit.end
        return "".join((*pieces, text[done:]))

    def replace(self, span: SourceSpan, text: str) -> None:
        """Put `text` in the place of `span`; what spans several lines stays as it is.

        Of two texts for one place the later holds.
        """
        if span.end_line == span.line:
            self._put(span.path, self._start(span), self._end(span), text)

    def set_value(self, scalar: Scalar, text: str) -> None:
        """Put `text` in the place of a value; a blank one gets a space before it if need be.

        Without a text the value is blank; at the end of a line no space is left before it.
        """
        span, text_there = scalar.span, self._texts[scalar.span.path]
        start = self._start(span)
        end = start + len(self.written(span))
        before = text_there[start - 1 : start]
        new = text if before in {"", " ", "\n"} else f" {text}"
        self._put(span.path, start, end, new)

    def add_keys(self, group: Mapping, keys: Iterable[KeyText], order: Iterable[str]) -> None:
        """Add `keys` to a group: each before the first of the keys that follow it in `order`."""
        ranks = {key: rank for rank, key in enumerate(order)}
        last = len(ranks)
        appended: list[str] = []
        for key, text in sorted(keys, key=lambda pair: ranks.get(pair[0], last)):
            following = _first_after(group, ranks, ranks.get(key, last))
            if following is None:
                appended.append(f"{key}: {text}")
            else:
                self._put_before(following, f"{key}: {text}", flow=self.is_flow(group))
        if appended:
            self._append_keys(group, appended)

    def add_row(self, row: Mapping, keys: Iterable[KeyText], comment: str = "") -> None:
        """Add a row with `keys` to a list, below `row` and in its style, `comment` in its line."""
        pairs = [f"{key}: {text}" for key, text in keys]
        if self.is_flow(row):
            self.add_below(row, f"{self._before(row.span)}{{{', '.join(pairs)}}}{comment}")
            return
        pairs[0] += comment
        span = row.entries[0].span
        block = _block(" " * (span.column - 1), pairs)
        self.add_below(row, self._before(span) + block.lstrip(" "))

    def add_items(self, items: Sequence, texts: Iterable[str]) -> None:
        """Add items, each the YAML text of one line, at the end of a list."""
        if items.items and self.is_flow(items):
            at = self._end(items.items[-1].span)
            self._put(items.span.path, at, at, "".join(f", {text}" for text in texts), _KEY)
        elif items.items:
            before = self._before(items.items[-1].span)
            self.add_below(items.items[-1], "\n".join(f"{before}{text}" for text in texts))
        else:
            line = self._before(items.span)
            margin = " " * (len(line) - len(line.lstrip(" ")) + 2)
            start = self._start(items.span) - (len(line) - len(line.rstrip(" ")))
            added = "".join(f"\n{margin}- {text}" for text in texts)
            self._put(items.span.path, start, self._end(items.span), added)

    def remove_item(self, item: YamlNode) -> bool:
        """Take an item out of its list with its lines; return whether it has lines of its own."""
        if self._before(item.span).strip() != "-":
            return False
        path, last = item.span.path, self.last_line(item)
        start, end = self._line(path, item.span.line)[0], self._line(path, last)[1]
        self._put(path, max(start - 1, 0), end, "", _REMOVED)
        return True

    def append(self, path: str, text: str) -> None:
        """Add `text`, whole lines, at the end of a file, which need not exist."""
        old = self._texts.get(path, "")
        first = all(edit.rank != _APPENDED for edit in self._edits.get(path, {}).values())
        gap = "\n" if first and old and not old.endswith("\n") else ""
        self._put(path, len(old), len(old), gap + text, _APPENDED)

    def append_to_line(self, path: str, line: int, text: str) -> None:
        """Add `text` at the end of a line, which counts from 1."""
        _, end = self._line(path, line)
        self._put(path, end, end, text, _LINE)

    def add_below(self, node: YamlNode, text: str) -> None:
        """Add lines below the last line of `node`."""
        self.append_to_line(node.span.path, self.last_line(node), f"\n{text}")

    def put_lines(self, path: str, first: int, count: int, lines: Iterable[str]) -> None:
        """Put whole `lines` in the place of `count` lines from `first` on, or above it for none.

        The file ends with a line break.
        """
        start, (end, _) = self._line(path, first)[0], self._line(path, first + count)
        text = "".join(f"{line}\n" for line in lines)
        self._put(path, start, end, text, _VALUE if count else _ABOVE)

    def is_flow(self, node: YamlNode) -> bool:
        """Return whether a group or list is written in brackets."""
        start = self._start(node.span)
        return self._texts[node.span.path][start : start + 1] in {"{", "["}

    def _put_before(self, entry: MappingEntry, pair: str, *, flow: bool) -> None:
        start = self._start(entry.span)
        margin = "\n" + " " * (entry.span.column - 1)
        text = f"{pair}, " if flow else pair.rstrip() + margin
        self._put(entry.span.path, start, start, text, _KEY)

    def _append_keys(self, group: Mapping, pairs: list[str]) -> None:
        """Add keys at the end of a group."""
        if not self.is_flow(group):
            margin = " " * (group.entries[0].span.column - 1)
            self.add_below(group, _block(margin, pairs))
            return
        if group.entries:
            at = self._end(group.entries[-1].value.span)
            pairs = ["", *pairs]
        else:
            at = self._start(group.span) + 1
        self._put(group.span.path, at, at, ", ".join(pairs), _KEY)

    def last_line(self, node: YamlNode) -> int:
        """Return the line where the last value in `node` ends; brackets end a group in them."""
        values: tuple[YamlNode, ...] = ()
        if isinstance(node, Mapping):
            values = tuple(entry.value for entry in node.entries)
        elif isinstance(node, Sequence):
            values = node.items
        if values and not self.is_flow(node):
            return self.last_line(values[-1])
        return node.span.line + len(BREAK.findall(self.written(node.span)))

    def written(self, span: SourceSpan) -> str:
        """Return the text at a span, without the line breaks that end a block text."""
        return self._texts[span.path][self._start(span) : self._end(span)].rstrip()

    def _before(self, span: SourceSpan) -> str:
        """Return what stands before `span` in its line: the margin and dash of a row."""
        start, _ = self._line(span.path, span.line)
        return self._texts[span.path][start : self._start(span)]

    def _start(self, span: SourceSpan) -> int:
        return self._line(span.path, span.line)[0] + span.column - 1

    def _end(self, span: SourceSpan) -> int:
        return self._line(span.path, span.end_line)[0] + span.end_column - 1

    def _line(self, path: str, line: int) -> tuple[int, int]:
        """Return where a line starts and where it ends, without its line break."""
        if path not in self._lines:
            self._lines[path] = tuple(_line_bounds(self._texts[path]))
        return self._lines[path][line - 1]

    def _put(self, path: str, start: int, end: int, text: str, rank: int = _VALUE) -> None:
        edits = self._edits.setdefault(path, {})
        number = len(edits)
        place = (start, end) if rank == _VALUE else number
        edits[place] = _Edit(start, rank, number, end, text)


def _line_bounds(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for line_break in BREAK.finditer(text):
        yield start, line_break.start()
        start = line_break.end()
    yield start, len(text)


def _first_after(group: Mapping, ranks: Mappings[str, int], rank: int) -> MappingEntry | None:
    """Return the first entry of a group whose key has a higher rank than `rank`."""
    for entry in group.entries:
        if ranks.get(entry.key, -1) > rank:
            return entry
    return None


def _block(margin: str, pairs: Iterable[str]) -> str:
    """Return keys with their values on lines of their own."""
    return "\n".join(f"{margin}{pair}".rstrip() for pair in pairs)
