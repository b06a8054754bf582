"""What readers have before them: the reports of a unit as an audience gets them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from reportgen.compose.document import compose
from reportgen.derive.ledger import derive
from reportgen.disclose.document import redact_document
from reportgen.disclose.redact import redact
from reportgen.findings import Diagnostics, blocks
from reportgen.flow.staged import Job, Outcome
from reportgen.load.inputs import ReportInputs, load
from reportgen.model.disclosed import Disclosed
from reportgen.model.document import Document
from reportgen.model.figures import Ledger
from reportgen.model.pack import Formats
from reportgen.model.rules import Rules
from reportgen.project.layout import reports, years
from reportgen.project.source_files import SourceFiles


@dataclass(frozen=True, slots=True)
class PublishedReport:
    """A report as its readers get it: a `document` that still has its keys, and what is below.

    `rules` and `formats` are those by which it was made; `ledger` holds what is withheld too,
    `internal`, where asked for, is the document without any policy.
    """

    name: str
    ledger: Ledger
    rules: Rules
    formats: Formats
    disclosed: Disclosed
    document: Document
    internal: Document | None = None


def told(
    outcome: Outcome, loaded: ReportInputs, document: Document, ledger: Ledger, disclosed: Disclosed
) -> PublishedReport:
    """Return the report of a draft as its readers get it."""
    rules, formats = loaded.rules, loaded.pack.formats
    who = name(outcome.job)
    return PublishedReport(who, ledger, rules, formats, disclosed, document, outcome.internal)


def others(job: Job, files: SourceFiles) -> Iterator[PublishedReport | str]:
    """Yield the other reports of the unit, of all years, as the audience of `job` gets them.

    Of one that cannot be composed it is the name.
    """
    for year in years(files, job.unit):
        for report in reports(files, job.unit, year):
            if (year, report) != (job.year, job.report):
                other = replace(job, year=year, report=report)
                yield _told(other, files) or name(other)


def name(job: Job) -> str:
    """Return what a report is called among those of its unit."""
    return f"{job.year}/{job.report}"


def _told(job: Job, files: SourceFiles) -> PublishedReport | None:
    """Return a report without asking whether it is right, None where it cannot be composed."""
    loaded, _ = load(files, job.unit, job.year, job.report)
    if loaded is None:
        return None
    rules, formats = loaded.rules, loaded.pack.formats
    ledger, found = derive(loaded.facts, loaded.prior, rules.metrics, formats, rules)
    if blocks(found):
        return None
    disclosed = redact(ledger, loaded.policy, job.audience)
    document, _ = compose(disclosed, loaded.pack, files.text, loaded.folder, loaded.date)
    if document is None:
        return None
    document, _ = redact_document(document, disclosed, Diagnostics())
    return PublishedReport(name(job), ledger, rules, formats, disclosed, document)
