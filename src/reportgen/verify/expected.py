"""What a faithful file must say: the Document as an independent reader would find it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import zip_longest
from typing import assert_never

from reportgen.findings import Finding, finding
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
    PageBreak,
    Paragraph,
    SignOff,
    Table,
    Title,
    plain,
    values,
)
from reportgen.model.grid import place_cells
from reportgen.model.locations import located_texts
from reportgen.verify.readback import GridCell, Readback


def squeeze(text: str) -> str:
    """Return `text` without white space: how outputs are compared."""
    return re.sub(r"\s+", "", text)


def expected(document: Document) -> Readback:
    """Return what every reader must find in a faithful output of `document`."""
    texts = [*document.title, *_texts(document.blocks)]
    tables = [*_tables(document.blocks)]
    for annex in document.annexes:
        texts += [annex.label, plain(annex.title), *_texts(annex.blocks)]
        tables += _tables(annex.blocks)
    figures = [value.text for spot in located_texts(document) for value in values(spot.inlines)]
    return Readback(
        format="document",
        texts=tuple(t for t in map(squeeze, texts) if t),
        tables=tuple(_grid(table) for table in tables),
        figures=tuple(squeeze(text) for text in figures if text.strip()),
    )


def captions(document: Document) -> tuple[str, ...]:
    """Return the captions that are printed above tables, in order."""
    parts = (document.blocks, *(annex.blocks for annex in document.annexes))
    shown = (t for blocks in parts for t in _tables(blocks) if t.show_caption)
    return tuple(squeeze(table.caption) for table in shown)


def cut(document: Document) -> tuple[tuple[GridCell, ...], ...]:
    """Return the cells of every table, those that span from head rows into others in pieces.

    Typst repeats head rows on each page, so no cell can leave them: its text stays in the
    first piece, the others are empty.
    """
    parts = (document.blocks, *(annex.blocks for annex in document.annexes))
    return tuple(tuple(_cut(table)) for blocks in parts for table in _tables(blocks))


def sequence(document: Document) -> Iterator[str]:
    """Yield every text of `document` in reading order, cells row by row, white space removed."""
    for line in document.title:
        yield squeeze(line)
    yield from _sequence(document.blocks)
    for annex in document.annexes:
        yield from _annex(annex)


def _annex(annex: Annex) -> Iterator[str]:
    yield squeeze(annex.label)
    yield squeeze(plain(annex.title))
    yield from _sequence(annex.blocks)


def _sequence(blocks: tuple[Block, ...]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Table):
            if block.show_caption:
                yield squeeze(block.caption)
            for cell in _grid(block):
                yield cell.text
        else:
            yield from (squeeze(text) for text in _block(block))


def _tables(blocks: tuple[Block, ...]) -> list[Table]:
    return [block for block in blocks if isinstance(block, Table)]


def _grid(table: Table) -> tuple[GridCell, ...]:
    return tuple(
        GridCell(at.row, at.column, at.cell.rowspan, at.cell.colspan, squeeze(_cell(at.cell.lines)))
        for at in place_cells(table)
    )


def _cut(table: Table) -> list[GridCell]:
    pieces = []
    for cell in _grid(table):
        first = cell.row
        for row in range(cell.row + 1, cell.row + cell.rowspan + 1):
            if row == cell.row + cell.rowspan or table.rows[row].head != table.rows[first].head:
                text = cell.text if first == cell.row else ""
                pieces.append(replace(cell, row=first, rowspan=row - first, text=text))
                first = row
    return sorted(pieces, key=lambda piece: (piece.row, piece.column))


def _cell(lines: tuple[Inlines, ...]) -> str:
    return "".join(plain(line) for line in lines)


def _texts(blocks: tuple[Block, ...]) -> Iterator[str]:
    for block in blocks:
        yield from _block(block)


def _block(block: Block) -> Iterator[str]:
    match block:
        case Heading(number=number, inlines=inlines):
            yield number + plain(inlines)
        case Paragraph(inlines):
            yield plain(inlines)
        case Items(items):
            yield from (item.label + plain(item.inlines) for item in items)
        case AttachmentList(titles):
            single = len(titles) == 1
            for count, title in enumerate(titles, 1):
                label = "" if single else f"{count}."
                yield ("附件：" if count == 1 else "") + label + plain(title)
        case SignOff(lines):
            yield from (plain(line) for line in lines)
        case Cover(fields, foot):
            yield from (label + plain(value) for label, value in fields)
            yield plain(foot)
        case Title(lines):
            yield from lines
        case Table() | Chart() | PageBreak():
            return
        case _:
            assert_never(block)


SHOWN = 40
"""How many characters of a differing text a finding quotes."""
_BEFORE = 8

Grid = tuple[GridCell, ...]


def agree(found: Readback, wanted: Readback, *, marked: bool) -> tuple[Finding, ...]:
    """Return findings where `found` differs: V101 texts, V102 tables, V103 figures.

    Figures are compared only where the format has them `marked`.
    """
    findings = [
        *_agree_texts(found, wanted),
        *agree_tables(found.format, found.tables, wanted.tables),
    ]
    if marked and found.figures != wanted.figures:
        pairs = zip_longest(found.figures, wanted.figures, fillvalue="∅")
        got, want = next((a, b) for a, b in pairs if a != b)
        detail = f"{want} → {got}"
        findings.append(finding("V103", subject=found.format, format=found.format, detail=detail))
    return tuple(findings)


def agree_tables(name: str, found: Sequence[Grid], wanted: Sequence[Grid]) -> tuple[Finding, ...]:
    """Return V102 for the first table of the format `name` that differs in any cell."""
    for number, (got, want) in enumerate(zip_longest(found, wanted, fillvalue=()), 1):
        if got != want:
            detail = next(
                f"{_say(theirs)} → {_say(mine)}"
                for mine, theirs in zip_longest(got, want)
                if mine != theirs
            )
            return (finding("V102", subject=name, format=name, number=number, detail=detail),)
    return ()


def _agree_texts(found: Readback, wanted: Readback) -> list[Finding]:
    """Return V101 for the first text that differs; behind it all texts may stand one off."""
    for got, want in zip_longest(found.texts, wanted.texts, fillvalue=""):
        if got != want:
            at = next(i for i, (a, b) in enumerate(zip_longest(got, want)) if a != b)
            text = f"{_part(want, at)} → {_part(got, at)}"
            return [finding("V101", subject=found.format, format=found.format, text=text)]
    return []


def _part(text: str, at: int) -> str:
    """Return `text` from a little before `at` on, "∅" where there is none."""
    start = max(0, at - _BEFORE)
    return ("…" if start else "") + text[start : at + SHOWN] or "∅"


def _say(cell: GridCell | None) -> str:
    if cell is None:
        return "∅"
    spans = f"{cell.rowspan}×{cell.colspan}"
    return f"r{cell.row + 1}c{cell.column + 1} {spans} “{cell.text[:SHOWN]}”"
