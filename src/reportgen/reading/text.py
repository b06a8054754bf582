"""Reads plain text, in the encodings of the field: lines are paragraphs, tabs part cells.

Programs that take the text out of Word files write a cell a line, each with a tab before it, and a
blank line behind each row; sheets that are pasted have a row a line. Both are tables.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator

from reportgen.model.reading import ReadBlock, ReadCell, Reading, ReadParagraph, ReadTable
from reportgen.model.source import SourceSpan

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WITHOUT_MARK = ("utf-16-le", "utf-16-be")
_PLAIN = re.compile("[\\t\\r\\n -~\u00b7\u2014-\u2026\u3000-\u3017\u4e00-\u9fff\uff01-\uff5e]")
_LEAST_PLAIN, _LEAST_TOLD, _TRIED = 0.95, 8, 4_000
"""The part of a text that are Chinese characters, ASCII and their marks at least; how many
characters tell that, and how many bytes are tried."""
_HEADINGS = (
    re.compile(r"[一二三四五六七八九十]{1,3}、(?=\S)"),
    re.compile(r"[（(][一二三四五六七八九十]{1,3}[)）](?=\S)"),
    re.compile(r"[0-9]{1,2}[.、．](?![0-9])"),
    re.compile(r"[（(][0-9]{1,2}[)）]"),
)
_LONGEST_HEADING = 40
_LONGEST_CELL_LINE = 40
"""Characters of a line that still may go on a cell."""
_SENTENCE_ENDS = "。；，：:;,"


def read_text(name: str, data: bytes) -> Reading:
    """Return a text file as paragraphs and tables; raises `UnicodeError` for no text."""
    blocks: list[ReadBlock] = []
    rows: list[list[str]] = []
    tables = paragraphs = 0
    for group in _groups(decoded(data).splitlines()):
        cells = _cells(group)
        if cells:
            rows += cells
            continue
        if rows:
            tables += 1
            blocks.append(_table(name, rows, tables, len(blocks) + 1))
            rows = []
        for line in filter(None, map(str.strip, group)):
            paragraphs += 1
            span = SourceSpan(name, len(blocks) + 1, place=f"p{paragraphs}")
            blocks.append(ReadParagraph(line, span, heading_level(line)))
    if rows:
        blocks.append(_table(name, rows, tables + 1, len(blocks) + 1))
    return Reading(name, "text", tuple(blocks))


def _groups(lines: Iterable[str]) -> Iterator[list[str]]:
    """Yield lines that stand together: those of a row of cells, or a single line of text."""
    row: list[str] = []
    for line in lines:
        if line.startswith("\t") or (row and 0 < len(line.strip()) <= _LONGEST_CELL_LINE):
            row.append(line)
            continue
        if row:
            yield row
        row = []
        if line.strip():
            yield [line]
    if row:
        yield row


def _cells(group: list[str]) -> list[list[str]]:
    """Return the rows of cells that a group of lines is, none where it is text."""
    if not group[0].startswith("\t"):
        parts = group[0].rstrip("\t").split("\t")
        return [_stripped(parts)] if len(parts) > 2 else []
    row = _row_of_lines(group)
    return [row] if len(row) > 1 else []


def _row_of_lines(group: list[str]) -> list[str]:
    """Return the cells of a row over several lines; one without a tab goes on with its cell."""
    row: list[str] = []
    for line in group:
        if line.startswith("\t"):
            row += _stripped(line[1:].split("\t"))
        else:
            row[-1] = f"{row[-1]}\n{line.strip()}"
    return row


def _stripped(parts: Iterable[str]) -> list[str]:
    return [part.strip() for part in parts]


def _table(name: str, rows: list[list[str]], number: int, line: int) -> ReadTable:
    """Return rows of texts as a table without merged cells."""
    cells: list[ReadCell] = []
    for row, texts in enumerate(rows):
        for column, text in enumerate(texts):
            place = f"t{number}r{row + 1}c{column + 1}"
            cells.append(ReadCell(text, row, column, SourceSpan(name, line, place=place)))
    span = SourceSpan(name, line, place=f"t{number}r1c1")
    return ReadTable(tuple(cells), len(rows), max(map(len, rows)), span)


def decoded(data: bytes) -> str:
    """Return text in UTF-8, UTF-16 or GB18030; raises `UnicodeError` for none of them."""
    return data.decode(encoding_of(data))


def encoding_of(data: bytes) -> str:
    """Return the encoding that a text is in: what its mark says, else what it can be read in."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding
    return _likely_encoding(data)


def _likely_encoding(data: bytes) -> str:
    """Return the encoding that a text without a mark can be read in."""
    for encoding in _WITHOUT_MARK if b"\0" in data else ():
        if _is_plain(data, encoding):
            return encoding
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8"


def _is_plain(data: bytes, encoding: str) -> bool:
    """Return whether bytes make Chinese text in an encoding of two bytes a character."""
    start = data[:_TRIED].decode(encoding, "ignore")
    is_whole = len(data) % 2 == 0 and len(start) >= _LEAST_TOLD
    return (
        is_whole
        and max(start) >= "\u4e00"
        and len(_PLAIN.findall(start)) / len(start) >= _LEAST_PLAIN
    )


def heading_level(text: str) -> int:
    """Return the level that the number of a short line gives it (GB/T 9704-2012, 7.3.3), else 0."""
    if len(text) > _LONGEST_HEADING or text[-1:] in _SENTENCE_ENDS:
        return 0
    for level, pattern in enumerate(_HEADINGS, 1):
        if pattern.match(text):
            return level
    return 0
