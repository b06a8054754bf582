"""Where the document says something else than was filled into its form: a policy changed it.

The runs of such a paragraph are changed and no others; a table that lost rows or columns is set
anew within its own properties, in the look of its first run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from functools import partial
from itertools import accumulate, count
from typing import NamedTuple

from lxml import etree

from reportgen.model.document import (
    Block,
    Cell,
    Document,
    Inlines,
    Paragraph,
    Row,
    Table,
    Text,
    Title,
    plain,
)
from reportgen.model.grid import PlacedCell, place_cells
from reportgen.model.word_form import FilledForm, FilledSheet
from reportgen.wordfile.paragraphs import TextPiece, pieces_of, source_range
from reportgen.wordfile.part import WordPart
from reportgen.wordfile.tables import local
from reportgen.write.docx.text import escape

PRESERVED = '<w:t xml:space="preserve">'
"""The beginning of a text of which every space counts."""


def literal(text: str) -> str:
    """Return a text inside a text element; tabs and line breaks in it stay what they are."""
    written = escape(text.replace("\r\n", "\n").replace("\r", "\n"))
    written = written.replace("\t", f"</w:t><w:tab/>{PRESERVED}")
    return written.replace("\n", f"</w:t><w:br/>{PRESERVED}")


class _Edit(NamedTuple):
    """A range of a source and what takes its place."""

    start: int
    end: int
    written: str


def edited(source: str, edits: Sequence[tuple[int, int, str]]) -> str:
    """Return `source` with ranges replaced, none of which overlap."""
    for start, end, written in sorted(edits, reverse=True):
        source = source[:start] + written + source[end:]
    return source


class FormChanges:
    """What a document says of the texts of its form, by their numbers."""

    def __init__(self, document: Document, form: FilledForm) -> None:
        self.document = document
        self.said: dict[int, Inlines] = {}
        for block in document.blocks:
            self.said.update(_texts_of(block))
        lines = document.title
        if len(form.title) == 1:
            lines = ("".join(document.title),)
        self.said.update(zip(form.title, map(_as_inlines, lines), strict=False))
        self.titles = frozenset(form.title)

    def made(self, parts: Mapping[str, str], sheet: FilledSheet) -> dict[str, str]:
        """Return the parts of a sheet with the texts of the document."""
        result = dict(parts)
        for name in parts:
            changed = self._changed(name, sheet)
            if changed:
                result[name] = _with_texts(name, result[name], changed)
            gone = self._gone(name, sheet)
            if gone:
                result[name] = rewritten_tables(name, result[name], gone, sheet, self.document)
        return result

    def _changed(self, part: str, sheet: FilledSheet) -> dict[int, tuple[str, str]]:
        """Return the texts before and after of the paragraphs of a part that say something new."""
        changed: dict[int, tuple[str, str]] = {}
        for number, text in enumerate(sheet.texts, sheet.first):
            before, after = plain(text.inlines), plain(self.said.get(number, text.inlines))
            if before == after or (number in self.titles and _squeezed(before) == _squeezed(after)):
                continue
            said = before.removeprefix(text.label), after.removeprefix(text.label)
            for paragraph in text.paragraphs_of(part):
                changed[paragraph] = said
        return changed

    def _gone(self, part: str, sheet: FilledSheet) -> set[int]:
        """Return the paragraphs of a part that the document has no more."""
        gone: set[int] = set()
        for number, text in enumerate(sheet.texts, sheet.first):
            if number not in self.said:
                gone.update(text.paragraphs_of(part))
        return gone


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _as_inlines(line: str) -> Inlines:
    return (Text(line),)


def _texts_of(block: Block) -> Iterator[tuple[int, Inlines]]:
    """Yield the texts of a block that stand in a form, by their numbers there."""
    match block:
        case Paragraph(inlines, origin=origin):
            yield origin, inlines
        case Title(lines, origins=origins):
            yield from zip(origins, map(_as_inlines, lines), strict=False)
        case Table():
            yield from _texts_of_table(block)
        case _:
            pass


def _texts_of_table(table: Table) -> Iterator[tuple[int, Inlines]]:
    for row in table.rows:
        for cell in row.cells:
            yield from zip(cell.origins, cell.lines, strict=False)


def _with_texts(name: str, xml: str, texts: Mapping[int, tuple[str, str]]) -> str:
    """Return the XML of a part with some of its paragraphs' texts changed, by their numbers."""
    part = WordPart.of(name, xml)
    edits: list[_Edit] = []
    for number, element in enumerate(part.root.iter(f"{part.namespace}p")):
        if number in texts:
            edits += _changes(part, tuple(pieces_of(element)), *texts[number])
    return edited(xml, edits)


def _changes(
    part: WordPart, pieces: Sequence[TextPiece], before: str, after: str
) -> Iterator[_Edit]:
    """Yield the ranges of the source to be changed so that a paragraph says `after`."""
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for kind, start, end, left, right in matcher.get_opcodes():
        if kind != "equal":
            yield from _replaced(part, pieces, (start, end), literal(after[left:right]))


