"""The document as plain data: dicts tagged by `kind`, lists, texts and numbers.

What Typst reads, and what golden files hold. A text alone is itself; what stands at its
default is left out of cells.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil
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
from reportgen.model.grid import place_cells

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


LETTER = 0.55
"""Width of a Western character, in Chinese ones, about."""
_WORD = re.compile(r"[!-~]+")


def merged(inlines: list[Any], room: float) -> list[Any]:
    """Return `inlines` with figures as text, and texts that follow each other as one.

    A word too long for a line of `room` Chinese characters becomes a `long_word`, which may
    break anywhere; no character is put into it, so that it can be searched and copied.
    """
    parts: list[Any] = []
    for inline in inlines:
        part = inline if isinstance(inline, str) else inline.get("text", inline)
        if not isinstance(part, str):
            inner = {"inlines": merged(part["inlines"], room)} if "inlines" in part else {}
            parts.append({**part, **inner})
        elif parts and isinstance(parts[-1], str):
            parts[-1] += part
        else:
            parts.append(part)
    letters = int(room / LETTER)
    if all(isinstance(part, str) and len(part) <= letters for part in parts):
        return parts
    return [
        piece
        for part in parts
        for piece in (_pieces(part, letters) if isinstance(part, str) else [part])
    ]


def _pieces(text: str, letters: int) -> list[str | Data]:
    """Return `text` with words of more than `letters` set apart."""
    pieces: list[str | Data] = []
    at = 0
    for word in _WORD.finditer(text):
        if len(word[0]) > letters:
            pieces += [text[at : word.start()], {"kind": "long_word", "text": word[0]}]
            at = word.end()
    return [piece for piece in [*pieces, text[at:]] if piece]


def plain(inlines: list[Any]) -> str:
    """Return the text of `inlines`."""
    return "".join(
        [
            part if isinstance(part, str) else part.get("text") or plain(part.get("inlines", []))
            for part in inlines
        ]
    )


def width(text: str) -> float:
    """Return the width of `text` in Chinese characters: a letter is half, by its UTF-8 bytes."""
    return (len(text) + len(text.encode())) / 4


_UPRIGHT = re.compile(r"[!-~]+|\S")
_NEEDS = ("breaks", "indent", "open_above", "open_below")


@dataclass(frozen=True, slots=True)
class GridColumn:
    """A column of the grid: its width in Chinese characters, and where most of its texts stand."""

    width: float
    side: str


def lines_filled(cell: Data, columns: list[GridColumn]) -> int:
    """Return how many lines the text of `cell` fills, about."""
    room = _room(cell, columns)
    return sum([max(1, ceil(width(plain(line)) / room)) for line in cell["lines"]])


def ready(cell: Data, columns: list[GridColumn]) -> str | Data:
    """Return `cell` as the template takes it: a text, an aligned text, or all it needs."""
    room = _room(cell, columns)
    side = cell.get("align", "left")
    lines = [merged(line, room) for line in cell["lines"]]
    needs = {key: cell[key] for key in _NEEDS if cell.get(key)}
    if "colspan" in cell or "rowspan" in cell:
        needs |= {"colspan": cell.get("colspan", 1), "rowspan": cell.get("rowspan", 1)}
    if cell.get("header") == "col":
        needs["head"] = True
    if cell.get("vertical"):
        characters = [[part] for line in lines for part in _UPRIGHT.findall(plain(line))]
        return needs | {"align": "center", "lines": characters}
    if needs or len(lines) > 1 or any(not isinstance(part, str) for line in lines for part in line):
        return needs | {"align": side, "lines": lines}
    text = plain(lines[0]) if lines else ""
    return text if side == columns[cell["x"]].side else {"align": side, "text": text}


def _room(cell: Data, columns: list[GridColumn]) -> float:
    """Return how many Chinese characters a line of `cell` holds."""
    x = cell["x"]
    if "colspan" not in cell:
        return columns[x].width
    return sum(column.width for column in columns[x : x + cell["colspan"]])
