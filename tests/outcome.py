"""A job taken through the flow, with all that came of it in one place, for tests to look at."""

from __future__ import annotations

from functools import cached_property

from reportgen.findings import Diagnostics, Finding, blocks
from reportgen.flow import pipeline, steps
from reportgen.flow.job import Job
from reportgen.flow.staged import Derived, Draft, Written
from reportgen.project.source_files import SourceFiles


class Outcome:
    """What became of a job; what was not reached is None."""

    state: Draft | Derived | None = None
    written: Written | None = None

    def __init__(self, job: Job) -> None:
        self.job = job
        self.log = Diagnostics()

    @property
    def findings(self) -> tuple[Finding, ...]:
        return self.job.graded(self.log)

    @property
    def failed(self) -> bool:
        return blocks(self.findings)

    @property
    def draft(self) -> Draft | None:
        return self.state if isinstance(self.state, Draft) else None

    @property
    def ledger(self):
        return self.state.ledger if self.state else None

    @property
    def rules(self):
        derived = self.draft.derived if self.draft else self.state
        return derived.inputs.rules

    @property
    def pack(self):
        derived = self.draft.derived if self.draft else self.state
        return derived.inputs.pack.folder

    @property
    def document(self):
        return self.draft.document if self.draft else None

    @property
    def internal(self):
        return self.draft.internal if self.draft else None

    @property
    def keyed(self):
        return self.draft.version.document if self.draft else None

    @property
    def disclosed(self):
        return self.draft.disclosed if self.draft else None

    @property
    def numbers(self):
        return self.draft.numbers if self.draft else ()

    @property
    def made(self):
        return self.written.files if self.written else {}


def draft(job: Job, files: SourceFiles) -> Outcome:
    """Return `job` as far as its document."""
    outcome = Outcome(job)
    outcome.state = steps.draft(job, files, outcome.log)
    return outcome


def render(job: Job, files: SourceFiles) -> Outcome:
    """Return `job` as far as the bytes of its files."""
    outcome = draft(job, files)
    if outcome.draft and (job.preview or not outcome.failed):
        outcome.written = pipeline.write_files(outcome.draft, files, outcome.log)
    return outcome


def prove(outcome: Outcome) -> Outcome:
    """Return `outcome` with its files read back."""
    if outcome.written and not outcome.failed:
        pipeline.verify_files(outcome.written, outcome.log)
    return outcome


class Built(Outcome):
    """A build as the program made it; what it was made of is drafted again when looked at."""

    def __init__(self, result: pipeline.Build) -> None:
        super().__init__(result.job)
        self.result = result
        self.files = result.files

    @property
    def findings(self) -> tuple[Finding, ...]:
        return self.result.findings

    @cached_property
    def rendered(self) -> Outcome:
        return render(self.job, SourceFiles(self.job.root))

    @property
    def state(self) -> Draft | Derived | None:
        return self.rendered.state

    @property
    def written(self) -> Written | None:
        return self.rendered.written


def build(job: Job) -> Built:
    """Return `job` taken through every step, its files published."""
    return Built(pipeline.build(job, force=True))
