"""Documents of ours as plain ones, for the engines."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile

from bench.plain import Box, Line, Piece, Plain, Sheet, Turn
from reportgen.model.document import (
    AttachmentList,
    Block,
    Break,
    Document,
    Heading,
    Inlines,
    Items,
    PageBreak,
    Paragraph,
    SignOff,
    Strong,
    Table,
    Text,
    Value,
)
from reportgen.model.grid import place_cells

Parts = Iterator[Line | Sheet | Turn]


def flatten(document: Document) -> Plain:
    """Return `document` with nothing but its text, its figures and the shape of its tables."""
    return Plain(
        document.name,
        document.subject,
        document.organization,
        document.date,
        tuple(_parts(document)),
    )


def _parts(document: Document) -> Parts:
    notes = dict(document.notes)
    yield Line((Piece(document.name),), 0)
    for block in document.blocks:
        yield from _block(block, notes)
    for annex in document.annexes:
        yield Turn(annex.landscape)
        yield Line((Piece(annex.label + " "), *_pieces(annex.title, notes)), 1)
        for block in annex.blocks:
            yield from _block(block, notes)


def _block(block: Block, notes: dict[str, str]) -> Parts:
    match block:
        case Heading(level, number, inlines):
            yield Line((Piece(number), *_pieces(inlines, notes)), level)
        case Paragraph(inlines):
            yield Line(tuple(_pieces(inlines, notes)))
        case Items(items):
            for item in items:
                yield Line((Piece(item.label), *_pieces(item.inlines, notes)))
        case AttachmentList(titles):
            for n, title in enumerate(titles, 1):
                label = ("附件：" if n == 1 else "") + (f"{n}." if len(titles) > 1 else "")
                yield Line((Piece(label), *_pieces(title, notes)))
        case SignOff(lines):
            yield from (Line(tuple(_pieces(line, notes))) for line in lines)
        case Table():
            yield _sheet(block, notes)
        case PageBreak():
            yield Turn(landscape=False)


def _pieces(inlines: Inlines, notes: dict[str, str]) -> Iterator[Piece]:
    for inline in inlines:
        match inline:
            case Text(text):
                yield Piece(text)
            case Value(text, number, key):
                yield Piece(text, number, notes.get(key, ""))
            case Strong(inner):
                yield from _pieces(inner, notes)
            case Break():
                yield Piece("\n")


def _sheet(table: Table, notes: dict[str, str]) -> Sheet:
    rows: list[list[Box]] = [[] for _ in table.rows]
    for row, column, cell in ((at.row, at.column, at.cell) for at in place_cells(table)):
        pieces: list[Piece] = []
        for n, line in enumerate(cell.lines):
            pieces += [*([Piece("\n")] if n else []), *_pieces(line, notes)]
        head = cell.header == "col"
        box = Box(tuple(pieces), row, column, cell.rowspan, cell.colspan, head, cell.align)
        rows[row].append(box)
    heads = len(list(takewhile(lambda row: row.head, table.rows)))
    return Sheet(table.caption, table.widths, tuple(map(tuple, rows)), heads)
