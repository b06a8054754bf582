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
        if reading.format == "pdf" and comparison.stated.text.endswith(("）", ")")):
            continue  # the points of a group, which a page may cut
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
