"""The PDF: the document as data, set by a Typst template into PDF/A-2a and PDF/UA-1."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from reportgen.model.document import Document, Picture
from reportgen.model.edition import Edition
from reportgen.write.fonts import FontBook
from reportgen.write.pdf.data import Data, as_data, merge_texts
from reportgen.write.pdf.forms import LANDSCAPE, PORTRAIT, prepare_forms
from reportgen.write.pdf.tags import complete_tags
from reportgen.write.typesetting import typeset

LINE = 28
"""Characters in a line of the page."""


def write_pdf(document: Document, edition: Edition, book: FontBook) -> bytes:
    """Return `document` as PDF, set by the template of `edition` with the fonts of `book`.

    No text of the document is ever Typst source. Raises `GridError` for a table whose spans
    do not fill its grid and `TypesettingError` for what Typst refuses.
    """
    data = as_data(document)
    data["properties"] = asdict(document.properties)
    _prepare(data["blocks"], edition, landscape=False)
    for annex in data["annexes"]:
        annex["title"] = merge_texts(annex["title"], LINE)
        _prepare(annex["blocks"], edition, landscape=annex["landscape"])
    sources = {
        "main": edition.typst.encode(),
        "document.json": json.dumps(data, ensure_ascii=False).encode(),
        "fonts.json": json.dumps(book.stacks).encode(),
    }
    for name, drawing in edition.drawings.items():
        sources[f"{name}.svg"] = drawing.svg
    for table in document.tables:
        sources |= {f"{picture.name}.svg": _wrapped(picture) for picture in table.pictures}
    return complete_tags(typeset(sources, book.directories), document)


def _wrapped(picture: Picture) -> bytes:
    """Return a picture as vector graphics that hold it: a source of Typst must be a text."""
    size = f'width="{picture.width:g}" height="{picture.height:g}"'
    kind = "png" if picture.name.endswith("png") else "jpeg"
    held = f"data:image/{kind};base64,{b64encode(picture.data).decode()}"
    namespace = "http://www.w3.org/2000/svg"
    return f'<svg xmlns="{namespace}" {size}><image {size} href="{held}"/></svg>'.encode()


def _prepare(blocks: list[Data], edition: Edition, *, landscape: bool) -> None:
    """Make `blocks` ready for the template."""
    for block in blocks:
        if block["kind"] == "chart":
            block["width"] = edition.drawings[block["name"]].width
    prepare_forms(blocks, LANDSCAPE if landscape else PORTRAIT)
    for block in blocks:
        for holder, key in _lines(block):
            holder[key] = merge_texts(holder[key], LINE)


def _lines(block: Data) -> Iterator[tuple[Any, Any]]:
    """Yield where the lines of `block` stand: what holds one, and at which key."""
    match block:
        case {"kind": "heading" | "paragraph"}:
            yield block, "inlines"
        case {"kind": "items", "items": items}:
            for item in items:
                yield item, "inlines"
        case {"kind": "cover", "fields": fields}:
            for field in fields:
                yield field, "inlines"
            yield block, "foot"
        case {"kind": "attachments", "titles": lines} | {"kind": "sign_off", "lines": lines}:
            for number in range(len(lines)):
                yield lines, number
