"""What every figure of a report is called, before any of them is worked out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from reportgen.derive.scores import ScoreJob, scored_figure
from reportgen.derive.shaping import derived_figure, fact_figure, undefined_figure
from reportgen.derive.tasks import Derivation, circle, names_it
from reportgen.findings import Diagnostics, Finding, RelatedLocation, finding
from reportgen.formula.evaluate import evaluate
from reportgen.formula.faults import fault
from reportgen.formula.lookup import LedgerLookup, nearest, operand
from reportgen.formula.names import MEASURES, PRIOR
from reportgen.formula.operand import Operand, counts
from reportgen.formula.reading import Titles
from reportgen.formula.syntax import FormulaError, every_name
from reportgen.model.figures import Fact, Facts, Figure, Ledger
from reportgen.model.pack import Formats
from reportgen.model.quantity import Quantity
from reportgen.model.source import SourceSpan
from reportgen.model.units import ONE


def naming(
    facts: Facts,
    jobs: Mapping[str, Derivation],
    scores: Mapping[str, ScoreJob],
    last: Ledger | None,
) -> Titles:
    """Return the titles of all facts, metrics and scores of a year, and of `last` year's."""
    known = {key: _fact_title(fact, facts) for key, fact in facts.facts.items()}
    rows = Titles(known, facts.tables, facts.year)
    past = {key: figure.title for key, figure in last.figures.items()} if last else {}
    past |= {key: text.title for key, text in last.texts.items()} if last else {}
    scored = {key: f"{rows.of(job.row)}·得分" for key, job in scores.items()}
    derived = {key: job.title(rows) for key, job in jobs.items()}
    tables = {**facts.tables, **(last.tables if last else {})}
    return Titles({**scored, **known, **derived, **past}, tables, facts.year)


def _fact_title(fact: Fact, facts: Facts) -> str:
    """Return the title of `fact`; in a table of the author's own, with the name of its row."""
    row, _, field = fact.key.rpartition(".")
    if fact.title != field or row.rpartition(".")[0] not in facts.tables:
        return fact.title
    name = facts.facts.get(f"{row}.name")
    word = MEASURES.get(field, field)
    return f"{name.value}·{word}" if name and isinstance(name.value, str) else word


def agrees(figure: Figure, typed: Quantity | str) -> bool:
    """Return whether `typed` is, as far as it was written, the value of `figure`."""
    if isinstance(typed, str) or figure.value is None:
        return False
    alike = typed.unit.dimension == figure.unit.dimension
    if not alike and not (typed.unit == ONE and counts(figure.unit)):
        return False
    return abs(figure.value - typed.value) <= typed.tolerance


def differs(figure: Figure, fact: Fact) -> Finding:
    """Return F112 for a typed value that differs from the one its rule gives."""
    typed = fact.value.text if isinstance(fact.value, Quantity) else str(fact.value)
    return finding(
        "F112",
        fact.span,
        RelatedLocation(figure.span, "rule"),
        subject=figure.key,
        title=figure.title,
        typed=typed,
        computed=figure.text or "—",
    )


