"""Reads a Word file: its body in order, then its headers, footers and notes, tables as grids."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from lxml import etree

from reportgen.model.reading import ReadBlock, ReadCell, Reading, ReadParagraph, ReadTable, Unread
from reportgen.model.source import SourceSpan
from reportgen.reading.properties import word_properties
from reportgen.reading.text import heading_level
from reportgen.wordfile.package import WordFile
from reportgen.wordfile.paragraphs import WordParagraph, paragraphs
from reportgen.wordfile.tables import attribute, local, read_table

_PARTS = {"h": "header", "f": "footer", "n": "footnote", "e": "endnote"}
_STYLED = re.compile(r"(?:heading|标题)\s*([1-4])$", re.IGNORECASE)
_OUTLINE_LEVELS = 4
_CELL = re.compile(r"(?<=[0-9])r[0-9]+c[0-9]+.*$")


def read_docx(name: str, data: bytes) -> Reading:
    """Return the paragraphs and tables of a Word file; raises `ForeignFileError` for none."""
    file = WordFile.read(data)
    levels = _levels(file)
    blocks: list[ReadBlock] = []
    tables: dict[etree._Element, list[WordParagraph]] = defaultdict(list)
    for paragraph in paragraphs(file):
        if paragraph.copy:
            continue
        table = _outermost_table(paragraph.element)
        if table is None:
            blocks += _paragraph(name, paragraph, levels)
        elif table in tables:
            tables[table].append(paragraph)
        else:
            tables[table].append(paragraph)
            blocks.append(ReadTable((), 0, 0, SourceSpan(name, paragraph.line)))
    read = tuple(_filled(name, blocks, iter(tables.items())))
    unread = _unread_of_tables(tables, [block for block in read if isinstance(block, ReadTable)])
    return Reading(name, "docx", read, tuple(unread), tuple(word_properties(name, file)))


def _unread_of_tables(
    elements: Iterable[etree._Element], tables: Sequence[ReadTable]
) -> Iterator[Unread]:
    """Yield what of the tables was not read as a table: those within cells, contradictory grids."""
    for element, table in zip(elements, tables, strict=True):
        if element.find(".//{*}tc//{*}tbl") is not None:
            yield Unread("@nested_table", table.span)
        if any(cell.column + cell.colspan > table.width for cell in table.cells):
            yield Unread("@ragged_table", table.span)


def _filled(
    name: str,
    blocks: list[ReadBlock],
    tables: Iterator[tuple[etree._Element, list[WordParagraph]]],
) -> Iterator[ReadBlock]:
    """Yield the blocks with their tables read, in order."""
    for block in blocks:
        if isinstance(block, ReadTable):
            yield _table(name, *next(tables))
        else:
            yield block


def _outermost_table(element: etree._Element) -> etree._Element | None:
    """Return the table that a paragraph stands in, the outermost of those within each other."""
    found = None
    for around in element.iterancestors():
        if local(around) == "tbl":
            found = around
    return found


def _paragraph(
    name: str, paragraph: WordParagraph, levels: dict[str, int]
) -> Iterator[ReadParagraph]:
    """Yield a paragraph unless it says nothing."""
    text = paragraph.text.strip()
    if not text:
        return
    part = _PARTS.get(paragraph.place[:1], "")
    level = 0 if part else _level(paragraph, levels) or heading_level(text)
    span = SourceSpan(name, paragraph.line, place=paragraph.place)
    yield ReadParagraph(text, span, level, part)


def _level(paragraph: WordParagraph, levels: dict[str, int]) -> int:
    """Return the level of a heading, by its style or its own outline level; 0 for none."""
    properties = paragraph.element.find("{*}pPr")
    if properties is None:
        return 0
    outline = attribute(properties.find("{*}outlineLvl"), "val")
    if outline.isdigit() and int(outline) < _OUTLINE_LEVELS:
        return int(outline) + 1
    return levels.get(attribute(properties.find("{*}pStyle"), "val"), 0)


def _levels(file: WordFile) -> dict[str, int]:
    """Return the level of each style that is one of a heading, by its id."""
    levels: dict[str, int] = {}
    for relation in file.relations(file.main):
        if relation.kind != "styles" or relation.target not in file.members:
            continue
        for style in file.part(relation.target).root.iterfind("{*}style"):
            match = _STYLED.match(attribute(style.find("{*}name"), "val"))
            if match is not None:
                levels[attribute(style, "styleId")] = int(match[1])
    return levels


def _paragraphs_by_cell(
    table: etree._Element, inside: Iterable[WordParagraph]
) -> dict[etree._Element, list[WordParagraph]]:
    texts: dict[etree._Element, list[WordParagraph]] = defaultdict(list)
    for paragraph in inside:
        around = _cell_of(paragraph.element, table)
        if around is not None:
            texts[around].append(paragraph)
    return texts


def _table(name: str, element: etree._Element, inside: list[WordParagraph]) -> ReadTable:
    """Return a table with the texts of its cells; one within a cell is a part of its text."""
    grid = read_table(element)
    texts = _paragraphs_by_cell(element, inside)
    table_place = _CELL.sub("", inside[0].place)
    cells: list[ReadCell] = []
    for cell in grid.cells:
        said = list(texts[cell.element])
        for part in cell.more:
            said += texts[part]
        text = "\n".join(each.text for each in said).strip()
        line = said[0].line if said else inside[0].line
        span = SourceSpan(name, line, place=f"{table_place}r{cell.row + 1}c{cell.column + 1}")
        cells.append(ReadCell(text, cell.row, cell.column, span, cell.rowspan, cell.colspan))
    span = SourceSpan(name, inside[0].line, place=inside[0].place)
    return ReadTable(tuple(cells), len(grid.rows), len(grid.widths), span)


def _cell_of(paragraph: etree._Element, table: etree._Element) -> etree._Element | None:
    """Return the cell of a table that a paragraph stands in, itself or in a table within it."""
    found = None
    for around in paragraph.iterancestors():
        if around is table:
            return found
        if local(around) == "tc":
            found = around
    return found
