"""What the shell completes: units, years, reports, packs, formats, schemas, what is explained.

Each function is called on Tab with the options typed so far. Nothing is offered that a shell would
take for more than a word: zsh evaluates what it is given, and data may come from others.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import typer

from reportgen.cli.options import SCHEMA_NAMES
from reportgen.findings import CODES, Diagnostics
from reportgen.model.edition import FORMATS
from reportgen.project.layout import ReportId, packs, select
from reportgen.project.source_files import SourceFiles

Offers = list[tuple[str, str]]
"""Words with what they mean."""

_WORD = re.compile(r"[\w.,/%-]+")
_REMOVED = re.compile(r"[^\w .,/%·、，：（）〔〕《》“”—-]+")


def unit(ctx: typer.Context, _incomplete: str = "") -> Offers:
    """Offer the units that have reports of the year asked for."""
    return word_offers(report.unit for report in typed_reports(ctx, without="unit"))


def year(ctx: typer.Context, _incomplete: str = "") -> Offers:
    """Offer the years in which the unit asked for has reports."""
    return word_offers(str(report.year) for report in typed_reports(ctx, without="year"))


def report(ctx: typer.Context, _incomplete: str = "") -> Offers:
    """Offer the reports of the unit and year asked for."""
    return word_offers(report.report for report in typed_reports(ctx, without="report"))


def pack(ctx: typer.Context, _incomplete: str = "") -> Offers:
    """Offer the packs of the project."""
    return word_offers(packs(project_files(ctx)))


def schema(_ctx: typer.Context, _incomplete: str = "") -> Offers:
    """Offer the kinds of file that have a schema."""
    return word_offers(SCHEMA_NAMES)


def formats(_ctx: typer.Context, incomplete: str = "") -> Offers:
    """Offer the formats that are not yet in the list."""
    *typed, _ = incomplete.split(",")
    missing = [name for name in FORMATS if name not in typed]
    return word_offers(",".join((*typed, name)) for name in missing)


def target(ctx: typer.Context, _incomplete: str = "") -> Offers:
    """Offer what `explain` explains: codes, and keys of facts and figures with their titles."""
    from reportgen.load.inputs import load  # noqa: PLC0415 - the others load no stage

    offers = [(code, spec.name) for code, spec in CODES.items()]
    files = project_files(ctx)
    for report in typed_reports(ctx):
        loaded = load(files, report.unit, report.year, report.report, Diagnostics())
        if loaded is not None:
            offers += [(metric.key, metric.title) for metric in loaded.rules.metrics]
            offers += [(fact.key, fact.title) for fact in loaded.facts.facts.values()]
    return safe_offers(offers)


def project_files(ctx: typer.Context) -> SourceFiles:
    """Return the files of the project that the command line names."""
    return SourceFiles(Path(ctx.params.get("root") or "."))


def typed_reports(ctx: typer.Context, without: str = "") -> tuple[ReportId, ...]:
    """Return the reports that fit the options typed so far, leaving out the one being typed."""
    typed = dict(ctx.params)
    typed.pop(without, None)
    selection = typed.get("unit"), typed.get("year"), typed.get("report")
    return select(project_files(ctx), *selection, Diagnostics())


def word_offers(words: Iterable[str]) -> Offers:
    """Return `words` as offers that mean nothing more."""
    return safe_offers((word, "") for word in words)


def safe_offers(offers: Iterable[tuple[str, str]]) -> Offers:
    """Return each word once, in order; meanings lose what a shell could take for its own."""
    safe = {}
    for word, meaning in offers:
        if _WORD.fullmatch(word):
            safe[word] = _REMOVED.sub("", meaning)
    return sorted(safe.items())
