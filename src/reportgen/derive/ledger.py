"""Works out the ledger of a report, with last year's figures under `prior.`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from reportgen.derive.scores import score_jobs, standard_texts
from reportgen.derive.tasks import jobs
from reportgen.derive.working import LedgerBuilder
from reportgen.findings import Finding
from reportgen.formula.names import PRIOR
from reportgen.model.figures import Facts, Ledger
from reportgen.model.pack import Formats
from reportgen.model.rules import Metric, Rules


def derive(
    facts: Facts,
    prior: tuple[Facts, ...],
    metrics: Iterable[Metric],
    formats: Formats,
    scoring: Rules | None = None,
    *,
    hints: bool = True,
) -> tuple[Ledger, tuple[Finding, ...]]:
    """Return the ledger of `facts` with last year's under `prior.`, and findings (F1xx, R201).

    `prior` holds the earlier years, the nearest first. The same metrics are worked out for
    last year as far as its facts go; what it lacks is undefined there without a finding.
    Without `hints` findings name nothing like an unknown name; searching costs time.
    A metric that fails is told once and undefined, so that it does not seem to be missing.
    """
    every = tuple(metrics)
    made, found = jobs(every, facts.tables)
    scores, bad = score_jobs(facts, scoring or Rules())
    last = _last_year(facts.year, prior, every, formats)
    work = LedgerBuilder(facts, last, made, scores, formats, hints=hints)
    ledger = work.run()
    standards = standard_texts(scoring or Rules(), facts)
    ledger = replace(ledger, texts={**ledger.texts, **standards})
    return ledger, (*found, *bad, *work.findings.values())


def _last_year(
    year: int, prior: tuple[Facts, ...], metrics: tuple[Metric, ...], formats: Formats
) -> Ledger | None:
    """Return last year's ledger with every key under `prior.`, or None if there are no facts."""
    if not prior or prior[0].year != year - 1:
        return None
    own, _ = derive(prior[0], prior[1:], metrics, formats, hints=False)

    def title(key: str, text: str) -> str:
        return text if key.startswith(PRIOR) else f"{own.year}年{text}"

    figures = {
        PRIOR + key: replace(
            figure,
            key=PRIOR + key,
            title=title(key, figure.title),
            inputs=tuple(PRIOR + inner for inner in figure.inputs),
        )
        for key, figure in own.figures.items()
    }
    texts = {
        PRIOR + key: replace(text, key=PRIOR + key, title=title(key, text.title))
        for key, text in own.texts.items()
    }
    return Ledger(own.year, figures, texts, {PRIOR + k: rows for k, rows in own.tables.items()})
