"""Adopts a report that was built from known facts, and holds what it gives to these facts.

The oracle is the YAML of the report itself. Rows are found by their names, as ids are made up anew.
"""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cache
from itertools import zip_longest
from pathlib import Path

from real_report import ROOT
from reportgen.compose.blank import compose_blank
from reportgen.derive.ledger import derive
from reportgen.features.adopt.adopting import adopt, save
from reportgen.features.adopt.adoption import Adoption, AdoptRequest
from reportgen.features.packs.inspection import check_pack
from reportgen.findings import Diagnostics
from reportgen.flow.job import Job
from reportgen.flow.pipeline import build
from reportgen.flow.steps import compose_version, derive_report
from reportgen.load.inputs import load
from reportgen.load.packs import load_pack
from reportgen.model.document import (
    Cover,
    Heading,
    Items,
    Paragraph,
    SignOff,
    Table,
    plain,
    values,
)
from reportgen.model.figures import Ledger
from reportgen.model.locations import printed_figures
from reportgen.model.quantity import Quantity, QuantityError, parse_quantity
from reportgen.project.layout import ReportId, every_report
from reportgen.project.source_files import SourceFiles
from reportgen.reading.opening import open_document

REPORTS = tuple(
    report
    for report in every_report(SourceFiles(ROOT))
    if report.unit in {"huaihua", "yiyang", "yueyang", "yongzhou"}
)


REFERRING = "quantitative_goals."
"""Rows that name goals and results of other tables where a document has their texts."""


@cache
def inputs_of(root: Path, report: ReportId):
    loaded = load(SourceFiles(root), report.unit, report.year, report.report, Diagnostics())
    assert loaded is not None
    return loaded


@cache
def needs_of(pack: str):
    """Return what a pack needs."""
    return check_pack(SourceFiles(ROOT), pack, Diagnostics())


def ledger_of(root: Path, report: ReportId) -> Ledger:
    loaded = load(SourceFiles(root), report.unit, report.year, report.report, Diagnostics())
    assert loaded is not None
    formats = loaded.pack.formats
    return derive(loaded.facts, loaded.prior, loaded.rules, formats, Diagnostics())


def built(report: ReportId, out: Path) -> dict[str, Path]:
    """Return the Word file and the PDF of a report for the finance bureau, built into `out`."""
    names = {"root": ROOT, "out": out, "unit": report.unit, "year": report.year}
    job = Job(**names, report=report.report, audience="submit", formats=("docx", "pdf"))
    done = build(job)
    assert not done.failed, done.findings
    return {path.suffix[1:]: path for path in done.paths}


def empty_project(target: Path) -> Path:
    """Return a project with the packs and nothing else."""
    shutil.copytree(ROOT / "templates", target / "templates")
    return target


def adopted(path: Path, report: ReportId, root: Path, *, write: bool = True) -> Adoption:
    """Return what adopting a file into the project at `root` gives, and write it."""
    files = SourceFiles(root)
    log = Diagnostics()
    pack = load_pack(files, inputs_of(ROOT, report).pack.folder, log)
    reading = open_document(path, log)
    assert pack is not None
    assert reading is not None
    request = AdoptRequest(reading, path.read_bytes(), pack, report, needs_of(pack.folder))
    adoption = adopt(files, request)
    if write and not adoption.failed:
        save(files, adoption)
    return adoption


