"""What is known of a report after each step of the flow: one frozen value a stage.

`ReportInputs` (what was typed) → `Derived` → `Version` → `Draft` → `Written` → `Build`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.findings import Finding
from reportgen.model.frozen import frozen
from reportgen.model.word_form import sheets

if TYPE_CHECKING:
    from reportgen.check.numbers.classify import TypedNumber
    from reportgen.flow.job import Job
    from reportgen.load.inputs import ReportInputs
    from reportgen.model.disclosed import Disclosed
    from reportgen.model.document import Document
    from reportgen.model.edition import Edition
    from reportgen.model.figures import Ledger
    from reportgen.verify.proof import Proof


@frozen
class Derived:
    """A report of which every figure is worked out: what was typed, and its ledger."""

    job: Job
    inputs: ReportInputs
    ledger: Ledger


@frozen
class Version:
    """A report as one audience gets it; its document still knows which figures it prints.

    `disclosed` logs what was kept back from the audience, of figures and of the document.
    """

    derived: Derived
    disclosed: Disclosed
    document: Document


@frozen
class Draft:
    """A report composed and checked: the version of its audience, from which nothing is kept.

    `internal` is the document as it would be without any policy, `numbers` those that stand
    typed in its texts, `document` the one to write: without keys for the public. Of a report that
    was filled for each row of a table there is a draft of each sheet, `row` being that row's id.
    """

    version: Version
    internal: Document
    numbers: tuple[TypedNumber, ...]
    document: Document
    row: str = field(default="", kw_only=True)

    @property
    def name(self) -> str:
        """Return what its files are called: as the report, and the row if it is a sheet of it."""
        report = self.version.derived.job.report
        return f"{report}.{self.row}" if self.row else report

    @property
    def sheets(self) -> Iterator[Draft]:
        """Yield a draft of each sheet, none where the report was not filled row by row."""
        for row, document in sheets(self.document):
            yield replace(self, document=document, row=row)

    @property
    def derived(self) -> Derived:
        """Return what it was composed from."""
        return self.version.derived

    @property
    def ledger(self) -> Ledger:
        """Return every figure, withheld ones too."""
        return self.version.derived.ledger

    @property
    def disclosed(self) -> Disclosed:
        """Return what its audience is told."""
        return self.version.disclosed


@frozen
class GuardedDraft(Draft):
    """A draft for those to whom not all may be told; `proof` is what no file of it may hold."""

    proof: Proof

    @classmethod
    def of(cls, draft: Draft, proof: Proof) -> GuardedDraft:
        """Return `draft` as one whose files are held to `proof`."""
        return cls(draft.version, draft.internal, draft.numbers, draft.document, proof)


@frozen
class Written:
    """A draft with the bytes of its files by format, which nobody has read back yet.

    `document` is what was written: that of the draft, for those inside with a note on each figure.
    """

    draft: Draft
    document: Document
    edition: Edition
    files: Mapping[str, bytes]


@dataclass(frozen=True, slots=True, repr=False)
class Build:
    """What became of a job: its findings in order of place, and the published files by name.

    `up_to_date` says that the files that stood there are what would have been built; `removed` are
    the names of those of the last build that this one did not make: they would not agree with it.
    """

    job: Job
    findings: tuple[Finding, ...] = ()
    files: Mapping[str, bytes] = field(default_factory=dict)
    up_to_date: bool = False
    removed: tuple[str, ...] = ()

    @property
    def failed(self) -> bool:
        """Return whether an error kept it from being published."""
        return self.job.stopped(self.findings)

    @property
    def paths(self) -> tuple[Path, ...]:
        """Return where the published files stand; none where it failed or nothing was built."""
        return tuple(self.job.folder / name for name in self.files)

    def __repr__(self) -> str:
        """Return what became of the job in a few lines: a word, then the files or the errors."""
        job = self.job
        words = "failed" if self.failed else "up to date" if self.up_to_date else "built"
        errors = [f.brief for f in self.findings if f.severity == "error"]
        lines = errors if self.failed else list(map(str, self.paths))
        head = f"<Build {job.unit}/{job.name} {job.audience}: {words}>"
        return "\n  ".join([head, *lines])

    def _repr_html_(self) -> str:
        return f"<pre>{escape(repr(self))}</pre>"
