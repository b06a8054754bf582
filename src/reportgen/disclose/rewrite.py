"""Rewrites every text of a document, with words for where it stands: one walk for all changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import assert_never

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
    SignOff,
    Table,
    Text,
    Title,
    plain,
)
from reportgen.model.grid import PlacedCell, place_cells
from reportgen.model.source import NOWHERE, SourceSpan


@dataclass(frozen=True, slots=True)
class DocumentLocation:
    """Where a text stands, in words, and the place in a template or narrative it came from."""

    where: str
    span: SourceSpan = NOWHERE


Lines = tuple[Inlines, ...]
LinesRewrite = Callable[[DocumentLocation, Lines], Lines]
"""Takes where a text stands and its lines, which are read on; returns as many."""

PROPERTIES = DocumentLocation("文件属性和网页信息")
TITLE, ATTACHED = DocumentLocation("标题"), DocumentLocation("附件说明")


def rewrite(document: Document, change: LinesRewrite) -> Document:
    """Return `document` with every text that a file may show as `change` wants it."""
    stated = {name: _word(change, PROPERTIES, text) for name, text in document.stated.items()}
    about = document.publication
    if about is not None:
        said = {f.name: _word(change, PROPERTIES, getattr(about, f.name)) for f in fields(about)}
        about = replace(about, **said)
    return replace(
        document,
        title=_words(change, TITLE, document.title),
        subject=_word(change, PROPERTIES, document.subject),
        organization=_word(change, PROPERTIES, document.organization),
        blocks=_blocks(change, document.blocks, document.name),
        annexes=tuple(_annex(change, annex) for annex in document.annexes),
        publication=about,
        stated=stated,
    )


def _word(change: LinesRewrite, spot: DocumentLocation, text: str) -> str:
    return _words(change, spot, (text,))[0]


def _words(change: LinesRewrite, spot: DocumentLocation, texts: tuple[str, ...]) -> tuple[str, ...]:
    """Return texts that are read one after the other, changed together."""
    if not any(texts):
        return texts
    return tuple(map(plain, change(spot, tuple((Text(text),) for text in texts))))


def _labelled(
    change: LinesRewrite, spot: DocumentLocation, label: str, inlines: Inlines
) -> tuple[str, Inlines]:
    """Return a label and the text behind it, changed together."""
    first, rest = change(spot, ((Text(label),), inlines))
    return plain(first), rest


def _annex(change: LinesRewrite, annex: Annex) -> Annex:
    label, title = _labelled(change, DocumentLocation(annex.label), annex.label, annex.title)
    blocks = _blocks(change, annex.blocks, annex.label)
    return replace(annex, label=label, title=title, blocks=blocks)


def _blocks(change: LinesRewrite, blocks: tuple[Block, ...], start: str) -> tuple[Block, ...]:
    section, result = start, []
    for block in blocks:
        if isinstance(block, Heading):
            section = block.number + plain(block.inlines)
        result.append(_block(change, block, section))
    return tuple(result)


def _block(change: LinesRewrite, block: Block, section: str) -> Block:
    match block:
        case Heading(number=number, inlines=inlines, span=span):
            number, inlines = _labelled(change, DocumentLocation(section, span), number, inlines)
            return replace(block, number=number, inlines=inlines)
        case Paragraph(inlines=inlines, span=span):
            return replace(block, inlines=change(DocumentLocation(section, span), (inlines,))[0])
        case Items(items):
            return Items(tuple(_item(change, item, section) for item in items))
        case Table():
            return _table(change, block, section)
        case AttachmentList(titles):
            # Each title is a text of its own, unlike the lines of a signature.
            return AttachmentList(tuple(change(ATTACHED, (title,))[0] for title in titles))
        case SignOff(lines):
            return SignOff(change(DocumentLocation("落款"), lines))
        case Cover(pairs, foot):
            spot = DocumentLocation("封面")
            pairs = tuple(_labelled(change, spot, *pair) for pair in pairs)
            return Cover(pairs, change(spot, (foot,))[0])
        case Title(texts):
            return Title(_words(change, DocumentLocation("正文标题"), texts))
        case Chart(categories=categories, series=series, alt=alt):
            spot = DocumentLocation(f"{section} {block.name}")
            return replace(
                block,
                categories=tuple(_word(change, spot, each) for each in categories),
                series=tuple(_word(change, spot, each) for each in series),
                alt=_word(change, spot, alt),
            )
        case PageBreak():
            return block
        case _:
            assert_never(block)


def _item(change: LinesRewrite, item: ListItem, section: str) -> ListItem:
    label, inlines = _labelled(
        change, DocumentLocation(section, item.span), item.label, item.inlines
    )
    return replace(item, label=label, inlines=inlines)


def _table(change: LinesRewrite, table: Table, section: str) -> Table:
    name = f"{section} 表《{table.caption}》" if table.caption else f"{section} {table.name}"
    cells = iter(
        replace(at.cell, lines=change(_cell(name, at, table), at.cell.lines))
        for at in place_cells(table)
    )
    rows = tuple(replace(row, cells=tuple(next(cells) for _ in row.cells)) for row in table.rows)
    return replace(
        table, caption=_word(change, DocumentLocation(name, table.span), table.caption), rows=rows
    )


def _cell(name: str, at: PlacedCell, table: Table) -> DocumentLocation:
    return DocumentLocation(f"{name} 第{at.row + 1}行第{at.column + 1}列", table.span)
