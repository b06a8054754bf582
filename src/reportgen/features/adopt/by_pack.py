"""Holds a document to a pack: its outline, its forms, and the relations and scores of its values.

What a document states is read as it is read to be adopted, into a project that nobody keeps; what
the rules of the pack find there is told at the places of the document.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, filterfalse, islice, pairwise
from operator import attrgetter
from pathlib import Path

from reportgen.features.adopt.adopting import adopt, document_tables, prescribed
from reportgen.features.adopt.adoption import AdoptedValue, Adoption, AdoptRequest
from reportgen.features.adopt.alignment import AlignedTable, align
from reportgen.features.adopt.expected import expected_tables, label_of
from reportgen.features.adopt.headings import (
    DocumentPart,
    OutlineEntry,
    aligned,
    heading_number,
    outline_entries,
)
from reportgen.findings import Diagnostics, Finding, RelatedLocation, finding
from reportgen.flow.job import Job
from reportgen.flow.staged import Derived
from reportgen.flow.steps import check_rules, derive_report, with_sums
from reportgen.formula.parse import parse
from reportgen.formula.syntax import every_name
from reportgen.load.inputs import known_pack, load
from reportgen.load.unconfirmed import PLACEHOLDER
from reportgen.model.frozen import frozen
from reportgen.model.pack import FormRule, Pack
from reportgen.model.reading import Reading, ReadParagraph
from reportgen.model.rules import Relation
from reportgen.model.source import SourceSpan
from reportgen.project.layout import ReportId
from reportgen.project.source_files import EditedFiles, SourceFiles

_UNIT, _REPORT = "audited", "document"
"""The folders of a project that nobody keeps."""
_YEAR = re.compile(r"(20[0-9]{2})\s*年(?!\s*[0-9]{1,2}\s*月)")
"""The year of a title, not of a date."""
_TITLE_LINES = 12
_LONGEST_TITLE = 60
_LISTED = re.compile(r"\s*(?:附\s*[件表]\s*[:：]|[0-9]{1,2}[.、．])|.*[，。；]")
"""A line of a list of attachments, or a sentence that names one."""
_FORMS = attrgetter("forms")
_TAG_OR_YEAR = re.compile(r"\{\{.*?\}\}|[0-9]{4}")
_OF_SCORES = re.compile("R2(?!03)")
"""Codes of what is wrong with score sheets, but for reasons, for which a form may lack a column."""
_OF_ROWS = re.compile(r"\b(?:sum|count|min|max|mean)\(|[*\[]")
"""What makes one figure of many rows."""
_SHOWN = 30
_CHAPTER = 0
"""The kind of number of a chapter: 一、."""
_UNKNOWN = "A601"
"""Nothing of a document is what the pack prescribes, so that nothing else is worth telling."""
_TOLD = frozenset(["A604", "A608", "A609"])
"""What is told of the reading of values: two values for one, contradictory cells, a form twice."""


def pack_findings(root: Path, name: str, reading: Reading) -> tuple[Finding, ...]:
    """Return what of a document is not as the pack `name` of the project at `root` prescribes.

    A701 is a section that is missing, A702 one out of order, A703 a chapter more, A704 a form that
    is missing, A705 a row or column of one, A706 an attachment without forms, A707 another year;
    relations and scores have their own codes.
    """
    files = SourceFiles(root)
    pack = known_pack(files, name, Diagnostics())
    if pack is None:
        return ()
    year = _year_of(reading, pack)
    request = AdoptRequest(reading, b"", pack, ReportId(_UNIT, year, _REPORT))
    adoption = adopt(_WithoutUnits(root), request)
    unknown = tuple(each for each in adoption.findings if each.code == _UNKNOWN)
    if unknown:
        return unknown
    return (
        *_other_year(reading, pack),
        *_sections(reading, pack),
        *_forms(files, request),
        *missing_attachments(reading, pack),
        *(each for each in adoption.findings if each.code in _TOLD),
        *_rules(files, request, adoption),
    )


class _WithoutUnits(SourceFiles):
    """The packs of a project without its units: a document may be of any unit."""

    def folders(self, path: str) -> tuple[str, ...]:
        """Return the names of the folders directly under `path`, none of units."""
        return () if path == "data" else super().folders(path)


def _year_of(reading: Reading, pack: Pack) -> int:
    """Return the year that a document is of by its title, else that of its pack's name."""
    titled = next(_titled_years(reading), None)
    return titled[0] if titled is not None else _year_of_pack(pack) or 2000


def _titled_years(reading: Reading) -> Iterator[tuple[int, ReadParagraph]]:
    """Yield the years that the first lines of a document name, but in dates, with their lines."""
    for paragraph in islice(reading.paragraphs, _TITLE_LINES):
        match = _YEAR.search(paragraph.text)
        if match is not None:
            yield int(match[1]), paragraph


def _year_of_pack(pack: Pack) -> int:
    """Return the year that a pack is named after, 0 for none."""
    named = re.search("20[0-9]{2}", pack.folder + pack.name)
    return int(named[0]) if named is not None else 0


