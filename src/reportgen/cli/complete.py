"""What the shell completes: units, years, reports, packs, figures and codes, read from the project.

Each function is called on Tab with the options typed so far. Nothing is offered that a shell would
take for more than a word: zsh evaluates what it is given, and data may come from others.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import typer

from reportgen.findings import CODES, Diagnostics
from reportgen.load.inputs import load
from reportgen.load.jsonschema import SCHEMAS
from reportgen.model.edition import FORMATS
from reportgen.project.layout import packs
from reportgen.project.selection import ReportId, select
from reportgen.project.source_files import SourceFiles

Offer = list[tuple[str, str]]
"""Words with what they mean."""

_WORD = re.compile(r"[\w.,/%-]+")
_UNSAID = re.compile(r"[^\w .,/%·、，：（）〔〕《》“”—-]+")


def unit(ctx: typer.Context) -> Offer:
    """Offer the units that have reports of the year asked for."""
    return _offer((each.unit, "") for each in _reports(ctx, without="unit"))


def year(ctx: typer.Context) -> Offer:
    """Offer the years in which the unit asked for has reports."""
    return _offer((str(each.year), "") for each in _reports(ctx, without="year"))


def report(ctx: typer.Context) -> Offer:
    """Offer the reports of the unit and year asked for."""
    return _offer((each.report, "") for each in _reports(ctx, without="report"))


def pack(ctx: typer.Context) -> Offer:
    """Offer the packs of the project."""
    return _offer((name, "") for name in packs(_files(ctx)))


def schema(ctx: typer.Context) -> Offer:  # noqa: ARG001 — what typer calls takes it
    """Offer the kinds of file that have a schema."""
    return _offer((name, "") for name in SCHEMAS)


def formats(ctx: typer.Context, incomplete: str) -> Offer:  # noqa: ARG001 — the same
    """Offer the formats that are not yet in the list."""
    *given, _ = incomplete.split(",")
    return _offer((",".join((*given, name)), "") for name in FORMATS if name not in given)


def target(ctx: typer.Context) -> Offer:
    """Offer what `explain` explains: codes, and keys of facts and figures with their titles."""
    every = [(code, spec.name) for code, spec in CODES.items()]
    for each in _reports(ctx, without=""):
        loaded = load(_files(ctx), each.unit, each.year, each.report, Diagnostics())
        if loaded is not None:
            every += [(metric.key, metric.title) for metric in loaded.rules.metrics]
            every += [(fact.key, fact.title) for fact in loaded.facts.facts.values()]
    return _offer(every)


def _files(ctx: typer.Context) -> SourceFiles:
    return SourceFiles(Path(ctx.params.get("root") or "."))


def _reports(ctx: typer.Context, without: str) -> tuple[ReportId, ...]:
    """Return the reports that fit the options typed so far, leaving out the one being typed."""
    asked = {name: ctx.params.get(name) for name in ("unit", "year", "report") if name != without}
    wanted = asked.get("unit"), asked.get("year"), asked.get("report")
    return select(_files(ctx), *wanted, Diagnostics())


def _offer(every: Iterable[tuple[str, str]]) -> Offer:
    """Return each word once, in order; help loses what a shell could take for its own."""
    words = {word: _UNSAID.sub("", said) for word, said in every if _WORD.fullmatch(word)}
    return sorted(words.items())
