"""Adopts a document: plans the files of a report by what it states, and saves them.

Tables and sentences give facts; what a rule works out goes to published.yaml and is compared with
what the rule gives. Nothing that stands in the files is changed, and nothing is written in part.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import filterfalse
from operator import attrgetter, itemgetter
from pathlib import Path

from reportgen.compose.blank import FIRST, NEXT, BlankReport, compose_blank
from reportgen.derive.ledger import derive
from reportgen.features.adopt.adoption import (
    AdoptedText,
    AdoptedValue,
    Adoption,
    AdoptRequest,
    NotTaken,
)
from reportgen.features.adopt.alignment import DocumentTable, align, document_table
from reportgen.features.adopt.bound_numbers import bound_texts
from reportgen.features.adopt.cells import StatedValue, stated_values
from reportgen.features.adopt.checks import (
    check_pack,
    check_unit,
    check_year,
    conflicting,
    left_cells,
    settled,
    tell_twice,
    told_once,
)
from reportgen.features.adopt.expected import Slot, expected_tables, label_of
from reportgen.features.adopt.fact_files import PLACEHOLDER, REPORT_FILE, FactFiles
from reportgen.features.adopt.facts import PRIOR, KeyedValue, Keys
from reportgen.features.adopt.headings import outline_entries
from reportgen.features.adopt.lists import cover_values, listed_values, title_values
from reportgen.features.adopt.printed_texts import StatedText
from reportgen.features.adopt.published_figures import PUBLISHED, PublishedFigures
from reportgen.features.adopt.row_ids import RowIds
from reportgen.features.adopt.texts import RunningText, running_text
from reportgen.findings import Diagnostics, Finding, finding
from reportgen.findings.renderers import message
from reportgen.flow.likely_units import likely_units
from reportgen.load.flatten import flatten
from reportgen.load.groups import KeyGroup
from reportgen.load.inputs import ReportInputs, known_pack, load
from reportgen.load.jsonschema import modeline
from reportgen.load.reading import read_model
from reportgen.load.schema import ReportFile, ReportingUnit, Year
from reportgen.load.unconfirmed import FILL
from reportgen.model.figures import Facts, Ledger
from reportgen.model.frozen import frozen
from reportgen.model.pack import Pack
from reportgen.model.quantity import Quantity
from reportgen.model.reading import Reading, ReadParagraph
from reportgen.model.source import NOWHERE, SourceSpan
from reportgen.project.layout import ReportId
from reportgen.project.saving import save_texts
from reportgen.project.source_files import SourceFiles
from reportgen.reading.opening import open_document

_ITEM = re.compile(rf"\.#\d+[{FIRST}{NEXT}]$")
_FOLDER = re.compile("[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_LONGEST_NOTE = 60
"""Characters that a line above a table has at most which names its unit."""


def adopt_file(files: SourceFiles, path: Path, report: ReportId, pack: str) -> Adoption:
    """Return what adopting the file at `path` as a report by a pack gives.

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
    adoption = adopt(files, AdoptRequest(reading, path.read_bytes(), loaded, report))
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
    check_year(request, given, log)
    check_unit(files, request, stated, log)
    check_pack(request, text, stated, log)
    if log.blocked:
        return Adoption(tuple(log))
    tell_twice(aligned, log)
    facts = _known_facts(files, request)
    unit_by_key = likely_units(request.pack, {key.partition(".#")[0] for key in _row_keys(stated)})
    ids = RowIds.of(facts.values())
    keys = Keys(request.pack, given.chosen, ids, unit_by_key, not_taken)
    by_key, conflicts = settled(keys.keyed(stated))
    log.extend(conflicting(conflicts))
    not_taken += left_cells(tables, aligned, stated)
    not_taken += [each for each in text.not_taken if each.span not in taken]
    return _planned(files, request, _Found(by_key, facts, text, not_taken), log)


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


def _known_facts(files: SourceFiles, request: AdoptRequest) -> dict[str, Facts]:
    """Return the facts that stand in the files: of the report, the unit, the year, the last."""
    unit, year = request.report.unit, request.report.year
    homes: tuple[tuple[str, type[KeyGroup], str, int], ...] = (
        (request.folder, ReportFile, "report", year),
        (f"data/{unit}", ReportingUnit, "unit", year),
        (f"data/{unit}/{year}", Year, "", year),
        (f"data/{unit}/{year - 1}", Year, "", year - 1),
    )
    known: dict[str, Facts] = {}
    for name, (folder, model, prefix, of) in zip(("report", "unit", "", PRIOR), homes, strict=True):
        paths = files.names(folder, ".yaml")
        value = read_model(files, paths, model, Diagnostics()) if paths else None
        if value is not None:
            known[name] = flatten(value, of, prefix, NOWHERE, Diagnostics())
    return known


def _known_value(known: Mapping[str, Facts], key: str) -> Quantity | str | None:
    """Return the value that the files have at a key, None for none."""
    names = (PRIOR,) if key.startswith(PRIOR) else ("report", "unit", "")
    for name in names:
        facts = known.get(name)
        fact = facts.facts.get(key.removeprefix(PRIOR)) if facts is not None else None
        if fact is not None and fact.value not in {None, ""}:
            return fact.value
    return None


# The files


@frozen
class _Found:
    """What was found: values by key, what the files know, the running text, what was not taken."""

    by_key: Mapping[str, list[KeyedValue]]
    known: Mapping[str, Facts]
    text: RunningText
    not_taken: list[NotTaken]


