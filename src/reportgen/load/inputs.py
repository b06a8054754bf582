"""Loads everything one report needs: its unit, its years, its pack; or says what is missing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from reportgen.findings import Diagnostics, RelatedLocation, finding
from reportgen.language.characters import codepoint, refused
from reportgen.load.confirmations import read_confirmations, read_inferred
from reportgen.load.disclosure import read_policy
from reportgen.load.fields import Leaf
from reportgen.load.flatten import flatten
from reportgen.load.groups import fields_of
from reportgen.load.offices import Assignment, check_offices, read_offices
from reportgen.load.packs import load_pack
from reportgen.load.reading import read_model
from reportgen.load.rules import read_rules, read_waivers
from reportgen.load.schema import (
    OWN_LISTS,
    ReportFile,
    ReportingUnit,
    Year,
    read_publication,
    read_published,
)
from reportgen.load.second_sources import remainder_relations, total_relations, with_totals
from reportgen.load.unconfirmed import check_unconfirmed
from reportgen.load.unfilled import with_unfilled, with_unfilled_of_last_year
from reportgen.model.figures import Confirmation, Facts, InferredFact
from reportgen.model.frozen import frozen
from reportgen.model.pack import Pack, Section
from reportgen.model.policy import Policy
from reportgen.model.quantity import narrow
from reportgen.model.rules import Published, Relation, Rules, Waiver
from reportgen.model.source import NOWHERE, SourceSpan
from reportgen.project.layout import packs, reports, years
from reportgen.project.source_files import SourceFiles, copies


@frozen
class ReportInputs:
    """What the later stages work on; `prior` holds the earlier years, the nearest first."""

    unit: str
    year: int
    report: str
    date: str
    facts: Facts
    prior: tuple[Facts, ...]
    pack: Pack
    rules: Rules
    published: tuple[Published, ...]
    waivers: tuple[Waiver, ...]
    policy: Policy
    publication: Mapping[str, str]
    folder: str
    confirmations: tuple[Confirmation, ...]
    inferred: tuple[InferredFact, ...]
    assignments: tuple[Assignment, ...]


EARLIER_YEARS = 3
"""How many years before its own a report reads."""


def load(
    files: SourceFiles, unit: str, year: int, report: str, log: Diagnostics
) -> ReportInputs | None:
    """Return all that `report` of `unit` in `year` stands on, or None; the log says why."""
    problems = Diagnostics()
    inputs = _load(files, unit, year, report, problems)
    log.extend(problems)
    return None if problems.blocked else inputs


def _load(
    files: SourceFiles, unit: str, year: int, report: str, log: Diagnostics
) -> ReportInputs | None:
    folder = f"data/{unit}/{year}/{report}"
    char, _at = refused(folder, "")
    if char:  # it would stand in every source that a page names
        log.add(finding("L105", SourceSpan(folder), character=codepoint(char)))
        return None
    meta = _read_report(files, folder, log)
    year_facts, policy = _year(files, unit, year, log)
    pack = _pack(files, meta.pack, log) if meta else None
    prior, policy = _earlier(files, unit, year, policy, log, report)
    folders = (f"data/{unit}", f"data/{unit}/{year}", folder)
    check_unread(files, folders, log)
    _check_folders(files, unit, log)
    check_unconfirmed(files, folders, log)
    if meta is None or year_facts is None or pack is None or log.blocked:
        return None
    check_unread(files, (f"templates/{pack.folder}",), log)
    check_unused(files, folder, pack, log)
    own_facts = flatten(meta, year, "report", SourceSpan(_report_file(folder)), log)
    facts = _joined(*_own_lists(year_facts, own_facts), log)
    facts = with_totals(facts, _table_titles())
    waivers = read_waivers(meta.waivers)
    facts, prior = _unfilled((facts, *prior), files, folders, pack, waivers)
    base = f"data/{unit}/{year}"
    of_year = read_model(files, files.names(base, ".yaml"), Year, Diagnostics())
    assert of_year is not None  # its facts are there
    rules = pack.rules + read_rules([meta], log) + _second_sources(of_year, meta, facts)
    narrowest = read_policy(meta.disclosure, 3, log)
    _check_metric_keys(rules, facts, log)
    assignments = read_offices(of_year.offices)
    check_offices(assignments, facts, files, folder, log)
    return ReportInputs(
        unit=unit,
        year=year,
        report=report,
        date=str(meta.date.value),
        facts=facts,
        prior=prior,
        pack=pack,
        rules=rules,
        published=read_published(meta.published),
        waivers=waivers,
        policy=pack.policy.over(policy).over(narrowest),
        publication=read_publication(meta.publication),
        folder=folder,
        confirmations=(
            *read_confirmations(of_year.confirmations, files, base, log),
            *read_confirmations(meta.confirmations, files, base, log),
        ),
        inferred=read_inferred([*of_year.inferred, *meta.inferred]),
        assignments=assignments,
    )


def _unfilled(
    of_years: Sequence[Facts],
    files: SourceFiles,
    folders: Sequence[str],
    pack: Pack,
    waivers: Iterable[Waiver],
) -> tuple[Facts, tuple[Facts, ...]]:
    """Return the facts of this year and of those before with what is still to be filled in."""
    facts, *prior = of_years
    unit = folders[0]
    waived = {waiver.subject for waiver in waivers if waiver.code in {"P101", "P102"}}
    facts = with_unfilled(facts, files, folders, pack.requires, waived)
    before = facts.year - 1
    last = prior[0] if prior and prior[0].year == before else None
    facts = with_unfilled_of_last_year(facts, last, f"{unit}/{before}")
    return facts, tuple(with_unfilled(each, files, (f"{unit}/{each.year}",)) for each in prior)


def _table_titles() -> dict[str, str]:
    """Return what the tables of the schema are called in the forms."""
    fields = {**fields_of(ReportFile), **fields_of(Year)}
    return {name: field.title for name, field in fields.items()}


def _second_sources(of_year: Year, meta: ReportFile, facts: Facts) -> Rules:
    """Return the relations that hold facts to the approved totals and wholes that were typed."""
    relations: list[Relation] = []
    for file in (of_year, meta):
        relations += total_relations(file.totals, facts)
        relations += remainder_relations(file.remainders, facts)
    return Rules(relations=tuple(relations))


def _report_file(folder: str) -> str:
    return f"{folder}/report.yaml"


def _read_report(files: SourceFiles, folder: str, log: Diagnostics) -> ReportFile | None:
    """Return the report of the files in `folder` together."""
    return read_model(files, files.names(folder, ".yaml"), ReportFile, log, _report_file(folder))


def _check_metric_keys(rules: Rules, facts: Facts, log: Diagnostics) -> None:
    """Log S216 for each metric that has the key of a table."""
    for metric in rules.metrics:
        if metric.key in facts.tables:
            log.add(finding("S216", metric.span, key=metric.key))


def _earlier(
    files: SourceFiles, unit: str, year: int, policy: Policy, log: Diagnostics, report: str
) -> tuple[tuple[Facts, ...], Policy]:
    """Return the facts of the earlier years, the nearest first, and their policies under `policy`.

    Lists that the report wrote itself are its own there, too. What an earlier year withheld stays
    withheld as long as its figures are printed again.
    """
    prior: list[Facts] = []
    earlier = [other for other in years(files, unit) if other < year]
    for past in sorted(earlier, reverse=True)[:EARLIER_YEARS]:
        facts, of_year = _year(files, unit, past, log)
        of_reports = _report_policies(files, unit, past, log)
        policy = of_year.over(of_reports).aged(year - past, 2).over(policy)
        if facts:
            prior.append(_with_own_lists(files, facts, f"data/{unit}/{past}/{report}"))
    return tuple(prior), policy


def _report_policies(files: SourceFiles, unit: str, year: int, log: Diagnostics) -> Policy:
    """Return the policies of all reports of an earlier year.

    They stand in the layer of the year, so that a report of this year may release what they
    keep back. Only what keeps one from being read is logged.
    """
    policy = Policy()
    for report in reports(files, unit, year):
        problems = Diagnostics()
        meta = _read_report(files, f"data/{unit}/{year}/{report}", problems)
        if meta is None:
            log.extend(problems)
        else:
            policy = policy.over(read_policy(meta.disclosure, 2, Diagnostics()))
    return policy


def _pack(files: SourceFiles, name: Leaf, log: Diagnostics) -> Pack | None:
    """Return the pack that a report names; the log gets L102 or L127 at the name."""
    folder = str(name.value)
    if not files.inside(f"templates/{folder}/pack.yaml"):
        log.add(finding("L102", name.span))
        return None
    return known_pack(files, folder, log, name.span)


def known_pack(
    files: SourceFiles, name: str, log: Diagnostics, span: SourceSpan = NOWHERE
) -> Pack | None:
    """Return the pack `name`; L127 tells at `span` which there are where none has that name."""
    known = packs(files)
    if name not in known:
        log.add(finding("L127", span, pack=name, known="、".join(known) or "—"))
        return None
    return load_pack(files, name, log)


def _year(
    files: SourceFiles, unit: str, year: int, log: Diagnostics
) -> tuple[Facts | None, Policy]:
    """Return the facts of one year and those of the unit that last, and the policies of both."""
    base = f"data/{unit}/{year}"
    of_year = read_model(files, files.names(base, ".yaml"), Year, log)
    of_unit = read_model(files, [f"data/{unit}/unit.yaml"], ReportingUnit, log)
    if of_year is None or of_unit is None:
        return None, Policy()
    policy = read_policy(of_unit.disclosure, 1, log).over(read_policy(of_year.disclosure, 2, log))
    facts = flatten(of_year, year, "", SourceSpan(base), log)
    lasting = flatten(of_unit, year, "unit", SourceSpan(f"data/{unit}/unit.yaml"), log)
    return with_totals(_joined(facts, lasting, log), _table_titles()), policy


def _joined(facts: Facts, more: Facts, log: Diagnostics) -> Facts:
    """Return `facts` and `more` together; a name that both have is L110 with both places."""
    for key in dict.fromkeys((*more.facts, *more.tables)):
        if key in facts.facts or key in facts.tables:
            first = RelatedLocation(_span_of(key, facts), "first")
            log.add(finding("L110", _span_of(key, more), first, key=key))
    return Facts(facts.year, {**facts.facts, **more.facts}, {**facts.tables, **more.tables})


def _own_lists(year: Facts, report: Facts) -> tuple[Facts, Facts]:
    """Return both without the lists that a report writes itself where it has none, or the year."""
    for name in OWN_LISTS:
        if report.tables[name]:
            year = _without(name, year)
        else:
            report = _without(name, report)
    return year, report


def _with_own_lists(files: SourceFiles, facts: Facts, folder: str) -> Facts:
    """Return the facts of an earlier year with the lists that the report in `folder` wrote itself.

    What keeps that from being read is told where the policies of its year are.
    """
    meta = _read_report(files, folder, Diagnostics()) if files.names(folder, ".yaml") else None
    if meta is None:
        return facts
    own = flatten(meta, facts.year, "report", SourceSpan(_report_file(folder)), Diagnostics())
    for name in OWN_LISTS:
        if own.tables[name]:
            facts = _with_list(name, own, facts)
    return facts


def _with_list(name: str, own: Facts, facts: Facts) -> Facts:
    """Return `facts` with the list `name` of a report in place of that of the year."""
    cells = {key: fact for key, fact in own.facts.items() if key.startswith(f"{name}.")}
    rest = _without(name, facts)
    tables = {**rest.tables, name: own.tables[name]}
    return Facts(facts.year, {**rest.facts, **cells}, tables)


def facts_of_year(files: SourceFiles, unit: str, year: int) -> Facts | None:
    """Return the facts that stand in the files of a year, whatever its reports write themselves."""
    return _year(files, unit, year, Diagnostics())[0]


def _without(table: str, facts: Facts) -> Facts:
    """Return `facts` without a table and what stands in it."""
    prefix = f"{table}."
    left = {key: fact for key, fact in facts.facts.items() if not key.startswith(prefix)}
    tables = {key: rows for key, rows in facts.tables.items() if key != table}
    return Facts(facts.year, left, tables)


def _span_of(key: str, facts: Facts) -> SourceSpan:
    """Return where the fact `key` stands, or the first cell of the table `key`."""
    if key in facts.facts:
        return facts.facts[key].span
    for name, fact in facts.facts.items():
        if name.startswith(f"{key}."):
            return fact.span
    return NOWHERE


_LIKE_YAML = re.compile(r"\.ya?ml\b", re.IGNORECASE)
_LIKE_TEXT = re.compile(r"\.(?:md|markdown)\b", re.IGNORECASE)


def check_unread(files: SourceFiles, folders: Iterable[str], log: Diagnostics) -> None:
    """Log L126 and L136 for what is like a file to be read, directly in `folders`, and is not.

    L126 is of a name like `funds.yml` or `staffing.md.bak`, L136 of one like `funds(1).yaml`.
    """
    for folder in folders:
        _log_unread(files, folder, _LIKE_YAML, ".yaml", log)
        _log_unread(files, f"{folder}/narrative", _LIKE_TEXT, ".md", log)


_LIKE_YEAR = re.compile(r"[0-9]{4}")
"""What makes a folder of a unit look like that of a year, if there is more or it is full-width."""


def _check_folders(files: SourceFiles, unit: str, log: Diagnostics) -> None:
    """Log L140 for each folder of a unit that is named almost like a year, and so is not read."""
    for name in files.folders(f"data/{unit}"):
        if _LIKE_YEAR.search(narrow(name)) and not _LIKE_YEAR.fullmatch(name):
            log.add(finding("L140", SourceSpan(f"data/{unit}/{name}"), name=name))


def _log_unread(
    files: SourceFiles, folder: str, like: re.Pattern[str], suffix: str, log: Diagnostics
) -> None:
    paths = files.names(folder, "")
    copied = copies(paths)
    for path in paths:
        if path in copied and path.endswith(suffix):
            original = copied[path].rpartition("/")[2]
            log.add(finding("L136", SourceSpan(path), original=original))
        elif like.search(path) and not path.endswith(suffix):
            log.add(finding("L126", SourceSpan(path), suffix=suffix))


def check_unused(files: SourceFiles, folder: str, pack: Pack, log: Diagnostics) -> None:
    """Log L128 for each narrative of the report in `folder` that `pack` has no section for.

    Names that begin with `_` are for other narratives to include.
    """
    sections = set(_narratives(pack.outline))
    if pack.opening == "narrative":
        sections.add("opening")
    for path in files.names(f"{folder}/narrative", ".md"):
        name = path.rpartition("/")[2].removesuffix(".md")
        if name not in sections and not name.startswith("_"):
            log.add(finding("L128", SourceSpan(path)))


def _narratives(sections: Iterable[Section]) -> Iterator[str]:
    """Yield the ids of the sections that a unit writes itself."""
    for section in sections:
        if section.text == "narrative":
            yield section.id
        yield from _narratives(section.sections)
