"""Forms made ready for Typst: bands that no cell crosses, rows and labels that stay whole.

Head rows are set again on every page, so a cell cannot span from them into the rows below,
as the label of a block of a form does. Such a cell is cut where a band ends: its text stays
in the first piece and the others are empty, without a line between the pieces. The tables of a
form stay tables of their own, with their heads, over columns that they share.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise, takewhile
from operator import itemgetter
from typing import Any

from reportgen.model.frozen import frozen
from reportgen.write.columns import width
from reportgen.write.form_layout import FormLayout, line_counts
from reportgen.write.pdf.data import Data, merge_texts, plain_text
from reportgen.write.turned_pages import LaidOutBlock


@frozen
class GridColumn:
    """A column of the grid: its width in Chinese characters, and where most of its texts stand."""

    width: float
    align: str


@frozen
class _Place:
    """Where a table stands in a form: its first row among all, and its columns."""

    form: FormLayout
    first: int
    columns: list[GridColumn]

    def room(self, cell: Data) -> float:
        """Return how many Chinese characters a line of `cell` holds."""
        x = cell["x"]
        if "colspan" not in cell:
            return max(1.0, self.columns[x].width - self.form.face.margin)
        columns = self.columns[x : x + cell["colspan"]]
        return max(1.0, sum(column.width for column in columns) - self.form.face.margin)


def prepare_pieces(pieces: Sequence[LaidOutBlock], blocks: Iterable[Data]) -> list[Data]:
    """Return the next of `blocks`, which are the data of `pieces`, with each form as one block."""
    data = iter(blocks)
    prepared: list[Data] = []
    for piece in pieces:
        if isinstance(piece, FormLayout):
            prepared.append(_form(piece, [next(data) for _ in piece.tables]))
        else:
            prepared.append(next(data))
    return prepared


def _form(form: FormLayout, tables: list[Data]) -> Data:
    first = 0
    for table, borders in zip(tables, form.form.borders, strict=True):
        count = len(table["rows"])
        _prepare_table(table, form, borders, first)
        first += count
    return {"kind": "form", "whole": form.is_whole, "small": form.is_small, "tables": tables}


def _prepare_table(table: Data, form: FormLayout, borders: Sequence[int], first: int) -> None:
    """Give a table of `form`, which has its columns between `borders`, bands in place of rows."""
    rows = table.pop("rows")
    table["caption"] = merge_texts([table["caption"]], sum(form.widths))
    aligns = _usual_aligns(rows, len(table["widths"]))
    columns: list[GridColumn] = []
    for (left, right), align in zip(pairwise(borders), aligns, strict=True):
        columns.append(GridColumn(sum(form.widths[left:right]), align))
    table["widths"] = [round(column.width, 4) for column in columns]
    table["sides"] = aligns
    table["bands"] = _bands(table, rows, _Place(form, first, columns))


def _usual_aligns(rows: list[Data], columns: int) -> list[str]:
    """Return the alignment that most cells of each column have."""
    counts: list[Counter[str]] = [Counter({"left": 0}) for _ in range(columns)]
    for row in rows:
        for cell in row["cells"]:
            counts[cell["x"]][cell.get("align", "left")] += 1
    return [count.most_common(1)[0][0] for count in counts]


def _bands(table: Data, rows: list[Data], place: _Place) -> list[Data]:
    """Return runs of head rows and of other rows, each with its cells in order."""
    cells_of_rows = _cells_by_row(rows)
    _set_breaks(cells_of_rows, place)
    _set_marks(table, rows, cells_of_rows)
    bands: list[Data] = []
    for row, cells in zip(rows, cells_of_rows, strict=True):
        if not bands or bands[-1]["head"] != row["head"]:
            bands.append({"head": row["head"], "cells": []})
        bands[-1]["cells"] += [_template_cell(cell, place) for cell in cells]
    return bands


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


def _set_breaks(cells_of_rows: list[list[Data]], place: _Place) -> None:
    """Say where a page may end: after any row, but not in one, nor among rows that a cell ties.

    Only what is too tall may break: `breaks` in the `text` of a cell, or beside it, its text
    staying whole as that of a label does (`rows`). A row that a cell beside it makes higher has a
    least `height`.
    """
    for y, cells in enumerate(cells_of_rows, place.first):
        _set_row_breaks(cells, y, place)
        if cells:
            _set_height(cells, y, place.form)


def _set_marks(table: Data, rows: list[Data], cells_of_rows: list[list[Data]]) -> None:
    """Mark the labels of what may break: they are set again at the top of the next page.

    A label `repeats` until the row that its mark ends, or the table does; marks of the first row
    and of the first below the head say how high the head is that stands above it there.
    """
    ends: dict[int, list[Data]] = {}
    for y, cells in enumerate(cells_of_rows):
        for cell in filter(_repeats, cells):
            cell["repeats"] = f"{y}-{cell['x']}"
            end = y + _rowspan(cell)
            ends.setdefault(end, []).append({"end": cell["repeats"]})
            _set_tail(cells_of_rows[end - 1], cell["repeats"])
    if not ends:
        return
    head = sum(1 for _ in takewhile(itemgetter("head"), rows))
    if head:
        ends.setdefault(0, []).append({"head": "top"})
        ends.setdefault(head, []).append({"head": "end"})
    table["marks"] = ends.pop(len(rows), [])
    for row, marks in ends.items():
        if cells_of_rows[row]:
            _mark(cells_of_rows[row], marks)


def _set_tail(cells: list[Data], label: str) -> None:
    """Let the longest of the `cells` of a row leave room for a label that ends with the row."""
    texts = [each for each in cells if _rowspan(each) == 1 and not _repeats(each)]
    if texts:
        max(texts, key=_characters).setdefault("tail", []).append(label)


def _characters(cell: Data) -> int:
    return sum(len(plain_text(line)) for line in cell["lines"])


def _mark(cells: list[Data], marks: list[Data]) -> None:
    """Give `marks` to a cell of a row, one that spans no other if there is one: it is set first."""
    alone = [cell for cell in cells if cell.get("rowspan", 1) == 1]
    (alone or cells)[0]["marks"] = marks


def _repeats(cell: Data) -> bool:
    is_label = cell.get("header") == "row" and any(cell["lines"])
    return is_label and cell.get("breaks") == "rows"


def _set_row_breaks(cells: list[Data], row: int, place: _Place) -> None:
    """Say which of the `cells` that begin in a `row` of the form may break, and where."""
    form = place.form
    tall = form.is_tall(row)
    for cell in cells:
        if tall or ("rowspan" in cell and form.is_tall(row, cell["rowspan"])):
            counts = _line_counts(cell, place)
            most = form.room.label if cell.get("header") == "row" else form.room.third
            cell["breaks"] = "rows" if form.face.height(sum(counts)) <= most else "text"
            if cell["breaks"] == "text":
                cell["whole"] = form.whole_ends(row, counts)


def _set_height(cells: list[Data], row: int, form: FormLayout) -> None:
    """Let the one of `cells` that spans the fewest rows hold them open, as high as they are.

    Typst keeps no row with the next one: the first of a label is as high as this, so that a page
    that ends below it does not tear it off.
    """
    cell = min(cells, key=_rowspan)
    rows = range(row, row + _rowspan(cell))
    height = sum(form.least.get(spanned, 0.0) for spanned in rows)
    label = form.label_height(row)
    if sum(form.heights[row : rows.stop]) < label <= form.room.third:
        height = label
    if height:
        cell["height"] = round(height, 2)


def _rowspan(cell: Data) -> int:
    return int(cell.get("rowspan", 1))


def _line_counts(cell: Data, place: _Place) -> list[int]:
    """Return over how many lines each line of `cell` is set, about."""
    return line_counts([width(plain_text(line)) for line in cell["lines"]], place.room(cell))


_COPIED = (
    *("breaks", "indent", "marks", "open_above", "open_below", "repeats"),
    *("height", "picture", "place", "small", "tail", "underline", "whole"),
)
_SPECIAL = frozenset((*_COPIED, "colspan", "rowspan", "header"))
_UPRIGHT = re.compile(r"[!-~]+|\S")
"""What stands on a line of a vertical label: a character, or a Western word."""


def _template_cell(cell: Data, place: _Place) -> str | Data:
    """Return `cell` as the template takes it: a text, an aligned text, or all it needs."""
    room = place.room(cell)
    lines = [merge_texts(line, room) for line in cell["lines"]]
    properties = _properties(cell)
    if cell.get("vertical"):
        return properties | {"align": "center", "lines": _vertical(lines)}
    align = cell.get("align", "left")
    if properties or not _is_one_text(lines):
        return properties | {"align": align, "lines": lines}
    text = plain_text(lines[0]) if lines else ""
    return text if align == place.columns[cell["x"]].align else {"align": align, "text": text}


def _properties(cell: Data) -> Data:
    """Return what the template must know of `cell` beside its text and alignment."""
    if cell.keys().isdisjoint(_SPECIAL):
        return {}
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
    if all(map(_is_emphasised, lines)):
        return [[{"kind": "strong", "inlines": line}] for line in upright]
    return upright


def _is_emphasised(line: list[Any]) -> bool:
    return bool(line) and all("inlines" in part for part in line)
