"""Reads a filled Word form back into blocks: every text of it, so that page and PDF follow.

Headers come first, then the body with its text boxes, notes and footers. What only numbers the
pages is no text of the report. Word says only which rows repeat on each page. In a form the cells
that nobody fills in are its labels: those of a row of labels head columns, those beside what is
filled in head their row. A nested table is read line by line into the cell that holds it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count, product
from typing import Literal, NamedTuple

from lxml import etree

from reportgen.compose.tokens import Tokens
from reportgen.model import limits
from reportgen.model.document import (
    Align,
    Block,
    Break,
    Cell,
    Inline,
    Inlines,
    Paragraph,
    Row,
    Table,
    Text,
)
from reportgen.model.document import plain as plain_text
from reportgen.model.source import SourceSpan
from reportgen.model.word_form import PRINTED, FormText, PartKind
from reportgen.wordfile.paragraphs import is_copy, not_plain, plain_text_of, text_of
from reportgen.wordfile.part import STRICT, TRANSITIONAL
from reportgen.wordfile.tables import WordCell, WordTable, attribute, is_on, local, read_table

_PAGE = re.compile(r"\b(?:PAGE|NUMPAGES|SECTIONPAGES)\b")
_ALIGNED: Mapping[str, Align] = {"center": "center", "right": "right", "end": "right"}
_ORDER: tuple[PartKind, ...] = ("header", "main", "footnote", "endnote", "footer")
_LONGEST_CAPTION = 60
"""Characters of a paragraph above a table that may be its caption."""


@dataclass(slots=True)
class FormReading:
    """The blocks of a filled form and its texts, whose numbers begin at `first`."""

    name: str
    path: str
    tokens: Tokens
    styles: Mapping[str, Align]
    first: int = 0
    blocks: list[Paragraph | Table] = field(default_factory=list)
    texts: list[FormText] = field(default_factory=list)
    tables: int = 0

    def next_sheet(self) -> None:
        """Go on to the next sheet: texts and tables are counted through all of them."""
        self.first += len(self.texts)
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

    def read(self) -> None:
        """Add the blocks and texts of the part."""
        paragraphs = self.root.iter(f"{{{self.root.nsmap['w']}}}p")
        self.numbers = dict(zip(paragraphs, count(), strict=False))
        self.not_plain = not_plain(self.root)
        for alternative in self.root.iter("{*}AlternateContent"):
            self._note_copies(alternative)
        for container in _containers(self.root):
            self._add(container)

    def _note_copies(self, alternative: etree._Element) -> None:
        """Note which paragraphs repeat others for older programs."""
        within = list(filter(self.numbers.__contains__, alternative.iter("{*}p")))
        repeated = list(filter(is_copy, within))
        self.repeats.update(repeated)
        for element, copy in zip(within, repeated, strict=False):
            self.copies.setdefault(element, []).append(self.numbers[copy])

    def _add(self, container: etree._Element) -> None:
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
            self.form.blocks.append(Paragraph(inlines, role, span, origin))

    def _text(self, element: etree._Element, *, once: bool = False) -> CellText:
        """Return the text of a paragraph and its number, -1 where it is blank.

        What has been said already is left out if it counts `once`.
        """
        written = text_of(element) if element in self.not_plain else plain_text_of(element)
        if not written or element in self.repeats:
            return _NOTHING
        inlines = _inlines(written, self.form.tokens)
        text = plain_text(inlines)
        if not text or text.isspace():
            return _NOTHING
        places: tuple[tuple[str, int], ...] = ((self.part, self.numbers[element]),)
        for copy in self.copies.get(element, ()):
            places += ((self.part, copy),)
        if once and self._says_again(text, places):
            return _NOTHING
        self.form.texts.append(FormText(inlines, places))
        number = self.form.first + len(self.form.texts) - 1
        return CellText(inlines, number, PRINTED.search(written) is not None)

    def _says_again(self, text: str, places: tuple[tuple[str, int], ...]) -> bool:
        """Return whether another header has said `text`; if so it is noted that this does too."""
        if self.repeated is None:
            return False
        texts = self.form.texts
        at = self.repeated.setdefault(text, len(texts))
        if at == len(texts):
            return False
        texts[at] = FormText(texts[at].inlines, (*texts[at].paragraphs, *places))
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


# Tables

_PARAGRAPHS = (f"{{{TRANSITIONAL}}}p", f"{{{STRICT}}}p")
_ACROSS = frozenset(["", "lrTb", "lr"])
"""Directions of text that are no other than that of a page."""


class CellText(NamedTuple):
    """The text of a paragraph, its number in the form, -1 where it says nothing.

    `is_filled_in` says whether anything in it was printed by a tag.
    """

    inlines: Inlines = ()
    origin: int = -1
    is_filled_in: bool = False


_NOTHING = CellText()
_BLANK = ((),)
"""The lines of a cell that says nothing."""


class _ReadCell(NamedTuple):
    """A cell, and whether it is a label: a text that stands in the form itself."""

    cell: Cell
    is_label: bool = False

    def heading(self, heads: Literal["", "col", "row"]) -> Cell:
        """Return the cell, which heads its row or its column if it is a label."""
        return replace(self.cell, header=heads) if self.is_label else self.cell


def read_cells(
    grid: WordTable,
    text: Callable[[etree._Element], CellText],
    align: Callable[[etree._Element], Align],
) -> tuple[Row, ...]:
    """Return the rows of a table; `text` and `align` say what a paragraph says and how."""
    rows: list[dict[int, _ReadCell]] = [{} for _ in grid.rows]
    for placed in grid.cells:
        rows[placed.row][placed.column] = _cell(placed, text, align)
    for row, column in _holes(grid):
        rows[row][column] = _ReadCell(Cell(((),)))
    heads = _head_rows(grid.rows)
    read: list[Row] = []
    for number, cells in enumerate(rows):
        read.append(_row(cells, head=number < heads))
    return tuple(read)


def _cell(
    placed: WordCell,
    text: Callable[[etree._Element], CellText],
    align: Callable[[etree._Element], Align],
) -> _ReadCell:
    said: list[CellText] = []
    aligned: Align = "left"
    for element in placed.element.iter(*_PARAGRAPHS):
        found = text(element)
        if found.origin >= 0:
            aligned = aligned if said else align(element)
            said.append(found)
    cell = Cell(
        lines=tuple([each.inlines for each in said]) or _BLANK,
        colspan=placed.colspan,
        rowspan=placed.rowspan,
        align=aligned,
        vertical=attribute(placed.properties.get("textDirection"), "val") not in _ACROSS,
        origins=tuple([each.origin for each in said]),
    )
    filled_in = any(each.is_filled_in for each in said)
    return _ReadCell(cell, not filled_in and _says_words(said))


def _says_words(texts: Iterable[CellText]) -> bool:
    """Return whether any text holds a letter or a digit."""
    return any(any(map(str.isalnum, plain_text(each.inlines))) for each in texts)


def _row(cells: Mapping[int, _ReadCell], *, head: bool) -> Row:
    """Return a row; a text that stands alone in one heads nothing."""
    ordered = [cells[column] for column in sorted(cells)]
    heads = "col" if head else _headed(ordered)
    return Row(tuple(each.heading(heads) for each in ordered), head)


def _headed(cells: Sequence[_ReadCell]) -> Literal["", "col", "row"]:
    """Return what the labels of a row head."""
    labels = sum(each.is_label for each in cells)
    said = sum(bool(each.cell.origins) for each in cells)
    if len(cells) == 1:
        return ""
    return "col" if labels == said > 1 else "row"


def _head_rows(rows: Sequence[etree._Element]) -> int:
    """Return how many rows at the top of a table repeat on each page."""
    number = 0
    while number < len(rows) and is_on(rows[number].find("{*}trPr"), "tblHeader"):
        number += 1
    return number if number < len(rows) else 0


def _holes(grid: WordTable) -> Iterator[tuple[int, int]]:
    """Yield the places that no cell of a table covers: a row may be shorter than the grid."""
    columns = len(grid.widths)
    places = len(grid.rows) * columns
    if places > limits.TABLE_PLACES or sum(map(_area, grid.cells)) == places:
        return
    taken: set[tuple[int, int]] = set()
    for placed in grid.cells:
        rows = range(placed.row, placed.row + placed.rowspan)
        taken.update(product(rows, range(placed.column, placed.column + placed.colspan)))
    yield from sorted(set(product(range(len(grid.rows)), range(columns))) - taken)


def _area(cell: WordCell) -> int:
    """Return how many places of the grid a cell covers; no two cover the same."""
    return cell.rowspan * cell.colspan
