"""A slip planted in any number that others of a built report give is told at that number.

A digit is typed wrong or two are swapped, in the Word file and the PDF of each of the six reports
as they are read back; numbers that only say again what stands elsewhere are left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pytest

from logged import select
from outcome import build
from real_report import ROOT
from reportgen.features.audit.auditing import audit
from reportgen.features.audit.comparisons import Recomputation
from reportgen.flow.job import Job
from reportgen.model.reading import ReadBlock, Reading, ReadParagraph, ReadTable
from reportgen.project.source_files import SourceFiles
from reportgen.reading.docx import read_docx
from reportgen.reading.pdf import read_pdf

REPORTS = select(SourceFiles(ROOT), None, None, None)[0]
AGAIN = {"A111", "A112"}
MOST_UNTOLD = 0.05


@pytest.fixture(scope="session")
def readings(tmp_path_factory):
    """Return a function that reads the Word file and the PDF of a report, built once."""
    made: dict[object, tuple[Reading, Reading]] = {}

    def read(chosen) -> tuple[Reading, Reading]:
        if chosen not in made:
            out = tmp_path_factory.mktemp("planted")
            names = (chosen.unit, chosen.year, chosen.report, "submit")
            folder = build(Job(ROOT, out, *names, formats=("docx", "pdf"))).job.folder
            word = (folder / f"{chosen.report}.docx").read_bytes()
            pdf = (folder / f"{chosen.report}.pdf").read_bytes()
            made[chosen] = read_docx("a.docx", word), read_pdf("a.pdf", pdf, 200)
        return made[chosen]

    return read


def mistyped(text: str) -> str | None:
    """Return a number with its last two digits swapped, else its last one changed."""
    places = [at for at, char in enumerate(text) if char.isdigit()]
    if len(places) > 1 and text[places[-1]] != text[places[-2]] and places[-1] - places[-2] == 1:
        first, last = places[-2:]
        return text[:first] + text[last] + text[first] + text[last + 1 :]
    if not places:
        return None
    at = places[-1]
    return text[:at] + str((int(text[at]) + 3) % 10) + text[at + 1 :]


def planted(reading: Reading, comparison: Recomputation) -> Reading | None:
    """Return a document in which the number of a comparison is mistyped."""
    wrong = mistyped(comparison.stated.text)
    if wrong is None:
        return None
    blocks = tuple(changed(block, comparison, wrong) for block in reading.blocks)
    return replace(reading, blocks=blocks) if blocks != reading.blocks else None


def changed(block: ReadBlock, comparison: Recomputation, wrong: str) -> ReadBlock:
    span, right = comparison.stated.span, comparison.stated.text
    if isinstance(block, ReadParagraph):
        if block.span.place != span.place:
            return block
        return replace(block, text=at_column(block.text, span.column, right, wrong))
    if not isinstance(block, ReadTable):
        return block
    cells = [
        replace(cell, text=at_column(cell.text, span.column, right, wrong))
        if cell.span.place == span.place
        else cell
        for cell in block.cells
    ]
    return replace(block, cells=tuple(cells))


def at_column(text: str, column: int, right: str, wrong: str) -> str:
    start = column - 1
    return text[:start] + text[start:].replace(right, wrong, 1)


def slips(reading: Reading) -> Iterator[tuple[Recomputation, bool]]:
    """Yield each number that may be mistyped, and whether that is told."""
    before = audit(reading)
    known = {(each.code, each.span.place, str(each.params)) for each in before.findings}
    for comparison in before.comparisons:
        if comparison.verdict == "differs" or comparison.code in AGAIN:
            continue
        document = planted(reading, comparison)
        if document is None:
            continue
        new = [
            each
            for each in audit(document).findings
            if (each.code, each.span.place, str(each.params)) not in known
        ]
        yield comparison, bool(new)


@pytest.mark.parametrize("chosen", REPORTS, ids=str)
def test_planted_slips_are_told(readings, chosen) -> None:
    for reading in readings(chosen):
        counted = Counter(told for _, told in slips(reading))
        assert counted[False] <= max(1, MOST_UNTOLD * counted.total())


@pytest.mark.parametrize("chosen", REPORTS, ids=str)
def test_an_unchanged_report_has_no_error(readings, chosen) -> None:
    for reading in readings(chosen):
        assert [each for each in audit(reading).findings if each.severity == "error"] == []


@pytest.mark.parametrize("chosen", REPORTS, ids=str)
def test_the_word_file_and_the_pdf_have_the_same_tables(readings, chosen) -> None:
    word, pdf = readings(chosen)
    grids = [grid(table) for table in pdf.tables]
    missing = [table for table in word.tables if grid(table) not in grids]
    assert len(missing) <= MOST_OTHERS.get(str(chosen), 0)
    assert len(grids) == len(list(word.tables))


MOST_OTHERS = {"yueyang/2021/department": 1}
"""Two rows have one label, 数量指标, which a page sets again: the PDF has two cells of it."""


def grid(table: ReadTable) -> set[tuple[int, int, int, int, str]]:
    """Return the cells of a table by the borders that cells have, without blanks."""
    rows, columns = set(), set()
    for cell in table.cells:
        rows |= {cell.row, cell.row + cell.rowspan}
        columns |= {cell.column, cell.column + cell.colspan}
    down, across = sorted(rows), sorted(columns)
    cells: set[tuple[int, int, int, int, str]] = set()
    for cell in table.cells:
        bottom, right = cell.row + cell.rowspan, cell.column + cell.colspan
        edges = (down.index(cell.row), across.index(cell.column))
        cells.add((*edges, down.index(bottom), across.index(right), "".join(cell.text.split())))
    return cells
