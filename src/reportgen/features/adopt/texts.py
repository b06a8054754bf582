"""Parts the running text of a document: narrative of its sections, what the pack prints, the rest.

The front ends where the first section begins, or its opening; the end begins where the annexes
are listed, or where somebody signed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import filterfalse

from reportgen.compose.blank import DAY, BlankReport
from reportgen.features.adopt.adoption import AdoptRequest, NotTaken
from reportgen.features.adopt.headings import (
    NO_NUMBER,
    DocumentPart,
    OutlineEntry,
    aligned,
    heading_number,
    outline_entries,
    title_words,
    without_number,
)
from reportgen.features.adopt.narrative import SectionText, section_text
from reportgen.features.adopt.printed_texts import (
    PrintedLine,
    PrintedTexts,
    StatedText,
    caption_lines,
    end_lines,
    front_lines,
    section_lines,
)
from reportgen.model.document import Document
from reportgen.model.reading import ReadBlock, ReadParagraph
from reportgen.model.source import SourceSpan

_ANNEX = re.compile(r"附\s*件\s*(?:[:：]|[0-9一二三四五六七八九十]{0,2}(?:[-—][0-9]{1,2})?\s*$)")
_DATE = re.compile(
    r"\s*(?:[0-9]{4}|[〇零○一二三四五六七八九]{4})\s*年\s*\S{1,3}\s*月\s*\S{1,4}\s*日"
)
_CONTENTS = re.compile(r"^目\s*录$|(?:[.…·]{2,}|\t|\s{2,})\s*[0-9]{1,3}$")
_LEAST_HEADINGS = 3
"""One of so many headings of an outline a document by it has at least."""
_LONGEST_NAME = 40
_STOPS = "。；，：:;,！？"


@dataclass(slots=True)
class RunningText:
    """What the running text of a document is.

    `sections` are the narratives, `stated` what it says where templates of the pack fill in
    facts, `missing` the sections of the pack that it does not have; of `headings` it has.
    """

    sections: list[SectionText] = field(default_factory=list)
    stated: list[StatedText] = field(default_factory=list)
    not_taken: list[NotTaken] = field(default_factory=list)
    missing: tuple[OutlineEntry, ...] = ()
    headings: int = 0

    @property
    def is_other(self) -> bool:
        """Return whether it has so few headings of the outline that it is by another pack."""
        return self.headings * _LEAST_HEADINGS < self.headings + len(self.missing)


def running_text(
    request: AdoptRequest, blanks: Sequence[BlankReport], forms: Mapping[SourceSpan, str]
) -> RunningText:
    """Return what the running text of a document is.

    `blanks` are its pack composed without facts, with values and as if all were left out, `forms`
    the forms of the pack that tables of the document are, by the places of the tables.
    """
    document = aligned(request.reading, request.pack)
    reader = _Reader(request, blanks, forms, document.levels)
    reader.result.missing = document.missing
    reader.result.headings = len(document.parts) - 1
    front, *parts = document.parts
    reader.read_front(tuple(_paragraphs(front.blocks)))
    end: tuple[ReadBlock, ...] = ()
    if parts:
        parts[-1], end = without_end(parts[-1])
    for part in parts:
        reader.read_part(part)
    reader.read_end(tuple(_paragraphs(end)))
    return reader.result


def without_end(part: DocumentPart) -> tuple[DocumentPart, tuple[ReadBlock, ...]]:
    """Return the last part of a document, and what follows it: sign-off, annexes."""
    for at, block in enumerate(part.blocks):
        following = part.blocks[at + 1] if at + 1 < len(part.blocks) else None
        if isinstance(block, ReadParagraph) and _ends(block, following):
            return replace(part, blocks=part.blocks[:at]), part.blocks[at:]
    return part, ()


def _ends(block: ReadParagraph, following: ReadBlock | None) -> bool:
    """Return whether a paragraph lists annexes or is one's label, or somebody signed there."""
    if _ANNEX.match(block.text):
        return True
    return is_name(block) and isinstance(following, ReadParagraph) and is_date(following)


def is_name(block: ReadParagraph) -> bool:
    """Return whether a paragraph is a name or a title: short, and no sentence."""
    text = block.text
    return (
        len(text) <= _LONGEST_NAME and text[-1] not in _STOPS and heading_number(text) == NO_NUMBER
    )


def is_date(block: ReadParagraph) -> bool:
    """Return whether a paragraph begins with a date."""
    return _DATE.match(block.text) is not None


def _paragraphs(blocks: Iterable[ReadBlock]) -> Iterator[ReadParagraph]:
    """Yield the paragraphs of the running text among some blocks."""
    for block in blocks:
        if isinstance(block, ReadParagraph) and not block.part:
            yield block


