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
from reportgen.write.columns import DATE, DOCUMENT_NUMBER, MEASURE, OF_YEAR, width
from reportgen.write.form_layout import parted

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
        "annexes": list(map(_annex, document.annexes)),
        "notes": dict(document.notes),
    }


def strings(data: Any) -> list[str]:  # noqa: ANN401
    """Return the texts that `data` of a document prints, in order."""
    if isinstance(data, str):
        return [data]
    if isinstance(data, dict):
        data = [item for key, item in data.items() if key not in _NOT_PRINTED]
    texts: list[str] = []
    for item in data if isinstance(data, list) else ():
        texts += strings(item)
    return texts


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
        elif isinstance(block, Chart):
            data.append(_chart(block, depth + len(open_levels) + 1))
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
    inlines = _line(paragraph.inlines)
    return {"kind": "paragraph", "role": paragraph.role, "inlines": inlines}


def _items(items: Items) -> Data:
    entries = [{"label": item.label, "inlines": _inlines(item.inlines)} for item in items.items]
    return {"kind": "items", "items": entries}


def _chart(chart: Chart, depth: int) -> Data:
    """Return a chart: `depth` is the place of its caption in the outline."""
    alt, caption = _literal(chart.alt), _literal(chart.caption)
    return {"kind": "chart", "name": chart.name, "alt": alt, "caption": caption, "depth": depth}


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
    PageBreak: _page_break,
    AttachmentList: _attachments,
    SignOff: _sign_off,
    Cover: _cover,
    Title: _title,
}
"""What makes data of each kind of block but headings, which know how deep they stand."""


def _cell(cell: Cell) -> Data:
    data: Data = {"lines": list(map(_line, cell.lines))}
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


def _line(line: Inlines) -> list[Any]:
    """Return a line; what its tabs part is set over it, the last at its right end."""
    first, *others = parted(line)
    data = _inlines(first)
    for part in others:
        data += [{"kind": "tab"}, *_inlines(part)]
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

LETTER, DIGIT = 0.55, 0.5
"""Width of a Western character and of a digit, in Chinese ones, about."""

_BOXES = "☐☑☒"
_FROM = r"\d[\d,.]*%?[—\uff5e]"
_FIGURE = rf"(?:{_FROM})?(?:{MEASURE})[；：]?"
_PIECE = re.compile(
    rf"(?P<name>(?:{DATE}|{DOCUMENT_NUMBER})[；：]?)|(?P<figure>{_FIGURE})|(?P<box>[{_BOXES}])|[!-~]+"
)
_FIGURES = rf"{OF_YEAR}|{_FIGURE}"
"""What may have to be set apart: a date or the number of a document, a figure, a box to tick, a
word that may be too long.

A line may begin with a colon or a semicolon after what is set apart (UAX #14, LB20 before LB21),
so a figure has it with it; other marks stay at the end of the line. A range (1—12月) is one figure:
a line may begin with a dash, too.
"""
_NUMERIC = re.compile(r"[-+\d.,%]+")


def merge_texts(inlines: InlineData, room: float, *, alone: bool = True) -> InlineData:
    """Return `inlines` with figures as text, and texts that follow each other as one.

    They are `alone` if nothing else stands on their first line, so that a short text is one line.

    A word too long for a line of `room` Chinese characters becomes a `long_word`, which may
    break anywhere, and a number with its unit a `figure`, which may not; no character is put into
    them, so that they can be searched and copied. A box to tick becomes a `tick_box`, as wide as
    a Chinese character.
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
    if alone and len(merged) == 1 and _is_plain(merged[0], room):
        return merged
    return _in_pieces(merged, room, alone=alone)


def _with_merged_texts(inline: dict[str, Any], room: float) -> dict[str, Any]:
    """Return emphasis with its texts merged; any other element as it is."""
    if "inlines" not in inline:
        return inline
    return {**inline, "inlines": merge_texts(inline["inlines"], room, alone=False)}


def _in_pieces(inlines: InlineData, room: float, *, alone: bool) -> InlineData:
    """Return `inlines` with boxes, long words and figures set apart, where it matters.

    Of a text that stands `alone` one knows about where its lines end, but not of what follows it.
    """
    parts: InlineData = []
    for number, inline in enumerate(inlines):
        if isinstance(inline, str):
            parts += _split(inline, room, first=alone and number == 0)
        else:
            parts.append(inline)
    return parts


def _is_plain(inline: str | dict[str, Any], room: float) -> bool:
    """Return whether nothing needs to be set apart: a text of one line at most, without boxes."""
    if not isinstance(inline, str) or (len(inline) > room and width(inline) > room):
        return False
    return inline.isascii() or not any(map(inline.__contains__, _BOXES))


def _split(text: str, room: float, *, first: bool) -> InlineData:
    """Return `text` cut before and after each box, long word and figure that a line may part."""
    pieces: InlineData = []
    at = 0
    for start, end, kind in _set_apart(text, room):
        if first and kind == "figure" and not _may_be_parted(text, start, end, room):
            continue
        if start > at:
            pieces.append(text[at:start])
        pieces.append({"kind": kind, "text": text[start:end]})
        at = end
    if at < len(text):
        pieces.append(text[at:])
    return pieces


def _may_be_parted(text: str, start: int, end: int, room: float) -> bool:
    """Return whether a line of `room` may end in a figure; the further on, the less one knows."""
    before = width(text[:start])
    unsure = 3 + before / 10
    line_end = room * (1 + max(0, before - unsure) // room)
    return line_end <= before + width(text[start:end]) + unsure


def _set_apart(text: str, room: float) -> Iterator[tuple[int, int, str]]:
    """Yield where something begins and ends that is set apart, and how.

    Of a date for which a line has no `room` these are its parts.
    """
    for match in _PIECE.finditer(text):
        kind = _kind(match, room)
        if kind:
            yield *match.span(), kind
        elif match["name"]:
            for part in re.compile(_FIGURES).finditer(text, *match.span()):
                if width(part[0]) <= room:
                    yield *part.span(), "figure"


def _kind(match: re.Match[str], room: float) -> str:
    """Return how a figure, a box or a word is set, "" if as any text."""
    if match["box"]:
        return "tick_box"
    if match["name"] or match["figure"]:
        return "figure" if width(match[0]) <= room else ""
    letter = DIGIT if _NUMERIC.fullmatch(match[0]) else LETTER
    return "long_word" if len(match[0]) * letter > room else ""


def plain_text(inlines: InlineData) -> str:
    """Return the text of `inlines`."""
    parts: list[str] = []
    for inline in inlines:
        if isinstance(inline, str):
            parts.append(inline)
        else:
            parts.append(inline.get("text") or plain_text(inline.get("inlines", [])))
    return "".join(parts)
