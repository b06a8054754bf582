"""The steps in order: from a job to published files, or to the findings that forbid them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from reportgen import __version__
from reportgen.check.conform import check_document
from reportgen.check.facts import check_required, check_units
from reportgen.check.numbers.check import check_numbers
from reportgen.check.numbers.classify import TypedNumber
from reportgen.check.published import check_published
from reportgen.check.relations import check_relations
from reportgen.check.scoring import check_scores
from reportgen.check.waivers import apply_waivers, subjects
from reportgen.compose.charts import chart_annex
from reportgen.compose.document import compose
from reportgen.derive.ledger import derive
from reportgen.disclose.document import redact_document, without_keys
from reportgen.disclose.policy import check_policy
from reportgen.disclose.redact import redact
from reportgen.findings import Diagnostics, Finding, blocks, finding
from reportgen.flow.disclosure_record import figures, record
from reportgen.flow.program import program
from reportgen.flow.publish import digests, publish
from reportgen.flow.published import others, told
from reportgen.flow.recoverable import audit
from reportgen.flow.staged import Job, Outcome
from reportgen.load.edition import load_edition
from reportgen.load.inputs import ReportInputs, load
from reportgen.model.disclosed import Disclosed
from reportgen.model.document import Document
from reportgen.model.figures import Ledger
from reportgen.model.pack import Pack
from reportgen.model.publication import Publication
from reportgen.model.source import SourceSpan
from reportgen.project.history import origin
from reportgen.project.source_files import SourceFiles
from reportgen.provenance.explanation import notes
from reportgen.verify.outputs import verify
from reportgen.verify.proof import proof
from reportgen.write.writers import engines, write

__all__ = ["Job", "Outcome", "build", "draft", "prove", "render"]


def build(job: Job) -> Outcome:
    """Take `job` through every step; its files stand in build/ unless the outcome has failed."""
    files = SourceFiles(job.root)
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


def render(job: Job, files: SourceFiles) -> Outcome:
    """Take `job` as far as the bytes of its formats, which nobody has read back yet.

    After an error nothing is written, unless for a preview.
    """
    outcome = draft(job, files)
    document = outcome.document
    if document is None or (outcome.failed and not job.preview):
        return outcome
    edition, found = load_edition(
        files, outcome.pack, job.report, job.formats, comments=job.comments
    )
    outcome = outcome.adding(found)
    if edition is None or blocks(found):
        return outcome
    edition = replace(edition, sources=job.preview)
    made, found = write(document, edition, job.formats)
    return replace(outcome, edition=edition, made=made).adding(found)


def prove(outcome: Outcome) -> Outcome:
    """Read back what was made; whatever differs from the document is an error."""
    if outcome.failed or outcome.document is None:
        return outcome
    return outcome.adding(verify(outcome.document, outcome.made, outcome.proof, outcome.job.report))


def draft(job: Job, files: SourceFiles) -> Outcome:
    """Take `job` as far as the Document: load, derive, check, disclose, compose, conform."""
    outcome = Outcome(job)
    loaded, found = load(files, job.unit, job.year, job.report)
    outcome = outcome.adding(found)
    if loaded is None or outcome.failed:
        return outcome
    ledger, found = derive(
        loaded.facts, loaded.prior, loaded.rules.metrics, loaded.pack.formats, loaded.rules
    )
    found += (*check_required(ledger, loaded.pack), *check_units(ledger))
    outcome = replace(outcome, ledger=ledger, pack=loaded.pack.folder, rules=loaded.rules)
    checked = _waived(outcome, loaded, found)
    if blocks(checked):
        # What is not derived is missing in every text that prints it: one cause, one finding.
        return outcome.adding(checked)
    found += check_relations(ledger, loaded.rules.relations)
    found += check_scores(ledger, loaded.rules)
    found += check_policy(ledger, loaded.policy, loaded.pack)
    disclosed = redact(ledger, loaded.policy, job.audience)
    # What is wrong with the internal report is wrong with what is made of it for others.
    internal, numbers, composed = _internal(ledger, loaded, files)
    document = internal
    if job.audience != "internal":
        document, more = _composed(disclosed, loaded, files)
        composed += more
    if document is not None:
        document, charted = _with_charts(document, disclosed.ledger, loaded.pack)
        document = _on_site(document, loaded.publication)
        document, entries, redacted = redact_document(document, disclosed)
        disclosed = replace(disclosed, entries=(*disclosed.entries, *entries))
        document = _with_notes(document, disclosed.ledger)
        composed += (*redacted, *charted)
    drafted = replace(outcome, disclosed=disclosed, internal=internal, keyed=document)
    return _audited(replace(drafted, numbers=numbers), loaded, (*found, *composed), files)


def _audited(
    outcome: Outcome, loaded: ReportInputs, found: tuple[Finding, ...], files: SourceFiles
) -> Outcome:
    """Return a draft with all that is `found`, and what readers of it can work out or search."""
    job, document = outcome.job, outcome.keyed
    to_prove = None
    if document is not None and outcome.ledger is not None and outcome.disclosed is not None:
        own = told(outcome, loaded, document, outcome.ledger, outcome.disclosed)
        found += audit(own, partial(others, job, files))
        if outcome.disclosed.secrets or job.audience == "public":
            log = Diagnostics()
            to_prove = proof(document, outcome.disclosed, log)
            found += tuple(log)
    if document is not None and job.audience == "public":
        document = without_keys(document)
    checked = _waived(outcome, loaded, found)
    return replace(outcome, document=document, proof=to_prove).adding(checked)


def _waived(of: Outcome, loaded: ReportInputs, found: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Return what is `found` after the waivers: what is said of secrets, where there are any."""
    secrets = of.job.audience != "internal"
    usable = [waiver for waiver in loaded.waivers if secrets or not waiver.code.startswith("D")]
    return apply_waivers(found, usable, subjects(loaded.rules, loaded.pack, of.ledger))


