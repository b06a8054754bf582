"""Export: a report as a workbook, its forms as printed and everything behind them live."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from reportgen.findings import Finding
from reportgen.load.files import Files
from reportgen.load.project import load
from reportgen.model.rules import Rules
from reportgen.pipeline import Job, draft
from reportgen.sheets.book import Book
from reportgen.sheets.forms import Forms
from reportgen.sheets.ledgers import fill
from reportgen.sheets.placing import place_figures


def export(job: Job, files: Files) -> tuple[bytes | None, tuple[Finding, ...]]:
    """Return the workbook of a report, or None, with the findings of its draft.

    For the public it holds the disclosed document's tables and nothing else: no facts, no keys,
    no formulas.
    """
    outcome = draft(job, files)
    document, disclosed = outcome.document, outcome.disclosed
    if outcome.failed or document is None or disclosed is None:
        return None, outcome.findings
    book = Book()
    if job.audience == "public":
        Forms(book, {}, {}).write(document)
        if not book.workbook.worksheets:
            book.sheet(document.name)
        return book.packed(document.name, document.date), outcome.findings
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
    return book.packed(document.name, document.date), outcome.findings


def replace_file(path: Path, data: bytes) -> None:
    """Make `data` the content of `path` in one step; raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    fresh = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        fresh.chmod(0o644)
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
