"""Plans the files that an adoption changes: facts, published figures, narratives, the document.

Nothing that stands in the files is changed, and nothing is written in part.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import filterfalse
from operator import attrgetter

from reportgen.derive.ledger import derive
from reportgen.features.adopt.adoption import (
    AdoptedResult,
    AdoptedText,
    AdoptedValue,
    Adoption,
    AdoptRequest,
    NotTaken,
)
from reportgen.features.adopt.bound_numbers import bound_texts
from reportgen.features.adopt.checks import told_once
from reportgen.features.adopt.expected import label_of
from reportgen.features.adopt.fact_files import REPORT_FILE, Address, FactFiles
from reportgen.features.adopt.facts import KeyedValue
from reportgen.features.adopt.free_facts import AdoptedPassage, FreeFacts
from reportgen.features.adopt.headings import outline_entries
from reportgen.features.adopt.narrative import SectionText
from reportgen.features.adopt.needed_facts import (
    leave_blanks,
    names_taken,
    needed_names,
    waiting_titles,
)
from reportgen.features.adopt.published_figures import PUBLISHED, PublishedFigures
from reportgen.features.adopt.schema_keys import PRIOR
from reportgen.features.adopt.texts import RunningText
from reportgen.findings import Diagnostics, Finding, finding
from reportgen.findings.renderers import message
from reportgen.load.flatten import flatten
from reportgen.load.groups import KeyGroup
from reportgen.load.inputs import ReportInputs, load
from reportgen.load.jsonschema import modeline
from reportgen.load.reading import read_model
from reportgen.load.schema import ReportFile, ReportingUnit, Year
from reportgen.load.unconfirmed import FILL, PLACEHOLDER
from reportgen.model.figures import Facts, Ledger
from reportgen.model.frozen import frozen
from reportgen.model.quantity import Quantity
from reportgen.model.source import NOWHERE, SourceSpan
from reportgen.project.source_files import SourceFiles
from reportgen.project.yaml_editor import yaml_text

_STATED = re.compile(r"ratings\.[^.]+\.(?:target|actual)")
"""Texts that are themselves the place of a value: 年度指标值, 实际完成值."""


def known_facts(files: SourceFiles, request: AdoptRequest) -> dict[str, Facts]:
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
        value = _value_in(known.get(name), key.removeprefix(PRIOR))
        if value not in {None, ""}:
            return value
    return None


def _value_in(facts: Facts | None, key: str) -> Quantity | str | None:
    fact = facts.facts.get(key) if facts is not None else None
    return fact.value if fact is not None else None


# The files


@frozen
class Found:
    """What was found: values by key, what the files know, the running text, what was not taken."""

    by_key: Mapping[str, list[KeyedValue]]
    known: Mapping[str, Facts]
    text: RunningText
    not_taken: list[NotTaken]


def planned(files: SourceFiles, request: AdoptRequest, found: Found, log: Diagnostics) -> Adoption:
    """Return the adoption with the files that it changes."""
    required = frozenset(formula.text for formula in request.pack.requires)
    writing = FactFiles(files, request.report, required)
    plan = _Plan(files, request, found, log, writing, _worked_out(files, request))
    plan.put_stated()
    stated = plan.loaded()
    if stated is None:
        return plan.refused()
    plan.put_scores(stated)
    sections = plan.put_free_facts(stated)
    leave_blanks(plan.writing, request, stated.ledger)
    report = plan.loaded()
    if report is None:
        return plan.refused()
    return _with_report(plan, report, sections)


def _with_report(plan: _Plan, report: LoadedReport, sections: Iterable[SectionText]) -> Adoption:
    """Return an adoption with the files that a report with all its facts has besides them."""
    files, request, found, log = plan.files, plan.request, plan.found, plan.log
    after = dict(report.after)
    path = f"{request.folder}/{PUBLISHED}"
    printed = [each[0] for key, each in found.by_key.items() if key not in plan.values]
    figures = PublishedFigures(printed, report.ledger, report.inputs.published)
    values = (*plan.values.values(), *figures.values(path))
    log.extend(figures.findings())
    _put_text(files, after, path, figures.text(path, report.files.shown(path) or ""))
    texts = _texts(request, report, sections, found)
    for text in texts:
        after[text.path] = text.text
    evidence = _evidence(files, request, log)
    return _told(Adoption((), values, texts, (), {}, after, evidence), files, found, log)


@frozen
class LoadedReport:
    """A report with what was adopted: the files that change, all files, what they hold."""

    after: Mapping[str, str]
    files: SourceFiles
    inputs: ReportInputs
    ledger: Ledger


@dataclass(slots=True)
class _Plan:
    """What becomes of the facts of a document: written into `writing`, told in `values`.

    `there` are the figures of the report before.
    """

    files: SourceFiles
    request: AdoptRequest
    found: Found
    log: Diagnostics
    writing: FactFiles
    there: Ledger
    values: dict[str, AdoptedValue] = field(default_factory=dict)

    def refused(self) -> Adoption:
        """Return the adoption of which no file can be read."""
        values = tuple(self.values.values())
        return Adoption(tuple(self.log), values, (), tuple(self.found.not_taken))

    def loaded(self) -> LoadedReport | None:
        """Return the report with the facts that are written; A607 says why it cannot be read."""
        after = self.writing.edited()
        _add_report_file(self.files, self.request, after)
        report, loading = self.request.report, Diagnostics()
        edited = self.files.edited(after)
        inputs = load(edited, report.unit, report.year, report.report, loading)
        if inputs is None:
            self.log.extend(_refused(loading, self.request.span))
            return None
        formats = inputs.pack.formats
        ledger = derive(inputs.facts, inputs.prior, inputs.rules, formats, Diagnostics())
        return LoadedReport(after, edited, inputs, ledger)

    def put_stated(self) -> None:
        """Put the facts that stand at places of the pack."""
        for stated in self.found.by_key.values():
            if not stated[0].derived:
                self._put(stated[0], tuple(map(attrgetter("span"), stated)))

    def put_scores(self, report: LoadedReport) -> None:
        """Put the scores that the rules cannot work out: those that the unit gave itself."""
        for stated in self.found.by_key.values():
            is_score = stated[0].derived and stated[0].yaml
            if is_score and not self._is_worked_out(stated[0].key, report.ledger):
                self._put(stated[0], tuple(map(attrgetter("span"), stated)))

    def _is_worked_out(self, key: str, ledger: Ledger) -> bool:
        """Return whether a rule gives the value of a figure, and nobody typed it."""
        figure = ledger.figures.get(key)
        has_value = figure is not None and figure.value is not None
        return has_value and _known_value(self.found.known, key) is None

    def _put(self, value: KeyedValue, places: tuple[SourceSpan, ...]) -> None:
        """Put a fact; of one that stands otherwise in the files A605 tells."""
        home = self.writing.address(value.key)
        if home is None:
            self.found.not_taken.append(NotTaken(value.printed, value.span, "@no_place"))
            return
        result = self._result(value, home)
        path = self.writing.path_of(home)
        self.values[value.key] = AdoptedValue(value.key, value.yaml, places, False, result, path)

    def _result(self, value: KeyedValue, home: Address) -> AdoptedResult:
        """Return what becomes of a fact at an address: it is written where nothing stands."""
        old = self._old_value(value.key)
        if value.instead and self._is_row_there(value.key):
            return "same"
        if old is None:
            return self.writing.put(value, home)
        if _is_same(old, value.value):
            return "same"
        self.log.add(_differs(value, old))
        return "differs"

    def _old_value(self, key: str) -> Quantity | str | None:
        """Return what the files have at a key, or what the report's own rules work out of them."""
        old = _known_value(self.found.known, key)
        figure = self.there.figures.get(key)
        if old is not None or figure is None or figure.value is None or figure.words:
            return old
        return Quantity(figure.value, figure.unit, figure.shape)

    def _is_row_there(self, key: str) -> bool:
        """Return whether the row of a table that a value belongs to stands in the files."""
        table, _, rest = key.partition(".")
        return rest.partition(".")[0] in self.there.tables.get(table, ())

    def put_free_facts(self, report: LoadedReport) -> tuple[SectionText, ...]:
        """Put the facts that sentences state; return the sections with references to them."""
        sections = [each for each in self.found.text.sections if not self.files.exists(each.path)]
        prose = list(self._prose(report.ledger))
        passages = [AdoptedPassage(each.path, each.text, each.places) for each in sections]
        passages += [AdoptedPassage(each.key, str(each.value), (each.span,)) for each in prose]
        free = FreeFacts(
            report.ledger,
            report.inputs.rules.literals,
            needed_names(self.request, report.ledger),
            names_taken(self.request, report.ledger),
            waiting_titles(report.ledger),
        )
        referring = list(free.referring(passages))
        for value in free.facts.values():
            self._put(value, (value.span,))
        for value, text in zip(prose, referring[len(sections) :], strict=True):
            changed = replace(value, yaml=yaml_text(text.text), value=text.text)
            self._put(changed, self.values[value.key].places)
        return tuple(map(_with_text, sections, referring))

    def _prose(self, ledger: Ledger) -> Iterator[KeyedValue]:
        """Yield the texts just adopted that may refer to figures, and are none of a value."""
        for key, (value, *_) in self.found.by_key.items():
            fact = ledger.texts.get(key)
            is_prose = fact is not None and fact.prose and not _STATED.fullmatch(key)
            if is_prose and self._is_new(key):
                yield value

    def _is_new(self, key: str) -> bool:
        return key in self.values and self.values[key].result == "added"


