"""An audited document as a page: its text, the findings in it, and the state of every number."""

from __future__ import annotations

import os
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib import resources
from itertools import chain
from typing import TYPE_CHECKING, Any, Literal, NamedTuple
from urllib.parse import quote

import jinja2
from markupsafe import Markup

from reportgen.features.audit.auditing import Audit
from reportgen.features.audit.comparisons import Recomputation
from reportgen.features.audit.table_numbers import TableNumbers, tables_of
from reportgen.findings import Finding
from reportgen.findings.codes import Language
from reportgen.findings.renderers import help_text, message, place_text
from reportgen.model.frozen import frozen
from reportgen.model.reading import DocumentNumber, ReadBlock, ReadCell, ReadParagraph, ReadTable
from reportgen.model.source import SourceSpan

if TYPE_CHECKING:
    from reportgen.features.audit.files import AuditedFile

WORDS: Mapping[Language, Mapping[str, str]] = {
    "zh": {
        "title": "审核结果",
        "counted": "{errors} 个错误，{warnings} 个警告，{notes} 个说明；"
        "文中 {checked} 个数与其他数核对过，{unchecked} 个没有可核对的",
        "agrees": "与其他数一致",
        "differs": "对不上",
        "rounded": "尾数对不上，可能是四舍五入",
        "unchecked": "没有可核对的",
        "files": "{count} 份文件，错误多的在前；点表头排序",
        "findings": "发现",
        "whole": "整份文件",
        "document": "文件内容",
        "elsewhere": "另见 {place}：{text}",
    },
    "en": {
        "title": "Audit",
        "counted": "{errors} errors, {warnings} warnings, {notes} notes; "
        "{checked} numbers of the text were held to others, {unchecked} could not be",
        "agrees": "agrees with others",
        "differs": "differs",
        "rounded": "differs in its last digits, perhaps by rounding",
        "unchecked": "nothing to hold it to",
        "files": "{count} files, those with most errors first; a head sorts by its column",
        "findings": "Findings",
        "whole": "The whole file",
        "document": "The document",
        "elsewhere": "see {place}: {text}",
    },
}


NumberState = Literal["agrees", "rounded", "differs", "unchecked"]
_GRAVER: tuple[NumberState, ...] = ("unchecked", "agrees", "rounded", "differs")


@frozen
class SeenNumber:
    """A number with its state and how it was worked out, "" where it was not."""

    number: DocumentNumber
    state: NumberState
    formula: str = ""


SeenNumbers = Mapping[str, Sequence[SeenNumber]]
"""The numbers of a document by the paragraph or cell where they stand, in order."""


def numbers_by_place(audit: Audit) -> SeenNumbers:
    """Return the numbers of an audited document by their places."""
    seen: dict[SourceSpan, SeenNumber] = {}
    for statement in audit.statements.every:
        seen[statement.number.span] = SeenNumber(statement.number, "unchecked")
    for found in chain.from_iterable(map(_of, audit.comparisons)):
        before = seen.setdefault(found.number.span, found)
        seen[found.number.span] = max(before, found, key=_gravity)
    for number in chain.from_iterable(map(_cells_of, tables_of(audit.reading))):
        seen.setdefault(number.span, SeenNumber(number, "unchecked"))
    by_place: dict[str, list[SeenNumber]] = defaultdict(list)
    for found in sorted(seen.values(), key=_column):
        by_place[found.number.span.place].append(found)
    return by_place


def _column(seen: SeenNumber) -> int:
    return seen.number.span.column


def _cells_of(table: TableNumbers) -> Iterator[DocumentNumber]:
    """Yield the numbers of a table."""
    for found in table.numbers.values():
        yield found.number


def _gravity(seen: SeenNumber) -> int:
    return _GRAVER.index(seen.state)


def _of(comparison: Recomputation) -> Iterator[SeenNumber]:
    """Yield the numbers of a comparison: the one that is given by others, and those others."""
    formula = f"{comparison.stated.text} = {comparison.formula}"
    yield SeenNumber(comparison.stated, comparison.verdict, formula)
    if comparison.verdict != "differs":
        for term in comparison.terms:
            yield SeenNumber(term, "agrees", formula)


class TextPart(NamedTuple):
    """A piece of a text; a number has a state and how it was worked out."""

    text: str
    state: NumberState | str = ""
    formula: str = ""


class ToldFinding(NamedTuple):
    """A finding as the page shows it."""

    id: str
    code: str
    severity: str
    place: str
    message: str
    help: str
    others: tuple[str, ...]


def as_page(audit: Audit, language: Language) -> str:
    """Return an audit as one web page without script."""
    told = _told(audit.findings, language)
    by_line: dict[int, list[ToldFinding]] = defaultdict(list)
    for finding, shown in told:
        by_line[finding.span.line].append(shown)
    seen = numbers_by_place(audit)
    blocks = [_block(block, seen, by_line, language) for block in audit.reading.blocks]
    return _template("page.html.j2").render(
        audit=audit,
        lang=language,
        words=WORDS[language],
        style=_style(),
        count=Counter(finding.severity for finding in audit.findings),
        files_findings=by_line.get(0, []),
        toc=[shown for finding, shown in told if finding.span.line],
        blocks=blocks,
    )


