"""Running text made ready for Typst: joined texts, words that may break, and how wide they are."""

from __future__ import annotations

import re
from typing import Any

InlineData = list[Any]
"""Running text as plain data: texts, and dicts tagged by `kind`."""

LETTER = 0.55
"""Width of a Western character, in Chinese ones, about."""

_WORD = re.compile(r"[!-~]+")


def merge_texts(inlines: InlineData, room: float) -> InlineData:
    """Return `inlines` with figures as text, and texts that follow each other as one.

    A word too long for a line of `room` Chinese characters becomes a `long_word`, which may
    break anywhere; no character is put into it, so that it can be searched and copied.
    """
    merged: InlineData = []
    for inline in inlines:
        text = inline if isinstance(inline, str) else inline.get("text")
        if text is None:
            merged.append(_with_merged_texts(inline, room))
        elif merged and isinstance(merged[-1], str):
            merged[-1] += text
        else:
            merged.append(text)
    return _with_long_words(merged, int(room / LETTER))


def _with_merged_texts(inline: dict[str, Any], room: float) -> dict[str, Any]:
    """Return emphasis with its texts merged; any other element as it is."""
    if "inlines" not in inline:
        return inline
    return {**inline, "inlines": merge_texts(inline["inlines"], room)}


def _with_long_words(inlines: InlineData, letters: int) -> InlineData:
    """Return `inlines` with the words of more than `letters` set apart."""
    if all(isinstance(inline, str) and len(inline) <= letters for inline in inlines):
        return inlines
    parts: InlineData = []
    for inline in inlines:
        if isinstance(inline, str):
            parts += _split_at_long_words(inline, letters)
        else:
            parts.append(inline)
    return parts


def _split_at_long_words(text: str, letters: int) -> InlineData:
    """Return `text` cut before and after each word of more than `letters`."""
    pieces: InlineData = []
    start = 0
    for word in _WORD.finditer(text):
        if len(word[0]) > letters:
            if word.start() > start:
                pieces.append(text[start : word.start()])
            pieces.append({"kind": "long_word", "text": word[0]})
            start = word.end()
    if start < len(text):
        pieces.append(text[start:])
    return pieces


def plain_text(inlines: InlineData) -> str:
    """Return the text of `inlines`."""
    parts: list[str] = []
    for inline in inlines:
        if isinstance(inline, str):
            parts.append(inline)
        else:
            parts.append(inline.get("text") or plain_text(inline.get("inlines", [])))
    return "".join(parts)


def width(text: str) -> float:
    """Return the width of `text` in Chinese characters: a letter is half, by its UTF-8 bytes."""
    return (len(text) + len(text.encode())) / 4
