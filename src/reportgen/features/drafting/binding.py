"""Writes references to figures where people typed numbers; what is printed stays the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass

from reportgen.check.numbers.classify import TypedNumber
from reportgen.features.drafting.formatting import FormattedFile
from reportgen.findings import Diagnostics
from reportgen.flow import steps
from reportgen.flow.job import Job
from reportgen.flow.staged import Draft
from reportgen.model.document import Document, Text, Value
from reportgen.model.source import SourceSpan
from reportgen.project.layout import reports
from reportgen.project.source_files import EditedFiles, SourceFiles
from reportgen.project.splice import put

FIXED = ("bind", "year")
"""Kinds of numbers that are bound: the others would print another text, or one must choose."""


def bind(draft: Draft) -> tuple[tuple[FormattedFile, ...], tuple[TypedNumber, ...]]:
    """Return the changes that bind typed numbers of a report's own files, and those numbers.

    Every report of the unit and year is composed before and after: a change that would print
    anything else, or that raises an error, is left out.
    """
    job = draft.derived.job
    wanted = [n for n in draft.numbers if _can_be_bound(n)]
    files = SourceFiles(job.root)
    texts = {n.span.path: files.text(n.span.path, Diagnostics()) or "" for n in wanted}
    before = tuple(_printed(job, files))
    if not wanted or None in before:
        return (), ()
    chosen = list(wanted)
    edits = _edited(texts, chosen)
    if tuple(_printed(job, EditedFiles(job.root, edits=edits))) != before:
        chosen = []
        for number in wanted:
            edits = _edited(texts, (*chosen, number))
            if tuple(_printed(job, EditedFiles(job.root, edits=edits))) == before:
                chosen.append(number)
        edits = _edited(texts, chosen)
    changes = (
        FormattedFile(path, texts[path], new) for path, new in edits.items() if new != texts[path]
    )
    return tuple(changes), tuple(chosen)


def _can_be_bound(number: TypedNumber) -> bool:
    if number.kind not in FIXED or number.wording is None or not number.sure:
        return False
    return number.wording.same and number.span.path.startswith("data/")


def _printed(job: Job, files: SourceFiles) -> Iterator[str | None]:
    """Yield what each report of the unit and year prints, None for one that has errors."""
    for report in reports(files, job.unit, job.year):
        log = Diagnostics()
        report_draft = steps.draft(Job(job.root, job.out, job.unit, job.year, report), files, log)
        if isinstance(report_draft, Draft) and not log.blocked:
            yield printed(report_draft.internal)
        else:
            yield None


def printed(document: Document) -> str:
    """Return all that `document` prints, whether typed or as a figure."""
    return "".join(_texts(document))


def _texts(part: object) -> Iterator[str]:
    match part:
        case Text(text) | Value(text):
            yield text
        case str():
            yield f"\n{part}"
        case SourceSpan() | None:
            return
        case tuple() | list():
            for each in part:
                yield from _texts(each)
        case Mapping():
            yield from _texts(tuple(part.items()))
        case _ if is_dataclass(part):
            yield f"\n{type(part).__name__}\n"
            for each in fields(part):
                if each.name != "notes":
                    yield from _texts(getattr(part, each.name))
        case _:
            yield f"\n{part}"


def _edited(texts: Mapping[str, str], numbers: Iterable[TypedNumber]) -> dict[str, str]:
    """Return `texts` with the expression of each number in its place, the last ones first."""
    lines = {path: text.split("\n") for path, text in texts.items()}
    placed = [(n.place, n.wording.expression) for n in numbers if n.place and n.wording]
    for span, expression in sorted(placed, reverse=True):
        put(lines[span.path], span, expression)
    return {path: "\n".join(rows) for path, rows in lines.items()}
