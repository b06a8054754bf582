"""A job, and what became of it: the values that the pipeline hands on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from reportgen.check.numbers.classify import TypedNumber
from reportgen.findings import Finding, blocks, in_order
from reportgen.model.disclosed import Disclosed
from reportgen.model.document import Audience, Document
from reportgen.model.edition import Edition
from reportgen.model.figures import Ledger
from reportgen.model.rules import Rules
from reportgen.project.history import Origin
from reportgen.verify.proof import Proof
from reportgen.write.formats import FORMATS


@dataclass(frozen=True, slots=True)
class Job:
    """One report to build: where the project is, which report, for whom, in which formats.

    `strict` takes warnings for errors, `final` those that no finished report may have, as a
    public one does anyway. `comments` explains figures in Word. A `preview` shows what there is,
    errors or not, and its page names the template lines it came from; it is never published.
    `origin` is the commit that `root` was unpacked from; without it git is asked.
    """

    root: Path
    out: Path
    unit: str
    year: int
    report: str
    audience: Audience = "internal"
    formats: tuple[str, ...] = FORMATS
    comments: bool = False
    strict: bool = False
    final: bool = False
    preview: bool = False
    origin: Origin | None = None

    @property
    def folder(self) -> Path:
        """Return where the finished files go."""
        return self.out / str(self.year) / self.unit / self.audience

    @property
    def record(self) -> Path:
        """Return where the record of disclosures goes, which is never published."""
        return self.out / str(self.year) / self.unit / "disclosure"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a job: findings in order of place, and as much as was made.

    `internal` is the document as it would be without any policy, `keyed` the one that is
    written while it still knows its figures, `proof` what no file of it may hold. `made` holds
    what was written by format, `files` what was published by name, `numbers` those that stand
    typed in its texts, `rules` those it was worked out by.
    """

    job: Job
    findings: tuple[Finding, ...] = ()
    ledger: Ledger | None = None
    disclosed: Disclosed | None = None
    document: Document | None = None
    internal: Document | None = None
    keyed: Document | None = None
    pack: str = ""
    edition: Edition | None = None
    made: Mapping[str, bytes] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)
    numbers: tuple[TypedNumber, ...] = ()
    proof: Proof | None = None
    rules: Rules = field(default_factory=Rules)

    @property
    def failed(self) -> bool:
        """Return whether an error forbids publishing."""
        return blocks(self.findings)

    def adding(self, findings: Iterable[Finding]) -> Outcome:
        """Return the outcome with more findings, warnings raised where the job says so."""
        job = self.job
        if job.strict:
            findings = (each.strict() for each in findings)
        elif job.final or job.audience == "public":
            findings = (each.final() for each in findings)
        return replace(self, findings=in_order((*self.findings, *findings)))
