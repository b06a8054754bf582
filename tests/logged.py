"""Steps with what they log, as pairs of value and findings, so that a test can look at both."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from reportgen.compose import charts, document
from reportgen.derive import ledger, tasks
from reportgen.disclose import document as redacted
from reportgen.findings import Diagnostics, Finding
from reportgen.load import flatten as flattened
from reportgen.load import frame_files, inputs, packs, reading
from reportgen.model.pack import Formats
from reportgen.model.rules import Metric, Rules
from reportgen.project import layout as selection
from reportgen.verify import proof as proofs
from reportgen.write import writers

Logged = tuple[Any, tuple[Finding, ...]]


def logged(step: Callable[..., Any], *arguments: Any, **options: Any) -> Logged:
    """Return what `step` returns, called with a log as its last argument, and what it logged."""
    log = Diagnostics()
    value = step(*arguments, log, **options)
    return value, tuple(log)


def derive(
    facts: Any,
    prior: tuple[Any, ...],
    metrics: Iterable[Metric],
    formats: Formats,
    rules: Rules | None = None,
) -> Logged:
    """Return the ledger of `facts` by `metrics`, with the scoring rules of `rules`."""
    rules = rules or Rules()
    every = Rules(tuple(metrics), rules.relations, rules.standards, rules.scorings, rules.literals)
    return logged(ledger.derive, facts, prior, every, formats)


def derivations(*arguments: Any) -> Logged:
    return logged(tasks.derivations, *arguments)


def load(*arguments: Any) -> Logged:
    return logged(inputs.load, *arguments)


def load_pack(*arguments: Any) -> Logged:
    return logged(packs.load_pack, *arguments)


def load_edition(*arguments: Any) -> Logged:
    return logged(frame_files.load_edition, *arguments)


def read_model(files: Any, paths: Any, schema: Any, home: str = "") -> Logged:
    log = Diagnostics()
    value = reading.read_model(files, paths, schema, log, home)
    return value, tuple(log)


def flatten(value: Any, prefix: str, span: Any) -> tuple[Any, Any, tuple[Finding, ...]]:
    facts, findings = logged(flattened.flatten, value, 0, prefix, span)
    return facts.facts, facts.tables, findings


def select(*arguments: Any) -> Logged:
    return logged(selection.select, *arguments)


def compose(*arguments: Any) -> Logged:
    return logged(document.compose, *arguments)


def chart_annex(*arguments: Any) -> Logged:
    return logged(charts.chart_annex, *arguments)


def redact_document(*arguments: Any) -> tuple[Any, Any, tuple[Finding, ...]]:
    (document_, entries), findings = logged(redacted.redact_document, *arguments)
    return document_, entries, findings


def write(*arguments: Any) -> Logged:
    return logged(writers.write, *arguments)


def proof(document: Any, disclosed: Any) -> Logged:
    return logged(proofs.proof, document, disclosed, {})
