"""The PDF: the document as data, set by a Typst template into PDF/A-2a and PDF/UA-1."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from reportgen.model.document import Document, Picture
from reportgen.model.edition import Edition
from reportgen.model.figures import UNFILLED
from reportgen.write.fonts import FontBook
from reportgen.write.form_layout import LANDSCAPE, PORTRAIT
from reportgen.write.pdf.data import Data, as_data, merge_texts, strings
from reportgen.write.pdf.forms import prepare_pieces
from reportgen.write.pdf.tags import complete_tags
from reportgen.write.turned_pages import lay_out_annex, lay_out_body
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
    data["is_form"] = document.form is not None
    data["unfilled"] = _marked(document, data)
    data["blocks"] = _body(document, data["blocks"], edition)
    for annex, annex_data in zip(document.annexes, data["annexes"], strict=True):
        annex_data["title"] = merge_texts(annex_data["title"], LINE)
        stretch = lay_out_annex(annex, PORTRAIT, LANDSCAPE)
        annex_data["landscape"] = stretch.landscape
        _prepare(annex_data["blocks"], edition)
        annex_data["blocks"] = prepare_pieces(stretch.pieces, annex_data["blocks"])
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


def _marked(document: Document, data: Data) -> str:
    """Return what is marked wherever it stands, empty where it does not: Typst looks through all.

    Only those inside get to see what is still to be filled in.
    """
    is_there = document.audience == "internal" and any(UNFILLED in text for text in strings(data))
    return UNFILLED if is_there else ""


def _wrapped(picture: Picture) -> bytes:
    """Return a picture as vector graphics that hold it: a source of Typst must be a text."""
    size = f'width="{picture.width:g}" height="{picture.height:g}"'
    kind = "png" if picture.name.endswith("png") else "jpeg"
    held = f"data:image/{kind};base64,{b64encode(picture.data).decode()}"
    namespace = "http://www.w3.org/2000/svg"
    return f'<svg xmlns="{namespace}" {size}><image {size} href="{held}"/></svg>'.encode()


def _body(document: Document, blocks: list[Data], edition: Edition) -> list[Data]:
    """Return the `blocks` of the text, those on pages turned to the side as one block."""
    _prepare(blocks, edition)
    data = iter(blocks)
    body: list[Data] = []
    for stretch in lay_out_body(document.blocks, PORTRAIT, LANDSCAPE):
        prepared = prepare_pieces(stretch.pieces, data)
        body += [{"kind": "turned", "blocks": prepared}] if stretch.landscape else prepared
    return body


def _prepare(blocks: list[Data], edition: Edition) -> None:
    """Make the texts of `blocks` and their charts ready for the template."""
    for block in blocks:
        if block["kind"] == "chart":
            drawing = edition.drawings[block["name"]]
            block |= {"width": drawing.width, "low": drawing.is_low}
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
