"""Where a document prints its figures, and all its texts, in reading order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import singledispatch
from typing import NamedTuple

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
    Value,
    plain,
    values,
)
from reportgen.model.frozen import frozen, remembered
from reportgen.model.grid import place_cells
from reportgen.model.source import NOWHERE, SourceSpan


@frozen
class DocumentLocation:
    """Where a text stands in a document, in words, and the template or narrative it came from.

    In words it is a section and a paragraph (`三（一） ¶2`), or a table and a cell
    (`附件2 form r3c8`).
    """

    where: str
    span: SourceSpan = NOWHERE


@frozen
class LocatedText:
    """A piece of text outside or inside a table, and where it stands.

    It is `unmarked` where it is but the figures of a title or caption, which is plain text in the
    document and in every format.
    """

    location: DocumentLocation
    inlines: Inlines
    unmarked: bool = False

    @property
    def where(self) -> str:
        """Return where it stands, in words."""
        return self.location.where

    @property
    def span(self) -> SourceSpan:
        """Return where its template or narrative stands."""
        return self.location.span

    @property
    def text(self) -> str:
        """Return the text without line breaks."""
        return plain(self.inlines).replace("\n", "")


def located_text(where: str, inlines: Inlines, span: SourceSpan = NOWHERE) -> LocatedText:
    """Return `inlines` with where they stand."""
    return LocatedText(DocumentLocation(where, span), inlines)


@remembered(4)
def located_texts(document: Document) -> tuple[LocatedText, ...]:
    """Return every piece of text of `document` after its title, in order.

    Of titles and captions, which are plain text, it is the figures that they print.
    """
    return tuple(_located_texts(document))


def _located_texts(document: Document) -> Iterator[LocatedText]:
    yield from _unmarked("标题", document.title_figures)
    yield from _in_blocks(document.blocks, document.name)
    for annex in document.annexes:
        yield located_text(annex.label, annex.title)
        yield from _in_blocks(annex.blocks, annex.label)


@remembered(4)
def printed_figures(document: Document) -> Mapping[str, Sequence[tuple[str, str]]]:
    """Return, by figure key, the (text, place) of each time the figure is printed."""
    found: dict[str, list[tuple[str, str]]] = {}
    for piece in located_texts(document):
        for value in values(piece.inlines):
            if value.key:
                found.setdefault(value.key, []).append((value.text, piece.where))
    return found


_CELL = re.compile(r"(.*) r([0-9]+)c([0-9]+)")
_PARAGRAPH = re.compile("¶([0-9]+)")


class SpokenPlaces:
    """Says places of a document as those do who have it on paper: 附件1 表1 第5行第3列.

    Tables are counted in their section; those that are joined are one, with its rows counted on.
    """

    def __init__(self, document: Document) -> None:
        self._tables: dict[str, tuple[str, int]] = {}
        self._count(document.blocks, document.name)
        for annex in document.annexes:
            self._count(annex.blocks, annex.label)

    def _count(self, blocks: tuple[Block, ...], section: str) -> None:
        number, rows = 0, 0
        for block in blocks:
            if isinstance(block, Heading):
                section, number = block.number + plain(block.inlines), 0
            elif isinstance(block, Table):
                number, rows = (number, rows) if block.joined else (number + 1, 0)
                self._add(block, section, number, rows)
                rows += len(block.rows)

    def _add(self, table: Table, section: str, number: int, rows: int) -> None:
        """Note that a table is the one of this number in a section, with so many rows above."""
        for name in (table.name, f"表《{table.caption}》"):
            self._tables[f"{section} {name}"] = f"{section} 表{number}", rows

    def said(self, where: str) -> str:
        """Return `where` in words; a table that this document lacks keeps its name."""
        cell = _CELL.fullmatch(where)
        if cell is not None:
            table, rows = self._tables.get(cell[1], (cell[1], 0))
            return f"{table} 第{rows + int(cell[2])}行第{cell[3]}列"
        if where in self._tables:
            return self._tables[where][0]
        return _PARAGRAPH.sub(r"第\1段", where)


def _in_blocks(blocks: tuple[Block, ...], start: str) -> Iterator[LocatedText]:
    """Yield the texts of `blocks`; paragraphs are counted from each heading, or from `start`."""
    section, paragraph = start, 0
    for block in blocks:
        if isinstance(block, Heading):
            section, paragraph = block.number + plain(block.inlines), 0
            yield located_text(section, block.inlines, block.span)
        elif isinstance(block, Table):
            yield from _in_table(block, section)
        else:
            if isinstance(block, Title):
                yield from _unmarked(f"{section} 标题", block.figures)
            paragraphs = tuple(paragraphs_of(block))
            for number, each in enumerate(paragraphs, paragraph + 1):
                where = f"{section} ¶{number} {each.name}".rstrip()
                yield located_text(where, each.inlines, each.span)
            paragraph += len(paragraphs)


def _unmarked(
    where: str, figures: tuple[Value, ...], span: SourceSpan = NOWHERE
) -> Iterator[LocatedText]:
    """Yield the figures of a plain text, nothing where it prints none."""
    if figures:
        yield LocatedText(DocumentLocation(where, span), figures, unmarked=True)


def _in_table(table: Table, section: str) -> Iterator[LocatedText]:
    yield from _unmarked(f"{section} {table.name} 表名", table.caption_figures, table.span)
    for placed in place_cells(table):
        for line in placed.cell.lines:
            yield located_text(f"{section} {table.name} {placed.address}", line, table.span)


class BlockParagraph(NamedTuple):
    """A paragraph that a block prints: its text, what stands before it, and where it comes from.

    `lead` is printed before the text, as a label of a list is; `name` says which one it is.
    """

    lead: str
    inlines: Inlines
    span: SourceSpan = NOWHERE
    name: str = ""


@singledispatch
def paragraphs_of(block: Block) -> Iterator[BlockParagraph]:
    """Yield the paragraphs of a block, as every format prints them; those in cells are none."""
    raise TypeError(type(block).__name__)


@paragraphs_of.register
def _(block: Heading) -> Iterator[BlockParagraph]:
    yield BlockParagraph(block.number, block.inlines, block.span)


@paragraphs_of.register
def _(block: Paragraph) -> Iterator[BlockParagraph]:
    yield BlockParagraph("", block.inlines, block.span)


@paragraphs_of.register
def _(block: Items) -> Iterator[BlockParagraph]:
    for item in block.items:
        yield BlockParagraph(item.label, item.inlines, item.span, item.label)


@paragraphs_of.register
def _(block: AttachmentList) -> Iterator[BlockParagraph]:
    # A single one has no number (GB/T 9704-2012, 7.3.4).
    for number, title in enumerate(block.titles, 1):
        heading = "附件：" if number == 1 else ""
        label = f"{number}." if len(block.titles) > 1 else ""
        yield BlockParagraph(heading + label, title, name="附件说明")


@paragraphs_of.register
def _(block: SignOff) -> Iterator[BlockParagraph]:
    for line in block.lines:
        yield BlockParagraph("", line, name="落款")


@paragraphs_of.register
def _(block: Cover) -> Iterator[BlockParagraph]:
    for label, value in block.fields:
        yield BlockParagraph("", (Text(label), *value), name="封面")
    yield BlockParagraph("", block.foot, name="封面")


@paragraphs_of.register
def _(block: Title) -> Iterator[BlockParagraph]:
    for line in block.lines:
        yield BlockParagraph("", (Text(line),), name="标题")


@paragraphs_of.register
def _(block: Chart) -> Iterator[BlockParagraph]:
    if block.caption:  # its figures stand in the table below it
        yield BlockParagraph("", (Text(block.caption),), name=f"图{block.number}")


@paragraphs_of.register(Table | PageBreak)
def _(_block: Block) -> Iterator[BlockParagraph]:
    yield from ()
