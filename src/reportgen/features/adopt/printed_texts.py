"""Knows what a pack prints by itself: its templates' own sentences, the cover, the sign-off.

Such a sentence is no narrative. What a template fills in stands between its own words: there the
document states the value of a fact. The lines are those of the pack composed without facts.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from operator import attrgetter
from typing import NamedTuple

from reportgen.compose.blank import MARK, UNKNOWN
from reportgen.language.folding import even_character
from reportgen.model.document import (
    AttachmentList,
    Block,
    Break,
    Cover,
    Document,
    Heading,
    Inline,
    Inlines,
    Items,
    Paragraph,
    SignOff,
    Strong,
    Table,
    Text,
    Title,
    Value,
)
from reportgen.model.frozen import frozen
from reportgen.model.reading import ReadParagraph
from reportgen.model.source import SourceSpan

_ROW = re.compile(r"\.#[0-9]+[ab]$")
"""How the key of a text of a list ends."""
_NUMBER = re.compile(r"^(?:[（(]?(?:[0-9]{1,3}|[一二三四五六七八九十]{1,3})[)）.、．])\s*")
_ITEM_INLINES = attrgetter("inlines")
_MOST_TOGETHER = 12
"""So many lines of a pack a PDF may run together into one paragraph."""


class StatedText(NamedTuple):
    """What stands in a document where the pack prints the value that has a key.

    `how` is the way in which it is printed, as in a pack composed without facts.
    """

    key: str
    how: str
    text: str
    span: SourceSpan


@frozen
class PrintedLine:
    """A line that a pack prints: its own words, between which `values` are filled in.

    `words` are one more than the values, folded and without blanks.
    """

    words: tuple[str, ...]
    values: tuple[Value, ...] = ()

    @property
    def is_telling(self) -> bool:
        """Return whether it has words of its own."""
        return any(map(str.isalnum, "".join(self.words)))

    @property
    def is_row(self) -> bool:
        """Return whether it prints nothing but one text of a list."""
        is_single = not self.is_telling and len(self.values) == 1
        return is_single and _ROW.search(self.values[0].key) is not None

    def __add__(self, other: PrintedLine) -> PrintedLine:
        """Return both lines as one."""
        words = (*self.words[:-1], self.words[-1] + other.words[0], *other.words[1:])
        return PrintedLine(words, self.values + other.values)

    def stated(self, paragraph: ReadParagraph) -> tuple[StatedText, ...] | None:
        """Return what a paragraph states where values are filled in, None if it is another."""
        text = _NUMBER.sub("", paragraph.text)
        letters = _Letters(text)
        places = self._places(letters.text)
        if places is None:
            return None
        found: list[StatedText] = []
        for number, (start, end) in enumerate(places):
            value = self.values[number]
            said = letters.original(start, end)
            if said and self._is_alone(number):
                found.append(StatedText(value.key, value.number, said, paragraph.span))
        return tuple(found)

    def _is_alone(self, number: int) -> bool:
        """Return whether words part a value from its neighbours, so that its text is sure."""
        inner = self.words[1:-1]
        if self.values[number].key == UNKNOWN:
            return False
        return all(inner[at] for at in (number - 1, number) if 0 <= at < len(inner))

    def _places(self, text: str) -> list[tuple[int, int]] | None:
        """Return where each value stands in a folded text, None where words are missing."""
        first, last = self.words[0], self.words[-1]
        if not self.values:
            return [] if text == first else None
        if not text.startswith(first) or not text.endswith(last):
            return None
        places: list[tuple[int, int]] = []
        at = len(first)
        for words in self.words[1:-1]:
            found = text.find(words, at if words else at + 1)
            if found < 0:
                return None
            places.append((at, found))
            at = found + len(words)
        end = len(text) - len(last)
        return [*places, (at, end)] if at <= end else None


class _Letters:
    """The characters of a text but its blanks, folded, with where each stands in it."""

    def __init__(self, text: str) -> None:
        folded = list(map(even_character, text))
        self.source = text
        self.text = "".join(folded)
        self.ends = list(accumulate(map(len, folded)))

    def original(self, start: int, end: int) -> str:
        """Return the part of the text whose characters stand from `start` up to `end`."""
        if end <= start:
            return ""
        first, last = bisect_right(self.ends, start), bisect_left(self.ends, end)
        return self.source[first : last + 1]


def folded_words(text: str) -> str:
    """Return the characters of a text but its blanks, in one form."""
    return _Letters(text).text


@dataclass(frozen=True)
class PrintedTexts:
    """The lines that a pack prints in one place of a document, in their order."""

    lines: tuple[PrintedLine, ...] = ()

    @cached_property
    def runs(self) -> tuple[PrintedLine, ...]:
        """Return neighbouring lines put together too, as a PDF may run them into one paragraph."""
        runs = sorted(_runs(self.lines), key=_own_words, reverse=True)
        return tuple(line for line in runs if line.is_telling or line.is_row)

    def stated(self, paragraph: ReadParagraph) -> tuple[StatedText, ...] | None:
        """Return what a paragraph that the pack prints states, None for one that it does not."""
        for line in self.runs:
            found = line.stated(paragraph)
            if found is not None:
                return found
        return None


def _own_words(line: PrintedLine) -> tuple[int, int]:
    """Return what is greatest for the line that is surest: its own characters, then few blanks."""
    return sum(map(len, line.words)), -len(line.values)


def _runs(lines: Sequence[PrintedLine]) -> Iterator[PrintedLine]:
    """Yield each run of neighbouring lines."""
    for start in range(len(lines)):
        together = lines[start]
        yield together
        for line in lines[start + 1 : start + _MOST_TOGETHER]:
            together += line
            yield together


def printed_line(inlines: Iterable[Inline]) -> PrintedLine:
    """Return a line of running text in which values are keys."""
    words, values = [""], []
    for inline in without_emphasis(inlines):
        if isinstance(inline, Value):
            values.append(inline)
            words.append("")
        elif isinstance(inline, Text):
            words[-1] += folded_words(inline.text)
    return PrintedLine(tuple(words), tuple(values))


def without_emphasis(inlines: Iterable[Inline]) -> Iterator[Inline]:
    """Yield inlines, those in emphasis one by one."""
    for inline in inlines:
        if isinstance(inline, Strong):
            yield from without_emphasis(inline.inlines)
        else:
            yield inline


def _marked(text: str) -> Inlines:
    """Return a title in which marks stand around the keys of values."""
    inlines: list[Inline] = []
    for number, part in enumerate(text.split(MARK)):
        inlines.append(Value("", "", part) if number % 2 else Text(part))
    return tuple(inlines)


def front_lines(document: Document) -> Iterator[PrintedLine]:
    """Yield what stands before the first heading: the title, the cover, an opening."""
    for line in document.title:
        yield printed_line(_marked(line))
    for block in document.blocks:
        if isinstance(block, Heading):
            return
        yield from block_lines(block)


def section_lines(document: Document, section: str) -> Iterator[PrintedLine]:
    """Yield what the pack prints below the heading of a section, up to the next section."""
    is_within = False
    for block in document.blocks:
        if isinstance(block, Heading) and block.section:
            is_within = block.section == section
        elif is_within:
            yield from block_lines(block)


def end_lines(document: Document) -> Iterator[PrintedLine]:
    """Yield what follows the last section: the list of annexes, the sign-off, the annexes."""
    for block in document.blocks:
        if isinstance(block, AttachmentList | SignOff):
            yield from block_lines(block)
    for annex in document.annexes:
        yield printed_line((Text(annex.label),))
        yield printed_line(annex.title)
        for block in annex.blocks:
            yield from block_lines(block)


def caption_lines(tables: Iterable[Table]) -> Iterator[PrintedLine]:
    """Yield the captions that forms print."""
    for table in tables:
        if table.show_caption:
            yield printed_line(_marked(table.caption))


def block_lines(block: Block) -> Iterator[PrintedLine]:
    """Yield the lines of a block; those of tables are no running text."""
    match block:
        case Paragraph(inlines):
            yield from _paragraph_lines(inlines)
        case Items(items):
            yield from map(printed_line, map(_ITEM_INLINES, items))
        case Heading(inlines=inlines):
            yield printed_line(inlines)
        case Cover(fields, foot):
            yield from (printed_line((Text(label), *value)) for label, value in fields)
            yield printed_line(foot)
        case _:
            yield from _framing_lines(block)


def _framing_lines(block: Block) -> Iterator[PrintedLine]:
    """Yield the lines of a title, of the sign-off, of the list of annexes."""
    match block:
        case Title(lines):
            yield from map(printed_line, map(_marked, lines))
        case SignOff(lines):
            yield from map(printed_line, lines)
        case AttachmentList(titles):
            yield from _listed(titles)


def _paragraph_lines(inlines: Inlines) -> Iterator[PrintedLine]:
    """Yield the lines of a paragraph, which breaks part."""
    line: list[Inline] = []
    for inline in without_emphasis(inlines):
        if isinstance(inline, Break):
            yield printed_line(line)
            line = []
        else:
            line.append(inline)
    yield printed_line(line)


def _listed(titles: Sequence[Inlines]) -> Iterator[PrintedLine]:
    """Yield the list of annexes: 附件：1. and so on, numbers only where there are several."""
    for number, title in enumerate(titles):
        first = "附件：1." if len(titles) > 1 else "附件："
        yield printed_line(title if number else (Text(first), *title))
