"""Aligns the headings of a document with the outline of a pack: of which section each part is.

Headings are known by their words. Their numbers, blanks and a few words may differ, sections may
be missing or stand in another order, and some headings are plain paragraphs, or the beginning of
one. What stands before the first heading is the front: title, cover, table of contents.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from itertools import count, islice, pairwise
from typing import NamedTuple

from reportgen.language.folding import even
from reportgen.language.numerals import parse_numeral
from reportgen.model.frozen import frozen
from reportgen.model.pack import Pack, Section
from reportgen.model.reading import ReadBlock, Reading, ReadParagraph

_CN = "[一二三四五六七八九十]{1,3}"
_NUMBERS = (
    re.compile(rf"\s*({_CN})[、.．]\s*"),
    re.compile(rf"\s*[（(]({_CN})[)）]\s*"),
    re.compile(r"\s*([0-9]{1,3})(?:、|[.．](?![0-9])|[.．](?=(?:19|20)[0-9]{2}年))\s*"),
    re.compile(r"\s*[（(]([0-9]{1,3})[)）]\s*"),
    re.compile(rf"\s*第({_CN}|[0-9]{{1,2}})(?:部分|章|节|条)[、:：\s]*"),
)
"""Numbers of headings and of items: 一、 （一） 1. （1） 第一部分 (GB/T 9704-2012, 7.3.3)."""
_PART = len(_NUMBERS) - 1
_CONTENTS = re.compile(r"(?:[.…·—\-\s]{2,}|\t)\s*[0-9]{1,3}$")
"""How a line of a table of contents ends."""
_BRACKETS = re.compile(r"[（(][^（()）]*[)）]")
_RUN_IN = re.compile(r"[。：:\s\u3000]")
"""Where a heading ends whose text follows in the same paragraph."""
_LONGEST, _LONGEST_RUN_IN = 60, 40
_END = "。；;，,"
_ALIKE, _ALIKE_IN_PLACE, _ALIKE_BARE = 0.6, 0.45, 0.9
"""How alike a heading and a title are at least, where the numbers agree too, and without any."""
_SAME_LEVEL, _SAME_NUMBER, _ONLY_BEGINS = 0.25, 0.15, -0.1
_MOST_CANDIDATES = 4000


class HeadingNumber(NamedTuple):
    """The number that a paragraph begins with: its kind, its value, where its words begin."""

    kind: int
    value: int
    end: int


NO_NUMBER = HeadingNumber(-1, 0, 0)


class OutlineEntry(NamedTuple):
    """A section of an outline: its level from 1, and which it is among its like, from 1."""

    section: Section
    level: int
    number: int


@frozen
class HeadingCandidate:
    """A paragraph that may be a heading: its words without number, and what follows them in it."""

    index: int
    words: str
    number: HeadingNumber
    styled: bool
    rest: str = ""


@frozen
class DocumentPart:
    """What stands below the heading of a section; the front has no entry.

    `heading` is the paragraph that names it.
    """

    entry: OutlineEntry | None
    heading: ReadParagraph | None
    blocks: tuple[ReadBlock, ...]


@frozen
class AlignedDocument:
    """A document cut at the headings of an outline: the front, its parts, sections not found.

    `levels` says which level of the outline the kinds of heading numbers stand for.
    """

    parts: tuple[DocumentPart, ...]
    missing: tuple[OutlineEntry, ...]
    levels: Mapping[int, int] = field(default_factory=dict)


def heading_number(text: str) -> HeadingNumber:
    """Return the number that a heading or an item begins with."""
    for kind, pattern in enumerate(_NUMBERS):
        match = pattern.match(text)
        if match is not None:
            value = int(match[1]) if match[1].isdecimal() else int(parse_numeral(match[1]) or 0)
            return HeadingNumber(kind, value, match.end())
    return NO_NUMBER


def without_number(text: str) -> str:
    """Return the words of a heading or an item."""
    return text[heading_number(text).end :]


def number_kinds(numbering: Iterable[str]) -> tuple[int, ...]:
    """Return the kind of number that each level of a pack's numbering prints, -1 for another."""
    kinds: list[int] = []
    for style in numbering:
        sample = style.replace("{cn}", "一").replace("{n}", "1")
        kinds.append(heading_number(sample).kind)
    return tuple(kinds)


def outline_entries(sections: Iterable[Section], level: int = 1) -> Iterator[OutlineEntry]:
    """Yield the sections of an outline in the order in which they are printed."""
    for number, section in enumerate(sections, 1):
        yield OutlineEntry(section, level, number)
        yield from outline_entries(section.sections, level + 1)


