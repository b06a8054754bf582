"""Tables made ready for Typst: bands that no cell crosses, rows and labels that stay whole.

Head rows are set again on every page, so a cell cannot span from them into the rows below,
as the label of a block of a form does. Such a cell is cut where a band ends: its text stays
in the first piece and the others are empty, without a line between the pieces.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from reportgen.write.pdf.data import Data, GridColumn, lines_filled, ready

CROWDED = 5
"""Cells in one row beyond which a form is set in 五号 instead of 小四."""


@dataclass(frozen=True, slots=True)
class Room:
    """What a page holds of a form, about: Chinese characters a line, and lines on half of it."""

    characters: int
    lines: int


UPRIGHT, SIDEWAYS = Room(38, 20), Room(56, 13)


def prepare_forms(blocks: list[Data], room: Room) -> None:
    """Give every table among `blocks` its bands in place of rows, and the size of its form.

    A form is a table with those joined to it: all of it is set in one size.
    """
    for form in _forms(blocks):
        small = any(len(row["cells"]) > CROWDED for table in form for row in table["rows"])
        for table in form:
            rows, total = table.pop("rows"), sum(table["widths"])
            table["small"] = small
            table["sides"] = _sides(rows, len(table["widths"]))
            columns = [
                GridColumn(part * room.characters / total, side)
                for part, side in zip(table["widths"], table["sides"], strict=True)
            ]
            table["bands"] = _bands(rows, columns, room)


def _forms(blocks: list[Data]) -> list[list[Data]]:
    """Return the tables among `blocks`, joined ones together."""
    forms: list[list[Data]] = []
    for block in blocks:
        if block["kind"] == "table":
            if not forms or not block["joined"]:
                forms.append([])
            forms[-1].append(block)
    return forms


def _sides(rows: list[Data], columns: int) -> list[str]:
    """Return the alignment that most cells of each column have."""
    counts: list[Counter[str]] = [Counter({"left": 0}) for _ in range(columns)]
    for row in rows:
        for cell in row["cells"]:
            counts[cell["x"]][cell.get("align", "left")] += 1
    return [count.most_common(1)[0][0] for count in counts]


def _bands(rows: list[Data], columns: list[GridColumn], room: Room) -> list[Data]:
    """Return runs of head rows and of other rows, each with its cells in order."""
    lanes = _lanes(rows)
    _keep_together(lanes, columns, room)
    bands = []
    for head, run in groupby(zip(rows, lanes, strict=True), key=lambda pair: pair[0]["head"]):
        cells = [ready(cell, columns) for _, lane in run for cell in lane]
        bands.append({"head": head, "cells": cells})
    return bands


def _lanes(rows: list[Data]) -> list[list[Data]]:
    """Return the pieces of cells that begin in each row, from left to right."""
    ends = [len(rows)] * len(rows)
    for y in range(len(rows) - 2, -1, -1):
        ends[y] = ends[y + 1] if rows[y]["head"] == rows[y + 1]["head"] else y + 1
    lanes: list[list[Data]] = [[] for _ in rows]
    for row in rows:
        for cell in row["cells"]:
            for piece in _pieces(cell, ends):
                lanes[piece["y"]].append(piece)
    return [sorted(lane, key=lambda cell: int(cell["x"])) for lane in lanes]


def _pieces(cell: Data, ends: list[int]) -> Iterator[Data]:
    """Yield `cell` cut where bands end; `ends` says for each row where its band does."""
    first, bottom = cell["y"], cell["y"] + cell.get("rowspan", 1)
    if bottom <= ends[first]:
        yield cell
        return
    while first < bottom:
        last = min(bottom, ends[first])
        piece = {**cell, "y": first, "rowspan": last - first, "open_below": last < bottom}
        if first > cell["y"]:
            piece |= {"lines": [], "open_above": True}
        yield piece
        first = last


def _keep_together(lanes: list[list[Data]], columns: list[GridColumn], room: Room) -> None:
    """Say where a page may end: after any row, but not in one, nor among rows that a cell ties.

    Only what fills more than half a page may break: `breaks` between the `rows` that a cell
    spans, its text staying whole, or in the `text`.
    """
    filled = [[lines_filled(cell, columns) for cell in lane] for lane in lanes]
    heights = [
        max(
            (n for cell, n in zip(lane, counts, strict=True) if cell.get("rowspan", 1) == 1),
            default=1,
        )
        for lane, counts in zip(lanes, filled, strict=True)
    ]
    for y, (lane, counts) in enumerate(zip(lanes, filled, strict=True)):
        for cell, count in zip(lane, counts, strict=True):
            rows = cell.get("rowspan", 1)
            if max(count, sum(heights[y : y + rows])) > room.lines:
                cell["breaks"] = "rows" if rows > 1 and count <= room.lines else "text"
