"""What readers of a version know: its figures as they are printed, and its rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction

from reportgen.derive.tasks import derivations
from reportgen.findings import Diagnostics
from reportgen.flow.staged import Version
from reportgen.formula.names import PRIOR
from reportgen.inference.disclosed_facts import Formulas, ReportFacts
from reportgen.inference.linear_forms import Interval
from reportgen.inference.printed import NumberGroup, NumberReader, StatedNumber
from reportgen.model.document import Document, Value, values
from reportgen.model.figures import Figure, Ledger
from reportgen.model.locations import located_texts
from reportgen.model.rules import Rules

TELLING = 4
"""A typed number of that many significant digits is taken for the figure of the same value."""


def report_facts(version: Version, groups: Iterable[NumberGroup]) -> ReportFacts:
    """Return the figures of a version, what it prints or states in `groups`, and what ties them."""
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
        known=dict(_known(version, groups)),
    )


def _known(version: Version, groups: Iterable[NumberGroup]) -> Iterator[tuple[str, Interval]]:
    """Yield what readers know of figures that are not withheld though none is printed as such.

    All but the public get figures.json and the workbook with exact numbers; others may be typed
    in a text, by `TELLING` digits or more.
    """
    figures = version.disclosed.ledger.figures
    if version.document.audience != "public":
        for key, figure in figures.items():
            if figure.value is not None:
                yield key, Interval(figure.value, figure.value)
        return
    typed: dict[StatedNumber, None] = {}
    for group in groups:
        typed |= dict.fromkeys(n for n in group.numbers if not n.key and n.digits >= TELLING)
    for key, figure in figures.items():
        yield from ((key, interval) for interval in _stated(figure, typed))


def _stated(figure: Figure, typed: Iterable[StatedNumber]) -> Iterator[Interval]:
    """Yield where a figure lies by each of the `typed` numbers that state it."""
    if figure.value is not None:
        for number in typed:
            if _states(number, figure, figure.value):
                yield Interval.around(number.value, number.margin)


def _states(number: StatedNumber, figure: Figure, value: Fraction) -> bool:
    """Return whether a typed number is that of `figure`."""
    is_alike = number.dimension == figure.unit.dimension
    return is_alike and abs(number.value - value) <= number.margin


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
