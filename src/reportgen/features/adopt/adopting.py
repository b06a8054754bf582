"""Adopts a document: plans the files of a report by what it states, and saves them.

Tables and sentences give facts; what a rule works out goes to published.yaml and is compared with
what the rule gives. Nothing that stands in the files is changed, and nothing is written in part.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from operator import attrgetter
from pathlib import Path

from reportgen.compose.blank import FIRST, NEXT, BlankReport, compose_blank
from reportgen.features.adopt.adoption import Adoption, AdoptRequest, NotTaken
from reportgen.features.adopt.alignment import DocumentTable, align, document_table
from reportgen.features.adopt.cells import StatedValue, stated_values
from reportgen.features.adopt.checks import (
    check_pack,
    check_unit,
    check_year,
    conflicting,
    left_cells,
    settled,
    tell_twice,
)
from reportgen.features.adopt.expected import Slot, expected_tables
from reportgen.features.adopt.facts import Keys
from reportgen.features.adopt.headings import whole_paragraphs
from reportgen.features.adopt.lists import (
    cover_values,
    known_neighbours,
    listed_values,
    title_values,
)
from reportgen.features.adopt.planning import Found, known_facts, planned
from reportgen.features.adopt.printed_texts import StatedText
from reportgen.features.adopt.row_ids import RowIds
from reportgen.features.adopt.sentence_lists import sentence_values
from reportgen.features.adopt.texts import RunningText, running_text
from reportgen.findings import Diagnostics, finding
from reportgen.flow.likely_units import likely_units
from reportgen.load.inputs import known_pack
from reportgen.load.reading import read_model
from reportgen.load.schema import ReportFile
from reportgen.model.pack import Pack, PackNeeds
from reportgen.model.reading import Reading, ReadParagraph
from reportgen.model.source import SourceSpan
from reportgen.project.layout import ReportId
from reportgen.project.saving import save_texts
from reportgen.project.source_files import SourceFiles
from reportgen.reading.opening import open_document

_ITEM = re.compile(rf"\.#\d+[{FIRST}{NEXT}]$")
_FOLDER = re.compile("[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_LONGEST_NOTE = 60
"""Characters that a line above a table has at most which names its unit."""


def adopt_file(
    files: SourceFiles, path: Path, report: ReportId, pack: str, needs: PackNeeds | None = None
) -> Adoption:
    """Return what adopting the file at `path` as a report by a pack gives, which `needs` facts.

    Beside what `adopt` tells: Y104, a unit or report that cannot be a folder; L127, no such pack;
    A611, a report that has another one; A501 to A507, a file that cannot be read.
    """
    log = Diagnostics()
    can_be_folders(report, log)
    loaded = known_pack(files, pack, log)
    if log.blocked:
        return Adoption(tuple(log))
    _check_pack(files, report, pack, log)
    reading = open_document(path, log)
    if loaded is None or reading is None or log.blocked:
        return Adoption(tuple(log))
    request = AdoptRequest(reading, path.read_bytes(), loaded, report, needs or PackNeeds())
    adoption = adopt(files, request)
    return replace(adoption, findings=(*log, *adoption.findings))


def can_be_folders(report: ReportId, log: Diagnostics) -> None:
    """Tell Y104 of a unit or a report that cannot be a folder."""
    for name in (report.unit, report.report):
        if not _FOLDER.fullmatch(name):
            log.add(finding("Y104", name=name))


def _check_pack(files: SourceFiles, report: ReportId, pack: str, log: Diagnostics) -> None:
    """Tell A611 of a report that is there and has another pack."""
    paths = files.names(f"data/{report}", ".yaml")
    there = read_model(files, paths, ReportFile, Diagnostics()) if paths else None
    known = str(there.pack.value) if there is not None else pack
    if known != pack:
        log.add(
            finding("A611", SourceSpan(f"data/{report}"), report=report, known=known, pack=pack)
        )


def adopt(files: SourceFiles, request: AdoptRequest, known: Iterable[StatedValue] = ()) -> Adoption:
    """Return what adopting a document gives; its findings say why nothing of it can be written.

    `known` is what is known to be stated in it beside what is found.
    """
    log = Diagnostics()
    given, left_out = prescribed(files, request.pack, request.report.year)
    tables = list(document_tables(request.reading, log))
    expected = expected_tables(given, left_out, sheets=request.pack.each is not None)
    aligned = align(expected, tables)
    not_taken: list[NotTaken] = []
    forms = {each.found.table.span: Path(each.expected.path).stem for each in aligned}
    text = running_text(request, (given, left_out), forms)
    stated = list(known)
    read = set(map(attrgetter("span"), stated))
    stated += (each for each in stated_values(aligned, not_taken) if each.span not in read)
    stated += _of_sentences(request.reading, given, text)
    taken = set(map(attrgetter("span"), stated))
    not_taken = [each for each in not_taken if each.span not in taken]
    stated += list(_by_others(request, given, stated))
    check_year(request, given, log)
    check_unit(files, request, stated, log)
    check_pack(request, text, stated, log)
    if log.blocked:
        return Adoption(tuple(log))
    tell_twice(aligned, log)
    facts = known_facts(files, request)
    units = likely_units(request.pack, {key.partition(".#")[0] for key in _row_keys(stated)})
    ids = RowIds.of(facts.values(), request.pack.rules.values)
    keys = Keys(request.pack, given.chosen, ids, units, not_taken, request.folder)
    by_key, conflicts = settled(keys.keyed(stated))
    log.extend(conflicting(conflicts))
    text.sections += keys.files
    not_taken += left_cells(tables, aligned, stated)
    not_taken += [each for each in text.not_taken if each.span not in taken]
    return planned(files, request, Found(by_key, facts, text, not_taken), log)


def save(files: SourceFiles, adoption: Adoption) -> tuple[str, ...]:
    """Write the changed files, all or none, and return their paths; raises OSError."""
    save_texts(files.root, adoption.after, adoption.evidence)
    return tuple(sorted([*adoption.after, *adoption.evidence]))


def _of_sentences(reading: Reading, given: BlankReport, text: RunningText) -> Iterator[StatedValue]:
    """Yield what the title, the cover, lists and the sentences of a pack state."""
    yield from _of_text(text.stated)
    yield from listed_values(reading, given)
    yield from title_values(reading, given)
    yield from cover_values(reading, given)


def _by_others(
    request: AdoptRequest, given: BlankReport, stated: Sequence[StatedValue]
) -> Iterator[StatedValue]:
    """Yield what is sure by a value beside it, by a count or by a sum."""
    said = {each.slot.key: each.text for each in stated}
    yield from known_neighbours(request.reading, given, said)
    blocks = tuple(whole_paragraphs(request.reading.blocks))
    yield from sentence_values(blocks, request.pack, request.report.year, stated)


def _of_text(stated: Sequence[StatedText]) -> Iterator[StatedValue]:
    """Yield what sentences state; the texts of a list are its items, in order."""
    items: dict[str, int] = {}
    numbered = set(map(attrgetter("key"), stated))
    for each in stated:
        item = 0
        if _ITEM.search(each.key):
            if f"{each.key.rstrip(FIRST + NEXT)}{NEXT}" in numbered:
                continue  # their numbers tell them apart: they are `listed_values`
            item = items[each.key] = items.get(each.key, 0) + 1
        yield StatedValue(Slot(each.key, each.how), each.text, each.span, "", item=item)


# What is prescribed, and what is there


def prescribed(files: SourceFiles, pack: Pack, year: int) -> tuple[BlankReport, BlankReport]:
    """Return what a pack prescribes of a report with all values, and with none."""
    folder = f"templates/{pack.folder}/forms"
    paths = (*files.names(folder, ".html"), *files.names(folder, ".docx"))
    forms = [Path(path).stem for path in paths]
    given = compose_blank(pack, year, files.text, forms)
    return given, compose_blank(pack, year, files.text, forms, blank=True)


def document_tables(reading: Reading, log: Diagnostics) -> Iterator[DocumentTable]:
    """Yield the tables of a document as grids; tells A608 of one that is none."""
    above: list[str] = []
    number = 0
    for block in reading.blocks:
        if isinstance(block, ReadParagraph):
            above = [*above[-1:], block.text]
            continue
        units_above = " ".join(text for text in above if len(text) < _LONGEST_NOTE)
        table = document_table(block, number, units_above)
        if table is None:
            log.add(finding("A608", block.span))
        else:
            yield replace(table, wrapped=reading.format == "pdf")
        number += 1
        above = []


def _row_keys(stated: Iterable[StatedValue]) -> Iterator[str]:
    return (value.slot.key for value in stated if "#" in value.slot.key)
