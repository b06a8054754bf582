"""The steps from a job to a draft: load, derive, check facts, disclose, compose, check document.

Whoever needs a report calls these, as many of them as needed: a build, the preview, a comparison,
and the search for what readers of all reports of a unit can work out. Each takes a frozen value,
gives the next one, and tells the log what it found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import partial

from reportgen.check.causes import with_causes
from reportgen.check.characters import TypedTexts
from reportgen.check.completeness import check_promises, check_signed
from reportgen.check.conform import check_document
from reportgen.check.evidence import stated_otherwise
from reportgen.check.facts import (
    check_confirmations,
    check_last_year,
    check_units,
    check_values,
)
from reportgen.check.numbers.check import check_numbers
from reportgen.check.plausibility import check_forecasts, check_plausibility, check_printed
from reportgen.check.published import check_published
from reportgen.check.relations import check_contradictions, check_relations
from reportgen.check.required import check_filled, check_overview, check_required
from reportgen.check.scoring import check_scores
from reportgen.check.table_units import check_table_units
from reportgen.check.waivers import apply_waivers, subjects
from reportgen.compose.charts import chart_annex
from reportgen.compose.document import compose, sums_wanted
from reportgen.derive.ledger import derive
from reportgen.disclose.policy import check_policy
from reportgen.disclose.redact import redact
from reportgen.findings import Diagnostics, Finding, blocks
from reportgen.flow.job import Job
from reportgen.flow.other_versions import OtherVersions
from reportgen.flow.staged import Derived, Draft, GuardedDraft, Version
from reportgen.load.inputs import ReportInputs, load
from reportgen.model.disclosed import Disclosed
from reportgen.model.document import Document
from reportgen.model.publication import Publication
from reportgen.model.rules import Rules
from reportgen.project.compiled import COMPILED
from reportgen.project.source_files import SourceFiles


def draft(job: Job, files: SourceFiles, log: Diagnostics) -> Draft | Derived | None:
    """Return the draft of a report: loaded, derived, checked, disclosed, composed, checked.

    Where an error forbids to compose, what is derived is returned; None where nothing could be.
    """
    COMPILED.keep_in(job.cache)
    inputs = load(files, job.unit, job.year, job.report, log)
    if inputs is None or blocks(f for f in job.graded(log) if not f.in_draft):
        return None
    problems = Diagnostics()
    report = derive_report(job, inputs, problems)
    check_facts(report, problems)
    waived = _waived(report, problems)
    if blocks(finding for finding in waived if not finding.in_draft):
        # What is not derived is missing in every text that prints it: one cause, one finding.
        log.extend(waived)
        return report
    report = with_sums(report, files, problems)
    check_rules(report, problems)
    composed = compose_report(report, files, problems)
    log.extend(_waived(report, problems))
    return composed or report


def derive_report(job: Job, inputs: ReportInputs, log: Diagnostics) -> Derived:
    """Return every figure of a report, worked out from what was typed."""
    formats = inputs.pack.formats
    return Derived(job, inputs, derive(inputs.facts, inputs.prior, inputs.rules, formats, log))


def check_facts(report: Derived, log: Diagnostics) -> None:
    """Check that the facts are there that the pack demands, with the units they had."""
    log.extend(check_required(report.ledger, report.inputs.pack))
    if not log.blocked:  # a figure that is missing already has its cause
        log.extend(check_overview(report.ledger, report.inputs.pack))
    log.extend(check_values(report.ledger, report.inputs.rules.values))
    log.extend(check_units(report.ledger))
    log.extend(check_last_year(report.ledger))
    inputs = report.inputs
    stated = (inputs.confirmations, inputs.pack.confirm, inputs.inferred)
    log.extend(check_confirmations(report.ledger, *stated))


def check_rules(report: Derived, log: Diagnostics) -> None:
    """Check what must agree with what, the score sheet, and the disclosure policy."""
    ledger, inputs = report.ledger, report.inputs
    otherwise = stated_otherwise(ledger, inputs.published, inputs.confirmations)
    log.extend(check_relations(ledger, inputs.rules.relations, otherwise))
    log.extend(check_scores(ledger, inputs.rules))
    log.extend(check_plausibility(ledger, inputs.rules.ranges))
    log.extend(check_policy(ledger, inputs.policy, inputs.pack))


def compose_report(report: Derived, files: SourceFiles, log: Diagnostics) -> Draft | None:
    """Return the draft of a report whose figures are known, or None; the log says why.

    It is composed for those inside whoever it is for: what is wrong with the internal report is
    wrong with what is made of it for others, and only there all figures can be compared with
    what people typed and published. For another audience it is composed once more, from what
    that audience is told: nothing is taken out of a text that has been filled already.
    """
    inputs = report.inputs
    disclosed = redact(report.ledger, inputs.policy, report.job.audience)
    texts: dict[str, str] = {}
    internal = _complete(report, Disclosed(report.ledger, "internal"), files, log, texts)
    typed = check_numbers(report.ledger, texts, inputs.rules.literals, files.shown, inputs.folder)
    log.extend(typed.findings)
    if internal is not None:
        log.extend(check_published(report.ledger, internal, inputs.published))
        log.extend(check_forecasts(internal, report.job.year))
        log.extend(check_signed(internal, inputs.pack))
        log.extend(check_table_units(internal, report.ledger))
        log.extend(check_printed(internal, report.ledger))
        relations, waivers = inputs.rules.relations, inputs.waivers
        log.extend(check_contradictions(report.ledger, relations, waivers, internal))
        if not report.job.draft:
            log.extend(check_filled(report.ledger, internal, inputs.pack))
    version = _version(report, disclosed, internal, files, log)
    if internal is None or version is None:
        return None
    texts_of_facts = version.disclosed.ledger.texts.values()
    log.extend(check_promises(version.document, inputs.pack, texts_of_facts, files.shown))
    pack = f"templates/{inputs.pack.folder}/pack.yaml"
    texts[pack] = files.shown(pack) or ""
    composed = Draft(version, internal, typed.numbers, _to_write(version.document))
    sources = TypedTexts(composed.document, texts, report.ledger.texts.values(), files.shown)
    _check_characters(sources, log, shown="pdf" in report.job.formats)
    return _guarded(composed, texts, log)


_SUM = re.compile(r"\|\s*sum\b")
SUM_ROUNDS = 4
"""How often sums are worked out: one may decide whether another is asked for."""


def with_sums(report: Derived, files: SourceFiles, log: Diagnostics) -> Derived:
    """Return `report` with the sums of rows that its templates ask for among its metrics.

    They are figures like any other: withheld with their rows, explained, known to readers. The
    log gets what is wrong with them.
    """
    inputs = report.inputs
    folders = (f"templates/{inputs.pack.folder}", inputs.folder)
    if not any(map(partial(_asks_for_sums, files), folders)):
        return report
    for _ in range(SUM_ROUNDS):
        sums = sums_wanted(report.ledger, inputs.pack, files.text, inputs.folder)
        if not sums:
            break
        problems = Diagnostics()
        rules = report.inputs.rules + Rules(metrics=tuple(sums.values()))
        report = derive_report(report.job, replace(report.inputs, rules=rules), problems)
        log.extend(problem for problem in problems if problem.subject in sums)
    return report


def _asks_for_sums(files: SourceFiles, folder: str) -> bool:
    """Return whether a template in `folder`, or directly below it, has the filter `sum`.

    A Word form, of which this cannot be seen without opening it, may have.
    """
    paths: list[str] = []
    for below in ("", "/forms", "/sections", "/narrative"):
        paths += files.names(f"{folder}{below}", "")
    if any(path.endswith(".docx") for path in paths if "/forms/" in path):
        return True
    templates = (path for path in paths if path.endswith((".md", ".html")))
    return any(_SUM.search(files.shown(path) or "") for path in templates)


def _check_characters(typed: TypedTexts, log: Diagnostics, *, shown: bool) -> None:
    """Tell the characters that no font has, if they are `shown` in one, or few have."""
    if typed.are_usual:
        return
    from reportgen.write.glyphs import unusual_findings

    for char, problem in unusual_findings(typed.document, shown=shown):
        log.add(typed.placed(problem, char))


def _version(
    report: Derived,
    disclosed: Disclosed,
    internal: Document | None,
    files: SourceFiles,
    log: Diagnostics,
) -> Version | None:
    """Return the version that the audience gets, or None; the log says what it gives away.

    What findings advise about withheld figures was tried, but for a preview, which cannot wait.
    """
    if report.job.audience == "internal":  # nothing is kept back from those inside
        return _disclosed_version(report, internal, disclosed, log) if internal else None
    from reportgen.flow.advice import Trials
    from reportgen.flow.recoverable import check_recoverable

    def composed(of: Disclosed, problems: Diagnostics) -> Version | None:
        document = _complete(report, of, files, problems)
        return _disclosed_version(report, document, of, problems) if document else None

    problems = Diagnostics()
    version = composed(disclosed, problems)
    if internal is None:
        log.extend(problems)
        return version
    others = OtherVersions(report.job, files, _readable)
    if version is not None:
        check_recoverable(version, internal, others, problems)
    trials = Trials(report, internal, others, composed)
    log.extend(problems if report.job.preview else trials.advised(problems))
    return version


def readable_version(job: Job, files: SourceFiles, log: Diagnostics) -> Version | None:
    """Return a report as its audience gets it, None where it cannot be worked out.

    Nobody asks whether it is right: it is compared with another, or read beside it.
    """
    COMPILED.keep_in(job.cache)
    inputs = load(files, job.unit, job.year, job.report, log)
    if inputs is None:
        return None
    problems = Diagnostics()
    report = derive_report(job, inputs, problems)
    log.extend(problems)
    return None if problems.blocked else compose_version(report, files, log)


def _readable(job: Job, files: SourceFiles) -> Version | None:
    return readable_version(job, files, Diagnostics())


def compose_version(report: Derived, files: SourceFiles, log: Diagnostics) -> Version | None:
    """Return a report as its audience gets it, or None where it cannot be composed."""
    report = with_sums(report, files, log)
    disclosed = redact(report.ledger, report.inputs.policy, report.job.audience)
    document = _complete(report, disclosed, files, log)
    return _disclosed_version(report, document, disclosed, log) if document else None


def _complete(
    report: Derived,
    disclosed: Disclosed,
    files: SourceFiles,
    log: Diagnostics,
    texts: dict[str, str] | None = None,
) -> Document | None:
    """Return the complete document of `disclosed`, held to what the pack prescribes.

    The texts that it is composed from are put into `texts` by their paths.
    """

    def text(path: str, problems: Diagnostics) -> str | None:
        content = files.text(path, problems)
        is_data = path.endswith(".yaml")  # read only to say where a fault in a fact's text is
        if texts is not None and content is not None and not is_data:
            texts[path] = content
        return content

    inputs = report.inputs
    document = compose(disclosed, inputs.pack, text, inputs.folder, inputs.date, log)
    if document is None:
        return None
    conforming = check_document(document, inputs.pack, disclosed.ledger.texts.values())
    log.extend(conforming)
    if any(each.code == "P203" for each in conforming):
        return None  # nobody can tell where its cells stand
    return document


def _disclosed_version(
    report: Derived, document: Document, disclosed: Disclosed, log: Diagnostics
) -> Version:
    """Return the version of a complete document that the audience gets: charts and all."""
    annex = chart_annex(disclosed, report.inputs.pack, document, log)
    if annex is not None and document.form is None:  # a form ends with its last page
        document = replace(document, annexes=(*document.annexes, annex))
    if document.audience == "internal":  # nothing is kept back from those inside
        return Version(report, disclosed, document)
    from reportgen.disclose.document import redact_document

    if document.audience == "public":
        document = _with_publication(document, report.inputs.publication)
    document, entries = redact_document(document, disclosed, log)
    disclosed = replace(disclosed, entries=(*disclosed.entries, *entries))
    return Version(report, disclosed, document)


def _with_publication(document: Document, stated: Mapping[str, str]) -> Document:
    """Return a public `document` with what the site says of it: what is `stated`, else its own."""
    own = Publication(document.name, document.organization, document.date)
    return replace(document, publication=replace(own, **stated))


def _to_write(document: Document) -> Document:
    """Return the document that files are made of: for the public it knows no keys of figures."""
    if document.audience != "public":
        return document
    from reportgen.disclose.document import without_keys

    return without_keys(document)


def _guarded(draft: Draft, texts: Mapping[str, str], log: Diagnostics) -> Draft:
    """Return `draft` with what no file of it may hold, if anything is kept back from anybody.

    `texts` are those that it was composed from, by their paths.
    """
    if not draft.disclosed.secrets and draft.document.audience != "public":
        return draft
    from reportgen.verify.proof import proof

    return GuardedDraft.of(draft, proof(draft.version.document, draft.disclosed, texts, log))


def _waived(report: Derived, problems: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return `problems` after the waivers: what is said of secrets, where there are any."""
    secrets = report.job.audience != "internal"
    waivers = report.inputs.waivers
    usable = [waiver for waiver in waivers if secrets or not waiver.code.startswith("D")]
    known = subjects(report.inputs.rules, report.inputs.pack, report.ledger)
    judged = apply_waivers(problems, usable, known)
    return with_causes(judged, report.ledger, report.inputs.policy)
