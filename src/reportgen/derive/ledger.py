"""Works out the ledger of a report, with last year's figures under `prior.`."""

from __future__ import annotations

from dataclasses import replace

from reportgen.derive.scores import score_jobs, standard_texts
from reportgen.derive.tasks import derivations
from reportgen.derive.working import LedgerBuilder
from reportgen.findings import Diagnostics
from reportgen.formula.names import PRIOR
from reportgen.model.figures import Fact, Facts, Figure, Ledger
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
    A metric that fails is logged once and undefined, so that it does not seem to be missing.
    """
    to_derive = derivations(rules.metrics, facts.tables, log)
    to_score = score_jobs(facts, rules, log)
    last = _last_year(facts.year, prior, rules, formats)
    builder = LedgerBuilder(facts, last, to_derive, to_score, formats, hints=hints)
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
    return Ledger(
        own.year,
        {PRIOR + key: _as_prior(figure, own.year) for key, figure in own.figures.items()},
        {PRIOR + key: _text_as_prior(text, own.year) for key, text in own.texts.items()},
        {PRIOR + key: rows for key, rows in own.tables.items()},
    )


def _as_prior(figure: Figure, year: int) -> Figure:
    """Return a figure of `year` as the year after it sees it."""
    return replace(
        figure,
        key=PRIOR + figure.key,
        title=_prior_title(figure.key, figure.title, year),
        inputs=tuple(PRIOR + key for key in figure.inputs),
    )


def _text_as_prior(text: Fact, year: int) -> Fact:
    title = _prior_title(text.key, text.title, year)
    return replace(text, key=PRIOR + text.key, title=title)


def _prior_title(key: str, title: str, year: int) -> str:
    """Return a title with its year, which that of a year before has already."""
    return title if key.startswith(PRIOR) else f"{year}年{title}"
