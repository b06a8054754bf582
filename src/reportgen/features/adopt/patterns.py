"""Reads what stands at the places for values in a text: of a cell, or of a sentence of a pack.

Fixed texts must stand as they are prescribed, but for blanks and the width of characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from reportgen.compose.blank import FIRST, NEXT
from reportgen.features.adopt.expected import INDEX, Pieces, Slot, slots_of
from reportgen.language.folding import usual_width
from reportgen.language.numerals import chinese

_ORDINAL = re.compile("[1一]")
_MOST_ITEMS = 200


class SlotText(NamedTuple):
    """What stands at a place for a value; `item` is the number of an item in a list, from 1."""

    slot: Slot
    text: str
    item: int = 0


def matches(pieces: Pieces, text: str) -> bool:
    """Return whether a text has the fixed texts that stand between places for values."""
    return slot_texts(pieces, text) is not None


@lru_cache(maxsize=20_000)
def slot_texts(pieces: Pieces, text: str) -> tuple[SlotText, ...] | None:
    """Return what stands at each place for a value in a text; None where it is another text."""
    listed = _ListPattern.of(pieces)
    if listed is not None:
        return listed.items(text)
    folded = usual_width(text)
    match = re.fullmatch(rf"\s*{_pattern(pieces)}\s*", folded, re.DOTALL)
    if match is None:
        return None
    around = ("", *pieces, "")
    found: list[SlotText] = []
    number = 0
    for at, piece in enumerate(pieces):
        if isinstance(piece, Slot):
            number += 1
            said = text[match.start(number) : match.end(number)].strip()
            # Nobody knows where one value ends and the next one begins.
            if not (isinstance(around[at], Slot) or isinstance(around[at + 2], Slot)):
                found.append(SlotText(piece, said))
    return tuple(found)


@lru_cache(maxsize=5_000)
def _pattern(pieces: Pieces) -> str:
    """Return the pattern of a text: blanks between characters do not count."""
    parts: list[str] = []
    for piece in pieces:
        if isinstance(piece, str):
            parts.append(fixed_pattern(piece))
        else:
            parts.append(r"(\d+|[一二三四五六七八九十]+)" if piece.key == INDEX else "(.*?)")
    return r"\s*".join(parts)


def fixed_pattern(text: str) -> str:
    """Return the pattern of a fixed text, wherever its lines are broken."""
    return r"\s*".join(re.escape(char) for char in usual_width(text) if not char.isspace())


def is_numbered(pieces: Pieces) -> bool:
    """Return whether numbers tell the items of a list apart, and not only lines."""
    listed = _ListPattern.of(pieces)
    return listed is not None and bool(_split_at_ordinal(listed.head)[1])


def list_item(first: Pieces, second: Pieces, number: int, text: str) -> SlotText | None:
    """Return what stands in an item of a list, of which two show how all are printed.

    None where the text is not the item of that number.
    """
    pattern = _ListPattern.of((*first, "\n", *second))
    if pattern is None:
        return None
    after = second[-1] if isinstance(second[-1], str) else ""
    match = pattern.item(number, usual_width(text), after)
    if match is None:
        return None
    return SlotText(pattern.first, text[match.start(1) : match.end(1)].strip(), number)


class _ListPattern(NamedTuple):
    """All rows of a loop in one text: what stands before, the head of each item, between, behind.

    `head` holds the number of the first item.
    """

    before: str
    head: str
    first: Slot
    between: str
    after: str

    @classmethod
    def of(cls, pieces: Pieces) -> _ListPattern | None:
        """Return the pattern of pieces that print a loop, None for others."""
        slots = slots_of(pieces)
        if len(slots) != 2 or not _are_rows(*slots):
            return None
        before, between, after = _around(pieces)
        head, following = _heads(before, between)
        return cls(
            before.removesuffix(head), head, slots[0], between.removesuffix(following), after
        )

    def items(self, text: str) -> tuple[SlotText, ...] | None:
        """Return the items of a list in a text, None where it is none."""
        folded = usual_width(text).rstrip()
        end = re.search(rf"{fixed_pattern(self.after)}\s*$", folded) if self.after else None
        if self.after and end is None:
            return None
        stop = end.start() if end else len(folded)
        bounds = list(self._bounds(folded, stop))
        if bounds and self._goes_on(folded, bounds[-1][0], stop, len(bounds) + 1):
            return None
        items = [
            SlotText(self.first, text[start:stop].strip(), number)
            for number, (start, stop) in enumerate(bounds, 1)
        ]
        return tuple(items) or None

    def _goes_on(self, folded: str, start: int, stop: int, number: int) -> bool:
        """Return whether the last item seems to hold the next one, without a line of its own."""
        head = self._head(number)
        is_numbered = bool(_split_at_ordinal(self.head)[1])
        return is_numbered and re.compile(head).search(folded, start, stop) is not None

    def item(self, number: int, folded: str, after: str) -> re.Match[str] | None:
        """Return the match of a text that is one item, which ends with the text `after`."""
        pattern = rf"\s*{self._head(number)}\s*(.+?)\s*{fixed_pattern(after)}\s*"
        return re.fullmatch(pattern, folded, re.DOTALL)

    def _bounds(self, folded: str, end: int) -> Iterator[tuple[int, int]]:
        """Yield where each item begins and ends."""
        opening = fixed_pattern(self.before) + r"\s*" + self._head(1)
        match = re.match(rf"\s*{opening}", folded)
        for number in range(2, _MOST_ITEMS):
            if match is None:
                return
            start = match.end()
            match = self._next(number, folded, start, end)
            yield start, match.start() if match else end

    def _next(self, number: int, folded: str, start: int, end: int) -> re.Match[str] | None:
        """Return where the next item begins."""
        is_parted = "\n" in self.between and "\n" in folded and not self._is_telling
        blank = r"\s*\n\s*" if is_parted else r"\s*"
        head = self._head(number)
        if not (head or is_parted or self.between.strip()):
            return None
        pattern = rf"{fixed_pattern(self.between)}{blank}{head}"
        return re.compile(pattern).search(folded, start, end)

    @property
    def _is_telling(self) -> bool:
        """Return whether its head is more than a number and a mark, which texts have too."""
        before, ordinal, after = _split_at_ordinal(self.head)
        return bool(ordinal) and len("".join((before + after).split())) > 1

    def _head(self, number: int) -> str:
        before, ordinal, after = _split_at_ordinal(self.head)
        if not ordinal:
            return fixed_pattern(self.head)
        numeral = str(number) if ordinal == "1" else chinese(number)
        guard = r"(?<!\d)" if ordinal == "1" and not before else ""
        return rf"{fixed_pattern(before)}{guard}\s*{numeral}\s*{fixed_pattern(after)}"


def _are_rows(one: Slot, other: Slot) -> bool:
    """Return whether two places are of the first and the second row of one loop."""
    rows = one.loops, other.loops
    return bool(rows[0]) and rows[0].keys() == rows[1].keys() and _ends(rows) == (FIRST, NEXT)


def _ends(rows: tuple[dict[str, str], dict[str, str]]) -> tuple[str, str]:
    return next(iter(rows[0].values())), next(iter(rows[1].values()))


def _around(pieces: Pieces) -> tuple[str, str, str]:
    """Return the fixed texts before, between and behind two places."""
    texts = [""]
    for piece in pieces:
        if isinstance(piece, str):
            texts[-1] += piece
        else:
            texts.append("")
    before, between, after = texts
    return before, between, after


def _heads(before: str, between: str) -> tuple[str, str]:
    """Return what stands at the head of the first item, and of the second: the same but one."""
    for length in range(len(before), 0, -1):
        head = before[-length:]
        opened, ordinal, rest = _split_at_ordinal(head)
        second = f"{opened}{'2' if ordinal == '1' else '二'}{rest}" if ordinal else head
        if between.endswith(second):
            return head, second
    return "", ""


def _split_at_ordinal(head: str) -> tuple[str, str, str]:
    match = _ORDINAL.search(head)
    if match is None:
        return head, "", ""
    return head[: match.start()], match[0], head[match.end() :]