def aligned(reading: Reading, pack: Pack) -> AlignedDocument:
    """Return a document cut at the headings of the outline of `pack`."""
    blocks = tuple(whole_paragraphs(reading.blocks))
    entries = tuple(outline_entries(pack.outline))
    candidates = tuple(islice(_candidates(blocks), _MOST_CANDIDATES))
    kinds = number_kinds(pack.numbering)
    weights = _Weights(candidates, entries, kinds)
    found = _in_order(weights)
    found |= _out_of_order(weights, found)
    missing = [entry for at, entry in enumerate(entries) if at not in found.values()]
    parts = tuple(_parts(blocks, candidates, entries, found))
    return AlignedDocument(parts, tuple(missing), _levels(candidates, entries, found, kinds))


def whole_paragraphs(blocks: Iterable[ReadBlock]) -> Iterator[ReadBlock]:
    """Yield blocks, what was taken for a heading at the foot of a page joined to its other half."""
    held: ReadBlock | None = None
    for block in blocks:
        if held is not None and _goes_on(held, block):
            assert isinstance(held, ReadParagraph)
            assert isinstance(block, ReadParagraph)
            held = replace(held, text=held.text + block.text, level=0)
            continue
        if held is not None:
            yield held
        held = block
    if held is not None:
        yield held


_STOPS = "。；，：:;,！？"
_LONGEST_OWN = 40


def is_heading(block: ReadBlock, after: ReadBlock | None) -> bool:
    """Return whether a block is a heading, and not an item of a list, of which the next follows."""
    if not isinstance(block, ReadParagraph) or block.part or not (block.level or _is_part(block)):
        return False
    if len(block.text) > _LONGEST_OWN or block.text[-1] in _STOPS:
        return False
    return number_kind(block) == NO_NUMBER.kind or not _is_followed_by_its_like(block, after)


def _is_followed_by_its_like(block: ReadParagraph, after: ReadBlock | None) -> bool:
    """Return whether the next item of a list follows a paragraph, or nothing at all."""
    if not isinstance(after, ReadParagraph):
        return after is None
    return number_kind(after) == number_kind(block) and after.level in {0, block.level}


def _is_part(block: ReadParagraph) -> bool:
    """Return whether a paragraph is numbered as a part: 第一部分."""
    return number_kind(block) == _PART


def number_kind(block: ReadBlock) -> int:
    """Return the kind of number that a block begins with."""
    number = heading_number(block.text) if isinstance(block, ReadParagraph) else NO_NUMBER
    return number.kind


def follows(before: HeadingNumber, number: HeadingNumber) -> bool:
    """Return whether a number is the next one of a list."""
    return number.kind == before.kind and number.value == before.value + 1


_FULL_LINE = 20
"""Characters of a line that goes to the edge of the page at least."""


def _goes_on(before: ReadBlock, block: ReadBlock) -> bool:
    """Return whether a paragraph that a page cut short goes on in `block`."""
    if not isinstance(before, ReadParagraph) or not isinstance(block, ReadParagraph):
        return False
    pages = _page(before), _page(block)
    if before.level < 3 or block.level or pages[0] == pages[1]:
        return False
    is_cut = len(before.text) >= _FULL_LINE and before.text[-1] not in f"{_END}：:！？”）"
    return is_cut and heading_number(block.text) == NO_NUMBER


def _page(block: ReadBlock) -> str:
    first = block.span.place.partition(" ")[0]
    return first if first.startswith("g") else ""


def _candidates(blocks: Sequence[ReadBlock]) -> Iterator[HeadingCandidate]:
    """Yield the paragraphs that may be headings, those that have one at their beginning too."""
    for index, block in enumerate(blocks):
        if not isinstance(block, ReadParagraph) or block.part or _CONTENTS.search(block.text):
            continue
        candidate = _candidate(index, block)
        if candidate is not None:
            yield candidate


def _candidate(index: int, block: ReadParagraph) -> HeadingCandidate | None:
    number = heading_number(block.text)
    words = block.text[number.end :]
    styled = block.level > 0
    if len(words) <= _LONGEST and (styled or words[-1:] not in _END):
        return HeadingCandidate(index, title_words(words), number, styled)
    end = _RUN_IN.search(words, 1, _LONGEST_RUN_IN)
    if number == NO_NUMBER or end is None:
        return None
    rest = words[end.end() :].strip()
    return HeadingCandidate(index, title_words(words[: end.start()]), number, styled, rest)


def title_words(text: str) -> str:
    """Return a title without blanks, signs, and what a template fills in."""
    return "".join(filter(str.isalnum, even(re.sub(r"\{\{.*?\}\}", "", text))))


def likeness(words: str, title: str) -> float:
    """Return how alike two titles are, from 0 to 1, by their pairs of neighbouring characters."""
    if words == title:
        return 1.0 if words else 0.0
    own, others = _pairs(words), _pairs(title)
    return 2 * len(own & others) / max(len(own) + len(others), 1)


def _pairs(text: str) -> frozenset[str]:
    return frozenset(map("".join, pairwise(text)))


