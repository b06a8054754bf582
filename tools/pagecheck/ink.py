"""Faults of ink: rules drawn twice, texts on rules or on each other, what stands in the margins."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from pagecheck.examined import Examined, Fault
from pagecheck.paper import BLOCKS, Box, Glyph, Node, Rule, Sheet
from pagecheck.tables import rule_through, shortened

APART = 3.0
"""Two rules closer than this, in points, look like one drawn twice."""
TOUCHING = 0.7
"""Two rules of half a point closer than this have no white between them: they are one."""
OVER = 2.0
"""Points by which ink may stand over an edge before one sees it: 0.7 mm."""
HANGING = "，。、；：！？）》」』”’,.;:)"
"""Marks that may hang in the margin at the end of a line (GB/T 15834)."""


def double_rules(seen: Examined) -> Iterator[Fault]:
    """Yield rules that run beside each other with nothing between."""
    for sheet in seen.paper.sheets:
        for rules in (sheet.across, sheet.down):
            for first, second in _close(rules):
                down = rules is sheet.down
                if not _between(sheet, first, second, down=down):
                    start = max(first.start, second.start)
                    place = (first.at, start) if down else (start, first.at)
                    near = _nearest(sheet, *place)
                    apart = f"{second.at - first.at:.1f} pt"
                    yield Fault("double-rule", sheet.number, near, apart)


def _close(rules: list[Rule]) -> Iterator[tuple[Rule, Rule]]:
    """Yield the pairs of `rules` that are too close over some length."""
    ordered = sorted(rules, key=lambda each: each.at)
    for index, first in enumerate(ordered):
        for second in ordered[index + 1 :]:
            if second.at - first.at >= APART:
                break
            along = min(first.end, second.end) - max(first.start, second.start)
            if along > 10 and second.at - first.at >= TOUCHING:
                yield first, second


def _between(sheet: Sheet, first: Rule, second: Rule, *, down: bool) -> bool:
    """Return whether a character stands between two rules."""
    start, end = max(first.start, second.start), min(first.end, second.end)
    for glyph in sheet.glyphs:
        ink = glyph.ink
        along, at = (ink.top, ink.left) if down else (ink.left, ink.top)
        if start < along < end and first.at < at < second.at:
            return True
    return False


def _nearest(sheet: Sheet, x: float, y: float) -> str:
    """Return the text that stands next below and right of a place."""
    below = [each for each in sheet.glyphs if each.room.top > y - 2 and each.room.right > x]
    if not below:
        return ""
    return _around(min(below, key=lambda each: each.room.top + (each.room.left - x) / 10))


def _around(glyph: Glyph) -> str:
    """Return the beginning of the text that a character stands in."""
    block = glyph.node.ancestor(*BLOCKS) if glyph.node else None
    return shortened(block.text if block else glyph.text)


def text_on_rules(seen: Examined) -> Iterator[Fault]:
    """Yield texts that a rule of a table goes through, as where they outgrow their cell."""
    for page, box, text in (*_in_cells(seen), *_outside_cells(seen), *_untagged(seen)):
        if rule_through(seen.paper.sheets[page - 1], box, OVER):
            yield Fault("text-on-rule", page, shortened(text))


def _in_cells(seen: Examined) -> Iterator[tuple[int, Box, str]]:
    """Yield what each cell takes of a page; a rule may not go between its characters either."""
    for cell in seen.paper.nodes("TD", "TH"):
        inks: dict[int, list[Box]] = defaultdict(list)
        for glyph in cell.all_glyphs():
            inks[glyph.page].append(glyph.ink)
        for page, boxes in inks.items():
            yield page, Box.around(boxes), cell.text


def _outside_cells(seen: Examined) -> Iterator[tuple[int, Box, str]]:
    for block, lines in seen.paper.lines.items():
        if block.ancestor("Table") is None:
            for line in lines:
                yield line.page, line.box, block.text


def _untagged(seen: Examined) -> Iterator[tuple[int, Box, str]]:
    """Yield the characters that are no part of the text, as labels that are set again."""
    for sheet in seen.paper.sheets:
        for glyph in sheet.glyphs:
            if glyph.node is None:
                yield sheet.number, glyph.ink, glyph.text


def overlapping_texts(seen: Examined) -> Iterator[Fault]:
    """Yield texts of which characters lie on each other."""
    for sheet in seen.paper.sheets:
        told: set[Node | None] = set()
        places: dict[tuple[int, int], list[Glyph]] = defaultdict(list)
        for glyph in sheet.glyphs:
            where = int(glyph.ink.left // 12), int(glyph.ink.top // 12)
            if glyph.node not in told and _is_covered(glyph, where, places):
                told.add(glyph.node)
                yield Fault("text-on-text", sheet.number, _around(glyph))
            places[where].append(glyph)


def _is_covered(
    glyph: Glyph, where: tuple[int, int], places: dict[tuple[int, int], list[Glyph]]
) -> bool:
    """Return whether another character near by takes a third of this one's ink."""
    size = glyph.ink.width * glyph.ink.height
    for across in (-1, 0, 1):
        for down in (-1, 0, 1):
            for other in places.get((where[0] + across, where[1] + down), ()):
                wide = min(glyph.ink.right, other.ink.right) - max(glyph.ink.left, other.ink.left)
                high = min(glyph.ink.bottom, other.ink.bottom) - max(glyph.ink.top, other.ink.top)
                if wide > OVER and high > OVER and wide * high > size / 3:
                    return True
    return False


def beyond_margins(seen: Examined) -> Iterator[Fault]:
    """Yield texts and tables that stand over the margins of their page."""
    for sheet in seen.paper.sheets:
        area = seen.area(sheet)
        told: set[Node | None] = set()
        for glyph in sheet.glyphs:
            if glyph.node is None or glyph.node in told or _is_within(glyph, area):
                continue
            told.add(glyph.node)
            yield Fault("beyond-margin", sheet.number, _around(glyph))
        for box in sheet.areas:
            outside = box.left < area.left - OVER or box.right > area.right + OVER
            if outside or box.bottom > area.bottom + OVER:
                yield Fault(
                    "picture-beyond-margin", sheet.number, _nearest(sheet, box.left, box.top)
                )
                break
        for rule in sheet.borders[0]:
            if rule.start < area.left - OVER or rule.end > area.right + OVER:
                text = _nearest(sheet, rule.start, rule.at)
                yield Fault("table-beyond-margin", sheet.number, text)
                break


def _is_within(glyph: Glyph, area: Box) -> bool:
    """Return whether a character stands in `area`; marks may hang at the end of a line."""
    ink = glyph.ink
    right = area.right + (ink.width + 12 if glyph.text in HANGING else OVER)
    sideways = ink.left >= area.left - OVER and ink.right <= right
    return sideways and ink.top >= area.top - OVER and ink.bottom <= area.bottom + OVER
