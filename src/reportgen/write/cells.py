"""Cells as the PDF template takes them: what most of them need is a text.

A large table is thousands of short texts. They go to Typst bare, or with their alignment
alone: what the template works out for a cell costs as much as setting it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import ceil
from typing import Any

from reportgen.write.data import Data

_WORD = re.compile(r"[!-~]+")
_UPRIGHT = re.compile(r"[!-~]+|\S")
_LETTER = 0.55
"""Width of a Western character, in Chinese ones, about."""
_ZERO_WIDTH_SPACE = "\u200b"
_NEEDS = ("breaks", "indent", "open_above", "open_below")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the grid: its width in Chinese characters, and where most of its texts stand."""

    width: float
    side: str


def lines_filled(cell: Data, columns: list[Column]) -> int:
    """Return how many lines the text of `cell` fills, about."""
    width = _room(cell, columns)
    return sum(max(1, ceil(_width(_plain(line)) / width)) for line in cell["lines"])


def ready(cell: Data, columns: list[Column]) -> str | Data:
    """Return `cell` as the template takes it: a text, an aligned text, or all it needs."""
    letters = int(_room(cell, columns) / _LETTER)
    side = cell.get("align", "left")
    lines = [_merged(line, letters) for line in cell["lines"]]
    needs = {key: cell[key] for key in _NEEDS if cell.get(key)}
    if "colspan" in cell or "rowspan" in cell:
        needs |= {"colspan": cell.get("colspan", 1), "rowspan": cell.get("rowspan", 1)}
    if cell.get("header") == "col":
        needs["head"] = True
    if cell.get("vertical"):
        characters = [[part] for line in lines for part in _UPRIGHT.findall(_plain(line))]
        return needs | {"align": "center", "lines": characters}
    if needs or len(lines) > 1 or any(not isinstance(part, str) for line in lines for part in line):
        return needs | {"align": side, "lines": lines}
    text = _plain(lines[0]) if lines else ""
    return text if side == columns[cell["x"]].side else {"align": side, "text": text}


def _room(cell: Data, columns: list[Column]) -> float:
    """Return how many Chinese characters a line of `cell` holds."""
    x = cell["x"]
    if "colspan" not in cell:
        return columns[x].width
    return sum(column.width for column in columns[x : x + cell["colspan"]])


def _merged(inlines: list[Any], letters: int) -> list[Any]:
    """Return `inlines` with figures as text, and texts that follow each other as one.

    A word of more than `letters` is too long for its cell: it may break anywhere.
    """
    merged: list[Any] = []
    for inline in inlines:
        part = inline if isinstance(inline, str) else inline.get("text", inline)
        if not isinstance(part, str):
            inner = {"inlines": _merged(part["inlines"], letters)} if "inlines" in part else {}
            merged.append({**part, **inner})
        elif merged and isinstance(merged[-1], str):
            merged[-1] += part
        else:
            merged.append(part)
    return [_breakable(part, letters) if isinstance(part, str) else part for part in merged]


def _breakable(text: str, letters: int) -> str:
    """Return `text` with places to break in words of more than `letters`."""
    if len(text) <= letters:
        return text
    return _WORD.sub(
        lambda word: _ZERO_WIDTH_SPACE.join(word[0]) if len(word[0]) > letters else word[0], text
    )


def _plain(inlines: list[Any]) -> str:
    """Return the text of `inlines`."""
    return "".join(
        [
            part if isinstance(part, str) else part.get("text") or _plain(part.get("inlines", []))
            for part in inlines
        ]
    )


def _width(text: str) -> float:
    """Return the width of `text` in Chinese characters: a letter is half, by its UTF-8 bytes."""
    return (len(text) + len(text.encode())) / 4
