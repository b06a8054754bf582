"""The document as plain data: dicts tagged by `kind`, lists, texts and numbers.

What Typst reads, and what golden files hold. A text alone is itself; what stands at its
default is left out of cells.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
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
    Row,
    SignOff,
    Strong,
    Table,
    Text,
    Title,
    Value,
)
from reportgen.model.grid import place_cells

Data = dict[str, Any]
_UNPRINTABLE = {ord("\t"): " ", ord("\u00ad"): None, ord("\ufeff"): None}
"""A tab has no width in Typst; a soft hyphen would show as a hyphen where a line ends; PDF/A
does not hold the byte order mark."""
_NOT_PRINTED = ("anchor", "key", "name", "notes")


def as_data(document: Document) -> Data:
    """Return `document` as plain data.

    Raises `GridError` when the spans of a table do not fill its grid.
    """
    return {
        "title": list(map(_literal, document.title)),
        "language": document.language,
        "subject": document.subject,
        "organization": document.organization,
        "date": document.date,
        "audience": document.audience,
        "blocks": _blocks(document.blocks, depth=0),
        "annexes": [_annex(annex) for annex in document.annexes],
        "notes": dict(document.notes),
    }


def strings(data: Any) -> Iterator[str]:  # noqa: ANN401
    """Yield the texts that `data` of a document prints, in order."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, list):
        for item in data:
            yield from strings(item)
    elif isinstance(data, dict):
        for key, item in data.items():
            if key not in _NOT_PRINTED:
                yield from strings(item)


def _annex(annex: Annex) -> Data:
    return {
        "label": annex.label,
        "title": _inlines(annex.title),
        "anchor": annex.anchor,
        "landscape": annex.landscape,
        "blocks": _blocks(annex.blocks, depth=1),
    }


def _blocks(blocks: tuple[Block, ...], *, depth: int) -> list[Data]:
    """Return `blocks` that stand `depth` levels of headings deep."""
    open_levels: list[int] = []
    data: list[Data] = []
    for block in blocks:
        if isinstance(block, Heading):
            while open_levels and open_levels[-1] >= block.level:
                open_levels.pop()
            open_levels.append(block.level)
            data.append(_heading(block, depth + len(open_levels)))
        else:
            data.append(_BLOCKS[type(block)](block))
    return data


def _heading(heading: Heading, depth: int) -> Data:
    """Return a heading: its `level` says how it looks.

    Its `depth` is its place in the outline, where no level may be left out.
    """
    return {
        "kind": "heading",
        "level": heading.level,
        "depth": depth,
        "number": heading.number,
        "inlines": _inlines(heading.inlines),
        "anchor": heading.anchor,
    }


def _paragraph(paragraph: Paragraph) -> Data:
    inlines = _inlines(paragraph.inlines)
    return {"kind": "paragraph", "role": paragraph.role, "inlines": inlines}


def _items(items: Items) -> Data:
    entries = [{"label": item.label, "inlines": _inlines(item.inlines)} for item in items.items]
    return {"kind": "items", "items": entries}


def _chart(chart: Chart) -> Data:
    return {"kind": "chart", "name": chart.name, "alt": _literal(chart.alt)}


def _page_break(_: PageBreak) -> Data:
    return {"kind": "page_break"}


def _attachments(attachments: AttachmentList) -> Data:
    return {"kind": "attachments", "titles": _lines(attachments.titles)}


def _sign_off(sign_off: SignOff) -> Data:
    return {"kind": "sign_off", "lines": _lines(sign_off.lines)}


def _cover(cover: Cover) -> Data:
    fields: list[Data] = []
    for label, value in cover.fields:
        fields.append({"label": _literal(label), "inlines": _inlines(value)})
    return {"kind": "cover", "fields": fields, "foot": _inlines(cover.foot)}


def _title(title: Title) -> Data:
    return {"kind": "title", "lines": list(map(_literal, title.lines))}


def _table(table: Table) -> Data:
    """Return a table; every cell says where in the grid it stands."""
    rows = list(map(_row, table.rows))
    for placed in place_cells(table):
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


def _row(row: Row) -> Data:
    data: Data = {"head": row.head, "cells": []}
    return data | {"height": row.height} if row.height else data