def _other_year(reading: Reading, pack: Pack) -> Iterator[Finding]:
    """Yield A707 for a document whose title names another year than its pack."""
    year = _year_of_pack(pack)
    for found, paragraph in islice(_titled_years(reading), 1):
        if year and found != year and len(paragraph.text) <= _LONGEST_TITLE:
            yield finding("A707", paragraph.span, found=str(found), year=str(year))


# The outline


def _sections(reading: Reading, pack: Pack) -> Iterator[Finding]:
    """Yield A701 to A703 for sections that are missing, stand elsewhere, or are not prescribed."""
    whole = SourceSpan(reading.name, 0, 0)
    found = aligned(reading, pack)
    entries = list(outline_entries(pack.outline))
    for entry in _outermost(found.missing, entries):
        above = _above(entry, entries, found.parts)
        others = (RelatedLocation(above.span, above.text[:30]),) if above is not None else ()
        yield finding("A701", whole, *others, title=entry.section.title)
    yield from _misplaced(found.parts, entries)
    yield from _more_chapters(found.parts)


def _outermost(
    missing: Sequence[OutlineEntry], entries: Sequence[OutlineEntry]
) -> Iterator[OutlineEntry]:
    """Yield the missing sections, without those within another one that is missing."""
    within = 0
    for entry in entries:
        if within and entry.level > within:
            continue
        within = entry.level if entry in missing else 0
        if within:
            yield entry


def _above(
    entry: OutlineEntry, entries: Sequence[OutlineEntry], parts: Sequence[DocumentPart]
) -> ReadParagraph | None:
    """Return the heading of the section that stands before one that is missing."""
    wanted = entries[: entries.index(entry)]
    headings = {part.entry: part.heading for part in parts if part.entry is not None}
    for before in reversed(wanted):
        if headings.get(before) is not None:
            return headings[before]
    return None


def _misplaced(parts: Iterable[DocumentPart], entries: Sequence[OutlineEntry]) -> Iterator[Finding]:
    """Yield A702 for each section that stands behind one that the pack has after it."""
    last: DocumentPart | None = None
    for part in parts:
        if part.entry is None or part.heading is None:
            continue
        is_before = last is not None and _at(part, entries) < _at(last, entries)
        if is_before and last is not None and last.heading is not None:
            before = RelatedLocation(last.heading.span, last.heading.text[:30])
            title, other = part.heading.text[:30], last.heading.text[:30]
            yield finding("A702", part.heading.span, before, title=title, other=other)
        else:
            last = part


def _at(part: DocumentPart, entries: Sequence[OutlineEntry]) -> int:
    return entries.index(part.entry) if part.entry is not None else -1


def _more_chapters(parts: Iterable[DocumentPart]) -> Iterator[Finding]:
    """Yield A703 for each chapter, 一、, that the pack does not have."""
    for part in parts:
        for block in part.blocks:
            text = getattr(block, "text", "")
            if getattr(block, "level", 0) == 1 and heading_number(text).kind == _CHAPTER:
                yield finding("A703", block.span, title=text[:30])


# The forms


def _forms(files: SourceFiles, request: AdoptRequest) -> Iterator[Finding]:
    """Yield A704 for each form that is missing, A705 for a label that its table lacks."""
    given, left_out = prescribed(files, request.pack, request.report.year)
    expected = expected_tables(given, left_out, sheets=request.pack.each is not None)
    found = align(expected, list(document_tables(request.reading, Diagnostics())))
    by_form: dict[str, list[AlignedTable]] = {}
    for table in found:
        by_form.setdefault(Path(table.expected.path).stem, []).append(table)
    whole = SourceSpan(request.reading.name, 0, 0)
    for rule in _rules_of_forms(request.pack):
        tables = by_form.get(rule.name, [])
        if not tables:
            yield finding("A704", whole, form=_title_of(rule, request.pack))
        else:
            yield from _labels(rule, tables, request.pack)


def _rules_of_forms(pack: Pack) -> Iterator[FormRule]:
    yield from pack.forms
    for annex in pack.annexes:
        yield from annex.forms


def _title_of(rule: FormRule, pack: Pack) -> str:
    """Return what readers call a form: the title of its annex, if it has one for itself."""
    for annex in pack.annexes:
        if rule in annex.forms:
            return annex.title if len(annex.forms) == 1 else f"{annex.title}（{rule.name}）"
    return rule.name


def _labels(rule: FormRule, tables: Sequence[AlignedTable], pack: Pack) -> Iterator[Finding]:
    """Yield A705 for each label of a form that stands in no cell of its tables."""
    said: list[str] = []
    for table in tables:
        said += [label_of(cell.text) for cell in table.found.table.cells]
    place = tables[0].found.table.span
    for label in rule.labels:
        wanted = label_of(label)
        if wanted and not any(wanted in text for text in said):
            yield finding("A705", place, form=_title_of(rule, pack), label=label)


# The attachments


