"""Drafts a report for the preview: its web page with sources, or a file on demand."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

from reportgen.findings import Diagnostics, Finding, blocks, finding
from reportgen.flow.job import Job
from reportgen.flow.pipeline import verify_files, write_files
from reportgen.flow.staged import Draft, Written
from reportgen.flow.steps import draft
from reportgen.model.document import Audience
from reportgen.model.figures import Ledger
from reportgen.project.source_files import SourceFiles


@dataclass(frozen=True, slots=True)
class PreviewRequest:
    """A report as one audience sees it."""

    unit: str
    year: int
    report: str
    audience: Audience = "internal"

    @property
    def path(self) -> str:
        """Return the path of its page."""
        return f"/{self.unit}/{self.year}/{self.report}"


@dataclass(frozen=True, slots=True)
class Good:
    """A page that came out whole, with the figures it prints and the time of day it was made."""

    page: bytes
    ledger: Ledger
    name: str
    owner: str
    time: str


@dataclass(frozen=True, slots=True)
class PreviewState:
    """What there is to show: the findings of the last draft, and the last good page.

    `broken` says that the last draft gave no page at all, so that the good one is an older one.
    """

    findings: tuple[Finding, ...]
    good: Good | None
    broken: bool
    pack: str = ""

    @property
    def version(self) -> str:
        """Return a word that changes when what is shown does, and with nothing else."""
        page = self.good.page if self.good else b""
        said = repr((self.findings, self.broken)).encode("utf-8", "backslashreplace")
        return hashlib.sha256(page + said).hexdigest()[:16]


def draft_page(
    root: Path, wanted: PreviewRequest, before: PreviewState | None, time: str
) -> PreviewState:
    """Return what to show of `wanted` now; where it does not come out, the page from `before`.

    A fault of the program is a finding (J106): the server lives on.
    """
    job = _job(root, wanted, "html")
    log = Diagnostics()
    try:
        written = _written(job, log)
    except Exception as error:  # noqa: BLE001 - whatever it is, the page says so and the server lives
        log, written = Diagnostics([fault(error)]), None
    findings = job.graded(log)
    if written is None or "html" not in written.files:
        good, pack = (before.good, before.pack) if before else (None, "")
        return PreviewState(findings, good, broken=True, pack=pack)
    made, page = written.draft, written.files["html"]
    pack = made.derived.inputs.pack.folder
    if before and before.good and before.good.page == page:
        good = replace(before.good, ledger=made.ledger)
    else:
        document = made.document
        good = Good(page, made.ledger, document.name, document.organization, time)
    return PreviewState(findings, good, broken=False, pack=pack)


def draft_file(
    root: Path, wanted: PreviewRequest, format_: str
) -> tuple[bytes | None, tuple[Finding, ...]]:
    """Return the file of `wanted` in a format, read back and proven, or None, with findings."""
    job = _job(root, wanted, format_)
    log = Diagnostics()
    try:
        written = _written(job, log)
        if written is not None and not blocks(job.graded(log)):
            verify_files(written, log)
    except Exception as error:  # noqa: BLE001 - whatever it is, the page says so and the server lives
        log, written = Diagnostics([fault(error)]), None
    findings = job.graded(log)
    if written is None or blocks(findings):
        return None, findings
    return written.files.get(format_), findings


def _written(job: Job, log: Diagnostics) -> Written | None:
    """Return the files of a report, for a preview even where there are errors."""
    files = SourceFiles(job.root)
    report = draft(job, files, log)
    if not isinstance(report, Draft) or (blocks(job.graded(log)) and not job.preview):
        return None
    return write_files(report, files, log)


def _job(root: Path, wanted: PreviewRequest, format_: str) -> Job:
    unit, year, report = wanted.unit, wanted.year, wanted.report
    out = root / "build"
    return Job(
        root, out, unit, year, report, wanted.audience, (format_,), preview=format_ == "html"
    )


def fault(error: Exception) -> Finding:
    """Return the finding for a fault of the program."""
    return finding("J106", detail=f"{type(error).__name__}: {error}")