def _planned(
    files: SourceFiles, request: AdoptRequest, found: _Found, log: Diagnostics
) -> Adoption:
    """Return the adoption with the files that it changes."""
    writing = FactFiles(files, request.report)
    values = list(_put(writing, found, log))
    after = writing.edited()
    _add_report_file(files, request, after)
    report, loading = request.report, Diagnostics()
    edited = files.edited(after)
    inputs = load(edited, report.unit, report.year, report.report, loading)
    if inputs is None:
        log.extend(_refused(loading, request.span))
        return Adoption(tuple(log), tuple(values), (), tuple(found.not_taken))
    formats = inputs.pack.formats
    ledger = derive(inputs.facts, inputs.prior, inputs.rules, formats, Diagnostics())
    path = f"{request.folder}/{PUBLISHED}"
    figures = PublishedFigures(map(itemgetter(0), found.by_key.values()), ledger, inputs.published)
    values += figures.values(path)
    log.extend(figures.findings())
    _put_text(files, after, path, figures.text(path, edited.shown(path) or ""))
    texts = _texts(edited, request, (inputs, ledger), found)
    for text in texts:
        after[text.path] = text.text
    evidence = _evidence(files, request, log)
    return _told(Adoption((), tuple(values), texts, (), {}, after, evidence), files, found, log)


def _put_text(files: SourceFiles, after: dict[str, str], path: str, text: str) -> None:
    """Put a file among those that change, if its text is another."""
    if text != (after.get(path) or files.shown(path) or ""):
        after[path] = text


def _told(made: Adoption, files: SourceFiles, found: _Found, log: Diagnostics) -> Adoption:
    """Return an adoption with all findings, without files where nothing is to be written."""
    not_taken = told_once(found.not_taken)
    for each in not_taken:
        log.add(finding("A606", each.span, text=each.text[:40], why=each.why))
    told = replace(made, findings=tuple(log), not_taken=not_taken)
    is_new = made.texts or "added" in map(attrgetter("result"), made.values)
    if log.blocked or not is_new:
        return replace(told, texts=(), after={}, evidence={})
    return replace(told, before={path: files.shown(path) or "" for path in made.after})


def _texts(
    files: SourceFiles,
    request: AdoptRequest,
    report: tuple[ReportInputs, Ledger],
    found: _Found,
) -> tuple[AdoptedText, ...]:
    """Return the narratives that are not there yet, blank ones of sections that are missing."""
    inputs, ledger = report
    bound = bound_texts(found.text.sections, ledger, files.text, inputs.rules.literals)
    found.not_taken.extend(bound.not_taken)
    texts = dict(zip(map(attrgetter("path"), bound.texts), bound.texts, strict=True))
    for entry in outline_entries(request.pack.outline):
        path = f"{request.folder}/narrative/{entry.section.id}.md"
        if entry.section.text == "narrative" and path not in texts:
            blank = f"{{# {entry.section.title}：{FILL} #}}{PLACEHOLDER}。\n"
            texts[path] = AdoptedText(path, blank, ())
    return tuple(filterfalse(partial(_is_there, files), texts.values()))


def _is_there(files: SourceFiles, text: AdoptedText) -> bool:
    return files.exists(text.path)


def _put(writing: FactFiles, found: _Found, log: Diagnostics) -> Iterator[AdoptedValue]:
    """Yield what becomes of each fact; of one that stands otherwise in the files A605 tells."""
    for key, stated in found.by_key.items():
        value = stated[0]
        if value.derived:
            continue
        home = writing.address(key)
        if home is None:
            found.not_taken.append(NotTaken(value.printed, value.span, "@no_place"))
            continue
        places = tuple(map(attrgetter("span"), stated))
        old = _known_value(found.known, key)
        if old is None:
            result = writing.put(value, home)
        else:
            result = "same" if _is_same(old, value.value) else "differs"
        if result == "differs":
            old_text = old.text if isinstance(old, Quantity) else str(old)
            log.add(
                finding("A605", value.span, subject=key, key=key, old=old_text, new=value.printed)
            )
        yield AdoptedValue(key, value.yaml, places, False, result, writing.path_of(home))


def _is_same(old: Quantity | str, new: Quantity | str) -> bool:
    """Return whether a value in the files is the one of the document; a template may be."""
    if isinstance(old, Quantity) and isinstance(new, Quantity):
        return old.value == new.value and old.unit.dimension == new.unit.dimension
    return "{{" in str(old) or label_of(str(old)) == label_of(str(new))


def _add_report_file(files: SourceFiles, request: AdoptRequest, after: dict[str, str]) -> None:
    """Write what a report has to have: its pack, and a date where the document gives none."""
    path = f"{request.folder}/{REPORT_FILE}"
    if files.exists(path):
        return
    head = f"pack: {request.pack.folder}\n"
    text = after.get(path, "")
    if not re.search("^date:", text, re.MULTILINE):
        head += f"date: {request.report.year + 1}-01-31   # {FILL}\n"
    lines = text.split("\n", 1)
    first = lines[0] if lines[0].startswith("#") else modeline(path)
    rest = lines[1] if len(lines) > 1 else ""
    after[path] = f"{first}\n{head}{rest}"


def _refused(loading: Iterable[Finding], span: SourceSpan) -> Iterator[Finding]:
    for error in loading:
        if error.severity == "error":
            detail = f"{error.span}: {error.code} {message(error, 'zh')}"
            yield finding("A607", span, detail=detail)


def _evidence(files: SourceFiles, request: AdoptRequest, log: Diagnostics) -> dict[str, bytes]:
    """Return the document by the path where it is kept; X129 tells of another file there."""
    unit, year = request.report.unit, request.report.year
    path = f"data/{unit}/{year}/evidence/{request.reading.name}"
    kept = files.sha256(path)
    if kept not in {"", hashlib.sha256(request.data).hexdigest()}:
        log.add(finding("X129", request.span, path=path))
    return {} if kept else {path: request.data}
