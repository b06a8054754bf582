"""The steps in order: from a job to published files, or to the findings that forbid them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from reportgen import __version__
from reportgen.check.conform import check_document
from reportgen.check.published import check_published
from reportgen.check.relations import check_relations
from reportgen.check.required import check_required
from reportgen.check.scoring import check_scores
from reportgen.check.waivers import apply_waivers
from reportgen.compose.document import compose
from reportgen.derive.ledger import derive
from reportgen.disclose.document import redact_document
from reportgen.disclose.policy import check_policy
from reportgen.disclose.redact import redact
from reportgen.explain import figures_json, notes
from reportgen.findings import Finding, blocks, finding, in_order
from reportgen.history import Origin, origin
from reportgen.load.edition import load_edition
from reportgen.load.files import Files
from reportgen.load.project import load
from reportgen.model.disclosed import Disclosed
from reportgen.model.document import Audience, Document
from reportgen.model.edition import Edition
from reportgen.model.figures import Ledger
from reportgen.model.source import Mark
from reportgen.program import program
from reportgen.publish import publish
from reportgen.verify.outputs import verify
from reportgen.write.writers import FORMATS, engines, write


@dataclass(frozen=True, slots=True)
class Job:
    """One report to build: where the project is, which report, for whom, in which formats.

    `comments` explains figures in Word; `sources` names template lines in a page of a preview.
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
    sources: bool = False
    origin: Origin | None = None

    @property
    def folder(self) -> Path:
        """Return where the finished files go."""
        return self.out / str(self.year) / self.unit / self.audience


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a job: findings in order of place, and as much as was made.

    `made` holds what was written by format, `files` what was published by name.
    """

    job: Job
    findings: tuple[Finding, ...] = ()
    ledger: Ledger | None = None
    disclosed: Disclosed | None = None
    document: Document | None = None
    pack: str = ""
    edition: Edition | None = None
    made: Mapping[str, bytes] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def failed(self) -> bool:
        """Return whether an error forbids publishing."""
        return blocks(self.findings)

    def adding(self, findings: Iterable[Finding]) -> Outcome:
        """Return the outcome with more findings, warnings raised where the job is strict."""
        raised = (each.strict() if self.job.strict else each for each in findings)
        return replace(self, findings=in_order((*self.findings, *raised)))


def build(job: Job) -> Outcome:
    """Take `job` through every step; its files stand in build/ unless the outcome has failed."""
    files = Files(job.root)
    outcome = prove(render(job, files))
    if outcome.failed or outcome.edition is None:
        return outcome
    about = {
        "reportgen": __version__,
        "engines": engines(outcome.edition, job.formats),
        "inputs": dict(sorted(files.digests.items())),
        "options": {"formats": list(job.formats), "comments": job.comments},
        "program": program(),
        **_origin(job, files),
    }
    return _publish(replace(outcome, files=_named(outcome)), about)


def render(job: Job, files: Files) -> Outcome:
    """Take `job` as far as the bytes of its formats, which nobody has read back yet."""
    outcome = draft(job, files)
    document = outcome.document
    if outcome.failed or document is None:
        return outcome
    edition, found = load_edition(
        files, outcome.pack, job.report, job.formats, comments=job.comments
    )
    outcome = outcome.adding(found)
    if outcome.failed or edition is None:
        return outcome
    edition = replace(edition, sources=job.sources)
    made, found = write(document, edition, job.formats)
    return replace(outcome, edition=edition, made=made).adding(found)


def prove(outcome: Outcome) -> Outcome:
    """Read back what was made; whatever differs from the document is an error."""
    if outcome.failed or outcome.document is None or outcome.disclosed is None:
        return outcome
    return outcome.adding(verify(outcome.document, outcome.made, outcome.disclosed))


def draft(job: Job, files: Files) -> Outcome:
    """Take `job` as far as the Document: load, derive, check, disclose, compose, conform."""
    outcome = Outcome(job)
    loaded, found = load(files, job.unit, job.year, job.report)
    outcome = outcome.adding(found)
    if loaded is None or outcome.failed:
        return outcome
    ledger, found = derive(
        loaded.facts, loaded.prior, loaded.rules.metrics, loaded.pack.formats, loaded.rules
    )
    found += check_required(ledger, loaded.pack)
    outcome = replace(outcome, ledger=ledger, pack=loaded.pack.folder)
    checked = apply_waivers(found, loaded.waivers)
    if blocks(checked):
        # What is not derived is missing in every text that prints it: one cause, one finding.
        return outcome.adding(checked)
    found += check_relations(ledger, loaded.rules.relations)
    found += check_scores(ledger, loaded.rules)
    found += check_policy(ledger, loaded.policy, loaded.pack)
    disclosed = redact(ledger, loaded.policy, job.audience)
    document, composed = compose(disclosed, loaded.pack, files.text, loaded.folder, loaded.date)
    if document is not None:
        conforming = check_document(document, loaded.pack)
        composed += conforming
        if any(each.code == "P203" for each in conforming):
            document = None  # nobody can tell where its cells stand
    if document is not None:
        if job.audience != "public":
            # A public document carries no keys, so that nothing in it can be compared by key.
            composed += check_published(ledger, document, loaded.published)
        document, entries, redacted = redact_document(document, disclosed)
        disclosed = replace(disclosed, entries=(*disclosed.entries, *entries))
        composed += redacted
        if job.audience == "internal":
            document = replace(document, notes=notes(disclosed.ledger, document))
    checked = apply_waivers((*found, *composed), loaded.waivers)
    return replace(outcome, disclosed=disclosed, document=document).adding(checked)


def _origin(job: Job, files: Files) -> dict[str, object]:
    """Return the commit that the files come from and whether they are as committed, if known."""
    found = job.origin or origin(job.root, files.digests)
    return {"commit": found.commit, "clean": found.clean} if found else {}


def _named(outcome: Outcome) -> dict[str, bytes]:
    """Return the files by name, with figures.json for everybody but the public."""
    report = outcome.job.report
    files = {f"{report}.{name}": data for name, data in outcome.made.items()}
    if outcome.job.audience != "public" and outcome.ledger and outcome.document:
        text = figures_json(outcome.ledger, outcome.document)
        files[f"{report}.figures.json"] = text.encode()
    return files


def _publish(outcome: Outcome, about: Mapping[str, object]) -> Outcome:
    job = outcome.job
    try:
        publish(job.folder, job.report, outcome.files, about)
    except OSError as error:
        path = str(error.filename or job.folder)
        detail = error.strerror or str(error)
        return outcome.adding([finding("W201", Mark("-", 0, 0), path=path, detail=detail)])
    return outcome
