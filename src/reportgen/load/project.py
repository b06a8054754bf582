"""Loads everything one report needs: its unit, its years, its pack; or says what is missing."""

from __future__ import annotations

from dataclasses import dataclass

from reportgen.findings import Finding, Place, blocks, finding
from reportgen.load import rules
from reportgen.load.files import Files
from reportgen.load.flatten import flatten
from reportgen.load.packs import load_pack
from reportgen.load.reading import read_model
from reportgen.load.reports import Report
from reportgen.load.schema import Unit, Year
from reportgen.model.facts import Fact, Facts
from reportgen.model.pack import Pack
from reportgen.model.rules import Metric, Relation, Waiver
from reportgen.model.source import Mark


@dataclass(frozen=True, slots=True)
class Loaded:
    """What the later stages work on; `prior` holds the earlier years, the nearest first."""

    unit: str
    year: int
    report: str
    date: str
    facts: Facts
    prior: tuple[Facts, ...]
    pack: Pack
    metrics: tuple[Metric, ...]
    relations: tuple[Relation, ...]
    waivers: tuple[Waiver, ...]
    folder: str


def units(files: Files) -> tuple[str, ...]:
    """Return the units of the project: the folders of data/."""
    return files.folders("data")


def years(files: Files, unit: str) -> tuple[int, ...]:
    """Return the years of `unit`: the folders of data/<unit>/ that are named as years."""
    return tuple(int(n) for n in files.folders(f"data/{unit}") if n.isdigit() and len(n) == 4)


def reports(files: Files, unit: str, year: int) -> tuple[str, ...]:
    """Return the reports of `unit` in `year`: the folders that hold a report.yaml."""
    base = f"data/{unit}/{year}"
    return tuple(n for n in files.folders(base) if files.exists(f"{base}/{n}/report.yaml"))


def load(
    files: Files, unit: str, year: int, report: str
) -> tuple[Loaded | None, tuple[Finding, ...]]:
    """Return all that `report` of `unit` in `year` stands on, or None, with findings."""
    folder = f"data/{unit}/{year}/{report}"
    meta, findings = read_model(files, files.names(folder, ".yaml"), Report)
    facts, found = _year(files, unit, year)
    findings += found
    pack, found = load_pack(files, meta.pack) if meta else (None, ())
    findings += found
    prior: list[Facts] = []
    for past in sorted((y for y in years(files, unit) if y < year), reverse=True)[:3]:
        earlier, found = _year(files, unit, past)
        findings += found
        if earlier:
            prior.append(earlier)
    if meta is None or facts is None or pack is None or blocks(findings):
        return None, findings
    own, tables, found = flatten(meta, "report", Mark(f"{folder}/report.yaml"))
    findings += found
    merged, found = _merged(facts, own, tables)
    metrics, found_metrics = rules.metrics(meta.metrics.items())
    return Loaded(
        unit=unit,
        year=year,
        report=report,
        date=str(meta.date.value),
        facts=merged,
        prior=tuple(prior),
        pack=pack,
        metrics=(*pack.metrics, *metrics),
        relations=(*pack.relations, *rules.relations(meta.relations.items())),
        waivers=rules.waivers(meta.waivers),
        folder=folder,
    ), findings + found + found_metrics


def _year(files: Files, unit: str, year: int) -> tuple[Facts | None, tuple[Finding, ...]]:
    """Return the facts of one year together with those of the unit that last."""
    base = f"data/{unit}/{year}"
    value, findings = read_model(files, files.names(base, ".yaml"), Year)
    lasting, found = read_model(files, [f"data/{unit}/unit.yaml"], Unit)
    findings += found
    if value is None or lasting is None:
        return None, findings
    facts, tables, found = flatten(value, "", Mark(base))
    general, lists, more = flatten(lasting, "unit", Mark(f"data/{unit}/unit.yaml"))
    merged, clashes = _merged(Facts(year, facts, tables), general, lists)
    return merged, findings + found + more + clashes


def _merged(
    facts: Facts, more: dict[str, Fact], tables: dict[str, tuple[str, ...]]
) -> tuple[Facts, tuple[Finding, ...]]:
    """Return `facts` with `more` added; a key told twice is a finding with both places."""
    both = [key for key in more if key in facts.facts]
    clashes = tuple(
        finding("L110", more[key].mark, Place(facts.facts[key].mark, "first"), key=key)
        for key in both
    )
    return Facts(facts.year, {**facts.facts, **more}, {**facts.tables, **tables}), clashes
