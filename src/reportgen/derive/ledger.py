"""Works out the ledger: facts become figures, metrics are evaluated on demand, once each."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction

from reportgen.derive.jobs import Job, jobs
from reportgen.derive.scores import ScoreJob, ScoreJobs, score_jobs, scored_figure
from reportgen.derive.shaping import derived_figure, fact_figure
from reportgen.findings import Finding, Place, finding
from reportgen.formula.evaluate import evaluate
from reportgen.formula.operand import Operand
from reportgen.formula.parse import FormulaError
from reportgen.model.facts import Fact, Facts
from reportgen.model.figures import Figure, Ledger
from reportgen.model.pack import Formats
from reportgen.model.quantity import Quantity
from reportgen.model.rules import Metric, Rules
from reportgen.model.source import Mark

PRIOR = "prior."


def derive(
    facts: Facts,
    prior: tuple[Facts, ...],
    metrics: Iterable[Metric],
    formats: Formats,
    scoring: Rules | None = None,
) -> tuple[Ledger, tuple[Finding, ...]]:
    """Return the ledger of `facts` with last year's under `prior.`, and findings (F1xx, R201).

    `prior` holds the earlier years, the nearest first. The same metrics are worked out for
    last year as far as its facts go; what it lacks is undefined there without a finding.
    """
    every = tuple(metrics)
    last = _last_year(facts.year, prior, every, formats)
    work = _Derivation(facts, last, every, formats, score_jobs(facts, scoring or Rules()))
    work.run()
    ledger = Ledger(
        year=facts.year,
        figures={**work.figures, **(last.figures if last else {})},
        texts={**work.texts, **(last.texts if last else {})},
        tables={**facts.tables, **(last.tables if last else {})},
    )
    return ledger, tuple(work.findings)


def _last_year(
    year: int, prior: tuple[Facts, ...], metrics: tuple[Metric, ...], formats: Formats
) -> Ledger | None:
    """Return last year's ledger with every key under `prior.`, or None if there are no facts."""
    if not prior or prior[0].year != year - 1:
        return None
    own, _ = derive(prior[0], prior[1:], metrics, formats)
    figures = {
        PRIOR + key: replace(f, key=PRIOR + key, inputs=tuple(PRIOR + k for k in f.inputs))
        for key, f in own.figures.items()
    }
    texts = {PRIOR + key: replace(t, key=PRIOR + key) for key, t in own.texts.items()}
    return Ledger(own.year, figures, texts, {PRIOR + k: rows for k, rows in own.tables.items()})