def _worked_out(files: SourceFiles, request: AdoptRequest) -> Ledger:
    """Return the figures of the report as it is, none of one that is not there."""
    report = request.report
    path = f"{request.folder}/{REPORT_FILE}"
    names = (report.unit, report.year, report.report)
    inputs = load(files, *names, Diagnostics()) if files.exists(path) else None
    if inputs is None:
        return Ledger(report.year)
    formats = inputs.pack.formats
    return derive(inputs.facts, inputs.prior, inputs.rules, formats, Diagnostics())


def _differs(value: KeyedValue, old: Quantity | str) -> Finding:
    text = old.text if isinstance(old, Quantity) else str(old)
    key = value.key
    return finding("A605", value.span, subject=key, key=key, old=text, new=value.printed)


def _with_text(section: SectionText, text: AdoptedPassage) -> SectionText:
    return replace(section, text=text.text)


def _put_text(files: SourceFiles, after: dict[str, str], path: str, text: str) -> None:
    """Put a file among those that change, if its text is another."""
    if text != (after.get(path) or files.shown(path) or ""):
        after[path] = text


def _told(made: Adoption, files: SourceFiles, found: Found, log: Diagnostics) -> Adoption:
    """Return an adoption with all findings, without files where nothing is to be written."""
    not_taken = told_once(found.not_taken)
    for each in not_taken:
        log.add(finding("A606", each.span, text=each.text[:40], why=each.why))
    told = replace(made, findings=tuple(log), not_taken=not_taken)
    if log.blocked or not _adds(made):
        return replace(told, texts=(), after={}, evidence={})
    return replace(told, before={path: files.shown(path) or "" for path in made.after})


def _adds(made: Adoption) -> bool:
    """Return whether an adoption has anything that does not stand in the files."""
    return bool(made.texts) or "added" in map(attrgetter("result"), made.values)


def _texts(
    request: AdoptRequest, report: LoadedReport, sections: Iterable[SectionText], found: Found
) -> tuple[AdoptedText, ...]:
    """Return the narratives that are not there yet, blank ones of sections that are missing."""
    files = report.files
    bound = bound_texts(sections, report.ledger, files.text, report.inputs.rules.literals)
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


def _is_same(old: Quantity | str, new: Quantity | str) -> bool:
    """Return whether a value in the files is the one of the document; a template may be."""
    if isinstance(old, Quantity) and isinstance(new, Quantity):
        return old.value == new.value and old.unit.dimension == new.unit.dimension
    return _is_same_text(str(old), str(new))


def _is_same_text(old: str, new: str) -> bool:
    """Return whether two texts are the same; one in a file is, whatever that is called."""
    return new.endswith(".md") or "{{" in old or label_of(old) == label_of(new)


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