@dataclass
class Outcome:
    """What became of the values that a document prints: right, missing, wrong; by key."""

    right: set[str] = field(default_factory=set)
    missing: set[str] = field(default_factory=set)
    wrong: dict[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def share(self) -> float:
        every = len(self.right) + len(self.missing) + len(self.wrong)
        return len(self.right) / every if every else 1.0


def outcome(adoption: Adoption, report: ReportId, wanted: set[str]) -> Outcome:
    """Return what an adoption gave of the `wanted` keys of the report, and all it got wrong."""
    original = ledger_of(ROOT, report)
    found = {value.key: value for value in adoption.values}
    same = _same_rows(original, found)
    result = Outcome()
    for key, value in found.items():
        own = key if _known(original, key) is not None else _own_key(key, same)
        known = _known(original, own)
        if _is_row_name(key) or is_free(key, report) or value.text.endswith(".md"):
            continue  # what a row is called now, or a sentence calls it; where a text stands
        if known is not None and _agrees(value.text, value.derived, known):
            result.right.add(own)
        elif known is None and _is_id_or_placeholder(value.text):
            continue
        elif key.startswith(REFERRING):
            continue  # the report has references there: the second build prints the same
        else:
            result.wrong[own] = (value.text, _shown(known))
    result.missing = wanted - result.right - result.wrong.keys()
    return result


def is_free(key: str, report: ReportId) -> bool:
    """Return whether a fact is none of the pack: a sentence gave it its name."""
    pack = inputs_of(ROOT, report).pack
    metrics = {metric.key for metric in pack.rules.metrics}
    return "." not in key and key not in {*needs_of(pack.folder).facts, *metrics}


def _is_row_name(key: str) -> bool:
    return key.startswith("prior.") and key.endswith((".name", ".category"))


def _is_id_or_placeholder(text: str) -> bool:
    return text in {"", "待填写"}


def _same_rows(original: Ledger, found) -> dict[tuple[str, str], str]:
    """Return the id that each adopted row has in the report, by table and id."""
    rows = _rows(original, found)
    same: dict[tuple[str, str], str] = {}
    shared: dict[str, str] = {}
    named = [table for table in rows if any(rows[table].values())]
    for table in named:
        own = _rows_by_name(original, table)
        for row, name in rows[table].items():
            if own.get(name):
                same[table, row] = own[name].pop(0)
                shared[row] = same[table, row]
    for table, names in rows.items():
        taken = {own for (of, _), own in same.items() if of == table}
        left = [row for row in original.tables[table] if row not in taken]
        for row in names:
            if (table, row) in same:
                continue
            known = shared.get(row) if not row.startswith("row_") else None
            same[table, row] = known or (left.pop(0) if left else "?")
    return same


def _rows(original: Ledger, found) -> dict[str, dict[str, str]]:
    """Return the name of each adopted row, by table and id."""
    rows: dict[str, dict[str, str]] = {}
    for key, value in found.items():
        parts = key.removeprefix("prior.").split(".")
        is_row = len(parts) > 2 and parts[0] in original.tables
        if not is_row or _is_group(parts[0]) or parts[1] in original.tables[parts[0]]:
            continue
        names = rows.setdefault(parts[0], {})
        names.setdefault(parts[1], "")
        if parts[2] == "name" and not key.startswith("prior."):
            names[parts[1]] = _plain(_unquoted(value.text))
    return rows


def _rows_by_name(original: Ledger, table: str) -> dict[str, list[str]]:
    own: dict[str, list[str]] = {}
    for row in original.tables[table]:
        fact = original.texts.get(f"{table}.{row}.name")
        own.setdefault(_plain(str(fact.value or "")) if fact else "", []).append(row)
    return own


def _is_group(table: str) -> bool:
    return table in {"three_public", "income", "expenditure", "operating"}


def _own_key(key: str, same: dict[tuple[str, str], str]) -> str:
    prior = "prior." if key.startswith("prior.") else ""
    parts = key.removeprefix("prior.").split(".")
    if len(parts) > 2 and (parts[0], parts[1]) in same:
        parts[1] = same[parts[0], parts[1]]
    return prior + ".".join(parts)


def _known(ledger: Ledger, key: str):
    return ledger.figures.get(key) or ledger.texts.get(key)


def _unquoted(text: str) -> str:
    return text[1:-1].replace("''", "'") if text.startswith("'") else text


def _plain(text: str) -> str:
    return re.sub(r"[\s。，、；：]", "", text)


def _agrees(text: str, derived: bool, known) -> bool:
    text = _unquoted(text)
    unit = getattr(known, "unit", None)
    if unit is None:
        value = getattr(known, "value", None)
        return "{{" in str(value) or _plain(str(value)) == _plain(text)
    if text in {known.text, known.number, known.words}:
        return True
    try:
        stated = parse_quantity(text, unit)
    except QuantityError:
        return False
    if known.value is None:
        return False
    step = stated.unit.factor / 10**stated.shape.decimals
    exact = stated.value == known.value
    return exact if not derived else abs(stated.value - known.value) <= step / 2 + step / 100


def _shown(known) -> str:
    value = getattr(known, "text", None) or getattr(known, "value", None)
    return value.text if isinstance(value, Quantity) else str(value)


def printed_facts(path: Path) -> set[str]:
    """Return the keys of the typed numbers that a built report prints, as figures.json has them."""
    figures = json.loads(path.with_suffix(".figures.json").read_text("utf-8"))
    return {each["key"] for each in figures if each["kind"] == "fact" and _is_printed(each)}


def _is_printed(figure) -> bool:
    return any(place["text"] for place in figure["places"])


def printed_by_pack(report: ReportId, keys: set[str]) -> set[str]:
    """Return those of some keys that the pack's own forms and texts print, not those of a unit."""
    pack = inputs_of(ROOT, report).pack
    files = SourceFiles(ROOT)
    folder = f"templates/{pack.folder}/forms"
    forms = [Path(path).stem for path in (*files.names(folder, ".html"),)]
    blank = compose_blank(pack, report.year, files.text, forms)
    named = set()
    for table in blank.tables:
        for row in table.rows:
            for cell in row.cells:
                for line in cell.lines:
                    named |= {re.sub(r"#\d+[ab]", "*", value.key) for value in values(line)}
    return {key for key in keys if {key, re.sub(r"\.[^.]+\.", ".*.", key, count=1)} & named}


# The second build


@dataclass
class SecondBuild:
    """What a report that was adopted prints, held to the report it was adopted from.

    `facts` are the numbers typed by hand that the first one prints, `recovered` those that are
    facts again where they are printed; `lines` are pairs of lines that are not the same.
    """

    facts: set[str]
    recovered: set[str]
    lines: list[tuple[str, str]]
    wrong: dict[str, str]

    @property
    def share(self) -> float:
        return len(self.recovered) / len(self.facts) if self.facts else 1.0


def composed(root: Path, report: ReportId):
    """Return a report as the finance bureau gets it, whatever is wrong with it yet."""
    files = SourceFiles(root)
    names = (report.unit, report.year, report.report)
    job = Job(root, root / "build", *names, audience="submit")
    loaded = load(files, *names, Diagnostics())
    assert loaded is not None
    version = compose_version(derive_report(job, loaded, Diagnostics()), files, Diagnostics())
    assert version is not None
    return version


def second_build(root: Path, report: ReportId) -> SecondBuild:
    """Return how the report adopted into `root` prints."""
    first, second = composed(ROOT, report), composed(root, report)
    old, new = (version.disclosed.ledger for version in (first, second))
    before, after = (printed_figures(version.document) for version in (first, second))
    facts = {key for key in before if old.figures[key].kind == "fact" and printed(before[key])}
    there = {}
    for key, places in after.items():
        if new.figures[key].kind == "fact":
            for text, where in places:
                there.setdefault((text, where), []).append(new.figures[key].value)
    lines = (list(document_lines(version.document)) for version in (first, second))
    differing = list(different_lines(*lines))
    recovered = {
        key
        for key in facts
        for text, where in before[key]
        if old.figures[key].value in there.get((text, where), ()) or is_cell(where)
    }
    wrong = {
        key: figure.text
        for key, figure in new.figures.items()
        if figure.kind == "fact" and key in old.figures and not is_free(key, report)
        if figure.value not in {None, old.figures[key].value}
    }
    return SecondBuild(facts, recovered, differing, wrong)


def printed(places) -> bool:
    return any(text for text, _ in places)


def is_cell(where: str) -> bool:
    """Return whether a place is a cell of a form, whose texts are all facts."""
    return re.search(r" r\d+c\d+$", where) is not None


def different_lines(first: list[str], second: list[str]):
    matcher = SequenceMatcher(None, first, second, autojunk=False)
    for kind, start, end, other, last in matcher.get_opcodes():
        if kind != "equal":
            yield from zip_longest(first[start:end], second[other:last], fillvalue="")


def document_lines(document):
    """Yield what a document prints, each line and cell as a text."""
    yield from document.title
    for block in (
        *document.blocks,
        *(block for annex in document.annexes for block in annex.blocks),
    ):
        yield from block_texts(block)


def block_texts(block):
    if isinstance(block, Table):
        for row in block.rows:
            for cell in row.cells:
                yield from map(plain, cell.lines)
    elif isinstance(block, Items):
        yield from (item.label + plain(item.inlines) for item in block.items)
    elif isinstance(block, Heading | Paragraph):
        yield getattr(block, "number", "") + plain(block.inlines)
    elif isinstance(block, Cover):
        yield from (label + plain(value) for label, value in block.fields)
    elif isinstance(block, SignOff):
        yield from map(plain, block.lines)