class _Weights:
    """How well each candidate fits each section of an outline; 0 is not at all."""

    def __init__(
        self,
        candidates: Sequence[HeadingCandidate],
        entries: Sequence[OutlineEntry],
        kinds: Sequence[int],
    ) -> None:
        self.candidates = candidates
        self.entries = entries
        self.kinds = kinds
        titles: list[tuple[str, str]] = []
        for entry in entries:
            title = entry.section.title
            titles.append((title_words(title), title_words(_BRACKETS.sub("", title))))
        self.rows = [self._row(candidate, titles) for candidate in candidates]

    def _row(self, candidate: HeadingCandidate, titles: list[tuple[str, str]]) -> list[float]:
        row: list[float] = []
        for entry, (title, short) in zip(self.entries, titles, strict=True):
            like = max(likeness(candidate.words, title), likeness(candidate.words, short) * 0.95)
            row.append(self._weight(candidate, entry, like))
        return row

    def _weight(self, candidate: HeadingCandidate, entry: OutlineEntry, like: float) -> float:
        level, number = self._agrees(candidate, entry)
        least = _ALIKE_IN_PLACE if level and number else _ALIKE
        if candidate.rest or (candidate.number == NO_NUMBER and not candidate.styled):
            least = _ALIKE_BARE
        if like < least:
            return 0.0
        begins = _ONLY_BEGINS if candidate.rest else 0.0
        return like + _SAME_LEVEL * level + _SAME_NUMBER * number + begins

    def _agrees(self, candidate: HeadingCandidate, entry: OutlineEntry) -> tuple[bool, bool]:
        """Return whether a heading has the kind of number, and the number, that the pack prints."""
        if candidate.number == NO_NUMBER or not self.kinds:
            return False, False
        kind = self.kinds[min(entry.level, len(self.kinds)) - 1]
        return candidate.number.kind == kind, candidate.number.value == entry.number


def _in_order(weights: _Weights) -> dict[int, int]:
    """Return the sections of candidates, by their places, that fit best in the pack's order.

    Of two that fit alike the later is taken: the earlier stands in a table of contents.
    """
    height, width = len(weights.candidates), len(weights.entries)
    best = [[0.0] * (width + 1) for _ in range(height + 1)]
    for row in range(height - 1, -1, -1):
        for column in range(width - 1, -1, -1):
            weight = weights.rows[row][column]
            taken = weight + best[row + 1][column + 1] if weight else 0.0
            best[row][column] = max(best[row + 1][column], best[row][column + 1], taken)
    return _chosen(best)


def _chosen(best: Sequence[Sequence[float]]) -> dict[int, int]:
    """Return the pairs that make the greatest sum of weights."""
    found: dict[int, int] = {}
    row = column = 0
    while row < len(best) - 1 and column < len(best[0]) - 1:
        if best[row][column] == best[row + 1][column]:
            row += 1
        elif best[row][column] == best[row][column + 1]:
            column += 1
        else:
            found[row] = column
            row, column = row + 1, column + 1
    return found


def _out_of_order(weights: _Weights, found: Mapping[int, int]) -> dict[int, int]:
    """Return the sections that stand elsewhere in the document than the pack has them."""
    more: dict[int, int] = {}
    free = [row for row in range(len(weights.candidates)) if row not in found]
    for column in sorted(set(range(len(weights.entries))).difference(found.values())):
        fitting = [row for row in free if weights.rows[row][column] >= _ALIKE_BARE]
        if fitting:
            row = max(fitting, key=lambda row: weights.rows[row][column])
            more[row] = column
            free.remove(row)
    return more


def _parts(
    blocks: Sequence[ReadBlock],
    candidates: Sequence[HeadingCandidate],
    entries: Sequence[OutlineEntry],
    found: Mapping[int, int],
) -> Iterator[DocumentPart]:
    """Yield the front of a document and what stands below each heading that was found."""
    starts = sorted(found)
    ends = [*(candidates[row].index for row in starts), len(blocks)]
    yield DocumentPart(None, None, tuple(blocks[: ends[0]]))
    for row, end in zip(starts, ends[1:], strict=True):
        candidate = candidates[row]
        heading = blocks[candidate.index]
        assert isinstance(heading, ReadParagraph)
        inside = blocks[candidate.index + 1 : end]
        rest = (replace(heading, text=candidate.rest, level=0),) if candidate.rest else ()
        yield DocumentPart(entries[found[row]], heading, (*rest, *inside))


def _levels(
    candidates: Sequence[HeadingCandidate],
    entries: Sequence[OutlineEntry],
    found: Mapping[int, int],
    kinds: Sequence[int],
) -> dict[int, int]:
    """Return the level of each kind of number: as the document uses it, else as the pack does."""
    levels = dict(zip(kinds, count(1), strict=False))
    for row, column in found.items():
        kind = candidates[row].number.kind
        levels[kind] = max(levels.get(kind, 0), entries[column].level)
    levels.pop(NO_NUMBER.kind, None)
    return levels
