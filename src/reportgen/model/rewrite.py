"""Rewrites every text of a document: one walk over all kinds of blocks for all changes of words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from functools import singledispatchmethod

from reportgen.model.document import (
    Annex,
    AttachmentList,
    Block,
    Chart,
    Cover,
    Document,
    Heading,
    Inlines,
    Items,
    ListItem,
    PageBreak,
    Paragraph,
    Picture,
    SignOff,
    Table,
    Text,
    Title,
    plain,
)
from reportgen.model.grid import PlacedCell, place_cells, rows_with
from reportgen.model.locations import DocumentLocation
from reportgen.model.publication import Publication

Lines = tuple[Inlines, ...]
LinesRewrite = Callable[[DocumentLocation, Lines], Lines]
"""Takes where a text stands and its lines, which are read as one text; returns as many lines."""

PROPERTIES = DocumentLocation("文件属性和网页信息")
TITLE = DocumentLocation("标题")
ATTACHMENTS = DocumentLocation("附件说明")
SIGN_OFF = DocumentLocation("落款")
COVER = DocumentLocation("封面")
BODY_TITLE = DocumentLocation("正文标题")


def rewrite_document(document: Document, rewrite: LinesRewrite) -> Document:
    """Return `document` with `rewrite` applied to every text that a file may show."""
    rewriter = _Rewriter(rewrite)
    return replace(
        document,
        stated=rewriter.stated(document.stated),
        publication=rewriter.publication(document.publication),
        title=rewriter.texts(TITLE, document.title),
        subject=rewriter.text(PROPERTIES, document.subject),
        organization=rewriter.text(PROPERTIES, document.organization),
        blocks=rewriter.blocks(document.blocks, document.name),
        annexes=tuple(map(rewriter.annex, document.annexes)),
    )


class _Rewriter:
    """Applies `rewrite` to the parts of a document; `section` is the heading last passed."""

    def __init__(self, rewrite: LinesRewrite) -> None:
        self.rewrite = rewrite
        self.section = ""

    def stated(self, stated: Mapping[str, str]) -> Mapping[str, str]:
        return {name: self.text(PROPERTIES, text) for name, text in stated.items()}

    def publication(self, publication: Publication | None) -> Publication | None:
        if publication is None:
            return None
        texts = {}
        for field in fields(publication):
            texts[field.name] = self.text(PROPERTIES, getattr(publication, field.name))
        return replace(publication, **texts)

    def annex(self, annex: Annex) -> Annex:
        location = DocumentLocation(annex.label)
        label, title = self.labelled(location, annex.label, annex.title)
        blocks = self.blocks(annex.blocks, annex.label)
        return replace(annex, label=label, title=title, blocks=blocks)

    def blocks(self, blocks: tuple[Block, ...], start: str) -> tuple[Block, ...]:
        """Return `blocks` rewritten; `start` names what stands before the first heading."""
        self.section = start
        rewritten: list[Block] = []
        for block in blocks:
            if isinstance(block, Heading):
                self.section = block.number + plain(block.inlines)
            rewritten.append(self.block(block))
        return tuple(rewritten)

    def text(self, location: DocumentLocation, text: str) -> str:
        return self.texts(location, (text,))[0]

    def texts(self, location: DocumentLocation, texts: tuple[str, ...]) -> tuple[str, ...]:
        """Return `texts`, which are read one after the other, rewritten together."""
        if not any(texts):
            return texts
        lines = self.rewrite(location, tuple((Text(text),) for text in texts))
        return tuple(map(plain, lines))

    def separate_texts(self, location: DocumentLocation, texts: tuple[str, ...]) -> tuple[str, ...]:
        """Return `texts`, each rewritten for itself."""
        return tuple(self.text(location, text) for text in texts)

    def labelled(
        self, location: DocumentLocation, label: str, inlines: Inlines
    ) -> tuple[str, Inlines]:
        """Return a label and the text behind it, rewritten together."""
        first, rest = self.rewrite(location, ((Text(label),), inlines))
        return plain(first), rest

    def line(self, location: DocumentLocation, inlines: Inlines) -> Inlines:
        return self.rewrite(location, (inlines,))[0]

    def picture(self, location: DocumentLocation, picture: Picture | None) -> Picture | None:
        return picture and replace(picture, alt=self.text(location, picture.alt))

    @singledispatchmethod
    def block(self, block: Block) -> Block:
        """Return a block rewritten; each kind of block has its method below."""
        raise TypeError(block)

    @block.register
    def _heading(self, block: Heading) -> Block:
        location = DocumentLocation(self.section, block.span)
        number, inlines = self.labelled(location, block.number, block.inlines)
        return replace(block, number=number, inlines=inlines)

    @block.register
    def _paragraph(self, block: Paragraph) -> Block:
        location = DocumentLocation(self.section, block.span)
        return replace(block, inlines=self.line(location, block.inlines))

    @block.register
    def _items(self, block: Items) -> Block:
        return Items(tuple(map(self._item, block.items)))

    def _item(self, item: ListItem) -> ListItem:
        location = DocumentLocation(self.section, item.span)
        label, inlines = self.labelled(location, item.label, item.inlines)
        return replace(item, label=label, inlines=inlines)

    @block.register
    def _table(self, block: Table) -> Block:
        name = f"{self.section} {block.name}"
        if block.caption:
            name = f"{self.section} 表《{block.caption}》"
        cells: list[PlacedCell] = []
        for placed in place_cells(block):
            where = f"{name} {placed.address}"
            location = DocumentLocation(where, block.span)
            lines = self.rewrite(location, placed.cell.lines)
            picture = self.picture(location, placed.cell.picture)
            cells.append(replace(placed, cell=replace(placed.cell, lines=lines, picture=picture)))
        caption = self.text(DocumentLocation(name, block.span), block.caption)
        return replace(block, caption=caption, rows=rows_with(block, cells))

    @block.register
    def _attachment_list(self, block: AttachmentList) -> Block:
        # Each title is a text of its own, unlike the lines of a signature.
        return AttachmentList(tuple(self.line(ATTACHMENTS, title) for title in block.titles))

    @block.register
    def _sign_off(self, block: SignOff) -> Block:
        return SignOff(self.rewrite(SIGN_OFF, block.lines))

    @block.register
    def _cover(self, block: Cover) -> Block:
        pairs = tuple(self.labelled(COVER, label, value) for label, value in block.fields)
        return Cover(pairs, self.line(COVER, block.foot))

    @block.register
    def _title(self, block: Title) -> Block:
        return Title(self.texts(BODY_TITLE, block.lines), origins=block.origins)

    @block.register
    def _chart(self, block: Chart) -> Block:
        location = DocumentLocation(f"{self.section} {block.name}")
        categories = self.separate_texts(location, block.categories)
        series = self.separate_texts(location, block.series)
        alt, title = self.text(location, block.alt), self.text(location, block.title)
        return replace(block, categories=categories, series=series, alt=alt, title=title)

    @block.register
    def _page_break(self, block: PageBreak) -> Block:
        return block
