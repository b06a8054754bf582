"""Edits YAML by its marks: what is not touched stays byte for byte as its author left it.

ruamel.yaml was tried first: a round trip of the files of the six reports changes 38 lines that
nobody touched (spacing inside braces, blanks before comments, folded texts). Marks know where
each value stands, so a change is a splice, and the diff shows the change and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from reportgen.model.source import SourceSpan
from reportgen.project.yaml_nodes import Mapping, Scalar, Sequence, YamlNode


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """A change of a file: `text` in place of the characters from `start` to `end`, from 0.

    `rank` orders insertions at one place.
    """

    path: str
    start: int
    end: int
    rank: int
    text: str


class Pages:
    """The files by path, and the edits they are to get."""

    def __init__(self, texts: dict[str, str]) -> None:
        self.texts = texts
        self.edits: list[Edit] = []
        self._lines: dict[str, list[int]] = {}

    def result(self) -> dict[str, str]:
        """Return the files that change, with their new text."""
        changed: dict[str, str] = {}
        for edit in sorted(self.edits, reverse=True):
            text = changed.get(edit.path, self.texts.get(edit.path, ""))
            changed[edit.path] = text[: edit.start] + edit.text + text[edit.end :]
        return {path: text for path, text in changed.items() if text != self.texts.get(path)}

    def replace(self, scalar: Scalar, text: str) -> None:
        """Put `text` in the place of a value; a blank one gets a space before it if need be."""
        span = scalar.span
        start = self._at(span.path, span.line, span.column)
        end = self._at(span.path, span.end_line, span.end_column)
        before = self.texts[span.path][start - 1 : start]
        self._add(span.path, start, end, text if before in {" ", "\n"} else f" {text}")

    def set_key(self, group: Mapping, key: str, text: str, order: Iterable[str]) -> None:
        """Add `key` to `group`: before the first of the keys that follow it in `order`."""
        later = list(order)
        later = later[later.index(key) + 1 :] if key in later else []
        after = next((entry for entry in group.entries if entry.key in later), None)
        flow = self.is_flow(group)
        if after is not None:
            at = self._at(after.span.path, after.span.line, after.span.column)
            gap = ", " if flow else "\n" + " " * (after.span.column - 1)
            self._add(after.span.path, at, at, f"{key}: {text}{gap}")
        elif flow:
            end = self._at(group.span.path, group.span.end_line, group.span.end_column) - 1
            page = self.texts[group.span.path]
            while page[end - 1] == " ":
                end -= 1
            comma = ", " if group.entries else ""
            self._add(group.span.path, end, end, f"{comma}{key}: {text}")
        else:
            margin = " " * (group.entries[0].span.column - 1)
            self._add_line(group.entries[-1].value, f"{margin}{key}: {text}")

    def add_item(self, item: YamlNode, pairs: Iterable[tuple[str, str]], *, rank: int = 0) -> None:
        """Add a row below the row `item`, in its style."""
        assert isinstance(item, Mapping)
        if self.is_flow(item):
            dash = self._dash(item.span)
            inner = ", ".join(f"{key}: {text}".rstrip() for key, text in pairs)
            self._add_line(item, f"{dash}{{{inner}}}", rank)
            return
        margin = " " * (item.entries[0].span.column - 1)
        lines = [f"{key}: {text}".rstrip() for key, text in pairs]
        first = self._dash(item.entries[0].span) + lines[0]
        self._add_line(item, "\n".join([first, *(margin + line for line in lines[1:])]), rank)

    def append(self, path: str, text: str) -> None:
        """Add `text`, whole lines, at the end of a file, which need not exist."""
        page = self.texts.get(path, "")
        gap = "" if not page or page.endswith("\n") else "\n"
        self._add(path, len(page), len(page), gap + text, len(self.edits))

    def is_flow(self, node: YamlNode) -> bool:
        """Return whether a group or list is written in brackets on one line."""
        at = self._at(node.span.path, node.span.line, node.span.column)
        return self.texts[node.span.path][at : at + 1] in {"{", "["}

    def _dash(self, span: SourceSpan) -> str:
        """Return what stands before the first character of a row: its margin and dash."""
        start = self._at(span.path, span.line, 1)
        return self.texts[span.path][start : start + span.column - 1]

    def _add_line(self, node: YamlNode, text: str, rank: int = 0) -> None:
        """Add a line below the last line of `node`."""
        last = self._last(node)
        page = self.texts[last.path]
        line = last.end_line or last.line
        end = page.find("\n", self._at(last.path, line, 1))
        end = len(page) if end < 0 else end
        self._add(last.path, end, end, f"\n{text}", rank)

    def _last(self, node: YamlNode) -> SourceSpan:
        """Return the mark of the last value written in `node`: only brackets end a group."""
        inner: tuple[YamlNode, ...] = ()
        if isinstance(node, Mapping):
            inner = tuple(entry.value for entry in node.entries)
        elif isinstance(node, Sequence):
            inner = node.items
        return self._last(inner[-1]) if inner and not self.is_flow(node) else node.span

    def _add(self, path: str, start: int, end: int, text: str, rank: int = 0) -> None:
        self.edits.append(Edit(path, start, end, rank, text))

    def _at(self, path: str, line: int, column: int) -> int:
        if path not in self._lines:
            starts = [0]
            for text in self.texts[path].split("\n"):
                starts.append(starts[-1] + len(text) + 1)
            self._lines[path] = starts
        return self._lines[path][line - 1] + column - 1
