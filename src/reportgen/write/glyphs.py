"""The characters of a document that not every font has, and those that no font of the PDF shows.

GBK is what fonts of official documents hold; whatever lies beyond it is looked for.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import islice

from reportgen.findings import Finding, finding
from reportgen.language.characters import codepoint
from reportgen.model.document import Document
from reportgen.model.frozen import remembered
from reportgen.write.errors import TypesettingError
from reportgen.write.fonts import FontBook, find_fonts
from reportgen.write.pdf.data import as_data, strings
from reportgen.write.typesetting import probe

_SELECTORS = re.compile("[\ufe00-\ufe0e\U000e0100-\U000e01ef]")
"""Variation selectors, which ask for another form of the character before them (UAX #37)."""
_HAN = re.compile("[\u3400-\u4dbf\u9fa6-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
"""Han characters beyond the 20,902 of GBK: extensions A to J, later ones, compatibility forms."""

_MOST = 200
"""How many unusual characters are told: nobody mends more at once."""
_CONTEXT = 10
"""Characters of the text on either side of one that a finding quotes."""


@remembered(4)
def unusual_characters(document: Document) -> Mapping[str, str]:
    """Return the characters of `document` beyond GBK, each with a text that holds it, in order."""
    every_text = strings(as_data(document))
    unusual = set(filter(_is_unusual, set("".join(every_text))))
    texts: dict[str, str] = {}
    for text in every_text if unusual else ():
        for char in filter(unusual.__contains__, text):
            texts.setdefault(char, text)
    return texts


def _is_unusual(char: str) -> bool:
    if char.isascii():
        return not (char.isprintable() or char in "\t\n")
    try:
        char.encode("gbk")
    except UnicodeEncodeError:
        return True
    return False


def is_rare(char: str) -> bool:
    """Return whether `char` is a Han character that few fonts have, or asks for a form of one."""
    return bool(_HAN.match(char) or _SELECTORS.match(char))


def is_selector(char: str) -> bool:
    """Return whether `char` asks for another form of the character before it."""
    return bool(_SELECTORS.match(char))


def unusual_findings(document: Document, *, shown: bool) -> Iterator[tuple[str, Finding]]:
    """Yield each character of `document` that no font shows (W102) or few do (W108), and that.

    Whether the PDF can show it is asked only where it is `shown` there.
    """
    unusual = dict(islice(unusual_characters(document).items(), _MOST))
    missing: Collection[str] = ()
    if unusual and shown:
        missing = without_glyph(unusual, find_fonts(rare=any(map(_HAN.match, unusual))))
    for char, text in unusual.items():
        if char in missing:
            yield char, missing_glyph(char, text)
        elif is_rare(char):
            detail = "@other_form" if is_selector(char) else "@rare_han"
            code = codepoint(char)
            yield char, finding("W108", char=char, codepoint=code, detail=detail)


def fonts_of(document: Document, extra: tuple[str, ...] = ()) -> FontBook:
    """Return the fonts to set `document` with, those of rare characters if it has any."""
    return find_fonts(extra, rare=any(map(_HAN.match, unusual_characters(document))))


def missing_glyphs(document: Document, book: FontBook) -> tuple[Finding, ...]:
    """Return an error for every character of `document` that no font of `book` can show."""
    unusual = unusual_characters(document)
    return tuple(missing_glyph(char, unusual[char]) for char in without_glyph(unusual, book))


def missing_glyph(char: str, text: str) -> Finding:
    """Return the error for a character of `text` that no font can show."""
    at = text.index(char)
    place = text[max(0, at - _CONTEXT) : at + _CONTEXT + 1]
    return finding("W102", char=char, codepoint=codepoint(char), place=place)


_PROBE = b"""#set document(title: "probe", date: datetime(year: 2000, month: 1, day: 1))
#set text(font: json("fonts.json"), fallback: false)
#json("characters.json")
"""


def without_glyph(chars: Iterable[str], book: FontBook) -> Collection[str]:
    """Return those of `chars` that no font of `book` can show.

    Typst itself is asked: its exporter refuses a PDF/A file with an empty box in it.
    """
    asked = [char for char in chars if not is_selector(char)]
    return tuple(_refused(asked, book)) if asked else ()


def _refused(chars: list[str], book: FontBook) -> Iterator[str]:
    """Yield those of `chars` that cannot be set, by halving what the engine refuses."""
    sources = {
        "main": _PROBE,
        "fonts.json": json.dumps(book.stack("body")).encode(),
        "characters.json": json.dumps("".join(chars)).encode(),
    }
    try:
        probe(sources, book.directories)
    except TypesettingError:
        if len(chars) == 1:
            yield chars[0]
            return
        half = len(chars) // 2
        yield from _refused(chars[:half], book)
        yield from _refused(chars[half:], book)
