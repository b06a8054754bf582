"""Drafts a report for the preview: its web page with sources, or a file on demand."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

from reportgen.findings import Diagnostics, Finding, finding
from reportgen.flow.pipeline import Job, Outcome, prove, render
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
    outcome = _guarded(_job(root, request, "html"), proved=False)
    last_good = before.good if before else None
    pack = outcome.pack or (before.pack if before else "")
    page, ledger, document = outcome.made.get("html"), outcome.ledger, outcome.document
    if page is None or ledger is None or document is None:
        return PreviewState(outcome.findings, last_good, broken=True, pack=pack)
    if last_good and last_good.page == page:
        good = replace(last_good, ledger=ledger)
    else:
        good = GoodPage(page, ledger, document.name, document.organization, time)
    return PreviewState(outcome.findings, good, broken=False, pack=pack)


def draft_file(root: Path, request: PreviewRequest, format_: str, log: Diagnostics) -> bytes | None:
    """Return the file of a report in a format, read back and proven, None after an error."""
    outcome = _guarded(_job(root, request, format_), proved=True)
    log.extend(outcome.findings)
    return None if outcome.failed else outcome.made.get(format_)


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


def _guarded(job: Job, *, proved: bool) -> Outcome:
    try:
        outcome = render(job, SourceFiles(job.root))
        return prove(outcome) if proved else outcome
    except Exception as error:  # noqa: BLE001 - whatever it is, the page says so and the server lives
        return Outcome(job, findings=(fault(error),))


def fault(error: Exception) -> Finding:
    """Return the finding for a fault of the program."""
    return finding("J106", detail=f"{type(error).__name__}: {error}")
