"""The paragraphs of a Word file in the order they stand, each with its text and its place.

A text is that of all runs of a paragraph joined, whatever Word has cut them into: spelling marks,
languages, sessions of editing. What a reader does not see is no part of it: deleted text, codes of
fields. The place of a paragraph is a code such as `t1r5c3` (表1 第5行第3列), as `SourceSpan` has
it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate, count

from lxml import etree

from reportgen.model.frozen import frozen
from reportgen.model.word_form import PartKind
from reportgen.wordfile.package import WordFile
from reportgen.wordfile.part import WordPart
from reportgen.wordfile.tables import attribute, is_on, local, number, read_table

_SIGNS = {
    "tab": "\t",
    "ptab": "\t",
    "br": "\n",
    "cr": "\n",
    "noBreakHyphen": "-",
}
"""Elements that stand for a character within a run (ISO/IEC 29500-1, 17.3.3)."""
_UNSEEN = frozenset(
    "del moveFrom pPr rPr sdtPr instrText delText fldData txbxContent Fallback rt".split()
)
"""What holds no text of a paragraph: what was deleted, properties, codes; text boxes are apart."""
_NOT_PLAIN = [
    f"{{*}}{name}" for name in ("sym", "ffData", *_SIGNS, *_UNSEEN - {"pPr", "rPr", "instrText"})
]
"""What makes the text of a paragraph another than its `w:t` in a row."""
_SYMBOLS = {
    "F06F": "□",
    "F0A8": "□",
    "F071": "□",
    "F0A3": "□",
    "F052": "☑",
    "F0FE": "☑",
    "F054": "☒",
    "F0FD": "☒",
    "F0FC": "√",
    "F050": "√",
    "F0FB": "×",
    "F04F": "×",
}
"""Boxes and ticks of the fonts Wingdings and Wingdings 2, which Word keeps as `w:sym`."""
_ENTITY = re.compile(r"&[^;]*;|[^&]", re.DOTALL)
_LETTERS: dict[PartKind, str] = {
    "main": "",
    "header": "h",
    "footer": "f",
    "footnote": "n",
    "endnote": "e",
}


@frozen
class TextPiece:
    """A piece of the text of a paragraph: its first character's number and the element it is of.

    That is a `w:t`, or an element that stands for one character.
    """

    start: int
    text: str
    element: etree._Element


@frozen
class WordParagraph:
    """A paragraph: its part, its element, its pieces, and where it stands.

    `line` counts the paragraphs of the file from 1, which findings take for lines. `copy` says
    that it repeats another for older programs (`mc:Fallback`): it is filled like that one.
    """

    part: WordPart
    element: etree._Element
    pieces: tuple[TextPiece, ...]
    place: str
    line: int
    copy: bool = False

    @property
    def text(self) -> str:
        """Return the text."""
        return "".join(piece.text for piece in self.pieces)


def paragraphs(file: WordFile) -> Iterator[WordParagraph]:
    """Yield the paragraphs of all parts whose text is printed, the body first."""
    lines = count(1)
    numbers: Counter[PartKind] = Counter()
    for name, kind in file.text_parts.items():
        part = file.part(name)
        numbers[kind] += 1
        letter = _LETTERS[kind]
        start = f"{letter}{numbers[kind]}" if kind in {"header", "footer"} else ""
        places = _Places(part, start, letter)
        for element in part.root.iter(f"{part.namespace}p"):
            pieces = tuple(pieces_of(element))
            place = places.of(element, blank=not any(each.text.strip() for each in pieces))
            yield WordParagraph(part, element, pieces, place, next(lines), is_copy(element))


def pieces_of(paragraph: etree._Element) -> Iterator[TextPiece]:
    """Yield the pieces of the text of a paragraph in order."""
    found = _texts(paragraph)
    starts = accumulate((len(text) for _, text in found), initial=0)
    for start, (element, text) in zip(starts, found, strict=False):
        yield TextPiece(start, text, element)


def source_range(part: WordPart, piece: TextPiece, start: int, end: int) -> tuple[int, int]:
    """Return where characters of a piece stand in the source of its part."""
    span = part.span(piece.element)
    if local(piece.element) != "t":
        return span.start, span.end
    written = part.source[span.content : span.content_end]
    if len(written) == len(piece.text):
        return span.content + start, span.content + end
    edges = [span.content + each.start() for each in _ENTITY.finditer(written)]
    edges.append(span.content_end)
    return edges[start], edges[end]


def text_of(paragraph: etree._Element) -> str:
    """Return the text of a paragraph."""
    return "".join([text for _, text in _texts(paragraph)])


def plain_text_of(paragraph: etree._Element) -> str:
    """Return the text of a paragraph that is none of the `not_plain`."""
    return "".join(map(str, paragraph.itertext("{*}t")))


def not_plain(root: etree._Element) -> set[etree._Element]:
    """Return the paragraphs of a part whose text is another than their `w:t` in a row."""
    found: set[etree._Element] = set()
    for element in root.iter(*_NOT_PLAIN):
        found.update(element.iterancestors("{*}p"))
    return found


def field_codes(paragraph: etree._Element) -> str:
    """Return the codes of the fields of a paragraph, joined; no reader sees them."""
    codes = [attribute(each, "instr") for each in paragraph.iter("{*}fldSimple")]
    codes += [each.text or "" for each in paragraph.iter("{*}instrText")]
    return "".join(codes)


def _texts(element: etree._Element) -> list[tuple[etree._Element, str]]:
    found: list[tuple[etree._Element, str]] = []
    _add_texts(element, found)
    return found


def _add_texts(element: etree._Element, found: list[tuple[etree._Element, str]]) -> None:
    """Add the texts within an element, each with the element that holds it or stands for it."""
    for child in element:
        text = _own_text(child)
        if text is not None:
            found.append((child, text))
        elif local(child) not in _UNSEEN:
            _add_texts(child, found)


def _own_text(element: etree._Element) -> str | None:
    """Return what a text, sign, symbol or field says, None for what only may hold such."""
    name = local(element)
    if name == "t":
        return element.text or ""
    if name == "sym":
        return _SYMBOLS.get(attribute(element, "char").upper(), "")
    if name == "fldChar":
        return _shown_by_field(element)
    return _SIGNS.get(name)


def _shown_by_field(mark: etree._Element) -> str:
    """Return what a field to fill in shows that has no text: a box to tick, an entry of a list.

    ISO/IEC 29500-1, 17.16.7 and 17.16.9; others show what stands between their marks.
    """
    box, entries = mark.find("{*}ffData/{*}checkBox"), mark.find("{*}ffData/{*}ddList")
    if box is not None:
        ticked = "checked" if box.find("{*}checked") is not None else "default"
        return "☑" if is_on(box, ticked) else "☐"
    return "" if entries is None else _chosen(entries)


def _chosen(entries: etree._Element) -> str:
    """Return the entry of a list that is chosen."""
    said = [attribute(each, "val") for each in entries.iterfind("{*}listEntry")]
    chosen = number(attribute(entries.find("{*}result"), "val"))
    return said[chosen] if chosen < len(said) else ""


@dataclass(slots=True)
class _Places:
    """Numbers what stands in a part as a reader counts it: tables, text boxes, paragraphs.

    `counts` holds how many there are so far of each kind, by what they stand in.
    """

    part: WordPart
    start: str
    letter: str
    known: dict[etree._Element, str] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)

    def of(self, paragraph: etree._Element, *, blank: bool) -> str:
        """Return the place of a paragraph; outside tables those that say something are counted."""
        around = self._around(paragraph)
        if _is_cell(around):
            return around
        if not blank:
            self.counts[around] += 1
        return f"{around} p{max(1, self.counts[around])}".lstrip()

    def _around(self, element: etree._Element) -> str:
        """Return the place of what stands around `element`: a cell, a text box, a note, a part."""
        parent = element.getparent()
        if parent is None:
            return self.start
        if parent not in self.known:
            place = self._place(parent)
            self.known.setdefault(parent, place)
        return self.known[parent]

    def _place(self, element: etree._Element) -> str:
        match local(element):
            case "tbl":
                self._number_cells(element)
            case "txbxContent":
                self.counts["b"] += 0 if is_copy(element) else 1
                place = f"{self.start} b{max(1, self.counts['b'])}".lstrip()
                self.counts[place] = 0  # a copy is counted like what it repeats
                return place
            case "footnote" | "endnote":
                self.counts["n"] += 0 if _is_separator(element) else 1
                return f"{self.letter}{self.counts['n']}"
        return self._around(element)

    def _number_cells(self, table: etree._Element) -> None:
        """Note the places of all cells of a table."""
        around = self._around(table)
        outer = around if _is_cell(around) else self.start
        self.counts[f"{outer}/"] += 1
        for cell in read_table(table).cells:
            place = f"{outer} t{self.counts[f'{outer}/']}r{cell.row + 1}c{cell.column + 1}"
            for element in (cell.element, *cell.more):
                self.known[element] = place.lstrip()


def _is_cell(place: str) -> bool:
    return place.rpartition(" ")[2].startswith("t")


def _is_separator(note: etree._Element) -> bool:
    """Return whether a note is only the line that Word draws above the notes."""
    return attribute(note, "type") in {"separator", "continuationSeparator", "continuationNotice"}


def is_copy(element: etree._Element) -> bool:
    """Return whether an element repeats another one for older programs, which nobody else reads."""
    return any(local(each) == "Fallback" for each in element.iterancestors())


def is_landscape(section: etree._Element) -> bool:
    """Return whether the pages of a section lie on their sides; not all programs say so in a word.

    ISO/IEC 29500-1, 17.6.13.
    """
    size = section.find("{*}pgSz")
    stated = attribute(size, "orient")
    if stated:
        return stated == "landscape"
    return number(attribute(size, "w")) > number(attribute(size, "h"))


def lines_of(data: bytes) -> str:
    """Return the text of a Word file, a line for each paragraph, as findings count its lines."""
    found = paragraphs(WordFile.read(data))
    return "\n".join(" ".join(each.text.split("\n")) for each in found)
