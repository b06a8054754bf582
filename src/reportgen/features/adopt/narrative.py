"""Makes the narrative of sections from the paragraphs of a document, in the form that drafters use.

Numbered paragraphs become lists, headings below a section stay headings, forms of the pack stand
where their tables stood. What reads as markup is escaped: the text prints as it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from reportgen.features.adopt.adoption import NotTaken
from reportgen.features.adopt.headings import (
    NO_NUMBER,
    DocumentPart,
    HeadingNumber,
    follows,
    heading_number,
    is_heading,
    number_kind,
    number_kinds,
    without_number,
)
from reportgen.findings.renderers import place_text
from reportgen.language.characters import IGNORABLE, refused
from reportgen.language.folding import even_character
from reportgen.load.unconfirmed import CONFIRM
from reportgen.model.frozen import frozen
from reportgen.model.pack import Pack
from reportgen.model.reading import ReadBlock, ReadParagraph, ReadTable
from reportgen.model.source import SourceSpan

_MARKS = re.compile(r"[\\`*_\[\]<>~]|&(?=[#A-Za-z])")
_FIRST = re.compile(r"^(?:(?=[#+\-=|])|(?P<digits>[0-9]{1,9})(?=[.)](?:\s|$)))", re.MULTILINE)
"""What begins a line as a heading, a list or a rule."""
_BRACE = re.compile("[{}]")
_MARKUP = re.compile(r"[\\`*_\[\]<>~&{}]+")
_UNSEEN = re.compile(f"[{IGNORABLE}]")
_RADICAL = re.compile("[\u2e81-\u2fd5]")
_BLANKS = re.compile(r"[ \t\xa0]+")
_LISTS = ((4, ")"), (3, "."))
"""The levels whose numbers `1)` and `1.` print."""
_DEEPEST = 4


@frozen
class SectionText:
    """The narrative of a section as Markdown, with its file, and the place behind each line."""

    path: str
    text: str
    places: tuple[SourceSpan, ...]


def section_text(
    part: DocumentPart,
    pack: Pack,
    levels: Mapping[int, int],
    file: str,
    forms: Mapping[SourceSpan, str],
    not_taken: list[NotTaken],
) -> SectionText | None:
    """Return the narrative of a part for a `file`, None where it says nothing.

    `levels` are those of kinds of heading numbers, `forms` the forms of the pack that tables of
    the document begin, by their places, "" where one goes on. What has no place in a
    narrative goes to `not_taken`.
    """
    level = part.entry.level if part.entry is not None else 0
    blocks = _Writer(pack, levels, level, forms, not_taken).blocks(part)
    return _section_text(file, blocks) if blocks else None


def included_text(path: str, text: str, span: SourceSpan) -> SectionText:
    """Return a text that a template includes as a file, which says where it came from."""
    line = _MARKUP.sub(_as_printed, " ".join(clean_text(text).split()))
    return SectionText(path, f"{_origin(span)[:-2]}-#}}\n{line}\n", (span, span))


def _as_printed(match: re.Match[str]) -> str:
    """Return characters as an expression that prints them, in Markdown and in a form."""
    escaped = match[0].replace("\\", "\\\\")
    return f'{{{{ "{escaped}" }}}}'


def _origin(span: SourceSpan) -> str:
    """Return the comment that says where a text came from, and that it is to be confirmed."""
    return f"{{# {CONFIRM}：取自 {_comment(span.path)} {place_text(span, 'zh')} #}}"


@frozen
class _Written:
    """A block of Markdown, where it came from; `joined` stands directly below the one before."""

    text: str
    span: SourceSpan
    joined: bool = False


def _section_text(path: str, blocks: Sequence[_Written]) -> SectionText:
    """Return blocks as a file that says in its first line where it came from."""
    first = blocks[0].span
    lines = [_origin(first)]
    places = [first]
    for block in blocks:
        if not block.joined and len(lines) > 1:
            lines.append("")
            places.append(block.span)
        added = block.text.split("\n")
        lines += added
        places += [block.span] * len(added)
    return SectionText(path, "\n".join(lines) + "\n", tuple(places))


def _comment(name: str) -> str:
    """Return the name of a file as it may stand in a comment of a template."""
    return re.sub(r"[#{}]", "_", clean_text(name))


@dataclass(slots=True)
class _Writer:
    """Writes what stands below one heading; `item` is the number of the list item just written."""

    pack: Pack
    levels: Mapping[int, int]
    level: int
    forms: Mapping[SourceSpan, str]
    not_taken: list[NotTaken]
    item: HeadingNumber = NO_NUMBER

    def blocks(self, part: DocumentPart) -> list[_Written]:
        """Return the blocks of a part; what has no form in a narrative is told."""
        written: list[_Written] = []
        following: tuple[ReadBlock | None, ...] = (*part.blocks, None)[1:]
        for block, after in zip(part.blocks, following, strict=True):
            if isinstance(block, ReadTable):
                written += self._table(block)
                self.item = NO_NUMBER
            elif block.part:
                self._tell_note(block)
            else:
                written.append(self._paragraph(block, after))
        return written

    def _table(self, table: ReadTable) -> Iterator[_Written]:
        form = self.forms.get(table.span)
        if form:
            yield _Written(f'{{{{ form("{form}") }}}}', table.span)
        elif form is None:
            self.not_taken.append(NotTaken(_words_of(table), table.span, "@table_in_text"))

    def _tell_note(self, block: ReadParagraph) -> None:
        if block.part in {"footnote", "endnote"}:
            self.not_taken.append(NotTaken(block.text, block.span, "@note_of_page"))

    def _paragraph(self, block: ReadParagraph, after: ReadBlock | None) -> _Written:
        number = heading_number(block.text)
        before, self.item = self.item, NO_NUMBER
        level = self._heading_level(block, after)
        if level and not follows(before, number):
            return self._heading(block, level)
        mark = self._list_mark(block.text, number)
        begins = before.kind != number.kind
        if not mark or not (begins or follows(before, number)):
            return _Written(markdown(block.text), block.span)
        self.item = number
        text = f"{number.value}{mark} {markdown(block.text[number.end :])}"
        return _Written(text, block.span, joined=not begins)

    def _heading(self, block: ReadParagraph, level: int) -> _Written:
        """Return a heading, which stays a paragraph where the section can have none such."""
        if self.level < level <= _DEEPEST:
            return _Written(f"{'#' * level} {markdown(without_number(block.text))}", block.span)
        self.not_taken.append(NotTaken(block.text, block.span, "@heading_of_none"))
        return _Written(markdown(block.text), block.span)

    def _list_mark(self, text: str, number: HeadingNumber) -> str:
        """Return the sign of the list whose numbers the pack prints so, `` for none."""
        kinds = number_kinds(self.pack.numbering)
        if not kinds or number.end == len(text):
            return ""
        marks = {kinds[min(level, len(kinds)) - 1]: mark for level, mark in _LISTS}
        return "" if number == NO_NUMBER else marks.get(number.kind, "")

    def _heading_level(self, block: ReadParagraph, after: ReadBlock | None) -> int:
        """Return the level of a heading that the outline does not have, 0 for no heading."""
        if not is_heading(block, after):
            return 0
        kind = number_kind(block)
        if kind == NO_NUMBER.kind:
            return max(block.level, self.level + 1)
        return self.levels.get(kind, 0)


def _words_of(table: ReadTable) -> str:
    """Return the first words of a table, by which one finds it."""
    texts = [" ".join(cell.text.split()) for cell in table.cells if cell.text.strip()]
    return " | ".join(texts[:4])


def markdown(text: str) -> str:
    """Return a text as Markdown in a template that prints it."""
    escaped = _MARKS.sub(r"\\\g<0>", clean_text(text))
    escaped = _FIRST.sub(_escaped_start, escaped)
    return _BRACE.sub(r'{{ "\g<0>" }}', escaped).replace("\n", "\\\n")


def _escaped_start(match: re.Match[str]) -> str:
    return f"{match['digits'] or ''}\\"


def clean_text(text: str) -> str:
    """Return a text without what no file may hold, and without radicals that PDF files give."""
    text = _RADICAL.sub(lambda match: even_character(match[0]), _UNSEEN.sub("", text))
    char, _ = refused(text)
    while char:
        text = text.replace(char, " ")
        char, _ = refused(text)
    lines = [_BLANKS.sub(" ", line).strip() for line in text.split("\n")]
    return "\n".join(filter(None, lines))