def _replaced(
    part: WordPart, pieces: Sequence[TextPiece], range_: tuple[int, int], written: str
) -> Iterator[_Edit]:
    """Yield what puts `written` in the place of some characters of a paragraph."""
    for piece in pieces:
        low = max(range_[0] - piece.start, 0)
        high = min(range_[1] - piece.start, len(piece.text))
        is_text = local(piece.element) == "t"
        if low < high or (low == high and range_[0] == range_[1] and is_text):
            start, end = source_range(part, piece, low, high)
            own = written if is_text or not written else f"{PRESERVED}{written}</w:t>"
            yield _Edit(start, end, own)
            if range_[0] == range_[1]:
                return
            written = ""


# Tables from which rows or columns were withheld, or all of them

_NAMESPACES = re.compile(r' xmlns:\w+="[^"]*"')


def rewritten_tables(
    name: str, xml: str, gone: set[int], sheet: FilledSheet, document: Document
) -> str:
    """Return the XML of a part without the paragraphs that are `gone`, by their numbers there."""
    part = WordPart.of(name, xml)
    numbers = dict(zip(part.root.iter(f"{part.namespace}p"), count(), strict=False))
    for table in reversed(list(_outer_tables(part))):
        held = set(map(numbers.__getitem__, table.iter(f"{part.namespace}p")))
        if held & gone:
            span = part.span(table)
            left = _table_left(name, held - gone, sheet, document)
            written = _withheld(document) if left is None else _set_anew(part, table, left)
            xml = xml[: span.start] + written + xml[span.end :]
    return xml


def _outer_tables(part: WordPart) -> Iterator[etree._Element]:
    """Yield the tables of a part that stand in no other."""
    for table in part.root.iter(f"{part.namespace}tbl"):
        if next(table.iterancestors(f"{part.namespace}tbl"), None) is None:
            yield table


def _table_left(part: str, left: set[int], sheet: FilledSheet, document: Document) -> Table | None:
    """Return the table of the document whose texts are paragraphs that are `left`."""
    numbers: set[int] = set()
    for number, text in enumerate(sheet.texts, sheet.first):
        if left.intersection(text.paragraphs_of(part)):
            numbers.add(number)
    for block in document.blocks:
        if isinstance(block, Table) and numbers & _origins(block):
            return block
    return None


def _origins(table: Table) -> set[int]:
    origins: set[int] = set()
    for row in table.rows:
        for cell in row.cells:
            origins.update(cell.origins)
    return origins


def _withheld(document: Document) -> str:
    """Return what the document says in the place of a table."""
    for block in document.blocks:
        if isinstance(block, Paragraph) and block.origin < 0:
            return f"<w:p>{_run(block.inlines, '')}</w:p>"
    return "<w:p/>"


def _set_anew(part: WordPart, element: etree._Element, table: Table) -> str:
    """Return a table within the properties of the one that it is left of."""
    properties = _written(element.find(f"{part.namespace}tblPr"))
    look = _written(next(element.iter(f"{part.namespace}rPr"), None))
    edges = list(accumulate(table.widths, initial=0))
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in table.widths)
    rows: list[dict[int, str]] = [{} for _ in table.rows]
    for placed in place_cells(table):
        width = edges[placed.column + placed.cell.colspan] - edges[placed.column]
        _add_cell(rows, placed, width, look)
    body = "".join(map(_row, rows, table.rows))
    return f"<w:tbl>{properties or '<w:tblPr/>'}<w:tblGrid>{grid}</w:tblGrid>{body}</w:tbl>"


def _row(cells: dict[int, str], row: Row) -> str:
    head = "<w:trPr><w:tblHeader/></w:trPr>" if row.head else ""
    return f"<w:tr>{head}{''.join(cells[column] for column in sorted(cells))}</w:tr>"


def _add_cell(rows: list[dict[int, str]], placed: PlacedCell, width: int, look: str) -> None:
    """Add a cell to every row that it covers; its text stands in the first."""
    cell = placed.cell
    content = "".join(map(partial(_line, cell, look), cell.lines)) or "<w:p/>"
    rows[placed.row][placed.column] = _cell(cell, width, '<w:vMerge w:val="restart"/>', content)
    for row in range(placed.row + 1, placed.row + cell.rowspan):
        rows[row][placed.column] = _cell(cell, width, "<w:vMerge/>", "<w:p/>")


def _cell(cell: Cell, width: int, merge: str, content: str) -> str:
    span = f'<w:gridSpan w:val="{cell.colspan}"/>' if cell.colspan > 1 else ""
    down = merge if cell.rowspan > 1 else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}{down}'
        f'<w:vAlign w:val="center"/></w:tcPr>{content}</w:tc>'
    )


def _line(cell: Cell, look: str, line: Inlines) -> str:
    align = f'<w:pPr><w:jc w:val="{cell.align}"/></w:pPr>' if cell.align != "left" else ""
    return f"<w:p>{align}{_run(line, look)}</w:p>"


def _run(inlines: Inlines, look: str) -> str:
    text = escape(plain(inlines)).replace("\n", '</w:t><w:br/><w:t xml:space="preserve">')
    return f'<w:r>{look}<w:t xml:space="preserve">{text}</w:t></w:r>' if text else ""


def _written(element: etree._Element | None) -> str:
    """Return an element as it stands within its part, which declares the namespaces."""
    if element is None:
        return ""
    return _NAMESPACES.sub("", etree.tostring(element, encoding="unicode", with_tail=False))
