"""What readers of a version know: its figures as they are printed, and its rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from reportgen.derive.tasks import derivations
from reportgen.findings import Diagnostics
from reportgen.flow.staged import Version
from reportgen.formula.names import PRIOR
from reportgen.inference.disclosed_facts import Formulas, ReportFacts
from reportgen.inference.printed import NumberGroup, NumberReader
from reportgen.model.document import Document, Value, values
from reportgen.model.figures import Ledger
from reportgen.model.locations import located_texts
from reportgen.model.rules import Rules


def report_facts(version: Version) -> ReportFacts:
    """Return the figures of a version, those that it prints, and what ties them."""
    report = version.derived
    return ReportFacts(
        name=report.job.name,
        year=report.ledger.year,
        ledger=report.ledger,
        printed=printed_values(version.document),
        formulas=dict(_formulas(report.ledger, report.inputs.rules)),
        relations=report.inputs.rules.relations,
        hidden=version.disclosed.hidden,
        formats=report.inputs.pack.formats,
    )


def printed_values(document: Document) -> Mapping[str, tuple[Value, ...]]:
    """Return how each figure is printed, by key, every way once."""
    prints: dict[str, tuple[Value, ...]] = {}
    for text in located_texts(document):
        for value in values(text.inlines):
            ways = prints.get(value.key, ())
            if value not in ways:
                prints[value.key] = (*ways, value)
    return prints


def _formulas(ledger: Ledger, rules: Rules) -> Iterator[tuple[str, Mapping[str, Formulas]]]:
    """Yield the formulas of each year in `ledger`, with what stands before its keys."""
    prefix = ""
    while any(key.startswith(prefix) for key in ledger.figures):
        yield prefix, derivations(rules.metrics, _tables(ledger, prefix), Diagnostics())
        prefix += PRIOR


def _tables(ledger: Ledger, prefix: str) -> Mapping[str, tuple[str, ...]]:
    """Return the rows of the tables whose keys begin with `prefix`, by what follows it."""
    tables: dict[str, tuple[str, ...]] = {}
    for key, rows in ledger.tables.items():
        if prefix in key:
            tables[key.removeprefix(prefix)] = rows
    return tables


def number_groups(version: Version) -> Iterator[NumberGroup]:
    """Yield where a version prints numbers that its readers may put together."""
    report = version.derived
    reader = NumberReader(report.job.name, report.ledger.figures, report.inputs.pack.formats)
    return reader.groups(version.document)
