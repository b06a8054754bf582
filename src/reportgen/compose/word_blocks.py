"""Reads a filled Word form back into blocks: every text of it, so that page and PDF follow.

Headers come first, then the body with its text boxes, notes and footers. What only numbers the
pages is no text of the report.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count, repeat

from lxml import etree

from reportgen.compose.tokens import Tokens
from reportgen.compose.word_cells import NO_TEXT, CellText, read_cells
from reportgen.model.document import (
    Align,
    Block,
    Break,
    FormPlace,
    Inline,
    Inlines,
    Paragraph,
    Table,
    Text,
)
from reportgen.model.document import plain as plain_text
from reportgen.model.source import SourceSpan
from reportgen.model.word_form import PRINTED, FormText, PartKind
from reportgen.wordfile.numbering import ListLabels
from reportgen.wordfile.paragraphs import is_copy, is_landscape, not_plain, plain_text_of, text_of
from reportgen.wordfile.tables import attribute, local, read_table

_PAGE = re.compile(r"\b(?:PAGE|NUMPAGES|SECTIONPAGES)\b")
_ALIGNED: Mapping[str, Align] = {"center": "center", "right": "right", "end": "right"}
_ORDER: tuple[PartKind, ...] = ("header", "main", "footnote", "endnote", "footer")
_LONGEST_CAPTION = 60
"""Characters of a paragraph above a table that may be its caption."""


@dataclass(slots=True)
class FormReading:
    """The blocks of a filled form and its texts, whose numbers begin at `first`.

    `number` is that of the form among those that are placed in a document.
    """

    name: str
    path: str
    tokens: Tokens
    styles: Mapping[str, Align]
    labels: ListLabels
    number: int = -1
    first: int = 0
    blocks: list[Paragraph | Table] = field(default_factory=list)
    texts: list[FormText] = field(default_factory=list)
    tables: int = 0

    def next_sheet(self) -> None:
        """Go on to the next sheet: texts and tables are counted through all of them."""
        self.first += len(self.texts)
        self.labels.restart()
        self.blocks = []
        self.texts = []

    def read(self, parts: Mapping[str, etree._Element], kinds: Mapping[str, PartKind]) -> None:
        """Read the roots of all parts, whose kinds are given by the same names."""
        for kind in _ORDER:
            # What one header says, another may say again on other pages.
            repeated: dict[str, int] | None = {} if kind in {"header", "footer"} else None
            for name in parts:
                if kinds[name] == kind:
                    _PartReader(self, name, parts[name], repeated).read()


@dataclass(slots=True)
class _PartReader:
    """Reads one part; `repeated` are the numbers of texts that others of its kind have."""

    form: FormReading
    part: str
    root: etree._Element
    repeated: dict[str, int] | None
    numbers: dict[etree._Element, int] = field(default_factory=dict)
    copies: dict[etree._Element, list[int]] = field(default_factory=dict)
    repeats: set[etree._Element] = field(default_factory=set)
    not_plain: set[etree._Element] = field(default_factory=set)
    place: FormPlace | None = None

    def read(self) -> None:
        """Add the blocks and texts of the part."""
        paragraphs = self.root.iter(f"{{{self.root.nsmap['w']}}}p")
        self.numbers = dict(zip(paragraphs, count(), strict=False))
        self.not_plain = not_plain(self.root)
        for alternative in self.root.iter("{*}AlternateContent"):
            self._note_copies(alternative)
        for container in _containers(self.root):
            if local(container) == "body":
                self._add_body(container)
            else:
                self._add(container)

    def _add_body(self, body: etree._Element) -> None:
        """Add what stands in the body, with its place there."""
        landscape = _turned(body)
        for element, child in enumerate(body):
            self.place = FormPlace(self.form.number, element, child in landscape)
            self._add((child,))
        self.place = None

    def _note_copies(self, alternative: etree._Element) -> None:
        """Note which paragraphs repeat others for older programs."""
        within = list(filter(self.numbers.__contains__, alternative.iter("{*}p")))
        repeated = list(filter(is_copy, within))
        self.repeats.update(repeated)
        for element, copy in zip(within, repeated, strict=False):
            self.copies.setdefault(element, []).append(self.numbers[copy])

    def _add(self, container: Iterable[etree._Element]) -> None:
        """Add the paragraphs and tables of a container in order."""
        for child in container:
            name = local(child)
            if name == "p":
                self._add_paragraph(child)
            elif name == "tbl":
                self._add_table(child)
            elif name in {"sdt", "sdtContent", "customXml", "ins", "moveTo"}:
                self._add(child)

    def _add_paragraph(self, element: etree._Element) -> None:
        if not _numbers_pages(element):
            self._add_text(element)
        for box in _boxes(element):
            self._add(box)

    def _add_text(self, element: etree._Element) -> None:
        inlines, origin, _ = self._text(element, once=True)
        if origin >= 0:
            align = self._align(element)
            span = SourceSpan(self.form.path, 0)
            role = "plain" if align == "left" else align
            self.form.blocks.append(Paragraph(inlines, role, span, origin, self.place))

    def _text(self, element: etree._Element, *, once: bool = False) -> CellText:
        """Return the text of a paragraph and its number, -1 where it is blank.

        What has been said already is left out if it counts `once`.
        """
        if element in self.repeats:
            return NO_TEXT
        written = self._written(element)
        label = self.form.labels.label(element)
        inlines = self._labelled(written, label)
        text = plain_text(inlines)
        if not text or text.isspace():
            return NO_TEXT
        places = self._places(element)
        if once and self._says_again(text, places):
            return NO_TEXT
        table = 0 if once else self.form.tables
        self.form.texts.append(FormText(inlines, places, label, table))
        number = self.form.first + len(self.form.texts) - 1
        return CellText(inlines, number, PRINTED.search(written) is not None)

    def _written(self, element: etree._Element) -> str:
        return text_of(element) if element in self.not_plain else plain_text_of(element)

    def _places(self, element: etree._Element) -> tuple[tuple[str, int], ...]:
        """Return where a paragraph stands in the file, and where its copies do."""
        numbers = (self.numbers[element], *self.copies.get(element, ()))
        return tuple(zip(repeat(self.part), numbers, strict=False))

    def _labelled(self, written: str, label: str) -> Inlines:
        """Return what is written, with the label that Word sets before it."""
        inlines = _inlines(written, self.form.tokens) if written else ()
        return (Text(label), *inlines) if label else inlines

    def _says_again(self, text: str, places: tuple[tuple[str, int], ...]) -> bool:
        """Return whether another header has said `text`; if so it is noted that this does too."""
        if self.repeated is None:
            return False
        texts = self.form.texts
        at = self.repeated.setdefault(text, len(texts))
        if at == len(texts):
            return False
        again = (*texts[at].paragraphs, *places)
        texts[at] = FormText(texts[at].inlines, again, texts[at].label, texts[at].table)
        return True

    def _align(self, element: etree._Element) -> Align:
        properties = next(element.iterchildren("{*}pPr"), None)
        if properties is None:
            return self.form.styles.get("", "left")
        own = attribute(properties.find("{*}jc"), "val")
        style = attribute(properties.find("{*}pStyle"), "val")
        return _ALIGNED.get(own, "left") if own else self.form.styles.get(style, "left")

    def _add_table(self, element: etree._Element) -> None:
        grid = read_table(element)
        if not grid.widths:
            return
        self.form.tables += 1
        caption = self._caption()
        self.form.blocks.append(
            Table(
                name=self._table_name(),
                caption=caption,
                widths=tuple(width or 1 for width in grid.widths),
                rows=read_cells(grid, self._text, self._align),
                span=SourceSpan(self.form.path, 0),
                in_form=self.place,
            )
        )

    def _table_name(self) -> str:
        number = self.form.tables
        return self.form.name if number == 1 else f"{self.form.name}-{number}"

    def _caption(self) -> str:
        """Return what names the next table for those who cannot see it: the text above it."""
        for block in reversed(self.form.blocks):
            text = _caption_of(block)
            if text:
                return text
        return self._table_name()


def _caption_of(block: Block) -> str:
    """Return a short paragraph on one line, empty for what is none."""
    text = plain_text(block.inlines) if isinstance(block, Paragraph) else ""
    return "" if len(text) > _LONGEST_CAPTION else " ".join(text.split())


def _containers(root: etree._Element) -> Iterator[etree._Element]:
    """Yield what holds the paragraphs and tables of a part."""
    body = root.find("{*}body")
    if body is not None:
        yield body
    elif local(root) in {"footnotes", "endnotes"}:
        yield from (note for note in root if not attribute(note, "type"))
    else:
        yield root


def _turned(body: etree._Element) -> set[etree._Element]:
    """Return what stands in those sections of a body whose pages lie on their sides.

    A section has its properties at its end (ISO/IEC 29500-1, 17.6.18).
    """
    found: set[etree._Element] = set()
    landscape = False
    for child in reversed(body):
        section = next(child.iter("{*}sectPr"), None)
        if section is not None:
            landscape = is_landscape(section)
        if landscape:
            found.add(child)
    return found


def _numbers_pages(paragraph: etree._Element) -> bool:
    """Return whether a paragraph holds the number of its page: what it says is not its text."""
    codes = paragraph.iter("{*}instrText", "{*}fldSimple")
    return any(_PAGE.search(f"{each.text} {attribute(each, 'instr')}") for each in codes)


def _boxes(paragraph: etree._Element) -> Iterator[etree._Element]:
    """Yield the text boxes of a paragraph, each once."""
    for box in paragraph.iter("{*}txbxContent"):
        outer = next(box.iterancestors("{*}txbxContent"), None)
        if outer is None and not is_copy(box):
            yield box


def _inlines(text: str, tokens: Tokens) -> Inlines:
    """Return a text of Word with what its tokens stand for, and its line breaks."""
    read = tokens.inlines(text)
    if "\n" not in text:
        return read
    result: list[Inline] = []
    for inline in read:
        result.extend(_lines(inline.text) if isinstance(inline, Text) else (inline,))
    return tuple(result)


def _lines(text: str) -> Iterator[Inline]:
    for number, line in enumerate(text.split("\n")):
        if number:
            yield Break()
        if line:
            yield Text(line)


def alignments(styles: etree._Element | None) -> dict[str, Align]:
    """Return how paragraphs of each style stand, by its id; at "" those without any."""
    own: dict[str, Align] = {}
    based: dict[str, str] = {}
    for style in () if styles is None else styles.iter("{*}style"):
        identity = attribute(style, "styleId")
        based[identity] = attribute(style.find("{*}basedOn"), "val")
        if attribute(style, "type") == "paragraph" and attribute(style, "default") == "1":
            based[""] = identity
        stated = attribute(style.find("{*}pPr/{*}jc"), "val")
        if stated:
            own[identity] = _ALIGNED.get(stated, "left")
    return {style: _inherited(style, own, based) for style in based}


def _inherited(style: str, own: Mapping[str, Align], based: Mapping[str, str]) -> Align:
    """Return how a style stands, by those that it is based on."""
    for _ in based:
        if style in own:
            return own[style]
        style = based.get(style, "")
    return "left"
