"""The PDF: the document as data, set by a Typst template into PDF/A-2a and PDF/UA-1.

Where the exporter refuses a character, the same template says which one no font shows.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from reportgen.findings import Finding, finding
from reportgen.model.document import Document, Picture
from reportgen.model.edition import Edition
from reportgen.write.errors import TypesettingError
from reportgen.write.fonts import FontBook
from reportgen.write.pdf.data import Data, as_data, merge_texts, strings
from reportgen.write.pdf.forms import LANDSCAPE, PORTRAIT, prepare_forms
from reportgen.write.pdf.tags import complete_tags
from reportgen.write.typesetting import probe, typeset

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


# Characters that no font shows

_PROBE = b"""#set document(title: "probe", date: datetime(year: 2000, month: 1, day: 1))
#set text(font: json("fonts.json"), fallback: false)
#json("characters.json")
"""

_CONTEXT = 10
"""Characters of the text on either side of a missing one that a finding quotes."""


def missing_glyphs(document: Document, book: FontBook) -> tuple[Finding, ...]:
    """Return an error for every character of `document` that no font of `book` can show.

    Typst itself is asked: its exporter refuses a PDF/A file with an empty box in it.
    """
    texts: dict[str, str] = {}
    for text in strings(as_data(document)):
        for char in dict.fromkeys(text):
            texts.setdefault(char, text)
    unusual = [char for char in texts if not _every_font_has(char)]
    return tuple(
        finding(
            "W102",
            char=char,
            codepoint=f"U+{ord(char):04X}",
            place=_excerpt(texts[char], char),
        )
        for char in _refused(unusual, book)
    )


def _every_font_has(char: str) -> bool:
    return char.isascii() and (char.isprintable() or char in "\t\n")


def _refused(chars: list[str], book: FontBook) -> list[str]:
    """Return those of `chars` that cannot be set, by halving what the engine refuses."""
    sources = {
        "main": _PROBE,
        "fonts.json": json.dumps(book.stack("body")).encode(),
        "characters.json": json.dumps("".join(chars)).encode(),
    }
    try:
        probe(sources, book.directories)
    except TypesettingError:
        if len(chars) == 1:
            return chars
        half = len(chars) // 2
        return [*_refused(chars[:half], book), *_refused(chars[half:], book)]
    return []


def _excerpt(text: str, char: str) -> str:
    """Return the words of `text` around `char`."""
    at = text.index(char)
    return text[max(0, at - _CONTEXT) : at + _CONTEXT + 1]