class _Reader:
    """Reads the parts of a document into `result`."""

    def __init__(
        self,
        request: AdoptRequest,
        blanks: Sequence[BlankReport],
        forms: Mapping[SourceSpan, str],
        levels: Mapping[int, int],
    ) -> None:
        self.request = request
        self.pack = request.pack
        self.blanks = blanks
        self.forms = dict(forms)
        self.levels = levels
        self.placed: set[str] = set()
        self.captions = PrintedTexts(tuple(caption_lines(blanks[0].tables)))
        self.result = RunningText()

    def read_front(self, front: Sequence[ReadParagraph]) -> None:
        """Read what stands before the first heading: title, cover, contents, an opening."""
        left = self._not_printed(front, self._printed(front_lines))
        opening = list(filter(is_sentence, left))
        if self.pack.opening == "narrative" and opening and self.result.headings:
            path = f"{self.request.folder}/narrative/opening.md"
            self._add(DocumentPart(None, None, tuple(opening)), path)
            left = list(filterfalse(is_sentence, left))
        titles = {title_words(entry.section.title) for entry in outline_entries(self.pack.outline)}
        for block in left:
            words = title_words(without_number(_CONTENTS.sub("", block.text)))
            if words not in {"", *titles}:
                self._leave(block, "@before_outline")

    def read_part(self, part: DocumentPart) -> None:
        """Read what stands below the heading of a section."""
        assert part.entry is not None
        section = part.entry.section
        if section.text == "narrative":
            blocks = tuple(self._without_captions(part.blocks))
            self._place_once(blocks)
            path = f"{self.request.folder}/narrative/{section.id}.md"
            self._add(replace(part, blocks=blocks), path)
            return
        printed = self._printed(partial(section_lines, section=section.id))
        for block in self._not_printed(_paragraphs(part.blocks), printed):
            self._leave(block, "@not_of_pack" if section.text else "@heading_only")

    def read_end(self, end: Sequence[ReadParagraph]) -> None:
        """Read what follows the last section: the list of annexes, the sign-off, annexes."""
        for block in self._not_printed(end, self._printed(end_lines)):
            if is_date(block) and len(block.text) <= _LONGEST_NAME:
                self.result.stated.append(StatedText("report.date", DAY, block.text, block.span))
            elif not is_name(block):
                self._leave(block, "@behind_outline")

    def _place_once(self, blocks: Iterable[ReadBlock]) -> None:
        """Let a form stand once where a document cuts its table in several, as at page ends."""
        for block in blocks:
            form = self.forms.get(block.span)
            if form in self.placed:
                self.forms[block.span] = ""
            elif form:
                self.placed.add(form)

    def _add(self, part: DocumentPart, path: str) -> None:
        """Add the narrative of a part."""
        result = self.result
        made = section_text(part, self.pack, self.levels, path, self.forms, result.not_taken)
        if made is not None:
            result.sections.append(made)

    def _leave(self, block: ReadParagraph, why: str) -> None:
        self.result.not_taken.append(NotTaken(block.text, block.span, why))

    def _not_printed(
        self, blocks: Iterable[ReadParagraph], printed: PrintedTexts
    ) -> list[ReadParagraph]:
        """Return the paragraphs that the pack does not print; what the others state is kept."""
        left: list[ReadParagraph] = []
        for block in blocks:
            stated = printed.stated(block)
            if stated is None:
                left.append(block)
            else:
                self.result.stated += stated
        return left

    def _printed(self, lines: Callable[[Document], Iterable[PrintedLine]]) -> PrintedTexts:
        """Return some lines of the pack, as they are with and without values, and captions."""
        found: list[PrintedLine] = []
        for blank in self.blanks:
            found += lines(blank.document)
        return PrintedTexts((*found, *self.captions.lines))

    def _without_captions(self, blocks: Sequence[ReadBlock]) -> Iterator[ReadBlock]:
        """Yield blocks without the captions of forms, which these print themselves."""
        for at, block in enumerate(blocks):
            following = blocks[at + 1] if at + 1 < len(blocks) else block
            if following.span not in self.forms or not self._is_caption(block):
                yield block

    def _is_caption(self, block: ReadBlock) -> bool:
        return isinstance(block, ReadParagraph) and self.captions.stated(block) is not None


def is_sentence(block: ReadParagraph) -> bool:
    """Return whether a paragraph before the first heading is text, and not a title or a name."""
    return block.text[-1] in _STOPS or len(block.text) > 2 * _LONGEST_NAME
