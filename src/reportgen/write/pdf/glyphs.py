"""The characters of a document that no font can show."""

from __future__ import annotations

import json

from reportgen.findings import Finding, finding
from reportgen.model.document import Document
from reportgen.write.errors import TypesettingError
from reportgen.write.fonts import FontBook
from reportgen.write.pdf.data import as_data, strings
from reportgen.write.typesetting import typeset

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
    probe = {
        "main": _PROBE,
        "fonts.json": json.dumps(book.stack("body")).encode(),
        "characters.json": json.dumps("".join(chars)).encode(),
    }
    try:
        typeset(probe, book.directories)
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
