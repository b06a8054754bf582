"""Tables made ready for Typst: bands that no cell crosses, rows and labels that stay whole.

Head rows are set again on every page, so a cell cannot span from them into the rows below,
as the label of a block of a form does. Such a cell is cut where a band ends: its text stays
in the first piece and the others are empty, without a line between the pieces.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from math import ceil
from typing import Any

from reportgen.write.pdf.data import Data, merge_texts, plain_text, width

CROWDED = 5
"""Cells in one row beyond which a form is set in 五号 instead of 小四."""


@dataclass(frozen=True, slots=True)
class PageRoom:
    """What a page holds of a form, about: Chinese characters a line, and lines on half of it."""

    characters: int
    lines: int


PORTRAIT, LANDSCAPE = PageRoom(38, 20), PageRoom(56, 13)


@dataclass(frozen=True, slots=True)
class GridColumn:
    """A column of the grid: its width in Chinese characters, and where most of its texts stand."""

    width: float
    align: str


def prepare_forms(blocks: list[Data], room: PageRoom) -> None:
    """Give every table among `blocks` its bands in place of rows, and the size of its form.

    A form is a table with those joined to it: all of it is set in one size.
    """
    for form in _forms(blocks):
        small = any(_is_crowded(table) for table in form)
        for table in form:
            table["small"] = small
            _prepare_table(table, room)


def _forms(blocks: list[Data]) -> list[list[Data]]:
    """Return the tables among `blocks`, joined ones together."""
    forms: list[list[Data]] = []
    for block in blocks:
        if block["kind"] == "table":
            if not forms or not block["joined"]:
                forms.append([])
            forms[-1].append(block)
    return forms


def _is_crowded(table: Data) -> bool:
    return any(len(row["cells"]) > CROWDED for row in table["rows"])


def _prepare_table(table: Data, room: PageRoom) -> None:
    rows = table.pop("rows")
    aligns = _usual_aligns(rows, len(table["widths"]))
    unit = sum(table["widths"])
    columns: list[GridColumn] = []
    for part, align in zip(table["widths"], aligns, strict=True):
        columns.append(GridColumn(part * room.characters / unit, align))
    table["sides"] = aligns
    table["bands"] = _bands(rows, columns, room)


def _usual_aligns(rows: list[Data], columns: int) -> list[str]:
    """Return the alignment that most cells of each column have."""
    counts: list[Counter[str]] = [Counter({"left": 0}) for _ in range(columns)]
    for row in rows:
        for cell in row["cells"]:
            counts[cell["x"]][cell.get("align", "left")] += 1
    return [count.most_common(1)[0][0] for count in counts]


def _bands(rows: list[Data], columns: list[GridColumn], room: PageRoom) -> list[Data]:
    """Return runs of head rows and of other rows, each with its cells in order."""
    cells_of_rows = _cells_by_row(rows)
    _set_breaks(cells_of_rows, columns, room)
    bands: list[Data] = []
    for row, cells in zip(rows, cells_of_rows, strict=True):
        if not bands or bands[-1]["head"] != row["head"]:
            bands.append({"head": row["head"], "cells": []})
        _set_height(cells, row.get("height", 0))
        bands[-1]["cells"] += [_template_cell(cell, columns) for cell in cells]
    return bands


def _set_height(cells: list[Data], height: int) -> None:
    """Let a cell that spans no other row hold a row of `height` (mm) open, if there is one."""
    for cell in cells:
        if height and cell.get("rowspan", 1) == 1:
            cell["height"] = height
            return


def _cells_by_row(rows: list[Data]) -> list[list[Data]]:
    """Return the cells, or pieces of them, that begin in each row, from left to right."""
    band_ends = _band_ends(rows)
    cells_of_rows: list[list[Data]] = [[] for _ in rows]
    for row in rows:
        for cell in row["cells"]:
            for piece in _pieces(cell, band_ends):
                cells_of_rows[piece["y"]].append(piece)
    for cells in cells_of_rows:
        cells.sort(key=_column)
    return cells_of_rows


def _column(cell: Data) -> int:
    return int(cell["x"])


def _band_ends(rows: list[Data]) -> list[int]:
    """Return for each row the number of the row below its band."""
    ends: list[int] = []
    for _, run in groupby(row["head"] for row in rows):
        length = len(list(run))
        ends += [len(ends) + length] * length
    return ends


def _pieces(cell: Data, band_ends: list[int]) -> Iterator[Data]:
    """Yield `cell` cut where bands end."""
    first, bottom = cell["y"], cell["y"] + cell.get("rowspan", 1)
    if bottom <= band_ends[first]:
        yield cell
        return
    while first < bottom:
        end = min(bottom, band_ends[first])
        piece = {**cell, "y": first, "rowspan": end - first, "open_below": end < bottom}
        if first > cell["y"]:
            piece |= {"lines": [], "picture": None, "open_above": True}
        yield piece
        first = end


def _set_breaks(cells_of_rows: list[list[Data]], columns: list[GridColumn], room: PageRoom) -> None:
    """Say where a page may end: after any row, but not in one, nor among rows that a cell ties.

    Only what fills more than half a page may break: `breaks` between the `rows` that a cell
    spans, its text staying whole, or in the `text`.
    """
    counts_of_rows: list[list[int]] = []
    heights: list[int] = []
    for cells in cells_of_rows:
        counts = [_line_count(cell, columns) for cell in cells]
        counts_of_rows.append(counts)
        heights.append(_row_height(cells, counts))
    for y, cells in enumerate(cells_of_rows):
        for cell, lines in zip(cells, counts_of_rows[y], strict=True):
            span = cell.get("rowspan", 1)
            if max(lines, sum(heights[y : y + span])) > room.lines:
                whole_text = span > 1 and lines <= room.lines
                cell["breaks"] = "rows" if whole_text else "text"


def _row_height(cells: list[Data], counts: list[int]) -> int:
    """Return how many lines high a row is: what those of its `cells` fill that span no other."""
    heights: list[int] = []
    for cell, count in zip(cells, counts, strict=True):
        if cell.get("rowspan", 1) == 1:
            heights.append(count)
    return max(heights, default=1)


def _line_count(cell: Data, columns: list[GridColumn]) -> int:
    """Return how many lines the text of `cell` fills, about."""
    line_width = _line_width(cell, columns)
    count = 0
    for line in cell["lines"]:
        count += max(1, ceil(width(plain_text(line)) / line_width))
    return count


def _line_width(cell: Data, columns: list[GridColumn]) -> float:
    """Return how many Chinese characters a line of `cell` holds."""
    x = cell["x"]
    if "colspan" not in cell:
        return columns[x].width
    return sum(column.width for column in columns[x : x + cell["colspan"]])


_COPIED = (
    *("breaks", "indent", "open_above", "open_below"),
    *("height", "picture", "place", "small", "underline"),
)
_UPRIGHT = re.compile(r"[!-~]+|\S")
"""What stands on a line of a vertical label: a character, or a Western word."""


def _template_cell(cell: Data, columns: list[GridColumn]) -> str | Data:
    """Return `cell` as the template takes it: a text, an aligned text, or all it needs."""
    line_width = _line_width(cell, columns)
    lines = [merge_texts(line, line_width) for line in cell["lines"]]
    properties = _properties(cell)
    if cell.get("vertical"):
        return properties | {"align": "center", "lines": _vertical(lines)}
    align = cell.get("align", "left")
    if properties or not _is_one_text(lines):
        return properties | {"align": align, "lines": lines}
    text = plain_text(lines[0]) if lines else ""
    return text if align == columns[cell["x"]].align else {"align": align, "text": text}


def _properties(cell: Data) -> Data:
    """Return what the template must know of `cell` beside its text and alignment."""
    properties = {key: cell[key] for key in _COPIED if cell.get(key)}
    if "colspan" in cell or "rowspan" in cell:
        properties["colspan"] = cell.get("colspan", 1)
        properties["rowspan"] = cell.get("rowspan", 1)
    if cell.get("header") == "col":
        properties["head"] = True
    return properties


def _is_one_text(lines: list[list[Any]]) -> bool:
    """Return whether `lines` are one line at most, of nothing but text."""
    if len(lines) > 1:
        return False
    return not lines or all(isinstance(part, str) for part in lines[0])


def _vertical(lines: list[list[Any]]) -> list[list[Any]]:
    """Return `lines` with a character a line, emphasised where all of them are."""
    text = "\n".join(map(plain_text, lines))
    upright: list[list[Any]] = [[character] for character in _UPRIGHT.findall(text)]
    if all(_is_emphasised(line) for line in lines):
        return [[{"kind": "strong", "inlines": line}] for line in upright]
    return upright


def _is_emphasised(line: list[Any]) -> bool:
    return bool(line) and all("inlines" in part for part in line)