_BLOCKS: Mapping[type[Block], Callable[[Any], Data]] = {
    Paragraph: _paragraph,
    Items: _items,
    Table: _table,
    Chart: _chart,
    PageBreak: _page_break,
    AttachmentList: _attachments,
    SignOff: _sign_off,
    Cover: _cover,
    Title: _title,
}
"""What makes data of each kind of block but headings, which know how deep they stand."""


def _cell(cell: Cell) -> Data:
    data: Data = {"lines": _lines(cell.lines)}
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
    return data | _look(cell)


def _look(cell: Cell) -> Data:
    """Return where the text of a cell stands, and how it looks, where it is not as usual."""
    data: Data = {}
    if cell.place != "middle":
        data["place"] = cell.place
    if cell.underline:
        data["underline"] = True
    if cell.small:
        data["small"] = True
    if cell.picture is not None:
        picture = cell.picture
        data["picture"] = {
            "name": picture.name,
            "width": picture.width,
            "alt": _literal(picture.alt),
        }
    return data


def _lines(lines: tuple[Inlines, ...]) -> list[list[Any]]:
    return list(map(_inlines, lines))


def _inlines(inlines: Inlines) -> list[Any]:
    return list(map(_inline, inlines))


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
    return text if text.isprintable() else text.translate(_UNPRINTABLE)


# Running text, in pieces that lines can be broken between

InlineData = list[Any]
"""Running text as plain data: texts, and dicts tagged by `kind`."""

LETTER = 0.55
"""Width of a Western character, in Chinese ones, about."""

_APART = re.compile(r"[☐☑☒]|[!-~]+")
"""What may have to be set apart: a box to tick, a word that may be too long."""


def merge_texts(inlines: InlineData, room: float) -> InlineData:
    """Return `inlines` with figures as text, and texts that follow each other as one.

    A word too long for a line of `room` Chinese characters becomes a `long_word`, which may
    break anywhere; no character is put into it, so that it can be searched and copied. A box to
    tick becomes a `tick_box`, as wide as a Chinese character.
    """
    merged: InlineData = []
    for inline in inlines:
        text = inline if isinstance(inline, str) else inline.get("text")
        if text is None:
            merged.append(_with_merged_texts(inline, room))
        elif merged and isinstance(merged[-1], str):
            merged[-1] += text
        else:
            merged.append(text)
    return _set_apart(merged, int(room / LETTER))


def _with_merged_texts(inline: dict[str, Any], room: float) -> dict[str, Any]:
    """Return emphasis with its texts merged; any other element as it is."""
    if "inlines" not in inline:
        return inline
    return {**inline, "inlines": merge_texts(inline["inlines"], room)}


def _set_apart(inlines: InlineData, letters: int) -> InlineData:
    """Return `inlines` with boxes, and the words of more than `letters`, set apart."""
    if all(isinstance(inline, str) and _is_plain(inline, letters) for inline in inlines):
        return inlines
    parts: InlineData = []
    for inline in inlines:
        if isinstance(inline, str):
            parts += _split(inline, letters)
        else:
            parts.append(inline)
    return parts


def _is_plain(text: str, letters: int) -> bool:
    """Return whether nothing in `text` needs to be set apart."""
    return len(text) <= letters and _BOXES.isdisjoint(text)


_BOXES = frozenset("☐☑☒")


def _split(text: str, letters: int) -> InlineData:
    """Return `text` cut before and after each box, and each word of more than `letters`."""
    pieces: InlineData = []
    start = 0
    for part in _APART.finditer(text):
        is_box = part[0] in _BOXES
        if is_box or len(part[0]) > letters:
            if part.start() > start:
                pieces.append(text[start : part.start()])
            pieces.append({"kind": "tick_box" if is_box else "long_word", "text": part[0]})
            start = part.end()
    if start < len(text):
        pieces.append(text[start:])
    return pieces


def plain_text(inlines: InlineData) -> str:
    """Return the text of `inlines`."""
    parts: list[str] = []
    for inline in inlines:
        if isinstance(inline, str):
            parts.append(inline)
        else:
            parts.append(inline.get("text") or plain_text(inline.get("inlines", [])))
    return "".join(parts)


def width(text: str) -> float:
    """Return the width of `text` in Chinese characters: a letter is half, by its UTF-8 bytes."""
    return (len(text) + len(text.encode())) / 4