def missing_attachments(reading: Reading, pack: Pack) -> Iterator[Finding]:
    """Yield A706 for each prescribed annex without forms whose title heads nothing.

    The forms of an annex are told themselves. A list of attachments only promises them.
    """
    titles = list(_titles(reading))
    for annex in filterfalse(_FORMS, pack.annexes):
        if not any(map(_title_pattern(annex.title).search, titles)):
            yield finding("A706", SourceSpan(reading.name, 0, 0), title=annex.title)


def _title_pattern(title: str) -> re.Pattern[str]:
    """Return what finds a title among labels, of whatever year it is."""
    words = filter(None, map(label_of, _TAG_OR_YEAR.split(title)))
    return re.compile(".{0,12}".join(map(re.escape, words)))


def _titles(reading: Reading) -> Iterator[str]:
    """Yield what may be the title of an annex: short lines, each with the one behind it."""
    captions = (table.caption for table in reading.tables)
    lines = filterfalse(_is_text, (each.text for each in reading.paragraphs))
    yield from map("".join, pairwise(map(label_of, chain(captions, lines, [""]))))


def _is_text(text: str) -> bool:
    return len(text) > _LONGEST_TITLE or _LISTED.match(text) is not None


# The rules


def _rules(files: SourceFiles, request: AdoptRequest, adoption: Adoption) -> Iterator[Finding]:
    """Yield what relations and score sheets of the pack find, at the places of the document.

    Of a relation all that it compares must stand in the document, and no rows be added up in it:
    a row that was not read would be missing in the sum.
    """
    read = _ReadReport.of(files, request, adoption)
    if read is None:
        return
    for found in adoption.findings:
        if found.code == "R301" and read.is_known(found.subject):
            yield found
    log = Diagnostics()
    check_rules(read.report, log)
    relations = {relation.key: relation for relation in request.pack.rules.relations}
    for found in log:
        if found.code == "R101" and found.subject in relations:
            yield from read.of_relation(found, relations[found.subject])
        elif _OF_SCORES.match(found.code):
            yield from read.of_score(found)


@frozen
class _ReadReport:
    """A report made of what a document states, and the values of it by key."""

    report: Derived
    stated: Mapping[str, AdoptedValue]

    @classmethod
    def of(
        cls, files: SourceFiles, request: AdoptRequest, adoption: Adoption
    ) -> _ReadReport | None:
        """Return the report that adopting a document makes, None where nothing is made of it."""
        edited = EditedFiles(files.root, edits=dict(adoption.after))
        unit, year, name = request.report.unit, request.report.year, request.report.report
        inputs = load(edited, unit, year, name, Diagnostics()) if adoption.after else None
        if inputs is None:
            return None
        job = Job(files.root, Path(), unit, year, name)
        report = with_sums(derive_report(job, inputs, Diagnostics()), edited, Diagnostics())
        stated = {value.key: value for value in adoption.values if value.places}
        return cls(report, stated)

    def is_known(self, key: str) -> bool:
        """Return whether a figure rests on nothing but single values that the document states."""
        figure = self.report.ledger.figures.get(key)
        if figure is None or figure.value is None:
            return False
        if figure.kind == "fact":
            return key in self.stated
        return not _OF_ROWS.search(figure.formula) and all(map(self.is_known, figure.inputs))

    def of_relation(self, found: Finding, relation: Relation) -> Iterator[Finding]:
        """Yield a relation that does not hold, if the document states all that it compares."""
        keys = list(self._keys(relation))
        if keys and not _OF_ROWS.search(relation.claim.text) and all(map(self.is_known, keys)):
            at = list(dict.fromkeys(chain.from_iterable(map(self._places, keys))))
            yield replace(found, places=tuple(at))

    def _stated_on(self, lines: Container[tuple[str, int]]) -> Iterator[RelatedLocation]:
        """Yield where the document states the facts that stand on `lines` of files."""
        facts = self.report.inputs.facts.facts
        for key, value in self.stated.items():
            fact = facts.get(key)
            if fact is not None and (fact.span.path, fact.span.line) in lines:
                yield RelatedLocation(value.places[0], value.text[:_SHOWN])

    def of_score(self, found: Finding) -> Iterator[Finding]:
        """Yield what is wrong with a row of a score sheet, at its places."""
        lines = {(place.span.path, place.span.line) for place in found.places}
        at = list(self._stated_on(lines))
        if at and not any(PLACEHOLDER in text for text in found.params.values()):
            yield replace(found, places=tuple(at))

    def _keys(self, relation: Relation) -> Iterator[str]:
        """Yield the keys of the figures that a relation names, of the measure that it is of."""
        figures = self.report.ledger.figures
        for name in every_name(parse(relation.claim).tree):
            measured = [f"{name.key}.{measure}" for measure in relation.each]
            yield from [key for key in (name.key, *measured) if key in figures] or [name.key]

    def _places(self, key: str) -> Iterator[RelatedLocation]:
        """Yield where a figure stands, else where those stand that it is worked out from."""
        value = self.stated.get(key)
        if value is not None:
            yield RelatedLocation(value.places[0], value.text[:_SHOWN])
            return
        for part in self.report.ledger.figures[key].inputs:
            yield from self._places(part)
