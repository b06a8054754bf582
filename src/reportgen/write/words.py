"""Inlines as the PDF template takes them: texts as long as can be, long words set apart."""

from __future__ import annotations

import re
from typing import Any

from reportgen.write.data import Data

LETTER = 0.55
"""Width of a Western character, in Chinese ones, about."""
_WORD = re.compile(r"[!-~]+")


def merged(inlines: list[Any], room: float) -> list[Any]:
    """Return `inlines` with figures as text, and texts that follow each other as one.

    A word too long for a line of `room` Chinese characters becomes a `long_word`, which may
    break anywhere; no character is put into it, so that it can be searched and copied.
    """
    parts: list[Any] = []
    for inline in inlines:
        part = inline if isinstance(inline, str) else inline.get("text", inline)
        if not isinstance(part, str):
            inner = {"inlines": merged(part["inlines"], room)} if "inlines" in part else {}
            parts.append({**part, **inner})
        elif parts and isinstance(parts[-1], str):
            parts[-1] += part
        else:
            parts.append(part)
    letters = int(room / LETTER)
    if all(isinstance(part, str) and len(part) <= letters for part in parts):
        return parts
    return [
        piece
        for part in parts
        for piece in (_pieces(part, letters) if isinstance(part, str) else [part])
    ]


def _pieces(text: str, letters: int) -> list[str | Data]:
    """Return `text` with words of more than `letters` set apart."""
    pieces: list[str | Data] = []
    at = 0
    for word in _WORD.finditer(text):
        if len(word[0]) > letters:
            pieces += [text[at : word.start()], {"kind": "long_word", "text": word[0]}]
            at = word.end()
    return [piece for piece in [*pieces, text[at:]] if piece]


def plain(inlines: list[Any]) -> str:
    """Return the text of `inlines`."""
    return "".join(
        [
            part if isinstance(part, str) else part.get("text") or plain(part.get("inlines", []))
            for part in inlines
        ]
    )


def width(text: str) -> float:
    """Return the width of `text` in Chinese characters: a letter is half, by its UTF-8 bytes."""
    return (len(text) + len(text.encode())) / 4
