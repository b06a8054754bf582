"""What the titles and the lists of a document say: its year, and the items of numbered sections.

A list is taken where a pack makes a section of the rows of a loop, a paragraph each, and every
paragraph below its heading is the next of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import takewhile

from reportgen.compose.blank import MARK, BlankReport
from reportgen.features.adopt.cells import StatedValue
from reportgen.features.adopt.expected import (
    Pieces,
    Slot,
    fixed_label,
    label_of,
    pieces_of,
    slots_of,
)
from reportgen.features.adopt.patterns import fixed_pattern, list_item, slot_texts
from reportgen.language.folding import usual_width
from reportgen.model.document import (
    Block,
    Cover,
    Heading,
    Items,
    Paragraph,
    Text,
)
from reportgen.model.reading import Reading, ReadParagraph
from reportgen.model.source import SourceSpan

_KEY = re.compile(f"{MARK}([^{MARK}]*){MARK}")
_HEAD = re.compile(
    r"^(?:[一二三四五六七八九十]+、|[（(][一二三四五六七八九十\d]+[）)]|\d{1,2}[.、．])"
)


def known_neighbours(
    reading: Reading, given: BlankReport, known: Mapping[str, str]
) -> Iterator[StatedValue]:
    """Yield what stands in the title beside a value that is known from elsewhere.

    Two values side by side have no words between them: what is left of one is the other.
    """
    for line in given.document.title:
        pieces = _title_pieces(line)
        filled = _merged(_filled(pieces, known))
        if filled != pieces:
            for paragraph in takewhile(_is_no_heading, reading.paragraphs):
                yield from _stated(filled, paragraph)


def _stated(pieces: Pieces, paragraph: ReadParagraph) -> Iterator[StatedValue]:
    """Yield what stands at the places of some pieces in a paragraph that is made of them."""
    for line in paragraph.text.split("\n"):
        for slot, said, _ in slot_texts(pieces, line) or ():
            if said:
                yield StatedValue(slot, said, paragraph.span, "")


def _filled(pieces: Pieces, known: Mapping[str, str]) -> Iterator[str | Slot]:
    for piece in pieces:
        yield known.get(piece.key, piece) if isinstance(piece, Slot) else piece


def _merged(pieces: Iterable[str | Slot]) -> Pieces:
    """Return pieces with fixed texts that stand side by side put together."""
    merged: list[str | Slot] = []
    for piece in pieces:
        last = merged[-1] if merged else None
        if isinstance(piece, str) and isinstance(last, str):
            merged[-1] = last + piece
        else:
            merged.append(piece)
    return tuple(merged)


def title_values(reading: Reading, given: BlankReport) -> Iterator[StatedValue]:
    """Yield what stands alone in a line of the title, beside a line that the pack prescribes."""
    lines = list(map(_title_pieces, given.document.title))
    front = list(takewhile(_is_no_heading, reading.paragraphs))
    for at, paragraph in enumerate(front):
        for number, pieces in enumerate(lines):
            if _is_telling(pieces) and slot_texts(pieces, paragraph.text) is not None:
                yield from _alone(front[max(0, at - number) :], lines)
                return


def _alone(paragraphs: Sequence[ReadParagraph], lines: Sequence[Pieces]) -> Iterator[StatedValue]:
    for paragraph, pieces in zip(paragraphs, lines, strict=False):
        slot = _only_slot(pieces)
        if slot is not None and len(paragraph.text) < _LONGEST_NAME:
            yield StatedValue(slot, paragraph.text.strip(), paragraph.span, "")


def _is_no_heading(paragraph: ReadParagraph) -> bool:
    return paragraph.level == 0


def _is_telling(pieces: Pieces) -> bool:
    return len(fixed_label(pieces)) > 3


def cover_values(reading: Reading, given: BlankReport) -> Iterator[StatedValue]:
    """Yield what stands between the labels of a cover that a PDF ran together."""
    covers = [block for block in given.document.blocks if isinstance(block, Cover)]
    for cover in covers:
        for paragraph in takewhile(_is_no_heading, reading.paragraphs):
            yield from _between_labels(cover, paragraph)


def _between_labels(cover: Cover, paragraph: ReadParagraph) -> Iterator[StatedValue]:
    """Yield what stands behind each label up to the next, the last up to the end."""
    text = usual_width(paragraph.text)
    labels = [fixed_pattern(label) for label, _ in cover.fields]
    for at, (_, value) in enumerate(cover.fields):
        between = _behind_label(labels, at, text)
        slot = _only_slot(pieces_of(value))
        if slot is not None and between is not None and between[1].strip():
            said = paragraph.text[between.start(1) : between.end(1)].strip()
            yield StatedValue(slot, said, paragraph.span, "")


def _behind_label(labels: Sequence[str], at: int, text: str) -> re.Match[str] | None:
    """Return the match of what stands behind a label in a text that has its neighbour too."""
    if at + 1 < len(labels):
        return re.search(f"{labels[at]}(.*?){labels[at + 1]}", text)
    return re.search(rf"{labels[at - 1]}.*?{labels[at]}(.*?)\s*$", text) if at else None


def _only_slot(pieces: Pieces) -> Slot | None:
    """Return the place for a value that some pieces are, None where they are more."""
    slot = pieces[0] if len(pieces) == 1 else None
    return slot if isinstance(slot, Slot) else None


def _title_pieces(line: str) -> Pieces:
    """Return a line of the title as fixed texts and places for values."""
    pieces: list[str | Slot] = []
    for number, part in enumerate(_KEY.split(line)):
        pieces.append(Slot(part) if number % 2 else part)
    return tuple(filter(None, pieces))


_LONGEST_NAME = 40


def any_year(line: str, year: str) -> re.Pattern[str]:
    """Return the pattern of a line of the title in which another year may stand."""
    parts: list[str] = []
    for number, part in enumerate(_KEY.split(line)):
        fixed = fixed_pattern(part).replace(fixed_pattern(year), r"(20\d\d)")
        parts.append(".*" if number % 2 else fixed)
    return re.compile("".join(parts))


def listed_values(reading: Reading, given: BlankReport) -> Iterator[StatedValue]:
    """Yield the items of each section that is a list and nothing else: 目标1：…, 目标2：…."""
    paragraphs = [each for each in reading.paragraphs if not each.part]
    for title, blocks in _sections(given.document.blocks):
        pattern = _list_pattern(blocks)
        if pattern is not None:
            yield from _items(_below(paragraphs, title), pattern)


def _sections(blocks: Iterable[Block]) -> Iterator[tuple[str, list[Block]]]:
    """Yield the label of each heading with the blocks up to the next."""
    title, found = "", list[Block]()
    for block in blocks:
        if isinstance(block, Heading):
            yield title, found
            title, found = _heading_label("".join(map(_text, block.inlines))), []
        else:
            found.append(block)
    yield title, found


def _text(inline: object) -> str:
    return inline.text if isinstance(inline, Text) else ""


def _heading_label(text: str) -> str:
    return label_of(_HEAD.sub("", text.strip()))


def _list_pattern(blocks: Sequence[Block]) -> tuple[Pieces, Pieces] | None:
    """Return how the first and the second item of a section are printed, None for another."""
    lines = list(_list_lines(blocks))
    if len(lines) != 2 or len(blocks) > 2:
        return None
    first, second = map(_loops, lines)
    return (lines[0], lines[1]) if first and first == second else None


def _list_lines(blocks: Sequence[Block]) -> Iterator[Pieces]:
    for block in blocks:
        if isinstance(block, Paragraph):
            yield pieces_of(block.inlines)
        for item in block.items if isinstance(block, Items) else ():
            yield pieces_of((Text(item.label), *item.inlines))


def _loops(line: Pieces) -> set[str]:
    """Return the loops whose values a line prints, empty where it prints more than one."""
    slots = slots_of(line)
    return set(slots[0].loops) if len(slots) == 1 else set()


def _below(paragraphs: Sequence[ReadParagraph], title: str) -> list[ReadParagraph]:
    """Return the paragraphs between the heading with a label and the next heading."""
    heads = [at for at, each in enumerate(paragraphs) if each.level]
    own = [at for at in heads if title and _heading_label(paragraphs[at].text) == title]
    if len(own) != 1:
        return []
    end = next((at for at in heads if at > own[0]), len(paragraphs))
    return [*paragraphs[own[0] + 1 : end]]


def _items(
    paragraphs: Sequence[ReadParagraph], pattern: tuple[Pieces, Pieces]
) -> Iterator[StatedValue]:
    """Yield the items of a list, if every paragraph is the next one."""
    found: list[tuple[Slot, str, SourceSpan]] = []
    for number, paragraph in enumerate(paragraphs, 1):
        item = list_item(*pattern, number, paragraph.text)
        if item is None:
            return
        found.append((item.slot, item.text, paragraph.span))
    for number, (slot, text, span) in enumerate(found, 1):
        yield StatedValue(slot, text, span, "", item=number)
