"""The outline of a document: its headings as a tree, what stands before and behind them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count, islice, pairwise

from reportgen.features.adopt.headings import (
    NO_NUMBER,
    DocumentPart,
    follows,
    heading_number,
    is_heading,
    title_words,
    whole_paragraphs,
    without_number,
)
from reportgen.features.adopt.narrative import clean_text
from reportgen.features.adopt.texts import is_date, is_name, is_sentence, without_end
from reportgen.load.form_labels import fact_of
from reportgen.model.frozen import frozen
from reportgen.model.reading import ReadBlock, Reading, ReadParagraph, ReadTable

COVER = re.compile(r"(?P<label>[^：:]{2,16})[：:](?P<value>[^：:]{1,60})")
"""A field of a cover."""
_DEEPEST = 3
"""The deepest level of headings that a pack prescribes: those below change from year to year."""
_TITLE = re.compile("报告|自评|总结|方案|决算|预算|说明|评价|表$")
_CONTENTS = re.compile(r"目\s*录")
_ANNEX = re.compile(
    r"附\s*件\s*(?:[0-9一二三四五六七八九十]{1,2}(?:[-—][0-9]{1,2})?|$)\s*[:：]?\s*"
)
_LISTED = re.compile(r"附\s*件\s*[:：]|[0-9]{1,2}[.、．]")
_MOST_TITLE_LINES = 3
_USUAL = ("一、", "（一）", "1.", "（1）")
"""Numbers of headings of official documents, GB/T 9704-2012, 7.3.3."""
_LABELLED_UNIT = re.compile(
    r"([\u4e00-\u9fff]{2,8}(?:[（(]单位[)）])?名?称?)[：:]\s*([\u4e00-\u9fff]{2,30})(?![\u4e00-\u9fff：:])"
)
"""How a unit is named behind a label."""
_UNIT_NAME = re.compile(
    "[\u4e00-\u9fff]{3,24}(?:局|委员会|委|厅|办公室|中心|学院|医院|研究院|所|站|学校|公司|支队|总队|协会|联合会|政府)"
)
"""What a unit is called."""
_FIRST_OF_END = 12
"""In so many paragraphs behind the text stands who signed."""
_NUMERAL = re.compile("[一二三四五六七八九十]+|[0-9]+")


@dataclass(slots=True)
class Chapter:
    """A heading of a document, what stands directly below it, and the headings below it."""

    title: str
    level: int
    label: str = ""
    blocks: list[ReadBlock] = field(default_factory=list)
    inner: list[Chapter] = field(default_factory=list)


@dataclass(slots=True)
class DocumentAnnex:
    """An annex of a document."""

    title: str
    blocks: list[ReadBlock] = field(default_factory=list)


@frozen
class DocumentOutline:
    """The parts of a document: what stands before the first heading, the headings, the end.

    `blocks` are all of it, without page furniture and a table of contents.
    """

    blocks: tuple[ReadBlock, ...]
    front: tuple[ReadBlock, ...]
    chapters: tuple[Chapter, ...]
    end: tuple[ReadBlock, ...]

    @property
    def unit(self) -> str:
        """Return who it is of: who signed, what is labelled so, a name that stands alone."""
        signer = next(iter(self._signer()), "")
        return signer or _labelled_unit(self.blocks) or _named_unit((*self.front, *self.end))

    @property
    def signed(self) -> int:
        """Return how many lines the sign-off has: a name and a date, a name alone, none."""
        return len(self._signer()) or int(_named_unit(self.end) != "")

    def _signer(self) -> tuple[str, ...]:
        """Return the name above the date, before any annex, and the date; nothing without both."""
        for before, block in pairwise(islice(paragraphs_of(self.end), _FIRST_OF_END)):
            if is_name(before) and is_date(block) and not _ANNEX.match(before.text):
                return clean_text(before.text), clean_text(block.text)
        return ()


def document_outline(reading: Reading) -> DocumentOutline:
    """Return the parts of a document."""
    blocks = tuple(_body(reading))
    first = next(iter(_heading_places(blocks)), len(blocks))
    part, end = without_end(DocumentPart(None, None, blocks[first:]))
    return DocumentOutline(blocks, blocks[:first], tuple(_chapters(part.blocks)), end)


def _body(reading: Reading) -> Iterator[ReadBlock]:
    """Yield the blocks of a document without page furniture and a table of contents."""
    whole = whole_paragraphs(reading.blocks)
    blocks = [block for block in whole if isinstance(block, ReadTable) or not block.part]
    start, end = _contents(blocks)
    yield from (block for at, block in enumerate(blocks) if not start <= at < end)


def _contents(blocks: Sequence[ReadBlock]) -> tuple[int, int]:
    """Return where a table of contents stands: up to where its first entry stands again."""
    for at, block in enumerate(blocks[:-1]):
        if isinstance(block, ReadParagraph) and _CONTENTS.fullmatch(block.text):
            first = _letters(blocks[at + 1])
            for end in range(at + 2, len(blocks)):
                if _letters(blocks[end]) == first:
                    return at, end
    return 0, 0


def _letters(block: ReadBlock) -> str:
    """Return the words of a heading without a page number behind it."""
    text = block.text if isinstance(block, ReadParagraph) else ""
    return title_words(re.sub(r"[.…·\s]*[0-9]+$", "", text))


def _heading_places(blocks: Sequence[ReadBlock]) -> Iterator[int]:
    """Yield where headings stand; the last item of a list is none, as those before it."""
    item = NO_NUMBER
    for at, (block, after) in enumerate(zip(blocks, (*blocks, None)[1:], strict=True)):
        number = heading_number(block.text) if isinstance(block, ReadParagraph) else NO_NUMBER
        if not is_heading(block, after):
            item = number
        elif not follows(item, number):
            item = NO_NUMBER
            yield at


def _chapters(blocks: Sequence[ReadBlock]) -> list[Chapter]:
    """Return the headings of a document as a tree; those too deep stand in the text."""
    places = frozenset(_heading_places(blocks))
    levels = _levels([blocks[at] for at in sorted(places)])
    above = [Chapter("", 0)]
    for at, block in enumerate(blocks):
        level = levels.get(_rank(block), 0) if at in places else 0
        if not 0 < level <= _DEEPEST:
            above[-1].blocks.append(block)
            continue
        assert isinstance(block, ReadParagraph)
        while above[-1].level >= level:
            above.pop()
        number = heading_number(block.text)
        label = _NUMERAL.sub(_first_numeral, block.text[: number.end].strip())
        chapter = Chapter(without_number(block.text).strip(), level, label)
        above[-1].inner.append(chapter)
        above.append(chapter)
    return above[0].inner


def _first_numeral(match: re.Match[str]) -> str:
    return "1" if match[0].isdecimal() else "一"


def _rank(block: ReadBlock) -> int:
    """Return what tells the levels of headings apart, 0 for a numbered part, the highest."""
    return block.level if isinstance(block, ReadParagraph) else 0


def _levels(headings: Iterable[ReadBlock]) -> dict[int, int]:
    """Return the level of each rank of headings that there is, 1 for the highest."""
    return dict(zip(sorted(set(map(_rank, headings))), count(1), strict=False))


def tables_of(blocks: Iterable[ReadBlock]) -> Iterator[ReadTable]:
    """Yield the tables among some blocks."""
    for block in blocks:
        if isinstance(block, ReadTable):
            yield block


def paragraphs_of(blocks: Iterable[ReadBlock]) -> Iterator[ReadParagraph]:
    """Yield the paragraphs among some blocks."""
    for block in blocks:
        if isinstance(block, ReadParagraph):
            yield block


def title_lines(front: Iterable[ReadBlock]) -> list[str]:
    """Return the lines of the title: those up to the last that is called a report or the like."""
    lines = [line for line in front_lines(front) if not COVER.fullmatch(line)]
    last = [at for at, line in enumerate(lines[: 2 * _MOST_TITLE_LINES]) if _TITLE.search(line)]
    return lines[: last[-1] + 1][-_MOST_TITLE_LINES:] if last else []


def front_lines(front: Iterable[ReadBlock]) -> Iterator[str]:
    """Yield the short lines before the first heading, without dates that stand alone."""
    for block in paragraphs_of(front):
        if not is_sentence(block) and not is_date(block):
            yield from clean_text(block.text).split("\n")


def _named_unit(blocks: Iterable[ReadBlock]) -> str:
    """Return the name of a bureau or the like that is a line of its own, or behind a label."""
    for line in front_lines(islice(blocks, _FIRST_OF_END)):
        name = COVER.sub(r"\g<value>", line).strip()
        if _UNIT_NAME.fullmatch(name):
            return name
    return ""


def _labelled_unit(blocks: Iterable[ReadBlock]) -> str:
    """Return what stands behind 单位名称：, without a remark on its seal; nothing without it."""
    for block in paragraphs_of(blocks):
        for match in _LABELLED_UNIT.finditer(block.text):
            if fact_of(match[1]) == "unit.name":
                return clean_text(match[2])
    return ""


def appendices(end: Sequence[ReadBlock]) -> Iterator[DocumentAnnex]:
    """Yield the annexes: what follows a label (附件1), or tables behind the text without any."""
    found = list[DocumentAnnex]()
    for block in end:
        if isinstance(block, ReadTable):
            found = found or [DocumentAnnex("")]
            found[-1].blocks.append(block)
        elif _ANNEX.match(block.text) and not _LISTED.match(block.text):
            found.append(DocumentAnnex(clean_text(_ANNEX.sub("", block.text, count=1))))
        elif found:
            _add_line(found[-1], block)
    yield from (each for each in found if each.title or each.blocks)


def _add_line(appendix: DocumentAnnex, block: ReadParagraph) -> None:
    """Add a paragraph to an annex; the first short one is its title."""
    if not appendix.title and not appendix.blocks and is_name(block):
        appendix.title = clean_text(block.text)
    else:
        appendix.blocks.append(block)


def numbering_of(chapters: Sequence[Chapter]) -> list[str]:
    """Return how headings are numbered level by level, then as is usual; nothing for no numbers."""
    labels: list[str] = []
    for chapter in _every_chapter(chapters):
        if chapter.level > len(labels) and chapter.label:
            labels.append(chapter.label)
    if not labels:
        return []
    kinds = {heading_number(label).kind for label in labels}
    usual = [label for label in _USUAL if heading_number(label).kind not in kinds]
    return [*labels, *usual][: len(_USUAL)]


def _every_chapter(chapters: Iterable[Chapter]) -> Iterator[Chapter]:
    """Yield chapters, each followed by those within it."""
    for chapter in chapters:
        yield chapter
        yield from _every_chapter(chapter.inner)
