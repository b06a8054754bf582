"""The real report as a sample, and the job that builds it."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from functools import cache
from pathlib import Path
from tempfile import gettempdir
from typing import Any

from bench.samples import MARKS, ROOT, Sample
from reportgen.findings.renderers import concise
from reportgen.flow.pipeline import Job, draft
from reportgen.load.edition import load_edition
from reportgen.model.document import Document, Text, Value
from reportgen.model.edition import FORMATS, Edition
from reportgen.project.source_files import SourceFiles
from reportgen.write.fonts import find_fonts

REPORT = ("huaihua", 2023, "department")


class ReportError(RuntimeError):
    """The report does not build; the message holds its findings."""


def job(out: Path | None = None) -> Job:
    """Return the job of the real report."""
    return Job(ROOT, out or Path(gettempdir()), *REPORT)


@cache
def _report() -> tuple[Document, Edition]:
    files, made = SourceFiles(ROOT), job()
    outcome = draft(made, files)
    if outcome.failed or outcome.document is None:
        raise ReportError(concise(outcome.findings, "en"))
    edition, found = load_edition(files, outcome.pack, made.report, FORMATS, comments=False)
    if edition is None:
        raise ReportError(concise(found, "en"))
    # Charts are left out: the engines beside us draw none.
    drawn = (annex for annex in outcome.document.annexes if annex.anchor != "charts")
    return replace(outcome.document, annexes=tuple(drawn)), edition


def report_sample(number: int = 0) -> Sample:
    """Return the real report; each of its texts begins with the mark of `number`."""
    document, edition = _report()
    marked = _marked(document, MARKS[number % len(MARKS)])
    return Sample(marked, edition, find_fonts(edition.font_paths))


def _marked(part: Any, span: str) -> Any:  # noqa: ANN401
    """Return `part` of a document with `mark` at the beginning of each text."""
    if isinstance(part, Text):
        return Text(span + part.text)
    if isinstance(part, tuple):
        return tuple([_marked(each, span) for each in part])
    if is_dataclass(part) and not isinstance(part, type | Value):
        return replace(part, **{f.name: _marked(getattr(part, f.name), span) for f in fields(part)})
    return part
