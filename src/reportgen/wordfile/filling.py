"""Puts tags into the blanks of a Word file; every other byte of it stays as it is."""

from __future__ import annotations

import io
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from lxml import etree

from reportgen.wordfile.package import WordFile
from reportgen.wordfile.paragraphs import TextPiece, WordParagraph
from reportgen.wordfile.part import WordPart
from reportgen.wordfile.tables import local

_CHARACTER = re.compile(r"&[^;]*;|[^&]", re.DOTALL)
_TRACKED = ("ins", "del", "moveFrom", "moveTo", "rPrChange")
"""What a mark of a paragraph may say of its editing, and no run can."""


class TagRange(NamedTuple):
    """A tag, and the characters of a paragraph, from which to which, whose place it takes."""

    paragraph: WordParagraph
    start: int
    end: int
    tag: str


class RowCopy(NamedTuple):
    """A row that stands once more below itself, with a tag in its first paragraph."""

    paragraph: WordParagraph
    tag: str


class _SourceEdit(NamedTuple):
    start: int
    end: int
    text: str


def with_tags(
    data: bytes, file: WordFile, ranges: Iterable[TagRange], copies: Iterable[RowCopy] = ()
) -> bytes:
    """Return the Word file `data`, read as `file`, with tags in the place of ranges of its text.

    Below some of its rows stand `copies` of them.
    """
    edits: dict[str, list[_SourceEdit]] = defaultdict(list)
    for each in ranges:
        edits[each.paragraph.part.name] += _edits(each)
    for copy in copies:
        edits[copy.paragraph.part.name].append(_copied(copy))
    changed: dict[str, bytes] = {}
    for name, of_part in edits.items():
        part = file.part(name)
        mark = part_mark(file.members[name])
        changed[name] = mark + part.bytes(_edited(part.source, of_part))
    return _with_parts(data, changed)


def part_mark(data: bytes) -> bytes:
    """Return the byte order mark of a part in UTF-8, which its source has lost."""
    return b"\xef\xbb\xbf" if data.startswith(b"\xef\xbb\xbf") else b""


def _edited(source: str, edits: Iterable[_SourceEdit]) -> str:
    pieces: list[str] = []
    at = 0
    for edit in sorted(edits):
        pieces += (source[at : edit.start], edit.text)
        at = edit.end
    return "".join((*pieces, source[at:]))


def _with_parts(data: bytes, changed: dict[str, bytes]) -> bytes:
    """Return a zip archive with some of its files changed, each where and as it was."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(packed, "w") as new:
        for member in old.infolist():
            content = changed.get(member.filename)
            new.writestr(member, old.read(member) if content is None else content)
    return packed.getvalue()


def _edits(of: TagRange) -> Iterator[_SourceEdit]:
    """Yield the changes of the source that put a tag into a paragraph."""
    tag = of.tag.replace("&", "&amp;").replace("<", "&lt;")
    taken = [each for each in of.paragraph.pieces if _overlap(each, of)]
    if not taken:
        yield _put_at(of.paragraph, of.start, tag)
        return
    for piece in taken:
        yield _replaced(of.paragraph.part, piece, of, tag)
        tag = ""


def _copied(copy: RowCopy) -> _SourceEdit:
    """Return the change that puts a copy of a row below it."""
    paragraph = copy.paragraph
    part = paragraph.part
    span = part.span(next(paragraph.element.iterancestors("{*}tr")))
    edits = _edits(TagRange(paragraph, 0, len(paragraph.text), copy.tag))
    within = [_SourceEdit(start - span.start, end - span.start, tag) for start, end, tag in edits]
    row = _edited(part.source[span.start : span.end], within)
    return _SourceEdit(span.end, span.end, row)


def _overlap(piece: TextPiece, of: TagRange) -> bool:
    return max(piece.start, of.start) < min(piece.start + len(piece.text), of.end)


def _replaced(part: WordPart, piece: TextPiece, of: TagRange, tag: str) -> _SourceEdit:
    """Return the change that puts a tag in the place of characters of a piece."""
    span = part.span(piece.element)
    if local(piece.element) != "t":
        return _SourceEdit(span.start, span.end, _text(piece.element, tag) if tag else "")
    edges = [
        span.content + each.start() for each in _characters(part, span.content, span.content_end)
    ]
    edges.append(span.content_end)
    start = edges[max(of.start - piece.start, 0)]
    return _SourceEdit(start, edges[min(of.end - piece.start, len(piece.text))], tag)


def _characters(part: WordPart, start: int, end: int) -> Iterator[re.Match[str]]:
    return _CHARACTER.finditer(part.source[start:end])


def _put_at(paragraph: WordParagraph, at: int, tag: str) -> _SourceEdit:
    """Return the change that puts a tag before a character, or into a paragraph without any."""
    part = paragraph.part
    for piece in paragraph.pieces:
        if _may_hold(piece, at):
            return _replaced(part, piece, TagRange(paragraph, at, at, tag), tag)
    span = part.span(paragraph.element)
    run = _name(paragraph.element, "r")
    typed = f"<{run}>{_looks(paragraph)}{_text(paragraph.element, tag)}</{run}>"
    if span.content < span.end:
        return _SourceEdit(span.content_end, span.content_end, typed)
    opened = part.source[span.start : span.end].removesuffix("/>").rstrip()
    return _SourceEdit(span.start, span.end, f"{opened}>{typed}</{_name(paragraph.element, 'p')}>")


def _may_hold(piece: TextPiece, at: int) -> bool:
    """Return whether something can be put before the character number `at` within a piece."""
    is_text = bool(piece.text) and local(piece.element) == "t"
    return is_text and piece.start <= at <= piece.start + len(piece.text)


def _name(beside: etree._Element, name: str) -> str:
    """Return the name of an element as it is written beside another of Word's."""
    return f"{beside.prefix}:{name}" if beside.prefix else name


def _text(beside: etree._Element, tag: str) -> str:
    name = _name(beside, "t")
    return f'<{name} xml:space="preserve">{tag}</{name}>'


def _looks(paragraph: WordParagraph) -> str:
    """Return the source of how what is typed into an empty paragraph would look."""
    runs = [*paragraph.element.iter("{*}r")]
    looks = (runs[-1] if runs else paragraph.element).find("{*}rPr" if runs else "{*}pPr/{*}rPr")
    if looks is None or any(local(each) in _TRACKED for each in looks.iter(etree.Element)):
        return ""
    span = paragraph.part.span(looks)
    return paragraph.part.source[span.start : span.end]