def _internal(
    ledger: Ledger, loaded: ReportInputs, files: SourceFiles
) -> tuple[Document | None, tuple[TypedNumber, ...], tuple[Finding, ...]]:
    """Return the internal document and the numbers typed in its texts."""
    read: dict[str, str] = {}
    document, findings = _composed(Disclosed(ledger, "internal"), loaded, files, read)
    typed = check_numbers(ledger, read, loaded.rules.literals, files.shown, loaded.folder)
    findings += typed.findings
    if document is not None:
        findings += check_published(ledger, document, loaded.published)
    return document, typed.numbers, findings


def _composed(
    disclosed: Disclosed,
    loaded: ReportInputs,
    files: SourceFiles,
    read: dict[str, str] | None = None,
) -> tuple[Document | None, tuple[Finding, ...]]:
    """Return the complete document of `disclosed`, held to what the pack prescribes.

    The texts that it is composed from are put into `read` by their paths.
    """

    def text(path: str) -> tuple[str | None, tuple[Finding, ...]]:
        found, findings = files.text(path)
        if read is not None and found is not None:
            read[path] = found
        return found, findings

    document, findings = compose(disclosed, loaded.pack, text, loaded.folder, loaded.date)
    if document is None:
        return None, findings
    conforming = check_document(document, loaded.pack, disclosed.ledger.texts.values())
    if any(each.code == "P203" for each in conforming):
        document = None  # nobody can tell where its cells stand
    return document, findings + conforming


def _with_charts(
    document: Document, ledger: Ledger, pack: Pack
) -> tuple[Document, tuple[Finding, ...]]:
    """Return `document` with the charts that its audience sees, after its annexes."""
    annex, findings = chart_annex(ledger, pack, document.audience)
    annexes = document.annexes if annex is None else (*document.annexes, annex)
    return replace(document, annexes=annexes), findings


def _with_notes(document: Document, ledger: Ledger) -> Document:
    """Return `document` with what its figures are made of, where it is for those inside."""
    inside = document.audience == "internal"
    return replace(document, notes=notes(ledger, document)) if inside else document


def _on_site(document: Document, stated: Mapping[str, str]) -> Document:
    """Return a public `document` with what the site says of it: what is `stated`, else its own."""
    if document.audience != "public":
        return document
    own = Publication(document.name, document.organization, document.date)
    return replace(document, publication=replace(own, **stated))


def _origin(job: Job, files: SourceFiles) -> dict[str, object]:
    """Return the commit that the files come from and whether they are as committed, if known."""
    found = job.origin or origin(job.root, files.digests)
    return {"commit": found.commit, "clean": found.clean} if found else {}


def _named(outcome: Outcome) -> dict[str, bytes]:
    """Return the files by name, with figures.json for everybody but the public."""
    report = outcome.job.report
    files = {f"{report}.{name}": data for name, data in outcome.made.items()}
    if outcome.job.audience != "public":
        files[f"{report}.figures.json"] = figures(outcome)
    return files


def _publish(outcome: Outcome, about: Mapping[str, object]) -> Outcome:
    """Publish the files, and before them their record: no version stands without one.

    The public gets no hash of any input: who knows all of a file but a telephone number could
    find it out by trying.
    """
    job, public = outcome.job, outcome.job.audience == "public"
    try:
        if job.audience != "internal":
            name = job.report if public else f"{job.report}.{job.audience}"
            kept = {**about, "published": digests(outcome.files)} if public else about
            publish(job.record, name, record(outcome, name), kept)
        publish(job.folder, job.report, outcome.files, {} if public else about)
    except OSError as error:
        path = str(error.filename or job.folder)
        detail = error.strerror or str(error)
        return outcome.adding([finding("W201", SourceSpan("-", 0, 0), path=path, detail=detail)])
    return outcome
