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
class GoodPage:
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
    good: GoodPage | None
    broken: bool
    pack: str = ""

    @property
    def version(self) -> str:
        """Return a word that changes when what is shown does, and with nothing else."""
        page = self.good.page if self.good else b""
        findings = repr((self.findings, self.broken)).encode("utf-8", "backslashreplace")
        return hashlib.sha256(page + findings).hexdigest()[:16]


def draft_page(
    root: Path, request: PreviewRequest, before: PreviewState | None, time: str
) -> PreviewState:
    """Return what to show of a report now; where it does not come out, the page from `before`.

    A fault of the program is a finding (J106): the server lives on.
    """
    job = _job(root, request, "html")
    log = Diagnostics()
    written = _guarded(job, log)
    findings = job.graded(log)
    last_good = before.good if before else None
    if written is None or "html" not in written.files:
        pack = before.pack if before else ""
        return PreviewState(findings, last_good, broken=True, pack=pack)
    report, page = written.draft, written.files["html"]
    if last_good and last_good.page == page:
        good = replace(last_good, ledger=report.ledger)
    else:
        name, owner = report.document.name, report.document.organization
        good = GoodPage(page, report.ledger, name, owner, time)
    return PreviewState(findings, good, broken=False, pack=report.derived.inputs.pack.folder)


def draft_file(root: Path, request: PreviewRequest, format_: str, log: Diagnostics) -> bytes | None:
    """Return the file of a report in a format, read back and proven, None after an error."""
    job = _job(root, request, format_)
    problems = Diagnostics()
    written = _guarded(job, problems)
    log.extend(job.graded(problems))
    return None if written is None or log.blocked else written.files.get(format_)


def _job(root: Path, request: PreviewRequest, format_: str) -> Job:
    return Job(
        root,
        root / "build",
        request.unit,
        request.year,
        request.report,
        request.audience,
        (format_,),
        preview=format_ == "html",
    )


def _guarded(job: Job, log: Diagnostics) -> Written | None:
    """Return the files of a report; after a fault of the program nothing, and only that finding."""
    problems = Diagnostics()
    try:
        written = _written(job, problems)
    except Exception as error:  # noqa: BLE001 - whatever it is, the page says so and the server lives
        log.add(fault(error))
        return None
    log.extend(problems)
    return written


def _written(job: Job, log: Diagnostics) -> Written | None:
    """Return the files of a report, a page even after errors; other files are proven."""
    files = SourceFiles(job.root)
    report = draft(job, files, log)
    if not isinstance(report, Draft) or (blocks(job.graded(log)) and not job.preview):
        return None
    written = write_files(report, files, log)
    if written is not None and not job.preview and not blocks(job.graded(log)):
        verify_files(written, log)
    return written


def fault(error: Exception) -> Finding:
    """Return the finding for a fault of the program."""
    return finding("J106", detail=f"{type(error).__name__}: {error}")
