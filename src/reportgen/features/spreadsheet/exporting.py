"""Export: a report as a workbook, its forms as printed and everything behind them live."""

from __future__ import annotations

from reportgen.features.spreadsheet.book import Book
from reportgen.features.spreadsheet.forms import Forms
from reportgen.features.spreadsheet.ledgers import fill
from reportgen.features.spreadsheet.placing import place_figures
from reportgen.findings import Diagnostics, blocks
from reportgen.flow.job import Job
from reportgen.flow.staged import Draft
from reportgen.flow.steps import draft
from reportgen.model.document import Document
from reportgen.project.source_files import SourceFiles
from reportgen.verify.opened import OpenedFile
from reportgen.verify.search import prove_file


def export(job: Job, files: SourceFiles, log: Diagnostics) -> bytes | None:
    """Return the workbook of a report, or None; the log gets what its draft and proof found.

    For the public it holds the disclosed document's tables and nothing else: no facts, no keys,
    no formulas. Where anything is kept back the file is proven as those of a build are.
    """
    report = draft(job, files, log)
    if not isinstance(report, Draft) or blocks(job.graded(log)):
        return None
    data = _public(report.document) if job.audience == "public" else _live(report)
    if report.proof is not None:
        name = f"{job.report}.{job.audience}.xlsx"
        log.extend(prove_file(name, OpenedFile(data), report.proof))
    return None if blocks(job.graded(log)) else data


def _public(document: Document) -> bytes:
    """Return the tables of `document`, its author that of the other public files."""
    book = Book()
    Forms(book, {}, {}).write(document)
    if not book.workbook.worksheets:
        book.sheet(document.name)
    properties = document.properties
    return book.packed(properties.title, document.date, properties.creator, "")


def _live(report: Draft) -> bytes:
    """Return the tables of a report, their figures formulas over sheets of facts behind them."""
    book = Book()
    job, document, disclosed = report.derived.job, report.document, report.disclosed
    rules = report.derived.inputs.rules
    base = f"data/{job.unit}/{job.year}"
    sheets = place_figures(book, disclosed.ledger, rules, base)
    behind = len(book.workbook.worksheets)
    Forms(book, disclosed.ledger.figures, sheets.homes).write(document)
    fill(sheets)
    for sheet in book.workbook.worksheets[behind:]:
        book.workbook.move_sheet(sheet, -behind)
    book.workbook.active = 0
    return book.packed(document.name, document.date)
