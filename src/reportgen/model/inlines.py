"""Running text: literal text and printed figures, emphasis and line breaks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """Literal text."""

    text: str


@dataclass(frozen=True, slots=True)
class Value:
    """A printed figure: its text, the number a machine can read, and the figure's key.

    `key` is empty in a public document, which carries no ids.
    """

    text: str
    number: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Strong:
    """Emphasised inlines."""

    inlines: Inlines


@dataclass(frozen=True, slots=True)
class Break:
    """A line break inside a paragraph."""


Inline = Text | Value | Strong | Break
Inlines = tuple[Inline, ...]


def plain(inlines: Inlines) -> str:
    """Return the text of `inlines`; a line break is a newline."""
    parts: list[str] = []
    for inline in inlines:
        match inline:
            case Text(text) | Value(text=text):
                parts.append(text)
            case Strong(inner):
                parts.append(plain(inner))
            case Break():
                parts.append("\n")
    return "".join(parts)


def values(inlines: Inlines) -> Iterator[Value]:
    """Yield the figures printed in `inlines`, in order."""
    for inline in inlines:
        if isinstance(inline, Value):
            yield inline
        elif isinstance(inline, Strong):
            yield from values(inline.inlines)
