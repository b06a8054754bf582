"""Works out the ledger of a report, each figure after those it needs; last year's are `prior.`"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from reportgen.derive.scores import ScoreJob, score_jobs, scored_figure, standard_texts
from reportgen.derive.shaping import (
    blank_figure,
    derived_figure,
    fact_figure,
    figure_as_prior,
    text_as_prior,
    undefined_figure,
    waiting,
)
from reportgen.derive.tasks import (
    Derivation,
    cycle_finding,
    derivations,
    span_of_need,
    titles_of,
)
from reportgen.findings import Diagnostics, Finding, RelatedLocation, finding
from reportgen.formula.evaluate import evaluate
from reportgen.formula.lookup import OF_VALUES, LedgerLookup, fault, nearest, operand
from reportgen.formula.names import PRIOR, is_of_last_year
from reportgen.formula.operand import Operand, counts
from reportgen.formula.syntax import FormulaError, every_name
from reportgen.model.figures import UNFILLED, Fact, Facts, Figure, Ledger, Unfilled
from reportgen.model.pack import Formats
from reportgen.model.quantity import Quantity
from reportgen.model.rules import Rules
from reportgen.model.source import SourceSpan
from reportgen.model.units import ONE, Unit


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
    last = _last_year(facts, prior, rules, formats)
    facts = replace(facts, values={each.key: each.texts for each in rules.values})
    builder = LedgerBuilder(facts, last, to_derive, to_score, formats, hints=hints)
    ledger = builder.run()
    log.extend(builder.findings.values())
    return replace(ledger, texts={**ledger.texts, **standard_texts(rules, facts)})


def _last_year(
    facts: Facts, prior: tuple[Facts, ...], rules: Rules, formats: Formats
) -> Ledger | None:
    """Return last year's ledger with every key under `prior.`, or None if there are no facts.

    What this year's `facts` need of it waits there to be filled in.
    """
    if not prior or prior[0].year != facts.year - 1:
        return None
    metrics_alone = Rules(metrics=rules.metrics)
    last = replace(prior[0], unfilled={**prior[0].unfilled, **_needed_of_last(facts)})
    own = derive(last, prior[1:], metrics_alone, formats, Diagnostics(), hints=False)
    return Ledger(
        own.year,
        {PRIOR + key: figure_as_prior(figure, own.year) for key, figure in own.figures.items()},
        {PRIOR + key: text_as_prior(text, own.year) for key, text in own.texts.items()},
        {PRIOR + key: rows for key, rows in own.tables.items()},
        unfilled={PRIOR + key: blank for key, blank in own.unfilled.items()},
    )


def _needed_of_last(facts: Facts) -> dict[str, Unfilled]:
    """Return what `facts` need of last year and its files lack, by the keys of that year."""
    keys = filter(is_of_last_year, facts.unfilled)
    return {key.removeprefix(PRIOR): facts.unfilled[key] for key in keys}


def agrees(figure: Figure, typed: Quantity | str) -> bool:
    """Return whether `typed` is, as far as it was written, the value of `figure`."""
    if isinstance(typed, str) or figure.value is None:
        return False
    is_comparable = _are_comparable(typed.unit, figure.unit)
    return is_comparable and abs(figure.value - typed.value) <= typed.tolerance


def _are_comparable(typed: Unit, derived: Unit) -> bool:
    """Return whether two units measure the same; a bare number counts whatever is counted."""
    return typed.dimension == derived.dimension or (typed == ONE and counts(derived))


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
        to_derive: Mapping[str, Derivation],
        scores: Mapping[str, ScoreJob],
        formats: Formats,
        *,
        hints: bool = True,
    ) -> None:
        self.hints = hints
        self.facts = facts
        self.last = last
        self.formats = formats
        self.derivations = to_derive
        self.scores = {key: job for key, job in scores.items() if key not in to_derive}
        self.findings: dict[object, Finding] = {}
        self.titles = titles_of(facts, to_derive, self.scores, last)
        past = last or Ledger(facts.year - 1)
        self.unfilled = _unfilled(facts, last)
        texts = {key: fact for key, fact in facts.facts.items() if self._is_text(fact)}
        self.figures: dict[str, Figure] = dict(past.figures)
        self.ledger = Ledger(
            facts.year,
            self.figures,
            {**texts, **past.texts},
            {**facts.tables, **past.tables},
            facts.values,
            self.unfilled,
            facts.unconfirmed,
        )
        self.done = LedgerLookup(self.ledger)
        self.missing: dict[str, None] = {}
        self.waiting: dict[str, None] = {}
        self.lacks_last_year = last is None and any(map(is_of_last_year, facts.unfilled))
        self.working = ""

    def run(self) -> Ledger:
        """Return the ledger with every fact, metric and score, in the order of the files."""
        self._add_facts()
        derived = (*self.derivations, *self.scores)
        for key in derived:
            self._work_out(key)
        figures: dict[str, Figure] = {}
        for key in (*self.facts.facts, *derived, *self.figures):
            if key in self.figures:
                figures[key] = self.figures[key]
        for key in filter(self._is_derived, tuple(self.unfilled)):
            self._drop_unless_typed(figures[key])
        return replace(self.ledger, figures=figures)

    def _drop_unless_typed(self, figure: Figure) -> None:
        """Take what is worked out from what is to be filled in: nobody need type it."""
        if figure.value is not None or figure.inputs:
            del self.unfilled[figure.key]

    def _is_text(self, fact: Fact) -> bool:
        return isinstance(fact.value, str) and fact.key not in self.unfilled

    def _add_facts(self) -> None:
        """Add the typed numbers, but for those in the place of figures to be worked out.

        What is to be filled in is a blank, be it in no file yet.
        """
        for key, fact in self.facts.facts.items():
            if not self._is_derived(key) and not self._is_text(fact):
                self.figures[key] = fact_figure(fact, self.titles.of(key), self.formats)
        for key, blank in self.unfilled.items():
            if key not in self.ledger.tables and not self._is_derived(key):
                self.figures[key] = blank_figure(key, self.titles.of(key), blank.span, UNFILLED)

    def _work_out(self, key: str) -> None:
        """Work out the figure at `key`, after those it needs."""
        left = [key]
        begun: dict[str, None] = {}
        while left:
            current = left[-1]
            if current in self.figures:
                begun.pop(left.pop(), None)
                continue
            begun[current] = None
            needed = self._attempt(current)
            cycle = _cycle(needed, begun)
            if cycle:
                self._break(cycle)
            else:
                left.extend(reversed(needed))

    def _attempt(self, key: str) -> tuple[str, ...]:
        """Work out the figure at `key`, or return the keys that have to be worked out before."""
        self.missing, self.waiting = {}, {}
        self.working = key
        if key in self.derivations:
            self._derive(self.derivations[key])
        else:
            self._score(self.scores[key])
        return tuple(self.missing)

    def _derive(self, derivation: Derivation) -> None:
        """Work a metric out, unless something is missing; what fails is undefined."""
        figure: Figure | None = None
        try:
            figure = self._derived_figure(derivation)
        except FormulaError as error:
            if not self.missing and not (self.waiting and error.code in OF_VALUES):
                self._log_failure(derivation, error)
        if not self.missing:
            self._keep(self._unless_waiting(figure or self._undefined(derivation)))

    def _unless_waiting(self, figure: Figure) -> Figure:
        """Return a figure worked out, or as waiting for what it looked at and is to be filled in.

        Part of a sum is no sum. A figure that the pack requires waits for all that it lacks.
        """
        is_wanted = figure.value is None and figure.key in self.unfilled
        return waiting(figure, self.waiting) if self.waiting or is_wanted else figure

    def _derived_figure(self, derivation: Derivation) -> Figure | None:
        """Return the figure, None if it cannot be worked out yet; raises `FormulaError`."""
        if derivation.expression is None:
            return None
        result = evaluate(derivation.expression, derivation.context(self))
        if self.missing:
            return None
        return derived_figure(derivation, result, self.formats, self._undefined(derivation))

    def _score(self, job: ScoreJob, *, anyway: bool = False) -> None:
        """Work a score out by its rule; a typed one stands only where the rule cannot be used."""
        problems = Diagnostics()
        typed = self.facts.facts.get(job.key)
        figure = scored_figure(job, self, typed, self.facts, problems)
        is_typed = figure.value is not None and not figure.formula
        if not is_typed:
            figure = self._unless_waiting(figure)
        if anyway or not self.missing:
            self.figures[job.key] = figure
            for problem in problems:
                self.findings[problem.code, problem.places] = problem

    def _break(self, keys: list[str]) -> None:
        """Log a cycle of formulas and leave its figures undefined."""
        following = [*keys[1:], keys[0]]
        pairs = zip(keys, following, strict=True)
        spans = [self._span_of_need(key, needed) for key, needed in pairs]
        first = self.derivations.get(keys[0])
        subject = first.metric.key if first else keys[0]
        self.findings.setdefault(frozenset(spans), cycle_finding(keys, spans, subject))
        for key in keys:
            self._leave_undefined(key)

    def _leave_undefined(self, key: str) -> None:
        if key in self.derivations:
            self._keep(self._undefined(self.derivations[key]))
        else:
            self._score(self.scores[key], anyway=True)

    def _span_of_need(self, key: str, needed: str) -> SourceSpan:
        """Return where the rule of the figure at `key` needs another."""
        if key in self.derivations:
            return span_of_need(self.derivations[key], needed, self)
        return self.scores[key].scoring.span

    def _log_failure(self, derivation: Derivation, error: FormulaError) -> None:
        metric = derivation.metric
        same = (error.code, metric.span, error.part, error.keys)
        if same not in self.findings:
            self.findings[same] = fault(metric.formula, error, metric.key, self, self.ledger)

    def _undefined(self, derivation: Derivation) -> Figure:
        return undefined_figure(derivation, self.formats, self.titles, self.done)

    def _keep(self, figure: Figure) -> None:
        """Keep a worked-out figure; a number typed in its place stands where it is undefined."""
        self.figures[figure.key] = figure
        fact = self.facts.facts.get(figure.key)
        if fact is not None and fact.value is not None:
            self._compare(figure, fact, fact.value)

    def _compare(self, figure: Figure, fact: Fact, typed: Quantity | str) -> None:
        if figure.value is None and isinstance(typed, Quantity):
            self.figures[figure.key] = fact_figure(fact, figure.title, self.formats)
        elif not agrees(figure, typed):
            self.findings[fact.span] = differs(figure, fact)

    def number(self, key: str) -> Operand | None:
        """Return the figure at `key`; one still to be worked out is noted and undefined."""
        figure = self.figures.get(key)
        if figure is not None:
            self._note_waiting(figure)
            return operand(figure)
        if self._is_derived(key):
            self.missing[key] = None
            return Operand(None)
        if key.startswith(PRIOR) and self._is_figure(key.removeprefix(PRIOR)):
            self._note_last_year()
            if self.lacks_last_year:
                self.waiting[key] = None
            return Operand(None)
        return None

    def _note_waiting(self, figure: Figure) -> None:
        """Note that what is being worked out looks at a figure that is to be filled in."""
        if figure.unfilled:
            self.waiting[figure.key] = None

    def _is_figure(self, key: str) -> bool:
        return key in self.figures or self._is_derived(key)

    def _is_derived(self, key: str) -> bool:
        return key in self.derivations or key in self.scores

    def text(self, key: str) -> str | None:
        """Return the text at `key`: a fact, or the word of a graded figure."""
        derivation = self.derivations.get(key)
        if derivation is not None and derivation.metric.grades and key not in self.figures:
            self.missing[key] = None
        if key in self.figures:
            self._note_waiting(self.figures[key])
        return self.done.text(key)

    def rows(self, key: str) -> tuple[str, ...] | None:
        """Return the row ids of the table at `key`; last year's need not be there."""
        rows = self.done.rows(key)
        if rows is not None and key.startswith(PRIOR):
            self._note_last_year()
        if key in self.unfilled and not rows:
            self.waiting[key] = None
        return rows

    def values(self, key: str) -> tuple[str, ...]:
        """Return the texts that are declared for the column `key`."""
        return self.done.values(key)

    def near(self, key: str) -> str:
        """Return known keys like `key`."""
        if not self.hints:
            return "—"
        known = {**self.facts.facts, **self.derivations, **self.scores, **self.facts.tables}
        return nearest(key, known)

    def _note_last_year(self) -> None:
        """Warn once where a formula looks for last year and there is none."""
        if self.last is None and "F111" not in self.findings:
            year = self.facts.year - 1
            span, subject = self._looking_back()
            self.findings["F111"] = finding("F111", span, subject=subject, year=year)

    def _looking_back(self) -> tuple[SourceSpan, str]:
        """Return where the formula being worked out names last year, and whose formula it is."""
        derivation = self.derivations.get(self.working)
        if derivation is None or derivation.expression is None:
            return self.scores[self.working].scoring.span, self.working
        expression, key = derivation.expression, derivation.metric.key
        context = derivation.context(self)
        for name in every_name(expression.tree):
            if context.full(name.key).startswith(PRIOR):
                return expression.span_of(name), key
        return expression.span_of(None), key


def _unfilled(facts: Facts, last: Ledger | None) -> dict[str, Unfilled]:
    """Return what is to be filled in; of last year, where it is there, what its ledger says."""
    if last is None:
        return dict(facts.unfilled)
    own = {key: each for key, each in facts.unfilled.items() if not is_of_last_year(key)}
    return {**own, **last.unfilled}


def _cycle(needed: Iterable[str], begun: Mapping[str, None]) -> list[str]:
    """Return the keys from the first needed one that was begun on; none if there is none."""
    for key in needed:
        if key in begun:
            keys = list(begun)
            return keys[keys.index(key) :]
    return []
