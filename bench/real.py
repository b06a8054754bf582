"""The real report as a sample, and the job that builds it."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from functools import cache
from pathlib import Path
from tempfile import gettempdir
from typing import Any

from bench.samples import PREFIXES, ROOT, Sample
from reportgen.findings import Diagnostics
from reportgen.findings.renderers import concise
from reportgen.flow.job import Job
from reportgen.flow.staged import Draft
from reportgen.flow.steps import draft
from reportgen.load.frame_files import load_edition
from reportgen.model.document import Document, Text, Value
from reportgen.model.edition import Edition
from reportgen.project.source_files import SourceFiles
from reportgen.provenance.explanation import notes
from reportgen.write.fonts import find_fonts

REPORT = ("huaihua", 2023, "department")


class ReportError(RuntimeError):
    """The report does not build; the message holds its findings."""


def job(out: Path | None = None) -> Job:
    """Return the job of the real report."""
    return Job(ROOT, out or Path(gettempdir()), *REPORT)


@cache
def _report() -> tuple[Document, Edition]:
    files, log = SourceFiles(ROOT), Diagnostics()
    report = draft(job(), files, log)
    if not isinstance(report, Draft) or log.blocked:
        raise ReportError(concise(log, "en"))
    edition = load_edition(files, report.derived.inputs.pack.folder, log)
    if edition is None:
        raise ReportError(concise(log, "en"))
    # Charts are left out: the engines beside us draw none.
    annexes = [annex for annex in report.document.annexes if annex.anchor != "charts"]
    document = replace(report.document, annexes=tuple(annexes))
    return replace(document, notes=notes(report.ledger, document)), edition


def report_sample(number: int = 0) -> Sample:
    """Return the real report; each of its texts begins with the prefix of `number`."""
    document, edition = _report()
    prefixed = _prefixed(document, PREFIXES[number % len(PREFIXES)])
    return Sample(prefixed, edition, find_fonts(edition.font_paths))


def _prefixed(part: Any, prefix: str) -> Any:  # noqa: ANN401
    """Return `part` of a document with `prefix` at the beginning of each text."""
    if isinstance(part, Text):
        return Text(prefix + part.text)
    if type(part) is tuple:  # a place in a file is a named one
        return tuple([_prefixed(each, prefix) for each in part])
    if is_dataclass(part) and not isinstance(part, type | Value):
        parts = {f.name: _prefixed(getattr(part, f.name), prefix) for f in fields(part)}
        return replace(part, **parts)
    return part
