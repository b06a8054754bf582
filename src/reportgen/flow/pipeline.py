"""The flow in order: from a job to published files, or to the findings that forbid them.

A stage is imported when its step runs: what is up to date or cannot be loaded waits for no writer.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from reportgen.findings import Diagnostics
from reportgen.flow.job import Job
from reportgen.flow.manifests import of_report
from reportgen.flow.staged import Build, Draft, GuardedDraft, Written
from reportgen.flow.up_to_date import is_up_to_date, origin_of, stamp
from reportgen.project.saving import cannot_write
from reportgen.project.source_files import SourceFiles

if TYPE_CHECKING:
    from reportgen.flow.publish import Publisher
    from reportgen.model.document import Document
    from reportgen.model.edition import Comments
    from reportgen.model.figures import Ledger
    from reportgen.verify.outputs import FileReader


def build(job: Job, *, force: bool = False, publisher: Publisher | None = None) -> Build:
    """Take `job` through every step; its files stand in build/ unless the build has failed.

    What is up to date is not built again, unless by `force`. A `publisher` takes the changes to
    the unit's folder of builds in the place of the disk.
    """
    from reportgen.write.writers import engines

    if not force and is_up_to_date(job, engines(font_versions=False)):
        return Build(job, up_to_date=True)
    from reportgen.flow.steps import draft
    from reportgen.verify.outputs import FileReader

    log = Diagnostics()
    files = SourceFiles(job.root)
    report = draft(job, files, log)
    if not isinstance(report, Draft) or job.stopped(log):
        return Build(job, job.graded(log))
    with ThreadPoolExecutor() as pool:
        reader = FileReader(pool, report.document)
        written = write_files(report, files, log, reader)
        if written is None or job.stopped(log):
            return Build(job, job.graded(log))
        about = pool.submit(_about, job, files)  # while another program reads a file
        verify_files(written, log, reader)
    sheets = _written_sheets(report, files, log)
    if job.stopped(log):
        return Build(job, job.graded(log))
    before = set(of_report(job.folder, job.report).get("outputs", ()))
    outputs = publish_files(written, about.result(), log, sheets, publisher)
    removed = tuple(sorted(before.difference(outputs))) if outputs else ()
    return Build(job, job.graded(log), outputs, removed=removed)


def _written_sheets(report: Draft, files: SourceFiles, log: Diagnostics) -> list[Written]:
    """Return the sheets of a report that was filled row by row, each in files of its own."""
    sheets: list[Written] = []
    for sheet in report.sheets:
        written = write_files(sheet, files, log)
        if written is None:
            break
        verify_files(written, log)
        sheets.append(written)
    return sheets


def write_files(
    report: Draft, files: SourceFiles, log: Diagnostics, reader: FileReader | None = None
) -> Written | None:
    """Return the bytes of a draft in the formats of its job, or None; the log says why.

    Each is handed to `reader` when it is there.
    """
    from reportgen.load.frame_files import load_edition
    from reportgen.provenance.explanation import notes
    from reportgen.write.writers import write

    job = report.derived.job
    folder = report.derived.inputs.pack.folder
    edition = load_edition(files, folder, log)
    if edition is None:
        return None
    edition = replace(
        edition,
        siblings={name: f"{report.name}.{name}" for name in job.formats if name != "html"},
        sources=job.preview,
    )
    document = report.document
    if document.audience == "internal":
        ledger = report.disclosed.ledger
        document = replace(document, notes=notes(ledger, document))
        edition = replace(edition, comments=commented(ledger, document.notes, job.comments))
    begin = reader.begin if reader is not None else None
    return Written(report, document, edition, write(document, edition, job.formats, log, begin))


def commented(ledger: Ledger, keys: Iterable[str], comments: Comments) -> frozenset[str]:
    """Return which of the figures at `keys` carry a comment in Word.

    What was typed needs no word on how it was worked out; a comment on each number would hide
    the few that do.
    """
    if not comments:
        return frozenset()
    if comments == "all":
        return frozenset(keys)
    return frozenset(key for key in keys if ledger.figures[key].kind != "fact")


def verify_files(written: Written, log: Diagnostics, reader: FileReader | None = None) -> None:
    """Read back what was written; whatever differs from the document is an error.

    `reader` may have begun to read it.
    """
    from reportgen.verify.outputs import verify

    draft = written.draft
    proof = draft.proof if isinstance(draft, GuardedDraft) else None
    frame = written.edition.frame
    log.extend(verify(written.document, written.files, proof, draft.name, reader, frame))


def publish_files(
    written: Written,
    about: Mapping[str, object],
    log: Diagnostics,
    sheets: Iterable[Written] = (),
    publisher: Publisher | None = None,
) -> Mapping[str, bytes]:
    """Publish the files and their record in one step: no version stands without its own.

    Those of its `sheets` stand beside them. Returns them by name; the manifest gets `about`, what
    is to be said of the build. The public gets no hash of any input: who knows all of a file but a
    telephone number could find it out by trying.
    """
    from reportgen.flow.overview_entry import overview_entry
    from reportgen.flow.publish import FolderChange, digests, publish

    job = written.draft.derived.job
    outputs = _named(written) | _named_sheets(sheets)
    public = job.audience == "public"
    overview = {"overview": overview_entry(written.draft, job.graded(log))}
    if job.audience == "internal":
        changes = [FolderChange(job.audience, job.report, outputs, {**about, **overview})]
    else:
        from reportgen.flow.disclosure_record import record

        changes = [FolderChange(job.audience, job.report, outputs, {} if public else about)]
        name = job.report if public else f"{job.report}.{job.audience}"
        kept = {**about, "published": digests(outputs)} if public else about
        kept = {**kept, **overview, "report": _described(written.document)}
        changes.append(FolderChange(job.record.name, name, record(written, name), kept))
    try:
        (publisher or publish)(job.builds, *changes)
    except OSError as error:
        log.add(cannot_write(error, job.builds))
        return {}
    return outputs


def _described(document: Document) -> dict[str, object]:
    """Return what the record of a version says of its document, for those who publish it.

    `text` is the hash of all that is printed, `publication` what a site says of the page.
    """
    from reportgen.verify.expected import ExpectedContent

    content = ExpectedContent(document)
    read = content.readback
    printed = (read.texts, read.tables, content.captions, content.pictures)
    stated = document.publication
    return {
        "title": document.name,
        "subject": document.subject,
        "organization": document.organization,
        "date": document.date,
        "language": document.language,
        "text": hashlib.sha256(repr(printed).encode()).hexdigest(),
        "publication": {} if stated is None else asdict(stated),
    }


def _named(written: Written) -> dict[str, bytes]:
    """Return the files by name, with figures.json for everybody but the public."""
    from reportgen.flow.told_figures import figures

    job = written.draft.derived.job
    outputs = {f"{job.report}.{name}": data for name, data in written.files.items()}
    if job.audience != "public":
        outputs[f"{job.report}.figures.json"] = figures(written.draft)
    return outputs


def _named_sheets(sheets: Iterable[Written]) -> dict[str, bytes]:
    """Return the files of sheets by name."""
    outputs: dict[str, bytes] = {}
    for sheet in sheets:
        outputs |= {f"{sheet.draft.name}.{name}": data for name, data in sheet.files.items()}
    return outputs


def _about(job: Job, files: SourceFiles) -> dict[str, object]:
    """Return what the manifest says of a build: everything that could change its bytes."""
    from reportgen.write.writers import engines

    about: dict[str, object] = stamp(job, files, engines())
    commit = origin_of(job, files)
    if commit is not None:
        about |= {"commit": commit.commit, "clean": commit.clean}
    return about
