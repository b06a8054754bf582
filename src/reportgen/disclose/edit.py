"""Puts other words into lines of inlines, wherever a term begins and ends in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import assert_never

from reportgen.model.document import Break, Inline, Inlines, Strong, Text, Value, plain


@dataclass(frozen=True, slots=True)
class Edit:
    """The words `shown` for what stands from `start` to `end` of the lines read as one text."""

    start: int
    end: int
    shown: str


def joined(lines: tuple[Inlines, ...]) -> str:
    """Return `lines` as the one text whose places edits count."""
    return "\n".join(map(plain, lines))


def edited(text: str, edits: tuple[Edit, ...]) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Return `text` after `edits`, which are in order, and where their words stand in it."""
    parts: list[str] = []
    spans: list[tuple[int, int]] = []
    at = length = 0
    for edit in edits:
        parts += (text[at : edit.start], edit.shown)
        start = length + edit.start - at
        length = start + len(edit.shown)
        spans.append((start, length))
        at = edit.end
    return "".join((*parts, text[at:])), tuple(spans)


def edit_lines(
    lines: tuple[Inlines, ...], edits: tuple[Edit, ...]
) -> tuple[tuple[Inlines, ...], tuple[tuple[Edit, Value], ...]]:
    """Return as many lines after `edits`, and the figures that an edit would cut in two.

    Words for what is split over inlines stand where it begins; line breaks stay. A figure
    that is covered as a whole is a figure no more.
    """
    editor = _Editor(edits)
    result: list[Inlines] = []
    for line in lines:
        result.append(tuple(editor.inlines(line)))
        editor.at += 1
    return tuple(result), tuple(editor.cut)


@dataclass(slots=True)
class _Editor:
    edits: tuple[Edit, ...]
    at: int = 0
    cut: list[tuple[Edit, Value]] = field(default_factory=list)

    def inlines(self, inlines: Inlines) -> Iterator[Inline]:
        for inline in inlines:
            match inline:
                case Text(text):
                    yield from _text(self._text(text), text)
                case Value():
                    yield from self._value(inline)
                case Strong(inner):
                    strong = tuple(self.inlines(inner))
                    if strong or not inner:
                        yield Strong(strong)
                case Break():
                    self.at += 1
                    yield inline
                case _:
                    assert_never(inline)

    def _text(self, text: str) -> str:
        """Return the next piece of text after all edits that reach into it."""
        start, end = self.at, self.at + len(text)
        self.at = end
        parts: list[str] = []
        done = start
        for edit in self._reaching(start, end):
            parts.append(text[done - start : max(edit.start - start, 0)])
            if edit.start >= start:
                parts.append(edit.shown)
            done = min(edit.end, end)
        return "".join((*parts, text[done - start :])) if parts else text

    def _value(self, value: Value) -> Iterator[Inline]:
        start, end = self.at, self.at + len(value.text)
        reaching = self._reaching(start, end)
        text = self._text(value.text)
        if not reaching:
            yield value
        elif reaching[0].start <= start and reaching[0].end >= end:
            yield from _text(text, value.text)
        else:
            if value.number:
                self.cut.extend((edit, value) for edit in reaching)
            yield replace(value, text=text)

    def _reaching(self, start: int, end: int) -> tuple[Edit, ...]:
        return tuple(edit for edit in self.edits if edit.start < end and start < edit.end)


def _text(text: str, before: str) -> Iterator[Inline]:
    """Yield what is left of a text; one that was empty before is as good as it was."""
    if text or not before:
        yield Text(text)
