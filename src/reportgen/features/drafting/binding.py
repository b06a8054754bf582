"""Writes references to figures where people typed numbers; what is printed stays the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from itertools import chain
from typing import Any

from reportgen.check.numbers.classify import TypedNumber
from reportgen.findings import Diagnostics
from reportgen.flow import steps
from reportgen.flow.job import Job
from reportgen.flow.staged import Draft
from reportgen.load.formatting import FileChange
from reportgen.model.document import Document, Text, Value
from reportgen.model.source import SourceSpan
from reportgen.project.layout import reports
from reportgen.project.source_files import EditedFiles, SourceFiles
from reportgen.project.yaml_editor import YamlEditor

_KINDS = ("bind", "year")
"""Kinds of numbers that are bound: the others would print another text, or one must choose."""


def bind(draft: Draft) -> tuple[FileChange, ...]:
    """Return the changes that bind typed numbers of a report's own files.

    Every report of the unit and year is composed before and after: a change that would print
    anything else, or that raises an error, is left out.
    """
    job = draft.derived.job
    files = SourceFiles(job.root)
    numbers = list(filter(_can_be_bound, draft.numbers))
    if not numbers:
        return ()
    before = _printed_reports(job, files)
    if before is None:
        return ()
    texts = _texts_with(numbers, files)
    bound = _numbers_that_print_the_same(job, texts, numbers, before)
    edits = _edited(texts, bound)
    return tuple(FileChange(path, texts[path], text) for path, text in edits.items())


def _can_be_bound(number: TypedNumber) -> bool:
    if number.kind not in _KINDS or number.wording is None or not number.sure:
        return False
    return number.wording.same and number.span.path.startswith("data/")


def _texts_with(numbers: Iterable[TypedNumber], files: SourceFiles) -> dict[str, str]:
    """Return the texts of the files that the numbers stand in, by path."""
    texts: dict[str, str] = {}
    for number in numbers:
        path = number.span.path
        if path not in texts:
            texts[path] = files.text(path, Diagnostics()) or ""
    return texts


def _edited(texts: Mapping[str, str], numbers: Iterable[TypedNumber]) -> dict[str, str]:
    """Return the texts that change where each number is written as its expression."""
    editor = YamlEditor(texts)
    for number in numbers:
        if number.place and number.wording:
            editor.replace(number.place, number.wording.expression)
    return editor.result()


def _numbers_that_print_the_same(
    job: Job, texts: Mapping[str, str], numbers: list[TypedNumber], before: tuple[str, ...]
) -> list[TypedNumber]:
    """Return the numbers, all or one after the other, that bound leave what is printed."""
    if _printed_with(job, _edited(texts, numbers)) == before:
        return numbers
    chosen: list[TypedNumber] = []
    for number in numbers:
        if _printed_with(job, _edited(texts, [*chosen, number])) == before:
            chosen.append(number)
    return chosen


def _printed_with(job: Job, edits: Mapping[str, str]) -> tuple[str, ...] | None:
    """Return what the reports print where some files have other texts than on disk."""
    return _printed_reports(job, EditedFiles(job.root, edits=edits))


def _printed_reports(job: Job, files: SourceFiles) -> tuple[str, ...] | None:
    """Return what each report of the unit and year prints, None where one has errors."""
    texts: list[str] = []
    for report in reports(files, job.unit, job.year):
        log = Diagnostics()
        draft = steps.draft(Job(job.root, job.out, job.unit, job.year, report), files, log)
        if not isinstance(draft, Draft) or log.blocked:
            return None
        texts.append(printed(draft.internal))
    return tuple(texts)


def printed(document: Document) -> str:
    """Return all that `document` prints, whether typed or as a figure."""
    return "".join(_texts(document))


def _texts(part: object) -> Iterator[str]:
    """Yield the texts in a part of a document, with the kinds of blocks that they stand in."""
    if isinstance(part, Text | Value):
        yield part.text
    elif isinstance(part, tuple | list):
        yield from chain.from_iterable(map(_texts, part))
    elif isinstance(part, Mapping):
        yield from _texts(tuple(part.items()))
    elif is_dataclass(part) and not isinstance(part, SourceSpan):
        yield f"\n{type(part).__name__}\n"
        yield from _texts(_printed_fields(part))
    elif part is not None and not isinstance(part, SourceSpan):
        yield f"\n{part}"


def _printed_fields(block: Any) -> list[object]:  # noqa: ANN401 - a dataclass of any type
    """Return the values of the fields of a block, without its notes."""
    return [getattr(block, field.name) for field in fields(block) if field.name != "notes"]
