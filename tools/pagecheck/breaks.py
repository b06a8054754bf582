"""Faults of breaks: figures, rows and labels in two parts, heads alone, pages and columns ill used.

What counts as whole, full or far is said here once, with its reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, pairwise

from pagecheck.examined import Examined, Fault
from pagecheck.paper import BLOCKS, Box, Line, Node, Sheet
from pagecheck.tables import PlacedRow, all_rows, glyph_boxes, room_beside, rows, shortened

STAYS_WHOLE = 1 / 3
"""Of the height of the text: rows up to this are not broken."""
BREAKS = 0.4
"""Of the height of the text: a row above this must be allowed to break. Between the two it may do
either: who writes a Word file can only estimate how high a row will be."""
WHITE = 1 / 6
"""Of the height of the text: what a row that may break must not leave white by moving on."""
FULL = 0.15
"""Of the height of the text: a page with less on it is as good as empty."""
MOST_LINES = 5
"""A cell wrapped over more is too narrow, if the one beside it is empty."""
PADDING = 6.5
"""Points that a table keeps at most between its text and a rule."""
ANNEX = re.compile(r"附件|附表|附录|附图")
CUT = re.compile(r"\d[.,]?$"), re.compile(r"[.,]?[\d%％‰]")
PARTED = re.compile(r"[万亿]/元|个/百分点|百/分点|百分/点|平方/米|万/人")


def cut_figures(seen: Examined) -> Iterator[Fault]:
    """Yield figures that are cut in two by the end of a line."""
    for first, second in chain.from_iterable(map(pairwise, seen.paper.lines.values())):
        if CUT[0].search(first.text) and CUT[1].match(second.text) and _is_cut(seen, first, second):
            yield Fault("figure-cut", first.page, f"{first.text[-8:]}/{second.text[:6]}")


def _is_cut(seen: Examined, first: Line, second: Line) -> bool:
    """Return whether a figure goes on in `second`: the line was full, or more went on with it.

    A mark that may begin no line takes the end of a figure along (4548.6/4万元。).
    """
    return _is_full(seen, first, second) or re.search(r"\d\.\d+$", first.text) is not None


def parted_units(seen: Examined) -> Iterator[Fault]:
    """Yield units in tables that are cut in two by the end of a line: 万/元, 百分/点."""
    for first, second in _wrapped(seen):
        node = first.glyphs[0].node
        both = f"{first.text[-3:]}/{second.text[:3]}"
        if PARTED.search(both) and node is not None and node.ancestor("Table"):
            yield Fault("unit-parted", first.page, f"{first.text[-8:]}/{second.text[:6]}")


def _wrapped(seen: Examined) -> Iterator[tuple[Line, Line]]:
    """Yield lines of a block that follow each other because the first one was full."""
    for lines in seen.paper.lines.values():
        for first, second in pairwise(lines):
            if _is_full(seen, first, second):
                yield first, second


def _is_full(seen: Examined, line: Line, after: Line) -> bool:
    """Return whether `line` had no room for the first character of the line after it."""
    sheet = seen.paper.sheets[line.page - 1]
    left, right = room_beside(sheet, line, seen.area(sheet))
    needed = after.glyphs[0].room.width + PADDING
    # A line that is set in the middle has its room on both sides.
    return left + right < needed + PADDING if abs(left - right) < 1.5 else right < needed


def broken_rows(seen: Examined) -> Iterator[Fault]:
    """Yield rows that lie on two pages though they are short enough to stay whole."""
    for row in _body_rows(seen):
        whole = STAYS_WHOLE * _text_height(seen, row)
        if len(row.parts) > 1 and row.height <= whole:
            yield Fault("row-broken", min(row.parts), row.text, f"{row.height:.0f} pt")


def torn_labels(seen: Examined) -> Iterator[Fault]:
    """Yield cells of a broken row that begin after it, and short labels of it in two parts."""
    for row in _body_rows(seen):
        if len(row.parts) < 2:
            continue
        for cell in row.cells:
            pages = sorted(glyph_boxes(cell.all_glyphs()))
            label = cell is row.cells[0] and len(cell.text) <= 30
            if cell.rows == 1 and pages and (pages[0] > min(row.parts) or (label and pages[1:])):
                yield Fault("label-torn", pages[0], shortened(cell.text))


def bound_rows(seen: Examined) -> Iterator[Fault]:
    """Yield rows that forbid to be broken and are too high for that: Word may cut them off."""
    number, bound = 0, seen.bound or frozenset()
    for table in all_rows(seen.paper):
        for row in table:
            if number in bound and row.height > BREAKS * _text_height(seen, row):
                yield Fault("row-bound", min(row.parts), row.text, f"{row.height:.0f} pt")
            number += 1


def moved_rows(seen: Examined) -> Iterator[Fault]:
    """Yield rows that could break and instead left white what they did not fit in."""
    pieces = list(_pieces(seen))
    for index, piece in enumerate(pieces):
        if piece.row is None or piece.kind == "head":
            continue
        before = index - 1
        while before >= 0 and pieces[before].goes_along and pieces[before].first == piece.first:
            before -= 1
        sheet, height = seen.paper.sheets[piece.first - 1], _text_height(seen, piece.row)
        moved = before >= 0 and pieces[before].last == piece.first - 1
        if not moved or piece.row.height <= STAYS_WHOLE * height or _starts_a_part(seen, sheet):
            continue
        # What it takes along would have needed room, too.
        along = piece.row.parts[piece.first].top - seen.area(sheet).top
        left = _white(seen, seen.paper.sheets[piece.first - 2]) - along
        if left > WHITE * height:
            yield Fault("row-moved", piece.first - 1, piece.text, f"{left:.0f} pt white")


def _body_rows(seen: Examined) -> Iterator[PlacedRow]:
    for table in all_rows(seen.paper):
        for row in table:
            if row.parts and not row.head:
                yield row


def _text_height(seen: Examined, row: PlacedRow) -> float:
    page = min(row.parts, default=1)
    return seen.area(seen.paper.sheets[page - 1]).height


def _white(seen: Examined, sheet: Sheet) -> float:
    """Return how much of a page is white at its foot."""
    area = seen.area(sheet)
    return area.bottom - max((each.bottom for each in seen.content(sheet)), default=area.top)


@dataclass(frozen=True, slots=True)
class Piece:
    """What follows each other down the pages: a heading, a caption, a picture, a row, a text.

    `first` and `last` are its pages.
    """

    kind: str
    text: str
    first: int
    last: int
    row: PlacedRow | None = None

    @property
    def goes_along(self) -> bool:
        """Return whether it stays with what comes after it."""
        return self.kind in {"heading", "caption", "head"}


def _pieces(seen: Examined) -> Iterator[Piece]:
    """Yield all pieces of a paper, in the order of reading."""
    for node in seen.paper.nodes("Table", "Figure", *BLOCKS):
        inside = node.parent is not None and node.parent.ancestor("Table", "LI", "Figure")
        if node.kind == "Table":
            for row in rows(seen.paper, node):
                if row.parts:
                    kind = "head" if row.head else "row"
                    yield Piece(kind, row.text, min(row.parts), max(row.parts), row)
        elif not inside and (pages := node.pages) and (node.text or node.kind == "Figure"):
            text = shortened(node.text)
            yield Piece(_kind(seen, node), text, min(pages), max(pages))


def _kind(seen: Examined, block: Node) -> str:
    """Return what a block is; one short line is taken for a caption if a table comes after it."""
    lines = seen.paper.lines.get(block, [])
    if block.kind == "Figure":
        return "picture"
    if block.kind.startswith("H"):
        return "heading"
    short = len(lines) == 1 and len(lines[0].text) <= 40 and not lines[0].text.endswith("。")
    return "caption" if short else "text"


def lonely_heads(seen: Examined) -> Iterator[Fault]:
    """Yield heads of tables, captions and headings that stand at a foot, what they head overleaf.

    A caption below its picture (图1 …) must not stand overleaf either.
    """
    before: Piece | None = None
    for piece, after in pairwise(_pieces(seen)):
        below = before is not None and before.kind == "picture" and piece.text.startswith("图")
        before = piece
        if piece.last >= after.first or below:
            continue
        if piece.kind == "heading" or (piece.kind == "head" and after.kind == "row"):
            yield Fault(f"{piece.kind}-alone", piece.last, piece.text)
        elif piece.kind == "caption" and after.kind in {"head", "row", "picture"}:
            yield Fault("caption-alone", piece.last, piece.text)
        elif piece.kind == "picture" and after.text.startswith("图"):
            yield Fault("caption-alone", after.first, after.text)


def empty_pages(seen: Examined) -> Iterator[Fault]:
    """Yield pages that are less than 15 % full, but the last, a cover, and the last of a part.

    A cover is a first page without a page number, where the second one has it. A part ends where
    an annex begins, on a page of its own (GB/T 9704-2012, 7.3.4), and where pages are turned.
    """
    for sheet, after in pairwise(seen.paper.sheets):
        cover = sheet.number == 1 and _has_number(after) and not _has_number(sheet)
        if cover or _starts_a_part(seen, after):
            continue
        share = _covered(seen.content(sheet)) / seen.area(sheet).height
        if share < FULL:
            yield Fault("page-empty", sheet.number, shortened(_text_of(sheet)), f"{share:.0%}")


def _has_number(sheet: Sheet) -> bool:
    """Return whether a page has a number: characters that are not part of the text."""
    return any(each.node is None for each in sheet.glyphs)


def _starts_a_part(seen: Examined, sheet: Sheet) -> bool:
    """Return whether a page begins an annex, or is turned and the one before it is not."""
    before = seen.paper.sheets[max(0, sheet.number - 2)]
    turned = (sheet.width > sheet.height) != (before.width > before.height)
    return turned or ANNEX.match(_text_of(sheet)) is not None


def _text_of(sheet: Sheet) -> str:
    """Return the text of a page without its number."""
    return "".join(each.text for each in sheet.glyphs if each.node is not None)


def _covered(boxes: Iterable[Box]) -> float:
    """Return the height that `boxes` cover, the white between lines of a text included."""
    total, reached = 0.0, float("-inf")
    for box in sorted(boxes, key=lambda each: each.top):
        start = max(box.top, reached)
        if 0 < box.top - reached < 20:
            start = reached
        total += max(0.0, box.bottom - start)
        reached = max(reached, box.bottom)
    return total


def narrow_cells(seen: Examined) -> Iterator[Fault]:
    """Yield cells that wrap over more than five lines beside an empty cell of their row."""
    for row in _body_rows(seen):
        for index, cell in enumerate(row.cells):
            beside = row.cells[max(0, index - 1) : index + 2]
            if any(not each.text for each in beside):
                count = _wrapped_lines(seen, cell)
                if count > MOST_LINES:
                    page = min(glyph_boxes(cell.all_glyphs()))
                    yield Fault("cell-narrow", page, shortened(cell.text), f"{count} lines")


def _wrapped_lines(seen: Examined, cell: Node) -> int:
    """Return over how many lines the longest text of a cell is wrapped; an upright label is 0."""
    most = 0
    for node in cell.walk():
        lines = seen.paper.lines.get(node, [])
        if lines and max(len(each.text) for each in lines) > 1:
            run = 1
            for first, second in pairwise(lines):
                run = run + 1 if _is_full(seen, first, second) else 1
                most = max(most, run)
    return most
