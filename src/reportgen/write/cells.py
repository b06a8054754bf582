"""Cells as the PDF template takes them: what most of them need is a text.

A large table is thousands of short texts. They go to Typst bare, or with their alignment
alone: what the template works out for a cell costs as much as setting it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import ceil

from reportgen.write.data import Data
from reportgen.write.words import merged, plain, width

_UPRIGHT = re.compile(r"[!-~]+|\S")
_NEEDS = ("breaks", "indent", "open_above", "open_below")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the grid: its width in Chinese characters, and where most of its texts stand."""

    width: float
    side: str


def lines_filled(cell: Data, columns: list[Column]) -> int:
    """Return how many lines the text of `cell` fills, about."""
    room = _room(cell, columns)
    return sum([max(1, ceil(width(plain(line)) / room)) for line in cell["lines"]])


def ready(cell: Data, columns: list[Column]) -> str | Data:
    """Return `cell` as the template takes it: a text, an aligned text, or all it needs."""
    room = _room(cell, columns)
    side = cell.get("align", "left")
    lines = [merged(line, room) for line in cell["lines"]]
    needs = {key: cell[key] for key in _NEEDS if cell.get(key)}
    if "colspan" in cell or "rowspan" in cell:
        needs |= {"colspan": cell.get("colspan", 1), "rowspan": cell.get("rowspan", 1)}
    if cell.get("header") == "col":
        needs["head"] = True
    if cell.get("vertical"):
        characters = [[part] for line in lines for part in _UPRIGHT.findall(plain(line))]
        return needs | {"align": "center", "lines": characters}
    if needs or len(lines) > 1 or any(not isinstance(part, str) for line in lines for part in line):
        return needs | {"align": side, "lines": lines}
    text = plain(lines[0]) if lines else ""
    return text if side == columns[cell["x"]].side else {"align": side, "text": text}


def _room(cell: Data, columns: list[Column]) -> float:
    """Return how many Chinese characters a line of `cell` holds."""
    x = cell["x"]
    if "colspan" not in cell:
        return columns[x].width
    return sum(column.width for column in columns[x : x + cell["colspan"]])
