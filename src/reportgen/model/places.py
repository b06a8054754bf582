"""Where a document prints its figures, and all its texts, in reading order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import assert_never

from reportgen.model.document import (
    AttachmentList,
    Block,
    Chart,
    Cover,
    Document,
    Heading,
    Inlines,
    Items,
    PageBreak,
    Paragraph,
    SignOff,
    Table,
    Text,
    Title,
    plain,
    values,
)
from reportgen.model.grid import place_cells
from reportgen.model.source import NOWHERE, SourceSpan


@dataclass(frozen=True, slots=True)
class LocatedText:
    """A piece of text outside or inside a table: where it stands, in words, and its template."""

    where: str
    inlines: Inlines
    span: SourceSpan = NOWHERE

    @property
    def text(self) -> str:
        """Return the text without line breaks."""
        return plain(self.inlines).replace("\n", "")


def located_texts(document: Document) -> Iterator[LocatedText]:
    """Yield every piece of text of `document` after its title, in order.

    Of titles and captions, which are plain text, it is the figures that they print.
    """
    if document.title_figures:
        yield LocatedText("标题", document.title_figures)
    yield from _in_blocks(document.blocks, document.name)
    for annex in document.annexes:
        yield LocatedText(annex.label, annex.title)
        yield from _in_blocks(annex.blocks, annex.label)


def printed_figures(document: Document) -> dict[str, list[tuple[str, str]]]:
    """Return, by figure key, the (text, place) of each time the figure is printed."""
    found: dict[str, list[tuple[str, str]]] = {}
    for located in located_texts(document):
        for value in values(located.inlines):
            if value.key:
                found.setdefault(value.key, []).append((value.text, located.where))
    return found


def _in_blocks(blocks: tuple[Block, ...], start: str) -> Iterator[LocatedText]:
    section, paragraph = start, 0
    for block in blocks:
        if isinstance(block, Heading):
            section, paragraph = block.number + plain(block.inlines), 0
            yield LocatedText(section, block.inlines, span=block.span)
        elif isinstance(block, Table):
            if block.caption_figures:
                where = f"{section} {block.name} 表名"
                yield LocatedText(where, block.caption_figures, span=block.span)
            yield from _cells(block, section)
        else:
            pieces = list(_pieces(block))
            for number, (label, inlines, span) in enumerate(pieces, paragraph + 1):
                yield LocatedText(f"{section} ¶{number} {label}".rstrip(), inlines, span=span)
            paragraph += len(pieces)


def _cells(table: Table, section: str) -> Iterator[LocatedText]:
    for at in place_cells(table):
        where = f"{section} {table.name} r{at.row + 1}c{at.column + 1}"
        for line in at.cell.lines:
            yield LocatedText(where, line, span=table.span)


def _pieces(
    block: Paragraph | Items | AttachmentList | SignOff | PageBreak | Chart | Cover | Title,
) -> Iterator[tuple[str, Inlines, SourceSpan]]:
    match block:
        case Paragraph(inlines):
            yield "", inlines, block.span
        case Items(items):
            for item in items:
                yield item.label, item.inlines, item.span
        case AttachmentList(titles):
            for title in titles:
                yield "附件说明", title, NOWHERE
        case SignOff(lines):
            for line in lines:
                yield "落款", line, NOWHERE
        case Cover(fields, foot):
            for label, value in fields:
                yield "封面", (Text(label), *value), NOWHERE
            yield "封面", foot, NOWHERE
        case Title(lines, figures):
            for printed_line in lines:
                yield "标题", (Text(printed_line),), NOWHERE
            if figures:
                yield "标题", figures, NOWHERE
        case PageBreak() | Chart():
            return  # the figures of a chart stand in the table that follows it
        case _:
            assert_never(block)