def as_summary(files: Sequence[AuditedFile], heads: Sequence[str], language: Language) -> str:
    """Return one page with a row a file, those with most errors first, each linked to its page.

    Its heads sort it where scripts run.
    """
    rows: list[dict[str, Any]] = []
    for file in sorted(files, key=_gravest, reverse=True):
        counts = list(map(file.count, ("error", "warning", "note")))
        cells = [file.score, file.told.grade, *counts, file.checked, file.unchecked]
        link = quote(os.fsencode(f"{file.name}.html")) if file.page else ""
        rows.append({"name": file.name, "link": link, "cells": cells})
    return _template("summary.html.j2").render(
        lang=language, words=WORDS[language], style=_style(), heads=heads, files=rows
    )


def _gravest(file: AuditedFile) -> tuple[int, int, int]:
    return file.count("error"), file.count("warning"), file.count("note")


def _told(findings: Iterable[Finding], language: Language) -> list[tuple[Finding, ToldFinding]]:
    """Return findings with how they are shown."""
    told: list[tuple[Finding, ToldFinding]] = []
    for number, finding in enumerate(findings, 1):
        others = tuple(_others(finding, language))
        shown = ToldFinding(
            f"f{number}",
            finding.code,
            finding.severity,
            place_text(finding.span, language),
            message(finding, language),
            help_text(finding, language),
            others,
        )
        told.append((finding, shown))
    return told


def _others(finding: Finding, language: Language) -> Iterator[str]:
    """Yield where else a finding points to."""
    for location in finding.places[1:]:
        place = place_text(location.span, language)
        if place:
            told = WORDS[language]["elsewhere"].format(place=place, text=location.note)
            yield told.rstrip("：: ")


def _block(
    block: ReadBlock,
    seen: SeenNumbers,
    by_line: dict[int, list[ToldFinding]],
    language: Language,
) -> dict[str, Any]:
    """Return a block as the template takes it, with the findings that stand in it."""
    if isinstance(block, ReadParagraph):
        told = by_line.pop(block.span.line, [])
        pieces = list(_pieces(block.text, seen.get(block.span.place, ())))
        return {"level": block.level, "pieces": pieces, "told": told}
    return {
        "table": True,
        "place": place_text(block.span, language).rpartition("，")[2],
        "rows": list(_rows(block, seen)),
        "told": _told_in_table(block, by_line),
    }


def _pieces(text: str, numbers: Iterable[SeenNumber]) -> Iterator[TextPart]:
    """Yield a text cut at its numbers."""
    at = 0
    for found in numbers:
        start, end = found.number.span.column - 1, found.number.span.end_column - 1
        if at <= start and text[start:end] == found.number.text:
            yield TextPart(text[at:start])
            yield TextPart(text[start:end], found.state, found.formula)
            at = end
    yield TextPart(text[at:])


def _rows(table: ReadTable, seen: SeenNumbers) -> Iterable[list[dict[str, Any]]]:
    """Return the rows of a table, each a list of its cells.

    Rows and columns that no cell begins in are left out: Word has such ones, a web page may not.
    """
    heights = sorted({cell.row for cell in table.cells})
    widths = sorted({cell.column for cell in table.cells})
    rows: dict[int, list[dict[str, Any]]] = {row: [] for row in heights}
    for cell in sorted(table.cells, key=_corner):
        shown = _cell(cell, seen)
        shown["rowspan"] = _count_of(heights, cell.row, cell.rowspan)
        shown["colspan"] = _count_of(widths, cell.column, cell.colspan)
        rows[cell.row].append(shown)
    return rows.values()


def _count_of(places: Sequence[int], start: int, size: int) -> int:
    """Return how many of some places a cell covers that starts at one of them."""
    return bisect_left(places, start + size) - bisect_left(places, start)


def _corner(cell: ReadCell) -> tuple[int, int]:
    return cell.row, cell.column


def _cell(cell: ReadCell, seen: SeenNumbers) -> dict[str, Any]:
    numbers = seen.get(cell.span.place, ())
    pieces = list(_pieces(cell.text, numbers))
    whole = [found for found in numbers if found.number.span == cell.span]
    if whole and len(pieces) == 1:
        pieces = [TextPart(cell.text, whole[0].state, whole[0].formula)]
    return {"pieces": pieces}


def _told_in_table(table: ReadTable, by_line: dict[int, list[ToldFinding]]) -> list[ToldFinding]:
    """Return the findings of a table, those of its cells in order."""
    lines = dict.fromkeys([table.span.line, *(cell.span.line for cell in table.cells)])
    told: list[ToldFinding] = []
    for line in lines:
        told += by_line.pop(line, [])
    return told


@cache
def _template(name: str) -> jinja2.Template:
    environment = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(_asset(name))


def _style() -> Markup:
    return Markup(_asset("page.css"))  # noqa: S704 - a file of ours


def _asset(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text("utf-8")