class LedgerBuilder:
    """The figures of one year as far as they are worked out; the `Lookup` of its formulas.

    A formula that asks for a figure not yet worked out gets a blank and is worked out again
    after that figure: by a list of what is left, so that no chain of metrics is too long.
    """

    def __init__(
        self,
        facts: Facts,
        last: Ledger | None,
        jobs: Mapping[str, Derivation],
        scores: Mapping[str, ScoreJob],
        formats: Formats,
        *,
        hints: bool = True,
    ) -> None:
        self.hints = hints
        self.facts = facts
        self.last = last
        self.formats = formats
        self.jobs = jobs
        self.scores = {key: job for key, job in scores.items() if key not in jobs}
        self.findings: dict[object, Finding] = {}
        self.titles = naming(facts, jobs, self.scores, last)
        past = last or Ledger(facts.year - 1)
        texts = {k: f for k, f in facts.facts.items() if isinstance(f.value, str)}
        self.figures: dict[str, Figure] = dict(past.figures)
        self.ledger = Ledger(
            facts.year, self.figures, {**texts, **past.texts}, {**facts.tables, **past.tables}
        )
        self.done = LedgerLookup(self.ledger)
        self.missing: dict[str, None] = {}
        self.working = ""

    def run(self) -> Ledger:
        """Return the ledger with every fact, metric and score, in the order of the files."""
        derived = (*self.jobs, *self.scores)
        for key, fact in self.facts.facts.items():
            if not self._is_derived(key) and not isinstance(fact.value, str):
                self.figures[key] = fact_figure(fact, self.titles.of(key), self.formats)
        for key in derived:
            self._settle(key)
        order = dict.fromkeys((*self.facts.facts, *derived, *self.figures))
        figures = {key: self.figures[key] for key in order if key in self.figures}
        return replace(self.ledger, figures=figures)

    def _settle(self, key: str) -> None:
        """Work out the figure at `key`, after those it needs."""
        left = [key]
        begun: dict[str, None] = {}
        while left:
            at = left[-1]
            if at in self.figures:
                begun.pop(left.pop(), None)
                continue
            begun[at] = None
            lacking = self._attempt(at)
            again = next((k for k in lacking if k in begun), None)
            if again is None:
                left.extend(reversed(lacking))
            else:
                keys = list(begun)
                self._break(keys[keys.index(again) :])

    def _attempt(self, key: str) -> tuple[str, ...]:
        """Work out the figure at `key`, or return the keys that have to be worked out before."""
        self.missing = {}
        self.working = key
        if key in self.jobs:
            self._metric(self.jobs[key])
        else:
            self._score(self.scores[key])
        return tuple(self.missing)

    def _metric(self, job: Derivation) -> None:
        figure: Figure | None = None
        try:
            result = evaluate(job.expression, job.context(self)) if job.expression else None
            if result is not None and not self.missing:
                figure = derived_figure(job, result, self.formats, self._undefined(job))
        except FormulaError as error:
            if not self.missing:
                self._fail(job, error)
        if not self.missing:
            self._keep(figure or self._undefined(job))

    def _score(self, job: ScoreJob, *, anyway: bool = False) -> None:
        """Work a score out by its rule; a typed one stands only where the rule cannot be used."""
        problems = Diagnostics()
        typed = self.facts.facts.get(job.key)
        figure = scored_figure(job, self, typed, self.facts, problems)
        if anyway or not self.missing:
            self.figures[job.key] = figure
            for problem in problems:
                self.findings[problem.code, problem.places] = problem

    def _break(self, keys: list[str]) -> None:
        """Tell of a circle of formulas and leave its figures undefined."""
        spans = [
            names_it(self.jobs[key], following, self)
            if key in self.jobs
            else self.scores[key].scoring.span
            for key, following in zip(keys, [*keys[1:], keys[0]], strict=True)
        ]
        subject = self.jobs[keys[0]].metric.key if keys[0] in self.jobs else keys[0]
        self.findings.setdefault(frozenset(spans), circle(keys, spans, subject))
        for key in keys:
            if key in self.jobs:
                self._keep(self._undefined(self.jobs[key]))
            else:
                self._score(self.scores[key], anyway=True)

    def _fail(self, job: Derivation, error: FormulaError) -> None:
        same = (error.code, job.metric.span, error.part, error.keys)
        if same not in self.findings:
            formula, subject = job.metric.formula, job.metric.key
            self.findings[same] = fault(formula, error, subject, self, self.ledger)

    def _undefined(self, job: Derivation) -> Figure:
        return undefined_figure(job, self.formats, self.titles, self.done)

    def _keep(self, figure: Figure) -> None:
        """Keep a worked-out figure; a number typed in its place stands where it is undefined."""
        fact = self.facts.facts.get(figure.key)
        self.figures[figure.key] = figure
        if fact is None or fact.value is None:
            return
        if figure.value is None and isinstance(fact.value, Quantity):
            self.figures[figure.key] = fact_figure(fact, figure.title, self.formats)
        elif not agrees(figure, fact.value):
            self.findings[fact.span] = differs(figure, fact)

    def number(self, key: str) -> Operand | None:
        """Return the figure at `key`; one still to be worked out is noted and undefined."""
        figure = self.figures.get(key)
        if figure is not None:
            return operand(figure)
        if self._is_derived(key):
            self.missing[key] = None
            return Operand(None)
        if key.startswith(PRIOR):
            later = key.removeprefix(PRIOR)
            if later in self.figures or self._is_derived(later):
                self._note_last_year()
                return Operand(None)
        return None

    def _is_derived(self, key: str) -> bool:
        return key in self.jobs or key in self.scores

    def text(self, key: str) -> str | None:
        """Return the text at `key`: a fact, or the word of a graded figure."""
        job = self.jobs.get(key)
        if job is not None and job.metric.grades and key not in self.figures:
            self.missing[key] = None
        return self.done.text(key)

    def rows(self, key: str) -> tuple[str, ...] | None:
        """Return the row ids of the table at `key`; last year's need not be there."""
        rows = self.done.rows(key)
        if rows is not None and key.startswith(PRIOR):
            self._note_last_year()
        return rows

    def near(self, key: str) -> str:
        """Return known keys like `key`."""
        return nearest(key, self._known()) if self.hints else "—"

    def _known(self) -> Iterable[str]:
        return {**self.facts.facts, **self.jobs, **self.scores, **self.facts.tables}

    def _note_last_year(self) -> None:
        """Warn once where a formula looks for last year and there is none."""
        if self.last is None and "F111" not in self.findings:
            year = self.facts.year - 1
            span, subject = self._looking_back()
            self.findings["F111"] = finding("F111", span, subject=subject, year=year)

    def _looking_back(self) -> tuple[SourceSpan, str]:
        """Return where the formula being worked out names last year, and whose formula it is."""
        job = self.jobs.get(self.working)
        if job is None or job.expression is None:
            return self.scores[self.working].scoring.span, self.working
        context = job.context(self)
        named = every_name(job.expression.tree)
        name = next((n for n in named if context.full(n.key).startswith(PRIOR)), None)
        return job.expression.span_of(name), job.metric.key
