"""A paper to be examined, and what may be found on it."""

from __future__ import annotations

from dataclasses import dataclass

from pagecheck.paper import Box, Paper, Sheet

Insets = tuple[float, float, float, float]
"""Margins: left, top, right, bottom, in points."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong: its kind, the page where, the words that show it, how much."""

    kind: str
    page: int
    text: str
    measure: str = ""


@dataclass(frozen=True)
class Examined:
    """A paper with the areas that its pages leave for text, by the page's size turned or not.

    `bound` holds the numbers (from 0, over all tables) of rows that a Word file forbids to break;
    it is None of other files.
    """

    paper: Paper
    portrait: Insets
    landscape: Insets
    bound: frozenset[int] | None = None

    def area(self, sheet: Sheet) -> Box:
        """Return the area of a page that is for text."""
        left, top, right, bottom = self.landscape if sheet.width > sheet.height else self.portrait
        return Box(left, top, sheet.width - right, sheet.height - bottom)

    def content(self, sheet: Sheet) -> list[Box]:
        """Return what stands on a page: lines of text, tables, pictures; not its page number."""
        area = self.area(sheet)
        boxes = [each.room for each in sheet.glyphs if each.node is not None]
        boxes += [Box(each.at, each.start, each.at, each.end) for each in sheet.borders[1]]
        boxes += sheet.areas
        return [each for each in boxes if each.bottom > area.top and each.top < area.bottom]
