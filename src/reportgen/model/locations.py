"""Where a document prints its figures, and all its texts, in reading order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import singledispatch

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
from reportgen.model.grid import place_cells
from reportgen.model.source import NOWHERE, SourceSpan


@dataclass(frozen=True, slots=True)
class DocumentLocation:
    """Where a text stands in a document, in words, and the template or narrative it came from.

    In words it is a section and a paragraph (`三（一） ¶2`), or a table and a cell
    (`附件2 form r3c8`).
    """

    where: str
    span: SourceSpan = NOWHERE


@dataclass(frozen=True, slots=True)
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


def located_texts(document: Document) -> Iterator[LocatedText]:
    """Yield every piece of text of `document` after its title, in order.

    Of titles and captions, which are plain text, it is the figures that they print.
    """
    yield from _unmarked("标题", document.title_figures)
    yield from _in_blocks(document.blocks, document.name)
    for annex in document.annexes:
        yield located_text(annex.label, annex.title)
        yield from _in_blocks(annex.blocks, annex.label)


def printed_figures(document: Document) -> dict[str, list[tuple[str, str]]]:
    """Return, by figure key, the (text, place) of each time the figure is printed."""
    found: dict[str, list[tuple[str, str]]] = {}
    for piece in located_texts(document):
        for value in values(piece.inlines):
            if value.key:
                found.setdefault(value.key, []).append((value.text, piece.where))
    return found


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
            pieces = tuple(_pieces(block))
            for number, (label, inlines, span) in enumerate(pieces, paragraph + 1):
                yield located_text(f"{section} ¶{number} {label}".rstrip(), inlines, span)
            paragraph += len(pieces)


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


_Piece = tuple[str, Inlines, SourceSpan]
"""A paragraph of a block: its label, its text, and where that comes from."""


@singledispatch
def _pieces(block: Block) -> Iterator[_Piece]:
    """Yield the paragraphs of a block that is neither a heading nor a table."""
    raise TypeError(type(block).__name__)


@_pieces.register
def _(block: Paragraph) -> Iterator[_Piece]:
    yield "", block.inlines, block.span


@_pieces.register
def _(block: Items) -> Iterator[_Piece]:
    for item in block.items:
        yield item.label, item.inlines, item.span


@_pieces.register
def _(block: AttachmentList) -> Iterator[_Piece]:
    for title in block.titles:
        yield "附件说明", title, NOWHERE


@_pieces.register
def _(block: SignOff) -> Iterator[_Piece]:
    for line in block.lines:
        yield "落款", line, NOWHERE


@_pieces.register
def _(block: Cover) -> Iterator[_Piece]:
    for label, value in block.fields:
        yield "封面", (Text(label), *value), NOWHERE
    yield "封面", block.foot, NOWHERE


@_pieces.register
def _(block: Title) -> Iterator[_Piece]:
    for line in block.lines:
        yield "标题", (Text(line),), NOWHERE


@_pieces.register
def _(block: PageBreak) -> Iterator[_Piece]:  # noqa: ARG001 - the kind decides
    yield from ()


@_pieces.register
def _(block: Chart) -> Iterator[_Piece]:  # noqa: ARG001 - its figures stand in the table below
    yield from ()
