"""Works out the ledger of a report, with last year's figures under `prior.`."""

from __future__ import annotations

from dataclasses import replace

from reportgen.derive.scores import score_jobs, standard_texts
from reportgen.derive.tasks import derivations
from reportgen.derive.working import LedgerBuilder
from reportgen.findings import Diagnostics
from reportgen.formula.names import PRIOR
from reportgen.model.figures import Facts, Ledger
from reportgen.model.pack import Formats
from reportgen.model.rules import Rules


def derive(
    facts: Facts,
    prior: tuple[Facts, ...],
    rules: Rules,
    formats: Formats,
    log: Diagnostics,
    *,
    hints: bool = True,
) -> Ledger:
    """Return the ledger of `facts` by `rules`, with last year's under `prior.` (F1xx, R201).

    `prior` holds the earlier years, the nearest first. The same metrics are worked out for
    last year as far as its facts go; what it lacks is undefined there without a finding.
    Without `hints` findings name nothing like an unknown name; searching costs time.
    A metric that fails is told once and undefined, so that it does not seem to be missing.
    """
    metrics = derivations(rules.metrics, facts.tables, log)
    scores = score_jobs(facts, rules, log)
    last = _last_year(facts.year, prior, rules, formats)
    builder = LedgerBuilder(facts, last, metrics, scores, formats, hints=hints)
    ledger = builder.run()
    log.extend(builder.findings.values())
    return replace(ledger, texts={**ledger.texts, **standard_texts(rules, facts)})


def _last_year(
    year: int, prior: tuple[Facts, ...], rules: Rules, formats: Formats
) -> Ledger | None:
    """Return last year's ledger with every key under `prior.`, or None if there are no facts."""
    if not prior or prior[0].year != year - 1:
        return None
    metrics_alone = Rules(metrics=rules.metrics)
    own = derive(prior[0], prior[1:], metrics_alone, formats, Diagnostics(), hints=False)

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
