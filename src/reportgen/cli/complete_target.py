"""What `explain` completes: codes, and keys of facts and figures; it loads the reports typed."""

from __future__ import annotations

import typer

from reportgen.cli.complete import Offers, project_files, safe_offers, typed_reports
from reportgen.findings import CODES, Diagnostics
from reportgen.load.inputs import load


def target(ctx: typer.Context, _incomplete: str = "") -> Offers:
    """Offer what `explain` explains: codes, and keys of facts and figures with their titles."""
    offers = [(code, spec.name) for code, spec in CODES.items()]
    files = project_files(ctx)
    for report in typed_reports(ctx):
        loaded = load(files, report.unit, report.year, report.report, Diagnostics())
        if loaded is not None:
            offers += [(metric.key, metric.title) for metric in loaded.rules.metrics]
            offers += [(fact.key, fact.title) for fact in loaded.facts.facts.values()]
    return safe_offers(offers)