class _Derivation:
    """The figures of one year; it is the `Lookup` of its own formulas."""

    def __init__(
        self,
        facts: Facts,
        last: Ledger | None,
        metrics: tuple[Metric, ...],
        formats: Formats,
        scores: ScoreJobs,
    ) -> None:
        self.facts = facts
        self.last = last
        self.formats = formats
        self.jobs, found = jobs(metrics, facts.tables)
        self.scores, bad = scores
        self.findings: list[Finding] = [*found, *bad]
        self.figures: dict[str, Figure] = {}
        self.texts = {k: f for k, f in facts.facts.items() if isinstance(f.value, str)}
        self.operands: dict[str, Operand] = {}
        self.working: list[str] = []

    def run(self) -> None:
        """Work out every fact and metric, in the order of the files."""
        for key, fact in self.facts.facts.items():
            if not isinstance(fact.value, str):
                self.number(key)
        for key in (*self.jobs, *self.scores):
            self.number(key)

    def number(self, key: str) -> Operand | None:
        if key.startswith(PRIOR):
            return self._prior(key)
        if key not in self.operands:
            fact = self.facts.facts.get(key)
            if key in self.jobs:
                self.operands[key] = self._derived(self.jobs[key], fact)
            elif key in self.scores:
                self.operands[key] = self._scored(self.scores[key], fact)
            elif fact is None or isinstance(fact.value, str):
                return None
            else:
                self.operands[key] = self._fact(fact)
        return self.operands[key]

    def text(self, key: str) -> str | None:
        source = self.last.texts if key.startswith(PRIOR) and self.last else self.texts
        fact = source.get(key)
        return str(fact.value) if fact else None

    def rows(self, key: str) -> tuple[str, ...] | None:
        if key.startswith(PRIOR):
            return self.last.tables.get(key) if self.last else ()
        return self.facts.tables.get(key)

    def near(self, key: str) -> str:
        known = [*self.facts.facts, *self.jobs, *self.facts.tables]
        return "、".join(difflib.get_close_matches(key, known, n=3, cutoff=0.5)) or "—"

    def _prior(self, key: str) -> Operand | None:
        if self.last is None:
            self._once(finding("F111", self._here(), year=self.facts.year - 1))
            return Operand(None)
        figure = self.last.figures.get(key)
        return _operand(figure) if figure else None

    def _fact(self, fact: Fact) -> Operand:
        figure = fact_figure(fact, self.formats)
        self.figures[fact.key] = figure
        return _operand(figure)

    def _derived(self, job: Job, fact: Fact | None) -> Operand:
        if job.key in self.working:
            path = " → ".join([*self.working[self.working.index(job.key) :], job.key])
            self._once(finding("F105", job.metric.mark, subject=job.key, path=path))
            return Operand(None)
        self.working.append(job.key)
        try:
            result = evaluate(job.expression, job.context(self))
            figure = derived_figure(job, result, self.formats, self._title)
        except FormulaError as error:
            place = job.expression.mark_of(error.node)
            self._once(finding(error.code, place, subject=job.metric.key, **error.params))
            return Operand(None)
        finally:
            self.working.pop()
        self.figures[job.key] = figure
        if fact is not None and isinstance(fact.value, Quantity):
            self._compare(figure, fact, fact.value)
        return replace(_operand(figure), tolerance=result.tolerance)

    def _scored(self, job: ScoreJob, fact: Fact | None) -> Operand:
        """Work a score out by its rule; a typed one stands only where the rule cannot be used."""
        figure, found = scored_figure(job, self, fact, self.facts)
        for each in found:
            self._once(each)
        self.figures[job.key] = figure
        return _operand(figure)

    def _compare(self, figure: Figure, fact: Fact, typed: Quantity) -> None:
        """Report a typed value that differs from the one its rule gives (F112)."""
        if figure.value is None or abs(figure.value - typed.value) <= typed.tolerance:
            return
        self._once(
            finding(
                "F112",
                fact.mark,
                Place(figure.mark, "rule"),
                subject=figure.key,
                title=figure.title,
                typed=typed.text,
                computed=figure.text,
            )
        )

    def _title(self, key: str) -> str:
        """Return the title of the figure, fact, row or column at `key`; the key if it has none."""
        table, star, field = key.partition(".*.")
        if star and (rows := self.rows(table)):
            return self._title(f"{table}.{rows[0]}.{field}").rpartition("·")[2]
        figure = self.figures.get(key) or (self.last.figures.get(key) if self.last else None)
        if figure is not None:
            return figure.title
        fact = self.facts.facts.get(key)
        if fact is not None:
            return fact.title
        cells = (f.title for k, f in self.facts.facts.items() if k.startswith(f"{key}."))
        return next(cells, key).rpartition("·")[0] or key

    def _here(self) -> Mark:
        return self.jobs[self.working[-1]].metric.mark

    def _once(self, found: Finding) -> None:
        if found not in self.findings:
            self.findings.append(found)


def _operand(figure: Figure) -> Operand:
    tolerance = figure.unit.factor * Fraction(1, 2 * 10**figure.shape.decimals)
    exact = figure.kind == "derived"
    return Operand(
        figure.value,
        figure.unit,
        figure.shape.decimals,
        Fraction(0) if exact else tolerance,
        (figure.key,),
    )
