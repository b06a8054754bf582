"""Where rows and cells of tables stand on pages: between which rules, on which pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from pagecheck.paper import Box, Glyph, Line, Node, Paper, Sheet


@dataclass(frozen=True)
class PlacedRow:
    """A row of a table: its node, its number from 0, and what it takes of each page."""

    paper: Paper
    table: Node
    node: Node
    number: int

    @cached_property
    def cells(self) -> list[Node]:
        """Return the cells that begin in the row."""
        return [each for each in self.node.children if each.kind in {"TD", "TH"}]

    @cached_property
    def head(self) -> bool:
        """Return whether the row stands above what it heads and is printed again on each page."""
        if self.node.parent is not None and self.node.parent.kind == "THead":
            return True
        return bool(self.cells) and all(each.kind == "TH" for each in self.cells)

    @cached_property
    def parts(self) -> dict[int, Box]:
        """Return what the row takes of each page; a cell that spans rows does not stretch it.

        A head that is printed again counts where it is first printed.
        """
        low = [each for each in self.cells if each.rows == 1] or self.cells
        found: dict[int, list[Box]] = {}
        for cell in low:
            for page, box in glyph_boxes(cell.all_glyphs()).items():
                found.setdefault(page, []).append(band(self.paper.sheets[page - 1], box))
        pages = sorted(found)[:1] if self.head else sorted(found)
        return {page: Box.around(found[page]) for page in pages}

    @property
    def height(self) -> float:
        """Return how high the row is, over all its pages."""
        return sum(each.height for each in self.parts.values())

    @property
    def text(self) -> str:
        """Return how the row is called in a message: the beginnings of its cells."""
        return shortened("·".join(each.text[:9] for each in self.cells if each.text))


def shortened(text: str) -> str:
    """Return the first characters of `text`."""
    return text if len(text) <= 24 else f"{text[:23]}…"


def rows(paper: Paper, table: Node) -> list[PlacedRow]:
    """Return the rows of `table`."""
    every = [node for node in table.walk() if node.kind == "TR"]
    return [PlacedRow(paper, table, node, number) for number, node in enumerate(every)]


def all_rows(paper: Paper) -> Iterator[list[PlacedRow]]:
    """Yield the rows of each table."""
    for table in paper.nodes("Table"):
        if found := rows(paper, table):
            yield found


def glyph_boxes(glyphs: list[Glyph]) -> dict[int, Box]:
    """Return the box around `glyphs` on each page where any of them stand."""
    found: dict[int, list[Box]] = {}
    for glyph in glyphs:
        found.setdefault(glyph.page, []).append(glyph.room)
    return {page: Box.around(boxes) for page, boxes in found.items()}


def band(sheet: Sheet, box: Box) -> Box:
    """Return `box` as high as the rules above and below it let it be."""
    middle = (box.left + box.right) / 2
    across = [rule.at for rule in sheet.borders[0] if rule.covers(middle)]
    above = [at for at in across if at <= (box.top + box.bottom) / 2]
    below = [at for at in across if at > (box.top + box.bottom) / 2]
    top, bottom = max(above, default=box.top), min(below, default=box.bottom)
    return Box(box.left, min(top, box.top), box.right, max(bottom, box.bottom))


def room_beside(sheet: Sheet, line: Line, area: Box) -> tuple[float, float]:
    """Return the room left of a line and right of it: to the next rules, or to the margins."""
    middle = (line.box.top + line.box.bottom) / 2
    down = [rule.at for rule in sheet.borders[1] if rule.covers(middle, 0)]
    left = [at for at in down if at < line.box.left + 2]
    right = [at for at in down if at > line.box.right - 2]
    left_edge = max(left, default=area.left)
    return line.box.left - left_edge, min(right, default=area.right) - line.box.right


def rule_through(sheet: Sheet, box: Box, over: float) -> bool:
    """Return whether a rule of a table goes through `box`, deeper than `over` from its edges."""
    across, down = sheet.borders
    for rule in across:
        beside = min(rule.end, box.right) - max(rule.start, box.left)
        if box.top + over < rule.at < box.bottom - over and beside > over:
            return True
    for rule in down:
        beside = min(rule.end, box.bottom) - max(rule.start, box.top)
        if box.left + over < rule.at < box.right - over and beside > over:
            return True
    return False
