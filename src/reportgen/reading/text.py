"""Reads plain text: each line that says something is a paragraph, in the encodings of the field."""

from __future__ import annotations

import codecs
import re

from reportgen.model.reading import Reading, ReadParagraph
from reportgen.model.source import SourceSpan

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_HEADINGS = (
    re.compile(r"[一二三四五六七八九十]{1,3}、(?=\S)"),
    re.compile(r"[（(][一二三四五六七八九十]{1,3}[)）](?=\S)"),
    re.compile(r"[0-9]{1,2}[.、．](?![0-9])"),
    re.compile(r"[（(][0-9]{1,2}[)）]"),
)
_LONGEST_HEADING = 40
_SENTENCE_ENDS = "。；，：:;,"


def read_text(name: str, data: bytes) -> Reading:
    """Return the lines of a text file as paragraphs; raises `UnicodeError` for no text."""
    paragraphs: list[ReadParagraph] = []
    for line in decoded(data).splitlines():
        text = line.strip()
        if text:
            number = len(paragraphs) + 1
            span = SourceSpan(name, number, place=f"p{number}")
            paragraphs.append(ReadParagraph(text, span, heading_level(text)))
    return Reading(name, "text", tuple(paragraphs))


def decoded(data: bytes) -> str:
    """Return text in UTF-8, UTF-16 or GB18030; raises `UnicodeError` for none of them."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("gb18030")


def heading_level(text: str) -> int:
    """Return the level that the number of a short line gives it (GB/T 9704-2012, 7.3.3), else 0."""
    if len(text) > _LONGEST_HEADING or text[-1:] in _SENTENCE_ENDS:
        return 0
    for level, pattern in enumerate(_HEADINGS, 1):
        if pattern.match(text):
            return level
    return 0
