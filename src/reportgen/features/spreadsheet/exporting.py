"""Export: a report as a workbook, its forms as printed and everything behind them live."""

from __future__ import annotations

from reportgen.features.spreadsheet.book import Book
from reportgen.features.spreadsheet.forms import Forms
from reportgen.features.spreadsheet.ledgers import fill
from reportgen.features.spreadsheet.placing import place_figures
from reportgen.findings import Finding
from reportgen.flow.pipeline import Job, draft
from reportgen.load.inputs import load
from reportgen.model.disclosed import Disclosed
from reportgen.model.document import Document
from reportgen.model.rules import Rules
from reportgen.project.source_files import SourceFiles
from reportgen.verify.opened import OpenedFile
from reportgen.verify.search import prove_file


def export(job: Job, files: SourceFiles) -> tuple[bytes | None, tuple[Finding, ...]]:
    """Return the workbook of a report, or None, with the findings of its draft.

    For the public it holds the disclosed document's tables and nothing else: no facts, no keys,
    no formulas. Where anything is kept back the file is proven as those of a build are.
    """
    outcome = draft(job, files)
    document, disclosed = outcome.document, outcome.disclosed
    if outcome.failed or document is None or disclosed is None:
        return None, outcome.findings
    public = job.audience == "public"
    data = _public(document) if public else _live(job, files, document, disclosed)
    if outcome.proof is not None:
        name = f"{job.report}.{job.audience}.xlsx"
        outcome = outcome.adding(prove_file(name, OpenedFile(data), outcome.proof))
    return None if outcome.failed else data, outcome.findings


def _public(document: Document) -> bytes:
    """Return the tables of `document`, its author that of the other public files."""
    book = Book()
    Forms(book, {}, {}).write(document)
    if not book.workbook.worksheets:
        book.sheet(document.name)
    properties = document.properties
    return book.packed(properties.title, document.date, properties.creator, "")


def _live(job: Job, files: SourceFiles, document: Document, disclosed: Disclosed) -> bytes:
    """Return the tables of `document`, their figures formulas over sheets of facts behind them."""
    book = Book()
    loaded, _ = load(files, job.unit, job.year, job.report)
    rules = loaded.rules if loaded else Rules()
    base = f"data/{job.unit}/{job.year}"
    sheets = place_figures(book, disclosed.ledger, rules, base)
    behind = len(book.workbook.worksheets)
    Forms(book, disclosed.ledger.figures, sheets.homes).write(document)
    fill(sheets)
    for sheet in book.workbook.worksheets[behind:]:
        book.workbook.move_sheet(sheet, -behind)
    book.workbook.active = 0
    return book.packed(document.name, document.date)
