"""The document as plain data: dicts tagged by `kind`, lists, texts and numbers.

What Typst reads, and what golden files hold. A text alone is itself; what stands at its
default is left out of cells.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, assert_never

from reportgen.model.document import (
    Annex,
    AttachmentList,
    Block,
    Break,
    Cell,
    Chart,
    Cover,
    Document,
    Heading,
    Inline,
    Inlines,
    Items,
    PageBreak,
    Paragraph,
    SignOff,
    Strong,
    Table,
    Text,
    Title,
    Value,
)
from reportgen.model.grid import place

Data = dict[str, Any]
_UNSEEN = {ord("\t"): " ", ord("\u00ad"): None, ord("\ufeff"): None}
"""A tab has no width in Typst; a soft hyphen would show as a hyphen where a line ends; PDF/A
does not hold the byte order mark."""
_NOT_PRINTED = ("anchor", "key", "name", "notes")


def as_data(document: Document) -> Data:
    """Return `document` as plain data.

    Raises `GridError` when the spans of a table do not fill its grid.
    """
    return {
        "title": [_literal(line) for line in document.title],
        "language": document.language,
        "subject": document.subject,
        "organization": document.organization,
        "date": document.date,
        "audience": document.audience,
        "blocks": _blocks(document.blocks, 0),
        "annexes": [_annex(annex) for annex in document.annexes],
        "notes": dict(document.notes),
    }


def strings(data: Any) -> Iterator[str]:  # noqa: ANN401
    """Yield the texts that `data` of a document prints, in order."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, list):
        for each in data:
            yield from strings(each)
    elif isinstance(data, dict):
        for key, each in data.items():
            if key not in _NOT_PRINTED:
                yield from strings(each)


def _annex(annex: Annex) -> Data:
    return {
        "label": annex.label,
        "title": _inlines(annex.title),
        "anchor": annex.anchor,
        "landscape": annex.landscape,
        "blocks": _blocks(annex.blocks, 1),
    }


def _blocks(blocks: tuple[Block, ...], above: int) -> list[Data]:
    """Return `blocks` below `above` levels of headings.

    A heading's `depth` is its place in the outline, where no level may be left out; its
    `level` says how it looks.
    """
    levels: list[int] = []
    data = []
    for block in blocks:
        match block:
            case Heading(level, number, inlines, anchor):
                while levels and levels[-1] >= level:
                    levels.pop()
                levels.append(level)
                data.append(
                    {
                        "kind": "heading",
                        "level": level,
                        "depth": above + len(levels),
                        "number": number,
                        "inlines": _inlines(inlines),
                        "anchor": anchor,
                    }
                )
            case _:
                data.append(_block(block))
    return data


def _block(
    block: (
        Paragraph | Items | Table | Chart | PageBreak | AttachmentList | SignOff | Cover | Title
    ),
) -> Data:
    match block:
        case Paragraph(inlines, role):
            return {"kind": "paragraph", "role": role, "inlines": _inlines(inlines)}
        case Items(items):
            entries = [{"label": item.label, "inlines": _inlines(item.inlines)} for item in items]
            return {"kind": "items", "items": entries}
        case Table():
            return _table(block)
        case Chart(name=name, alt=alt):
            return {"kind": "chart", "name": name, "alt": _literal(alt)}
        case PageBreak():
            return {"kind": "page_break"}
        case AttachmentList(titles):
            return {"kind": "attachments", "titles": [_inlines(title) for title in titles]}
        case SignOff(lines):
            return {"kind": "sign_off", "lines": [_inlines(line) for line in lines]}
        case Cover(fields, foot):
            rows = [{"label": _literal(label), "inlines": _inlines(v)} for label, v in fields]
            return {"kind": "cover", "fields": rows, "foot": _inlines(foot)}
        case Title(lines):
            return {"kind": "title", "lines": [_literal(line) for line in lines]}
        case _:
            assert_never(block)


def _table(table: Table) -> Data:
    """Return a table; every cell says where in the grid it stands."""
    rows: list[Data] = [{"head": row.head, "cells": []} for row in table.rows]
    for placed in place(table):
        cell = {"x": placed.column, "y": placed.row, **_cell(placed.cell)}
        rows[placed.row]["cells"].append(cell)
    return {
        "kind": "table",
        "name": table.name,
        "caption": table.caption,
        "show_caption": table.show_caption,
        "joined": table.joined,
        "widths": list(table.widths),
        "rows": rows,
    }


def _cell(cell: Cell) -> Data:
    data: Data = {"lines": [_inlines(line) for line in cell.lines]}
    if cell.colspan > 1:
        data["colspan"] = cell.colspan
    if cell.rowspan > 1:
        data["rowspan"] = cell.rowspan
    if cell.header:
        data["header"] = cell.header
    if cell.align != "left":
        data["align"] = cell.align
    if cell.vertical:
        data["vertical"] = True
    if cell.indent:
        data["indent"] = cell.indent
    return data


def _inlines(inlines: Inlines) -> list[Any]:
    return [_inline(inline) for inline in inlines]


def _inline(inline: Inline) -> str | Data:
    match inline:
        case Text(text):
            return _literal(text)
        case Value(text, number, key):
            return {"kind": "value", "text": _literal(text), "number": number, "key": key}
        case Strong(inner):
            return {"kind": "strong", "inlines": _inlines(inner)}
        case Break():
            return {"kind": "break"}
        case _:
            assert_never(inline)


def _literal(text: str) -> str:
    return text if text.isprintable() else text.translate(_UNSEEN)
