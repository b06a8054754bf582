"""Loads everything one report needs: its unit, its years, its pack; or says what is missing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from reportgen.findings import Finding, RelatedLocation, blocks, finding
from reportgen.load.disclosure import read_policy
from reportgen.load.fields import Leaf
from reportgen.load.flatten import flatten
from reportgen.load.packs import load_pack
from reportgen.load.reading import read_model
from reportgen.load.reports import Report, published, stated
from reportgen.load.rules import read_waivers, rulebook
from reportgen.load.schema import ReportingUnit, Year
from reportgen.load.unconfirmed import unconfirmed
from reportgen.model.figures import Fact, Facts
from reportgen.model.pack import Pack, Section
from reportgen.model.policy import Policy
from reportgen.model.rules import Published, Rules, Waiver
from reportgen.model.source import NOWHERE, SourceSpan
from reportgen.project.layout import packs, reports, years
from reportgen.project.source_files import SourceFiles


@dataclass(frozen=True, slots=True)
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


def load(
    files: SourceFiles, unit: str, year: int, report: str
) -> tuple[ReportInputs | None, tuple[Finding, ...]]:
    """Return all that `report` of `unit` in `year` stands on, or None, with findings."""
    folder = f"data/{unit}/{year}/{report}"
    home = f"{folder}/report.yaml"
    meta, findings = read_model(files, files.names(folder, ".yaml"), Report, home)
    facts, policy, found = _year(files, unit, year)
    findings += found
    pack, found = _pack(files, meta.pack) if meta else (None, ())
    findings += found
    prior: list[Facts] = []
    for past in sorted((y for y in years(files, unit) if y < year), reverse=True)[:3]:
        earlier, then, found = _year(files, unit, past)
        findings += found
        narrower, bad = _told(files, unit, past)
        findings += bad
        policy = then.over(narrower).aged(year - past, 2).over(policy)
        if earlier:
            prior.append(earlier)
    folders = (f"data/{unit}", f"data/{unit}/{year}", folder)
    findings += (*unread(files, *folders), *unconfirmed(files, *folders))
    if meta is None or facts is None or pack is None or blocks(findings):
        return None, findings
    findings += unused(files, folder, pack)
    own, tables, found = flatten(meta, "report", SourceSpan(home))
    merged, clashes = _merged(facts, own, tables)
    book, bad = rulebook([meta])
    narrowest, told = read_policy(meta.disclosure, 3)
    every = pack.rules + book
    shadows = (m for m in every.metrics if m.key in merged.tables)
    findings += found + clashes + bad + told
    findings += tuple(finding("S216", m.span, key=m.key) for m in shadows)
    if blocks(findings):
        return None, findings
    return ReportInputs(
        unit=unit,
        year=year,
        report=report,
        date=str(meta.date.value),
        facts=merged,
        prior=tuple(prior),
        pack=pack,
        rules=every,
        published=published(meta.published),
        waivers=read_waivers(meta.waivers),
        policy=pack.policy.over(policy).over(narrowest),
        publication=stated(meta.publication),
        folder=folder,
    ), findings


def _told(files: SourceFiles, unit: str, year: int) -> tuple[Policy, tuple[Finding, ...]]:
    """Return the policies of all reports of an earlier year, and what keeps them from being read.

    They stand in the layer of the year, so that a report of this year may release what they
    keep back.
    """
    policy, findings = Policy(), tuple[Finding, ...]()
    for report in reports(files, unit, year):
        folder = f"data/{unit}/{year}/{report}"
        names = files.names(folder, ".yaml")
        meta, found = read_model(files, names, Report, f"{folder}/report.yaml")
        if meta is None:
            findings += found
        else:
            policy = policy.over(read_policy(meta.disclosure, 2)[0])
    return policy, findings


def _pack(files: SourceFiles, name: Leaf) -> tuple[Pack | None, tuple[Finding, ...]]:
    """Return the pack that a report names, or L102 or L127 at the name."""
    folder = str(name.value)
    if not files.inside(f"templates/{folder}/pack.yaml"):
        return None, (finding("L102", name.span),)
    known = packs(files)
    if folder not in known:
        return None, (finding("L127", name.span, pack=folder, known="、".join(known) or "—"),)
    return load_pack(files, folder)


def _year(
    files: SourceFiles, unit: str, year: int
) -> tuple[Facts | None, Policy, tuple[Finding, ...]]:
    """Return the facts of one year and those of the unit that last, with the policies of both."""
    base = f"data/{unit}/{year}"
    value, findings = read_model(files, files.names(base, ".yaml"), Year)
    lasting, found = read_model(files, [f"data/{unit}/unit.yaml"], ReportingUnit)
    findings += found
    if value is None or lasting is None:
        return None, Policy(), findings
    wide, told = read_policy(lasting.disclosure, 1)
    narrow, more_told = read_policy(value.disclosure, 2)
    facts, tables, found = flatten(value, "", SourceSpan(base))
    general, lists, more = flatten(lasting, "unit", SourceSpan(f"data/{unit}/unit.yaml"))
    merged, clashes = _merged(Facts(year, facts, tables), general, lists)
    return merged, wide.over(narrow), findings + told + more_told + found + more + clashes


def _merged(
    facts: Facts, more: dict[str, Fact], tables: dict[str, tuple[str, ...]]
) -> tuple[Facts, tuple[Finding, ...]]:
    """Return `facts` with `more` added; a name told twice is a finding with both places."""
    added = Facts(facts.year, more, tables)
    both = [key for key in (*more, *tables) if key in facts.facts or key in facts.tables]
    clashes = tuple(
        finding("L110", _place(key, added), RelatedLocation(_place(key, facts), "first"), key=key)
        for key in dict.fromkeys(both)
    )
    return Facts(facts.year, {**facts.facts, **more}, {**facts.tables, **tables}), clashes


def _place(key: str, facts: Facts) -> SourceSpan:
    """Return where the fact `key` stands, or the first cell of the table `key`."""
    if key in facts.facts:
        return facts.facts[key].span
    cells = (fact.span for name, fact in facts.facts.items() if name.startswith(f"{key}."))
    return next(cells, NOWHERE)


_ALMOST = re.compile(r"\.ya?ml\b", re.IGNORECASE)


def unread(files: SourceFiles, *folders: str) -> tuple[Finding, ...]:
    """Return L126 for each file directly in `folders` with a name like `funds.yml`."""
    paths = (path for folder in folders for path in files.names(folder, ""))
    return tuple(
        finding("L126", SourceSpan(path))
        for path in paths
        if _ALMOST.search(path) and not path.endswith(".yaml")
    )


def unused(files: SourceFiles, folder: str, pack: Pack) -> tuple[Finding, ...]:
    """Return L128 for each narrative of the report in `folder` that `pack` has no section for.

    Names that begin with `_` are for other narratives to include.
    """
    wanted = {"opening"} if pack.opening == "narrative" else set()
    wanted |= set(_narratives(pack.outline))
    paths = files.names(f"{folder}/narrative", ".md")
    names = ((path, path.rpartition("/")[2].removesuffix(".md")) for path in paths)
    return tuple(
        finding("L128", SourceSpan(path))
        for path, name in names
        if name not in wanted and not name.startswith("_")
    )


def _narratives(sections: Iterable[Section]) -> Iterator[str]:
    for section in sections:
        if section.text == "narrative":
            yield section.id
        yield from _narratives(section.sections)
