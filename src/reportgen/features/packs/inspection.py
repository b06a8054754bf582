"""Starts a new pack, and finds what is missing, wrong or unused in one."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from importlib import resources
from importlib.resources.abc import Traversable
from operator import attrgetter
from pathlib import Path

from reportgen.features.packs.form_pack import form_pack
from reportgen.features.packs.formula_names import names_in_formulas
from reportgen.features.packs.names import NamesUsed, key_and_groups, merged
from reportgen.features.packs.prescribed_points import wrong_weights
from reportgen.features.packs.sample_report import sample_findings
from reportgen.features.packs.usage import names_in_forms, names_in_templates
from reportgen.findings import Diagnostics, Finding, finding
from reportgen.load.frame_files import check_edition, load_edition
from reportgen.load.groups import KeyGroup, bare, fields_of, is_model
from reportgen.load.packs import load_pack
from reportgen.load.schema import (
    EconomicItem,
    Fund,
    Rating,
    ReportFile,
    ReportingUnit,
    Year,
)
from reportgen.model.document import Document
from reportgen.model.pack import Pack, PackNeeds
from reportgen.model.rules import Metric
from reportgen.model.scoring import ScoringRule
from reportgen.model.source import SourceSpan
from reportgen.project.layout import is_new_pack
from reportgen.project.saving import save
from reportgen.project.source_files import SourceFiles

_COLUMNS = frozenset((*fields_of(Fund), *fields_of(Rating), *fields_of(EconomicItem)))
"""The columns of tables, which filters in formulas name without their table."""

_NOT_FACTS = frozenset({"year", "prior", "loop", "row", "unit", "report"})
"""Names that stand for something in the templates and formulas of any pack."""

_TYPED = frozenset((*fields_of(Year), "ratings", "prior", "row", "unit", "report", "year"))
"""The sections whose keys a schema knows; of theirs an unknown one is found with the facts."""

_BLANK = Document(("题",), "zh-CN", "主题", "某局", "2024-01-01", "internal", ())
"""What a frame is filled with to see whether it can be."""

_STAR = re.compile(r"\.\*\.")

_JUDGED = frozenset({"manual", "qualitative", "by_nature", "checklist"})
"""The kinds of scoring rules of which a person types scores, of some rows at least."""

_SHORTEST_WORD = 4
_ALIKE = 0.7
_SIMILAR = 0.8
"""How like two names are of which one is the other with a slip, from 0 to 1."""


def new_pack(root: Path, name: str, log: Diagnostics, form: Path | None = None) -> tuple[str, ...]:
    """Write a minimal working pack to templates/`name`, or one that is a blank `form`.

    Returns its files. The log says why none is written: P305, it is there; P306, no such name can
    be; P320, the form cannot be read.
    """
    if not is_new_pack(SourceFiles(root), name, log):
        return ()
    folder = root / "templates" / name
    files = _starter_files() if form is None else form_pack(form, log)
    if files is None:
        return ()
    save({folder / path: data for path, data in files.items()})
    return tuple(sorted(f"templates/{name}/{path}" for path in files))


def _starter_files() -> dict[str, bytes]:
    starter = resources.files("reportgen.features.packs").joinpath("starter")
    return {path: text.encode() for path, text in _texts(starter, "")}


def _texts(folder: Traversable, prefix: str) -> Iterator[tuple[str, str]]:
    """Yield the files of a pack in `folder`, each with its path and text."""
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _texts(entry, f"{prefix}{entry.name}/")
        elif entry.name.endswith((".yaml", ".md", ".html")):
            yield f"{prefix}{entry.name}", entry.read_text("utf-8")


def check_pack(files: SourceFiles, name: str, log: Diagnostics) -> PackNeeds:
    """Return what a report must bring for the pack templates/`name`.

    The log says what is missing, wrong or unused in the pack.
    """
    pack = load_pack(files, name, log)
    if pack is None:
        return PackNeeds()
    check_edition(files, name, log)
    _check_frame(files, pack, log)
    templates = names_in_templates(files, pack, log)
    formulas = names_in_formulas(pack, log)
    unplaced = names_in_forms(files, pack, templates)
    used = merged((*templates.values(), *unplaced.values(), *formulas.values()))
    log.extend(_likely_typos(files, pack, {**templates, **formulas}))
    log.extend(_slips_in_requires(pack, used))
    log.extend(_unused_metrics(pack, [*used.names, *_told_in_overviews(pack)]))
    log.extend(_unused_templates(files, pack, templates))
    log.extend(wrong_weights(pack, used))
    needs = _needs(pack, used, merged((*templates.values(), *unplaced.values())).names)
    if not log.blocked:
        log.extend(sample_findings(files, pack, used, needs, tuple(unplaced)))
    return needs


def _needs(pack: Pack, used: NamesUsed, printed: Collection[str]) -> PackNeeds:
    """Return what a report must bring: of tables the columns that no metric works out."""
    own = {column.rpartition(".")[2] for column in used.columns}.difference(printed)
    wanted = [*map(attrgetter("text"), pack.requires), *map(attrgetter("key"), pack.rules.values)]
    columns = {*used.columns, *map(_column, filter(_STAR.search, wanted))}
    derived = set(map(_column, _worked_out(pack)))
    typed = filter(lambda column: derived.isdisjoint(key_and_groups(column)), columns)
    return PackNeeds(_needed_facts(pack, used.names - own), frozenset(typed), used.lists)


def _is_judged(rule: ScoringRule) -> bool:
    return rule.kind in _JUDGED


def _column(key: str) -> str:
    """Return the column of a key with `*` for the rows."""
    return key.replace(".*.", ".")


def _worked_out(pack: Pack) -> Iterator[str]:
    """Yield the keys of what nobody types: metrics, and scores that a rule gives every row."""
    yield from map(attrgetter("key"), pack.rules.metrics)
    judged = set(map(attrgetter("name"), filter(_is_judged, pack.rules.standards)))
    for scoring in pack.rules.scorings:
        if scoring.rule not in judged:
            yield f"{scoring.row}.score"


def _check_frame(files: SourceFiles, pack: Pack, log: Diagnostics) -> None:
    """Log W104 where the Word frame of a pack cannot be filled: it lacks a place for the body."""
    from reportgen.write.docx.frame import fill  # noqa: PLC0415 - docxtpl is slow to load
    from reportgen.write.errors import FrameError  # noqa: PLC0415

    edition = load_edition(files, pack.folder, Diagnostics())
    path = f"templates/{pack.folder}/frame.docx"
    if edition is None or not files.exists(path):
        return
    try:
        fill(edition.frame, _BLANK, edition.common)
    except FrameError as error:
        log.add(finding("W104", SourceSpan(path, 0, 0), detail=error.detail, **error.params))


def _likely_typos(
    files: SourceFiles, pack: Pack, uses: Mapping[str, NamesUsed]
) -> Iterator[Finding]:
    """Yield P307 for a name beside derived figures that none of them has, but one nearly has.

    Its place is its first line in the template, or the formula.
    """
    derived = _derived_keys(pack)
    known = _known_names(pack, derived)
    spans = _formula_spans(pack)
    sure = {*map(_column, known), *_in_several(uses)}
    for where, used in uses.items():
        for name in sorted({*used.names, *used.columns} - known - sure):
            likely = _likely_key(name, derived, sure, used)
            if likely:
                span = spans.get(where) or _first_line(files, where, name)
                yield finding("P307", span, subject=name, key=name, near=likely)


def _likely_key(name: str, derived: Iterable[str], sure: Iterable[str], used: NamesUsed) -> str:
    """Return the key that `name` is a slip of, "" where it is like none."""
    return _similar_key(name, derived) or _slip_of(name, sure) or _slip_of_local(name, used)


def _slips_in_requires(pack: Pack, used: NamesUsed) -> Iterator[Finding]:
    """Yield P324 for a required key that the pack does not use, though it uses one nearly alike.

    Keys of the schema may be required without being used.
    """
    keys = _keys_that_may_be_required(used)
    for wanted in pack.requires:
        key = _column(wanted.text)
        beside = [each for each in keys if each.count(".") == key.count(".")]
        near = [] if key in keys else difflib.get_close_matches(key, sorted(beside), 1, _ALIKE)
        if near and _differ_by_a_slip(key, near[0]):
            yield finding("P324", wanted.span, subject=key, key=wanted.text, near=near[0])


def _differ_by_a_slip(key: str, other: str) -> bool:
    """Return whether two keys differ in one word, and that by one letter."""
    unlike = [
        pair for pair in zip(key.split("."), other.split("."), strict=True) if len({*pair}) > 1
    ]
    return len(unlike) == 1 and _is_slip(*unlike[0])


def _keys_of(model: type[KeyGroup], prefix: str) -> Iterator[str]:
    """Yield the keys of a section of the schema, and of what stands in it."""
    for name, field in fields_of(model).items():
        key = f"{prefix}.{name}" if prefix else name
        yield key
        inner = bare(field.annotation)
        if is_model(inner):
            yield from _keys_of(inner, key)


def _in_several(uses: Mapping[str, NamesUsed]) -> Iterator[str]:
    """Yield the keys and columns that more than one text or formula names."""
    times = Counter[str]()
    for used in uses.values():
        times.update({*used.names, *used.columns})
    for name, count in times.items():
        if count > 1:
            yield name


def _keys_that_may_be_required(used: NamesUsed) -> set[str]:
    """Return the keys that a pack uses, with the groups they are in, and those of the schema."""
    keys = {*_keys_of(Year, ""), *_keys_of(ReportFile, "report"), *_keys_of(ReportingUnit, "unit")}
    for name in [*used.names, *used.columns]:
        keys.add(name)
        keys.update(key_and_groups(name))
    return keys


def _slip_of(name: str, sure: Iterable[str]) -> str:
    """Return the one of `sure` that `name` is with a slip in one of its words, `` for none."""
    if name.partition(".")[0] in _TYPED:
        return ""
    words = name.split(".")
    for other in sorted(sure):
        unlike = [pair for pair in zip(words, other.split("."), strict=False) if len({*pair}) > 1]
        is_alike = other.count(".") == name.count(".") > 0
        if is_alike and len(unlike) == 1 and _is_slip(*unlike[0]):
            return other
    return ""


def _slip_of_local(name: str, used: NamesUsed) -> str:
    """Return the name that a template sets itself of which `name` is a slip, `` for none.

    A table, whose rows it may call nearly so, is none.
    """
    first = name.partition(".")[0]
    is_table = name in used.columns or first in used.lists or first in _TYPED
    likely = () if is_table else used.local
    return next((local for local in sorted(likely) if _is_slip(first, local)), "")


def _is_slip(word: str, meant: str) -> bool:
    """Return whether two letters of a Western word are swapped, or one is left out, added, other.

    What differs in its digits, or is short, is another word: level1 and level2.
    """
    letters = word.replace("_", "")
    if not (letters.isascii() and letters.isalpha() and len(meant) >= _SHORTEST_WORD):
        return False
    matcher = difflib.SequenceMatcher(None, word, meant, autojunk=False)
    same = sum(block.size for block in matcher.get_matching_blocks())
    return max(len(word), len(meant)) - same <= 1


def _known_names(pack: Pack, derived: Iterable[str]) -> set[str]:
    """Return the names that are no typos: required facts, derived figures and their groups."""
    known = {wanted.text for wanted in pack.requires}
    for key in derived:
        known.update(key_and_groups(key))
    return known


def _derived_keys(pack: Pack) -> set[str]:
    """Return the keys of the figures that the metrics of a pack give."""
    keys: set[str] = set()
    for metric in pack.rules.metrics:
        if metric.each:
            keys.update(f"{metric.key}.{part}" if part else metric.key for part in metric.each)
        else:
            keys.add(metric.key)
    return keys


def _formula_spans(pack: Pack) -> dict[str, SourceSpan]:
    """Return where the formulas of metrics and relations stand, by rule."""
    spans: dict[str, SourceSpan] = {}
    for metric in pack.rules.metrics:
        spans[f"metric {metric.key}"] = metric.formula.span
    for relation in pack.rules.relations:
        spans[f"relation {relation.key}"] = relation.claim.span
    return spans


def _similar_key(name: str, derived: Iterable[str]) -> str:
    """Return the key in the group of `name` that is most like it, derived or of the schema."""
    group = name.rpartition(".")[0]
    is_word = not group and not name.isascii()  # 工业投资额 is no slip of 工业投资
    if is_word or name.partition(".")[0] in _TYPED:
        return ""
    beside = [key for key in derived if key.rpartition(".")[0] == group]
    if not group:
        beside += (*fields_of(Year), "year")
    similar = difflib.get_close_matches(name, beside, 1, _SIMILAR)
    return similar[0] if similar else ""


def _first_line(files: SourceFiles, path: str, name: str) -> SourceSpan:
    """Return the first line of a template that names `name`, or the file."""
    text = files.text(path, Diagnostics()) if "/" in path else None
    for number, line in enumerate((text or "").split("\n"), 1):
        if name in line:
            return SourceSpan(path, number)
    return SourceSpan(path)


def _unused_metrics(pack: Pack, names: Iterable[str]) -> Iterator[Finding]:
    """Yield P303 for each metric that no template and no formula uses."""
    for metric in pack.rules.metrics:
        if not any(_uses(name, metric) for name in names):
            yield finding(
                "P303", metric.span, subject=metric.key, key=metric.key, title=metric.title
            )


def _told_in_overviews(pack: Pack) -> Iterator[str]:
    """Yield the keys that a pack names for overviews."""
    for declared in pack.overview.figures.values():
        yield declared.text


def _uses(name: str, metric: Metric) -> bool:
    """Return whether `name` is the key of a metric, a group of it or a part."""
    key = metric.key
    if name == key or name.startswith(f"{key}.") or key.startswith(f"{name}."):
        return True
    if "*" not in key:
        return False
    return name == _table_of(key) or name.rpartition(".")[2] == key.rpartition(".")[2]


def _table_of(key: str) -> str:
    """Return the table of a metric that each row has: what stands before the star."""
    return key.partition(".*.")[0]


def _unused_templates(
    files: SourceFiles, pack: Pack, templates: Collection[str]
) -> Iterator[Finding]:
    """Yield P302 for each section or form of the pack's folder that nothing refers to."""
    for folder, suffix in (("sections", ".md"), ("forms", ".html"), ("forms", ".docx")):
        for path in files.names(f"templates/{pack.folder}/{folder}", suffix):
            if path not in templates:
                yield finding("P302", SourceSpan(path))


def _needed_facts(pack: Pack, names: Iterable[str]) -> tuple[str, ...]:
    """Return the facts that formulas and templates name and that no metric gives."""
    facts = {wanted.text.partition(".*.")[0] for wanted in pack.requires}
    given = _given_by_metrics(pack)
    tables = tuple(f"{_table_of(metric.key)}." for metric in pack.rules.metrics)
    for name in names:
        is_derived = name in given or name.startswith(tables)
        if not is_derived and _may_be_fact(name):
            facts.add(name)
    return tuple(sorted(facts))


def _given_by_metrics(pack: Pack) -> set[str]:
    """Return the keys of metrics, the groups they stand in and the tables they add columns to."""
    given: set[str] = set()
    for metric in pack.rules.metrics:
        given.add(_table_of(metric.key))
        given.update(key_and_groups(metric.key))
    return given


def _may_be_fact(name: str) -> bool:
    """Return whether `name` is no column and nothing that every template and formula knows."""
    return name not in _COLUMNS and name.partition(".")[0] not in _NOT_FACTS
