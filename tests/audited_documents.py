"""Documents as audits read them, made of a few lines."""

from __future__ import annotations

from collections.abc import Sequence

from reportgen.features.audit.auditing import Audit, audit
from reportgen.findings import Finding
from reportgen.model.reading import ReadBlock, ReadCell, Reading, ReadTable
from reportgen.model.source import SourceSpan
from reportgen.reading.text import read_text

NAME = "报告.txt"


def reading(*lines: str, tables: Sequence[Sequence[Sequence[str]]] = ()) -> Reading:
    """Return a document of paragraphs, and tables behind them; a cell `^` is merged upwards."""
    text = read_text(NAME, "\n".join(lines).encode())
    blocks: list[ReadBlock] = list(text.blocks)
    for number, rows in enumerate(tables, 1):
        blocks.append(_table(rows, number, len(blocks) + 1))
    return Reading(NAME, "text", tuple(blocks))


def _table(rows: Sequence[Sequence[str]], number: int, line: int) -> ReadTable:
    cells: list[ReadCell] = []
    for row, texts in enumerate(rows):
        for column, text in enumerate(texts):
            if text == "^":
                continue
            height = 1
            while row + height < len(rows) and rows[row + height][column] == "^":
                height += 1
            span = SourceSpan(NAME, line, place=f"t{number}r{row + 1}c{column + 1}")
            cells.append(ReadCell(text, row, column, span, height))
    span = SourceSpan(NAME, line, place=f"t{number}r1c1")
    return ReadTable(tuple(cells), len(rows), len(rows[0]), span)


def audited(*lines: str, tables: Sequence[Sequence[Sequence[str]]] = ()) -> Audit:
    """Return the audit of such a document."""
    return audit(reading(*lines, tables=tables))


def told(*lines: str, tables: Sequence[Sequence[Sequence[str]]] = ()) -> list[Finding]:
    """Return the findings of such a document."""
    return list(audited(*lines, tables=tables).findings)


def codes(*lines: str, tables: Sequence[Sequence[Sequence[str]]] = ()) -> list[str]:
    """Return the codes of the findings of such a document."""
    return [finding.code for finding in told(*lines, tables=tables)]
